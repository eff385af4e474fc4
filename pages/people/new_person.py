"""Register somebody at the door: who might be on record already is shown while one types."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.intake.findings import MESSAGES
from core.intake.planning.statements import Candidate, PersonKeys
from core.locale import N_
from core.people.commands import AlreadyRegistered, add_person
from core.people.identity import IdentityError, IdNumber, id_hash, read_id_number, read_phones
from core.people.masking import mask_name
from core.policy import Action
from core.terms import Agreement
from pages import cache
from pages.common import scope
from pages.common.columns import names_by_id
from pages.common.dialogs import open_dialog
from pages.common.escape import md_escape
from pages.common.links import page_link
from pages.common.query_params import set_query_param
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["new_person_button"]

FACTS = {"phone": N_("phone"), "last4": N_("last four"), "birth": N_("birth"), "community": N_("community")}
MARKS = {Agreement.AGREES: "=", Agreement.DIFFERS: "≠", Agreement.UNKNOWN: "?"}


def new_person_button(view: View) -> None:
    """The button, for who may register people."""
    if view.may(Action.ADD_PERSON) and st.button(view.tr("Register a person"), icon=":material/person_add:"):
        open_dialog(view.tr("Register a person"), lambda: _form(view), width="medium")


def _form(view: View) -> None:
    tr = view.tr
    communities = cache.overview.facts(view.revision).communities
    own = scope.community_names(view)
    options = [int(row.id) for row in communities.itertuples() if own is None or row.name in own]
    names = names_by_id(communities)
    left, right = st.columns(2)
    name = left.text_input(tr("Name of the person"), **at_most(tr, 60), key=Key.NEW_PERSON.of("name")).strip()
    community = right.selectbox(
        tr("Community"),
        options,
        index=0 if len(options) == 1 else None,
        format_func=lambda key: tr.name(names[key]),
        key=Key.NEW_PERSON.of("community"),
    )
    number_text = left.text_input(
        tr("ID number"), **at_most(tr, 20), key=Key.NEW_PERSON.of("number"), help=tr("Only its keyed hash is kept.")
    )
    phone_text = right.text_input(tr("Phone"), **at_most(tr, 40), key=Key.NEW_PERSON.of("phone"))
    number, phone, faults = _read(view, number_text, phone_text)
    consents = st.toggle(tr("Consents to the keeping of these data"), key=Key.NEW_PERSON.of("consent"))
    is_sure = _similar(view, _keys(name, number, phone, community)) if name else True
    if st.button(
        tr("Register"),
        type="primary",
        key=Key.NEW_PERSON.of("save"),
        disabled=not name or community is None or bool(faults) or not is_sure,
    ):
        assert community is not None
        _save(view, name, community, number, phone, consents)


def _read(view: View, number_text: str, phone_text: str) -> tuple[IdNumber | None, str | None, list[str]]:
    """The ID number and the phone, with a message below for what can't be read."""
    number, phone, faults = None, None, []
    try:
        number = read_id_number(number_text) if number_text.strip() else None
    except IdentityError as error:
        faults.append(error.fault)
    try:
        phone = read_phones(phone_text)[0] if phone_text.strip() else None
    except IdentityError as error:
        faults.append(error.fault)
    for fault in faults:
        st.error(md_escape(view.tr(MESSAGES[fault], value="…")))
    return number, phone, list(faults)


def _keys(name: str, number: IdNumber | None, phone: str | None, community: int | None) -> PersonKeys:
    return PersonKeys(
        name=name,
        id_hash=None if number is None else id_hash(cache.store.database().key, number.number),
        sex_of_id=None if number is None else number.sex,
        sex=None,
        phone=phone,
        last4=None if number is None else number.last_four,
        birth=None if number is None else number.birth_date,
        community=community,
    )


def _similar(view: View, keys: PersonKeys) -> bool:
    """Who might be meant, fact by fact; False until somebody says that it is none of them."""
    tr, index = view.tr, cache.people.person_index(view.revision)
    known = None if keys.id_hash is None else index.by_hash.get(keys.id_hash)
    if known is not None:
        st.error(tr("Somebody with this ID number is registered already."))
        _open(view, known)
        return False
    candidates = index.candidates(keys)
    if not candidates:
        st.caption(tr("Nobody of this name is on record."))
        return True
    st.markdown(
        tr.plural("{n} person of this name is on record:", "{n} people of this name are on record:", len(candidates))
    )
    for candidate in candidates:
        _candidate(view, candidate)
    page_link("people", tr("Records that may be one person"), ":material/merge:", {"part": "duplicates"})
    return st.checkbox(tr("It is none of them"), key=Key.NEW_PERSON.of("none"))


def _candidate(view: View, candidate: Candidate) -> None:
    tr = view.tr
    facts = " · ".join(f"{tr(label)} {MARKS[candidate.facts[fact]]}" for fact, label in FACTS.items())
    with st.container(horizontal=True, vertical_alignment="center"):
        if scope.holds(view, candidate.id):
            st.markdown(
                md_escape(f"{mask_name(candidate.name)} · {tr('No. {n}', n=candidate.id)} · {facts}"), width="stretch"
            )
            _open(view, candidate.id)
        else:
            st.markdown(
                md_escape(tr("somebody of another community · {facts}: ask the dispatcher", facts=facts)),
                width="stretch",
            )


def _open(view: View, person_id: int) -> None:
    if scope.holds(view, person_id) and st.button(view.tr("Open"), key=Key.NEW_PERSON.of("open", person_id)):
        set_query_param("person", person_id)
        st.rerun()


def _save(view: View, name: str, community: int, number: IdNumber | None, phone: str | None, consents: bool) -> None:
    try:
        person_id = add_person(
            cache.store.database(),
            name=name,
            community_id=community,
            id_number=number,
            phone=phone,
            has_consented=consents,
            today=view.today,
            actor=view.access,
            at=datetime.now(UTC),
        )
    except AlreadyRegistered:  # somebody was quicker
        st.error(view.tr("Somebody with this ID number is registered already."))
        return
    set_query_param("person", person_id)
    st.rerun()
