"""Stored text on its way into Markdown: nothing in it may become a link, an image or formatting."""

from __future__ import annotations

import re

import pandas as pd

__all__ = ["md_escape", "md_escape_table"]

# `$` and `:` as well: Streamlit reads $math$, :colour[…] and :material/…: directives.
SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:@&])")
# GitHub's Markdown makes links of addresses that stand in the text, and looks for them after backslashes are gone.
# An invisible word joiner breaks the address without breaking the line.
WORD_JOINER = "\u2060"
AUTOLINK = re.compile(r"(?i)(https?|www)(?=:|\.)|@")


def md_escape(text: object) -> str:
    """``text`` so that st.write, st.metric, labels, titles and tooltips show it letter by letter, as one line."""
    plain = " ".join(str(text).split())
    return SPECIAL.sub(r"\\\1", AUTOLINK.sub(rf"\g<0>{WORD_JOINER}", plain))


def md_escape_table(table: pd.DataFrame) -> pd.DataFrame:
    """``table`` with every text of its cells, index and headers escaped: st.table reads them as Markdown."""
    return table.map(_escape_text).rename(index=_escape_text, columns=_escape_text)


def _escape_text(value: object) -> object:
    return md_escape(value) if isinstance(value, str) else value
