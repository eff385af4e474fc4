"""The board: a column for each tier, a card for each enterprise."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.enterprises.board import FLAGS, Standing
from core.enterprises.figures import interval_bar
from core.enterprises.robustness import Draws
from core.enterprises.tiers import THRESHOLDS
from core.locale import Translator
from core.terms import Tier
from pages.common.escape import md_escape
from pages.common.view import View

__all__ = ["change_text", "show"]


def show(view: View, standings: Sequence[Standing], draws: Draws, chosen: str) -> None:
    """Columns from the highest tier to the lowest; a click on a card chooses the enterprise below."""
    tr = view.tr
    low, _, high = draws.quantiles(draws.scores) if draws.keys else ((), (), ())
    bands = {key: (low[k], high[k]) for k, key in enumerate(draws.keys)}
    for column, tier in zip(st.columns(len(Tier), gap="small"), reversed(Tier), strict=True):
        with column:
            members = [s for s in standings if s.tier is tier]
            st.markdown(f"**{tr.term(tier)}** · {tr.plural('{n} enterprise', '{n} enterprises', len(members))}")
            st.caption(_bounds(tier, tr))
            for standing in members:
                with st.container(border=True, gap="small"):
                    _card(view, standing, bands.get(standing.key), standing.name == chosen)


def _bounds(tier: Tier, tr: Translator) -> str:
    if tier is Tier.WATCH:
        return tr("below {high}, or a breach", high=tr.number(THRESHOLDS[0]))
    if tier is Tier.LEADER:
        return tr("from {low}", low=tr.number(THRESHOLDS[-1]))
    return tr("{low} to {high}", low=tr.number(THRESHOLDS[tier.order - 1]), high=tr.number(THRESHOLDS[tier.order]))


def change_text(standing: Standing, tr: Translator) -> str:
    """▲ or ▼ with points against the last review; the sign tells it without the shape."""
    if standing.change is None:
        return ""
    shape = "▲" if standing.change > 0.05 else "▼" if standing.change < -0.05 else "＝"
    return f"{shape} {tr.signed(standing.change)}"


def _card(view: View, standing: Standing, band: tuple[float, float] | None, is_chosen: bool) -> None:
    tr = view.tr
    st.button(
        md_escape(standing.name),
        key=f"enterprise_card_{standing.key}",
        type="primary" if is_chosen else "secondary",
        on_click=_choose,
        args=(standing.name,),
        width="stretch",
        help=tr("Show the evidence below"),
    )
    if standing.index is None:
        st.markdown(tr("not rated"))
    else:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.markdown(f"### {tr.number(standing.index, 1)}", width="content")
            st.caption(change_text(standing, tr), width="content", help=tr("Points against the review before"))
        if band is not None:
            text = tr("Score {index}, interval {low} to {high}", index=tr.number(standing.index, 1), low=tr.number(band[0], 1),
                      high=tr.number(band[1], 1))  # fmt: skip
            chart = interval_bar(standing.index, *band)
            st.altair_chart(chart, key=f"enterprise_bar_{standing.key}", alt=text)
    weakest = standing.score.weakest
    lines = [
        tr("weakest: {pillar} {value}", pillar=tr.term(weakest.pillar), value=tr.number((weakest.value or 0) * 100))
        if weakest
        else "",
        tr.plural("{n} person of the target group", "{n} people of the target group", standing.target_people),
        *(f"⚑ {tr(FLAGS[flag])}" for flag in standing.flags),
    ]
    st.caption("  \n".join(line for line in lines if line))


def _choose(name: str) -> None:
    st.session_state["enterprise"] = name
