"""The form of what documents say of a person: ID number, date of birth, sex, registration, disability; with a reason."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.intake.findings import MESSAGES
from core.people.identity import IdentityError, read_id_number
from core.people.record.commands import correct_documents
from core.policy import Action
from core.store.commands import Change
from core.terms import Registration, RevealPurpose, Sex
from pages.common.drafts import Draft
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.people.forms import Form, form_dialog
from pages.people.reveal import read_in_full

__all__ = ["document_button"]


def document_button(view: View, person_id: int) -> None:
    """Open the form; what it shows is personal, so opening it is recorded."""
    tr = view.tr
    if (
        view.may(Action.CORRECT_DOCUMENTS)
        and view.may(Action.REVEAL)
        and st.button(tr("Correct documents"), icon=":material/badge:", help=tr("Opening the form is recorded."))
    ):
        base = read_in_full(view, person_id, RevealPurpose.CORRECT)
        if base is not None:
            _form(view, person_id, base)


def _form(view: View, person_id: int, base: dict[str, Any]) -> None:
    tr = view.tr

    def fields(draft: Draft) -> Any:
        st.caption(tr("These facts come from documents: look at the original, and say why they change."))
        text = st.text_input(  # never kept in a draft: the number itself is not stored
            tr("ID number"),
            max_chars=20,
            key=Key.PERSON_FORM.of("number", person_id),
            help=tr("Only its keyed hash is kept."),
            placeholder=f"**************{base['id_last4']}" if base["id_last4"] else "",
        )
        number, is_readable = None, True
        if text.strip():
            try:
                number = read_id_number(text)
            except IdentityError as error:
                is_readable = False
                st.error(md_escape(tr(MESSAGES[error.fault], value="…")))
        values: dict[str, Any] = {}
        left, right = st.columns(2)
        if number is None:
            values["birth_date"] = left.date_input(
                tr("Date of birth"), max_value=view.today, **draft.field("birth_date")
            )
            values["sex"] = right.selectbox(tr("Sex"), list(Sex), index=None, format_func=tr.term, **draft.field("sex"))
        else:
            st.caption(tr("Date of birth and sex follow from the ID number."))
        values["registration"] = left.selectbox(
            tr("Registration"), list(Registration), index=None, format_func=tr.term, **draft.field("registration")
        )
        disability = right.text_input(tr("Disability"), **at_most(tr, 30), **draft.field("disability"))
        values["disability"] = disability.strip() or None
        reason = st.text_input(tr("Reason"), **at_most(tr, 200), **draft.field("reason"))
        return (values, number, reason) if is_readable and reason.strip() else None

    def save(change: Change, values: Any) -> None:
        facts, number, reason = values
        correct_documents(
            change, person_id, facts, id_number=number, reason=reason, version=base["version"], today=view.today
        )

    start = {name: base[name] for name in ("birth_date", "sex", "registration")}
    start |= {"disability": base["disability"] or "", "reason": ""}
    types: dict[str, type] = {"birth_date": type(view.today), "sex": Sex, "registration": Registration}
    title = tr("Correct what documents say")
    form_dialog(
        view, Form(f"documents:{person_id}", title, Action.CORRECT_DOCUMENTS, start, fields, save, types, "medium")
    )
