"""Command: recompute the expected value of every match factor for the present quarter and store it.

python -m core.matching --actor 王芳            # shows old and new values, asks, stores
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime, timedelta

from core.locale import BUREAU_ZONE
from core.matching.inputs.expected_values import expected_values, quarter_start, store_expected_values
from core.matching.inputs.loading import load
from core.policy import Action, system_access
from core.store import settings
from core.store.commands import command
from core.store.database import from_environment

__all__ = ["main"]


def main(arguments: list[str] | None = None, *, now: datetime | None = None) -> int:
    """Compute, show and, once confirmed, store the values; returns 0 unless the user declines."""
    parser = argparse.ArgumentParser(description="Recompute the expected values of unknown match factors.")
    parser.add_argument("--actor", required=True, help="who recomputes; written to the audit log")
    parser.add_argument("--today", type=date.fromisoformat, help="day of the computation (default: the district's day)")
    parser.add_argument("--yes", action="store_true", help="store without asking")
    options = parser.parse_args(arguments)
    moment = now or datetime.now(UTC)
    db = from_environment()
    with db.read() as connection:
        today = options.today or settings.district(connection).as_of or moment.astimezone(BUREAU_ZONE).date()
        since = quarter_start(today)
        pool = load(connection, since - timedelta(days=1))
    values = expected_values(pool)
    changed = {code: value for code, value in values.items() if value != pool.goalposts.expected[code]}
    for code, value in values.items():
        sys.stdout.write(f"{code:12} {pool.goalposts.expected[code] / 10_000:.4f} -> {value / 10_000:.4f}\n")
    if not changed:
        return 0
    if not options.yes and input(f"Store these values from {since} on? [y/N] ").strip().lower() != "y":
        return 1
    source = f"区内符合硬条件且已知的配对均值，截至{since - timedelta(days=1):%Y-%m-%d}"
    with command(db, actor=system_access(options.actor), action=Action.STORE_EXPECTED_VALUES, at=moment) as change:
        store_expected_values(change, values, since, source)
    return 0


if __name__ == "__main__":
    sys.exit(main())
