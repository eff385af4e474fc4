"""A person's page: header, skills, timeline, plan, and what a caseworker does next."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.people import figures, profile
from core.people.masking import mask_name, mask_phone
from core.people.profile import kinds_of
from core.policy import Field, Sight
from core.terms import AccommodationKind, HardshipKind, PersonState
from pages import cache
from pages.common import scope
from pages.common.charts import show_chart
from pages.common.escape import md_escape
from pages.common.heading import heading
from pages.common.query_params import set_query_param
from pages.common.view import View
from pages.people.facts_card import facts_card
from pages.people.person_forms import person_actions
from pages.people.person_jobs import person_jobs
from pages.people.plan_card import plan_card
from pages.people.policies_panel import person_policies
from pages.people.portrait_form import skill_picker, wishes_button
from pages.people.reveal import reveal_box, revealed
from pages.people.timeline_card import timeline_card
from pages.people.work_card import work_card

__all__ = ["show_person"]


def show_person(view: View, person_id: int) -> None:
    """Everything about one person of the scope of who looks, masked until they say what they need it for."""
    tr = view.tr
    row = scope.pool(view).set_index("id").loc[person_id]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if st.button(tr("Back to the pool"), icon=":material/arrow_back:", type="tertiary"):
            set_query_param("person", "")
            st.rerun()
        reveal_box(view, person_id)
    shown = revealed(view, person_id)
    waiting = tr("{n} days waiting", n=tr.number(int(row["days_waiting"]))) if pd.notna(row["days_waiting"]) else ""
    state = tr.term(PersonState.of(row["state"])) if pd.notna(row["state"]) else tr("state unknown")
    name = md_escape(mask_name(row["name"]) if shown is None else shown["name"])
    heading(" · ".join(filter(None, [name, state, waiting])), _about(view, person_id, row, shown))
    person_actions(view, person_id, row)
    left, right = st.columns([2, 3])
    with left:
        with st.container(border=True):
            _skills(view, person_id)
            skill_picker(view, person_id)
        with st.container(border=True):
            _wants(view, person_id)
            wishes_button(view, person_id)
        facts_card(view, person_id)
    with right:
        with st.container(border=True):
            timeline_card(view, person_id)
        with st.container(border=True):
            plan_card(view, person_id)
        work_card(view, person_id)
        person_jobs(view, person_id)
        person_policies(view, person_id)


def _about(view: View, person_id: int, row: pd.Series, shown: dict[str, Any] | None) -> str:
    tr = view.tr
    contact = [mask_phone(row["phone"])] if shown is None else [shown["phone"], shown["phone_2"], shown["address"]]
    hardships = kinds_of(cache.people.hardships(view.revision), person_id, HardshipKind)
    limits = kinds_of(cache.people.accommodations(view.revision), person_id, AccommodationKind)
    is_health_shown = view.sees(Field.HEALTH) is Sight.CLEAR
    separator = ", " if tr.is_english else "、"
    former = [old for old, now in cache.people.former_numbers(view.revision).items() if now == person_id]
    parts = [
        tr("No. {n}", n=person_id),
        tr("formerly No. {list}", list=tr.join(map(str, former))) if former else "",
        md_escape(tr.name(row["community"])) if pd.notna(row["community"]) else tr("community unknown"),
        *(md_escape(fact) for fact in contact if fact),
        _agreed_visit(view, row["next_visit"]),
        tr("programme eligibility: {list}", list=separator.join(map(tr.term, hardships)))
        if hardships and is_health_shown
        else "",
        tr("own limits: {list}", list=separator.join(map(tr.term, limits))) if limits and is_health_shown else "",
    ]
    return " · ".join(filter(None, parts))


def _agreed_visit(view: View, day: pd.Timestamp) -> str:
    """The day for which the next visit is agreed, and by how many days it is late; '' for none."""
    tr = view.tr
    if pd.isna(day):
        return ""
    late = (pd.Timestamp(view.today) - day).days
    if late <= 0:
        return tr("visit agreed for {day}", day=tr.day(day))
    text = tr.plural(
        "visit agreed for {day}, {n} day late", "visit agreed for {day}, {n} days late", late, day=tr.day(day)
    )
    return f"**{text}**"  # a coloured text is too pale within a caption


def _skills(view: View, person_id: int) -> None:
    tr = view.tr
    skills = profile.skill_profile(tr, cache.people.history(view.revision), person_id)
    if skills.empty:
        st.markdown(f"**{tr('No skill on record yet')}**")
        st.caption(tr("Ask about skills at the next visit; a test or a course can confirm them."))
        return
    show_chart(view, figures.skill_chart(tr, skills, is_dark=view.is_dark), tr("Skills"))


def _wants(view: View, person_id: int) -> None:
    tr = view.tr
    st.markdown(f"**{tr('What this person wants')}**")
    wants = cache.people.wants(view.revision, person_id, tr)
    if not wants:
        st.caption(tr("Not asked yet."))
        return
    st.markdown("  \n".join(f":gray[{question}] &emsp; {md_escape(answer)}" for question, answer in wants.items()))
