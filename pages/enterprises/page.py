"""Enterprise tiers: which to support, on what evidence, and how reliable that is."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.enterprises.assessment import EnterpriseAssessment
from core.enterprises.figures import axes_scatter, bump, drop_one_bars, rank_intervals, sobol_bars, tier_acceptability
from core.enterprises.robustness import Draws, drop_one
from core.locale import Translator
from core.terms import Tier
from pages import cache
from pages.common.charts import show_chart
from pages.common.heading import empty_state, heading
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.view import View
from pages.enterprises import board, detail, review, rules, weights

__all__ = ["render"]

Show = Callable[[str], None]
CONFIDENT = 0.7  # share of the draws


def render(view: View) -> None:
    """The finding, four views of all enterprises, and the selected one below."""
    tr = view.tr
    assessments = cache.enterprises.board(view.revision, view.today)
    if not assessments:
        heading(tr("Enterprise tiers"))
        empty_state(
            tr,
            tr(
                "Enterprises recommended for support appear here: tier, score with its interval, and the evidence behind it."
            ),
        )
    draws = cache.enterprises.draws(view.revision, view.today)
    heading(_finding(assessments, draws, tr), _subtitle(view))
    about_one: dict[str, Show] = {
        tr("Board"): lambda selected: board.show(view, assessments, draws, selected),
        tr("Score and robustness"): lambda _: _robustness(view, assessments, draws),
        tr("Two axes"): lambda _: show_chart(
            view,
            axes_scatter(assessments, tr, 340 if view.is_handheld else 1200),
            tr("Social responsibility against economic benefit"),
        ),
        tr("History"): lambda selected: show_chart(
            view, bump(assessments, selected, tr, narrow=view.is_handheld), tr("Ranks across review periods")
        ),
    }
    about_all: dict[str, Callable[[], None]] = {
        tr("Weights"): lambda: weights.show(view, assessments),
        tr("Review round"): lambda: review.show(view, assessments),
        tr("Rules"): lambda: rules.show(view),
    }
    tab_area, detail_area = st.container(), st.container()
    names = [*about_one, *about_all]
    tabs = dict(zip(names, tab_area.tabs(names, key=Key.ENTERPRISE_TAB, bind="query-params"), strict=True))
    for name, show_all in about_all.items():
        if tabs[name].open:
            with tabs[name]:
                show_all()
            return
    selected, summary_area = _choice(view, assessments, detail_area)
    for name, show in about_one.items():
        if tabs[name].open:
            with tabs[name]:
                show(selected)
    assessment = next(a for a in assessments if a.name == selected)
    with summary_area:
        detail.summary(view, assessment)
    with detail_area:
        detail.show(view, assessment, draws)


def _choice(view: View, assessments: list[EnterpriseAssessment], area: DeltaGenerator) -> tuple[str, DeltaGenerator]:
    """The chosen enterprise, and where its summary goes: beside the box that chooses it, above its detail."""
    tr, names = view.tr, [a.name for a in assessments]
    area.divider()
    left, right = area.columns([1, 2], vertical_alignment="bottom")
    selected = url_choice(
        left.selectbox, tr("Enterprise"), "enterprise", names, names[0], key=Key.ENTERPRISE, format_func=tr.name
    )
    return selected or names[0], right


def _finding(assessments: list[EnterpriseAssessment], draws: Draws, tr: Translator) -> str:
    top = [s for s in assessments if s.tier.order >= Tier.BACKBONE.order]
    people = sum(s.target_people for s in assessments)
    on_file = {s.key: s.tier.order for s in assessments}
    confident = sum(shares[on_file[key]] >= CONFIDENT for key, shares in zip(draws.keys, draws.tiers, strict=True))
    return tr(
        "{top} of {n} enterprises are in the two top tiers; all of them employ {people} people of the target group; "
        "{confident} tiers on file are reliable",
        top=len(top),
        n=len(assessments),
        people=tr.number(people),
        confident=confident,
    )


def _subtitle(view: View) -> str:
    return view.tr(
        "Score = 100 × geometric mean of six pillars, each 0.4 monitoring + 0.3 panel + 0.3 third party. Reliable = at least "
        "70% of 10,000 draws of weights, means, goalposts and sources give the tier on file. As of {day}.",
        day=view.tr.day(view.today),
    )


def _robustness(view: View, assessments: list[EnterpriseAssessment], draws: Draws) -> None:
    tr = view.tr
    if not draws.keys:
        st.info(tr("No enterprise can be rated yet: two thirds of the evidence is required."), icon=":material/info:")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        show_chart(view, rank_intervals(draws, assessments, tr), tr("Rank intervals of the enterprises"))
        show_chart(view, drop_one_bars(drop_one(assessments), tr), tr("Rank change when a pillar is dropped"))
    with right:
        show_chart(view, tier_acceptability(draws, assessments, tr), tr("Share of draws in each tier"))
        with st.spinner(tr("Computing which choice matters most …")):
            effects = cache.enterprises.sobol(view.revision, view.today)
        show_chart(view, sobol_bars(effects, tr), tr("Sobol indices of the choices"))
