"""Accounts from the terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core import staff
from core.accounts import queries, sign_in
from core.accounts.commands import usable_link
from core.policy import Action, system_access
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Community
from core.terms import AccountRole, CommunityKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(db: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``run("add", …)`` gives the exit status and what was printed."""
    monkeypatch.setenv("DATABASE_URL", db.url.render_as_string())
    monkeypatch.setenv("PUBLIC_URL", "https://jobs.example.cn/")

    def call(*arguments: str) -> tuple[int, str, str]:
        status = staff.main(arguments, now=NOW)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def token_in(printed: str) -> str:
    [token] = re.findall(r"^https://jobs\.example\.cn/link/(\S+)$", printed, re.M)
    return token


def test_an_account_is_added_changed_and_deactivated(run: Run, db: Database) -> None:
    with command(db, actor=system_access("test"), action=Action.IMPORT, at=NOW) as change:
        community = Community(code="370899001001", name="荷风社区", kind=CommunityKind.URBAN, lon=116.6, lat=35.3)
        change.add(community)
    status, printed, _ = run("add", "Xu.Xiaoman", "许小满", "caseworker", "--communities", "370899001001")

    assert status == 0
    assert usable_link(db, token_in(printed), NOW) is not None
    assert "xu.xiaoman\t许小满\tcaseworker\t1 communities\tactive\tno password yet" in run("list")[1]
    assert run("role", "xu.xiaoman", "dispatcher")[0] == 0
    reset = token_in(run("reset-link", "xu.xiaoman")[1])
    assert usable_link(db, token_in(printed), NOW) is None
    sign_in.by_link(db, token=reset, password="Lotus wind 2026", first=None, address="-", now=NOW)
    assert "dispatcher\t-\tactive\tpassword" in run("list")[1]
    assert run("deactivate", "xu.xiaoman")[0] == 0
    assert "deactivated" in run("list")[1]
    assert run("activate", "xu.xiaoman")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("role", "nobody", "leader"), "no account nobody"),
        (("add", "li", "李明", "caseworker", "--communities", "1"), "no community with code 1"),
        (("add", "admin", "另一人", "leader"), "已有同名账号"),
        (("deactivate", "admin"), "最后一名系统管理员"),
    ],
)
def test_a_refusal_is_a_sentence_and_exit_status_2(run: Run, arguments: tuple[str, ...], reason: str) -> None:
    run("add", "admin", "王主任", "administrator")

    status, printed, error = run(*arguments)

    assert (status, printed) == (2, "")
    assert reason in error


def test_the_first_link_is_there_until_somebody_can_sign_in(run: Run, db: Database) -> None:
    first = token_in(run("first-link")[1])
    assert usable_link(db, first, NOW + timedelta(days=6)) is not None
    second = token_in(run("first-link")[1])

    assert usable_link(db, first, NOW) is None  # one link at a time
    run("add", "admin", "王主任", "administrator")
    assert run("first-link")[0] == 2
    assert usable_link(db, second, NOW) is None
    with db.read() as connection:
        assert [row.role for row in queries.accounts(connection)] == [AccountRole.ADMINISTRATOR]


def test_processes_that_start_on_one_store_print_the_same_first_link(any_db: Database) -> None:
    first = staff.first_link(any_db, "http://a", NOW)
    again = staff.first_link(any_db, "http://b", NOW + timedelta(days=6))

    assert first is not None
    assert again is not None
    assert first.removeprefix("http://a") == again.removeprefix("http://b")
    assert usable_link(any_db, again.removeprefix("http://b/link/"), NOW + timedelta(days=6)) is not None
    assert staff.first_link(any_db, "http://a", NOW + timedelta(days=8)) != first  # a link lasts a week
