"""Caches of enterprise tiers."""

from __future__ import annotations

from datetime import date

from core.enterprises import goalposts as enterprise_goalposts
from core.enterprises import queries, robustness
from core.enterprises.assessment import EnterpriseAssessment, Travel, assess_enterprises
from core.enterprises.monitoring import Ledger
from core.store import settings
from pages.cache.store import cached, database, parameters


@cached
def goalposts(revision: int, today: date) -> tuple[enterprise_goalposts.Indicator, ...]:
    return enterprise_goalposts.goalposts(parameters(revision), today)


@cached
def board(revision: int, today: date) -> list[EnterpriseAssessment]:
    table = parameters(revision)
    travel = Travel(
        ebike=settings.parameter(table, "ebike_metres_per_minute", today),
        detour=settings.parameter(table, "detour_factor", today),
    )
    with database().read() as connection:
        ledger = Ledger(
            enterprises=queries.enterprises(connection),
            months=queries.months(connection),
            placements=queries.placements(connection),
            trained=queries.trained(connection),
            referrals=queries.referrals(connection),
            reviews=queries.reviews(connection, today),
            review_scores=queries.review_scores(connection),
        )
    return assess_enterprises(ledger, goalposts(revision, today), today, travel)


@cached
def draws(revision: int, today: date) -> robustness.Draws:
    return robustness.draws(robustness.rated_enterprises(board(revision, today)))


@cached
def sobol(revision: int, today: date) -> robustness.SobolIndices:
    return robustness.sobol_of(robustness.rated_enterprises(board(revision, today)))
