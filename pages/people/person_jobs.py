"""The five best openings for a person, under the balanced weights, each with its reason."""

from __future__ import annotations

import streamlit as st

from core.geography.plane import TravelMode
from core.matching.explanation import because
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import normalise
from core.matching.ranking.shortlist import Bucket, shortlist
from pages import cache
from pages.common.escape import md_escape
from pages.common.view import View

__all__ = ["person_jobs"]

FIRST = 5


def person_jobs(view: View, person_id: int) -> None:
    """The list, what keeps others off it, and the way to the matching page."""
    tr = view.tr
    pool = cache.matching.match_pool(view.revision, view.today)
    if person_id not in set(pool.people["id"]):
        return
    found = cache.matching.jobs_for_person(view.revision, view.today, person_id, TravelMode.WALK)
    weights = normalise(BUILT_IN[0].weights)
    listed = shortlist(found, weights, FIRST)
    with st.container(border=True):
        excluded = len(listed.buckets[Bucket.EXCLUDED])
        st.markdown(
            f"**{tr('Matching openings: first {n} of {all}', n=len(listed.rows), all=listed.ranked)}** &nbsp; "
            f":small[:gray[{tr('{n} excluded by requirements', n=excluded)}]]"
        )
        for place, row in enumerate(listed.rows):
            job = pool.jobs.iloc[found.pair(int(row))[1]]
            name = tr("{title}, {employer}", title=job["title"], employer=job["employer"])
            reason = because(name, listed.parts[:, place], found.profile.x[:, row], weights, tr)
            st.markdown(f"{place + 1}\\. {md_escape(reason)}")
        st.page_link(
            st.session_state["pages"]["matching"],
            label=tr("Adjust the weights in Matching"),
            icon=":material/tune:",
            query_params={"person": str(person_id)},
        )
