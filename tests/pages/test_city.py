"""A city of two districts through the pages: each window shows one of them, and nothing passes between them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.watcher.util import calc_hash

from core.accounts import queries, sessions
from core.accounts.commands import NewAccount, add
from core.districts import moving
from core.districts.commands import allow
from core.policy import Action, system_access
from core.store import settings
from core.store.commands import command
from core.store.database import ROOT, Database
from core.terms import AccountRole
from pages import cache
from pages.common import signed_in
from pages.common.session_keys import Key
from tests.conftest import new_postgres
from tests.core.factories import NOW, TODAY, fill

Open = Callable[..., AppTest]
SYSTEM = system_access("test")
ONE, SEVERAL, NOWHERE, ADMINISTRATOR = 1, 2, 3, 4


@pytest.fixture(scope="module")
def city(postgres_url: str) -> Iterator[Database]:
    """Two districts with the same few people, and a third one that is empty."""
    city = new_postgres(postgres_url)
    for key, name in (("east", "东湖区"), ("west", "西山区"), ("north", "北关区")):
        moving.add(city, key, name, key.title(), actor=SYSTEM, at=NOW)
        if key != "north":
            fill(city.of(key))
            with command(city.of(key), actor=SYSTEM, action=Action.IMPORT, at=NOW) as change:
                settings.save_setting(change, "as_of", TODAY.isoformat())
    with command(city, actor=SYSTEM, action=Action.ADD_ACCOUNT, at=NOW) as change:
        for account, name in ((ONE, "许小满"), (SEVERAL, "李明"), (NOWHERE, "王远")):
            assert add(change, NewAccount(name, name, AccountRole.LEADER)) == account
        assert add(change, NewAccount("赵敏", "赵敏", AccountRole.ADMINISTRATOR)) == ADMINISTRATOR
        for account, key in (
            (ONE, "east"),
            (SEVERAL, "east"),
            (SEVERAL, "west"),
            (SEVERAL, "north"),
            (ADMINISTRATOR, "east"),
            (ADMINISTRATOR, "west"),
        ):
            allow(change, account, key)
    yield city
    city.dispose()


@pytest.fixture
def window(
    opener: Callable[[Database], Open], city: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., AppTest]]:
    """``window(account, page, **query)``: a new window of an account that is signed in."""
    opener(city)

    def open_window(account: int, page: str = "overview", **query: str) -> AppTest:
        with command(city, actor=SYSTEM, action=Action.SIGN_IN, at=datetime.now(UTC), raises_revision=False) as change:
            token = sessions.create(change, account, "x", method="test", address="-")
        monkeypatch.setattr(signed_in, "token", lambda: token)
        at = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=60)
        at.query_params.update(query)
        at._page_hash = calc_hash("" if page == "overview" else page)
        return at.run()

    yield open_window
    cache.store.city().dispose()  # the app's own connections: the next store takes its place


def texts(at: AppTest) -> str:
    return "\n".join(element.value for kind in (at.title, at.markdown, at.caption, at.info) for element in kind)


def test_districts_at_the_same_revision_share_no_value(window: object, city: Database) -> None:
    calls = []

    @cache.store.cached(max_entries=2)
    def looked_up(revision: int) -> str:
        calls.append(revision)
        with cache.store.database().read() as connection:
            return settings.district(connection).name_zh

    def everywhere() -> list[str]:
        pairs = []
        for key in ("east", "west"):
            with cache.store.within(key):
                pairs.append(looked_up(7))
        return pairs

    assert city.of("east").revision() == city.of("west").revision()
    assert everywhere() == everywhere() == ["东湖区", "西山区"]
    assert calls == [7, 7]
    assert cache.store.district_key() is None
    assert cache.store.database().district is None


def test_who_asks_for_what_is_being_computed_waits_for_it() -> None:
    calls = []
    begun, may_end = threading.Event(), threading.Event()

    @cache.store.cached
    def slow(revision: int) -> object:
        calls.append(revision)
        begun.set()
        assert may_end.wait(10)
        return object()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow, 7)
        assert begun.wait(10)
        second = pool.submit(slow, 7)
        may_end.set()
        assert first.result(10) is second.result(10)
    assert calls == [7]


def test_who_has_one_district_goes_straight_in(window: Callable[..., AppTest]) -> None:
    at = window(ONE)

    assert not at.exception
    assert "**东湖区**" in texts(at)
    assert at.query_params["district"] == "east"
    assert Key.DISTRICT not in {box.key for box in at.selectbox}


def test_the_picker_shows_the_page_in_another_district(window: Callable[..., AppTest], city: Database) -> None:
    at = window(SEVERAL, "people", person="3")
    picker = at.selectbox(Key.DISTRICT)
    assert picker.options == ["东湖区", "西山区", "北关区"]

    picker.select("west").run()

    assert not at.exception
    assert at.query_params["district"] == "west"
    assert "person" not in at.query_params  # a number of the district before
    assert at.session_state[Key.DISTRICT_OF_PAGE] == "west"
    assert at.session_state[Key.VIEW].district.name_zh == "西山区"
    again = sessions.resolve(city, signed_in.token(), datetime.now(UTC))
    assert again is not None
    assert again.district == "west"  # where a new window begins


def test_a_link_to_a_district_that_is_not_open_is_refused(window: Callable[..., AppTest]) -> None:
    at = window(ONE, "people", district="west")

    assert at.title[0].value == "您的账号未开通该区县"
    assert "西山区" not in texts(at)
    at.button(Key.DISTRICT.of("own")).click().run()
    assert "**东湖区**" in texts(at)


def test_an_account_without_a_district_is_told_whom_to_ask(window: Callable[..., AppTest]) -> None:
    at = window(NOWHERE)

    assert at.title[0].value == "您的账号尚未开通任何区县"
    assert at.button(Key.SIGN_OUT)


def test_the_districts_are_ranked_with_who_can_be_told_apart(window: Callable[..., AppTest]) -> None:
    at = window(SEVERAL, "districts", by="visit_coverage")

    assert not at.exception
    assert at.title[0].value == "2 个区县走访覆盖率：各区县差异未超出偶然"
    rows = at.dataframe[0].value
    assert rows["区县"].tolist() == ["东湖区", "西山区"]  # the third holds nobody
    assert set(rows["可能名次"]) == {"1–2"}


def test_an_administrator_opens_a_district_to_an_account(window: Callable[..., AppTest], city: Database) -> None:
    at = window(ADMINISTRATOR, "accounts", district="east")
    listed = at.dataframe[0].value.set_index("登录名")["可进入区县"]
    assert listed["李明"] == "东湖区、西山区、另有 1 个区县"

    at.selectbox(Key.ACCOUNTS_CHOSEN).select(ADMINISTRATOR).run()
    assert not at.exception
    assert Key.ACCOUNTS_DISTRICTS.of(ADMINISTRATOR) not in {box.key for box in at.multiselect}
    at.selectbox(Key.ACCOUNTS_CHOSEN).select(ONE).run()
    at.multiselect(Key.ACCOUNTS_DISTRICTS.of(ONE)).select("west").run()
    at.button(Key.ACCOUNTS_SAVE_DISTRICTS.of(ONE)).click().run()

    assert not at.exception
    assert at.dataframe[0].value.set_index("登录名")["可进入区县"]["许小满"] == "东湖区、西山区"
    at.multiselect(Key.ACCOUNTS_DISTRICTS.of(ONE)).unselect("east").unselect("west").run()
    at.button(Key.ACCOUNTS_SAVE_DISTRICTS.of(ONE)).click().run()
    assert [error.value for error in at.error] == ["账号至少保留一个区县；如需停止使用，请停用账号。"]
    at.multiselect(Key.ACCOUNTS_DISTRICTS.of(ONE)).select("east").run()
    at.button(Key.ACCOUNTS_SAVE_DISTRICTS.of(ONE)).click().run()
    with city.read() as connection:
        assert list(queries.districts_of(connection, [ONE])[ONE]) == ["east"]


def test_a_store_of_one_district_has_no_page_of_districts(empty: Open) -> None:
    at = empty("districts")

    assert at.title[0].value == "区县总览"
    assert "district" not in at.query_params
