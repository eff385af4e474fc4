"""The frame of every form on a person's page: a dialog whose fields survive a restart.

    form_dialog(view, Form(f"consent:{person_id}", tr("Consent"), start, fields, save))

``fields(draft)`` draws the widgets and returns the values, or None while they can't be saved; ``save(change, values)`` makes
the change inside a command of ``action``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import streamlit as st

from core.policy import Action
from core.store.commands import Change
from pages.common.dialogs import open_dialog
from pages.common.drafts import Draft
from pages.common.saving import announce, attempt
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["Form", "form_dialog", "gone", "known_value"]


@dataclass(frozen=True)
class Form:
    """``name`` ends in ':' and the number of the person, by which drafts are erased with them."""

    name: str
    title: str
    action: Action
    start: Mapping[str, Any]
    fields: Callable[[Draft], Any]
    save: Callable[[Change, Any], object]
    types: Mapping[str, type] = field(default_factory=dict)
    width: Literal["small", "medium", "large"] = "small"
    button: str = ""


def form_dialog(view: View, form: Form) -> None:
    """Open the dialog of a form."""
    draft = Draft(view, form.name)
    draft.begin(form.start, form.types)

    def dialog() -> None:
        if not draft.has_begun:
            draft.begin(form.start, form.types)
        draft.notice()
        values = form.fields(draft)
        label = form.button or view.tr("Save")
        is_sent = st.button(label, type="primary", disabled=values is None, key=Key.PERSON_FORM.of(form.name))
        if is_sent and _is_saved(view, form, values):
            draft.end()
            announce(view.tr("Saved."))

    open_dialog(form.title, dialog, width=form.width)


def _is_saved(view: View, form: Form, values: Any) -> bool:
    try:
        return attempt(view, form.action, lambda change: form.save(change, values)) is not None
    except ValueError:
        st.error(view.tr("Not saved: check the days and that nothing is missing."))
        return False


def gone(view: View) -> str:
    """What somebody is told whose person is no longer there."""
    return view.tr(
        "This person is no longer in the database: the import that added them was undone. Nothing was saved; what you typed is still here to copy."
    )


def known_value(row: Any, name: str) -> Any:
    """A value of a row of a frame as Python's own, None where it is missing."""
    value = row.get(name)
    if value is None or value != value or str(value) in ("NaT", "<NA>"):
        return None
    if hasattr(value, "date"):
        return value.date()
    return value.item() if hasattr(value, "item") else value
