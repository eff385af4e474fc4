"""Rows below the header that are no data: listed with the reason, and taken as data by a tick."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.intake.parsing.text import text_of
from core.intake.reading.detection import ColumnMapping
from core.intake.reading.headers import HeaderedTable, SkippedRow
from core.intake.reading.skipping import set_aside
from core.intake.reading.tables import Formula, RowNumber
from core.intake.sheets import SheetSpec
from pages.common.session_keys import Key
from pages.common.view import View
from pages.data.import_state import ChosenRows, ImportState
from pages.data.tables import SHOWN, row_column, show_cut

__all__ = ["rows_to_import"]

CONTENT = 60  # characters of a row


def rows_to_import(view: View, state: ImportState, sheet: SheetSpec, mapping: ColumnMapping) -> HeaderedTable:
    """The table under the mapping on the screen, without the rows that are skipped and not ticked as data."""
    detection = state.detection
    depends_on = (*state.scope, sheet.code, tuple(mapping.items()))
    rows = state.rows
    if rows is None or rows.depends_on != depends_on:
        is_proposal = sheet is detection.sheet and mapping.items() <= detection.mapping.items()
        table = detection.table if is_proposal else set_aside(detection.body, sheet, mapping)
        rows = ChosenRows(depends_on, table.skipped, (), table)
    restored = _ticked(view, state, rows.skipped)
    if rows.restored != restored:
        rows = replace(rows, restored=restored, table=set_aside(detection.body, sheet, mapping, restored))
    state.rows = rows
    return rows.table


def _ticked(view: View, state: ImportState, skipped: tuple[SkippedRow, ...]) -> tuple[int, ...]:
    """Show the skipped rows; the numbers of those that a person wants as data."""
    tr = view.tr
    if not skipped:
        return ()
    shown = skipped[:SHOWN]
    is_placed = isinstance(shown[0].row.number, RowNumber)
    st.markdown(f"**{tr.plural('{n} row is skipped', '{n} rows are skipped', len(skipped))}**")
    edited = st.data_editor(
        pd.DataFrame(
            {
                "is_data": [False] * len(shown),  # first: the rest may lie beyond the edge of a phone
                "row": row_column(entry.row.number for entry in shown),
                "reason": [tr.term(entry.reason) for entry in shown],
                "content": [_content(entry) for entry in shown],
            }
        ),
        hide_index=True,
        placeholder="",
        disabled=["row", "reason", "content"],
        key=Key.IMPORT_SKIPPED.of(*state.scope),
        column_config={
            "is_data": st.column_config.CheckboxColumn(tr("Is data"), width=80, help=tr("Import the row after all")),
            "row": st.column_config.Column(tr("Row"), width=100 if is_placed else 60),
            "reason": st.column_config.TextColumn(tr("Why it is skipped"), width=130),
            "content": tr("Content"),
        },
    )
    show_cut(view, len(skipped))
    return tuple(entry.row.number for entry, is_data in zip(shown, edited["is_data"], strict=True) if is_data)


def _content(entry: SkippedRow) -> str:
    own = (cell for position, cell in enumerate(entry.row.cells) if position not in entry.row.merged)
    texts = (cell.text if isinstance(cell, Formula) else text_of(cell) for cell in own)
    content = " · ".join(" ".join(text.split()) for text in texts if text)
    return content if len(content) <= CONTENT else content[:CONTENT] + "…"
