"""Empty the database, of the demonstration district or of trials: one action, confirmed by typing."""

from __future__ import annotations

import streamlit as st

from core.policy import Action, require
from core.store.migrate import empty
from pages import cache, startup
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["start_for_real"]


def start_for_real(view: View) -> None:
    """Explain, ask for the word, empty."""
    tr = view.tr
    people = cache.store.people_count(view.revision)
    kind = tr("the demonstration data") if view.district.demo else tr("all data in this database")
    st.markdown(
        tr(
            "This removes {kind}: {n} people with everything recorded about them. It cannot be undone.",
            kind=kind,
            n=tr.number(people),
        )
    )
    st.caption(
        tr(
            "Vocabularies (skills, occupations) and legal parameters are kept. Back up the database first if it holds real work."
        )
    )
    word = tr("EMPTY")
    typed = st.text_input(tr("Type “{word}” to confirm", word=word), key=Key.CONFIRM_EMPTY, width=260)
    if st.button(tr("Empty the database"), type="primary", disabled=typed.strip() != word):
        require(view.access, Action.EMPTY)
        empty(cache.store.database())
        startup.offer_first_link()
        st.session_state.pop(Key.CONFIRM_EMPTY, None)
        st.query_params.clear()
        st.rerun()
