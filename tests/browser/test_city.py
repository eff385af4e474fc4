"""A city in a real browser: the picker changes the district, and a link to one that is not open is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.accounts import sessions
from core.accounts.commands import NewAccount, add
from core.districts import moving
from core.districts.commands import allow
from core.policy import Action, system_access
from core.store.commands import command
from core.store.database import Database
from core.terms import AccountRole
from tests.browser.conftest import Window, give_cookie, start
from tests.conftest import new_postgres

SYSTEM = system_access("test")
DISTRICTS = (("east", "东湖区"), ("west", "西山区"), ("north", "北关区"))


@pytest.fixture
def city(postgres_url: str) -> Iterator[tuple[Database, str]]:
    """A city of three empty districts, and the token of a dispatcher who may open the first two."""
    city, now = new_postgres(postgres_url), datetime.now(UTC)
    for key, name in DISTRICTS:
        moving.add(city, key, name, key.title(), actor=SYSTEM, at=now)
    with command(city, actor=SYSTEM, action=Action.ADD_ACCOUNT, at=now) as change:
        account = add(change, NewAccount("li", "李明", AccountRole.DISPATCHER))
        for key, _ in DISTRICTS[:2]:
            allow(change, account, key)
    with command(city, actor=SYSTEM, action=Action.SIGN_IN, at=now, raises_revision=False) as change:
        token = sessions.create(change, account, "李明", method="test", address="-")
    yield city, token
    city.dispose()


@pytest.mark.browser
def test_a_district_is_chosen_and_another_refused(
    city: tuple[Database, str], tmp_path: Path, window: Callable[..., Window]
) -> None:
    store, token = city
    address = store.url.render_as_string(hide_password=False)
    with start(tmp_path, tmp_path / "none.db", DATABASE_URL=address) as server:
        first = window()
        give_cookie(first.page.context, token)
        page = first.open(f"{server.url}/people?person=7")
        picker = page.get_by_role("combobox", name="区县")
        expect(picker).to_have_value("东湖区")

        picker.click()
        page.get_by_role("option", name="西山区").click()
        page.wait_for_url("**district=west*")
        first.settle()
        expect(picker).to_have_value("西山区")
        assert "person=7" not in page.url

        page = first.open(f"{server.url}/people?district=north")
        expect(page.get_by_role("heading", name="您的账号未开通该区县")).to_be_visible()
        expect(page.get_by_text("北关区")).to_have_count(0)

        page.get_by_role("button", name="前往西山区").click()
        page.wait_for_url("**district=west*")
        assert first.errors == []
        assert first.outside == []
