"""Caches of due work and of what would open work."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.geography.plane import TravelMode
from core.indicators import current
from core.matching.opportunities.landing import LandingPlan
from core.matching.opportunities.landing import landing_plan as compute_landing_plan
from core.matching.opportunities.single_change import Changes, cheapest_changes
from core.matching.ranking.scoring import as_weights, scores
from core.people import queries as people_queries
from core.store.settings import parameter
from core.tasks import exit_radar, queries
from core.tasks.due import compute_due
from core.tasks.facts import TaskFacts, load
from pages.cache import matching
from pages.cache.overview import facts
from pages.cache.store import cached, cached_query, database, parameters


@cached
def task_facts(revision: int) -> TaskFacts:
    known = facts(revision)
    with database().read() as connection:
        return load(connection, known)


@cached
def due(revision: int, today: date) -> pd.DataFrame:
    return compute_due(task_facts(revision), parameters(revision), today)


@cached
def radar_facts(revision: int) -> exit_radar.RadarFacts:
    known = task_facts(revision)
    with database().read() as connection:
        return exit_radar.RadarFacts(
            placements=known.facts.placements,
            follow_ups=known.follow_ups,
            difficulties=queries.difficulties(connection),
            weeks=known.facts.workshop_weeks,
            orders=queries.orders(connection),
        )


@cached
def radar(revision: int, today: date) -> pd.DataFrame:
    return exit_radar.evaluate(radar_facts(revision), parameters(revision), today)


@cached
def radar_record(revision: int, today: date) -> exit_radar.TrackRecord | None:
    return exit_radar.track_record(radar_facts(revision), parameters(revision), today)


transfers = cached_query(people_queries.transfers)


@cached
def changes(revision: int, today: date) -> Changes:
    return cheapest_changes(matching.pool(revision, today))


@cached
def landing_plan(revision: int, today: date) -> LandingPlan:
    district = matching.district(revision, today, TravelMode.WALK)
    points = scores(district.profile, as_weights(matching.presets(revision)[0].weights)).total.reshape(district.shape)
    highest = max(int(points.max(initial=1)), 1)
    hours = parameter(parameters(revision), "course_weekly_hours", today)
    return compute_landing_plan(district.pool, points / highest, weekly_course_hours=hours)


def live_plans(revision: int) -> pd.DataFrame:
    return current.live_plans(facts(revision))
