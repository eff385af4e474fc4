"""Write down a decision or raise an action at the bottom of a slide, without leaving it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from core.dispatch.actions import ActionRefused, NewAction, raise_action
from core.dispatch.meetings import MeetingClosed, decide
from core.dispatch.slide_model import Slide, Subject
from core.locale import N_
from core.policy import Action
from pages import cache
from pages.common.drafts import Draft
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.meeting.weeks import MeetingWeek

__all__ = ["REFUSALS", "entry"]

REFUSALS = {
    "problem": N_("Say what the problem is."),
    "owner": N_("Choose who is responsible."),
    "due": N_("The date must lie ahead."),
    "text": N_("Write what was done, or why."),
    "closed": N_("The action is closed already."),
    "open": N_("The action is not closed."),
}


def entry(view: View, week: MeetingWeek, slide: Slide) -> None:
    """The popover with both forms; what was written on this slide before stands above them."""
    tr = view.tr
    decisions = cache.meeting.decisions(cache.store.revision())
    own = decisions[(decisions["iso_week"] == week.iso_week) & (decisions["item"] == slide.code)]
    if own.empty and not (view.may(Action.DECIDE) or view.may(Action.RAISE_ACTION)):
        return
    label = tr("Decide") + (f" ({len(own)})" if len(own) else "")
    with st.popover(label, icon=":material/gavel:", key=Key.MEETING_NOTE_FORM.of(slide.code)):
        for text in own["text"]:
            st.text(f"· {text}")
        if week.is_closed:
            st.caption(tr("The minutes of this week are closed."))
            return
        if view.may(Action.DECIDE):
            _decision_form(view, week, slide)
        if view.may(Action.RAISE_ACTION):
            _action_form(view, week, slide)


def _decision_form(view: View, week: MeetingWeek, slide: Slide) -> None:
    tr = view.tr
    with st.form(Key.MEETING_DECISION.of(slide.code), border=False, clear_on_submit=True):
        text = st.text_input(tr("Decision"), **at_most(tr, 400))
        if st.form_submit_button(tr("Write down"), width="stretch"):
            try:
                decide(cache.store.database(), week.iso_week, slide.code, text, actor=view.access, at=datetime.now(UTC))
            except MeetingClosed:
                st.error(tr("The minutes of this week are closed."))
            except ValueError:
                st.error(tr("Write what was decided."))
            else:
                _done(tr("Decision written down"))


def _action_form(view: View, week: MeetingWeek, slide: Slide) -> None:
    tr, subject = view.tr, slide.subject or Subject(problem="")
    names = cache.store.staff_names(view.revision)
    communities = {int(r.id): str(r.name) for r in cache.overview.facts(view.revision).communities.itertuples()}
    draft = Draft(view, f"action:{week.iso_week}:{slide.code}")
    if not draft.has_begun:
        draft.begin(
            {
                "problem": subject.problem,
                "measure": "",
                "community": subject.community_id if subject.community_id in communities else None,
                "owner": subject.owner if subject.owner in names else None,
                "due": view.today + timedelta(days=7),
            }
        )
    draft.notice()
    refused = st.container()  # the button stands at the popover's lower edge: a message below it would not be seen
    problem = st.text_area(tr("Problem"), **at_most(tr, 200), height=68, **draft.field("problem"))
    measure = st.text_area(tr("Measure and success"), **at_most(tr, 200), height=68, **draft.field("measure"))
    left, right = st.columns(2)
    community = left.selectbox(
        tr("Community"),
        list(communities),
        format_func=lambda key: tr.name(communities[key]),
        placeholder=tr("whole district"),
        index=None,
        **draft.field("community"),
    )
    owner = right.selectbox(
        tr("Responsible person"), names, index=None, placeholder=tr("choose"), **draft.field("owner")
    )
    due = left.date_input(tr("Due on"), **draft.field("due"))
    if subject.indicator:
        right.caption(tr("Measured by: {name}", name=subject.indicator))
    despite_noise = subject.is_noise and st.checkbox(
        tr("Raise although the change is usual variation"),
        help=tr("The figure has not left its limits: an action on it may chase chance."),
    )
    if not st.button(
        tr("Raise an action"), type="primary", width="stretch", key=Key.MEETING_ACTION.of(slide.code, "raise")
    ):
        return
    if subject.is_noise and not despite_noise:
        refused.error(tr("The figure has not left its limits. Tick that the action is wanted all the same."))
        return
    action = NewAction(
        problem=problem,
        measure=measure,
        owner=owner or "",
        due_on=due,
        indicator=subject.indicator,
        community_id=community,
        office=communities.get(community, subject.office) if community else subject.office,
        remark=tr("raised although the change was usual variation") if despite_noise else None,
    )
    try:
        code = raise_action(cache.store.database(), action, today=view.today, actor=view.access, at=datetime.now(UTC))
    except ActionRefused as refusal:
        refused.error(tr(REFUSALS[refusal.reason]))
        return
    draft.end()
    # What was raised on the slide belongs to its item of the minutes.
    decide(
        cache.store.database(),
        week.iso_week,
        slide.code,
        tr("Action {code}: {problem}", code=code, problem=problem.strip()),
        actor=view.access,
        at=datetime.now(UTC),
    )
    _done(tr("Action {code} raised", code=code))


def _done(message: str) -> None:
    st.session_state[Key.MEETING_MESSAGE] = message
    st.rerun(scope="fragment")
