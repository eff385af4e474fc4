"""One person: skills, wishes, and everything that happened on one timeline."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import pandas as pd

from core.locale import N_, Translator
from core.terms import (
    Channel,
    ClosingReason,
    Evidence,
    FollowUpResult,
    MeasureKind,
    PersonState,
    PlanStatus,
    ReferralState,
    Registration,
    SkillDomain,
    Term,
    VisitMode,
)

__all__ = ["LANES", "SUBJECTS", "History", "kinds_of", "skill_profile", "timeline", "wants"]

# Lane → heading, in the order of the loop.
LANES = {
    "state": N_("State"),
    "welfare_post": N_("Welfare post"),
    "visit": N_("Visits"),
    "training": N_("Training"),
    "plan": N_("Plan"),
    "referral": N_("Referrals"),
    "placement": N_("Work"),
    "follow_up": N_("Follow-ups"),
    "correction": N_("Corrections"),
}
# Subject of a correction → what it is about.
SUBJECTS = {
    "id_hash": N_("ID number"),
    "birth_date": N_("Date of birth"),
    "sex": N_("Sex"),
    "registration": N_("Registration"),
    "disability": N_("Disability"),
    "person_skill": N_("Skills"),
    "hardship": N_("Hardship"),
    "person_state": N_("State"),
    "visit": N_("Visits"),
    "placement": N_("Work"),
}


Kind = TypeVar("Kind", bound=Term)


@dataclass(frozen=True)
class History:
    """The frames about people from which one person's page is drawn."""

    states: pd.DataFrame
    posts: pd.DataFrame
    visits: pd.DataFrame
    enrolments: pd.DataFrame
    measures: pd.DataFrame
    referrals: pd.DataFrame  # with job title and employer
    placements: pd.DataFrame
    person_skills: pd.DataFrame
    skills: pd.DataFrame
    plans: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["person_id"]))
    follow_ups: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["person_id"]))
    corrections: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["person_id"]))


def skill_profile(tr: Translator, history: History, person_id: int) -> pd.DataFrame:
    """Skills of a person: skill, domain, level (1..4), evidence, strength (0..4), acquired_on; strongest first."""
    own = history.person_skills[history.person_skills["person_id"] == person_id]
    named = own.merge(history.skills, left_on="skill", right_on="code")
    return pd.DataFrame(
        {
            "skill": named["name_en" if tr.is_english else "name_zh"],
            "domain": [tr.term(SkillDomain.of(d)) for d in named["domain"]],
            "level": named["level"].astype(int),
            "evidence": [tr.term(Evidence.of(e)) for e in named["evidence"]],
            "strength": [Evidence.of(e).order for e in named["evidence"]],
            "acquired_on": named["acquired_on"],
        }
    ).sort_values(["level", "strength", "skill"], ascending=[False, False, True], ignore_index=True)


def kinds_of(rows: pd.DataFrame, person_id: int, kind: type[Kind]) -> list[Kind]:
    """The kinds of hardship or limit of a person; ``rows``: person_id, kind."""
    return [kind.of(code) for code in rows.loc[rows["person_id"] == person_id, "kind"]]


def timeline(tr: Translator, history: History, person_id: int, today: date) -> pd.DataFrame:
    """Everything dated about a person in order of time: lane, what, start, end (NaT for a point in time; spells that go on
    end ``today``), goes_on, text (what somebody wrote about it, '' for nothing).
    """
    moment = pd.Timestamp(today)

    def own(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["person_id"] == person_id]

    rows: list[dict[str, object]] = []

    def add(lane: str, what: str, start: pd.Timestamp, end: pd.Timestamp | None = None, text: object = "") -> None:
        if pd.notna(start) and start <= moment:
            written = "" if pd.isna(text) else str(text)
            goes_on = end is not None and end >= moment
            rows.append({"lane": lane, "what": what, "start": start, "end": end, "goes_on": goes_on, "text": written})

    states = own(history.states)
    for row, until in zip(states.itertuples(), [*list(states["since"][1:]), moment], strict=True):
        add("state", tr.term(PersonState.of(row.state)), row.since, max(until, row.since))
    for row in own(history.posts).itertuples():
        title = row.title if pd.notna(row.title) else tr.term(Registration.of(row.kind))
        add("welfare_post", str(title), row.started_on, row.exited_on if pd.notna(row.exited_on) else moment)
    for row in own(history.visits).itertuples():
        by = f" · {row.visitor}" if pd.notna(row.visitor) else ""
        add("visit", tr.term(VisitMode.of(row.mode)) + by, row.visited_on, text=row.needs)
    for row in own(history.enrolments).itertuples():
        add("training", row.course, row.starts_on, row.ends_on)
    for row in own(history.measures).itertuples():
        day = row.done_on if pd.notna(row.done_on) else row.due_on
        add("plan", tr.term(MeasureKind.of(row.kind)), day, text=row.text)
    for row in own(history.plans).itertuples():
        add("plan", tr("Plan drawn up"), row.made_on, text=row.goal)
        if row.status != PlanStatus.LIVE:
            status = tr.term(PlanStatus.of(row.status))
            add("plan", tr("Plan: {status}", status=status), row.closed_on, text=row.closing_reason)
    for row in own(history.referrals).itertuples():
        state = tr.term(ReferralState.of(row.state))
        why = tr.term(ClosingReason.of(row.closing_reason)) if pd.notna(row.closing_reason) else ""
        parts = filter(None, (row.title, tr.name(row.employer), state, why))
        add("referral", " · ".join(parts), row.recommended_on, text=row.note)
    for row in own(history.placements).itertuples():
        at = [tr.name(place) for place in (row.workshop, row.employer) if pd.notna(place)]
        place = at[0] if at else tr.term(Channel.of(row.channel))
        add("placement", str(place), row.started_on, row.ended_on if pd.notna(row.ended_on) else moment)
    for row in own(history.follow_ups).itertuples():
        add("follow_up", tr.term(FollowUpResult.of(row.result)), row.followed_on, text=row.note)
    for row in own(history.corrections).itertuples():
        subject = SUBJECTS.get(str(row.subject))
        what = tr(subject) if subject is not None else str(row.subject)
        add("correction", f"{what} · {row.author}", row.made_on, text=row.reason)
    events = pd.DataFrame(rows, columns=["lane", "what", "start", "end", "goes_on", "text"])
    events["end"] = pd.to_datetime(events["end"])
    return events.sort_values(["start", "lane"], kind="stable", ignore_index=True)


def wants(tr: Translator, intentions: pd.DataFrame, occupations: pd.DataFrame, person_id: int) -> dict[str, str]:
    """What a person wants, heading → text; empty if never asked."""
    own = intentions[intentions["person_id"] == person_id]
    if own.empty:
        return {}
    row = own.iloc[0]
    names = occupations.set_index("code")["name_en" if tr.is_english else "name_zh"]
    wishes = [str(names.get(row[w], row[w])) for w in ("wish_1", "wish_2", "wish_3") if pd.notna(row[w])]
    pay = [tr.number(row[p]) for p in ("reserve_pay", "target_pay") if pd.notna(row[p])]
    answers = {
        tr("Work wanted"): " > ".join(wishes),
        tr("Pay, yuan a month"): "–".join(dict.fromkeys(pay)),
        tr("Hours"): _hours(tr, row),
        tr("Longest commute"): tr("{n} min", n=row["max_commute_min"]) if pd.notna(row["max_commute_min"]) else "",
        tr("Home or piece work"): _yes_no(tr, row["home_work_ok"]),
        tr("Wants training"): _yes_no(tr, row["wants_training"]),
        tr("Wants to start a business"): _yes_no(tr, row["wants_start_up"]),
        tr("Stated on"): tr.day(row["stated_on"]),
    }
    return {heading: text for heading, text in answers.items() if text}


def _hours(tr: Translator, row: pd.Series) -> str:
    if pd.isna(row["available_from"]) or pd.isna(row["available_to"]):
        return ""
    days = row["available_days"] if pd.notna(row["available_days"]) else "1111100"
    n = str(days).count("1")
    return tr("{days} days a week, {start}–{end}", days=n, start=row["available_from"], end=row["available_to"])


def _yes_no(tr: Translator, value: object) -> str:
    return "" if pd.isna(value) else (tr("yes") if value else tr("no"))
