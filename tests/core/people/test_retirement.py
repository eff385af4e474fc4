"""The day of retirement, against the tables that accompany the decision of 13 September 2024."""

from __future__ import annotations

from datetime import date

import pytest

from core.people.retirement import retirement_day, schedule
from core.store import settings
from core.store.database import Database
from tests.core.factories import TODAY

LAW = [
    ("men", date(1964, 12, 5), date(2024, 12, 5)),  # before the rise
    ("men", date(1965, 1, 20), date(2025, 2, 20)),  # the first month later
    ("men", date(1965, 5, 1), date(2025, 7, 1)),
    ("men", date(1976, 8, 15), date(2039, 7, 15)),
    ("men", date(1976, 9, 15), date(2039, 9, 15)),  # 63
    ("men", date(1990, 1, 31), date(2053, 1, 31)),
    ("worker", date(1975, 1, 31), date(2025, 2, 28)),
    ("worker", date(1975, 3, 5), date(2025, 5, 5)),
    ("worker", date(1984, 11, 5), date(2039, 11, 5)),  # 55
    ("staff", date(1970, 1, 31), date(2025, 2, 28)),
    ("staff", date(1981, 9, 5), date(2039, 9, 5)),  # 58
]


def test_the_day_of_retirement_follows_the_steps_of_the_law(db: Database) -> None:
    with db.read() as connection:
        parameters = settings.parameters(connection)

    assert [retirement_day(born, schedule(parameters, group, TODAY)) for group, born, _ in LAW] == [d for *_, d in LAW]


@pytest.mark.parametrize("group", ["men", "worker", "staff"])
def test_before_the_steps_were_in_force_the_old_age_counts(db: Database, group: str) -> None:
    with db.read() as connection:
        own = schedule(settings.parameters(connection), group, date(2024, 12, 31))

    assert retirement_day(date(1980, 2, 29), own) == date(1980 + own.age, 2, 28 if own.age % 4 else 29)
