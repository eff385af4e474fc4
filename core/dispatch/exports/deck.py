"""The slide deck of a frozen week as PPTX: native charts, tables and shapes that can be edited.

make_deck(slides, stamp, tr)       # bytes; the same for the same input, at any time
overflows(slides, tr)              # what does not fit whole; shown cut with '…'
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.util import Inches, Pt

from core.dispatch.exports import style
from core.dispatch.exports.deck_charts import add_bars, add_lines, bars_fit
from core.dispatch.exports.deck_figures import add_map, add_table, table_layout
from core.dispatch.exports.deck_text import Box, Run, add_text, paint, set_fonts, set_theme_fonts, write
from core.dispatch.exports.fixed_zip import fixed_zip
from core.dispatch.exports.text_width import LINE, Fitted, fit, text_width
from core.dispatch.slide_model import BarFigure, Figure, LineFigure, Meaning, Number, Slide, Stamp, TableFigure
from core.locale import Translator

__all__ = ["Overflow", "make_deck", "overflows"]

TITLE_ONLY = 5  # the layout of the default template with nothing but a title
EDGE, WIDE = 40.0, 880.0  # points; a slide is 960 × 540
SECTION = Box(EDGE, 20, 700, 18)
TITLE = Box(EDGE, 38, WIDE, 74)
BODY = Box(EDGE, 120, WIDE, 312)
QUESTION = Box(EDGE, 440, WIDE, 38)
SOURCES = Box(EDGE, 484, WIDE, 27)
FOOT = Box(EDGE, 514, WIDE, 16)
NUMBERS_WIDE = 200.0  # left of a figure
STRIP = 50.0  # height of numbers above a figure
BESIDE_HIGH = 104.0  # and the most that each takes
BESIDE = 4  # numbers that have room there
TITLE_SIZES = (28.0, 26.0, 24.0, 22.0, 20.0)
LANG = {"zh_CN": "zh-CN", "en": "en-US"}


@dataclass(frozen=True)
class Overflow:
    """A part of a slide that does not fit: title, question, numbers, figure or sources."""

    code: str
    part: str


def overflows(slides: Sequence[Slide], tr: Translator) -> list[Overflow]:
    """Parts that the deck shows cut, or in type below 14 points; empty if every slide is whole."""
    return [Overflow(slide.code, part) for slide in slides for part, is_whole in _checks(slide, tr) if not is_whole]


def make_deck(slides: Sequence[Slide], stamp: Stamp, tr: Translator) -> bytes:
    """A PPTX of 16:9, a slide each, with speaker notes; its bytes depend on the arguments alone."""
    deck = Presentation()
    _widen(deck)
    for page, slide in enumerate(slides, 1):
        _add_slide(deck, slide, stamp, tr, page)
    _properties(deck, slides, stamp, tr)
    lang = LANG[tr.lang]
    for drawn in deck.slides:
        set_fonts(drawn._element, lang)
        set_fonts(drawn.notes_slide._element, lang)
        for shape in drawn.shapes:
            if shape.has_chart:
                set_fonts(shape.chart._chartSpace, lang)
    _set_themes(deck)
    out = io.BytesIO()
    deck.save(out)
    return fixed_zip(out.getvalue(), stamp.as_of)


def _checks(slide: Slide, tr: Translator) -> list[tuple[str, bool]]:
    area = _figure_area(slide, tr)
    figure, is_whole = slide.figure, True
    if isinstance(figure, TableFigure):
        is_whole = table_layout(figure, tr, area).is_whole
    elif isinstance(figure, BarFigure):
        is_whole = bars_fit(figure, area)
    return [
        ("title", _title(slide).is_whole),
        (
            "numbers",
            all(fitted.is_whole for number in slide.numbers for fitted in _number_texts(number, _tile(slide, tr))),
        ),
        ("figure", is_whole),
        ("question", _question(slide).is_whole),
        ("sources", _sources(slide).is_whole),
    ]


def _widen(deck: Any) -> None:
    """Make the default template 16:9: slide size, and the places on its master and layouts."""
    factor = Inches(13.333) / deck.slide_width
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    master = deck.slide_master
    for shapes in (master.shapes, *(layout.shapes for layout in master.slide_layouts)):
        for shape in shapes:
            if shape._element.xpath("./p:spPr/a:xfrm"):
                shape.left, shape.width = round(shape.left * factor), round(shape.width * factor)


def _add_slide(deck: Any, slide: Slide, stamp: Stamp, tr: Translator, page: int) -> None:
    drawn = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    shapes = drawn.shapes
    faded = style.FADED[False]
    title = _title(slide)
    shapes.title.left, shapes.title.top, shapes.title.width, shapes.title.height = TITLE.emu
    text = slide.title if title.is_whole else " ".join(title.lines)
    write(shapes.title.text_frame, [[Run(text, title.size, is_bold=True)]], anchor="middle")
    add_text(shapes, SECTION, [[Run(slide.section, 12, faded)]])
    if stamp.is_demo:
        _demo_mark(shapes, tr)
    _numbers(shapes, slide, tr)
    if slide.figure is not None:
        _figure(shapes, slide.figure, tr, _figure_area(slide, tr))
    _question_band(shapes, slide)
    sources = _sources(slide)
    text = slide.sources if sources.is_whole else " ".join(sources.lines)
    add_text(shapes, SOURCES, [[Run(text, sources.size, faded)]], anchor="bottom")
    line = f"{stamp.district} · {stamp.office} · {stamp.line(tr)}"
    size = min(10.0, (FOOT.width - 70) / text_width(line, 1))  # in one line, beside the number of the page
    add_text(shapes, FOOT, [[Run(line, size, faded)]], anchor="middle")
    add_text(
        shapes,
        Box(FOOT.right - 60, FOOT.top, 60, FOOT.height),
        [[Run(str(page), 12, faded)]],
        align="right",
        anchor="middle",
    )
    drawn.notes_slide.notes_text_frame.text = "\n".join((*slide.notes, slide.question, slide.sources))


def _figure(shapes: Any, figure: Figure, tr: Translator, area: Box) -> None:
    if isinstance(figure, BarFigure):
        add_bars(shapes, figure, tr, area)
    elif isinstance(figure, LineFigure):
        add_lines(shapes, figure, tr, area)
    elif isinstance(figure, TableFigure):
        add_table(shapes, figure, tr, area)
    else:
        add_map(shapes, figure, tr, area)


# -- texts and their places ------------------------------------------------------------------------


def _title(slide: Slide) -> Fitted:
    return fit(slide.title, TITLE.width - 4, TITLE.height, TITLE_SIZES, is_bold=True)


def _question(slide: Slide) -> Fitted:
    return fit(slide.question, QUESTION.width - 36, QUESTION.height, (18.0, 16.0, 14.0), is_bold=True)


def _sources(slide: Slide) -> Fitted:
    return fit(slide.sources, SOURCES.width - 4, SOURCES.height, (11.0, 10.0, 9.0))


BESIDE_AREA = Box(BODY.left + NUMBERS_WIDE + 24, BODY.top, BODY.width - NUMBERS_WIDE - 24, BODY.height)


def _is_beside(slide: Slide, tr: Translator) -> bool:
    """Whether the numbers are left of the figure: where they are few, and a table has room beside them."""
    if slide.figure is None or not 0 < len(slide.numbers) <= BESIDE:
        return False
    return not isinstance(slide.figure, TableFigure) or table_layout(slide.figure, tr, BESIDE_AREA).is_whole


def _figure_area(slide: Slide, tr: Translator) -> Box:
    if _is_beside(slide, tr):
        return BESIDE_AREA
    if slide.numbers:
        return Box(BODY.left, BODY.top + STRIP + 4, BODY.width, BODY.height - STRIP - 4)
    return BODY


def _tile(slide: Slide, tr: Translator) -> Box:
    """The place of the first number: in a column left of the figure, in a strip above it, or alone on the slide."""
    count = len(slide.numbers)
    if _is_beside(slide, tr):
        return Box(BODY.left, BODY.top, NUMBERS_WIDE, min(BODY.height / max(count, 1), BESIDE_HIGH))
    across = min(count, 4) if slide.figure is None else count
    rows = -(-count // max(across, 1))
    height = STRIP if slide.figure is not None else min(BODY.height / max(rows, 1), 150.0)
    return Box(BODY.left, BODY.top, BODY.width / max(across, 1) - 16, height)


def _tiles(slide: Slide, tr: Translator) -> list[Box]:
    first = _tile(slide, tr)
    if _is_beside(slide, tr):
        return [
            Box(first.left, first.top + nth * first.height, first.width, first.height)
            for nth in range(len(slide.numbers))
        ]
    across = min(len(slide.numbers), 4) if slide.figure is None else len(slide.numbers)
    return [
        Box(
            first.left + nth % across * (first.width + 16),
            first.top + nth // across * first.height,
            first.width,
            first.height,
        )
        for nth in range(len(slide.numbers))
    ]


def _number_texts(number: Number, tile: Box) -> tuple[Fitted, Fitted, Fitted]:
    """Number, label and note in a tile; larger where they are all that the slide shows."""
    if tile.height <= STRIP:
        big = fit(number.text, tile.width - 50, 24 * LINE, (24.0, 20.0), is_bold=True)
        about = " · ".join(part for part in (number.label, number.note) if part)
        return big, fit(about, tile.width - 14, 12 * LINE, (12.0, 11.0, 10.0)), Fitted((), 12)
    width, grow = tile.width - 14, 1.4 if tile.height > BESIDE_HIGH else 1.0
    mark = 30.0 if number.light else 0.0
    big = fit(number.text, width - mark, 36 * LINE * grow, [size * grow for size in (36.0, 32.0, 28.0, 24.0)], True)
    rest = tile.height - 36 * LINE * grow - 4
    label = fit(
        number.label, width, rest if not number.note else min(2 * 14 * LINE * grow, rest * 0.6), (14.0 * grow, 12.0)
    )
    note = fit(number.note, width, max(rest - label.height, 12 * LINE), (12.0 * grow, 11.0, 10.0))
    return big, label, note


def _numbers(shapes: Any, slide: Slide, tr: Translator) -> None:
    for number, tile in zip(slide.numbers, _tiles(slide, tr), strict=True):
        big, label, note = _number_texts(number, tile)
        rule = shapes.add_shape(1, Pt(tile.left), Pt(tile.top + 6), Pt(3), Pt(tile.height - 14))
        shade = style.GRID[False] if number.light is None else style.colour(style.meaning_of(number.light))
        rule.name = "Rule"
        paint(rule, shade)
        first = [Run(big.text, big.size, is_bold=True)]
        if number.light is not None:
            first.append(Run(f" {number.light.shape}", 16, shade))
            word = tr.term(number.light)
            used = text_width(big.text, big.size, True) + 24
            if used + text_width(word, 12) <= tile.width - 14:
                first.append(Run(f" {word}", 12))
        about = " ".join(label.lines) if tile.height <= STRIP or not label.is_whole else number.label
        paragraphs = [first, [Run(about, label.size)]]
        if note.text:
            note_text = number.note if note.is_whole else note.text.replace("\n", " ")
            paragraphs.append([Run(note_text, note.size, style.FADED[False])])
        add_text(shapes, Box(tile.left + 12, tile.top, tile.width - 12, tile.height), paragraphs)


def _question_band(shapes: Any, slide: Slide) -> None:
    question = _question(slide)
    band = shapes.add_shape(1, *QUESTION.emu)
    band.name = "Question"
    paint(band, style.SHADE[False])
    edge = shapes.add_shape(1, Pt(QUESTION.left), Pt(QUESTION.top), Pt(5), Pt(QUESTION.height))
    edge.name = "Rule"
    paint(edge, style.colour(Meaning.MAIN))
    text = slide.question if question.is_whole else " ".join(question.lines)
    box = Box(QUESTION.left + 18, QUESTION.top, QUESTION.width - 28, QUESTION.height)
    add_text(shapes, box, [[Run(text, question.size, is_bold=True)]], anchor="middle")


def _demo_mark(shapes: Any, tr: Translator) -> None:
    text = tr("Demonstration data")
    width = text_width(text, 12, True) + 18
    mark = shapes.add_shape(1, Pt(EDGE + WIDE - width), Pt(16), Pt(width), Pt(22))
    mark.name = "Demonstration data"
    paint(mark, style.PAPER[False], style.FADED[False])
    write(mark.text_frame, [[Run(text, 12, style.FADED[False], is_bold=True)]], align="centre", anchor="middle")


# -- document --------------------------------------------------------------------------------------


def _properties(deck: Any, slides: Sequence[Slide], stamp: Stamp, tr: Translator) -> None:
    about, day = deck.core_properties, datetime.combine(stamp.as_of, time())
    about.title = tr("Weekly dispatch {week}", week=stamp.iso_week)
    about.subject, about.author, about.last_modified_by = stamp.line(tr), stamp.office, stamp.office
    about.comments, about.keywords = stamp.seal, ", ".join(slide.code for slide in slides)
    about.created = about.modified = day
    about.revision, about.language = stamp.rev, LANG[tr.lang]


def _set_themes(deck: Any) -> None:
    """The document font in the themes of the slides and of the notes."""
    for master in (deck.slide_master, deck.notes_master):
        set_theme_fonts(master.part.part_related_by(RT.THEME))
