"""The app's own frame with one more, trivial page: the floor that page timings are compared with."""

from __future__ import annotations

import streamlit as st

from core.policy import Action
from pages import frame
from pages.common.view import View


def render(_view: View) -> None:
    """A title and a slider in a fragment."""
    st.title("floor")
    _slider()


@st.fragment
def _slider() -> None:
    value = st.slider("floor", 0, 100, 50, key="floor")
    st.markdown(f"value {value}")


frame.main({**frame.PAGES, "floor": [("floor", "floor", render, Action.READ_OVERVIEW)]})
