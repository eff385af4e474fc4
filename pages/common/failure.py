"""What a person sees when something went wrong: an error number, never a trace or data; or what their role does not include."""

from __future__ import annotations

import streamlit as st

from core.locale import translator
from core.policy import Refused
from core.store.commands import CommandRefused
from core.store.failures import Failure, explain
from pages.common import refusal
from pages.common.escape import md_escape

__all__ = ["show_failure"]


def show_failure(error: Exception, number: str, kind: Failure | None = None) -> None:
    """An apology with the number under which the log has the details; for a known ``kind`` what to do."""
    tr = translator("en" if st.query_params.get("lang") == "en" else "zh_CN")
    if isinstance(error, Refused):
        refusal.show(tr, error)
        return
    if isinstance(error, CommandRefused):
        st.error(md_escape(error.sentence(tr)))
        return
    if kind is not None:
        what, remedy = explain(kind, tr)
        st.error(f"**{what}**  \n{remedy} " + tr("(Error {n})", n=number), icon=":material/error:")
        return
    st.error(
        tr("Something went wrong. Nothing was saved. Please reload; if it happens again, report error {n}.", n=number)
    )
