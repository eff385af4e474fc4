"""What was learnt at a visit, as structured facts: it lands in portrait, wishes, limits and matching with the visit itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from core.store.commands import Change
from core.store.schema import Accommodation, Hardship, Intention, Person, PersonSkill
from core.terms import AccommodationKind, Evidence, HardshipKind

__all__ = ["Findings", "LearntSkill", "save_findings", "save_intention"]


@dataclass(frozen=True)
class LearntSkill:
    """A skill as it was told or shown at a visit: ``level`` 1..4 and on what it rests."""

    skill: str
    level: int
    evidence: Evidence = Evidence.SELF_REPORT


@dataclass(frozen=True)
class Findings:
    """Facts of one visit. ``None`` and empty: not asked, what is on record stays."""

    intention: Mapping[str, Any] = field(default_factory=dict)  # columns of ``Intention``
    limits: frozenset[AccommodationKind] | None = None  # all limits at work; an empty set: none any more
    skills: Sequence[LearntSkill] = ()
    hardships: Mapping[HardshipKind, date | None] = field(default_factory=dict)  # kind → end of the proof
    consent: bool | None = None  # given, or withdrawn


def save_findings(change: Change, person_id: int, findings: Findings, day: date) -> None:
    """Write what was learnt on ``day`` inside the command of the visit.

    A skill replaces what is on record unless that rests on stronger evidence: a self-report never lowers a certificate.
    """
    save_intention(change, person_id, findings.intention, day)
    if findings.limits is not None:
        _save_limits(change, person_id, findings.limits)
    for learnt in findings.skills:
        _save_skill(change, person_id, learnt, day)
    for kind, until in findings.hardships.items():
        _save_hardship(change, person_id, kind, until, day)
    if findings.consent is not None:
        dates = {"consent_on": day, "consent_withdrawn_on": None} if findings.consent else {"consent_withdrawn_on": day}
        change.edit(Person, person_id, dates)


def save_intention(change: Change, person_id: int, values: Mapping[str, Any], day: date) -> None:
    """What the person wants, stated on ``day``; nothing where ``values`` say what is on record."""
    if not values:
        return
    stored = change.session.scalar(select(Intention).where(Intention.person_id == person_id))
    if stored is None:
        change.add(Intention(person_id=person_id, stated_on=day, **values))
    elif any(getattr(stored, name) != value for name, value in values.items()):
        change.edit(Intention, stored.id, {**values, "stated_on": day})


def _save_limits(change: Change, person_id: int, limits: frozenset[AccommodationKind]) -> None:
    stored = change.session.scalars(select(Accommodation).where(Accommodation.person_id == person_id)).all()
    gone = [row for row in stored if row.kind not in limits]
    change.remove_all(Accommodation, [(row.id, {"person_id": person_id, "kind": row.kind}) for row in gone])
    for kind in sorted(limits - {row.kind for row in stored}, key=lambda kind: kind.order):
        change.add(Accommodation(person_id=person_id, kind=kind))


def _save_skill(change: Change, person_id: int, learnt: LearntSkill, day: date) -> None:
    own = select(PersonSkill).where(PersonSkill.person_id == person_id, PersonSkill.skill == learnt.skill)
    stored = change.session.scalar(own)
    values = {"level": learnt.level, "evidence": learnt.evidence, "acquired_on": day}
    if stored is None:
        change.add(PersonSkill(person_id=person_id, skill=learnt.skill, **values))
    elif stored.evidence.order <= learnt.evidence.order:
        change.edit(PersonSkill, stored.id, values)


def _save_hardship(change: Change, person_id: int, kind: HardshipKind, until: date | None, day: date) -> None:
    stored = change.session.scalar(select(Hardship).where(Hardship.person_id == person_id, Hardship.kind == kind))
    if stored is None:
        change.add(Hardship(person_id=person_id, kind=kind, since=day, until=until))
    else:
        change.edit(Hardship, stored.id, {"until": until})
