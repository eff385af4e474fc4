"""Which district of a city this page shows: chosen in the header by who may open several, or named by a link.

Each window has a district of its own, which its address names, so that a link leads every reader to the same rows. The
session in the store keeps the one that was chosen last: a new window begins there.
"""

from __future__ import annotations

import streamlit as st

from core.locale import Translator
from core.policy import NO_DISTRICT, Access
from pages.common import signed_in
from pages.common.escape import md_escape
from pages.common.heading import heading
from pages.common.query_params import query_param, set_query_param
from pages.common.session_keys import Key

__all__ = ["admits", "open_district", "show"]


def admits(tr: Translator, access: Access) -> bool:
    """Whether the page may be drawn for the district that is asked for; where not, says why and what to do."""
    if access.district is None:
        return True
    wanted = query_param("district")
    if access.district == NO_DISTRICT:
        _say(
            tr("No district is open to you yet"),
            tr("Ask whoever runs the city's server to open one to {name}.", name=md_escape(access.name)),
        )
        return False
    if wanted and wanted != access.district:
        _say(
            tr("This district is not open to you"),
            tr("The link leads to a district of the city that your account may not open. Nothing of it was read."),
        )
        own = signed_in.districts(access)[access.district]
        name = own.name_en if tr.is_english else own.name
        if st.button(tr("Go to {page}", page=name), icon=":material/arrow_forward:", key=Key.DISTRICT.of("own")):
            open_district(access.district)
            st.rerun()
        return False
    set_query_param("district", access.district)
    return True


def show(tr: Translator, access: Access) -> bool:
    """The picker, for who may open several districts; whether there is one."""
    own = signed_in.districts(access)
    if len(own) < 2 or access.district is None:
        return False
    st.session_state[Key.DISTRICT] = access.district

    def change() -> None:
        open_district(st.session_state[Key.DISTRICT])

    st.selectbox(
        tr("District or county"),
        list(own),
        format_func=lambda key: own[key].name_en if tr.is_english else own[key].name,
        key=Key.DISTRICT,
        on_change=change,
        label_visibility="collapsed",
        width=200,
    )
    return True


def open_district(key: str) -> None:
    """Show a district in the next run, at its own rows: what the address names belongs to the one before."""
    lang = st.query_params.get("lang")
    st.query_params.clear()
    st.query_params["district"] = key
    if lang is not None:
        st.query_params["lang"] = lang
    signed_in.choose(key)


def _say(title: str, text: str) -> None:
    heading(title)
    st.info(text, icon=":material/lock:")
