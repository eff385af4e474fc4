"""What the teams are measured by: a row a community, a row a member, a row a grid.

- A week is kept when the team met on one of its days; the last ``WEEKS`` complete weeks count.
- A visit is kept when somebody who seeks work was visited within the interval of the monthly round; only those who have
  sought work for that long count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from core.indicators.current import in_state, last_visits, live_plans
from core.indicators.facts import Facts
from core.store.settings import parameter
from core.tasks.facts import TaskFacts
from core.tasks.kinds import KINDS
from core.teams.grid_names import in_order
from core.terms import PersonState, StaffRole

__all__ = ["ROLES", "WEEKS", "TeamFrames", "Teams", "compute_rhythm", "compute_teams"]

WEEKS = 12
ROLES = (
    StaffRole.SECRETARY,
    StaffRole.STEWARD,
    StaffRole.GRID_WORKER,
    StaffRole.BUILDING_LEADER,
    StaffRole.AGENCY,
)
RED_AFTER = {kind.code: kind.red_after_days for kind in KINDS}


@dataclass(frozen=True, eq=False)
class TeamFrames:
    """Frames as ``core.teams.queries`` describes them."""

    staff: pd.DataFrame
    staff_grids: pd.DataFrame
    grids: pd.DataFrame
    meetings: pd.DataFrame
    homes: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Teams:
    """Counts only: no row is about a person who is served.

    ``communities``: community_id, community, lead (name), one column a role of ``ROLES`` (members), grids, grids_covered,
    met_last_week, met (weeks of the last ``WEEKS``), last_meeting, seekers, visited (of those seeking for an interval or longer), listed
    (those), due, overdue (tasks beyond the limit of their kind). ``members``: id, name, role, community_id, organisation,
    grids (text), version, people (live plans), due, overdue, visits (within the interval). ``grids``: community_id, grid,
    members (names), seekers, listed, visited.
    """

    communities: pd.DataFrame
    members: pd.DataFrame
    grids: pd.DataFrame


def compute_teams(
    task_facts: TaskFacts, frames: TeamFrames, due: pd.DataFrame, parameters: pd.DataFrame, today: date
) -> Teams:
    """The three tables on ``today``; ``due`` as ``core.tasks.due.compute_due`` gives it."""
    interval = timedelta(days=parameter(parameters, "visit_interval_days", today))
    rounds = _visited(task_facts.facts, frames.homes, interval, today)
    late = due.assign(is_red=due["days"] > due["kind"].map(RED_AFTER))
    members = _members(task_facts, frames, late, interval, today)
    grids = _grids(frames, rounds)
    return Teams(_communities(task_facts, frames, members, grids, rounds, late, today), members, grids)


def compute_rhythm(
    facts: Facts, meetings: pd.DataFrame, homes: pd.DataFrame, parameters: pd.DataFrame, today: date
) -> pd.DataFrame:
    """The rhythm of each team on ``today``, a row a community: community_id, met_last_week (of the last complete week), met
    (weeks of the last ``WEEKS``), listed, visited. ``meetings`` and ``homes`` as ``core.teams.queries`` describes them."""
    interval = timedelta(days=parameter(parameters, "visit_interval_days", today))
    return _rhythm(facts, meetings, _visited(facts, homes, interval, today), today)


def _rhythm(facts: Facts, meetings: pd.DataFrame, rounds: pd.DataFrame, today: date) -> pd.DataFrame:
    own = facts.communities["id"]
    past = meetings[meetings["held_on"] <= pd.Timestamp(today)]
    last_week = pd.Timestamp(today - timedelta(days=today.weekday() + (7 if today.weekday() < 6 else 0)))
    monday = past["held_on"] - pd.to_timedelta(past["held_on"].dt.day_of_week, unit="D")
    recent = past[monday.between(last_week - pd.Timedelta(weeks=WEEKS - 1), last_week)]
    weeks = recent.assign(week=monday[recent.index]).drop_duplicates(["community_id", "week"])
    return pd.DataFrame(
        {
            "community_id": own,
            "met_last_week": own.isin(weeks.loc[weeks["week"] == last_week, "community_id"]),
            "met": _count(own, weeks),
            "listed": _count(own, rounds[rounds["is_listed"]]),
            "visited": _count(own, rounds[rounds["is_visited"]]),
        }
    )


def _visited(facts: Facts, homes: pd.DataFrame, interval: timedelta, today: date) -> pd.DataFrame:
    """Everyone who seeks work: person_id, community_id, grid, is_listed (for an interval or longer), is_visited (listed,
    and visited within it)."""
    moment = pd.Timestamp(today)
    rows = in_state(facts, today, PersonState.SEEKING).merge(homes, on="person_id")
    last = last_visits(facts, today).set_index("person_id")["visited_on"]
    visited_on = last.reindex(rows["person_id"]).set_axis(rows.index)
    rows["is_listed"] = rows["since"] <= moment - interval
    rows["is_visited"] = rows["is_listed"] & (visited_on >= moment - interval)
    return rows


def _members(
    task_facts: TaskFacts, frames: TeamFrames, due: pd.DataFrame, interval: timedelta, today: date
) -> pd.DataFrame:
    active = frames.staff[frames.staff["active"]]
    visits = task_facts.facts.visits
    recent = visits[visits["visited_on"].between(pd.Timestamp(today - interval), pd.Timestamp(today))]
    grids = frames.staff_grids.groupby("staff_id")["grid"].agg(lambda own: "、".join(in_order(own)))
    counts = {
        "people": live_plans(task_facts.facts)["owner"].value_counts(),
        "due": due["owner"].value_counts(),
        "overdue": due.loc[due["is_red"], "owner"].value_counts(),
        "visits": recent["visitor"].value_counts(),
    }
    table = active[["id", "name", "role", "community_id", "organisation", "version"]].assign(
        grids=active["id"].map(grids).fillna(""),
        **{column: active["name"].map(count).fillna(0).astype("int64") for column, count in counts.items()},
    )
    order = {role.value: role.order for role in StaffRole}
    return table.sort_values(["role", "id"], key=lambda c: c.map(order) if c.name == "role" else c, ignore_index=True)


def _grids(frames: TeamFrames, rounds: pd.DataFrame) -> pd.DataFrame:
    named = frames.staff_grids.merge(frames.staff[frames.staff["active"]], left_on="staff_id", right_on="id")
    by = ["community_id", "grid"]
    members = named.groupby(by)["name"].agg("、".join).rename("members")
    counts = rounds.groupby(by).agg(
        seekers=("person_id", "size"), listed=("is_listed", "sum"), visited=("is_visited", "sum")
    )
    rank = {name: n for n, name in enumerate(in_order(frames.grids["grid"].unique()))}
    listed = frames.grids.sort_values(by, key=lambda c: c.map(rank) if c.name == "grid" else c, ignore_index=True)
    table = listed.join(members, on=by).join(counts, on=by)
    return table.fillna({"members": "", "seekers": 0, "listed": 0, "visited": 0}).astype(
        {"seekers": "int64", "listed": "int64", "visited": "int64"}
    )


def _communities(
    task_facts: TaskFacts,
    frames: TeamFrames,
    members: pd.DataFrame,
    grids: pd.DataFrame,
    rounds: pd.DataFrame,
    due: pd.DataFrame,
    today: date,
) -> pd.DataFrame:
    table = task_facts.facts.communities[["id", "name"]].rename(columns={"id": "community_id", "name": "community"})
    own = table["community_id"]
    lead = members[members["role"] == StaffRole.SECRETARY].groupby("community_id")["name"].first()
    table["lead"] = own.map(lead).fillna("")
    for role in ROLES:
        table[role.value] = _count(own, members[members["role"] == role])
    table["grids"], table["grids_covered"] = _count(own, grids), _count(own, grids[grids["members"] != ""])
    past = frames.meetings[frames.meetings["held_on"] <= pd.Timestamp(today)]
    table["last_meeting"] = own.map(past.groupby("community_id")["held_on"].max()).astype("datetime64[s]")
    table["seekers"] = _count(own, rounds)
    table = table.merge(_rhythm(task_facts.facts, frames.meetings, rounds, today), on="community_id")
    table["due"], table["overdue"] = _count(own, due), _count(own, due[due["is_red"]])
    return table


def _count(communities: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """Rows of each community."""
    return communities.map(rows["community_id"].value_counts()).fillna(0).astype("int64")
