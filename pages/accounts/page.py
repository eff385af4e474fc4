"""Who may sign in, as what: add, change the role, deactivate, and hand out the link that sets a password."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from core.accounts import commands, queries
from core.accounts.commands import NewAccount
from core.districts.commands import set_districts
from core.locale import N_
from core.policy import Action
from core.staff import public_url
from core.store.commands import Change
from core.terms import AccountRole
from pages import cache
from pages.common import signed_in
from pages.common.dialogs import open_dialog
from pages.common.escape import md_escape
from pages.common.heading import heading
from pages.common.query_params import url_choice
from pages.common.saving import announce, attempt
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["render"]

FIRST = (N_("Full name"), N_("Role"), N_("State"))  # on a phone


def render(view: View) -> None:
    """The list; below it the changes of the account that is chosen, beside the form for a new one."""
    tr = view.tr
    with cache.store.database().read() as connection:
        accounts = {row.id: row for row in queries.accounts(connection, view.access.district)}
        last_sign_ins = queries.last_sign_ins(connection)
        caseworkers = [key for key, row in accounts.items() if row.role is AccountRole.CASEWORKER]
        communities = queries.communities_of(connection, caseworkers)
        names = {row.id: row.name for row in queries.communities_with_codes(connection)}
        city = _city(view, queries.districts_of(connection, accounts if view.access.district else ()))
        is_guest = view.access.account_id is not None and accounts[view.access.account_id].is_demonstration
    own = [row for row in accounts.values() if row.active and not row.is_demonstration]
    heading(
        tr("The demonstration opens by a click; nobody has an account of their own yet")
        if view.district.demo and not own
        else tr.plural("{n} person can sign in", "{n} people can sign in", len(own)),
        tr("A password is chosen by the person, through a link that works once; nobody sees it here."),
    )
    table = _table(view, accounts, last_sign_ins, communities, names, city)
    show_table(view, table, tr("Accounts"), first=FIRST, height="auto", placeholder="")
    if is_guest:
        st.info(tr(commands.DEMONSTRATION), icon=":material/info:")
        return
    left, right = st.columns(2, gap="large")
    with left:
        _change(view, accounts, communities, names, city)
    with right:
        _new(view, names)
    _show_link(view)


@dataclass(frozen=True)
class _City:
    """The districts of the city as this page may name them: ``own``, those of who looks, key → name; and of each account."""

    own: Mapping[str, str]
    of_account: Mapping[int, frozenset[str]]


def _city(view: View, districts: Mapping[int, Mapping[str, queries.AnyRow]]) -> _City | None:
    """None in a store of one district."""
    if view.access.district is None:
        return None
    own = signed_in.districts(view.access)
    names = {key: row.name_en if view.tr.is_english else row.name for key, row in own.items()}
    return _City(names, {account: frozenset(rows) for account, rows in districts.items()})


def _table(
    view: View,
    accounts: Mapping[int, queries.AnyRow],
    last_sign_ins: Mapping[int, datetime],
    communities: Mapping[int, frozenset[int]],
    names: Mapping[int, str],
    city: _City | None,
) -> pd.DataFrame:
    """The accounts as the screen shows them."""
    tr = view.tr
    return pd.DataFrame(
        [
            {
                tr("Sign-in name"): row.sign_in_name,
                tr("Full name"): row.name,
                tr("Role"): tr.term(row.role),
                **({} if city is None else {tr("Districts open to the account"): _districts_of(view, city, key)}),
                tr("Communities"): tr.join(tr.name(names[each]) for each in sorted(communities.get(key, ())))
                or ("—" if row.role is AccountRole.CASEWORKER else tr("all")),
                tr("State"): _state(view, row),
                tr("Signs in by"): tr("one click")
                if row.is_demonstration
                else tr("password")
                if row.has_password
                else tr("identity provider")
                if row.subject or row.email
                else tr("no password yet"),
                tr("Last sign-in"): tr.time(last_sign_ins[key]) if key in last_sign_ins else "—",
            }
            for key, row in accounts.items()
        ]
    )


NAMED = 3  # districts of an account that the list names; more are counted


def _districts_of(view: View, city: _City, account: int) -> str:
    """Those that who looks may open, by name as long as they are few, and how many others."""
    tr, theirs = view.tr, city.of_account.get(account, frozenset())
    named = [name for key, name in city.own.items() if key in theirs]
    if len(named) > NAMED:
        named = [tr.plural("{n} district", "{n} districts", len(named))]
    others = len(theirs - city.own.keys())
    return tr.join([*named, *([tr.plural("{n} other district", "{n} other districts", others)] if others else [])])


def _state(view: View, row: queries.AnyRow) -> str:
    tr = view.tr
    if row.is_demonstration and not view.district.demo:
        return tr("closed with the demonstration")
    if not row.active:
        return tr("deactivated")
    if row.locked_until is not None and row.locked_until > datetime.now(UTC):
        return tr("locked until {time}", time=tr.time(row.locked_until))
    return tr("active")


def _change(
    view: View,
    accounts: Mapping[int, queries.AnyRow],
    communities: Mapping[int, frozenset[int]],
    names: Mapping[int, str],
    city: _City | None,
) -> None:
    """Role, districts, state and link of one account."""
    tr = view.tr
    st.subheader(tr("Change an account"), anchor=False)
    key = url_choice(
        st.selectbox,
        tr("Account"),
        "account",
        [key for key, row in accounts.items() if not row.is_demonstration],
        None,
        key=Key.ACCOUNTS_CHOSEN,
        format_func=lambda key: f"{accounts[key].name} · {accounts[key].sign_in_name}",
        placeholder=tr("Choose an account"),
        label_visibility="collapsed",
    )
    if key is None:
        return
    row = accounts[key]
    if view.may(Action.SET_ROLE):
        role = st.selectbox(
            tr("Role"),
            list(AccountRole),
            index=list(AccountRole).index(row.role),
            format_func=tr.term,
            key=Key.ACCOUNTS_ROLE.of(key),
        )
        own = _communities(view, role, names, sorted(communities.get(key, ())), key=Key.ACCOUNTS_COMMUNITIES.of(key))
        is_new = role is not row.role or set(own) != communities.get(key, frozenset())
        if st.button(tr("Save the role"), key=Key.ACCOUNTS_SAVE.of(key), disabled=not is_new):
            _do(view, Action.SET_ROLE, lambda change: commands.set_role(change, key, role, own), tr("Role saved."))
    if city is not None and key != view.access.account_id and view.may(Action.ALLOW_DISTRICT):
        _change_districts(view, city, key)
    with st.container(horizontal=True):
        if row.active and view.may(Action.RESET_LINK) and st.button(tr("New link"), key=Key.ACCOUNTS_LINK.of(key)):
            _do(view, Action.RESET_LINK, lambda change: _keep_link(change, key, row.name))
        can_close = row.active and view.may(Action.DEACTIVATE_ACCOUNT)
        closing = Key.ACCOUNTS_DEACTIVATE.of(key)
        if can_close and st.button(tr("Deactivate"), key=closing, help=tr("Ends every open session.")):
            done = tr("{name} can no longer sign in.", name=md_escape(row.name))
            _do(view, Action.DEACTIVATE_ACCOUNT, lambda change: commands.deactivate(change, key), done)
        can_open = not row.active and view.may(Action.ACTIVATE_ACCOUNT)
        if can_open and st.button(tr("Activate"), key=Key.ACCOUNTS_ACTIVATE.of(key)):
            done = tr("{name} can sign in again.", name=md_escape(row.name))
            _do(view, Action.ACTIVATE_ACCOUNT, lambda change: commands.activate(change, key), done)


def _change_districts(view: View, city: _City, key: int) -> None:
    """Which of the districts of who looks the account may open; nothing where there is no choice."""
    tr, theirs = view.tr, city.of_account.get(key, frozenset())
    if len(theirs | city.own.keys()) < 2:
        return
    chosen = st.multiselect(
        tr("Districts open to the account"),
        list(city.own),
        default=[each for each in city.own if each in theirs],
        format_func=city.own.__getitem__,
        placeholder=tr("Choose districts"),
        help=tr("Those that are open to you. The role is the same in all of them."),
        key=Key.ACCOUNTS_DISTRICTS.of(key),
    )
    is_new = set(chosen) != theirs & city.own.keys()
    if st.button(tr("Save the districts"), key=Key.ACCOUNTS_SAVE_DISTRICTS.of(key), disabled=not is_new):
        done = tr("Districts saved.")
        _do(view, Action.ALLOW_DISTRICT, lambda change: set_districts(change, key, chosen), done)


def _new(view: View, names: Mapping[int, str]) -> None:
    """The form for a new account."""
    tr = view.tr
    if not view.may(Action.ADD_ACCOUNT):
        return
    st.subheader(tr("Add an account"), anchor=False)
    name = st.text_input(tr("Full name"), **at_most(tr, 40), key=Key.ACCOUNTS_NEW.of("name"))
    sign_in_name = st.text_input(tr("Sign-in name"), **at_most(tr, 60), key=Key.ACCOUNTS_NEW.of("sign_in_name"))
    role = st.selectbox(
        tr("Role"),
        list(AccountRole),
        index=list(AccountRole).index(AccountRole.CASEWORKER),
        format_func=tr.term,
        key=Key.ACCOUNTS_NEW.of("role"),
    )
    own = _communities(view, role, names, [], key=Key.ACCOUNTS_NEW.of("communities"))
    email = st.text_input(
        tr("E-mail, where an identity provider signs people in"), **at_most(tr, 120), key=Key.ACCOUNTS_NEW.of("email")
    )
    if st.button(tr("Add"), type="primary", key=Key.ACCOUNTS_NEW.of("add")):
        new = NewAccount(sign_in_name, name, role, own, email=email.strip() or None)
        _do(view, Action.ADD_ACCOUNT, lambda change: _keep_link(change, commands.add(change, new), new.name))


def _communities(view: View, role: AccountRole, names: Mapping[int, str], own: list[int], *, key: str) -> list[int]:
    """Those that a caseworker works with; other roles are not tied to any."""
    if role is not AccountRole.CASEWORKER:
        return []
    tr = view.tr
    return st.multiselect(
        tr("Communities"),
        list(names),
        default=own,
        format_func=lambda each: tr.name(names[each]),
        placeholder=tr("Choose communities"),
        key=key,
    )


def _keep_link(change: Change, account_id: int, name: str) -> None:
    """A link for the account, to be shown at the end of the next run and never again."""
    st.session_state[Key.ACCOUNTS_NEW_LINK] = (name.strip(), commands.link_for(change, account_id))


def _do(view: View, action: Action, what: Callable[[Change], object], done: str = "") -> None:
    """Run one audited change, and the page again with what came of it."""
    if attempt(view, action, what) is None:
        st.session_state.pop(Key.ACCOUNTS_NEW_LINK, None)
    else:
        announce(done)


def _show_link(view: View) -> None:
    """The link that was just made, once."""
    tr = view.tr
    name, token = st.session_state.pop(Key.ACCOUNTS_NEW_LINK, ("", ""))
    if not token:
        return
    here = urlsplit(st.context.url or "")
    address = public_url(f"{here.scheme}://{here.netloc}") if here.netloc else public_url()

    def body() -> None:
        st.code(f"{address}/link/{token}", language=None, wrap_lines=True)
        st.write(
            tr("Send it to {name} alone. It works once, for 24 hours, and is not shown again.", name=md_escape(name))
        )

    open_dialog(tr("Link to choose a password"), body)
