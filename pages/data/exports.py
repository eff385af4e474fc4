"""The register of exports: who took which file, when, with how many rows."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.policy import Action
from core.terms import AccountRole
from pages import cache
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["exports"]


def exports(view: View) -> None:
    """Every file that left the system, newest first; it is read from the chained audit log."""
    tr, table = view.tr, cache.data.exports()
    if table.empty:
        st.write(tr("No file was taken yet."))
        return
    roles = {role.value: tr.term(role) for role in AccountRole}
    show_table(
        view,
        pd.DataFrame(
            {
                tr("When"): [tr.time(moment) for moment in table["at"]],
                tr("Who"): table["actor"],
                tr("Role"): [roles.get(role, tr("command line")) for role in table["role"]],
                tr("What"): [tr.term(Action.of(action)) for action in table["action"]],
                tr("File"): table["name"],
                tr("Rows taken"): table["rows"],
                tr("View or filter"): table["filters"],
                tr("Export number"): table["number"],
            }
        ),
        tr("Register of exports"),
        height=560,
        placeholder="",
    )
    st.caption(tr("The number stands in the file. The register is part of the audit log and cannot be changed."))
