"""Stored text on its way into Markdown: nothing in it may become a link, an image or formatting."""

from __future__ import annotations

import re

__all__ = ["md_escape"]

# `$` and `:` as well: Streamlit reads $math$, :colour[…] and :material/…: directives.
SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:@&])")


def md_escape(text: object) -> str:
    """``text`` so that st.write, st.metric, labels and titles show it letter by letter."""
    return SPECIAL.sub(r"\\\1", str(text)).replace("\n", " ")
