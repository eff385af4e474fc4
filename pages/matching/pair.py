"""One person and one job: portrait against requirements, minutes, hours, pay, limits; recommend or record a refusal."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from core.jobs.linter import lint
from core.locale import N_
from core.matching import figures, tables
from core.matching.explanation import beats, because, unknown_factors
from core.matching.inputs.factors import FACTORS
from core.matching.inputs.limits import FAIL, PASS, UNKNOWN
from core.matching.ranking.scoring import reciprocal
from core.matching.ranking.shortlist import Kind
from core.matching.reasons import closing_course, portrait, reasons
from core.terms import SkillLevel
from pages import cache
from pages.common.escape import md_escape
from pages.matching import actions, ranked_list
from pages.matching.context import PAIR, Look

__all__ = ["show", "weekdays"]

LEVELS = {level.grade: level for level in SkillLevel}
ESSENTIAL, BY_LAW = N_("essential"), N_("certificate by law")
MARKS = {PASS: ":material/check_circle:", UNKNOWN: ":material/help:", FAIL: ":material/cancel:"}


@st.fragment(key=PAIR)
def show(look: Look) -> None:
    """The chosen pair in full; until one is chosen, the list in words."""
    actions.told()
    if not len(look.listed.rows):
        return
    tr, rows = look.view.tr, {int(look.found.ids[row]): row for row in look.listed.rows.tolist()}
    if st.session_state.get(look.row_key) not in rows:
        st.session_state[look.row_key] = None
    with st.container(border=True):
        number = st.selectbox(
            tr("Person in detail") if look.chosen.kind is Kind.PEOPLE else tr("Opening in detail"),
            list(rows),
            key=look.row_key,
            format_func=lambda key: look.label(rows[key]) if key in rows else "?",
            placeholder=tr("Click a bar, or choose here"),
        )
        if number is None:
            ranked_list.words(look)
        else:
            _pair(look, rows[number])


def _pair(look: Look, row: int) -> None:
    tr = look.view.tr
    person, job = look.found.pair(row)
    st.subheader(
        md_escape(tr("{person} for {job}", person=look.person_name(person), job=look.job_name(job))), anchor=False
    )
    facts = look.pool.jobs.iloc[job]
    st.caption(md_escape(_facts(look, person, facts)))
    for finding in lint("\n".join(str(facts[name]) for name in ("title", "duties") if isinstance(facts[name], str))):
        st.warning(md_escape(tr("Wording of the posting: {told}", told=finding.sentence(tr))), icon=":material/gavel:")
    _scores(look, row)
    _why(look, row)
    actions.show(look, row, person, job)
    pieces: dict[str, Callable[[], None]] = {
        tr("Factors"): lambda: _values(look, row),
        tr("Skills"): lambda: _portrait(look, person, job),
        tr("Hours"): lambda: _hours(look, person, job),
        tr("Hard limits"): lambda: _limits(look, person, job),
    }
    tabs = st.tabs(list(pieces), key="match_pair_tab", on_change="rerun")
    for tab, piece in zip(tabs, pieces.values(), strict=True):
        if tab.open:
            with tab:
                piece()


def _facts(look: Look, person: int, job: pd.Series) -> str:
    tr = look.view.tr
    who = look.pool.people.iloc[person]
    parts = [str(job["employer"]), tr("{n} seats left", n=int(job["seats"]))]
    if isinstance(who["community"], str):
        parts.append(tr("lives in {community}", community=who["community"]))
    if who["hardship"]:
        parts.append(tr("person in employment hardship: service priority, no part of the score"))
    if pd.notna(who["post_ends_on"]):
        parts.append(tr("public-welfare post ends on {day}", day=tr.day(who["post_ends_on"].date())))
    if not who["exact"]:
        parts.append(tr("home taken as the centre of the community"))
    return " · ".join(parts)


def _scores(look: Look, row: int) -> None:
    tr, scores = look.view.tr, look.listed.scores
    a, b, both = reciprocal(look.found.profile.take(np.array([row])), look.listed.weights)
    place = np.flatnonzero(look.listed.rows == row)
    figures_ = (
        (tr("Points"), 100 * scores.point[row]),
        (tr("Person's side"), 100 * a[0]),
        (tr("Employer's side"), 100 * b[0]),
        (tr("Mutual fit"), 100 * both[0]),
    )
    with st.container(horizontal=True):
        for label, value in figures_:
            st.metric(label, "—" if np.isnan(value) else tr.number(value, 1), width="content")
    if len(place):
        st.caption(tr("Place {n} of {all}", n=int(place[0]) + 1, all=tr.number(look.listed.ranked)))
    if scores.coverage[row] < 1:
        st.caption(
            tr(
                "Known: {share} of the weight; the score lies between {low} and {high}. To find out: {what}",
                share=tr.percent(scores.coverage[row], 0),
                low=tr.number(100 * scores.low[row], 1),
                high=tr.number(100 * scores.high[row], 1),
                what=tr(", ").join(unknown_factors(look.found.profile, row, look.listed.weights, tr)),
            )
        )


def _why(look: Look, row: int) -> None:
    tr, listed = look.view.tr, look.listed
    place = int(np.flatnonzero(listed.rows == row)[0])
    told = [because(look.name(row), listed.parts[:, place], look.found.profile.x[:, row], listed.weights, tr)]
    for other in (place - 1, place + 1) if place else (place + 1,):
        if 0 <= other < len(listed.rows):
            rival = look.name(int(listed.rows[other]))
            told.append(beats(look.name(row), rival, listed.parts[:, place], listed.parts[:, other], tr))
    st.markdown("  \n".join(md_escape(sentence) for sentence in told))


def _portrait(look: Look, person: int, job: int) -> None:
    tr = look.view.tr
    table = portrait(look.pool, person, job, tr)
    if table.empty:
        st.caption(tr("The opening names no skills."))
        return
    courses = cache.matching.courses(look.view.revision, look.view.today)
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
    st.dataframe(
        shown,
        hide_index=True,
        height="content",
        alt=tr("Portrait against requirements"),
        column_config={tr("Share met"): st.column_config.NumberColumn(format="percent", width="small")},
    )


def _level(tr, level) -> str:  # type: ignore[no-untyped-def]
    if pd.isna(level):
        return tr("unknown")
    return tr.term(LEVELS[int(level)]) if level else tr("lacks it")


def _values(look: Look, row: int) -> None:
    tr = look.view.tr
    points = look.listed.parts[:, int(np.flatnonzero(look.listed.rows == row)[0])]
    st.dataframe(
        pd.DataFrame(
            {
                tr("Factor"): [tr(f.label) for f in FACTORS],
                tr("Measured value"): [tables.raw_text(look.pool, look.found, row, j, tr) for j in range(len(FACTORS))],
                tr("Value 0–1"): ["—" if np.isnan(v) else tr.number(v, 2) for v in look.found.profile.x[:, row]],
                tr("Points"): points,
            }
        ),
        hide_index=True,
        height="content",
        alt=tr("Values of the seven factors"),
        column_config={
            tr("Value 0–1"): st.column_config.TextColumn(width=70, alignment="right"),
            tr("Points"): st.column_config.NumberColumn(format="%.1f", width=60),
            tr("Factor"): st.column_config.TextColumn(width=70),
            tr("Measured value"): st.column_config.TextColumn(width=150),
        },
    )


def weekdays(look: Look) -> list[str]:
    """Monday … Sunday, short."""
    tr = look.view.tr
    return [tr("Mon"), tr("Tue"), tr("Wed"), tr("Thu"), tr("Fri"), tr("Sat"), tr("Sun")]


def _hours(look: Look, person: int, job: int) -> None:
    tr = look.view.tr
    grid = tables.week_rows(look.pool, person, job, weekdays(look), tr)
    if grid is None:
        st.caption(tr("Hours can't be compared: shift or available time unknown."))
        return
    title = tr("Hours of the shift and available time")
    look.draw(figures.hours_heat(grid, weekdays(look), title, tr), title)


def _limits(look: Look, person: int, job: int) -> None:
    tr = look.view.tr
    block = look.pool.block([person], [job], look.chosen.mode)
    found = reasons(look.pool, person, job, block, tr)
    told = [f"{MARKS[r.state]} {md_escape(' '.join(t for t in (r.label, r.sentence) if t))}" for r in found]
    st.markdown("  \n".join(told))
