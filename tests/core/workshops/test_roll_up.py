"""Who could start within four weeks: each person once, no seat twice, nobody against a limit, and as many as possible."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from core.geography.plane import TravelMode
from core.locale import translator
from core.matching.assignment.district import District, district
from core.matching.assignment.training_gain import max_placements
from core.matching.inputs import loading as matching_loading
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import as_weights
from core.store.database import Database
from core.workshops import loading, queries
from core.workshops.roll_up import RollUp, Through, quick_skills, roll_up
from core.workshops.states import WorkshopState, workshop_states
from tests.core.workshops.factories import TODAY

WEIGHTS = as_weights(BUILT_IN[0].weights)


@pytest.fixture(scope="module")
def world(sample_db: Database) -> tuple[District, list[WorkshopState], pd.DataFrame, frozenset[str]]:
    with sample_db.read() as c:
        rows, pool = loading.load(c, TODAY), matching_loading.load(c, TODAY)
        quick, skills = quick_skills(queries.course_lengths(c), TODAY), queries.product_skills(c)
    return district(pool, TravelMode.WALK), workshop_states(rows, TODAY), skills, quick


@pytest.fixture(scope="module")
def whole(world: tuple[District, list[WorkshopState], pd.DataFrame, frozenset[str]]) -> RollUp:
    pairs, states, skills, quick = world
    return roll_up(pairs, states, skills, quick, WEIGHTS, exits=pairs.pool.people["id"].head(50).tolist())


def test_everybody_starts_once_and_nobody_who_does_not_seek_work(
    whole: RollUp, world: tuple[District, list[WorkshopState], pd.DataFrame, frozenset[str]]
) -> None:
    pool = world[0].pool
    assert whole.people["person_id"].is_unique
    seeking = pool.people.loc[pool.people_mask() & (pool.live_by_person == 0), "id"]
    assert set(whole.people["person_id"]) <= set(seeking)
    assert sum(whole.count(t) for t in Through) == len(whole.people) <= whole.seeking - whole.recommended
    assert (whole.people["courses"] != "").tolist() == [
        t in (Through.COURSE_OPENING, Through.COURSE_SEAT) for t in whole.people["through"]
    ]
    assert set(",".join(whole.people["courses"]).split(",")) - {""} <= world[3]


def test_no_opening_is_filled_beyond_its_seats(
    whole: RollUp, world: tuple[District, list[WorkshopState], pd.DataFrame, frozenset[str]]
) -> None:
    jobs = world[0].pool.jobs
    seats = jobs.groupby(["employer", "title"])["seats"].sum()
    taken = whole.people[whole.people["work"] != ""].groupby(["place", "work"]).size()
    assert all(n <= seats[key] for key, n in taken.items())


def test_without_courses_and_seats_as_many_start_as_a_matching_can_place(
    world: tuple[District, list[WorkshopState], pd.DataFrame, frozenset[str]],
) -> None:
    pairs, _, skills, _ = world
    totals = roll_up(pairs, [], skills, (), WEIGHTS)
    mask = pairs.pool.people_mask() & (pairs.pool.live_by_person == 0)
    assert set(totals.people["through"]) == {Through.OPENING}
    allowed = pairs.limits.passed & mask[:, None]
    assert len(totals.people) <= max_placements(allowed, pairs.matrix.openings.seats)
    with_courses = roll_up(pairs, [], skills, world[3], WEIGHTS)
    assert len(with_courses.people) >= len(totals.people)


def test_the_sentence_has_its_parts_in_both_languages(whole: RollUp) -> None:
    for lang in ("en", "zh_CN"):
        tr = translator(lang)
        text = whole.sentence(tr) + whole.exits_sentence(tr)
        assert "{" not in text
        assert tr.number(len(whole.people)) in text
        assert str(int(whole.people["is_exit"].sum())) in text


def test_a_skill_is_quick_when_a_course_in_it_fits_into_four_weeks() -> None:
    def session(skill: str, first: int, days: int) -> tuple[str, pd.Timestamp, pd.Timestamp]:
        start = pd.Timestamp(TODAY + timedelta(days=first))
        return skill, start, start + pd.Timedelta(days=days - 1)

    rows = [session("A", -90, 21), session("B", -90, 22), session("C", -300, 60), session("C", 3, 25)]
    table = pd.DataFrame(rows, columns=["skill", "starts_on", "ends_on"])
    assert quick_skills(table, TODAY) == {"A", "C"}
    assert quick_skills(table.iloc[:0], date(2025, 1, 1)) == frozenset()
    assert np.isin(["A"], list(quick_skills(table, TODAY))).all()
