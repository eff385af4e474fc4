"""Import in four steps: the file, what its columns mean, what would change, and the commit."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from core.intake.findings import Refusal
from core.intake.planning.plan import ImportPlan, Options, plan_import
from core.intake.reading.detection import Guess, guess, guess_sheet, read_upload
from core.intake.reading.upload import Upload
from core.intake.sheets import SHEETS, Sheet
from core.terms import Datum
from pages import cache
from pages.common.view import View
from pages.data.preview import commit_step, decisions, preview, review

__all__ = ["wizard"]

STATE = "import_state"


@dataclass
class State:
    """The file in hand, kept in the session between steps."""

    digest: str
    upload: Upload | Refusal
    guess: Guess | None = None
    plan: ImportPlan | None = None
    asked: Any = None  # what the plan was made of
    done: int | None = None  # batch id after the commit
    answers: dict[int, Any] = field(default_factory=dict)


def wizard(view: View) -> None:
    """All steps on one page; each appears when the one before is settled."""
    tr = view.tr
    st.subheader(tr("1. The file"), anchor=False)
    file = st.file_uploader(
        tr("Excel (.xlsx) or CSV, at most 10 MB"),
        type=["xlsx", "csv", "xls", "txt"],
        key="import_file",
        label_visibility="collapsed",
    )
    if file is None:
        st.session_state.pop(STATE, None)
        st.caption(tr("No sheet at hand? “Blank templates” has one of each kind."))
        return
    state = _state(view, file.getvalue(), file.name)
    if isinstance(state.upload, Refusal):
        st.error(state.upload.message(tr))
        return
    sheet, mapping = _columns(view, state)
    if sheet is None:
        st.error(tr("None of its columns is known. Choose the kind of sheet, or start from a blank template."))
        return
    options = _options(view, state, sheet)
    _plan(view, state, sheet, mapping, options)
    if state.plan is not None:
        preview(view, state.plan)
        review(view, state)
        commit_step(view, state)


def _state(view: View, data: bytes, name: str) -> State:
    digest = hashlib.sha256(data).hexdigest() + name
    state: State | None = st.session_state.get(STATE)
    if state is None or state.digest != digest:
        with st.spinner(view.tr("Reading {name} …", name=name)):
            upload = read_upload(data, name)
            found = (
                None if isinstance(upload, Refusal) else guess(upload, cache.data.remembered_mappings(view.revision))
            )
        state = State(digest, upload, found)
        st.session_state[STATE] = state
    return state


def _columns(view: View, state: State) -> tuple[Sheet | None, dict[str, str | None]]:
    """Step 2: kind of sheet and the meaning of each header, for a person to confirm."""
    tr = view.tr
    found = state.guess
    assert found is not None
    st.subheader(tr("2. What its columns mean"), anchor=False)
    codes = list(SHEETS)
    code = st.selectbox(
        tr("Kind of sheet"),
        codes,
        index=codes.index(found.sheet.code) if found.sheet else None,
        format_func=lambda c: tr(SHEETS[c].title),
        key="import_sheet",
        width=360,
    )
    if code is None:
        return None, {}
    sheet = SHEETS[code]
    proposal = found if found.sheet is sheet else guess_sheet(found.grid, sheet, found.ranking)
    labels = {column.code: column.label(tr) for column in sheet.columns}
    unknown = [header for header, target in proposal.mapping.items() if target is None]
    say = tr("{known} of {n} columns recognised", known=len(proposal.mapping) - len(unknown), n=len(proposal.mapping))
    remembered = " · " + tr("as you confirmed last time") if proposal.remembered else ""
    with st.expander(say + remembered, expanded=bool(unknown)):
        table = pd.DataFrame(
            {
                "header": list(proposal.mapping),
                "example": [_example(found, i) for i in range(len(proposal.mapping))],
                "meaning": [labels.get(target or "") for target in proposal.mapping.values()],
            }
        )
        edited = st.data_editor(
            table,
            hide_index=True,
            placeholder="",
            disabled=["header", "example"],
            key=f"mapping_{state.digest[:12]}_{code}",
            column_config={
                "header": tr("Column in the file"),
                "example": tr("First value"),
                "meaning": st.column_config.SelectboxColumn(
                    tr("Means"), options=list(labels.values()), help=tr("Empty: leave this column out")
                ),
            },
        )
    by_label = {label: c for c, label in labels.items()}
    return sheet, {row.header: by_label.get(row.meaning) for row in edited.itertuples()}


def _example(found: Guess, position: int) -> str:
    """The first value of a column, shortened and without what identifies a person."""
    for row in found.grid.rows:
        if position < len(row.cells) and row.cells[position] not in (None, ""):
            text = str(row.cells[position])
            return text[:1] + "…" if len(text) > 1 else text
    return ""


def _options(view: View, state: State, sheet: Sheet) -> Options:
    tr = view.tr
    datum, day = Datum.WGS84, None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if sheet.position is not None:
            datum = st.selectbox(
                tr("Coordinates are in"),
                list(Datum),
                format_func=tr.term,
                key="import_datum",
                width=320,
                help=tr("Points taken from Amap or Tencent are GCJ-02; read wrongly they lie about 500 m off."),
            )
        if sheet.day:
            day = st.date_input(tr("Reporting day"), value=view.today, key="import_day", width=200)
    return Options(datum=datum, day=day if isinstance(day, date) else None, **decisions(view, state))


def _plan(view: View, state: State, sheet: Sheet, mapping: dict[str, str | None], options: Options) -> None:
    """Step 3's reckoning, made anew when anything that it depends on has changed."""
    tr = view.tr
    asked = (sheet.code, tuple(sorted(mapping.items())), repr(options.as_json()), view.revision)
    if state.asked == asked or state.done is not None:
        return
    is_first = state.plan is None
    bar = st.progress(0.0, text=tr("Checking every row …"))

    def tell(done: int, total: int) -> None:
        bar.progress(min(done / max(total, 1), 1.0), text=tr("Checking row {n} of {all} …", n=done, all=total))

    assert isinstance(state.upload, Upload)
    grid = state.guess.grid if state.guess else None
    state.plan = plan_import(
        cache.store.database(), state.upload, sheet.code, mapping, options, grid=grid, progress=tell
    )
    state.asked = asked
    bar.empty()
    if is_first and any(row.candidates for row in state.plan.rows):
        st.rerun()  # now there is something to ask about: who these people are
