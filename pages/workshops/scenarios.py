"""What-ifs of a workshop under a name: saved, reopened, put away, raised at the weekly meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import streamlit as st

from core.job_map.agenda import Proposal
from core.job_map.commands import AlreadyRaised, raise_at_meeting
from core.policy import Action
from core.store.scenarios import Saved, archive_scenario, save_scenario
from core.terms import ScenarioKind, Shift
from core.workshops.figures import load_text
from core.workshops.scenario import Played, WorkshopScenario
from core.workshops.states import WorkshopState
from pages import cache
from pages.common.escape import md_escape
from pages.common.query_params import query_param
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["restore_linked", "stored"]

WEEKS = 4  # until the measure is due, unless somebody says otherwise
LIMIT = 200  # letters of a problem and of a measure in the store


def restore_linked(view: View, state: WorkshopState) -> None:
    """Fill the widgets from the what-if that the address names, once."""
    linked = query_param("workshop_scenario")
    if linked and st.session_state.get(Key.WORKSHOP_SCENARIO) != linked:
        saved = next((s for s in _saved(view, state) if str(s.id) == linked), None)
        if saved is not None:
            _restore(saved)


def stored(view: View, state: WorkshopState, scenario: WorkshopScenario, played: Sequence[Played]) -> None:
    """Save the what-if, reopen or archive saved ones, raise the shown one at the meeting."""
    tr, known = view.tr, _saved(view, state)
    shown = next((s for s in known if WorkshopScenario.from_json(s.content) == scenario), None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.popover(tr("Saved what-ifs"), icon=":material/bookmark:"):
            _list(view, known, shown)
            _save(view, state, scenario)
        if shown is not None:
            st.caption(
                tr(
                    "{name}, saved by {author} on {day}",
                    name=shown.name,
                    author=shown.author,
                    day=tr.day(shown.made_at),
                )
            )
            if view.may(Action.RAISE_AT_MEETING):
                with st.popover(tr("Raise at the weekly meeting"), icon=":material/campaign:"):
                    _raise(view, state, shown, played)
    if shown is not None:
        items = cache.job_map.agenda_items(view.revision)
        for item in items[items["scenario"] == shown.id].itertuples():
            st.caption(
                md_escape(
                    tr(
                        "Raised as {code}: {owner}, due {day}",
                        code=item.code,
                        owner=item.owner,
                        day=tr.day(item.due_on),
                    )
                )
            )
        st.caption(tr("It can be pinned to the agenda of the meeting and is played there on the rows of the day."))


def _saved(view: View, state: WorkshopState) -> list[Saved]:
    """The what-ifs of this workshop, newest first."""
    known = cache.job_map.scenarios(view.revision, ScenarioKind.WORKSHOP)
    return [s for s in known if s.content.get("workshop") == state.key]


def _restore(saved: Saved) -> None:
    scenario = WorkshopScenario.from_json(saved.content)
    values = {
        Key.WHAT_IF_PEOPLE: scenario.people,
        Key.WHAT_IF_PACE: round(scenario.pace * 100),
        Key.WHAT_IF_RAMP: scenario.ramp_weeks,
        Key.WHAT_IF_ABSENCE: None if scenario.absence is None else round(scenario.absence * 100),
        Key.WHAT_IF_STATIONS: scenario.stations,
        Key.WHAT_IF_FROM: scenario.from_week + 1,
        Key.WHAT_IF_SHIFT: Shift.of(scenario.shift) if scenario.shift else None,
        Key.WHAT_IF_SHIFTS: scenario.more_shifts,
        Key.WHAT_IF_EACH: scenario.each,
        Key.WHAT_IF_PRODUCT: scenario.product,
        Key.WHAT_IF_PIECES: scenario.pieces,
        Key.WHAT_IF_DUE: scenario.due_on,
        Key.WHAT_IF_MOVE_ORDER: scenario.move_order or None,
        Key.WHAT_IF_MOVE_PEOPLE: scenario.move_people,
        Key.WHAT_IF_MOVE_TO: scenario.move_to,
    }
    for key, value in values.items():
        if value is None:
            st.session_state.pop(key, None)  # the widget's own default
        else:
            st.session_state[key] = value
    st.session_state[Key.WORKSHOP_SCENARIO] = str(saved.id)


def _list(view: View, known: list[Saved], shown: Saved | None) -> None:
    tr = view.tr
    if not known:
        st.caption(tr("None saved yet."))
    for saved in known[:20]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                f"{md_escape(saved.name)} · {md_escape(saved.author)} · {tr.day(saved.made_at, 'short')}",
                key=Key.WORKSHOP_SCENARIO_OPEN.of(saved.id),
                type="primary" if saved is shown else "tertiary",
                on_click=_restore,
                args=(saved,),
                help=saved.reason,
            )
            if view.may(Action.ARCHIVE_SCENARIO) and st.button(
                tr("Archive"),
                key=Key.WORKSHOP_SCENARIO_ARCHIVE.of(saved.id),
                type="tertiary",
                icon=":material/archive:",
            ):
                archive_scenario(cache.store.database(), saved.id, actor=view.access, at=datetime.now(UTC))
                st.rerun()


def _save(view: View, state: WorkshopState, scenario: WorkshopScenario) -> None:
    tr = view.tr
    if not view.may(Action.SAVE_SCENARIO):
        return
    name = st.text_input(tr("Name of this what-if"), **at_most(tr, 60), key=Key.WORKSHOP_SCENARIO_NAME)
    reason = st.text_input(tr("What for"), **at_most(tr, 200), key=Key.WORKSHOP_SCENARIO_REASON)
    ready = scenario != WorkshopScenario(state.key) and bool(name.strip())
    if st.button(tr("Save"), disabled=not ready, type="primary", key=Key.WORKSHOP_SCENARIO_SAVE):
        number = save_scenario(
            cache.store.database(),
            ScenarioKind.WORKSHOP,
            name,
            scenario.as_json(),
            actor=view.access,
            at=datetime.now(UTC),
            reason=reason.strip() or None,
        )
        st.session_state[Key.WORKSHOP_SCENARIO] = str(number)
        st.rerun()


def _raise(view: View, state: WorkshopState, saved: Saved, played: Sequence[Played]) -> None:
    """The form that puts the what-if before the meeting, filled in from its figures."""
    tr = view.tr
    own = played[0]
    base, then = own.comparison.base, own.comparison.scenario
    problem = tr(
        "{name}: load {load}, {n} orders late", name=tr.name(state.name), load=load_text(base, tr), n=len(base.late)
    )
    steps = ("; " if tr.is_english else "；").join(c.sentence(tr) for c in own.changes)
    measure = tr(
        "{steps}. Success: load {before} → {after}, late orders {late} → {left}",
        steps=steps,
        before=load_text(base, tr),
        after=load_text(then, tr),
        late=len(base.late),
        left=len(then.late),
    )
    rows = cache.workshops.rows(view.revision, view.today).workshops.set_index("id")
    with st.form(Key.WORKSHOP_AGENDA.of(saved.id), border=False):
        problem = st.text_area(tr("Problem"), problem[:LIMIT], **at_most(tr, LIMIT))
        measure = st.text_area(tr("Measure and success"), measure[:LIMIT], **at_most(tr, LIMIT))
        owner = st.selectbox(
            tr("Responsible person"),
            cache.store.staff_names(view.revision),
            index=None,
            placeholder=tr("choose"),
        )
        due = st.date_input(tr("Due"), view.today + timedelta(weeks=WEEKS), min_value=view.today)
        if not st.form_submit_button(tr("Raise"), type="primary"):
            return
    if not owner or not problem.strip():
        st.error(tr("A problem and a responsible person are needed."))
        return
    community = int(rows.loc[state.key, "community_id"])
    proposal = Proposal(problem.strip(), measure.strip(), tr("Micro-workshops")[:40], community, state.community)
    try:
        raise_at_meeting(
            cache.store.database(),
            proposal,
            saved.id,
            owner,
            due,
            today=view.today,
            actor=view.access,
            at=datetime.now(UTC),
        )
    except AlreadyRaised:
        st.error(tr("It was raised this week already."))
        return
    st.rerun()
