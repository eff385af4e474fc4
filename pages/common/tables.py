"""One way to show a table: all columns on a desk, on a phone those that fit beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.common.columns import ROOM, on_screen
from pages.common.view import View

__all__ = ["show_table"]

ROW_HEIGHT = 35  # pixels


def show_table(
    view: View,
    table: pd.DataFrame,
    alt: str,
    *,
    first: Sequence[str] = (),
    config: Mapping[str, Any] | None = None,
    height: int | str = "content",
    room: int = ROOM,
    **options: Any,
) -> Any:
    """Draw ``table`` without its index; ``first``, ``config`` and ``room`` as in ``pages.common.columns.on_screen``.

    ``height`` in pixels is the most: a table with fewer rows is as high as they are. ``options`` go to ``st.dataframe`` (key, on_select, placeholder …).
    """
    if isinstance(height, int) and (len(table) + 1) * ROW_HEIGHT <= height:
        height = "content"
    return st.dataframe(
        table,
        hide_index=True,
        height=height,
        alt=alt,
        **on_screen(view, table, config, first=first, room=room),
        **options,
    )
