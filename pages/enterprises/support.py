"""What the bureau does for an enterprise: measures with their state and effect, visits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from core.enterprises import support_commands
from core.enterprises.assessment import EnterpriseAssessment
from core.locale import N_
from core.policy import Action
from core.terms import SupportState, Tier
from pages import cache
from pages.common.escape import md_escape
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View
from pages.enterprises import policies_panel

__all__ = ["show"]

FIRST = (N_("Support measure"), N_("State"), N_("Since"))  # on a phone
FIRST_OF_VISITS = (N_("Day"), N_("Note"))


def show(view: View, assessment: EnterpriseAssessment) -> None:
    """Measures left, visits right; forms for whoever is signed in."""
    left, right = st.columns(2, gap="medium")
    with left:
        _grants(view, assessment)
        policies_panel.show(view, assessment.key)
    with right:
        _visits(view, assessment)


def _act(view: View, step: Callable[..., Any], *arguments: Any) -> None:
    """Run a step as a command."""
    visits = step is support_commands.record_visit
    action = Action.VISIT_ENTERPRISE if visits else Action.SUPPORT_ENTERPRISE
    save(view, action, lambda change: step(change, *arguments))


def _grants(view: View, assessment: EnterpriseAssessment) -> None:
    tr, tier = view.tr, assessment.tier if assessment.is_reviewed else None
    measures, grants = (
        cache.enterprises.support_measures(view.revision),
        cache.enterprises.support_grants(view.revision),
    )
    own = grants[grants["employer_id"] == assessment.key]
    st.markdown(f"**{tr('Support measures')}**")
    open_to = [m for m in measures.itertuples() if tier is not None and tier.order >= Tier.of(m.lowest_tier).order]
    if own.empty:
        st.caption(tr("None on file."))
    else:
        rows = [
            {
                tr("Support measure"): g.measure,
                tr("State"): tr.term(SupportState.of(g.state)),
                tr("Since"): g.since,
                tr("Yuan"): g.amount,
                tr("Effect"): "" if pd.isna(g.effect) else g.effect,
            }
            for g in own.itertuples()
        ]
        config = {
            tr("Since"): st.column_config.DateColumn(format="YYYY-MM-DD"),
            tr("Yuan"): st.column_config.NumberColumn(format="localized"),
        }
        show_table(view, pd.DataFrame(rows), tr("Support measures"), first=FIRST, config=config)
    st.caption(
        tr("Open to its tier: {names}", names="、".join(md_escape(m.name) for m in open_to))
        if open_to
        else tr("No measure is open to its tier.")
    )
    if not view.may(Action.SUPPORT_ENTERPRISE):
        return
    if open_to:
        _plan_form(view, assessment, {int(m.id): str(m.name) for m in open_to})
    if not own.empty:
        _state_form(view, own)
    _measure_form(view)


def _plan_form(view: View, assessment: EnterpriseAssessment, names: dict[int, str]) -> None:
    tr = view.tr
    with st.expander(tr("Plan a measure")), st.form(Key.SUPPORT.of("plan", assessment.key), border=False):
        measure = st.selectbox(tr("Support measure"), list(names), format_func=names.__getitem__)
        amount = st.number_input(tr("Amount in yuan, empty = as offered"), 0.0, value=None, step=1000.0, format="%g")
        sent = st.form_submit_button(tr("Plan it"))
    if sent:
        tier = assessment.tier if assessment.is_reviewed else None
        _act(view, support_commands.plan_grant, measure, assessment.key, tier, amount, view.today)


def _state_form(view: View, own: pd.DataFrame) -> None:
    tr, by_id = view.tr, own.set_index("id")
    with st.expander(tr("Change a state")), st.form(Key.SUPPORT.of("state", own["employer_id"].iloc[0]), border=False):
        grant = st.selectbox(
            tr("Support measure"), list(by_id.index), format_func=lambda k: str(by_id.loc[k, "measure"])
        )
        state = st.selectbox(tr("State"), list(SupportState), format_func=tr.term)
        effect = st.text_input(tr("Effect"), **at_most(tr, 200))
        sent = st.form_submit_button(tr("Save"))
    if sent:
        version = int(by_id.loc[grant, "version"])
        _act(view, support_commands.move_grant, int(grant), state, effect, view.today, version)


def _measure_form(view: View) -> None:
    tr = view.tr
    with st.expander(tr("Offer another measure")), st.form(Key.SUPPORT.of("measure"), border=False):
        name = st.text_input(tr("Name"), **at_most(tr, 60))
        left, right = st.columns(2)
        tier = left.selectbox(tr("From tier"), list(Tier), format_func=tr.term)
        amount = right.number_input(
            tr("Yuan an enterprise, empty = no money"), 0.0, value=None, step=1000.0, format="%g"
        )
        basis = st.text_input(tr("Document it rests on"), **at_most(tr, 200))
        sent = st.form_submit_button(tr("Offer it"))
    if sent:
        _act(view, support_commands.offer_measure, name, tier, amount, basis)


def _visits(view: View, assessment: EnterpriseAssessment) -> None:
    tr = view.tr
    st.markdown(f"**{tr('Visits')}**")
    visits = cache.enterprises.visits(view.revision)
    own = visits[visits["employer_id"] == assessment.key]
    if own.empty:
        st.caption(tr("None on file."))
    else:
        rows = [{tr("Day"): v.visited_on, tr("Visitor"): v.visitor, tr("Note"): v.note} for v in own.itertuples()]
        config = {tr("Day"): st.column_config.DateColumn(format="YYYY-MM-DD")}
        show_table(view, pd.DataFrame(rows), tr("Visits"), first=FIRST_OF_VISITS, config=config)
    if not view.may(Action.VISIT_ENTERPRISE):
        return
    with st.expander(tr("Record a visit")), st.form(Key.SUPPORT.of("visit", assessment.key), border=False):
        day = st.date_input(tr("Day"), value=view.today, max_value=view.today)
        note = st.text_input(tr("Note"), **at_most(tr, 200))
        sent = st.form_submit_button(tr("Record"))
    if sent:
        _act(view, support_commands.record_visit, assessment.key, day, note, view.today)
