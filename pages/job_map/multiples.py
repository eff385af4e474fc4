"""The map on several days side by side, made when asked for, to be printed."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.job_map.map_view import Scene
from core.job_map.multiples import evenly, multiples, weeks
from pages import cache
from pages.common.view import View
from pages.job_map.controls import Chosen, earlier

__all__ = ["show"]


def show(view: View, chosen: Chosen, scene: Scene) -> None:
    """The weeks up to the chosen one in eight small maps of the chosen measure, one scale of colours."""
    tr = view.tr
    days = evenly(weeks(cache.job_map.map_start(view.revision), chosen.day))
    if len(days) < 2:
        return
    title = tr("Small maps from {first} to {last}, for print", first=tr.day(days[0]), last=tr.day(days[-1]))
    with st.expander(title, key="map_multiples", on_change="rerun") as box:
        if not box.open:
            return
        scenes = [
            replace(scene, board=earlier(view, chosen, (chosen.day - day).days // 7), bounds=None) for day in days
        ]
        name = f"{tr(scene.measure.label)} ({tr(scene.measure.unit)})"
        st.altair_chart(multiples(scenes, days, name), alt=name, key="map_multiples_chart", width="content")
