"""Freeze and check weeks from a timer.

python -m core.dispatch freeze                      the week that ended last, in the store behind DATABASE_URL
python -m core.dispatch freeze --week 2025-W52 --reason "late sheet of Qixia community"
python -m core.dispatch verify                      exits 1 and names each frozen week that was changed
python -m core.dispatch export 2025-W52 --kind pptx --out deck.pptx      the stored document, else a new one
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.dispatch import queries
from core.dispatch.commands import AlreadyFrozen, WeekNotOver, freeze, verify
from core.dispatch.documents import make_document, stamp_of, stored_document
from core.dispatch.frozen_week import last_sunday, week_of
from core.dispatch.slides import Week
from core.dispatch.weeks import before, find, frozen_headers
from core.locale import DEFAULT, LANGUAGES, translator
from core.policy import system_access
from core.store import settings
from core.store.database import Database, from_environment
from core.store.migrate import migrate
from core.terms import ExportKind

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None, *, now: datetime | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 for a frozen week that was changed, 2 for a refusal."""
    options = _parser().parse_args(arguments)
    moment = now or datetime.now(UTC)
    db = from_environment()
    try:
        migrate(db)
        if options.command == "export":
            return _export(db, options, moment)
        return _freeze(db, options, moment) if options.command == "freeze" else _verify(db)
    finally:
        db.dispose()


def _freeze(db: Database, options: argparse.Namespace, moment: datetime) -> int:
    with db.read() as connection:
        today = settings.district(connection).as_of or moment.astimezone(ZoneInfo("Asia/Shanghai")).date()
    iso_week = options.week or week_of(last_sunday(today))
    try:
        rev, seal = freeze(db, iso_week, today=today, actor=system_access(options.by), at=moment, reason=options.reason)
    except WeekNotOver:
        return _refuse(f"{iso_week} has not ended yet: it can be frozen from its Sunday on.")
    except AlreadyFrozen:
        return _refuse(f'{iso_week} is frozen already. A correction needs --reason "…".')
    except ValueError as error:
        return _refuse(str(error))
    _say(f"{iso_week} revision {rev} frozen, seal {seal[:12]}")
    return 0


def _verify(db: Database) -> int:
    with db.read() as connection:
        broken, count = verify(connection), len(queries.headers(connection))
    for row in broken:
        _say(f"{row.iso_week} revision {row.rev}: its {row.what} was changed after freezing")
    if not broken:
        _say(f"{count} frozen revisions, none changed")
    return 1 if broken else 0


def _export(db: Database, options: argparse.Namespace, moment: datetime) -> int:
    with db.read() as connection:
        headers = frozen_headers(queries.headers(connection))
        header = find(headers, options.week, options.rev)
        if header is None:
            return _refuse(f"{options.week} is not frozen.")
        previous, own = before(headers, header), settings.district(connection)
        content = queries.content(connection, header.iso_week, header.rev)
        content_before = None if previous is None else queries.content(connection, previous.iso_week, previous.rev)
    assert content is not None
    tr, kind = translator(options.language), ExportKind.of(options.kind)
    version = None if previous is None else previous.metric_version
    week = Week(content, header.as_of, header.metric_version, content_before, version)
    stamp = stamp_of(header, own.name(tr.lang), own.office(tr.lang), is_demo=own.holds_sample)
    document = stored_document(
        db, header, kind, tr, lambda: make_document(kind, week, stamp, tr), actor=system_access(options.by), at=moment
    )
    Path(options.out).write_bytes(document)
    _say(f"{options.out}: {len(document):,} bytes, SHA-256 {hashlib.sha256(document).hexdigest()[:12]}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.dispatch", description="Freeze and check dispatch weeks.")
    commands = parser.add_subparsers(dest="command", required=True)
    freezing = commands.add_parser("freeze", help="freeze a week that has ended")
    freezing.add_argument("--week", help="ISO week such as 2025-W52; default: the one that ended last")
    freezing.add_argument("--reason", help="why a frozen week gets a further revision")
    freezing.add_argument("--by", default="timer", help="name that the revision carries")
    export = commands.add_parser("export", help="write a document of a frozen week")
    export.add_argument("week", help="ISO week such as 2025-W52")
    export.add_argument("--rev", type=int, help="revision; default: the newest")
    export.add_argument("--kind", choices=["pptx", "xlsx", "html"], default="pptx")
    export.add_argument("--language", choices=list(LANGUAGES), default=DEFAULT)
    export.add_argument("--out", required=True, help="file to write")
    export.add_argument("--by", default="timer", help="name under which a new document is stored")
    commands.add_parser("verify", help="check the seals of all frozen weeks")
    return parser


def _refuse(message: str) -> int:
    sys.stderr.write(message + "\n")
    return 2


def _say(message: str) -> None:
    sys.stdout.write(message + "\n")


if __name__ == "__main__":
    sys.exit(main())
