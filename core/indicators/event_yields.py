"""Which theme in which scene brings visitors into work: starts per visitor with intervals, and which can be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.access.measures import wilson
from core.indicators.facts import Facts
from core.indicators.populations import EVENT_FOLLOW_UP
from core.indicators.rank_sets import rank_sets, share_error

__all__ = ["EventYields", "event_yields", "started_within"]


@dataclass(frozen=True)
class EventYields:
    """Kinds of events by starts per visitor, best first.

    ``table``: theme, scene, events, visitors, starts, rate, low and high (95%, Wilson), rank_low and rank_high.
    """

    table: pd.DataFrame
    leaders: tuple[int, ...]  # positions of the kinds that beat all others; () where they cannot be told apart


def event_yields(facts: Facts, today: date) -> EventYields:
    """Events whose 30 days of follow-up are over and whose visitors and starts are recorded, by theme and scene."""
    events = facts.events
    is_over = events["held_on"] + EVENT_FOLLOW_UP <= pd.Timestamp(today)
    counted = events[is_over & (events["visitors"] > 0).fillna(False) & events["started_30_days"].notna()]
    groups = counted.dropna(subset=["scene"]).groupby(["theme", "scene"])
    table = groups.agg(events=("id", "size"), visitors=("visitors", "sum"), starts=("started_30_days", "sum"))
    table = table.reset_index().astype({"visitors": "int64", "starts": "int64"})
    table["starts"] = table[["starts", "visitors"]].min(axis=1)
    table["rate"] = table["starts"] / table["visitors"]
    table = table.sort_values(["rate", "visitors"], ascending=False, ignore_index=True)
    counts = list(zip(table["starts"], table["visitors"], strict=True))
    bounds = [wilson(int(n), int(d)) for n, d in counts]
    sets = rank_sets(table["rate"].to_numpy(dtype=float), [share_error(n, d) for n, d in counts])
    table = table.assign(
        low=[low for low, _ in bounds],
        high=[high for _, high in bounds],
        rank_low=sets.low,
        rank_high=sets.high,
    )
    return EventYields(table, sets.leaders)


def started_within(intents: pd.DataFrame, placements: pd.DataFrame) -> pd.Series:
    """For each named intent (person_id, held_on), whether the person started any job within 30 days of the event."""
    pairs = intents[["id", "person_id", "held_on"]].merge(placements[["person_id", "started_on"]], on="person_id")
    late = pairs["started_on"] - pairs["held_on"]
    started = pairs.loc[(late >= pd.Timedelta(0)) & (late <= EVENT_FOLLOW_UP), "id"]
    return intents["id"].isin(started)
