"""Openings that are probably one: the reasons fact by fact, merged or kept apart by a click, each decision undone by another."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.dispatch.exports.openings_board import pay_text
from core.indicators.yield_figures import source_name
from core.jobs.openings.listing import opening_number
from core.jobs.openings.posting import make_posting
from core.jobs.twins.commands import keep_apart, merge_openings, undo_decision
from core.jobs.twins.compare import FACTS
from core.locale import N_
from core.policy import Action
from core.terms import Agreement, Shift
from pages import cache
from pages.common.escape import md_escape
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.view import View
from pages.openings.words import label

__all__ = ["finding", "show"]

SHOWN = 10  # pairs on the screen, the most alike first
DECISIONS = 20
NAMES = {
    "employer": N_("Employer"),
    "title": N_("Title"),
    "place": N_("Place"),
    "pay": N_("Pay"),
    "hours": N_("Shift and hours"),
}
MARKS = {Agreement.AGREES: "=", Agreement.DIFFERS: "≠", Agreement.UNKNOWN: "?"}
assert tuple(NAMES) == FACTS


def finding(view: View) -> tuple[str, str]:
    """How many pairs there are, and what makes one."""
    tr = view.tr
    n = len(cache.openings.twins(view.revision, view.today))
    return (
        tr.plural("{n} pair of openings is probably one", "{n} pairs of openings are probably one", n),
        tr(
            "Employer and title agree, and at most one of place, pay and hours differs. = agrees (pay: the "
            "ranges share an amount), ≠ differs, ? not known. Nothing is merged by itself."
        ),
    )


def show(view: View) -> None:
    """The worklist, then the decisions in force."""
    tr = view.tr
    pairs = cache.openings.twins(view.revision, view.today)
    rows = cache.openings.listing(view.revision, view.today).set_index("id", drop=False)
    for pair in pairs.head(SHOWN).itertuples(index=False):
        with st.container(border=True):
            _pair(view, pair, rows)
    if len(pairs) > SHOWN:
        st.caption(tr("The {n} most alike are shown.", n=SHOWN))
    _decisions(view)


def _pair(view: View, pair: object, rows: pd.DataFrame) -> None:
    tr = view.tr
    ids = [int(pair.first_id), int(pair.second_id)]  # type: ignore[attr-defined]
    st.markdown(" · ".join(f"{tr(NAMES[fact])} {MARKS[Agreement.of(getattr(pair, fact))]}" for fact in FACTS))
    for column, number in zip(st.columns(2), ids, strict=True):
        row = rows.loc[number]
        parts = [
            tr.name(row["community"]) if pd.notna(row["community"]) else "",
            pay_text(make_posting(row.to_dict()), tr),
            tr.term(Shift.of(row["shift"])) if pd.notna(row["shift"]) else "",
            tr.plural("{n} seat free", "{n} seats free", int(row["free"])),
            source_name(tr, row["source"], row["platform"]),
            tr("posted on {day}", day=tr.day(row["posted_on"])),
        ]
        column.markdown(f"**{md_escape(label(view, row))}**  \n{md_escape(' · '.join(filter(None, parts)))}")
    if not view.may(Action.DECIDE_TWINS):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kept = st.selectbox(
            tr("Keep"), ids, format_func=opening_number, key=Key.OPENINGS_TWINS.of("keep", *ids), width=160
        )
        free = st.number_input(
            tr("Free seats then"),
            0,
            10_000,
            int(rows.loc[ids, "free"].max()),
            step=1,
            key=Key.OPENINGS_TWINS.of("free", *ids),
            width=160,
        )
        other = next(number for number in ids if number != kept)
        if st.button(tr("They are one: merge"), type="primary", key=Key.OPENINGS_TWINS.of("merge", *ids)):
            save(
                view,
                Action.DECIDE_TWINS,
                lambda c: merge_openings(c, int(kept), other, free=int(free), today=view.today),
                tr("Merged; it can be undone below."),
            )
        if st.button(tr("Not the same"), key=Key.OPENINGS_TWINS.of("apart", *ids)):
            save(
                view,
                Action.DECIDE_TWINS,
                lambda c: keep_apart(c, *ids),
                tr("Kept apart; the pair is not proposed again."),
            )


def _decisions(view: View) -> None:
    """What was decided, newest first."""
    tr = view.tr
    decisions = cache.openings.pairs(view.revision)
    if decisions.empty:
        return
    jobs = cache.overview.facts(view.revision).jobs.set_index("id", drop=False)
    st.markdown(f"**{tr('Pairs that are decided')}**")
    for row in decisions.head(DECISIONS).itertuples(index=False):
        text = N_("{other} merged into {kept}") if row.is_same else N_("{other} and {kept} are not the same")
        words = tr(text, other=label(view, jobs.loc[row.other_id]), kept=label(view, jobs.loc[row.kept_id]))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(md_escape(f"{tr.day(row.decided_at)} · {row.decided_by} · {words}"), width="stretch")
            number = int(row.id)
            if view.may(Action.DECIDE_TWINS) and st.button(tr("Undo"), key=Key.OPENINGS_TWINS.of("undo", number)):
                save(view, Action.DECIDE_TWINS, lambda c, pair=number: undo_decision(c, pair), tr("Undone."))
