"""Caches of matching."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from core.geography.plane import TravelMode
from core.jobs import queries as jobs_queries
from core.locale import Translator
from core.matching import fairness as match_fairness
from core.matching.assignment.district import District as MatchDistrict
from core.matching.assignment.district import district as match_district_of
from core.matching.inputs import loading as match_load
from core.matching.inputs import queries as matching_queries
from core.matching.inputs.pool import Pool
from core.matching.ranking.presets import Preset
from core.matching.ranking.presets import presets as match_presets_of
from core.matching.ranking.shortlist import Candidates, candidates_for_job, candidates_for_person
from core.matching.ranking.shortlist import passing as match_passing
from core.matching.tables import job_labels, person_labels
from core.training import queries as training_queries
from pages.cache.people import people
from pages.cache.store import cached, database


@cached
def match_pool(revision: int, today: date) -> Pool:
    with database().read() as connection:
        return match_load.load(connection, today)


@cached
def match_job_labels(revision: int, today: date, mode: TravelMode, tr: Translator) -> dict[int, str]:
    pool = match_pool(revision, today)
    return job_labels(pool, match_passing(pool, mode), tr)


@cached
def match_person_labels(revision: int, today: date, names: bool, tr: Translator) -> dict[int, str]:
    return person_labels(match_pool(revision, today), names, tr)


@cached
def community_codes(revision: int) -> dict[str, int]:
    with database().read() as connection:
        points = matching_queries.communities(connection)
    return dict(zip(points["name"], points["id"].astype(int), strict=True))


@cached
def match_presets(revision: int) -> list[Preset]:
    with database().read() as connection:
        return match_presets_of(matching_queries.presets(connection))


@cached
def match_district(revision: int, today: date, mode: TravelMode) -> MatchDistrict:
    return match_district_of(match_pool(revision, today), mode)


@cached
def match_attributes(revision: int, today: date) -> pd.DataFrame:
    return match_fairness.attributes(people(revision, today), today)


@cached
def courses(revision: int, today: date) -> pd.DataFrame:
    with database().read() as connection:
        return training_queries.courses(connection, today)


@cached
def referrals(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return jobs_queries.referrals(connection)


@st.cache_resource(show_spinner=False, max_entries=60)
def people_for_job(revision: int, today: date, job: int, mode: TravelMode) -> Candidates:
    return candidates_for_job(match_pool(revision, today), job, mode)


@st.cache_resource(show_spinner=False, max_entries=60)
def jobs_for_person(revision: int, today: date, person: int, mode: TravelMode) -> Candidates:
    return candidates_for_person(match_pool(revision, today), person, mode)
