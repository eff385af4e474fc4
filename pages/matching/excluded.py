"""Who is not on the list and why: visits first, to check, ruled out; a click makes the visit a task."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import streamlit as st

from core.locale import N_
from core.matching import figures, tables
from core.matching.explanation import unknown_factors
from core.matching.inputs.limits import FAIL, UNKNOWN
from core.matching.ranking.shortlist import Bucket, Kind
from core.matching.reasons import reasons
from core.people import commands
from core.policy import Action
from pages import cache
from pages.common.charts import show_drawn
from pages.common.saving import announce
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.matching.actions import VISIT_DAYS
from pages.matching.context import RankingContext

__all__ = ["show"]

EXPLAINED = 200  # candidates whose reasons are written out
# bucket: its title, and the state of the limits that explain it (None: what is unknown)
BUCKETS: dict[Bucket, tuple[str, int | None]] = {
    Bucket.VISIT_FIRST: (N_("Need a visit first: too little is known ({n})"), None),
    Bucket.TO_VERIFY: (N_("Needs checking: requirement unknown ({n})"), UNKNOWN),
    Bucket.EXCLUDED: (N_("Ruled out ({n})"), FAIL),
}


def show(context: RankingContext) -> None:
    """What each limit removes, and the buckets with the reasons of everyone in them."""
    tr = context.view.tr
    table = tables.removal_rows(context.candidates, context.shortlist.mask, tr)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        ruled_out = table[table["removes"] > 0]
        if len(ruled_out):
            title = tr("Most are ruled out by: {limit}", limit=ruled_out["label"].iloc[0])
            show_drawn(context.view, figures.removal_bars(ruled_out, title, tr), title)
            st.caption(tr("Pale: ruled out by this limit; dark: by this limit alone."))
    with right:
        for bucket, (title, state) in BUCKETS.items():
            rows = context.shortlist.buckets[bucket]
            label = tr(title, n=tr.number(len(rows)))
            st.markdown(f"**{label}**")
            if len(rows):
                _bucket(context, bucket, rows, state, label)


def _bucket(context: RankingContext, bucket: Bucket, rows: np.ndarray, state: int | None, title: str) -> None:
    """One bucket as a table; people whose facts are missing can be ticked for a visit."""
    tr, table = context.view.tr, _reason_table(context, rows, state)
    can_visit = state != FAIL and context.selection.kind is Kind.PEOPLE and context.view.may(Action.ASK_VISIT)
    options = (
        {"on_select": "rerun", "selection_mode": "multi-row", "key": Key.MATCH_BUCKET.of(bucket.value)}
        if can_visit
        else {}
    )
    event = show_table(context.view, table, title, height=210, **options)
    if len(rows) > EXPLAINED:
        st.caption(tr("The first {n} are written out.", n=EXPLAINED))
    if not can_visit:
        return
    ticked = [n for n in event.selection.rows if n < len(table)]
    if st.button(
        tr("Schedule a visit within {n} days", n=VISIT_DAYS),
        icon=":material/event:",
        key=Key.MATCH_VISIT.of(bucket.value),
        disabled=not ticked,
        help=tr("Tick people first. A visit date is set at the last visit, or a plan step where nobody called yet."),
    ):
        _schedule_visits(
            context, {int(context.candidates.ids[rows[n]]): str(table[tr("Reason")].iloc[n]) for n in ticked}
        )


def _schedule_visits(context: RankingContext, reason_of: dict[int, str]) -> None:
    """One task a person (by id, with its reason), in the name of who works here."""
    tr, view = context.view.tr, context.view
    job = context.subject_name()
    commands.ask_visits(
        cache.store.database(),
        {person: tr("For “{job}”: {reason}", job=job, reason=reason) for person, reason in reason_of.items()},
        on=view.today + timedelta(days=VISIT_DAYS),
        today=view.today,
        actor=view.access,
        at=datetime.now(UTC),
    )
    announce(tr.plural("{n} visit scheduled.", "{n} visits scheduled.", len(reason_of)))


def _reason_table(context: RankingContext, rows: np.ndarray, state: int | None) -> pd.DataFrame:
    """Candidate and what is unknown, or the sentences of the limits in ``state``."""
    tr, shown = context.view.tr, rows[:EXPLAINED].tolist()
    texts = [_unknown_text(context, row) if state is None else _limit_text(context, row, state) for row in shown]
    label = tr("Person") if context.selection.kind is Kind.PEOPLE else tr("Opening")
    return pd.DataFrame({label: [context.name(row) for row in shown], tr("Reason"): texts})


def _unknown_text(context: RankingContext, row: int) -> str:
    tr, shortlist = context.view.tr, context.shortlist
    share = tr.percent(float(shortlist.scores.coverage[row]), 0)
    what = tr(", ").join(unknown_factors(context.candidates.profile, row, shortlist.weights, tr))
    return tr("Known: {share} of the weight. To find out: {what}", share=share, what=what)


def _limit_text(context: RankingContext, row: int, state: int) -> str:
    tr = context.view.tr
    person, job = context.candidates.pair(row)
    matrix = context.pool.pair_matrix([person], [job], context.selection.mode)
    pair = reasons(context.pool, person, job, matrix, tr)
    return tr("; ").join(reason.sentence for reason in pair if reason.state == state)
