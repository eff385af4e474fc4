"""Made-up people and openings as arrays, with everything unknown now and then."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from core.batch.pairs import Rules
from core.geography.plane import Plane, TravelMode
from core.matching.inputs.goalposts import Goalposts
from core.matching.inputs.matching_pool import MatchingPool, Openings, Seekers
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import as_weights
from core.terms import AccommodationKind, Evidence, Shift

BALANCED = as_weights(BUILT_IN[0].weights)


def some_rules(reach: float | None = 40.0, weights: np.ndarray = BALANCED) -> Rules:
    return Rules(weights, Goalposts(), TravelMode.WALK, reach)


def some_people(rng: np.random.Generator, n: int, side: float = 6000.0, skills: int = 6, domains: int = 3) -> Seekers:
    """People in a square of ``side`` metres; ids with gaps."""

    def unknown(values: np.ndarray, share: float = 0.2) -> np.ndarray:
        return np.where(rng.random(n) < share, np.nan, values)

    level = rng.integers(0, 5, (n, skills)).astype(np.int8)
    years = rng.integers(0, 6, (n, domains)).astype(np.float32)
    years[rng.random(n) < 0.2] = np.nan
    position = rng.uniform(0, side, (n, 2))
    position[rng.random(n) < 0.03] = np.nan
    hours = rng.random(n) < 0.2
    return Seekers(
        ids=np.sort(rng.choice(10 * n, n, replace=False)) + 1,
        level=level,
        evidence=np.where(level > 0, rng.integers(0, len(Evidence), (n, skills)), -1).astype(np.int8),
        portrait=rng.random(n) < 0.7,
        days=rng.random((n, 7)) < 0.8,
        start=np.where(hours, np.nan, rng.choice([420.0, 480.0, 540.0, 780.0], n)),
        end=np.where(hours, np.nan, rng.choice([960.0, 1020.0, 1320.0], n)),
        reserve=unknown(rng.integers(30, 60, n) * 50.0).astype(np.float32),
        target=unknown(rng.integers(40, 80, n) * 50.0).astype(np.float32),
        position=position,
        wishes=rng.integers(-1, 6, (n, 3)).astype(np.int32),
        wish_age=unknown(rng.integers(0, 700, n).astype(float), 0.1).astype(np.float32),
        years=years,
        readiness=(rng.integers(0, 4, n) / 3).astype(np.float32),
        needs=rng.random((n, len(AccommodationKind))) < 0.06,
        max_commute=unknown(rng.choice([10.0, 15.0, 20.0, 30.0, 45.0], n), 0.3).astype(np.float32),
        home_ok=rng.integers(-1, 2, n).astype(np.int8),
    )


def some_openings(
    rng: np.random.Generator, m: int, side: float = 6000.0, skills: int = 6, domains: int = 3
) -> Openings:
    """Openings in the same square."""

    def tristate(yes: float = 0.6) -> np.ndarray:
        return rng.choice([-1, 0, 1], m, p=[0.1, 0.9 - yes, yes]).astype(np.int8)

    level = np.where(rng.random((m, skills)) < 0.3, rng.integers(1, 4, (m, skills)), 0).astype(np.int8)
    low = np.where(rng.random(m) < 0.1, np.nan, rng.integers(40, 70, m) * 50.0)
    position = rng.uniform(0, side, (m, 2))
    position[rng.random(m) < 0.03] = np.nan
    return Openings(
        ids=np.sort(rng.choice(10 * m, m, replace=False)) + 1,
        level=level,
        importance=np.where(level > 0, rng.integers(1, 6, (m, skills)), 0).astype(np.int8),
        essential=(level > 0) & (rng.random((m, skills)) < 0.2),
        certificate=(level > 0) & (rng.random((m, skills)) < 0.1),
        shift=rng.integers(-1, len(Shift), m).astype(np.int32),
        hours=np.where(rng.random(m) < 0.1, np.nan, rng.choice([20.0, 36.0, 40.0], m)).astype(np.float32),
        pay_low=low.astype(np.float32),
        pay_high=(low + 500).astype(np.float32),
        pay_legal=rng.choice([1, 1, 1, 1, 0, -1], m).astype(np.int8),
        position=position,
        occupation=rng.integers(-1, 6, m).astype(np.int32),
        domain=rng.integers(-1, domains, m).astype(np.int32),
        seated=tristate(),
        lifting=tristate(0.2),
        step_free=tristate(),
        nights=tristate(0.2),
        home_work=tristate(0.2),
        home_based=rng.random(m) < 0.1,
        trains=rng.random(m) < 0.2,
        seats=rng.integers(0, 4, m),
        days_unconfirmed=np.where(rng.random(m) < 0.05, np.nan, rng.integers(0, 110, m)).astype(np.float32),
        past_closing=rng.random(m) < 0.05,
    )


def some_refused(rng: np.random.Generator, seekers: Seekers, openings: Openings, count: int = 40) -> np.ndarray:
    """(r, 2) distinct pairs of ids."""
    pairs = np.stack([rng.choice(seekers.ids, count), rng.choice(openings.ids, count)], axis=1)
    return np.unique(pairs, axis=0)


def a_pool(seekers: Seekers, openings: Openings, refused: np.ndarray) -> MatchingPool:
    """The page's pool of the same people and openings."""
    table = np.zeros((len(seekers), len(openings)), dtype=bool)
    table[np.searchsorted(seekers.ids, refused[:, 0]), np.searchsorted(openings.ids, refused[:, 1])] = True
    nothing = pd.DataFrame()
    return MatchingPool(
        today=date(2025, 12, 28),
        seekers=seekers,
        openings=openings,
        people=nothing,
        jobs=nothing,
        refused=table,
        referrals=nothing,
        skills=nothing,
        plane=Plane(0, 0),
        goalposts=Goalposts(),
    )
