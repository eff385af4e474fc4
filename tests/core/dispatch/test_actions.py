"""The life of an action: raised, handed over, extended, reported on, closed with evidence, reopened; each step is logged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.dispatch import actions, queries
from core.dispatch.action_log import RunningList, action_states
from core.dispatch.actions import ActionRefused, NewAction
from core.indicators.facts import as_of, load
from core.store.commands import Conflict, NotFound
from core.store.database import Database
from core.terms import ActionEventKind, ActionStatus, Light
from tests.accesses import dispatcher
from tests.stores import NOW

TODAY = date(2025, 12, 29)
NEW = NewAction(problem="走访不足", measure="每周增派两人", owner="李明", due_on=TODAY + timedelta(days=7))
WHO: dict[str, Any] = {"actor": dispatcher("王芳"), "at": NOW}


def states(db: Database, today: date = TODAY) -> dict[str, dict[str, Any]]:
    with db.read() as connection:
        table = action_states(load(connection).actions, queries.action_events(connection), today)
    return {row["code"]: row for row in table.to_dict("records")}


def test_an_action_lives_from_raising_to_closing(any_db: Database) -> None:
    code = actions.raise_action(any_db, NEW, today=TODAY, **WHO)
    assert code == "2026-W01-01"
    row = states(any_db)[code]
    assert (row["light"], row["list"], row["weeks_open"]) == (Light.GREEN.value, RunningList.NEW.value, 0)
    key = row["id"]

    later = TODAY + timedelta(days=9)
    assert states(any_db, later)[code]["light"] == Light.RED.value
    assert states(any_db, later)[code]["days_late"] == 2
    assert states(any_db, TODAY + timedelta(days=5))[code]["light"] == Light.YELLOW.value

    actions.assign(any_db, key, "赵敏", today=later, version=row["version"], **WHO)
    actions.comment(any_db, key, "已走访三十户", today=later, version=row["version"] + 1, **WHO)
    due = later + timedelta(days=14)
    actions.extend(any_db, key, due, "人手不足", today=later, version=states(any_db, later)[code]["version"], **WHO)
    row = states(any_db, later)[code]
    assert (row["owner"], row["status"], row["extensions"]) == ("赵敏", ActionStatus.DOING, 1)
    assert (row["due_on"].date(), row["first_due_on"].date(), row["weeks_open"]) == (due, NEW.due_on, 1)
    assert row["list"] == RunningList.UNDER_WAY.value

    actions.close(any_db, key, "走访台账第12页", today=later, version=row["version"], **WHO)
    row = states(any_db, later)[code]
    assert (row["status"], row["evidence"], row["list"]) == (
        ActionStatus.CLOSED,
        "走访台账第12页",
        RunningList.CLOSED.value,
    )
    assert states(any_db, later + timedelta(days=8))[code]["list"] == ""

    actions.reopen(any_db, key, "仍有遗漏", today=later, version=row["version"], **WHO)
    assert states(any_db, later)[code]["status"] == ActionStatus.DOING
    with any_db.read() as connection:
        kinds = list(queries.action_events(connection)["kind"])
    order = "RAISED ASSIGNED COMMENTED EXTENDED CLOSED REOPENED"
    assert kinds == [ActionEventKind[name].value for name in order.split()]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"problem": "  "}, "problem"),
        ({"owner": ""}, "owner"),
        ({"due_on": TODAY - timedelta(days=1)}, "due"),
    ],
)
def test_an_action_without_problem_owner_or_date_ahead_is_refused(
    db: Database, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ActionRefused) as refusal:
        actions.raise_action(db, replace(NEW, **change), today=TODAY, **WHO)
    assert refusal.value.reason == reason
    assert states(db) == {}


def test_steps_that_make_no_sense_are_refused_and_leave_no_trace(db: Database) -> None:
    code = actions.raise_action(db, NEW, today=TODAY, **WHO)
    row = states(db)[code]
    key, version = row["id"], row["version"]
    refused: list[tuple[str, Callable[[], None]]] = [
        ("due", lambda: actions.extend(db, key, NEW.due_on, "x", today=TODAY, version=version, **WHO)),
        ("text", lambda: actions.extend(db, key, TODAY + timedelta(30), " ", today=TODAY, version=version, **WHO)),
        ("text", lambda: actions.close(db, key, "", today=TODAY, version=version, **WHO)),
        ("owner", lambda: actions.assign(db, key, " ", today=TODAY, version=version, **WHO)),
        ("open", lambda: actions.reopen(db, key, "x", today=TODAY, version=version, **WHO)),
    ]
    for reason, step in refused:
        with pytest.raises(ActionRefused) as refusal:
            step()
        assert refusal.value.reason == reason
    with pytest.raises(NotFound):
        actions.close(db, 999, "x", today=TODAY, version=1, **WHO)
    actions.close(db, key, "x", today=TODAY, version=version, **WHO)
    with pytest.raises(ActionRefused, match="closed"):
        actions.comment(db, key, "x", today=TODAY, version=version + 1, **WHO)
    with db.read() as connection:
        assert len(queries.action_events(connection)) == 2


def test_a_step_on_what_somebody_changed_meanwhile_is_a_conflict(db: Database) -> None:
    code = actions.raise_action(db, NEW, today=TODAY, **WHO)
    row = states(db)[code]
    actions.assign(db, row["id"], "赵敏", today=TODAY, version=row["version"], **WHO)
    with pytest.raises(Conflict):
        actions.assign(db, row["id"], "李明", today=TODAY, version=row["version"], **WHO)


def test_numbers_go_on_after_those_of_an_import(sample_copy: Database) -> None:
    sunday = date(2025, 12, 28)
    code = actions.raise_action(sample_copy, replace(NEW, due_on=sunday), today=sunday, **WHO)
    assert int(code.rpartition("-")[2]) > max(
        int(c.rpartition("-")[2]) for c in states(sample_copy) if c.startswith("2025-W52-") and c != code
    )


def test_the_log_is_append_only(any_db: Database) -> None:
    actions.raise_action(any_db, NEW, today=TODAY, **WHO)
    for statement in ("UPDATE action_event SET text = 'x'", "DELETE FROM action_event"):
        with pytest.raises(DBAPIError, match="append-only"), any_db.engine.begin() as connection:
            connection.execute(text(statement))


def test_what_was_closed_later_was_open_on_a_day_before(sample_db: Database) -> None:
    with sample_db.read() as connection:
        facts = load(connection)
    day = date(2025, 12, 1)
    then = as_of(facts, day).actions
    now = facts.actions
    closed_later = now[(now["raised_on"] <= "2025-12-01") & (now["closed_on"] > "2025-12-01")]
    assert len(closed_later)
    assert (then.loc[then["id"].isin(closed_later["id"]), "status"] != ActionStatus.CLOSED).all()
    assert not (then["raised_on"] > "2025-12-01").any()
