"""One change for one person: whom something keeps from every opening, and the cheapest thing that would open one."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.locale import N_
from core.matching.opportunities.single_change import Change
from core.matching.opportunities.wording import change_sentence
from pages import cache
from pages.common import scope
from pages.common.heading import heading
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.view import View
from pages.tasks.people_table import minutes, people_table

__all__ = ["show"]

FIRST = (N_("Person"), N_("Cheapest change"))  # on a phone
NONE = "none"


def show(view: View, top: DeltaGenerator) -> None:
    """How many are one visit, one course, one call away; and who."""
    tr = view.tr
    changes = cache.tasks.changes(view.revision, view.today)
    pool = cache.matching.pool(view.revision, view.today)
    ids = pool.seekers.ids[changes.table["person"].to_numpy(dtype=int)]
    table = changes.table[scope.mask(view, ids)].reset_index(drop=True)
    kinds = table["change"].fillna(NONE).value_counts()
    with top:
        parts = [
            tr.plural("{n} is {change} away", "{n} are {change} away", int(kinds[change.value]), change=tr.term(change))
            for change in Change
            if kinds.get(change.value)
        ]
        heading(
            tr.plural(
                "{n} job seeker meets the conditions of no opening",
                "{n} job seekers meet the conditions of no opening",
                len(table),
            ),
            tr(
                "{list}. Of each person's openings the cheapest single change is shown, exactly by trying all; as of {day}.",
                list=tr.join(parts) or tr("No single change helps"),
                day=tr.day(view.today),
            ),
        )
    options = [change.value for change in Change if kinds.get(change.value)] + ([NONE] if kinds.get(NONE) else [])
    if not options:
        st.write(tr("Nothing keeps anybody from every opening."))
        return
    selected = url_choice(
        st.segmented_control,
        tr("Change"),
        "change",
        options,
        None,
        key=Key.BLOCKED_CHANGE,
        format_func=lambda code: f"{_name(view, code)} {tr.number(kinds[code])}",
        label_visibility="collapsed",
    )
    rows = table if selected is None else table[table["change"].fillna(NONE) == selected]
    _list(view, rows.reset_index(drop=True))


def _name(view: View, code: str) -> str:
    return view.tr("More than one change") if code == NONE else view.tr.term(Change.of(code))


def _list(view: View, rows: pd.DataFrame) -> None:
    tr, pool = view.tr, cache.matching.pool(view.revision, view.today)
    people, jobs = rows["person"].to_numpy(dtype=int), rows["job"].to_numpy(dtype=int)
    sentences = [change_sentence(pool, row, tr) for row in rows.itertuples()]
    columns = {
        tr("Cheapest change"): [sentence or tr("more than one change is needed") for sentence in sentences],
        tr("Opens"): ["" if j < 0 else pool.titles[j] for j in jobs],
        tr("Employer"): ["" if j < 0 else tr.name(str(pool.jobs["employer"].iloc[j])) for j in jobs],
        tr("Free places"): pd.array([None if j < 0 else int(pool.openings.seats[j]) for j in jobs], "Int64"),
        tr("Minutes on foot"): minutes(rows["minutes"]),
        tr("Openings opened"): rows["openings"],
    }
    people_table(view, pool, people, jobs, columns, tr("What keeps people back"), first=FIRST, key=Key.BLOCKED_LIST)
