"""Sentences about one pair: which limits hold, fail or must be verified, and with which numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.jobs.shifts import available_grid, pattern, week_grid
from core.locale import N_, Translator
from core.matching.inputs.factors import hours
from core.matching.inputs.goalposts import CERTIFICATE
from core.matching.inputs.limits import FAIL, LIMITS, UNKNOWN, check
from core.matching.inputs.matching_pool import MatchingPool, PairMatrix
from core.terms import Evidence, ReferralState, Shift, SkillLevel

__all__ = [
    "Reason",
    "closing_course",
    "effort",
    "hours_grid",
    "needed_change",
    "reasons",
    "skill_comparison",
    "skill_name",
]

LEVELS = {level.grade: level for level in SkillLevel}


@dataclass(frozen=True)
class Reason:
    """What one limit says of a pair; ``sentence`` is empty where it passes."""

    code: str
    label: str
    state: int
    sentence: str


@dataclass(frozen=True)
class _Pair:
    """One person and one job of a pool, with their 1 × 1 block."""

    pool: MatchingPool
    matrix: PairMatrix
    job: dict[str, Any]
    referral: pd.DataFrame
    tr: Translator

    def number(self, value: Any, digits: int = 0) -> str:
        return "?" if pd.isna(value) else self.tr.number(float(value), digits)


def reasons(pool: MatchingPool, person: int, job: int, matrix: PairMatrix, tr: Translator) -> list[Reason]:
    """Every limit of the pair at positions (person, job); ``matrix`` is their 1 × 1 block."""
    states = check(matrix)[:, 0, 0]
    referral = pool.referrals[
        (pool.referrals["person_id"] == pool.seekers.ids[person]) & (pool.referrals["job_id"] == pool.openings.ids[job])
    ]
    pair = _Pair(pool, matrix, pool.jobs.iloc[job].to_dict(), referral, tr)
    return [
        Reason(
            limit.code,
            tr(limit.label),
            int(state),
            tr({FAIL: limit.reason, UNKNOWN: limit.verify}[int(state)], **VALUES.get(limit.code, _no_values)(pair))
            if state in (FAIL, UNKNOWN)
            else "",
        )
        for limit, state in zip(LIMITS, states, strict=True)
    ]


# What would lift a limit, the easiest first; None: nothing that anybody here can do.
CHANGES: dict[str, str | None] = {
    "fresh": N_("have the employer confirm the opening"),
    "commute": N_("accept a longer journey, or go by e-bike"),
    "hours": N_("find time for more of the shift"),
    "home_work": N_("accept home or piece work"),
    "reserve_pay": N_("accept this pay, or negotiate it"),
    "lifting": N_("have the work arranged without lifting"),
    "seated": N_("have the work arranged seated"),
    "nights": N_("agree on shifts without nights"),
    "essential_skills": N_("a course in the missing skills"),
    "certificate": N_("obtain the certificate"),
    "step_free": N_("have the place made step-free"),
    "home_only": N_("have the work brought home"),
    "pay_floor": N_("have the employer raise the pay to the legal minimum"),
    "seats": None,
    "refused": None,
}
EASE = {code: n for n, code in enumerate(CHANGES)}


def effort(failed: Sequence[Reason]) -> tuple[bool, int, int]:
    """Sort key of failed limits, cheapest change first: possible at all, how many changes, the hardest of them."""
    return (
        any(CHANGES[reason.code] is None for reason in failed),
        len(failed),
        max((EASE[reason.code] for reason in failed), default=0),
    )


def needed_change(failed: Sequence[Reason], tr: Translator) -> str:
    """What would lift all of these limits, in words; empty where nothing can."""
    changes = [CHANGES[reason.code] for reason in failed]
    return "" if None in changes else tr("; ").join(tr(change) for change in changes if change is not None)


def skill_name(pool: MatchingPool, k: int, tr: Translator) -> str:
    """Name of the k-th skill of the vocabulary."""
    return str(pool.skills["name_en" if tr.is_english else "name_zh"].iloc[k])


def skill_comparison(pool: MatchingPool, person: int, job: int, tr: Translator) -> pd.DataFrame:
    """The person's portrait against the job's requirements, most important first.

    Columns: code, skill, required, has (0..4), evidence, importance, essential, certificate, met (0..1); one row a
    required skill. ``has`` is NA without a portrait
    unless the skill itself is on record.
    """
    openings, people = pool.openings, pool.seekers
    asked = np.flatnonzero(openings.level[job] > 0)
    known = bool(people.portrait[person])
    labels = [member.label(tr.lang) for member in Evidence]
    has = people.level[person, asked].astype(int)
    proof = people.evidence[person, asked]
    table = pd.DataFrame(
        {
            "code": [str(pool.skills["code"].iloc[int(k)]) for k in asked],
            "skill": [skill_name(pool, int(k), tr) for k in asked],
            "required": openings.level[job, asked].astype(int),
            "has": pd.array(np.where(known | (proof >= 0), has, -1), dtype="Int64"),
            "evidence": [labels[e] if e >= 0 else "" for e in proof],
            "importance": openings.importance[job, asked].astype(int),
            "essential": openings.essential[job, asked],
            "certificate": openings.certificate[job, asked],
        }
    )
    table.loc[table["has"] < 0, "has"] = pd.NA
    table["met"] = (table["has"].astype("Float64") / table["required"]).clip(upper=1)
    return table.sort_values(["essential", "importance"], ascending=False, kind="stable").reset_index(drop=True)


def closing_course(courses: pd.DataFrame, skill: str, tr: Translator) -> str:
    """The course that teaches a skill, the one that starts soonest first; ``courses`` as in ``core.training.queries``."""
    teaching = courses[courses["skill"] == skill].sort_values(["starts_on", "course"], kind="stable")
    if teaching.empty:
        return tr("no course yet")
    best = teaching.iloc[0]
    if pd.isna(best["starts_on"]):
        return tr("{course}, no session planned", course=best["course"])
    return tr("{course}, from {day}", course=best["course"], day=tr.day(best["starts_on"].date()))


def hours_grid(pool: MatchingPool, person: int, job: int) -> pd.DataFrame | None:
    """Hour by hour of a week: day 0..6, hour 0..23, shift and available (share of the hour); None if one is unknown."""
    people, shift = pool.seekers, int(pool.openings.shift[job])
    if shift < 0 or np.isnan(people.start[person]) or np.isnan(people.end[person]):
        return None
    mine = available_grid(people.days[person], float(people.start[person]), float(people.end[person]))
    return pd.DataFrame(
        {
            "day": np.repeat(np.arange(7), 24),
            "hour": np.tile(np.arange(24), 7),
            "shift": week_grid(pattern(tuple(Shift)[shift])).ravel(),
            "available": mine.ravel(),
        }
    )


# -- values for the sentences -----------------------------------------------------------------------


def _no_values(pair: _Pair) -> dict[str, object]:  # noqa: ARG001
    return {}


def _skills(pair: _Pair, mask: Any) -> str:
    tr = pair.tr
    required_level = pair.matrix.openings.level[0]
    named = [
        tr("{skill} ({level})", skill=skill_name(pair.pool, int(k), tr), level=tr.term(LEVELS[int(required_level[k])]))
        for k in np.flatnonzero(mask)
    ]
    return tr(", ").join(named)


def _certificates(pair: _Pair) -> dict[str, object]:
    lacking = pair.matrix.openings.certificate[0] & (pair.matrix.seekers.evidence[0] < CERTIFICATE.order)
    return {"skills": _skills(pair, lacking)}


def _essentials(pair: _Pair) -> dict[str, object]:
    openings = pair.matrix.openings
    return {"skills": _skills(pair, openings.essential[0] & (pair.matrix.seekers.level[0] < openings.level[0]))}


def _hours(pair: _Pair) -> dict[str, object]:
    share = float(hours(pair.matrix)[0, 0])
    return {
        "share": "?" if np.isnan(share) else pair.tr.percent(share, 0),
        "needed": pair.tr.percent(pair.matrix.goalposts.min_hours_share, 0),
    }


def _commute(pair: _Pair) -> dict[str, object]:
    return {"minutes": pair.number(pair.matrix.minutes[0, 0]), "limit": pair.number(pair.matrix.seekers.max_commute[0])}


def _reserve(pair: _Pair) -> dict[str, object]:
    return {
        "offer": pair.number(pair.matrix.openings.pay_high[0]),
        "reserve": pair.number(pair.matrix.seekers.reserve[0]),
    }


def _refused(pair: _Pair) -> dict[str, object]:
    ended = ReferralState.parse(str(pair.referral["state"].iloc[-1])) if len(pair.referral) else None
    return {"state": pair.tr.term(ended or ReferralState.DECLINED)}


def _floor(pair: _Pair) -> dict[str, object]:
    job = pair.job
    return {
        "paid": pair.number(job["pay_compared"], 1),
        "floor": pair.number(job["pay_floor"]),
        "unit": pair.tr(str(job["pay_unit"])),
    }


def _fresh(pair: _Pair) -> dict[str, object]:
    return {"days": pair.number(pair.matrix.openings.days_unconfirmed[0])}


VALUES: dict[str, Callable[[_Pair], dict[str, object]]] = {
    "certificate": _certificates,
    "essential_skills": _essentials,
    "hours": _hours,
    "commute": _commute,
    "reserve_pay": _reserve,
    "refused": _refused,
    "pay_floor": _floor,
    "fresh": _fresh,
}
