"""Step two of an import: the kind of sheet and the meaning of each of its columns, for a person to confirm or choose."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.intake.parsing.text import NOTES_HEADER, header_key
from core.intake.reading.detection import ColumnMapping, Detection, propose_mapping, taught_headers
from core.intake.sheets import SHEETS, SheetSpec
from core.locale import Translator
from pages import cache
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.view import View
from pages.data.import_state import ImportState

__all__ = ["choose_columns"]

BESIDE = 3  # boxes beside each other


def choose_columns(view: View, state: ImportState) -> tuple[SheetSpec | None, ColumnMapping]:
    """The kind and the mapping as they are chosen: how many columns are matched and which are not taken over, in the open.

    Columns that nothing tells the meaning of, and those that a person matched before, have a box each; the others can be
    looked at and changed in a table.
    """
    tr, detection = view.tr, state.detection
    st.subheader(tr("2. What its columns mean"), anchor=False)
    key = Key.IMPORT_SHEET.of(*state.scope)  # a new file has a proposal of its own
    if key not in st.session_state:
        st.session_state[key] = detection.sheet.code if detection.sheet else None
    code = st.selectbox(
        tr("Kind of sheet"), list(SHEETS), format_func=lambda c: tr(SHEETS[c].title), key=key, width=360
    )
    if code is None:
        return None, {}
    sheet = SHEETS[code]
    proposed, examples = _proposed(view, state, sheet)
    taught = taught_headers(proposed, sheet)
    asked = {header: target for header, target in proposed.items() if target is None or header in taught}
    summary, boxes = st.container(), st.container()
    recognised = {header: target for header, target in proposed.items() if header not in asked}
    mapping = _check_recognised(view, state, sheet, recognised, examples)
    with boxes:
        mapping |= _match_by_hand(view, state, sheet, asked, examples, taken=set(mapping.values()))
    mapping = _each_once({header: mapping[header] for header in proposed})
    with summary:
        is_remembered = detection.sheet is sheet and detection.is_remembered
        _say(tr, sheet, mapping, tr("as you confirmed last time") if is_remembered else "")
    return sheet, mapping


def _proposed(view: View, state: ImportState, sheet: SheetSpec) -> tuple[dict[str, str | None], dict[str, str]]:
    """Header → column code as proposed for ``sheet``, and header → first value, without columns that hold nothing."""
    detection = state.detection
    proposed = detection.mapping
    if detection.sheet is not sheet:
        proposed = propose_mapping(detection.table.headers, sheet, cache.data.learnt_headers(view.revision))
    examples = {header: _example(detection, position) for position, header in enumerate(proposed)}
    shown = {
        header: target
        for header, target in proposed.items()
        if not header.startswith(NOTES_HEADER) and (examples[header] or not header.startswith("("))
    }
    return shown, examples


def _example(detection: Detection, position: int) -> str:
    """The first value of a column, shortened so that it identifies nobody."""
    for row in detection.table.rows:
        if position < len(row.cells) and row.cells[position] not in (None, ""):
            text = str(row.cells[position])
            return text[:1] + "…" if len(text) > 1 else text
    return ""


def _check_recognised(
    view: View, state: ImportState, sheet: SheetSpec, recognised: ColumnMapping, examples: Mapping[str, str]
) -> dict[str, str | None]:
    """The columns that the sheet knows, in a table that can be changed."""
    tr = view.tr
    if not recognised:
        return {}
    labels = {column.code: column.label(tr) for column in sheet.columns}
    with st.expander(tr("Check the recognised columns")):
        edited = st.data_editor(
            pd.DataFrame(
                {
                    "header": list(recognised),
                    "example": [examples[header] for header in recognised],
                    "meaning": [labels.get(target or "") for target in recognised.values()],
                }
            ),
            hide_index=True,
            placeholder="",
            disabled=["header", "example"],
            key=Key.IMPORT_MAPPING.of(*state.scope, sheet.code),
            column_config={
                "header": tr("Column in the file"),
                "example": tr("First value"),
                "meaning": st.column_config.SelectboxColumn(
                    tr("Means"), options=list(labels.values()), help=tr("Empty: ignore this column")
                ),
            },
        )
    by_label = {label: code for code, label in labels.items()}
    return {row.header: by_label.get(row.meaning) for row in edited.itertuples()}


def _match_by_hand(
    view: View,
    state: ImportState,
    sheet: SheetSpec,
    asked: ColumnMapping,
    examples: Mapping[str, str],
    *,
    taken: set[str | None],
) -> dict[str, str | None]:
    """A box for each column of ``asked``, which offers the columns that no other one fills."""
    tr = view.tr
    keys = {header: Key.IMPORT_COLUMN.of(*state.scope, sheet.code, n) for n, header in enumerate(asked)}
    chosen: dict[str, str | None] = {}
    for header, key in keys.items():
        if key not in st.session_state:
            choices = st.session_state.get(Key.IMPORT_BY_HAND, {})
            st.session_state[key] = choices.get((sheet.code, header_key(header)), asked[header])
        if st.session_state[key] in {*taken, *chosen.values()}:
            st.session_state[key] = None
        chosen[header] = st.session_state[key]
    labels = {column.code: column.label(tr) for column in sheet.columns if column.is_stored}
    columns = st.columns(BESIDE) if asked else []
    for n, (header, key) in enumerate(keys.items()):
        others = {*taken, *(code for other, code in chosen.items() if other != header)}
        with columns[n % BESIDE]:
            st.selectbox(
                tr("{header} (first value: {value})", header=md_escape(header), value=md_escape(examples[header])),
                [code for code in labels if code not in others],
                format_func=labels.__getitem__,
                key=key,
                index=None,
                placeholder=tr("not taken over"),
                on_change=_keep_for_next_file,
                args=(key, (sheet.code, header_key(header))),
            )
            if asked[header] is not None and chosen[header] == asked[header]:
                st.caption(tr("remembered from an earlier file"))
    if asked:
        st.caption(
            tr(
                "What you choose is remembered for the next files of this kind once this one is imported. To take it back, clear the box, or forget it under “Learnt words”."
            )
        )
    return chosen


def _keep_for_next_file(widget: str, column: tuple[str, str]) -> None:
    """A file that is mended and uploaded again finds the choice before anything was imported."""
    choices = st.session_state.get(Key.IMPORT_BY_HAND, {})
    st.session_state[Key.IMPORT_BY_HAND] = choices | {column: st.session_state[widget]}


def _each_once(mapping: ColumnMapping) -> dict[str, str | None]:
    """``mapping``, of several headers with one meaning the first: the others are not taken over."""
    once: dict[str, str | None] = {}
    for header, code in mapping.items():
        once[header] = code if code not in once.values() else None
    return once


def _say(tr: Translator, sheet: SheetSpec, mapping: ColumnMapping, remark: str) -> None:
    """How many columns have a meaning, which have none, and which are not stored, with the reason."""
    left = [md_escape(header) for header, code in mapping.items() if code is None]
    line = tr("{known} of {n} columns matched", known=len(mapping) - len(left), n=len(mapping))
    st.markdown(" · ".join(filter(None, [f"**{line}**", remark])))
    by_reason: dict[str, list[str]] = {}
    for header, code in mapping.items():
        if code is not None and not sheet.by_code[code].is_stored:
            by_reason.setdefault(sheet.by_code[code].reason, []).append(md_escape(header))
    for reason, headers in by_reason.items():
        st.caption(tr("{headers}: not stored; {reason}", headers=tr.join(headers), reason=tr(reason)))
    if left:
        st.warning(
            tr.plural(
                "{n} column is not recognised and not taken over: {headers}. Choose below what it means if it is needed.",
                "{n} columns are not recognised and not taken over: {headers}. Choose below what they mean if they are needed.",
                len(left),
                headers=tr.join(left),
            ),
            icon=":material/view_column:",
        )
