"""Nothing is written that was not shown, nothing newer is overwritten, and unlikely or contradictory rows are asked about."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, select

from core.intake.commit import ImportRefused, commit_import
from core.intake.findings import Decision, RowStatus
from core.intake.parsing.base import OneOf
from core.intake.planning.plan import ImportPlan, Options
from core.intake.planning.plausibility import IMPLAUSIBLE
from core.intake.planning.row_rules import ROW_RULES
from core.intake.sheets import SHEETS
from core.intake.undo import undo_import
from core.intake.wording import TABLE_NAMES, field_name, value_as_text
from core.locale import translator
from core.people.identity import name_key
from core.policy import Action
from core.store.commands import command, verify_audit
from core.store.database import Database
from core.store.schema import AuditEvent, Person, Visit, WelfarePost
from core.terms import Agreement, Education
from tests.accesses import administrator, dispatcher
from tests.core.intake.files import (
    NOW,
    SEEKER,
    VISIT,
    codes,
    contents,
    count,
    csv_bytes,
    done,
    id_number,
    make_communities,
    planned,
    seeker,
    shown,
    visit,
)

EDITED = datetime(2025, 3, 4, 20, 0, tzinfo=UTC)  # 5 March in the bureau

# -- every field is shown -------------------------------------------------------------------------------------


def written(db: Database, batch: int) -> Counter[tuple[str, str, Any]]:
    """(table, field, new value) of everything that a batch wrote, from the log of changes."""
    with db.read() as connection:
        events = connection.execute(
            select(AuditEvent.entity, AuditEvent.before, AuditEvent.after).where(
                AuditEvent.batch_id == batch, AuditEvent.entity.not_in(["import_batch", "header_mapping"])
            )
        ).all()
    return Counter(
        (entity, name, str((after or {}).get(name)))
        for entity, before, after in events
        for name in (after if after is not None else before)
        if name != "id" and not (before is None and after[name] is None)  # an empty field of a new row says nothing
    )


def test_a_new_visit_shows_what_it_changes_about_the_person(any_db: Database) -> None:
    make_communities(any_db)
    done(any_db, csv_bytes([(*SEEKER, "社区"), [*seeker(1), "荷风社区"]]))
    header = (*VISIT, "社区", "文化程度")
    row = [*visit(1, 联系电话="19912340000"), "莲塘社区", "大专"]

    plan = planned(any_db, csv_bytes([header, row]), Options(otherwise=Decision.SAME_PERSON))

    assert plan.counts["new"] == 1
    assert {(table.__tablename__, verb): n for (table, verb), n in plan.entity_counts.items()} == {
        ("person", "update"): 1,
        ("visit", "insert"): 1,
    }
    assert shown(plan) == {
        "联系电话": ("199****0001", "199****0000"),
        "文化程度": ("初中", "大专"),
        "社区": ("荷风社区", "莲塘社区"),
    }


@pytest.mark.slow
def test_what_every_sheet_writes_is_what_was_shown(sample_copy: Database) -> None:
    """Rows of each kind with other values: everything that lands in the log of changes was in the list of changes."""
    committed = 0
    for sheet in SHEETS.values():
        columns = [column for column in sheet.columns if column.is_stored and not column.code.startswith("id_")]
        examples = [[column.example for column in columns], [column.example for column in columns]]
        names = [column.code for column in columns]
        if "name" in names:
            examples[1][names.index("name")] = "新人一"
        plan = planned(
            sample_copy,
            csv_bytes([[column.header for column in columns], *examples]),
            Options(otherwise=Decision.NEW_PERSON, day=date(2026, 1, 5), confirmed=True),
            sheet.code,
        )
        tr = translator("en")
        for change in plan.changes:
            assert field_name(sheet.code, change.table, change.field, tr)
            assert value_as_text(change.table, change.field, change.new, plan.words, tr)
            assert change.table in TABLE_NAMES
        if not plan.ready or not plan.operations:
            continue

        batch = commit_import(sample_copy, plan, administrator(), NOW)

        committed += 1
        planned_fields = Counter((c.table.__tablename__, c.field) for c in plan.changes)
        logged = Counter[tuple[str, str]]()
        for (table, name, _), n in written(sample_copy, batch).items():
            logged[table, name] += n
        assert not planned_fields - logged, sheet.code
        columns_of = {table.__tablename__: table.__table__.c for table in TABLE_NAMES}
        defaults = set(logged - planned_fields)
        assert all(columns_of[table][name].default is not None for table, name in defaults), defaults
    assert committed >= 3


def test_every_field_of_every_sheet_has_a_name_in_both_languages() -> None:
    for sheet in SHEETS.values():
        for entity in sheet.entities:
            names = {*entity.key, *entity.refs, *entity.fixed, *entity.defaults, *entity.derived}
            names |= {t.field for c in sheet.columns for t in c.targets if t.entity == entity.name and t.field != "*"}
            for name in names:
                for lang in ("zh_CN", "en"):
                    assert field_name(sheet.code, entity.table, name, translator(lang))


# -- rules of the rows -----------------------------------------------------------------------------------------


def test_every_check_of_the_schema_has_a_message_for_a_row_or_a_parser_that_keeps_it() -> None:
    tables = {entity.table for sheet in SHEETS.values() for entity in sheet.entities}
    worded = {(table.__tablename__, rule.check) for table, rules in ROW_RULES.items() for rule in rules if rule.check}
    checks = set()
    for table in tables:
        for constraint in table.__table__.constraints:  # type: ignore[attr-defined]
            if isinstance(constraint, CheckConstraint) and " IN " not in str(constraint.sqltext):
                name = str(constraint.name).removeprefix(f"ck_{table.__tablename__}_")
                checks.add((table.__tablename__, name))
    assert checks == worded

    for sheet in SHEETS.values():  # a coded column takes its values from a parser of its terms
        for column in sheet.columns:
            for target in column.targets:
                table = next(e.table for e in sheet.entities if e.name == target.entity).__table__
                kind = table.c[target.field].type if target.field in table.c else None
                enum = getattr(kind, "enum_class", None)
                if enum is not None:
                    assert isinstance(column.parser, OneOf), (sheet.code, column.code)
                    assert column.parser.term is enum


OPENING = ("单位名称", "岗位名称", "招聘人数", "发布日期", "月薪下限(元)", "月薪上限(元)")
ORDER = ("订单编号", "微工厂名称", "产品编号", "订货数量", "已交数量", "接单日期", "交货日期", "完结日期")
POST = ("岗位类别(城镇/乡村)", "姓名", "身份证号", "协议/合同起始日", "协议/合同终止日", "退出日期", "退出原因")
WEEK = (
    "微工厂名称",
    "周次",
    "工位数",
    "在册人数",
    "本周出勤人次",
    "实际工时",
    "产品名称",
    "计划产量",
    "完成产量",
    "合格数",
    "返工数",
)


def test_a_new_upper_wage_below_the_stored_lower_one_is_named(any_db: Database) -> None:
    done(any_db, csv_bytes([OPENING, ["甲", "缝纫", "3", "2025-03-01", "3000", "4000"]]))

    plan = planned(any_db, csv_bytes([OPENING, ["甲", "缝纫", "3", "2025-03-01", "", "2500"]]))

    assert codes(plan) == [("at_most", 2, "月薪下限(元)")]
    assert (plan.errors[0].values["small"], plan.errors[0].values["large"]) == ("3000", "2500")


def workshop_rows(db: Database) -> tuple[str, str, str]:
    """A workshop with its product: name, product code, product name."""
    make_communities(db)
    done(
        db,
        csv_bytes(
            [
                ("微工厂名称", "社区", "启用日期", "工位数", "每周班次数"),
                ["荷风微工厂", "荷风", "2024-01-01", "10", "10"],
            ]
        ),
    )
    done(db, csv_bytes([("产品编号", "产品名称", "标准工时(分钟)", "计件单价(元)"), ["G01", "小熊", "25", "9.5"]]))
    return "荷风微工厂", "G01", "小熊"


@pytest.mark.parametrize(
    ("values", "code", "header"),
    [
        ({"已交数量": "150"}, "at_most", "已交数量"),
        ({"完结日期": "2025-02-01"}, "order", "完结日期"),
        ({"交货日期": "2025-02-01"}, "order", "交货日期"),
    ],
)
def test_an_order_that_contradicts_itself_is_named(
    any_db: Database, values: dict[str, str], code: str, header: str
) -> None:
    workshop, product, _ = workshop_rows(any_db)
    row = dict(zip(ORDER, ["D1", workshop, product, "100", "0", "2025-03-01", "2025-04-01", ""], strict=True)) | values

    assert codes(planned(any_db, csv_bytes([ORDER, list(row.values())]))) == [(code, 2, header)]


@pytest.mark.parametrize(("good", "reworked", "header"), [("70", "5", "合格数"), ("50", "61", "返工数")])
def test_more_good_or_reworked_pieces_than_made(any_db: Database, good: str, reworked: str, header: str) -> None:
    workshop, _, product = workshop_rows(any_db)

    plan = planned(
        any_db, csv_bytes([WEEK, [workshop, "2025-W10", "10", "9", "40", "140", product, "80", "60", good, reworked]])
    )

    assert codes(plan) == [("at_most", 2, header)]


def test_posts_of_one_person_must_not_overlap(any_db: Database) -> None:
    name, number = seeker(1)[:2]

    def post(start: str, end: str, left: str = "", reason: str = "") -> list[str]:
        return ["城镇", name, number, start, end, left, reason]

    done(any_db, csv_bytes([POST, post("2022-06-01", "2025-05-31", "2024-06-30", "本人辞职")]))
    follows = planned(any_db, csv_bytes([POST, post("2024-06-30", "2027-06-29")]))
    overlaps = planned(any_db, csv_bytes([POST, post("2024-06-01", "2027-05-31")]))
    within = planned(any_db, csv_bytes([POST, post("2024-07-01", "2027-05-31"), post("2025-01-01", "2027-12-31")]))

    assert follows.ready
    assert codes(overlaps) == [("overlap", 2, "协议/合同起始日")]
    assert codes(within) == [("overlap_in_file", 3, "协议/合同起始日")]


def test_a_reason_of_an_exit_needs_its_day(any_db: Database) -> None:
    name, number = seeker(1)[:2]

    plan = planned(any_db, csv_bytes([POST, ["城镇", name, number, "2022-06-01", "2025-05-31", "", "退休"]]))

    assert codes(plan) == [("needs", 2, "退出原因")]
    assert count(any_db, WelfarePost) == 0


# -- contradictions inside a file ---------------------------------------------------------------------------------


def test_two_lines_of_one_week_with_different_rolls_are_both_named(any_db: Database) -> None:
    workshop, _, product = workshop_rows(any_db)
    done(any_db, csv_bytes([("产品编号", "产品名称", "标准工时(分钟)", "计件单价(元)"), ["G02", "小兔", "20", "8"]]))
    rows = [
        [workshop, "2025-W10", "10", on_roll, "40", "140", name, "80", "60", "50", "5"]
        for on_roll, name in (("9", product), ("8", "小兔"))
    ]

    plan = planned(any_db, csv_bytes([WEEK, *rows]))

    assert codes(plan) == [("contradiction", 3, "在册人数")]
    assert plan.errors[0].values["first"] == 2


def test_two_visits_of_one_day_with_different_facts_contradict_and_of_two_days_the_later_counts(
    any_db: Database,
) -> None:
    done(any_db, csv_bytes([SEEKER, seeker(1)]))
    header = (*VISIT, "文化程度")

    def rows(day: str) -> bytes:
        return csv_bytes([header, [*visit(1), "高中"], [*visit(1, 走访日期=day, 诉求与困难="转班"), "大专"]])

    same = Options(otherwise=Decision.SAME_PERSON)
    assert [c for c, *_ in codes(planned(any_db, rows("2025-03-03"), same))] == ["contradiction"]
    later = planned(any_db, rows("2025-03-10"), same)
    assert [c.new for c in later.changes if c.field == "education"] == [Education.COLLEGE]


# -- names and people ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written_as", ["买买提·艾力", "买买提•艾力", "买买提・艾力", "买买提 · 艾力", "买买提．艾力"])
def test_spellings_of_one_name_are_one_person_and_the_first_spelling_stays(db: Database, written_as: str) -> None:
    done(db, csv_bytes([SEEKER, seeker(1, 姓名="买买提·艾力")]))

    plan = planned(db, csv_bytes([SEEKER, seeker(1, 姓名=written_as, 户口性质="乡村")]))

    assert name_key(written_as) == name_key("买买提·艾力")
    assert codes(plan) == []
    assert shown(plan) == {"户口性质": ("城镇", "乡村")}


def test_two_people_of_one_name_both_go_in_with_the_question_asked(any_db: Database) -> None:
    make_communities(any_db)
    header = ("姓名", "社区", "出生年月", "走访方式", "走访日期")
    rows = [
        ["王伟", "荷风社区", "1980-01", "上门", "2025-03-03"],
        ["王伟", "莲塘社区", "1990-02", "上门", "2025-03-03"],
    ]
    data = csv_bytes([header, *rows])

    plan = planned(any_db, data)

    assert [row.status for row in plan.rows] == [RowStatus.NEW, RowStatus.NEW]
    assert codes(plan) == [("same_name", 3, None)]
    facts = plan.rows[1].candidates[0].facts
    assert (facts["community"], facts["birth"]) == (Agreement.DIFFERS, Agreement.DIFFERS)
    done(any_db, data)
    assert (count(any_db, Person), count(any_db, Visit)) == (2, 2)
    assert planned(any_db, data).operations == ()


def test_a_name_alone_neither_merges_nor_is_registered_twice(any_db: Database) -> None:
    done(any_db, csv_bytes([SEEKER, seeker(1, 姓名="王伟")]))
    data = csv_bytes([("姓名", "走访方式", "走访日期"), ["王伟", "上门", "2025-03-03"]])

    plan = planned(any_db, data)

    assert codes(plan) == [("same_name", 2, None)]
    batch = done(any_db, data)
    assert count(any_db, Person) == 2
    assert planned(any_db, data).operations == ()
    undo_import(any_db, batch, administrator(), NOW, reason="误传")
    assert planned(any_db, data).counts["new"] == 1  # an undone answer is forgotten


@pytest.mark.parametrize("fact", ["出生年月", "社区"])
def test_a_name_with_birth_or_community_goes_to_review(any_db: Database, fact: str) -> None:
    make_communities(any_db)
    value = {"出生年月": "1980-01", "社区": "荷风社区"}[fact]
    done(any_db, csv_bytes([("姓名", fact, "走访方式", "走访日期"), ["王伟", value, "上门", "2025-03-03"]]))

    plan = planned(any_db, csv_bytes([("姓名", fact, "走访方式", "走访日期"), ["王伟", value, "电话", "2025-03-10"]]))

    assert [row.status for row in plan.rows] == [RowStatus.REVIEW]
    assert plan.rows[0].candidates[0].by == {"出生年月": "birth", "社区": "community"}[fact]


def test_a_number_under_another_sex_is_a_decision(any_db: Database) -> None:
    header = (*SEEKER, "性别")
    done(any_db, csv_bytes([header, [*seeker(1), "女"]]))
    data = csv_bytes([header, [*seeker(1, 文化程度="大专"), "男"]])

    plan = planned(any_db, data)

    assert [row.status for row in plan.rows] == [RowStatus.REVIEW]
    assert "other_sex" in [code for code, *_ in codes(plan)]
    assert shown(planned(any_db, data, Options(decisions={2: Decision.SAME_PERSON}))) == {"文化程度": ("初中", "大专")}


# -- older and newer ---------------------------------------------------------------------------------------------------


def test_an_older_fact_does_not_replace_a_newer_one_unless_ticked(any_db: Database) -> None:
    done(any_db, csv_bytes([SEEKER, seeker(1, 登记日期="2025-03-01")]))
    data = csv_bytes([SEEKER, seeker(1, 登记日期="2025-02-01", 户口性质="乡村", 文化程度="大专")])

    plan = planned(any_db, data)

    assert plan.operations == ()
    assert {(k.field, k.last.day, k.last.is_import) for k in plan.kept} == {
        ("registration", date(2025, 3, 1), True),
        ("education", date(2025, 3, 1), True),
    }
    education = next(kept.key for kept in plan.kept if kept.field == "education")
    ticked = planned(any_db, data, Options(replaced=frozenset({education})))
    assert [(c.field, c.new) for c in ticked.changes] == [("education", Education.COLLEGE)]


def test_a_later_edit_of_a_colleague_is_named(any_db: Database) -> None:
    done(any_db, csv_bytes([SEEKER, seeker(1, 登记日期="2025-03-01")]))
    with command(any_db, actor=dispatcher("王芳"), action=Action.EDIT_PERSON, at=EDITED) as change:
        change.edit(Person, 1, {"phone": "19987654321"})

    plan = planned(any_db, csv_bytes([SEEKER, seeker(1, 登记日期="2025-03-04")]))
    newer = planned(any_db, csv_bytes([SEEKER, seeker(1, 登记日期="2025-03-05")]))

    [kept] = plan.kept
    assert (kept.field, kept.last.actor, kept.last.day, kept.last.is_import) == (
        "phone",
        "王芳",
        date(2025, 3, 5),
        False,
    )
    assert [(c.field, c.new) for c in newer.changes] == [("phone", "19900000001")]


def test_the_day_of_a_fact_is_sealed_with_it(any_db: Database) -> None:
    done(any_db, csv_bytes([SEEKER, seeker(1, 登记日期="2025-03-01")]))

    with any_db.read() as connection:
        events = [dict(e) for e in connection.execute(select(AuditEvent.__table__).order_by(AuditEvent.id)).mappings()]
    person = next(event for event in events if event["entity"] == "person")
    assert person["stated_on"] == date(2025, 3, 1)
    assert verify_audit(events, any_db.key) is None
    person["stated_on"] = date(2025, 3, 2)
    assert verify_audit(events, any_db.key) == person["id"]


# -- unlikely values --------------------------------------------------------------------------------------------------------


def asked(plan: ImportPlan) -> list[tuple[str, int | None, str | None]]:
    return [(f.code, f.row, f.column) for f in plan.implausible]


def test_a_roll_and_hours_beyond_the_workshop_are_asked_about(any_db: Database) -> None:
    workshop, _, product = workshop_rows(any_db)

    def week(on_roll: str, hours: str) -> ImportPlan:
        return planned(
            any_db,
            csv_bytes([WEEK, [workshop, "2025-W10", "10", on_roll, "40", hours, product, "80", "60", "50", "5"]]),
        )

    assert asked(week("20", "1680")) == []  # 10 stations in two shifts a day; 84 hours each
    assert asked(week("21", "1700")) == [("roll_over_places", 2, "在册人数")]
    assert asked(week("20", "1681")) == [("hours_over_roll", 2, "实际工时")]


def test_an_order_beyond_a_year_is_confirmed_before_it_counts(any_db: Database) -> None:
    workshop, product, name = workshop_rows(any_db)
    weeks = [
        [workshop, f"2025-W{week:02d}", "10", "9", "40", "140", name, "80", "60", "50", "5"] for week in range(1, 11)
    ]
    done(any_db, csv_bytes([WEEK, *weeks]))

    def order(pieces: str, **options: Any) -> ImportPlan:
        row = ["D1", workshop, product, pieces, "0", "2025-03-10", "2025-04-01", ""]
        return planned(any_db, csv_bytes([ORDER, row]), Options(**options))

    assert order("600").ready  # ten weeks of 60 pieces
    large = order("601")
    assert asked(large) == [("order_over_year", 2, "订货数量")]
    with pytest.raises(ImportRefused):
        commit_import(any_db, large, administrator(), NOW)
    commit_import(any_db, order("601", confirmed=True), administrator(), NOW)
    assert order("601").operations == ()
    assert asked(order("601")) == []  # what is stored is not asked about again


def test_pay_far_above_the_median_and_ages_out_of_range_are_asked_about(any_db: Database) -> None:
    placed = ("姓名", "身份证号", "就业渠道", "入职日期", "月收入(元)")
    people = [seeker(n) for n in range(1, 5)]
    done(any_db, csv_bytes([SEEKER, *people]))
    rows = [[name, number, "社区岗位", "2025-01-01", "3000"] for name, number, *_ in people[:3]]
    done(any_db, csv_bytes([placed, *rows]))

    name, number = people[3][:2]
    high = planned(any_db, csv_bytes([placed, [name, number, "社区岗位", "2025-01-01", "15001"]]))
    assert asked(high) == [("pay_over_medians", 2, "月收入(元)")]
    child = [*seeker(9)]
    child[1] = id_number(9, date(2010, 6, 1))
    assert asked(planned(any_db, csv_bytes([SEEKER, child]))) == [("age_out_of_range", 2, "公民身份号码")]


def test_every_code_that_asks_has_its_words() -> None:
    from core.intake.findings import MESSAGES

    assert set(MESSAGES) >= IMPLAUSIBLE


# -- 同上, and one rule for cells that say nothing ---------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["同上", "〃", '"'])
def test_ditto_takes_the_value_above_where_it_may(db: Database, mark: str) -> None:
    make_communities(db)
    header = (*SEEKER, "社区")
    second = seeker(2, 户口性质=mark, 文化程度=mark, 登记日期=mark)

    plan = planned(db, csv_bytes([header, [*seeker(1, 户口性质="乡村", 文化程度="大专"), "荷风社区"], [*second, mark]]))

    people = [o.after for o in plan.operations if o.table is Person]
    assert people[0]["education"] is people[1]["education"] is Education.COLLEGE
    assert people[0]["community_id"] == people[1]["community_id"]
    assert Counter(f.code for f in plan.findings) == {"ditto": 4}


def test_ditto_is_refused_where_two_rows_never_agree_or_nothing_stands_above(db: Database) -> None:
    rows = [seeker(1, 户口性质="同上"), seeker(2, 姓名="同上", 公民身份号码="同上", 联系电话="〃")]

    plan = planned(db, csv_bytes([SEEKER, *rows]))

    assert [(f.code, f.row, f.column) for f in plan.errors] == [
        ("ditto_nothing_above", 2, "户口性质"),
        ("ditto_not_here", 3, "姓名"),
        ("ditto_not_here", 3, "公民身份号码"),
        ("ditto_not_here", 3, "联系电话"),
    ]


@pytest.mark.parametrize("nothing", ["", "/", "—", "-", "无", "暂无", "空"])
def test_a_cell_that_says_nothing_keeps_what_is_stored_in_every_column(db: Database, nothing: str) -> None:
    header = (*SEEKER, "困难类型", "工作经历", "期望月薪(元)")
    done(db, csv_bytes([header, [*seeker(1), "大龄", "缝纫", "3000"]]))

    plan = planned(
        db,
        csv_bytes(
            [header, [*seeker(1, 户口性质=nothing, 文化程度=nothing, 联系电话=nothing), nothing, nothing, nothing]]
        ),
    )

    assert plan.operations == ()
    assert re.fullmatch(r"[0-9a-f]{64}", plan.digest)
    assert contents(db)["hardship"]
