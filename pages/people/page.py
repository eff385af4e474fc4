"""Who waits, for how long, for what? The pool, and one person's page (`?person=`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd
import streamlit as st

from core.people import pool
from core.terms import HardshipKind, PersonState, SkillDomain
from pages import cache
from pages.common.drilldown import table
from pages.common.heading import empty_state, heading
from pages.common.query_params import query_param, set_query_param
from pages.common.session_keys import Key
from pages.common.view import View
from pages.people.person import show_person

__all__ = ["render"]

T = TypeVar("T")
WAITS = (0, 30, 90, 180, 365)
COLUMNS = [
    "id",
    "person",
    "community",
    "state",
    "days_waiting",
    "plan",
    "readiness",
    "skills",
    "last_visit",
    "next_visit",
]


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
    person = query_param("person")
    if person.isdigit() and int(person) in set(cache.people.pool(view.revision, view.today)["id"]):
        show_person(view, int(person))
    else:
        _pool(view)


def _pool(view: View) -> None:
    tr = view.tr
    everyone = cache.people.pool(view.revision, view.today)
    seeking = everyone[everyone["state"] == PersonState.SEEKING]
    half = int(seeking["days_waiting"].median()) if len(seeking) else 0
    heading(
        tr.plural(
            "{n} person is seeking work; the median wait is {days} days",
            "{n} people are seeking work; the median wait is {days} days",
            len(seeking),
            days=tr.number(half),
        ),
        tr("District pool as of {day}. Names are masked; open a person to see more.", day=tr.day(view.today)),
    )
    chosen = _filters(view)
    found = pool.apply(everyone, chosen)
    st.markdown(f"**{pool.in_words(tr, chosen, len(found))}**")
    _list(view, found)


def _filters(view: View) -> list[pool.Filter]:
    tr = view.tr
    communities = dict(cache.overview.facts(view.revision).communities[["id", "name"]].itertuples(index=False))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(tr("Name or phone"), key=Key.PERSON_SEARCH, icon=":material/search:", width=200)
        state = _choice(view, "state", tr("State"), list(PersonState), tr.term, default=PersonState.SEEKING)
        community = _choice(view, "community", tr("Community"), list(communities), lambda c: communities[c])
        domain = _choice(view, "domain", tr("Skilled in"), list(SkillDomain), tr.term)
        hardship = _choice(view, "hardship", tr("Hardship"), list(HardshipKind), tr.term)
        waiting = _choice(view, "waiting", tr("Waiting at least"), list(WAITS[1:]), lambda d: tr("{n} days", n=d))
        without_plan = st.checkbox(
            tr("Without a live plan"), value=query_param("no_plan") == "1", key=Key.FILTER.of("no_plan")
        )
        set_query_param("no_plan", "1" if without_plan else "")
    watch = query_param("watch")
    return pool.filters(
        tr,
        states=[state] if state and not watch else [],
        community=(community, communities[community]) if community else None,
        domain=(domain, cache.people.skilled_in(view.revision, domain)) if domain else None,
        hardship=(hardship, cache.people.with_hardship(view.revision, hardship)) if hardship else None,
        waiting_days=waiting or 0,
        without_plan=without_plan,
        search=search,
        among=cache.people.watched(view.revision, view.today, watch, tr) if watch else None,
    )


def _choice(
    view: View, name: str, label: str, options: Sequence[T], text: Callable[[T], str], default: T | None = None
) -> T | None:
    """A select box whose code stands in the address."""
    codes = [str(option) for option in options]
    wanted = query_param(name, str(default) if default else "")
    index = codes.index(wanted) if wanted in codes else None
    picked = st.selectbox(
        label, options, index=index, format_func=text, placeholder=view.tr("all"), key=Key.FILTER.of(name), width=170
    )
    set_query_param(name, "all" if picked is None and default else picked, default or "")
    return picked


def _list(view: View, found: pd.DataFrame) -> None:
    tr = view.tr
    shown = found.assign(person=found["name"])[COLUMNS]
    picked = table(view, shown.drop(columns="id"), "pool", height=560, select=True)
    if picked is not None:
        st.query_params["person"] = str(int(shown["id"].iloc[picked]))
        st.rerun()
    st.caption(tr("Select a row to open the person."))
