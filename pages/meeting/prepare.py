"""Prepare: the agenda that wrote itself; order, time, notes and drops are edited in one table and saved for the week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from core.dispatch.agenda import AgendaItem
from core.dispatch.meetings import MeetingClosed, save_agenda
from core.dispatch.what_if_slides import MAP_PIN, PRESET_PIN, WORKSHOP_PIN
from core.locale import Translator
from core.policy import Action
from core.store.commands import Conflict
from core.terms import ScenarioKind
from pages import cache
from pages.common.columns import on_screen
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.meeting.weeks import MeetingWeek

__all__ = ["prepare"]

FIRST = ("order", "minutes", "is_on", "title")  # on a phone


def prepare(view: View, week: MeetingWeek) -> None:
    """The agenda of the week, what-ifs to pin, and the way to present it."""
    tr = view.tr
    total = sum(item.minutes for item in week.programme)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            tr("**{n} items, {minutes} minutes**", n=len(week.programme), minutes=tr.number(total)), width="content"
        )
        if week.version is None:
            st.caption(tr("Written from the frozen week; not edited yet."), width="content")
        st.space("stretch")
        st.page_link(
            st.session_state[Key.PAGES]["meeting"],
            label=tr("Present"),
            icon=":material/slideshow:",
            query_params={"present": "1", "slide": "1", "week": week.iso_week},
        )
    if week.is_closed or not view.may(Action.SAVE_AGENDA):
        _table(view, week)
        return
    edited = _editor(view, week)
    left, right = st.columns(2)
    with left:
        if st.button(tr("Save the agenda"), key=Key.AGENDA_SAVE, type="primary"):
            _save(view, week, edited)
    with right:
        _pins(view, week, edited)


def _table(view: View, week: MeetingWeek) -> None:
    show_table(view, _frame(view, week), view.tr("agenda"), first=FIRST, config=_columns(view.tr), placeholder="")


def _frame(view: View, week: MeetingWeek) -> pd.DataFrame:
    tr = view.tr
    return pd.DataFrame(
        {
            "order": range(1, len(week.agenda) + 1),
            "title": [
                (tr("carried over: ") if item.is_carried else "") + week.slides[item.code].title for item in week.agenda
            ],
            "section": [week.slides[item.code].section for item in week.agenda],
            "minutes": [item.minutes for item in week.agenda],
            "note": [item.note for item in week.agenda],
            "is_on": [not item.is_dropped for item in week.agenda],
        }
    )


def _columns(tr: Translator) -> dict[str, Any]:
    """How the columns of the agenda are headed and typed."""
    return {
        "order": st.column_config.NumberColumn(
            tr("Sequence"), min_value=0, max_value=99, step=0.5, format="%g", width=70
        ),
        "title": st.column_config.TextColumn(tr("What the slide says"), width="large"),
        "section": st.column_config.TextColumn(tr("Part"), width="small"),
        "minutes": st.column_config.NumberColumn(
            tr("Minutes"), min_value=0.5, max_value=60, step=0.5, format="%g", width=80
        ),
        "note": st.column_config.TextColumn(tr("Note for the speaker"), max_chars=200, width="medium"),
        "is_on": st.column_config.CheckboxColumn(tr("Present it"), width=80),
    }


def _editor(view: View, week: MeetingWeek) -> list[AgendaItem]:
    """The agenda as the table says it; nothing is stored before it is saved."""
    table = _frame(view, week)
    frame = st.data_editor(
        table,
        key=Key.AGENDA_EDIT.of(week.header.seal[:8], week.version or 0),
        hide_index=True,
        placeholder="",
        num_rows="fixed",
        height="content",
        disabled=("title", "section"),
        **on_screen(view, table, _columns(view.tr), first=FIRST),
    )
    items = [
        replace(
            item,
            minutes=float(row["minutes"] or item.minutes),
            note=str(row["note"] or ""),
            is_dropped=not row["is_on"],
        )
        for item, row in zip(week.agenda, frame.to_dict("records"), strict=True)
    ]
    places = [float(row["order"] or 0) for row in frame.to_dict("records")]
    return [items[k] for k in sorted(range(len(items)), key=lambda k: (places[k], k))]


def _save(view: View, week: MeetingWeek, items: Sequence[AgendaItem]) -> None:
    tr = view.tr
    try:
        save_agenda(
            cache.store.database(),
            week.iso_week,
            items,
            version=week.version,
            actor=view.access,
            at=datetime.now(UTC),
        )
    except Conflict:
        st.error(tr("Somebody saved this agenda meanwhile. Reload the page and edit theirs."))
    except MeetingClosed:
        st.error(tr("The minutes of this week are closed."))
    else:
        st.rerun()


def _pins(view: View, week: MeetingWeek, items: list[AgendaItem]) -> None:
    """Saved what-ifs that may join the agenda: of the map, and weights."""
    tr = view.tr
    options: dict[str, Any] = {}
    for saved in cache.job_map.scenarios(view.revision, ScenarioKind.MAP):
        options[f"{MAP_PIN}-{saved.id}"] = tr("Map: {name}", name=saved.name)
    for saved in cache.job_map.scenarios(view.revision, ScenarioKind.WORKSHOP):
        options[f"{WORKSHOP_PIN}-{saved.id}"] = tr("Workshop: {name}", name=saved.name)
    for preset in cache.matching.presets(view.revision):
        if preset.id is not None:
            options[f"{PRESET_PIN}-{preset.id}"] = tr("Weights: {name}", name=preset.name)
    options = {code: name for code, name in options.items() if code not in week.slides}
    if not options:
        st.caption(tr("What-ifs saved on the map or of a workshop and weights saved in matching can be pinned here."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.selectbox(
            tr("Pin a saved what-if to the meeting"),
            list(options),
            index=None,
            format_func=lambda key: options[key],
            placeholder=tr("choose"),
            key=Key.AGENDA_PIN,
        )
        if st.button(tr("Pin"), key=Key.AGENDA_PIN.of("add"), disabled=code is None):
            _save(view, week, [*items, AgendaItem(str(code), 5)])
