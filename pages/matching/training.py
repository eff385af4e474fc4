"""What courses would gain: the best ones, who would attend and what they would fill; a click plans a session."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from core.locale import N_
from core.matching import figures, tables
from core.matching.assignment.district import CoursePlan, District, course_plan
from core.matching.assignment.training_gain import Gain
from core.matching.reasons import skill_name
from core.policy import Action
from core.store.commands import Change
from core.training.commands import course_teaching, plan_session
from pages import cache
from pages.common.charts import show_drawn
from pages.common.escape import md_escape
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.matching.context import RankingContext

__all__ = ["show"]

FIRST = (N_("Filled by this course"), N_("Opening"), N_("Employer"))  # on a phone
SHOWN_COURSES = 8
MOST_ROWS = 6  # of a table that is as high as its rows
SESSION_SEATS, SESSION_DAYS, LEAD_DAYS = 20, 5, 14


def show(context: RankingContext) -> None:
    """Courses by placements added, alone and in pairs; one of them in detail."""
    tr, view = context.view.tr, context.view
    district = cache.matching.district(view.revision, view.today, context.selection.mode)
    singles, pairs = _worthwhile(district.courses), _worthwhile(_better_together(district))
    if not singles or singles[0].people == 0:
        st.info(tr("No course alone removes what stands between people and openings."))
        return
    left, right = st.columns(2, gap="medium")
    one, two = tables.gain_rows(context.pool, singles, tr), tables.gain_rows(context.pool, pairs, tr)
    with left:
        title = tr("One course: {course} adds most placements", course=one["course"].iloc[0])
        show_drawn(view, figures.gain_bars(one, title, tr), title)
    with right:
        if len(two):
            title = tr("Two courses: {course} add most together", course=two["course"].iloc[0])
            show_drawn(view, figures.gain_bars(two, title, tr), title)
    options = [*singles, *pairs]
    names = [*one["course"], *two["course"]]
    selected = st.selectbox(
        tr("Plan in detail"), range(len(options)), format_func=names.__getitem__, key=Key.MATCH_COURSE
    )
    plan = course_plan(district, context.shortlist.weights, options[selected].skills)
    place = tr.name(plan.communities["community"].iloc[0]) if len(plan.communities) else "—"
    st.markdown(
        md_escape(
            tr(
                "{course}: {people} people could attend, most of them in {place}; {gained} more would be placed.",
                course=names[selected],
                people=tr.number(len(plan.attend)),
                place=place,
                gained=tr.number(plan.gained),
            )
        )
    )
    _session_button(context, options[selected].skills, plan)
    _plan_tables(context, plan)
    st.caption(
        tr(
            "A course helps where essential skills are all that is missing. Counted exactly as the greatest number of "
            "placements; gains of courses do not add up, so every pair is solved by itself. People whose "
            "public-welfare post ends soon are included."
        )
    )


def _better_together(district: District) -> list[Gain]:
    """Pairs of courses that add more than the better of the two alone."""
    alone = {gain.skills[0]: gain.placements for gain in district.courses}
    return [pair for pair in district.course_pairs if pair.placements > max(alone[k] for k in pair.skills)]


def _worthwhile(gains: list[Gain]) -> list[Gain]:
    """Courses that add placements, or, when none does, those that most people could attend."""
    return [gain for gain in gains if gain.placements > 0][:SHOWN_COURSES] or gains[:3]


def _session_button(context: RankingContext, skills: tuple[int, ...], plan: CoursePlan) -> None:
    """Plan one session a skill, in the community where most of those live who could attend, neighbours first."""
    tr, view, pool = context.view.tr, context.view, context.pool
    if not len(plan.attend) or not len(plan.communities) or not view.may(Action.PLAN_SESSION):
        return
    place = str(plan.communities["community"].iloc[0])
    is_near = pool.people["community"].iloc[plan.attend].to_numpy() == place
    people = [*plan.attend[is_near].tolist(), *plan.attend[~is_near].tolist()][:SESSION_SEATS]
    start = view.today + timedelta(days=LEAD_DAYS)
    if st.button(
        md_escape(
            tr(
                "Plan a session in {place} from {day} for {n} people",
                place=tr.name(place),
                day=tr.day(start),
                n=len(people),
            )
        ),
        icon=":material/school:",
        key=Key.PLAN_COURSE,
        help=tr("The session can be changed later."),
    ):

        def plan_sessions(change: Change) -> None:
            for k in skills:
                plan_session(
                    change,
                    course_id=course_teaching(
                        change, skill=str(pool.skills["code"].iloc[k]), name=skill_name(pool, k, tr)
                    ),
                    community_id=cache.matching.community_ids(view.revision).get(place),
                    starts_on=start,
                    ends_on=start + timedelta(days=SESSION_DAYS - 1),
                    people=[int(pool.seekers.ids[p]) for p in people],
                    place=place,
                )

        save(
            view,
            Action.PLAN_SESSION,
            plan_sessions,
            tr.plural("{n} session planned.", "{n} sessions planned.", len(skills)),
        )


def _plan_tables(context: RankingContext, plan: CoursePlan) -> None:
    """Communities, people and openings of a plan side by side."""
    tr = context.view.tr
    left, middle, right = st.columns(3, gap="medium")
    attend = plan.attend[context.own_people[plan.attend]]
    people = pd.DataFrame(
        {
            tr("Person"): [context.person_name(int(p)) for p in attend],
            tr("Community"): tables.shown_names(context.pool.people["community"].iloc[attend], tr),
        }
    )
    places = plan.communities.assign(community=tables.shown_names(plan.communities["community"], tr)).rename(
        columns={"community": tr("Community"), "people": tr("Could attend")}
    )
    fills = plan.fills.drop(columns="job").assign(employer=tables.shown_names(plan.fills["employer"], tr))
    fills = fills.rename(
        columns={"title": tr("Opening"), "employer": tr("Employer"), "people": tr("Filled by this course")}
    )
    for column, table, alt in (
        (left, places, tr("Communities of those who could attend")),
        (middle, people, tr("Who could attend")),
        (right, fills, tr("Openings they would fill")),
    ):
        with column:
            st.markdown(f"**{alt}**")
            show_table(context.view, table, alt, first=FIRST, height=260 if len(table) > MOST_ROWS else "content")
