"""Step four of an import: download the file with its errors marked, or import all of it at once."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.intake.annotated_copy import annotated
from core.intake.commit import ImportRefused, PlanChanged, brings_people, commit_import
from core.intake.planning.plan import ImportPlan
from core.policy import Action
from pages import cache, startup
from pages.common.downloads import download_file
from pages.common.session_keys import Key
from pages.common.view import View
from pages.data.import_state import ImportState

__all__ = ["commit_step"]


def commit_step(view: View, state: ImportState, plan: ImportPlan) -> None:
    """The buttons, and what keeps the import from being confirmed."""
    tr = view.tr
    st.subheader(tr("4. Import"), anchor=False)
    if state.batch_id is not None:
        st.success(tr("Imported as batch {n}. You can undo it under “Import history”.", n=state.batch_id))
        return
    is_agreed = True
    if view.district.demo and brings_people(plan):
        st.warning(
            tr(
                "This import adds people. It ends the demonstration for good: its roles no longer open by a click, and the link for the first administrator is printed in the terminal of the server. Empty the database first if the invented people are not to stay beside the real ones."
            ),
            icon=":material/lock:",
        )
        is_agreed = st.checkbox(tr("End the demonstration for good"), key=Key.IMPORT_ENDS_DEMO)
    with st.container(horizontal=True, vertical_alignment="center"):
        _commit_button(view, state, plan, is_agreed=is_agreed)
        download_file(
            view,
            tr("Download the file with its errors marked"),
            lambda _: annotated(state.upload, plan, tr),
            f"{plan.request.file_name.rsplit('.', 1)[0]}_{tr('checked')}.xlsx",
            key=Key.IMPORT_ANNOTATED,
            action=Action.EXPORT_CHECK,
            count=lambda: len(plan.rows),
            filters=plan.request.file_name,
        )
    if not plan.ready and not plan.errors:
        st.info(
            tr("Some rows wait for your decision on who they are.")
            if any(row.is_open for row in plan.rows)
            else tr("Check the unlikely values and confirm them.")
        )


def _commit_button(view: View, state: ImportState, plan: ImportPlan, *, is_agreed: bool) -> None:
    tr = view.tr
    counts = plan.counts
    has_changes = bool(plan.operations)
    label = (
        tr(
            "Import {new} new and {changed} changed rows",
            new=tr.number(counts["new"]),
            changed=tr.number(counts["changed"]),
        )
        if has_changes or not plan.ready
        else tr("No changes: all rows are already in the database")
    )
    is_blocked = not has_changes or not plan.ready or not is_agreed
    if not st.button(label, type="primary", disabled=is_blocked, key=Key.IMPORT_COMMIT):
        return
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, text=tr("Importing …"))
        # a click stops the run, and the transaction with it
        st.button(tr("Cancel"), key=Key.IMPORT_CANCEL.of("commit"))

    def show_progress(done: int, total: int) -> None:
        bar.progress(min(done / max(total, 1), 1.0), text=tr("Importing …"))

    try:
        state.batch_id = commit_import(cache.store.database(), plan, view.access, datetime.now(UTC), show_progress)
    except PlanChanged as changed:
        state.plan = changed.plan
        st.warning(tr("The data changed while you were reviewing. Please review the updated preview."))
        return
    except ImportRefused:
        st.error(tr("The import failed on an invalid value. Nothing was saved."))
        return
    startup.offer_first_link()  # where the demonstration has ended and nobody else can sign in
    st.rerun()
