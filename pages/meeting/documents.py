"""The documents of the frozen week: deck, minutes, workbook, print pages, single charts."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.dispatch.documents import Meeting, chart_png, chart_svg, make_document, stored_document
from core.dispatch.frozen_week import min_count_outside
from core.locale import N_
from core.policy import Action
from core.terms import ExportKind
from pages import cache
from pages.common.downloads import download_file
from pages.common.session_keys import Key
from pages.common.view import View
from pages.meeting.weeks import MeetingWeek

__all__ = ["documents"]

DOCUMENTS = {
    ExportKind.DECK: (N_("Slide deck with charts that can be edited"), ":material/slideshow:"),
    ExportKind.MINUTES: (N_("Minutes of the meeting"), ":material/description:"),
    ExportKind.WORKBOOK: (N_("Workbook, a sheet a view"), ":material/table_view:"),
    ExportKind.PAGES: (N_("Pages to print, one file"), ":material/print:"),
}


def documents(view: View, week: MeetingWeek) -> None:
    """Buttons that make a document when they are pressed, and the figures of single slides."""
    tr = view.tr
    if not view.may(Action.EXPORT_WEEK):
        return
    st.subheader(tr("Documents of {week}", week=tr.week(week.header.as_of)), anchor=False)
    st.caption(week.stamp(view).line(tr))
    for kind, (name, icon) in DOCUMENTS.items():
        download_file(
            view,
            f"{tr(name)} · {kind.value.upper()}",
            lambda _, kind=kind: _bytes(view, week, kind),
            _file_name(view, week, kind.value),
            key=Key.EXPORT.of(kind.value),
            action=Action.EXPORT_WEEK,
            filters=week.iso_week,
            icon=icon,
            width="stretch",
        )
    least = min_count_outside(cache.meeting.week(week.header, week.before).content)
    st.caption(
        tr(
            "Counts of fewer than {n} people are hidden (*), and others with them, so that no sum gives them away; "
            "each document says how far a hidden count can be narrowed down.",
            n=least,
        )
    )
    with st.expander(tr("Single charts"), key=Key.EXPORT_CHARTS, on_change="rerun") as box:
        if not box.open:
            return
        released = {slide.code: slide for slide in cache.meeting.released_slides(week.header, week.before, tr)}
        drawn = {code: slide for code, slide in (week.slides | released).items() if slide.figure is not None}
        code = st.selectbox(
            tr("Slide"), list(drawn), format_func=lambda key: drawn[key].title, key=Key.EXPORT.of("slide")
        )
        if code is None:
            return
        with st.container(horizontal=True):
            for ending, make in (("svg", chart_svg), ("png", chart_png)):
                download_file(
                    view,
                    ending.upper(),
                    lambda _, make=make: make(drawn[code], tr),
                    f"{week.iso_week}_{code}.{ending}",
                    key=Key.EXPORT.of(ending),
                    action=Action.EXPORT_WEEK,
                    filters=week.iso_week,
                    icon=None,
                )


def _file_name(view: View, week: MeetingWeek, ending: str) -> str:
    label = view.tr("Demonstration data") + "_" if view.district.holds_sample else ""
    return f"{label}{view.tr('Weekly meeting')}_{week.iso_week}_r{week.header.rev}.{ending}"


def _bytes(view: View, week: MeetingWeek, kind: ExportKind) -> bytes:
    frozen = cache.meeting.week(week.header, week.before)
    stamp, tr = week.stamp(view), view.tr
    meeting = _meeting(view, week)

    def make() -> bytes:
        return make_document(kind, frozen, stamp, tr, meeting)

    if kind is ExportKind.MINUTES and not week.is_closed:
        return make()  # it may still change
    return stored_document(cache.store.database(), week.header, kind, tr, make, actor=view.access, at=datetime.now(UTC))


def _meeting(view: View, week: MeetingWeek) -> Meeting:
    decisions = cache.meeting.decisions(cache.store.revision())
    own = decisions[decisions["iso_week"] == week.iso_week]
    stored = cache.meeting.meeting(view.revision, week.iso_week) or {}
    closed_at = stored.get("closed_at")
    who = str(stored.get("closed_by") or view.access.name)
    return Meeting(
        agenda=week.agenda,
        decisions={str(item): list(rows["text"]) for item, rows in own.groupby("item")},
        held_on=week.header.as_of if closed_at is None else closed_at.date(),
        chair=who,
        author=who,
        is_closed=week.is_closed,
    )
