"""What would open work, in sentences: changes of a person, requirements of an opening."""

from __future__ import annotations

from typing import Any

import pandas as pd

from core.locale import N_, Translator
from core.matching.inputs.limits import LIMITS
from core.matching.inputs.matching_pool import MatchingPool
from core.matching.opportunities.requirement_price import Requirement
from core.matching.opportunities.single_change import Change
from core.matching.reasons import skill_name

__all__ = ["change_sentence", "requirement_label"]

SENTENCES = {
    Change.VISIT: N_("Find out at a visit: {limit}"),
    Change.CALL: N_("Ask the employer: {limit}"),
    Change.TRAVEL: N_("Accept {minutes} minutes one way instead of {accepted}"),
    Change.COURSE: N_("One course: {skill}"),
    Change.CONCESSION: N_("Ask the employer: {change}"),
}


def change_sentence(pool: MatchingPool, row: Any, tr: Translator) -> str:
    """The change of a row of ``single_change.Changes.table``, in words; empty where none helps."""
    if pd.isna(row.change):
        return ""
    limit = LIMITS[int(row.limit)]
    return tr(
        SENTENCES[Change.of(row.change)],
        limit=tr(limit.label),
        minutes="" if pd.isna(row.minutes) else tr.number(float(row.minutes)),
        accepted=tr.number(float(pool.seekers.max_commute[int(row.person)])) if row.change == Change.TRAVEL else "",
        skill=skill_name(pool, int(row.skill), tr) if row.skill >= 0 else "",
        change=tr(RELAXED.get(limit.code, limit.label)),
    )


def requirement_label(pool: MatchingPool, requirement: Requirement, tr: Translator) -> str:
    """'Without: no lifting', 'Without skill: sewing', 'Shift: 09:00–16:00'."""
    if requirement.shift is not None:
        return tr("Shift changed to {shift}", shift=tr.term(requirement.shift))
    if requirement.skill is not None:
        skill = skill_name(pool, requirement.skill, tr)
        if requirement.code == "certificate":
            return tr("Without the certificate: {skill}", skill=skill)
        return tr("Without the skill: {skill}", skill=skill)
    return tr(RELAXED[requirement.code])


RELAXED = {
    "seated": N_("Work arranged seated"),
    "lifting": N_("Work without lifting"),
    "step_free": N_("Step-free place of work"),
    "nights": N_("Shifts without nights"),
    "home_only": N_("Work that can be done at home"),
    "reserve_pay": N_("Pay that everyone accepts"),
    "pay_floor": N_("Pay at the legal minimum"),
    "fresh": N_("Opening confirmed"),
    "hours": N_("Shifts that fit the hours available"),
}
