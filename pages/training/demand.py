"""Demand against supply: what open jobs require, who can do it, what coming sessions will add."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.locale import N_
from core.policy import Action
from core.training.figures import demand_chart
from pages import cache
from pages.common.charts import show_built
from pages.common.downloads import download_table
from pages.common.links import page_link
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["finding", "show", "skill_names"]

FIRST = (N_("Skill"), N_("Free seats of jobs"), N_("Gap"))  # on a phone


def skill_names(view: View) -> pd.Series:
    """Skill code → name in the language of the page."""
    skills = cache.people.skills(view.revision).set_index("code")
    return skills["name_en" if view.tr.is_english else "name_zh"]


def finding(view: View) -> tuple[str, str]:
    """How many skills are asked for, and how many are short."""
    tr = view.tr
    gaps = cache.training.gaps(view.revision, view.today)
    return (
        tr.plural(
            "Open jobs require {n} skill; {short} of them short of people",
            "Open jobs require {n} skills; {short} of them short of people",
            len(gaps),
            short=int((gaps["gap"] > 0).sum()),
        ),
        tr(
            "Gap = free seats − seekers able − seats of coming sessions, at least 0. Somebody able may be wanted for several "
            "jobs, or live too far from all: what a course would add to placements is counted exactly in matching."
        )
        + " "
        + tr("As of {day}.", day=tr.day(view.today)),
    )


def show(view: View) -> None:
    """The chart of the scarcest skills, all of them as a table, and the way to what a course would gain."""
    tr = view.tr
    gaps = cache.training.gaps(view.revision, view.today)
    if gaps.empty:
        st.write(tr("No open job requires a skill."))
        return
    names = skill_names(view)
    show_built(view, tr("Demand and supply of skills"), demand_chart, tr, gaps, names)
    shown = pd.DataFrame(
        {
            tr("Skill"): gaps["skill"].map(names),
            tr("Free seats of jobs"): gaps["seats"],
            tr("Seekers able"): gaps["able"],
            tr("Seekers lacking"): gaps["lacking"],
            tr("Coming seats"): gaps["coming"],
            tr("Gap"): gaps["gap"],
        }
    )
    show_table(view, shown, tr("Demand and supply of skills"), first=FIRST, height="auto")
    with st.container(horizontal=True, vertical_alignment="center"):
        page_link("matching", tr("What a course would gain"), ":material/school:", {"test": "training"})
        download_table(
            view, shown, tr("Demand and supply of skills"), Key.DOWNLOAD.of("skill_gaps"), action=Action.EXPORT_TABLE
        )
