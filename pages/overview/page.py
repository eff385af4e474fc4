"""How is the district this week, and what must I ask about?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.indicators.funnel import STAGES
from core.indicators.reconciliation import GROUPS
from core.indicators.registry import HEADLINES, INDICATORS
from core.indicators.signals import CHANGES
from core.indicators.tables import RankedUnit
from core.locale import N_
from pages import cache
from pages.common.charts import show_drawn
from pages.common.drilldown import open_rows, show_pending
from pages.common.figure_grid import figure_grid
from pages.common.heading import empty_state, heading
from pages.common.session_keys import Key
from pages.common.view import View
from pages.overview.attention import attention_list
from pages.overview.kpi_card import tile
from pages.overview.series import show_pending_series

__all__ = ["render"]

PANELS, PANEL_WIDTH = 3, 480  # side by side at most, and pixels of the narrowest: three on a wall, two on a desk
PHONE_TILE = 164  # pixels: two beside each other on 360

MORE = (
    "post_development",
    "training_coverage",
    "plan_rate",
    "commissioned_conversion",
    "event_conversion",
    "second_exits",
)
RANKED = ("re_employment", "visit_coverage", "plan_rate", "retention_90", "training_coverage")
RANKINGS = (
    *((RankedUnit.COMMUNITY, code) for code in RANKED),
    (RankedUnit.WORKSHOP, "retention_90"),
    (RankedUnit.EMPLOYER, "retention_90"),
    (RankedUnit.EMPLOYER, "commissioned_conversion"),
    (RankedUnit.EVENT, "event_conversion"),
)
RANKED_NAMES = {
    RankedUnit.COMMUNITY: N_("Communities"),
    RankedUnit.WORKSHOP: N_("Micro-workshops"),
    RankedUnit.EMPLOYER: N_("Employers"),
    RankedUnit.EVENT: N_("Recruitment events"),
}


def render(view: View) -> None:
    """The page: tiles, funnel and cohorts, communities and attention, pool and posts, published figures."""
    tr = view.tr
    if view.is_empty:
        heading(tr("Overview"))
        empty_state(
            tr,
            tr(
                "This page shows the district's week: headline figures, the employment loop, communities and what needs attention."
            ),
        )
    rate = cache.overview.tile(view.revision, view.today, "re_employment")
    heading(
        tr(
            "Re-employment rate {rate}, {change} on last week: {signal}",
            rate=rate.indicator.text(tr, rate.value),
            change=rate.indicator.change(tr, rate.difference),
            signal=tr(CHANGES[rate.change]),
        ),
        tr("Whole district, {week}, as of {day}", week=tr.week(view.today), day=tr.day(view.today)),
    )
    _tiles(view, HEADLINES)
    _panels(view)
    further = tr("Further indicators")
    if view.is_handheld:
        _folded(further, "more", lambda: _tiles(view, MORE, compact=True))
    else:
        st.subheader(further, anchor=False)
        _tiles(view, MORE, compact=True)
    _folded(tr("Published figures"), "figures", lambda: figure_grid(view, definitions=False))
    show_pending(view)
    show_pending_series(view)


def _panels(view: View) -> None:
    """Three beside each other on a wall, two on a desk; on a phone what to do first, and the rest but the loop folded."""
    tr = view.tr
    if view.is_handheld:
        attention_list(view)
        _funnel(view)
        _folded(tr("Re-employment by days since exit and cohort"), "cohorts", lambda: _cohorts(view))
        _folded(tr("Ranking"), "ranking", lambda: _ranking(view))
        _folded(tr("How the counts of people nest"), "pool", lambda: _pool(view))
        _folded(tr("Community posts by field"), "posts", lambda: _posts(view))
        return
    with st.grid(PANELS, min_column_width=PANEL_WIDTH, border=True) as grid:
        for panel in (_funnel, _cohorts, attention_list, _ranking, _pool, _posts):
            with grid.cell():
                panel(view)


def _folded(name: str, code: str, show: Callable[[], None]) -> None:
    """A part below the answer, made and sent only once it is unfolded."""
    with st.expander(name, key=Key.OVERVIEW_SECTION.of(code), on_change="rerun") as section:
        if section.open:
            show()


def _tiles(view: View, codes: Sequence[str], *, compact: bool = False) -> None:
    """Tiles in a row; on a phone two beside each other, without spark lines."""
    with st.container(horizontal=True, gap="small"):
        for code in codes:
            if view.is_handheld:
                with st.container(width=PHONE_TILE):
                    tile(view, code, compact=True)
            else:
                tile(view, code, compact=compact)


def _funnel(view: View) -> None:
    tr = view.tr

    def open_stage(code: str) -> None:
        name, what = STAGES[code]
        open_rows(
            tr(name),
            tr.sentences(tr(what), tr("All stages before as well.")),
            cache.overview.stage_rows(view.revision, view.today, code),
        )

    spec = cache.overview.funnel_spec(view.revision, view.today, tr, view.is_handheld)
    _drillable(
        view,
        spec,
        tr("The employment loop as a funnel"),
        selection="stage",
        keys=(Key.FUNNEL, Key.FUNNEL_STAGE),
        names={code: tr(name) for code, (name, _) in STAGES.items()},
        prompt=tr("Open the people of a stage"),
        on_open=open_stage,
    )


def _pool(view: View) -> None:
    tr = view.tr
    groups = cache.overview.pool_reconciliation(view.revision, view.today)

    def open_group(code: str) -> None:
        _, name, what = GROUPS[code]
        open_rows(tr(name), tr(what), groups[code].rows)

    spec = cache.overview.pool_spec(view.revision, view.today, tr, view.is_handheld)
    _drillable(
        view,
        spec,
        tr("How the counts of people nest"),
        selection="group",
        keys=(Key.POOL, Key.POOL_GROUP),
        names={code: tr(name) for code, (_, name, _) in GROUPS.items() if len(groups[code].rows)},
        prompt=tr("Open the people of a group"),
        on_open=open_group,
    )


def _posts(view: View) -> None:
    tr = view.tr
    spec = cache.overview.posts_spec(view.revision, view.today, tr, view.is_dark)
    show_drawn(view, spec, tr("Community posts by field, head count"))


def _drillable(
    view: View,
    spec: Mapping[str, Any],
    alt: str,
    *,
    selection: str,
    keys: tuple[Key, Key],
    names: Mapping[str, str],
    prompt: str,
    on_open: Callable[[str], None],
) -> None:
    """A chart whose bars open rows, with a select box that does the same from the keyboard.

    ``selection`` is the chart's selection, which carries ``code``; ``keys`` are those of chart and box.
    """
    chart_key, box_key = keys

    def from_chart() -> None:
        picked = st.session_state[chart_key].selection.get(selection) or []
        if picked and picked[0].get("code") in names:
            on_open(picked[0]["code"])

    def from_box() -> None:
        on_open(st.session_state[box_key])
        st.session_state[box_key] = None

    show_drawn(view, spec, alt, key=chart_key, on_select=from_chart, selection_mode=selection)
    st.selectbox(
        prompt,
        list(names),
        index=None,
        format_func=lambda code: names[code],
        placeholder=prompt,
        key=box_key,
        on_change=from_box,
        label_visibility="collapsed",
    )


def _cohorts(view: View) -> None:
    tr = view.tr
    spec = cache.overview.cohort_spec(view.revision, view.today, tr, view.is_handheld)
    show_drawn(view, spec, tr("Re-employment by days since exit and cohort"))
    table = cache.overview.cohorts(view.revision, view.today).mature
    mature = [
        tr("{days} days: {share} (n={n})", days=int(days), share=tr.percent(share) if n else "—", n=int(n))
        for days, share, n in zip(table["horizon"], table["share"], table["n"], strict=True)
    ]
    st.caption(tr("Mature cohorts") + " · " + " · ".join(mature))


@st.fragment
def _ranking(view: View) -> None:
    tr = view.tr

    def label(ranked: tuple[RankedUnit, str]) -> str:
        return f"{tr(RANKED_NAMES[ranked[0]])} · {tr(INDICATORS[ranked[1]].name)}"

    chosen = st.selectbox(tr("Ranking"), RANKINGS, format_func=label, key=Key.RANK_BY)
    unit, code = chosen
    spec = cache.overview.ranking_spec(view.revision, view.today, code, unit, tr, view.is_handheld)
    show_drawn(view, spec, label(chosen))
