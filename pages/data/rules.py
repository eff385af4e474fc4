"""The tables of rights as they are in force: who may do what, sees whose rows, and which facts about a person."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.policy import FIELDS, RULES, SCOPES
from core.terms import AccountRole
from pages.common.view import View

__all__ = ["rules"]


def rules(view: View) -> None:
    """Three tables with a column a role; they are read from the one place that pages and commands ask."""
    tr = view.tr
    names = {role: tr.term(role) for role in AccountRole}
    st.subheader(tr("Whose rows"), anchor=False)
    _table(
        pd.DataFrame({names[role]: [tr.term(SCOPES[role])] for role in AccountRole}),
        tr("Whose rows"),
    )
    st.subheader(tr("Facts about a person"), anchor=False)
    _table(
        pd.DataFrame(
            {tr("Fact"): [tr.term(field) for field in FIELDS]}
            | {names[role]: [tr.term(sights[role]) for sights in FIELDS.values()] for role in AccountRole}
        ),
        tr("Facts about a person"),
    )
    allowed = {action: roles for action, roles in RULES.items() if roles - {None}}  # the rest is for command lines
    st.subheader(tr("What each role may do"), anchor=False)
    _table(
        pd.DataFrame(
            {tr("Right"): [tr.term(action) for action in allowed]}
            | {names[role]: ["●" if role in roles else "" for roles in allowed.values()] for role in AccountRole}
        ),
        tr("What each role may do"),
    )


def _table(table: pd.DataFrame, name: str) -> None:
    st.dataframe(table, hide_index=True, height="content", alt=name)
