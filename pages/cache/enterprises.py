"""Caches of enterprise tiers."""

from __future__ import annotations

from datetime import date

from core.enterprises import board as enterprise_board_of
from core.enterprises import goalposts as enterprise_goalposts
from core.enterprises import queries as enterprises_queries
from core.enterprises import robustness as enterprise_robustness
from core.enterprises.monitoring import Ledger
from core.store import settings
from pages.cache.store import cached, database, parameters


@cached
def goalposts(revision: int, today: date) -> tuple[enterprise_goalposts.Indicator, ...]:
    return enterprise_goalposts.goalposts(parameters(revision), today)


@cached
def enterprise_board(revision: int, today: date) -> list[enterprise_board_of.Standing]:
    table = parameters(revision)
    travel = enterprise_board_of.Travel(
        settings.parameter(table, "ebike_metres_per_minute", today), settings.parameter(table, "detour_factor", today)
    )
    with database().read() as connection:
        ledger = Ledger(
            enterprises_queries.enterprises(connection),
            enterprises_queries.months(connection),
            enterprises_queries.placements(connection),
            enterprises_queries.trained(connection),
            enterprises_queries.referrals(connection),
            enterprises_queries.reviews(connection, today),
            enterprises_queries.review_scores(connection),
        )
    return enterprise_board_of.board(ledger, goalposts(revision, today), today, travel)


@cached
def enterprise_draws(revision: int, today: date) -> enterprise_robustness.Draws:
    return enterprise_robustness.draws(enterprise_robustness.cases(enterprise_board(revision, today)))


@cached
def enterprise_sobol(revision: int, today: date) -> enterprise_robustness.Indices:
    return enterprise_robustness.sobol_of(enterprise_robustness.cases(enterprise_board(revision, today)))
