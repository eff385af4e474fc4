"""What work is free, is it still free, and where did it come from? Openings, probable twins, sources, what goes out."""

from __future__ import annotations

import streamlit as st

from core.jobs.openings.listing import OpeningState
from core.locale import N_
from core.policy import Action
from core.store.settings import parameter
from pages import cache
from pages.common import drilldown
from pages.common.heading import empty_state, heading
from pages.common.parts import Part, choose_part, show_part
from pages.common.query_params import query_param, set_query_param
from pages.common.session_keys import Key
from pages.common.view import View
from pages.openings import forms, listing, opening, publish, sources, twins

__all__ = ["render"]

NEW = "new"


def render(view: View) -> None:
    """One opening when the address names one, the form of a new one, else one of the parts under the finding."""
    tr = view.tr
    if view.is_empty:
        heading(tr("Openings and platforms"))
        empty_state(
            tr,
            tr(
                "This page shows the openings: free seats, when they were confirmed, where they came from, what goes out."
            ),
        )
    number = query_param("opening")
    jobs = cache.overview.facts(view.revision).jobs
    if number == NEW and view.may(Action.SAVE_OPENING):
        forms.new_opening(view)
    elif number.isdecimal() and (jobs["id"] == int(number)).any():
        opening.show(view, int(number))
    else:
        _overview(view)
    drilldown.show_pending(view)


def _finding(view: View) -> tuple[str, str]:
    tr = view.tr
    rows = cache.openings.listing(view.revision, view.today)
    in_search = rows[rows["opening_state"].isin((OpeningState.LIVE, OpeningState.STALE))]
    stale = int((rows["opening_state"] == OpeningState.STALE).sum())
    return (
        tr.plural(
            "{n} opening with {seats} free seats; {stale} to be confirmed",
            "{n} openings with {seats} free seats; {stale} to be confirmed",
            len(in_search),
            seats=tr.number(int(in_search["free"].sum())),
            stale=tr.number(stale),
        ),
        tr(
            "Open, before their closing date and with free seats, or to be confirmed: not confirmed for over {n} days. As of {day}.",
            n=tr.number(parameter(cache.store.parameters(view.revision), "stale_opening_days", view.today)),
            day=tr.day(view.today),
        ),
    )


def _overview(view: View) -> None:
    tr = view.tr
    top = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        part = choose_part(view, PARTS, key=Key.OPENINGS_PART)
        if view.may(Action.SAVE_OPENING) and st.button(tr("New opening"), icon=":material/add:"):
            set_query_param("opening", NEW)
            st.rerun()
    show_part(view, part, top=top)


PARTS = {  # by their code in the address
    "list": Part(N_("All openings"), _finding, listing.show),
    "twins": Part(N_("Probable twins"), twins.finding, twins.show),
    "sources": Part(N_("What sources yield"), sources.finding, sources.show),
    "publish": Part(N_("Publish"), publish.finding, publish.show),
}
