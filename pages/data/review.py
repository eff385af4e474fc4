"""Rows that fit someone known by name and phone only: a person decides who they are, for all rows or one by one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.intake.findings import Decision, RowStatus
from core.intake.planning.plan import ImportPlan
from core.people.masking import mask_name, mask_phone
from pages.common.session_keys import Key
from pages.common.view import View
from pages.data.import_state import ImportState
from pages.data.preview import SHOWN, row_column, show_cut

__all__ = ["ask_decision", "decisions", "review"]


def ask_decision(view: View, state: ImportState) -> Decision | None:
    """The decision on all such rows together; None: ask row by row."""
    if state.plan is None or not (state.answers or any(row.candidates for row in state.plan.rows)):
        return None
    tr = view.tr
    labels = {None: tr("ask me"), **_labels(view)}
    return st.selectbox(
        tr("Rows without ID number that fit someone by name and phone"),
        list(labels),
        format_func=lambda decision: labels[decision],
        key=Key.IMPORT_OTHERWISE.of(state.file_id),  # a decision is for one file
        width=420,
    )


def decisions(state: ImportState) -> dict[int, Decision]:
    """The answers given row by row."""
    return dict(state.answers)


def _labels(view: View) -> dict[Decision | None, str]:
    tr = view.tr
    return {Decision.SAME_PERSON: tr("it is the same person"), Decision.NEW_PERSON: tr("it is a new person")}


def review(view: View, state: ImportState, plan: ImportPlan) -> None:
    """Row by row: whom it fits (masked), and who it is."""
    tr = view.tr
    rows = [row for row in plan.rows if row.status is RowStatus.REVIEW and row.candidates]
    if not rows:
        return
    st.markdown(f"**{tr.plural('{n} row waits for your decision', '{n} rows wait for your decision', len(rows))}**")
    labels = _labels(view)
    table = pd.DataFrame(
        {
            "row": row_column(row.number for row in rows[:SHOWN]),
            "fits": [
                "; ".join(f"{mask_name(c.name)} {mask_phone(c.phone)}" for c in row.candidates) for row in rows[:SHOWN]
            ],
            "answer": [None] * len(rows[:SHOWN]),
        }
    )
    edited = st.data_editor(
        table,
        hide_index=True,
        placeholder="",
        disabled=["row", "fits"],
        key=Key.IMPORT_REVIEW.of(state.file_id, len(rows)),
        column_config={
            "row": tr("Row"),
            "fits": tr("Fits"),
            "answer": st.column_config.SelectboxColumn(tr("Who it is"), options=list(labels.values())),
        },
    )
    show_cut(view, len(rows))
    by_label = {label: decision for decision, label in labels.items()}
    if st.button(tr("Apply my answers"), key=Key.IMPORT_ANSWERS, disabled=not edited["answer"].notna().any()):
        answers = zip(rows, edited["answer"], strict=False)
        state.answers |= {row.number: by_label[answer] for row, answer in answers if answer in by_label}
        st.rerun()
