"""Step three of an import: what would change, row by row and field by field."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from core.intake.findings import Level, RowStatus
from core.intake.planning.plan import ImportPlan
from core.intake.reading.tables import row_labels
from core.locale import Translator
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["SHOWN", "preview", "row_column", "show_cut", "show_error_count"]

SHOWN = 500  # rows of a table that are sent to the browser
NOTES_SHOWN = 50


def preview(view: View, plan: ImportPlan) -> None:
    """Counts by status, findings with row and column, and every field that would change."""
    tr = view.tr
    st.subheader(tr("3. What would change"), anchor=False)
    for column, status in zip(st.columns(len(RowStatus)), RowStatus, strict=True):
        column.metric(tr.term(status), tr.number(plan.counts[status.value]), border=True)
    _show_findings(view, plan)
    _show_changes(view, plan)


def show_error_count(tr: Translator, errors: int) -> None:
    """How many problems prevent an import; nothing where there are none."""
    if errors:
        st.error(tr.plural("Fix {n} problem before importing.", "Fix {n} problems before importing.", errors))


def show_cut(view: View, n: int, shown: int = SHOWN) -> None:
    """That a table of ``n`` rows shows the first ``shown`` only."""
    if n > shown:
        st.caption(view.tr("First {n} of {all} rows are shown.", n=view.tr.number(shown), all=view.tr.number(n)))


def row_column(numbers: Iterable[int | None]) -> pd.Series:
    """Row numbers as a column: of one sheet as numbers that sort, of several as places such as "三里屯!5"."""
    labels = row_labels(numbers)
    is_text = any(isinstance(label, str) for label in labels)
    return pd.Series(
        ["" if label is None and is_text else label for label in labels], dtype="str" if is_text else "Int64"
    )


def _show_findings(view: View, plan: ImportPlan) -> None:
    tr = view.tr
    show_error_count(tr, len(plan.errors))
    problems = [finding for finding in plan.findings if finding.level is not Level.NOTE]
    on_reading = plan.request.table.findings  # shown where the file was read
    notes = [finding for finding in plan.findings if finding.level is Level.NOTE and finding not in on_reading]
    if problems:
        shown = problems[:SHOWN]
        st.dataframe(
            pd.DataFrame(
                {
                    tr("Row"): row_column(finding.row for finding in shown),
                    tr("Column"): [finding.column or "" for finding in shown],
                    tr("Severity"): [tr.term(finding.level) for finding in shown],
                    tr("Problem and fix"): [finding.message(tr) for finding in shown],
                }
            ),
            hide_index=True,
            alt=tr("Problems by row and column"),
            key=Key.IMPORT_FINDINGS,
        )
        show_cut(view, len(problems))
    if notes:
        with st.expander(tr.plural("{n} note", "{n} notes", len(notes))):
            for finding in notes[:NOTES_SHOWN]:
                st.text(finding.message(tr))
            show_cut(view, len(notes), NOTES_SHOWN)


def _show_changes(view: View, plan: ImportPlan) -> None:
    tr = view.tr
    rows = [
        (*row_labels([row.number]), plan.header_of(change), *plan.values_as_text(change, tr))
        for row in plan.rows
        if row.status is RowStatus.CHANGED
        for change in row.changes
    ]
    if not rows:
        return
    title = tr.plural("{n} field would change", "{n} fields would change", len(rows))
    with st.expander(title, expanded=len(rows) <= 20):
        names = [tr("Row"), tr("Column"), tr("In the database"), tr("In the file")]
        st.dataframe(pd.DataFrame(rows[:SHOWN], columns=names), hide_index=True, alt=tr("Changes by field"))
        show_cut(view, len(rows))
