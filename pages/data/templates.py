"""Blank templates of every sheet, with an example row, drop-downs and explanations."""

from __future__ import annotations

import streamlit as st

from core.intake.sheets import SHEETS
from core.intake.templates import template
from pages import cache
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["templates"]


def templates(view: View) -> None:
    """One line a sheet with its download."""
    tr = view.tr
    st.caption(tr("Each has an example row, drop-downs for allowed values and a sheet of explanations."))
    columns = st.columns(3)
    for position, sheet in enumerate(SHEETS.values()):
        with columns[position % 3], st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(f"**{tr(sheet.title)}**", width="stretch")
            st.download_button(
                tr("Download"),
                data=lambda sheet=sheet: template(sheet, tr, cache.data.vocabulary(view.revision)),
                file_name=f"{tr(sheet.title)}.xlsx",
                key=Key.TEMPLATE.of(sheet.code),
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )
