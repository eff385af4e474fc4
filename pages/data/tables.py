"""What the steps of an import share about tables: how many rows are sent to the browser, and row numbers in words."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from core.intake.reading.tables import row_labels
from pages.common.view import View

__all__ = ["SHOWN", "row_column", "show_cut"]

SHOWN = 500  # rows of a table that are sent to the browser


def show_cut(view: View, n: int, shown: int = SHOWN) -> None:
    """That a table of ``n`` rows shows the first ``shown`` only."""
    if n > shown:
        st.caption(view.tr("First {n} of {all} rows are shown.", n=view.tr.number(shown), all=view.tr.number(n)))


def row_column(numbers: Iterable[int | None]) -> pd.Series:
    """Row numbers as a column: of one sheet as numbers that sort, of several as places such as "三里屯!5"."""
    labels = row_labels(numbers)
    is_text = any(isinstance(label, str) for label in labels)
    return pd.Series(
        ["" if label is None and is_text else label for label in labels], dtype="str" if is_text else "Int64"
    )
