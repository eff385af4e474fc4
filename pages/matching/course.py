"""One click turns a course that would unlock placements into a planned session with its people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from core.matching.assignment.district import CoursePlan
from core.matching.reasons import skill_name
from core.store.commands import command
from core.training.commands import plan_session
from pages import cache
from pages.matching.context import Look

__all__ = ["plan"]

SEATS, DAYS = 20, 5  # of one session


def plan(look: Look, skills: tuple[int, ...], found: CoursePlan) -> None:
    """The button; one session a skill, where most of those live who could attend, for the first twenty of them."""
    tr, view, pool = look.view.tr, look.view, look.pool
    if not len(found.attend) or not len(found.communities):
        return
    place = str(found.communities["community"].iloc[0])
    near = pool.people["community"].iloc[found.attend].to_numpy() == place
    people = [*found.attend[near].tolist(), *found.attend[~near].tolist()][:SEATS]
    start = view.today + timedelta(days=14)
    if st.button(
        tr("Plan a session in {place} from {day} for {n} people", place=place, day=tr.day(start), n=len(people)),
        icon=":material/school:",
        key="match_plan_course",
        disabled=view.staff is None,
        help=tr("Choose under “Working as” who you are; the session can be changed later."),
    ):
        with command(
            cache.store.database(), actor=str(view.staff), action="plan_session", at=datetime.now(UTC)
        ) as change:
            for k in skills:
                plan_session(
                    change,
                    skill=str(pool.skills["code"].iloc[k]),
                    name=skill_name(pool, k, tr),
                    community_id=cache.matching.community_codes(view.revision).get(place),
                    starts_on=start,
                    ends_on=start + timedelta(days=DAYS - 1),
                    people=[int(pool.seekers.ids[p]) for p in people],
                    place=place,
                )
        done = tr.plural("{n} session planned.", "{n} sessions planned.", len(skills))
        st.session_state["match_told"] = ("done", done)
        st.rerun()
