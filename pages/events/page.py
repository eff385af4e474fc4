"""Which recruitment events bring people into work? The events, what they yielded, and who was interested in what."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.indicators.event_figures import event_calendar, yield_chart
from core.locale import N_
from core.policy import Action
from core.terms import EventScene, EventTheme
from pages import cache
from pages.common import drilldown
from pages.common.charts import show_chart
from pages.common.columns import right_aligned
from pages.common.heading import empty_state, heading
from pages.common.query_params import query_param, set_query_param, url_choice, url_filter
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.events import event
from pages.events.forms import event_form

__all__ = ["render"]

COLUMNS = [
    "held_on",
    "name",
    "theme",
    "scene",
    "community",
    "employers",
    "visitors",
    "intents",
    "signed",
    "started_30_days",
    "id",
]
FIRST_YIELDS = (N_("Theme"), N_("Scene"), N_("Starts per visitor"))
FIRST = ["held_on", "name", "intents"]  # on a phone


def render(view: View) -> None:
    """One event when the address names one, else one of the parts under the finding."""
    tr = view.tr
    if view.is_empty:
        heading(tr("Recruitment events"))
        empty_state(
            tr,
            tr("This page shows the recruitment events: themes and scenes, visitors, intents, and who started work."),
        )
    number = query_param("event")
    events = cache.overview.facts(view.revision).events
    if number.isdecimal() and (events["id"] == int(number)).any():
        event.show(view, events[events["id"] == int(number)].iloc[0])
    else:
        _overview(view, events)
    drilldown.show_pending(view)


def _overview(view: View, events: pd.DataFrame) -> None:
    tr = view.tr
    measured = cache.overview.ratio(view.revision, view.today, "event_conversion")
    heading(
        tr.plural(
            "{n} event: {started} of {intents} intents led to a start within 30 days ({share})",
            "{n} events: {started} of {intents} intents led to a start within 30 days ({share})",
            len(events),
            started=tr.number(measured.numerator),
            intents=tr.number(measured.denominator),
            share=measured.indicator.text(tr, measured.value),
        ),
        tr("Share of intents: of events held at least 30 days ago. As of {day}.", day=tr.day(view.today)),
    )
    parts: dict[str, tuple[str, Callable[[View, pd.DataFrame], None]]] = {
        "list": (tr("All events"), _list),
        "yield": (tr("What brings starts"), _yields),
    }
    part = url_choice(
        st.segmented_control,
        tr("Part"),
        "part",
        list(parts),
        "list",
        key=Key.EVENTS_PART,
        format_func=lambda code: parts[code][0],
        label_visibility="collapsed",
        required=True,
    )
    parts[part or "list"][1](view, events)


def _list(view: View, events: pd.DataFrame) -> None:
    """The events in order of time, by theme and scene; a row opens its event."""
    tr = view.tr
    left, right, button = st.columns([2, 2, 1], vertical_alignment="bottom")
    with left:
        theme = url_filter(
            tr("Theme"),
            "theme",
            list(EventTheme),
            key=Key.EVENTS_THEME,
            everything=tr("Every theme"),
            format_func=tr.term,
        )
    with right:
        scene = url_filter(
            tr("Scene"),
            "scene",
            list(EventScene),
            key=Key.EVENTS_SCENE,
            everything=tr("Every scene"),
            format_func=tr.term,
        )
    if view.may(Action.RECORD_EVENT):
        with button:
            event_form(view)
    names = cache.overview.facts(view.revision).communities.set_index("id")["name"]
    rows = events.assign(community=events["community_id"].map(names)).sort_values("held_on", ascending=False)
    if theme is not None:
        rows = rows[rows["theme"] == theme]
    if scene is not None:
        rows = rows[rows["scene"] == scene]
    if rows.empty:
        st.write(tr("No event fits these filters."))
        return
    show_chart(view, event_calendar(tr, rows), tr("Recruitment events"))
    st.caption(tr("Select a row to open the event: its results and who was interested in which job."))
    picked = drilldown.table(view, rows[COLUMNS], tr("Recruitment events"), height=520, select=True, first=FIRST)
    if picked is not None:
        set_query_param("event", int(picked["id"].iloc[0]))
        st.rerun()


def _yields(view: View, _events: pd.DataFrame) -> None:
    """Starts per visitor by theme and scene."""
    tr = view.tr
    yields = cache.events.yields(view.revision, view.today)
    if yields.table.empty:
        st.write(tr("No event with visitors was held 30 days ago or longer."))
        return
    show_chart(view, yield_chart(tr, yields, narrow=view.is_handheld), tr("Starts per visitor"))
    table = yields.table
    shown = pd.DataFrame(
        {
            tr("Theme"): [tr.term(EventTheme.of(code)) for code in table["theme"]],
            tr("Scene"): [tr.term(EventScene.of(code)) for code in table["scene"]],
            tr("Events"): table["events"],
            tr("Visitors"): table["visitors"],
            tr("Started within 30 days"): table["starts"],
            tr("Starts per visitor"): [tr.percent(rate) for rate in table["rate"]],
            tr("95% interval"): [
                f"{tr.percent(low)} – {tr.percent(high)}" for low, high in zip(table["low"], table["high"], strict=True)
            ],
            tr("Possible ranks"): [
                str(low) if low == high else f"{low}–{high}"
                for low, high in zip(table["rank_low"], table["rank_high"], strict=True)
            ],
        }
    )
    config = right_aligned(tr("Starts per visitor"), tr("95% interval"), tr("Possible ranks"))
    show_table(view, shown, tr("Starts per visitor"), first=FIRST_YIELDS, config=config, height="auto")
    st.caption(
        tr(
            "Possible ranks hold for all kinds at once with 95% probability: kinds whose ranks overlap cannot be told apart. "
            "Themes reach different people, so a difference is no proof of what the theme does."
        )
    )
