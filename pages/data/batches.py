"""What was imported and by whom, with undo."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core.geography.commands import OUTLINES
from core.intake.sheets import SHEETS
from core.intake.undo import UndoRefused, undo_import
from core.locale import N_
from core.store.commands import NotFound
from core.terms import BatchState
from pages import cache
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["batches", "last_import"]

FIRST = (N_("Sheet"), N_("When"))  # on a phone


def batches(view: View) -> None:
    """The list, and undo for a batch in force."""
    tr = view.tr
    table = cache.data.batches(view.revision)
    if table.empty:
        st.write(tr("Nothing has been imported yet."))
        return
    shown = pd.DataFrame(
        {
            tr("Batch"): table["id"],
            tr("When"): [tr.time(moment) for moment in table["at"]],
            tr("Who"): table["actor"],
            tr("Sheet"): [_sheet(view, c) for c in table["sheet"]],
            tr("File"): table["file_name"],
            tr("New"): [c.get("new", 0) for c in table["counts"]],
            tr("Changed"): [c.get("changed", 0) for c in table["counts"]],
            tr("State"): [tr.term(BatchState.of(s)) for s in table["state"]],
        }
    )
    show_table(view, shown, tr("Import history"), first=FIRST, height="auto")
    in_force = table[table["state"] == BatchState.COMMITTED]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        batch = st.selectbox(tr("Undo batch"), list(in_force["id"]), index=None, key=Key.UNDO_BATCH, width=200)
        if st.button(tr("Undo this import"), disabled=batch is None, key=Key.UNDO_IMPORT):
            _undo(view, int(batch))


def last_import(view: View) -> str:
    """How many imports are on record, and the last of them in a sentence."""
    tr, table = view.tr, cache.data.batches(view.revision)
    if table.empty:
        return tr("Nothing has been imported yet")
    last = table.iloc[0]
    return tr.plural(
        "{n} import on record; the last: {sheet}, {day}",
        "{n} imports on record; the last: {sheet}, {day}",
        len(table),
        sheet=_sheet(view, last["sheet"]),
        day=tr.day(last["at"]),
    )


def _sheet(view: View, code: str) -> str:
    if code == OUTLINES:
        return view.tr("Map outlines")
    return view.tr(SHEETS[code].title) if code in SHEETS else code


def _undo(view: View, batch: int) -> None:
    tr = view.tr
    try:
        undo_import(cache.store.database(), batch, view.access, datetime.now(UTC))
    except NotFound:
        st.info(tr("This batch was already undone."))
    except UndoRefused as refused:
        st.error(
            tr.plural(
                "Not undone: {n} row was changed or used afterwards. Undo that first.",
                "Not undone: {n} rows were changed or used afterwards. Undo that first.",
                len(refused.blockers),
            )
        )
        show_table(
            view,
            pd.DataFrame(
                [(b.entity, b.entity_id, b.reason, b.actor or "") for b in refused.blockers[:50]],
                columns=[tr("Table"), tr("Row"), tr("Changed or used by"), tr("Who")],
            ),
            tr("Rows that prevent the undo"),
            height="auto",
        )
    else:
        st.rerun()
