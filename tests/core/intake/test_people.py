"""Whom a row is about, what states follow, and what else a row brings along."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core.intake.commit import ImportRefused, commit_import
from core.intake.findings import Decision, RowStatus
from core.intake.planning.plan import Options
from core.intake.undo import undo_import
from core.locale import translator
from core.store.database import Database
from core.store.schema import (
    Employer,
    Job,
    JobSkill,
    Person,
    PersonStateSpell,
    Visit,
)
from core.terms import EmployerKind, PersonState, Registration, Sex
from tests.accesses import administrator
from tests.core.intake.files import (
    NOW,
    SEEKER,
    VISIT,
    codes,
    count,
    csv_bytes,
    done,
    id_number,
    make_communities,
    moved,
    planned,
    seeker,
    visit,
    xlsx_bytes,
)


def test_a_row_without_full_number_is_never_merged_without_a_decision(db: Database) -> None:
    done(db, csv_bytes([SEEKER, seeker(1)]))
    data = csv_bytes([VISIT, visit(1)])

    plan = planned(db, data)
    assert [row.status for row in plan.rows] == [RowStatus.REVIEW]
    assert plan.rows[0].candidates[0].by == "both"
    with pytest.raises(ImportRefused):
        commit_import(db, plan, administrator(), NOW)

    same = Options(decisions={2: Decision.SAME_PERSON})
    new = planned(db, data, Options(otherwise=Decision.NEW_PERSON))
    assert len([o for o in new.operations if o.table is Person and o.verb == "insert"]) == 1
    commit_import(db, planned(db, data, same), administrator(), NOW)

    assert (count(db, Person), count(db, Visit)) == (1, 1)
    again = planned(db, data)
    assert again.counts["same"] == 1  # nothing would change, so nothing has to be decided
    assert again.ready


def test_a_phone_or_number_that_differs_makes_another_person(db: Database) -> None:
    done(db, csv_bytes([SEEKER, seeker(1)]))

    other = planned(db, csv_bytes([VISIT, visit(1, **{"身份证号(后四位)": "0000"})]))

    assert [row.status for row in other.rows] == [RowStatus.NEW]


def test_two_fitting_people_are_both_shown_and_one_is_chosen(db: Database) -> None:
    twin = seeker(2, 姓名="求职者1", 联系电话="19900000001")
    done(db, csv_bytes([SEEKER, seeker(1), twin]))

    data = csv_bytes([VISIT, visit(1, **{"身份证号(后四位)": ""})])
    plan = planned(db, data)

    assert codes(plan) == [("review_person", 2, None)]
    assert [candidate.agreeing for candidate in plan.rows[0].candidates] == [("phone",), ("phone",)]
    assert codes(planned(db, data, Options(otherwise=Decision.SAME_PERSON))) == [("several_people", 2, None)]
    second = plan.rows[0].candidates[1].id
    done(db, data, Options(decisions={2: second}))
    with db.read() as connection:
        assert connection.execute(select(Visit.person_id)).scalars().all() == [second]
    assert planned(db, data).operations == ()  # the answer is remembered
    for_all = Options(otherwise=Decision.NEW_PERSON)
    assert planned(db, data, for_all).operations == ()  # and goes before an answer for all rows


def test_someone_first_met_without_number_gets_it_later_by_decision(db: Database) -> None:
    done(db, csv_bytes([VISIT, visit(1)]))
    data = csv_bytes([SEEKER, seeker(1)])
    assert planned(db, data).counts["review"] == 1

    done(db, data, Options(otherwise=Decision.SAME_PERSON))

    with db.read() as connection:
        assert len(connection.execute(select(Person.id_hash)).scalar_one()) == 64
    assert moved(planned(db, data)) == (0, 0)


def test_a_ledger_refuses_people_whom_nobody_knows(db: Database) -> None:
    data = csv_bytes(
        [("姓名", "身份证号", "联系电话", "状态", "起始日期"), ["张三", id_number(9), "", "求职中", "2025-03-01"]]
    )

    assert codes(planned(db, data)) == [("unknown_person", 2, None)]


def test_another_name_under_a_known_number_is_pointed_out(db: Database) -> None:
    done(db, csv_bytes([SEEKER, seeker(1)]))

    data = csv_bytes([SEEKER, seeker(1, 姓名="王五", 户口性质="乡村")])
    plan = planned(db, data)

    assert codes(plan) == [("other_name", 2, None)]
    assert [row.status for row in plan.rows] == [RowStatus.REVIEW]
    assert codes(planned(db, data, Options(decisions={2: Decision.NEW_PERSON}))) == [("other_name", 2, None)]
    for_all = planned(db, data, Options(otherwise=Decision.SAME_PERSON))
    assert [row.status for row in for_all.rows] == [RowStatus.REVIEW]  # an answer for all rows is not about numbers
    done(db, data, Options(decisions={2: Decision.SAME_PERSON}))
    with db.read() as connection:
        assert connection.execute(select(Person.name, Person.registration)).one() == ("求职者1", Registration.RURAL)


def test_sex_and_birth_follow_the_number_with_a_warning(db: Database) -> None:
    header = (*SEEKER, "性别", "出生年月")
    plan = planned(db, csv_bytes([header, [*seeker(1), "男", "1971-01"]]))

    assert [f.code for f in plan.findings] == ["id_sex", "id_birth"]
    assert plan.ready
    person = next(o for o in plan.operations if o.table is Person)
    assert (person.after["sex"], person.after["birth_date"]) == (Sex.FEMALE, date(1970, 6, 1))


# -- states, skills of jobs, places ------------------------------------------------------------------------

STATES = ("姓名", "身份证号", "联系电话", "状态", "起始日期")


def test_states_are_kept_as_changes_only(any_db: Database) -> None:
    done(any_db, csv_bytes([SEEKER, seeker(1, 登记日期="2025-03-10")]))  # seeking since then, as far as known
    name, number = seeker(1)[:2]
    states = [("求职中", "2025-03-01"), ("求职中", "2025-03-20"), ("已就业", "2025-04-01")]
    data = csv_bytes([STATES, *([name, number, "", state, day] for state, day in states)])

    batch = done(any_db, data)

    def spells() -> list[tuple[Any, ...]]:
        with any_db.read() as connection:
            statement = select(PersonStateSpell.since, PersonStateSpell.state).order_by(PersonStateSpell.since)
            return [tuple(row) for row in connection.execute(statement)]

    assert spells() == [(date(2025, 3, 1), PersonState.SEEKING), (date(2025, 4, 1), PersonState.EMPLOYED)]
    assert planned(any_db, data).operations == ()
    undo_import(any_db, batch, administrator(), NOW, reason="误传")
    assert spells() == [(date(2025, 3, 10), PersonState.SEEKING)]


OPENING = (
    "单位名称",
    "单位类型",
    "岗位名称",
    "招聘人数",
    "技能要求",
    "证书要求",
    "发布日期",
    "月薪下限(元)",
    "月薪上限(元)",
)


def test_an_opening_brings_its_employer_and_its_skills(any_db: Database) -> None:
    row = ["晴窗家政", "企业", "育婴员", 3, "育婴照护:3:必备、急救与心肺复苏:1", "育婴照护", "2025-03-01", 3000, 4000]
    data = xlsx_bytes([OPENING, row])

    batch = done(any_db, data)

    with any_db.read() as connection:
        assert connection.execute(select(Employer.name, Employer.kind)).one() == ("晴窗家政", EmployerKind.COMPANY)
        skills = connection.execute(
            select(JobSkill.skill, JobSkill.level, JobSkill.essential, JobSkill.certificate).order_by(JobSkill.skill)
        )
        assert [tuple(s) for s in skills] == [("K06", 3, True, True), ("K12", 1, False, False)]
    assert planned(any_db, data).operations == ()
    cleared = planned(any_db, xlsx_bytes([OPENING, [*row[:4], "清空", None, *row[6:]]]))
    assert [(o.verb, o.table) for o in cleared.operations] == [("delete", JobSkill)] * 2
    other = commit_import(any_db, cleared, administrator(), NOW)
    undo_import(any_db, other, administrator(), NOW, reason="误传")
    assert count(any_db, JobSkill) == 2
    undo_import(any_db, batch, administrator(), NOW, reason="误传")
    assert (count(any_db, Job), count(any_db, Employer)) == (0, 0)


def test_columns_that_contradict_each_other_are_both_named(db: Database) -> None:
    row = ["晴窗家政", "企业", "育婴员", 3, "", "", "2025-03-01", 5000, 4000]

    plan = planned(db, xlsx_bytes([OPENING, row]))

    assert codes(plan) == [("at_most", 2, "月薪下限(元)")]
    assert "5000" in plan.errors[0].message(translator())


def test_a_credit_code_has_one_owner(db: Database) -> None:
    header = ("单位名称", "统一社会信用代码", "岗位名称", "招聘人数", "发布日期")
    code = "91370899MA0DEM0004"
    done(db, csv_bytes([header, ["甲公司", code, "保洁员", "1", "2025-03-01"]]))

    plan = planned(db, csv_bytes([header, ["乙公司", code, "保洁员", "1", "2025-03-01"]]))

    assert codes(plan) == [("taken", 2, "统一社会信用代码")]


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [("35.4", "116.6", "position_swapped"), ("2.35", "48.85", "position_range"), ("121.5", "31.2", "position_far")],
)
def test_places_that_cannot_be_right_are_told(db: Database, lon: str, lat: str, code: str) -> None:
    make_communities(db)

    plan = planned(db, csv_bytes([(*SEEKER, "经度", "纬度"), [*seeker(1), lon, lat]]))

    assert codes(plan) == [(code, 2, "经度")]
