"""What each fact of a policy is: a number with its unit, a choice or several labels; and how one asks for it at a visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from core.locale import N_, Translator
from core.policies.conditions import NOTHING
from core.terms import (
    Comparison,
    EmployerKind,
    HardshipKind,
    InsurancePayer,
    JobForm,
    PersonState,
    PolicyAudience,
    PolicyFact,
    Registration,
    Sex,
    Term,
    YesNo,
)

__all__ = ["FACTS", "NUMBER_COMPARISONS", "SET_COMPARISONS", "FactKind", "FactSpec", "code_label", "comparisons"]


class FactKind(Enum):
    """The shape of a fact's values."""

    NUMBER = auto()
    CHOICE = auto()
    LABELS = auto()


@dataclass(frozen=True)
class FactSpec:
    """``unit`` of a number; ``term`` whose codes a choice or labels take. ``question``: what to ask where it is unknown."""

    kind: FactKind
    question: str
    unit: str = ""
    term: type[Term] | None = None
    audience: PolicyAudience = PolicyAudience.PERSON

    @property
    def codes(self) -> tuple[str, ...]:
        """What a condition may name; of choices also that there is none."""
        if self.term is None:
            return ()
        return tuple(member.value for member in self.term) + (
            (NOTHING,) if self.term in (JobForm, EmployerKind) else ()
        )


NUMBER_COMPARISONS = (Comparison.AT_LEAST, Comparison.ABOVE, Comparison.AT_MOST, Comparison.BELOW)
SET_COMPARISONS = (Comparison.ONE_OF, Comparison.NONE_OF)

_N, _C = FactKind.NUMBER, FactKind.CHOICE
_E = PolicyAudience.EMPLOYER
YEARS, MONTHS, PERSONS = N_("years in all"), N_("months"), N_("persons")

FACTS: Mapping[PolicyFact, FactSpec] = MappingProxyType(
    {
        PolicyFact.AGE: FactSpec(_N, N_("When was the person born?"), N_("years of age")),
        PolicyFact.SEX: FactSpec(_C, N_("Is the sex on the ID card recorded?"), term=Sex),
        PolicyFact.YEARS_TO_RETIREMENT: FactSpec(
            _N, N_("Which kind of post does the age of retirement follow: worker, or manager or specialist?"), YEARS
        ),
        PolicyFact.STATE: FactSpec(_C, N_("Does the person seek work, or work already?"), term=PersonState),
        PolicyFact.REGISTRATION: FactSpec(
            _C, N_("Is the household registered in town or in a village?"), term=Registration
        ),
        PolicyFact.HARDSHIP: FactSpec(
            FactKind.LABELS, N_("Is there a valid proof of a hardship category?"), term=HardshipKind
        ),
        PolicyFact.SEVERE_DISABILITY: FactSpec(
            _C, N_("Which grade does the disability certificate state?"), term=YesNo
        ),
        PolicyFact.UNEMPLOYED_MONTHS: FactSpec(_N, N_("Since when has the person been out of work?"), MONTHS),
        PolicyFact.POST_YEARS: FactSpec(_N, N_("How long has the person been on welfare posts in all?"), YEARS),
        PolicyFact.POST_PLACEMENTS: FactSpec(
            _N, N_("How often was the person placed on a welfare post?"), N_("occasions")
        ),
        PolicyFact.ON_POST: FactSpec(_C, N_("Is the person on a welfare post now?"), term=YesNo),
        PolicyFact.WORK_FORM: FactSpec(_C, N_("In which form does the person work?"), term=JobForm),
        PolicyFact.WORK_EMPLOYER: FactSpec(_C, N_("For whom does the person work?"), term=EmployerKind),
        PolicyFact.WORK_MONTHS: FactSpec(_N, N_("Since when has the person worked there?"), MONTHS),
        PolicyFact.MONTHLY_PAY: FactSpec(_N, N_("What does the person earn a month?"), N_("yuan a month")),
        PolicyFact.OWNS_BUSINESS: FactSpec(
            _C, N_("Is the own business registered? Enter it in the register of micro-businesses."), term=YesNo
        ),
        PolicyFact.BUSINESS_MONTHS: FactSpec(
            _N, N_("When did the own business open? Enter it in the register of micro-businesses."), MONTHS
        ),
        PolicyFact.WANTS_START_UP: FactSpec(_C, N_("Does the person want to start a business?"), term=YesNo),
        PolicyFact.INSURANCE: FactSpec(_C, N_("Who pays the social insurance?"), term=InsurancePayer),
        PolicyFact.YEAR_CONTRACT: FactSpec(_C, N_("Is there a labour contract of a year or more?"), term=YesNo),
        PolicyFact.EMPLOYER_KIND: FactSpec(_C, N_("What kind of employer is it?"), term=EmployerKind, audience=_E),
        PolicyFact.OPEN_MONTHS: FactSpec(_N, N_("When did it open?"), MONTHS, audience=_E),
        PolicyFact.EMPLOYEES: FactSpec(_N, N_("How many employees were there last month?"), PERSONS, audience=_E),
        PolicyFact.INSURED: FactSpec(_N, N_("How many employees were insured last month?"), PERSONS, audience=_E),
        PolicyFact.HARDSHIP_HIRES: FactSpec(_N, N_("Who of the employees is in hardship?"), PERSONS, audience=_E),
    }
)
"""Every fact that a condition may name."""


def comparisons(fact: PolicyFact) -> tuple[Comparison, ...]:
    """How a fact may be compared."""
    return NUMBER_COMPARISONS if FACTS[fact].kind is FactKind.NUMBER else SET_COMPARISONS


def code_label(tr: Translator, fact: PolicyFact, code: str) -> str:
    """A code of a choice in words; the code itself where the fact does not know it."""
    if code == NOTHING:
        return tr("not at work") if fact is PolicyFact.WORK_FORM else tr("no employer")
    term = FACTS[fact].term
    member = None if term is None else term.parse(code)
    return code if member is None else tr.term(member)
