"""Forms on a person's page: correct the record (with version check), record a visit, change the state."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from core.people import commands
from core.policy import Action
from core.store.commands import Conflict
from core.terms import Education, PersonState, RevealPurpose
from pages import cache
from pages.common.dialogs import open_dialog
from pages.common.session_keys import Key
from pages.common.view import View
from pages.people.reveal import forget, read_in_full
from pages.people.visit_form import visit_form

__all__ = ["person_actions"]


def person_actions(view: View, person_id: int, row: pd.Series) -> None:
    """Buttons for what the one who looks may do; each opens its dialog. The form of the record holds clear data, so opening
    it is recorded."""
    tr = view.tr
    with st.container(horizontal=True):
        if view.may(Action.RECORD_VISIT) and st.button(
            tr("Record a visit"), icon=":material/door_front:", type="primary"
        ):
            visit_form(view, person_id)
        if (
            view.may(Action.EDIT_PERSON)
            and view.may(Action.REVEAL)
            and st.button(tr("Correct the record"), icon=":material/edit:", help=tr("Opening the form is recorded."))
        ):
            base = read_in_full(view, person_id, RevealPurpose.CORRECT)
            if base is not None:
                st.session_state[Key.EDIT_BASE] = base
                st.session_state.pop(Key.EDIT_CONFLICT, None)
                _edit(view, person_id)
        if view.may(Action.CHANGE_STATE) and st.button(tr("Change the state"), icon=":material/flag:"):
            _state(view, person_id, row)


def _state(view: View, person_id: int, row: pd.Series) -> None:
    tr = view.tr

    def dialog() -> None:
        with st.form("state", border=False):
            options = list(PersonState)
            current = options.index(PersonState.of(row["state"])) if pd.notna(row["state"]) else 0
            state = st.selectbox(tr("State"), options, index=current, format_func=tr.term)
            since = st.date_input(tr("Since"), value=view.today, max_value=view.today)
            if st.form_submit_button(tr("Save"), type="primary"):
                commands.change_state(
                    cache.store.database(), person_id, state, since=since, actor=view.access, at=datetime.now(UTC)
                )
                st.rerun()

    open_dialog(tr("Change the state"), dialog)


def _edit(view: View, person_id: int) -> None:
    tr = view.tr

    def dialog() -> None:
        conflict: Conflict | None = st.session_state.get(Key.EDIT_CONFLICT)
        if conflict is not None:
            _resolve(view, person_id, conflict)
            return
        base: dict[str, Any] = st.session_state[Key.EDIT_BASE]
        with st.form("edit", border=False):
            values = _fields(view, base)
            if st.form_submit_button(tr("Save"), type="primary"):
                _save(view, person_id, values, base["version"])

    open_dialog(tr("Correct the record"), dialog)


def _fields(view: View, base: dict[str, Any]) -> dict[str, Any]:
    """The values as edited, by field."""
    tr = view.tr
    communities = dict(cache.overview.facts(view.revision).communities[["id", "name"]].itertuples(index=False))
    ids, levels = list(communities), list(Education)
    values: dict[str, Any] = {
        "name": st.text_input(tr("Person"), base["name"], max_chars=60).strip() or base["name"],
        "phone": st.text_input(tr("Phone"), base["phone"] or "", max_chars=20).strip() or None,
    }
    community = st.selectbox(
        tr("Community"),
        ids,
        index=ids.index(base["community_id"]) if base["community_id"] in ids else None,
        format_func=lambda c: communities[c],
    )
    education = st.selectbox(
        tr("Education"),
        levels,
        index=levels.index(Education.of(base["education"])) if base["education"] else None,
        format_func=tr.term,
    )
    note = st.text_area(tr("Note"), base["note"] or "", max_chars=500)
    return values | {"community_id": community, "education": education, "note": note.strip() or None}


def _save(view: View, person_id: int, values: dict[str, Any], version: int) -> None:
    try:
        commands.edit_person(
            cache.store.database(),
            person_id,
            values,
            version=version,
            actor=view.access,
            at=datetime.now(UTC),
            today=view.today,
        )
    except Conflict as conflict:
        st.session_state[Key.EDIT_CONFLICT] = conflict
        st.rerun(scope="fragment")
    st.session_state.pop(Key.EDIT_CONFLICT, None)
    forget()  # what was shown in full is of before
    st.rerun()


def _resolve(view: View, person_id: int, conflict: Conflict) -> None:
    """Someone saved meanwhile: both versions side by side; nothing is lost either way."""
    tr = view.tr
    st.warning(tr("Someone else changed this record while you were editing. Your changes are not saved yet."))
    labels = {
        "name": tr("Person"),
        "phone": tr("Phone"),
        "community_id": tr("Community"),
        "education": tr("Education"),
        "note": tr("Note"),
    }
    communities = dict(cache.overview.facts(cache.store.revision()).communities[["id", "name"]].itertuples(index=False))

    def text(field: str, value: Any) -> str:
        if value is None:
            return "—"
        if field == "community_id":
            return str(communities.get(value, value))
        return tr.term(value) if isinstance(value, Education) else str(value)

    differing = [field for field in conflict.yours if conflict.theirs[field] != conflict.yours[field]]
    st.dataframe(
        pd.DataFrame(
            {
                tr("Field"): [labels[f] for f in differing],
                tr("Theirs"): [text(f, conflict.theirs[f]) for f in differing],
                tr("Yours"): [text(f, conflict.yours[f]) for f in differing],
            }
        ),
        hide_index=True,
        alt=tr("Theirs and yours"),
    )
    with st.container(horizontal=True):
        if st.button(tr("Keep theirs")):
            st.session_state.pop(Key.EDIT_CONFLICT, None)
            st.rerun()
        if st.button(tr("Overwrite with mine"), type="primary"):
            _save(view, person_id, conflict.yours, conflict.version)
