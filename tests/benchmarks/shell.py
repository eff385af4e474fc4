"""The app with one more, trivial page: the floor that timings of pages are compared with.

python -m tests.benchmarks.shell PORT
"""

from __future__ import annotations

import sys

import streamlit as st
import streamlit.web.cli

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


if __name__ == "__main__":
    frame.PAGES["floor"] = [("floor", "floor", render, Action.READ_OVERVIEW)]
    streamlit.web.cli.main(["run", "app.py", "--server.port", sys.argv[1]])
