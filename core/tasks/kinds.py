"""The kinds of due work. Each is declared once: its rule in words, its rows, where it is worked on.

The rows of a kind are the only source of its count: the list, the tile, the badge in the menu and the meeting count the
same frame. Columns of every such frame: ``key`` (id of what is due: a person, a placement, a job …), ``person_id`` (NA
where it is not about a person), ``since`` (the day from which it is due), ``what`` (what exactly, as stored; may be
empty) and ``owner`` (the named person who does it; NA: the community's team).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from core.indicators import attention
from core.indicators.current import in_state, last_visits, live_plans
from core.locale import N_, Translator
from core.store.settings import parameter
from core.tasks.facts import TaskFacts
from core.terms import (
    ApplicationState,
    EnrolmentResult,
    FollowUpResult,
    HardshipKind,
    PersonState,
    PlanStatus,
    ReferralState,
)

__all__ = ["COLUMNS", "KINDS", "MILESTONES", "VISIT_KINDS", "DueKind", "Subject"]

COLUMNS = ["key", "person_id", "since", "what", "owner"]
VISIT_KINDS = ("agreed_visits", "visit_round", "never_visited")  # due work that a visit settles
MILESTONES = (30, 90, 180)  # days after a start at which a follow-up is due
SESSION_GRACE = pd.Timedelta(days=7)  # days after its last day until a session should be recorded

Rows = Callable[[TaskFacts, pd.DataFrame, date], pd.DataFrame]


@dataclass(frozen=True)
class Subject:
    """What the key of a row is, and the page that opens it: ``page`` with the query parameter ``parameter``."""

    page: str
    parameter: str


PERSON = Subject("people", "person")
OPENING = Subject("openings", "opening")
ACTION = Subject("meeting", "action")
APPLICATION = Subject("policies", "application")


@dataclass(frozen=True)
class DueKind:
    """One kind of due work. ``limit`` names the dated parameter that ``rule`` speaks of as {limit}."""

    code: str
    name: str
    rule: str
    action: str  # what is to be done, in the imperative
    rows: Rows
    subject: Subject = PERSON
    limit: str | None = None
    red_after_days: int = 30  # late for longer than this is red
    describe: Callable[[Translator, str], str] | None = None  # what ``what`` reads as; None: as stored


def _of_people(rows: pd.DataFrame, task_facts: TaskFacts, what: object = "") -> pd.DataFrame:
    """Rows with person_id and since, completed: the key is the person, the owner that of the live plan."""
    return _complete(rows.assign(key=rows["person_id"], what=what), task_facts)


def _complete(rows: pd.DataFrame, task_facts: TaskFacts) -> pd.DataFrame:
    """Rows with key, person_id, since and what, with the owner of the person's live plan, oldest first."""
    if "owner" not in rows:
        rows = rows.assign(owner=rows["person_id"].map(live_plans(task_facts.facts)["owner"]))
    return rows[COLUMNS].sort_values(["since", "key"], ignore_index=True)


def _seekers(task_facts: TaskFacts, today: date) -> pd.DataFrame:
    """person_id, since: everyone who seeks work on ``today``, since when."""
    return in_state(task_facts.facts, today, PersonState.SEEKING)


def _plans_of_seekers(task_facts: TaskFacts, today: date) -> pd.DataFrame:
    """Live plans of people who seek work on ``today``."""
    plans = task_facts.facts.plans
    is_seeker = plans["person_id"].isin(_seekers(task_facts, today)["person_id"])
    return plans[(plans["status"] == PlanStatus.LIVE) & is_seeker]


def agreed_visits(task_facts: TaskFacts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """People who seek work and whose agreed visit has passed without one."""
    return _of_people(attention.overdue_visits(task_facts.facts, parameters, today), task_facts)


def visits_of_the_round(task_facts: TaskFacts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """People who seek work, were visited longer ago than the round allows, and have no visit agreed."""
    interval = _days(parameters, "visit_interval_days", today)
    rows = _seekers(task_facts, today)[["person_id"]].merge(
        last_visits(task_facts.facts, today)[["person_id", "visited_on", "next_on"]], on="person_id"
    )
    since = rows["visited_on"] + interval
    late = rows["next_on"].isna() & (since < pd.Timestamp(today))
    return _of_people(rows.assign(since=since)[late], task_facts)


def never_visited(task_facts: TaskFacts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """People who seek work for longer than a round of visits and whom nobody ever visited."""
    rows = _seekers(task_facts, today)
    rows = rows[~rows["person_id"].isin(last_visits(task_facts.facts, today)["person_id"])]
    since = rows["since"] + _days(parameters, "visit_interval_days", today)
    return _of_people(rows.assign(since=since)[since < pd.Timestamp(today)], task_facts)


def missing_plans(task_facts: TaskFacts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """People who have been seeking for over a month without a live plan."""
    rows = attention.seekers_without_plan(task_facts.facts, parameters, today)
    return _of_people(rows.assign(since=rows["since"] + pd.Timedelta(days=30)), task_facts)


def plans_without_a_step(task_facts: TaskFacts, _parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Live plans of people who seek work, whose steps are all done or that never had one."""
    live, steps = _plans_of_seekers(task_facts, today), task_facts.measures
    idle = live[~live["id"].isin(steps.loc[steps["done_on"].isna(), "plan_id"])]
    last_done = _dates(idle["id"], steps.groupby("plan_id")["done_on"].max())
    return _of_people(idle.assign(since=last_done.fillna(idle["made_on"])), task_facts, what=idle["goal"])


def overdue_steps(task_facts: TaskFacts, _parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Steps of live plans past their date, of people who seek work."""
    live, steps = _plans_of_seekers(task_facts, today)["id"], task_facts.measures
    late = steps[steps["done_on"].isna() & (steps["due_on"] < pd.Timestamp(today)) & steps["plan_id"].isin(live)]
    return _complete(late.rename(columns={"id": "key", "due_on": "since", "text": "what"}), task_facts)


def plan_reviews(task_facts: TaskFacts, _parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Live plans of people who seek work whose day of review has passed."""
    plans = _plans_of_seekers(task_facts, today)
    late = plans[plans["review_on"] < pd.Timestamp(today)]
    return _of_people(late.assign(since=late["review_on"]), task_facts, what=late["goal"])


def stale_portraits(task_facts: TaskFacts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """People who seek work and of whom neither a wish nor a skill was recorded for too long, or ever."""
    seekers = _seekers(task_facts, today)
    wishes = task_facts.intentions.set_index("person_id")["stated_on"]
    skills = task_facts.facts.person_skills.groupby("person_id")["acquired_on"].max()
    newest = pd.concat([_dates(seekers["person_id"], wishes), _dates(seekers["person_id"], skills)], axis=1).max(axis=1)
    since = newest.fillna(seekers["since"]) + _days(parameters, "portrait_days", today)
    return _of_people(seekers.assign(since=since)[since < pd.Timestamp(today)], task_facts)


def ending_posts(task_facts: TaskFacts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Welfare posts that end soon whose holder has no live plan."""
    rows = attention.posts_ending(task_facts.facts, parameters, today)
    return _of_people(rows, task_facts, what=rows["title"])


def unanswered_referrals(task_facts: TaskFacts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Recommendations that the employer has not answered in time; the colleague who recommended owns them."""
    referrals = task_facts.facts.referrals
    waiting = referrals[referrals["state"] == ReferralState.RECOMMENDED]
    asked = waiting["state_since"].fillna(waiting["recommended_on"])
    since = asked + _days(parameters, "referral_answer_days", today)
    titles = task_facts.facts.jobs.set_index("id")["title"]
    rows = waiting.assign(since=since, what=waiting["job_id"].map(titles), owner=waiting["staff"])
    return _complete(rows.rename(columns={"id": "key"})[since < pd.Timestamp(today)], task_facts)


def follow_ups(task_facts: TaskFacts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Placements at work for 30, 90 or 180 days whom nobody has reached since that day.

    They end by themselves: only the latest milestone is asked for, a placement that has ended owes none, and after 180 days
    no further one comes. A call that reached nobody is tried again some days later, a few times.
    """
    moment = pd.Timestamp(today)
    placements = task_facts.facts.placements
    at_work = placements[placements["ended_on"].isna() & (placements["started_on"] <= moment)]
    days = (moment - at_work["started_on"]).dt.days
    latest_first = MILESTONES[::-1]
    milestone = pd.Series(np.select([days >= m for m in latest_first], latest_first, 0), index=at_work.index)
    since = at_work["started_on"] + pd.to_timedelta(milestone, unit="D")
    calls = task_facts.follow_ups[task_facts.follow_ups["followed_on"] <= moment]
    tried = calls["result"] == FollowUpResult.UNREACHABLE
    reached = _dates(at_work["id"], calls[~tried].groupby("placement_id")["followed_on"].max())
    vain = calls[tried].merge(at_work[["id"]].assign(start=since), left_on="placement_id", right_on="id")
    vain = vain[vain["followed_on"] >= vain["start"]].groupby("placement_id")["followed_on"]
    again = _dates(at_work["id"], vain.max()) + _days(parameters, "follow_up_retry_days", today)
    attempts = at_work["id"].map(vain.size()).fillna(0)
    is_open = (reached.isna() | (reached < since)) & (attempts < parameter(parameters, "follow_up_attempts", today))
    since = pd.concat([since, again], axis=1).max(axis=1)
    is_due = (milestone > 0) & is_open & (since <= moment)
    rows = at_work.assign(since=since, what=milestone.astype("str"))[is_due]
    return _complete(rows.rename(columns={"id": "key"}), task_facts)


def unrecorded_sessions(task_facts: TaskFacts, _parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Course sessions that are over and whose results are not recorded; one row a session."""
    enrolments = task_facts.facts.enrolments
    is_open = enrolments["result"] == EnrolmentResult.ENROLLED
    over = enrolments[is_open & (enrolments["ends_on"] + SESSION_GRACE < pd.Timestamp(today))]
    sessions = over.drop_duplicates("session_id")
    rows = sessions.assign(
        key=sessions["session_id"], since=sessions["ends_on"] + SESSION_GRACE, what=sessions["course"]
    )
    return _complete(rows.assign(person_id=pd.NA, owner=None), task_facts)


def missing_consents(task_facts: TaskFacts, _parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """People who seek work and who have not consented to the keeping of their data, or have withdrawn it."""
    rows = _seekers(task_facts, today).merge(task_facts.consents, on="person_id")
    missing = rows["consent_on"].isna() | rows["consent_withdrawn_on"].notna()
    since = rows["consent_withdrawn_on"].fillna(rows["entered_pool_on"]).fillna(rows["since"])
    return _of_people(rows.assign(since=since)[missing], task_facts)


def expiring_hardships(task_facts: TaskFacts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Proofs of hardship of people who seek work that expire soon or have expired."""
    warning = _days(parameters, "hardship_warning_days", today)
    rows = task_facts.hardships[task_facts.hardships["person_id"].isin(_seekers(task_facts, today)["person_id"])]
    since = rows["until"] - warning
    rows = rows.assign(since=since, what=rows["kind"])[since < pd.Timestamp(today)]
    return _complete(rows.rename(columns={"id": "key"}), task_facts)


def ending_subsidies(task_facts: TaskFacts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Approved and paid applications for policies whose time ends soon, or has ended; who drafted it owns it."""
    own = task_facts.applications
    running = own[own["state"].isin([ApplicationState.APPROVED, ApplicationState.PAYING])]
    since = running["ends_on"] - _days(parameters, "subsidy_ending_days", today)
    newest = task_facts.policies.drop_duplicates("code", keep="last")
    names = {
        code: f"{content['name_zh']}\n{content['name_en']}"
        for code, content in zip(newest["code"], newest["content"], strict=True)
    }
    rows = running.assign(since=since, what=running["policy"].map(names).fillna(running["policy"]))
    return _complete(rows.rename(columns={"id": "key"})[since < pd.Timestamp(today)], task_facts)


def stale_openings(task_facts: TaskFacts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Open jobs that nobody confirmed for too long."""
    rows = attention.stale_openings(task_facts.facts, parameters, today).rename(
        columns={"job_id": "key", "title": "what"}
    )
    return _complete(rows.assign(person_id=pd.NA, owner=None), task_facts)


def overdue_actions(task_facts: TaskFacts, parameters: pd.DataFrame, today: date) -> pd.DataFrame:
    """Actions of the dispatch meetings past their date."""
    rows = attention.overdue_actions(task_facts.facts, parameters, today).rename(
        columns={"code": "key", "problem": "what"}
    )
    return _complete(rows.assign(person_id=pd.NA), task_facts)


def _dates(keys: pd.Series, date_of: pd.Series) -> pd.Series:
    """The date of each key, NaT where it has none; dates also where ``date_of`` is empty."""
    return date_of.reindex(keys).set_axis(keys.index).astype("datetime64[s]")


def _days(parameters: pd.DataFrame, key: str, today: date) -> pd.Timedelta:
    return pd.Timedelta(days=parameter(parameters, key, today))


KINDS = (
    DueKind(
        code="agreed_visits",
        name=N_("Agreed visits overdue"),
        rule=N_("Seeks work; the day agreed for the next visit has passed."),
        action=N_("Visit, or agree another day"),
        rows=agreed_visits,
    ),
    DueKind(
        code="visit_round",
        name=N_("Visits of the round"),
        rule=N_("Seeks work; last visited more than {limit} days ago, no visit agreed."),
        action=N_("Visit"),
        rows=visits_of_the_round,
        limit="visit_interval_days",
    ),
    DueKind(
        code="never_visited",
        name=N_("Never visited"),
        rule=N_("Has been seeking work for more than {limit} days; no visit on record."),
        action=N_("Visit for the first time"),
        rows=never_visited,
        limit="visit_interval_days",
    ),
    DueKind(
        code="missing_plans",
        name=N_("No plan"),
        rule=N_("Has been seeking work for more than 30 days without a live plan."),
        action=N_("Make a plan"),
        rows=missing_plans,
        red_after_days=60,
    ),
    DueKind(
        code="idle_plans",
        name=N_("Plans without a step"),
        rule=N_("Seeks work; the live plan has no open step."),
        action=N_("Add a step, or close the plan"),
        rows=plans_without_a_step,
    ),
    DueKind(
        code="overdue_steps",
        name=N_("Plan steps overdue"),
        rule=N_("Seeks work; the date of an open step of the live plan has passed."),
        action=N_("Finish the step, or set another date"),
        rows=overdue_steps,
    ),
    DueKind(
        code="plan_reviews",
        name=N_("Plan reviews due"),
        rule=N_("Seeks work; the day agreed for a review of the live plan has passed."),
        action=N_("Review the plan, and set the next day or close it"),
        rows=plan_reviews,
    ),
    DueKind(
        code="stale_portraits",
        name=N_("Portraits out of date"),
        rule=N_("Seeks work; neither a wish nor a skill recorded within the last {limit} days."),
        action=N_("Ask again for skills and wishes"),
        rows=stale_portraits,
        limit="portrait_days",
    ),
    DueKind(
        code="ending_posts",
        name=N_("Welfare posts ending, no plan"),
        rule=N_("The post ends within {limit} days; its holder has no live plan."),
        action=N_("Make a plan before the post ends"),
        rows=ending_posts,
        limit="post_ending_days",
        red_after_days=60,
    ),
    DueKind(
        code="unanswered_referrals",
        name=N_("Referrals without an answer"),
        rule=N_("Recommended more than {limit} days ago; the employer has not answered."),
        action=N_("Call the employer, record the answer"),
        rows=unanswered_referrals,
        limit="referral_answer_days",
        red_after_days=8,  # 15 days after the recommendation
    ),
    DueKind(
        code="follow_ups",
        name=N_("Follow-ups"),
        rule=N_(
            "At work for 30, 90 or 180 days, nobody reached since that day. Ends by itself: the latest of the three only, "
            "none once the work has ended; a call in vain is tried again after {limit} days."
        ),
        action=N_("Call: still there, pay, hours, difficulties"),
        rows=follow_ups,
        describe=lambda tr, days: tr("{n} days after the start", n=days),
        limit="follow_up_retry_days",
        red_after_days=14,
    ),
    DueKind(
        code="unrecorded_sessions",
        name=N_("Course sessions to record"),
        rule=N_("A session ended more than a week ago and has participants without a result."),
        action=N_("Record attendance and results"),
        rows=unrecorded_sessions,
        subject=Subject("training", "session"),
    ),
    DueKind(
        code="missing_consents",
        name=N_("Consents missing"),
        rule=N_("Seeks work; no consent to the keeping of personal data, or it was withdrawn."),
        action=N_("Ask for consent at the next visit"),
        rows=missing_consents,
    ),
    DueKind(
        code="expiring_hardships",
        name=N_("Hardship proofs expiring"),
        rule=N_("Seeks work; a proof of hardship ends within {limit} days or has ended."),
        action=N_("Ask for a new proof"),
        rows=expiring_hardships,
        describe=lambda tr, kind: tr.term(HardshipKind.of(kind)),
        limit="hardship_warning_days",
    ),
    DueKind(
        code="ending_subsidies",
        name=N_("Subsidies ending"),
        rule=N_("An approved or paid application for a policy ends within {limit} days."),
        action=N_("Prepare what follows, or end the application"),
        rows=ending_subsidies,
        subject=APPLICATION,
        limit="subsidy_ending_days",
        describe=lambda tr, names: names.split("\n")[-1 if tr.is_english else 0],
    ),
    DueKind(
        code="stale_openings",
        name=N_("Openings not confirmed"),
        rule=N_("An open job that its employer has not confirmed for {limit} days."),
        action=N_("Ask the employer whether it is still free, and confirm it"),
        rows=stale_openings,
        subject=OPENING,
        limit="stale_opening_days",
        red_after_days=60,
    ),
    DueKind(
        code="overdue_actions",
        name=N_("Actions past their date"),
        rule=N_("An action of the dispatch meeting past its date."),
        action=N_("Close it with evidence, or ask for more time"),
        rows=overdue_actions,
        subject=ACTION,
        red_after_days=7,
    ),
)
