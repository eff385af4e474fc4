"""People without orders beside late orders: what may move, and how stations, people and free seats fit together."""

from __future__ import annotations

import math

import pytest

from core.locale import translator
from core.store.database import Database
from core.store.schema import Order, PersonSkill
from core.workshops.load import compute_load
from core.workshops.states import WorkshopRows, WorkshopState, workshop_states
from core.workshops.transfers import OrderTransfer, PeopleTransfer, absorption, transfers
from tests.core.workshops.factories import TODAY, fill
from tests.core.workshops.test_states import workshop_rows

# The second workshop (11 people) makes about 325 dolls in 10 days: 380 owed by then, and 480 more two weeks later, are late.
LATE = 400


@pytest.fixture
def rows(db: Database) -> WorkshopRows:
    fill(db, workshops=2)
    with db.write() as session:
        for order in session.query(Order).filter_by(code="O10"):
            order.pieces = LATE
    return workshop_rows(db)


@pytest.fixture
def states(rows: WorkshopRows) -> list[WorkshopState]:
    return workshop_states(rows, TODAY)


def test_only_the_workshop_with_people_and_no_orders_is_idle(states: list[WorkshopState]) -> None:
    assert {s.name: s.is_idle for s in states} == {"微工厂1": False, "微工厂0": True}
    late = states[0].load
    assert late is not None
    assert late.late


def test_orders_that_move_are_made_in_time_and_make_fewer_late(rows: WorkshopRows, states: list[WorkshopState]) -> None:
    late, idle = states
    moved = next(t for t in transfers(rows, states, TODAY) if isinstance(t, OrderTransfer))
    assert (moved.idle, moved.late) == (idle, late)
    assert late.load is not None
    assert idle.load is not None
    assert len(moved.after.late) < len(late.load.late)
    kept = {o.order.code for o in moved.after.orders}
    assert kept | {o.code for o in moved.orders} == {o.order.code for o in late.load.orders}
    assert not kept & {o.code for o in moved.orders}
    hosting = compute_load(idle.load.inputs.__class__(idle.load.inputs.sites, idle.load.inputs.groups,
                                                      idle.load.inputs.first_pass, moved.orders), TODAY)  # fmt: skip
    assert not hosting.late
    by_hand = sum(o.remaining * o.minutes / 60 for o in moved.orders) / idle.load.inputs.first_pass
    assert moved.hours == pytest.approx(by_hand)


def test_people_move_no_more_than_there_are_or_than_there_are_seats(
    rows: WorkshopRows, states: list[WorkshopState]
) -> None:
    late, _ = states
    people = next(t for t in transfers(rows, states, TODAY) if isinstance(t, PeopleTransfer))
    assert late.load is not None
    assert late.capacity is not None
    assert 0 < people.people <= min(9, late.capacity.seats)  # one of ten works at home
    assert people.skilled == people.people  # all of them sew
    assert len(people.after.late) < len(late.load.late)


def test_orders_stay_where_nobody_else_can_make_them(db: Database, rows: WorkshopRows) -> None:
    idle_people = rows.roll.loc[rows.roll["workshop_id"] == 1, "person_id"].tolist()
    with db.write() as session:
        session.query(PersonSkill).filter(PersonSkill.person_id.in_(idle_people)).update({"level": 1})
    fresh = workshop_rows(db)
    empty = fresh.outputs[fresh.outputs["workshop_id"] != 1]  # and they made none of it lately
    fresh = WorkshopRows(**{**fresh.__dict__, "outputs": empty})
    proposals = transfers(fresh, workshop_states(fresh, TODAY), TODAY)
    assert not any(isinstance(t, OrderTransfer) for t in proposals)
    assert all(t.skilled == 0 for t in proposals if isinstance(t, PeopleTransfer))


def test_proposals_read_in_both_languages(rows: WorkshopRows, states: list[WorkshopState]) -> None:
    for lang in ("en", "zh_CN"):
        for proposal in transfers(rows, states, TODAY):
            text = proposal.sentence(translator(lang))
            assert proposal.idle.name in text
            assert "{" not in text


def test_free_seats_are_free_station_hours_over_one_persons_week(states: list[WorkshopState]) -> None:
    """Two workshops of 12 stations × 10 shifts × 3.5 h = 840 station-h; 9 and 10 people on site, two at home."""
    whole = absorption(states)
    assert whole is not None
    assert (whole.stations, whole.station_hours, whole.on_site, whole.at_home) == (24, 840, 19, 2)
    by_hand = 0
    for state in states:
        assert state.pace is not None
        assert state.load is not None
        week = state.pace.full_week * state.pace.shift_hours
        on_site = state.on_roll - 1
        by_hand += math.floor((420 - on_site * week) / week)
    assert whole.seats == by_hand
    assert whole.free_hours == pytest.approx(840 - whole.rostered)
    text = whole.sentence(translator("zh_CN"))
    assert "24个工位" in text
    assert f"还可容{by_hand}人" in text
    assert absorption([]) is None
