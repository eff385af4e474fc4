"""Training on the screen: a session from its plan to its sheet, and what the sheet changes elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.indicators.facts import load
from core.indicators.registry import measure
from core.policy import Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import CourseSession, Enrolment, PersonSkill
from core.terms import AccountRole, EnrolmentResult, Evidence
from core.training.commands import plan_session
from tests.accesses import acting, caseworker, dispatcher
from tests.conftest import NOW

Open = Callable[..., AppTest]
TODAY = date(2025, 12, 28)


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if label in button.label).click()
    return at.run()


def ended_session(db: Database, people: list[int]) -> int:
    with command(db, actor=dispatcher(), action=Action.PLAN_SESSION, at=NOW) as change:
        return plan_session(
            change,
            course_id=1,
            community_id=1,
            starts_on=TODAY - timedelta(days=20),
            ends_on=TODAY - timedelta(days=10),
            people=people,
            hours=40,
        )


def newcomers(db: Database) -> list[int]:
    """Three holders of welfare posts without the skill that course 1 teaches."""
    with db.read() as connection:
        facts = load(connection)
    able = facts.person_skills.loc[facts.person_skills["skill"] == "K35", "person_id"]
    holders = facts.posts["person_id"].drop_duplicates()
    return [int(person) for person in holders[~holders.isin(able)].head(3)]


def test_a_saved_sheet_stands_in_the_timeline_and_in_the_coverage(writable: Open, sample_copy: Database) -> None:
    people = newcomers(sample_copy)
    session = ended_session(sample_copy, people)

    def skills_per_person() -> float:
        with sample_copy.read() as connection:
            return float(measure(load(connection), "skills_per_person", TODAY).value or 0)

    before = skills_per_person()
    at = press(writable("training", session=str(session)), "登记出勤与结果")
    at.toggle(key="training_fill").set_value(True)
    at = at.run()
    at.selectbox(key="training_fill_certificate").set_value(Evidence.SPECIAL_ABILITY)
    at = press(at.run(), "保存登记表")

    assert not at.exception
    with sample_copy.read() as connection:
        results = connection.execute(
            select(Enrolment.result, Enrolment.attended_hours).where(Enrolment.session_id == session)
        ).all()
        skills = connection.execute(
            select(PersonSkill.level, PersonSkill.evidence).where(
                PersonSkill.skill == "K35", PersonSkill.person_id.in_(people)
            )
        ).all()
    assert [tuple(row) for row in results] == [(EnrolmentResult.PASSED, 40.0)] * 3
    assert [tuple(row) for row in skills] == [(2, Evidence.SPECIAL_ABILITY)] * 3
    assert skills_per_person() == pytest.approx(before + 3 / 840)
    person = writable("people", person=str(people[0]))
    assert any("毛绒玩偶充棉整形培训" in str(table.value) for table in person.dataframe)


def test_a_session_is_planned_by_form_filled_from_a_list_and_cancelled(writable: Open, sample_copy: Database) -> None:
    at = writable("training")
    next(box for box in at.text_input if box.label == "地点").set_value("荷风社区中心广场")
    at = press(at, "保存")
    session = int(at.query_params["session"])
    people = next(box for box in at.multiselect if box.label == "求职人员")
    assert all("*" in option for option in people.options)
    people.select(people.options[0]).select(people.options[1])
    at = press(at, "报名")
    assert len(at.dataframe[0].value) == 2
    with sample_copy.read() as connection:
        row = connection.execute(select(CourseSession).where(CourseSession.id == session)).mappings().one()
    assert (row["capacity"], row["cancelled_on"]) == (30, None)

    at = press(at, "取消班次")
    with sample_copy.read() as connection:
        cancelled = connection.scalar(select(CourseSession.cancelled_on).where(CourseSession.id == session))
    assert cancelled == TODAY
    assert "已取消" in at.title[0].value


def test_the_numbers_of_the_commissioned_funnel_open_their_people(sample: Open) -> None:
    at = sample("training", part="commissioned")

    for label, n in (("**108**", 108), ("**34**", 34)):
        opened = press(sample("training", part="commissioned"), label)
        assert len(opened.dataframe[-1].value) == n
    assert at.title[0].value == "企业委培：结业108人，入职该企业34人"
    at = sample("training")
    assert "100.0%" in at.title[0].value
    assert "3.2" in at.title[0].value


def test_a_caseworker_records_but_does_not_plan_and_sees_the_own_people(writable: Open, sample_copy: Database) -> None:
    people = newcomers(sample_copy)
    session = ended_session(sample_copy, people)
    at = writable("training", session=str(session), who=caseworker(communities=(3,)))
    labels = [button.label for button in at.button]
    assert not any("取消班次" in label or "安排重复" in label for label in labels)
    assert any("登记出勤与结果" in label for label in labels)
    leader = writable("training", session=str(session), who=acting(AccountRole.LEADER))
    assert not any("登记出勤与结果" in button.label for button in leader.button)
