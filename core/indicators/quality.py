"""Data quality: what is missing, contradictory or stale in the records, each check with its rows.

The checks cover whom the bureau works for now, people seeking work or on a welfare post, and the open jobs; a phone
number missing from the record of a retired person is nobody's task.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.indicators.facts import Facts
from core.locale import N_
from core.store.settings import parameter
from core.terms import JobStatus, PersonState, PlanStatus, Term

__all__ = ["CHECKS", "Check", "CheckResult", "Defect", "Records", "by_community", "check_quality"]


class Defect(Term):
    """What kind of fault a check finds."""

    MISSING = "missing", "缺失", "missing"
    CONTRADICTORY = "contradictory", "矛盾", "contradictory"
    STALE = "stale", "过期", "out of date"


@dataclass(frozen=True)
class Records:
    """The frames that are checked on a day. ``pool``: see ``core.people.pool.pool_table``."""

    facts: Facts
    pool: pd.DataFrame
    intentions: pd.DataFrame
    parameters: pd.DataFrame
    today: date

    @property
    def moment(self) -> pd.Timestamp:
        return pd.Timestamp(self.today)

    def days(self, key: str) -> pd.Timedelta:
        """A parameter in days, as a span."""
        return pd.Timedelta(days=parameter(self.parameters, key, self.today))

    def in_state(self, *states: PersonState) -> pd.DataFrame:
        """The people of the pool table in one of ``states`` today."""
        return self.pool[self.pool["state"].isin([state.value for state in states])]

    @property
    def current(self) -> pd.DataFrame:
        return self.in_state(PersonState.SEEKING, PersonState.ON_POST)

    @property
    def seeking(self) -> pd.DataFrame:
        return self.in_state(PersonState.SEEKING)


@dataclass(frozen=True)
class Check:
    """One rule. ``find`` returns its rows: person_id or job_id, community_id, and what explains the fault."""

    code: str
    defect: Defect
    name: str
    find: Callable[[Records], pd.DataFrame]


@dataclass(frozen=True)
class CheckResult:
    """A check with the rows that fail it on a day."""

    check: Check
    rows: pd.DataFrame


def check_quality(records: Records) -> list[CheckResult]:
    """Every check with its rows, in the order of ``CHECKS``."""
    return [CheckResult(check, check.find(records).reset_index(drop=True)) for check in CHECKS]


def by_community(results: list[CheckResult], communities: pd.DataFrame) -> pd.DataFrame:
    """Rows that fail a check by community and kind of fault: community_id, community, one column for each ``Defect``.

    The last row, without an id, has those whose community is unknown, if there are any.
    """
    counts = {
        defect.value: pd.concat(
            [result.rows["community_id"].astype("Int64") for result in results if result.check.defect is defect]
        ).value_counts(dropna=False)
        for defect in Defect
    }
    table = communities[["id", "name"]].rename(columns={"id": "community_id", "name": "community"})
    for code, count in counts.items():
        table = table.assign(**{code: table["community_id"].map(count[count.index.notna()]).fillna(0).astype("int64")})
    unknown = {code: int(count[count.index.isna()].sum()) for code, count in counts.items()}
    if any(unknown.values()):
        table = pd.concat([table, pd.DataFrame([{"community_id": pd.NA, "community": None, **unknown}])])
    return table.reset_index(drop=True)


def _people(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Rows of the pool table as the rows of a check."""
    return rows.rename(columns={"id": "person_id"})[["person_id", "community_id", *columns]]


def _of_people(records: Records, rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """``rows`` (person_id …) with the community of the person."""
    communities = records.pool.set_index("id")["community_id"]
    return rows.assign(community_id=rows["person_id"].map(communities))[["person_id", "community_id", *columns]]


def _without(column: str) -> Callable[[Records], pd.DataFrame]:
    def find(records: Records) -> pd.DataFrame:
        people = records.current
        return _people(people[people[column].isna()], "state")

    return find


def without_state(records: Records) -> pd.DataFrame:
    """People whose state was never recorded."""
    return _people(records.pool[records.pool["state"].isna()])


def without_wishes(records: Records) -> pd.DataFrame:
    """People seeking work who were never asked what they want."""
    people = records.seeking
    return _people(people[~people["id"].isin(records.intentions["person_id"])], "days_waiting")


def without_skills(records: Records) -> pd.DataFrame:
    """People seeking work without any skill on record."""
    people = records.seeking
    return _people(people[~people["id"].isin(records.facts.person_skills["person_id"])], "days_waiting")


def closed_without_date(records: Records) -> pd.DataFrame:
    """Plans that are done or given up, but nobody knows since when."""
    plans = records.facts.plans
    rows = plans[(plans["status"] != PlanStatus.LIVE) & plans["closed_on"].isna()]
    return _of_people(records, rows, "made_on", "status", "owner")


def seeking_at_work(records: Records) -> pd.DataFrame:
    """People recorded as seeking work whose work goes on."""
    placements = records.facts.placements
    runs = (placements["started_on"] <= records.moment) & ~(placements["ended_on"] <= records.moment)
    rows = placements[runs & placements["person_id"].isin(records.seeking["id"])]
    return _of_people(records, rows, "employer", "workshop", "started_on")


def seeking_on_post(records: Records) -> pd.DataFrame:
    """People recorded as seeking work whose welfare post has not ended."""
    posts = records.facts.posts
    runs = (posts["started_on"] <= records.moment) & posts["exited_on"].isna() & ~(posts["ends_on"] < records.moment)
    rows = posts[runs & posts["person_id"].isin(records.seeking["id"])]
    return _of_people(records, rows, "title", "host", "started_on", "ends_on")


def on_post_without_post(records: Records) -> pd.DataFrame:
    """People recorded as on a welfare post of whom no post runs."""
    posts = records.facts.posts
    runs = posts[(posts["started_on"] <= records.moment) & ~(posts["exited_on"] <= records.moment)]
    people = records.in_state(PersonState.ON_POST)
    return _people(people[~people["id"].isin(runs["person_id"])], "state", "state_since")


def not_visited(records: Records) -> pd.DataFrame:
    """People seeking work whom nobody has visited within the interval of visits."""
    people = records.seeking
    late = ~(people["last_visit"] >= records.moment - records.days("visit_interval_days"))
    return _people(people[late], "last_visit", "next_visit", "days_waiting")


def old_wishes(records: Records) -> pd.DataFrame:
    """Wishes of people seeking work that are older than their half-life in matching."""
    wishes = records.intentions
    old = wishes["stated_on"] < records.moment - records.days("match_intent_half_life_days")
    rows = wishes[old & wishes["person_id"].isin(records.seeking["id"])]
    return _of_people(records, rows.rename(columns={"stated_on": "since"}), "since")


def unconfirmed_jobs(records: Records) -> pd.DataFrame:
    """Open jobs that nobody has confirmed for too long."""
    jobs = records.facts.jobs[records.facts.jobs["status"] == JobStatus.OPEN]
    confirmed = jobs["confirmed_on"].fillna(jobs["posted_on"])
    old = jobs[confirmed < records.moment - records.days("stale_opening_days")]
    columns = ["job_id", "community_id", "community", "title", "employer", "posted_on", "confirmed_on"]
    return old.rename(columns={"id": "job_id"})[columns]


CHECKS = (
    Check("no_state", Defect.MISSING, N_("State never recorded"), without_state),
    Check("no_phone", Defect.MISSING, N_("No phone number"), _without("phone")),
    Check("no_community", Defect.MISSING, N_("Community unknown"), _without("community_id")),
    Check("no_position", Defect.MISSING, N_("Home not on the map"), _without("lon")),
    Check("no_consent", Defect.MISSING, N_("No consent to the collection of data"), _without("consent_on")),
    Check("no_wishes", Defect.MISSING, N_("Seeking work, never asked for wishes"), without_wishes),
    Check("no_skills", Defect.MISSING, N_("Seeking work, no skill on record"), without_skills),
    Check("closed_plan", Defect.MISSING, N_("Plan closed without a date"), closed_without_date),
    Check("seeking_at_work", Defect.CONTRADICTORY, N_("Seeking work, but a job is still running"), seeking_at_work),
    Check("seeking_on_post", Defect.CONTRADICTORY, N_("Seeking work, but still on a welfare post"), seeking_on_post),
    Check("on_post", Defect.CONTRADICTORY, N_("On a welfare post that is not on record"), on_post_without_post),
    Check("not_visited", Defect.STALE, N_("Seeking work, not visited within the interval"), not_visited),
    Check("old_wishes", Defect.STALE, N_("Wishes older than their half-life"), old_wishes),
    Check("unconfirmed", Defect.STALE, N_("Open jobs not confirmed in time"), unconfirmed_jobs),
)
