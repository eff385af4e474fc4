"""The capacity arithmetic against a worked example, and what must hold for any workshop."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.locale import translator
from core.terms import Light
from core.workshops.figures import load_text
from core.workshops.hiring_capacity import Limit, find_bottleneck, hiring_capacity
from core.workshops.load import (
    Group,
    OpenOrder,
    Site,
    WorkshopInputs,
    compute_load,
    hourly_pay,
    lead_time,
    load_light,
    shrunk_absence,
    time_to_make,
)
from core.workshops.what_if import Absence, AddShift, NewOrder, OpenPremises, Train, apply, compare

TODAY = date(2025, 3, 3)
ORDER = OpenOrder("A", "doll", 800, 25, TODAY + timedelta(weeks=2))
GROUPS = (Group(6, 5, 3.5, 0.10, 0.95), Group(4, 4, 3.5, 0.05, 0.80), Group(2, 4, 3.5, 0.10, 0.60))
INPUTS = WorkshopInputs((Site(10, 12, 3.5),), GROUPS, 0.96, (ORDER,), leader_shifts=12)
LEARNER = Group(1, 5, 3.5, 0.10, 0.60)


def test_the_worked_example_comes_out_as_by_hand() -> None:
    load = compute_load(INPUTS, TODAY)
    assert load.station_hours == 420
    assert load.rostered == 189
    assert load.attended == pytest.approx(172.9)
    assert load.effective == pytest.approx(147.455)
    assert int(load.effective * 0.96 * 60 / 25) == 339  # good pieces a week
    assert load.total_hours == pytest.approx(347.2, abs=0.05)
    assert load.ratio == pytest.approx(1.177, abs=5e-4)
    assert load.light is Light.RED
    assert time_to_make(load.orders[0].queue, load.effective_by_week) == pytest.approx(2.355, abs=5e-4)
    assert load.orders[0].late_days == 3
    assert load.shortfall == pytest.approx(26.16, abs=5e-3)
    assert load.occupancy == pytest.approx(0.45)


def test_three_numbers_of_people_and_the_bottleneck_of_the_worked_example() -> None:
    load = compute_load(INPUTS, TODAY)
    capacity = hiring_capacity(load, LEARNER)
    assert capacity.learner_output == pytest.approx(9.45)
    assert (capacity.seats, capacity.needed, capacity.fully_employed, capacity.immediate) == (13, 3, 2, 3)
    bottleneck = find_bottleneck(load)
    assert bottleneck is not None
    assert bottleneck.kind is Limit.LABOUR
    for lang in ("en", "zh_CN"):
        text = bottleneck.sentence(translator(lang)) + bottleneck.short(translator(lang))
        assert "147.5" in text
        assert "173.6" in text
        assert "{" not in text


def test_a_workshop_without_orders_shows_no_load() -> None:
    load = compute_load(replace(INPUTS, orders=()), TODAY)
    assert load.ratio is None
    assert load.light is None
    assert load.total_hours == 0
    assert load.shortfall == 0
    assert find_bottleneck(load) is None
    assert hiring_capacity(load, LEARNER).needed == 0


def test_an_order_due_tomorrow_has_one_day_not_a_week() -> None:
    inputs = WorkshopInputs(
        sites=(Site(10, 12, 3.5),),
        groups=(Group(6, 5, 3.5, 0.0, 1.0),),  # 105 standard hours a week, 15 a day
        first_pass=1.0,
        orders=(OpenOrder("A", "doll", 126, 25, TODAY + timedelta(days=1)),),  # 52.5 standard hours
    )
    load = compute_load(inputs, TODAY)

    assert load.effective == pytest.approx(105)
    assert load.ratio == pytest.approx(3.5)
    assert load.light is Light.RED
    assert load.orders[0].late_days == 3


def test_an_overdue_order_is_red_and_is_caught_up_within_a_week() -> None:
    load = compute_load(replace(INPUTS, orders=(replace(ORDER, due_on=TODAY - timedelta(days=2)),)), TODAY)

    assert load.ratio == float("inf")
    assert load.light is Light.RED
    assert load.needed_a_week == pytest.approx(load.total_hours)
    assert load.shortfall == pytest.approx(load.total_hours - load.effective)


def test_nobody_at_work_finishes_nothing() -> None:
    load = compute_load(replace(INPUTS, groups=()), TODAY)
    assert load.orders[0].late_days is None
    assert load.orders[0].is_late
    assert load.ratio == float("inf")
    assert load.light is Light.RED


def test_few_orders_make_orders_the_bottleneck() -> None:
    load = compute_load(replace(INPUTS, orders=(replace(ORDER, remaining=100),)), TODAY)
    bottleneck = find_bottleneck(load)
    assert bottleneck is not None
    assert bottleneck.kind is Limit.DEMAND
    assert load.light is Light.GREEN
    assert load.orders[0].late_days is not None
    assert load.orders[0].late_days <= 0


def test_scarce_skill_stops_an_order_mix() -> None:
    inputs = replace(INPUTS, orders=(replace(ORDER, product_id=7),), skill_shares=((7, 0.25), (8, 1.0)))
    bottleneck = find_bottleneck(compute_load(inputs, TODAY))
    assert bottleneck is not None
    assert bottleneck.kind is Limit.SKILL
    assert bottleneck.limits[Limit.SKILL] == pytest.approx(147.455 / 4)


def test_too_few_leaders_stop_a_workshop() -> None:
    bottleneck = find_bottleneck(compute_load(replace(INPUTS, supervisors=1, leader_shifts=4), TODAY))
    assert bottleneck is not None
    assert bottleneck.kind is Limit.SUPERVISOR


def test_people_beyond_the_stations_make_nothing_more_but_people_at_home_do() -> None:
    crowded = replace(INPUTS, groups=(Group(30, 5, 3.5, 0.0, 1.0),))
    assert compute_load(crowded, TODAY).effective == pytest.approx(420)
    home = replace(crowded, groups=(*crowded.groups, Group(2, 5, 3.5, 0.0, 1.0, at_home=True)))
    assert compute_load(home, TODAY).effective == pytest.approx(455)
    bottleneck = find_bottleneck(compute_load(replace(crowded, orders=(replace(ORDER, remaining=3000),)), TODAY))
    assert bottleneck is not None
    assert bottleneck.kind is Limit.STATION
    assert compute_load(home, TODAY).rostered == compute_load(crowded, TODAY).rostered


@pytest.mark.parametrize(
    ("ratio", "light"), [(0.85, Light.GREEN), (0.86, Light.YELLOW), (1, Light.YELLOW), (1.01, Light.RED)]
)
def test_lights_change_at_85_and_100_percent(ratio: float, light: Light) -> None:
    assert load_light(ratio) is light


def test_a_fair_piece_rate_earns_the_hourly_floor_at_standard_pace() -> None:
    assert hourly_pay(15, 38, 1, 1) == pytest.approx(23.684, abs=1e-3)
    assert hourly_pay(15, 38, 0.8, 0.95) < 20


def test_few_shifts_say_little_about_absence() -> None:
    assert shrunk_absence(1, 2, 0.1) == pytest.approx(0.18)
    assert shrunk_absence(0, 0, 0.1) == pytest.approx(0.1)
    assert shrunk_absence(500, 1000, 0.1) == pytest.approx(0.5, abs=0.005)


def test_little_gives_no_lead_time_when_nothing_is_made() -> None:
    assert lead_time(600, 300) == 2
    assert lead_time(600, 0) is None


groups = st.builds(
    Group,
    people=st.integers(0, 40),
    shifts=st.floats(1, 10),
    hours=st.floats(1, 8),
    absence=st.floats(0, 0.8),
    efficiency=st.floats(0.2, 1.3),
    at_home=st.booleans(),
)
orders = st.lists(
    st.builds(
        OpenOrder,
        code=st.text("abc", min_size=1, max_size=3),
        product=st.just("p"),
        remaining=st.integers(1, 5000),
        minutes=st.floats(5, 300),
        due_on=st.dates(TODAY - timedelta(30), TODAY + timedelta(400)),
    ),
    max_size=6,
)
any_inputs = st.builds(
    WorkshopInputs,
    sites=st.tuples(st.builds(Site, st.integers(1, 40), st.integers(1, 14), st.floats(1, 8))),
    groups=st.lists(groups, max_size=4).map(tuple),
    first_pass=st.floats(0.5, 1),
    orders=orders.map(tuple),
)


@given(any_inputs)
def test_later_orders_never_finish_earlier_and_lights_agree_with_lateness(inputs: WorkshopInputs) -> None:
    load = compute_load(inputs, TODAY)
    finishes = [time_to_make(o.queue, load.effective_by_week) for o in load.orders]
    assert finishes == sorted(finishes)
    for o in load.orders:
        assert (o.ratio > 1 + 1e-6) <= o.is_late
    assert (load.ratio is None) == (not load.orders)


@given(any_inputs, groups)
def test_one_more_group_at_home_never_makes_anything_worse(inputs: WorkshopInputs, more: Group) -> None:
    base = compute_load(inputs, TODAY)
    helped = compute_load(replace(inputs, groups=(*inputs.groups, replace(more, at_home=True))), TODAY)
    assert helped.effective >= base.effective
    for before, after in zip(base.orders, helped.orders, strict=True):
        earlier = time_to_make(before.queue, base.effective_by_week)
        assert time_to_make(after.queue, helped.effective_by_week) <= earlier or np.isinf(earlier)


@given(any_inputs)
def test_the_people_who_are_needed_do_keep_every_due_date(inputs: WorkshopInputs) -> None:
    base = compute_load(inputs, TODAY)
    capacity = hiring_capacity(base, LEARNER)
    assert capacity.fully_employed <= capacity.needed <= capacity.fully_employed + 1
    if capacity.needed and capacity.needed <= capacity.seats:
        joined = compute_load(replace(inputs, groups=(*inputs.groups, replace(LEARNER, people=capacity.needed))), TODAY)
        assert all(o.ratio <= 1 + 1e-6 for o in joined.orders if o.order.due_on > TODAY)


def test_a_what_if_leaves_the_base_alone_and_reset_restores_it() -> None:
    changes = [
        OpenPremises(8, 10, from_week=1),
        AddShift(2, each=1),
        Train(5, 0.6, 0.9, 6),
        Absence(0.2),
        NewOrder(300, 40, TODAY + timedelta(weeks=5), "hat"),
    ]
    comparison = compare(INPUTS, changes, TODAY, LEARNER)
    assert comparison.base.effective == pytest.approx(147.455)
    assert len(comparison.scenario.orders) == 2
    assert comparison.scenario.station_hours == 10 * 14 * 3.5
    assert apply(INPUTS, [], LEARNER) == INPUTS
    assert all("{" not in c.sentence(translator(lang)) for c in changes for lang in ("en", "zh_CN"))


def test_learners_grow_into_their_pace() -> None:
    inputs = apply(replace(INPUTS, groups=()), [Train(4, 0.6, 0.9, 6, from_week=2)], LEARNER)
    week = compute_load(inputs, TODAY).effective_by_week
    assert week[0] == week[1] == 0
    assert week[2] == pytest.approx(4 * 17.5 * 0.9 * 0.6)
    assert week[5] == pytest.approx(4 * 17.5 * 0.9 * 0.75)
    assert week[8] == week[20] == pytest.approx(4 * 17.5 * 0.9 * 0.9)


def test_more_absence_is_never_better() -> None:
    ratios = [compare(INPUTS, [Absence(a)], TODAY, LEARNER).scenario.ratio for a in (0.0, 0.1, 0.3, 0.5)]
    assert ratios == sorted(ratios)  # type: ignore[type-var]


def test_a_load_without_an_hour_left_is_called_overdue_not_infinite() -> None:
    cases = (
        replace(INPUTS, orders=()),
        INPUTS,
        replace(INPUTS, orders=(replace(ORDER, due_on=TODAY),)),
        replace(INPUTS, groups=()),
    )
    loads = [compute_load(inputs, TODAY) for inputs in cases]

    assert [load_text(load, translator("en")) for load in loads] == ["–", "118%", "overdue", "nobody"]
    assert load_text(loads[2], translator("zh_CN")) == "已逾期"


def test_without_people_the_need_is_that_of_the_hardest_due_date_not_of_the_first() -> None:
    """100 h in two weeks are 50 a week; 400 h in four weeks are 100 a week. Every ratio is infinite, so none is the tightest."""
    orders = (
        replace(ORDER, code="A", remaining=100 * 60 * 0.96 / 25, due_on=TODAY + timedelta(weeks=2)),
        replace(ORDER, code="B", remaining=300 * 60 * 0.96 / 25, due_on=TODAY + timedelta(weeks=4)),
    )
    load = compute_load(replace(INPUTS, groups=(), orders=orders), TODAY)
    assert load.needed_a_week == pytest.approx(100)
    assert load.shortfall == pytest.approx(100)
    assert hiring_capacity(load, LEARNER).needed == 11  # 100 ÷ 9.45 = 10.6
