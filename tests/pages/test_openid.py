"""Sign-in by an identity provider, against a real one on a port of this machine."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from core.accounts import sessions
from core.accounts.commands import NewAccount, add
from core.policy import Access, Action, system_access
from core.store.commands import command
from core.store.database import Database
from core.terms import AccountRole
from pages.sign_in import openid
from pages.sign_in.cookie import COOKIE
from tests.pages.test_sign_in import Site, site_of
from tests.stores import NOW

__all__ = ["site_of"]

# The mock, and Authlib behind it, still import modules of their own that are to go.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oidc_provider_mock import User, run_server_in_thread

        people = [
            User(sub="7001", claims={"email": "Xu@example.cn", "email_verified": True, "role": "administrator"}),
            User(sub="7002", claims={"email": "xu@example.cn", "email_verified": False}),
            User(sub="7003", claims={"email": "stranger@example.cn", "email_verified": True}),
        ]
        with run_server_in_thread(user_claims=people, require_nonce=True) as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture
def site(site_of: Callable[[Database], Site], db: Database, issuer: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    for name, value in (("ISSUER", issuer), ("CLIENT_ID", "dashboard"), ("CLIENT_SECRET", "secret")):
        monkeypatch.setenv(f"OIDC_{name}", value)
    with command(db, actor=system_access("test"), action=Action.ADD_ACCOUNT, at=NOW) as change:
        add(change, NewAccount("xu", "许小满", AccountRole.AUDITOR, email="xu@example.cn"))
    return site_of(db)


def to_provider(browser: TestClient) -> str:
    answer = browser.get("/sign-in/openid?next=/people&lang=en")
    assert answer.status_code == 302
    return answer.headers["location"]


def confirmed(address: str, subject: str) -> str:
    """What the provider sends the browser back to, once the person has said who they are."""
    back = httpx.post(address, data={"sub": subject}).headers["location"]
    return back.removeprefix("http://testserver")


def test_a_person_whom_the_provider_vouches_for_gets_the_role_of_the_account(site: Site) -> None:
    browser = site.browser()
    assert "/sign-in/openid?next=%2F" in browser.get("/sign-in").text
    address = to_provider(browser)
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)

    answer = browser.get(confirmed(address, "7001"))

    assert (answer.status_code, answer.headers["location"]) == (303, "/people?lang=en")
    access = sessions.resolve(site.db, browser.cookies[COOKIE], datetime.now(UTC))
    assert access is not None
    assert access == Access(access.account_id, "许小满", AccountRole.AUDITOR, None)  # whatever the provider claims


@pytest.mark.parametrize("subject", ["7002", "7003"])
def test_a_person_without_an_account_gets_a_sentence(site: Site, subject: str) -> None:
    browser = site.browser()

    answer = browser.get(confirmed(to_provider(browser), subject))

    assert answer.status_code == 403
    assert re.search(r"ask an administrator to add (xu|stranger)@example.cn", answer.text)
    assert COOKIE not in browser.cookies


def test_an_answer_that_was_not_asked_for_is_refused(site: Site) -> None:
    browser, victim = site.browser(), site.browser()
    stolen = confirmed(to_provider(browser), "7001")

    assert victim.get(stolen).status_code == 502  # another browser: no state
    assert browser.get(re.sub(r"state=\w+", "state=forged", stolen)).status_code == 502
    assert browser.get("/sign-in/openid/callback?error=access_denied&state=x").status_code == 502
    assert COOKIE not in victim.cookies


def test_a_provider_that_does_not_answer_is_a_sentence(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_ISSUER", "http://localhost:9")

    answer = site.browser().get("/sign-in/openid")

    assert answer.status_code == 502
    assert "统一身份认证未能确认登录" in answer.text


def test_without_a_provider_there_is_no_such_door(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OIDC_CLIENT_SECRET")

    assert not openid.is_on()
    assert "openid" not in site.browser().get("/sign-in").text
    assert site.browser().get("/sign-in/openid").status_code == 404
    assert site.browser().get("/sign-in/openid/callback").status_code == 404
