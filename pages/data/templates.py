"""Blank templates of every sheet, with an example row, drop-downs and explanations."""

from __future__ import annotations

import streamlit as st

from core.intake import templates as workbook
from core.intake.sheets import SHEETS
from pages import cache
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
                data=lambda sheet=sheet: workbook.template(sheet, tr, cache.data.vocabulary(view.revision)),
                file_name=f"{tr(sheet.title)}.xlsx",
                key=f"template_{sheet.code}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )
