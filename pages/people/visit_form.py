"""The form of a visit: how it went, and what was learnt, prefilled with what is on record; made for a phone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from core.people.commands import LONGEST_NEEDS, Findings, LearntSkill, record_visit
from core.people.profile import kinds_of
from core.store.commands import NotFound
from core.store.settings import parameter
from core.terms import AccommodationKind, Evidence, HardshipKind, SkillLevel, VisitMode
from pages import cache
from pages.common.dialogs import open_dialog
from pages.common.drafts import Draft
from pages.common.saving import announce
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.people.forms import gone
from pages.people.policy_questions import policy_questions

__all__ = ["visit_form"]

PROOFS = (Evidence.SELF_REPORT, Evidence.PRACTICAL_TEST)  # what a visit can show; certificates come with their course
WISHES = ("wish_1", "wish_2", "wish_3")


def visit_form(view: View, person_id: int) -> None:
    """Open the dialog. What is left as it was keeps its date; what was changed is stated on the day of the visit."""
    tr = view.tr
    st.session_state.pop(Key.VISIT_SKILLS, None)
    draft = Draft(view, f"visit:{person_id}")
    interval = parameter(cache.store.parameters(view.revision), "visit_interval_days", view.today)
    start = {
        "on": view.today,
        "mode": VisitMode.DOOR,
        "needs": "",
        "next": view.today + timedelta(days=interval),
    }
    draft.begin(start)

    def dialog() -> None:
        if not draft.has_begun:  # begun anew
            draft.begin(start)
        draft.notice()
        left, right = st.columns(2)
        on = left.date_input(tr("Visited on"), max_value=view.today, **draft.field("on"))
        mode = right.selectbox(tr("How"), list(VisitMode), format_func=tr.term, **draft.field("mode"))
        needs = st.text_area(tr("Needs and difficulties"), **at_most(tr, LONGEST_NEEDS), **draft.field("needs"))
        with st.expander(tr("Wishes and hours")):
            intention = _intention(view, person_id)
        with st.expander(tr("Skills and limits")):
            skills, limits = _skills(view), _limits(view, person_id)
        with st.expander(tr("Hardship and consent")):
            hardships, consent = _hardship(view), _consent(view, person_id)
        answers = policy_questions(view, person_id)
        following = st.date_input(tr("Next visit"), min_value=view.today, **draft.field("next"))
        if st.button(tr("Save"), type="primary", key=Key.VISIT_SAVE):
            try:
                record_visit(
                    cache.store.database(),
                    person_id,
                    visited_on=on,
                    mode=mode,
                    needs=needs,
                    next_on=following,
                    findings=Findings(
                        intention=intention,
                        limits=limits,
                        skills=skills,
                        hardships=hardships,
                        consent=consent,
                        answers=answers,
                    ),
                    actor=view.access,
                    at=datetime.now(UTC),
                )
            except NotFound:
                st.error(gone(view))
                return
            draft.end()
            announce(tr("Saved."))

    open_dialog(tr("Record a visit"), dialog, width="medium")


def _intention(view: View, person_id: int) -> dict[str, Any]:
    """Fields of the wish that differ from those on record."""
    tr = view.tr
    known = cache.people.intentions(view.revision)
    own = known[known["person_id"] == person_id]
    stored: Mapping[str, Any] = {} if own.empty else own.iloc[0].to_dict()
    occupations = cache.people.occupations(view.revision)
    names = dict(zip(occupations["code"], occupations["name_en" if tr.is_english else "name_zh"], strict=True))
    codes = list(names)
    values: dict[str, Any] = {}
    for n, (column, box) in enumerate(zip(WISHES, st.columns(3), strict=True), 1):
        code = _known(stored, column)
        values[column] = box.selectbox(
            tr("Wish {n}", n=n),
            codes,
            index=codes.index(code) if code in codes else None,
            format_func=names.__getitem__,
        )
    first, second, third = st.columns(3)
    values["reserve_pay"] = first.number_input(
        tr("Lowest pay, yuan a month"), 0.0, 30_000.0, _known(stored, "reserve_pay"), step=100.0
    )
    commute = _known(stored, "max_commute_min")
    minutes = second.number_input(tr("Longest way, minutes"), 0, 240, None if commute is None else int(commute), step=5)
    values["max_commute_min"] = None if minutes is None else int(minutes)
    values["home_work_ok"] = third.selectbox(
        tr("Home or piece work"),
        [True, False],
        index=_yes_no(_known(stored, "home_work_ok")),
        format_func=lambda yes: tr("yes") if yes else tr("no"),
    )
    first, second, third = st.columns(3)
    values["available_from"] = _clock(first.time_input(tr("Free from"), _time(_known(stored, "available_from"))))
    values["available_to"] = _clock(second.time_input(tr("Free until"), _time(_known(stored, "available_to"))))
    values["wants_training"] = third.selectbox(
        tr("Wants training"),
        [True, False],
        index=_yes_no(_known(stored, "wants_training")),
        format_func=lambda yes: tr("yes") if yes else tr("no"),
    )
    days = _known(stored, "available_days") or ""
    picked = st.pills(
        tr("Free on"),
        list(range(7)),
        default=[n for n, mark in enumerate(days) if mark == "1"],
        selection_mode="multi",
        format_func=tr.weekday,
    )
    values["available_days"] = "".join("1" if n in picked else "0" for n in range(7)) if picked else None
    return {name: value for name, value in values.items() if value != _known(stored, name)}


def _skills(view: View) -> list[LearntSkill]:
    """Skills that were stated or shown, each with its level and evidence.

    One is added at a time: the menu of a box for several stays open over the fields below it, which a thumb cannot reach.
    """
    tr = view.tr
    table = cache.people.skills(view.revision)
    names = dict(zip(table["code"], table["name_en" if tr.is_english else "name_zh"], strict=True))
    picked: list[str] = st.session_state.setdefault(Key.VISIT_SKILLS, [])
    st.selectbox(
        tr("Skills shown or stated"),
        [code for code in names if code not in picked],
        index=None,
        format_func=names.__getitem__,
        placeholder=tr("Add a skill"),
        key=Key.VISIT_SKILL.of("add"),
        on_change=_add_skill,
    )
    learnt = []
    for code in picked:
        left, middle, right = st.columns([4, 4, 1], vertical_alignment="bottom")
        level = left.selectbox(
            tr("Level of {skill}", skill=names[code]),
            list(SkillLevel),
            format_func=tr.term,
            key=Key.VISIT_SKILL.of("level", code),
        )
        evidence = middle.selectbox(
            tr("Evidence"), list(PROOFS), format_func=tr.term, key=Key.VISIT_SKILL.of("evidence", code)
        )
        right.button(
            "",
            icon=":material/close:",
            help=tr("Remove {skill}", skill=names[code]),
            key=Key.VISIT_SKILL.of("remove", code),
            on_click=picked.remove,
            args=(code,),
        )
        learnt.append(LearntSkill(code, level.grade, evidence))
    return learnt


def _add_skill() -> None:
    box = Key.VISIT_SKILL.of("add")
    if (code := st.session_state[box]) is not None:
        st.session_state[Key.VISIT_SKILLS].append(code)
        st.session_state[box] = None


def _limits(view: View, person_id: int) -> frozenset[AccommodationKind]:
    known = kinds_of(cache.people.accommodations(view.revision), person_id, AccommodationKind)
    picked = st.pills(
        view.tr("Limits at work"),
        list(AccommodationKind),
        default=known,
        selection_mode="multi",
        format_func=view.tr.term,
    )
    return frozenset(picked)


def _hardship(view: View) -> dict[HardshipKind, date | None]:
    tr = view.tr
    left, right = st.columns(2)
    kind = left.selectbox(tr("Hardship with a proof"), list(HardshipKind), index=None, format_func=tr.term)
    until = right.date_input(tr("Proof valid until"), value=None)
    return {} if kind is None else {kind: until}


def _consent(view: View, person_id: int) -> bool | None:
    """Given or withdrawn today; None where it stays as it is."""
    tr = view.tr
    consents = cache.tasks.task_facts(view.revision).consents.set_index("person_id")
    row = consents.loc[person_id]
    has_consent = pd.notna(row["consent_on"]) and pd.isna(row["consent_withdrawn_on"])
    consents_now = st.toggle(tr("Consents to the keeping of these data"), value=bool(has_consent))
    return None if consents_now == has_consent else consents_now


def _known(stored: Mapping[str, Any], name: str) -> Any:
    """The value on record as Python's own, None where none is."""
    value = stored.get(name)
    if value is None or pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _yes_no(value: bool | None) -> int | None:
    return None if value is None else (0 if value else 1)


def _time(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)


def _clock(value: time | None) -> str | None:
    return None if value is None else value.strftime("%H:%M")
