"""What somebody reads who asks for something that their role does not include."""

from __future__ import annotations

import streamlit as st

from core.locale import Translator
from core.policy import RULES, Action, Refused
from core.terms import AccountRole
from pages.common.heading import heading
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["closed_page", "show"]


def closed_page(view: View, action: Action) -> None:
    """Instead of a page that the role may not open: why, who may, and the way on. The start page leads on by itself."""
    tr, offered = view.tr, list(st.session_state[Key.PAGES].values())
    if st.session_state[Key.PAGE] == "" and offered:
        st.switch_page(offered[0])
    heading(tr("This page is not part of your work"))
    roles = tr.join(tr.term(role) for role in AccountRole if role in RULES[action])
    st.info(
        tr("You are signed in as {role}. This page is open to: {roles}.", role=tr.term(view.access.role), roles=roles),
        icon=":material/lock:",
    )
    if offered:
        st.page_link(offered[0], label=tr("Go to {page}", page=offered[0].title), icon=":material/arrow_forward:")


def show(tr: Translator, refused: Refused) -> None:
    """A command that was refused: nothing was changed."""
    st.error(
        tr("Your role does not include this: {action}. Nothing was changed.", action=tr.term(refused.action)),
        icon=":material/lock:",
    )
