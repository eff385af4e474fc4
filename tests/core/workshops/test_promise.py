"""A promise: exact without variation, monotone in what is asked, the same for the same seed; the ledger against the fact."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.policy import Action
from core.store.commands import Conflict, command, verify_audit
from core.store.database import Database
from core.store.schema import AuditEvent, Order, Placement, Promise, Workshop
from core.terms import JobForm, PromiseKind
from core.workshops import commands, loading, queries
from core.workshops.calendar import Calendar
from core.workshops.ledger import Fact, hit_rates, with_facts
from core.workshops.load import Group, OpenOrder, Site, WorkshopInputs, compute_load, time_to_make
from core.workshops.promise import Ask, Offer, Quote, Spread, finish_days, offers, quote_order, spread_of
from core.workshops.states import workshop_states
from tests.accesses import dispatcher
from tests.core.workshops.factories import TODAY, fill

MONDAY = date(2025, 3, 3)
GROUPS = (Group(6, 5, 3.5, 0.10, 0.95), Group(4, 4, 3.5, 0.05, 0.80), Group(2, 4, 3.5, 0.10, 0.60))
INPUTS = WorkshopInputs((Site(10, 12, 3.5),), GROUPS, 0.96, leader_shifts=12)
CERTAIN = Spread(np.ones(10), 0.0, 0.0, True)
USUAL = Spread(np.array([0.8, 0.9, 1.0, 1.0, 1.1, 1.2]), 0.1, 0.1, True)
AT = datetime(2025, 12, 28, 9, tzinfo=UTC)


def quote(inputs: WorkshopInputs, ask: Ask, spread: Spread = USUAL, seed: int = 1) -> Quote:
    load = compute_load(inputs, MONDAY)
    return quote_order(load, ask, spread, floor=22.0, generator=np.random.default_rng(seed), draws=2000)


def asked(pieces: int = 800, weeks: int = 2) -> Ask:
    return Ask(pieces, 25, MONDAY + timedelta(weeks=weeks), 10.0)


def test_without_variation_the_worked_example_is_done_when_it_was_by_hand() -> None:
    """800 pieces in two weeks: 347.2 of 294.9 standard h, done after 2.355 weeks = 17 days, 3 late; labour is the limit."""
    promise = quote(INPUTS, asked(), CERTAIN)
    assert promise.need == pytest.approx(347.2, abs=0.05)
    assert promise.ratio == pytest.approx(1.177, abs=5e-4)
    assert set(promise.finish.tolist()) == {17.0}
    assert promise.probability == 0.0
    assert promise.expected_on == promise.earliest_on == MONDAY + timedelta(days=17)
    assert not promise.can_be_taken
    # 10 × 60 ÷ 25 × (147.455 ÷ 172.9) × 0.96
    assert promise.hourly_pay == pytest.approx(24 * 147.455 / 172.9 * 0.96)


def test_three_more_people_make_the_worked_example_feasible() -> None:
    more = replace(INPUTS, groups=(*GROUPS, Group(3, 5, 3.5, 0.10, 0.60)))
    promise = quote(more, asked(), CERTAIN)
    assert promise.probability == 1.0
    assert promise.can_be_taken is not promise.is_below_floor


def test_a_new_order_due_first_delays_the_one_behind_it_by_its_own_work() -> None:
    behind = OpenOrder("B", "doll", 300, 25, MONDAY + timedelta(weeks=3))
    alone, pushed = (time_to_make(pieces * 25 / 60 / 0.96, np.full(104, 147.455)) * 7 for pieces in (300, 300 + 800))
    promise = quote(replace(INPUTS, orders=(behind,)), asked(), CERTAIN)
    [delay] = promise.delays
    assert delay.days == np.ceil(pushed) - np.ceil(alone)
    assert (delay.before, delay.after) == (1.0, 0.0)
    assert promise.breaks == promise.delays
    # It may be promised for after B alone: both make 1,100 pieces.
    assert promise.earliest_on == MONDAY + timedelta(days=int(np.ceil(pushed)))


@settings(max_examples=25)
@given(st.integers(50, 1500), st.integers(1, 8), st.integers(1, 400))
def test_more_pieces_are_never_done_earlier_and_a_later_date_is_never_less_certain(
    pieces: int, weeks: int, more: int
) -> None:
    base = quote(INPUTS, asked(pieces, weeks))
    larger, later = quote(INPUTS, asked(pieces + more, weeks)), quote(INPUTS, asked(pieces, weeks + 1))
    assert larger.probability <= base.probability <= later.probability
    assert np.all(larger.finish >= base.finish)


def test_the_same_seed_gives_the_same_answer_and_another_one_nearly() -> None:
    first, again, other = (quote(INPUTS, asked(), seed=s) for s in (1, 1, 2))
    assert np.array_equal(first.finish, again.finish)
    assert first.probability == pytest.approx(other.probability, abs=0.04)


def test_days_are_the_first_on_which_the_work_is_made_and_never_where_nothing_is() -> None:
    effective = np.repeat([10.0, 0.0, 10.0], 7)  # ten hours a day, a week closed, ten a day
    assert finish_days([0, 5, 70, 75], effective, np.ones((1, 3))).ravel().tolist() == [0, 1, 7, 15]
    assert finish_days([150], effective[:14], np.ones((1, 2))).ravel().tolist() == [10**6]
    assert finish_days([280], np.full(14, 10.0), np.ones((1, 2))).ravel().tolist() == [28]


def test_holidays_and_the_end_of_a_workshop_take_hours_from_the_weeks_that_hold_them() -> None:
    calendar = Calendar.of(None)
    assert calendar.share(date(2025, 12, 29)) == pytest.approx(0.6)  # 1 and 2 January are closed
    assert calendar.open_slots(date(2025, 12, 29)) == (True,) * 6 + (False,) * 8
    festival = compute_load(replace(INPUTS, calendar=calendar), date(2026, 2, 8))
    assert festival.effective == pytest.approx(147.455)  # an ordinary week
    assert festival.effective_by_week[1] == 0  # 15 to 23 February 2026
    ending = replace(calendar, closed_on=date(2025, 3, 17))
    assert compute_load(replace(INPUTS, calendar=ending), MONDAY - timedelta(1)).effective_by_week[:3].tolist() == [
        pytest.approx(147.455),
        pytest.approx(147.455),
        0,
    ]
    with pytest.raises(ValueError, match="half days"):
        Calendar.of("11x")


@pytest.fixture
def filled(db: Database) -> Database:
    fill(db)
    return db


def answers(db: Database, pieces: int = 200) -> list[Offer]:
    with db.read() as c:
        rows = loading.load(c, TODAY)
    states = workshop_states(rows, TODAY)
    return offers(rows, states, Ask(pieces, 38, TODAY + timedelta(weeks=6), 17.0, 1, "毛绒玩偶"), draws=500)


def test_factors_of_the_weeks_have_mean_one_and_few_weeks_are_pooled(filled: Database) -> None:
    with filled.read() as c:
        weeks, outputs = queries.weeks(c, TODAY), queries.outputs(c, TODAY)
    own = spread_of(weeks, outputs, 1)
    assert own is not None
    assert own.is_own
    assert own.factors.mean() == pytest.approx(1)
    pooled = spread_of(weeks[(weeks["workshop_id"] != 1) | (weeks["week"] >= "2025-12-01")], outputs, 1)
    assert pooled is not None
    assert not pooled.is_own
    assert spread_of(weeks.iloc[:0], outputs.iloc[:0], 1) is None


def test_the_best_place_comes_first_and_nobody_is_asked_who_cannot_make_it(filled: Database) -> None:
    replies = answers(filled)
    assert {o.state.key for o in replies} == {1, 2, 3}
    ranks = [(not o.quote.can_be_taken, len(o.quote.breaks), -o.quote.probability) for o in replies]
    assert ranks == sorted(ranks)
    with filled.write() as session:
        session.get_one(Workshop, replies[0].state.key).closed_on = TODAY
    assert replies[0].state.key not in {o.state.key for o in answers(filled)}


def test_an_order_is_taken_delivered_and_held_against_its_promise(filled: Database) -> None:
    offer = answers(filled)[0]
    with command(filled, actor=dispatcher("李明"), action=Action.TAKE_ORDER, at=AT) as change:
        order = commands.take_order(change, offer, code="DD2025-0900", customer="百货", today=TODAY)
    with command(filled, actor=dispatcher("李明"), action=Action.REFUSE_ORDER, at=AT) as change:
        commands.refuse_order(change, offer, reason="材料不足", today=TODAY)
    with (
        pytest.raises(commands.NotAllowed, match="in use"),
        command(filled, actor=dispatcher("李明"), action=Action.EDIT_WORKER, at=AT) as change,
    ):
        commands.take_order(change, offer, code="DD2025-0900", customer=None, today=TODAY)
    for pieces, version in ((150, 1), (50, 2)):
        with command(filled, actor=dispatcher("李明"), action=Action.DELIVER_ORDER, at=AT) as change:
            commands.deliver(change, order, pieces, today=TODAY + timedelta(20), version=version)
    with pytest.raises(Conflict), command(filled, actor=dispatcher("李明"), action=Action.SPLIT_ORDER, at=AT) as change:
        commands.split_order(change, 1, pieces=5, workshop_id=1, due_on=TODAY + timedelta(9), today=TODAY, version=7)
    later = TODAY + timedelta(30)
    with filled.read() as c:
        table = with_facts(queries.promises(c, later), queries.outputs(c, later), later)
        events = [dict(row) for row in c.execute(select(AuditEvent.__table__).order_by(AuditEvent.id)).mappings()]
    assert table["fact"].tolist() == [Fact.NONE, Fact.KEPT]
    assert json.dumps(table["evidence"].iloc[0])
    [rate] = hit_rates(table)
    assert (rate.kept, rate.due, rate.share) == (1, 1, 1.0)
    assert rate.expected == pytest.approx(offer.quote.probability)
    assert verify_audit(events, filled.key) is None
    assert {e["actor"] for e in events} == {"李明"}


def test_a_promise_that_is_not_delivered_by_its_date_is_broken_and_a_short_closing_needs_a_reason(
    filled: Database,
) -> None:
    with command(filled, actor=dispatcher("李明"), action=Action.TAKE_ORDER, at=AT) as change:
        order = commands.take_order(change, answers(filled)[0], code="N1", customer=None, today=TODAY)
    late = TODAY + timedelta(weeks=7)
    with filled.read() as c:
        assert with_facts(queries.promises(c, late), queries.outputs(c, late), late)["fact"].tolist() == [Fact.BROKEN]
    with (
        pytest.raises(commands.NotAllowed),
        command(filled, actor=dispatcher("李明"), action=Action.CLOSE_ORDER, at=AT) as change,
    ):
        commands.close_order(change, order, reason=" ", today=TODAY, version=1)
    with command(filled, actor=dispatcher("李明"), action=Action.CLOSE_ORDER, at=AT) as change:
        commands.close_order(change, order, reason="客户取消", today=TODAY, version=1)
    with filled.read() as c:
        assert with_facts(queries.promises(c, late), queries.outputs(c, late), late)["fact"].tolist() == [Fact.BROKEN]


def test_splitting_keeps_every_piece(filled: Database) -> None:
    with filled.write() as session:
        before = session.scalars(select(Order).order_by(Order.id)).first()
        assert before is not None
        key, pieces, owed = before.id, before.pieces, before.pieces - before.done_pieces
    with command(filled, actor=dispatcher("李明"), action=Action.SPLIT_ORDER, at=AT) as change:
        part = commands.split_order(
            change, key, pieces=owed, workshop_id=1, due_on=TODAY + timedelta(9), today=TODAY, version=1
        )
    with filled.write() as session:
        first, second = session.get_one(Order, key), session.get_one(Order, part)
        assert first.pieces + second.pieces == pieces
        assert first.closed_on == TODAY
        assert (second.code, second.workshop_id) == (f"{first.code}-2", 1)


def test_reports_workshops_and_workers_are_checked_before_they_are_written(filled: Database) -> None:
    report = {"stations": 12, "on_roll": 10, "attendances": 48, "hours": 160.0, "labour_cost": 3500.0,
              "shortage": 0, "problem": None}  # fmt: skip
    line = {"planned": 100, "made": 90, "good": 88, "reworked": 1}
    monday = date(2025, 12, 22)

    def save(
        values: dict[str, object], output: dict[str, int], *, week: date = monday, version: int | None = 1
    ) -> None:
        with command(filled, actor=dispatcher("李明"), action=Action.SAVE_WEEK, at=AT) as change:
            commands.save_week(change, 1, week, values, {1: output, 2: output}, today=TODAY, version=version)

    save(report, line)
    for wrong in ({"attendances": 141}, {"hours": 600.0}):
        with pytest.raises(commands.NotAllowed):
            save(report | wrong, line, version=2)
    with pytest.raises(commands.NotAllowed):
        save(report, line | {"good": 91}, version=2)
    with pytest.raises(commands.NotAllowed):
        save(report, line, week=date(2025, 12, 23))
    with pytest.raises(Conflict):
        save(report | {"hours": 161.0}, line, version=1)
    with filled.read() as c:
        stored = queries.outputs(c, TODAY)
    stored = stored[(stored["workshop_id"] == 1) & (stored["week"] == "2025-12-22")]
    assert stored[["product_id", "made"]].to_numpy().tolist() == [[1, 90], [2, 90]]

    def edit(values: dict[str, object], version: int) -> None:
        with command(filled, actor=dispatcher("李明"), action=Action.EDIT_WORKSHOP, at=AT) as change:
            commands.edit_workshop(change, 1, values, version=version)

    edit({"half_days": "11111111111000", "stations": 14}, 1)
    for impossible in ({"stations": 0}, {"half_days": "0" * 14}, {"closed_on": date(2020, 1, 1)}):
        with pytest.raises(commands.NotAllowed):
            edit(impossible, 2)
    with filled.write() as session:
        workshop = session.get_one(Workshop, 1)
        assert (workshop.shifts_per_week, workshop.stations) == (11, 14)
    with (
        pytest.raises(commands.NotAllowed),
        command(filled, actor=dispatcher("李明"), action=Action.EDIT_WORKER, at=AT) as change,
    ):
        commands.edit_worker(change, 1, {"form": JobForm.PART_TIME, "weekly_hours": 30.0}, version=1)
    with command(filled, actor=dispatcher("李明"), action=Action.EDIT_WORKER, at=AT) as change:
        commands.edit_worker(change, 1, {"form": JobForm.PART_TIME, "weekly_hours": 20.0}, version=1)
    with filled.write() as session:
        assert session.get_one(Placement, 1).weekly_hours == 20.0
        assert session.scalars(select(Promise).where(Promise.kind == PromiseKind.ROSTER)).all() == []
