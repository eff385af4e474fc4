"""How openings read on the screen."""

from __future__ import annotations

import pandas as pd

from core.jobs.openings.listing import opening_number
from pages.common.view import View

__all__ = ["label"]


def label(view: View, row: pd.Series) -> str:
    """Number, title and employer of a row of openings in one line."""
    return f"{opening_number(int(row['id']))} {row['title']} · {view.tr.name(str(row['employer']))}"
