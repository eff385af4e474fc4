"""The weekly sheet: how each unit stands with each line, the rows behind every figure, and the targets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.dispatch.frozen_week import week_end
from core.dispatch.weekly_sheet_xlsx import weekly_sheet_xlsx
from core.locale import N_
from core.policy import Action
from core.store.settings import parameter
from core.terms import Light
from pages import cache
from pages.common.downloads import download_workbook
from pages.common.drilldown import show_pending
from pages.common.heading import empty_state, heading
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.view import View
from pages.weekly_sheet.sheet_table import ALL_UNITS, sheet_table, units
from pages.weekly_sheet.targets import targets

__all__ = ["render"]

SECTIONS = {"sheet": N_("Weekly dispatch sheet"), "targets": N_("Targets and lights")}


def render(view: View) -> None:
    """One section at a time, chosen at the top and kept in the address (`?part=`)."""
    tr = view.tr
    if view.is_empty:
        heading(tr("Weekly dispatch sheet"))
        empty_state(
            tr,
            tr(
                "This page shows each unit's lines against the targets of the year, with the open problems, and prints them."
            ),
        )
    top = st.container()
    part = url_choice(
        st.segmented_control,
        tr("Section"),
        "part",
        list(SECTIONS),
        "sheet",
        key=Key.WEEKLY_PART,
        required=True,
        format_func=lambda code: tr(SECTIONS[code]),
        label_visibility="collapsed",
    )
    if part == "targets":
        with top:
            heading(
                tr("Targets of the year and limits of the lights"),
                tr("A change counts from a day on; what was in force before stays readable."),
            )
        targets(view)
        return
    _sheet(view, top)


def _sheet(view: View, top: DeltaGenerator) -> None:
    """The sheet of a week that can be chosen, for all units or one."""
    tr = view.tr
    weeks = cache.weekly_sheet.weeks(view.revision, view.today)
    left, right, download = _places(view)
    with left:
        week = url_choice(
            st.selectbox,
            tr("Week"),
            "week",
            weeks,
            weeks[0],
            key=Key.WEEKLY_WEEK,
            format_func=lambda w: tr.week(week_end(w)),
        )
    as_of = min(week_end(week or weeks[0]), view.today)
    table = cache.weekly_sheet.sheet(view.revision, as_of)
    names = units(view, table)
    with right:
        unit = url_choice(
            st.selectbox,
            tr("Responsible unit"),
            "unit",
            list(names),
            ALL_UNITS,
            key=Key.WEEKLY_UNIT,
            format_func=names.__getitem__,
        )
    with download:
        _download(view, table, as_of)
    with top:
        heading(*_finding(view, table, as_of))
    sheet_table(view, table, as_of, unit or ALL_UNITS)
    show_pending(replace(view, today=as_of))


def _places(view: View) -> list[DeltaGenerator]:
    """Where week, unit and download are drawn: beside each other, on a phone folded."""
    if not view.is_handheld:
        return st.columns([2, 2, 1], vertical_alignment="bottom")
    folded = st.expander(view.tr("Week, unit and download"))
    return [folded, folded, folded]


def _finding(view: View, table: pd.DataFrame, as_of: date) -> tuple[str, str]:
    """Title and subtitle: how many lines are behind, and what the lights mean."""
    tr, parameters = view.tr, cache.store.parameters(view.revision)
    lights = table["light"].value_counts()
    red, yellow = (int(lights.get(light.value, 0)) for light in (Light.RED, Light.YELLOW))
    judged = int(table["light"].notna().sum())
    title = tr("{red} of {n} lines with a target are behind, {yellow} to watch", red=red, n=judged, yellow=yellow)
    limits = {name: tr.signed(parameter(parameters, f"light_{name}_points", as_of), 0) for name in ("yellow", "red")}
    subtitle = tr(
        "{week}, as of {day}. Light: completion − share of the year ({share}); watch below {yellow} points, behind below {red}.",
        week=tr.week(as_of),
        day=tr.day(as_of),
        share=tr.percent(float(table["year_share"].iloc[0])),
        **limits,
    )
    return title, subtitle


def _download(view: View, table: pd.DataFrame, as_of: date) -> None:
    """The workbook of the whole sheet, for print and for the import."""
    district = view.district

    def make(number: str) -> bytes:
        return weekly_sheet_xlsx(
            table, office=district.office_zh, as_of=as_of, number=number, is_demo=district.holds_sample
        )

    name = view.tr("Weekly dispatch sheet, {week}", week=view.tr.week(as_of))
    download_workbook(
        view, make, name, Key.WEEKLY_DOWNLOAD, view.tr("Excel for print (A3)"), action=Action.EXPORT_TABLE
    )
