"""A what-if of a workshop: stored and read back, played without writing, orders and people move and none is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.locale import translator
from core.store.database import Database
from core.workshops import queries
from core.workshops.scenario import WorkshopScenario, effects, movers, play
from core.workshops.states import WorkshopState, workshop_states
from tests.core.workshops.factories import TODAY, fill
from tests.core.workshops.test_states import workshop_rows

FULL = WorkshopScenario(
    workshop=3, people=3, pace=0.7, ramp_weeks=4, absence=0.2, stations=5, from_week=2, shift="day", more_shifts=1,
    each=0.5, product=1, pieces=100, due_on=date(2026, 1, 20), move_order="O20", move_people=2, move_to=1,
)  # fmt: skip


@given(
    st.builds(
        WorkshopScenario,
        workshop=st.integers(1, 9),
        people=st.integers(0, 30),
        absence=st.none() | st.sampled_from([0.0, 0.1, 0.5]),
        due_on=st.none() | st.dates(),
        move_order=st.sampled_from(["", "A1"]),
        move_to=st.none() | st.integers(1, 9),
    )
)
def test_what_is_stored_is_read_back(scenario: WorkshopScenario) -> None:
    assert WorkshopScenario.from_json(scenario.as_json()) == scenario
    assert WorkshopScenario.from_json({**scenario.as_json(), "of a later version": 1}) == scenario


@pytest.fixture
def world(db: Database) -> tuple[list[WorkshopState], pd.DataFrame]:
    fill(db)
    with db.read() as c:
        products = queries.products(c).set_index("id")
    return workshop_states(workshop_rows(db), TODAY), products


def test_a_played_what_if_leaves_the_rows_as_they_are(
    db: Database, world: tuple[list[WorkshopState], pd.DataFrame]
) -> None:
    states, products = world
    before = db.revision()
    own, other = play(FULL, states, products, TODAY)
    assert db.revision() == before
    assert own.comparison.base is not own.comparison.scenario
    again = workshop_states(workshop_rows(db), TODAY)
    assert [s.load.ratio for s in again if s.load] == [s.load.ratio for s in states if s.load]
    for lang in ("en", "zh_CN"):
        rows = effects([own, other], translator(lang))
        assert len(rows) == 6
        assert "{" not in "".join(c.sentence(translator(lang)) for c in (*own.changes, *other.changes))


def test_orders_and_people_that_move_are_lost_nowhere(world: tuple[list[WorkshopState], pd.DataFrame]) -> None:
    states, products = world
    own, other = play(WorkshopScenario(3, move_order="O20", move_people=2, move_to=1), states, products, TODAY)
    for of in (
        lambda load: {o.order.code for o in load.orders},
        lambda load: sum(g.people for g in load.inputs.groups),
    ):
        before = [of(p.comparison.base) for p in (own, other)]
        after = [of(p.comparison.scenario) for p in (own, other)]
        if isinstance(before[0], set):
            assert after[0] | after[1] == before[0] | before[1]
            assert after[0] == before[0] - {"O20"}
        else:
            assert sum(after) == sum(before)
            assert after[0] == before[0] - 2


def test_what_is_gone_since_it_was_saved_does_no_harm(world: tuple[list[WorkshopState], pd.DataFrame]) -> None:
    states, products = world
    assert play(WorkshopScenario(99), states, products, TODAY) == []
    [own] = play(replace(FULL, move_to=99, product=99), states, products, TODAY)
    assert own.state.key == 3
    [same] = play(WorkshopScenario(3), states, products, TODAY)
    assert same.changes == ()
    assert same.comparison.base.ratio == same.comparison.scenario.ratio


def test_those_who_know_the_work_of_the_other_workshop_go_first(
    db: Database, world: tuple[list[WorkshopState], pd.DataFrame]
) -> None:
    states, _ = world
    by_key = {s.key: s for s in states}
    rows = workshop_rows(db)
    moved = movers(by_key[3], by_key[2], 4, rows.person_skills, rows.product_skills)
    assert moved["level"].tolist() == [4, 4, 4, 4]
    assert set(moved["person_id"]) <= set(by_key[3].roll["person_id"])
