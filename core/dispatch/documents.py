"""The documents of a frozen week: made on demand, kept as they were first handed out.

A build depends on the frozen content, the language and the code alone; two builds by one version of the app are the same
bytes. What was handed out is stored all the same, so that a download next year is what the meeting had in its hands.
The minutes are stored when they are closed; before that they are a draft and made anew each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import vl_convert
from sqlalchemy.exc import IntegrityError

from core.dispatch import queries
from core.dispatch.action_log import RunningList
from core.dispatch.agenda import AgendaItem
from core.dispatch.exports.deck import make_deck
from core.dispatch.exports.figures_svg import figure_svg
from core.dispatch.exports.minutes import Minutes, MinutesAction, MinutesItem, make_minutes
from core.dispatch.exports.print_pages import make_print_html
from core.dispatch.exports.release import released_week
from core.dispatch.exports.workbook import make_workbook
from core.dispatch.slide_model import Slide, Stamp
from core.dispatch.slides import Week, slides_of
from core.dispatch.weeks import FrozenHeader
from core.locale import Translator
from core.policy import Access, Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import WeeklyExport
from core.terms import ActionStatus, ExportKind, Light

__all__ = [
    "Meeting",
    "chart_png",
    "chart_svg",
    "make_document",
    "minutes_of",
    "stamp_of",
    "stored_document",
]

CHART_SIZE = (1600, 900)


@dataclass(frozen=True)
class Meeting:
    """What people made of a frozen week, for its minutes. ``decisions``: item code → texts in order."""

    agenda: Sequence[AgendaItem]
    decisions: Mapping[str, Sequence[str]]
    held_on: date
    chair: str
    author: str
    is_closed: bool


def stamp_of(header: FrozenHeader, district: str, office: str, *, is_demo: bool) -> Stamp:
    """The stamp that every page of a document carries."""
    return Stamp(
        iso_week=header.iso_week,
        as_of=header.as_of,
        rev=header.rev,
        seal=header.seal,
        metric_version=header.metric_version,
        district=district,
        office=office,
        is_demo=is_demo,
    )


def make_document(kind: ExportKind, week: Week, stamp: Stamp, tr: Translator, meeting: Meeting | None = None) -> bytes:
    """The document of ``kind``, small counts hidden; the minutes need the ``meeting``."""
    released = released_week(week)
    slides = slides_of(released, tr)
    if kind is ExportKind.MINUTES:
        if meeting is None:
            raise ValueError("minutes need a meeting")
        return make_minutes(minutes_of(week, slides, meeting, stamp), tr)
    makers: dict[ExportKind, Callable[[], bytes]] = {
        ExportKind.DECK: lambda: make_deck(slides, stamp, tr),
        ExportKind.WORKBOOK: lambda: make_workbook(
            week.content, stamp, tr, slides, slides_note=released.disclosure(tr)
        ),
        ExportKind.PAGES: lambda: make_print_html(slides, stamp, tr),
    }
    return makers[kind]()


def stored_document(
    db: Database,
    header: FrozenHeader,
    kind: ExportKind,
    tr: Translator,
    make: Callable[[], bytes],
    *,
    actor: Access,
    at: datetime,
) -> bytes:
    """The document as it was first handed out; ``make`` builds it the first time, and it is stored then."""
    with db.read() as connection:
        stored = queries.export(connection, header.id, kind, tr.lang)
    if stored is not None:
        return stored
    content = make()
    try:
        with command(db, actor=actor, action=Action.EXPORT_WEEK, at=at) as change:
            change.add(
                WeeklyExport(
                    snapshot_id=header.id,
                    kind=kind,
                    language=tr.lang,
                    made_at=at,
                    made_by=change.actor,
                    content=content,
                    sha256=hashlib.sha256(content).hexdigest(),
                )
            )
    except IntegrityError:  # somebody else was quicker: theirs counts
        with db.read() as connection:
            stored = queries.export(connection, header.id, kind, tr.lang)
        assert stored is not None
        return stored
    return content


def chart_svg(slide: Slide, tr: Translator) -> bytes:
    """The figure of a slide as SVG, its sources at the foot. ValueError for a slide without one."""
    if slide.figure is None:
        raise ValueError(f"{slide.code} has no figure")
    return figure_svg(slide.figure, tr, *CHART_SIZE, foot=slide.sources).encode()


def chart_png(slide: Slide, tr: Translator) -> bytes:
    """The same as PNG, at twice the size."""
    png: bytes = vl_convert.svg_to_png(chart_svg(slide, tr).decode(), scale=2)
    return png


def minutes_of(week: Week, slides: Sequence[Slide], meeting: Meeting, stamp: Stamp) -> Minutes:
    """Decisions and actions by item of the agenda, then the running lists of the frozen week."""
    titles = {slide.code: slide.title for slide in slides}
    actions = {a["code"]: a for a in week.data["actions"]}

    def running(which: RunningList) -> tuple[MinutesAction, ...]:
        return tuple(_action(a) for a in actions.values() if a["list"] == which.value)

    return Minutes(
        stamp=stamp,
        chair=meeting.chair,
        author=meeting.author,
        held_on=meeting.held_on,
        is_draft=not meeting.is_closed,
        items=tuple(
            MinutesItem(
                title=titles.get(item.code, item.code),
                note=item.note,
                minutes=item.minutes,
                decisions=tuple(meeting.decisions.get(item.code, ())),
            )
            for item in meeting.agenda
            if not item.is_dropped
        ),
        raised=running(RunningList.NEW),
        moved=running(RunningList.UNDER_WAY),
        closed=running(RunningList.CLOSED),
    )


def _action(frozen: Mapping[str, Any]) -> MinutesAction:
    status = ActionStatus.of(frozen["status"])
    return MinutesAction(
        code=frozen["code"],
        problem=frozen["problem"],
        measure=frozen["measure"] or "",
        office=frozen["office"] or "",
        owner=frozen["owner"] or "",
        due_on=None if frozen["due_on"] is None else date.fromisoformat(frozen["due_on"]),
        status=status,
        light=None if status is ActionStatus.CLOSED else Light.of(frozen["light"]),
    )
