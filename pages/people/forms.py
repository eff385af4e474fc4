"""The frame of every form on a person's page: a dialog whose fields survive a restart, and what a refused change says.

    form_dialog(view, Form(f"consent:{person_id}", tr("Consent"), start, fields, save))

``fields(draft)`` draws the widgets and returns the values, or None while they can't be saved; ``save(change, values)`` makes
the change inside a command of ``action``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import streamlit as st

from core.jobs.commands import PlacementExists, StartsTooLate
from core.people.commands import AlreadyRegistered
from core.people.plans.commands import PlanRefused
from core.people.posts.commands import PostRefused
from core.people.record.commands import RecordRefused
from core.policy import Action, Refused
from core.store.commands import Change, Conflict, NotFound, command
from pages import cache
from pages.common import refusal
from pages.common.dialogs import open_dialog
from pages.common.drafts import Draft
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
        if st.button(label, type="primary", disabled=values is None, key=Key.PERSON_FORM.of(form.name)) and _saved(
            view, form, values
        ):
            draft.end()
            st.rerun()

    open_dialog(form.title, dialog, width=form.width)


def _saved(view: View, form: Form, values: Any) -> bool:
    """Whether the change was made; else a sentence says why not, and the form stays."""
    tr = view.tr
    try:
        with command(cache.store.database(), actor=view.access, action=form.action, at=datetime.now(UTC)) as change:
            form.save(change, values)
    except Conflict:
        st.error(tr("Someone else changed this meanwhile. Close the form and open it again: what you typed is kept."))
    except (RecordRefused, PlanRefused) as refused:
        st.error(tr("Not saved: {problem}.", problem=tr.term(refused.problem)))
    except PostRefused as refused:
        st.error(tr("Not saved: {problem}.", problem=tr("; ").join(map(tr.term, refused.breaches))))
    except AlreadyRegistered:
        st.error(tr("Somebody with this ID number is registered already."))
    except PlacementExists:
        st.error(tr("Work that begins on this day is on record already."))
    except (StartsTooLate, ValueError):
        st.error(tr("Not saved: check the days and that nothing is missing."))
    except NotFound:
        st.error(gone(view))
    except Refused as refused:
        refusal.show(tr, refused)
    else:
        return True
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
