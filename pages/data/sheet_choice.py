"""Which sheets of a book to import, and what was noticed when they were read."""

from __future__ import annotations

import streamlit as st

from core.intake.findings import Level
from core.intake.reading.detection import SheetChoice
from core.intake.sheets import SheetSpec
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.view import View
from pages.data.import_state import ImportState

__all__ = ["choose_sheets", "reading_notes"]

NOTES_SHOWN = 6
OF_OTHER_SHEETS = ("other_sheet", "hidden_sheet")  # which the choice of sheets shows


def choose_sheets(view: View, state: ImportState) -> bool:
    """The sheets of a book with several, each with its rows and kind; False while the choice can't be imported."""
    tr = view.tr
    choices = {choice.name: choice for choice in _offered(state)}
    if len(choices) < 2:
        return True
    chosen = st.pills(
        tr("Sheets to import together"),
        list(choices),
        selection_mode="multi",
        default=[name for name in state.detection.chosen if name in choices],
        format_func=lambda name: _label(view, choices[name]),
        key=Key.IMPORT_SHEETS.of(state.file_id),
        wrap=True,
        help=tr("Sheets of one kind are read as one table; each message names the sheet with the row."),
    )
    if not chosen:
        st.info(tr("Choose at least one sheet."))
        return False
    kinds = {kind.code if kind is not None else "": kind for kind in (choices[name].sheet for name in chosen)}
    if len(kinds) > 1 or ("" in kinds and len(chosen) > 1):
        names = tr.join(_kind(view, kind) for kind in kinds.values())
        st.error(tr("Sheets of different kinds can't be imported together: {kinds}. Choose one kind.", kinds=names))
        return False
    state.choose(view, chosen)
    return True


def reading_notes(view: View, state: ImportState) -> None:
    """What was read otherwise than it stands in the file, in the open: nobody looks for it."""
    tr = view.tr
    notes = [
        finding.message(tr)
        for finding in state.detection.body.findings
        if finding.level is Level.NOTE and finding.code not in OF_OTHER_SHEETS
    ]
    if notes:
        shown = notes[:NOTES_SHOWN] + ["…"] * (len(notes) > NOTES_SHOWN)
        mark = "- " if len(shown) > 1 else ""
        st.info("\n".join(mark + md_escape(note) for note in shown), icon=":material/info:")


def _offered(state: ImportState) -> list[SheetChoice]:
    """All sheets with rows but hidden ones that no template knows, such as the lists behind drop-downs."""
    return [
        choice
        for choice in state.detection.choices
        if choice.sheet is not None or not choice.hidden or choice.name in state.detection.chosen
    ]


def _label(view: View, choice: SheetChoice) -> str:
    tr = view.tr
    hidden = [tr("hidden sheet")] if choice.hidden else []
    return " · ".join(
        [md_escape(choice.name), tr.plural("{n} row", "{n} rows", choice.row_count), _kind(view, choice.sheet), *hidden]
    )


def _kind(view: View, sheet: SheetSpec | None) -> str:
    return view.tr("not recognised") if sheet is None else view.tr(sheet.title)
