"""Caches of enterprise tiers."""

from __future__ import annotations

from datetime import date

from core.enterprises import goalposts as enterprise_goalposts
from core.enterprises import loading, queries, robustness
from core.enterprises.assessment import EnterpriseAssessment, assess_enterprises
from core.enterprises.rules import Rules, rules_on
from pages.cache.store import cached, cached_query, database, parameters

rule_versions = cached_query(queries.rules)


@cached
def rules(revision: int, today: date) -> Rules:
    return rules_on(rule_versions(revision), today)


@cached
def goalposts(revision: int, today: date) -> tuple[enterprise_goalposts.Indicator, ...]:
    return enterprise_goalposts.goalposts(parameters(revision), today, rules(revision, today))


@cached
def board(revision: int, today: date) -> list[EnterpriseAssessment]:
    with database().read() as connection:
        ledger = loading.load(connection, today)
    return assess_enterprises(ledger, parameters(revision), today)


@cached
def draws(revision: int, today: date) -> robustness.Draws:
    return robustness.draws(robustness.rated_enterprises(board(revision, today)))


@cached
def sobol(revision: int, today: date) -> robustness.SobolIndices:
    return robustness.sobol_of(robustness.rated_enterprises(board(revision, today)))
