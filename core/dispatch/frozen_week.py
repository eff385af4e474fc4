"""The figures of one dispatch week as plain JSON data, and the seal that shows when any of it was changed.

    content = frozen_content(facts, measured, parameters, as_of, previous)        # a dict of plain JSON values
    seal = seal_of(header, content)                                     # SHA-256 in hexadecimal

Content and seal depend on their arguments alone: the same rows give the same bytes on SQLite and PostgreSQL.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import pandas as pd

from core.indicators import dated_counts
from core.indicators.facts import Facts
from core.indicators.lights import light_of, year_share
from core.indicators.registry import Measured
from core.store.settings import parameter
from core.terms import Light

__all__ = [
    "FACT_COLUMNS",
    "UnitType",
    "canonical",
    "fact_table",
    "frozen_content",
    "key_of_rows",
    "last_sunday",
    "min_count_outside",
    "row_keys",
    "seal_of",
    "week_end",
    "week_of",
]

WEEK = re.compile(r"(\d{4})-W(\d{2})")
BEFORE_FROZEN = 5  # the smallest count that leaves the bureau, of weeks that were frozen without it


class UnitType(StrEnum):
    """What a frozen figure speaks of; the value is the column of a membership frame that splits by it."""

    DISTRICT = "district"
    COMMUNITY = "community_id"
    EMPLOYER = "employer_id"
    WORKSHOP = "workshop_id"


# One row of the frozen table: an indicator of a unit. ``unit`` is the id of the row it speaks of, 0 for the district;
# ``caught_up`` marks an item that was behind the week before and is not any more: its light stays yellow for that week.
FACT_COLUMNS = ("indicator", "unit_type", "unit", "numerator", "denominator", "value", "target", "light", "caught_up")


def week_of(day: date) -> str:
    """The ISO week that ``day`` lies in: '2025-W52'."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def last_sunday(today: date) -> date:
    """The end of the last week that has ended by ``today``, which may be a Sunday itself."""
    return today - timedelta(days=today.isoweekday() % 7)


def week_end(iso_week: str) -> date:
    """The Sunday that ends ``iso_week``. ValueError for a text that is not a week of the calendar."""
    match = WEEK.fullmatch(iso_week)
    if match is None:
        raise ValueError(f"{iso_week!r} is not a week such as 2025-W52")
    return date.fromisocalendar(int(match[1]), int(match[2]), 7)


def frozen_content(
    facts: Facts,
    measured: Mapping[str, Measured],
    parameters: pd.DataFrame,
    as_of: date,
    previous: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Every indicator by district, community, employer and workshop on ``as_of``, with the keys of the rows counted.

    ``measured``: ``registry.measure_all`` on that day. ``previous`` is the content of the week before: an indicator that was behind and has caught up stays yellow for one
    week. Returns ``facts`` (rows in the order of FACT_COLUMNS), ``rows`` (indicator → side → keys of the counted rows,
    in order; ids and codes only, no personal data), ``names`` (unit type → id → name of that day) and
    ``small_count_outside``, the smallest count of people that documents of the week may show.
    """
    behind = set() if previous is None else _behind(previous)
    facts_out: list[list[Any]] = []
    rows: dict[str, dict[str, list[str]]] = {}
    for code, result in measured.items():
        facts_out.extend(_facts(result, parameters, behind))
        rows[code] = {
            "numerator": row_keys(dated_counts.rows_on(result.numerator_rows, as_of)),
            "denominator": row_keys(dated_counts.rows_on(result.denominator_rows, as_of)),
        }
    names = {
        UnitType.COMMUNITY.value: _names(facts.communities),
        UnitType.EMPLOYER.value: _names(facts.employers),
        UnitType.WORKSHOP.value: _names(facts.workshops),
    }
    return {
        "facts": facts_out,
        "rows": rows,
        "names": names,
        "small_count_outside": round(parameter(parameters, "small_count_outside", as_of)),
    }


def min_count_outside(content: Mapping[str, Any]) -> int:
    """The smallest count of people that documents of a frozen week may show: the parameter as it was that week."""
    return int(content.get("small_count_outside", BEFORE_FROZEN))


def fact_table(content: Mapping[str, Any]) -> pd.DataFrame:
    """The frozen facts of ``content`` as a frame with FACT_COLUMNS; value and target are NaN where there is none."""
    table = pd.DataFrame(content["facts"], columns=list(FACT_COLUMNS))
    return table.astype(
        {"unit": "int64", "numerator": "int64", "denominator": "int64", "value": float, "target": float}
    )


# What names a row of a membership frame, most specific first.
ROW_KEYS: tuple[tuple[str, ...], ...] = (
    ("post_id",),
    ("placement_id",),
    ("person_id", "skill"),
    ("person_id", "employer_id"),
    ("person_id",),
    ("code",),
    ("workshop",),
    ("name", "held_on"),
)


def row_keys(rows: pd.DataFrame) -> list[str]:
    """A key for each row of a membership frame, sorted: '17', '17/S03' … A head count above one is appended: 'P7×3'."""
    return [] if rows.empty else sorted(key_of_rows(rows))


def key_of_rows(rows: pd.DataFrame) -> pd.Series:
    """The keys of ``row_keys`` in the order of the rows, with their index."""
    columns = next(columns for columns in ROW_KEYS if set(columns) <= set(rows.columns))
    keys = rows[columns[0]].astype(str)
    for column in columns[1:]:
        keys = keys + "/" + rows[column].astype(str)
    counts = rows["n"].astype("int64")
    return keys.where(counts == 1, keys + "×" + counts.astype(str))


def canonical(content: Any) -> bytes:
    """``content`` as JSON in one spelling: sorted keys, no spaces, UTF-8, shortest floats, no NaN (ValueError)."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def seal_of(header: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """SHA-256 over ``header`` (week, revision, who, when, the seal before …) and ``content``, in hexadecimal."""
    return hashlib.sha256(canonical({"header": dict(header), "content": dict(content)})).hexdigest()


def _facts(measured: Measured, parameters: pd.DataFrame, behind: Collection[str]) -> list[list[Any]]:
    """Rows of FACT_COLUMNS for one indicator. Only the district has a target, and so a light."""
    code, target = measured.indicator.code, measured.target
    light, caught_up = None, False
    if target and measured.value is not None:
        computed = light_of(
            measured.value / target,
            year_share(measured.today),
            yellow=parameter(parameters, "light_yellow_points", measured.today),
            red=parameter(parameters, "light_red_points", measured.today),
        )
        caught_up = computed is Light.GREEN and code in behind
        light = (Light.YELLOW if caught_up else computed).value
    counts = [measured.numerator, measured.denominator, measured.value]
    district = [code, UnitType.DISTRICT.value, 0, *counts, target, light, caught_up]
    return [district, *(row for split in list(UnitType)[1:] for row in _split(measured, split))]


def _split(measured: Measured, split: UnitType) -> list[list[Any]]:
    """Rows of one split; none where either side of the indicator does not know it."""
    column = split.value
    sides = (measured.numerator_rows, measured.denominator_rows)
    if any(column not in side.columns for side in sides):
        return []
    top, bottom = (dated_counts.rows_on(side, measured.today).groupby(column)["n"].sum() for side in sides)
    units = sorted({int(unit) for unit in [*top.index, *bottom.index]})
    rows: list[list[Any]] = []
    for unit in units:
        numerator, denominator = int(top.get(unit, 0)), int(bottom.get(unit, 0))
        value = numerator / denominator if denominator else None
        rows.append([measured.indicator.code, column, unit, numerator, denominator, value, None, None, False])
    return rows


def _behind(content: Mapping[str, Any]) -> set[str]:
    """Indicators of the district that missed their target in a frozen week."""
    table = fact_table(content)
    late = table["light"].isin([Light.YELLOW.value, Light.RED.value]) & ~table["caught_up"]
    return set(table.loc[late, "indicator"])


def _names(table: pd.DataFrame) -> dict[str, str]:
    return {str(key): str(name) for key, name in zip(table["id"], table["name"], strict=True)}
