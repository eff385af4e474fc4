"""The openings on a day as one table: what is free, how long ago it was confirmed, where it came from."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from core.store.settings import parameter
from core.terms import JobStatus, Term

__all__ = ["OpeningState", "first_sources", "listing", "opening_number"]


class OpeningState(Term):
    """How an opening stands on a day."""

    STALE = "stale", "待确认", "to be confirmed"
    LIVE = "live", "招聘中", "open and confirmed"
    OVER = "over", "已过截止日期", "past its closing date"
    PAUSED = "paused", "暂停招聘", "paused"
    FILLED = "filled", "已招满", "filled"
    CLOSED = "closed", "已关闭", "closed"


def opening_number(job_id: int) -> str:
    """The number of an opening on paper and in a QR code.

    >>> opening_number(42)
    'GW00042'
    """
    return f"GW{job_id:05d}"


def first_sources(sources: pd.DataFrame) -> pd.DataFrame:
    """job_id → source and platform where the opening was seen first; ``sources`` as ``queries.sources``."""
    return sources.drop_duplicates("job_id").set_index("job_id")[["source", "platform"]]


def listing(
    jobs: pd.DataFrame, taken: pd.DataFrame, sources: pd.DataFrame, parameters: pd.DataFrame, today: date
) -> pd.DataFrame:
    """``jobs`` (as ``queries.jobs``) posted by ``today``, without those merged into another, with further columns:

    free (seats), opening_state (``OpeningState``), age_days (since confirmed, else posted), source and platform (the first),
    seen (number of sources). The longest unconfirmed first within a state.
    """
    day = pd.Timestamp(today)
    rows = jobs[jobs["merged_into_id"].isna() & (jobs["posted_on"] <= day)].reset_index(drop=True)
    seats = rows["id"].map(taken.set_index("job_id")["taken"]).fillna(0).astype("int64")
    free = (rows["openings"].astype("int64") - seats).clip(lower=0)
    confirmed = rows["confirmed_on"].fillna(rows["posted_on"])
    limit = pd.Timedelta(days=parameter(parameters, "stale_opening_days", today))
    is_open = rows["status"] == JobStatus.OPEN
    state = np.select(
        [~is_open, confirmed + limit < day, rows["closes_on"] < day, free == 0],
        [rows["status"], OpeningState.STALE.value, OpeningState.OVER.value, OpeningState.FILLED.value],
        OpeningState.LIVE.value,
    )
    first = first_sources(sources)
    order = {member.value: member.order for member in OpeningState}
    table = rows.assign(
        free=free,
        opening_state=pd.Series(state, index=rows.index, dtype="str"),
        age_days=(day - confirmed).dt.days,
        source=rows["id"].map(first["source"]),
        platform=rows["id"].map(first["platform"]),
        seen=rows["id"].map(sources["job_id"].value_counts()).fillna(0).astype("int64"),
    )
    place = table["opening_state"].map(order)
    return (
        table.assign(place=place)
        .sort_values(["place", "age_days", "id"], ascending=[True, False, True])[table.columns]
        .reset_index(drop=True)
    )
