"""Who or what counts, from when until when: the numerators and denominators of the indicators as spell frames.

See ``dated_counts`` for the shape.
"""

from __future__ import annotations

import pandas as pd

from core.indicators.dated_counts import merge_spells, spell_frame
from core.indicators.facts import Facts, computed_once
from core.terms import Channel, EnrolmentResult, Evidence, PersonState, PlanStatus, TrainingKind

__all__ = [
    "active_placements",
    "commissioned_joined",
    "commissioned_trained",
    "courses_finished",
    "developed_posts",
    "event_intents",
    "event_starts",
    "events_held",
    "exits",
    "filled_posts",
    "placements_started",
    "planned_posts",
    "pool",
    "pool_month_start",
    "pool_visited",
    "pool_with_plan",
    "post_holders",
    "post_holders_trained",
    "re_employed",
    "retained_90",
    "second_exits",
    "seekers",
    "skills_mastered",
    "started_90_days_ago",
    "stations",
    "visits_made",
    "workshop_roll",
]

RETENTION = pd.Timedelta(days=90)
ENDING = pd.Timedelta(days=90)
EVENT_FOLLOW_UP = pd.Timedelta(days=30)


def with_community(rows: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """``rows`` with the home community of their ``person_id``."""
    home = facts.people.set_index("id")["community_id"]
    return rows.assign(community_id=rows["person_id"].map(home))


@computed_once
def exits(facts: Facts) -> pd.DataFrame:
    """Every exit from a public-welfare post."""
    posts = facts.posts[facts.posts["exited_on"].notna()]
    rows = posts[["id", "person_id", "kind", "title", "exited_on", "exit_reason"]].rename(columns={"id": "post_id"})
    return spell_frame(with_community(rows, facts), rows["exited_on"])


@computed_once
def re_employed(facts: Facts) -> pd.DataFrame:
    """Exits whose person started a job on or after the exit, from the first such start."""
    gone = exits(facts)[["post_id", "person_id", "kind", "exited_on", "community_id"]]
    starts = facts.placements[["id", "person_id", "started_on", "channel", "employer", "workshop", "ended_on"]]
    pairs = gone.merge(starts.rename(columns={"id": "placement_id"}), on="person_id")
    pairs = pairs[pairs["started_on"] >= pairs["exited_on"]].sort_values(["post_id", "started_on", "placement_id"])
    first = pairs.drop_duplicates("post_id").reset_index(drop=True)
    return spell_frame(first, first["started_on"])


@computed_once
def second_exits(facts: Facts) -> pd.DataFrame:
    """Of those, the people whose first job after the exit ended, from its end until another one begins."""
    first = re_employed(facts).drop(columns=["since", "until", "n"])
    ended = first[first["ended_on"].notna()].reset_index(drop=True)
    starts = facts.placements[["person_id", "started_on"]].rename(columns={"started_on": "again_on"})
    pairs = ended.merge(starts, on="person_id")
    later = pairs[pairs["again_on"] >= pairs["ended_on"]].groupby("post_id")["again_on"].min()
    return spell_frame(ended, ended["ended_on"], later.reindex(ended["post_id"]).set_axis(ended.index))


@computed_once
def seekers(facts: Facts) -> pd.DataFrame:
    """People while they seek work."""
    return _states(facts, PersonState.SEEKING)


@computed_once
def pool(facts: Facts) -> pd.DataFrame:
    """The district pool: people who seek work, and people in the last 90 days of a welfare post."""
    posts = facts.posts
    leaving = spell_frame(
        with_community(posts[["person_id"]], facts),
        posts["ends_on"] - ENDING,
        posts["exited_on"].fillna(posts["ends_on"]),
    )
    return merge_spells(pd.concat([seekers(facts), leaving], ignore_index=True))


@computed_once
def pool_month_start(facts: Facts) -> pd.DataFrame:
    """Members of the pool on the first of each month, counted through that month.

    Whoever is in the pool from ``since`` to ``until`` is so on every first of a month between them, and counts from the
    first of these to the end of the month of the last: until the first month that begins at or after ``until``.
    """
    spells = pool(facts)
    return spell_frame(spells, _next_month_start(spells["since"]), _next_month_start(spells["until"]))


@computed_once
def pool_visited(facts: Facts) -> pd.DataFrame:
    """Of the pool at the month's start, those visited in the month, from the first visit to the month's end."""
    month = facts.visits["visited_on"].dt.to_period("M").dt.start_time
    first = facts.visits.assign(month=month).groupby(["person_id", "month"], as_index=False)["visited_on"].min()
    members = pool_month_start(facts)[["person_id", "community_id", "since", "until"]]
    rows = members.merge(first, on="person_id")
    is_member = (rows["since"] <= rows["month"]) & ~(rows["until"] <= rows["month"])
    rows = rows.loc[is_member, ["person_id", "community_id", "month", "visited_on"]].reset_index(drop=True)
    return spell_frame(rows, rows["visited_on"], rows["month"] + pd.offsets.MonthBegin(1))


@computed_once
def pool_with_plan(facts: Facts) -> pd.DataFrame:
    """Members of the pool while they have a live plan; a plan closed without a date counts at no time."""
    is_live = facts.plans["status"] == PlanStatus.LIVE
    closed = facts.plans["closed_on"].where(~is_live)
    plans = facts.plans.assign(plan_until=closed)[is_live | closed.notna()][["person_id", "made_on", "plan_until"]]
    pairs = pool(facts).drop(columns="n").merge(plans, on="person_id")
    since = pairs[["since", "made_on"]].max(axis=1)
    until = pairs[["until", "plan_until"]].min(axis=1)
    return merge_spells(spell_frame(pairs.drop(columns=["since", "until"]), since, until))


@computed_once
def post_holders(facts: Facts) -> pd.DataFrame:
    """Everyone who ever held a public-welfare post, from the first one on."""
    first = facts.posts.sort_values("started_on").drop_duplicates("person_id")[["person_id", "kind", "started_on"]]
    first = first.sort_values("person_id", ignore_index=True)
    return spell_frame(with_community(first, facts), first["started_on"])


@computed_once
def post_holders_trained(facts: Facts) -> pd.DataFrame:
    """Of the post holders, those who finished at least one course."""
    done = facts.enrolments[facts.enrolments["result"] == EnrolmentResult.PASSED]
    first = done.sort_values("ends_on").drop_duplicates("person_id")[["person_id", "course", "ends_on"]]
    rows = post_holders(facts)[["person_id", "kind", "community_id", "started_on"]].merge(first, on="person_id")
    return spell_frame(rows, rows[["started_on", "ends_on"]].max(axis=1))


@computed_once
def skills_mastered(facts: Facts) -> pd.DataFrame:
    """Skills of post holders at level 2 or above whose evidence is stronger than their own word."""
    skills = facts.person_skills
    known = skills[(skills["level"] >= 2) & (skills["evidence"] != Evidence.SELF_REPORT)]
    rows = post_holders(facts)[["person_id", "kind", "community_id", "started_on"]].merge(
        known[["person_id", "skill", "level", "evidence", "acquired_on"]], on="person_id"
    )
    return spell_frame(rows, rows[["started_on", "acquired_on"]].max(axis=1))


@computed_once
def planned_posts(facts: Facts) -> pd.DataFrame:
    """Community posts planned, in head count."""
    posts = facts.community_posts
    rows = posts[["code", "field", "title", "community_id", "community", "planned_on", "developed_on"]]
    return spell_frame(rows, posts["planned_on"], n=posts["head_count"].astype("int64"))


@computed_once
def developed_posts(facts: Facts) -> pd.DataFrame:
    """Of the planned posts, those developed, in head count."""
    posts = facts.community_posts
    rows = posts[["code", "field", "title", "community_id", "community", "planned_on", "developed_on"]]
    return spell_frame(rows, posts["developed_on"], n=posts["head_count"].astype("int64"))


@computed_once
def placements_started(facts: Facts, *channels: Channel) -> pd.DataFrame:
    """Placements from their start on, whether or not they lasted; all channels, or those named."""
    placements = facts.placements
    if channels:
        placements = placements[placements["channel"].isin(list(channels))]
    columns = ["person_id", "channel", "employer", "workshop", "field", "started_on", "ended_on", "monthly_pay"]
    rows = placements[["id", *columns, "employer_id", "workshop_id"]].rename(columns={"id": "placement_id"})
    return spell_frame(with_community(rows, facts), rows["started_on"])


@computed_once
def active_placements(facts: Facts, *channels: Channel) -> pd.DataFrame:
    """Placements while they last; all channels, or those named. One that ended on its first day counts on no day."""
    rows = placements_started(facts, *channels).drop(columns=["since", "until", "n"])
    return spell_frame(rows, rows["started_on"], rows["ended_on"])


@computed_once
def filled_posts(facts: Facts) -> pd.DataFrame:
    """People in community posts while they stay."""
    return active_placements(facts, Channel.COMMUNITY_POST)


@computed_once
def workshop_roll(facts: Facts) -> pd.DataFrame:
    """People on the roll of the micro-workshops."""
    return active_placements(facts, Channel.WORKSHOP)


@computed_once
def stations(facts: Facts) -> pd.DataFrame:
    """Work stations of the micro-workshops from their opening."""
    shops = facts.workshops
    rows = shops[["name", "community_id", "community", "opened_on", "stations"]].rename(columns={"name": "workshop"})
    return spell_frame(rows, shops["opened_on"], n=shops["stations"].astype("int64"))


@computed_once
def started_90_days_ago(facts: Facts) -> pd.DataFrame:
    """Placements from the 90th day after their start: old enough to judge."""
    rows = placements_started(facts).drop(columns=["since", "until", "n"])
    return spell_frame(rows, rows["started_on"] + RETENTION)


@computed_once
def retained_90(facts: Facts) -> pd.DataFrame:
    """Of those, placements that lasted at least 90 days."""
    mature = started_90_days_ago(facts)
    lasted = mature["ended_on"].isna() | (mature["ended_on"] >= mature["started_on"] + RETENTION)
    return mature[lasted].reset_index(drop=True)


@computed_once
def commissioned_trained(facts: Facts) -> pd.DataFrame:
    """People who finished a course that an employer commissioned, once per employer."""
    taught = facts.enrolments[
        (facts.enrolments["kind"] == TrainingKind.COMMISSIONED)
        & (facts.enrolments["result"] == EnrolmentResult.PASSED)
        & facts.enrolments["employer_id"].notna()
    ]
    rows = taught.sort_values("ends_on").drop_duplicates(["person_id", "employer_id"])
    rows = rows[["person_id", "employer_id", "course", "ends_on"]].reset_index(drop=True)
    return spell_frame(with_community(rows, facts), rows["ends_on"])


@computed_once
def commissioned_joined(facts: Facts) -> pd.DataFrame:
    """Of those, people who started work at that employer when or after their course ended."""
    trained = commissioned_trained(facts).drop(columns=["since", "until", "n"])
    starts = facts.placements[["person_id", "employer_id", "employer", "started_on"]]
    pairs = trained.merge(starts, on=["person_id", "employer_id"])
    pairs = pairs[pairs["started_on"] >= pairs["ends_on"]]
    rows = pairs.sort_values("started_on").drop_duplicates(["person_id", "employer_id"]).reset_index(drop=True)
    return spell_frame(rows, rows["started_on"])


@computed_once
def event_intents(facts: Facts) -> pd.DataFrame:
    """Intents reached at recruitment events, counted once their 30 days of follow-up are over."""
    return _events(facts, "intents")


@computed_once
def event_starts(facts: Facts) -> pd.DataFrame:
    """Starts within 30 days of an event at which intents were reached."""
    return _events(facts, "started_30_days")


@computed_once
def visits_made(facts: Facts) -> pd.DataFrame:
    """Visits from their day on; a person visited twice counts twice."""
    rows = facts.visits[["id", "person_id", "visited_on", "visitor", "next_on"]].rename(columns={"id": "visit_id"})
    return spell_frame(with_community(rows, facts), rows["visited_on"])


@computed_once
def courses_finished(facts: Facts) -> pd.DataFrame:
    """Courses that people finished, from their last day on; a person with two courses counts twice."""
    done = facts.enrolments[facts.enrolments["result"] == EnrolmentResult.PASSED]
    rows = done[["id", "person_id", "course", "ends_on"]].rename(columns={"id": "enrolment_id"})
    return spell_frame(with_community(rows, facts), rows["ends_on"])


@computed_once
def events_held(facts: Facts) -> pd.DataFrame:
    """Recruitment events from their day on."""
    columns = ["id", "name", "held_on", "theme", "scene", "community_id", "intents", "started_30_days"]
    rows = facts.events[columns].rename(columns={"id": "event_id"})
    return spell_frame(rows, rows["held_on"])


def _events(facts: Facts, column: str) -> pd.DataFrame:
    events = facts.events[facts.events["intents"].fillna(0) > 0]
    columns = ["id", "name", "held_on", "theme", "scene", "community_id", "intents", "started_30_days"]
    rows = events[columns].rename(columns={"id": "event_id"})
    return spell_frame(rows, events["held_on"] + EVENT_FOLLOW_UP, n=events[column].fillna(0).astype("int64"))


@computed_once
def _states(facts: Facts, state: PersonState) -> pd.DataFrame:
    spells = facts.states
    until = spells.groupby("person_id")["since"].shift(-1)
    in_state = spells["state"] == state
    rows = with_community(spells[in_state][["person_id"]], facts)
    return spell_frame(rows, spells["since"][in_state], until[in_state])


def _next_month_start(days: pd.Series) -> pd.Series:
    """For each day the first of a month that is not before it; NaT stays."""
    start = days.dt.to_period("M").dt.start_time
    return start.where(start >= days, start + pd.offsets.MonthBegin(1)).where(days.notna())
