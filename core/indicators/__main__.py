"""The stored counts of the indicators, by hand.

python -m core.indicators rebuild             compute all counts from the rows; once after a large import, if pages should not
python -m core.indicators rebuild --check     compare them with the rows, name what differs, and exit 1 if anything does
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from core.indicators.counts.commands import rebuild, wrong_counts
from core.indicators.counts.steps import DISTRICT, WITHOUT_COMMUNITY
from core.store.database import Database

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command on ``DATABASE_URL``; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m core.indicators", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    rebuilding = commands.add_parser("rebuild", help="compute the stored counts from the rows")
    rebuilding.add_argument("--check", action="store_true", help="change nothing, compare")
    options = parser.parse_args(arguments)
    db = Database()
    return _check(db) if options.check else _rebuild(db)


def _rebuild(db: Database) -> int:
    units = rebuild(db, lambda done, total: sys.stderr.write(f"\r{done:,} of {total:,} communities"))
    sys.stderr.write("\n")
    sys.stdout.write(f"counts of {units:,} communities, those without one included\n")
    return 0


def _check(db: Database) -> int:
    wrong = list(wrong_counts(db))
    for count in wrong:
        place = {DISTRICT: "district", WITHOUT_COMMUNITY: "without community"}.get(
            count.unit, f"community {count.unit}"
        )
        what = f"{count.stored} stored, {count.computed} by the rows"
        sys.stdout.write(f"{count.population}, {place}, from {count.day}: {what}\n")
    sys.stdout.write(f"{len(wrong):,} differences\n" if wrong else "every stored count is what the rows give\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
