"""Caches of openings, their sources and probable twins."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.indicators import opening_yields
from core.indicators.opening_yields import OpeningYields
from core.jobs import queries as jobs_queries
from core.jobs.openings import listing as openings_listing
from core.jobs.openings import queries
from core.jobs.openings.checks import Remark, may_be_published
from core.jobs.openings.listing import OpeningState
from core.jobs.twins.compare import probable_twins
from pages.cache.overview import facts
from pages.cache.store import cached, cached_query, database, parameters

sources = cached_query(queries.sources)
platforms = cached_query(queries.platforms)
pairs = cached_query(queries.pairs)
piece_times = cached_query(jobs_queries.piece_times)
job_skills = cached_query(jobs_queries.job_skills)
occupations = cached_query(jobs_queries.occupations)
seats_taken = cached_query(jobs_queries.seats_taken)

IN_SEARCH = (OpeningState.LIVE, OpeningState.STALE, OpeningState.OVER, OpeningState.PAUSED)


@cached
def listing(revision: int, today: date) -> pd.DataFrame:
    dated, jobs = parameters(revision), facts(revision).jobs
    return openings_listing.listing(jobs, seats_taken(revision), sources(revision), dated, today)


@cached
def twins(revision: int, today: date) -> pd.DataFrame:
    rows, decided = listing(revision, today), pairs(revision)
    apart = {tuple(sorted(pair)) for pair in zip(decided["kept_id"], decided["other_id"], strict=True)}
    live = rows[rows["opening_state"].isin(IN_SEARCH)]
    return probable_twins(live, facts(revision).employers, piece_times(revision), apart)


@cached
def yields(revision: int, today: date) -> OpeningYields:
    return opening_yields.opening_yields(facts(revision), sources(revision), today)


@cached
def held_back(revision: int, today: date) -> dict[int, tuple[Remark, ...]]:
    """Live openings that may not be published → what the law has against them."""
    rows, times, dated = listing(revision, today), piece_times(revision), parameters(revision)
    live = rows[rows["opening_state"] == OpeningState.LIVE]
    remarks = {int(job["id"]): may_be_published(job, times, dated, today) for job in live.to_dict("records")}
    return {number: own for number, own in remarks.items() if own}


def history(job_id: int) -> pd.DataFrame:
    with database().read() as connection:
        return queries.history(connection, job_id)
