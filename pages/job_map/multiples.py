"""The map on several days side by side, made when asked for, to be printed."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.job_map.map_view import MapView
from core.job_map.multiples import evenly, multiples, weeks
from pages import cache
from pages.common.session_keys import Key
from pages.common.view import View
from pages.job_map.state import MapSelection, earlier_measures

__all__ = ["show"]


def show(view: View, selection: MapSelection, map_view: MapView) -> None:
    """The weeks up to the selected one in eight small maps of its measure, one scale of colours."""
    tr = view.tr
    days = evenly(weeks(cache.job_map.map_start(view.revision), selection.day))
    if len(days) < 2:
        return
    title = tr("Small maps from {first} to {last}, for print", first=tr.day(days[0]), last=tr.day(days[-1]))
    with st.expander(title, key=Key.MAP_MULTIPLES, on_change="rerun") as box:
        if not box.open:
            return
        map_views = [
            replace(map_view, measures=earlier_measures(view, selection, (selection.day - day).days // 7), bounds=None)
            for day in days
        ]
        name = f"{tr(map_view.measure.label)} ({tr(map_view.measure.unit)})"
        st.altair_chart(multiples(map_views, days, name), alt=name, key=Key.MAP_MULTIPLES_CHART, width="content")
