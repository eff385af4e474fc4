"""Empty the database, of the demonstration district or of trials: one action, confirmed by typing."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.store.emptying import EmptyRefused, allows_emptying, empty
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
            "This removes {kind}: {n} people with everything recorded about them. It cannot be undone on this page.",
            kind=kind,
            n=tr.number(people),
        )
    )
    st.caption(
        tr(
            "A backup is made first, beside the database. Vocabularies (skills, occupations), legal parameters and the audit log are kept; the log notes who emptied it."
        )
    )
    if not view.district.demo and not allows_emptying():
        st.info(
            tr(
                "This database holds real data. To empty it, the server must be started with ALLOW_EMPTY=1; it then is offered here."
            )
        )
        return
    word = tr("EMPTY")
    typed = st.text_input(tr("Type “{word}” to confirm", word=word), key=Key.CONFIRM_EMPTY, width=260)
    if st.button(tr("Empty the database"), type="primary", disabled=typed.strip() != word):
        try:
            empty(cache.store.database(), actor=view.access, at=datetime.now(UTC), allow_real=allows_emptying())
        except EmptyRefused as refused:
            st.error(tr("Not emptied: no backup could be made. Make one by hand first:"))
            st.code(refused.command, language="sh")
            return
        startup.offer_first_link()
        st.session_state.pop(Key.CONFIRM_EMPTY, None)
        st.query_params.clear()
        st.rerun()
