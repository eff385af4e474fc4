"""Rights of persons from the command line.

python -m core.privacy due                               whose consent or period of retention is over
python -m core.privacy anonymise --due                   erases who they are; --person 17 names one, and may be repeated
python -m core.privacy extract 17 --out person.json      everything recorded about a person; .xlsx for a workbook
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from core.policy import system_access
from core.privacy import queries
from core.privacy.commands import anonymise, extract
from core.privacy.workbook import extract_workbook
from core.store import settings
from core.store.commands import NotFound
from core.store.database import Database, from_environment, make_private_file
from core.store.failures import diagnose, in_every_language
from core.store.migrate import migrate

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None, *, now: datetime | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 where the store can't be opened, 2 for a refusal."""
    options = _parser().parse_args(arguments)
    run: Callable[[Database, argparse.Namespace, datetime], int] = options.run
    db = from_environment()
    try:
        migrate(db)
        return run(db, options, now or datetime.now(UTC))
    except (NotFound, LookupError) as error:
        sys.stderr.write(f"not in this store: {error}\n")
        return 2
    except Exception as error:
        kind = diagnose(error)
        if kind is None:
            raise
        sys.stderr.write("\n".join(in_every_language(kind)) + "\n")
        return 1
    finally:
        db.dispose()


def _due(db: Database, now: datetime) -> pd.DataFrame:
    with db.read() as connection:
        today = settings.district(connection).as_of or now.astimezone(ZoneInfo("Asia/Shanghai")).date()
        years = settings.parameter(settings.parameters(connection), "retention_years", today)
        return queries.due(connection, today, years)


def _list(db: Database, _options: argparse.Namespace, now: datetime) -> int:
    for row in _due(db, now).itertuples():
        _say(f"{row.person_id}\t{row.why}\t{row.since:%Y-%m-%d}")
    return 0


def _anonymise(db: Database, options: argparse.Namespace, now: datetime) -> int:
    people = [*options.person, *(int(i) for i in _due(db, now)["person_id"] if options.due)]
    if not people:
        _say("nobody is due")
        return 0
    today = now.astimezone(ZoneInfo("Asia/Shanghai")).date()
    _say(f"{anonymise(db, people, actor=system_access(options.by), at=now, today=today)} people anonymised")
    _say("Backups from before still name them: delete those by the rule of the bureau.")
    return 0


def _extract(db: Database, options: argparse.Namespace, now: datetime) -> int:
    content = extract(db, options.person, actor=system_access(options.by), at=now)
    make_private_file(options.out)
    if options.out.suffix == ".xlsx":
        options.out.write_bytes(extract_workbook(content))
    else:
        options.out.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _say(f"{options.out}: {sum(map(len, content['records'].values()))} rows, {len(content['log'])} events")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.privacy", description="Rights of persons.")
    commands = parser.add_subparsers(required=True)
    commands.add_parser("due", help="whose consent or period of retention is over").set_defaults(run=_list)
    erasing = commands.add_parser("anonymise", help="erase who people are; counts stay")
    erasing.add_argument("--person", type=int, action="append", default=[], help="number of a person")
    erasing.add_argument("--due", action="store_true", help="everybody who is due")
    erasing.add_argument("--by", default="timer", help="name that the log holds")
    erasing.set_defaults(run=_anonymise)
    handing = commands.add_parser("extract", help="everything about one person, for that person")
    handing.add_argument("person", type=int, help="number of the person")
    handing.add_argument("--out", type=Path, required=True, help="file to write: .json or .xlsx")
    handing.add_argument("--by", default="timer", help="name that the log holds")
    handing.set_defaults(run=_extract)
    return parser


def _say(message: str) -> None:
    sys.stdout.write(message + "\n")


if __name__ == "__main__":
    sys.exit(main())
