"""Forms of the portrait: one skill with level, evidence and day; what the person wants."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import streamlit as st

from core.people.record.commands import save_skill, save_wishes, withdraw_skill
from core.policy import Action
from core.store.commands import Change
from core.terms import Evidence, SkillLevel
from pages import cache
from pages.common.drafts import Draft
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.people.forms import Form, form_dialog, known_value

__all__ = ["skill_picker", "wishes_button"]

WISHES = ("wish_1", "wish_2", "wish_3")
YES_NO = (True, False)
EARLIEST = date(1950, 1, 1)  # that a skill was acquired


def skill_picker(view: View, person_id: int) -> None:
    """Choose a skill, on record or new, and open its form."""
    tr = view.tr
    if not view.may(Action.EDIT_PORTRAIT):
        return
    table = cache.people.skills(view.revision)
    names = dict(zip(table["code"], table["name_en" if tr.is_english else "name_zh"], strict=True))
    own = cache.people.history(view.revision).person_skills
    own = own[own["person_id"] == person_id].set_index("skill")
    codes = [*(code for code in names if code in own.index), *(code for code in names if code not in own.index)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.selectbox(
            tr("Skill to record or correct"),
            codes,
            index=None,
            format_func=lambda code: names[code] + (tr(" (on record)") if code in own.index else ""),
            key=Key.PERSON_SKILL.of(person_id),
            placeholder=tr("choose"),
        )
        if st.button(tr("Edit"), icon=":material/edit:", disabled=code is None, key=Key.PERSON_SKILL.of("edit")):
            row = own.loc[code].to_dict() if code in own.index else {}
            _skill_form(view, person_id, str(code), names[code], row)


def _skill_form(view: View, person_id: int, code: str, name: str, stored: dict[str, Any]) -> None:
    tr = view.tr
    levels = {level.grade: level for level in SkillLevel}
    before = (stored.get("level"), Evidence.of(stored["evidence"])) if stored else None

    def fields(draft: Draft) -> Any:
        left, right = st.columns(2)
        level = left.selectbox(tr("Level"), list(SkillLevel), format_func=tr.term, **draft.field("level"))
        evidence = right.selectbox(tr("Evidence"), list(Evidence), format_func=tr.term, **draft.field("evidence"))
        on = left.date_input(tr("Acquired on"), min_value=EARLIEST, max_value=view.today, **draft.field("on"))
        withdraws = bool(stored) and right.toggle(tr("Withdraw this skill"), **draft.field("withdraw"))
        is_lower = before is not None and (level.grade < before[0] or evidence.order < before[1].order)
        reason = ""
        if withdraws or is_lower:
            st.caption(tr("Level and evidence are never lowered silently: the reason is kept on the timeline."))
            reason = st.text_input(tr("Reason"), **at_most(tr, 200), **draft.field("reason"))
        return None if (withdraws or is_lower) and not reason.strip() else (level, evidence, on, withdraws, reason)

    def save(change: Change, values: Any) -> None:
        level, evidence, on, withdraws, reason = values
        if withdraws:
            withdraw_skill(change, int(stored["id"]), version=int(stored["version"]), reason=reason, today=view.today)
            return
        save_skill(
            change,
            person_id,
            code,
            level=level.grade,
            evidence=evidence,
            acquired_on=on,
            version=int(stored["version"]) if stored else None,
            today=view.today,
            reason=reason,
        )

    start = {
        "level": levels[int(stored["level"])] if stored else SkillLevel.CAN_DO,
        "evidence": Evidence.of(stored["evidence"]) if stored else Evidence.SELF_REPORT,
        "on": known_value(stored, "acquired_on") or view.today,
        "withdraw": False,
        "reason": "",
    }
    form_dialog(view, Form(f"skill:{code}:{person_id}", name, Action.EDIT_PORTRAIT, start, fields, save))


def wishes_button(view: View, person_id: int) -> None:
    """Open the form of wishes, hours and pay."""
    tr = view.tr
    if view.may(Action.EDIT_PORTRAIT) and st.button(
        tr("Edit wishes"), icon=":material/edit:", type="tertiary", key=Key.PERSON_FORM.of("wishes")
    ):
        _wishes_form(view, person_id)


def _wishes_form(view: View, person_id: int) -> None:
    tr = view.tr
    known = cache.people.intentions(view.revision)
    own = known[known["person_id"] == person_id]
    stored: dict[str, Any] = {} if own.empty else own.iloc[0].to_dict()
    occupations = cache.people.occupations(view.revision)
    names = dict(zip(occupations["code"], occupations["name_en" if tr.is_english else "name_zh"], strict=True))
    yes_no = {"options": list(YES_NO), "format_func": lambda yes: tr("yes") if yes else tr("no"), "index": None}

    def fields(draft: Draft) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for n, (name, box) in enumerate(zip(WISHES, st.columns(3), strict=True), 1):
            values[name] = box.selectbox(
                tr("Wish {n}", n=n), list(names), index=None, format_func=names.__getitem__, **draft.field(name)
            )
        first, second, third = st.columns(3)
        pay = {"min_value": 0.0, "max_value": 30_000.0, "step": 100.0}
        values["reserve_pay"] = first.number_input(tr("Lowest pay, yuan a month"), **pay, **draft.field("reserve_pay"))
        values["target_pay"] = second.number_input(
            tr("Hoped-for pay, yuan a month"), **pay, **draft.field("target_pay")
        )
        values["max_commute_min"] = third.number_input(
            tr("Longest way, minutes"), 0, 240, step=5, **draft.field("max_commute_min")
        )
        values["available_from"] = first.time_input(tr("Free from"), **draft.field("available_from"))
        values["available_to"] = second.time_input(tr("Free until"), **draft.field("available_to"))
        values["home_work_ok"] = third.selectbox(tr("Home or piece work"), **yes_no, **draft.field("home_work_ok"))
        values["wants_training"] = first.selectbox(tr("Wants training"), **yes_no, **draft.field("wants_training"))
        values["wants_start_up"] = second.selectbox(
            tr("Wants to start a business"), **yes_no, **draft.field("wants_start_up")
        )
        days = st.pills(
            tr("Free on"), list(range(7)), selection_mode="multi", format_func=tr.weekday, **draft.field("days")
        )
        for name in ("available_from", "available_to"):
            values[name] = None if values[name] is None else values[name].strftime("%H:%M")
        return values | {"available_days": "".join("01"[n in days] for n in range(7)) if days else None}

    def save(change: Change, values: Any) -> None:
        version = int(stored["version"]) if stored else None
        save_wishes(change, person_id, values, version=version, today=view.today)

    plain = (
        *WISHES,
        "reserve_pay",
        "target_pay",
        "max_commute_min",
        "home_work_ok",
        "wants_training",
        "wants_start_up",
    )
    start = {name: known_value(stored, name) for name in plain}
    if start["max_commute_min"] is not None:
        start["max_commute_min"] = int(start["max_commute_min"])
    for name in ("home_work_ok", "wants_training", "wants_start_up"):
        start[name] = None if start[name] is None else bool(start[name])
    for name in ("available_from", "available_to"):
        text = known_value(stored, name)
        start[name] = None if text is None else time.fromisoformat(text)
    start["days"] = [n for n, mark in enumerate(known_value(stored, "available_days") or "") if mark == "1"]
    types: dict[str, type] = {"available_from": time, "available_to": time, "days": int, "reserve_pay": float}
    form = Form(
        f"wishes:{person_id}", tr("Wishes, hours and pay"), Action.EDIT_PORTRAIT, start, fields, save, types, "medium"
    )
    form_dialog(view, form)
