"""How openings read on the screen."""

from __future__ import annotations

import pandas as pd

from core.dispatch.exports.openings_board import pay_text
from core.jobs.openings.listing import opening_number
from core.jobs.openings.posting import Posting
from core.locale import Translator
from pages.common.view import View

__all__ = ["label", "pay_words"]


def pay_words(posting: Posting, tr: Translator) -> str:
    """The pay in words."""
    return pay_text(posting, tr)


def label(view: View, row: pd.Series) -> str:
    """Number, title and employer of a row of openings in one line."""
    return f"{opening_number(int(row['id']))} {row['title']} · {view.tr.name(str(row['employer']))}"
