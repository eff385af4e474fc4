"""Forms on a person's page: correct the record (with version check), record a visit, change the state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from core.people import commands
from core.people.masking import mask_name, mask_phone
from core.store.commands import Conflict, NotFound
from core.store.settings import parameter
from core.terms import Education, PersonState, VisitMode
from pages import cache
from pages.common.dialogs import open_dialog
from pages.common.drafts import Draft
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["person_actions"]


def person_actions(view: View, person_id: int, row: pd.Series, *, unmasked: bool) -> None:
    """Buttons; each opens its dialog. Only a named colleague may change anything, name and phone only while shown."""
    tr = view.tr
    if view.staff is None:
        st.caption(tr("Select your name under “Working as” to record visits or correct this record."))
        return
    with st.container(horizontal=True):
        if st.button(tr("Record a visit"), icon=":material/door_front:", type="primary"):
            _visit(view, person_id)
        if st.button(tr("Correct the record"), icon=":material/edit:"):
            st.session_state[Key.EDIT_BASE] = cache.people.editable(view.revision, person_id)
            st.session_state.pop(Key.EDIT_CONFLICT, None)
            _edit(view, person_id, unmasked=unmasked)
        if st.button(tr("Change the state"), icon=":material/flag:"):
            _state(view, person_id, row)


def _visit(view: View, person_id: int) -> None:
    tr = view.tr
    draft = Draft(view, f"visit:{person_id}")
    interval = parameter(cache.store.parameters(view.revision), "visit_interval_days", view.today)
    start = {
        "on": view.today,
        "mode": next(iter(VisitMode)),
        "needs": "",
        "next": view.today + timedelta(days=interval),
    }
    draft.begin(start)

    def dialog() -> None:
        if not draft.has_begun:  # begun anew
            draft.begin(start)
        draft.notice()
        on = st.date_input(tr("Visited on"), max_value=view.today, **draft.field("on"))
        mode = st.selectbox(tr("How"), list(VisitMode), format_func=tr.term, **draft.field("mode"))
        needs = st.text_area(tr("Needs and difficulties"), max_chars=500, **draft.field("needs"))
        following = st.date_input(tr("Next visit"), min_value=view.today, **draft.field("next"))
        if st.button(tr("Save"), type="primary", key=Key.VISIT_SAVE):
            try:
                commands.record_visit(
                    cache.store.database(),
                    person_id,
                    visited_on=on,
                    mode=mode,
                    needs=needs,
                    next_on=following,
                    actor=str(view.staff),
                    at=datetime.now(UTC),
                )
            except NotFound:
                st.error(_gone(view))
                return
            draft.end()
            st.rerun()

    open_dialog(tr("Record a visit"), dialog)


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
                    cache.store.database(), person_id, state, since=since, actor=str(view.staff), at=datetime.now(UTC)
                )
                st.rerun()

    open_dialog(tr("Change the state"), dialog)


def _edit(view: View, person_id: int, *, unmasked: bool) -> None:
    tr = view.tr

    def dialog() -> None:
        conflict: Conflict | None = st.session_state.get(Key.EDIT_CONFLICT)
        if conflict is not None:
            _resolve(view, person_id, conflict)
            return
        base: dict[str, Any] = st.session_state[Key.EDIT_BASE]
        with st.form("edit", border=False):
            values = _fields(view, base, unmasked=unmasked)
            if st.form_submit_button(tr("Save"), type="primary"):
                _save(view, person_id, values, base["version"])

    open_dialog(tr("Correct the record"), dialog)


def _fields(view: View, base: dict[str, Any], *, unmasked: bool) -> dict[str, Any]:
    """The values as edited, by field; without name and phone while these are masked."""
    tr = view.tr
    communities = dict(cache.overview.facts(view.revision).communities[["id", "name"]].itertuples(index=False))
    ids, levels = list(communities), list(Education)
    values: dict[str, Any] = {}
    if unmasked:
        values["name"] = st.text_input(tr("Person"), base["name"], max_chars=60).strip() or base["name"]
        values["phone"] = st.text_input(tr("Phone"), base["phone"] or "", max_chars=20).strip() or None
    else:
        masked = f"{mask_name(base['name'])} {mask_phone(base['phone'])}"
        st.caption(f"{md_escape(masked)} · {tr('Switch on “Show full name and phone” to correct these.')}")
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
            actor=str(view.staff),
            at=datetime.now(UTC),
            today=view.today,
        )
    except Conflict as conflict:
        st.session_state[Key.EDIT_CONFLICT] = conflict
        st.rerun(scope="fragment")
    except NotFound:
        st.error(_gone(view))
        return
    st.session_state.pop(Key.EDIT_CONFLICT, None)
    st.rerun()


def _gone(view: View) -> str:
    return view.tr(
        "This person is no longer in the database: the import that added them was undone. Nothing was saved; what you typed is still here to copy."
    )


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
