"""What every part of the sample shares: calendar, seeded chance, numbers with check digits, the CSV form."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np

from district.headers import HEADERS

SAMPLE_SEED = 20240101
START = date(2024, 1, 1)
END = date(2025, 12, 28)
WEEKS = 104
FESTIVALS = (date(2024, 2, 10), date(2025, 1, 29))
"""Spring Festival of the two years."""
WAGE_RISE = date(2025, 10, 1)
"""Day on which the minimum wage rose from 2,010 to 2,210 yuan a month."""

Row = Mapping[str, object]
T = TypeVar("T")


class _Seed:
    """What chance is drawn from: the sample's own number, or that of another district of a city."""

    value = SAMPLE_SEED


def draw_from(seed: int) -> None:
    """Let ``chance`` give other numbers from now on: those of ``seed``."""
    _Seed.value = seed


def chance(part: int) -> np.random.Generator:
    """A generator of its own for each part of the sample, so that parts can change without moving others."""
    return np.random.default_rng([_Seed.value, part])


def days(count: int | float) -> timedelta:
    """``count`` days, rounded down."""
    return timedelta(days=int(count))


def monday(week: int) -> date:
    """Monday of week 0..103."""
    return START + timedelta(weeks=week)


def week_name(day: date) -> str:
    """ISO week as sheets write it, e.g. 2025-W46."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def festive(day: date) -> bool:
    """Whether ``day`` lies in the ten quiet days around a Spring Festival."""
    return any(-3 <= (day - feast).days <= 9 for feast in FESTIVALS)


def between(rng: np.random.Generator, first: date, last: date) -> date:
    """A day from ``first`` to ``last``, both included; quiet festival days are drawn half as often."""
    span = max(0, (last - first).days)
    day = first + days(rng.integers(0, span + 1))
    return first + days(rng.integers(0, span + 1)) if festive(day) else day


def workday(day: date) -> date:
    """``day`` or the Friday before, when it falls on a weekend."""
    return day - days(max(0, day.weekday() - 4))


def pick(rng: np.random.Generator, options: Sequence[T], weights: Sequence[float] | None = None) -> T:
    """One of ``options``, by ``weights`` when given."""
    if weights is None:
        return options[int(rng.integers(0, len(options)))]
    shares = np.asarray(weights, dtype=float)
    return options[int(rng.choice(len(options), p=shares / shares.sum()))]


def sum_to(values: np.ndarray, total: int, low: int, high: int, rng: np.random.Generator) -> np.ndarray:
    """Integers ``values`` moved by steps of one, within low..high, until they sum to ``total``."""
    values = values.copy()
    while (gap := total - int(values.sum())) != 0:
        step = 1 if gap > 0 else -1
        place = int(rng.integers(0, len(values)))
        if low <= values[place] + step <= high:
            values[place] += step
    return values


def add_years(day: date, years: int) -> date:
    """The same day ``years`` later (28 February for 29 February)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, clipped to the 28th."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, min(day.day, 28))


def age(birth: date, today: date) -> int:
    """Completed years."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def retires_on(birth: date, sex: str) -> date:
    """Statutory retirement: 50 (women workers) or 60 (men), rising step by step from January 2025.

    Women of 50 gain a month for every two months, men of 60 for every four (decision of 13 September 2024).
    """
    base, every = (50, 2) if sex == "女" else (60, 4)
    reached = add_years(birth, base)
    month = (reached.year - 2025) * 12 + reached.month - 1
    return reached if month < 0 else add_months(reached, month // every + 1)


ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def id_number(birth: date, sex: str, serial: int) -> str:
    """An ID number of region 370899, which was never issued, with its MOD 11-2 check character."""
    number = f"370899{birth:%Y%m%d}{(serial * 2 + (sex == '男')) % 1000:03d}"
    total = sum(int(sign) * weight for sign, weight in zip(number, ID_WEIGHTS, strict=True))
    return number + "10X98765432"[total % 11]


def credit_code(serial: int) -> str:
    """A credit code of region 370899 with its check character (GB 32100)."""
    number = f"91370899MA0DEM{serial:03d}"
    total = sum(CREDIT_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(number))
    return number + CREDIT_SIGNS[-total % 31]


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of two (lon, lat) points in a local plane, metres."""
    east = (a[0] - b[0]) * 111_320 * math.cos(math.radians(35.37))
    north = (a[1] - b[1]) * 110_950
    return math.hypot(east, north)


def show(value: object) -> str:
    """How a value stands in a sheet: nothing for None, 是/否, ISO dates, numbers without a useless .0."""
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | np.floating):
        return f"{float(value):.6f}".rstrip("0").rstrip(".")
    return str(value)


def write_sheet(folder: Path, code: str, rows: Iterable[Row]) -> None:
    """Write one sheet, UTF-8 with BOM, columns as in ``HEADERS``; a key without a header is a KeyError."""
    number = list(HEADERS).index(code) + 1
    columns = HEADERS[code]
    with (folder / f"{number:02d}_{code}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            if unknown := set(row) - set(columns):
                raise KeyError(f"{code}: {sorted(unknown)}")
            writer.writerow([show(row.get(column)) for column in columns])
