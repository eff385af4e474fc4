"""Rows → pool: reads the store once and lays it out as arrays."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from core.geography.plane import Plane
from core.jobs import queries as jobs_queries
from core.jobs.legal import monthly_pay, pay_floor, pay_terms, verdict
from core.jobs.shifts import clock
from core.matching.inputs import queries
from core.matching.inputs.goalposts import Goalposts, goalposts
from core.matching.inputs.matching_pool import MatchingPool, Openings, Seekers
from core.people import queries as people_queries
from core.store import settings
from core.terms import (
    AccommodationKind,
    Evidence,
    JobForm,
    JobStatus,
    PersonState,
    ReferralState,
    Shift,
    SkillDomain,
)

__all__ = ["load"]

DOMAINS = [member.value for member in SkillDomain]
PERSON_COLUMNS = ["id", "name", "phone", "community_id", "community", "state", "state_since", "lon", "lat"]
PORTRAYED = [Evidence.SELF_REPORT.order, Evidence.PRACTICAL_TEST.order]
ENDED = (ReferralState.DECLINED, ReferralState.NOT_HIRED)


def load(connection: Connection, today: date) -> MatchingPool:
    """Everyone who seeks work on ``today`` (or whose public-welfare post ends soon) and every job with status open.

    Positions fall back to the community's label point where a sheet gave none (column ``exact`` says so).
    """
    goals = goalposts(settings.parameters(connection), today)
    points = queries.communities(connection)
    plane = Plane.around(points["lon"], points["lat"])
    skills = people_queries.skills(connection)
    occupations = jobs_queries.occupations(connection)
    people = _people(connection, points, today, goals)
    jobs = _jobs(connection, today)
    referrals = jobs_queries.referrals(connection)
    referrals = referrals[referrals["person_id"].isin(people["id"]) & referrals["job_id"].isin(jobs["id"])]
    return MatchingPool(
        today=today,
        seekers=_seekers(connection, people, skills, occupations, plane, today=today, goals=goals),
        openings=_openings(connection, jobs, skills, occupations, plane, today),
        people=people,
        jobs=jobs,
        refused=_refused(referrals, people, jobs),
        referrals=referrals.reset_index(drop=True),
        skills=skills,
        plane=plane,
        goalposts=goals,
    )


# -- people ---------------------------------------------------------------------------------------


def _people(connection: Connection, points: pd.DataFrame, today: date, goals: Goalposts) -> pd.DataFrame:
    """One row a person of the pool: who, where, state, ``post_ends_on``, ``hardship`` (a visible priority, no input)."""
    people = people_queries.people(connection, today)[PERSON_COLUMNS]
    posts = people_queries.welfare_posts(connection)
    running = posts[posts["exited_on"].isna() & (posts["started_on"] <= pd.Timestamp(today))]
    ends = running.groupby("person_id")["ends_on"].max()
    people = people.assign(post_ends_on=ends.reindex(people["id"]).to_numpy())
    days = (people["post_ends_on"] - pd.Timestamp(today)).dt.days
    ending = (people["state"] == PersonState.ON_POST) & (days <= goals.post_ending_days)
    people = people[(people["state"] == PersonState.SEEKING) | ending].reset_index(drop=True)
    place = points.set_index("id").reindex(people["community_id"])
    return people.assign(
        exact=people["lon"].notna(),
        lon=np.where(people["lon"].notna(), people["lon"], place["lon"]),
        lat=np.where(people["lat"].notna(), people["lat"], place["lat"]),
        hardship=people["id"].isin(_in_hardship(people_queries.hardships(connection), today)),
    )


def _in_hardship(hardships: pd.DataFrame, today: date) -> pd.Series:
    day = pd.Timestamp(today)
    valid = (hardships["since"].isna() | (hardships["since"] <= day)) & (
        hardships["until"].isna() | (hardships["until"] >= day)
    )
    return hardships.loc[valid, "person_id"]


def _seekers(
    connection: Connection,
    people: pd.DataFrame,
    skills: pd.DataFrame,
    occupations: pd.DataFrame,
    plane: Plane,
    *,
    today: date,
    goals: Goalposts,
) -> Seekers:
    ids = people["id"].to_numpy(dtype=np.int64)
    level, evidence = _skill_levels(people_queries.person_skills(connection), ids, skills)
    wants = people_queries.intentions(connection).set_index("person_id").reindex(ids)
    day_text = wants["available_days"].fillna("")
    valid = day_text.str.fullmatch("[01]{7}").to_numpy(dtype=bool)
    days = np.array([[c == "1" for c in (t if ok else "0000000")] for t, ok in zip(day_text, valid, strict=True)])
    start, end = _minutes(wants["available_from"]), _minutes(wants["available_to"])
    start[~valid] = np.nan
    kinds = [member.value for member in AccommodationKind]
    needs = _indicator_table(people_queries.accommodations(connection), "person_id", ids, "kind", kinds)
    return Seekers(
        ids=ids,
        level=level,
        evidence=evidence,
        portrait=np.asarray(np.isin(evidence, PORTRAYED).any(axis=1)),
        days=days.reshape(len(ids), 7),
        start=start,
        end=end,
        reserve=wants["reserve_pay"].to_numpy(dtype=np.float32),
        target=wants["target_pay"].to_numpy(dtype=np.float32),
        position=plane.xy(people["lon"], people["lat"]),
        wishes=np.stack([_positions(wants[f"wish_{n}"], occupations["code"]) for n in (1, 2, 3)], axis=1),
        wish_age=_days_since(wants["stated_on"], today),
        years=_years(people_queries.experience(connection), ids),
        readiness=_readiness(connection, ids, today, goals),
        needs=needs,
        max_commute=wants["max_commute_min"].astype("Float64").to_numpy(dtype=np.float32, na_value=np.nan),
        home_ok=_tristate(wants["home_work_ok"]),
    )


def _skill_levels(
    known: pd.DataFrame, ids: npt.NDArray[np.int64], skills: pd.DataFrame
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """Levels (n, k), 0 where none is on record, and order of evidence (n, k), −1 for none."""
    level = np.zeros((len(ids), len(skills)), dtype=np.int8)
    evidence = np.full((len(ids), len(skills)), -1, dtype=np.int8)
    order = {member.value: member.order for member in Evidence}
    known = known[known["person_id"].isin(ids)]
    row, column = (
        np.searchsorted(ids, known["person_id"].to_numpy(dtype=np.int64)),
        _positions(known["skill"], skills["code"]),
    )
    level[row, column] = known["level"].to_numpy(dtype=np.int8)
    evidence[row, column] = known["evidence"].map(order).to_numpy(dtype=np.int8)
    return level, evidence


def _years(known: pd.DataFrame, ids: Any) -> npt.NDArray[np.float32]:
    """Years by domain (n, d); a person with any row has 0 elsewhere, one without is unknown."""
    table = known[known["person_id"].isin(ids)].pivot(index="person_id", columns="domain", values="years")
    table = table.reindex(columns=DOMAINS).fillna(0).reindex(ids)
    return np.asarray(table.to_numpy(dtype=np.float32))


def _readiness(
    connection: Connection, ids: npt.NDArray[np.int64], today: date, goals: Goalposts
) -> npt.NDArray[np.float32]:
    """min(1, plan steps done in the last days ÷ steps that make ready), of any plan of the person; 0 without a plan.

    What is recorded to help a person never lowers it: a new plan or an open step adds nothing and takes nothing away.
    """
    steps = people_queries.plan_measures(connection)
    day = pd.Timestamp(today)
    is_recent = (steps["done_on"] <= day) & (steps["done_on"] > day - pd.Timedelta(days=goals.readiness_days))
    done = steps.loc[is_recent, "person_id"].value_counts()
    share = done.reindex(ids).fillna(0).to_numpy(dtype=np.float64) / goals.readiness_steps
    return np.asarray(np.minimum(share, 1), dtype=np.float32)


# -- jobs -----------------------------------------------------------------------------------------


def _jobs(connection: Connection, today: date) -> pd.DataFrame:
    """Open jobs before their deadline with place, pay by the month, legal verdict and seats left."""
    jobs = jobs_queries.jobs(connection)
    day = pd.Timestamp(today)
    is_over = jobs["closes_on"] < day
    jobs = jobs[(jobs["status"] == JobStatus.OPEN) & (jobs["posted_on"] <= day) & ~is_over]
    jobs = jobs.drop(columns=["lon", "lat"]).merge(
        queries.places_of_work(connection), left_on="id", right_on="job_id", how="left", validate="one_to_one"
    )
    taken = jobs_queries.seats_taken(connection).set_index("job_id")["taken"]
    jobs["seats"] = (jobs["openings"] - taken.reindex(jobs["id"]).fillna(0).astype("int64").to_numpy()).clip(lower=0)
    times = jobs_queries.piece_times(connection)
    floor = pay_floor(settings.parameters(connection), today)
    terms = [pay_terms(job, times) for job in jobs.to_dict("records")]
    pay = [monthly_pay(term) for term in terms]
    verdicts = [verdict(term, floor) for term in terms]
    return jobs.assign(
        pay_low=np.array([low for low, _ in pay], dtype=float),
        pay_high=np.array([high for _, high in pay], dtype=float),
        pay_legal=[-1 if v.ok is None else int(v.ok) for v in verdicts],
        pay_compared=np.array([v.paid for v in verdicts], dtype=float),
        pay_floor=np.array([v.floor for v in verdicts], dtype=float),
        pay_unit=[v.unit for v in verdicts],
    ).reset_index(drop=True)


def _openings(
    connection: Connection,
    jobs: pd.DataFrame,
    skills: pd.DataFrame,
    occupations: pd.DataFrame,
    plane: Plane,
    today: date,
) -> Openings:
    ids = jobs["id"].to_numpy(dtype=np.int64)
    requirements = jobs_queries.job_skills(connection)
    requirements = requirements[requirements["job_id"].isin(ids)]
    cells = (
        np.searchsorted(ids, requirements["job_id"].to_numpy(dtype=np.int64)),
        _positions(requirements["skill"], skills["code"]),
    )
    tables: dict[str, Any] = {
        name: _table(cells, requirements[name].to_numpy(dtype=kind), (len(ids), len(skills)))
        for name, kind in (("level", np.int8), ("importance", np.int8), ("essential", bool), ("certificate", bool))
    }
    domain = occupations.set_index("code")["domain"]
    confirmed = jobs["confirmed_on"].fillna(jobs["posted_on"])
    return Openings(
        ids=ids,
        **tables,
        shift=_positions(jobs["shift"], pd.Series([member.value for member in Shift])),
        hours=jobs["weekly_hours"].to_numpy(dtype=np.float32),
        pay_low=jobs["pay_low"].to_numpy(dtype=np.float32),
        pay_high=jobs["pay_high"].to_numpy(dtype=np.float32),
        pay_legal=jobs["pay_legal"].to_numpy(dtype=np.int8),
        position=plane.xy(jobs["lon"], jobs["lat"]),
        occupation=_positions(jobs["occupation"], occupations["code"]),
        domain=_positions(domain.reindex(jobs["occupation"]), pd.Series(DOMAINS)),
        seated=_tristate(jobs["seated"]),
        lifting=_tristate(jobs["lifting"]),
        step_free=_tristate(jobs["step_free"]),
        nights=_tristate(jobs["nights"]),
        home_work=_tristate(jobs["home_work"]),
        home_based=(jobs["form"] == JobForm.HOME_PIECE).to_numpy(dtype=bool),
        trains=jobs["trains"].fillna(False).to_numpy(dtype=bool),
        seats=jobs["seats"].to_numpy(dtype=np.int64),
        days_unconfirmed=_days_since(confirmed, today),
        past_closing=(jobs["closes_on"] < pd.Timestamp(today)).to_numpy(dtype=bool),
    )


def _refused(referrals: pd.DataFrame, people: pd.DataFrame, jobs: pd.DataFrame) -> npt.NDArray[np.bool_]:
    ended = referrals[referrals["state"].isin(ENDED)]
    refused_pairs = np.zeros((len(people), len(jobs)), dtype=bool)
    row = np.searchsorted(people["id"].to_numpy(dtype=np.int64), ended["person_id"].to_numpy(dtype=np.int64))
    column = np.searchsorted(jobs["id"].to_numpy(dtype=np.int64), ended["job_id"].to_numpy(dtype=np.int64))
    refused_pairs[row, column] = True
    return refused_pairs


# -- columns → arrays -----------------------------------------------------------------------------


def _table(cells: tuple[Any, Any], values: Any, shape: tuple[int, int]) -> Any:
    table = np.zeros(shape, dtype=values.dtype)
    table[cells] = values
    return table


def _positions(codes: pd.Series, vocabulary: pd.Series) -> npt.NDArray[np.int32]:
    """Position of each code in the vocabulary, −1 for none."""
    return np.asarray(pd.Index(vocabulary).get_indexer(pd.Index(codes)), dtype=np.int32)


def _indicator_table(rows_: pd.DataFrame, key: str, ids: Any, column: str, kinds: list[str]) -> npt.NDArray[np.bool_]:
    """(n, len(kinds)) True where there is a row of that kind for the id in ``key``."""
    table = np.zeros((len(ids), len(kinds)), dtype=bool)
    rows_ = rows_[rows_[key].isin(ids)]
    table[np.searchsorted(ids, rows_[key].to_numpy(dtype=np.int64)), _positions(rows_[column], pd.Series(kinds))] = True
    return table


def _minutes(texts: pd.Series) -> npt.NDArray[np.float64]:
    minutes = [None if pd.isna(text) else clock(text) for text in texts]
    return np.array([np.nan if minute is None else minute for minute in minutes], dtype=np.float64)


def _tristate(values: pd.Series) -> npt.NDArray[np.int8]:
    """yes 1, no 0, unknown −1."""
    return np.asarray(values.astype("boolean").astype("Int8").fillna(-1).to_numpy(dtype=np.int8))


def _days_since(days: pd.Series, today: date) -> npt.NDArray[np.float32]:
    return np.asarray((pd.Timestamp(today) - days).dt.days.clip(lower=0).to_numpy(dtype=np.float32))
