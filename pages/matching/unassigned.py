"""Beside the proposal for the district: what one more seat would bring, and who is left without a place and why."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.locale import N_
from core.matching.assignment.district import District, Proposal, unplaced
from core.matching.inputs.limits import LIMITS
from pages.common.escape import md_escape
from pages.matching.context import Look

__all__ = ["complaint", "one_more", "people"]

WHY = {
    "taken": N_("seats go to others who gain more ({n} openings fit)"),
    "visit": N_("too little is known: visit first ({n} openings pass)"),
    "verify": N_("a limit can't be told ({n} openings to verify)"),
}
RULED_OUT = N_("{limit}: ruled out of {n} openings")
NAMED = 3  # openings whose further seat is solved for


def complaint(look: Look, found: Proposal) -> None:
    """What it costs that no pair would both rather have each other."""
    tr, best, stable = look.view.tr, found.optimum, found.best_pair
    st.caption(
        tr(
            "The price of no complaint: best pair first leaves no blocking pair, but places {a} fewer and gives {b} points less in all; the optimum leaves {n} blocking pairs.",
            a=tr.number(best.placed - stable.placed),
            b=tr.number(100 * (best.total - stable.total), 1),
            n=tr.number(found.blocking(best)),
        )
    )


def one_more(look: Look, found: Proposal) -> None:
    """For the openings that would gain most: who would be placed by one more seat."""
    tr, best = look.view.tr, found.optimum
    order = np.lexsort((-best.price, -best.extra))[:NAMED]
    told = []
    for job in order[(best.extra[order] > 0) & (found.seats[order] > 0)].tolist():
        names = tr(", ").join(look.person_name(person) for person in found.one_more(job))
        if names:
            told.append(tr("One more seat at “{job}” would place {names}.", job=look.job_name(job), names=names))
    if told:
        st.markdown("  \n".join(md_escape(text) for text in told))


def people(look: Look, whole: District, found: Proposal) -> None:
    """Everyone in play whom the proposal leaves out, with the reason."""
    tr, left = look.view.tr, unplaced(whole, found)
    if not left:
        return
    limits = {limit.code: tr(limit.label) for limit in LIMITS}
    reasons = [
        tr(WHY[why], n=tr.number(n)) if why in WHY else tr(RULED_OUT, limit=limits[why], n=tr.number(n))
        for _, why, n in left
    ]
    title = tr.plural("{n} person stays without a place", "{n} people stay without a place", len(left))
    with st.expander(title, expanded=False):
        st.dataframe(
            pd.DataFrame(
                {
                    tr("Person"): [look.person_name(person) for person, _, _ in left],
                    tr("Community"): look.pool.people["community"].iloc[[person for person, _, _ in left]].to_numpy(),
                    tr("Reason"): reasons,
                }
            ),
            hide_index=True,
            height=260,
            alt=title,
        )
