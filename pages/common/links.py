"""Links to other pages of the navigation, for those who may open them."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.common.session_keys import Key

__all__ = ["page_link"]


def page_link(page: str, label: str, icon: str, query_params: Mapping[str, str] | None = None) -> bool:
    """A link to ``page``, a name in the navigation; nothing and False where the one who looks may not open it.

    ``label`` is Markdown: pass stored text through ``md_escape``.
    """
    target = st.session_state[Key.PAGES].get(page)
    if target is None:
        return False
    st.page_link(target, label=label, icon=icon, query_params=query_params)
    return True
