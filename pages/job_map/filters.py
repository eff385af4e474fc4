"""Which openings the map counts; every choice stands in the address by its code."""

from __future__ import annotations

from typing import TypeVar

import streamlit as st

from core.access.job_filter import JobFilter, Need
from core.terms import JobForm, PostField, Shift, Term
from pages import cache
from pages.common.query_params import query_param, set_query_param
from pages.common.view import View

__all__ = ["filter_words", "job_filter", "skill_names"]

T = TypeVar("T", bound=Term)


def job_filter(view: View) -> JobFilter:
    """The filter of the widgets, in a popover whose label tells how many conditions are set."""
    tr = view.tr
    set_before = sum(bool(query_param(name)) for name in ("field", "form", "shift", "skill", "needs"))
    label = tr("Filter openings") + (f" ({set_before})" if set_before else "")
    with st.popover(label, icon=":material/filter_alt:"):
        field = _one(view, tr("Field"), "field", PostField)
        form = _one(view, tr("Form"), "form", JobForm)
        shift = _one(view, tr("Shift"), "shift", Shift)
        skill = _skill(view)
        needs = _needs(view)
    return JobFilter(field, form, shift, skill, needs)


def filter_words(view: View, wanted: JobFilter) -> str:
    """What is counted, for a subtitle; '' for all openings."""
    tr = view.tr
    terms = [wanted.field, wanted.form, wanted.shift, *sorted(wanted.needs)]
    parts = [tr.term(term) for term in terms if term is not None]
    if wanted.skill is not None:
        parts.insert(0, skill_names(view).get(wanted.skill, wanted.skill))
    return tr("Openings counted: {what}.", what=(", " if tr.is_english else "、").join(parts)) if parts else ""


def _one(view: View, label: str, name: str, term: type[T]) -> T | None:
    tr = view.tr
    codes = {member.value: member for member in term}
    options = list(term)
    first = codes.get(query_param(name))
    picked = st.selectbox(
        label,
        options,
        index=None if first is None else options.index(first),
        format_func=tr.term,
        placeholder=tr("all"),
        key=f"map_{name}",
    )
    set_query_param(name, None if picked is None else picked.value)
    return picked


def skill_names(view: View) -> dict[str, str]:
    """Code → name of every skill in the reader's language."""
    table = cache.people.skills(view.revision)
    return dict(zip(table["code"], table["name_en" if view.tr.is_english else "name_zh"], strict=True))


def _skill(view: View) -> str | None:
    tr, names = view.tr, skill_names(view)
    options, first = list(names), query_param("skill")
    picked = st.selectbox(
        tr("Skill"),
        options,
        index=options.index(first) if first in names else None,
        format_func=lambda code: names[code],
        placeholder=tr("all"),
        key="map_skill",
    )
    set_query_param("skill", picked)
    return picked


def _needs(view: View) -> frozenset[Need]:
    tr = view.tr
    wanted = query_param("needs").split(",")
    picked = st.pills(
        tr("Fits people who need"),
        list(Need),
        selection_mode="multi",
        default=[need for need in Need if need.value in wanted],
        format_func=tr.term,
        key="map_needs",
    )
    set_query_param("needs", ",".join(need.value for need in picked))
    return frozenset(picked)
