"""The file in hand, kept in the session from its upload to its import."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from core.intake.findings import Refusal
from core.intake.planning.persons import Answer
from core.intake.planning.plan import ImportPlan, ImportRequest
from core.intake.reading.detection import Detection, detect
from core.intake.reading.headers import HeaderedTable, SkippedRow
from core.intake.reading.tables import Upload
from core.intake.reading.upload import read_upload
from core.terms import Datum
from pages import cache
from pages.common.session_keys import Key
from pages.common.view import View

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

__all__ = ["ChosenRows", "ImportState", "forget", "state_of"]


@dataclass(frozen=True)
class ChosenRows:
    """A table without its skipped rows, kept because setting them aside takes a moment for many rows."""

    depends_on: tuple[object, ...]
    """Sheets, kind and mapping."""
    skipped: tuple[SkippedRow, ...]
    """All rows that the rules skip, also those that a person takes as data."""
    restored: tuple[int, ...]
    """Numbers of those."""
    table: HeaderedTable


@dataclass
class ImportState:
    """What is known of the uploaded file so far; each step of the page adds to it."""

    file_id: str
    upload: Upload
    detection: Detection
    initial_datum: Datum
    """What the box of the coordinate system shows at first: the choice for the file before. The same in every run, so
    that a run which is interrupted, or which draws no file, can't set the box back."""
    initial_day: date
    """Likewise for the reporting day."""
    plan: ImportPlan | None = None
    planned_for: tuple[ImportRequest, int] | None = None
    """The request and the revision of the store that ``plan`` was made for."""
    answers: dict[int, Answer] = field(default_factory=dict)
    """Row number → who it is, as answered row by row."""
    replaced: set[tuple[int, str, str]] = field(default_factory=set)
    """(row, table, field) of newer stored values that are to be replaced all the same."""
    batch_id: int | None = None
    """The batch after the import."""
    rows: ChosenRows | None = None
    """The rows to import under the mapping on the screen."""

    @property
    def scope(self) -> tuple[object, ...]:
        """Parts of the key of a widget that belongs to the chosen sheets of the file."""
        names = [choice.name for choice in self.detection.choices]
        return self.file_id, *(names.index(name) for name in self.detection.chosen)

    def choose(self, view: View, sheets: Collection[str]) -> None:
        """Read these sheets of the book from now on; what was decided about rows of others is void."""
        if set(sheets) != set(self.detection.chosen):
            self.detection = _detected(view, self.upload, sheets)
            self.plan = self.planned_for = None
            self.answers, self.replaced = {}, set()


def state_of(view: View, file: UploadedFile) -> ImportState | Refusal:
    """The state of an uploaded file, read once; or why it is turned away."""
    state = st.session_state.get(Key.IMPORT_STATE)
    if isinstance(state, ImportState) and state.file_id == file.file_id:
        return state
    with st.spinner(view.tr("Reading {name} …", name=file.name)):
        upload = read_upload(file.getvalue(), file.name)
        if isinstance(upload, Refusal):
            return upload
        detection = _detected(view, upload)
    state = ImportState(
        file.file_id,
        upload,
        detection,
        initial_datum=st.session_state.get(Key.IMPORT_LAST_DATUM, Datum.WGS84),
        initial_day=st.session_state.get(Key.IMPORT_LAST_DAY, view.today),
    )
    st.session_state[Key.IMPORT_STATE] = state
    return state


def _detected(view: View, upload: Upload, chosen: Collection[str] = ()) -> Detection:
    communities = cache.data.vocabulary(view.revision).kinds["community"].values
    remembered, learnt = cache.data.remembered_mappings(view.revision), cache.data.learnt_headers(view.revision)
    return detect(upload, remembered, chosen, communities, learnt)


def forget() -> None:
    """No file is in hand."""
    st.session_state.pop(Key.IMPORT_STATE, None)
