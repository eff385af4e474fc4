"""The board: a column for each tier, a small card for each enterprise, the chosen one beside them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.enterprises.assessment import FLAGS, EnterpriseAssessment, Flag
from core.enterprises.figures import interval_bar, pillar_sources
from core.enterprises.honest_ranks import HonestRanks
from core.enterprises.rules import Rules
from core.locale import Translator
from core.terms import Tier
from pages import cache
from pages.cache.charts import built
from pages.common.cards import card_button
from pages.common.charts import show_built
from pages.common.escape import md_escape
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["show"]

SPARKS = "▁▂▃▄▅▆▇█"
PHONE_CARD = 140  # pixels at least, so that two fit beside each other
LOWEST, HIGHEST = 30.0, 100.0  # points that the sparkline spans
Interval = tuple[float, float]


def show(
    view: View, assessments: Sequence[EnterpriseAssessment], ranks: HonestRanks, chosen: EnterpriseAssessment
) -> None:
    """Columns from the highest tier to the lowest; a click on a card shows that enterprise beside the board."""
    intervals = {key: (float(ranks.low[k]), float(ranks.high[k])) for k, key in enumerate(ranks.draws.keys)}
    left, right = st.columns([5, 2], gap="medium")
    with right:
        shown = _filtered(view, assessments)
        _chosen(view, chosen, intervals.get(chosen.key))
    with left:
        _columns(view, shown, intervals, chosen)


def _filtered(view: View, assessments: Sequence[EnterpriseAssessment]) -> list[EnterpriseAssessment]:
    """The enterprises of the chosen product family and community."""
    tr = view.tr
    products = cache.enterprises.profile_rows(view.revision).products
    makers = built(_makers, products, [a.key for a in assessments])
    communities = sorted({a.community for a in assessments if a.community})
    left, right = st.columns(2)
    family = url_choice(
        left.selectbox, tr("Product family"), "family", list(makers), None, key=Key.ENTERPRISE_FAMILY,
        index=None, placeholder=tr("Product family"), label_visibility="collapsed",
    )  # fmt: skip
    community = url_choice(
        right.selectbox, tr("Community"), "community", communities, None, key=Key.ENTERPRISE_COMMUNITY,
        index=None, placeholder=tr("Community"), label_visibility="collapsed", format_func=tr.name,
    )  # fmt: skip
    return [
        a
        for a in assessments
        if (family is None or a.key in makers[family]) and (community is None or a.community == community)
    ]


def _makers(products: pd.DataFrame, keys: Sequence[int]) -> dict[str, set[int]]:
    """Product family, in order → the enterprises among ``keys`` that make it."""
    here = products[products["employer_id"].isin(keys)].dropna(subset="family")
    return {family: {int(key) for key in own} for family, own in here.groupby("family")["employer_id"]}


def _columns(
    view: View,
    shown: Sequence[EnterpriseAssessment],
    intervals: dict[int, Interval],
    chosen: EnterpriseAssessment,
) -> None:
    tr, rules = view.tr, cache.enterprises.rules(view.revision, view.today)
    for column, tier in zip(st.columns(len(Tier), gap="small"), reversed(Tier), strict=True):
        members = [a for a in shown if a.tier is tier and a.is_reviewed]
        with column:
            st.markdown(f"**{tr.term(tier)}** {len(members)} :small[:gray[{_bounds(tier, rules, tr)}]]")
            _cards(view, members, intervals, chosen)
    new = [a for a in shown if not a.is_reviewed]
    if new:
        st.markdown(f"**{tr('Not reviewed yet, in no tier')}** {len(new)}")
        for start in range(0, len(new), len(Tier)):
            columns = st.columns(len(Tier), gap="small")
            for column, assessment in zip(columns, new[start : start + len(Tier)], strict=False):
                with column:
                    _card(view, assessment, None, is_selected=assessment is chosen)


def _cards(
    view: View, members: Sequence[EnterpriseAssessment], intervals: dict[int, Interval], chosen: EnterpriseAssessment
) -> None:
    """One below the other; on a phone two beside each other."""
    if not view.is_handheld:
        for assessment in members:
            _card(view, assessment, intervals.get(assessment.key), is_selected=assessment is chosen)
    elif members:
        with st.grid(2, min_column_width=PHONE_CARD) as grid:
            for assessment in members:
                with grid.cell():
                    _card(view, assessment, intervals.get(assessment.key), is_selected=assessment is chosen)


def _bounds(tier: Tier, rules: Rules, tr: Translator) -> str:
    if tier is Tier.WATCH:
        return tr("below {high}, or a breach", high=tr.number(rules.thresholds[0]))
    if tier is Tier.LEADER:
        return tr("from {low}", low=tr.number(rules.thresholds[-1]))
    low, high = rules.thresholds[tier.order - 1], rules.thresholds[tier.order]
    return tr("{low} to {high}", low=tr.number(low), high=tr.number(high))


def _card(view: View, assessment: EnterpriseAssessment, interval: Interval | None, *, is_selected: bool) -> None:
    """The name as a button, below it two lines: score, interval, change and history; what is missing and what is flagged."""
    tr = view.tr
    with st.container(gap=None):
        card_button(
            view,
            assessment.name,
            key=Key.ENTERPRISE_CARD.of(assessment.key),
            is_selected=is_selected,
            on_select=_select,
            help=tr("Show it beside the board"),
        )
        if assessment.index is None:
            opened = tr("opened {day}", day=tr.day(assessment.opened_on)) if assessment.opened_on else ""
            first = tr("not rated") if assessment.is_reviewed else opened
        else:
            range_text = "" if interval is None else f"({tr.number(interval[0])}–{tr.number(interval[1])})"
            first = (
                f"**{tr.number(assessment.index, 1)}** {range_text} {_change(assessment, tr)} {_sparkline(assessment)}"
            )
        st.caption(f"{first}  \n{_second_line(assessment, tr)}")


def _second_line(assessment: EnterpriseAssessment, tr: Translator) -> str:
    """Points to the next tier, people of the target group, a mark for each flag that asks for attention."""
    parts = []
    if assessment.is_reviewed and assessment.points_to_next is not None:
        points = assessment.points_to_next
        parts.append(tr("{points} to next", points=tr.number(points, 1)) if points > 0 else tr("next reached"))
    parts.append(tr.plural("{n} person", "{n} persons", assessment.target_people))
    flags = [flag for flag in assessment.flags if flag is not Flag.NEW]
    if flags:
        parts.append(f"⚑{len(flags)}")
    return " · ".join(parts)


def _change(assessment: EnterpriseAssessment, tr: Translator) -> str:
    """▲ or ▼ with points against the review before; empty without one."""
    if assessment.change is None:
        return ""
    shape = "▲" if assessment.change > 0.05 else "▼" if assessment.change < -0.05 else "＝"
    return f"{shape}{tr.number(abs(assessment.change), 1)}"


def _sparkline(assessment: EnterpriseAssessment) -> str:
    """The scores of the reviews, oldest first, as blocks of eight heights between 30 and 100 points."""
    scores = [p.index for p in assessment.history if p.index is not None]
    heights = [(min(max(s, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST) for s in scores[-6:]]
    return "".join(SPARKS[min(int(h * len(SPARKS)), len(SPARKS) - 1)] for h in heights)


def _chosen(view: View, assessment: EnterpriseAssessment, interval: Interval | None) -> None:
    """The chosen enterprise: score with interval, flags, pillars by source."""
    tr = view.tr
    tier = tr.term(assessment.tier) if assessment.is_reviewed else tr("not reviewed yet")
    score = tr("not rated") if assessment.index is None else tr.number(assessment.index, 1)
    st.markdown(f"**{md_escape(tr.name(assessment.name))}** · {tier} · **{score}**")
    if assessment.index is not None and interval is not None:
        alt = tr(
            "Score {index}, interval {low} to {high}",
            index=score,
            low=tr.number(interval[0], 1),
            high=tr.number(interval[1], 1),
        )
        bar = (assessment.index, *interval, assessment.rules.thresholds)
        show_built(view, alt, interval_bar, *bar, key=Key.ENTERPRISE_BAR.of(assessment.key))
    flags = [f"⚑ {tr(FLAGS[flag])}" for flag in assessment.flags if flag is not Flag.NEW]
    if flags:
        st.caption(" · ".join(flags))
    show_built(view, tr("Pillars of {name} by source", name=assessment.name), pillar_sources, assessment, tr)


def _select(name: str) -> None:
    st.session_state[Key.ENTERPRISE] = name
