"""Caches of people of the pool."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from core.jobs import queries as jobs_queries
from core.locale import Translator
from core.people import profile
from core.people import queries as people_queries
from core.people.pool import pool_table
from core.people.profile import History
from core.terms import HardshipKind, SkillDomain
from pages.cache.overview import facts, findings
from pages.cache.store import cached, database


@cached
def people(revision: int, today: date) -> pd.DataFrame:
    with database().read() as connection:
        return people_queries.people(connection, today)


@cached
def pool(revision: int, today: date) -> pd.DataFrame:
    found = history(revision)
    plans = facts(revision).plans
    return pool_table(people(revision, today), plans, found.measures, found.visits, found.person_skills, today)


@cached
def history(revision: int) -> History:
    known = facts(revision)
    jobs_named = known.jobs[["id", "title", "employer"]].rename(columns={"id": "job_id"})
    with database().read() as connection:
        measures = people_queries.plan_measures(connection)
        skills = people_queries.skills(connection)
    return History(
        states=known.states,
        posts=known.posts,
        visits=known.visits,
        enrolments=known.enrolments,
        measures=measures,
        referrals=known.referrals.merge(jobs_named, on="job_id"),
        placements=known.placements,
        person_skills=known.person_skills,
        skills=skills,
    )


@st.cache_resource(show_spinner=False, max_entries=20)
def skilled_in(revision: int, domain: SkillDomain) -> set[int]:
    found = history(revision)
    return set(
        found.person_skills.merge(found.skills, left_on="skill", right_on="code").query("domain == @domain")[
            "person_id"
        ]
    )


@cached
def hardships(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return people_queries.hardships(connection)


def with_hardship(revision: int, kind: HardshipKind) -> set[int]:
    found = hardships(revision)
    return set(found.loc[found["kind"] == kind, "person_id"])


def hardships_of(revision: int, person_id: int) -> list[str]:
    found = hardships(revision)
    return list(found.loc[found["person_id"] == person_id, "kind"])


@cached
def accommodations(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return people_queries.accommodations(connection)


def limits_of(revision: int, person_id: int) -> list[str]:
    found = accommodations(revision)
    return list(found.loc[found["person_id"] == person_id, "kind"])


@cached
def intentions(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return people_queries.intentions(connection)


@cached
def occupations(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return jobs_queries.occupations(connection)


def wants(revision: int, person_id: int, tr: Translator) -> dict[str, str]:
    return profile.wants(tr, intentions(revision), occupations(revision), person_id)


def editable(revision: int, person_id: int) -> dict[str, Any]:
    with database().read() as connection:
        return people_queries.editable(connection, person_id)


def watched(revision: int, today: date, code: str, tr: Translator) -> tuple[str, set[int]] | None:
    """The people that a watch of the attention list found, with its name."""
    for finding in findings(revision, today):
        if finding.watch.code == code and "person_id" in finding.rows:
            return tr(finding.watch.name), set(finding.rows["person_id"])
    return None


@cached
def skills(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return people_queries.skills(connection)
