"""The bureau's sheets in and out, what was imported, the law's numbers, and the start for real."""

from __future__ import annotations

import streamlit as st

from core.locale import N_
from pages.common.heading import heading
from pages.common.query_params import query_param, set_query_param
from pages.common.view import View
from pages.data.batches import batches
from pages.data.boundaries import outlines
from pages.data.parameters import parameters
from pages.data.start_for_real import start_for_real
from pages.data.templates import templates
from pages.data.wizard import wizard

__all__ = ["render"]

SECTIONS = {
    "import": (N_("Import"), wizard),
    "outlines": (N_("Map outlines"), outlines),
    "batches": (N_("Imported so far"), batches),
    "templates": (N_("Blank templates"), templates),
    "parameters": (N_("Law and thresholds"), parameters),
    "start": (N_("Start for real"), start_for_real),
}


def render(view: View) -> None:
    """One section at a time, chosen at the top and kept in the address (`?part=`)."""
    tr = view.tr
    heading(
        tr("Bring in the bureau's sheets: nothing is stored before you have seen what would change"),
        tr("Excel (.xlsx) or CSV as the office keeps them. Every import is checked row by row and can be undone."),
    )
    part = query_param("part", "import")
    part = st.segmented_control(
        tr("Section"),
        list(SECTIONS),
        default=part if part in SECTIONS else "import",
        required=True,
        format_func=lambda code: tr(SECTIONS[code][0]),
        key="data_part",
        label_visibility="collapsed",
    )
    set_query_param("part", part, "import")
    SECTIONS[part][1](view)
