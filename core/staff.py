"""Accounts from the terminal of the server.

python -m core.staff add xu.xiaoman 许小满 caseworker --communities 370899001001 370899001002
python -m core.staff add li.ming 李明 leader --email li.ming@example.cn     for the bureau's identity provider
python -m core.staff role xu.xiaoman dispatcher
python -m core.staff deactivate xu.xiaoman        and activate
python -m core.staff reset-link xu.xiaoman        a link, valid once and for a day, to choose a new password
python -m core.staff first-link                   the link for the first administrator
python -m core.staff list

PUBLIC_URL is the address that links begin with; default: http://localhost:8501.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from core.accounts import commands, queries
from core.accounts.commands import AccountRefused, NewAccount
from core.locale import DEFAULT, translator
from core.policy import Action, system_access
from core.store.commands import command
from core.store.database import Database, from_environment
from core.store.migrate import migrate
from core.terms import AccountRole

__all__ = ["first_link", "main", "public_url"]

ACTOR = system_access("命令行")
CHANGES = {
    "add": Action.ADD_ACCOUNT,
    "role": Action.SET_ROLE,
    "deactivate": Action.DEACTIVATE_ACCOUNT,
    "activate": Action.ACTIVATE_ACCOUNT,
    "reset-link": Action.RESET_LINK,
}


def main(arguments: Sequence[str] | None = None, *, now: datetime | None = None) -> int:
    """Run one command; returns the exit status: 0, or 2 for a refusal."""
    options = _parser().parse_args(arguments)
    moment = now or datetime.now(UTC)
    db = from_environment()
    try:
        migrate(db)
        if options.command == "list":
            return _list(db)
        if options.command == "first-link":
            link = first_link(db, public_url(), moment, renew=True)
            return _refuse("there are accounts already; use reset-link or add") if link is None else _say(link)
        return _change(db, options, moment)
    except AccountRefused as error:
        return _refuse(f"{error.reason} {error.sentence(translator(DEFAULT))}")
    except LookupError as error:
        return _refuse(str(error.args[0]))
    finally:
        db.dispose()


def first_link(db: Database, address: str, now: datetime, *, renew: bool = False) -> str | None:
    """The link for the first administrator, under ``address``; None if anybody can sign in already.

    The one in force, unless ``renew``: then the earlier one ends.
    """
    with db.read() as connection:
        if queries.has_accounts(connection):
            return None
    with command(db, actor=ACTOR, action=Action.FIRST_LINK, at=now, raises_revision=False) as change:
        token = commands.link_for(change, None) if renew else commands.first_link(change)
    return f"{address}/link/{token}"


def public_url(default: str = "http://localhost:8501") -> str:
    """The address under which people reach the system."""
    return (os.environ.get("PUBLIC_URL") or default).rstrip("/")


def _change(db: Database, options: argparse.Namespace, moment: datetime) -> int:
    """One change of an account."""
    with db.read() as connection:
        ids = {row.sign_in_name: row.id for row in queries.accounts(connection)}
        codes = {row.code: row.id for row in queries.communities_with_codes(connection)}
    name = commands.normal(options.sign_in_name)
    if options.command != "add" and name not in ids:
        raise LookupError(f"no account {name}")
    unknown = [code for code in getattr(options, "communities", []) if code not in codes]
    if unknown:
        raise LookupError(f"no community with code {', '.join(unknown)}")
    communities = [codes[code] for code in getattr(options, "communities", [])]
    with command(db, actor=ACTOR, action=CHANGES[options.command], at=moment) as change:
        match options.command:
            case "add":
                new = NewAccount(name, options.name, AccountRole.of(options.role), communities, email=options.email)
                link = commands.link_for(change, commands.add(change, new))
            case "reset-link":
                link = commands.link_for(change, ids[name])
            case "role":
                commands.set_role(change, ids[name], AccountRole.of(options.role), communities)
            case "deactivate":
                commands.deactivate(change, ids[name])
            case "activate":
                commands.activate(change, ids[name])
    if options.command in ("add", "reset-link"):
        _say(f"{public_url()}/link/{link}")
        return _say("valid once, until tomorrow: send it to the person it is for")
    return _say(f"{name}: done")


def _list(db: Database) -> int:
    with db.read() as connection:
        rows = queries.accounts(connection)
        communities = queries.communities_of(connection, [row.id for row in rows if row.role is AccountRole.CASEWORKER])
    for row in rows:
        state = "demonstration" if row.is_demonstration else ("active" if row.active else "deactivated")
        way = (
            "password" if row.has_password else ("identity provider" if row.subject or row.email else "no password yet")
        )
        scope = f"{len(communities[row.id])} communities" if row.id in communities else "-"
        _say("\t".join((row.sign_in_name, row.name, row.role.value, scope, state, way)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.staff", description="Accounts of the system.")
    subcommands = parser.add_subparsers(dest="command", required=True)
    subcommands.add_parser("list", help="every account")
    subcommands.add_parser("first-link", help="the link for the first administrator")
    parsers = {name: subcommands.add_parser(name) for name in CHANGES}
    for each in parsers.values():
        each.add_argument("sign_in_name")
    parsers["add"].add_argument("name", help="as it appears on screens and in the log")
    parsers["add"].add_argument("--email", help="as the identity provider confirms it")
    for name in ("add", "role"):
        parsers[name].add_argument("role", choices=[role.value for role in AccountRole])
        parsers[name].add_argument("--communities", nargs="*", default=[], metavar="CODE", help="of a caseworker")
    return parser


def _refuse(message: str) -> int:
    sys.stderr.write(message + "\n")
    return 2


def _say(message: str) -> int:
    sys.stdout.write(message + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
