"""Agenda, decisions, closing: nothing gets lost on the way to the next meeting."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dispatch import meetings, queries
from core.dispatch.agenda import (
    AgendaItem,
    Outcome,
    agenda_of,
    as_json,
    carried_over,
    from_json,
    outcomes_at_closing,
)
from core.dispatch.meetings import MeetingClosed
from core.dispatch.slide_model import Slide
from core.store.commands import Conflict, NotFound
from core.store.database import Database
from tests.accesses import dispatcher
from tests.stores import NOW

WEEK = "2025-W52"
WHO: dict[str, Any] = {"actor": dispatcher("王芳"), "at": NOW}
CODES = st.lists(st.sampled_from("abcdefg"), unique=True)


def slides(codes: list[str]) -> list[Slide]:
    return [Slide(code, "part", f"finding {code}", "what now?", minutes=3) for code in codes]


@given(now=CODES, saved=CODES, carried=CODES)
def test_every_slide_is_on_the_agenda_once(now: list[str], saved: list[str], carried: list[str]) -> None:
    for stored in (None, [AgendaItem(code, 7, note="x") for code in saved]):
        agenda = agenda_of(slides(now), stored, dict.fromkeys(carried, "left over"))
        assert sorted(item.code for item in agenda) == sorted(now)
        if stored is not None:
            kept = [item.code for item in agenda if item.note == "x"]
            assert kept == [code for code in saved if code in now]
        elif now:
            assert agenda[0].code == now[0]
            rest = [item.is_carried for item in agenda[1:]]
            assert rest == sorted(rest, reverse=True)


@given(codes=CODES, decided=CODES, shown=CODES, dropped=CODES)
def test_what_was_neither_shown_nor_decided_moves_to_the_next_meeting(
    codes: list[str], decided: list[str], shown: list[str], dropped: list[str]
) -> None:
    items = [AgendaItem(code, 3, is_dropped=code in dropped) for code in codes]

    closed = outcomes_at_closing(items, set(decided), set(shown))

    assert all(item.outcome is not Outcome.OPEN for item in closed)
    assert set(carried_over(closed)) == set(codes) - set(decided) - set(shown) - set(dropped)
    assert from_json(as_json(closed)) == closed


def test_an_agenda_is_saved_and_a_second_editor_is_told(any_db: Database) -> None:
    first = [AgendaItem("actions", 8), AgendaItem("map", 4, note="带上图纸")]
    meetings.save_agenda(any_db, WEEK, first, version=None, **WHO)
    with any_db.read() as connection:
        stored = queries.meeting(connection, WEEK)
    assert stored is not None
    assert from_json(stored["agenda"]) == first

    meetings.save_agenda(any_db, WEEK, first[:1], version=stored["version"], **WHO)
    for version in (stored["version"], None):
        with pytest.raises(Conflict):
            meetings.save_agenda(any_db, WEEK, first, version=version, **WHO)
    with pytest.raises(ValueError, match="week"):
        meetings.save_agenda(any_db, "2025-53", first, version=None, **WHO)


def test_closed_minutes_take_nothing_more(any_db: Database) -> None:
    decision = meetings.decide(any_db, WEEK, "actions", "下周一前补齐走访", **WHO)
    wrong = meetings.decide(any_db, WEEK, "actions", "写错了", **WHO)
    meetings.withdraw_decision(any_db, wrong, **WHO)
    with pytest.raises(NotFound):
        meetings.withdraw_decision(any_db, wrong, **WHO)
    with pytest.raises(ValueError, match="text"):
        meetings.decide(any_db, WEEK, "actions", "  ", **WHO)
    with any_db.read() as connection:
        assert list(queries.decisions(connection)["text"]) == ["下周一前补齐走访"]

    items = outcomes_at_closing([AgendaItem("actions", 8), AgendaItem("map", 4)], {"actions"}, set())
    meetings.close_meeting(any_db, WEEK, items, version=None, **WHO)
    with any_db.read() as connection:
        stored = queries.meeting(connection, WEEK)
    assert stored is not None
    assert stored["closed_by"] == "王芳"
    assert carried_over(from_json(stored["agenda"])) == {"map": ""}
    for step in (
        lambda: meetings.decide(any_db, WEEK, "map", "x", **WHO),
        lambda: meetings.withdraw_decision(any_db, decision, **WHO),
        lambda: meetings.save_agenda(any_db, WEEK, items, version=stored["version"], **WHO),
        lambda: meetings.close_meeting(any_db, WEEK, items, version=stored["version"], **WHO),
    ):
        with pytest.raises(MeetingClosed):
            step()
