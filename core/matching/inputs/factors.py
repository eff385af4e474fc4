"""The seven soft factors, each 0..1 with fixed goalposts: a score never changes because someone else joined the pool.

``factors(block)`` → float32 (7, n, m) in the order of ``FACTORS``; NaN where the data does not say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from core import palette
from core.jobs.shifts import overlap, pattern
from core.locale import N_
from core.matching.inputs.matching_pool import PairMatrix
from core.terms import Shift

__all__ = ["CODES", "FACTORS", "Factor", "Side", "factors", "pay_gain", "travel_gain"]

Array = npt.NDArray[np.float32]
SHIFTS = tuple(Shift)


class Side(Enum):
    """Whose wish a factor speaks for, in the reciprocal fit."""

    PERSON = "person"
    EMPLOYER = "employer"


@dataclass(frozen=True)
class Factor:
    """One soft factor: how it is called, coloured, computed and where its data comes from."""

    code: str
    label: str
    colour: str
    formula: str
    unit: str
    source: str
    side: Side
    missing: str  # what to find out when it is unknown
    compute: Callable[[PairMatrix], Array]


def skills(matrix: PairMatrix) -> Array:
    """Σ_k importance·min(1, level/required) / Σ_k importance; NaN without requirements.

    Without a portrait it is unknown too, unless certificates alone give more than the expected value: so a certificate
    never lowers it.
    """
    required_level, importance = matrix.openings.level, matrix.openings.importance
    weight = np.where(required_level > 0, importance, 0).astype(np.float32)
    met = np.zeros(matrix.shape, dtype=np.float32)
    for k in np.flatnonzero((required_level > 0).any(axis=0)):
        asking = np.flatnonzero(required_level[:, k] > 0)
        share_of_level = matrix.seekers.level[:, k, None].astype(np.float32) / required_level[asking, k].astype(
            np.float32
        )
        met[:, asking] += np.minimum(share_of_level, 1) * weight[asking, k]
    total = weight.sum(axis=1)
    share = met / np.maximum(total, 1)
    expected = matrix.goalposts.expected["skills"] / 10_000
    known = (matrix.seekers.portrait[:, None] | (share > expected)) & (total > 0)[None, :]
    return np.where(known, share, np.float32(np.nan)).astype(np.float32)


def travel(matrix: PairMatrix) -> Array:
    """G(t) = (e^(−½(t/T)²) − e^(−½)) / (1 − e^(−½)) for t ≤ T, else 0."""
    return travel_gain(matrix.minutes, matrix.goalposts.travel_minutes)


def hours(matrix: PairMatrix) -> Array:
    """Overlap of available time and shift ÷ shift hours."""
    people, shares = matrix.seekers, np.full(matrix.shape, np.nan, dtype=np.float32)
    needed = np.where(np.isfinite(matrix.openings.hours), matrix.openings.hours, 0)
    for shift, weekly in {(int(s), float(h)) for s, h in zip(matrix.openings.shift, needed, strict=True) if s >= 0}:
        same = (matrix.openings.shift == shift) & (needed == weekly)
        share = overlap(people.days, people.start, people.end, pattern(SHIFTS[shift]), weekly or None)
        shares[:, same] = share[:, None]
    return shares


def pay(matrix: PairMatrix) -> Array:
    """clip((offer − reserve)/(target − reserve), 0, 1); with target ≤ reserve or unknown, 1 where offer ≥ reserve."""
    return pay_gain(matrix.openings.offer[None, :], matrix.seekers.reserve[:, None], matrix.seekers.target[:, None])


def intent(matrix: PairMatrix) -> Array:
    """1, .75, .5 for the first, second, third wish, .25 for a job not named; × 2^(−age/half-life)."""
    wishes, required_level = matrix.seekers.wishes, matrix.openings.occupation
    base = np.full(matrix.shape, 0.25, dtype=np.float32)
    for place, value in ((2, 0.5), (1, 0.75), (0, 1.0)):
        base[wishes[:, place, None] == required_level[None, :]] = value
    decay = np.exp2(-matrix.seekers.wish_age / matrix.goalposts.intent_half_life_days)
    known = (wishes.max(axis=1, initial=-1) >= 0)[:, None] & (required_level >= 0)[None, :]
    return np.where(known, base * decay[:, None], np.nan).astype(np.float32)


def experience(matrix: PairMatrix) -> Array:
    """clip(years in the occupation's family / experience_years, 0, 1); NaN for an unknown family."""
    domain = matrix.openings.domain
    years = matrix.seekers.years[:, np.maximum(domain, 0)]
    share = np.clip(years / matrix.goalposts.experience_years, 0, 1)
    return np.where(domain[None, :] >= 0, share, np.nan).astype(np.float32)


def readiness(matrix: PairMatrix) -> Array:
    """min(1, plan steps done in the last 180 days ÷ 3), 0 without a plan; the same for every job."""
    return np.repeat(matrix.seekers.readiness[:, None], matrix.shape[1], axis=1)


def travel_gain(minutes: npt.NDArray[np.floating], limit: float) -> Array:
    """The travel factor of ``minutes``: 1 at the door, 0 from ``limit`` on (E2SFCA's Gaussian decay)."""
    edge = np.exp(-0.5)
    gain = (np.exp(-0.5 * np.square(minutes / limit)) - edge) / (1 - edge)
    return np.where(minutes > limit, np.float32(0), gain).astype(np.float32)


def pay_gain(
    offer: npt.NDArray[np.floating], reserve: npt.NDArray[np.floating], target: npt.NDArray[np.floating]
) -> Array:
    """The pay factor of an offer for someone who accepts ``reserve`` and hopes for ``target``; shapes broadcast."""
    hoped = np.fmax(target, reserve)
    known = np.isfinite(offer) & np.isfinite(reserve)
    room = np.where(hoped > reserve, hoped - reserve, 1)
    share = np.where(hoped > reserve, np.clip((offer - reserve) / room, 0, 1), offer >= reserve)
    return np.where(known, share, np.nan).astype(np.float32)


FACTORS: tuple[Factor, ...] = (
    Factor(
        code="skills",
        label=N_("Skills"),
        colour=palette.FACTORS[0],
        formula=N_("Σ importance × min(1, level ÷ required level) ÷ Σ importance"),
        unit=N_("levels 0–4, importance 1–5"),
        source=N_("skill portrait"),
        side=Side.EMPLOYER,
        missing=N_("complete the skill portrait"),
        compute=skills,
    ),
    Factor(
        code="travel",
        label=N_("Travel"),
        colour=palette.FACTORS[1],
        formula=N_("bell-shaped decay: 1 at the door, 0 from {travel} minutes on"),
        unit=N_("minutes one way"),
        source=N_("job map"),
        side=Side.PERSON,
        missing=N_("find out the home address or place of work"),
        compute=travel,
    ),
    Factor(
        code="hours",
        label=N_("Working hours"),
        colour=palette.FACTORS[2],
        formula=N_("available hours inside the shift ÷ hours of the shift"),
        unit=N_("hours a week"),
        source=N_("home visit"),
        side=Side.PERSON,
        missing=N_("ask for available days and hours"),
        compute=hours,
    ),
    Factor(
        code="pay",
        label=N_("Pay"),
        colour=palette.FACTORS[3],
        formula=N_("(offer − lowest acceptable) ÷ (hoped for − lowest acceptable), within 0–1"),
        unit=N_("yuan a month"),
        source=N_("visit, opening"),
        side=Side.PERSON,
        missing=N_("ask for the lowest acceptable pay"),
        compute=pay,
    ),
    Factor(
        code="intent",
        label=N_("Intent"),
        colour=palette.FACTORS[4],
        formula=N_("1st, 2nd, 3rd wish or not named = 1, 0.75, 0.5, 0.25; halved every {half_life} days"),
        unit=N_("wish, days since stated"),
        source=N_("home visit"),
        side=Side.PERSON,
        missing=N_("ask for wished occupations"),
        compute=intent,
    ),
    Factor(
        code="experience",
        label=N_("Experience"),
        colour=palette.FACTORS[5],
        formula=N_("years in the same occupation family ÷ {years}, at most 1"),
        unit=N_("years of experience"),
        source=N_("work history"),
        side=Side.EMPLOYER,
        missing=N_("ask for the work history"),
        compute=experience,
    ),
    Factor(
        code="readiness",
        label=N_("Readiness"),
        colour=palette.FACTORS[6],
        formula=N_("plan steps done in the last {readiness_days} days ÷ {readiness_steps}, at most 1"),
        unit=N_("steps done"),
        source=N_("one plan per person"),
        side=Side.EMPLOYER,
        missing=N_("make a plan with the person"),
        compute=readiness,
    ),
)
CODES = tuple(factor.code for factor in FACTORS)


def factors(matrix: PairMatrix) -> Array:
    """Every factor of every pair: float32, shape (7, n, m), 0..1, NaN = unknown."""
    return np.stack([factor.compute(matrix) for factor in FACTORS])
