"""Rights of the person behind the data: whose time is over, anonymise, and hand over what is recorded."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core.policy import Action
from core.privacy.commands import anonymise, extract
from core.privacy.workbook import extract_workbook
from core.store.settings import parameter
from pages import cache
from pages.common.downloads import download_file
from pages.common.saving import announce
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["personal_rights"]

CONSENT, RETENTION = "consent", "retention"


def personal_rights(view: View) -> None:
    """The list of those who are due, with one confirmed action, and the extract of one person."""
    tr = view.tr
    _due(view)
    st.subheader(tr("Everything about one person"), anchor=False)
    st.caption(tr("For the person themselves, who may ask for it: all records and who worked with them."))
    if view.may(Action.EXTRACT_PERSON):
        _extract(view)


def _due(view: View) -> None:
    tr = view.tr
    years = parameter(cache.store.parameters(view.revision), "retention_years", view.today)
    due = cache.audit.due(view.revision, view.today, years)
    st.subheader(tr.plural("{n} person to anonymise", "{n} people to anonymise", len(due)), anchor=False)
    st.caption(
        tr(
            "Consent withdrawn, or nothing recorded for {n} years while not seeking work. Names, phones, addresses, ID hashes and notes are erased, in the audit log as well; all counts stay.",
            n=f"{years:g}",
        )
    )
    if due.empty:
        return
    words = {CONSENT: tr("consent withdrawn"), RETENTION: tr("retention period over")}
    show_table(
        view,
        pd.DataFrame(
            {
                tr("Person (No.)"): due["person_id"],
                tr("Why"): due["why"].map(words),
                tr("Since"): due["since"].dt.strftime("%Y-%m-%d"),
            }
        ),
        tr("People to anonymise"),
        height="auto",
    )
    if not view.may(Action.ANONYMISE):
        return
    word = tr("ANONYMISE")
    typed = st.text_input(tr("Type “{word}” to confirm", word=word), key=Key.RIGHTS_CONFIRM, width=260)
    if st.button(tr("Anonymise all of them"), type="primary", disabled=typed.strip() != word, key=Key.RIGHTS_ANONYMISE):
        people = [int(i) for i in due["person_id"]]
        with st.spinner(tr("Erasing …")):
            n = anonymise(cache.store.database(), people, actor=view.access, at=datetime.now(UTC), today=view.today)
        st.session_state.pop(Key.RIGHTS_CONFIRM, None)
        announce(tr.plural("{n} person anonymised.", "{n} people anonymised.", n))


def _extract(view: View) -> None:
    tr = view.tr
    person = st.number_input(tr("Person (No.)"), min_value=1, value=None, step=1, key=Key.RIGHTS_PERSON, width=160)
    if person is None:
        return
    number = int(person)
    if not cache.audit.is_known(view.revision, number):
        st.warning(tr("There is no person with this number."))
        return

    def content() -> dict[str, object]:
        return extract(cache.store.database(), number, actor=view.access, at=datetime.now(UTC))

    with st.container(horizontal=True):
        download_file(
            view,
            tr("Download as Excel"),
            lambda _number: extract_workbook(content()),
            f"person_{number}.xlsx",
            key=Key.RIGHTS_EXTRACT.of("xlsx"),
            action=Action.EXTRACT_PERSON,
        )
        download_file(
            view,
            tr("Download as JSON"),
            lambda _number: json.dumps(content(), ensure_ascii=False, indent=1).encode(),
            f"person_{number}.json",
            key=Key.RIGHTS_EXTRACT.of("json"),
            action=Action.EXTRACT_PERSON,
        )
