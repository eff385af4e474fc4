"""Import in four steps on one page: the file, what its columns mean, what would change, and the import."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.intake.findings import Level, Refusal
from core.intake.planning.plan import ImportRequest, Options, plan_import
from core.intake.reading.detection import ColumnMapping, fingerprint
from core.intake.reading.headers import HeaderedTable
from core.intake.sheets import SheetSpec
from core.terms import Datum
from pages import cache
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.view import View
from pages.data.column_meanings import choose_columns
from pages.data.commit_step import commit_step
from pages.data.import_state import ImportState, forget, state_of
from pages.data.preview import preview
from pages.data.review import ask_decision, review
from pages.data.sheet_choice import choose_sheets, reading_notes
from pages.data.skipped_rows import rows_to_import

__all__ = ["wizard"]


def wizard(view: View) -> None:
    """Each step appears when the one before is settled."""
    tr = view.tr
    st.subheader(tr("1. The file"), anchor=False)
    file = st.file_uploader(
        tr("Excel, WPS, OpenDocument or CSV, at most 10 MB"),
        type=["xlsx", "csv", "xls", "et", "xlsb", "ods", "txt", "zip"],
        key=Key.IMPORT_FILE,
        label_visibility="collapsed",
    )
    if file is None:
        forget()
        st.caption(tr("No sheet at hand? “Blank templates” has one of each kind."))
        return
    state = state_of(view, file)
    if isinstance(state, Refusal):
        st.error(md_escape(state.message(tr)))
        return
    if not choose_sheets(view, state):
        return
    reading_notes(view, state)
    sheet, mapping = choose_columns(view, state)
    if sheet is None:
        st.error(tr("No columns recognised. Choose a kind of sheet, or start from a blank template."))
        return
    table = rows_to_import(view, state, sheet, mapping)
    if not table.rows:
        st.error("\n\n".join(md_escape(f.message(tr)) for f in table.findings if f.level is Level.ERROR))
        return
    options = _choose_options(view, state, sheet)
    _make_plan(view, state, sheet, table, mapping, options)
    if state.plan is not None and state.planned_for is not None:
        preview(view, state, state.plan)
        review(view, state, state.plan)
        commit_step(view, state, state.plan)


def _choose_options(view: View, state: ImportState, sheet: SheetSpec) -> Options:
    tr = view.tr
    datum, day = Datum.WGS84, None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if sheet.position is not None:
            datum = st.selectbox(
                tr("Coordinates are in"),
                list(Datum),
                format_func=tr.term,
                index=list(Datum).index(state.initial_datum),
                key=Key.IMPORT_DATUM.of(state.file_id),
                on_change=_keep_for_next_file,
                args=(Key.IMPORT_DATUM.of(state.file_id), Key.IMPORT_LAST_DATUM),
                width=320,
                help=tr("Points taken from Amap or Tencent are GCJ-02; read as WGS-84 they are about 500 m off."),
            )
        if sheet.day or sheet.needs_fact_day:
            day = st.date_input(
                tr("Reporting day"),
                value=state.initial_day,
                key=Key.IMPORT_DAY.of(state.file_id),
                on_change=_keep_for_next_file,
                args=(Key.IMPORT_DAY.of(state.file_id), Key.IMPORT_LAST_DAY),
                width=200,
                help=tr("The day that the sheet describes. What is stored from a later day is kept."),
            )
        platform = _choose_platform(view, state) if sheet.of_platforms else None
    return Options(
        datum=datum,
        day=day if isinstance(day, date) else None,
        platform=platform,
        otherwise=ask_decision(view, state),
        decisions=dict(state.answers),
        replaced=frozenset(state.replaced),
        confirmed=bool(st.session_state.get(Key.IMPORT_CONFIRMED.of(state.file_id), False)),
    )


def _choose_platform(view: View, state: ImportState) -> str | None:
    """The platform whose export the file is: as its headers were confirmed last, or as its name says."""
    tr, known = view.tr, cache.openings.platforms(view.revision)
    key = Key.IMPORT_PLATFORM.of(state.file_id)
    if key not in st.session_state:
        remembered = cache.data.remembered_platforms(view.revision).get(fingerprint(state.detection.body.headers))
        st.session_state[key] = remembered or next((name for name in known if name in state.upload.name), None)
    chosen: str | None = st.selectbox(
        tr("Export of a recruitment platform"),
        sorted({*known, *filter(None, [st.session_state[key]])}),
        key=key,
        accept_new_options=True,
        placeholder=tr("not of a platform"),
        width=320,
        help=tr("The platform and its number are kept with each opening."),
    )
    return (chosen or "").strip()[:40] or None


def _keep_for_next_file(widget: str, choice: Key) -> None:
    """Remember what was chosen under a key that no widget owns: Streamlit drops a widget's own with its file."""
    st.session_state[choice] = st.session_state[widget]


def _make_plan(
    view: View, state: ImportState, sheet: SheetSpec, table: HeaderedTable, mapping: ColumnMapping, options: Options
) -> None:
    """Step 3: the plan, made again when anything that it depends on has changed."""
    tr, upload = view.tr, state.upload
    request = ImportRequest(upload.name, upload.sha256, sheet.code, table, mapping, options, view.today)
    if state.planned_for == (request, view.revision) or state.batch_id is not None:
        return
    is_first = state.plan is None
    state.planned_for = None
    if st.session_state.get(Key.IMPORT_CANCELLED) == state.file_id:
        st.info(tr("The check was cancelled; nothing was saved."))
        if not st.button(tr("Check again"), key=Key.IMPORT_CANCEL.of("again")):
            return
        st.session_state.pop(Key.IMPORT_CANCELLED, None)
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, text=tr("Checking every row …"))
        st.button(tr("Cancel"), key=Key.IMPORT_CANCEL, on_click=_cancel_check, args=(state.file_id,))

    def show_progress(done: int, total: int) -> None:
        bar.progress(min(done / max(total, 1), 1.0), text=tr("Checking row {n} of {all} …", n=done, all=total))

    database = cache.store.database()
    with database.read() as connection:
        state.plan = plan_import(connection, request, database.key, show_progress)
    state.planned_for = (request, view.revision)
    place.empty()
    if is_first and any(row.is_open for row in state.plan.rows):
        st.rerun()  # now there is something to ask about: who these people are


def _cancel_check(file_id: str) -> None:
    """A click while rows are checked stops the run at its next sign of progress."""
    st.session_state[Key.IMPORT_CANCELLED] = file_id
