"""The file in hand, kept in the session from its upload to its import."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from core.intake.findings import Decision, Refusal
from core.intake.planning.plan import ImportPlan, ImportRequest
from core.intake.reading.detection import Detection, detect
from core.intake.reading.tables import Upload
from core.intake.reading.upload import read_upload
from core.terms import Datum
from pages import cache
from pages.common.session_keys import Key
from pages.common.view import View

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

__all__ = ["ImportState", "forget", "state_of"]


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
    answers: dict[int, Decision] = field(default_factory=dict)
    """Row number → who it is, as answered row by row."""
    batch_id: int | None = None
    """The batch after the import."""


def state_of(view: View, file: UploadedFile) -> ImportState | Refusal:
    """The state of an uploaded file, read once; or why it is turned away."""
    state = st.session_state.get(Key.IMPORT_STATE)
    if isinstance(state, ImportState) and state.file_id == file.file_id:
        return state
    with st.spinner(view.tr("Reading {name} …", name=file.name)):
        upload = read_upload(file.getvalue(), file.name)
        if isinstance(upload, Refusal):
            return upload
        detection = detect(upload, cache.data.remembered_mappings(view.revision))
    state = ImportState(
        file.file_id,
        upload,
        detection,
        initial_datum=st.session_state.get(Key.IMPORT_LAST_DATUM, Datum.WGS84),
        initial_day=st.session_state.get(Key.IMPORT_LAST_DAY, view.today),
    )
    st.session_state[Key.IMPORT_STATE] = state
    return state


def forget() -> None:
    """No file is in hand."""
    st.session_state.pop(Key.IMPORT_STATE, None)
