"""Steps three and four of an import: what would change, row by row, and the commit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from core.intake import templates as workbook
from core.intake.commit import ImportRefused, PlanChanged, commit_import
from core.intake.findings import Decision, Level, RowStatus
from core.intake.planning.plan import ImportPlan
from core.locale import Translator
from core.people.masking import mask_name, mask_phone
from pages import cache
from pages.common.view import View

__all__ = ["commit_step", "decisions", "must_be_mended", "preview", "review"]

SHOWN = 500


def decisions(view: View, state: Any) -> dict[str, Any]:
    """The answers on rows that fit someone by name and phone only: for all of them, and singly."""
    tr = view.tr
    if state.plan is None or not (state.answers or any(row.candidates for row in state.plan.rows)):
        return {}
    labels = {None: tr("ask me"), **_answers(view)}
    otherwise = st.selectbox(
        tr("Rows without ID number that fit someone by name and phone"),
        list(labels),
        format_func=lambda decision: labels[decision],
        key="import_otherwise",
        width=420,
    )
    return {"otherwise": otherwise, "decisions": dict(state.answers)}


def _answers(view: View) -> dict[Decision | None, str]:
    tr = view.tr
    return {Decision.SAME_PERSON: tr("it is the same person"), Decision.NEW_PERSON: tr("it is a new person")}


def review(view: View, state: Any) -> None:
    """Row by row: whom it fits (masked), and who it is."""
    tr = view.tr
    rows = [row for row in state.plan.rows if row.status is RowStatus.REVIEW and row.candidates]
    if not rows:
        return
    st.markdown(f"**{tr.plural('{n} row waits for your decision', '{n} rows wait for your decision', len(rows))}**")
    answers = _answers(view)
    table = pd.DataFrame(
        {
            "row": [row.number for row in rows[:SHOWN]],
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
        key=f"review_{state.digest[:12]}_{len(rows)}",
        column_config={
            "row": tr("Row"),
            "fits": tr("Fits"),
            "answer": st.column_config.SelectboxColumn(tr("Who it is"), options=list(answers.values())),
        },
    )
    meaning = {label: decision for decision, label in answers.items()}
    if st.button(tr("Apply my answers"), key="apply_answers", disabled=not edited["answer"].notna().any()):
        state.answers |= {int(r.row): meaning[r.answer] for r in edited.itertuples() if r.answer in meaning}
        st.rerun()


def preview(view: View, plan: ImportPlan) -> None:
    """Counts by status, findings with row and column, and every field that would change."""
    tr = view.tr
    st.subheader(tr("3. What would change"), anchor=False)
    for column, status in zip(st.columns(len(RowStatus)), RowStatus, strict=True):
        column.metric(tr.term(status), tr.number(plan.counts[status.value]), border=True)
    _findings(view, plan)
    _differences(view, plan)


def must_be_mended(tr: Translator, errors: int) -> None:
    """How many problems keep a file from being stored; nothing is said where there are none."""
    if errors:
        st.error(
            tr.plural(
                "{n} problem must be mended; nothing is stored before that.",
                "{n} problems must be mended; nothing is stored before that.",
                errors,
            )
        )


def _findings(view: View, plan: ImportPlan) -> None:
    tr = view.tr
    must_be_mended(tr, len(plan.errors))
    told = [f for f in plan.findings if f.level is not Level.NOTE]
    notes = [f for f in plan.findings if f.level is Level.NOTE]
    if told:
        st.dataframe(
            pd.DataFrame(
                {
                    tr("Row"): pd.array([f.row for f in told[:SHOWN]], dtype="Int64"),
                    tr("Column"): [f.column or "" for f in told[:SHOWN]],
                    tr("Grade"): [tr.term(f.level) for f in told[:SHOWN]],
                    tr("What is wrong and how to mend it"): [f.message(tr) for f in told[:SHOWN]],
                }
            ),
            hide_index=True,
            alt=tr("Problems by row and column"),
            key="import_findings",
        )
    if notes:
        with st.expander(tr.plural("{n} remark", "{n} remarks", len(notes))):
            for finding in notes[:50]:
                st.text(finding.message(tr))


def _differences(view: View, plan: ImportPlan) -> None:
    tr = view.tr
    rows = [
        (row.number, plan.header(change), *plan.shown(change, tr))
        for row in plan.rows
        if row.status is RowStatus.CHANGED
        for change in row.changes
    ]
    if not rows:
        return
    with st.expander(
        tr.plural("{n} field would change", "{n} fields would change", len(rows)), expanded=len(rows) <= 20
    ):
        names = [tr("Row"), tr("Column"), tr("Stored"), tr("In the file")]
        st.dataframe(pd.DataFrame(rows[:SHOWN], columns=names), hide_index=True, alt=tr("Changes by field"))


def commit_step(view: View, state: Any) -> None:
    """Step four: download what to mend, or store everything at once."""
    tr = view.tr
    plan: ImportPlan = state.plan
    st.subheader(tr("4. Store"), anchor=False)
    if state.done is not None:
        st.success(tr("Stored as batch {n}. It can be undone under “Imported so far”.", n=state.done))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        _commit_button(view, state, plan)
        st.download_button(
            tr("Download the file with its errors marked"),
            data=lambda: workbook.annotated(state.upload, plan, tr),
            file_name=f"{plan.request.file_name.rsplit('.', 1)[0]}_{tr('checked')}.xlsx",
            icon=":material/download:",
            on_click="ignore",
            key="download_annotated",
        )
    if not plan.ready and not plan.errors:
        st.info(tr("Some rows wait for your decision on who they are."))
    if view.staff is None:
        st.caption(tr("Choose under “Working as” who you are first."))


def _commit_button(view: View, state: Any, plan: ImportPlan) -> None:
    tr = view.tr
    counts = plan.counts
    nothing = not plan.operations
    label = (
        tr("Nothing to store: the store already says all this")
        if nothing and plan.ready
        else tr(
            "Store {new} new and {changed} changed rows",
            new=tr.number(counts["new"]),
            changed=tr.number(counts["changed"]),
        )
    )
    if not st.button(
        label, type="primary", disabled=nothing or not plan.ready or view.staff is None, key="import_commit"
    ):
        return
    bar = st.progress(0.0, text=tr("Storing …"))

    def tell(done: int, total: int) -> None:
        bar.progress(min(done / max(total, 1), 1.0), text=tr("Storing …"))

    try:
        state.done = commit_import(cache.store.database(), plan, str(view.staff), datetime.now(UTC), tell)
    except PlanChanged as changed:
        state.plan = changed.plan
        st.warning(tr("Someone changed the store meanwhile; this is what the import would do now. Please look again."))
        return
    except ImportRefused:
        st.error(tr("The store refused a value; nothing was stored."))
        return
    st.rerun()
