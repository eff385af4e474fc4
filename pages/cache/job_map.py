"""Caches of the job map."""

from __future__ import annotations

from datetime import date

from core.access import queries as access_queries
from core.access.accessibility import Accessibility, compute_accessibility
from core.access.job_filter import ALL_JOBS, JobFilter, filtered
from core.access.measures import RATE_OF, MeasureTable, Rate, make_measures
from core.access.model import AccessModel
from core.access.release import ReleasedMeasures, release_measures
from core.access.snapshot import DistrictSnapshot, make_snapshot
from core.access.what_if import marginal_effects
from core.geography import queries as geography_queries
from core.geography.plane import TravelMode, travel
from core.job_map import queries as job_map_queries
from core.store import settings
from core.store.scenarios import Saved
from core.store.scenarios import scenarios as saved_scenarios
from core.terms import ScenarioKind
from pages.cache.overview import community_counts
from pages.cache.store import cached, cached_query, database, min_count_outside, parameters

map_start = cached_query(access_queries.first_day)


@cached(max_entries=12)
def unfiltered_snapshot(revision: int, day: date, latest: date) -> DistrictSnapshot:
    with database().read() as connection:
        return make_snapshot(access_queries.load(connection, day, latest))


@cached(max_entries=24)
def snapshot(revision: int, day: date, latest: date, job_filter: JobFilter = ALL_JOBS) -> DistrictSnapshot:
    return filtered(unfiltered_snapshot(revision, day, latest), job_filter)


@cached(max_entries=40)
def accessibility(
    revision: int, day: date, latest: date, job_filter: JobFilter, mode: TravelMode, minutes: int
) -> Accessibility:
    way = travel(parameters(revision), mode, day)
    return compute_accessibility(snapshot(revision, day, latest, job_filter), mode, way, minutes)


@cached(max_entries=12)
def map_rates(revision: int, day: date) -> dict[str, Rate]:
    return {code: Rate(*community_counts(revision, day, code)) for code in RATE_OF.values()}


@cached(max_entries=40)
def measures(
    revision: int, day: date, latest: date, job_filter: JobFilter, mode: TravelMode, minutes: int
) -> MeasureTable:
    min_count = round(settings.parameter(parameters(revision), "small_count_inside", day))
    return make_measures(
        snapshot(revision, day, latest, job_filter),
        accessibility(revision, day, latest, job_filter, mode, minutes),
        map_rates(revision, day),
        min_count,
    )


@cached(max_entries=20)
def model(revision: int, day: date, latest: date, job_filter: JobFilter, mode: TravelMode, minutes: int) -> AccessModel:
    shown = snapshot(revision, day, latest, job_filter)
    access = accessibility(revision, day, latest, job_filter, mode, minutes)
    return AccessModel(
        unfiltered=snapshot(revision, day, latest, ALL_JOBS),
        unfiltered_accessibility=accessibility(revision, day, latest, ALL_JOBS, mode, minutes),
        snapshot=shown,
        accessibility=access,
        effects=marginal_effects(shown, access),
        rates=map_rates(revision, day),
        measures=measures(revision, day, latest, job_filter, mode, minutes),
    )


@cached(max_entries=12)
def released(
    revision: int, day: date, latest: date, job_filter: JobFilter, mode: TravelMode, minutes: int
) -> ReleasedMeasures:
    min_count = min_count_outside(revision, day)
    return release_measures(model(revision, day, latest, job_filter, mode, minutes), min_count)


@cached
def scenarios(revision: int, kind: ScenarioKind) -> list[Saved]:
    with database().read() as connection:
        return saved_scenarios(connection, kind)


agenda_items = cached_query(job_map_queries.agenda_items)


stored_outlines = cached_query(geography_queries.boundaries)
