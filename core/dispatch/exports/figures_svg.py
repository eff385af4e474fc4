"""The figure of a slide as SVG, for the screen and for print: type of 24 units and more, labels at the marks.

    figure_svg(slide.figure, tr, 1100, 620)

Every text is measured before it is drawn, so that none is clipped. Where a figure has more than the sheet can hold,
type becomes smaller, then texts are cut with '…'; ``fits`` says so beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, radians

from core.dispatch.exports import style
from core.dispatch.exports.figure_facts import (
    alt_text,
    axis_ticks,
    bars_per_category,
    is_stack,
    series_name,
    target_text,
    value_text,
)
from core.dispatch.exports.map_labels import place_labels
from core.dispatch.exports.svg import Point, Svg
from core.dispatch.exports.table_layout import column_widths
from core.dispatch.exports.text_width import LINE, Fitted, fit, text_width, wrap
from core.dispatch.slide_model import BarFigure, Figure, LineFigure, MapFigure, Meaning, Series, TableFigure
from core.locale import Translator
from core.terms import Light

__all__ = ["figure_svg", "fits"]

TYPE = 24.0  # the smallest type that a meeting room reads on 1920 × 1080
LARGEST = 30.0
SMALLEST = 14.0  # where a figure holds too much
FOOT_TYPE = 18.0  # of small print, read on paper
GAP = 14.0


@dataclass(frozen=True)
class Box:
    """A part of the sheet."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


def figure_svg(
    figure: Figure, tr: Translator, width: float, height: float, is_dark: bool = False, *, foot: str = ""
) -> str:
    """``figure`` as an ``svg`` element of ``width`` × ``height`` user units on a transparent background.

    ``foot``: small print below it, such as its sources.
    """
    description = alt_text(figure, tr)
    kind, _, rest = description.partition(" ")
    return _draw(figure, tr, width, height, is_dark, foot).document(kind.rstrip("。."), rest)


def fits(figure: Figure, tr: Translator, width: float, height: float) -> bool:
    """Whether all texts of ``figure`` are drawn whole and in type of at least 24 units."""
    return _draw(figure, tr, width, height, False).is_whole


def _draw(figure: Figure, tr: Translator, width: float, height: float, is_dark: bool, foot: str = "") -> Svg:
    svg = Svg(width, height, is_dark)
    small_print = wrap(foot, width, FOOT_TYPE) if foot else []
    foot_height = len(small_print) * FOOT_TYPE * LINE
    svg.lines(0, height - foot_height / 2, small_print, FOOT_TYPE, fill=svg.faded)
    box = Box(0, 0, width, height - foot_height - (GAP if foot else 0))
    if isinstance(figure, BarFigure):
        _bars(svg, figure, tr, box)
    elif isinstance(figure, LineFigure):
        _lines(svg, figure, tr, box)
    elif isinstance(figure, TableFigure):
        _table(svg, figure, tr, box)
    else:
        _map(svg, figure, tr, box)
    return svg


# -- bars ------------------------------------------------------------------------------------------


def _bars(svg: Svg, figure: BarFigure, tr: Translator, box: Box) -> None:
    box = _legend(svg, figure.series, figure.unit, tr, box)
    if not figure.categories:
        return
    target = target_text(figure, tr)
    top = box.top + (TYPE * LINE if target else 0)
    each = bars_per_category(figure)
    pitch = min((box.bottom - top) / len(figure.categories), 40.0 + 50 * each)
    size = min(max(pitch / each * 0.58, TYPE), LARGEST, pitch / each * 0.92)
    svg.is_whole = svg.is_whole and size >= TYPE
    names = [_category(name, box.width * 0.4, pitch, size) for name in figure.categories]
    svg.is_whole = svg.is_whole and all(name.is_whole for name in names)
    name_width = max(text_width(line, name.size) for name in names for line in name.lines)
    labels = [_end_labels(figure, nth, tr) for nth in range(len(figure.categories))]
    texts = [label for row in labels for label, _ in row]
    mark = size if any(style.light_of(series.meaning) for series in figure.series) and not is_stack(figure) else 0
    room = max((text_width(text, size, True) for text in texts), default=0) + mark + GAP
    low, high = _extent(figure)
    left = box.left + name_width + GAP + (room if low < 0 else 0)
    scale = (box.right - left - room) / ((high - low) or 1)

    def x(value: float) -> float:
        return left + (value - low) * scale

    thick = pitch / each * (0.68 if each == 1 else 0.8)
    bottom = top + len(names) * pitch
    middles = [top + (nth + 0.5) * pitch for nth in range(len(names))]
    for nth, (name, middle) in enumerate(zip(names, middles, strict=True)):
        svg.lines(box.left + name_width, middle, name.lines, name.size, anchor="end")
        if is_stack(figure):
            _stack(svg, figure, nth, tr, x=x, middle=middle, thick=thick, size=size)
        else:
            _group(svg, figure, nth, x=x, middle=middle, step=pitch / each if each > 1 else 0, thick=thick)
    svg.line([(x(0), top), (x(0), bottom)], svg.faded, 1.5)
    if figure.target is not None:
        svg.line([(x(figure.target), top - 4), (x(figure.target), bottom)], svg.ink, 2.5, is_dashed=True)
        half = text_width(target, TYPE) / 2
        at = min(max(x(figure.target), box.left + half), box.right - half)
        svg.text(at, top - TYPE * 0.75, target, TYPE, anchor="middle")
    for nth, middle in enumerate(middles):
        for at, (label, series) in enumerate(labels[nth]):
            y = middle + (at - (len(labels[nth]) - 1) / 2) * (pitch / each)
            end = _end(figure, nth, series)
            _bar_label(
                svg, label, x(end) + (GAP / 2 if end >= 0 else -GAP / 2), y, size, series=series, is_left=end < 0
            )


def _category(name: str, width: float, pitch: float, size: float) -> Fitted:
    """The name of a category in the room left of its bars."""
    smaller = [size] + [step for step in (size * 0.92, TYPE) if step < size]
    return fit(name, width, max(pitch, size * LINE), smaller)


def _extent(figure: BarFigure) -> tuple[float, float]:
    """Least and greatest value that the axis shows; zero is always on it."""
    if is_stack(figure):
        ends = [_end(figure, nth, None) for nth in range(len(figure.categories))]
    else:
        ends = [value for series in figure.series for value in series.values if value is not None]
    ends += [0.0] + ([] if figure.target is None else [figure.target])
    return min(ends), max(ends)


def _end(figure: BarFigure, nth: int, series: Series | None) -> float:
    """Where the bar of ``series`` ends in category ``nth``; without a series the stack, or the longest bar."""
    if series is not None:
        return series.values[nth] or 0.0
    values = [series.values[nth] or 0.0 for series in figure.series]
    return sum(values) if is_stack(figure) else max(values, key=abs, default=0.0)


def _end_labels(figure: BarFigure, nth: int, tr: Translator) -> list[tuple[str, Series | None]]:
    """What is written at the ends of the bars of category ``nth``, each with the series whose bar it follows."""
    known = [series for series in figure.series if series.values[nth] is not None]
    if figure.labels:
        return [(figure.labels[nth], known[0] if len(known) == 1 and not is_stack(figure) else None)]
    if is_stack(figure):
        return []
    if bars_per_category(figure) == 1:
        return [(value_text(figure, series.values[nth] or 0.0, tr), series) for series in known]
    return [
        ("" if value is None else value_text(figure, value, tr), series)
        for series, value in ((series, series.values[nth]) for series in figure.series)
    ]


def _bar_label(svg: Svg, label: str, x: float, y: float, size: float, *, series: Series | None, is_left: bool) -> None:
    """The text at the end of a bar; a bar of a light has its shape before the text."""
    light = None if series is None else style.light_of(series.meaning)
    if light is not None and label:
        width = text_width(label, size, True) if is_left else 0
        svg.shape(x - width - size * 0.5 if is_left else x + size * 0.4, y, light, size)
        x += 0 if is_left else size * 0.95
    svg.text(x, y, label, size, anchor="end" if is_left else "start", is_bold=True, halo=svg.paper)


def _group(
    svg: Svg, figure: BarFigure, nth: int, *, x: Callable[[float], float], middle: float, step: float, thick: float
) -> None:
    """The bars of one category beside each other; at one place where only one of them has a value."""
    count = len(figure.series)
    for at, series in enumerate(figure.series):
        value = series.values[nth]
        if value is not None:
            y = middle + ((at - (count - 1) / 2) * step)
            left, right = sorted((x(0.0), x(value)))
            svg.rect(left, y - thick / 2, right - left, thick, style.colour(series.meaning, svg.is_dark))


def _stack(
    svg: Svg,
    figure: BarFigure,
    nth: int,
    tr: Translator,
    *,
    x: Callable[[float], float],
    middle: float,
    thick: float,
    size: float,
) -> None:
    """The parts of one category after each other, their values inside where they have room."""
    at = 0.0
    for series in figure.series:
        value = series.values[nth]
        if not value:
            continue
        left, right = x(at), x(at + value)
        svg.rect(
            left,
            middle - thick / 2,
            right - left,
            thick,
            style.colour(series.meaning, svg.is_dark),
            style.PAPER[svg.is_dark],
        )
        text = value_text(figure, value, tr)
        if text_width(text, size, True) + 8 <= right - left and size * 1.05 <= thick:
            svg.text((left + right) / 2, middle, text, size, anchor="middle", fill="#FFFFFF", is_bold=True)
        at += value


def _legend(svg: Svg, series: Sequence[Series], unit: str, tr: Translator, box: Box) -> Box:
    """What the colours say, above the plot; returns the room that is left."""
    entries: list[tuple[Series | None, str]] = [(one, one.name) for one in series]
    if len(series) == 1:
        entries = [(None, series_name(series[0], unit, tr))]
    elif unit:
        entries.append((None, tr("Unit: {unit}", unit=unit)))
    x, y = box.left, box.top + TYPE * LINE / 2
    for one, name in entries:
        width = text_width(name, TYPE) + (TYPE * 1.2 if one else 0)
        if x > box.left and x + width > box.right:
            x, y = box.left, y + TYPE * LINE
        svg.is_whole = svg.is_whole and x + width <= box.right + 0.5
        if one is not None:
            light = style.light_of(one.meaning)
            if light is not None:
                svg.shape(x + TYPE * 0.4, y, light, TYPE)
            else:
                svg.rect(x, y - TYPE * 0.36, TYPE * 0.75, TYPE * 0.75, style.colour(one.meaning, svg.is_dark))
        svg.text(x + (TYPE * 1.1 if one else 0), y, name, TYPE, fill=svg.faded)
        x += width + TYPE
    return Box(box.left, y + TYPE * LINE / 2 + 10, box.right, box.bottom)


# -- lines -----------------------------------------------------------------------------------------


def _lines(svg: Svg, figure: LineFigure, tr: Translator, box: Box) -> None:
    known = [value for series in figure.series for value in series.values if value is not None]
    if not known or not figure.days:
        return
    if figure.unit:
        svg.text(box.left, box.top + TYPE * LINE / 2, tr("Unit: {unit}", unit=figure.unit), TYPE, fill=svg.faded)
    low, high = min(known), max(known)
    ticks = axis_ticks(0.0 if 0 <= low < 0.5 * high else low, high)
    tick_texts = [value_text(figure, tick, tr) for tick in ticks]
    left = box.left + max(text_width(text, TYPE) for text in tick_texts) + GAP
    names = _line_names(svg, figure, tr, box.width * 0.34)
    right = box.right - max(text_width(line, TYPE, True) for name in names for line in name.lines) - 2 * GAP
    first, last = figure.days[0].toordinal(), figure.days[-1].toordinal()

    def x(day: date) -> float:
        return left + (day.toordinal() - first) / max(last - first, 1) * (right - left)

    notes = [
        (x(day), _place_note(x(day), note, left, right))
        for day, note in figure.notes
        if first <= day.toordinal() <= last
    ]
    levels = _levels([(start, start + max(text_width(line, TYPE) for line in lines)) for _, (start, lines) in notes])
    deepest = max((len(lines) for _, (_, lines) in notes), default=0) * TYPE * LINE
    head = box.top + (TYPE * LINE + 6 if figure.unit else 0)
    top = head + (max(levels, default=-1) + 1) * deepest + TYPE * 0.6
    bottom = box.bottom - TYPE * LINE - GAP / 2

    def y(value: float) -> float:
        return bottom - (value - ticks[0]) / (ticks[-1] - ticks[0]) * (bottom - top)

    for tick, text in zip(ticks, tick_texts, strict=True):
        svg.line([(left, y(tick)), (right, y(tick))], svg.grid, 1.5)
        svg.text(left - GAP, y(tick), text, TYPE, anchor="end", fill=svg.faded)
    _day_labels(svg, figure.days, tr, x, bottom + GAP / 2 + TYPE * LINE / 2, box)
    middles = [
        head + level * deepest + len(lines) * TYPE * LINE / 2
        for (_, (_, lines)), level in zip(notes, levels, strict=True)
    ]
    for (at, _), middle in zip(notes, middles, strict=True):
        svg.line([(at, middle), (at, bottom)], svg.faded, 1.5, is_dashed=True)
    for (_, (start, lines)), middle in zip(notes, middles, strict=True):
        for nth, line in enumerate(lines):
            svg.text(start, middle + (nth - (len(lines) - 1) / 2) * TYPE * LINE, line, TYPE, halo=svg.paper)
    ends = []
    for series in sorted(figure.series, key=lambda one: one.meaning not in (Meaning.CONTEXT, Meaning.TARGET)):
        _line(svg, figure.days, series, x, y)
    for series in figure.series:
        ends.append(next((y(value) for value in reversed(series.values) if value is not None), bottom))
    places = _spread(ends, [name.height for name in names], box.top, bottom + TYPE)
    for series, name, end, place in zip(figure.series, names, ends, places, strict=True):
        svg.line([(right + 6, end), (right + 2 * GAP - 8, place)], style.colour(series.meaning, svg.is_dark), 1.5)
        svg.lines(
            right + 2 * GAP, place, name.lines, TYPE, is_bold=series.meaning not in (Meaning.CONTEXT, Meaning.TARGET)
        )


def _line_names(svg: Svg, figure: LineFigure, tr: Translator, width: float) -> list[Fitted]:
    """Name and last value of every line, for its end."""
    names = []
    for series in figure.series:
        last = next((value for value in reversed(series.values) if value is not None), None)
        text = series.name if last is None else f"{series.name} {value_text(figure, last, tr)}"
        names.append(fit(text, width, 3 * TYPE * LINE, (TYPE,), is_bold=True))
    svg.is_whole = svg.is_whole and all(name.is_whole for name in names)
    return names


def _line(
    svg: Svg, days: Sequence[date], series: Series, x: Callable[[date], float], y: Callable[[float], float]
) -> None:
    """One line, broken where a value is missing; limits and the past thin and grey, a target dashed."""
    colour = style.colour(series.meaning, svg.is_dark)
    is_aside = series.meaning in (Meaning.CONTEXT, Meaning.TARGET)
    run: list[Point] = []
    for day, value in [*zip(days, series.values, strict=True), (days[-1], None)]:
        if value is not None:
            run.append((x(day), y(value)))
            continue
        if len(run) > 1:
            svg.line(run, colour, 2 if is_aside else 4, is_dashed=series.meaning is Meaning.TARGET)
        elif run:
            svg.dot(*run[0], 5, colour)
        if run and not is_aside:
            svg.dot(*run[-1], 7, colour)
        run = []


def _place_note(at: float, note: str, left: float, right: float) -> tuple[float, list[str]]:
    """Left end and lines of a note at ``at``: centred on its day, inside the plot."""
    lines = wrap(note, (right - left) * 0.4, TYPE)
    width = max(text_width(line, TYPE) for line in lines)
    return min(max(at - width / 2, left), right - width), lines


def _levels(spans: Sequence[tuple[float, float]]) -> list[int]:
    """A level for each span, so that none overlaps another of its level; in the order of ``spans``."""
    taken: list[float] = []
    levels = [0] * len(spans)
    for nth in sorted(range(len(spans)), key=lambda n: spans[n]):
        start, end = spans[nth]
        level = next((level for level, until in enumerate(taken) if until + GAP <= start), len(taken))
        taken[level : level + 1] = [end]
        levels[nth] = level
    return levels


def _spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Middles near ``wanted`` at which texts of ``heights`` do not overlap, inside ``low`` … ``high``."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    places = list(wanted)
    edge = low
    for nth in order:
        places[nth] = max(places[nth], edge + heights[nth] / 2)
        edge = places[nth] + heights[nth] / 2
    edge = high
    for nth in reversed(order):
        places[nth] = min(places[nth], edge - heights[nth] / 2)
        edge = places[nth] - heights[nth] / 2
    return places


def _day_labels(svg: Svg, days: Sequence[date], tr: Translator, x: Callable[[date], float], y: float, box: Box) -> None:
    """Days below the plot, from the last one backwards as many as have room."""
    edge = box.right
    for day in reversed(days):
        text = tr.day(day, "short")
        half = text_width(text, TYPE) / 2
        if x(day) + half <= edge and x(day) - half >= box.left:
            svg.text(x(day), y, text, TYPE, anchor="middle", fill=svg.faded)
            edge = x(day) - half - TYPE


# -- tables ----------------------------------------------------------------------------------------


def _table(svg: Svg, figure: TableFigure, tr: Translator, box: Box) -> None:
    heads = [column.name for column in figure.columns]
    words = {row.light: tr.term(row.light) for row in figure.rows if row.light is not None}
    for size in (28.0, 26.0, TYPE, 22.0, 20.0, 18.0, 16.0, SMALLEST):
        mark = max((text_width(word, size) for word in words.values()), default=0) + 2.4 * size if words else 0
        exact = column_widths(figure, box.width - mark, size)
        widths = exact or [(box.width - mark) / len(heads)] * len(heads)
        rows = [
            [wrap(cell, width - size, size, is_head) for cell, width in zip(cells, widths, strict=True)]
            for cells, is_head in [(heads, True), *((list(row.cells), False) for row in figure.rows)]
        ]
        heights = [max(map(len, row), default=1) * size * LINE + size * 0.5 for row in rows]
        foot = size * LINE * 1.3 if figure.omitted else 0
        if exact and sum(heights) + foot <= box.height:
            break
    svg.is_whole = bool(svg.is_whole and exact and size >= TYPE and sum(heights) + foot <= box.height)
    lefts = [box.left + mark + sum(widths[:nth]) for nth in range(len(widths))]
    spare = min((box.height - foot - sum(heights)) / len(heights), size * 0.7)
    y = box.top
    for nth, (cells, height) in enumerate(zip(rows, heights, strict=True)):
        height += max(spare, 0)
        is_head = nth == 0
        if is_head:
            svg.rect(box.left, y, box.width, height, style.SHADE[svg.is_dark])
        elif figure.rows[nth - 1].light is not None:
            _row_mark(svg, figure.rows[nth - 1].light, words, box.left, y + height / 2, size)
        for column, lines, left, width in zip(figure.columns, cells, lefts, widths, strict=True):
            x = left + width - size / 2 if column.is_number else left + size / 2
            anchor = "end" if column.is_number else "start"
            svg.lines(x, y + height / 2, lines, size, anchor=anchor, fill=svg.faded if is_head else "", is_bold=is_head)
        y += height
        svg.line([(box.left, y), (box.right, y)], svg.faded if is_head else svg.grid, 2 if is_head else 1.5)
    if figure.omitted:
        svg.text(
            box.left + size / 2, y + foot / 2, tr("and {n} more", n=tr.number(figure.omitted)), size, fill=svg.faded
        )


def _row_mark(svg: Svg, light: Light | None, words: dict[Light, str], left: float, y: float, size: float) -> None:
    if light is not None:
        svg.shape(left + size * 0.9, y, light, size)
        svg.text(left + size * 1.6, y, words[light], size)


# -- maps ------------------------------------------------------------------------------------------


def _map(svg: Svg, figure: MapFigure, tr: Translator, box: Box) -> None:
    plot = _map_legend(svg, figure, tr, box)
    points = [point for region in figure.regions for ring in region.rings for point in ring]
    points += [region.label for region in figure.regions]
    if not points:
        return
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    shrink = cos(radians((south + north) / 2))
    scale = min((plot.width - 4) / max((east - west) * shrink, 1e-9), (plot.height - 4) / max(north - south, 1e-9))
    left = plot.left + (plot.width - (east - west) * shrink * scale) / 2
    top = plot.top + (plot.height - (north - south) * scale) / 2

    def place(point: Point) -> Point:
        return left + (point[0] - west) * shrink * scale, top + (north - point[1]) * scale

    colours, paper = style.ramp(len(figure.classes), svg.is_dark), style.PAPER[svg.is_dark]
    for region in figure.regions:
        fill = style.UNKNOWN[svg.is_dark] if region.step is None else colours[region.step]
        svg.area(
            [[place(point) for point in ring] for ring in region.rings],
            fill,
            svg.faded if region.step is None else paper,
        )
    fills = [style.UNKNOWN[svg.is_dark] if region.step is None else colours[region.step] for region in figure.regions]
    edges = (plot.left, plot.top, plot.right, plot.bottom)
    labels = place_labels(figure.regions, [place(region.label) for region in figure.regions], TYPE, edges)
    svg.is_whole = svg.is_whole and all(label.is_free for label in labels)
    for label, fill in zip(labels, fills, strict=True):
        for nth, line in enumerate(label.lines):
            y = label.y + (nth - (len(label.lines) - 1) / 2) * label.height / len(label.lines)
            ink = style.ink_on(fill)
            svg.text(label.x, y, line, label.size, anchor="middle", fill=ink, is_bold=nth > 0, halo=fill)


def _map_legend(svg: Svg, figure: MapFigure, tr: Translator, box: Box) -> Box:
    """The classes beside the map, most on top; returns the room of the map."""
    entries = [
        (shade, text) for shade, text in zip(style.ramp(len(figure.classes), svg.is_dark), figure.classes, strict=True)
    ]
    entries.reverse()
    if any(region.step is None for region in figure.regions):
        entries.append((style.UNKNOWN[svg.is_dark], tr("Not shown")))
    unit = fit(figure.unit, box.width * 0.28, 3 * TYPE * LINE, (TYPE,)) if figure.unit else Fitted((), TYPE)
    texts = [fit(text, box.width * 0.28, 2 * TYPE * LINE, (TYPE,)) for _, text in entries]
    svg.is_whole = svg.is_whole and unit.is_whole and all(text.is_whole for text in texts)
    widths = [text_width(line, TYPE) + TYPE * 1.4 for text in texts for line in text.lines]
    width = max([*widths, *(text_width(line, TYPE) for line in unit.lines)], default=0)
    left = box.right - width
    y = box.top + (box.height - unit.height - sum(max(text.height, TYPE * 1.5) for text in texts)) / 2
    svg.lines(left, y + unit.height / 2, unit.lines, TYPE, fill=svg.faded)
    y += unit.height
    for (shade, _), text in zip(entries, texts, strict=True):
        height = max(text.height, TYPE * 1.5)
        svg.rect(left, y + height / 2 - TYPE * 0.5, TYPE, TYPE, shade, svg.faded)
        svg.lines(left + TYPE * 1.4, y + height / 2, text.lines, TYPE)
        y += height
    return Box(box.left, box.top, left - 2 * GAP, box.bottom)
