"""What needs attention this week: each entry counts rows, says since when, who owns them and where they are worked on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.indicators.current import in_state, last_visits, live_plans
from core.indicators.facts import Facts, computed_once
from core.locale import N_
from core.store.settings import parameter
from core.terms import ActionStatus, JobStatus, Light, PersonState
from core.workshops.pay import paid_in_all, paid_weeks

__all__ = ["WATCHES", "Finding", "Watch", "findings", "open_actions"]

Find = Callable[[Facts, pd.DataFrame, date], pd.DataFrame]


@dataclass(frozen=True)
class Watch:
    """One kind of overdue or missing work. ``find`` returns its rows with a ``since`` date; ``page`` is where they are worked on."""

    code: str
    name: str
    owner: str
    page: str
    red_after_days: int
    find: Find


@dataclass(frozen=True)
class Finding:
    """A watch with at least one row on a day; ``oldest`` is the earliest ``since``."""

    watch: Watch
    rows: pd.DataFrame
    oldest: date
    light: Light


def findings(facts: Facts, parameters: pd.DataFrame, today: date) -> list[Finding]:
    """The watches that have rows on ``today``, red first, then by number of rows."""
    results = []
    for watch in WATCHES:
        rows = watch.find(facts, parameters, today)
        if len(rows):
            oldest = rows["since"].min().date()
            late = (today - oldest).days >= watch.red_after_days
            results.append(Finding(watch, rows, oldest, Light.RED if late else Light.YELLOW))
    return sorted(results, key=lambda f: (-f.light.order, -len(f.rows), f.watch.code))


@computed_once
def overdue_visits(facts: Facts, _parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """People still seeking whose agreed next visit has passed without one. Columns person_id, since."""
    last = last_visits(facts, today)
    is_seeker = last["person_id"].isin(in_state(facts, today, PersonState.SEEKING)["person_id"])
    due = last[(last["next_on"] < pd.Timestamp(today)) & is_seeker]
    return due[["person_id", "visited_on", "visitor", "next_on"]].assign(since=due["next_on"]).reset_index(drop=True)


@computed_once
def posts_ending(facts: Facts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Welfare posts that end within the warning time whose holder has no live plan. Columns person_id, ends_on, since."""
    moment = pd.Timestamp(today)
    warning = pd.Timedelta(days=parameter(parameters, "post_ending_days", today))
    posts = facts.posts
    ending = posts[posts["exited_on"].isna() & posts["ends_on"].between(moment, moment + warning)]
    is_planned = ending["person_id"].isin(live_plans(facts).index)
    rows = ending[~is_planned][["person_id", "title", "host", "ends_on"]]
    return rows.assign(since=rows["ends_on"] - warning).sort_values("ends_on", ignore_index=True)


@computed_once
def stale_openings(facts: Facts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Open jobs that nobody confirmed for too long. Columns job_id, title, employer, confirmed_on, since."""
    limit = pd.Timedelta(days=parameter(parameters, "stale_opening_days", today))
    jobs = facts.jobs[facts.jobs["status"] == JobStatus.OPEN]
    confirmed = jobs["confirmed_on"].fillna(jobs["posted_on"])
    stale = jobs[confirmed + limit < pd.Timestamp(today)]
    rows = stale[["id", "title", "employer", "openings", "posted_on", "confirmed_on"]].rename(columns={"id": "job_id"})
    return rows.assign(since=confirmed[stale.index] + limit).sort_values("since", ignore_index=True)


@computed_once
def overdue_actions(facts: Facts, _parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Actions of the dispatch meetings past their date. Columns code, problem, owner, due_on, since."""
    actions = facts.actions
    late = actions[(actions["status"] != ActionStatus.CLOSED) & (actions["due_on"] < pd.Timestamp(today))]
    rows = late[["code", "problem", "measure", "office", "owner", "raised_on", "due_on", "status"]]
    return rows.assign(since=late["due_on"]).sort_values("since", ignore_index=True)


@computed_once
def open_actions(facts: Facts, today: date) -> dict[str, tuple[int, int]]:
    """Owner → actions that are not closed, and how many of those are past their date."""
    actions = facts.actions[facts.actions["status"] != ActionStatus.CLOSED]
    late = actions["due_on"] < pd.Timestamp(today)
    counts = actions.assign(late=late).groupby("owner")["late"].agg(["size", "sum"])
    return {str(owner): (int(row["size"]), int(row["sum"])) for owner, row in counts.iterrows()}


@computed_once
def raised_on_map(facts: Facts, _parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """What-ifs of the map before the meeting, not closed and not past their date. Columns as ``overdue_actions``.

    The code of such an action ends in M and the number of the saved what-if, which is column ``scenario``.
    """
    actions = facts.actions
    number = actions["code"].str.extract(r"-M(\d+)$", expand=False).astype("Int64")
    live = (actions["status"] != ActionStatus.CLOSED) & ~(actions["due_on"] < pd.Timestamp(today))
    mine = actions[number.notna() & live]
    rows = mine[["code", "problem", "measure", "office", "owner", "raised_on", "due_on", "status"]]
    return rows.assign(since=mine["raised_on"], scenario=number[mine.index]).sort_values("since", ignore_index=True)


@computed_once
def seekers_without_plan(facts: Facts, _parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """People seeking work for over a month without a live plan. Columns person_id, since (seeking since)."""
    seekers = in_state(facts, today, PersonState.SEEKING)
    is_long = seekers["since"] < pd.Timestamp(today) - pd.Timedelta(days=30)
    rows = seekers[is_long & ~seekers["person_id"].isin(live_plans(facts).index)]
    return rows.sort_values(["since", "person_id"], ignore_index=True)


@computed_once
def underpaid_workshops(facts: Facts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Workshops that paid less for an hour attended than the hourly floor, over their last ordinary weeks.

    Columns workshop_id, workshop, weeks, attended_hours, paid (yuan), paid_hour, wage_floor (yuan an hour), since (Monday
    of the first of those weeks below the floor).
    """
    columns = ["workshop_id", "workshop", "weeks", "attended_hours", "paid", "paid_hour", "wage_floor", "since"]
    reports = facts.workshop_weeks[facts.workshop_weeks["week"] <= pd.Timestamp(today)]
    names = facts.workshops.set_index("id")["name"]
    rows = []
    for key, own in reports.groupby("workshop_id"):
        table = paid_weeks(own, parameters, today)
        total = paid_in_all(table)
        if total is not None and total.is_below:
            since = table.loc[table["below"], "week"].min()
            rows.append((key, names[key], total.weeks, total.hours, total.paid, total.per_hour, total.floor, since))
    return pd.DataFrame(rows, columns=columns).sort_values("paid_hour", ignore_index=True)


WATCHES = (
    Watch(
        code="underpaid_workshops",
        name=N_("Workshops that pay below the hourly floor"),
        owner=N_("bureau, workshops desk"),
        page="workshops",
        red_after_days=0,  # a breach of the law waits for nothing
        find=underpaid_workshops,
    ),
    Watch(
        code="overdue_actions",
        name=N_("Actions past their date"),
        owner=N_("responsible office"),
        page="meeting",
        red_after_days=7,
        find=overdue_actions,
    ),
    Watch(
        code="raised_on_map",
        name=N_("Map what-ifs before the meeting"),
        owner=N_("responsible office"),
        page="job_map",
        red_after_days=28,
        find=raised_on_map,
    ),
    Watch(
        code="overdue_visits",
        name=N_("Agreed visits overdue"),
        owner=N_("community teams"),
        page="people",
        red_after_days=31,
        find=overdue_visits,
    ),
    Watch(
        code="posts_ending",
        name=N_("Welfare posts ending within 90 days, no plan"),
        owner=N_("commissioners"),
        page="people",
        red_after_days=60,
        find=posts_ending,
    ),
    Watch(
        code="no_plan",
        name=N_("Seeking for over a month without a plan"),
        owner=N_("commissioners"),
        page="people",
        red_after_days=90,
        find=seekers_without_plan,
    ),
    Watch(
        code="stale_openings",
        name=N_("Openings not confirmed for 90 days"),
        owner=N_("bureau, jobs desk"),
        page="openings",
        red_after_days=60,
        find=stale_openings,
    ),
)
