"""Third-party assessments and compliance in a review round."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from core.enterprises.assessment import BREACHES
from core.enterprises.rounds import commands as round_commands
from core.enterprises.rounds.commands import Compliance, ThirdParty
from core.enterprises.rounds.proposal import third_party_counts
from core.locale import N_
from core.policy import Action
from core.terms import EvidenceSource, Pillar
from pages import cache
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View
from pages.enterprises import review_step

__all__ = ["show"]

FIRST = (N_("Enterprise"), N_("Is counted"), N_("Valid until"))  # on a phone
YEAR = timedelta(days=365)


def show(view: View, row: pd.Series, cases: pd.DataFrame) -> None:
    """Third-party assessments and compliance by enterprise, and the forms that enter them."""
    tr, ends_on = view.tr, row["ends_on"].date()
    rows = []
    for _, case in cases.iterrows():
        counts = third_party_counts(case["assessed_on"], case["valid_until"], ends_on)
        breaches = [tr(name) for code, name in BREACHES.items() if bool(case[code])]
        rows.append(
            {
                tr("Enterprise"): tr.name(case["name"]),
                tr("Third party"): "" if pd.isna(case["assessor"]) else case["assessor"],
                tr("Assessed on"): case["assessed_on"],
                tr("Valid until"): case["valid_until"],
                tr("Is counted"): tr("yes") if counts else tr("no: growth is the highest tier"),
                tr("Compliance"): "、".join(breaches) or tr("no breach on file"),
                tr("Evidence"): "" if pd.isna(case["compliance_note"]) else case["compliance_note"],
            }
        )
    st.markdown(f"**{tr('Third-party assessment and compliance')}**")
    days = {tr(name): st.column_config.DateColumn(format="YYYY-MM-DD") for name in ("Assessed on", "Valid until")}
    show_table(view, pd.DataFrame(rows), tr("Evidence by enterprise"), first=FIRST, config=days, placeholder="–")
    if not view.may(Action.RECORD_EVIDENCE):
        return
    with st.expander(tr("Enter an assessment or a breach")):
        key = st.selectbox(
            tr("Enterprise"),
            list(cases.index),
            format_func=lambda k: tr.name(cases.loc[k, "name"]),
            key=Key.ROUND_EVIDENCE.of(row["id"]),
        )
        left, right = st.columns(2, gap="medium")
        with left:
            _third_party_form(view, int(key), cases.loc[key], ends_on)
        with right:
            _compliance_form(view, int(key), cases.loc[key])


def _third_party_form(view: View, key: int, case: pd.Series, ends_on: date) -> None:
    tr = view.tr
    marks = cache.enterprises.marks(view.revision, view.access.name)
    own = marks[(marks["case_id"] == key) & (marks["source"] == EvidenceSource.THIRD_PARTY)].set_index("pillar")
    with st.form(Key.ROUND_EVIDENCE.of("third", key)):
        assessor = st.text_input(
            tr("Third party"), value="" if pd.isna(case["assessor"]) else str(case["assessor"]), **at_most(tr, 80)
        )
        left, right = st.columns(2)
        made = case["assessed_on"]
        until = case["valid_until"]
        assessed_on = left.date_input(tr("Assessed on"), value=ends_on if pd.isna(made) else made.date())
        valid_until = right.date_input(tr("Valid until"), value=ends_on + YEAR if pd.isna(until) else until.date())
        values = {}
        for start in (0, 3):
            for column, pillar in zip(st.columns(3), list(Pillar)[start : start + 3], strict=True):
                stored = round(float(own.loc[pillar, "value"]) * 100, 1) if pillar in own.index else None
                values[pillar] = column.number_input(tr.term(pillar), 0.0, 100.0, stored, step=1.0, format="%g")
        note = st.text_input(
            tr("Note"),
            value="" if pd.isna(case["assessment_note"]) else str(case["assessment_note"]),
            **at_most(tr, 200),
        )
        sent = st.form_submit_button(tr("Save the assessment"))
    if sent:
        given = {pillar: value / 100 for pillar, value in values.items() if value is not None}
        sheet = ThirdParty(assessor, assessed_on, valid_until, note, given)
        review_step.act(view, round_commands.record_third_party, key, sheet, int(case["version"]))


def _compliance_form(view: View, key: int, case: pd.Series) -> None:
    tr = view.tr
    with st.form(Key.ROUND_EVIDENCE.of("compliance", key)):
        ticked = [code for code, name in BREACHES.items() if st.checkbox(tr(name), value=bool(case[code]))]
        note = st.text_input(
            tr("Evidence"),
            value="" if pd.isna(case["compliance_note"]) else str(case["compliance_note"]),
            **at_most(tr, 200),
        )
        sent = st.form_submit_button(tr("Save compliance"))
    if sent:
        review_step.act(view, round_commands.record_compliance, key, Compliance(ticked, note), int(case["version"]))
