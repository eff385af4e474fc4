"""What was imported and by whom, with undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core.audit.wording import entity_name
from core.geography.commands import OUTLINES
from core.intake.sheets import SHEETS
from core.intake.undo import Blocker, UndoPreview, UndoRefused, obstacles, preview_undo, undo_import
from core.locale import N_
from core.store.commands import NotFound
from core.terms import BatchState
from pages import cache
from pages.common.dialogs import open_dialog
from pages.common.escape import md_escape
from pages.common.saving import announce, checked
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["batches", "last_import"]

FIRST = (N_("Sheet"), N_("When"))  # on a phone
NUMBERED = 5  # rows of each obstacle whose number is shown


def batches(view: View) -> None:
    """The list, and undo for a batch in force, with a question first."""
    tr = view.tr
    table = cache.data.batches(view.revision)
    if table.empty:
        st.write(tr("Nothing has been imported yet."))
        return
    reasons = cache.data.undo_reasons(view.revision)
    shown = pd.DataFrame(
        {
            tr("Batch"): table["id"],
            tr("When"): [tr.time(moment) for moment in table["at"]],
            tr("Who"): table["actor"],
            tr("Sheet"): [_sheet(view, c) for c in table["sheet"]],
            tr("File"): table["file_name"],
            tr("New"): [c.get("new", 0) for c in table["counts"]],
            tr("Changed"): [c.get("changed", 0) for c in table["counts"]],
            tr("State"): [_state(view, n, s, reasons) for n, s in zip(table["id"], table["state"], strict=True)],
        }
    )
    show_table(view, shown, tr("Import history"), first=FIRST, height="auto")
    in_force = table[table["state"] == BatchState.COMMITTED].set_index("id")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(
            tr("Undo batch"),
            list(in_force.index),
            index=None,
            format_func=lambda n: f"{n} · {_sheet(view, in_force.loc[n, 'sheet'])} · {in_force.loc[n, 'file_name']}",
            placeholder=tr("choose"),
            key=Key.UNDO_BATCH,
            width=420,
        )
        if st.button(tr("Undo this import"), disabled=number is None, key=Key.UNDO_IMPORT):
            _ask(view, int(number), in_force.loc[number])


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


def _state(view: View, batch: int, state: str, reasons: Mapping[int, str]) -> str:
    words = view.tr.term(BatchState.of(state))
    return f"{words} · {reasons[batch]}" if batch in reasons else words


def _ask(view: View, number: int, batch: pd.Series) -> None:
    """A dialog that says what the undo does and what stands in its way, and asks why."""
    tr, database = view.tr, cache.store.database()
    try:
        with database.read() as connection:
            preview = preview_undo(connection, number)
    except NotFound:
        st.info(tr("This batch was already undone."))
        return

    def dialog() -> None:
        facts = (_sheet(view, batch["sheet"]), batch["file_name"], batch["actor"], tr.time(batch["at"]))
        st.markdown(md_escape(" · ".join(facts)))
        _say_what_happens(view, preview)
        if preview.blockers:
            _show_blockers(view, preview.blockers)
            return
        st.caption(
            tr(
                "Nobody has changed or used these rows since. The log keeps them; words that were taught stay, and a demonstration that this import ended stays ended."
            )
        )
        reason = st.text_input(tr("Reason"), max_chars=200, key=Key.UNDO_REASON)
        if st.button(tr("Undo this import"), type="primary", disabled=not reason.strip(), key=Key.UNDO_CONFIRMED):
            done = checked(view, lambda: undo_import(database, number, view.access, datetime.now(UTC), reason=reason))
            if done is not None:
                announce(tr("Batch {n} is undone.", n=number))

    open_dialog(tr("Undo batch {n}?", n=number), dialog, width="medium")


def _say_what_happens(view: View, preview: UndoPreview) -> None:
    """How many rows of each kind are removed, set back and brought back."""
    tr = view.tr
    parts = (
        (tr("Removed, because this import added them"), preview.removed),
        (tr("Set back to what they held before"), preview.restored),
        (tr("Brought back, because this import deleted them"), preview.returned),
    )
    for title, counts in parts:
        if counts:
            rows = tr.join(f"{entity_name(entity, tr)} **{tr.number(n)}**" for entity, n in counts.items())
            st.markdown(f"{title}{': ' if tr.is_english else '：'}{rows}")
    if not any(counts for _, counts in parts):
        st.markdown(tr("This import changed no row."))


def _show_blockers(view: View, blockers: Sequence[Blocker]) -> None:
    """What was changed or used since and by whom, and that nothing is undone in part."""
    tr, found = view.tr, obstacles(blockers)
    st.error(UndoRefused(blockers).sentence(tr))
    st.caption(tr("An import is undone as a whole or not at all, so that nobody's later work is lost."))
    show_table(
        view,
        pd.DataFrame(
            {
                tr("Records"): [entity_name(obstacle.cause.entity, tr) for obstacle in found],
                tr("What happened since"): [_what_happened(view, obstacle.cause) for obstacle in found],
                tr("Rows concerned"): [len(obstacle.rows) for obstacle in found],
                tr("Row numbers"): [
                    tr.join(obstacle.rows[:NUMBERED]) + "…" * (len(obstacle.rows) > NUMBERED) for obstacle in found
                ],
            }
        ),
        tr("Rows that prevent the undo"),
        height="auto",
    )


def _what_happened(view: View, blocker: Blocker) -> str:
    tr = view.tr
    if blocker.at is None or blocker.actor is None:
        return tr("used by: {records}", records=entity_name(blocker.reason, tr))
    if blocker.batch_id is not None:
        return tr("changed by import batch {n}", n=blocker.batch_id)
    return tr("changed by {name}, {time}", name=blocker.actor, time=tr.time(blocker.at))
