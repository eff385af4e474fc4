"""What is worked at the stations of a what-if: field, form, shift, skill, seated or not, as an opening has them."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from core.access.job_filter import JobFilter, Need
from core.access.what_if import Work
from core.terms import JobForm, PostField, Shift
from pages.common.view import View
from pages.job_map.filters import skill_names

__all__ = ["fill", "stations_and_work"]


def fill(premises: int, stations: int, work: Work) -> None:
    """Put a choice into the widgets of premises."""
    st.session_state[f"map_stations_{premises}"] = stations
    for name, value in asdict(work).items():
        st.session_state[f"map_{name}_{premises}"] = value


def stations_and_work(view: View, premises: int, name: str, room: int, wanted: JobFilter) -> tuple[int, Work]:
    """Stations (``room`` at first) and their work (as ``wanted`` at first), side by side."""
    tr = view.tr
    if f"map_stations_{premises}" not in st.session_state:
        fill(premises, room, Work.fitting(wanted))
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    stations = left.number_input(tr("Stations in {name}", name=name), 1, 500, key=f"map_stations_{premises}")
    with right.popover(tr("Kind of work"), icon=":material/tune:", width="stretch"):
        work = _work(view, premises)
    st.caption(_words(view, work))
    return int(stations), work


def _work(view: View, premises: int) -> Work:
    tr, names, unset = view.tr, skill_names(view), view.tr("not set")
    field = st.selectbox(
        tr("Field"),
        list(PostField),
        index=None,
        format_func=tr.term,
        placeholder=unset,
        key=f"map_field_{premises}",
    )
    form = st.selectbox(tr("Form"), list(JobForm), format_func=tr.term, key=f"map_form_{premises}")
    shift = st.selectbox(tr("Shift"), list(Shift), format_func=tr.term, key=f"map_shift_{premises}")
    skill = st.selectbox(
        tr("Skill"),
        list(names),
        index=None,
        format_func=lambda code: names[code],
        placeholder=unset,
        key=f"map_skill_{premises}",
    )
    return Work(field, form, shift, skill, st.toggle(tr.term(Need.SEATED), key=f"map_seated_{premises}"))


def _words(view: View, work: Work) -> str:
    """'缝纫 · 全日制 · 常日班 · 坐姿作业'."""
    terms = [work.field, work.form, work.shift, Need.SEATED if work.seated else None]
    parts = [view.tr.term(term) for term in terms if term is not None]
    if work.skill is not None:
        parts.insert(0, skill_names(view).get(work.skill, work.skill))
    return " · ".join(parts)
