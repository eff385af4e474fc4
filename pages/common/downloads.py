"""Downloads: every table as a safe workbook with an export number of its own."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core.intake.export import frame_to_xlsx
from pages.common.view import View

__all__ = ["download_table"]


def download_table(
    view: View, rows: pd.DataFrame | Callable[[], pd.DataFrame], name: str, key: str, note: str = ""
) -> None:
    """A button that makes the workbook of ``rows`` when it is pressed; ``name`` is the title and the file's name.

    ``note`` goes below the table.
    """
    label = view.tr("Demonstration data") + "_" if view.district.demo else ""

    def make() -> bytes:
        frame = rows() if callable(rows) else rows
        number = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        return frame_to_xlsx(frame, label + name, view.tr, number, note)

    st.download_button(
        view.tr("Download as Excel"),
        data=make,
        file_name=f"{label}{name}_{view.today:%Y%m%d}.xlsx",
        icon=":material/download:",
        key=key,
        on_click="ignore",
    )
