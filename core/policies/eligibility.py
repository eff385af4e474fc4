"""Who may claim what on a day: every policy in force judged for everyone, and what another version would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.policies.conditions import FactTable, Result, Step, Truth, evaluate, open_facts, trace
from core.policies.fact_tables import employer_facts, person_facts
from core.policies.loading import Records
from core.policies.rules import DatedRule, Rule, rules_on
from core.store.settings import in_force
from core.terms import ApplicationState, PolicyAudience, PolicyFact

__all__ = ["CLAIMED", "Judgement", "changes", "claimed", "judge", "judge_rule", "summary", "unclaimed_people"]

CLAIMED = (
    ApplicationState.DRAFTED,
    ApplicationState.SUBMITTED,
    ApplicationState.APPROVED,
    ApplicationState.PAYING,
    ApplicationState.ENDED,
)
"""States in which an application counts as a claim: all but refused."""


@dataclass(frozen=True, eq=False)
class Judgement:
    """One version of a policy judged for everyone on a day."""

    rule: Rule
    since: date  # first day of the version
    facts: FactTable
    result: Result

    @property
    def subject(self) -> str:
        """The column that holds the ids of those who may claim: person_id or employer_id."""
        return "person_id" if self.rule.audience is PolicyAudience.PERSON else "employer_id"

    def ids(self, truth: Truth) -> NDArray[np.int64]:
        """Ids of those whose truth is ``truth``."""
        return np.asarray(self.facts.ids[self.result.truth == truth])

    def truth_of(self, subject: int) -> Truth:
        """The truth of one id; KeyError if it is not there."""
        return Truth(int(self.result.truth[self.facts.row_of(subject)]))

    def trace(self, subject: int) -> Step:
        """How one id came to its truth."""
        return trace(self.result, self.facts, self.facts.row_of(subject))

    def questions(self, subject: int) -> list[PolicyFact]:
        """What to ask so that the policy can be decided for one id."""
        row = self.facts.row_of(subject)
        return [fact for fact, rows in open_facts(self.result).items() if rows[row]]


def judge(records: Records, versions: pd.DataFrame, parameters: pd.DataFrame, day: date) -> list[Judgement]:
    """Every policy in force on ``day``, judged by the facts and parameters of that day."""
    tables = {
        PolicyAudience.PERSON: person_facts(records, parameters, day),
        PolicyAudience.EMPLOYER: employer_facts(records, day),
    }
    limits = in_force(parameters, day)
    return [
        Judgement(own.rule, own.since, table, evaluate(own.rule.condition, table, limits))
        for own in rules_on(versions, day)
        for table in [tables[own.rule.audience]]
    ]


def judge_rule(records: Records, dated: DatedRule, parameters: pd.DataFrame, day: date) -> Judgement:
    """One version judged on ``day``, whether or not it is in force then."""
    is_person = dated.rule.audience is PolicyAudience.PERSON
    table = person_facts(records, parameters, day) if is_person else employer_facts(records, day)
    result = evaluate(dated.rule.condition, table, in_force(parameters, day))
    return Judgement(dated.rule, dated.since, table, result)


def claimed(judgement: Judgement, applications: pd.DataFrame) -> NDArray[np.int64]:
    """Ids of those who have applied for a policy and were not refused."""
    own = applications[(applications["policy"] == judgement.rule.code) & applications["state"].isin(CLAIMED)]
    return np.asarray(own[judgement.subject].dropna().unique(), dtype=np.int64)


def summary(judgements: Sequence[Judgement], applications: pd.DataFrame) -> pd.DataFrame:
    """A row a policy: policy (code), met, unclaimed (met and not applied for), unknown, not_met, claims."""
    rows = []
    for own in judgements:
        met, applied = own.ids(Truth.YES), claimed(own, applications)
        rows.append(
            {
                "policy": own.rule.code,
                "met": len(met),
                "unclaimed": int((~np.isin(met, applied)).sum()),
                "unknown": int((own.result.truth == Truth.UNKNOWN).sum()),
                "not_met": int((own.result.truth == Truth.NO).sum()),
                "claims": len(applied),
            }
        )
    return pd.DataFrame(rows, columns=["policy", "met", "unclaimed", "unknown", "not_met", "claims"])


def unclaimed_people(judgements: Sequence[Judgement], applications: pd.DataFrame) -> NDArray[np.int64]:
    """Ids of the people who meet a policy that they have not applied for, each once."""
    missing = [
        np.setdiff1d(own.ids(Truth.YES), claimed(own, applications))
        for own in judgements
        if own.rule.audience is PolicyAudience.PERSON
    ]
    return np.unique(np.concatenate([np.array([], dtype=np.int64), *missing]))


def changes(before: Judgement | None, after: Judgement) -> pd.DataFrame:
    """Whose truth another version changes: id, before, after (see ``Truth``); without a version before, nobody met it."""
    then = after.result.truth
    now = np.full_like(then, Truth.NO) if before is None else before.result.truth
    differs = now != then
    return pd.DataFrame({"id": after.facts.ids[differs], "before": now[differs], "after": then[differs]})
