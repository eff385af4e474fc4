"""Targets of the weekly sheet: a further row only where a week states something else than what is in force."""

from __future__ import annotations

from datetime import date

import pytest

from core.indicators import queries
from core.indicators.targets import target_on
from core.intake.undo import undo_import
from core.store.database import Database
from tests.accesses import administrator
from tests.core.intake.files import NOW, csv_bytes, done, make_communities, moved, planned

HEADER = ("序号", "责任单位", "指标名称", "年度目标", "存在问题", "督办状态", "周次", "督办编号")


def sheet(week: str, target: object, office: str = "荷风社区", **action: str) -> bytes:
    row = [1, office, "新增就业", target, action.get("problem", ""), action.get("status", ""), week]
    return csv_bytes([HEADER, [*row, action.get("code", "")]])


def stored(db: Database) -> list[tuple[float, date]]:
    with db.read() as connection:
        targets = queries.targets(connection).sort_values("valid_from")
    return [(row.value, row.valid_from.date()) for row in targets.itertuples()]


def in_force(db: Database, day: date, community: int | None = 1) -> float | None:
    with db.read() as connection:
        return target_on(queries.targets(connection), "新增就业", day, community)


def test_the_first_target_of_a_year_is_valid_from_its_beginning(any_db: Database) -> None:
    make_communities(any_db)
    done(any_db, sheet("2025-W10", 22))

    assert stored(any_db) == [(22, date(2025, 1, 1))]
    assert in_force(any_db, date(2025, 1, 1)) == 22
    assert in_force(any_db, date(2024, 12, 31)) is None
    assert in_force(any_db, date(2025, 6, 1), community=None) is None


def test_a_later_week_with_another_target_leaves_the_old_one_readable(any_db: Database) -> None:
    make_communities(any_db)
    done(any_db, sheet("2025-W10", 22))
    batch = done(any_db, sheet("2025-W20", 30))

    assert stored(any_db) == [(22, date(2025, 1, 1)), (30, date(2025, 5, 12))]
    assert (in_force(any_db, date(2025, 5, 11)), in_force(any_db, date(2025, 5, 12))) == (22, 30)

    undo_import(any_db, batch, administrator(), NOW, reason="误传")
    assert stored(any_db) == [(22, date(2025, 1, 1))]


@pytest.mark.parametrize(("week", "target"), [("2025-W10", 22), ("2025-W19", 22), ("2025-W20", 30), ("2025-W52", 30)])
def test_a_week_that_states_what_is_in_force_changes_nothing(db: Database, week: str, target: int) -> None:
    make_communities(db)
    done(db, sheet("2025-W10", 22))
    done(db, sheet("2025-W20", 30))

    plan = planned(db, sheet(week, target))

    assert moved(plan) == (0, 0)
    assert plan.operations == ()


def test_a_correction_of_the_same_week_changes_its_target(db: Database) -> None:
    make_communities(db)
    done(db, sheet("2025-W10", 22))
    done(db, sheet("2025-W20", 30))

    plan = planned(db, sheet("2025-W20", 31))
    assert moved(plan) == (0, 1)
    done(db, sheet("2025-W20", 31))

    assert stored(db) == [(22, date(2025, 1, 1)), (31, date(2025, 5, 12))]


def test_the_sunday_says_which_year_a_target_is_of(db: Database) -> None:
    make_communities(db)
    done(db, sheet("2026-W53", 40))  # Monday 28 December 2026 to Sunday 3 January 2027

    assert stored(db) == [(40, date(2027, 1, 1))]


def test_two_weeks_in_one_file_are_two_statements(db: Database) -> None:
    make_communities(db)
    rows = [
        [1, "荷风社区", "新增就业", target, "", "", week, ""] for week, target in (("2025-W20", 30), ("2025-W10", 22))
    ]
    done(db, csv_bytes([HEADER, *rows]))

    assert stored(db) == [(22, date(2025, 1, 1)), (30, date(2025, 5, 12))]


def test_an_action_with_its_number_keeps_the_week_in_which_it_was_raised(db: Database) -> None:
    make_communities(db)
    done(db, sheet("2025-W10", 22, problem="人手不足"))

    again = planned(db, sheet("2025-W20", 22, problem="人手不足", code="2025-W10-01"))
    assert moved(again) == (0, 0)
    done(db, sheet("2025-W20", 22, problem="人手不足", code="2025-W10-01", status="办理中"))

    with db.read() as connection:
        [action] = queries.actions(connection).to_dict("records")
    assert (action["code"], action["raised_on"].date(), action["status"]) == ("2025-W10-01", date(2025, 3, 3), "doing")
