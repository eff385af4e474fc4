"""What is worked at the stations of a what-if: field, form, shift, skill, seated or not, as an opening has them."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from core.access.job_filter import JobFilter, Need
from core.access.what_if import Work
from core.terms import JobForm, PostField, Shift
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.view import View
from pages.job_map.filters import skill_names

__all__ = ["fill", "stations_and_work"]

WORK_KEYS = {
    "field": Key.MAP_FIELD,
    "form": Key.MAP_FORM,
    "shift": Key.MAP_SHIFT,
    "skill": Key.MAP_SKILL,
    "seated": Key.MAP_SEATED,
}


def fill(premises: int, stations: int, work: Work) -> None:
    """Put a choice into the widgets of premises."""
    st.session_state[Key.MAP_STATIONS.of(premises)] = stations
    for name, value in asdict(work).items():
        st.session_state[WORK_KEYS[name].of(premises)] = value


def stations_and_work(view: View, premises: int, name: str, room: int, job_filter: JobFilter) -> tuple[int, Work]:
    """Stations (``room`` at first) and their work (as ``job_filter`` asks at first), side by side."""
    tr = view.tr
    if Key.MAP_STATIONS.of(premises) not in st.session_state:
        fill(premises, room, Work.fitting(job_filter))
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    stations = left.number_input(
        md_escape(tr("Stations in {name}", name=name)), 1, 500, key=Key.MAP_STATIONS.of(premises)
    )
    with right.popover(tr("Kind of work"), icon=":material/tune:", width="stretch"):
        work = _work(view, premises)
    st.caption(md_escape(_work_text(view, work)))
    return int(stations), work


def _work(view: View, premises: int) -> Work:
    tr, names, unset = view.tr, skill_names(view), view.tr("not set")
    field = st.selectbox(
        tr("Field"),
        list(PostField),
        index=None,
        format_func=tr.term,
        placeholder=unset,
        key=Key.MAP_FIELD.of(premises),
    )
    form = st.selectbox(tr("Form"), list(JobForm), format_func=tr.term, key=Key.MAP_FORM.of(premises))
    shift = st.selectbox(tr("Shift"), list(Shift), format_func=tr.term, key=Key.MAP_SHIFT.of(premises))
    skill = st.selectbox(
        tr("Skill"),
        list(names),
        index=None,
        format_func=lambda code: names[code],
        placeholder=unset,
        key=Key.MAP_SKILL.of(premises),
    )
    return Work(field, form, shift, skill, st.toggle(tr.term(Need.SEATED), key=Key.MAP_SEATED.of(premises)))


def _work_text(view: View, work: Work) -> str:
    """'缝纫 · 全日制 · 常日班 · 坐姿作业'."""
    terms = [work.field, work.form, work.shift, Need.SEATED if work.seated else None]
    parts = [view.tr.term(term) for term in terms if term is not None]
    if work.skill is not None:
        parts.insert(0, skill_names(view).get(work.skill, work.skill))
    return " · ".join(parts)
