"""What a person sees when something went wrong: an error number, never a trace or data; or what their role does not include."""

from __future__ import annotations

import streamlit as st

from core.locale import translator
from core.policy import Refused
from pages.common import refusal

__all__ = ["show_failure"]


def show_failure(error: Exception, number: str) -> None:
    """An apology with the number under which the log has the details."""
    tr = translator("en" if st.query_params.get("lang") == "en" else "zh_CN")
    if isinstance(error, Refused):
        refusal.show(tr, error)
        return
    st.error(
        tr("Something went wrong. Nothing was saved. Please reload; if it happens again, report error {n}.", n=number)
    )
