"""Tables and maps of a slide deck as native tables and shapes."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians
from typing import Any

from pptx.util import Pt

from core.dispatch.exports import style
from core.dispatch.exports.deck_text import SLACK, Box, Run, add_text, paint, rgb, write
from core.dispatch.exports.figure_facts import alt_text
from core.dispatch.exports.table_layout import column_widths
from core.dispatch.exports.text_width import LINE, text_width, wrap
from core.dispatch.slide_model import MapFigure, Region, TableFigure
from core.locale import Translator
from core.terms import Light

__all__ = ["TableLayout", "add_map", "add_table", "table_layout"]

SIZES = (18.0, 16.0, 15.0, 14.0, 12.0, 11.0, 10.0, 9.0)
READABLE = 14.0
LABEL = 13.0  # names on a map


@dataclass(frozen=True)
class TableLayout:
    """Type, widths of the columns (the mark's first, if there is one) and heights of the rows, head first; points."""

    size: float
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    has_marks: bool
    is_whole: bool


def table_layout(figure: TableFigure, tr: Translator, box: Box) -> TableLayout:
    """The largest type in which every row of ``figure`` is whole inside ``box``."""
    heads = tuple(column.name for column in figure.columns)
    words = {_mark(row.light, tr) for row in figure.rows if row.light is not None}
    for size in SIZES:
        foot = size * LINE if figure.omitted else 0
        mark = max((text_width(word, size, True) for word in words), default=0) * SLACK + size if words else 0
        exact = column_widths(figure, box.width - mark, size)
        widths = exact or [(box.width - mark) / len(heads)] * len(heads)
        counts = [
            max(len(wrap(cell, width - size, size, nth == 0)) for cell, width in zip(cells, widths, strict=True))
            for nth, cells in enumerate((heads, *(row.cells for row in figure.rows)))
        ]
        heights = [count * size * LINE * 1.08 + size * 0.6 for count in counts]
        is_whole = bool(exact) and sum(heights) + foot <= box.height
        if is_whole:
            break
    spare = max((box.height - foot - sum(heights)) / len(heights), 0)
    roomy = [height + min(spare, size * 0.6) for height in heights]
    columns = (mark, *widths) if words else tuple(widths)
    return TableLayout(size, columns, tuple(roomy), bool(words), is_whole and size >= READABLE)


def add_table(shapes: Any, figure: TableFigure, tr: Translator, box: Box) -> None:
    """A native table; a light is a coloured cell with its shape and word."""
    layout = table_layout(figure, tr, box)
    area = Box(box.left, box.top, sum(layout.widths), sum(layout.heights))
    frame = shapes.add_table(len(figure.rows) + 1, len(layout.widths), *area.emu)
    frame.name = "Figure"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt_text(figure, tr))
    table = frame.table
    table.horz_banding = False
    for column, width in zip(table.columns, layout.widths, strict=True):
        column.width = Pt(width)
    first = int(layout.has_marks)
    heads = ("",) * first + tuple(column.name for column in figure.columns)
    is_number = (False,) * first + tuple(column.is_number for column in figure.columns)
    rows = [(heads, None), *((("",) * first + row.cells, row.light) for row in figure.rows)]
    for nth, ((cells, light), height) in enumerate(zip(rows, layout.heights, strict=True)):
        table.rows[nth].height = Pt(height)
        for at, text in enumerate(cells):
            cell = table.cell(nth, at)
            fill, ink = (style.SHADE[False], style.FADED[False]) if nth == 0 else (style.PAPER[False], style.INK[False])
            if at == 0 and first and light is not None:
                text, fill, ink = _mark(light, tr), style.colour(style.meaning_of(light)), "#FFFFFF"
            _fill_cell(
                cell, Run(text, layout.size, ink, nth == 0 or (at == 0 and light is not None)), fill, is_number[at]
            )
    if figure.omitted:
        foot = Box(box.left, area.bottom + 2, box.width, layout.size * LINE)
        text = tr("and {n} more", n=tr.number(figure.omitted))
        add_text(shapes, foot, [[Run(text, layout.size, style.FADED[False])]])


def _mark(light: Light | None, tr: Translator) -> str:
    return "" if light is None else f"{light.shape}\N{NO-BREAK SPACE}{tr.term(light)}"


def _fill_cell(cell: Any, run: Run, fill: str, is_number: bool) -> None:
    write(cell.text_frame, [[run]], align="right" if is_number else "left")
    cell.vertical_anchor = 3  # middle
    cell.margin_left = cell.margin_right = Pt(run.size / 2)
    cell.margin_top = cell.margin_bottom = Pt(run.size * 0.2)
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(fill)


def add_map(shapes: Any, figure: MapFigure, tr: Translator, box: Box) -> None:
    """A group of freeform shapes, one a region, with names, values and the classes as squares."""
    plot = _legend(shapes, figure, tr, box)
    points = [point for region in figure.regions for ring in region.rings for point in ring]
    points += [region.label for region in figure.regions]
    if not points:
        return
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    shrink = cos(radians((south + north) / 2))
    scale = min(plot.width / max((east - west) * shrink, 1e-9), plot.height / max(north - south, 1e-9))
    left = plot.left + (plot.width - (east - west) * shrink * scale) / 2
    top = plot.top + (plot.height - (north - south) * scale) / 2

    def place(point: tuple[float, float]) -> tuple[int, int]:
        x, y = left + (point[0] - west) * shrink * scale, top + (north - point[1]) * scale
        return round(x * 12_700), round(y * 12_700)

    group = shapes.add_group_shape()
    group.name = "Figure"
    group._element.nvGrpSpPr.cNvPr.set("descr", alt_text(figure, tr))
    colours = style.ramp(len(figure.classes))
    fills = [style.UNKNOWN[False] if region.step is None else colours[region.step] for region in figure.regions]
    for region, fill in zip(figure.regions, fills, strict=True):
        _region(group.shapes, region, fill, place)
    for region, fill in zip(figure.regions, fills, strict=True):
        x, y = place(region.label)
        lines = [line for line in (region.name, region.text) if line]
        width = max(text_width(line, LABEL, True) for line in lines) + 6
        height = len(lines) * LABEL * 1.2
        ink = style.ink_on(fill)
        area = Box(x / 12_700 - width / 2, y / 12_700 - height / 2, width, height)
        runs = [[Run(line, LABEL, ink, nth > 0)] for nth, line in enumerate(lines)]
        add_text(group.shapes, area, runs, align="centre", anchor="middle").text_frame.word_wrap = False


def _region(shapes: Any, region: Region, fill: str, place: Any) -> None:
    outlines = [[place(point) for point in ring] for ring in region.rings if len(ring) > 2]
    if not outlines:
        return
    builder = shapes.build_freeform(*outlines[0][0], scale=1.0)
    builder.add_line_segments(outlines[0][1:], close=True)
    for outline in outlines[1:]:
        builder.move_to(*outline[0])
        builder.add_line_segments(outline[1:], close=True)
    shape = builder.convert_to_shape()
    shape.name = region.name
    paint(shape, fill, style.PAPER[False] if region.step is not None else style.FADED[False], 1.25)


def _legend(shapes: Any, figure: MapFigure, tr: Translator, box: Box) -> Box:
    """Classes beside the map, most on top; returns the room of the map."""
    entries = list(zip(style.ramp(len(figure.classes)), figure.classes, strict=True))[::-1]
    if any(region.step is None for region in figure.regions):
        entries.append((style.UNKNOWN[False], tr("Not shown")))
    size = 14.0
    width = max((text_width(text, size) for _, text in entries), default=0) * SLACK + size * 1.8
    width = min(max(width, min(text_width(figure.unit, size) * SLACK, box.width * 0.25) + 4), box.width * 0.3)
    unit = wrap(figure.unit, width, size) if figure.unit else []
    left = box.right - width
    y = box.top + (box.height - (len(unit) + 1.6 * len(entries)) * size * LINE) / 2
    if unit:
        add_text(
            shapes, Box(left, y, width, len(unit) * size * LINE), [[Run("\n".join(unit), size, style.FADED[False])]]
        )
        y += len(unit) * size * LINE + 4
    for shade, text in entries:
        square = shapes.add_shape(1, Pt(left), Pt(y + size * 0.2), Pt(size), Pt(size))
        square.name = text
        paint(square, shade, style.FADED[False], 0.5)
        add_text(shapes, Box(left + size * 1.5, y, width - size * 1.5, size * LINE), [[Run(text, size)]])
        y += 1.6 * size * LINE
    return Box(box.left, box.top, box.width - width - 16, box.height)
