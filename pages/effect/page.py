"""Does it help? Training and recommendations after the exit; actions of the dispatch meetings."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.indicators import effect, effect_sentences
from core.indicators.effect import BEFORE_EXIT, HORIZONS, LANDMARK, Comparison, Contrast, Landmark
from core.indicators.effect_sentences import CONTRASTS, days_interval
from pages import cache
from pages.common.charts import show_drawn
from pages.common.drilldown import open_rows, show_pending
from pages.common.heading import empty_state, heading
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.view import View
from pages.effect.actions import actions_table
from pages.effect.strata import balance_table, strata_table

__all__ = ["render"]

PEOPLE = ["person_id", "exited_on", "trained_on", "recommended_on", "started_on", "registration"]
WORTH_KNOWING = 14  # days: the difference that the size formula starts from


def render(view: View) -> None:
    """The page: finding, curves beside what may be said, what differs, like with like, actions."""
    tr = view.tr
    if view.is_empty:
        heading(tr("Does it help?"))
        empty_state(
            tr,
            tr(
                "This page compares people who left a welfare post with and without training or a recommendation, and "
                "the indicators of actions before and after."
            ),
        )
    top = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        contrast = (
            url_choice(
                st.segmented_control,
                tr("Help"),
                "help",
                list(Contrast),
                Contrast.EITHER,
                key=Key.EFFECT_HELP,
                format_func=lambda code: tr(CONTRASTS[code]),
                required=True,
            )
            or Contrast.EITHER
        )
        horizon = (
            url_choice(
                st.segmented_control,
                tr("Until day"),
                "until",
                list(HORIZONS),
                HORIZONS[0],
                key=Key.EFFECT_HORIZON,
                format_func=lambda days: tr("{n} days", n=days),
                required=True,
            )
            or HORIZONS[0]
        )
    data = cache.effect.landmark(view.revision, view.today)
    compared = cache.effect.comparison(view.revision, view.today, contrast, horizon)
    with top:
        heading(
            effect_sentences.title(tr, compared),
            tr(
                "A comparison, not a cause. Exits from welfare posts still waiting {day} days later, by help from {before} "
                "days before the exit until then; as of {today}.",
                day=LANDMARK,
                before=BEFORE_EXIT,
                today=tr.day(view.today),
            ),
        )
    _people(view, data, compared)
    left, right = st.columns([3, 2])
    with left.container(border=True, height="stretch"):
        _curves(view, compared)
        _size(view, data, compared)
    with right.container(border=True, height="stretch"):
        _verdict(view, data, compared)
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        balance_table(view, compared)
    with right.container(border=True, height="stretch"):
        strata_table(view, compared, PEOPLE)
    actions_table(view)
    show_pending(view)


def _people(view: View, data: Landmark, compared: Comparison) -> None:
    """Every exit in one of five heaps, each a button that opens its rows."""
    tr = view.tr
    help_name = tr(CONTRASTS[compared.contrast])
    heaps: list[tuple[str, str, str, pd.DataFrame]] = [
        (
            "helped",
            tr("helped"),
            tr("Still waiting on day {n}: {help}.", n=LANDMARK, help=help_name),
            compared.helped.rows,
        ),
        (
            "others",
            tr("neither"),
            tr("Still waiting on day {n}, neither training nor recommendation.", n=LANDMARK),
            compared.others.rows,
        ),
        (
            "early",
            tr("in work by day {n}", n=LANDMARK),
            tr("Left out: they found work before help could have made a difference."),
            data.early,
        ),
        (
            "gone",
            tr("left the race by day {n}", n=LANDMARK),
            tr("Left out: retired, unreachable or not seeking by then."),
            data.gone,
        ),
        ("young", tr("exit under {n} days ago", n=LANDMARK), tr("Left out: not due yet."), data.young),
    ]
    with st.container(horizontal=True, gap="small"):
        for code, name, what, rows in heaps:
            st.button(
                f"**{tr.number(len(rows))}** {name}",
                key=Key.EFFECT_PEOPLE.of(code),
                type="tertiary",
                help=tr("Open the rows"),
                on_click=open_rows,
                args=(name, what, rows[rows.columns.intersection(PEOPLE)]),
            )


def _curves(view: View, compared: Comparison) -> None:
    tr = view.tr
    if not compared.helped.n or not compared.others.n:
        st.info(
            tr("Two curves are drawn as soon as both groups have somebody who still waited on day {n}.", n=LANDMARK),
            icon=":material/info:",
        )
        return
    spec = cache.effect.curves_spec(
        view.revision, view.today, compared.contrast, compared.horizon, tr, view.is_handheld
    )
    show_drawn(view, spec, tr("Share with a job by days since exit, with and without help"))


def _verdict(view: View, data: Landmark, compared: Comparison) -> None:
    tr = view.tr
    table = effect.balance(compared)
    if compared.difference is not None:
        st.markdown(
            f"**{tr('Days in work by day {n}, helped less neither', n=compared.horizon)}**\n"
            f"- {tr('as they are')}: {days_interval(tr, compared.difference)}\n"
            f"- {tr('like with like')}: "
            + (
                days_interval(tr, compared.matched.difference)
                if compared.matched.difference is not None
                else tr("no stratum holds both groups")
            )
        )
    for name, said in (
        (tr("May be said"), effect_sentences.can_say(tr, compared, table)),
        (tr("May not be said"), effect_sentences.cannot_say(tr, compared, table, data)),
    ):
        st.subheader(name, anchor=False)
        st.markdown("\n".join(f"- {sentence}" for sentence in said) or tr("Nothing yet."))
    st.caption(tr("Days in work count from the start of the first job until that day, whether or not the job lasted."))


@st.fragment
def _size(view: View, data: Landmark, compared: Comparison) -> None:
    tr = view.tr
    days = st.number_input(
        tr("A difference worth knowing, days in work"),
        min_value=1,
        max_value=120,
        value=WORTH_KNOWING,
        key=Key.EFFECT_WORTH,
        width=260,
    )
    more = effect.more_exits(compared, data, float(days))
    if more is None:
        st.caption(tr("Too few jobs yet to compute how many more exits it takes."))
    elif more:
        st.markdown(tr("**{n} more exits** are needed to decide.", n=tr.number(more)))
    else:
        st.markdown(tr("There are exits enough to detect such a difference."))
    st.caption(tr("Power 80%, two-sided 5%; size formula of two means, Chow, Shao and Wang 2008, section 3.2."))
