"""Hard limits: what rules a pair out, separate from the score. Unknown is not failed: the pair goes to "to verify".

A limit that a person did not state is none; it is unknown when it is stated but the other side's fact is not.

``check(block)`` → int8 (limits, n, m): PASS, UNKNOWN or FAIL in the order of ``LIMITS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.locale import N_
from core.matching.inputs.factors import hours as hours_factor
from core.matching.inputs.goalposts import CERTIFICATE
from core.matching.inputs.matching_pool import PairMatrix
from core.terms import AccommodationKind, Evidence

__all__ = [
    "FAIL",
    "LIMITS",
    "PASS",
    "UNKNOWN",
    "Limit",
    "Screen",
    "check",
    "missing_essentials",
    "removal_counts",
    "screen",
]

States = npt.NDArray[np.int8]
PASS, UNKNOWN, FAIL = 1, 0, -1
NEEDS = list(AccommodationKind)


@dataclass(frozen=True)
class Limit:
    """One hard limit. ``reason`` and ``verify`` are sentences with placeholders that ``core.matching.reasons`` fills."""

    code: str
    label: str
    reason: str  # when it fails
    verify: str  # when it is unknown
    check: Callable[[PairMatrix], States]


def _states(fails: npt.ArrayLike, unknown: npt.ArrayLike, shape: tuple[int, int]) -> States:
    """FAIL where ``fails``, else UNKNOWN where ``unknown``, else PASS; both broadcast to ``shape``."""
    states = np.full(shape, PASS, dtype=np.int8)
    states[np.broadcast_to(np.asarray(unknown, dtype=bool), shape)] = UNKNOWN
    states[np.broadcast_to(np.asarray(fails, dtype=bool), shape)] = FAIL
    return states


def _need(kind: AccommodationKind, column: str, required: int) -> Callable[[PairMatrix], States]:
    """A limit of the person's own: jobs must have ``required`` in ``column``; work at home has no stairs."""

    def check_need(matrix: PairMatrix) -> States:
        has = matrix.seekers.needs[:, NEEDS.index(kind), None]
        says = getattr(matrix.openings, column)[None, :]
        if kind is AccommodationKind.STEP_FREE:
            says = np.where(matrix.openings.home_work[None, :] == 1, required, says)
        return _states(has & (says == 1 - required), has & (says == -1), matrix.shape)

    return check_need


def certificate(matrix: PairMatrix) -> States:
    """A legally required certificate must be on record; a self-reported skill may have one: verify."""
    fails, unknown = np.zeros(matrix.shape, dtype=bool), np.zeros(matrix.shape, dtype=bool)
    for k in np.flatnonzero(matrix.openings.certificate.any(axis=0)):
        asked = matrix.openings.certificate[None, :, k]
        proof = matrix.seekers.evidence[:, k, None]
        open_question = (proof == Evidence.SELF_REPORT.order) | ~matrix.seekers.portrait[:, None]
        lacking = asked & (proof < CERTIFICATE.order)
        unknown |= lacking & open_question
        fails |= lacking & ~open_question
    return _states(fails, unknown, matrix.shape)


def essential_skills(matrix: PairMatrix) -> States:
    """Essential skills at their level, unless the job trains; unknown without a portrait."""
    lacking = np.zeros(matrix.shape, dtype=bool)
    essential = matrix.openings.essential & ~matrix.openings.trains[:, None]
    for k in np.flatnonzero(essential.any(axis=0)):
        asking = np.flatnonzero(essential[:, k])
        lacking[:, asking] |= matrix.seekers.level[:, k, None] < matrix.openings.level[None, asking, k]
    known = matrix.seekers.portrait[:, None]
    return _states(lacking & known, lacking & ~known, matrix.shape)


def missing_essentials(matrix: PairMatrix) -> list[tuple[int, npt.NDArray[np.bool_]]]:
    """(skill position, (n, m) True where an essential skill is below its level) for jobs that don't train."""
    essential = matrix.openings.essential & ~matrix.openings.trains[:, None]
    missing = []
    for k in np.flatnonzero(essential.any(axis=0)):
        short = matrix.seekers.level[:, k, None] < matrix.openings.level[None, :, k]
        missing.append((int(k), short & essential[None, :, k]))
    return missing


def home_work(matrix: PairMatrix) -> States:
    """Work done at home only for people who accept it."""
    ok = matrix.seekers.home_ok[:, None]
    at_home = matrix.openings.home_based[None, :]
    willing = matrix.seekers.needs[:, NEEDS.index(AccommodationKind.HOME_ONLY), None]
    return _states(at_home & (ok == 0) & ~willing, at_home & (ok == -1) & ~willing, matrix.shape)


def hours(matrix: PairMatrix) -> States:
    """Time for at least the set share of the shift; someone who named no hours has no limit."""
    share = hours_factor(matrix)
    stated = np.isfinite(matrix.seekers.start)[:, None]
    return _states(share < matrix.goalposts.min_hours_share, stated & np.isnan(share), matrix.shape)


def commute(matrix: PairMatrix) -> States:
    """Not longer than the person accepts; someone who named no limit has none."""
    limit = matrix.seekers.max_commute[:, None]
    return _states(matrix.minutes > limit, np.isfinite(limit) & np.isnan(matrix.minutes), matrix.shape)


def pay_floor(matrix: PairMatrix) -> States:
    """The legal minimum of the day."""
    legal = matrix.openings.pay_legal[None, :]
    return _states(legal == 0, legal == -1, matrix.shape)


def reserve_pay(matrix: PairMatrix) -> States:
    """The highest stated pay reaches what the person accepts at least; someone who named nothing has no limit."""
    best, reserve = matrix.openings.pay_high[None, :], matrix.seekers.reserve[:, None]
    return _states(best < reserve, np.isnan(best) & np.isfinite(reserve), matrix.shape)


def refused(matrix: PairMatrix) -> States:
    """A declined or unsuccessful pair is not offered again."""
    return _states(matrix.refused, False, matrix.shape)


def seats(matrix: PairMatrix) -> States:
    """A seat is left and the closing date is not past."""
    closed = (matrix.openings.seats <= 0) | matrix.openings.past_closing
    return _states(closed[None, :], False, matrix.shape)


def recently_confirmed(matrix: PairMatrix) -> States:
    """The employer confirmed the opening within the set number of days."""
    days = matrix.openings.days_unconfirmed[None, :]
    return _states(days > matrix.goalposts.stale_days, np.isnan(days), matrix.shape)


K = AccommodationKind
LIMITS: tuple[Limit, ...] = (
    Limit(
        "certificate",
        N_("Required certificate"),
        N_("lacks the legally required certificate: {skills}"),
        N_("check the legally required certificate: {skills}"),
        certificate,
    ),
    Limit(
        "essential_skills",
        N_("Essential skills"),
        N_("lacks essential skills: {skills}"),
        N_("no skill portrait yet; essential: {skills}"),
        essential_skills,
    ),
    Limit(
        "seated",
        N_("Seated work"),
        N_("needs seated work; this job is not seated"),
        N_("needs seated work; ask the employer"),
        _need(K.SEATED, "seated", 1),
    ),
    Limit(
        "lifting",
        N_("No lifting"),
        N_("can't lift; this job needs lifting"),
        N_("can't lift; ask the employer about lifting"),
        _need(K.NO_LIFTING, "lifting", 0),
    ),
    Limit(
        "step_free",
        N_("Step-free access"),
        N_("needs step-free access; this place has none"),
        N_("needs step-free access; ask the employer"),
        _need(K.STEP_FREE, "step_free", 1),
    ),
    Limit(
        "nights",
        N_("No night work"),
        N_("does no night work; this job has nights"),
        N_("does no night work; ask the employer"),
        _need(K.NO_NIGHTS, "nights", 0),
    ),
    Limit(
        "home_only",
        N_("Work at home only"),
        N_("can work at home only; this job can't be done at home"),
        N_("can work at home only; ask the employer"),
        _need(K.HOME_ONLY, "home_work", 1),
    ),
    Limit(
        "home_work",
        N_("Home work accepted"),
        N_("does not accept home or piece work"),
        N_("ask whether home or piece work is accepted"),
        home_work,
    ),
    Limit(
        "hours",
        N_("Available hours"),
        N_("has time for {share} of the shift, at least {needed} needed"),
        N_("shift unknown; available hours are limited"),
        hours,
    ),
    Limit(
        "commute",
        N_("Longest commute"),
        N_("{minutes} minutes one way, longest accepted {limit}"),
        N_("position unknown, longest commute {limit} minutes"),
        commute,
    ),
    Limit(
        "reserve_pay",
        N_("Lowest acceptable pay"),
        N_("pays at most {offer} yuan a month, lowest acceptable {reserve}"),
        N_("pay not stated, lowest acceptable {reserve} yuan a month"),
        reserve_pay,
    ),
    Limit(
        "refused",
        N_("Not refused before"),
        N_("this pair ended before: {state}"),
        N_("this pair ended before: {state}"),
        refused,
    ),
    Limit(
        "pay_floor",
        N_("Legal minimum pay"),
        N_("pays {paid} {unit}, below the legal minimum of {floor}"),
        N_("pay not stated; compare with the legal minimum"),
        pay_floor,
    ),
    Limit(
        "seats",
        N_("Seat left"),
        N_("no seat left or past the closing date"),
        N_("no seat left or past the closing date"),
        seats,
    ),
    Limit(
        "fresh",
        N_("Confirmed opening"),
        N_("not confirmed by the employer for {days} days"),
        N_("never confirmed by the employer"),
        recently_confirmed,
    ),
)


@dataclass(frozen=True, eq=False)
class Screen:
    """What the limits say of every pair: ``states`` (limits, n, m) and the verdict (n, m) of the worst of them."""

    states: States
    verdict: States

    @property
    def passed(self) -> npt.NDArray[np.bool_]:
        return np.equal(self.verdict, PASS)


def check(matrix: PairMatrix) -> States:
    """The state of every limit for every pair, int8 (limits, n, m)."""
    return np.stack([limit.check(matrix) for limit in LIMITS])


def screen(matrix: PairMatrix) -> Screen:
    """Check every limit; a pair passes when all pass, fails when any fails, else it is to verify."""
    states = check(matrix)
    return Screen(states, states.min(axis=0, initial=PASS))


def removal_counts(states: States) -> pd.DataFrame:
    """Of pairs (limits, p): how many each limit removes, how many it *alone* removes, and how many wait for it.

    Columns: code, label, removes, only, to_verify; one row a limit, in their order.
    """
    fails = states == FAIL
    single = fails.sum(axis=0) == 1
    return pd.DataFrame(
        {
            "code": [limit.code for limit in LIMITS],
            "label": [limit.label for limit in LIMITS],
            "removes": fails.sum(axis=1),
            "only": (fails & single).sum(axis=1),
            "to_verify": ((states == UNKNOWN) & ~fails.any(axis=0)).sum(axis=1),
        }
    )
