"""Check the audit log.

python -m core.audit verify                              exits 1 and names what was changed or cut off
python -m core.audit verify --rows                       compares every row of the store with the log as well
python -m core.audit verify --anchor 12345/0a1b2c3d4e5f  an anchor as printed on a document of a week; may be repeated
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from core.store.anchors import anchor_file, noted_anchors, parse_anchor
from core.store.audit_chain import frozen_anchors, verify_chain
from core.store.database import Database, from_environment
from core.store.failures import diagnose, in_every_language
from core.store.migrate import migrate
from core.store.row_check import verify_rows

__all__ = ["main"]

SHOWN = 50  # findings of rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Check; returns the exit status: 0, 1 where something was changed or could not be read, 2 for a wrong argument."""
    options = _parser().parse_args(arguments)
    db = from_environment()
    try:
        migrate(db)
        is_whole = _chain(db, options.anchor)
        return 0 if (_rows(db) if options.rows else True) and is_whole else 1
    except Exception as error:
        kind = diagnose(error)
        if kind is None:
            raise
        sys.stderr.write("\n".join(in_every_language(kind)) + "\n")
        return 1
    finally:
        db.dispose()


def _chain(db: Database, printed: Sequence[str]) -> bool:
    with db.read() as connection:
        anchors = [*frozen_anchors(connection), *noted_anchors(anchor_file(db)), *map(parse_anchor, printed)]
        report = verify_chain(connection, db.key, anchors, _progress("events"))
    if report.broken is not None:
        _say(f"event {report.broken} does not follow from the one before it: it, or the one before, was changed")
    else:
        _say(f"{report.count:,} events, each follows from the one before; personal values of {report.erased:,} erased")
        for check in report.anchors:
            if not check.holds:
                _say(f"the anchor {check.anchor.place} does not hold: {check.anchor.count:,} events were noted")
        held = sum(check.holds for check in report.anchors)
        _say(f"{held} of {len(report.anchors)} anchors hold")
    return report.is_whole


def _rows(db: Database) -> bool:
    altered = 0
    with db.read() as connection:
        for finding in verify_rows(connection, _progress("events replayed")):
            altered += 1
            if altered <= SHOWN:
                fields = f": {', '.join(finding.fields)}" if finding.fields else ""
                _say(f"{finding.table} {finding.row_id} {finding.what}{fields}")
    _say(f"{altered:,} rows are not as the log says" if altered else "every row is as the log says")
    return not altered


def _progress(what: str) -> Callable[[int, int], None]:
    """To a terminal only, so that a timer's log stays short."""

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done:,} of {total:,} {what}" + ("\n" if done == total else ""))
            sys.stderr.flush()

    return show


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.audit", description="Check the audit log.")
    commands = parser.add_subparsers(required=True)
    verify = commands.add_parser("verify", help="check the chain of events and its anchors")
    verify.add_argument("--rows", action="store_true", help="also compare every row with the log")
    verify.add_argument("--anchor", action="append", default=[], help="count/hash as printed on a document")
    return parser


def _say(message: str) -> None:
    sys.stdout.write(message + "\n")


if __name__ == "__main__":
    sys.exit(main())
