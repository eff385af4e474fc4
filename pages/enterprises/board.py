"""The board: a column for each tier, a card for each enterprise."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.enterprises.assessment import FLAGS, EnterpriseAssessment
from core.enterprises.figures import interval_bar
from core.enterprises.honest_ranks import HonestRanks
from core.enterprises.rules import Rules
from core.locale import Translator
from core.terms import Tier
from pages import cache
from pages.common.cards import card_button
from pages.common.charts import show_chart
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["change_text", "show"]


def show(view: View, assessments: Sequence[EnterpriseAssessment], ranks: HonestRanks, selected: str) -> None:
    """Columns from the highest tier to the lowest; a click on a card selects the enterprise shown below."""
    tr, rules = view.tr, cache.enterprises.rules(view.revision, view.today)
    bands = {key: (ranks.low[k], ranks.high[k]) for k, key in enumerate(ranks.draws.keys)}
    for column, tier in zip(st.columns(len(Tier), gap="small"), reversed(Tier), strict=True):
        with column:
            members = [s for s in assessments if s.tier is tier and s.is_reviewed]
            st.markdown(f"**{tr.term(tier)}** · {tr.plural('{n} enterprise', '{n} enterprises', len(members))}")
            st.caption(_bounds(tier, rules, tr))
            for assessment in members:
                with st.container(border=True, gap="small"):
                    _card(view, assessment, bands.get(assessment.key), is_selected=assessment.name == selected)
    new = [s for s in assessments if not s.is_reviewed]
    if new:
        st.markdown(
            f"**{tr('Not reviewed yet, in no tier')}** · {tr.plural('{n} enterprise', '{n} enterprises', len(new))}"
        )
        for start in range(0, len(new), len(Tier)):
            for column, assessment in zip(
                st.columns(len(Tier), gap="small"), new[start : start + len(Tier)], strict=False
            ):
                with column.container(border=True, gap="small"):
                    _card(view, assessment, None, is_selected=assessment.name == selected)


def _bounds(tier: Tier, rules: Rules, tr: Translator) -> str:
    if tier is Tier.WATCH:
        return tr("below {high}, or a breach", high=tr.number(rules.thresholds[0]))
    if tier is Tier.LEADER:
        return tr("from {low}", low=tr.number(rules.thresholds[-1]))
    return tr(
        "{low} to {high}", low=tr.number(rules.thresholds[tier.order - 1]), high=tr.number(rules.thresholds[tier.order])
    )


def change_text(assessment: EnterpriseAssessment, tr: Translator) -> str:
    """▲ or ▼ with signed points against the review before; empty without one."""
    if assessment.change is None:
        return ""
    shape = "▲" if assessment.change > 0.05 else "▼" if assessment.change < -0.05 else "＝"
    return f"{shape} {tr.signed(assessment.change)}"


def _card(view: View, assessment: EnterpriseAssessment, band: tuple[float, float] | None, *, is_selected: bool) -> None:
    tr = view.tr
    card_button(
        view,
        assessment.name,
        key=Key.ENTERPRISE_CARD.of(assessment.key),
        is_selected=is_selected,
        on_select=_select,
        help=tr("Show the evidence below"),
    )
    if assessment.index is None:
        opened = tr("opened {day}", day=tr.day(assessment.opened_on)) if assessment.opened_on else ""
        st.markdown(tr("not rated") if assessment.is_reviewed else opened)
    else:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.markdown(f"### {tr.number(assessment.index, 1)}", width="content")
            st.caption(change_text(assessment, tr), width="content", help=tr("Points against the review before"))
        if band is not None:
            alt = tr(
                "Score {index}, interval {low} to {high}",
                index=tr.number(assessment.index, 1),
                low=tr.number(band[0], 1),
                high=tr.number(band[1], 1),
            )
            chart = interval_bar(assessment.index, *band, assessment.rules.thresholds)
            show_chart(view, chart, alt, key=Key.ENTERPRISE_BAR.of(assessment.key))
    weakest = assessment.score.weakest
    lines = [
        tr("weakest: {pillar} {value}", pillar=tr.term(weakest.pillar), value=tr.number((weakest.value or 0) * 100))
        if weakest
        else "",
        tr.plural("{n} person of the target group", "{n} people of the target group", assessment.target_people),
        *(f"⚑ {tr(FLAGS[flag])}" for flag in assessment.flags),
    ]
    st.caption("  \n".join(line for line in lines if line))


def _select(name: str) -> None:
    st.session_state[Key.ENTERPRISE] = name
