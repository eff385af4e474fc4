"""The exit radar on placements made for it: each condition at its limit, what is unknown, and the record of the past."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.indicators import queries as indicator_queries
from core.jobs import queries as jobs_queries
from core.store import settings
from core.store.database import Database
from core.tasks import queries
from core.tasks.exit_radar import CONDITIONS, RadarFacts, evaluate, track_record
from core.terms import Channel, JobForm

DAY = date(2025, 12, 1)
START = {
    "id": 1,
    "person_id": 9,
    "started_on": "2025-06-01",
    "ended_on": None,
    "channel": Channel.OTHER.value,
    "workshop_id": None,
    "form": JobForm.FULL_TIME.value,
    "monthly_pay": 3000.0,
    "weekly_hours": None,
}
IN_SHOP = START | {"channel": Channel.WORKSHOP.value, "workshop_id": 5}


@pytest.fixture(scope="module")
def parameters(sample_db: Database) -> pd.DataFrame:
    with sample_db.read() as connection:
        return settings.parameters(connection)


def call(
    n: int, on: str, pay: float | None = None, hours: float | None = None, result: str = "in_work"
) -> dict[str, Any]:
    return {"id": n, "placement_id": 1, "followed_on": on, "result": result, "monthly_pay": pay, "weekly_hours": hours}


def facts(
    placement: dict[str, Any],
    calls: list[dict[str, Any]] = [],  # noqa: B006  (never changed)
    difficulties: list[int] = [],  # noqa: B006
    weeks: list[tuple[str, float]] = [],  # noqa: B006
    orders: list[tuple[str, str | None]] = [],  # noqa: B006
) -> RadarFacts:
    def frame(rows: list[dict[str, Any]], dates: list[str], columns: list[str]) -> pd.DataFrame:
        table = pd.DataFrame(rows, columns=columns)
        for column in columns:
            if column in dates:
                table[column] = pd.to_datetime(table[column]).astype("datetime64[s]")
            elif column not in ("result", "channel", "form", "kind"):
                table[column] = table[column].astype("float64")
        return table

    return RadarFacts(
        placements=frame([placement], ["started_on", "ended_on"], list(START)),
        follow_ups=frame(calls, ["followed_on"], list(call(0, ""))),
        difficulties=pd.DataFrame({"follow_up_id": difficulties, "kind": ["pay"] * len(difficulties)}),
        weeks=frame(
            [{"workshop_id": 5, "week": week, "on_roll": 10, "hours": hours} for week, hours in weeks],
            ["week"],
            ["workshop_id", "week", "on_roll", "hours"],
        ),
        orders=frame(
            [{"workshop_id": 5, "received_on": on, "closed_on": closed} for on, closed in orders],
            ["received_on", "closed_on"],
            ["workshop_id", "received_on", "closed_on"],
        ),
    )


def marks(radar_facts: RadarFacts, parameters: pd.DataFrame, day: date = DAY) -> dict[str, bool | None]:
    row = evaluate(radar_facts, parameters, day).iloc[0]
    return {c.code: None if pd.isna(row[c.code]) else bool(row[c.code]) for c in CONDITIONS}


MONDAYS = [str(d.date()) for d in pd.date_range("2025-08-25", periods=13, freq="7D")]  # the last ends on 23 November


@pytest.mark.parametrize(
    ("radar_facts", "expected"),
    [
        (
            facts(START),
            {"hours_cut": None, "pay_fallen": None, "below_floor": False, "difficulty": None, "unreached": None},
        ),
        (
            facts(START, [call(1, "2025-11-20", 2700.0, 32.0)]),
            {"pay_fallen": None, "hours_cut": None, "difficulty": False},
        ),
        (
            facts(START, [call(1, "2025-09-01", 3000.0, 40.0), call(2, "2025-11-20", 2700.0, 32.0)]),
            {"pay_fallen": True, "hours_cut": True, "below_floor": False},
        ),
        (
            facts(START, [call(1, "2025-09-01", 3000.0, 40.0), call(2, "2025-11-20", 2701.0, 32.1)]),
            {"pay_fallen": False, "hours_cut": False},
        ),
        (facts(START | {"weekly_hours": 40.0}, [call(1, "2025-11-20", None, 32.0)]), {"hours_cut": True}),
        (facts(START, [call(1, "2025-11-20", 2209.0)]), {"below_floor": True}),
        (facts(START | {"form": "part_time", "monthly_pay": 1000.0}), {"below_floor": None}),
        (facts(START | {"form": "part_time", "monthly_pay": 1000.0, "weekly_hours": 10.0}), {"below_floor": False}),
        (facts(START | {"form": "part_time", "monthly_pay": 900.0, "weekly_hours": 10.0}), {"below_floor": True}),
        (facts(START | {"channel": "self_employed", "monthly_pay": 100.0}), {"below_floor": False}),
        (facts(START, [call(1, "2025-11-20")], difficulties=[1]), {"difficulty": True, "unreached": False}),
        (facts(START, [call(1, "2025-10-01")], difficulties=[1]), {"difficulty": None}),  # too long ago
        (facts(START, [call(1, "2025-11-20", result="unreachable")]), {"unreached": True, "difficulty": None}),
        (facts(START), {"attendance": False, "no_order": False}),  # not a workshop
        (facts(IN_SHOP), {"attendance": None, "no_order": True}),
        (facts(IN_SHOP, orders=[("2025-11-30", None)]), {"no_order": False}),
        (facts(IN_SHOP, orders=[("2025-10-30", "2025-12-01")]), {"no_order": True}),
        (facts(IN_SHOP, weeks=[(w, 80.0 if n >= 9 else 100.0) for n, w in enumerate(MONDAYS)]), {"attendance": True}),
        (facts(IN_SHOP, weeks=[(w, 81.0 if n >= 9 else 100.0) for n, w in enumerate(MONDAYS)]), {"attendance": False}),
    ],
)
def test_a_condition_holds_at_its_limit_fails_below_it_and_is_unknown_without_facts(
    radar_facts: RadarFacts, expected: dict[str, bool | None], parameters: pd.DataFrame
) -> None:
    marked = marks(radar_facts, parameters)

    assert {code: marked[code] for code in expected} == expected


def test_nothing_later_than_the_day_is_used(parameters: pd.DataFrame) -> None:
    later = facts(START, [call(1, "2025-09-01", 3000.0, 40.0), call(2, "2025-12-02", 1000.0, 10.0)], difficulties=[2])

    assert not any(marks(later, parameters).values())
    assert marks(later, parameters, date(2025, 12, 2))["pay_fallen"] is True


@pytest.fixture(scope="module")
def district(sample_db: Database) -> RadarFacts:
    with sample_db.read() as connection:
        return RadarFacts(
            placements=jobs_queries.placements(connection),
            follow_ups=queries.follow_ups(connection),
            difficulties=queries.difficulties(connection),
            weeks=indicator_queries.workshop_weeks(connection),
            orders=queries.orders(connection),
        )


def test_the_record_is_the_count_of_months_by_hand(district: RadarFacts, parameters: pd.DataFrame) -> None:
    today = date(2025, 12, 28)
    record = track_record(district, parameters, today, months=3)
    assert record is not None

    counts = {True: [0, 0], False: [0, 0]}
    ends = dict(zip(district.placements["id"], district.placements["ended_on"], strict=True))
    for day in (date(2025, 11, 1), date(2025, 10, 1), date(2025, 9, 1)):
        for row in evaluate(district, parameters, day, today).itertuples():
            end = ends[row.id]
            counts[bool(row.is_on)][0] += int(pd.notna(end) and (end.date() - day).days <= 30)
            counts[bool(row.is_on)][1] += 1

    assert [record.on_radar.n, record.on_radar.of] == counts[True]
    assert [record.others.n, record.others.of] == counts[False]
    assert (record.first, record.last) == (date(2025, 9, 1), date(2025, 11, 1))
    assert all(0 <= share.n <= share.of for share in record.held.values())
    low, high = record.on_radar.interval
    assert low <= record.on_radar.rate <= high


def test_an_empty_district_has_no_record(district: RadarFacts, parameters: pd.DataFrame) -> None:
    empty = RadarFacts(**{name: frame.iloc[:0] for name, frame in vars(district).items()})

    assert evaluate(empty, parameters, DAY).empty
    assert track_record(empty, parameters, DAY) is None
    assert np.isfinite(evaluate(district, parameters, DAY)["holding"]).all()
