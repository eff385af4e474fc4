"""Changes to a person's record. Each is one transaction with a version check and audit rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from core.store.commands import NotFound, command
from core.store.database import Database
from core.store.schema import Intention, Person, PersonStateSpell, Plan, PlanMeasure, Visit
from core.terms import MeasureKind, PersonState, PlanStatus, StaffRole, VisitMode

__all__ = ["EDITABLE", "add_plan_step", "ask_visit", "change_state", "edit_person", "finish_step", "record_visit"]

# What a caseworker may correct by hand; identity (ID number, birth date, sex) comes from documents by import.
EDITABLE = ("name", "phone", "phone_2", "community_id", "education", "address", "note")


def edit_person(
    db: Database,
    person_id: int,
    values: Mapping[str, Any],
    *,
    version: int,
    intention: Mapping[str, Any] | None = None,
    actor: str,
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
    with command(db, actor=actor, action="edit_person", at=at) as change:
        change.edit(Person, person_id, values, version=version)
        if intention:
            stored = change.session.scalar(select(Intention).where(Intention.person_id == person_id))
            if stored is None:
                change.add(Intention(person_id=person_id, stated_on=today, **intention))
            elif any(getattr(stored, name) != value for name, value in intention.items()):
                change.edit(Intention, stored.id, {**intention, "stated_on": today})


def change_state(db: Database, person_id: int, state: PersonState, *, since: date, actor: str, at: datetime) -> None:
    """The person's state from ``since`` on; replaces what was recorded for that day."""
    with command(db, actor=actor, action="change_state", at=at) as change:
        spell = PersonStateSpell
        same_day = select(spell).where(spell.person_id == person_id, spell.since == since)
        spell_of_day = change.session.scalar(same_day)
        if spell_of_day is None:
            change.add(PersonStateSpell(person_id=person_id, since=since, state=state))
        else:
            change.edit(PersonStateSpell, spell_of_day.id, {"state": state})


def record_visit(
    db: Database,
    person_id: int,
    *,
    visited_on: date,
    mode: VisitMode,
    needs: str,
    next_on: date | None,
    actor: str,
    at: datetime,
    role: StaffRole | None = None,
) -> None:
    """A visit of the day; a second one on the same day completes the first. NotFound where the person is gone."""
    values = {"mode": mode, "visitor": actor, "visitor_role": role, "needs": needs.strip() or None, "next_on": next_on}
    with command(db, actor=actor, action="record_visit", at=at) as change:
        if change.session.get(Person, person_id) is None:  # as when the import that brought them was undone meanwhile
            raise NotFound(f"person {person_id}")
        visit = change.session.scalar(select(Visit).where(Visit.person_id == person_id, Visit.visited_on == visited_on))
        if visit is None:
            change.add(Visit(person_id=person_id, visited_on=visited_on, **values))
        else:
            change.edit(Visit, visit.id, values)


def ask_visit(db: Database, person_id: int, *, on: date, why: str, today: date, actor: str, at: datetime) -> None:
    """Schedule a visit by ``on``: as the next date of the last visit, unless an earlier one is agreed there.

    Where nobody has visited yet it becomes a step of the plan.
    """
    with command(db, actor=actor, action="ask_visit", at=at) as change:
        last = change.session.scalar(
            select(Visit).where(Visit.person_id == person_id).order_by(Visit.visited_on.desc()).limit(1)
        )
        if last is not None:
            waiting = last.next_on is not None and today <= last.next_on <= on
            needs = "\n".join(text for text in (last.needs, why) if text and text.strip())
            change.edit(Visit, last.id, {"next_on": last.next_on if waiting else on, "needs": needs})
            return
    add_plan_step(
        db, person_id, kind=MeasureKind.RECOMMENDATION, text=why[:200], due_on=on, today=today, actor=actor, at=at
    )


def add_plan_step(
    db: Database,
    person_id: int,
    *,
    kind: MeasureKind,
    text: str,
    due_on: date | None,
    today: date,
    actor: str,
    at: datetime,
) -> None:
    """A step more on the person's live plan; begins a plan where there is none."""
    with command(db, actor=actor, action="add_plan_step", at=at) as change:
        plan = change.session.scalar(
            select(Plan)
            .where(Plan.person_id == person_id, Plan.status == PlanStatus.LIVE)
            .order_by(Plan.made_on.desc())
        )
        plan_id = (
            plan.id
            if plan is not None
            else change.add(Plan(person_id=person_id, made_on=today, status=PlanStatus.LIVE, owner=actor))
        )
        steps = change.session.scalars(select(PlanMeasure.step).where(PlanMeasure.plan_id == plan_id)).all()
        change.add(
            PlanMeasure(
                plan_id=plan_id, step=max(steps, default=0) + 1, kind=kind, text=text.strip() or None, due_on=due_on
            )
        )


def finish_step(db: Database, measure_id: int, *, version: int, done_on: date, actor: str, at: datetime) -> None:
    """Mark a step of a plan as done; raises Conflict when someone changed it meanwhile."""
    with command(db, actor=actor, action="finish_step", at=at) as change:
        change.edit(PlanMeasure, measure_id, {"done_on": done_on}, version=version)
