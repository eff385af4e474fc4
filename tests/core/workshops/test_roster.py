"""Orders decide the roster: no work, no shift; usual weeks before overtime; the same hours within a band; closed on holidays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from core.holidays import holiday_on, is_festival_week
from core.people import queries as people_queries
from core.store.database import Database
from core.store.schema import Product
from core.workshops.exact_search import propose
from core.workshops.roster import WeekRoster, home_work, place_of, shift_workers, week_after, week_roster
from core.workshops.staffing import SHIFTS, Place, Roster, Worker, cost, greedy
from core.workshops.states import WorkshopState, workshop_states
from tests.core.workshops.factories import TODAY, fill
from tests.core.workshops.roster_rules import violations
from tests.core.workshops.test_states import workshop_rows

WEEKDAY = (True,) * 10 + (False,) * 4


def worker(
    name: str, *, usual: int = 5, most: int = 8, is_leader: bool = True, available: Sequence[bool] = WEEKDAY
) -> Worker:
    """Someone who makes one standard shift in a shift."""
    return Worker(name, tuple(available), most, usual, 1.0, is_leader, (0.0,))


def both(places: Sequence[Place], workers: Sequence[Worker]) -> list[np.ndarray]:
    """The greedy table and the one proposed."""
    exact = propose(places, workers, 5)
    assert exact is not None
    return [greedy(places, workers), exact.table]


def shifts(table: np.ndarray) -> list[int]:
    return [int(n) for n in (table >= 0).sum(axis=1)]


def test_without_work_nobody_is_rostered() -> None:
    place = Place("no orders", 10, demand=0.0, max_shifts=10, work=0.0)
    for table in both([place], [worker(f"w{k}") for k in range(8)]):
        assert (table < 0).all()


def test_nobody_is_rostered_beyond_the_work_that_the_orders_hold() -> None:
    """Eight people would like 5 shifts each; the orders hold 6.5 standard shifts: 7 person-shifts and no more."""
    place = Place("p", 10, demand=2.0, max_shifts=10, work=6.5)
    workers = [worker(f"w{k}") for k in range(8)]
    for table in both([place], workers):
        assert sum(shifts(table)) == 7
        assert violations(table, [place], workers) == []


def test_a_little_work_still_takes_a_crew_of_three() -> None:
    place = Place("p", 10, demand=0.5, max_shifts=10, work=0.5)
    for table in both([place], [worker(f"w{k}") for k in range(5)]):
        assert sum(shifts(table)) == 3


def test_usual_weeks_come_before_anybodys_overtime() -> None:
    """20 shifts of demand and four usual weeks of 5: nobody works a sixth, although the first could work 8."""
    place = Place("p", 4, demand=20.0, max_shifts=10, work=100.0)
    for table in both([place], [worker(f"w{k}") for k in range(4)]):
        assert shifts(table) == [5, 5, 5, 5]


def test_overtime_is_shared_when_the_due_dates_need_it() -> None:
    """24 shifts of demand: four people work 6 each, not one 8 and another 5."""
    place = Place("p", 4, demand=24.0, max_shifts=10, work=100.0)
    for table in both([place], [worker(f"w{k}") for k in range(4)]):
        assert shifts(table) == [6, 6, 6, 6]


def test_scarce_work_is_shared_equally_within_a_band_and_in_proportion_between_bands() -> None:
    """14.5 standard shifts of work, 15 person-shifts, for usual weeks of 6, 6, 6 and 4, 4, 4 (30 in all): half of each week, 3 and 2 shifts."""
    place = Place("p", 6, demand=0.0, max_shifts=10, work=14.5)
    workers = [worker(f"full{k}", usual=6, most=11) for k in range(3)] + [
        worker(f"part{k}", usual=4, most=6) for k in range(3)
    ]
    for table in both([place], workers):
        assert shifts(table) == [3, 3, 3, 2, 2, 2]


def test_greater_unfairness_costs_more() -> None:
    place = Place("p", 10, demand=0.0, max_shifts=10)
    workers = [worker("a"), worker("b")]
    even, uneven = np.full((2, SHIFTS), -1), np.full((2, SHIFTS), -1)
    even[:, :3] = 0
    uneven[0, :5] = uneven[1, :1] = 0
    # even: 2 missing each, 3 × 4 ÷ 5 × 2 = 4.8, three shifts opened; uneven: 4 missing, 3 × 16 ÷ 5 = 9.6, five opened
    assert cost(even, [place], workers) == pytest.approx(4.8 + 1.5)
    assert cost(uneven, [place], workers) == pytest.approx(9.6 + 2.5)


def test_new_year_is_a_holiday_and_no_festival() -> None:
    new_year = holiday_on(date(2026, 1, 1))
    assert new_year is not None
    assert new_year.name == "New Year"
    assert holiday_on(date(2026, 1, 5)) is None
    assert not is_festival_week(date(2025, 12, 29))


@pytest.fixture
def states(db: Database) -> list[WorkshopState]:
    fill(db)
    return workshop_states(workshop_rows(db), TODAY)


def roster(db: Database, state: WorkshopState) -> WeekRoster:
    with db.read() as c:
        return week_roster(state, people_queries.intentions(c), people_queries.person_skills(c))


def test_a_workshop_without_orders_rosters_nobody(db: Database, states: list[WorkshopState]) -> None:
    plan = roster(db, states[-1])
    assert states[-1].load is not None
    assert not states[-1].load.orders
    assert (plan.place.demand, plan.place.work, plan.covered, plan.uncovered) == (0, 0, 0, 0)
    assert (plan.roster.table < 0).all()


def test_nobody_works_on_1_january(db: Database, states: list[WorkshopState]) -> None:
    """The week of Monday 29 December 2025: Thursday to Saturday are closed, so 3 of 5 weekdays and 6 of 10 shifts are left."""
    plan = roster(db, states[0])
    assert plan.week == week_after(TODAY) == date(2025, 12, 29)
    assert [day.day for day, _ in plan.holidays] == [1, 2, 3]
    assert plan.place.max_shifts == 6
    assert (plan.roster.table[:, 6:] < 0).all()
    assert (plan.roster.table[:, :6] >= 0).any()


def test_usual_weeks_on_site_add_up_to_the_rostered_hours_of_the_load(
    db: Database, states: list[WorkshopState]
) -> None:
    state = states[0]
    assert state.load is not None
    assert state.pace is not None
    with db.read() as c:
        on_site, workers = shift_workers(
            state, people_queries.intentions(c), people_queries.person_skills(c), date(2026, 3, 2)
        )
    by_hand = state.pace.full_week * len(on_site)  # shifts a week: all the same form, so all the same week
    assert sum(w.usual for w in workers) == pytest.approx(by_hand, abs=len(workers))
    assert by_hand * state.pace.shift_hours == pytest.approx(state.load.rostered)


def test_people_at_home_have_hours_and_no_station_as_far_as_orders_allow(
    db: Database, states: list[WorkshopState]
) -> None:
    """One of 12 people is at home: usual week × (1 − absence) × efficiency standard hours, which leave the site's demand."""
    assert home_work(states[0]).made == 0  # the doll may not be made at home
    with db.write() as session:
        session.query(Product).filter_by(code="G01").one().home_work = True
    state = workshop_states(workshop_rows(db), TODAY)[0]
    assert state.pace is not None
    assert state.load is not None
    home = home_work(state)
    pace = state.pace
    by_hand = pace.full_week * pace.shift_hours * (1 - pace.absence) * pace.efficiency
    assert len(home.names) == 1
    assert home.made == pytest.approx(by_hand)
    assert home.hours_each == pytest.approx(home.usual_hours)
    place = place_of(state, home, date(2026, 3, 2))
    assert place.demand * 3.5 == pytest.approx(state.load.needed_a_week - by_hand)
    assert place.work * 3.5 == pytest.approx(state.load.total_hours - by_hand)


def test_what_nobody_can_make_is_named_in_standard_hours(db: Database, states: list[WorkshopState]) -> None:
    plan = roster(db, states[0])
    none = replace(plan, roster=Roster(np.full_like(plan.roster.table, -1), "greedy", 0.0, None))
    assert none.uncovered == pytest.approx(plan.place.demand * 3.5)
    assert plan.uncovered == pytest.approx(max(plan.asked - plan.covered, 0))
