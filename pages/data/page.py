"""Import of the bureau's sheets and map outlines, import history, templates, parameters, and an empty start."""

from __future__ import annotations

import streamlit as st

from core.locale import N_
from pages.common.drilldown import show_pending
from pages.common.heading import heading
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.view import View
from pages.data.batches import batches
from pages.data.boundaries import outlines
from pages.data.parameters import parameters
from pages.data.quality import quality
from pages.data.start_for_real import start_for_real
from pages.data.teach import learnt_words
from pages.data.templates import templates
from pages.data.wizard import wizard

__all__ = ["render"]

SECTIONS = {
    "import": (N_("Import"), wizard),
    "outlines": (N_("Map outlines"), outlines),
    "batches": (N_("Import history"), batches),
    "quality": (N_("Data quality"), quality),
    "templates": (N_("Blank templates"), templates),
    "words": (N_("Learnt words"), learnt_words),
    "parameters": (N_("Legal parameters and thresholds"), parameters),
    "start": (N_("Start with an empty database"), start_for_real),
}


def render(view: View) -> None:
    """One section at a time, chosen at the top and kept in the address (`?part=`)."""
    tr = view.tr
    heading(
        tr("Import spreadsheets. You review every change before it is saved."),
        tr("Excel, WPS or CSV files as the office keeps them. Every import is checked row by row and can be undone."),
    )
    part = url_choice(
        st.segmented_control,
        tr("Section"),
        "part",
        list(SECTIONS),
        "import",
        key=Key.DATA_PART,
        required=True,
        format_func=lambda code: tr(SECTIONS[code][0]),
        label_visibility="collapsed",
    )
    SECTIONS[part or "import"][1](view)
    show_pending(view)
