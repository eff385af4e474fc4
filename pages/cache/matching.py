"""Caches of matching."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from core.geography.plane import TravelMode
from core.jobs import queries as jobs_queries
from core.locale import Translator
from core.matching import fairness, tables
from core.matching.assignment.district import District
from core.matching.assignment.district import district as compute_district
from core.matching.inputs import loading, queries
from core.matching.inputs.matching_pool import MatchingPool
from core.matching.ranking import presets as weight_presets
from core.matching.ranking import shortlist
from core.matching.ranking.presets import Preset
from core.matching.ranking.shortlist import Candidates
from core.training import queries as training_queries
from pages.cache.people import people
from pages.cache.store import cached, cached_query, database


@cached
def pool(revision: int, today: date) -> MatchingPool:
    with database().read() as connection:
        return loading.load(connection, today)


@cached
def passing_people(revision: int, today: date, mode: TravelMode) -> list[np.ndarray]:
    return shortlist.passing_people(pool(revision, today), mode)


@cached(max_entries=20)
def job_labels(
    revision: int, today: date, mode: TravelMode, ending_too: bool, communities: tuple[str, ...], tr: Translator
) -> dict[int, str]:
    """Openings by id; the people counted are those who pass the same filter as the list."""
    everyone = pool(revision, today)
    mask = everyone.people_mask(ending_too=ending_too, communities=communities)
    return tables.job_labels(everyone, passing_people(revision, today, mode), mask, tr)


@cached
def person_labels(revision: int, today: date, tr: Translator) -> dict[int, str]:
    return tables.person_labels(pool(revision, today), tr)


community_points = cached_query(queries.communities)


def community_ids(revision: int) -> dict[str, int]:
    """Community name → id."""
    points = community_points(revision)
    return dict(zip(points["name"], points["id"].astype(int), strict=True))


saved_presets = cached_query(queries.presets)


def presets(revision: int) -> list[Preset]:
    """Built-in presets and the saved ones in force."""
    return weight_presets.presets(saved_presets(revision))


@cached
def district(revision: int, today: date, mode: TravelMode) -> District:
    return compute_district(pool(revision, today), mode)


@cached
def attributes(revision: int, today: date) -> pd.DataFrame:
    return fairness.attributes(people(revision, today), today)


@cached
def courses(revision: int, today: date) -> pd.DataFrame:
    with database().read() as connection:
        return training_queries.courses(connection, today)


referrals = cached_query(jobs_queries.referrals)


@cached(max_entries=60)
def people_for_job(revision: int, today: date, job: int, mode: TravelMode) -> Candidates:
    return shortlist.candidates_for_job(pool(revision, today), job, mode)


@cached(max_entries=60)
def jobs_for_person(revision: int, today: date, person: int, mode: TravelMode) -> Candidates:
    return shortlist.candidates_for_person(pool(revision, today), person, mode)
