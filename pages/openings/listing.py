"""The openings as a list with filters; a row opens its opening."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.dispatch.exports.openings_board import pay_text
from core.indicators.yield_figures import source_name
from core.jobs.openings.listing import OpeningState, opening_number
from core.jobs.openings.posting import make_posting
from core.terms import OpeningSource, PostField
from pages import cache
from pages.common import drilldown
from pages.common.query_params import set_query_param, url_choices, url_filter
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["filtered", "readable_rows", "show"]

COLUMNS = [
    "number",
    "title",
    "employer",
    "community",
    "field",
    "shift",
    "offer",
    "free",
    "age_days",
    "origin",
    "opening_state",
]
FIRST = ["title", "free", "opening_state"]  # on a phone
NO_SOURCE = "none"


def show(view: View) -> None:
    """Filters and the list."""
    tr = view.tr
    rows = filtered(view)
    if rows.empty:
        st.write(tr("No opening fits these filters."))
        return
    st.caption(
        tr(
            "{n} openings, {seats} free seats. Select a row to open it: confirm, edit, what became of its recommendations.",
            n=tr.number(len(rows)),
            seats=tr.number(int(rows["free"].sum())),
        )
    )
    picked = drilldown.table(view, readable_rows(view, rows), tr("Openings"), height=560, select=True, first=FIRST)
    if picked is not None:
        set_query_param("opening", int(picked["id"].iloc[0]))
        st.rerun()


def readable_rows(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """The columns of the list, and the id."""
    tr = view.tr
    return rows.assign(
        number=[opening_number(int(number)) for number in rows["id"]],
        offer=[pay_text(make_posting(row), tr) for row in rows.to_dict("records")],
        origin=[source_name(tr, *pair) for pair in zip(rows["source"], rows["platform"], strict=True)],
    )[[*COLUMNS, "id"]]


def filtered(view: View) -> pd.DataFrame:
    """The rows of the listing that fit the filters, which are drawn."""
    tr = view.tr
    rows = cache.openings.listing(view.revision, view.today)
    search, states = st.columns([2, 3], vertical_alignment="bottom")
    text = search.text_input(
        tr("Title, employer or number"),
        key=Key.OPENINGS_SEARCH,
        placeholder=tr("Title, employer or number"),
        label_visibility="collapsed",
        icon=":material/search:",
    )
    with states:
        chosen = url_choices(
            st.pills,
            tr("State"),
            "state",
            list(OpeningState),
            key=Key.OPENINGS_STATE,
            default=(OpeningState.LIVE, OpeningState.STALE),
            format_func=tr.term,
            selection_mode="multi",
            label_visibility="collapsed",
        )
    left, middle, right = st.columns(3)
    with left:
        field = url_filter(
            tr("Field"),
            "field",
            list(PostField),
            key=Key.OPENINGS_FIELD,
            everything=tr("Every field"),
            format_func=tr.term,
        )
    with middle:
        community = url_filter(
            tr("Community"),
            "community",
            list(rows["community"].dropna().drop_duplicates().sort_values()),
            key=Key.OPENINGS_COMMUNITY,
            everything=tr("Every community"),
            format_func=tr.name,
        )
    with right:
        kinds = [*OpeningSource, *cache.openings.platforms(view.revision), NO_SOURCE]
        origin = url_filter(
            tr("Came from"),
            "source",
            kinds,
            key=Key.OPENINGS_SOURCE,
            everything=tr("Every source"),
            format_func=lambda one: _source_label(view, one),
        )
    fits = rows["opening_state"].isin(chosen) if chosen else pd.Series(True, index=rows.index)
    if field is not None:
        fits &= rows["field"] == field
    if community is not None:
        fits &= rows["community"] == community
    if origin == NO_SOURCE:
        fits &= rows["source"].isna()
    elif origin is not None:
        sources = cache.openings.sources(view.revision)
        seen = sources[(sources["source"] == origin) | (sources["platform"] == origin)]
        fits &= rows["id"].isin(seen["job_id"])
    if text.strip():
        fits &= _contains(rows, text.strip())
    return rows[fits.fillna(False)].reset_index(drop=True)


def _source_label(view: View, source: str) -> str:
    if isinstance(source, OpeningSource):
        return view.tr.term(source)
    return view.tr("Source not on record") if source == NO_SOURCE else source


def _contains(rows: pd.DataFrame, text: str) -> pd.Series:
    """Rows whose title or employer contains the text, or whose number it is."""
    numbers = pd.Series([opening_number(int(number)) for number in rows["id"]], index=rows.index)
    wanted = text.casefold()
    names = rows["title"].str.casefold() + "\n" + rows["employer"].str.casefold()
    return (
        names.str.contains(wanted, regex=False)
        | (numbers.str.casefold() == wanted)
        | (rows["id"].astype("str") == text)
    )
