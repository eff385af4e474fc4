"""Workshops at the edge: without orders, without people, with one week, closed, new. Each reads sensibly."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update

from core.locale import translator
from core.people import queries as people_queries
from core.store.database import Database
from core.store.schema import Community, Order, Placement, WeeklyOutput, Workshop, WorkshopWeek
from core.terms import Light
from core.workshops import figures
from core.workshops.figures import load_text, weekly_load_chart
from core.workshops.forecast import forecast
from core.workshops.roster import week_roster
from core.workshops.states import WorkshopState, pay_table, workshop_states
from core.workshops.transfers import absorption
from tests.core.workshops.factories import TODAY, fill
from tests.core.workshops.test_states import workshop_rows

EN = translator("en")
EDGE = 2  # id of the workshop that is put at the edge


def state_of(db: Database, key: int = EDGE) -> WorkshopState:
    return next(s for s in workshop_states(workshop_rows(db), TODAY) if s.key == key)


def draw_everything(db: Database, state: WorkshopState) -> None:
    """Every chart and table of the page can be made."""
    assert state.load is not None
    assert weekly_load_chart(state, TODAY, 26, EN).to_dict()
    assert figures.feasibility_chart(state.load, None, EN).to_dict()
    assert figures.load_bar(state.load.ratio).to_dict()
    assert all(figures.history_chart(state, m, 26, EN).to_dict() for m in figures.MEASURES)
    pay_table(state)
    with db.read() as c:
        week_roster(state, people_queries.intentions(c), people_queries.person_skills(c))


def test_without_orders_people_have_a_light_of_their_own_and_no_load(db: Database) -> None:
    fill(db)
    with db.write() as session:
        session.execute(delete(Order).where(Order.workshop_id == EDGE))
    state = state_of(db)
    assert state.load is not None
    assert state.is_idle
    assert not state.is_dormant
    assert (load_text(state.load, EN), state.load.light, state.bottleneck) == ("–", None, None)
    draw_everything(db, state)


def test_without_people_orders_are_late_and_nobody_is_named_as_the_reason(db: Database) -> None:
    fill(db)
    with db.write() as session:
        session.execute(delete(Placement).where(Placement.workshop_id == EDGE))
        session.execute(
            update(WorkshopWeek).where(WorkshopWeek.workshop_id == EDGE).values(on_roll=0, attendances=0, hours=0)
        )
    state = state_of(db)
    assert state.load is not None
    assert state.capacity is not None
    assert (state.on_roll, load_text(state.load, EN), state.load.light) == (0, "nobody", Light.RED)
    assert state.load.is_unstaffed
    assert not state.is_idle
    assert not state.is_dormant
    assert state.capacity.needed > 0
    assert all(order.late_days is None for order in state.load.orders)
    draw_everything(db, state)


def test_one_week_of_reports_is_enough_for_pay_and_load_and_too_little_for_an_interval(db: Database) -> None:
    fill(db, weeks=1)
    state = state_of(db)
    assert state.pace is not None
    assert state.pay is not None
    assert (state.pace.weeks, state.pay.total.weeks, state.pace.spread) == (1, 1, None)
    assert state.pay.total.per_hour == pytest.approx(21.5)
    good = figures.weekly_series(state, "good", TODAY)["value"].tolist()
    assert len(good) == 1
    assert forecast(good).low is None
    draw_everything(db, state)


def closed(db: Database) -> None:
    """A workshop that ended in May: its people left, its orders are closed, its reports stop; the last still names 11."""
    fill(db)
    with db.write() as session:
        last = date(2025, 5, 26)
        late = session.query(WorkshopWeek.id).filter(WorkshopWeek.workshop_id == EDGE, WorkshopWeek.week > last)
        session.execute(delete(WeeklyOutput).where(WeeklyOutput.workshop_week_id.in_(late.scalar_subquery())))
        session.execute(delete(WorkshopWeek).where(WorkshopWeek.workshop_id == EDGE, WorkshopWeek.week > last))
        session.execute(update(Placement).where(Placement.workshop_id == EDGE).values(ended_on=last))
        session.execute(delete(Order).where(Order.workshop_id == EDGE))


def test_a_closed_workshop_offers_no_seats_and_keeps_no_ghosts_on_the_roll(db: Database) -> None:
    closed(db)
    state = state_of(db)
    assert state.is_dormant
    assert not state.is_idle
    assert (state.on_roll, state.reported_roll) == (0, None)
    assert not state.is_underpaid  # what it paid in spring says nothing of today
    states = workshop_states(workshop_rows(db), TODAY)
    whole = absorption(states)
    assert whole is not None
    assert whole.stations == 24  # of three workshops with 12 each
    draw_everything(db, state)


def test_a_workshop_that_opened_yesterday_is_new_not_closed(db: Database) -> None:
    fill(db)
    with db.write() as session:
        home = session.query(Community).first()
        session.add(Workshop(name="新微工厂", community_id=home.id, opened_on=TODAY - timedelta(1), stations=8))
    state = next(s for s in workshop_states(workshop_rows(db), TODAY) if s.name == "新微工厂")
    assert not state.is_dormant
    assert not state.is_idle
    assert state.pay is None
    assert state.capacity is not None
    assert state.capacity.seats > 0
    draw_everything(db, state)
