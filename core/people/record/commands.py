"""Facts about a person by hand. What rests on a document or a proof is corrected or withdrawn with a stated reason.

with command(db, actor=access, action=Action.EDIT_PORTRAIT, at=now) as change:
    save_skill(change, 17, "K08", level=3, evidence=Evidence.TRAINING_CERTIFICATE, acquired_on=today, version=None, today=today)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from core.people.commands import AlreadyRegistered
from core.people.identity import IdNumber, id_hash
from core.people.merging.queries import number_is_taken
from core.store.commands import Change, Conflict, NotFound, ProblemRefused
from core.store.schema import (
    Accommodation,
    Base,
    Hardship,
    Intention,
    Person,
    PersonCorrection,
    PersonSkill,
    PersonStateSpell,
    Visit,
)
from core.terms import AccommodationKind, Evidence, HardshipKind, PersonState, Term

__all__ = [
    "DOCUMENT_FIELDS",
    "RecordProblem",
    "RecordRefused",
    "correct_documents",
    "correct_state",
    "note_reason",
    "remove_state",
    "remove_visit",
    "save_consent",
    "save_hardship",
    "save_limits",
    "save_skill",
    "save_wishes",
    "withdraw_hardship",
    "withdraw_skill",
]

DOCUMENT_FIELDS = frozenset({"birth_date", "sex", "registration", "disability"})
"""What ID card, household booklet and disability certificate say; the ID number is given as a whole."""


class RecordProblem(Term):
    """Why a fact is left as it is."""

    NO_REASON = "no_reason", "请填写更正原因", "a correction needs a reason"
    LOWERED = (
        "lowered",
        "等级或佐证低于已登记的，请填写更正原因",
        "level or evidence is lower than on record: give the reason",
    )
    SAME_DAY = "same_day", "当日已登记另一状态", "another state is recorded for this day"
    REPEATED = (
        "repeated",
        "与相邻状态相同，无需登记两次：多余的一条请按登记有误删除",
        "it would repeat the state beside it: take back the one too many as never having been",
    )
    LAST_STATE = "last_state", "至少保留一条状态", "one state at least has to stay"
    DAYS = "days", "结束日期早于开始日期", "the end is before the beginning"


class RecordRefused(ProblemRefused):
    """A rule of a person's record is broken; nothing is changed."""

    problem: RecordProblem


def correct_documents(
    change: Change,
    person_id: int,
    values: Mapping[str, Any],
    *,
    id_number: IdNumber | None = None,
    reason: str,
    version: int,
    today: date,
) -> None:
    """Correct what documents say of a person. An ID number sets date of birth and sex as well; only its hash is kept.

    RecordRefused without a reason, AlreadyRegistered where the number is somebody else's, Conflict, NotFound; ValueError
    for another field.
    """
    foreign = values.keys() - DOCUMENT_FIELDS
    if foreign:
        raise ValueError(f"not a fact of a document: {sorted(foreign)}")
    new = dict(values)
    if id_number is not None:
        hashed = id_hash(change.key, id_number.number)
        known = number_is_taken(change.session.connection(), hashed)
        if known not in (None, person_id):
            assert known is not None
            raise AlreadyRegistered(known)
        new |= {
            "id_hash": hashed,
            "id_last4": id_number.last_four,
            "birth_date": id_number.birth_date,
            "sex": id_number.sex,
        }
    change.check_person(person_id)
    stored = change.session.get_one(Person, person_id)
    changed = [name for name, value in new.items() if getattr(stored, name) != value]
    change.edit(Person, person_id, new, version=version)
    for name in changed:
        if name != "id_last4":
            note_reason(change, person_id, name, reason, today)


def save_wishes(change: Change, person_id: int, values: Mapping[str, Any], *, version: int | None, today: date) -> None:
    """Wishes, hours and pay as stated ``today``; ``version``: of the row that the form showed, None where there was none.

    Conflict, NotFound.
    """
    change.check_person(person_id)
    stored = change.session.scalar(select(Intention).where(Intention.person_id == person_id))
    if stored is None:
        change.add(Intention(person_id=person_id, stated_on=today, **values))
    else:
        _check_version(stored, version, values)
        change.edit(Intention, stored.id, {**values, "stated_on": today}, version=version)


def save_skill(
    change: Change,
    person_id: int,
    skill: str,
    *,
    level: int,
    evidence: Evidence,
    acquired_on: date | None,
    version: int | None,
    today: date,
    reason: str = "",
) -> None:
    """Add a skill or raise it; a lower level or weaker evidence than on record is a correction and needs a reason.

    ``version``: of the skill that the form showed, None for a new one. RecordRefused, Conflict, NotFound.
    """
    change.check_person(person_id)
    own = select(PersonSkill).where(PersonSkill.person_id == person_id, PersonSkill.skill == skill)
    stored = change.session.scalar(own)
    values = {"level": level, "evidence": evidence, "acquired_on": acquired_on}
    if stored is None:
        if version is not None:
            raise NotFound(f"{PersonSkill.__tablename__} of person {person_id}")
        change.add(PersonSkill(person_id=person_id, skill=skill, **values))
        return
    _check_version(stored, version, values)
    is_lower = level < stored.level or evidence.order < stored.evidence.order
    if is_lower and not reason.strip():
        raise RecordRefused(RecordProblem.LOWERED)
    change.edit(PersonSkill, stored.id, values, version=version)
    if is_lower:
        note_reason(change, person_id, PersonSkill.__tablename__, reason, today)


def withdraw_skill(change: Change, skill_id: int, *, version: int, reason: str, today: date) -> None:
    """Take a skill off the portrait; the log and the reason stay. RecordRefused, Conflict, NotFound."""
    _withdraw(change, PersonSkill, skill_id, version, reason, today)


def save_hardship(
    change: Change,
    person_id: int,
    kind: HardshipKind,
    *,
    since: date | None,
    until: date | None,
    proof: str,
    version: int | None,
) -> None:
    """A recognised hardship with its proof and the day on which that expires. RecordRefused, Conflict, NotFound."""
    change.check_person(person_id)
    if since is not None and until is not None and until < since:
        raise RecordRefused(RecordProblem.DAYS)
    stored = change.session.scalar(select(Hardship).where(Hardship.person_id == person_id, Hardship.kind == kind))
    values = {"since": since, "until": until, "proof": proof.strip() or None}
    if stored is None:
        change.add(Hardship(person_id=person_id, kind=kind, **values))
    else:
        _check_version(stored, version, values)
        change.edit(Hardship, stored.id, values, version=version)


def withdraw_hardship(change: Change, hardship_id: int, *, version: int, reason: str, today: date) -> None:
    """A hardship was never recognised. One that is over has an end instead. RecordRefused, Conflict, NotFound."""
    _withdraw(change, Hardship, hardship_id, version, reason, today)


def save_limits(
    change: Change,
    person_id: int,
    limits: frozenset[AccommodationKind],
    *,
    seen: frozenset[AccommodationKind],
) -> None:
    """The person's own limits at work; ``seen``: those that the form showed. Conflict, NotFound."""
    change.check_person(person_id)
    stored = change.session.scalars(select(Accommodation).where(Accommodation.person_id == person_id)).all()
    known = frozenset(row.kind for row in stored)
    if known != seen:
        raise Conflict(Accommodation.__tablename__, person_id, 0, {"kind": known}, {"kind": limits})
    gone = [row for row in stored if row.kind not in limits]
    change.remove_all(Accommodation, [(row.id, {"person_id": person_id, "kind": row.kind}) for row in gone])
    for kind in sorted(limits - known, key=lambda kind: kind.order):
        change.add(Accommodation(person_id=person_id, kind=kind))


def save_consent(change: Change, person_id: int, *, given: bool, on: date, version: int) -> None:
    """Consent to the keeping of the data, given or withdrawn on a day. RecordRefused, Conflict, NotFound."""
    change.check_person(person_id)
    stored = change.session.get_one(Person, person_id)
    if not given and stored.consent_on is not None and on < stored.consent_on:
        raise RecordRefused(RecordProblem.DAYS)
    values = {"consent_on": on, "consent_withdrawn_on": None} if given else {"consent_withdrawn_on": on}
    change.edit(Person, person_id, values, version=version)


def correct_state(
    change: Change, spell_id: int, *, state: PersonState, since: date, version: int, reason: str, today: date
) -> None:
    """A state of the past was another one, or began on another day. RecordRefused, also where two equal states would
    follow each other that did not before; Conflict, NotFound."""
    spell = _own(change, PersonStateSpell, spell_id)
    person_id = spell.person_id
    others = [row for row in _spells(change, person_id) if row is not spell]
    if any(row.since == since for row in others):
        raise RecordRefused(RecordProblem.SAME_DAY)
    days = {row.since: row.state for row in others}
    if _repeats(days | {since: state}) > _repeats(days | {spell.since: spell.state}):
        raise RecordRefused(RecordProblem.REPEATED)
    change.edit(PersonStateSpell, spell_id, {"state": state, "since": since}, version=version)
    note_reason(change, person_id, PersonStateSpell.__tablename__, reason, today)


def remove_state(change: Change, spell_id: int, *, version: int, reason: str, today: date) -> None:
    """A state never was; the one before it goes on, through the next where that is the same one. RecordRefused for the
    only one, Conflict, NotFound."""
    spells = _spells(change, _own(change, PersonStateSpell, spell_id).person_id)
    if len(spells) < 2:
        raise RecordRefused(RecordProblem.LAST_STATE)
    _withdraw(change, PersonStateSpell, spell_id, version, reason, today)
    at = [row.id for row in spells].index(spell_id)
    if 0 < at < len(spells) - 1 and spells[at - 1].state is spells[at + 1].state:
        change.remove(spells[at + 1])


def _spells(change: Change, person_id: int) -> Sequence[PersonStateSpell]:
    """A person's states in order of time."""
    t = PersonStateSpell
    return change.session.scalars(select(t).where(t.person_id == person_id).order_by(t.since)).all()


def _repeats(days: Mapping[date, PersonState]) -> int:
    """How often a state follows an equal one; ``days``: since → state."""
    return sum(one[1] is other[1] for one, other in pairwise(sorted(days.items())))


def remove_visit(change: Change, visit_id: int, *, reason: str, today: date) -> None:
    """A visit never was; what was learnt at it is a record of its own and stays. RecordRefused, NotFound."""
    _withdraw(change, Visit, visit_id, None, reason, today)


def _withdraw(change: Change, table: type[Base], key: int, version: int | None, reason: str, today: date) -> None:
    """``version``: None for a table whose rows have none."""
    row = _own(change, table, key)
    if version is not None:
        _check_version(row, version, {})
    note_reason(change, row.person_id, table.__tablename__, reason, today)
    change.remove(row)


def _own(change: Change, table: type[Base], key: int) -> Any:
    row: Any = change.session.get(table, key)
    if row is None:
        raise NotFound(f"{table.__tablename__} {key}")
    change.check_person(row.person_id)
    return row


def _check_version(row: Any, version: int | None, values: Mapping[str, Any]) -> None:
    """Conflict where the form showed another version, or nothing where there is something now."""
    if row.version != version:
        theirs = {name: getattr(row, name) for name in values}
        raise Conflict(row.__tablename__, row.id, row.version, theirs, dict(values))


def note_reason(change: Change, person_id: int, subject: str, reason: str, today: date) -> None:
    """Keep why ``subject`` of a person's record was corrected. RecordRefused without a reason."""
    if not reason.strip():
        raise RecordRefused(RecordProblem.NO_REASON)
    values = {"made_on": today, "subject": subject, "reason": reason.strip(), "author": change.actor}
    change.add(PersonCorrection(person_id=person_id, **values))
