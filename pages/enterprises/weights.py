"""Other weights of the pillars: the live order, how far each weight may move, and what a wanted place would take."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.enterprises.assessment import EnterpriseAssessment
from core.enterprises.tiers import level_of, tier_of
from core.enterprises.weights import Challenge, Ranking, least_change, ranking_of, whole_weights
from core.locale import N_, Translator
from core.matching.ranking.scoring import NoWeights
from core.matching.ranking.stability import Band
from core.terms import Pillar, Tier
from pages import cache
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.enterprises import live_order

__all__ = ["show"]

FIRST = (N_("Enterprise"), N_("Position"), N_("Moved"), N_("Score"))  # on a phone
LARGEST = 50  # the slider of the heaviest pillar at first


@st.fragment
def show(view: View, assessments: list[EnterpriseAssessment]) -> None:
    """Sliders above, order left, challenge right; nothing here is stored."""
    tr, ranking = view.tr, ranking_of(assessments)
    if len(ranking.keys) < 2:
        st.info(tr("At least two rated enterprises are needed to compare weights."), icon=":material/info:")
        return
    rules = cache.enterprises.rules(view.revision, view.today)
    names = {a.key: tr.name(a.name) for a in assessments}
    in_top = sum(a.tier.order >= Tier.BACKBONE.order for a in assessments if a.key in ranking.keys)
    top_n = st.number_input(
        tr("Places that count"),
        1,
        len(ranking.keys),
        min(max(in_top, 1), len(ranking.keys)),
        key=Key.PILLAR_PLACES,
        width=200,
    )
    published = {p: max(round(LARGEST * w / max(rules.weights.values())), 0) for p, w in rules.weights.items()}
    moved = any(st.session_state.get(Key.PILLAR_WEIGHT.of(p.value), published[p]) != published[p] for p in Pillar)
    st.button(  # always there: sliders that it pushed down would lose the keyboard
        tr("Back to the weights in force"),
        on_click=_reset,
        args=(published,),
        icon=":material/undo:",
        disabled=not moved,
    )
    columns = st.columns(len(Pillar) if not view.is_handheld else 2)
    sliders, band_areas = {}, []
    for n, pillar in enumerate(Pillar):
        key = Key.PILLAR_WEIGHT.of(pillar.value)
        st.session_state.setdefault(key, published[pillar])
        cell = columns[n % len(columns)].container()
        sliders[pillar] = cell.slider(tr.term(pillar), 0, 100, key=key)
        band_areas.append(cell)
    try:
        weights = whole_weights(sliders)
    except NoWeights:
        st.warning(tr("Every weight is zero: there is nothing to rank by."))
        return
    bands = ranking.bands(weights, int(top_n))
    for area, band in zip(band_areas, bands, strict=True):
        area.caption(_band_text(band, int(top_n), tr))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _order(view, ranking, sliders, published, names)
    with right:
        _swaps(bands, names, tr)
        _challenge(view, ranking, sliders, names)


def _reset(published: Mapping[Pillar, int]) -> None:
    for pillar, value in published.items():
        st.session_state[Key.PILLAR_WEIGHT.of(pillar.value)] = value


def _band_text(band: Band, top_n: int, tr: Translator) -> str:
    return tr(
        "{share}; the first {n} hold from {low} to {high}",
        share=tr.percent(band.weight),
        n=top_n,
        low=tr.percent(band.low),
        high=tr.percent(band.high),
    )


def _order(
    view: View,
    ranking: Ranking,
    sliders: Mapping[Pillar, int],
    published: Mapping[Pillar, int],
    names: Mapping[int, str],
) -> None:
    """Place, change against the weights in force, score and the tier that the score alone would give: bars and table."""
    tr, rules = view.tr, cache.enterprises.rules(view.revision, view.today)
    weights = whole_weights(sliders)
    before = {key: n for n, key in enumerate(ranking.order(whole_weights(published)), 1)}
    scores = dict(zip(ranking.keys.tolist(), ranking.index(weights).tolist(), strict=True))
    rows = []
    for place, key in enumerate(ranking.order(weights), 1):
        moved = before[key] - place
        rows.append(
            {
                tr("Position"): place,
                tr("Moved"): f"▲ {moved}" if moved > 0 else f"▼ {-moved}" if moved < 0 else "",
                tr("Enterprise"): names[key],
                tr("Score"): scores[key],
                tr("Tier by score alone"): tr.term(tier_of(level_of(scores[key], rules.thresholds))),
            }
        )
    config = {tr("Score"): st.column_config.NumberColumn(format="%.1f")}
    live_order.show(view, ranking, sliders, published, names, rules.thresholds)
    with st.expander(tr("As a table")):
        show_table(view, pd.DataFrame(rows), tr("Order under these weights"), first=FIRST, config=config)


def _swaps(bands: tuple[Band, ...], names: Mapping[int, str], tr: Translator) -> None:
    """The nearest change of each weight that changes the leading group, nearest first."""
    lines = []
    for pillar, band in sorted(zip(Pillar, bands, strict=True), key=lambda pair: pair[1].margin):
        for swap in (band.below, band.above):
            if swap is not None and swap.enters is not None and swap.leaves is not None:
                lines.append(
                    (
                        abs(swap.at - band.weight),
                        tr(
                            "{pillar} at {share}: {enters} for {leaves}",
                            pillar=tr.term(pillar),
                            share=tr.percent(swap.at),
                            enters=md_escape(names[swap.enters]),
                            leaves=md_escape(names[swap.leaves]),
                        ),
                    )
                )
    st.markdown(f"**{tr('What would change the leading group first')}**")
    if lines:
        st.markdown("\n".join(f"- {text}" for _, text in sorted(lines)[:3]))
    else:
        st.caption(tr("No single weight changes it, from 0 to 100%."))


def _challenge(view: View, ranking: Ranking, sliders: Mapping[Pillar, int], names: Mapping[int, str]) -> None:
    """Which least change of weights would put an enterprise where somebody wants it."""
    tr, weights = view.tr, whole_weights(sliders)
    st.markdown(f"**{tr('Challenge: what would have to count more?')}**")
    order = ranking.order(weights)
    left, right = st.columns([3, 1])
    key = left.selectbox(
        tr("Enterprise"),
        order,
        index=min(1, len(order) - 1),
        format_func=names.__getitem__,
        key=Key.CHALLENGE_ENTERPRISE,
    )
    place = int(right.number_input(tr("Wanted place"), 1, len(order), 1, key=Key.CHALLENGE_PLACE))
    challenge = least_change(ranking, key, place, weights)
    if challenge is None:
        st.caption(tr("No weights bring {name} to place {place}.", name=md_escape(names[key]), place=place))
    elif not challenge.changes:
        st.caption(tr("{name} holds place {place} or a better one already.", name=md_escape(names[key]), place=place))
    else:
        _show_challenge(challenge, names, tr)
    st.caption(
        tr("A challenge to the ranking, not a setting: it stores nothing. Weights change under “Rules”, with a reason.")
    )


def _show_challenge(challenge: Challenge, names: Mapping[int, str], tr: Translator) -> None:
    st.markdown(
        tr(
            "{name} reaches place {place} when {share} of all weight changes hands:",
            name=md_escape(names[challenge.key]),
            place=challenge.place,
            share=tr.percent(challenge.shifted),
        )
    )
    st.markdown(
        "\n".join(
            f"- {tr.term(pillar)} {tr.percent(before)} → {tr.percent(after)}"
            for pillar, before, after in challenge.changes
        )
    )
    if challenge.passed:
        st.caption(tr("Then behind it: {names}", names="、".join(md_escape(names[k]) for k in challenge.passed)))
