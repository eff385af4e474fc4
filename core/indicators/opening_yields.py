"""What each source of openings yielded: recommendations, interviews, starts, and which sources can be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.access.measures import wilson
from core.indicators.facts import Facts
from core.indicators.rank_sets import rank_sets, share_error
from core.jobs.openings.listing import first_sources
from core.terms import ReferralState

__all__ = ["FOLLOW_UP", "OpeningYields", "opening_yields"]

FOLLOW_UP = pd.Timedelta(days=30)
REACHED_INTERVIEW = (ReferralState.INTERVIEW, ReferralState.OFFERED, ReferralState.STARTED)


@dataclass(frozen=True)
class OpeningYields:
    """Sources by starts within 30 days per recommendation, best first; those without a recommendation of that age last.

    ``table``: source and platform (NA: not on record), openings, seats, referrals, interviews (at an interview or further by
    today), starts, mature (referrals at least 30 days old), starts_30 (of those), rate, low and high (95%, Wilson), rank_low
    and rank_high (NA where mature is 0).
    """

    table: pd.DataFrame
    leaders: tuple[int, ...]  # positions of the sources that beat all others; () where they cannot be told apart


def opening_yields(facts: Facts, sources: pd.DataFrame, today: date) -> OpeningYields:
    """An opening counts for the source where it was seen first. ``sources``: as ``core.jobs.openings.queries.sources``."""
    day = pd.Timestamp(today)
    first = first_sources(sources)
    jobs = facts.jobs[facts.jobs["merged_into_id"].isna()]
    groups = jobs[["id", "openings"]].assign(
        source=jobs["id"].map(first["source"]), platform=jobs["id"].map(first["platform"])
    )
    followed = _followed(facts, day)
    by_job = followed.groupby("job_id").agg(
        referrals=("person_id", "size"),
        interviews=("is_interviewed", "sum"),
        starts=("is_started", "sum"),
        mature=("is_mature", "sum"),
        starts_30=("is_quick", "sum"),
    )
    counts = list(by_job.columns)
    full = groups.join(by_job, on="id")
    full[counts] = full[counts].fillna(0).astype("int64")
    table = (
        full.groupby(["source", "platform"], dropna=False)
        .agg(openings=("id", "size"), seats=("openings", "sum"), **{name: (name, "sum") for name in counts})
        .reset_index()
        .astype({"seats": "int64"})
    )
    table["rate"] = (table["starts_30"] / table["mature"]).where(table["mature"] > 0)
    table = table.sort_values(
        ["rate", "mature", "openings", "source", "platform"],
        ascending=[False, False, False, True, True],
        ignore_index=True,
    )
    return _ranked(table)


def _followed(facts: Facts, day: pd.Timestamp) -> pd.DataFrame:
    """One row a person and opening that they were recommended for, with what became of it by ``day``."""
    kept = facts.jobs.set_index("id")["merged_into_id"].dropna()
    referrals = facts.referrals[facts.referrals["recommended_on"] <= day]
    job = _kept_job(referrals["job_id"], kept)
    rows = referrals.assign(job_id=job).sort_values(["recommended_on", "id"]).drop_duplicates(["person_id", "job_id"])
    placed = facts.placements.dropna(subset=["job_id"])
    placed = placed.assign(job_id=_kept_job(placed["job_id"], kept)).sort_values("started_on")
    started = placed.drop_duplicates(["person_id", "job_id"])[["person_id", "job_id", "started_on"]]
    rows = rows.merge(started, on=["person_id", "job_id"], how="left")
    is_started = rows["state"] == ReferralState.STARTED
    began = rows["started_on"].fillna(rows["state_since"].where(is_started))
    wait = began - rows["recommended_on"]
    is_mature = rows["recommended_on"] + FOLLOW_UP <= day
    return rows.assign(
        is_interviewed=rows["state"].isin(REACHED_INTERVIEW),
        is_started=began <= day,
        is_mature=is_mature,
        is_quick=is_mature & (wait >= pd.Timedelta(0)) & (wait <= FOLLOW_UP),
    )


def _kept_job(ids: pd.Series, kept: pd.Series) -> pd.Series:
    """The opening that each of ``ids`` was merged into, at the end of the chain; itself where it was not."""
    while True:
        further = ids.map(kept).astype("Int64").fillna(ids)
        if further.equals(ids):
            return ids
        ids = further


def _ranked(table: pd.DataFrame) -> OpeningYields:
    """``table`` with intervals and the possible ranks of the sources that have recommendations of the age."""
    known = int((table["mature"] > 0).sum())
    counts = list(zip(table["starts_30"].iloc[:known], table["mature"].iloc[:known], strict=True))
    bounds = [wilson(int(n), int(d)) for n, d in counts]
    sets = rank_sets(table["rate"].iloc[:known].to_numpy(dtype=float), [share_error(n, d) for n, d in counts])
    index = table.index[:known]
    return OpeningYields(
        table.assign(
            low=pd.Series([low for low, _ in bounds], index=index, dtype="float64"),
            high=pd.Series([high for _, high in bounds], index=index, dtype="float64"),
            rank_low=pd.Series(sets.low, index=index, dtype="Int64"),
            rank_high=pd.Series(sets.high, index=index, dtype="Int64"),
        ),
        sets.leaders,
    )
