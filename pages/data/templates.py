"""Blank templates of every sheet, with an example row, drop-downs and explanations."""

from __future__ import annotations

import streamlit as st

from core.intake.sheets import SHEETS
from core.intake.templates import template
from core.policy import Action
from pages import cache
from pages.common.downloads import download_file
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
            download_file(
                view,
                tr("Download"),
                lambda _, sheet=sheet: template(sheet, tr, cache.data.vocabulary(view.revision)),
                f"{tr(sheet.title)}.xlsx",
                key=Key.TEMPLATE.of(sheet.code),
                action=Action.TAKE_TEMPLATE,
            )
