"""Enterprise tiers: whom do we back, on what evidence, and how sure are we?"""

from __future__ import annotations

import streamlit as st

from core.enterprises.board import Standing
from core.enterprises.figures import axes_scatter, bump, drop_one_bars, rank_intervals, sobol_bars, tier_acceptability
from core.enterprises.robustness import Draws, drop_one
from core.locale import Translator
from core.terms import Tier
from pages import cache
from pages.common.heading import empty_state, heading
from pages.common.view import View
from pages.enterprises import board as board_panel
from pages.enterprises import detail

__all__ = ["render"]

SURE = 0.7  # of the draws


def render(view: View) -> None:
    """The finding, four ways to look at all enterprises, and the chosen one below."""
    tr = view.tr
    standings = cache.enterprises.enterprise_board(view.revision, view.today)
    if not standings:
        heading(tr("Enterprise tiers"))
        empty_state(
            tr,
            tr("Here stand the enterprises worth backing: tier, score with its interval, and the evidence behind it."),
        )
    draws = cache.enterprises.enterprise_draws(view.revision, view.today)
    heading(_finding(standings, draws, tr), _subtitle(view))
    chosen = _chosen(standings)
    names = [tr("Board"), tr("Score and robustness"), tr("Two axes"), tr("History")]
    board, robust, axes, history = st.tabs(names, key="enterprise_tab", bind="query-params")
    with board:
        board_panel.show(view, standings, draws, chosen)
    if robust.open:
        with robust:
            _robust(view, standings, draws)
    if axes.open:
        axes.altair_chart(axes_scatter(standings, tr), alt=tr("Social responsibility against economic benefit"))
    if history.open:
        history.altair_chart(bump(standings, chosen, tr), alt=tr("Ranks across review periods"))
    names = [s.name for s in standings]
    st.divider()
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    name = left.selectbox(tr("Enterprise"), names, key="enterprise", bind="query-params")
    standing = next(s for s in standings if s.name == name)
    with right:
        detail.summary(view, standing)
    detail.show(view, standing, draws)


def _chosen(standings: list[Standing]) -> str:
    """The enterprise that the select box will show: this session's choice, else the address, else the first."""
    wanted = st.session_state.get("enterprise") or st.query_params.get("enterprise")
    names = [s.name for s in standings]
    return wanted if wanted in names else names[0]


def _finding(standings: list[Standing], draws: Draws, tr: Translator) -> str:
    top = [s for s in standings if s.tier.order >= Tier.BACKBONE.order]
    people = sum(s.target_people for s in standings)
    on_file = {s.key: s.tier.order for s in standings}
    sure = sum(shares[on_file[key]] >= SURE for key, shares in zip(draws.keys, draws.tiers, strict=True))
    return tr(
        "{top} of {n} enterprises stand in the two top tiers; {people} people of the target group work at all of them; "
        "the tier on file of {sure} is sure",
        top=len(top),
        n=len(standings),
        people=tr.number(people),
        sure=sure,
    )


def _subtitle(view: View) -> str:
    return view.tr(
        "Score = 100 × geometric mean of six pillars, each 0.4 monitoring + 0.3 panel + 0.3 third party. Sure = at least "
        "70% of 10,000 draws of weights, means, goalposts and sources give the tier on file. As of {day}.",
        day=view.tr.day(view.today),
    )


def _robust(view: View, standings: list[Standing], draws: Draws) -> None:
    tr = view.tr
    if not draws.keys:
        st.info(tr("No enterprise can be rated yet: two thirds of the evidence must be there."), icon=":material/info:")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.altair_chart(rank_intervals(draws, standings, tr), alt=tr("Rank intervals of the enterprises"))
        st.altair_chart(drop_one_bars(drop_one(standings), tr), alt=tr("Rank change when a pillar is dropped"))
    with right:
        st.altair_chart(tier_acceptability(draws, standings, tr), alt=tr("Share of draws in each tier"))
        with st.spinner(tr("Reckoning which choice matters most …")):
            effects = cache.enterprises.enterprise_sobol(view.revision, view.today)
        st.altair_chart(sobol_bars(effects, tr), alt=tr("Sobol indices of the choices"))
