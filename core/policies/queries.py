"""SELECTs of policies: their versions, applications, payments, and the facts that only they need."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection, select

from core.store.frames import frame
from core.store.schema import (
    EligibilityAnswer,
    Employer,
    EmployerMonth,
    Intention,
    MicroBusiness,
    PaymentLine,
    PaymentList,
    Person,
    PolicyApplication,
    PolicyRule,
)

__all__ = [
    "answers",
    "applications",
    "businesses",
    "employer_months",
    "employers",
    "is_frozen",
    "lists_since",
    "payment_lines",
    "payment_lists",
    "people",
    "rules",
    "wishes",
]


def rules(connection: Connection) -> pd.DataFrame:
    """Every version of every policy: id, code, since, content (JSON), reason, author; oldest first."""
    t = PolicyRule
    return frame(connection, select(*t.__table__.columns).order_by(t.since, t.id))


def people(connection: Connection) -> pd.DataFrame:
    """id, sex, birth_date, registration, disability, community_id of everyone."""
    t = Person
    return frame(
        connection,
        select(t.id, t.sex, t.birth_date, t.registration, t.disability, t.community_id).order_by(t.id),
    )


def wishes(connection: Connection) -> pd.DataFrame:
    """person_id, stated_on, wants_start_up as last stated."""
    t = Intention
    return frame(connection, select(t.person_id, t.stated_on, t.wants_start_up).order_by(t.person_id))


def answers(connection: Connection) -> pd.DataFrame:
    """person_id, stated_on, insurance, year_contract, retirement_group; oldest first."""
    t = EligibilityAnswer
    return frame(connection, select(*t.__table__.columns).order_by(t.person_id, t.stated_on))


def businesses(connection: Connection) -> pd.DataFrame:
    """person_id, opened_on, closed_on of micro-businesses whose owner is of the pool."""
    t = MicroBusiness
    return frame(
        connection,
        select(t.person_id, t.opened_on, t.closed_on)
        .where(t.person_id.is_not(None))
        .order_by(t.person_id, t.opened_on),
    )


def employers(connection: Connection) -> pd.DataFrame:
    """id, name, kind, opened_on of every employer."""
    t = Employer
    return frame(connection, select(t.id, t.name, t.kind, t.opened_on).order_by(t.id))


def employer_months(connection: Connection) -> pd.DataFrame:
    """employer_id, month (its first day), employees, insured; oldest first."""
    t = EmployerMonth
    return frame(connection, select(t.employer_id, t.month, t.employees, t.insured).order_by(t.employer_id, t.month))


def applications(connection: Connection) -> pd.DataFrame:
    """Every application with the name of its enterprise, by id; see ``schema.PolicyApplication``."""
    t = PolicyApplication
    return frame(
        connection,
        select(*t.__table__.columns, Employer.name.label("employer"))
        .outerjoin(Employer, Employer.id == t.employer_id)
        .order_by(t.id),
    )


def payment_lists(connection: Connection) -> pd.DataFrame:
    """id, policy, month, rule_since, frozen_on, frozen_by; newest month first."""
    t = PaymentList
    return frame(connection, select(*t.__table__.columns).order_by(t.month.desc(), t.id))


def payment_lines(connection: Connection) -> pd.DataFrame:
    """Lines of payment lists with policy, month and the name of the enterprise, by list and application."""
    t = PaymentLine
    return frame(
        connection,
        select(*t.__table__.columns, PaymentList.policy, PaymentList.month, Employer.name.label("employer"))
        .join(PaymentList, PaymentList.id == t.list_id)
        .outerjoin(Employer, Employer.id == t.employer_id)
        .order_by(t.list_id, t.application_id),
    )


def is_frozen(connection: Connection, policy: str, month: date) -> bool:
    """Whether the list of a policy for a month is frozen."""
    t = PaymentList
    return connection.scalar(select(t.id).where(t.policy == policy, t.month == month)) is not None


def lists_since(connection: Connection, policy: str, day: date) -> bool:
    """Whether a list of a policy is frozen for a month that begins on ``day`` or later."""
    t = PaymentList
    return connection.scalar(select(t.id).where(t.policy == policy, t.month >= day).limit(1)) is not None
