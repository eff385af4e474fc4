"""The bureau's loop as a funnel over the people of the pool: visited → portrait → plan → trained → recommended → placed → retained."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.indicators.facts import Facts, computed_once
from core.indicators.populations import RETENTION, pool
from core.locale import N_
from core.terms import EnrolmentResult

__all__ = ["STAGES", "funnel", "reached", "stage_rows"]

# Stage → what it takes to have reached it by the day.
STAGES: dict[str, tuple[str, str]] = {
    "visited": (N_("Visited"), N_("At least one visit.")),
    "portrait": (N_("Skill portrait"), N_("At least one skill on record.")),
    "plan": (N_("Plan made"), N_("At least one plan of their own.")),
    "trained": (N_("Trained"), N_("At least one course finished.")),
    "recommended": (N_("Recommended"), N_("Recommended to at least one job.")),
    "placed": (N_("Placed"), N_("Started work that is not a public-welfare post.")),
    "retained": (N_("Retained 90 days"), N_("One such job lasted at least 90 days.")),
}


@computed_once
def reached(facts: Facts, today: date) -> pd.DataFrame:
    """One row a person who was in the pool by ``today``, one yes/no column a stage. Index = person id."""
    moment = pd.Timestamp(today)
    members = pool(facts)
    people = pd.Index(sorted(members.loc[members["since"] <= moment, "person_id"].unique()), name="person_id")
    placements = facts.placements
    lasted = (placements["ended_on"].fillna(moment + pd.Timedelta(days=1)) - placements["started_on"]) >= RETENTION
    old = placements["started_on"] + RETENTION <= moment
    who = {
        "visited": facts.visits.loc[facts.visits["visited_on"] <= moment, "person_id"],
        "portrait": facts.person_skills.loc[~(facts.person_skills["acquired_on"] > moment), "person_id"],
        "plan": facts.plans.loc[facts.plans["made_on"] <= moment, "person_id"],
        "trained": facts.enrolments.loc[
            (facts.enrolments["result"] == EnrolmentResult.PASSED) & (facts.enrolments["ends_on"] <= moment),
            "person_id",
        ],
        "recommended": facts.referrals.loc[facts.referrals["recommended_on"] <= moment, "person_id"],
        "placed": placements.loc[placements["started_on"] <= moment, "person_id"],
        "retained": placements.loc[lasted & old, "person_id"],
    }
    return pd.DataFrame({stage: people.isin(who[stage].unique()) for stage in STAGES}, index=people)


def funnel(facts: Facts, today: date) -> pd.DataFrame:
    """Per stage: code, n (reached it *and* every stage before), any (reached it at all), lost (since the stage before)."""
    steps = reached(facts, today)
    through = steps.cumprod(axis=1).sum().astype(int) if len(steps) else pd.Series(0, index=list(STAGES))
    rows = pd.DataFrame({"code": list(STAGES), "n": through.to_numpy(), "any": steps.sum().astype(int).to_numpy()})
    rows["lost"] = (rows["n"].shift(fill_value=len(steps)) - rows["n"]).astype(int)
    return rows


def stage_rows(facts: Facts, today: date, code: str) -> pd.DataFrame:
    """The people (person_id) that ``funnel`` counts for a stage: they reached it and every stage before."""
    steps = reached(facts, today)
    through = steps[list(STAGES)[: list(STAGES).index(code) + 1]].all(axis=1)
    return pd.DataFrame({"person_id": steps.index[through]})
