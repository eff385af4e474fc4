"""One person and one job: portrait against requirements, minutes, hours, pay, limits; recommend or record a refusal."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from core.jobs.linter import lint
from core.locale import N_, Translator
from core.matching import figures, tables
from core.matching.explanation import compare_sentence, score_sentence, unknown_factors
from core.matching.inputs.factors import FACTORS
from core.matching.inputs.limits import FAIL, PASS, UNKNOWN
from core.matching.ranking.scoring import contributions, points_per_unit, reciprocal
from core.matching.ranking.shortlist import Bucket, Kind
from core.matching.reasons import closing_course, reasons, skill_comparison
from core.terms import SkillLevel
from pages import cache
from pages.common.charts import show_drawn
from pages.common.escape import md_escape
from pages.common.query_params import query_param, set_query_param
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.matching import actions, ranked_list
from pages.matching.context import RankingContext

__all__ = ["show"]

LEVELS = {level.grade: level for level in SkillLevel}
ESSENTIAL, BY_LAW = N_("essential"), N_("certificate by law")
# why an opening that a link names is not on the list; what fails is among the hard limits below
UNLISTED = {
    Bucket.RANKED: N_("Not on the list: others score more. Show more in “Filters”."),
    Bucket.VISIT_FIRST: N_("Not on the list: too little is known to rank it; a visit comes first."),
    Bucket.TO_VERIFY: N_("Not on the list: a hard limit can’t be checked, see “Hard limits”."),
    Bucket.EXCLUDED: N_("Not on the list: ruled out by a hard limit, see “Hard limits”."),
}
FILTERED = N_("Not on the list: outside the communities of the filter.")
MARKS = {PASS: ":material/check_circle:", UNKNOWN: ":material/help:", FAIL: ":material/cancel:"}


@st.fragment(key=Key.MATCH_PAIR)
def show(context: RankingContext) -> None:
    """The selected pair in full; until one is selected, the list in words. A link may name an opening, listed or not."""
    tr, rows = context.view.tr, {int(context.candidates.ids[row]): row for row in context.shortlist.rows.tolist()}
    linked = _linked(context)
    if linked is not None:
        rows.setdefault(int(context.candidates.ids[linked]), linked)
    if not rows:
        return
    if st.session_state.get(context.row_key) not in rows:
        is_new = linked is not None and context.row_key not in st.session_state
        st.session_state[context.row_key] = int(context.candidates.ids[linked]) if is_new else None
    with st.container(border=True):
        number = st.selectbox(
            tr("Person in detail") if context.selection.kind is Kind.PEOPLE else tr("Opening in detail"),
            list(rows),
            key=context.row_key,
            format_func=lambda key: context.label(rows[key]) if key in rows else "?",
            placeholder=tr("Click a bar, or choose here"),
        )
        if linked is not None and (number is None or rows[number] != linked):
            set_query_param("opening", None)
        if number is None:
            ranked_list.sentences(context)
        else:
            _pair(context, rows[number])


def _linked(context: RankingContext) -> int | None:
    """The opening that the address names beside the person, by its row."""
    opening = query_param("opening")
    if context.selection.kind is not Kind.JOBS or not opening.isdecimal():
        return None
    return next(iter(np.flatnonzero(context.candidates.ids == int(opening)).tolist()), None)


def _pair(context: RankingContext, row: int) -> None:
    tr = context.view.tr
    person, job = context.candidates.pair(row)
    st.subheader(
        md_escape(tr("{person} for {job}", person=context.person_name(person), job=context.job_name(job))), anchor=False
    )
    facts = context.pool.jobs.iloc[job]
    st.caption(md_escape(_facts(context, person, facts)))
    for finding in lint("\n".join(str(facts[name]) for name in ("title", "duties") if isinstance(facts[name], str))):
        st.warning(md_escape(tr("Wording of the posting: {text}", text=finding.sentence(tr))), icon=":material/gavel:")
    _scores(context, row)
    _why(context, row)
    actions.show(context, row, person, job)
    pieces: dict[str, Callable[[], None]] = {
        tr("Factors"): lambda: _values(context, row),
        tr("Skills"): lambda: _skills(context, person, job),
        tr("Hours"): lambda: _hours(context, person, job),
        tr("Hard limits"): lambda: _limits(context, person, job),
    }
    tabs = st.tabs(list(pieces), key=Key.MATCH_PAIR_TAB, on_change="rerun")
    for tab, piece in zip(tabs, pieces.values(), strict=True):
        if tab.open:
            with tab:
                piece()


def _facts(context: RankingContext, person: int, job: pd.Series) -> str:
    tr = context.view.tr
    who = context.pool.people.iloc[person]
    parts = [tr.name(str(job["employer"])), tr("{n} seats left", n=int(job["seats"]))]
    if isinstance(who["community"], str):
        parts.append(tr("lives in {community}", community=tr.name(who["community"])))
    if who["hardship"]:
        parts.append(tr("person in employment hardship: service priority, no part of the score"))
    if pd.notna(who["post_ends_on"]):
        parts.append(tr("public-welfare post ends on {day}", day=tr.day(who["post_ends_on"].date())))
    if not who["exact"]:
        parts.append(tr("home taken as the centre of the community"))
    return " · ".join(parts)


def _scores(context: RankingContext, row: int) -> None:
    tr, scores = context.view.tr, context.shortlist.scores
    person_side, employer_side, both = reciprocal(
        context.candidates.profile.take(np.array([row])), context.shortlist.weights
    )
    place = np.flatnonzero(context.shortlist.rows == row)
    metrics = {
        tr("Points"): scores.points[row],
        tr("Person's side"): 100 * person_side[0],
        tr("Employer's side"): 100 * employer_side[0],
        tr("Mutual fit"): 100 * both[0],
    }
    with st.container(horizontal=True):
        for label, value in metrics.items():
            st.metric(label, tr.number(float(value), 1), width="content")
    if len(place):
        st.caption(tr("Place {n} of {all}", n=int(place[0]) + 1, all=tr.number(context.shortlist.ranked)))
    if scores.known_weight[row] < scores.weight:
        unit = points_per_unit(context.shortlist.weights)
        st.caption(
            tr(
                "Known: {share} of the weight; the score lies between {low} and {high}. To find out: {what}",
                share=tr.percent(float(scores.coverage[row]), 0),
                low=tr.number(unit * float(scores.low[row]), 1),
                high=tr.number(unit * float(scores.high[row]), 1),
                what=tr(", ").join(unknown_factors(context.candidates.profile, row, context.shortlist.weights, tr)),
            )
        )


def _why(context: RankingContext, row: int) -> None:
    tr, shortlist = context.view.tr, context.shortlist
    place = next(iter(np.flatnonzero(shortlist.rows == row).tolist()), None)
    if place is None:
        bucket = next((bucket for bucket in UNLISTED if row in shortlist.buckets.members(bucket)), None)
        st.info(tr(UNLISTED[bucket] if bucket is not None else FILTERED))
        return
    sentences = [score_sentence(shortlist, place, context.name, tr)]
    for other in (place - 1, place + 1):
        if 0 <= other < len(shortlist.rows):
            sentences.append(compare_sentence(shortlist, place, other, context.name, tr))
    st.markdown("  \n".join(md_escape(sentence) for sentence in sentences))


def _skills(context: RankingContext, person: int, job: int) -> None:
    tr = context.view.tr
    table = skill_comparison(context.pool, person, job, tr)
    if table.empty:
        st.caption(tr("The opening names no skills."))
        return
    courses = cache.matching.courses(context.view.revision, context.view.today)
    notes = [
        "".join(f" · {tr(text)}" for text, holds in ((ESSENTIAL, essential), (BY_LAW, certificate)) if holds)
        for essential, certificate in zip(table["essential"], table["certificate"], strict=True)
    ]
    shown = pd.DataFrame(
        {
            tr("Required skill"): [f"{skill}{note}" for skill, note in zip(table["skill"], notes, strict=True)],
            tr("Level required"): [tr.term(LEVELS[level]) for level in table["required"]],
            tr("Has now"): [_level(tr, level) for level in table["has"]],
            tr("Evidence"): table["evidence"],
            tr("Share met"): table["met"].astype("float64"),
            tr("Course that would close it"): [
                closing_course(courses, code, tr) if pd.isna(met) or met < 1 else ""
                for code, met in zip(table["code"], table["met"], strict=True)
            ],
        }
    )
    show_table(
        context.view,
        shown,
        tr("Portrait against requirements"),
        config={tr("Share met"): st.column_config.NumberColumn(format="percent", width="small")},
    )


def _level(tr: Translator, level: object) -> str:
    if pd.isna(level):
        return tr("unknown")
    return tr.term(LEVELS[int(level)]) if level else tr("lacks it")


def _values(context: RankingContext, row: int) -> None:
    tr = context.view.tr
    points = contributions(context.candidates.profile.take(np.array([row])), context.shortlist.weights)[:, 0]
    show_table(
        context.view,
        pd.DataFrame(
            {
                tr("Factor"): [tr(f.label) for f in FACTORS],
                tr("Measured value"): [tables.raw_text(context.candidates, row, j, tr) for j in range(len(FACTORS))],
                tr("Value 0–1"): [
                    "—" if np.isnan(v) else tr.number(v, 2) for v in context.candidates.profile.x[:, row]
                ],
                tr("Points"): points,
            }
        ),
        tr("Values of the seven factors"),
        config={
            tr("Value 0–1"): st.column_config.TextColumn(width=70, alignment="right"),
            tr("Points"): st.column_config.NumberColumn(format="%.1f", width=60),
            tr("Factor"): st.column_config.TextColumn(width=70),
            tr("Measured value"): st.column_config.TextColumn(width=150),
        },
    )


def _hours(context: RankingContext, person: int, job: int) -> None:
    tr = context.view.tr
    grid = tables.week_rows(context.pool, person, job, list(map(tr.weekday, range(7))), tr)
    if grid is None:
        st.caption(tr("Hours can't be compared: shift or available time unknown."))
        return
    title = tr("Hours of the shift and available time")
    show_drawn(context.view, figures.hours_heat(grid, list(map(tr.weekday, range(7))), title, tr), title)


def _limits(context: RankingContext, person: int, job: int) -> None:
    tr = context.view.tr
    matrix = context.pool.pair_matrix([person], [job], context.selection.mode)
    pair = reasons(context.pool, person, job, matrix, tr)
    lines = [f"{MARKS[r.state]} {md_escape(' '.join(t for t in (r.label, r.sentence) if t))}" for r in pair]
    st.markdown("  \n".join(lines))
