"""Who is not on the list and why: visits first, to verify, ruled out; a click makes the visit a task."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import streamlit as st

from core.matching import figures, tables
from core.matching.explanation import unknown_factors
from core.matching.inputs.limits import FAIL, UNKNOWN
from core.matching.ranking.shortlist import Bucket, Kind
from core.matching.reasons import reasons
from core.people import commands
from pages import cache
from pages.matching.actions import VISIT_DAYS
from pages.matching.context import Look

__all__ = ["show"]

EXPLAINED = 200  # candidates whose reasons are written out


def show(look: Look) -> None:
    """What each limit removes; those who need a visit, must be verified or are ruled out, with their reasons."""
    tr = look.view.tr
    table = tables.removed_rows(look.found, look.keep, tr)
    out, verify = look.listed.buckets[Bucket.EXCLUDED], look.listed.buckets[Bucket.TO_VERIFY]
    left, right = st.columns([2, 3], gap="medium")
    with left:
        ruled = table[table["removes"] > 0]
        if len(ruled):
            title = tr("Most are ruled out by: {limit}", limit=ruled["label"].iloc[0])
            look.draw(figures.removed_bars(ruled, title, tr), title)
            st.caption(tr("Pale: ruled out by this limit; dark: by this limit alone."))
    with right:
        for label, rows, state, key in (
            (
                tr("Need a visit first: too little is known ({n})"),
                look.listed.buckets[Bucket.VISIT_FIRST],
                None,
                "visit",
            ),
            (tr("To verify: a limit can't be told ({n})"), verify, UNKNOWN, "verify"),
            (tr("Ruled out ({n})"), out, FAIL, "out"),
        ):
            st.markdown(f"**{label.format(n=tr.number(len(rows)))}**")
            if len(rows):
                _bucket(look, rows, state, key, label.format(n=len(rows)))


def _bucket(look: Look, rows: np.ndarray, state: int | None, key: str, alt: str) -> None:
    """One bucket as a table; people whose facts are missing can be put down for a visit."""
    tr, table = look.view.tr, _reasons(look, rows, state)
    tasks = state != FAIL and look.chosen.kind is Kind.PEOPLE
    options = {"on_select": "rerun", "selection_mode": "multi-row", "key": f"match_bucket_{key}"} if tasks else {}
    event = st.dataframe(table, hide_index=True, height=210, alt=alt, **options)
    if len(rows) > EXPLAINED:
        st.caption(tr("The first {n} are written out.", n=EXPLAINED))
    if not tasks:
        return
    ticked = [n for n in event.selection.rows if n < len(table)]
    if st.button(
        tr("Put down for a visit within {n} days", n=VISIT_DAYS),
        icon=":material/event:",
        key=f"match_visit_{key}",
        disabled=not ticked or look.view.staff is None,
        help=tr("Tick people first. A visit date is set at the last visit, or a plan step where nobody called yet."),
    ):
        _visits(look, {int(look.found.ids[rows[n]]): str(table[tr("Reason")].iloc[n]) for n in ticked})


def _visits(look: Look, reasons_: dict[int, str]) -> None:
    """One task a person, in the name of who looks."""
    tr, view = look.view.tr, look.view
    for person, reason in reasons_.items():
        commands.ask_visit(
            cache.store.database(),
            person,
            on=view.today + timedelta(days=VISIT_DAYS),
            why=tr("For “{job}”: {reason}", job=look.anchor_name(), reason=reason),
            today=view.today,
            actor=str(view.staff),
            at=datetime.now(UTC),
        )
    done = tr.plural("{n} visit put down.", "{n} visits put down.", len(reasons_))
    st.session_state["match_told"] = ("done", done)
    st.rerun()


def _reasons(look: Look, rows: np.ndarray, state: int | None) -> pd.DataFrame:
    """Candidate, points and the sentences of what stands in the way."""
    tr, told = look.view.tr, []
    for row in rows[:EXPLAINED].tolist():
        if state is None:
            share = tr.percent(float(look.listed.scores.coverage[row]), 0)
            what = tr(", ").join(unknown_factors(look.found.profile, row, look.listed.weights, tr))
            told.append(tr("Known: {share} of the weight. To find out: {what}", share=share, what=what))
            continue
        person, job = look.found.pair(row)
        block = look.pool.block([person], [job], look.chosen.mode)
        told.append(tr("; ").join(r.sentence for r in reasons(look.pool, person, job, block, tr) if r.state == state))
    label = tr("Person") if look.chosen.kind is Kind.PEOPLE else tr("Opening")
    return pd.DataFrame(
        {
            label: [look.name(row) for row in rows[:EXPLAINED].tolist()],
            tr("Reason"): told,
        }
    )
