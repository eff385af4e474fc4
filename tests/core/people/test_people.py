"""People: masking, the pool table and its filters, the profile, and changes to a record."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.locale import translator
from core.people import commands, pool, profile, queries
from core.people.masking import mask_name, mask_phone
from core.policy import Action
from core.store.commands import Conflict, command
from core.store.database import Database
from core.store.schema import Community, Person, PersonStateSpell
from core.terms import CommunityKind, MeasureKind, PersonState, PlanStatus, SkillDomain, VisitMode
from tests.accesses import dispatcher

TODAY = date(2025, 12, 28)
NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)
ZH, EN = translator("zh_CN"), translator("en")


@pytest.fixture
def people(db: Database) -> Database:
    """Three people: one waits for 100 days, one for 10, one works."""
    with command(db, actor=dispatcher("甲"), action=Action.EDIT_PERSON, at=NOW) as change:
        home = change.add(
            Community(code="370899000001", name="云锦社区", kind=CommunityKind.URBAN, lon=116.6, lat=35.3)
        )
        for name, since, state in (
            ("张晓明", date(2025, 9, 19), PersonState.SEEKING),
            ("李四", date(2025, 12, 18), PersonState.SEEKING),
            ("NA", date(2025, 1, 1), PersonState.EMPLOYED),
        ):
            person = change.add(Person(name=name, phone="19900000001", community_id=home))
            change.add(PersonStateSpell(person_id=person, since=since, state=state))
    return db


def pool_of(db: Database) -> pd.DataFrame:
    with db.read() as c:
        return pool.pool_table(
            queries.people(c, TODAY),
            queries.plans(c),
            queries.plan_measures(c),
            queries.visits(c),
            queries.person_skills(c),
            TODAY,
        )


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张晓明", "张*明"), ("李四", "李*"), ("欧阳修文", "欧**文"), ("王", "*"), (None, ""), ("NA", "N*")],
)
def test_a_masked_name_keeps_its_ends(name: str | None, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(alphabet=st.characters(exclude_categories=["Z", "C"]), min_size=2))
def test_no_masked_name_is_the_name(name: str) -> None:
    assert mask_name(name) != name or set(name[1:]) <= {"*"}


def test_a_masked_phone_keeps_first_three_and_last_four() -> None:
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("5371234") == "*****34"
    assert mask_phone(None) == ""


def test_the_pool_lists_those_who_wait_longest_first(people: Database) -> None:
    table = pool_of(people)

    assert list(table["name"]) == ["张晓明", "李四", "NA"]
    assert list(table["days_waiting"].dropna()) == [100, 10]
    assert table["skills"].tolist() == [0, 0, 0]


def test_filters_say_themselves_in_words(people: Database) -> None:
    table = pool_of(people)
    chosen = pool.filters(ZH, state=PersonState.SEEKING, community=(1, "云锦社区"), waiting_days=30, without_plan=True)

    rows = pool.apply(table, chosen)

    assert list(rows["name"]) == ["张晓明"]
    assert pool.describe(ZH, chosen, 1) == "1 人：求职中；住在云锦社区；等待 30 天及以上；没有执行中的计划"
    assert pool.describe(EN, pool.filters(EN), 3) == "3 people: everyone"


@pytest.mark.parametrize(
    ("search", "fits"),
    [("张", True), ("张*明", True), (" 张晓明 ", True), ("张大明", True), ("晓", False), ("张晓", False), ("1", True)],
)
def test_search_fits_what_is_shown_of_a_name(people: Database, search: str, fits: bool) -> None:
    assert ("张晓明" in list(pool.apply(pool_of(people), pool.filters(ZH, search=search))["name"])) == fits


@given(name=st.text("张王晓明大", min_size=2, max_size=4), text=st.text("张王晓明大*1390", max_size=11))
def test_two_people_who_are_shown_alike_are_searched_alike(name: str, text: str) -> None:
    """Whatever is searched, the answer follows from the masked name, the masked phone and the number alone."""
    other = name[0] + "某" * (len(name) - 2) + name[-1] if len(name) > 2 else name[0] + "某"
    one, two = (
        pd.DataFrame({"id": [7], "name": [n], "phone": [p]}) for n, p in ((name, "13900001390"), (other, "13911111390"))
    )

    assert list(pool.matches(one, text, phones=True)) == list(pool.matches(two, text, phones=True))


def test_search_takes_special_characters_literally(people: Database) -> None:
    assert pool.apply(pool_of(people), pool.filters(ZH, search=".*")).empty


def test_skills_and_hardship_filter_by_the_ids_that_qualify(people: Database) -> None:
    chosen = pool.filters(EN, domain=(SkillDomain.CRAFT, {2}))

    assert list(pool.apply(pool_of(people), chosen)["id"]) == [2]
    assert chosen[0].sentence == "skilled in craft"


def test_an_edit_changes_the_record_and_its_version(people: Database) -> None:
    commands.edit_person(people, 1, {"phone": "19900000009"}, version=1, actor=dispatcher("甲"), at=NOW, today=TODAY)

    with people.read() as connection:
        fields = queries.editable(connection, 1)
    assert (fields["phone"], fields["version"]) == ("19900000009", 2)


def test_what_documents_say_is_not_edited_by_hand(people: Database) -> None:
    with pytest.raises(ValueError, match="birth_date"):
        commands.edit_person(people, 1, {"birth_date": TODAY}, version=1, actor=dispatcher("甲"), at=NOW, today=TODAY)


def test_an_edit_may_carry_what_the_person_wants(people: Database) -> None:
    for pay in (2500.0, 2600.0):
        with people.read() as connection:
            version = queries.editable(connection, 1)["version"]
        commands.edit_person(
            people, 1, {}, version=version, intention={"reserve_pay": pay}, actor=dispatcher("甲"), at=NOW, today=TODAY
        )

    with people.read() as connection:
        wants = queries.intentions(connection)
        occupations = pd.DataFrame(columns=["code", "name_zh", "name_en"])
    assert wants["reserve_pay"].tolist() == [2600.0]
    assert profile.wants(ZH, wants, occupations, 1) == {"月薪（元）": "2,600", "登记日期": "2025年12月28日"}


def test_the_second_editor_is_told(people: Database) -> None:
    commands.edit_person(people, 1, {"note": "甲"}, version=1, actor=dispatcher("甲"), at=NOW, today=TODAY)

    with pytest.raises(Conflict) as caught:
        commands.edit_person(people, 1, {"note": "乙"}, version=1, actor=dispatcher("乙"), at=NOW, today=TODAY)

    assert caught.value.theirs == {"note": "甲"}


def test_a_change_of_state_begins_a_spell(people: Database) -> None:
    commands.change_state(people, 1, PersonState.EMPLOYED, since=TODAY, actor=dispatcher("甲"), at=NOW)
    commands.change_state(people, 1, PersonState.UNREACHABLE, since=TODAY, actor=dispatcher("甲"), at=NOW)

    with people.read() as connection:
        spells = queries.state_spells(connection).query("person_id == 1")
    assert spells["state"].tolist() == ["seeking", "unreachable"]


def test_a_second_visit_on_a_day_completes_the_first(people: Database) -> None:
    for needs in ("想学钩织", "想学钩织，下午有空"):
        commands.record_visit(
            people,
            1,
            visited_on=TODAY,
            mode=VisitMode.DOOR,
            needs=needs,
            next_on=date(2026, 1, 28),
            actor=dispatcher("甲"),
            at=NOW,
        )

    with people.read() as connection:
        visits = queries.visits(connection)
    assert visits["needs"].tolist() == ["想学钩织，下午有空"]


def test_steps_are_added_to_the_live_plan_and_finished_once(people: Database) -> None:
    for kind in (MeasureKind.TRAINING, MeasureKind.RECOMMENDATION):
        commands.add_plan_step(people, 1, kind=kind, text="", due_on=TODAY, today=TODAY, actor=dispatcher("甲"), at=NOW)
    with people.read() as connection:
        steps = queries.plan_measures(connection)
    assert steps["step"].tolist() == [1, 2]
    assert steps["plan_id"].nunique() == 1

    commands.finish_step(people, int(steps["id"][0]), version=1, done_on=TODAY, actor=dispatcher("甲"), at=NOW)

    table = pool_of(people).set_index("id")
    assert table.loc[1, "plan"] == "live"
    assert table.loc[1, "readiness"] == 0.5
    with pytest.raises(Conflict):
        commands.finish_step(people, int(steps["id"][0]), version=1, done_on=TODAY, actor=dispatcher("乙"), at=NOW)


def test_the_timeline_tells_everything_in_order(people: Database) -> None:
    commands.record_visit(
        people,
        1,
        visited_on=date(2025, 10, 1),
        mode=VisitMode.DOOR,
        needs="",
        next_on=None,
        actor=dispatcher("甲"),
        at=NOW,
    )
    commands.change_state(people, 1, PersonState.EMPLOYED, since=date(2025, 11, 1), actor=dispatcher("甲"), at=NOW)
    with people.read() as c:
        empty = pd.DataFrame(columns=["person_id"])
        history = profile.History(
            queries.state_spells(c), queries.welfare_posts(c), queries.visits(c), queries.enrolments(c), queries.plan_measures(c),
            empty, empty, queries.person_skills(c), queries.skills(c),
        )  # fmt: skip

    timeline = profile.timeline(ZH, history, 1, TODAY)

    assert timeline["what"].tolist() == ["求职中", "上门 · 甲", "已就业"]
    assert timeline["end"].tolist()[0] == pd.Timestamp(2025, 11, 1)
    assert timeline["end"].tolist()[2] == pd.Timestamp(TODAY)
    assert profile.skill_profile(ZH, history, 1).empty


@pytest.mark.parametrize(
    ("older", "newer", "current"),
    [
        (PlanStatus.DONE, PlanStatus.LIVE, 2),
        (PlanStatus.LIVE, PlanStatus.DROPPED, 1),
        (PlanStatus.LIVE, PlanStatus.LIVE, 2),
        (PlanStatus.DONE, PlanStatus.DROPPED, 2),
    ],
)
def test_of_plans_that_overlap_the_newest_live_one_counts(older: PlanStatus, newer: PlanStatus, current: int) -> None:
    plans = pd.DataFrame(
        {
            "id": [1, 2],
            "person_id": [7, 7],
            "made_on": pd.to_datetime(["2025-01-10", "2025-06-10"]),
            "status": [older.value, newer.value],
        }
    )

    assert list(pool.current_plans(plans, TODAY)["id"]) == [current]
