"""Caches of the job map."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from core.access import queries as access_queries
from core.access.accessibility import Reach, make_reach
from core.access.job_filter import ALL_JOBS, JobFilter, filtered
from core.access.measures import RATE_OF, Board, Rate, make_board
from core.access.snapshot import Atlas, make_atlas
from core.access.what_if import Prospects, make_prospects
from core.geography import commands as geography_commands
from core.geography.boundary_import import Stored as StoredOutlines
from core.geography.plane import TravelMode, travel
from core.indicators.dated_counts import counts_by_community
from core.job_map import queries as job_map_queries
from core.store import settings
from core.store.scenarios import Saved
from core.store.scenarios import scenarios as saved_scenarios
from core.terms import ScenarioKind
from pages.cache.overview import measured
from pages.cache.store import cached, database, parameters


@cached
def map_start(revision: int) -> date | None:
    with database().read() as connection:
        return access_queries.first_day(connection)


@st.cache_resource(show_spinner=False, max_entries=12)
def whole_atlas(revision: int, day: date, latest: date) -> Atlas:
    with database().read() as connection:
        return make_atlas(access_queries.load(connection, day, latest))


@st.cache_resource(show_spinner=False, max_entries=24)
def atlas(revision: int, day: date, latest: date, wanted: JobFilter = ALL_JOBS) -> Atlas:
    return filtered(whole_atlas(revision, day, latest), wanted)


@st.cache_resource(show_spinner=False, max_entries=40)
def reach(revision: int, day: date, latest: date, wanted: JobFilter, mode: TravelMode, minutes: int) -> Reach:
    return make_reach(atlas(revision, day, latest, wanted), mode, travel(parameters(revision), mode, day), minutes)


@st.cache_resource(show_spinner=False, max_entries=20)
def prospects(revision: int, day: date, latest: date, wanted: JobFilter, mode: TravelMode, minutes: int) -> Prospects:
    return make_prospects(atlas(revision, day, latest, wanted), reach(revision, day, latest, wanted, mode, minutes))


@st.cache_resource(show_spinner=False, max_entries=12)
def map_rates(revision: int, day: date) -> dict[str, Rate]:
    return {
        code: Rate(*(counts_by_community(side, day) for side in (found.numerator_rows, found.denominator_rows)))
        for code in RATE_OF.values()
        for found in (measured(revision, day, code),)
    }


@st.cache_resource(show_spinner=False, max_entries=40)
def board(revision: int, day: date, latest: date, wanted: JobFilter, mode: TravelMode, minutes: int) -> Board:
    k = round(settings.parameter(parameters(revision), "small_count_inside", day))
    found, near = atlas(revision, day, latest, wanted), reach(revision, day, latest, wanted, mode, minutes)
    return make_board(found, near, map_rates(revision, day), k)


@cached
def scenarios(revision: int, kind: ScenarioKind) -> list[Saved]:
    with database().read() as connection:
        return saved_scenarios(connection, kind)


@cached
def raised(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return job_map_queries.raised(connection)


@cached
def stored_outlines(revision: int) -> StoredOutlines:
    with database().read() as connection:
        return geography_commands.stored(connection)
