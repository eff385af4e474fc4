"""Caches of training."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.indicators import commissioned
from core.jobs import queries as jobs_queries
from core.terms import PersonState
from core.training import demand, queries, tables
from pages.cache.overview import facts
from pages.cache.people import people
from pages.cache.store import cached, cached_query, database

sessions = cached_query(queries.sessions)
catalogue = cached_query(queries.catalogue)
job_skills = cached_query(jobs_queries.job_skills)
seats_taken = cached_query(jobs_queries.seats_taken)


@cached
def courses(revision: int, today: date) -> pd.DataFrame:
    return tables.catalogue_table(catalogue(revision), sessions(revision), today)


@cached
def gaps(revision: int, today: date) -> pd.DataFrame:
    known = facts(revision)
    return demand.skill_gaps(
        job_skills(revision),
        demand.free_seats(known.jobs, seats_taken(revision)),
        known.person_skills,
        seekers(revision, today),
        demand.session_seats(sessions(revision), today),
    )


@cached
def seekers(revision: int, today: date) -> pd.Series:
    table = people(revision, today)
    return table.loc[table["state"] == PersonState.SEEKING, "id"]


@cached
def funnel(revision: int, today: date) -> pd.DataFrame:
    return commissioned.commissioned_by_employer(facts(revision), today)


def stage_rows(revision: int, today: date, stage: str, employer_id: int | None) -> pd.DataFrame:
    return commissioned.stage_rows(facts(revision), today, stage, employer_id)


def roster(session_id: int) -> pd.DataFrame:
    with database().read() as connection:
        return queries.roster(connection, session_id)
