"""The sample district on PostgreSQL is the same district: as many rows, the same figures."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from core.indicators import facts
from core.indicators.article import FIGURES
from core.indicators.registry import INDICATORS, measure
from core.store.database import Database
from core.store.schema import AuditEvent, Person, PersonStateSpell, Visit

TODAY = date(2025, 12, 28)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("table", [Person, PersonStateSpell, Visit, AuditEvent])
def test_the_sample_loads_into_postgresql_alike(postgres_sample: Database, sample_db: Database, table: type) -> None:
    counts = []
    for store in (postgres_sample, sample_db):
        with store.read() as connection:
            counts.append(connection.execute(select(func.count()).select_from(table)).scalar_one())

    assert counts[0] == counts[1] > 0


def test_figures_are_the_same_on_postgresql(postgres_sample: Database, sample_db: Database) -> None:
    with sample_db.read() as ours, postgres_sample.read() as theirs:
        sqlite, postgresql = facts.load(ours), facts.load(theirs)

    for figure in FIGURES:
        for part in figure.parts:
            assert part.value(part.rows(postgresql, TODAY), postgresql, TODAY) == pytest.approx(
                part.value(part.rows(sqlite, TODAY), sqlite, TODAY)
            )
    for code in INDICATORS:
        assert measure(postgresql, code, TODAY).value == measure(sqlite, code, TODAY).value
