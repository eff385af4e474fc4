"""Links to other pages of the navigation, for those who may open them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["address", "page_link"]


def address(view: View, page: str, **query: object) -> str:
    """The address of a page for a window of its own: in the same language and, in a city, the same district."""
    district = {} if view.access.district is None else {"district": view.access.district}
    return f"/{page}?" + urlencode({**query, "lang": view.tr.lang, **district})


def page_link(page: str, label: str, icon: str, query_params: Mapping[str, str] | None = None) -> bool:
    """A link to ``page``, a name in the navigation; nothing and False where the one who looks may not open it.

    ``label`` is Markdown: pass stored text through ``md_escape``.
    """
    target = st.session_state[Key.PAGES].get(page)
    if target is None:
        return False
    st.page_link(target, label=label, icon=icon, query_params=query_params)
    return True
