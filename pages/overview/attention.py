"""What needs attention this week: red first; each entry opens its rows and leads to where they are worked on."""

from __future__ import annotations

import streamlit as st

from core.indicators.attention import Finding
from core.jobs.openings.listing import OpeningState
from pages import cache
from pages.common.drilldown import open_rows
from pages.common.links import page_link
from pages.common.session_keys import Key
from pages.common.view import View
from pages.overview.kpi_card import light_word

__all__ = ["attention_list"]


def attention_list(view: View) -> None:
    """The list, or a sentence that nothing is due."""
    tr = view.tr
    findings = cache.overview.findings(view.revision, view.today)
    st.markdown(f"**{tr('Needs attention this week')}**")
    _own_actions(view)
    if not findings:
        st.write(tr("Nothing is overdue."))
        return
    with st.container(gap="xxsmall"):
        for finding in findings:
            _line(view, finding)


def _line(view: View, finding: Finding) -> None:
    """The light, what it is, how many, since when and whose; the number opens the rows."""
    tr, watch = view.tr, finding.watch
    with st.container(gap=None):
        with st.container(horizontal=True, gap="small", key=Key.ATTENTION_LINE.of(watch.code, "what")):
            st.markdown(f"{light_word(view, finding.light)} &nbsp; {tr(watch.name)}", width="stretch")
            st.button(
                f"**{tr.number(len(finding.rows))}**",
                key=Key.ATTENTION.of(watch.code),
                type="tertiary",
                help=tr("Open the rows"),
                on_click=open_rows,
                args=(tr(watch.name), tr("Since {day} at the earliest.", day=tr.day(finding.oldest)), finding.rows),
            )
        with st.container(horizontal=True, gap="small", key=Key.ATTENTION_LINE.of(watch.code, "since")):
            since = tr("since {day} at the earliest · {owner}", day=tr.day(finding.oldest), owner=tr(watch.owner))
            st.caption(since, width="stretch")
            page_link(watch.page, tr("Work on it"), ":material/arrow_forward:", _query(finding))


def _own_actions(view: View) -> None:
    """The open actions of who is signed in, and the way to them."""
    tr = view.tr
    n, late = cache.overview.open_actions(view.revision, view.today).get(view.access.name, (0, 0))
    if not n:
        return
    page_link(
        "meeting",
        tr("My actions: {n} open, {late} past their date", n=n, late=late),
        ":material/task_alt:",
        {"tab": "follow_up", "mine": "1"},
    )


def _query(finding: Finding) -> dict[str, str] | None:
    """Where the link leads on its page: the list of the watch, or the newest what-if of the map."""
    if finding.watch.page == "meeting":
        return {"tab": "follow_up"}
    if finding.watch.page == "people":
        return {"watch": finding.watch.code}
    if finding.watch.page == "openings":
        return {"state": OpeningState.STALE.value}
    if finding.watch.page == "workshops":
        return {"workshop": str(finding.rows["workshop"].iloc[0])}
    if "scenario" in finding.rows:
        return {"scenario": str(finding.rows["scenario"].iloc[-1])}
    return None
