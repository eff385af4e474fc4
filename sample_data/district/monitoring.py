"""The monitored figures of the enterprises at each review, computed by the app's own functions from the sample's own sheets."""

from __future__ import annotations

import shutil
import tempfile
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

__all__ = ["Monitored", "monitored"]

Monitored = dict[tuple[str, date], dict[Pillar, float | None]]
"""(enterprise, day of review) → value of each pillar, 0..1; None: not computable from the rows of that day."""

# A third of all rows, none of which is monitored: one row of each is enough for the import, which wants every sheet.
NOT_MONITORED = ("skills", "experience", "plans", "dispatch", "team_meetings")


def monitored(folder: Path, days: tuple[date, ...]) -> Monitored:
    """Import the sheets in ``folder`` into a store of its own and monitor every enterprise on ``days``."""
    with tempfile.TemporaryDirectory() as place:
        sheets = Path(place) / "sheets"
        shutil.copytree(folder, sheets, ignore=shutil.ignore_patterns("*.py", "pictures", "district"))
        for path in sheets.glob("*.csv"):
            if path.stem.partition("_")[2] in NOT_MONITORED:
                header, first = path.read_bytes().splitlines(keepends=True)[:2]
                path.write_bytes(header + first)
        db = Database(f"sqlite:///{place}/sample.db", key=bytes(32))
        migrate(db)
        seed_sample(db, sheets, actor=system_access("演示数据"), at=datetime(2025, 12, 28, tzinfo=UTC))
        with db.read() as connection:
            ledger, parameters = load(connection, max(days)), settings.parameters(connection)
        db.dispose()
    names = {int(row.id): str(row.name) for row in ledger.enterprises.itertuples(index=False)}
    return {
        (names[key], day): figures.pillars
        for day in days
        for key, figures in monitoring_on(ledger, parameters, day).items()
    }
