"""Recruitment events on the screen: recorded by form, an intent by name, a recommendation by a click."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.jobs import queries
from core.store.database import Database
from core.store.schema import Event, EventIntent, Job
from core.terms import AccountRole
from tests.accesses import acting

Open = Callable[..., AppTest]


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def test_an_event_is_added_by_form_and_its_intents_listed_by_name(writable: Open, sample_copy: Database) -> None:
    at = writable("events")
    next(box for box in at.text_input if box.label == "名称").set_value("年末专场")
    at = press(at, "保存")

    assert at.title[0].value == "年末专场"
    event = int(at.query_params["event"])
    with sample_copy.read() as connection:
        job = next(
            row
            for row in connection.execute(select(Job.id, Job.employer_id).where(Job.status == "open").order_by(Job.id))
            if queries.seats_left(connection, row.id) > 0
        )
        assert connection.scalar(select(Event.name).where(Event.id == event)) == "年末专场"
    people = next(box for box in at.selectbox if box.label == "姓名")
    people.select(people.options[0])
    openings = next(box for box in at.selectbox if box.label.startswith("岗位"))
    openings.select(next(option for option in openings.options if option.endswith(f"{job.id}")))
    at = next(b for b in at.button if b.form_id == f"events_intent_{event}").click().run()

    assert not at.exception
    with sample_copy.read() as connection:
        intent = connection.execute(select(EventIntent.job_id, EventIntent.referral_id)).one()
    assert tuple(intent) == (job.id, None)
    shown = at.dataframe[0].value.iloc[0]
    assert "*" in shown.iloc[0]
    leader = writable("events", event=str(event), who=acting(AccountRole.LEADER))
    assert not any(button.label in ("登记意向", "推荐") for button in leader.button)


def test_what_brings_starts_says_which_cannot_be_told_apart(sample: Open) -> None:
    at = sample("events", part="yield")

    assert not at.exception
    table = at.dataframe[0].value
    assert len(table) > 10
    assert any("–" in ranks for ranks in table["可能名次"])
