"""The districts of a city: one PostgreSQL database behind DATABASE_URL, a schema for each district.

python -m core.districts add lakeside 湖滨区 --english Lakeside      an empty district
python -m core.districts adopt sqlite:///var/district.db lakeside    a store of one district joins the city, checked
python -m core.districts release lakeside sqlite:///lakeside.db      and back: a copy that runs alone, checked
python -m core.districts allow lakeside xu.xiaoman                   an account may open a district; forbid takes it back
python -m core.districts list
python -m core.districts demo /tmp/city                              invented districts, from sample_data/generate.py --city

Other commands act in the district that DISTRICT names: DISTRICT=lakeside python -m core.staff add …
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from core.accounts import queries as account_queries
from core.accounts.commands import normal
from core.districts import commands, demonstration, moving, queries
from core.districts.commands import DistrictRefused
from core.locale import LANGUAGES, translator
from core.policy import Action, system_access
from core.store.commands import command
from core.store.database import Database
from core.store.migrate import migrate

__all__ = ["main"]

ACTOR = system_access("命令行")


def main(arguments: Sequence[str] | None = None, *, now: datetime | None = None) -> int:
    """Run one command; returns the exit status: 0, or 2 for a refusal."""
    options = _parser().parse_args(arguments)
    run: Callable[[Database, argparse.Namespace, datetime], None] = options.run
    city = Database()
    try:
        if city.is_sqlite:
            return _refuse("A city needs PostgreSQL: set DATABASE_URL=postgresql://user:password@host/name")
        migrate(city)
        run(city, options, now or datetime.now(UTC))
    except DistrictRefused as error:
        return _refuse(*(error.sentence(translator(lang)) for lang in LANGUAGES))
    finally:
        city.dispose()
    return 0


def _add(city: Database, options: argparse.Namespace, now: datetime) -> None:
    moving.add(city, options.key, options.name, options.english or options.key, actor=ACTOR, at=now)
    _say(f"{options.key}: open")


def _adopt(city: Database, options: argparse.Namespace, now: datetime) -> None:
    source = Database(options.url, key=city.key)
    moved = moving.adopt(
        city,
        source,
        options.key,
        name=options.name,
        name_en=options.english,
        same_people=options.same_people,
        actor=ACTOR,
        at=now,
    )
    source.dispose()
    _say(f"{options.key}: {moved.content.total:,} rows, digest {moved.content.sha256[:16]}, log verified")


def _release(city: Database, options: argparse.Namespace, _now: datetime) -> None:
    target = Database(options.url, key=city.key)
    moved = moving.release(city, options.key, target)
    target.dispose()
    _say(f"{options.url}: {moved.content.total:,} rows, digest {moved.content.sha256[:16]}, log verified")


def _rights(city: Database, options: argparse.Namespace, now: datetime) -> None:
    change_right = commands.allow if options.command == "allow" else commands.forbid
    with command(city, actor=ACTOR, action=Action.ALLOW_DISTRICT, at=now) as change:
        ids = {row.sign_in_name: row.id for row in account_queries.accounts(change.session.connection())}
        name = normal(options.sign_in_name)
        if name not in ids:
            raise DistrictRefused(commands.NO_ACCOUNT, name)
        change_right(change, ids[name], options.key)
    _say(f"{name}: {options.key} {'open' if options.command == 'allow' else 'closed'}")


def _list(city: Database, _options: argparse.Namespace, _now: datetime) -> None:
    with city.read() as connection:
        for row in queries.districts(connection):
            _say("\t".join((row.key, row.name, row.name_en, str(row.opened_on), f"{row.accounts} accounts")))


def _demo(city: Database, options: argparse.Namespace, now: datetime) -> None:
    rows = demonstration.load_city(city, options.folder, actor=ACTOR, at=now, say=_say)
    _say(f"{rows:,} rows")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.districts", description="The districts of a city.")
    subcommands = parser.add_subparsers(dest="command", required=True)

    def subcommand(
        name: str, run: Callable[[Database, argparse.Namespace, datetime], None], help_: str
    ) -> argparse.ArgumentParser:
        own = subcommands.add_parser(name, help=help_)
        own.set_defaults(run=run)
        return own

    add = subcommand("add", _add, "an empty district")
    add.add_argument("key")
    add.add_argument("name")
    adopt = subcommand("adopt", _adopt, "copy a store of one district into the city")
    adopt.add_argument("url", help="of the store, which must not be in use meanwhile")
    adopt.add_argument("key")
    adopt.add_argument("--name", help="default: as the store has it")
    adopt.add_argument("--same-people", action="store_true", help="accounts of the same names are the same people")
    for each in (add, adopt):
        each.add_argument("--english", help="the name in English")
    release = subcommand("release", _release, "copy a district out into a store of its own")
    release.add_argument("key")
    release.add_argument("url", help="of the new store")
    for name in ("allow", "forbid"):
        right = subcommand(name, _rights, "which districts an account may open")
        right.add_argument("key")
        right.add_argument("sign_in_name")
    subcommand("list", _list, "every district")
    demo = subcommand("demo", _demo, "load invented districts into an empty city")
    demo.add_argument("folder", type=Path, help="as sample_data/generate.py --city has made it")
    return parser


def _refuse(*lines: str) -> int:
    sys.stderr.write("\n".join(lines) + "\n")
    return 2


def _say(message: str) -> None:
    sys.stdout.write(message + "\n")


if __name__ == "__main__":
    sys.exit(main())
