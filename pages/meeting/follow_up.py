"""Follow up: the three running lists of actions, each with its log, its indicator's course since, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from core.dispatch import actions as commands
from core.dispatch.action_course import action_course
from core.dispatch.action_log import LISTS, RunningList, action_states, events_of
from core.indicators.registry import INDICATORS
from core.locale import N_
from core.policy import Action
from core.store.commands import Conflict, NotFound
from core.terms import ActionEventKind, ActionStatus, Light
from pages import cache
from pages.common.escape import md_escape
from pages.common.query_params import query_param
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.meeting.entry import REFUSALS

__all__ = ["follow_up"]

KINDS = {kind.value: kind for kind in ActionEventKind}


@dataclass(frozen=True)
class Step:
    """What may be done with an action: its button, what is asked for, and the command."""

    name: str
    asks: str  # 'text', 'owner' or 'due'
    label: str
    run: Callable[..., None]
    action: Action
    is_for_closed: bool = False


STEPS = {
    "comment": Step(N_("Report progress"), "text", N_("What was done"), commands.comment, Action.COMMENT_ACTION),
    "close": Step(
        N_("Close with evidence"), "text", N_("Evidence that it is done"), commands.close, Action.CLOSE_ACTION
    ),
    "extend": Step(N_("Extend"), "due", N_("Reason for the extension"), commands.extend, Action.EXTEND_ACTION),
    "assign": Step(N_("Hand over"), "owner", N_("New responsible person"), commands.assign, Action.ASSIGN_ACTION),
    "reopen": Step(
        N_("Reopen"), "text", N_("Why it is taken up again"), commands.reopen, Action.REOPEN_ACTION, is_for_closed=True
    ),
}


def follow_up(view: View) -> None:
    """The lists, of everyone or of one owner."""
    tr = view.tr
    facts = cache.overview.facts(view.revision)
    events = cache.meeting.action_events(view.revision)
    states = action_states(facts.actions, events, view.today)
    owners = sorted({str(owner) for owner in states["owner"].dropna()})
    if not len(states):
        st.write(tr("No action was raised yet. Raise one at the bottom of a slide."))
        return
    if Key.FOLLOW_OWNER not in st.session_state and query_param("mine") == "1" and view.access.name in owners:
        st.session_state[Key.FOLLOW_OWNER] = view.access.name  # a name is never in the address
    owner = st.selectbox(
        tr("Responsible person"),
        owners,
        index=None,
        key=Key.FOLLOW_OWNER,
        placeholder=tr("everyone"),
        width=260,
    )
    shown = states if owner is None else states[states["owner"] == owner]
    overdue = int((shown["light"] == Light.RED.value).sum())
    st.markdown(
        tr(
            "**{n} open, {overdue} past their date, {closed} closed this week**",
            n=int((shown["status"] != ActionStatus.CLOSED).sum()),
            overdue=overdue,
            closed=int((shown["list"] == RunningList.CLOSED.value).sum()),
        )
    )
    for code, name in LISTS.items():
        rows = shown[shown["list"] == code.value]
        st.subheader(f"{tr(name)} · {len(rows)}", anchor=False)
        for row in rows.to_dict("records"):
            _action(view, row, events_of(events, row["id"]))
    earlier = shown[shown["list"] == ""]
    if len(earlier):
        with st.expander(tr("Closed earlier · {n}", n=len(earlier))):
            for row in earlier.to_dict("records"):
                _action(view, row, events_of(events, row["id"]))


def _action(view: View, row: dict[str, Any], events: pd.DataFrame) -> None:
    tr = view.tr
    light = next(light for light in Light if light.value == row["light"])
    is_closed = row["status"] == ActionStatus.CLOSED
    mark = "" if is_closed else f"{light.shape} "
    due = "—" if pd.isna(row["due_on"]) else tr.day(row["due_on"], "short")
    late = "" if pd.isna(row["days_late"]) or row["days_late"] <= 0 else tr("{n} days late", n=row["days_late"])
    parts = [
        row["office"] if isinstance(row["office"], str) else "",
        row["owner"] if isinstance(row["owner"], str) else tr("no owner"),
        tr("due {day}", day=due),
        late,
        tr.plural("open {n} week", "open {n} weeks", row["weeks_open"]),
        tr("extended {n}×, first due {day}", n=row["extensions"], day=tr.day(row["first_due_on"], "short"))
        if row["extensions"]
        else "",
    ]
    is_linked = query_param("action") == row["code"]
    with st.expander(
        f"{mark}{row['code']} · {md_escape(row['problem'])} — {md_escape(' · '.join(p for p in parts if p))}",
        expanded=is_linked,
        key=Key.FOLLOW_BOX.of(row["id"]),
        on_change="rerun",
    ) as box:
        if not box.open:  # the indicator's course costs a tenth of a second for each action
            return
        left, right = st.columns([3, 2])
        with left:
            if isinstance(row["measure"], str):
                st.text(f"{tr('Measure')}: {row['measure']}")
            _course(view, row)
            _log(view, row, events)
        with right:
            _steps(view, row, is_closed)


def _course(view: View, row: dict[str, Any]) -> None:
    """The indicator when the action was raised and now, with n and whether it left its limits since."""
    tr = view.tr
    code = next((c for c, i in INDICATORS.items() if i.sheet_name == row["indicator"]), None)
    if code is None:
        if isinstance(row["indicator"], str):
            st.caption(tr("Measured by {name}, a count of the weekly sheet.", name=row["indicator"]))
        return
    community = None if pd.isna(row["community_id"]) else int(row["community_id"])
    course = action_course(
        tr,
        cache.overview.measured(view.revision, view.today, code, community),
        cache.overview.control_chart(view.revision, view.today, code, community),
        raised_on=row["raised_on"].date(),
        weeks_open=int(row["weeks_open"]),
    )
    st.caption(" · ".join(course))


def _log(view: View, row: dict[str, Any], events: pd.DataFrame) -> None:
    tr = view.tr
    if row["id"] not in set(events["action_id"]):
        st.caption(tr("Raised on {day}; imported without a log.", day=tr.day(row["raised_on"])))
    for event in events.to_dict("records"):
        text = event["text"] if isinstance(event["text"], str) else ""
        extra = "" if pd.isna(event["due_on"]) else tr("due {day}", day=tr.day(event["due_on"], "short"))
        who = event["owner"] if isinstance(event["owner"], str) else ""
        line = " · ".join(x for x in (text, who, extra) if x)
        st.text(f"{tr.day(event['happened_on'])} {event['author']}: {tr.term(KINDS[event['kind']])} {line}")


def _steps(view: View, row: dict[str, Any], is_closed: bool) -> None:
    tr = view.tr
    steps = {code: step for code, step in STEPS.items() if step.is_for_closed == is_closed and view.may(step.action)}
    if not steps:
        return
    picked = st.segmented_control(
        tr("Next step"),
        list(steps),
        default=next(iter(steps)),
        required=True,
        format_func=lambda code: tr(steps[code].name),
        key=Key.FOLLOW_UP.of(row["id"], is_closed),
        label_visibility="collapsed",
    )
    step = steps[picked]
    with st.form(Key.FOLLOW_FORM.of(row["id"], picked), border=False, clear_on_submit=True):
        values: list[Any] = []
        if step.asks == "owner":
            names = cache.store.staff_names(view.revision)
            values.append(st.selectbox(tr(step.label), names, index=None, placeholder=tr("choose")) or "")
        if step.asks == "due":
            start = max(view.today, view.today if pd.isna(row["due_on"]) else row["due_on"].date())
            values.append(st.date_input(tr("New date"), start + timedelta(days=7)))
        if step.asks != "owner":
            values.append(st.text_input(tr(step.label), **at_most(tr, 400)))
        if not st.form_submit_button(tr(step.name), type="primary"):
            return
    try:
        step.run(
            cache.store.database(),
            row["id"],
            *values,
            today=view.today,
            actor=view.access,
            at=datetime.now(UTC),
            version=row["version"],
        )
    except commands.ActionRefused as refusal:
        st.error(tr(REFUSALS[refusal.reason]))
    except (Conflict, NotFound):
        st.error(tr("Somebody changed this action meanwhile. Reload the page."))
    else:
        st.rerun()
