"""Step three of an import: what would change, row by row and field by field."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.intake.findings import Level, RowStatus
from core.intake.planning.plan import ImportPlan
from core.intake.wording import TABLE_NAMES, VERB_NAMES, changes_table, kept_table
from core.locale import Translator
from core.policy import Action
from pages.common.downloads import download_table
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.data.import_state import ImportState
from pages.data.tables import SHOWN, row_column, show_cut
from pages.data.teach import teach_words

__all__ = ["preview", "show_error_count"]

NOTES_SHOWN = 50
SAID_BEFORE = ("unknown_column", "not_kept")  # beside the count of matched columns


def preview(view: View, state: ImportState, plan: ImportPlan) -> None:
    """Counts of rows and of what is written, problems with row and column, and every field that would change."""
    tr = view.tr
    st.subheader(tr("3. What would change"), anchor=False)
    for column, status in zip(st.columns(len(RowStatus)), RowStatus, strict=True):
        column.metric(tr.term(status), tr.number(plan.counts[status.value]), border=True)
    _show_findings(view, plan)
    teach_words(view, plan)
    _confirm_unlikely(view, state, plan)
    _show_changes(view, state, plan)
    _show_kept(view, state, plan)


def show_error_count(tr: Translator, errors: int) -> None:
    """How many problems prevent an import; nothing where there are none."""
    if errors:
        st.error(tr.plural("Fix {n} problem before importing.", "Fix {n} problems before importing.", errors))


def _show_findings(view: View, plan: ImportPlan) -> None:
    tr = view.tr
    show_error_count(tr, len(plan.errors))
    problems = [finding for finding in plan.findings if finding.level is not Level.NOTE]
    on_reading = plan.request.table.findings  # shown where the file was read
    notes = [
        finding
        for finding in plan.findings
        if finding.level is Level.NOTE and finding not in on_reading and finding.code not in SAID_BEFORE
    ]
    if problems:
        shown = problems[:SHOWN]
        show_table(
            view,
            pd.DataFrame(
                {
                    tr("Row"): row_column(finding.row for finding in shown),
                    tr("Column"): [finding.column or "" for finding in shown],
                    tr("Severity"): [tr.term(finding.level) for finding in shown],
                    tr("Problem and fix"): [finding.message(tr) for finding in shown],
                }
            ),
            tr("Problems by row and column"),
            config={tr("Row"): {"width": 70}, tr("Column"): {"width": 170}, tr("Severity"): {"width": 70}},
            height="auto",
            placeholder="",
            key=Key.IMPORT_FINDINGS,
        )
        show_cut(view, len(problems))
    if notes:
        with st.expander(tr.plural("{n} note", "{n} notes", len(notes))):
            for finding in notes[:NOTES_SHOWN]:
                st.text(finding.message(tr))
            show_cut(view, len(notes), NOTES_SHOWN)


def _confirm_unlikely(view: View, state: ImportState, plan: ImportPlan) -> None:
    tr = view.tr
    if plan.implausible:
        st.checkbox(
            tr.plural(
                "I have checked the {n} unlikely value: it is right",
                "I have checked the {n} unlikely values: they are right",
                len(plan.implausible),
            ),
            key=Key.IMPORT_CONFIRMED.of(state.file_id),
        )


def _show_changes(view: View, state: ImportState, plan: ImportPlan) -> None:
    """How many rows of each table are written, and every field of them, old and new."""
    tr = view.tr
    if not plan.operations:
        return
    parts = [
        f"{tr(TABLE_NAMES[table])} {tr(VERB_NAMES[verb])} **{tr.number(n)}**"
        for (table, verb), n in plan.entity_counts.items()
    ]
    st.markdown(" · ".join(parts))
    verbs = [verb for verb in ("update", "delete", "insert") if any(o.verb == verb for o in plan.operations)]
    with st.container(horizontal=True, vertical_alignment="center"):
        verb = st.segmented_control(
            tr("Changes"),
            verbs,
            default=verbs[0],
            required=True,
            format_func=lambda verb: tr(VERB_NAMES[verb]),
            key=Key.IMPORT_CHANGES.of(state.file_id, *verbs),
            label_visibility="collapsed",
        )
        download_table(
            view,
            lambda: changes_table(plan, plan.changes, tr),
            tr("Planned changes"),
            Key.DOWNLOAD.of("changes"),
            action=Action.EXPORT_CHECK,
            filters=plan.request.file_name,
        )
    rows = [change for change in plan.changes if change.verb == verb]
    show_table(view, changes_table(plan, rows[:SHOWN], tr), tr("Changes by field"), height="auto")
    show_cut(view, len(rows))


def _show_kept(view: View, state: ImportState, plan: ImportPlan) -> None:
    """Stored values that are newer than the file's: kept, unless they are ticked here."""
    if not plan.kept:
        return
    tr, shown = view.tr, plan.kept[:SHOWN]
    st.markdown(
        f"**{tr.plural('{n} value is newer in the database', '{n} values are newer in the database', len(plan.kept))}**"
    )
    st.caption(tr("They are kept. Tick a value to replace it by the older one of the file."))
    table = kept_table(plan, shown, tr)
    table.insert(0, "tick", [kept.key in state.replaced for kept in shown])
    edited = st.data_editor(
        table,
        hide_index=True,
        placeholder="",
        disabled=[name for name in table.columns if name != "tick"],
        column_config={"tick": st.column_config.CheckboxColumn(tr("Replace"))},
        key=Key.IMPORT_NEWER.of(state.file_id, len(plan.kept)),
    )
    ticked = {kept.key for kept, tick in zip(shown, edited["tick"], strict=True) if tick}
    if ticked != state.replaced and st.button(tr("Replace the ticked values"), key=Key.IMPORT_REPLACE):
        state.replaced = ticked
        st.rerun()
