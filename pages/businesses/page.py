"""Which small shops did we help to open, and do they last? The register of micro-businesses, and that of premises."""

from __future__ import annotations

import streamlit as st

from core.locale import N_
from pages import cache
from pages.businesses import premises, register
from pages.common import drilldown
from pages.common.heading import empty_state, heading
from pages.common.parts import Part, choose_part, show_part
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["render"]

PARTS = {  # by their code in the address
    "register": Part(N_("Micro-businesses"), register.finding, register.show),
    "premises": Part(N_("Premises"), premises.finding, premises.show),
}


def render(view: View) -> None:
    """One of the two registers under the finding."""
    tr = view.tr
    if view.is_empty and cache.businesses.premises(view.revision).empty:
        heading(tr("Micro-businesses and premises"))
        empty_state(
            tr,
            tr(
                "This page holds the handicraft shops, convenience stores and parcel points of the communities, what they "
                "were helped with, how many last, and the premises that work can move into."
            ),
        )
    top = st.container()
    part = choose_part(view, PARTS, key=Key.BUSINESSES_PART)
    show_part(view, part, top=top)
    drilldown.show_pending(view)
