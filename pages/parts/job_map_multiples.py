"""The map on eight days side by side, made when asked for, to be printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from core.geography.multiples import multiples
from core.geography.scene import Scene
from pages.parts.job_map_controls import Chosen, earlier
from pages.parts.view import View

__all__ = ["show"]

MAPS, WEEKS_APART = 8, 13


def show(view: View, chosen: Chosen, scene: Scene) -> None:
    """Two years in eight small maps of the chosen measure, one scale of colours."""
    tr = view.tr
    with st.expander(tr("Two years in small maps, for print"), key="map_multiples", on_change="rerun") as box:
        if not box.open:
            return
        back = [WEEKS_APART * n for n in range(MAPS - 1, -1, -1)]
        days = [chosen.day - timedelta(weeks=weeks) for weeks in back]
        scenes = [replace(scene, board=earlier(view, chosen, weeks), bounds=None) for weeks in back]
        title = f"{tr(scene.measure.label)} ({tr(scene.measure.unit)})"
        st.altair_chart(multiples(scenes, days, title), alt=title, key="map_multiples_chart", width="content")
