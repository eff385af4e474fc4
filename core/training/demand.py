"""Demand and supply of skills: the free seats that ask for one, the seekers who have it, and the seats of coming sessions."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.terms import JobStatus

__all__ = ["free_seats", "session_seats", "skill_gaps"]


def free_seats(jobs: pd.DataFrame, taken: pd.DataFrame) -> pd.Series:
    """Job id → free seats of each open job that does not train its people itself.

    ``jobs``: id, status, openings, trains; ``taken``: job_id, taken (persons who started).
    """
    asking = jobs[(jobs["status"] == JobStatus.OPEN) & ~jobs["trains"].fillna(False).astype(bool)]
    started = asking["id"].map(taken.set_index("job_id")["taken"]).fillna(0)
    return (asking["openings"] - started).clip(lower=0).set_axis(asking["id"]).astype("int64")


def session_seats(sessions: pd.DataFrame, today: date) -> pd.Series:
    """Skill → people whom sessions that are not over and not cancelled will have taught: on the list, or up to capacity.

    ``sessions`` as in ``core.training.queries.sessions``.
    """
    coming = sessions[(sessions["ends_on"] >= pd.Timestamp(today)) & sessions["cancelled_on"].isna()]
    seats = coming["capacity"].fillna(coming["listed"])
    return seats.groupby(coming["skill"]).sum().astype("int64")


def skill_gaps(
    job_skills: pd.DataFrame, seats: pd.Series, person_skills: pd.DataFrame, seekers: pd.Series, coming: pd.Series
) -> pd.DataFrame:
    """One row a skill that open jobs require, largest gap first: skill, seats, able, lacking, coming, gap.

    ``seats``: job id → free seats. A job requires its essential skills; the lowest level that any of them asks counts.
    ``able``: of ``seekers`` (ids), those who have the skill at that level; ``lacking``: the others; ``coming``: seats of
    coming sessions by skill; ``gap``: free seats beyond those who are able and those who will be taught, at least 0.
    """
    asked = job_skills[job_skills["essential"].astype(bool) & job_skills["job_id"].isin(seats.index[seats > 0])]
    wanted = (
        asked.assign(seats=asked["job_id"].map(seats))
        .groupby("skill")
        .agg(seats=("seats", "sum"), level=("level", "min"))
    )
    own = person_skills[person_skills["person_id"].isin(seekers)]
    is_able = own["level"] >= own["skill"].map(wanted["level"])
    able = own[is_able.fillna(False).astype(bool)].groupby("skill")["person_id"].nunique()
    counts = {name: own.reindex(wanted.index).fillna(0) for name, own in (("able", able), ("coming", coming))}
    table = wanted.assign(**counts).astype("int64")
    table["lacking"] = len(seekers) - table["able"]
    table["gap"] = (table["seats"] - table["able"] - table["coming"]).clip(lower=0)
    rows = table.reset_index()[["skill", "seats", "able", "lacking", "coming", "gap"]]
    return rows.sort_values(["gap", "seats", "skill"], ascending=[False, False, True], ignore_index=True)
