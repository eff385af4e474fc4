"""Which frozen week the page shows: of the address, else the newest; and what a link to a missing one says."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.dispatch import weeks
from core.dispatch.agenda import AgendaItem, agenda_of, carried_over
from core.dispatch.documents import stamp_of
from core.dispatch.frozen_week import week_end
from core.dispatch.slide_model import Slide, Stamp
from core.dispatch.weeks import FrozenHeader
from core.dispatch.what_if_slides import MAP_PIN, WORKSHOP_PIN, pinned_id
from pages import cache
from pages.common.query_params import query_param
from pages.common.view import View

__all__ = ["MeetingWeek", "meeting_week"]


@dataclass(frozen=True, eq=False)
class MeetingWeek:
    """The frozen week of a meeting, its slides by code (pinned what-ifs included) and its agenda."""

    header: FrozenHeader
    before: FrozenHeader | None
    slides: dict[str, Slide]
    agenda: list[AgendaItem]
    version: int | None  # of the stored agenda; None if nobody saved one
    is_closed: bool

    @property
    def iso_week(self) -> str:
        return self.header.iso_week

    @property
    def programme(self) -> list[AgendaItem]:
        """The items that are presented."""
        return [item for item in self.agenda if not item.is_dropped]

    def stamp(self, view: View) -> Stamp:
        """Where the figures come from."""
        name, office = view.district.name(view.tr.lang), view.district.office(view.tr.lang)
        return stamp_of(self.header, name, office, is_demo=view.district.holds_sample)


def meeting_week(view: View, iso_week: str | None = None, rev: int | None = None) -> MeetingWeek | None:
    """The week asked for, else that of the address, else the newest; None before anything is frozen.

    A week or revision that is not frozen is named, and the nearest one shown.
    """
    headers = cache.meeting.headers(view.revision)
    if not headers:
        return None
    asked = iso_week or query_param("week")
    asked_rev = rev if rev is not None else _number(query_param("rev"))
    header = weeks.find(headers, asked, asked_rev) if asked else headers[0]
    if header is None:
        header = weeks.find(headers, asked) or _nearest(headers, asked)
        name = asked if asked_rev is None else f"{asked} · {asked_rev}"
        st.warning(
            view.tr("{week} is not frozen; shown is {nearest}.", week=name[:20], nearest=header.iso_week),
            icon=":material/event_busy:",
        )
    before = weeks.before(headers, header)
    stored = cache.meeting.meeting(view.revision, header.iso_week)
    saved = None if stored is None else stored["agenda"]
    slides = {slide.code: slide for slide in cache.meeting.slides(header, before, view.tr)}
    slides |= _pinned(view, saved or [])
    carried: dict[str, str] = {}
    if before is not None:
        last = cache.meeting.meeting(view.revision, before.iso_week)
        carried = carried_over(last["agenda"]) if last is not None and last["closed_at"] is not None else {}
        if saved is None:
            slides |= _pinned(view, [AgendaItem(code, 5) for code in carried])
    return MeetingWeek(
        header=header,
        before=before,
        slides=slides,
        agenda=agenda_of(list(slides.values()), saved, carried),
        version=None if stored is None else stored["version"],
        is_closed=stored is not None and stored["closed_at"] is not None,
    )


def _pinned(view: View, items: list[AgendaItem]) -> dict[str, Slide]:
    """Slides of the what-ifs on an agenda."""
    slides = {}
    for item in items:
        pin = pinned_id(item.code)
        if pin is None:
            continue
        kind, key = pin
        if kind == MAP_PIN:
            slide = cache.meeting.pinned_map_slide(view.revision, view.today, key, view.tr)
        elif kind == WORKSHOP_PIN:
            slide = cache.meeting.pinned_workshop_slide(view.revision, view.today, key, view.tr)
        else:
            slide = cache.meeting.pinned_preset_slide(view.revision, key, view.tr)
        if slide is not None:
            slides[slide.code] = slide
    return slides


def _nearest(headers: list[FrozenHeader], asked: str) -> FrozenHeader:
    try:
        header = weeks.nearest(headers, week_end(asked))
    except ValueError:
        header = None
    return header or headers[0]


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() and len(text) < 6 else None
