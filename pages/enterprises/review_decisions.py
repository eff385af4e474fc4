"""The proposal of a review round and what people decide."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.enterprises.rounds import commands as round_commands
from core.enterprises.rounds.proposal import GROUNDS, Proposal
from core.locale import N_
from core.policy import Action
from core.terms import Tier
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View
from pages.enterprises import review_step

__all__ = ["form", "table"]

FIRST = (N_("Enterprise"), N_("Proposed"), N_("Decided"), N_("Score"))  # on a phone


def table(view: View, proposals: list[Proposal], cases: pd.DataFrame) -> None:
    """Score, tier on file, proposed and decided tier of each enterprise, with the grounds."""
    tr, by_employer = view.tr, cases.set_index("employer_id")
    rows = []
    for proposal in sorted(proposals, key=lambda p: (p.score.index is None, -(p.score.index or 0))):
        case = by_employer.loc[proposal.inputs.employer_id]
        decided = None if pd.isna(case["tier"]) else Tier.of(case["tier"])
        on_file = proposal.inputs.tier
        rows.append(
            {
                tr("Enterprise"): tr.name(proposal.inputs.name),
                tr("Score"): proposal.score.index,
                tr("Coverage"): proposal.score.coverage,
                tr("Tier on file"): tr("not reviewed yet") if on_file is None else tr.term(on_file),
                tr("Proposed"): tr.term(proposal.tier),
                tr("Grounds"): (", " if tr.is_english else "；").join(tr(GROUNDS[g]) for g in proposal.grounds),
                tr("Decided"): "" if decided is None else tr.term(decided),
                tr("Reason"): "" if pd.isna(case["reason"]) else case["reason"],
                tr("Decided by"): "" if pd.isna(case["decided_by"]) else case["decided_by"],
            }
        )
    st.markdown(f"**{tr('Proposal and decisions')}**")
    config = {
        tr("Score"): st.column_config.NumberColumn(format="%.1f"),
        tr("Coverage"): st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent", color="blue"),
    }
    show_table(view, pd.DataFrame(rows), tr("Proposal and decisions"), first=FIRST, config=config)


def form(view: View, proposals: list[Proposal], cases: pd.DataFrame) -> None:
    """The tier of one enterprise, with a reason where it differs from the proposal."""
    tr = view.tr
    if not view.may(Action.DECIDE_TIER):
        return
    proposed = {p.inputs.employer_id: p.tier for p in proposals}
    key = st.selectbox(
        tr("Decide on"), list(cases.index), format_func=lambda k: tr.name(cases.loc[k, "name"]), key=Key.ROUND_DECISION
    )
    case = cases.loc[key]
    current = proposed[int(case["employer_id"])] if pd.isna(case["tier"]) else Tier.of(case["tier"])
    with st.form(Key.ROUND_DECISION.of(key)):
        left, right = st.columns([1, 3])
        tier = left.selectbox(tr("Tier"), list(reversed(Tier)), len(Tier) - 1 - current.order, format_func=tr.term)
        reason = right.text_input(tr("Reason, where it differs from the proposal"), **at_most(tr, 200))
        sent = st.form_submit_button(tr("Record"), type="primary")
    if sent:
        review_step.act(view, round_commands.decide, int(key), tier, reason, int(case["version"]))
