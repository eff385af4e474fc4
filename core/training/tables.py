"""Sessions and courses as tables of a screen: where each session stands, what each course has been."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from core.terms import Term

__all__ = ["SessionState", "catalogue_table", "seats_free", "session_states"]


class SessionState(Term):
    """Where a session stands, in the order of its life."""

    PLANNED = "planned", "未开班", "planned"
    RUNNING = "running", "培训中", "running"
    TO_RECORD = "to_record", "待登记结果", "results to record"
    DONE = "done", "已结业", "finished"
    CANCELLED = "cancelled", "已取消", "cancelled"


def session_states(sessions: pd.DataFrame, today: date) -> pd.Series:
    """The code of the state of each session; ``sessions`` as in ``core.training.queries.sessions``."""
    day = pd.Timestamp(today)
    conditions = [
        sessions["cancelled_on"].notna(),
        sessions["starts_on"] > day,
        sessions["ends_on"] > day,
        sessions["waiting"] > 0,
    ]
    states = [SessionState.CANCELLED, SessionState.PLANNED, SessionState.RUNNING, SessionState.TO_RECORD]
    codes = np.select([c.to_numpy(dtype=bool) for c in conditions], [s.value for s in states], SessionState.DONE.value)
    return pd.Series(codes, index=sessions.index, dtype="str")


def seats_free(sessions: pd.DataFrame) -> pd.Series:
    """Seats of each session that nobody has, NA where its seats are not limited."""
    return (sessions["capacity"] - sessions["listed"]).clip(lower=0)


def catalogue_table(catalogue: pd.DataFrame, sessions: pd.DataFrame, today: date) -> pd.DataFrame:
    """One row a course: id, course, skill, kind, theory, practice (hours), certificate, held, passed, next.

    Kind and hours are those of the catalogue, where it is silent those of the latest session; ``held``: sessions that have
    begun; ``passed``: people in all of them; ``next``: the first day of the next session, NaT without one.
    """
    valid = sessions[sessions["cancelled_on"].isna()]
    by_course = valid.sort_values("starts_on").groupby("course_id")
    latest = by_course[["kind", "hours", "practice_hours"]].last().reindex(catalogue["id"]).set_axis(catalogue.index)
    begun = valid["starts_on"] <= pd.Timestamp(today)
    keys = catalogue["id"]
    hours = catalogue["hours"].fillna(latest["hours"])
    practice = catalogue["practice_hours"].fillna(latest["practice_hours"])
    following = valid[~begun].groupby("course_id")["starts_on"].min().reindex(keys).set_axis(catalogue.index)
    return pd.DataFrame(
        {
            "id": keys,
            "course": catalogue["course"],
            "skill": catalogue["skill"],
            "kind": catalogue["kind"].fillna(latest["kind"]),
            "theory": hours - practice.fillna(0),
            "practice": practice,
            "certificate": catalogue["certificate"],
            "held": keys.map(valid[begun].groupby("course_id").size()).fillna(0).astype("int64"),
            "passed": keys.map(by_course["passed"].sum()).fillna(0).astype("int64"),
            "next": following.astype("datetime64[s]"),
        }
    )
