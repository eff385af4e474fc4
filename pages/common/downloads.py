"""Downloads: every file is registered with who takes it before it is handed over; tables as safe workbooks."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from core.intake.export import frame_to_xlsx
from core.policy import Action
from core.store.register import register_export
from pages import cache
from pages.common.view import View

__all__ = ["download_file", "download_table", "download_workbook"]


def download_table(
    view: View,
    rows: pd.DataFrame | Callable[[], pd.DataFrame],
    name: str,
    key: str,
    note: str | Callable[[], str] = "",
    *,
    action: Action,
    filters: str | None = None,
) -> None:
    """A button that makes the workbook of ``rows`` when it is pressed; ``name`` is the title and the file's name.

    ``note`` goes below the table. ``action``: what one must be allowed to do, ``EXPORT_PEOPLE`` where rows are about people.
    ``filters``: of the rows, in words; what the address says where there are none.
    """
    frames: list[pd.DataFrame] = []

    def make(number: str) -> bytes:
        frame, below = (part() if callable(part) else part for part in (rows, note))
        frames[:] = [frame]
        return frame_to_xlsx(frame, _marked(view, name), view.tr, number, below)

    def count() -> int:
        return len(frames[0])

    download_workbook(view, make, name, key, action=action, count=count, filters=filters)


def download_workbook(
    view: View,
    make: Callable[[str], bytes],
    name: str,
    key: str,
    label: str = "",
    *,
    action: Action,
    count: Callable[[], int] | None = None,
    filters: str | None = None,
) -> None:
    """A button that makes a workbook when it is pressed; ``make`` gets the export number. ``name`` is the file's name.

    ``count``: rows of the table, asked once it is made.
    """
    download_file(
        view,
        label or view.tr("Download as Excel"),
        make,
        f"{_marked(view, name)}_{view.today:%Y%m%d}.xlsx",
        key=key,
        action=action,
        count=count,
        filters=filters,
    )


def download_file(
    view: View,
    label: str,
    make: Callable[[str], bytes],
    file_name: str,
    *,
    key: str,
    action: Action,
    count: Callable[[], int] | None = None,
    filters: str | None = None,
    icon: str | None = ":material/download:",
    width: str = "content",
) -> None:
    """A button that makes a file when it is pressed, registers it, and hands it over; nothing for who may not take it."""
    if not view.may(action):
        return
    shown = urlencode(st.query_params.to_dict()) if filters is None else filters  # no widget is read when it is pressed

    def hand_over() -> bytes:
        with cache.store.within(view.access.district):  # pressed, it runs outside of the page
            now = datetime.now(UTC)
            number = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
            data = make(number)
            register_export(
                cache.store.database(),
                number,
                action=action,
                name=file_name,
                rows=None if count is None else count(),
                filters=shown,
                actor=view.access,
                at=now,
            )
            return data

    st.download_button(label, data=hand_over, file_name=file_name, icon=icon, key=key, on_click="ignore", width=width)


def _marked(view: View, name: str) -> str:
    """``name``, marked where the data is invented."""
    return (view.tr("Demonstration data") + "_" if view.district.holds_sample else "") + name
