"""Hardship with proof and expiry, limits at work, and consent: the card, and a form for each."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from core.people.profile import kinds_of
from core.people.record.commands import save_consent, save_hardship, save_limits, withdraw_hardship
from core.policy import Action, Field, Sight
from core.store.commands import Change
from core.terms import AccommodationKind, HardshipKind
from pages import cache
from pages.common.drafts import Draft
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.people.forms import Form, form_dialog, known_value

__all__ = ["facts_card"]


def facts_card(view: View, person_id: int) -> None:
    """What is recognised, what the person can't do, and whether the data may be kept; buttons for who may change it."""
    tr = view.tr
    if view.sees(Field.HEALTH) is not Sight.CLEAR:
        return
    with st.container(border=True):
        st.markdown(f"**{tr('Hardship, limits and consent')}**")
        rows = cache.people.hardships(view.revision)
        own = rows[rows["person_id"] == person_id]
        may_edit = view.may(Action.EDIT_PORTRAIT)
        for row in own.to_dict("records"):
            kind = HardshipKind.of(row["kind"])
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f":gray[{tr('Hardship')}] &emsp; {_hardship_text(view, row)}", width="stretch")
                if may_edit and st.button(
                    tr("Edit"), type="tertiary", key=Key.PERSON_FORM.of("hardship", person_id, kind.value)
                ):
                    _hardship_form(view, person_id, [kind], row)
        limits = kinds_of(cache.people.accommodations(view.revision), person_id, AccommodationKind)
        st.markdown(f":gray[{tr('Limits at work')}] &emsp; {tr.join(map(tr.term, limits)) or tr('none recorded')}")
        consent = _consent(view, person_id)
        st.markdown(f":gray[{tr('Consent')}] &emsp; {_consent_text(view, consent)}")
        if not may_edit:
            return
        others = [kind for kind in HardshipKind if kind.value not in set(own["kind"])]
        with st.container(horizontal=True):
            if others and st.button(
                tr("Hardship"), icon=":material/add:", type="tertiary", key=Key.PERSON_FORM.of("hardship")
            ):
                _hardship_form(view, person_id, others, {})
            if st.button(tr("Limits"), icon=":material/edit:", type="tertiary", key=Key.PERSON_FORM.of("limits")):
                _limits_form(view, person_id, frozenset(limits))
            if st.button(tr("Consent"), icon=":material/edit:", type="tertiary", key=Key.PERSON_FORM.of("consent")):
                _consent_form(view, person_id, consent)


def _hardship_text(view: View, row: dict[str, Any]) -> str:
    tr = view.tr
    until = known_value(row, "until")
    end = tr("no end") if until is None else tr("until {day}", day=tr.day(until))
    text = f"{tr.term(HardshipKind.of(row['kind']))} · {end}"
    return f":red[{text} · {tr('expired')}]" if until is not None and until < view.today else text


def _hardship_form(view: View, person_id: int, kinds: list[HardshipKind], row: dict[str, Any]) -> None:
    """The form of one hardship: of ``row``, or a new one of ``kinds``."""
    tr = view.tr

    def fields(draft: Draft) -> Any:
        kind = st.selectbox(tr("Kind"), kinds, format_func=tr.term, disabled=bool(row), **draft.field("kind"))
        left, right = st.columns(2)
        since = left.date_input(tr("Recognised on"), max_value=view.today, **draft.field("since"))
        until = right.date_input(tr("Proof valid until"), **draft.field("until"))
        proof = st.text_input(tr("Proof"), **at_most(tr, 120), **draft.field("proof"))
        withdraws = bool(row) and st.toggle(tr("It was never recognised: withdraw it"), **draft.field("withdraw"))
        reason = st.text_input(tr("Reason"), **at_most(tr, 200), **draft.field("reason")) if withdraws else ""
        return None if withdraws and not reason.strip() else (kind, since, until, proof, withdraws, reason)

    def save(change: Change, values: Any) -> None:
        kind, since, until, proof, withdraws, reason = values
        version = int(row["version"]) if row else None
        if withdraws:
            withdraw_hardship(change, int(row["id"]), version=int(row["version"]), reason=reason, today=view.today)
        else:
            save_hardship(change, person_id, kind, since=since, until=until, proof=proof, version=version)

    start = {
        "kind": kinds[0],
        "since": known_value(row, "since") or view.today,
        "until": known_value(row, "until"),
        "proof": known_value(row, "proof") or "",
        "withdraw": False,
        "reason": "",
    }
    name = f"hardship:{kinds[0].value if row else 'new'}:{person_id}"
    title = tr("Hardship with proof and expiry")
    form_dialog(view, Form(name, title, Action.EDIT_PORTRAIT, start, fields, save, {"until": date}))


def _limits_form(view: View, person_id: int, seen: frozenset[AccommodationKind]) -> None:
    tr = view.tr

    def fields(draft: Draft) -> frozenset[AccommodationKind]:
        st.caption(tr("What the person says about their own limits; jobs that do not respect them are ruled out."))
        kinds = list(AccommodationKind)
        picked = st.pills(
            tr("Limits at work"), kinds, selection_mode="multi", format_func=tr.term, **draft.field("limits")
        )
        return frozenset(picked)

    def save(change: Change, values: Any) -> None:
        save_limits(change, person_id, values, seen=seen)

    start = {"limits": sorted(seen, key=lambda kind: kind.order)}
    types: dict[str, type] = {"limits": AccommodationKind}
    form_dialog(
        view, Form(f"limits:{person_id}", tr("Limits at work"), Action.EDIT_PORTRAIT, start, fields, save, types)
    )


def _consent(view: View, person_id: int) -> dict[str, Any]:
    return cache.people.editable(view.revision, person_id)


def _consent_text(view: View, row: dict[str, Any]) -> str:
    tr = view.tr
    if row["consent_withdrawn_on"] is not None:
        return f":red[{tr('withdrawn on {day}', day=tr.day(row['consent_withdrawn_on']))}]"
    return tr("given on {day}", day=tr.day(row["consent_on"])) if row["consent_on"] else f":red[{tr('not given')}]"


def _consent_form(view: View, person_id: int, row: dict[str, Any]) -> None:
    tr = view.tr
    has_consent = row["consent_on"] is not None and row["consent_withdrawn_on"] is None

    def fields(draft: Draft) -> tuple[bool, date]:
        given = st.toggle(tr("Consents to the keeping of these data"), **draft.field("given"))
        on = st.date_input(tr("Stated on"), max_value=view.today, **draft.field("on"))
        if not given:
            st.caption(tr("Whoever withdraws is proposed for anonymising: name, phone, address and notes are erased."))
        return given, on

    def save(change: Change, values: Any) -> None:
        given, on = values
        save_consent(change, person_id, given=given, on=on, version=int(row["version"]))

    start = {"given": has_consent, "on": view.today}
    form_dialog(view, Form(f"consent:{person_id}", tr("Consent"), Action.EDIT_PORTRAIT, start, fields, save))
