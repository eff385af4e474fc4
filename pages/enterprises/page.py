"""Enterprise tiers: which to support, on what evidence, and how reliable that is."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.enterprises.assessment import EnterpriseAssessment
from core.enterprises.figures import axes_scatter, bump, drop_one_bars, rank_intervals, sobol_bars, tier_acceptability
from core.enterprises.goalposts import INDICATORS
from core.enterprises.honest_ranks import CONFIDENT, HonestRanks, held_with_confidence
from core.enterprises.robustness import DRAWS, Draws, drop_one
from core.enterprises.sampling import NOT_VARIED
from core.locale import N_, Translator
from core.terms import EvidenceSource, Tier
from pages import cache
from pages.common.charts import show_chart
from pages.common.heading import empty_state, heading
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.enterprises import board, detail, downloads, review, rules, selection, weights

__all__ = ["render"]

FIRST = (N_("Enterprise"), N_("Score"), N_("Interval"), N_("Possible ranks"))  # on a phone

Show = Callable[[EnterpriseAssessment], None]


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
    ranks = cache.enterprises.ranks(view.revision, view.today)
    draws = ranks.draws
    heading(_finding(assessments, draws, tr), _subtitle(view))
    about_one: dict[str, Show] = {
        tr("Board"): lambda chosen: board.show(view, assessments, ranks, chosen),
        tr("Score and robustness"): lambda _: _robustness(view, assessments, ranks),
        tr("Two axes"): lambda _: show_chart(
            view,
            axes_scatter(assessments, tr, 340 if view.is_handheld else 1200, is_dark=view.is_dark),
            tr("Social responsibility against economic benefit"),
        ),
        tr("History"): lambda chosen: show_chart(
            view,
            bump(assessments, chosen.name, tr, narrow=view.is_handheld, is_dark=view.is_dark),
            tr("Ranks across review periods"),
        ),
    }
    about_all: dict[str, Callable[[], None]] = {
        tr("Weights"): lambda: weights.show(view, assessments),
        tr("Selection"): lambda: selection.show(view, assessments),
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
    chosen, summary_area = _choice(view, assessments, detail_area)
    for name, show in about_one.items():
        if tabs[name].open:
            with tabs[name]:
                show(chosen)
    with summary_area, st.container(horizontal=True, vertical_alignment="center"):
        detail.summary(view, chosen)
        downloads.dossier(view, chosen, ranks)
        downloads.board_workbook(view, assessments, ranks, _subtitle(view))
    with detail_area:
        detail.show(view, chosen, assessments, draws, has_pillars=not tabs[tr("Board")].open)


def _choice(
    view: View, assessments: list[EnterpriseAssessment], area: DeltaGenerator
) -> tuple[EnterpriseAssessment, DeltaGenerator]:
    """The chosen enterprise, and where its summary goes: beside the box that chooses it, above its detail."""
    tr, by_name = view.tr, {a.name: a for a in assessments}
    area.divider()
    left, right = area.columns([1, 2], vertical_alignment="bottom")
    selected = url_choice(
        left.selectbox,
        tr("Enterprise"),
        "enterprise",
        list(by_name),
        assessments[0].name,
        key=Key.ENTERPRISE,
        format_func=tr.name,
    )
    return by_name[selected or assessments[0].name], right


def _finding(assessments: list[EnterpriseAssessment], draws: Draws, tr: Translator) -> str:
    top = [s for s in assessments if s.tier.order >= Tier.BACKBONE.order]
    people = sum(s.target_people for s in assessments)
    return tr(
        "{top} of {n} enterprises are in the two top tiers; all of them employ {people} people of the target group; "
        "{confident} hold their tier with confidence",
        top=len(top),
        n=len(assessments),
        people=tr.number(people),
        confident=len(held_with_confidence(draws, assessments)),
    )


def _subtitle(view: View) -> str:
    """The label of the board: formula, rules, what was drawn."""
    tr, rules = view.tr, cache.enterprises.rules(view.revision, view.today)
    sources = " + ".join(f"{rules.source_weights[s]:.2g} {tr.term(s)}" for s in EvidenceSource)
    return tr(
        "Score = 100 × weighted geometric mean of six pillars, each {sources}; rules {version}. With confidence = the tier on "
        "file in at least {share} of {n} draws of people, weights, means, goalposts and sources. As of {day}.",
        sources=sources,
        version=rules.version,
        share=tr.percent(CONFIDENT, 0),
        n=tr.number(DRAWS),
        day=tr.day(view.today),
    )


def _robustness(view: View, assessments: list[EnterpriseAssessment], ranks: HonestRanks) -> None:
    tr, draws = view.tr, ranks.draws
    if not draws.keys:
        st.info(tr("No enterprise can be rated yet: two thirds of the evidence is required."), icon=":material/info:")
        return
    if len(draws.keys) < 2:
        st.info(tr("At least two rated enterprises are needed to compare ranks."), icon=":material/info:")
        show_chart(
            view, tier_acceptability(draws, assessments, tr, is_dark=view.is_dark), tr("Share of draws in each tier")
        )
        _doubts(view, assessments, ranks)
        return
    left, right = st.columns(2, gap="medium")
    with left:
        show_chart(view, rank_intervals(ranks, assessments, tr), tr("Rank sets of the enterprises"))
    with right:
        show_chart(
            view, tier_acceptability(draws, assessments, tr, is_dark=view.is_dark), tr("Share of draws in each tier")
        )
    _doubts(view, assessments, ranks)
    left, right = st.columns(2, gap="medium")
    with left:
        show_chart(view, drop_one_bars(drop_one(assessments), tr), tr("Rank change when a pillar is dropped"))
    with right:
        with st.spinner(tr("Computing which choice matters most …")):
            effects = cache.enterprises.sobol(view.revision, view.today)
        show_chart(view, sobol_bars(effects, tr), tr("Sobol indices of the choices"))


def _doubts(view: View, assessments: list[EnterpriseAssessment], ranks: HonestRanks) -> None:
    """Each interval with its two parts, and what was not varied."""
    tr, by_key = view.tr, {a.key: a for a in assessments}
    held = set(held_with_confidence(ranks.draws, assessments))
    place = {key: n for n, key in enumerate(ranks.draws.keys)}
    rows = []
    for number, band in enumerate(ranks.bands, 1):
        for key in band:
            n, own = place[key], by_key[key]
            rows.append(
                {
                    tr("Band"): number,
                    tr("Enterprise"): tr.name(own.name),
                    tr("Score"): own.index,
                    tr("Interval"): f"{tr.number(ranks.low[n], 1)}–{tr.number(ranks.high[n], 1)}",
                    tr("due to few people"): 100 * float(ranks.people_share[n]),
                    tr("due to the method"): 100 * (1 - float(ranks.people_share[n])),
                    tr("Possible ranks"): str(ranks.sets.low[n])
                    if ranks.sets.low[n] == ranks.sets.high[n]
                    else f"{ranks.sets.low[n]}–{ranks.sets.high[n]}",
                    tr("Tier on file"): tr.term(own.tier) if own.is_reviewed else "",
                    tr("With confidence"): key in held,
                }
            )
    share = st.column_config.ProgressColumn(min_value=0, max_value=100, format="%.0f%%", color="blue")
    config = {
        tr("Score"): st.column_config.NumberColumn(format="%.1f"),
        tr("due to few people"): share,
        tr("due to the method"): share,
    }
    show_table(view, pd.DataFrame(rows), tr("Intervals and their parts"), first=FIRST, config=config)
    st.caption(
        tr(
            "Interval: 5th to 95th percentile of the draws. Drawn together: the people behind shares and pay (Bayesian "
            "bootstrap, small counts drawn towards the district), pillar weights ± 25%, geometric or arithmetic mean, goalposts "
            "± 10%, weights of the sources. Not varied: {what}, the marks of the panel, the third party's values.",
            what=(", " if tr.is_english else "、").join(tr(i.name) for i in INDICATORS if i.code in NOT_VARIED),
        )
    )
