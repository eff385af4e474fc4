"""The panel of a review round: who has marked what, one's own marks, conflicts of interest, median and spread."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.enterprises.rounds import commands as round_commands
from core.policy import Action
from core.terms import EvidenceSource, Pillar
from pages import cache
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View
from pages.enterprises import review_step

__all__ = ["exclusion_form", "marks_table", "own_marks", "progress"]


def progress(view: View, row: pd.Series, cases: pd.DataFrame) -> None:
    """Who has marked what, without the marks."""
    tr, panel = view.tr, review_step.panel(view, int(row["id"]))
    given = cache.enterprises.marks_given(view.revision)
    counts = {(int(r.case_id), str(r.judge)): int(r.n) for r in given.itertuples()}
    barred = review_step.excluded(view)
    rows = [
        {
            tr("Enterprise"): tr.name(case["name"]),
            **{
                judge: tr("conflict of interest")
                if judge in barred.get(key, {})
                else f"{counts.get((key, judge), 0)}/{len(Pillar)}"
                for judge in panel
            },
        }
        for key, case in cases.iterrows()
    ]
    show_table(view, pd.DataFrame(rows), tr("Marks given so far"))
    st.caption(tr("How many pillars each judge has marked. Marks are shown to all when the scoring has ended."))


def own_marks(view: View, row: pd.Series, cases: pd.DataFrame) -> None:
    """The form of a member of the panel: six marks of 100 for one enterprise."""
    tr = view.tr
    if not view.may(Action.GIVE_MARKS) or view.access.name not in review_step.panel(view, int(row["id"])):
        return
    barred = review_step.excluded(view)
    mine = [key for key in cases.index if view.access.name not in barred.get(int(key), {})]
    if not mine:
        return
    st.subheader(tr("Your marks"), anchor=False)
    case = st.selectbox(
        tr("Enterprise"), mine, format_func=lambda k: tr.name(cases.loc[k, "name"]), key=Key.ROUND_CASE.of(row["id"])
    )
    marks = cache.enterprises.marks(view.revision, view.access.name)
    own = marks[(marks["case_id"] == case) & (marks["judge"] == view.access.name)].set_index("pillar")
    with st.form(Key.ROUND_MARKS.of(case)):
        values = {}
        for column, pillar in zip(st.columns(len(Pillar)), Pillar, strict=True):
            stored = round(float(own.loc[pillar, "value"]) * 100, 1) if pillar in own.index else None
            values[pillar] = column.number_input(tr.term(pillar), 0.0, 100.0, stored, step=1.0, format="%g")
        note = st.text_input(
            tr("Note"), value=str(own["note"].dropna().iloc[0]) if own["note"].notna().any() else "", **at_most(tr, 200)
        )
        sent = st.form_submit_button(tr("Save the marks"), type="primary")
    if sent:
        given = {pillar: value / 100 for pillar, value in values.items() if value is not None}
        review_step.act(view, round_commands.mark, int(case), given, note)


def exclusion_form(view: View, row: pd.Series, cases: pd.DataFrame) -> None:
    """The conflicts of interest that are declared, and the form that declares one."""
    tr, barred = view.tr, review_step.excluded(view)
    for key, case in cases.iterrows():
        for judge, reason in barred.get(int(key), {}).items():
            st.caption(
                tr(
                    "{judge} does not mark {name}: {reason}",
                    judge=md_escape(judge),
                    name=md_escape(tr.name(case["name"])),
                    reason=md_escape(reason),
                )
            )
    if not view.may(Action.DECLARE_CONFLICT):
        return
    with st.expander(tr("Declare a conflict of interest")), st.form(Key.ROUND_EXCLUSION.of(row["id"]), border=False):
        left, middle, right = st.columns([2, 1, 3])
        case = left.selectbox(tr("Enterprise"), list(cases.index), format_func=lambda k: tr.name(cases.loc[k, "name"]))
        judge = middle.selectbox(tr("Judge"), review_step.panel(view, int(row["id"])))
        reason = right.text_input(tr("Reason"), **at_most(tr, 200))
        sent = st.form_submit_button(tr("Exclude"))
    if sent:
        review_step.act(view, round_commands.exclude_judge, int(case), judge, reason)


def marks_table(view: View, cases: pd.DataFrame) -> None:
    """Median and spread of the panel by enterprise and pillar, after the scoring has ended."""
    tr = view.tr
    marks, barred = cache.enterprises.marks(view.revision, view.access.name), review_step.excluded(view)
    panel = marks[marks["source"] == EvidenceSource.PANEL]
    rows = []
    for key, case in cases.iterrows():
        own = panel[(panel["case_id"] == key) & ~panel["judge"].isin(barred.get(int(key), {}))]
        cells = {}
        for pillar in Pillar:
            values = own.loc[own["pillar"] == pillar, "value"].astype(float) * 100
            cells[tr.term(pillar)] = (
                "–"
                if values.empty
                else f"{tr.number(values.median())} ({tr.number(values.min())}–{tr.number(values.max())})"
            )
        left_out = "、".join(f"{judge}（{reason}）" for judge, reason in barred.get(int(key), {}).items())
        rows.append(
            {
                tr("Enterprise"): tr.name(case["name"]),
                **cells,
                tr("Judges"): own["judge"].nunique(),
                tr("Conflict of interest"): left_out,
            }
        )
    st.markdown(f"**{tr('The panel: median (lowest–highest) of 100')}**")
    config = {
        tr("Conflict of interest"): st.column_config.TextColumn(width=220),
        tr("Judges"): st.column_config.Column(width=70),
    }
    show_table(view, pd.DataFrame(rows), tr("Median and spread of the panel"), config=config)
