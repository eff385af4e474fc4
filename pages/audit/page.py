"""The audit log: who did what when, by person, colleague, table, action or day; whether it is whole."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.audit import queries
from core.audit.queries import Filter
from core.audit.wording import action_name, entity_name, event_table
from core.dispatch.weekly_sheet import LINES
from core.enterprises.goalposts import INDICATORS as MONITORED
from core.indicators.registry import INDICATORS
from core.locale import N_, Translator
from pages import cache
from pages.audit.check import checks
from pages.audit.personal_rights import personal_rights
from pages.common.heading import heading
from pages.common.query_params import url_part
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["render"]

FIRST = (N_("When"), N_("Who"), N_("Operation"))  # on a phone
SIZE = 50  # events on a page
PARTS = {"log": N_("Log entries"), "verify": N_("Verification"), "rights": N_("Personal rights")}


def render(view: View) -> None:
    """One part at a time, chosen at the top."""
    tr, top = view.tr, st.container()
    part = url_part(tr("Section"), {code: tr(title) for code, title in PARTS.items()}, key=Key.AUDIT_PART)
    count = cache.audit.count(view.revision)
    with top:
        heading(
            tr.plural("{n} event in the audit log", "{n} events in the audit log", count),
            tr("Every change with who made it, newest first; names and phones are masked. Times of the bureau."),
        )
    {"log": _log, "verify": checks, "rights": personal_rights}[part or "log"](view)


def _log(view: View) -> None:
    tr = view.tr
    wanted = _filter(view)
    if st.session_state.get(Key.AUDIT_FILTER) != wanted:  # another question begins at its newest event
        st.session_state[Key.AUDIT_FILTER] = wanted
        st.session_state[Key.AUDIT_PAGES] = []
    starts: list[int] = st.session_state[Key.AUDIT_PAGES]
    with cache.store.database().read() as connection:
        events, has_more = queries.page(connection, wanted, SIZE, older_than=starts[-1] if starts else None)
    if not events:
        st.write(tr("No event fits."))
        return
    table = event_table(events, cache.data.vocabulary(view.revision), tr, _indicators(tr))
    show_table(
        view,
        table,
        tr("Events of the audit log"),
        first=FIRST,
        config={tr("Before → after"): st.column_config.TextColumn(width="large")},
        height=560,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(tr("Newer"), disabled=not starts, icon=":material/arrow_back:", key=Key.AUDIT_NEWER):
            starts.pop()
            st.rerun()
        if st.button(tr("Older"), disabled=not has_more, icon=":material/arrow_forward:", key=Key.AUDIT_OLDER):
            starts.append(int(events[-1]["id"]))
            st.rerun()
        st.caption(tr("Events {first} to {last}", first=events[0]["id"], last=events[-1]["id"]), width="content")


def _indicators(tr: Translator) -> dict[str, str]:
    """Names of indicators by what rows call them: lines of the weekly sheet by their own name, others by code."""
    lines = {line.sheet_name: line.label(tr) for line in LINES.values()}
    return lines | {own.code: tr(own.name) for own in (*INDICATORS.values(), *MONITORED)}


def _filter(view: View) -> Filter:
    tr = view.tr
    with st.container(horizontal=True, vertical_alignment="bottom"):
        person = st.number_input(
            tr("Person (No.)"), min_value=1, value=None, step=1, placeholder=tr("all"), key=Key.AUDIT_PERSON, width=140
        )
        actor = st.selectbox(
            tr("Who"),
            cache.audit.actors(view.revision),
            index=None,
            placeholder=tr("all"),
            key=Key.AUDIT_ACTOR,
            width=150,
        )
        entity = st.selectbox(
            tr("Records"),
            cache.audit.entities(view.revision),
            index=None,
            placeholder=tr("all"),
            format_func=lambda code: entity_name(code, tr),
            key=Key.AUDIT_ENTITY,
            width=190,
        )
        action = st.selectbox(
            tr("Operation"),
            cache.audit.actions(view.revision),
            index=None,
            placeholder=tr("all"),
            format_func=lambda code: action_name(code, tr),
            key=Key.AUDIT_ACTION,
            width=190,
        )
        day = st.date_input(tr("Day"), value=None, key=Key.AUDIT_DAY, width=150)
    chosen = day if isinstance(day, date) else None
    return Filter(None if person is None else int(person), actor, entity, action, chosen)
