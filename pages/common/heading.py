"""The top of a page: the finding as title, the filter or definition below it; and what an empty page says."""

from __future__ import annotations

import streamlit as st

from core.locale import Translator
from pages.common.links import page_link

__all__ = ["empty_state", "heading"]


def heading(finding: str, subtitle: str = "") -> None:
    """Title = the finding in one sentence; subtitle = the filter in words, the as-of day, the definition.

    Both are Markdown: pass stored text through ``md_escape``.
    """
    st.title(finding, anchor=False)
    if subtitle:
        st.caption(subtitle)


def empty_state(tr: Translator, what: str) -> None:
    """What this page will show, and the one link that gets there, for who may import; then stop."""
    with st.container(border=True):
        st.subheader(tr("No data yet"), anchor=False)
        st.write(what)
        page_link("data", tr("Import the first sheet"), ":material/upload:")
    st.stop()
