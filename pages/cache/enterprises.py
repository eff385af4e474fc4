"""Caches of enterprise tiers."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd

from core.accounts import queries as account_queries
from core.enterprises import goalposts as enterprise_goalposts
from core.enterprises import lift_path, loading, queries, robustness
from core.enterprises.assessment import EnterpriseAssessment, assess_enterprises
from core.enterprises.honest_ranks import HonestRanks, honest_ranks
from core.enterprises.monitoring import Ledger
from core.enterprises.movement import Movement, compare, under_rules
from core.enterprises.profile import Profile, load_rows, profile_of
from core.enterprises.rounds import proposal
from core.enterprises.rounds.proposal import CaseInputs, Proposal, propose
from core.enterprises.rules import Rules, rules_on
from core.enterprises.sampling import people_behind
from core.policy import RULES, Action
from core.store import settings
from core.terms import Pillar
from pages.cache.store import cached, cached_query, database, parameters

rule_versions = cached_query(queries.rules)
rounds = cached_query(queries.rounds)
cases = cached_query(queries.cases)
judges = cached_query(queries.judges)
exclusions = cached_query(queries.exclusions)
marks_given = cached_query(queries.marks_given)
support_measures = cached_query(queries.support_measures)
support_grants = cached_query(queries.support_grants)
visits = cached_query(queries.visits)
profile_rows = cached_query(load_rows)


@cached
def panel_candidates(revision: int) -> list[str]:
    """Names of the active accounts whose role may give marks, then those of the staff."""
    with database().read() as connection:
        accounts = account_queries.accounts(connection)
        staff = settings.staff_names(connection)
    judges = [a.name for a in accounts if a.active and a.role in RULES[Action.GIVE_MARKS]]
    return list(dict.fromkeys([*judges, *staff]))


@cached
def marks(revision: int, viewer: str | None) -> pd.DataFrame:
    with database().read() as connection:
        return queries.marks(connection, viewer)


@cached
def proposals(revision: int, round_id: int) -> list[Proposal]:
    """A round's proposal, computed again from its kept inputs by its kept rules; empty before there is one."""
    with database().read() as connection:
        kept = queries.round_content(connection, round_id)
    if kept is None:
        return []
    return propose([CaseInputs.from_json(case) for case in kept["inputs"]], Rules.from_json(kept["rules"]))


@cached
def round_rules(revision: int, round_id: int) -> str:
    """The version of the rules that a round keeps; empty before there is a proposal."""
    with database().read() as connection:
        kept = queries.round_content(connection, round_id)
    return "" if kept is None else str(kept["rules"]["version"])


@cached
def is_reproduced(revision: int, round_id: int) -> bool:
    """Whether the kept inputs of a round still give its kept results."""
    with database().read() as connection:
        kept = queries.round_content(connection, round_id)
    return kept is not None and proposal.is_reproduced(kept["inputs"], kept["rules"], kept["results"])


@cached
def rules(revision: int, today: date) -> Rules:
    return rules_on(rule_versions(revision), today)


@cached
def goalposts(revision: int, today: date) -> tuple[enterprise_goalposts.Indicator, ...]:
    return enterprise_goalposts.goalposts(parameters(revision), today, rules(revision, today))


def movement(revision: int, today: date, new: Rules) -> Movement:
    """What ``new`` would move against the rules in force."""
    return _movement(revision, today, json.dumps(new.to_json(), sort_keys=True))


@cached
def _movement(revision: int, today: date, new: str) -> Movement:
    """``new`` is the document of the rules as JSON: a key that can be hashed."""
    proposed = Rules.from_json(json.loads(new))
    return compare(_by_rules_in_force(revision, today), _under(revision, today, proposed))


@cached
def _by_rules_in_force(revision: int, today: date) -> list[EnterpriseAssessment]:
    """One side of every preview: the same while somebody edits."""
    return _under(revision, today, rules(revision, today))


def _under(revision: int, today: date, chosen: Rules) -> list[EnterpriseAssessment]:
    return under_rules(ledger(revision, today), parameters(revision), chosen, today)


@cached
def ledger(revision: int, today: date) -> Ledger:
    with database().read() as connection:
        return loading.load(connection, today)


@cached(max_entries=200)
def profile(revision: int, today: date, key: int) -> Profile:
    return profile_of(ledger(revision, today), profile_rows(revision), key, today)


@cached
def board(revision: int, today: date) -> list[EnterpriseAssessment]:
    return assess_enterprises(ledger(revision, today), parameters(revision), today)


@cached
def ranks(revision: int, today: date) -> HonestRanks:
    assessments = board(revision, today)
    people = people_behind(ledger(revision, today), parameters(revision), assessments, today)
    return honest_ranks(assessments, people)


@cached
def monitoring_history(revision: int, today: date) -> dict[int, dict[Pillar, list[float | None]]]:
    return lift_path.monitoring_history(ledger(revision, today), parameters(revision), today)


@cached
def sobol(revision: int, today: date) -> robustness.SobolIndices:
    return robustness.sobol_of(robustness.rated_enterprises(board(revision, today)))
