"""Downloads: every table as a safe workbook with an export number of its own."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core.intake.export import frame_to_xlsx
from pages.common.view import View

__all__ = ["download_table", "download_workbook"]


def download_table(
    view: View,
    rows: pd.DataFrame | Callable[[], pd.DataFrame],
    name: str,
    key: str,
    note: str | Callable[[], str] = "",
) -> None:
    """A button that makes the workbook of ``rows`` when it is pressed; ``name`` is the title and the file's name.

    ``note`` goes below the table.
    """

    def make(number: str) -> bytes:
        frame, below = (part() if callable(part) else part for part in (rows, note))
        return frame_to_xlsx(frame, _marked(view, name), view.tr, number, below)

    download_workbook(view, make, name, key)


def download_workbook(view: View, make: Callable[[str], bytes], name: str, key: str, label: str = "") -> None:
    """A button that makes a workbook when it is pressed; ``make`` gets the export number. ``name`` is the file's name."""
    st.download_button(
        label or view.tr("Download as Excel"),
        data=lambda: make(f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"),
        file_name=f"{_marked(view, name)}_{view.today:%Y%m%d}.xlsx",
        icon=":material/download:",
        key=key,
        on_click="ignore",
    )


def _marked(view: View, name: str) -> str:
    """``name``, marked where the data is invented."""
    return (view.tr("Demonstration data") + "_" if view.district.demo else "") + name
