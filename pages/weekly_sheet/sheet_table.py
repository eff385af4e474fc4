"""The table of the weekly sheet; a selected row shows its problems and opens the rows behind its figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from core import palette
from core.dispatch.weekly_sheet import (
    ACTION_COLUMNS,
    COLUMNS,
    LINES,
    Line,
    Period,
    light_text,
    line_rows,
    period_days,
)
from core.indicators.dated_counts import rows_on
from core.locale import N_
from core.terms import ActionStatus
from pages import cache
from pages.common.drilldown import open_rows
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["ALL_UNITS", "sheet_table", "units"]

ALL_UNITS, DISTRICT = "all_units", "district"
PINNED = ("number", "office", "name", "light")
ON_A_PHONE = ("light", "office", "name", "completion")
TEXTS_LEFT = ("office", "name", *ACTION_COLUMNS)
HEIGHT = 560

PERIOD_NAMES = {
    Period.WEEK: N_("This week: {n}"),
    Period.WEEK_BEFORE: N_("Last week: {n}"),
    Period.MONTH: N_("Month so far: {n}"),
    Period.YEAR: N_("Year so far: {n}"),
    Period.LAST_YEAR: N_("Last year: {n}"),
}


def units(view: View, table: pd.DataFrame) -> dict[str, str]:
    """Code → name of what the sheet can be filtered by: everything, the district's office, each community."""
    local = table[table["community_id"].notna()].drop_duplicates("community_id")
    communities = {str(row.community_id): view.tr.name(str(row.community)) for row in local.itertuples()}
    office = view.district.office(view.tr.lang)
    return {ALL_UNITS: view.tr("All units"), DISTRICT: office} | dict(
        sorted(communities.items(), key=lambda c: int(c[0]))
    )


def sheet_table(view: View, table: pd.DataFrame, as_of: date, unit: str) -> None:
    """The rows of ``unit`` (a key of ``units``); on a phone only unit, line, completion and light."""
    tr = view.tr
    readable = cache.weekly_sheet.readable(view.revision, as_of, tr.lang)
    is_own = _is_of_unit(table, unit)
    own, shown = table[is_own].reset_index(drop=True), readable[is_own]
    order = [*PINNED, *(name for name in COLUMNS if name not in PINNED)]
    if view.is_handheld:
        order = [name for name in ON_A_PHONE if name != "office" or unit == ALL_UNITS]
    shown = shown[[tr(COLUMNS[name]) for name in order]]
    state = show_table(
        view,
        shown,
        tr("Weekly dispatch sheet"),
        config=_columns(view),
        first=list(shown) if view.is_handheld else (),
        height=HEIGHT,
        placeholder="",
        key=Key.WEEKLY_TABLE.of(as_of, unit),
        on_select="rerun",
        selection_mode="single-row",
    )
    position = next(iter(state.selection.rows), None)
    if position is None:
        st.caption(tr("Select a row to open what it counts and its problems."))
    else:
        _selected(view, own.iloc[position].to_dict(), as_of)


def _is_of_unit(table: pd.DataFrame, unit: str) -> pd.Series:
    community = table["community_id"]
    if unit == ALL_UNITS:
        return pd.Series(True, index=table.index)
    return community.isna() if unit == DISTRICT else (community == int(unit)).fillna(False)


def _columns(view: View) -> dict[str, Any]:
    """Frozen columns, alignment, number formats and the colours of the lights by heading."""
    tr, config = view.tr, {}
    ground = palette.DARK_GROUND if view.is_dark else palette.LIGHT_GROUND
    for name, heading in COLUMNS.items():
        pinned = name in PINNED and not view.is_handheld
        if name in ("completion", "year_share"):
            config[tr(heading)] = st.column_config.NumberColumn(format="%.1f%%")
        elif name == "light":
            config[tr(heading)] = st.column_config.MultiselectColumn(
                options=[light_text(tr, light) for light in palette.LIGHTS],
                color=[palette.tint(colour, ground) for colour in palette.LIGHTS.values()],
                pinned=pinned,
            )
        elif name in ("gap", "rank", "number"):
            form = "%+.1f" if name == "gap" else "%d"
            config[tr(heading)] = st.column_config.NumberColumn(format=form, pinned=pinned)
        else:
            side = "left" if name in TEXTS_LEFT else "right"
            config[tr(heading)] = st.column_config.TextColumn(pinned=pinned, alignment=side)
    return config


def _selected(view: View, row: Mapping[str, Any], as_of: date) -> None:
    """Buttons that open the rows behind each figure of a row, and its problems in full."""
    tr, line = view.tr, LINES[row["line"]]
    community = None if pd.isna(row["community_id"]) else int(row["community_id"])
    unit = tr.name(row["community"]) or view.district.office(tr.lang)
    with st.container(border=True):
        st.markdown(f"**{md_escape(unit)} · {line.label(tr)}**")
        with st.container(horizontal=True, gap="small"):
            if line.indicator is None:
                _count_buttons(view, line, row, as_of, community)
            else:
                _rate_buttons(view, line, as_of, community)
        for action in zip(*(str(row[name]).split("\n") for name in ACTION_COLUMNS), strict=True):
            if any(action):
                _problem(view, dict(zip(ACTION_COLUMNS, action, strict=True)))


def _count_buttons(view: View, line: Line, row: Mapping[str, Any], as_of: date, community: int | None) -> None:
    tr = view.tr

    def open_period(period: Period) -> None:
        first, last = (tr.day(day) for day in period_days(as_of)[period])
        days = tr("From {first} to {last}.", first=first, last=last)
        rows = line_rows(cache.overview.facts(view.revision), line.code, as_of, period, community)
        open_rows(line.label(tr), f"{tr(line.definition)} {days}", rows)

    for period, name in PERIOD_NAMES.items():
        st.button(
            tr(name, n=tr.number(row[period])),
            key=Key.WEEKLY_ROWS.of(line.code, community, period),
            on_click=open_period,
            args=(period,),
            disabled=not row[period],
        )


def _rate_buttons(view: View, line: Line, as_of: date, community: int | None) -> None:
    tr = view.tr
    measured = cache.overview.measured(view.revision, as_of, line.code, community)
    sides = (
        ("numerator", measured.indicator.numerator_unit, measured.numerator_rows),
        ("denominator", measured.indicator.denominator_unit, measured.denominator_rows),
    )
    for side, unit, rows in sides:
        counted = rows_on(rows, as_of).reset_index(drop=True)
        n = int(counted["n"].sum())
        st.button(
            f"{tr.number(n)} {tr(unit)}",
            key=Key.WEEKLY_ROWS.of(line.code, community, side),
            on_click=open_rows,
            args=(measured.indicator.rows_title(tr, side, n), tr(line.definition), counted),
            disabled=counted.empty,
        )


def _problem(view: View, action: Mapping[str, str]) -> None:
    """One action: problem, next step, who answers for it by when, and how far it has come."""
    tr = view.tr
    status = tr.term(ActionStatus.of(action["status"])) if action["status"] else ""
    about = (action["action"], action["owner"], action["due_on"], status, action["closed_on"])
    st.markdown(f"{md_escape(action['problem'])} → {md_escape(action['measure'])}")
    st.caption(md_escape(" · ".join(text for text in about if text)))
