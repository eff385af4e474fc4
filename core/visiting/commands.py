"""Make a round, read who is on it, and write down what a call led to.

round_id = make_round(db, plan, community_id=3, visitor="赵荷露", walk_on=day, begins=time(9), actor=access, at=now)
record_call(db, "7K3M-9QXW", called_on=day, result=VisitResult.MET, mode=VisitMode.DOOR, actor=access, at=now)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

import pandas as pd
from sqlalchemy import select

from core.locale import Translator
from core.people.commands import REVEALED, save_visit
from core.people.visit_numbers import new_number, read_number, shown
from core.policy import Access, Action
from core.store.commands import CommandRefused, NotFound, command
from core.store.database import Database
from core.store.schema import StaffMember, VisitingRound, VisitingStop
from core.terms import RevealPurpose, VisitMode, VisitResult
from core.visiting import queries
from core.visiting.round_plan import DayPlan

__all__ = ["NumberUsed", "UnknownNumber", "make_round", "record_call", "reveal_round"]

ON_PAPER = ("name", "phone", "address")


@dataclass(eq=False)
class UnknownNumber(CommandRefused):
    """No household of a round has the number, or it is about a person whom the one who acts does not work with."""

    number: str

    def sentence(self, tr: Translator) -> str:
        """Why, for whoever asked."""
        return tr("No household of your rounds has this number.")


@dataclass(eq=False)
class NumberUsed(CommandRefused):
    """The call at this household was written down before, for ``called_on``."""

    number: str
    called_on: date

    def sentence(self, tr: Translator) -> str:
        """Why, for whoever asked."""
        return tr("{number} was entered before, for {day}.", number=shown(self.number), day=tr.day(self.called_on))


def make_round(
    db: Database,
    plan: DayPlan,
    *,
    community_id: int,
    visitor: str,
    walk_on: date,
    begins: time,
    actor: Access,
    at: datetime,
) -> int:
    """Store the stops of ``plan`` with a new random number each; returns the id of the round.

    ValueError for a plan without a stop; OutOfScope where one is about a person whom ``actor`` does not work with.
    """
    if not plan.stops:
        raise ValueError("a round needs a household")
    with command(db, actor=actor, action=Action.MAKE_ROUND, at=at) as change:
        made = VisitingRound(
            community_id=community_id,
            visitor=visitor,
            walk_on=walk_on,
            begins_at=begins.strftime("%H:%M"),
            made_at=at,
            made_by=change.actor,
        )
        round_id = int(change.add(made))
        taken = set(change.session.scalars(select(VisitingStop.number)))
        for position, stop in enumerate(plan.stops, 1):
            number = next(number for number in iter(new_number, None) if number not in taken)
            taken.add(number)
            arrives = None if stop.arrives is None else stop.arrives.strftime("%H:%M")
            change.add(
                VisitingStop(
                    round_id=round_id,
                    position=position,
                    person_id=stop.person_id,
                    number=number,
                    arrives_at=arrives,
                )
            )
        return round_id


def reveal_round(db: Database, round_id: int, *, purpose: RevealPurpose, actor: Access, at: datetime) -> pd.DataFrame:
    """Name, phone and address of everyone on a round, in full: person_id, name, phone, address.

    The audit log keeps for each of them who, when and what for, as a reveal on the page of the person does. NotFound for an
    unknown round, OutOfScope where it is about a person whom ``actor`` does not work with.
    """
    with command(db, actor=actor, action=Action.REVEAL, at=at, raises_revision=False) as change:
        t = VisitingStop
        people = list(change.session.scalars(select(t.person_id).where(t.round_id == round_id).order_by(t.position)))
        if not people:
            raise NotFound(f"{VisitingRound.__tablename__} {round_id}")
        role = None if actor.role is None else actor.role.value
        fields = [name for name in REVEALED if name in ON_PAPER]
        for person_id in people:
            change.check_person(person_id)
            change.record("reveal", person_id, {"fields": fields, "purpose": purpose.value, "role": role})
        return queries.people_on_paper(change.session.connection(), people)


def record_call(
    db: Database,
    number: str,
    *,
    called_on: date,
    result: VisitResult,
    mode: VisitMode = VisitMode.DOOR,
    needs: str = "",
    next_on: date | None = None,
    actor: Access,
    at: datetime,
) -> int:
    """What the call at a household of a round led to; returns the id of the person.

    Only somebody who was met was visited: then the visit is written down in the name of the round's visitor. UnknownNumber
    and NumberUsed say why not, ValueError for a next visit before the call.
    """
    if next_on is not None and next_on < called_on:
        raise ValueError(f"the next visit, {next_on}, is before the call on {called_on}")
    with command(db, actor=actor, action=Action.RECORD_VISIT, at=at) as change:
        stored = read_number(number)
        stop = change.session.scalar(select(VisitingStop).where(VisitingStop.number == stored))
        if stop is None:
            raise UnknownNumber(number)
        try:
            change.check_person(stop.person_id)
        except NotFound as error:
            raise UnknownNumber(number) from error
        if stop.called_on is not None:
            raise NumberUsed(stop.number, stop.called_on)
        change.edit(VisitingStop, stop.id, {"called_on": called_on, "result": result})
        if result is VisitResult.MET:
            visitor = change.session.scalars(
                select(VisitingRound.visitor).where(VisitingRound.id == stop.round_id)
            ).one()
            role = change.session.scalar(select(StaffMember.role).where(StaffMember.name == visitor))
            save_visit(
                change,
                stop.person_id,
                visited_on=called_on,
                mode=mode,
                visitor=visitor,
                role=role,
                needs=needs,
                next_on=next_on,
            )
        return stop.person_id
