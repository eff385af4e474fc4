"""Who waits, for how long, for what? The pool, and one person's page (`?person=`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.locale import N_
from core.people import pool
from core.policy import Action, Field, Sight
from core.terms import HardshipKind, PersonState, SkillDomain
from pages import cache
from pages.common import scope
from pages.common.columns import names_by_id
from pages.common.drilldown import table
from pages.common.escape import md_escape
from pages.common.heading import empty_state, heading
from pages.common.query_params import query_param, set_query_param, url_choice, url_part, url_switch
from pages.common.session_keys import Key
from pages.common.view import View
from pages.people.duplicates import duplicates
from pages.people.merge import in_scope, show_merge
from pages.people.new_person import new_person_button
from pages.people.person import show_person
from pages.people.reveal import forget

__all__ = ["render"]

Option = TypeVar("Option")

POOL, DUPLICATES = "pool", "duplicates"
PARTS = {POOL: N_("Job-seeker pool"), DUPLICATES: N_("Recorded twice?")}
WAITS = (30, 90, 180, 365)  # days
COLUMNS = [
    "person_id",
    "state",
    "days_waiting",
    "plan",
    "readiness",
    "skills",
    "last_visit",
    "next_visit",
]
FIRST = ["person", "days_waiting"]  # on a phone


def render(view: View) -> None:
    """The pool, or one person when the address names one."""
    tr = view.tr
    if view.is_empty:
        heading(tr("Job-seeker pool"))
        empty_state(
            tr,
            tr(
                "This page lists everyone who is seeking work: how long they have waited, their plan, skills and next visit."
            ),
        )
    person = _current_number(view, query_param("person"))
    if person is not None and view.may(Action.READ_PERSON) and scope.holds(view, person):
        show_person(view, person)
        return
    forget()
    if not view.may(Action.MERGE_PEOPLE):
        _pool(view, st.container())
        return
    compared = in_scope(view, query_param("merge"))
    if compared:
        show_merge(view, compared)
        return
    top = st.container()
    part = url_part(tr("Section"), {code: tr(title) for code, title in PARTS.items()}, key=Key.PEOPLE_PART)
    if part == DUPLICATES:
        duplicates(view, top)
    else:
        _pool(view, top)


def _current_number(view: View, text: str) -> int | None:
    """The number that an address names; of a record that was merged, that of the person now, which the address then says."""
    if not text.isdecimal():
        return None
    number = int(text)
    now = cache.people.former_numbers(view.revision).get(number, number)
    if now != number:
        set_query_param("person", now)
    return now


def _pool(view: View, top: DeltaGenerator) -> None:
    """The list under its filters; the title, at the ``top``, says what it lists."""
    tr = view.tr
    new_person_button(view)
    conditions = _filters(view)
    rows = pool.apply(scope.pool(view), conditions)
    with top:
        heading(
            md_escape(pool.describe(tr, conditions, len(rows))),
            " · ".join(
                filter(
                    None,
                    [
                        pool.describe_wait(tr, rows),
                        tr("People of your communities as of {day}; names are masked.", day=tr.day(view.today))
                        if scope.is_limited(view)
                        else tr("District pool as of {day}; names are masked.", day=tr.day(view.today)),
                    ],
                )
            ),
        )
    _list(view, rows)


def _filters(view: View) -> list[pool.Filter]:
    """The bar of filters, each kept in the address but for the search, which may be a name."""
    tr = view.tr
    communities = names_by_id(cache.overview.facts(view.revision).communities)
    own = scope.community_names(view)
    if own is not None:
        communities = {key: name for key, name in communities.items() if name in own}
    may_search_phones = view.sees(Field.PHONE) is not Sight.HIDDEN
    watch = _watch(view)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if watch is not None:
            st.button(
                watch[0],
                icon=":material/close:",
                key=Key.FILTER.of("watch"),
                on_click=_clear_watch,
                help=tr("Remove this filter"),
            )
        search = st.text_input(
            tr("Name, phone or number") if may_search_phones else tr("Name or number"),
            key=Key.PERSON_SEARCH,
            icon=":material/search:",
            help=tr("Looks in what is shown: a full name finds everyone who is shown alike when masked."),
            width=200,
        )
        state = _choice(
            tr("State"), "state", list(PersonState), tr.term, view, default=None if watch else PersonState.SEEKING
        )
        community = _choice(
            tr("Community"), "community", list(communities), lambda key: tr.name(communities[key]), view
        )
        domain = _choice(tr("Skilled in"), "domain", list(SkillDomain), tr.term, view)
        hardship = _choice(tr("Hardship"), "hardship", list(HardshipKind), tr.term, view)
        waiting = _choice(tr("Waiting at least"), "waiting", list(WAITS), lambda days: tr("{n} days", n=days), view)
        without_plan = url_switch(tr("Without a live plan"), "no_plan", key=Key.FILTER.of("no_plan"))
    return pool.filters(
        tr,
        state=state,
        community=(community, tr.name(communities[community])) if community else None,
        domain=(domain, cache.people.skilled_in(view.revision, domain)) if domain else None,
        hardship=(hardship, cache.people.with_hardship(view.revision, hardship)) if hardship else None,
        waiting_days=waiting or 0,
        without_plan=without_plan,
        search=search,
        search_phones=may_search_phones,
        former_numbers=cache.people.former_numbers(view.revision),
        watch=watch,
    )


def _choice(
    label: str,
    name: str,
    options: Sequence[Option],
    format_func: Callable[[Option], str],
    view: View,
    default: Option | None = None,
) -> Option | None:
    """A select box that may be left open for all."""
    return url_choice(
        st.selectbox,
        label,
        name,
        options,
        default,
        key=Key.FILTER.of(name),
        index=None,
        format_func=format_func,
        placeholder=view.tr("all"),
        width=170,
    )


def _watch(view: View) -> tuple[str, pd.Series] | None:
    """The watch of the attention list that the address names."""
    code = query_param("watch")
    watched = cache.people.watched(view.revision, view.today, code, view.tr) if code else None
    if watched is None:
        set_query_param("watch", None)
    return watched


def _clear_watch() -> None:
    """Back to the pool as it opens: everyone who is seeking work."""
    for name in ("watch", "state"):
        set_query_param(name, None)
        st.session_state.pop(Key.FILTER.of(name), None)


def _list(view: View, rows: pd.DataFrame) -> None:
    tr = view.tr
    columns = [*COLUMNS, "since"] if "since" in rows.columns else COLUMNS
    may_open = view.may(Action.READ_PERSON)
    picked = table(
        view, rows.rename(columns={"id": "person_id"})[columns], "pool", height=560, select=may_open, first=FIRST
    )
    if picked is not None:
        set_query_param("person", int(picked["person_id"].iloc[0]))
        st.rerun()
    if may_open:
        st.caption(tr("Select a row to open the person."))
