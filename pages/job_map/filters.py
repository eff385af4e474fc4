"""Which openings the map counts; every choice is kept in the address by its code."""

from __future__ import annotations

from typing import TypeVar

import streamlit as st

from core.access.job_filter import JobFilter, Need
from core.terms import JobForm, PostField, Shift, Term
from pages import cache
from pages.common.query_params import query_param, url_choice, url_choices
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["filter_text", "job_filter", "skill_names"]

T = TypeVar("T", bound=Term)


def job_filter(view: View) -> JobFilter:
    """The filter of the widgets, in a popover whose label tells how many conditions are set."""
    tr = view.tr
    conditions = sum(bool(query_param(name)) for name in ("field", "form", "shift", "skill", "needs"))
    label = tr("Filter openings") + (f" ({conditions})" if conditions else "")
    with st.popover(label, icon=":material/filter_alt:"):
        field = _term(view, tr("Field"), "field", PostField, Key.MAP_FIELD)
        form = _term(view, tr("Form"), "form", JobForm, Key.MAP_FORM)
        shift = _term(view, tr("Shift"), "shift", Shift, Key.MAP_SHIFT)
        names = skill_names(view)
        skill = url_choice(
            st.selectbox,
            tr("Skill"),
            "skill",
            list(names),
            None,
            key=Key.MAP_SKILL,
            index=None,
            format_func=lambda code: names[code],
            placeholder=tr("all"),
        )
        needs = url_choices(
            st.pills,
            tr("Fits people who need"),
            "needs",
            list(Need),
            key=Key.MAP_NEEDS,
            separator=",",
            selection_mode="multi",
            format_func=tr.term,
        )
    return JobFilter(field, form, shift, skill, frozenset(needs))


def filter_text(view: View, selected: JobFilter) -> str:
    """What is counted, for a subtitle; '' for all openings."""
    tr = view.tr
    terms = [selected.field, selected.form, selected.shift, *sorted(selected.needs)]
    parts = [tr.term(term) for term in terms if term is not None]
    if selected.skill is not None:
        parts.insert(0, skill_names(view).get(selected.skill, selected.skill))
    return tr("Openings counted: {what}.", what=(", " if tr.is_english else "、").join(parts)) if parts else ""


def skill_names(view: View) -> dict[str, str]:
    """Code → name of every skill in the reader's language."""
    table = cache.people.skills(view.revision)
    return dict(zip(table["code"], table["name_en" if view.tr.is_english else "name_zh"], strict=True))


def _term(view: View, label: str, name: str, term: type[T], key: Key) -> T | None:
    """A member of ``term``, or None for all."""
    return url_choice(
        st.selectbox,
        label,
        name,
        list(term),
        None,
        key=key,
        index=None,
        format_func=view.tr.term,
        placeholder=view.tr("all"),
    )
