"""A review round from opening to frozen result; every step is a command with its audit rows.

open → scored → proposed → decided → frozen. A step that does not fit the round's state, its panel or its evidence is
refused with a code (``REFUSALS``); a step that carries an old version of the round raises ``Conflict``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from core.enterprises import queries
from core.enterprises.assessment import BREACHES
from core.enterprises.rounds.proposal import CaseInputs, Proposal, propose, round_inputs
from core.enterprises.rules import Rules, rules_on
from core.locale import N_, bureau_day
from core.store.commands import Change, CodeRefused, NotFound
from core.store.schema import (
    Assessment,
    AssessmentMonitoring,
    AssessmentScore,
    ReviewCase,
    ReviewExclusion,
    ReviewJudge,
    ReviewMark,
    ReviewRound,
)
from core.terms import EvidenceSource, Pillar, RoundState, Tier, TierCause

__all__ = [
    "REFUSALS",
    "Compliance",
    "Refused",
    "ThirdParty",
    "close_decisions",
    "close_scoring",
    "decide",
    "exclude_judge",
    "freeze_round",
    "mark",
    "open_round",
    "propose_tiers",
    "record_compliance",
    "record_third_party",
    "reopen_scoring",
]

REFUSALS = {
    "few_judges": N_("A panel needs at least {n} judges."),
    "no_enterprises": N_("A round needs at least one enterprise."),
    "no_period": N_("A round needs a name."),
    "same_period": N_("There is a round of this name already."),
    "reviewed": N_("One of the enterprises has a review of this day or later on file."),
    "future": N_("A period that has not ended cannot be reviewed."),
    "state": N_("The round is not at this step."),
    "not_on_panel": N_("Only the members of the panel give marks."),
    "excluded": N_("A judge with a conflict of interest does not mark this enterprise."),
    "gate": N_("After a compliance breach no tier but the lowest can be decided."),
    "reason": N_("Give a reason."),
    "incomplete": N_("Not every enterprise has enough complete marks; confirm to go on without."),
    "marks": N_("A mark is a number from 0 to 100."),
    "dates": N_("The assessment needs its day; it cannot lapse before it was made."),
    "next_on": N_("The next review comes after this one."),
}


class Refused(CodeRefused):
    """A step that does not fit."""

    sentences = REFUSALS


@dataclass(frozen=True)
class ThirdParty:
    """A third-party assessment: who, when, until when it counts, one value 0..1 a pillar that it covers."""

    assessor: str
    assessed_on: date
    valid_until: date | None
    note: str
    values: Mapping[Pillar, float]


@dataclass(frozen=True)
class Compliance:
    """Breaches that were established, with the evidence for them or for their absence."""

    breaches: Collection[str]  # of ``assessment.BREACHES``
    note: str


def open_round(
    change: Change, period: str, ends_on: date, judges: Sequence[str], employers: Collection[int], today: date
) -> int:
    """Open a round over the period that ended on ``ends_on``; returns its id.

    Refused with fewer judges than the rules ask, without enterprises, or where a review of that day or later is on file.
    """
    rules = _rules(change, ends_on)
    panel = list(dict.fromkeys(name.strip() for name in judges if name.strip()))
    if len(panel) < rules.min_judges:
        raise Refused("few_judges", n=rules.min_judges)
    if not employers:
        raise Refused("no_enterprises")
    if not period.strip():
        raise Refused("no_period")
    if ends_on > today:
        raise Refused("future")
    if change.session.scalar(select(ReviewRound.id).where(ReviewRound.period == period.strip())) is not None:
        raise Refused("same_period")
    later = select(Assessment.id).where(Assessment.employer_id.in_(employers), Assessment.reviewed_on >= ends_on)
    if change.session.scalar(later.limit(1)) is not None:
        raise Refused("reviewed")
    opened = ReviewRound(
        period=period.strip(),
        ends_on=ends_on,
        state=RoundState.OPEN,
        opened_on=bureau_day(change.at),
        opened_by=change.actor,
    )
    key = int(change.add(opened))
    change.add_all(ReviewJudge, [{"round_id": key, "judge": name} for name in panel])
    blank = dict.fromkeys(BREACHES, False)
    change.add_all(ReviewCase, [{"round_id": key, "employer_id": e, "version": 1, **blank} for e in sorted(employers)])
    return key


def exclude_judge(change: Change, case_id: int, judge: str, reason: str) -> None:
    """Declare a conflict of interest: ``judge`` does not mark this enterprise; marks on file are left out."""
    case = _case(change, case_id, RoundState.OPEN)
    if judge not in _panel(change, case.round_id):
        raise Refused("not_on_panel")
    if not reason.strip():
        raise Refused("reason")
    if judge not in _excluded(change, case_id):
        change.add(ReviewExclusion(case_id=case_id, judge=judge, reason=reason.strip()[:200], declared_by=change.actor))


def mark(change: Change, case_id: int, values: Mapping[Pillar, float], note: str = "") -> None:
    """The marks (0..1) of ``change.actor`` for one enterprise; marks that they gave before are replaced."""
    case = _case(change, case_id, RoundState.OPEN)
    if change.actor not in _panel(change, case.round_id):
        raise Refused("not_on_panel")
    if change.actor in _excluded(change, case_id):
        raise Refused("excluded")
    _store_marks(change, case_id, EvidenceSource.PANEL, change.actor, values, note)


def record_third_party(change: Change, case_id: int, given: ThirdParty, version: int) -> None:
    """The third party's assessment of one enterprise, before the proposal is computed."""
    case = _case(change, case_id, RoundState.OPEN, RoundState.SCORED)
    if not given.assessor.strip() or (given.valid_until is not None and given.valid_until < given.assessed_on):
        raise Refused("dates")
    change.edit(
        ReviewCase,
        case.id,
        {
            "assessor": given.assessor.strip()[:80],
            "assessed_on": given.assessed_on,
            "valid_until": given.valid_until,
            "assessment_note": given.note.strip()[:200] or None,
        },
        version=version,
    )
    _store_marks(change, case_id, EvidenceSource.THIRD_PARTY, "", given.values, "")


def record_compliance(change: Change, case_id: int, given: Compliance, version: int) -> None:
    """Breaches of one enterprise with their evidence, before the proposal is computed; a breach needs a note."""
    case = _case(change, case_id, RoundState.OPEN, RoundState.SCORED)
    if given.breaches and not given.note.strip():
        raise Refused("reason")
    values: dict[str, Any] = {name: name in given.breaches for name in BREACHES}
    change.edit(ReviewCase, case.id, values | {"compliance_note": given.note.strip()[:200] or None}, version=version)


def close_scoring(change: Change, round_id: int, version: int, *, accept_incomplete: bool = False) -> None:
    """End the panel's scoring; from then on everyone sees all marks.

    Refused ("incomplete") where an enterprise has fewer complete sets of marks than the rules ask, unless accepted: then it
    has no panel value.
    """
    opened = _round(change, round_id, RoundState.OPEN)
    if not accept_incomplete and incomplete_cases(change, round_id, _rules(change, opened.ends_on)):
        raise Refused("incomplete")
    values = {"state": RoundState.SCORED, "closed_on": bureau_day(change.at)}
    change.edit(ReviewRound, round_id, values, version=version)


def incomplete_cases(change: Change, round_id: int, rules: Rules) -> list[int]:
    """Enterprises (ids) for which fewer than ``rules.min_judges`` judges have marked every pillar."""
    given = queries.marks_given(change.session.connection())
    complete = given[given["n"] == len(Pillar)].groupby("case_id").size()
    cases = change.session.execute(
        select(ReviewCase.id, ReviewCase.employer_id).where(ReviewCase.round_id == round_id).order_by(ReviewCase.id)
    )
    return [employer for key, employer in cases if int(complete.get(key, 0)) < rules.min_judges]


def reopen_scoring(change: Change, round_id: int, version: int, reason: str) -> None:
    """Let a closed panel score again, with a reason; the proposal and decisions on single enterprises fall away. Not after
    the decisions were ended.
    """
    reopened = _round(change, round_id, RoundState.SCORED, RoundState.PROPOSED)
    if not reason.strip():
        raise Refused("reason")
    for case in change.session.scalars(select(ReviewCase).where(ReviewCase.round_id == round_id)).all():
        change.edit(ReviewCase, case.id, {"tier": None, "reason": None, "decided_by": None})
    note = f"{reopened.reopened_for}; {reason.strip()}" if reopened.reopened_for else reason.strip()
    values: dict[str, Any] = {
        "state": RoundState.OPEN,
        "closed_on": None,
        "rules": None,
        "inputs": None,
        "results": None,
    }
    values["reopened_for"] = note[:200]
    change.edit(ReviewRound, round_id, values, version=version)


def propose_tiers(change: Change, round_id: int, version: int) -> list[Proposal]:
    """Compute the proposal from the rows and keep inputs, rules and results with the round."""
    scored = _round(change, round_id, RoundState.SCORED)
    rules = _rules(change, scored.ends_on)
    inputs = round_inputs(change.session.connection(), round_id)
    proposals = propose(inputs, rules)
    values = {
        "state": RoundState.PROPOSED,
        "rules": rules.to_json(),
        "inputs": [case.to_json() for case in inputs],
        "results": [p.to_json() for p in proposals],
    }
    change.edit(ReviewRound, round_id, values, version=version)
    return proposals


def decide(change: Change, case_id: int, tier: Tier, reason: str, version: int) -> None:
    """Decide the tier of one enterprise; a reason is needed where it differs from the proposal, and a
    breach leaves no choice.
    """
    case = _case(change, case_id, RoundState.PROPOSED)
    proposed = _proposed(change, case.round_id)[case.employer_id]
    if tier is not proposed and any(getattr(case, name) for name in BREACHES):
        raise Refused("gate")
    if tier is not proposed and not reason.strip():
        raise Refused("reason")
    values = {"tier": tier, "reason": reason.strip()[:200] or None, "decided_by": change.actor}
    change.edit(ReviewCase, case_id, values, version=version)


def close_decisions(change: Change, round_id: int, version: int) -> None:
    """End the decisions; enterprises without one of their own get the proposed tier."""
    _round(change, round_id, RoundState.PROPOSED)
    proposed = _proposed(change, round_id)
    for case in change.session.scalars(select(ReviewCase).where(ReviewCase.round_id == round_id)).all():
        if case.tier is None:
            change.edit(ReviewCase, case.id, {"tier": proposed[case.employer_id], "decided_by": change.actor})
    change.edit(ReviewRound, round_id, {"state": RoundState.DECIDED}, version=version)


def freeze_round(change: Change, round_id: int, next_on: date, version: int) -> int:
    """Write the round into the history of its enterprises, with marks and monitored figures; returns how many.

    From then on it is never computed again: the board reads what was frozen.
    """
    decided = _round(change, round_id, RoundState.DECIDED)
    if next_on <= decided.ends_on:
        raise Refused("next_on")
    assert decided.inputs is not None
    assert decided.results is not None
    assert decided.rules is not None
    results = {int(r["employer_id"]): r for r in decided.results}
    inputs = {int(i["employer_id"]): CaseInputs.from_json(i) for i in decided.inputs}
    proposed, today = _proposed(change, round_id), bureau_day(change.at)
    rows = change.session.scalars(select(ReviewCase).where(ReviewCase.round_id == round_id)).all()
    for case in rows:
        index, own = results[case.employer_id]["index"], inputs[case.employer_id]
        is_manual = case.tier is not proposed[case.employer_id]
        cause = TierCause.MANUAL if is_manual else TierCause.of(results[case.employer_id]["after"]["cause"])
        values: dict[str, Any] = {
            "round_id": round_id,
            "next_review_on": next_on,
            "score": None if index is None else round(index, 1),
            "tier": case.tier,
            "cause": cause,
            "reason": case.reason,
            "decided_by": case.decided_by,
            "method_version": str(decided.rules["version"])[:20],
            **{name: getattr(case, name) for name in BREACHES},
        }
        same_day = select(Assessment.id).where(
            Assessment.employer_id == case.employer_id, Assessment.reviewed_on == decided.ends_on
        )
        review = change.session.scalar(same_day)
        if review is None:
            row = Assessment(employer_id=case.employer_id, reviewed_on=decided.ends_on, **values)
            review = int(change.add(row))
        else:  # a decision of that day: replaced, and kept in the audit
            change.edit(Assessment, review, values)
        _write_evidence(change, review, own, today)
    change.edit(
        ReviewRound,
        round_id,
        {"state": RoundState.FROZEN, "frozen_on": today, "next_on": next_on},
        version=version,
    )
    return len(rows)


def _write_evidence(change: Change, review: int, own: CaseInputs, today: date) -> None:
    """Marks, third-party values and monitored figures of one review."""
    panel = [
        {"pillar": pillar, "source": EvidenceSource.PANEL, "judge": judge, "value": value}
        for pillar, given in own.panel.items()
        for judge, value in given.items()
    ]
    third = [
        {"pillar": pillar, "source": EvidenceSource.THIRD_PARTY, "judge": "", "value": value}
        for pillar, value in own.third.items()
    ]
    change.add_all(AssessmentScore, [{"assessment_id": review, **row} for row in panel + third])
    figures = [
        {"indicator": code, "value": value, "low": low, "high": high}
        for code, (value, low, high) in own.monitoring.items()
    ]
    change.add_all(AssessmentMonitoring, [{"assessment_id": review, "frozen_on": today, **row} for row in figures])


def _store_marks(
    change: Change, case_id: int, source: EvidenceSource, judge: str, values: Mapping[Pillar, float], note: str
) -> None:
    if any(not 0 <= value <= 1 for value in values.values()):
        raise Refused("marks")
    own = select(ReviewMark).where(
        ReviewMark.case_id == case_id, ReviewMark.source == source, ReviewMark.judge == judge
    )
    known = {row.pillar: row.id for row in change.session.scalars(own)}
    for pillar, value in values.items():
        new = {"value": float(value), "note": note.strip()[:200] or None}
        if pillar in known:
            change.edit(ReviewMark, known[pillar], new)
        else:
            change.add(ReviewMark(case_id=case_id, pillar=pillar, source=source, judge=judge, **new))


def _rules(change: Change, day: date) -> Rules:
    return rules_on(queries.rules(change.session.connection()), day)


def _round(change: Change, round_id: int, *states: RoundState) -> ReviewRound:
    """The round, which must be in one of ``states``."""
    row = change.session.get(ReviewRound, round_id)
    if row is None:
        raise NotFound(f"review_round {round_id}")
    if row.state not in states:
        raise Refused("state")
    return row


def _case(change: Change, case_id: int, *states: RoundState) -> ReviewCase:
    """The enterprise in its round, which must be in one of ``states``."""
    row = change.session.get(ReviewCase, case_id)
    if row is None:
        raise NotFound(f"review_case {case_id}")
    _round(change, row.round_id, *states)
    return row


def _panel(change: Change, round_id: int) -> set[str]:
    return set(change.session.scalars(select(ReviewJudge.judge).where(ReviewJudge.round_id == round_id)))


def _excluded(change: Change, case_id: int) -> set[str]:
    return set(change.session.scalars(select(ReviewExclusion.judge).where(ReviewExclusion.case_id == case_id)))


def _proposed(change: Change, round_id: int) -> dict[int, Tier]:
    """The proposed tier by enterprise."""
    results = change.session.scalar(select(ReviewRound.results).where(ReviewRound.id == round_id)) or []
    return {int(r["employer_id"]): list(Tier)[int(r["after"]["level"])] for r in results}
