"""Accounts, sessions and links: who gets in, who stays in, and what the store keeps of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.accounts import passwords, queries, sessions, sign_in
from core.accounts.commands import (
    AccountRefused,
    NewAccount,
    activate,
    add,
    deactivate,
    link_for,
    set_password,
    set_role,
    usable_link,
    use_link,
)
from core.accounts.throttle import Throttle
from core.accounts.tokens import digest
from core.locale import translator
from core.policy import Access, Action, system_access
from core.store.commands import NotFound, command
from core.store.database import Database
from core.store.emptying import empty
from core.store.schema import Account, AuditEvent, Community, SignInSession
from core.store.settings import save_setting
from core.terms import AccountRole, CommunityKind
from tests.accesses import administrator

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "Lotus wind 2026"


@pytest.fixture(autouse=True, scope="module")
def cheap_hashes() -> object:
    """Argon2 with little memory: the tests are about what is done with the answer."""
    from argon2 import PasswordHasher

    plain = passwords.HASHER
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords.HASHER = plain


def new_account(db: Database, role: AccountRole = AccountRole.DISPATCHER, name: str = "xu", **more: object) -> int:
    with command(db, actor=system_access("test"), action=Action.ADD_ACCOUNT, at=NOW) as change:
        account = add(change, NewAccount(name, f"许{name}", role, **more))  # type: ignore[arg-type]
        set_password(change, account, PASSWORD)
    return account


def new_communities(db: Database, count: int) -> list[int]:
    with command(db, actor=system_access("test"), action=Action.ADD_ACCOUNT, at=NOW) as change:
        rows = [
            Community(code=f"37089900{n:04}", name=f"社区{n}", kind=CommunityKind.URBAN, lon=116.6, lat=35.3)
            for n in range(count)
        ]
        return [int(change.add(row)) for row in rows]


def signs_in(
    db: Database,
    password: str = PASSWORD,
    *,
    name: str = "xu",
    at: datetime = NOW,
    throttles: sign_in.Throttles | None = None,
    address: str = "10.0.0.7",
) -> str:
    limits = throttles or sign_in.Throttles.new()
    return sign_in.by_password(db, limits, sign_in_name=name, password=password, address=address, now=at)


def refusal(db: Database, password: str, **more: object) -> sign_in.SignInRefused:
    with pytest.raises(sign_in.SignInRefused) as refused:
        signs_in(db, password, **more)  # type: ignore[arg-type]
    return refused.value


def events(db: Database) -> list[AuditEvent]:
    with db.write(raises_revision=False) as session:
        rows = list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))
        session.expunge_all()
    return rows


def test_a_right_password_opens_a_session_with_name_and_role(any_db: Database) -> None:
    account = new_account(any_db)

    token = signs_in(any_db, name=" XU ")

    assert sessions.resolve(any_db, token, NOW) == Access(account, "许xu", AccountRole.DISPATCHER, None)
    assert sessions.resolve(any_db, token + "x", NOW) is None
    assert sessions.resolve(any_db, "", NOW) is None


def test_only_a_caseworker_is_bound_to_communities(any_db: Database) -> None:
    first, second, third = new_communities(any_db, 3)
    account = new_account(any_db, AccountRole.CASEWORKER, communities=[first, second])
    token = signs_in(any_db)

    def communities() -> frozenset[int] | None:
        session = sessions.resolve(any_db, token, NOW)
        assert session is not None
        return session.communities

    assert communities() == {first, second}
    with command(any_db, actor=system_access("test"), action=Action.SET_ROLE, at=NOW) as change:
        set_role(change, account, AccountRole.CASEWORKER, [second, third])
    assert communities() == {second, third}
    with command(any_db, actor=system_access("test"), action=Action.SET_ROLE, at=NOW) as change:
        set_role(change, account, AccountRole.LEADER, [first])
    assert communities() is None
    with command(any_db, actor=system_access("test"), action=Action.SET_ROLE, at=NOW) as change:
        set_role(change, account, AccountRole.CASEWORKER)
    assert communities() == frozenset()  # nobody, not everybody


def test_a_session_ends_by_sign_out_deactivation_password_and_time(db: Database) -> None:
    account = new_account(db)
    new_account(db, AccountRole.ADMINISTRATOR, "admin")

    def ends(how: object) -> bool:
        token = signs_in(db)
        other = signs_in(db)
        how(token)  # type: ignore[operator]
        assert (sessions.resolve(db, other, NOW) is None) == (how is not sign_out)
        return sessions.resolve(db, token, NOW) is None

    def sign_out(token: str) -> None:
        sessions.end(db, token, NOW)

    def deactivation(_: str) -> None:
        with command(db, actor=system_access("test"), action=Action.DEACTIVATE_ACCOUNT, at=NOW) as change:
            deactivate(change, account)

    def another_password(_: str) -> None:
        with command(db, actor=system_access("test"), action=Action.SET_PASSWORD, at=NOW) as change:
            set_password(change, account, PASSWORD)

    assert ends(sign_out)
    assert ends(another_password)
    assert ends(deactivation)
    assert refusal(db, PASSWORD).refusal is sign_in.Refusal.WRONG
    with command(db, actor=system_access("test"), action=Action.ACTIVATE_ACCOUNT, at=NOW) as change:
        activate(change, account)
    signs_in(db)


@pytest.mark.parametrize(("role", "idles"), [(AccountRole.CASEWORKER, True), (AccountRole.LEADER, False)])
def test_a_session_idles_out_unless_it_is_used_and_ends_with_the_day(
    db: Database, role: AccountRole, idles: bool
) -> None:
    new_account(db, role)
    token = signs_in(db)
    nearly, just = NOW + sessions.IDLE - timedelta(seconds=1), NOW + sessions.IDLE

    session = sessions.find(db, token, nearly)
    assert session is not None
    assert (sessions.resolve(db, token, just) is None) == idles
    sessions.touch(db, session.id, nearly)
    assert sessions.resolve(db, token, just) is not None
    end = NOW + sessions.ABSOLUTE
    sessions.touch(db, session.id, end - timedelta(seconds=1))
    assert sessions.resolve(db, token, end - timedelta(seconds=1)) is not None
    assert sessions.resolve(db, token, end) is None
    assert sessions.in_force(db, [session.id], end) == {}


def test_five_wrong_passwords_lock_a_name_for_a_quarter_of_an_hour_and_the_right_one_too(any_db: Database) -> None:
    new_account(any_db)
    for _ in range(sign_in.ATTEMPTS - 1):
        assert refusal(any_db, "wrong").refusal is sign_in.Refusal.WRONG

    locked = refusal(any_db, "wrong")
    assert (locked.refusal, locked.until) == (sign_in.Refusal.LOCKED, NOW + sign_in.LOCK)
    assert refusal(any_db, PASSWORD).sentence(translator("en")) == (
        "Too many wrong passwords: this name is locked until 17:16. An administrator can send a new link at once."
    )
    later = NOW + sign_in.LOCK
    assert refusal(any_db, "wrong", at=later).refusal is sign_in.Refusal.WRONG  # counts from one again
    assert sessions.resolve(any_db, signs_in(any_db, at=later), later) is not None


def test_a_name_that_nobody_has_is_refused_and_locked_like_any_other(db: Database) -> None:
    new_account(db)
    limits = sign_in.Throttles.new()

    known = [refusal(db, "wrong", throttles=limits).refusal for _ in range(7)]
    unknown = [refusal(db, "wrong", throttles=limits, name="nobody", address="10.0.0.8").refusal for _ in range(7)]

    assert known == [sign_in.Refusal.WRONG] * 4 + [sign_in.Refusal.LOCKED] * 3
    assert unknown == known


def test_an_address_is_slowed_down_whatever_names_it_tries(db: Database) -> None:
    new_account(db)
    limits = sign_in.Throttles.new()
    for n in range(30):
        refusal(db, "wrong", name=f"n{n}", throttles=limits)

    assert refusal(db, PASSWORD, throttles=limits).refusal is sign_in.Refusal.BUSY_ADDRESS
    signs_in(db, throttles=limits, address="10.0.0.9")
    signs_in(db, throttles=limits, at=NOW + sign_in.LOCK)


@given(gaps=st.lists(st.integers(0, 400), max_size=40), limit=st.integers(1, 6))
def test_a_throttle_blocks_for_a_window_after_the_limit_is_reached_within_one(gaps: list[int], limit: int) -> None:
    throttle, now, times = Throttle(limit, timedelta(seconds=900)), NOW, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        last = times[-limit:]
        is_full = len(last) == limit and last[-1] - last[0] < throttle.window
        until = throttle.blocked_until("key", now)
        assert until == (last[-1] + throttle.window if is_full and now < last[-1] + throttle.window else None)
        assert throttle.blocked_until("other", now) is None
        if until is None:
            if times and times[-1] <= now - throttle.window:
                times.clear()
            throttle.failed("key", now)
            times.append(now)


def test_a_link_is_valid_once_and_for_a_day_and_lifts_a_lock(any_db: Database) -> None:
    account = new_account(any_db)
    for _ in range(sign_in.ATTEMPTS):
        refusal(any_db, "wrong")
    with command(any_db, actor=system_access("test"), action=Action.RESET_LINK, at=NOW) as change:
        older = link_for(change, account)
        token = link_for(change, account)

    assert usable_link(any_db, older, NOW) is None
    assert usable_link(any_db, token, NOW + timedelta(hours=24)) is None
    link = usable_link(any_db, token, NOW)
    assert link is not None
    assert (link.account_id, link.sign_in_name) == (account, "xu")
    with command(any_db, actor=system_access("许xu"), action=Action.SET_PASSWORD, at=NOW) as change:
        use_link(change, token, "Another phrase 7")
    signs_in(any_db, "Another phrase 7")
    assert usable_link(any_db, token, NOW) is None
    with (
        pytest.raises(NotFound),
        command(any_db, actor=system_access("许xu"), action=Action.SET_PASSWORD, at=NOW) as change,
    ):
        use_link(change, token, "A third phrase 8")


def test_the_first_administrator_comes_by_link_and_closes_that_door(db: Database) -> None:
    with command(db, actor=system_access("start"), action=Action.FIRST_LINK, at=NOW) as change:
        token = link_for(change, None)
    first = NewAccount("wang", "王主任", AccountRole.ADMINISTRATOR)
    with command(db, actor=system_access("王主任"), action=Action.FIRST_LINK, at=NOW) as change:
        use_link(change, token, PASSWORD, first)
    with command(db, actor=system_access("start"), action=Action.FIRST_LINK, at=NOW) as change:
        second = link_for(change, None)

    assert sessions.resolve(db, signs_in(db, name="wang"), NOW) is not None
    assert usable_link(db, second, NOW) is None


def test_names_are_unique_and_the_last_administrator_stays(db: Database) -> None:
    admin = new_account(db, AccountRole.ADMINISTRATOR, "admin")
    with (
        pytest.raises(AccountRefused),
        command(db, actor=system_access("test"), action=Action.ADD_ACCOUNT, at=NOW) as change,
    ):
        add(change, NewAccount("ＡＤＭＩＮ", "另一人", AccountRole.LEADER))
    for attempt in (deactivate, lambda change, key: set_role(change, key, AccountRole.LEADER)):
        with (
            pytest.raises(AccountRefused),
            command(db, actor=system_access("test"), action=Action.SET_ROLE, at=NOW) as change,
        ):
            attempt(change, admin)
    new_account(db, AccountRole.ADMINISTRATOR, "second")
    with command(db, actor=system_access("test"), action=Action.DEACTIVATE_ACCOUNT, at=NOW) as change:
        deactivate(change, admin)


def test_neither_the_log_nor_the_store_holds_a_password_or_a_token(db: Database) -> None:
    account = new_account(db)
    with command(db, actor=system_access("test"), action=Action.RESET_LINK, at=NOW) as change:
        link = link_for(change, account)
    with command(db, actor=system_access("test"), action=Action.SET_PASSWORD, at=NOW) as change:
        use_link(change, link, "Another phrase 7")
    refusal(db, PASSWORD)
    refusal(db, PASSWORD, name="My secret typed in the wrong box")
    token = signs_in(db, "Another phrase 7")
    with db.write(raises_revision=False) as session:
        stored = session.get_one(Account, account).password_hash
        hashes = list(session.scalars(select(SignInSession.token_sha256)))

    log = json.dumps([[e.actor, e.action, e.before, e.after] for e in events(db)])
    assert stored is not None
    assert stored.startswith("$argon2id$")
    assert digest(token) in hashes
    for secret in ("$argon2", PASSWORD, "Another phrase", token, link, digest(token), digest(link), "wrong box"):
        assert secret not in log
    assert [e.action for e in events(db)][-3:] == ["sign_in_failed", "sign_in_failed", "sign_in"]


def test_signing_in_and_out_is_logged_without_raising_the_revision(any_db: Database) -> None:
    new_account(any_db)
    before, count = any_db.revision(), len(events(any_db))

    token = signs_in(any_db)
    refusal(any_db, "wrong")
    session = sessions.find(any_db, token, NOW)
    assert session is not None
    sessions.touch(any_db, session.id, NOW)
    sessions.end(any_db, token, NOW)

    assert any_db.revision() == before
    assert [e.action for e in events(any_db)][count:] == ["sign_in", "sign_in_failed", "sign_out"]


def test_a_hash_of_older_parameters_is_made_anew_at_the_next_sign_in(db: Database) -> None:
    from argon2 import PasswordHasher

    account = new_account(db)
    with db.write(raises_revision=False) as session:
        session.get_one(Account, account).password_hash = PasswordHasher(2, 16, 1).hash(PASSWORD)

    signs_in(db)

    with db.read() as connection:
        row = queries.account_by_sign_in_name(connection, "xu")
    assert row is not None
    assert not passwords.needs_rehash(row.password_hash)
    signs_in(db)


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("short 7A", False),
        ("lettersonly", False),
        ("letters and 7", True),
        ("Aa1!Aa1!Aa1!", False),
        ("a phrase without any digits", True),
        ("Xu.Xiaoman 2026", False),
        ("x" * 200, False),
        ("荷风Lotus二零二六07", True),
    ],
)
def test_the_rules_for_a_password_are_said_in_a_sentence(password: str, is_good: bool) -> None:
    for lang in ("zh_CN", "en"):
        said = passwords.fault(password, names=("xu.xiaoman", "许小满"), tr=translator(lang))
        assert (said is None) == is_good
        assert said is None or len(said) > 8


def test_the_demonstration_opens_by_a_click_until_the_store_is_emptied(db: Database) -> None:
    with command(db, actor=system_access("演示数据"), action=Action.IMPORT, at=NOW) as change:
        save_setting(change, "demo", "1")
        account = add(change, NewAccount("demo", "许小满", AccountRole.LEADER, is_demonstration=True))
    token = sign_in.by_demonstration(db, account_id=account, address="-", now=NOW)
    assert sessions.resolve(db, token, NOW) is not None
    assert refusal(db, "", name="demo").refusal is sign_in.Refusal.WRONG
    real = new_account(db)

    with command(db, actor=system_access("test"), action=Action.IMPORT, at=NOW) as change:
        save_setting(change, "demo", "0")
    assert sessions.resolve(db, token, NOW) is None
    with command(db, actor=system_access("test"), action=Action.IMPORT, at=NOW) as change:
        save_setting(change, "demo", "1")
    empty(db, actor=administrator(), at=NOW, allow_real=True)

    assert sessions.resolve(db, token, NOW) is None
    with pytest.raises(sign_in.SignInRefused):
        sign_in.by_demonstration(db, account_id=account, address="-", now=NOW)
    with pytest.raises(sign_in.SignInRefused):
        sign_in.by_demonstration(db, account_id=real, address="-", now=NOW)
    assert sessions.resolve(db, signs_in(db), NOW) is not None  # real people stay


def test_a_person_of_the_identity_provider_has_the_role_of_our_account(db: Database) -> None:
    account = new_account(db, AccountRole.AUDITOR, email="Xu@Example.cn")

    def signs_in_as(subject: str, email: str | None) -> Access | None:
        token = sign_in.by_openid(db, subject=subject, verified_email=email, who="x", address="-", now=NOW)
        return sessions.resolve(db, token, NOW)

    with pytest.raises(sign_in.SignInRefused):
        signs_in_as("s-1", None)  # the e-mail is not verified
    expected = Access(account, "许xu", AccountRole.AUDITOR, None)
    assert signs_in_as("s-1", "xu@example.cn") == expected
    assert signs_in_as("s-1", "new@example.cn") == expected  # the subject is known from now on
    with pytest.raises(sign_in.SignInRefused):
        signs_in_as("s-2", "xu@example.cn")  # another person with the same mailbox
