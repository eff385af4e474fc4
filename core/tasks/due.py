"""The list of what is due on a day, over all kinds: one row a task."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from core.tasks.facts import TaskFacts
from core.tasks.kinds import COLUMNS, KINDS

__all__ = ["compute_due", "counts"]


def compute_due(task_facts: TaskFacts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Every due task on ``today``, latest first.

    Columns: kind (code), key, person_id, since, what, owner as ``kinds`` describes them, and days (whole days that it
    has been due), community_id (of the person's home; NA for what is not about a person).
    """
    parts = [kind.rows(task_facts, parameters, today).assign(kind=kind.code) for kind in KINDS]
    rows = pd.concat([part.astype({"key": "str", "person_id": "Int64"}) for part in parts], ignore_index=True)
    home = task_facts.facts.people.set_index("id")["community_id"]
    rows["days"] = (pd.Timestamp(today) - rows["since"]).dt.days
    rows["community_id"] = rows["person_id"].map(home).astype("Int64")
    return rows[["kind", *COLUMNS, "days", "community_id"]].sort_values(
        ["days", "kind", "key"], ascending=[False, True, True], ignore_index=True
    )


def counts(due: pd.DataFrame) -> pd.DataFrame:
    """A row a kind in the order of their declaration: kind, tasks, red (late beyond the kind's limit), oldest (days)."""
    codes = [kind.code for kind in KINDS]
    position = pd.Index(codes).get_indexer(
        pd.Index(due["kind"])
    )  # asked at every run of the page: no grouping of texts
    days = due["days"].to_numpy(dtype=np.int64)
    limits = np.array([kind.red_after_days for kind in KINDS])
    oldest = np.zeros(len(codes), dtype=np.int64)
    np.maximum.at(oldest, position, days)
    return pd.DataFrame(
        {
            "kind": codes,
            "tasks": np.bincount(position, minlength=len(codes)),
            "red": np.bincount(position[days > limits[position]], minlength=len(codes)),
            "oldest": oldest,
        }
    )
