"""The monitored figures of the enterprises at each review, computed by the app's own functions from the sample's own sheets."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from core.enterprises.loading import load
from core.enterprises.monitoring import monitoring_on
from core.intake.seed import seed_sample
from core.policy import system_access
from core.store import settings
from core.store.database import Database
from core.store.migrate import migrate
from core.terms import Pillar

__all__ = ["Monitored", "imported", "monitored"]

Monitored = dict[tuple[str, date], dict[Pillar, float | None]]
"""(enterprise, day of review) → value of each pillar, 0..1; None: not computable from the rows of that day."""


@contextmanager
def imported(folder: Path) -> Iterator[Database]:
    """The sheets in ``folder`` in a store of their own, which is removed afterwards."""
    with tempfile.TemporaryDirectory() as place:
        db = Database(f"sqlite:///{place}/sample.db", key=bytes(32))
        migrate(db)
        seed_sample(db, folder, actor=system_access("演示数据"), at=datetime(2025, 12, 28, tzinfo=UTC))
        yield db
        db.dispose()


def monitored(folder: Path, days: tuple[date, ...]) -> Monitored:
    """Import the sheets in ``folder`` into a store of its own and monitor every enterprise on ``days``."""
    with imported(folder) as db, db.read() as connection:
        ledger, parameters = load(connection, max(days)), settings.parameters(connection)
    names = {int(row.id): str(row.name) for row in ledger.enterprises.itertuples(index=False)}
    return {
        (names[key], day): figures.pillars
        for day in days
        for key, figures in monitoring_on(ledger, parameters, day).items()
    }
