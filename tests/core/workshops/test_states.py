"""From the rows of a store to what the cards show."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import select

from core.holidays import FESTIVAL, holidays, is_festival_week
from core.locale import translator
from core.people import queries as people_queries
from core.store import settings
from core.store.database import Database
from core.store.schema import Intention, Order, Product
from core.workshops import figures, queries, roster
from core.workshops.inputs import district_norms, measure_pace
from core.workshops.states import WorkshopRows, WorkshopState, pay_table, workshop_states
from tests.core.workshops.factories import TODAY, fill
from tests.core.workshops.roster_rules import violations


def workshop_rows(db: Database, today: date = TODAY) -> WorkshopRows:
    with db.read() as c:
        return WorkshopRows(
            queries.workshops(c),
            queries.weeks(c, today),
            queries.outputs(c, today),
            queries.orders(c, today),
            queries.roll(c, today),
            people_queries.person_skills(c),
            queries.product_skills(c),
            queries.received(c, today),
            settings.parameters(c),
        )


@pytest.fixture
def states(db: Database) -> list[WorkshopState]:
    fill(db)
    return workshop_states(workshop_rows(db), TODAY)


def test_an_empty_store_has_no_workshops(db: Database) -> None:
    assert workshop_states(workshop_rows(db), TODAY) == []


def test_the_most_loaded_workshop_comes_first_and_one_without_orders_last(states: list[WorkshopState]) -> None:
    assert [s.name for s in states] == ["微工厂2", "微工厂1", "微工厂0"]
    assert states[-1].load is not None
    assert states[-1].load.ratio is None
    assert states[-1].bottleneck is None


def test_inputs_come_from_the_sums_of_the_weekly_reports(db: Database, states: list[WorkshopState]) -> None:
    floor = workshop_rows(db)
    state = states[0]
    own = floor.weeks[floor.weeks["workshop_id"] == state.key].tail(8)
    made = floor.outputs[(floor.outputs["workshop_id"] == state.key) & floor.outputs["week"].isin(own["week"])]
    assert state.pace is not None
    assert state.pace.shift_hours == pytest.approx(3.4)
    assert state.pace.efficiency == pytest.approx(
        float((made["made"] * made["standard_minutes"]).sum()) / 60 / own["hours"].sum()
    )
    assert state.pace.first_pass == pytest.approx(made["good"].sum() / made["made"].sum())
    assert state.pay is not None
    assert state.pay.total.per_hour == pytest.approx(21.5)
    assert state.is_underpaid
    assert 0 < state.pace.absence < 0.2


def test_people_who_work_at_home_take_no_station(states: list[WorkshopState]) -> None:
    load = states[0].load
    assert load is not None
    assert load.rostered_home == pytest.approx(load.rostered / (states[0].on_roll - 1))


def test_effective_hours_are_the_product_of_the_shown_inputs(states: list[WorkshopState]) -> None:
    s = states[0]
    assert s.pace is not None
    assert s.load is not None
    by_hand = s.on_roll * s.pace.full_week * s.pace.shift_hours * (1 - s.pace.absence) * s.pace.efficiency
    assert s.load.effective == pytest.approx(by_hand)


def test_a_workshop_before_its_first_report_works_at_the_districts_pace(db: Database) -> None:
    fill(db)
    floor = workshop_rows(db)
    norms = district_norms(floor.weeks, floor.outputs)
    assert norms is not None
    none = measure_pace(floor.weeks.iloc[:0], floor.outputs.iloc[:0], norms)
    assert (none.absence, none.efficiency, none.full_week) == (norms.absence, norms.efficiency, norms.full_week)


def test_before_any_report_capacity_is_unknown_not_zero(db: Database) -> None:
    fill(db, weeks=0)
    assert all(s.load is None for s in workshop_states(workshop_rows(db), TODAY))


def test_a_workshop_is_not_shown_before_it_opened(db: Database) -> None:
    fill(db)
    assert workshop_states(workshop_rows(db, date(2024, 3, 1)), date(2024, 3, 1)) == []


def test_spring_festival_weeks_are_out_of_the_ordinary() -> None:
    for holiday in holidays():
        week = holiday.first - timedelta(days=holiday.first.weekday())
        assert is_festival_week(week) or holiday.name != FESTIVAL
    assert not is_festival_week(date(2025, 3, 3))


def test_a_product_is_held_against_the_floor_by_what_was_paid_for_its_hours(states: list[WorkshopState]) -> None:
    """The only product of the window takes all hours and yuan: 21.5 an hour, though its rate gives 15 × 60 ÷ 38 = 23.68."""
    table = pay_table(states[0])
    assert table["at_standard"].tolist() == pytest.approx([15 * 60 / 38])
    assert table["paid_hour"].tolist() == pytest.approx([21.5])
    assert table["below"].all()
    assert not table["expected"].any()


def test_a_product_not_yet_made_is_held_against_the_floor_at_the_workshops_own_pace(db: Database) -> None:
    """A hat: 47 × 60 ÷ 120 = 23.5 at standard, × 90% efficiency × 96% good = 20.3 an attended hour."""
    fill(db)
    with db.write() as session:
        hat = session.scalars(select(Product).where(Product.code == "G12")).one()
        session.add(Order(code="H", workshop_id=1, product_id=hat.id, pieces=50, done_pieces=0,
                          received_on=TODAY - timedelta(2), due_on=TODAY + timedelta(30)))  # fmt: skip
    state = next(s for s in workshop_states(workshop_rows(db), TODAY) if s.key == 1)
    assert state.pace is not None
    hat_row = pay_table(state).set_index("product_en").loc["Hand-knit hat"]
    assert hat_row["at_standard"] == pytest.approx(23.5)
    assert hat_row["paid_hour"] == pytest.approx(23.5 * state.pace.efficiency * state.pace.first_pass)
    assert hat_row["expected"]
    assert hat_row["below"]


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_every_picture_of_every_workshop_can_be_drawn(states: list[WorkshopState], lang: str) -> None:
    tr = translator(lang)
    for state in states:
        assert state.load is not None
        charts = [
            figures.load_bar(state.load.ratio),
            figures.weekly_load_chart(state, TODAY, 26, tr),
            figures.feasibility_chart(state.load, state.load, tr),
            *(figures.history_chart(state, m, 104, tr) for m in figures.MEASURES),
        ]
        assert all(chart.to_dict() for chart in charts)


def test_the_weeks_hold_every_open_order_once(states: list[WorkshopState]) -> None:
    for state in states:
        table = figures.week_table(state, TODAY, 26)
        assert state.load is not None
        assert table.loc[~table["past"], "asked"].sum() == pytest.approx(state.load.total_hours)
        assert table["week"].is_unique
        assert (table["week"].diff().dropna() == pd.Timedelta(weeks=1)).all()


def test_the_roster_keeps_to_stated_hours_and_leaves_home_workers_out(
    db: Database, states: list[WorkshopState]
) -> None:
    state = states[0]
    with db.write() as session:
        someone = int(state.roll["person_id"].iloc[1])
        session.add(Intention(person_id=someone, stated_on=date(2025, 1, 1), available_days="1000000",
                              available_from="08:00", available_to="12:00"))  # fmt: skip
    with db.read() as c:
        plan = roster.week_roster(state, people_queries.intentions(c), people_queries.person_skills(c))
    assert len(plan.workers) == state.on_roll - 1
    assert sum(plan.workers[0].available) == 1
    assert sum(w.is_leader for w in plan.workers) == 1
    assert violations(plan.roster.table, [plan.place], plan.workers) == []
    assert roster.roster_table(plan.roster).to_numpy().sum() == (plan.roster.table >= 0).sum() > 0
