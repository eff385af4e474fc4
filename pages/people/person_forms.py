"""Forms on a person's page: correct the record (with version check), record a visit, change the state."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from core.people import commands
from core.policy import Action
from core.store.commands import Conflict, NotFound
from core.teams.grid_names import in_order
from core.terms import Education, PersonState, RevealPurpose
from pages import cache
from pages.common.columns import names_by_id
from pages.common.dialogs import open_dialog
from pages.common.drafts import Draft
from pages.common.saving import announce, checked
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View
from pages.people.document_form import document_button
from pages.people.enrolment import enrolment_form
from pages.people.forms import gone
from pages.people.reveal import forget, read_in_full
from pages.people.visit_form import visit_form

__all__ = ["person_actions"]

TEXTS = ("name", "phone", "phone_2", "address", "career", "note")
TYPES: dict[str, type] = {"community_id": int, "grid_id": int, "education": Education}


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
        document_button(view, person_id)
        if view.may(Action.ENROL):
            enrolment_form(view, person_id)
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
                changed = checked(
                    view,
                    lambda: commands.change_state(
                        cache.store.database(), person_id, state, since=since, actor=view.access, at=datetime.now(UTC)
                    ),
                )
                if changed is not None:
                    announce(tr("Saved."))

    open_dialog(tr("Change the state"), dialog)


def _edit(view: View, person_id: int) -> None:
    tr = view.tr

    def dialog() -> None:
        conflict: Conflict | None = st.session_state.get(Key.EDIT_CONFLICT)
        if conflict is not None:
            _resolve(view, person_id, conflict)
            return
        base: dict[str, Any] = st.session_state[Key.EDIT_BASE]
        if not draft.has_begun:
            draft.begin(_start(base), TYPES)
        draft.notice()
        values = _fields(view, base, draft)
        if st.button(tr("Save"), type="primary", key=Key.PERSON_FORM.of("record")):
            _save(view, person_id, values, base["version"])

    draft = Draft(view, f"record:{person_id}")
    draft.begin(_start(st.session_state[Key.EDIT_BASE]), TYPES)
    open_dialog(tr("Correct the record"), dialog, width="medium")


def _start(base: dict[str, Any]) -> dict[str, Any]:
    """What the fields hold at first."""
    texts = {name: base[name] or "" for name in TEXTS}
    return texts | {name: base[name] for name in TYPES}


def _fields(view: View, base: dict[str, Any], draft: Draft) -> dict[str, Any]:
    """The values as edited, by field."""
    tr = view.tr
    communities = names_by_id(cache.overview.facts(view.revision).communities)
    grids = cache.people.grids(view.revision)
    left, right = st.columns(2)
    values: dict[str, Any] = {
        "name": left.text_input(tr("Person"), **at_most(tr, 60), **draft.field("name")).strip() or base["name"],
        "phone": right.text_input(tr("Phone"), **at_most(tr, 20), **draft.field("phone")).strip() or None,
        "phone_2": right.text_input(tr("Second phone"), **at_most(tr, 20), **draft.field("phone_2")).strip() or None,
        "community_id": left.selectbox(
            tr("Community"),
            list(communities),
            index=None,
            format_func=lambda key: tr.name(communities[key]),
            **draft.field("community_id"),
        ),
    }
    own = grids[grids["community_id"] == values["community_id"]].set_index("name")["id"]
    names = {own[name]: name for name in in_order(own.index)}
    if st.session_state.get(draft.field("grid_id")["key"]) not in (None, *names):
        st.session_state[draft.field("grid_id")["key"]] = None  # of another community
    values["grid_id"] = left.selectbox(
        tr("Grid"), list(names), index=None, format_func=names.__getitem__, **draft.field("grid_id")
    )
    values["education"] = right.selectbox(
        tr("Education"), list(Education), index=None, format_func=tr.term, **draft.field("education")
    )
    values["address"] = st.text_input(tr("Address"), **at_most(tr, 120), **draft.field("address")).strip() or None
    for name, label in (("career", tr("Work history")), ("note", tr("Note"))):
        values[name] = st.text_area(label, **at_most(tr, 500), **draft.field(name)).strip() or None
    st.caption(tr("ID number, date of birth, sex and registration come from documents and have a form of their own."))
    return values


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
    except NotFound:
        st.error(gone(view))
        return
    st.session_state.pop(Key.EDIT_CONFLICT, None)
    Draft(view, f"record:{person_id}").end()
    forget()  # what was shown in full is of before
    announce(view.tr("Saved."))


def _resolve(view: View, person_id: int, conflict: Conflict) -> None:
    """Someone saved meanwhile: both versions side by side; nothing is lost either way."""
    tr = view.tr
    st.warning(tr("Someone else changed this record while you were editing. Your changes are not saved yet."))
    labels = {
        "name": tr("Person"),
        "phone": tr("Phone"),
        "phone_2": tr("Second phone"),
        "community_id": tr("Community"),
        "grid_id": tr("Grid"),
        "education": tr("Education"),
        "address": tr("Address"),
        "career": tr("Work history"),
        "note": tr("Note"),
    }
    communities = names_by_id(cache.overview.facts(cache.store.revision()).communities)

    def text(field: str, value: Any) -> str:
        if value is None:
            return "—"
        if field == "community_id":
            return str(communities.get(value, value))
        return tr.term(value) if isinstance(value, Education) else str(value)

    differing = [field for field in conflict.yours if conflict.theirs[field] != conflict.yours[field]]
    show_table(
        view,
        pd.DataFrame(
            {
                tr("Fact"): [labels[f] for f in differing],
                tr("Theirs"): [text(f, conflict.theirs[f]) for f in differing],
                tr("Yours"): [text(f, conflict.yours[f]) for f in differing],
            }
        ),
        tr("Theirs and yours"),
        height="auto",
    )
    with st.container(horizontal=True):
        if st.button(tr("Keep theirs")):
            st.session_state.pop(Key.EDIT_CONFLICT, None)
            st.rerun()
        if st.button(tr("Overwrite with mine"), type="primary"):
            _save(view, person_id, conflict.yours, conflict.version)
