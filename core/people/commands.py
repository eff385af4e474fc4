"""Changes to a person's record. Each is one transaction with a version check and audit rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from core.locale import Translator
from core.people import queries
from core.people.identity import IdNumber, id_hash
from core.people.merging.queries import number_is_taken
from core.people.plans.commands import PlanProblem, PlanRefused, check_step_days
from core.policy import Access, Action
from core.store.commands import Change, CommandRefused, NotFound, TextTooLong, command
from core.store.database import Database
from core.store.schema import (
    Accommodation,
    CaseloadTransfer,
    CaseloadTransferPlan,
    EligibilityAnswer,
    Hardship,
    Intention,
    Person,
    PersonSkill,
    PersonStateSpell,
    Plan,
    PlanMeasure,
    Visit,
)
from core.terms import (
    AccommodationKind,
    Evidence,
    HardshipKind,
    MeasureKind,
    PersonState,
    PlanStatus,
    RevealPurpose,
    StaffRole,
    VisitMode,
)

__all__ = [
    "EDITABLE",
    "LONGEST_NEEDS",
    "REVEALED",
    "AlreadyRegistered",
    "Findings",
    "LearntSkill",
    "SameState",
    "add_person",
    "add_plan_step",
    "add_step",
    "ask_visits",
    "change_state",
    "edit_person",
    "finish_step",
    "hand_over",
    "hand_over_caseload",
    "record_visit",
    "reschedule_steps",
    "reveal",
    "save_visit",
    "set_state",
    "undo_hand_over",
]

LONGEST_NEEDS = 500
"""Characters of needs and difficulties at a visit; why visits were asked for is added to them."""

# What a caseworker corrects by hand; what documents say (core.people.record) needs a stated reason.
EDITABLE = ("name", "phone", "phone_2", "community_id", "grid_id", "education", "address", "career", "note")
# What is masked until somebody says what for, and is read in full then.
REVEALED = ("name", "phone", "phone_2", "address", "career", "note")


def reveal(db: Database, person_id: int, *, purpose: RevealPurpose, actor: Access, at: datetime) -> dict[str, Any]:
    """What is masked about a person, in full, with everything that a form edits; the audit log keeps who, when, what for.

    The fields of ``REVEALED`` and of ``EDITABLE``, and the ``version`` that they were read at. Raises NotFound for a person
    whom ``actor`` does not work with, as for one that does not exist.
    """
    with command(db, actor=actor, action=Action.REVEAL, at=at, raises_revision=False) as change:
        change.check_person(person_id)
        values = queries.editable(change.session.connection(), person_id)
        role = None if actor.role is None else actor.role.value
        change.record("reveal", person_id, {"fields": list(REVEALED), "purpose": purpose.value, "role": role})
        return values


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
    answers: Mapping[str, Any] = field(default_factory=dict)  # fields of ``EligibilityAnswer``; ``wants_start_up``


@dataclass(eq=False)
class AlreadyRegistered(CommandRefused):
    """Somebody with this ID number is on record: ``person_id``."""

    person_id: int

    def sentence(self, tr: Translator) -> str:
        """Why, for whoever asked."""
        return tr("Somebody with this ID number is registered already.")


def add_person(
    db: Database,
    *,
    name: str,
    community_id: int,
    id_number: IdNumber | None = None,
    phone: str | None = None,
    has_consented: bool,
    today: date,
    actor: Access,
    at: datetime,
) -> int:
    """Register somebody who seeks work from ``today`` on; returns the person's id.

    The ID number itself is not kept: its keyed hash, the last four characters, birth date and sex are. AlreadyRegistered
    where the number is on record, ValueError for an empty name.
    """
    if not name.strip():
        raise ValueError("a person needs a name")
    with command(db, actor=actor, action=Action.ADD_PERSON, at=at) as change:
        hashed = None if id_number is None else id_hash(db.key, id_number.number)
        if hashed is not None:
            known = number_is_taken(change.session.connection(), hashed)
            if known is not None:
                raise AlreadyRegistered(known)
        person_id = int(
            change.add(
                Person(
                    name=name.strip(),
                    id_hash=hashed,
                    id_last4=None if id_number is None else id_number.last_four,
                    sex=None if id_number is None else id_number.sex,
                    birth_date=None if id_number is None else id_number.birth_date,
                    phone=phone,
                    community_id=community_id,
                    entered_pool_on=today,
                    consent_on=today if has_consented else None,
                )
            )
        )
        set_state(change, person_id, PersonState.SEEKING, today)
        return person_id


def edit_person(
    db: Database,
    person_id: int,
    values: Mapping[str, Any],
    *,
    version: int,
    intention: Mapping[str, Any] | None = None,
    actor: Access,
    at: datetime,
    today: date,
) -> None:
    """Correct a person and, with ``intention``, what they want (stated ``today``).

    ``version`` is the one seen when the form opened; raises Conflict when someone saved meanwhile, ValueError for
    a field that is not editable.
    """
    foreign = set(values) - set(EDITABLE)
    if foreign:
        raise ValueError(f"not editable by hand: {sorted(foreign)}")
    with command(db, actor=actor, action=Action.EDIT_PERSON, at=at) as change:
        change.edit(Person, person_id, values, version=version)
        _save_intention(change, person_id, intention or {}, today)


@dataclass(eq=False)
class SameState(CommandRefused):
    """The person is in that state already, ``since`` a day on record."""

    since: date

    def sentence(self, tr: Translator) -> str:
        """Why, for whoever asked."""
        return tr("Not saved: the person has been in this state since {day} already.", day=tr.day(self.since))


def change_state(db: Database, person_id: int, state: PersonState, *, since: date, actor: Access, at: datetime) -> None:
    """The person's state from ``since`` on; replaces what was recorded for that day. SameState where nothing would change."""
    with command(db, actor=actor, action=Action.CHANGE_STATE, at=at) as change:
        change.check_person(person_id)
        t = PersonStateSpell
        until_then = select(t).where(t.person_id == person_id, t.since <= since).order_by(t.since.desc())
        known = change.session.scalar(until_then.limit(1))
        if known is not None and known.state is state:
            raise SameState(known.since)
        set_state(change, person_id, state, since)


def set_state(change: Change, person_id: int, state: PersonState, since: date) -> None:
    """The person's state from ``since`` on, inside a command."""
    known = queries.state_spell_id(change.session.connection(), person_id, since)
    if known is None:
        change.add(PersonStateSpell(person_id=person_id, since=since, state=state))
    else:
        change.edit(PersonStateSpell, known, {"state": state})


def record_visit(
    db: Database,
    person_id: int,
    *,
    visited_on: date,
    mode: VisitMode,
    needs: str,
    next_on: date | None,
    actor: Access,
    at: datetime,
    role: StaffRole | None = None,
    findings: Findings | None = None,
) -> None:
    """A visit of the day with what was learnt there, all or nothing; a second one on the same day completes the first.

    NotFound where the person is gone.
    """
    with command(db, actor=actor, action=Action.RECORD_VISIT, at=at) as change:
        save_visit(
            change,
            person_id,
            visited_on=visited_on,
            mode=mode,
            visitor=actor.name,
            role=role,
            needs=needs,
            next_on=next_on,
        )
        if findings is not None:
            _save_findings(change, person_id, findings, visited_on)


def save_visit(
    change: Change,
    person_id: int,
    *,
    visited_on: date,
    mode: VisitMode,
    visitor: str,
    role: StaffRole | None,
    needs: str,
    next_on: date | None,
) -> None:
    """A visit of the day inside a command; a second one on the same day completes the first. TextTooLong; NotFound: the
    person is gone."""
    change.check_person(person_id)  # gone when the import that brought them was undone meanwhile
    if len(needs.strip()) > LONGEST_NEEDS:
        raise TextTooLong(needs.strip(), LONGEST_NEEDS)
    values = {
        "mode": mode,
        "visitor": visitor,
        "visitor_role": role,
        "needs": needs.strip() or None,
        "next_on": next_on,
    }
    visit = change.session.scalar(select(Visit).where(Visit.person_id == person_id, Visit.visited_on == visited_on))
    if visit is None:
        change.add(Visit(person_id=person_id, visited_on=visited_on, **values))
    else:
        change.edit(Visit, visit.id, values)


def _save_findings(change: Change, person_id: int, findings: Findings, day: date) -> None:
    """Write what was learnt on ``day`` inside the command of the visit.

    A skill replaces what is on record unless that rests on stronger evidence: a self-report never lowers a certificate.
    """
    answers = dict(findings.answers)
    start_up = {"wants_start_up": answers.pop("wants_start_up")} if "wants_start_up" in answers else {}
    _save_intention(change, person_id, {**findings.intention, **start_up}, day)
    if answers:
        _save_answers(change, person_id, answers, day)
    if findings.limits is not None:
        _save_limits(change, person_id, findings.limits)
    for learnt in findings.skills:
        _save_skill(change, person_id, learnt, day)
    for kind, until in findings.hardships.items():
        _save_hardship(change, person_id, kind, until, day)
    if findings.consent is not None:
        dates = {"consent_on": day, "consent_withdrawn_on": None} if findings.consent else {"consent_withdrawn_on": day}
        change.edit(Person, person_id, dates)


def _save_intention(change: Change, person_id: int, values: Mapping[str, Any], day: date) -> None:
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


def _save_answers(change: Change, person_id: int, answers: Mapping[str, Any], day: date) -> None:
    """What was answered on ``day``; an earlier visit of the day is completed."""
    t = EligibilityAnswer
    stored = change.session.scalar(select(t).where(t.person_id == person_id, t.stated_on == day))
    if stored is None:
        change.add(EligibilityAnswer(person_id=person_id, stated_on=day, **answers))
    else:
        change.edit(EligibilityAnswer, stored.id, answers)


def _save_hardship(change: Change, person_id: int, kind: HardshipKind, until: date | None, day: date) -> None:
    stored = change.session.scalar(select(Hardship).where(Hardship.person_id == person_id, Hardship.kind == kind))
    if stored is None:
        change.add(Hardship(person_id=person_id, kind=kind, since=day, until=until))
    else:
        change.edit(Hardship, stored.id, {"until": until})


def ask_visits(db: Database, reasons: Mapping[int, str], *, on: date, today: date, actor: Access, at: datetime) -> None:
    """Schedule a visit by ``on`` of everyone in ``reasons`` (person id → why), all or none.

    It becomes the next date of the person's last visit, unless an earlier one is agreed there. Where nobody has visited yet
    it becomes a step of the plan.
    """
    with command(db, actor=actor, action=Action.ASK_VISIT, at=at) as change:
        for person_id, why in reasons.items():
            last = change.session.scalar(
                select(Visit).where(Visit.person_id == person_id).order_by(Visit.visited_on.desc()).limit(1)
            )
            if last is None:
                add_step(change, person_id, MeasureKind.RECOMMENDATION, why[:200], on, today)
                continue
            waiting = last.next_on is not None and today <= last.next_on <= on
            needs = "\n".join(text for text in (last.needs, why) if text and text.strip())
            change.edit(Visit, last.id, {"next_on": last.next_on if waiting else on, "needs": needs})


def add_plan_step(
    db: Database,
    person_id: int,
    *,
    kind: MeasureKind,
    text: str,
    due_on: date | None,
    today: date,
    actor: Access,
    at: datetime,
    owner: str | None = None,
) -> None:
    """A step more on the person's live plan; begins a plan where there is none. ``owner``: None for who owns the plan.

    PlanRefused for a day before that of the plan.
    """
    with command(db, actor=actor, action=Action.ADD_PLAN_STEP, at=at) as change:
        add_step(change, person_id, kind, text, due_on, today, owner=owner)


def add_step(
    change: Change,
    person_id: int,
    kind: MeasureKind,
    text: str,
    due_on: date | None,
    today: date,
    *,
    owner: str | None = None,
) -> None:
    """``add_plan_step`` inside a command. PlanRefused, NotFound."""
    plan = _live_plan(change, person_id)
    if due_on is not None and due_on < (today if plan is None else plan.made_on):
        raise PlanRefused(PlanProblem.DUE_EARLY)
    plan_id = (
        plan.id
        if plan is not None
        else change.add(Plan(person_id=person_id, made_on=today, status=PlanStatus.LIVE, owner=change.actor))
    )
    steps = change.session.scalars(select(PlanMeasure.step).where(PlanMeasure.plan_id == plan_id)).all()
    step = max(steps, default=0) + 1
    values = {"step": step, "kind": kind, "text": text.strip() or None, "owner": owner, "due_on": due_on}
    change.add(PlanMeasure(plan_id=plan_id, **values))


def _live_plan(change: Change, person_id: int) -> Plan | None:
    live = select(Plan).where(Plan.person_id == person_id, Plan.status == PlanStatus.LIVE)
    return change.session.scalar(live.order_by(Plan.made_on.desc()).limit(1))


def hand_over(
    db: Database, people: Collection[int], *, to: str, note: str = "", actor: Access, at: datetime
) -> int | None:
    """Make the colleague ``to`` the owner of the live plans of ``people``; the id of the transfer, None where none moved.

    People without a live plan are passed over. The transfer holds the former owner of each plan: ``undo_hand_over`` takes
    it back.
    """
    with command(db, actor=actor, action=Action.HAND_OVER, at=at) as change:
        plans = [plan for person_id in people if (plan := _live_plan(change, person_id)) is not None]
        return _transfer(change, [plan for plan in plans if plan.owner != to], to, note)


def hand_over_caseload(db: Database, *, owner: str, to: str, note: str = "", actor: Access, at: datetime) -> int | None:
    """Every live plan of ``owner`` goes to the colleague ``to``, all or none; the id of the transfer, None without a plan.

    OutOfScope where one of them is about a person whom ``actor`` does not work with.
    """
    with command(db, actor=actor, action=Action.HAND_OVER, at=at) as change:
        own = select(Plan).where(Plan.status == PlanStatus.LIVE, Plan.owner == owner).order_by(Plan.id)
        return _transfer(change, list(change.session.scalars(own)) if owner != to else [], to, note)


def _transfer(change: Change, plans: Sequence[Plan], to: str, note: str) -> int | None:
    if not plans:
        return None
    former = {plan.owner for plan in plans}
    transfer = CaseloadTransfer(
        from_owner=former.pop() if len(former) == 1 else None,
        to_owner=to,
        note=note.strip() or None,
        made_at=change.at,
        made_by=change.actor,
    )
    transfer_id = int(change.add(transfer))
    for plan in plans:
        change.add(CaseloadTransferPlan(transfer_id=transfer_id, plan_id=plan.id, former_owner=plan.owner))
        change.edit(Plan, plan.id, {"owner": to})
    return transfer_id


def undo_hand_over(db: Database, transfer_id: int, *, actor: Access, at: datetime) -> tuple[int, int]:
    """Give the plans of a transfer back to who owned them; (given back, left as they are).

    Plans that went on to somebody else since, or ended, stay as they are. NotFound for an unknown transfer or one that was
    taken back before.
    """
    with command(db, actor=actor, action=Action.UNDO_HAND_OVER, at=at) as change:
        transfer = change.session.get(CaseloadTransfer, transfer_id)
        if transfer is None or transfer.undone_at is not None:
            raise NotFound(f"{CaseloadTransfer.__tablename__} {transfer_id}")
        t = CaseloadTransferPlan
        rows = change.session.scalars(select(t).where(t.transfer_id == transfer_id).order_by(t.id)).all()
        back = 0
        for row in rows:
            plan = change.session.get(Plan, row.plan_id)
            if plan is not None and plan.status is PlanStatus.LIVE and plan.owner == transfer.to_owner:
                change.edit(Plan, plan.id, {"owner": row.former_owner})
                back += 1
        change.edit(CaseloadTransfer, transfer_id, {"undone_at": at, "undone_by": change.actor})
        return back, len(rows) - back


def reschedule_steps(db: Database, measure_ids: Collection[int], *, due_on: date, actor: Access, at: datetime) -> int:
    """Set a new date for open steps of plans, all or none; how many changed. Steps that are done are passed over.

    PlanRefused where one would be due before its plan was made.
    """
    with command(db, actor=actor, action=Action.RESCHEDULE_STEPS, at=at) as change:
        t = PlanMeasure
        rows = change.session.scalars(select(t).where(t.id.in_(measure_ids), t.done_on.is_(None)).order_by(t.id)).all()
        moved = [row.id for row in rows if row.due_on != due_on]
        for measure_id in moved:
            check_step_days(change, measure_id, {"due_on": due_on})
            change.edit(t, measure_id, {"due_on": due_on})
        return len(moved)


def finish_step(db: Database, measure_id: int, *, version: int, done_on: date, actor: Access, at: datetime) -> None:
    """Mark a step of a plan as done; Conflict when someone changed it meanwhile, PlanRefused before the day of the plan."""
    with command(db, actor=actor, action=Action.FINISH_STEP, at=at) as change:
        check_step_days(change, measure_id, {"done_on": done_on})
        change.edit(PlanMeasure, measure_id, {"done_on": done_on}, version=version)
