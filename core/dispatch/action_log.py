"""Actions of the dispatch meetings on a day: light, weeks open, extensions, and the three running lists."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd

from core.locale import N_
from core.terms import ActionEventKind, ActionStatus, Light

__all__ = ["LISTS", "RunningList", "action_states", "events_of"]

SOON_DAYS = 3  # before its date an action reads yellow
NEW_DAYS = 7  # raised within a week


class RunningList(StrEnum):
    """新增 / 推进 / 销号."""

    NEW = "new"
    UNDER_WAY = "under_way"
    CLOSED = "closed"


LISTS = {
    RunningList.NEW: N_("New this week"),
    RunningList.UNDER_WAY: N_("Under way"),
    RunningList.CLOSED: N_("Closed this week"),
}


def action_states(actions: pd.DataFrame, events: pd.DataFrame, today: date) -> pd.DataFrame:
    """Every action known on ``today``, overdue first, then by date; those closed over a week ago last.

    ``actions``: as in ``Facts``; ``events``: ``queries.action_events``. Adds to the columns of ``actions``: light (overdue red,
    due within three days yellow, else green), days_late (> 0 overdue; NA without a date or closed), weeks_open,
    extensions, first_due_on (the date before any extension), evidence (text of the closing event) and list (a ``RunningList``; empty
    for those closed over a week ago).
    """
    moment = pd.Timestamp(today)
    known = actions[actions["raised_on"] <= moment].copy()
    past = events[events["happened_on"] <= moment]
    is_closed = known["status"] == ActionStatus.CLOSED
    days_late = (moment - known["due_on"]).dt.days.where(~is_closed).astype("Int64")
    known["days_late"] = days_late
    late, soon = (days_late > 0).fillna(False), days_late.between(-SOON_DAYS, 0).fillna(False)
    known["light"] = [
        (Light.RED if a else Light.YELLOW if b else Light.GREEN).value for a, b in zip(late, soon, strict=True)
    ]
    until = known["closed_on"].where(is_closed, moment).fillna(moment)
    known["weeks_open"] = ((until - known["raised_on"]).dt.days // 7).astype("int64")
    extended = past[past["kind"] == ActionEventKind.EXTENDED]
    known["extensions"] = _by_action(known, extended.groupby("action_id").size()).fillna(0).astype("int64")
    known["first_due_on"] = _by_action(known, extended.groupby("action_id")["due_before"].first()).fillna(
        known["due_on"]
    )
    closings = past[past["kind"] == ActionEventKind.CLOSED]
    known["evidence"] = _by_action(known, closings.groupby("action_id")["text"].last()).where(is_closed)
    is_new = (moment - known["raised_on"]).dt.days < NEW_DAYS
    just_closed = is_closed & ((moment - until).dt.days < NEW_DAYS)
    known["list"] = np.select(
        [just_closed, is_closed, is_new],
        [RunningList.CLOSED.value, "", RunningList.NEW.value],
        RunningList.UNDER_WAY.value,
    )
    order = pd.DataFrame(
        {"old": is_closed & ~just_closed, "closed": is_closed, "due": known["due_on"], "id": known["id"]}
    )
    return known.loc[order.sort_values(["old", "closed", "due", "id"]).index].reset_index(drop=True)


def events_of(events: pd.DataFrame, action_id: int) -> pd.DataFrame:
    """What happened to one action, oldest first."""
    return events[events["action_id"] == action_id].reset_index(drop=True)


def _by_action(known: pd.DataFrame, values: pd.Series) -> pd.Series:
    """``values`` by action id, in the order of ``known``; missing where there is none."""
    return values.reindex(known["id"]).set_axis(known.index)
