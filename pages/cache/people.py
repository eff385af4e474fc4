"""Caches of people of the pool."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from core.indicators.attention import WATCHES
from core.intake.planning.persons import PersonIndex
from core.jobs import queries as jobs_queries
from core.locale import Translator
from core.people import profile, queries
from core.people.duplicates import queries as duplicate_queries
from core.people.duplicates import scoring
from core.people.duplicates.scoring import Chances
from core.people.merging import queries as merging_queries
from core.people.merging.plan import MergePlan
from core.people.merging.rules import Row
from core.people.pool import pool_table
from core.people.posts import queries as post_queries
from core.people.posts.limits import PostFacts
from core.people.profile import History
from core.store.settings import in_force
from core.tasks import queries as task_queries
from core.terms import HardshipKind, PlanStatus, SkillDomain
from pages.cache.overview import facts, findings
from pages.cache.store import cached, cached_query, database, parameters

hardships = cached_query(queries.hardships)
accommodations = cached_query(queries.accommodations)
intentions = cached_query(queries.intentions)
skills = cached_query(queries.skills)
occupations = cached_query(jobs_queries.occupations)
plan_measures = cached_query(queries.plan_measures)


corrections = cached_query(queries.corrections)
grids = cached_query(queries.grids)
former_numbers = cached_query(merging_queries.former_numbers)
merges = cached_query(merging_queries.merges)
distinct_pairs = cached_query(duplicate_queries.distinct_pairs)


@cached
def duplicate_pairs(revision: int, today: date, limit: float | None = None) -> pd.DataFrame:
    chances = Chances.of(in_force(parameters(revision), today))
    if limit is not None:
        chances = replace(chances, limit=limit)
    apart = distinct_pairs(revision)[["person_id", "other_id"]].itertuples(index=False, name=None)
    with database().read() as connection:
        people_facts = duplicate_queries.duplicate_facts(connection)
    return scoring.duplicate_pairs(people_facts, chances, list(apart))


@cached
def pair_scores(revision: int, today: date, ids: tuple[int, ...]) -> pd.DataFrame:
    with database().read() as connection:
        people_facts = duplicate_queries.duplicate_facts(connection)
    return scoring.pair_scores(people_facts, Chances.of(in_force(parameters(revision), today)), ids)


@cached
def merge_plan(revision: int, keep: int, others: tuple[int, ...]) -> MergePlan:
    with database().read() as connection:
        return merging_queries.planned(connection, keep, others)


@cached
def records(revision: int, ids: tuple[int, ...]) -> dict[int, Row]:
    with database().read() as connection:
        return merging_queries.people(connection, ids)


@cached
def caseloads(revision: int) -> pd.Series:
    """Colleague → live plans."""
    plans = facts(revision).plans
    return plans.loc[plans["status"] == PlanStatus.LIVE, "owner"].value_counts()


@cached
def homes(revision: int) -> pd.Series:
    """Id of a person → id of the home community, NA where none is known."""
    return facts(revision).people.set_index("id")["community_id"]


@cached
def person_index(revision: int) -> PersonIndex:
    with database().read() as connection:
        stored, former = queries.identity_facts(connection), merging_queries.former_hashes(connection)
    index = PersonIndex(stored, new_id=lambda _key: 0, remembered={})
    index.by_hash |= former
    return index


@cached
def people(revision: int, today: date) -> pd.DataFrame:
    with database().read() as connection:
        return queries.people(connection, today)


@cached
def pool(revision: int, today: date) -> pd.DataFrame:
    own = history(revision)
    plans = facts(revision).plans
    return pool_table(people(revision, today), plans, own.measures, own.visits, own.person_skills, today)


@cached
def history(revision: int) -> History:
    known = facts(revision)
    jobs_named = known.jobs[["id", "title", "employer"]].rename(columns={"id": "job_id"})
    of_person = known.placements[["id", "person_id"]].rename(columns={"id": "placement_id"})
    with database().read() as connection:
        follow_ups = task_queries.follow_ups(connection)
    return History(
        states=known.states,
        posts=known.posts,
        visits=known.visits,
        enrolments=known.enrolments,
        measures=plan_measures(revision),
        referrals=known.referrals.merge(jobs_named, on="job_id"),
        placements=known.placements,
        person_skills=known.person_skills,
        skills=skills(revision),
        plans=known.plans,
        follow_ups=follow_ups.merge(of_person, on="placement_id"),
        corrections=corrections(revision),
    )


@cached(max_entries=20)
def skilled_in(revision: int, domain: SkillDomain) -> set[int]:
    own = facts(revision).person_skills.merge(skills(revision), left_on="skill", right_on="code")
    return set(own.loc[own["domain"] == domain, "person_id"])


def with_hardship(revision: int, kind: HardshipKind) -> set[int]:
    rows = hardships(revision)
    return set(rows.loc[rows["kind"] == kind, "person_id"])


def post_facts(revision: int, person_id: int, day: date, at_55: bool) -> PostFacts:
    with database().read() as connection:
        return post_queries.post_facts(connection, person_id, day, retires_at_55=at_55)


def wants(revision: int, person_id: int, tr: Translator) -> dict[str, str]:
    return profile.wants(tr, intentions(revision), occupations(revision), person_id)


def editable(revision: int, person_id: int) -> dict[str, Any]:
    with database().read() as connection:
        return queries.editable(connection, person_id)


def watched(revision: int, today: date, code: str, tr: Translator) -> tuple[str, pd.Series] | None:
    """A watch over people of the attention list: its name, and person id → day since which it holds.

    None for an unknown code, or one that is not about people.
    """
    watch = next((watch for watch in WATCHES if watch.code == code and watch.page == "people"), None)
    if watch is None:
        return None
    rows = next((f.rows for f in findings(revision, today) if f.watch is watch), None)
    since = pd.Series(dtype="datetime64[s]") if rows is None else rows.groupby("person_id")["since"].min()
    return tr(watch.name), since
