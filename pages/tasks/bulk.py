"""The same for many at once, after a look at what it will do: visits, dates of steps, plans, whole caseloads; and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import streamlit as st

from core.people.commands import ask_visits, hand_over, hand_over_caseload, reschedule_steps, undo_hand_over
from core.policy import Action
from core.store.commands import NotFound
from core.tasks.kinds import DueKind
from pages import cache
from pages.common import scope
from pages.common.escape import md_escape
from pages.common.saving import announce, checked
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["caseloads", "hand_over_plans", "reschedule", "schedule_visits"]

DAYS = 7  # proposed for what is agreed for many at once
SHOWN = 5  # transfers that can be taken back


def schedule_visits(view: View, kind: DueKind, people: list[int]) -> None:
    """Agree a visit with everyone ticked."""
    tr = view.tr
    with st.popover(tr("Schedule visits"), icon=":material/event:"):
        on = st.date_input(
            tr("Visit by"),
            value=view.today + timedelta(days=DAYS),
            min_value=view.today,
            key=Key.TASKS_BULK.of("visit_by"),
        )
        st.write(
            tr.plural(
                "{n} person is to be visited by {day}.",
                "{n} people are to be visited by {day}.",
                len(people),
                day=tr.day(on),
            )
        )
        if st.button(tr("Schedule"), type="primary", key=Key.TASKS_BULK.of("visit")):
            asked = checked(
                view,
                lambda: ask_visits(
                    cache.store.database(),
                    dict.fromkeys(people, tr(kind.name)),
                    on=on,
                    today=view.today,
                    actor=view.access,
                    at=datetime.now(UTC),
                ),
            )
            if asked is not None:
                announce(tr.plural("{n} visit scheduled.", "{n} visits scheduled.", len(people)))


def reschedule(view: View, measures: list[int]) -> None:
    """A new date for the steps ticked."""
    tr = view.tr
    with st.popover(tr("Set another date"), icon=":material/event_repeat:"):
        on = st.date_input(
            tr("New date"),
            value=view.today + timedelta(days=DAYS),
            min_value=view.today,
            key=Key.TASKS_BULK.of("due_on"),
        )
        st.write(
            tr.plural(
                "{n} step is then due on {day}.", "{n} steps are then due on {day}.", len(measures), day=tr.day(on)
            )
        )
        if st.button(tr("Set the date"), type="primary", key=Key.TASKS_BULK.of("reschedule")):
            moved = checked(
                view,
                lambda: reschedule_steps(
                    cache.store.database(), measures, due_on=on, actor=view.access, at=datetime.now(UTC)
                ),
            )
            if moved is not None:
                announce(tr.plural("{n} step has a new date.", "{n} steps have a new date.", moved.result))


def hand_over_plans(view: View, people: list[int]) -> None:
    """The plans of everyone ticked go to a colleague."""
    tr = view.tr
    plans = cache.tasks.live_plans(view.revision)
    owners = plans.reindex(people)["owner"]
    with st.popover(tr("Hand plans over"), icon=":material/swap_horiz:"):
        to = _colleague(view, tr("To"), "to")
        has_plan = owners.index.isin(plans.index)
        moving = int((has_plan & (owners != to)).sum())
        st.write(tr.plural("{n} plan changes hands.", "{n} plans change hands.", moving))
        without = int((~has_plan).sum())
        if without:
            st.caption(
                tr.plural(
                    "{n} person has no live plan and is passed over.",
                    "{n} people have no live plan and are passed over.",
                    without,
                )
            )
        note = st.text_input(tr("Note"), **at_most(tr, 200), key=Key.TASKS_BULK.of("note"))
        if st.button(
            tr("Hand over"), type="primary", disabled=to is None or not moving, key=Key.TASKS_BULK.of("hand_over")
        ):
            handed = checked(
                view,
                lambda: hand_over(
                    cache.store.database(), people, to=str(to), note=note, actor=view.access, at=datetime.now(UTC)
                ),
            )
            if handed is not None:
                announce(
                    tr.plural(
                        "{n} plan handed over to {name}.", "{n} plans handed over to {name}.", moving, name=str(to)
                    )
                )


def caseloads(view: View) -> None:
    """Everything that a colleague owns goes to another; the last transfers can be taken back."""
    tr = view.tr
    with st.expander(tr("Hand a whole caseload over, or take a transfer back")):
        plans = scope.rows(view, cache.tasks.live_plans(view.revision).reset_index())
        counts = plans["owner"].dropna().value_counts()
        everywhere = cache.tasks.live_plans(view.revision)["owner"].value_counts()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            owner = st.selectbox(
                tr("From"),
                sorted(counts.index, key=lambda name: (-counts[name], name)),
                index=None,
                format_func=lambda name: tr("{name}: {n} live plans", name=name, n=tr.number(counts[name])),
                placeholder=tr("Colleague"),
                key=Key.TASKS_BULK.of("caseload_of"),
                width=240,
            )
            to = _colleague(view, tr("To"), "caseload_to")
            note = st.text_input(tr("Note"), **at_most(tr, 200), key=Key.TASKS_BULK.of("caseload_note"), width=300)
            is_whole = owner is None or counts[owner] == everywhere[owner]
            ready = owner is not None and to is not None and owner != to and is_whole
            if st.button(tr("Hand over all"), type="primary", disabled=not ready, key=Key.TASKS_BULK.of("caseload")):
                handed = checked(
                    view,
                    lambda: hand_over_caseload(
                        cache.store.database(),
                        owner=str(owner),
                        to=str(to),
                        note=note,
                        actor=view.access,
                        at=datetime.now(UTC),
                    ),
                )
                if handed is not None:
                    announce(tr("The caseload of {owner} went to {name}.", owner=str(owner), name=str(to)))
        if not is_whole:
            st.caption(tr("Part of this caseload is about people of other communities: a dispatcher hands it over."))
        elif owner is not None and to is not None:
            st.write(
                tr(
                    "{n} live plans go from {owner} to {name}; the log keeps who owned each.",
                    n=tr.number(counts[owner]),
                    owner=md_escape(owner),
                    name=md_escape(str(to)),
                )
            )
        if view.may(Action.UNDO_HAND_OVER):
            _transfers(view)


def _transfers(view: View) -> None:
    """The last transfers, each with a button that takes it back."""
    tr = view.tr
    table = cache.tasks.transfers(view.revision)
    live = table[table["undone_at"].isna()].head(SHOWN)
    for row in live.itertuples():
        with st.container(horizontal=True, vertical_alignment="center"):
            several = tr("several colleagues")
            st.write(
                tr(
                    "{time}: {n} plans from {owner} to {name}, by {actor}. {note}",
                    time=tr.time(row.made_at),
                    n=tr.number(row.plans),
                    owner=md_escape(several if pd.isna(row.from_owner) else row.from_owner),
                    name=md_escape(row.to_owner),
                    actor=md_escape(row.made_by),
                    note="" if pd.isna(row.note) else md_escape(row.note),
                )
            )
            if st.button(tr("Take back"), icon=":material/undo:", key=Key.TASKS_BULK.of("undo", row.id)):
                _undo(view, int(row.id))


def _undo(view: View, transfer: int) -> None:
    tr = view.tr
    try:
        back, left = undo_hand_over(cache.store.database(), transfer, actor=view.access, at=datetime.now(UTC))
    except NotFound:
        st.error(tr("This transfer can't be taken back: it was before, or it is about people of other communities."))
        return
    announce(tr("{n} plans given back, {left} left as they are.", n=tr.number(back), left=tr.number(left)))


def _colleague(view: View, label: str, key: str) -> str | None:
    names = cache.store.staff_names(view.revision)
    return st.selectbox(
        label, names, index=None, key=Key.TASKS_BULK.of(key), placeholder=view.tr("Colleague"), width=200
    )
