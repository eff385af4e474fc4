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
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from core.dispatch.exports import style
from core.dispatch.exports.fixed_zip import fixed_zip
from core.dispatch.slide_model import Stamp
from core.locale import Translator
from core.terms import ActionStatus, Light

__all__ = ["Minutes", "MinutesAction", "MinutesItem", "make_minutes"]

LANG = {"zh_CN": "zh-CN", "en": "en-US"}
WIDTHS = (2.9, 5.0, 5.1, 2.8, 1.9, 2.5, 2.0, 2.4)  # centimetres of the columns of actions; A4 landscape
FONT_ATTRIBUTES = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
THEME_ATTRIBUTES = ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme")


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
    _styles(document, tr)
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
    stamp, section = minutes.stamp, document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(1.8)
    marks = [tr("Draft")] * minutes.is_draft + [tr("Demonstration data")] * stamp.is_demo
    header = section.header.paragraphs[0]
    header.text = " · ".join([*marks, stamp.district, stamp.office, stamp.line(tr)])
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(footer, "PAGE")
    footer.add_run(" / ")
    _field(footer, "NUMPAGES")


def _field(paragraph: Any, instruction: str) -> None:
    """A field that Word computes, such as the number of the page."""
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "text":
            run.text = text
            continue
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _styles(document: Any, tr: Translator) -> None:
    """The document font for every script in the defaults and all styles; sizes and inks of what is used here."""
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        _set_fonts(fonts)
    for properties in document.styles.element.iter(qn("w:lang")):
        properties.set(qn("w:val"), LANG[tr.lang])
        properties.set(qn("w:eastAsia"), "zh-CN")
    for name, size, before in (
        ("Normal", 11, 0),
        ("Title", 20, 0),
        ("Heading 1", 14, 14),
        ("Heading 2", 12, 10),
        ("List Bullet", 11, 0),
        ("Header", 9, 0),
        ("Footer", 9, 0),
    ):
        found = document.styles[name]
        found.font.size = Pt(size)
        _set_fonts(found.element.get_or_add_rPr().get_or_add_rFonts())
        found.paragraph_format.space_before, found.paragraph_format.space_after = Pt(before), Pt(4)
        if name.startswith(("Title", "Heading")):
            found.font.color.rgb, found.font.bold = _rgb(style.INK[False]), True
        if name in ("Header", "Footer"):
            found.font.color.rgb = _rgb(style.FADED[False])


def _set_fonts(fonts: Any) -> None:
    for attribute in THEME_ATTRIBUTES:
        fonts.attrib.pop(qn(attribute), None)
    for attribute in FONT_ATTRIBUTES:
        fonts.set(qn(attribute), style.DOCUMENT_FONT)


def _heading(document: Any, minutes: Minutes, tr: Translator) -> None:
    title = tr("Minutes of the weekly dispatch, {week}", week=minutes.stamp.iso_week)
    document.add_heading(title, 0)
    if minutes.is_draft:
        mark = document.add_paragraph().add_run(tr("Draft: not yet confirmed by the chair"))
        mark.bold, mark.font.color.rgb = True, _rgb(style.colour(style.meaning_of(Light.RED)))
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
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        _cell(cell, text, fill=style.SHADE[False], is_bold=True)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for action in actions:
        due = "—" if action.due_on is None else action.due_on.isoformat()
        texts = (action.code, action.problem, action.measure, action.office, action.owner, due, tr.term(action.status))
        cells = table.add_row().cells
        for cell, text in zip(cells, texts, strict=False):
            _cell(cell, text)
        if action.light is not None:
            word = f"{action.light.shape} {tr.term(action.light)}"
            _cell(cells[-1], word, fill=style.colour(style.meaning_of(action.light)), ink="#FFFFFF", is_bold=True)
    for row in table.rows:
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
        for cell, width in zip(row.cells, WIDTHS, strict=True):
            cell.width = Cm(width)
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Cm(width)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _cell(cell: Any, text: str, *, fill: str = "", ink: str = "", is_bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(10), is_bold
    if ink:
        run.font.color.rgb = _rgb(ink)
    if fill:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:color"), "auto")
        shade.set(qn("w:fill"), fill.lstrip("#"))
        cell._tc.get_or_add_tcPr().append(shade)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#"))


def _properties(document: Any, minutes: Minutes, tr: Translator) -> None:
    about, stamp = document.core_properties, minutes.stamp
    about.title = tr("Minutes of the weekly dispatch, {week}", week=stamp.iso_week)
    about.author = about.last_modified_by = minutes.author
    about.subject, about.comments = stamp.line(tr), stamp.seal
    about.created = about.modified = datetime.combine(stamp.as_of, time())
    about.revision, about.language = stamp.rev, LANG[tr.lang]
