"""From the demonstration district, or from trials, to an empty store: one action, confirmed by typing."""

from __future__ import annotations

import streamlit as st

from core.store.migrate import empty
from pages import cache
from pages.common.view import View

__all__ = ["start_for_real"]


def start_for_real(view: View) -> None:
    """Explain, ask for the word, empty."""
    tr = view.tr
    people = cache.store.people_count(view.revision)
    kind = tr("the demonstration district") if view.district.demo else tr("all data of this store")
    st.markdown(
        tr(
            "This removes {kind}: {n} people with everything recorded about them. It cannot be undone.",
            kind=kind,
            n=tr.number(people),
        )
    )
    st.caption(
        tr(
            "Vocabulary (skills, occupations) and the law's numbers stay. Make a copy of the store first if it holds real work."
        )
    )
    if view.staff is None:
        st.info(tr("Choose under “Working as” who you are first."))
        return
    word = tr("EMPTY")
    typed = st.text_input(tr("Type “{word}” to confirm", word=word), key="confirm_empty", width=260)
    if st.button(tr("Empty the store"), type="primary", disabled=typed.strip() != word):
        empty(cache.store.database())
        st.session_state.pop("confirm_empty", None)
        st.query_params.clear()
        st.rerun()
