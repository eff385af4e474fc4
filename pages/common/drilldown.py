"""The rows behind a number: the same count, readable, masked, to download; a row opens what it is about."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.policy import Action, Field, Sight
from pages import cache
from pages.common import scope
from pages.common.columns import HEADINGS, column_config, heading_of, readable
from pages.common.dialogs import open_dialog
from pages.common.downloads import download_table
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["destination", "open_rows", "show_pending", "table", "with_people"]

SHOWN = 2000  # rows of a page; no more are sent to the browser, the download has all

# (column that marks the rows, column with the value, page, parameter, what one must be allowed to do there): where a row
# leads; the first that fits.
DESTINATIONS = (
    ("person_id", "person_id", "people", "person", Action.READ_PERSON),
    ("job_id", "job_id", "openings", "opening", Action.READ_OPENINGS),
    ("event_id", "event_id", "events", "event", Action.READ_EVENTS),
    ("scenario", "scenario", "job_map", "scenario", Action.READ_JOB_MAP),
    ("raised_on", "code", "meeting", "action", Action.READ_MEETING),
    ("stations", "name", "workshops", "workshop", Action.READ_WORKSHOPS),
    ("workshop", "workshop", "workshops", "workshop", Action.READ_WORKSHOPS),
    ("piece_rate", "employer", "enterprises", "enterprise", Action.READ_ENTERPRISES),
    ("opened_on", "name", "enterprises", "enterprise", Action.READ_ENTERPRISES),
    ("community_id", "community_id", "job_map", "community", Action.READ_JOB_MAP),
)

KEYS = {name for mark, column, *_ in DESTINATIONS for name in (mark, column)}

# Columns that hold a fact of a class: left out for those who do not see the class, masked by ``readable`` for others.
FIELDS = {"person": Field.NAME, "phone": Field.PHONE, "address": Field.ADDRESS, "disability": Field.DISABILITY}


def destination(view: View, rows: pd.DataFrame) -> tuple[str, str, str] | None:
    """Where a row leads that may be opened: column with the value, page, parameter; None where there is nowhere to go."""
    for mark, column, page, parameter, action in DESTINATIONS:
        if mark in rows.columns and column in rows.columns:
            return (column, page, parameter) if view.may(action) else None
    return None


def open_rows(title: str, definition: str, rows: pd.DataFrame) -> None:
    """Ask for a list to be opened at the end of this run (usable in a callback)."""
    st.session_state[Key.ROWS_TO_OPEN] = (title, definition, rows)


def show_pending(view: View) -> None:
    """Open the list that was asked for, if any; call once at the end of a page."""
    pending = st.session_state.pop(Key.ROWS_TO_OPEN, None)
    if pending is not None:
        title, definition, rows = pending
        open_dialog(title, lambda: _body(view, title, definition, rows), width="large")


def with_people(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with person (name) and community in front, where they carry a ``person_id``."""
    if "person_id" not in rows.columns:
        return rows
    people = cache.overview.facts(view.revision).people.set_index("id")
    front = pd.DataFrame(
        {
            "person": rows["person_id"].map(people["name"]).fillna(""),
            "community": rows["person_id"].map(people["community"]).fillna(""),
        }
    )
    return pd.concat([front, rows.drop(columns=["community"], errors="ignore")], axis=1)


def table(
    view: View,
    rows: pd.DataFrame,
    name: str,
    *,
    height: int | str = "auto",
    select: bool = False,
    first: Sequence[str] = (),
) -> pd.DataFrame | None:
    """A readable, masked table with its safe download; ``name`` is the file's name without ending.

    Rows about people outside the scope of who looks are left out, which a caption says. A long table has pages. With
    ``select``, returns the row that was ticked, as a frame of one. ``first``: the columns that a phone shows first.
    """
    own = scope.rows(view, rows)
    scope.show_left_out(view, len(own), len(rows))
    number = _page_number(view, name, len(own))
    page = own.iloc[(number - 1) * SHOWN : number * SHOWN]
    named = with_people(view, page)
    state = show_table(
        view,
        _shown(view, named),
        name,
        first=[heading_of(named, column) for column in first],
        config=column_config(view.tr, rows),
        height=height,
        placeholder="",
        key=Key.TABLE.of(name) if number == 1 else Key.TABLE.of(name, number),  # what is ticked is of one page
        on_select="rerun" if select else "ignore",
        selection_mode="single-row",
    )
    action = Action.EXPORT_PEOPLE if "person_id" in rows.columns else Action.EXPORT_TABLE
    download_table(view, lambda: _shown(view, with_people(view, own)), name, Key.DOWNLOAD.of(name), action=action)
    return next((page.iloc[[position]] for position in state.selection.rows), None) if select else None


def _page_number(view: View, name: str, count: int) -> int:
    """The page that is chosen above a table of ``count`` rows, from 1; nothing is to choose where all fit on one."""
    if count <= SHOWN:
        return 1
    tr, pages = view.tr, -(-count // SHOWN)
    with st.container(horizontal=True, vertical_alignment="center"):
        number = st.pagination(pages, key=Key.TABLE_PAGE.of(name, pages))
        st.caption(
            tr(
                "Rows {first}–{last} of {all}; the download has all.",
                first=tr.number((number - 1) * SHOWN + 1),
                last=tr.number(min(number * SHOWN, count)),
                all=tr.number(count),
            ),
            width="content",
        )
    return number


def _shown(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` as they are read, without the fields that the view does not see."""
    hidden = [column for column, field in FIELDS.items() if view.sees(field) is Sight.HIDDEN]
    return readable(view.tr, rows.drop(columns=hidden, errors="ignore"))


def _counted(view: View, rows: pd.DataFrame, n: int) -> str:
    """How many of what is listed."""
    tr = view.tr
    if "person_id" in rows.columns:
        if rows["person_id"].is_unique:
            return tr.plural("{n} person", "{n} people", n)
        return tr.plural("{n} case", "{n} cases", n)
    if "job_id" in rows.columns and rows["job_id"].is_unique:
        return tr.plural("{n} opening", "{n} openings", n)
    return tr.plural("{n} entry", "{n} entries", n)


def _telling(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` without columns that are empty in every row, and without "since" where it repeats another day."""
    if rows.empty:
        return rows
    kept = rows.loc[:, [column in KEYS or not _is_blank(rows[column]) for column in rows.columns]]
    if "since" in kept.columns:
        days = kept.drop(columns=["since", "until"], errors="ignore").select_dtypes("datetime")
        if any((kept["since"] == kept[day]).all() for day in days.columns if day in HEADINGS):
            kept = kept.drop(columns="since")
    return kept


def _is_blank(values: pd.Series) -> bool:
    return bool((values.isna() | (values.astype("str") == "")).all())


def _body(view: View, title: str, definition: str, rows: pd.DataFrame) -> None:
    tr = view.tr
    heads = int(rows["n"].sum()) if "n" in rows.columns else len(rows)
    several = "n" in rows.columns and (rows["n"] != 1).any()
    counted = (
        tr("{heads} in {rows} rows", heads=tr.number(heads), rows=tr.number(len(rows)))
        if several
        else _counted(view, rows, heads)
    )
    st.markdown(f"### {counted}")
    st.caption(f"{definition}  {tr('As of {day}.', day=tr.day(view.today))}")
    leads_to = destination(view, rows)
    if leads_to is not None:
        st.caption(tr("Select a row to open it."))
    shown = _telling(rows if several else rows.drop(columns="n", errors="ignore"))
    picked = table(view, shown, title, height=420, select=leads_to is not None)
    if leads_to is not None and picked is not None:
        column, page, parameter = leads_to
        value = picked[column].iloc[0]
        if pd.notna(value):
            text = str(int(value)) if isinstance(value, float) else str(value)  # a key beside missing ones is a float
            st.switch_page(st.session_state[Key.PAGES][page], query_params={parameter: text})
