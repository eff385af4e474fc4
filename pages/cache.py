"""Every cache of the screens: one-line wrappers over core, keyed by the revision of the store.

Frames and models are shared between sessions and never mutated (``cache_resource``: no copy, no hashing of frames).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from core.enterprises import board as enterprise_board_of
from core.enterprises import goalposts as enterprise_goalposts
from core.enterprises import robustness as enterprise_robustness
from core.enterprises import rows as enterprise_rows
from core.enterprises.monitoring import Ledger
from core.geography import commands as geography_commands
from core.geography import rows as geography_rows
from core.geography.atlas import Atlas, make_atlas
from core.geography.filters import ALL_JOBS, JobFilter, filtered
from core.geography.intake import Stored as StoredOutlines
from core.geography.measures import RATE_OF, Board, Rate, make_board
from core.geography.plane import TravelMode, travel
from core.geography.reach import Reach, make_reach
from core.geography.what_if import Prospects, make_prospects
from core.indicators import attention, loop, registry, tables
from core.indicators.attention import Finding
from core.indicators.cohorts import Cohorts
from core.indicators.cohorts import cohorts as find_cohorts
from core.indicators.facts import Facts
from core.indicators.facts import load as load_facts
from core.indicators.registry import Measured
from core.indicators.spells import counts_by_community
from core.intake import rows as intake_rows
from core.intake.vocabulary import Vocabulary
from core.jobs import rows as job_rows
from core.locale import Words
from core.matching import fairness as match_fairness
from core.matching import load as match_load
from core.matching import rows as match_rows
from core.matching.district import District as MatchDistrict
from core.matching.district import district as match_district_of
from core.matching.pool import Pool
from core.matching.presets import Preset
from core.matching.presets import presets as match_presets_of
from core.matching.shortlist import Candidates, candidates_for_job, candidates_for_person
from core.matching.shortlist import passing as match_passing
from core.matching.tables import job_labels, person_labels
from core.people import profile
from core.people import rows as people_rows
from core.people.pool import pool_table
from core.people.profile import History
from core.store import settings
from core.store.database import Database
from core.store.scenarios import Saved
from core.store.scenarios import scenarios as saved_scenarios
from core.store.settings import District
from core.terms import HardshipKind, ScenarioKind, SkillDomain
from core.workshops import nearby as workshop_nearby
from core.workshops import roster as workshop_roster_of
from core.workshops import rows as workshop_rows
from core.workshops import status as workshop_status
from core.workshops.staffing import Roster, Worker

# One entry a revision is in use at a time; a few more serve sessions that are mid-run during a write.
keep = st.cache_resource(show_spinner=False, max_entries=6)


@st.cache_resource(show_spinner=False)
def database() -> Database:
    return Database()


def revision() -> int:
    return database().revision()


@keep
def district(revision: int) -> District:
    with database().read() as connection:
        return settings.district(connection)


def today(revision: int) -> date:
    """The district's own day: its last one for the demonstration data, else the date in Shandong."""
    return district(revision).as_of or datetime.now(ZoneInfo("Asia/Shanghai")).date()


@keep
def parameters(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return settings.parameters(connection)


@keep
def staff_names(revision: int) -> list[str]:
    with database().read() as connection:
        return settings.staff_names(connection)


@keep
def people_count(revision: int) -> int:
    with database().read() as connection:
        return people_rows.count(connection)


# -- people ---------------------------------------------------------------------------------------


@keep
def people(revision: int, today: date) -> pd.DataFrame:
    with database().read() as connection:
        return people_rows.people(connection, today)


@keep
def pool(revision: int, today: date) -> pd.DataFrame:
    found = history(revision)
    plans = facts(revision).plans
    return pool_table(people(revision, today), plans, found.measures, found.visits, found.person_skills, today)


@keep
def history(revision: int) -> History:
    known = facts(revision)
    jobs_named = known.jobs[["id", "title", "employer"]].rename(columns={"id": "job_id"})
    with database().read() as connection:
        measures = people_rows.plan_measures(connection)
        skills = people_rows.skills(connection)
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


@keep
def hardships(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return people_rows.hardships(connection)


def with_hardship(revision: int, kind: HardshipKind) -> set[int]:
    found = hardships(revision)
    return set(found.loc[found["kind"] == kind, "person_id"])


def hardships_of(revision: int, person_id: int) -> list[str]:
    found = hardships(revision)
    return list(found.loc[found["person_id"] == person_id, "kind"])


@keep
def accommodations(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return people_rows.accommodations(connection)


def limits_of(revision: int, person_id: int) -> list[str]:
    found = accommodations(revision)
    return list(found.loc[found["person_id"] == person_id, "kind"])


@keep
def intentions(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return people_rows.intentions(connection)


@keep
def occupations(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return job_rows.occupations(connection)


def wants(revision: int, person_id: int, tr: Words) -> dict[str, str]:
    return profile.wants(tr, intentions(revision), occupations(revision), person_id)


def editable(revision: int, person_id: int) -> dict[str, Any]:
    with database().read() as connection:
        return people_rows.editable(connection, person_id)


def watched(revision: int, today: date, code: str, tr: Words) -> tuple[str, set[int]] | None:
    """The people that a watch of the attention list found, with its name."""
    for finding in findings(revision, today):
        if finding.watch.code == code and "person_id" in finding.rows:
            return tr(finding.watch.name), set(finding.rows["person_id"])
    return None


@keep
def skills(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return people_rows.skills(connection)


# -- jobs -----------------------------------------------------------------------------------------


@keep
def jobs(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return job_rows.jobs(connection)


@keep
def placements(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return job_rows.placements(connection)


# -- overview -------------------------------------------------------------------------------------


@keep
def facts(revision: int) -> Facts:
    with database().read() as connection:
        return load_facts(connection)


@st.cache_resource(show_spinner=False, max_entries=60)
def measured(revision: int, today: date, code: str) -> Measured:
    return registry.measure(facts(revision), code, today)


@keep
def funnel(revision: int, today: date) -> pd.DataFrame:
    return loop.funnel(facts(revision), today)


@st.cache_resource(show_spinner=False, max_entries=30)
def stage_rows(revision: int, today: date, code: str) -> pd.DataFrame:
    return loop.stage_rows(facts(revision), today, code)


@keep
def cohorts(revision: int, today: date) -> Cohorts:
    return find_cohorts(facts(revision), today)


@keep
def posts_by_field(revision: int, today: date) -> pd.DataFrame:
    return tables.posts_by_field(facts(revision), today)


@st.cache_resource(show_spinner=False, max_entries=30)
def communities_ranked(revision: int, today: date, code: str) -> pd.DataFrame:
    return tables.communities_ranked(measured(revision, today, code), facts(revision).communities)


@keep
def findings(revision: int, today: date) -> list[Finding]:
    return attention.findings(facts(revision), parameters(revision), today)


# -- job map --------------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False, max_entries=12)
def whole_atlas(revision: int, day: date, latest: date) -> Atlas:
    with database().read() as connection:
        return make_atlas(geography_rows.load(connection, day, latest))


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


@keep
def scenarios(revision: int, kind: ScenarioKind) -> list[Saved]:
    with database().read() as connection:
        return saved_scenarios(connection, kind)


@keep
def stored_outlines(revision: int) -> StoredOutlines:
    with database().read() as connection:
        return geography_commands.stored(connection)


# -- workshops ------------------------------------------------------------------------------------


@keep
def workshop_states(revision: int, today: date) -> list[workshop_status.State]:
    with database().read() as connection:
        floor = workshop_status.Floor(
            workshop_rows.workshops(connection),
            workshop_rows.weeks(connection, today),
            workshop_rows.outputs(connection, today),
            workshop_rows.orders(connection, today),
            workshop_rows.roll(connection, today),
            people_rows.person_skills(connection),
            workshop_rows.product_skills(connection),
            workshop_rows.received(connection, today),
        )
    return workshop_status.survey(floor, today)


@keep
def products(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return workshop_rows.products(connection)


@keep
def idle_premises(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return workshop_rows.idle_premises(connection)


@st.cache_resource(show_spinner=False, max_entries=40)
def workshop_candidates(revision: int, today: date, workshop: int) -> pd.DataFrame:
    state = next(s for s in workshop_states(revision, today) if s.key == workshop)
    table = parameters(revision)
    walk = (
        settings.parameter(table, "walk_metres_per_minute", today),
        settings.parameter(table, "detour_factor", today),
    )
    with database().read() as connection:
        skills, intentions = people_rows.person_skills(connection), people_rows.intentions(connection)
        wanted = workshop_rows.product_skills(connection)
    who, place = people(revision, today), (state.lon, state.lat)
    return workshop_nearby.candidates(who, skills, wanted, intentions, state.wanted_products, place, walk)


@st.cache_resource(show_spinner=False, max_entries=40)
def workshop_roster(revision: int, today: date, workshop: int) -> tuple[list[Worker], Roster]:
    state = next(s for s in workshop_states(revision, today) if s.key == workshop)
    with database().read() as connection:
        skills, intentions = people_rows.person_skills(connection), people_rows.intentions(connection)
    _, workers = workshop_roster_of.shift_workers(state, intentions, skills)
    return workers, workshop_roster_of.roster_of(state, workers)


@keep
def workshop_roll_skills(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return people_rows.person_skills(connection)


# -- matching -------------------------------------------------------------------------------------


@keep
def match_pool(revision: int, today: date) -> Pool:
    with database().read() as connection:
        return match_load.load(connection, today)


@keep
def match_job_labels(revision: int, today: date, mode: TravelMode, tr: Words) -> dict[int, str]:
    pool = match_pool(revision, today)
    return job_labels(pool, match_passing(pool, mode), tr)


@keep
def match_person_labels(revision: int, today: date, names: bool, tr: Words) -> dict[int, str]:
    return person_labels(match_pool(revision, today), names, tr)


@keep
def community_codes(revision: int) -> dict[str, int]:
    with database().read() as connection:
        points = match_rows.communities(connection)
    return dict(zip(points["name"], points["id"].astype(int), strict=True))


@keep
def match_presets(revision: int) -> list[Preset]:
    with database().read() as connection:
        return match_presets_of(match_rows.presets(connection))


@keep
def match_district(revision: int, today: date, mode: TravelMode) -> MatchDistrict:
    return match_district_of(match_pool(revision, today), mode)


@keep
def match_attributes(revision: int, today: date) -> pd.DataFrame:
    return match_fairness.attributes(people(revision, today), today)


@keep
def referrals(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return job_rows.referrals(connection)


@st.cache_resource(show_spinner=False, max_entries=60)
def people_for_job(revision: int, today: date, job: int, mode: TravelMode) -> Candidates:
    return candidates_for_job(match_pool(revision, today), job, mode)


@st.cache_resource(show_spinner=False, max_entries=60)
def jobs_for_person(revision: int, today: date, person: int, mode: TravelMode) -> Candidates:
    return candidates_for_person(match_pool(revision, today), person, mode)


# -- enterprises ----------------------------------------------------------------------------------


@keep
def goalposts(revision: int, today: date) -> tuple[enterprise_goalposts.Indicator, ...]:
    return enterprise_goalposts.goalposts(parameters(revision), today)


@keep
def enterprise_board(revision: int, today: date) -> list[enterprise_board_of.Standing]:
    table = parameters(revision)
    travel = enterprise_board_of.Travel(
        settings.parameter(table, "ebike_metres_per_minute", today), settings.parameter(table, "detour_factor", today)
    )
    with database().read() as connection:
        ledger = Ledger(
            enterprise_rows.enterprises(connection),
            enterprise_rows.months(connection),
            enterprise_rows.placements(connection),
            enterprise_rows.trained(connection),
            enterprise_rows.referrals(connection),
            enterprise_rows.reviews(connection, today),
            enterprise_rows.review_scores(connection),
        )
    return enterprise_board_of.board(ledger, goalposts(revision, today), today, travel)


@keep
def enterprise_draws(revision: int, today: date) -> enterprise_robustness.Draws:
    return enterprise_robustness.draws(enterprise_robustness.cases(enterprise_board(revision, today)))


@keep
def enterprise_sobol(revision: int, today: date) -> enterprise_robustness.Indices:
    return enterprise_robustness.sobol_of(enterprise_robustness.cases(enterprise_board(revision, today)))


# -- data -----------------------------------------------------------------------------------------


@keep
def remembered_mappings(revision: int) -> dict[str, tuple[str, dict[str, str | None]]]:
    with database().read() as connection:
        return intake_rows.remembered_mappings(connection)


@keep
def batches(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return intake_rows.batches(connection)


@keep
def vocabulary(revision: int) -> Vocabulary:
    with database().read() as connection:
        return intake_rows.vocabulary(connection)
