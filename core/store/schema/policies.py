"""Policies as dated rules, applications for them, what was paid for a month, and answers that only a visit can give."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.schema.base import PERSONAL, Base, Keyed, Versioned, coded
from core.terms import ApplicationState, InsurancePayer, RetirementGroup


class PolicyRule(Keyed, Base):
    """A version of a policy from a day on; never changed, other conditions are another row."""

    __tablename__ = "policy_rule"
    code: Mapped[str] = mapped_column(String(40), comment="of the policy; its versions share it")
    since: Mapped[date] = mapped_column()
    content: Mapped[dict[str, Any]] = mapped_column(JSON, comment="see core.policies.rules.Rule")
    reason: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(40))
    __table_args__ = (UniqueConstraint("code", "since"),)


class EligibilityAnswer(Keyed, Base):
    """What a person said on a day about facts that no other record holds; None: not asked on that day."""

    __tablename__ = "eligibility_answer"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    stated_on: Mapped[date] = mapped_column()
    insurance: Mapped[InsurancePayer | None] = mapped_column(coded(InsurancePayer))
    year_contract: Mapped[bool | None] = mapped_column(comment="a labour contract of a year or more")
    retirement_group: Mapped[RetirementGroup | None] = mapped_column(coded(RetirementGroup))
    __table_args__ = (UniqueConstraint("person_id", "stated_on"),)


class PolicyApplication(Versioned, Base):
    """An application of a person or of an enterprise for a policy: one of the two is set."""

    __tablename__ = "policy_application"
    policy: Mapped[str] = mapped_column(String(40), index=True, comment="code of the policy")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    drafted_on: Mapped[date] = mapped_column()
    state: Mapped[ApplicationState] = mapped_column(coded(ApplicationState))
    state_since: Mapped[date] = mapped_column()
    owner: Mapped[str | None] = mapped_column(String(40), comment="staff member who drafted it")
    amount: Mapped[float | None] = mapped_column(comment="approved: yuan a month, or in all where it is paid once")
    starts_on: Mapped[date | None] = mapped_column(comment="first day of the first month that is paid")
    ends_on: Mapped[date | None] = mapped_column(comment="last day of the last month that is paid")
    note: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    trace: Mapped[dict[str, Any] | None] = mapped_column(JSON, comment="conditions as they were met when submitted")
    __table_args__ = (
        UniqueConstraint("policy", "person_id", "drafted_on"),
        UniqueConstraint("policy", "employer_id", "drafted_on"),
    )


class PaymentList(Keyed, Base):
    """What a policy pays for a month, fixed with everything that it was computed from."""

    __tablename__ = "payment_list"
    policy: Mapped[str] = mapped_column(String(40), comment="code of the policy")
    month: Mapped[date] = mapped_column(comment="its first day")
    rule_since: Mapped[date] = mapped_column(comment="version of the policy in force in that month")
    frozen_on: Mapped[date] = mapped_column()
    frozen_by: Mapped[str] = mapped_column(String(40))
    __table_args__ = (UniqueConstraint("policy", "month"),)


class PaymentLine(Keyed, Base):
    """One member of a payment list. Never changed after it was frozen."""

    __tablename__ = "payment_line"
    list_id: Mapped[int] = mapped_column(ForeignKey("payment_list.id"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("policy_application.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    amount: Mapped[float] = mapped_column(comment="yuan; 0 where the payment is held back")
    is_paid: Mapped[bool] = mapped_column(comment="False: a condition was not met, or is unknown")
    trace: Mapped[dict[str, Any]] = mapped_column(JSON, comment="conditions with the values of the month")
    __table_args__ = (UniqueConstraint("list_id", "application_id"),)
