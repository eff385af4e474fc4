"""Each kind of due work on people made for it: the day before it is due, the day itself, and once it is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.indicators import facts as indicator_facts
from core.store import settings
from core.store.database import Database
from core.tasks import facts as task_facts
from core.tasks.due import compute_due, counts
from core.tasks.facts import TaskFacts
from core.tasks.kinds import COLUMNS, KINDS
from core.terms import (
    Channel,
    EnrolmentResult,
    FollowUpResult,
    JobStatus,
    PersonState,
    PlanStatus,
    ReferralState,
)

TODAY = date(2025, 12, 28)


@pytest.fixture(scope="module")
def parameters(sample_db: Database) -> pd.DataFrame:
    with sample_db.read() as connection:
        return settings.parameters(connection)


@pytest.fixture(scope="module")
def district(sample_db: Database) -> TaskFacts:
    with sample_db.read() as connection:
        return task_facts.load(connection, indicator_facts.load(connection))


@pytest.fixture(scope="module")
def blank(district: TaskFacts) -> TaskFacts:
    """The same frames without a row."""
    frames = {name: frame.iloc[:0] for name, frame in vars(district.facts).items()}
    own = {name: frame.iloc[:0] for name, frame in vars(district).items() if name != "facts"}
    return TaskFacts(facts=replace(district.facts, **frames), **own)


def table(like: pd.DataFrame, *rows: dict[str, object]) -> pd.DataFrame:
    """``rows`` with the columns and types of ``like``; what is not given is missing."""
    columns = {}
    for column, dtype in like.dtypes.items():
        values = pd.Series([row.get(str(column)) for row in rows], dtype=object)
        columns[column] = (pd.to_datetime(values) if str(dtype).startswith("datetime64") else values).astype(dtype)
    return pd.DataFrame(columns)


def given(blank: TaskFacts, **rows: list[dict[str, object]]) -> TaskFacts:
    """Frames with these rows, by name, wherever the frame lives."""
    base = {name: table(getattr(blank.facts, name), *own) for name, own in rows.items() if hasattr(blank.facts, name)}
    own = {name: table(getattr(blank, name), *own) for name, own in rows.items() if not hasattr(blank.facts, name)}
    return replace(blank, facts=replace(blank.facts, **base), **own)


def kinds_due(facts: TaskFacts, parameters: pd.DataFrame, day: date = TODAY) -> dict[str, str]:
    due = compute_due(facts, parameters, day)
    return dict(zip(due["kind"], due["since"].dt.date.astype("str"), strict=True))


SEEKER = {
    "people": [{"id": 1, "name": "甲", "community_id": 7}],
    "states": [{"person_id": 1, "since": "2025-12-20", "state": PersonState.SEEKING.value}],
    "consents": [{"person_id": 1, "consent_on": "2025-12-20"}],
    "intentions": [{"person_id": 1, "stated_on": "2025-12-20"}],
    "visits": [{"id": 1, "person_id": 1, "visited_on": "2025-12-20"}],
}
LIVE_PLAN = {"id": 5, "person_id": 1, "made_on": "2025-12-20", "status": PlanStatus.LIVE.value, "owner": "李明"}
STEP = {"id": 9, "plan_id": 5, "person_id": 1, "step": 1, "text": "剪纸课", "due_on": "2026-01-10"}
REFERRAL = {
    "id": 3,
    "person_id": 1,
    "job_id": 4,
    "state": ReferralState.RECOMMENDED.value,
    "recommended_on": "2025-12-21",
    "staff": "王芳",
}
START = {"id": 6, "person_id": 1, "started_on": "2025-09-29", "channel": Channel.OTHER.value}
CALL = {"id": 1, "placement_id": 6, "result": FollowUpResult.IN_WORK.value}


def test_somebody_who_is_cared_for_owes_nothing(blank: TaskFacts, parameters: pd.DataFrame) -> None:
    facts = given(blank, **SEEKER, plans=[LIVE_PLAN], measures=[STEP])

    assert kinds_due(facts, parameters) == {}


@pytest.mark.parametrize(
    ("rows", "kind", "since"),
    [
        (
            {"visits": [{"person_id": 1, "visited_on": "2025-12-01", "next_on": "2025-12-27"}]},
            "agreed_visits",
            "2025-12-27",
        ),
        ({"visits": [{"person_id": 1, "visited_on": "2025-11-20"}]}, "visit_round", "2025-12-21"),
        (
            {"visits": [], "states": [{"person_id": 1, "since": "2025-11-26", "state": PersonState.SEEKING.value}]},
            "never_visited",
            "2025-12-27",
        ),
        ({"measures": [STEP | {"due_on": "2025-12-27"}]}, "overdue_steps", "2025-12-27"),
        ({"plans": [LIVE_PLAN | {"review_on": "2025-12-27"}]}, "plan_reviews", "2025-12-27"),
        ({"measures": []}, "idle_plans", "2025-12-20"),
        ({"measures": [STEP | {"done_on": "2025-12-24"}]}, "idle_plans", "2025-12-24"),
        ({"intentions": [{"person_id": 1, "stated_on": "2025-06-30"}]}, "stale_portraits", "2025-12-27"),
        ({"consents": [{"person_id": 1, "entered_pool_on": "2025-12-19"}]}, "missing_consents", "2025-12-19"),
        (
            {"consents": [{"person_id": 1, "consent_on": "2025-12-20", "consent_withdrawn_on": "2025-12-22"}]},
            "missing_consents",
            "2025-12-22",
        ),
        (
            {"hardships": [{"id": 2, "person_id": 1, "kind": "elder", "until": "2026-01-26"}]},
            "expiring_hardships",
            "2025-12-27",
        ),
        ({"referrals": [REFERRAL | {"state_since": "2025-12-20"}]}, "unanswered_referrals", "2025-12-27"),
        ({"placements": [START]}, "follow_ups", "2025-12-28"),
        (
            {
                "enrolments": [
                    {
                        "id": 1,
                        "person_id": 1,
                        "session_id": 8,
                        "ends_on": "2025-12-20",
                        "result": EnrolmentResult.ENROLLED.value,
                    }
                ]
            },
            "unrecorded_sessions",
            "2025-12-27",
        ),
        (
            {
                "jobs": [
                    {"id": 4, "status": JobStatus.OPEN.value, "confirmed_on": "2025-09-28", "posted_on": "2025-01-01"}
                ]
            },
            "stale_openings",
            "2025-12-27",
        ),
    ],
)
def test_one_day_late_is_due_and_the_day_before_is_not(
    blank: TaskFacts, parameters: pd.DataFrame, rows: dict[str, list[dict[str, object]]], kind: str, since: str
) -> None:
    base = SEEKER | {"plans": [LIVE_PLAN], "measures": [STEP]}
    facts = given(blank, **(base | rows))

    assert kinds_due(facts, parameters) == {kind: since}
    day_before = date.fromisoformat(since)
    if kind not in ("idle_plans", "missing_consents", "follow_ups"):  # due from that day on, not after it
        assert kind not in kinds_due(facts, parameters, day_before)


def test_follow_ups_end_by_themselves(blank: TaskFacts, parameters: pd.DataFrame) -> None:
    def due(*calls: str, day: date, **ended: str) -> dict[str, str]:
        rows = [CALL | {"id": n, "followed_on": call} for n, call in enumerate(calls)]
        facts = given(blank, placements=[START | ended], follow_ups=rows)
        return kinds_due(facts, parameters, day)

    assert due(day=date(2025, 10, 28)) == {}
    assert due(day=date(2025, 10, 29)) == {"follow_ups": "2025-10-29"}
    assert due("2025-10-30", day=date(2025, 12, 27)) == {}
    assert due("2025-10-30", day=date(2025, 12, 28)) == {"follow_ups": "2025-12-28"}  # 90 days
    assert due("2025-12-30", day=date(2026, 3, 27)) == {}
    assert due("2025-12-30", day=date(2026, 3, 28)) == {"follow_ups": "2026-03-28"}  # 180 days, the last one
    assert due("2026-03-28", day=date(2030, 1, 1)) == {}
    assert due(day=date(2026, 3, 28), ended_on="2026-02-01") == {}


def test_a_call_in_vain_is_tried_again_after_a_week_and_not_for_ever(
    blank: TaskFacts, parameters: pd.DataFrame
) -> None:
    def due(*calls: str, day: date, reached: str = "") -> dict[str, str]:
        vain = CALL | {"result": FollowUpResult.UNREACHABLE.value}
        rows = [vain | {"id": n, "followed_on": call} for n, call in enumerate(calls)]
        rows += [CALL | {"id": 99, "followed_on": reached}] if reached else []
        return kinds_due(given(blank, placements=[START], follow_ups=rows), parameters, day)

    assert due("2025-10-29", day=date(2025, 11, 4)) == {}
    assert due("2025-10-29", day=date(2025, 11, 5)) == {"follow_ups": "2025-11-05"}
    assert due("2025-10-29", "2025-11-06", "2025-11-14", day=date(2025, 12, 1)) == {}  # three times, then it rests
    assert due("2025-10-29", "2025-11-06", "2025-11-14", day=date(2025, 12, 28)) == {"follow_ups": "2025-12-28"}
    assert due("2025-10-29", day=date(2025, 12, 1), reached="2025-11-06") == {}


def test_the_owner_is_who_recommended_else_who_holds_the_plan(blank: TaskFacts, parameters: pd.DataFrame) -> None:
    rows = SEEKER | {"plans": [LIVE_PLAN], "measures": [], "referrals": [REFERRAL | {"state_since": "2025-12-01"}]}
    due = compute_due(given(blank, **rows), parameters, TODAY).set_index("kind")

    assert due.loc["unanswered_referrals", "owner"] == "王芳"
    assert due.loc["idle_plans", "owner"] == "李明"
    assert set(due["community_id"]) == {7}


def test_the_list_is_the_kinds_and_nothing_else(district: TaskFacts, parameters: pd.DataFrame) -> None:
    due = compute_due(district, parameters, TODAY)
    table = counts(due).set_index("kind")

    assert len(due) == table["tasks"].sum() > 300
    for kind in KINDS:
        rows = kind.rows(district, parameters, TODAY)
        assert list(rows.columns) == COLUMNS
        assert len(rows) == table.loc[kind.code, "tasks"]
        assert rows["key"].is_unique
        assert rows["since"].notna().all()
    assert due["days"].is_monotonic_decreasing
    assert (due["days"] >= 0).all()


def test_open_actions_are_counted_by_who_owns_them(district: TaskFacts) -> None:
    from core.indicators.attention import open_actions, overdue_actions

    counted = open_actions(district.facts, TODAY)
    late = overdue_actions(district.facts, pd.DataFrame(), TODAY)

    assert sum(number for _, number in counted.values()) == late["owner"].notna().sum()
    for owner, (number, _) in counted.items():
        actions = district.facts.actions
        assert number == ((actions["owner"] == owner) & (actions["status"] != "closed")).sum()
