"""Numbers set by law or by the bureau, each valid from a date; a change is a new line, the old one stays."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.locale import N_
from core.policy import Action
from core.store import settings
from pages import cache
from pages.common.saving import save
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["parameters"]

FIRST = (N_("Name"), N_("Parameter value"), N_("Unit"))  # on a phone


def parameters(view: View) -> None:
    """The dated table and a form for a new value."""
    tr = view.tr
    table = cache.store.parameters(view.revision)
    table = table[table["key"].isin(settings.PARAMETER_NAMES)]  # older stores keep some that nothing reads any more
    in_force = table[table["since"] <= str(view.today)].drop_duplicates("key", keep="last")["id"]

    def name(key: str) -> str:
        return tr(settings.PARAMETER_NAMES[key])

    shown = pd.DataFrame(
        {
            tr("Name"): table["key"].map(name),
            tr("Valid from"): table["since"].dt.strftime("%Y-%m-%d"),
            tr("Parameter value"): table["value"],
            tr("Unit"): [tr(settings.PARAMETER_UNITS.get(u, u)) for u in table["unit"]],
            tr("In force"): table["id"].isin(in_force),
            tr("Source"): table["source"],
        }
    )
    config = {tr("Parameter value"): st.column_config.NumberColumn(format="localized")}
    show_table(view, shown, tr("Legal parameters and thresholds"), first=FIRST, config=config, height=460)
    with st.popover(tr("Enter a new value"), icon=":material/add:"), st.form("parameter", border=False):
        key = st.selectbox(tr("Name"), list(table["key"].unique()), format_func=name)
        since = st.date_input(tr("Valid from"), value=view.today)
        value = st.number_input(tr("Parameter value"), value=0.0)
        source = st.text_input(tr("Source"), **at_most(tr, 200))
        if st.form_submit_button(tr("Save"), type="primary"):
            save(
                view,
                Action.SAVE_PARAMETER,
                lambda change: settings.save_parameter(change, key, since, value, source),
            )
