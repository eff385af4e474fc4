"""States, welfare posts and work of a person: what is on record, and the forms that begin, change, end and correct it."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from core.jobs.commands import change_pay, end_placement, start_placement
from core.jobs.removal.commands import remove_placement
from core.locale import Translator
from core.people.posts.commands import end_post, extend_post, start_post
from core.people.posts.limits import PostLimits, breaches, latest_end
from core.people.record.commands import correct_state, remove_state
from core.policy import Action
from core.store.commands import Change
from core.terms import Channel, ExitReason, JobForm, PersonState, Registration, Sex
from pages import cache
from pages.common.columns import names_by_id
from pages.common.drafts import Draft
from pages.common.escape import md_escape
from pages.common.follow_up_form import follow_up_form
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.people.forms import Form, form_dialog, known_value

__all__ = ["work_card"]

AT_EMPLOYERS = (Channel.ENTERPRISE, Channel.COMMUNITY_POST, Channel.OTHER)


def work_card(view: View, person_id: int) -> None:
    """Three short lists, each row with what can be done about it."""
    tr = view.tr
    history = cache.people.history(view.revision)
    with st.container(border=True):
        st.markdown(f"**{tr('States, welfare posts and work')}**")
        states, posts, placements = (
            frame[frame["person_id"] == person_id].to_dict("records")
            for frame in (history.states, history.posts, history.placements)
        )
        for row in reversed(states):
            _state_row(view, row)
        for row in reversed(posts):
            _post_row(view, row)
        for row in reversed(placements):
            _placement_row(view, row)
        with st.container(horizontal=True):
            if view.may(Action.MANAGE_POST) and st.button(
                tr("Start a welfare post"), icon=":material/add:", type="tertiary", key=Key.PERSON_FORM.of("post")
            ):
                _post_form(view, person_id, len(posts))
            if view.may(Action.RECORD_PLACEMENT) and st.button(
                tr("Record work"), icon=":material/add:", type="tertiary", key=Key.PERSON_FORM.of("placement")
            ):
                _placement_form(view, person_id)


def _row(text: str, actions: list[tuple[str, str, Any]]) -> None:
    """A line with buttons: (label, key, what it opens)."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(text, width="stretch")
        for label, key, opens in actions:
            if st.button(label, type="tertiary", key=key):
                opens()


def _span(tr: Translator, start: Any, end: Any) -> str:
    last = tr("goes on") if end is None else tr.day(end)
    return f"{tr.day(start)} – {last}"


# -- states


def _state_row(view: View, row: dict[str, Any]) -> None:
    tr = view.tr
    text = f":gray[{tr('State')}] &emsp; {tr.term(PersonState.of(row['state']))} · {tr('since {day}', day=tr.day(row['since']))}"
    actions = []
    if view.may(Action.CHANGE_STATE):
        actions = [(tr("Correct"), Key.PERSON_FORM.of("state", row["id"]), lambda: _state_form(view, row))]
    _row(text, actions)


def _state_form(view: View, row: dict[str, Any]) -> None:
    tr = view.tr
    key, version = int(row["id"]), int(row["version"])

    def fields(draft: Draft) -> Any:
        state = st.selectbox(tr("State"), list(PersonState), format_func=tr.term, **draft.field("state"))
        since = st.date_input(tr("Since"), max_value=view.today, **draft.field("since"))
        removes = st.toggle(tr("It never was: the state before goes on"), **draft.field("remove"))
        reason = st.text_input(tr("Reason"), **at_most(tr, 200), **draft.field("reason"))
        return (state, since, removes, reason) if reason.strip() else None

    def save(change: Change, values: Any) -> None:
        state, since, removes, reason = values
        if removes:
            remove_state(change, key, version=version, reason=reason, today=view.today)
        else:
            correct_state(change, key, state=state, since=since, version=version, reason=reason, today=view.today)

    start = {"state": PersonState.of(row["state"]), "since": row["since"].date(), "remove": False, "reason": ""}
    name = f"state:{key}:{row['person_id']}"
    form_dialog(view, Form(name, tr("Correct a state"), Action.CHANGE_STATE, start, fields, save))


# -- welfare posts


def _post_row(view: View, row: dict[str, Any]) -> None:
    tr = view.tr
    title = known_value(row, "title") or tr.term(Registration.of(row["kind"]))
    exited, agreed = known_value(row, "exited_on"), known_value(row, "ends_on")
    text = f":gray[{tr('Welfare post')}] &emsp; {md_escape(title)} · {_span(tr, row['started_on'], exited)}"
    actions = []
    if exited is None:
        text += f" · {tr('agreed until {day}', day=tr.day(agreed))}"
        if view.may(Action.MANAGE_POST):
            actions = [
                (tr("Extend"), Key.PERSON_FORM.of("extend", row["id"]), lambda: _extension_form(view, row)),
                (tr("End"), Key.PERSON_FORM.of("end_post", row["id"]), lambda: _post_end_form(view, row)),
            ]
    else:
        reason = known_value(row, "exit_reason")
        text += f" · {tr.term(ExitReason.of(reason))}" if reason else ""
    _row(text, actions)


def _limits(view: View) -> PostLimits:
    return PostLimits.of(cache.store.parameters(view.revision), view.today)


def _rule(view: View, person_id: int, started_on: date, ends_on: date, *, is_new: bool, at_55: bool) -> bool:
    """The legal limit in words, and each rule that the days would break; whether there is none."""
    tr, limits = view.tr, _limits(view)
    facts = cache.people.post_facts(view.revision, person_id, started_on, at_55)
    st.caption(tr("Latest end by law: {day}.", day=tr.day(latest_end(facts, limits, started_on))))
    broken = breaches(facts, limits, started_on, ends_on, is_new=is_new)
    for breach in broken:
        st.error(tr.term(breach))
    return not broken


def _at_55(view: View, person_id: int, draft: Draft) -> bool:
    """Asked of women only: to whom the later of the two retirement ages applies."""
    if cache.people.editable(view.revision, person_id)["sex"] is not Sex.FEMALE:
        return False
    return st.toggle(view.tr("Retires by the rule for management and technical posts"), **draft.field("at_55"))


def _post_form(view: View, person_id: int, held: int) -> None:
    tr, limits = view.tr, _limits(view)
    communities = cache.overview.facts(view.revision).communities
    names = names_by_id(communities)

    def fields(draft: Draft) -> Any:
        left, right = st.columns(2)
        kind = left.selectbox(tr("Kind"), list(Registration), format_func=tr.term, **draft.field("kind"))
        community = right.selectbox(
            tr("Community"),
            list(names),
            index=None,
            format_func=lambda key: tr.name(names[key]),
            **draft.field("community"),
        )
        title = left.text_input(tr("Post"), **at_most(tr, 60), **draft.field("title"))
        host = right.text_input(tr("Host"), **at_most(tr, 80), **draft.field("host"))
        begins = left.date_input(tr("Post begins on"), max_value=view.today, **draft.field("begins"))
        ends = right.date_input(tr("Agreed until"), **draft.field("ends"))
        at_55 = _at_55(view, person_id, draft)
        if held:
            st.caption(tr.plural("{n} post held before", "{n} posts held before", held))
        is_legal = _rule(view, person_id, begins, ends, is_new=True, at_55=at_55)
        return (kind, community, title, host, begins, ends, at_55) if is_legal and ends > begins else None

    def save(change: Change, values: Any) -> None:
        kind, community, title, host, begins, ends, at_55 = values
        start_post(
            change,
            person_id,
            kind=kind,
            started_on=begins,
            ends_on=ends,
            limits=limits,
            title=title,
            host=host,
            community_id=community,
            retires_at_55=at_55,
        )

    facts = cache.people.post_facts(view.revision, person_id, view.today, False)
    start = {
        "kind": Registration.URBAN,
        "community": None,
        "title": "",
        "host": "",
        "begins": view.today,
        "ends": latest_end(facts, limits, view.today),
        "at_55": False,
    }
    title = tr("Start a welfare post")
    form_dialog(view, Form(f"post:{person_id}", title, Action.MANAGE_POST, start, fields, save, width="medium"))


def _extension_form(view: View, row: dict[str, Any]) -> None:
    tr, limits = view.tr, _limits(view)
    key, version, person_id = int(row["id"]), int(row["version"]), int(row["person_id"])

    def fields(draft: Draft) -> Any:
        ends = st.date_input(tr("Agreed until"), min_value=row["started_on"].date(), **draft.field("ends"))
        at_55 = _at_55(view, person_id, draft)
        is_legal = _rule(view, person_id, row["started_on"].date(), ends, is_new=False, at_55=at_55)
        return (ends, at_55) if is_legal and ends > row["started_on"].date() else None

    def save(change: Change, values: Any) -> None:
        ends, at_55 = values
        extend_post(change, key, ends_on=ends, limits=limits, version=version, retires_at_55=at_55)

    start = {"ends": row["ends_on"].date(), "at_55": False}
    name = f"extend:{key}:{person_id}"
    form_dialog(view, Form(name, tr("Extend the welfare post"), Action.MANAGE_POST, start, fields, save))


def _post_end_form(view: View, row: dict[str, Any]) -> None:
    key, version = int(row["id"]), int(row["version"])

    def save(change: Change, values: Any) -> None:
        day, reason = values
        end_post(change, key, exited_on=day, reason=reason, version=version)

    title = view.tr("End the welfare post")
    _end_form(view, f"end_post:{key}:{row['person_id']}", title, Action.MANAGE_POST, row["started_on"].date(), save)


def _end_form(view: View, name: str, title: str, action: Action, started_on: date, save: Any) -> None:
    """Day and reason of an end; what becomes of the person."""
    tr = view.tr
    label = tr("Exit on") if action is Action.MANAGE_POST else tr("Ended on")

    def fields(draft: Draft) -> Any:
        day = st.date_input(label, min_value=started_on, max_value=view.today, **draft.field("day"))
        reason = st.selectbox(
            tr("Reason for leaving"), list(ExitReason), index=None, format_func=tr.term, **draft.field("reason")
        )
        st.caption(tr("Who retires leaves the pool; everyone else seeks work again from that day on."))
        return None if reason is None else (day, reason)

    start = {"day": max(view.today, started_on), "reason": None}
    form_dialog(view, Form(name, title, action, start, fields, save, {"reason": ExitReason}))


# -- work


def _placement_row(view: View, row: dict[str, Any]) -> None:
    tr = view.tr
    place = known_value(row, "workshop") or known_value(row, "employer")
    where = md_escape(tr.name(place)) if place else tr.term(Channel.of(row["channel"]))
    ended, pay = known_value(row, "ended_on"), known_value(row, "monthly_pay")
    parts = [where, _span(tr, row["started_on"], ended)]
    if pay is not None:
        parts.append(tr("{n} yuan a month", n=tr.number(pay)))
    reason = known_value(row, "end_reason")
    if reason:
        parts.append(tr.term(ExitReason.of(reason)))
    actions = []
    if ended is None and view.may(Action.RECORD_PLACEMENT):
        actions = [
            (tr("Pay"), Key.PERSON_FORM.of("pay", row["id"]), lambda: _pay_form(view, row)),
            (tr("Exit"), Key.PERSON_FORM.of("end_work", row["id"]), lambda: _work_end_form(view, row)),
        ]
    if view.may(Action.REMOVE_PLACEMENT):
        actions.append((tr("Remove"), Key.PERSON_FORM.of("remove_work", row["id"]), lambda: _removal_form(view, row)))
    _row(f":gray[{tr('Work')}] &emsp; {' · '.join(parts)}", actions)
    if ended is None and row["started_on"].date() <= view.today and view.may(Action.RECORD_FOLLOW_UP):
        follow_up_form(view, int(row["id"]))


def _placement_form(view: View, person_id: int) -> None:
    tr, facts = view.tr, cache.overview.facts(view.revision)
    employers, workshops = names_by_id(facts.employers), names_by_id(facts.workshops)

    def fields(draft: Draft) -> Any:
        left, right = st.columns(2)
        channel = left.selectbox(tr("Channel"), list(Channel), format_func=tr.term, **draft.field("channel"))
        started = right.date_input(tr("Started on"), max_value=view.today, **draft.field("started"))
        employer = workshop = None
        if channel is Channel.WORKSHOP:
            workshop = st.selectbox(
                tr("Workshop"),
                list(workshops),
                index=None,
                format_func=workshops.__getitem__,
                **draft.field("workshop"),
            )
        elif channel is not Channel.SELF_EMPLOYED:
            employer = st.selectbox(
                tr("Employer"),
                list(employers),
                index=None,
                format_func=employers.__getitem__,
                **draft.field("employer"),
            )
        form = left.selectbox(tr("Form of work"), list(JobForm), index=None, format_func=tr.term, **draft.field("form"))
        pay = right.number_input(tr("Pay, yuan a month"), 0.0, 50_000.0, step=100.0, **draft.field("pay"))
        hours = left.number_input(tr("Hours a week"), 0.0, 84.0, step=1.0, **draft.field("hours"))
        st.caption(tr("The person counts as employed from that day on; a welfare post that still runs ends."))
        is_complete = channel is Channel.SELF_EMPLOYED or (workshop if channel is Channel.WORKSHOP else employer)
        return (channel, started, employer, workshop, form, pay, hours) if is_complete else None

    def save(change: Change, values: Any) -> None:
        channel, started, employer, workshop, form, pay, hours = values
        start_placement(
            change,
            person_id,
            channel=channel,
            started_on=started,
            today=view.today,
            employer_id=employer,
            workshop_id=workshop,
            form=form,
            monthly_pay=pay,
            weekly_hours=hours,
        )

    start = {
        "channel": Channel.WORKSHOP,
        "started": view.today,
        **dict.fromkeys(("employer", "workshop", "form", "pay", "hours")),
    }
    types: dict[str, type] = {"employer": int, "workshop": int, "form": JobForm, "pay": float, "hours": float}
    title = tr("Record work found without a recommendation")
    form_dialog(
        view, Form(f"placement:{person_id}", title, Action.RECORD_PLACEMENT, start, fields, save, types, "medium")
    )


def _pay_form(view: View, row: dict[str, Any]) -> None:
    tr = view.tr
    key, version = int(row["id"]), int(row["version"])

    def fields(draft: Draft) -> Any:
        pay = st.number_input(tr("Pay, yuan a month"), 0.0, 50_000.0, step=100.0, **draft.field("pay"))
        hours = st.number_input(tr("Hours a week"), 0.0, 84.0, step=1.0, **draft.field("hours"))
        return pay, hours

    def save(change: Change, values: Any) -> None:
        pay, hours = values
        change_pay(change, key, monthly_pay=pay, weekly_hours=hours, version=version)

    start = {"pay": known_value(row, "monthly_pay"), "hours": known_value(row, "weekly_hours")}
    types: dict[str, type] = {"pay": float, "hours": float}
    name = f"pay:{key}:{row['person_id']}"
    form_dialog(view, Form(name, tr("Change of pay"), Action.RECORD_PLACEMENT, start, fields, save, types))


def _work_end_form(view: View, row: dict[str, Any]) -> None:
    key, version = int(row["id"]), int(row["version"])

    def save(change: Change, values: Any) -> None:
        day, reason = values
        end_placement(change, key, ended_on=day, reason=reason, version=version)

    name, title = f"end_work:{key}:{row['person_id']}", view.tr("End of work")
    _end_form(view, name, title, Action.RECORD_PLACEMENT, row["started_on"].date(), save)


def _removal_form(view: View, row: dict[str, Any]) -> None:
    tr = view.tr
    key, version = int(row["id"]), int(row["version"])

    def fields(draft: Draft) -> Any:
        st.write(
            tr(
                "For work that never was. What came with its entry is taken back: the state, a welfare post that ended, the recommendation and its seat."
            )
        )
        return st.text_input(tr("Reason"), **at_most(tr, 200), **draft.field("reason")).strip() or None

    def save(change: Change, reason: str) -> None:
        remove_placement(change, key, version=version, reason=reason, today=view.today)

    name, title = f"remove_work:{key}:{row['person_id']}", tr("Remove work entered by mistake")
    form = Form(name, title, Action.REMOVE_PLACEMENT, {"reason": ""}, fields, save, button=tr("Remove"))
    form_dialog(view, form)
