"""The tables of rights as they are in force: who may do what, sees whose rows, and which facts about a person."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.policy import FIELDS, RULES, SCOPES
from core.terms import AccountRole
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["rules"]


def rules(view: View) -> None:
    """Three tables by role, one's own first, on a phone one role at a time; read from the place that pages and commands ask."""
    tr = view.tr
    names = {role: tr.term(role) for role in sorted(AccountRole, key=lambda role: role is not view.access.role)}
    if view.is_handheld:
        role = st.selectbox(tr("Role"), list(names), format_func=names.__getitem__, key=Key.RULES_ROLE)
        names = {role: names[role]}
    st.subheader(tr("Whose rows"), anchor=False)
    show_table(
        view,
        pd.DataFrame({tr("Role"): list(names.values()), tr("Whose rows"): [tr.term(SCOPES[role]) for role in names]}),
        tr("Whose rows"),
    )
    st.subheader(tr("Facts about a person"), anchor=False)
    show_table(
        view,
        pd.DataFrame(
            {tr("Fact"): [tr.term(field) for field in FIELDS]}
            | {names[role]: [tr.term(sights[role]) for sights in FIELDS.values()] for role in names}
        ),
        tr("Facts about a person"),
    )
    allowed = {action: roles for action, roles in RULES.items() if roles - {None}}  # the rest is for command lines
    st.subheader(tr("What each role may do"), anchor=False)
    show_table(
        view,
        pd.DataFrame(
            {tr("Right"): [tr.term(action) for action in allowed]}
            | {names[role]: ["●" if role in roles else "" for roles in allowed.values()] for role in names}
        ),
        tr("What each role may do"),
    )
