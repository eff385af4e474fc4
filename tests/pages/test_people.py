"""The pool and the page of one person."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.people import queries
from core.store.database import Database
from core.store.schema import AuditEvent
from core.terms import PersonState

Open = Callable[..., AppTest]


def button(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def test_opening_the_form_of_a_record_shows_it_in_full_and_is_recorded(writable: Open, sample_copy: Database) -> None:
    at = button(writable("people", person="900"), "更正资料")

    boxes = {box.label: box.value for box in at.text_input}
    assert "*" not in boxes["姓名"] + boxes["联系电话"]
    with sample_copy.read() as connection:
        event = connection.execute(select(AuditEvent).order_by(AuditEvent.id.desc())).mappings().first()
    assert event is not None
    assert (event["entity_id"], event["after"]["purpose"]) == ("900", "correct")
    assert "\\*" in at.title[0].value


def test_a_watch_is_a_filter_that_title_boxes_and_order_follow_and_that_can_be_removed(sample: Open) -> None:
    at = sample("people", watch="overdue_visits")
    listed = at.dataframe[0].value

    assert at.title[0].value == f"{len(listed)} 人：约定走访超期"
    assert at.selectbox(key="filter_state").value is None
    assert listed["起始日期"].is_monotonic_increasing

    at.button(key="filter_watch").click()
    at = at.run()

    assert "watch" not in at.query_params
    assert at.selectbox(key="filter_state").value is PersonState.SEEKING
    assert at.title[0].value == f"{len(at.dataframe[0].value)} 人：求职中"
    assert len(at.dataframe[0].value) > len(listed)


def test_a_filter_left_open_stays_open_in_the_address(sample: Open) -> None:
    at = sample("people")
    at.selectbox(key="filter_state").set_value(None)
    at = at.run()

    assert at.query_params["state"] == "all"
    assert sample("people", state="all").selectbox(key="filter_state").value is None


def test_an_unknown_watch_is_no_filter(sample: Open) -> None:
    at = sample("people", watch="nothing_of_the_kind")

    assert at.selectbox(key="filter_state").value is PersonState.SEEKING
    assert "watch" not in at.query_params


def test_the_form_of_a_visit_is_filled_with_what_is_known(writable: Open, sample_copy: Database) -> None:
    with sample_copy.read() as connection:
        wishes = queries.intentions(connection)
    known = wishes[wishes["reserve_pay"].notna() & wishes["available_days"].notna()].iloc[0]

    at = button(writable("people", person=str(known["person_id"])), "登记走访")

    assert not at.exception
    pay = next(box for box in at.number_input if box.label == "最低薪酬（元/月）")
    days = next(pills for pills in at.button_group if pills.label == "可工作日")
    assert pay.value == known["reserve_pay"]
    assert sorted(days.value) == [n for n, mark in enumerate(known["available_days"]) if mark == "1"]
