"""Changes to policies: another version, applications and their states, the payment list of a month.

drafted → submitted → approved → paying → ended, or submitted → refused. The first payment makes an application *paying*.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import select

from core.locale import N_
from core.policies import queries
from core.policies.conditions import Truth
from core.policies.eligibility import CLAIMED, judge_rule
from core.policies.loading import load
from core.policies.payments import last_day, lines_of, month_of
from core.policies.rules import DatedRule, InvalidRule, Rule, rule_on
from core.policy import Access, Action
from core.store import settings
from core.store.commands import Change, CodeRefused, NotFound, command
from core.store.database import Database
from core.store.schema import PaymentLine, PaymentList, PolicyApplication, PolicyRule
from core.terms import AmountKind, ApplicationState, PolicyAudience

__all__ = ["REFUSALS", "Refused", "Subject", "approve", "draft", "end", "freeze_month", "refuse", "save_rule", "submit"]

REFUSALS = {
    "not_in_force": N_("The policy is not in force on this day."),
    "not_met": N_("The conditions are not met."),
    "unknown": N_("Something that the conditions ask is unknown: ask for it at a visit first."),
    "twice": N_("There is an application for this policy already."),
    "state": N_("The application is in another state by now."),
    "amount": N_("Enter an amount above 0."),
    "ceiling": N_("The amount is above the ceiling of the policy."),
    "months": N_("The time is longer than the policy allows."),
    "no_money": N_("This policy pays nothing."),
    "frozen": N_("The list of this month is frozen already."),
    "future": N_("The month has not begun yet."),
    "nobody": N_("No approved application falls into this month."),
    "reason": N_("Give a reason."),
    "past": N_("A new version holds from today or later."),
    "same_day": N_("There is a version of this day or a later one already; versions are not changed."),
    "paid": N_("A month from this day on is paid already; it keeps its version."),
    "unchanged": N_("This is the version in force."),
    "audience": N_("A policy stays one for people, or one for enterprises."),
}
LIVE = tuple(state for state in CLAIMED if state is not ApplicationState.ENDED)


class Refused(CodeRefused):
    """An entry that does not fit; nothing is changed."""

    sentences = REFUSALS


@dataclass(frozen=True)
class Subject:
    """Who applies: one of the two is set."""

    person_id: int | None = None
    employer_id: int | None = None

    def __post_init__(self) -> None:
        if (self.person_id is None) == (self.employer_id is None):
            raise ValueError("an application is that of a person or of an enterprise")

    @property
    def key(self) -> int:
        return self.person_id if self.person_id is not None else self.employer_id or 0

    @property
    def audience(self) -> PolicyAudience:
        return PolicyAudience.PERSON if self.person_id is not None else PolicyAudience.EMPLOYER

    @property
    def action(self) -> Action:
        """What one must be allowed to do to apply for them."""
        return Action.APPLY_FOR_PERSON if self.person_id is not None else Action.APPLY_FOR_EMPLOYER


def save_rule(change: Change, rule: Rule, since: date, reason: str, today: date) -> None:
    """Store ``rule`` as the version of its policy from ``since`` on; InvalidRule or Refused, and nothing is stored."""
    rule.check()
    if rule.until is not None and rule.until < since:
        raise InvalidRule("until")
    if not reason.strip():
        raise Refused("reason")
    if since < today:
        raise Refused("past")
    connection = change.session.connection()
    versions = queries.rules(connection)
    own = versions[versions["code"] == rule.code]
    if (own["since"] >= pd.Timestamp(since)).any():
        raise Refused("same_day")
    if queries.lists_since(connection, rule.code, month_of(since)) and since.day == 1:
        raise Refused("paid")
    before = None if own.empty else Rule.from_json(rule.code, own["content"].iloc[-1])
    if before is not None and before.audience is not rule.audience:
        raise Refused("audience")
    if before == rule:
        raise Refused("unchanged")
    change.add(
        PolicyRule(
            code=rule.code, since=since, content=rule.to_json(), reason=reason.strip()[:200], author=change.actor
        )
    )


def draft(
    db: Database, policy: str, subject: Subject, *, today: date, actor: Access, at: datetime, note: str = ""
) -> int:
    """Begin an application; returns its id. It may be begun while something is unknown, not where the answer is no."""
    with command(db, actor=actor, action=subject.action, at=at) as change:
        _check_subject(change, subject)
        judgement = judge_rule(
            load(change.session.connection()), _in_force(change, policy, today), _parameters(change), today
        )
        if judgement.rule.audience is not subject.audience:
            raise Refused("audience")
        if judgement.truth_of(subject.key) is Truth.NO:
            raise Refused("not_met")
        t = PolicyApplication
        mine = (
            t.person_id == subject.person_id if subject.person_id is not None else t.employer_id == subject.employer_id
        )
        if change.session.scalar(
            select(t.id).where(t.policy == policy, mine, (t.state.in_(LIVE)) | (t.drafted_on == today)).limit(1)
        ):
            raise Refused("twice")
        return int(
            change.add(
                PolicyApplication(
                    policy=policy,
                    person_id=subject.person_id,
                    employer_id=subject.employer_id,
                    drafted_on=today,
                    state=ApplicationState.DRAFTED,
                    state_since=today,
                    owner=change.actor,
                    note=note.strip() or None,
                )
            )
        )


def submit(db: Database, application_id: int, *, version: int, today: date, actor: Access, at: datetime) -> None:
    """Hand an application in; every condition must be met, and how they are is kept with it."""
    with command(db, actor=actor, action=_subject_of(db, application_id).action, at=at) as change:
        application, subject = _application(change, application_id, ApplicationState.DRAFTED)
        dated = _in_force(change, application.policy, today)
        judgement = judge_rule(load(change.session.connection()), dated, _parameters(change), today)
        truth = judgement.truth_of(subject.key)
        if truth is not Truth.YES:
            raise Refused("unknown" if truth is Truth.UNKNOWN else "not_met")
        content = {"since": dated.since.isoformat(), "day": today.isoformat()}
        trace = content | {"trace": judgement.trace(subject.key).to_json()}
        _move(change, application_id, ApplicationState.SUBMITTED, today, version, {"trace": trace})


def approve(
    db: Database,
    application_id: int,
    *,
    amount: float | None,
    starts_on: date,
    months: int,
    version: int,
    today: date,
    actor: Access,
    at: datetime,
) -> None:
    """Approve an application: yuan a month or in all, from the month of ``starts_on`` on, for ``months`` months."""
    with command(db, actor=actor, action=Action.DECIDE_APPLICATION, at=at) as change:
        application, _ = _application(change, application_id, ApplicationState.SUBMITTED)
        rule = _in_force(change, application.policy, today).rule
        pays = rule.amount_kind is not AmountKind.NONE
        if pays and (amount is None or amount <= 0):
            raise Refused("amount")
        ceiling = rule.ceiling
        if rule.ceiling_parameter is not None:
            ceiling = settings.in_force(_parameters(change), today).get(rule.ceiling_parameter)
        if pays and amount is not None and ceiling is not None and amount > ceiling:
            raise Refused("ceiling")
        if months < 1 or (rule.months is not None and months > rule.months):
            raise Refused("months")
        first = month_of(starts_on)
        values = {
            "amount": amount if pays else None,
            "starts_on": first,
            "ends_on": last_day(first, 1 if rule.amount_kind is AmountKind.ONCE else months),
        }
        _move(change, application_id, ApplicationState.APPROVED, today, version, values)


def refuse(
    db: Database, application_id: int, *, reason: str, version: int, today: date, actor: Access, at: datetime
) -> None:
    """Refuse an application with a reason."""
    if not reason.strip():
        raise Refused("reason")
    with command(db, actor=actor, action=Action.DECIDE_APPLICATION, at=at) as change:
        _application(change, application_id, ApplicationState.SUBMITTED)
        _move(change, application_id, ApplicationState.REFUSED, today, version, {"note": reason.strip()})


def end(
    db: Database, application_id: int, *, ends_on: date, version: int, today: date, actor: Access, at: datetime
) -> None:
    """End an application that is drafted, approved or paid; months after ``ends_on`` are not paid."""
    with command(db, actor=actor, action=_subject_of(db, application_id).action, at=at) as change:
        application, _ = _application(
            change, application_id, ApplicationState.DRAFTED, ApplicationState.APPROVED, ApplicationState.PAYING
        )
        last = ends_on if application.ends_on is None else min(ends_on, application.ends_on)
        _move(change, application_id, ApplicationState.ENDED, today, version, {"ends_on": last})


def freeze_month(db: Database, policy: str, month: date, *, today: date, actor: Access, at: datetime) -> int:
    """Fix the payment list of a policy for a month with its inputs; returns the number of its lines.

    Whoever is paid for the first time is *paying* from then on. Later changes of rows or rules do not change the list.
    """
    month = month_of(month)
    with command(db, actor=actor, action=Action.FREEZE_PAYMENTS, at=at) as change:
        connection = change.session.connection()
        if month > today:
            raise Refused("future")
        if queries.is_frozen(connection, policy, month):
            raise Refused("frozen")
        dated = _in_force(change, policy, month)
        if dated.rule.amount_kind is AmountKind.NONE:
            raise Refused("no_money")
        lines = lines_of(load(connection), dated, _parameters(change), queries.applications(connection), month)
        if not lines:
            raise Refused("nobody")
        list_id = int(
            change.add(
                PaymentList(policy=policy, month=month, rule_since=dated.since, frozen_on=today, frozen_by=change.actor)
            )
        )
        change.add_all(
            PaymentLine,
            [
                {
                    "list_id": list_id,
                    "application_id": line.application_id,
                    "person_id": line.person_id,
                    "employer_id": line.employer_id,
                    "amount": line.amount,
                    "is_paid": line.is_paid,
                    "trace": line.trace.to_json(),
                }
                for line in lines
            ],
        )
        for line in lines:
            row = change.session.get(PolicyApplication, line.application_id)
            if line.is_paid and row is not None and row.state is ApplicationState.APPROVED:
                change.edit(PolicyApplication, row.id, {"state": ApplicationState.PAYING, "state_since": month})
        return len(lines)


def _parameters(change: Change) -> pd.DataFrame:
    return settings.parameters(change.session.connection())


def _in_force(change: Change, policy: str, day: date) -> DatedRule:
    dated = rule_on(queries.rules(change.session.connection()), policy, day)
    if dated is None:
        raise Refused("not_in_force")
    return dated


def _check_subject(change: Change, subject: Subject) -> None:
    if subject.person_id is not None:
        change.check_person(subject.person_id)


def _subject_of(db: Database, application_id: int) -> Subject:
    with db.read() as connection:
        t = PolicyApplication
        row = connection.execute(select(t.person_id, t.employer_id).where(t.id == application_id)).first()
    if row is None:
        raise NotFound(f"{PolicyApplication.__tablename__} {application_id}")
    return Subject(row.person_id, row.employer_id)


def _application(change: Change, application_id: int, *states: ApplicationState) -> tuple[PolicyApplication, Subject]:
    """The row, which must be in one of ``states``, and who applies."""
    row = change.session.get(PolicyApplication, application_id)
    if row is None:
        raise NotFound(f"{PolicyApplication.__tablename__} {application_id}")
    subject = Subject(row.person_id, row.employer_id)
    _check_subject(change, subject)
    if row.state not in states:
        raise Refused("state")
    return row, subject


def _move(
    change: Change, application_id: int, state: ApplicationState, today: date, version: int, values: dict[str, Any]
) -> None:
    change.edit(PolicyApplication, application_id, {"state": state, "state_since": today, **values}, version=version)
