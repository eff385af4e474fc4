"""The minutes of a dispatch meeting as DOCX: agenda items with decisions and actions, then the three running lists.

make_minutes(minutes, tr)       # bytes; the same for the same minutes, at any time
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from docx import Document

from core.dispatch.exports import style, word
from core.dispatch.exports.fixed_zip import fixed_zip
from core.dispatch.slide_model import Stamp
from core.locale import Translator
from core.terms import ActionStatus, Light

__all__ = ["Minutes", "MinutesAction", "MinutesItem", "make_minutes"]

WIDTHS = (2.9, 5.0, 5.1, 2.8, 1.9, 2.5, 2.0, 2.4)  # centimetres of the columns of actions; A4 landscape


@dataclass(frozen=True)
class MinutesAction:
    """An action as it was on the day of the meeting."""

    code: str
    problem: str
    measure: str
    office: str
    owner: str
    due_on: date | None
    status: ActionStatus
    light: Light | None = None


@dataclass(frozen=True)
class MinutesItem:
    """An item of the agenda: ``minutes`` that it took, what was decided, the actions that were raised."""

    title: str
    note: str = ""
    minutes: float | None = None
    decisions: tuple[str, ...] = ()
    actions: tuple[MinutesAction, ...] = ()


@dataclass(frozen=True)
class Minutes:
    """What was decided in a meeting; ``raised``, ``moved`` and ``closed`` are the running lists of the week."""

    stamp: Stamp
    chair: str
    author: str
    held_on: date
    is_draft: bool
    items: tuple[MinutesItem, ...] = ()
    raised: tuple[MinutesAction, ...] = ()
    moved: tuple[MinutesAction, ...] = ()
    closed: tuple[MinutesAction, ...] = ()


def make_minutes(minutes: Minutes, tr: Translator) -> bytes:
    """A DOCX on A4 landscape with the line of the stamp on every page; its bytes depend on the arguments alone."""
    document = Document()
    _page(document, minutes, tr)
    word.set_styles(document, tr)
    _heading(document, minutes, tr)
    for nth, item in enumerate(minutes.items, 1):
        _item(document, nth, item, tr)
    document.add_heading(tr("Running lists"), 1)
    for title, actions in (
        (tr("Newly raised"), minutes.raised),
        (tr("Moving"), minutes.moved),
        (tr("Closed out"), minutes.closed),
    ):
        document.add_heading(tr("{name} ({n})", name=title, n=len(actions)), 2)
        _actions(document, actions, tr)
    _properties(document, minutes, tr)
    out = io.BytesIO()
    document.save(out)
    return fixed_zip(out.getvalue(), minutes.stamp.as_of)


def _page(document: Any, minutes: Minutes, tr: Translator) -> None:
    """A4 landscape; stamp and mark in the header, page numbers in the footer."""
    stamp = minutes.stamp
    marks = [tr("Draft")] * minutes.is_draft + [tr("Demonstration data")] * stamp.is_demo
    word.set_page(document, " · ".join([*marks, stamp.district, stamp.office, stamp.line(tr)]), is_landscape=True)


def _heading(document: Any, minutes: Minutes, tr: Translator) -> None:
    title = tr("Minutes of the weekly dispatch, {week}", week=minutes.stamp.iso_week)
    document.add_heading(title, 0)
    if minutes.is_draft:
        mark = document.add_paragraph().add_run(tr("Draft: not yet confirmed by the chair"))
        mark.bold, mark.font.color.rgb = True, word.rgb(style.colour(style.meaning_of(Light.RED)))
    facts = (
        (tr("Date of the meeting"), tr.day(minutes.held_on)),
        (tr("Chair"), minutes.chair),
        (tr("Minutes by"), minutes.author),
        (tr("Held by"), minutes.stamp.office),
    )
    paragraph = document.add_paragraph()
    for nth, (name, value) in enumerate(facts):
        paragraph.add_run(("    " if nth else "") + tr("{name}: {value}", name=name, value=value or "—"))


def _item(document: Any, nth: int, item: MinutesItem, tr: Translator) -> None:
    length = "" if item.minutes is None else tr("{n} min", n=tr.number(item.minutes))
    title = f"{nth}. {item.title}" + (f" · {length}" if length else "")
    document.add_heading(title, 1)
    if item.note:
        document.add_paragraph(item.note)
    if item.decisions:
        document.add_paragraph().add_run(tr("Decisions")).bold = True
        for decision in item.decisions:
            document.add_paragraph(decision, style="List Bullet")
    elif not item.actions:
        document.add_paragraph(tr("No decision."))
    if item.actions:
        document.add_paragraph().add_run(tr("Actions")).bold = True
        _actions(document, item.actions, tr)


def _actions(document: Any, actions: Sequence[MinutesAction], tr: Translator) -> None:
    """A table of actions with borders, its head repeated on every page."""
    if not actions:
        document.add_paragraph(tr("None."))
        return
    heads = (
        tr("No."),
        tr("Problem"),
        tr("Measure"),
        tr("Office"),
        tr("Owner"),
        tr("Due on"),
        tr("Status"),
        tr("Light"),
    )
    rows = []
    for action in actions:
        due = "—" if action.due_on is None else action.due_on.isoformat()
        texts = (action.code, action.problem, action.measure, action.office, action.owner, due, tr.term(action.status))
        rows.append([word.Cell(text) for text in texts] + [_light(action, tr)])
    word.add_table(document, heads, rows, WIDTHS)


def _light(action: MinutesAction, tr: Translator) -> word.Cell:
    """The light of an action in its colour; an empty cell without one."""
    if action.light is None:
        return word.Cell("", is_written=False)
    text = f"{action.light.shape} {tr.term(action.light)}"
    return word.Cell(text, fill=style.colour(style.meaning_of(action.light)), ink="#FFFFFF", is_bold=True)


def _properties(document: Any, minutes: Minutes, tr: Translator) -> None:
    about, stamp = document.core_properties, minutes.stamp
    about.title = tr("Minutes of the weekly dispatch, {week}", week=stamp.iso_week)
    about.author = about.last_modified_by = minutes.author
    about.subject, about.comments = stamp.line(tr), stamp.seal
    about.created = about.modified = datetime.combine(stamp.as_of, time())
    about.revision, about.language = stamp.rev, word.LANG[tr.lang]
