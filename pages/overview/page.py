"""How is the district this week, and what must I ask about?"""

from __future__ import annotations

import streamlit as st

from core.indicators import figures
from core.indicators.funnel import STAGES
from pages import cache
from pages.common.charts import show_chart
from pages.common.drilldown import open_rows, show_pending
from pages.common.figure_grid import figure_grid
from pages.common.heading import empty_state, heading
from pages.common.session_keys import Key
from pages.common.view import View
from pages.overview.attention import attention_list
from pages.overview.kpi_card import tile

__all__ = ["render"]

TILES = ("re_employment", "post_fill", "station_use", "visit_coverage", "skills_per_person", "retention_90")
RANKED = ("re_employment", "visit_coverage", "plan_rate", "retention_90", "training_coverage")


def render(view: View) -> None:
    """The page: tiles, funnel and cohorts, communities and attention, posts, published figures."""
    tr = view.tr
    if view.is_empty:
        heading(tr("Overview"))
        empty_state(
            tr,
            tr(
                "This page shows the district's week: headline figures, the employment loop, communities and what needs attention."
            ),
        )
    rate = cache.overview.measured(view.revision, view.today, "re_employment")
    heading(
        tr(
            "Re-employment rate {rate}, {change} on last week",
            rate=rate.indicator.text(tr, rate.value),
            change=rate.indicator.change(tr, rate.change()),
        ),
        tr("Whole district, {week}, as of {day}", week=tr.week(view.today), day=tr.day(view.today)),
    )
    for column, code in zip(st.columns(len(TILES)), TILES, strict=True):
        with column:
            tile(view, code)
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        _funnel(view)
    with right.container(border=True, height="stretch"):
        _cohorts(view)
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        _communities(view)
    with right.container(border=True, height="stretch"):
        attention_list(view)
    with st.container(border=True):
        posts = cache.overview.posts_by_field(view.revision, view.today)
        show_chart(view, figures.posts_chart(tr, posts), tr("Community posts by field, head count"))
    st.subheader(tr("Published figures"), anchor=False)
    figure_grid(view, definitions=False)
    show_pending(view)


def _funnel(view: View) -> None:
    tr = view.tr
    funnel = cache.overview.funnel(view.revision, view.today)
    people = int(funnel["n"][0] + funnel["lost"][0])  # everyone who was ever in the pool

    def open_stage(code: str | None) -> None:
        if code in STAGES:
            name, what = STAGES[code]
            open_rows(
                tr(name),
                tr(what) + " " + tr("All stages before as well."),
                cache.overview.stage_rows(view.revision, view.today, code),
            )

    def from_chart() -> None:
        picked = st.session_state[Key.FUNNEL].selection.get("stage") or []
        open_stage(picked[0].get("code") if picked else None)

    def from_list() -> None:
        open_stage(st.session_state[Key.FUNNEL_STAGE])
        st.session_state[Key.FUNNEL_STAGE] = None

    chart = figures.funnel_chart(tr, funnel, people)
    show_chart(
        view, chart, tr("The employment loop as a funnel"), key=Key.FUNNEL, on_select=from_chart, selection_mode="stage"
    )
    st.selectbox(
        tr("Open the people of a stage"),
        list(STAGES),
        index=None,
        format_func=lambda code: tr(STAGES[code][0]),
        placeholder=tr("Open the people of a stage"),
        key=Key.FUNNEL_STAGE,
        on_change=from_list,
        label_visibility="collapsed",
    )


def _cohorts(view: View) -> None:
    tr = view.tr
    rate = cache.overview.measured(view.revision, view.today, "re_employment")
    cohorts = cache.overview.cohorts(view.revision, view.today)
    chart = figures.cohort_chart(tr, cohorts, rate.history(), view.today)
    show_chart(view, chart, tr("Re-employment by days since exit and cohort"))
    mature = [
        tr(
            "{days} days: {share} (n={n})",
            days=int(row.horizon),
            share=tr.percent(row.share) if row.n else "—",
            n=int(row.n),
        )
        for row in cohorts.mature.itertuples()
    ]
    st.caption(tr("Mature cohorts") + " · " + " · ".join(mature))


@st.fragment
def _communities(view: View) -> None:
    tr = view.tr
    code = st.selectbox(
        tr("Rank communities by"),
        RANKED,
        format_func=lambda c: tr(cache.overview.measured(view.revision, view.today, c).indicator.name),
        key=Key.RANK_BY,
    )
    rows = cache.overview.communities_ranked(view.revision, view.today, code)
    name = tr(cache.overview.measured(view.revision, view.today, code).indicator.name)
    show_chart(view, figures.community_chart(tr, rows, name), tr("{name} by community", name=name))
