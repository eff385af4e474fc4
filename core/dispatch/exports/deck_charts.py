"""Native charts of a slide deck: each is edited in PowerPoint and carries its own workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from core.dispatch.exports import style
from core.dispatch.exports.deck_text import SLACK, Box, Run, add_text, rgb
from core.dispatch.exports.figure_facts import (
    alt_text,
    axis_ticks,
    bars_per_category,
    series_name,
    target_text,
    value_text,
)
from core.dispatch.exports.text_width import LINE, fit, text_width
from core.dispatch.slide_model import BarFigure, LineFigure, Meaning, Series
from core.intake.export import as_cell
from core.locale import Translator

__all__ = ["add_bars", "add_lines", "bars_fit", "chart_type_size"]

TYPE = 14.0  # points; the smallest on a slide that is shown
CAPTION = 14.0
HEAD = 30.0  # points above the plot for the legend
WHITE = "#FFFFFF"


def add_bars(shapes: Any, figure: BarFigure, tr: Translator, box: Box) -> Any:
    """A bar chart in ``box``; returns its chart."""
    size = chart_type_size(figure, box)
    names = _category_texts(figure)
    chart = _add_chart(shapes, _bar_kind(figure), figure, names, tr, box)
    plot = chart.plots[0]
    plot.gap_width = 45 if bars_per_category(figure) == 1 else 35
    plot.overlap = 100 if bars_per_category(figure) == 1 else -5
    name_width = min(max(text_width(name, size) for name in names) * SLACK + 14, box.width * 0.4)
    low, high = _extent(figure, _label_width(figure, size, tr) / (box.width - name_width))
    top = HEAD + (CAPTION * LINE if figure.target is not None else 0)
    area = Box(box.left + name_width, box.top + top, box.width - name_width, box.height - top - 4)
    _place_plot(chart, box, area)
    _category_axis(chart.category_axis, size)
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = low, high
    axis.has_major_gridlines = False
    axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE  # deleted, LibreOffice places the plot elsewhere
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.format.line.fill.background()
    for series, source in zip(plot.series, figure.series, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(style.colour(source.meaning))
        series.invert_if_negative = False
        _bar_labels(series, figure, source, size=size, unit=area.width / (high - low), tr=tr)
    if figure.target is not None:
        x = area.left + (figure.target - low) / (high - low) * area.width
        _target_line(shapes, x, area, target_text(figure, tr))
    return chart


def add_lines(shapes: Any, figure: LineFigure, tr: Translator, box: Box) -> Any:
    """A line chart over days in ``box``; returns its chart."""
    chart = _add_chart(shapes, XL_CHART_TYPE.LINE, figure, figure.days, tr, box)
    known = [value for series in figure.series for value in series.values if value is not None] or [0.0, 1.0]
    low, high = min(known), max(known)
    ticks = axis_ticks(0.0 if 0 <= low < 0.5 * high else low, high)
    left = max(text_width(value_text(figure, tick, tr), TYPE) for tick in ticks) + 12
    top = HEAD + (CAPTION * LINE if figure.notes else 0)
    _place_plot(
        chart, box, Box(box.left + left, box.top + top, box.width - left - 60, box.height - top - TYPE * LINE - 10)
    )
    _category_axis(chart.category_axis, TYPE)
    _day_axis(chart.category_axis, figure, tr)
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = ticks[0], ticks[-1], ticks[1] - ticks[0]
    axis.major_gridlines.format.line.color.rgb = rgb(style.GRID[False])
    axis.format.line.fill.background()
    axis.tick_labels.font.size = Pt(TYPE)
    axis.tick_labels.font.color.rgb = rgb(style.FADED[False])
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = _number_format(figure), False
    for series, source in zip(chart.plots[0].series, figure.series, strict=True):
        is_aside = source.meaning in (Meaning.CONTEXT, Meaning.TARGET)
        series.smooth = False
        series.format.line.color.rgb = rgb(style.colour(source.meaning))
        series.format.line.width = Pt(1.25 if is_aside else 3)
        if source.meaning is Meaning.TARGET:
            series.format.line.dash_style = MSO_LINE.DASH
        last = max((nth for nth, value in enumerate(source.values) if value is not None), default=None)
        if last is not None and source.meaning is not Meaning.CONTEXT:
            text = value_text(figure, source.values[last] or 0.0, tr)
            _point_label(series, last, text, XL_LABEL_POSITION.RIGHT, is_bold=not is_aside)
    _notes(chart, figure)
    return chart


def bars_fit(figure: BarFigure, box: Box) -> bool:
    """Whether all categories of ``figure`` have a line of readable type."""
    size, width = chart_type_size(figure, box), box.width * 0.4 - 14
    pitch = (box.height - HEAD) / max(len(figure.categories), 1)
    return size >= TYPE * 0.85 and all(
        fit(name, width, max(pitch, size * LINE), (size,)).is_whole for name in _category_texts(figure)
    )


def chart_type_size(figure: BarFigure, box: Box) -> float:
    """Type of the categories and labels in points, by the room that a bar has."""
    bars = max(len(figure.categories), 1) * bars_per_category(figure)
    return round(min(max((box.height - HEAD) / bars * 0.6, 9.0), 18.0), 1)


def _add_chart(
    shapes: Any, kind: Any, figure: BarFigure | LineFigure, categories: Sequence[Any], tr: Translator, box: Box
) -> Any:
    """The chart with data, legend and alternative text."""
    data = CategoryChartData(number_format=_number_format(figure))
    data.categories = categories
    for series in figure.series:
        data.add_series(series.name, series.values)
    frame = shapes.add_chart(kind, *box.emu, data)
    frame.name = "Figure"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt_text(figure, tr))
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(figure, categories))
    chart.has_title = False
    chart.font.size = Pt(TYPE)
    chart.font.color.rgb = rgb(style.INK[False])
    chart.has_legend = len(figure.series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(CAPTION)
    caption = series_name(figure.series[0], figure.unit, tr) if len(figure.series) == 1 else ""
    if not caption and figure.unit:
        caption = tr("Unit: {unit}", unit=figure.unit)
    if caption:
        head = Box(box.left, box.top, box.width * (1 if len(figure.series) == 1 else 0.25), CAPTION * LINE)
        add_text(shapes, head, [[Run(caption, CAPTION, style.FADED[False])]])
    return chart


def _workbook(figure: BarFigure | LineFigure, categories: Sequence[Any]) -> bytes:
    """The data behind a chart where its formulas expect them; texts stay texts."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.append([None, *(as_cell(sheet, series.name) for series in figure.series)])
    for nth, category in enumerate(categories):
        row = [as_cell(sheet, category)]
        for series in figure.series:
            cell = WriteOnlyCell(sheet, value=series.values[nth])
            cell.number_format = _number_format(figure)
            row.append(cell)
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _number_format(figure: BarFigure | LineFigure) -> str:
    pattern = ("0" if figure.is_share else "#,##0") + ("." + "0" * figure.digits if figure.digits else "")
    pattern += "%" if figure.is_share else ""
    return f"{pattern};−{pattern}"


def _bar_kind(figure: BarFigure) -> Any:
    return XL_CHART_TYPE.BAR_STACKED if figure.is_stacked else XL_CHART_TYPE.BAR_CLUSTERED


def _category_texts(figure: BarFigure) -> list[str]:
    """Names of the categories; with the label where it belongs to no single bar."""
    if not figure.labels or (bars_per_category(figure) == 1 and not figure.is_stacked):
        return list(figure.categories)
    return [f"{name}  {label}" for name, label in zip(figure.categories, figure.labels, strict=True)]


def _label_width(figure: BarFigure, size: float, tr: Translator) -> float:
    """Room that the longest label at the end of a bar needs; points."""
    if figure.is_stacked:
        return 4.0
    texts = [value_text(figure, value, tr) for series in figure.series for value in series.values if value is not None]
    mark = 1.5 if any(style.light_of(series.meaning) for series in figure.series) else 0.0
    return (
        max((text_width(text, size, True) for text in (*texts, *figure.labels)), default=0.0) * SLACK + mark * size + 8
    )


def _extent(figure: BarFigure, room: float) -> tuple[float, float]:
    """Ends of the value axis; the labels at the ends of the bars take a share of ``room`` of its length."""
    ends = [value for series in figure.series for value in series.values if value is not None]
    if figure.is_stacked:
        ends = [sum(value or 0.0 for value in row) for row in zip(*(s.values for s in figure.series), strict=True)]
    ends += [0.0] + ([] if figure.target is None else [figure.target])
    low, high = min(ends), max(ends)
    sides = 1 + (low < 0)
    length = ((high - low) or 1.0) / max(1 - sides * room, 0.2)
    return low - (room * length if low < 0 else 0), high + room * length


def _bar_labels(series: Any, figure: BarFigure, source: Series, *, size: float, unit: float, tr: Translator) -> None:
    """Values at the ends of bars, white inside the parts of a stack; ``unit`` is the length of a 1 in points."""
    labels = series.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = _number_format(figure), False
    labels.font.size, labels.font.bold = Pt(size), True
    labels.position = XL_LABEL_POSITION.CENTER if figure.is_stacked else XL_LABEL_POSITION.OUTSIDE_END
    labels.font.color.rgb = rgb(WHITE if figure.is_stacked else style.INK[False])
    light = style.light_of(source.meaning)
    for nth, value in enumerate(source.values):
        if value is None:
            continue
        text = value_text(figure, value, tr)
        if figure.is_stacked:
            if text_width(text, size, True) + 4 > value * unit:
                _no_label(labels, nth)
        elif figure.labels and bars_per_category(figure) == 1:
            shape = f"{light.shape} " if light else ""
            _point_label(
                series, nth, shape + figure.labels[nth], XL_LABEL_POSITION.OUTSIDE_END, size=size, is_bold=True
            )
        elif light:
            _point_label(series, nth, f"{light.shape} {text}", XL_LABEL_POSITION.OUTSIDE_END, size=size, is_bold=True)


def _point_label(series: Any, nth: int, text: str, position: Any, *, size: float = TYPE, is_bold: bool = False) -> None:
    label = series.points[nth].data_label
    frame = label.text_frame
    run = frame.paragraphs[0].add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(size), is_bold
    run.font.color.rgb = rgb(style.INK[False])
    label.position = position


def _no_label(labels: Any, nth: int) -> None:
    """Show no label at point ``nth``: its text would not fit into the bar."""
    label = etree.Element(qn("c:dLbl"))
    etree.SubElement(label, qn("c:idx")).set("val", str(nth))
    etree.SubElement(label, qn("c:delete")).set("val", "1")
    labels._element.insert(len(labels._element.findall(qn("c:dLbl"))), label)


def _notes(chart: Any, figure: LineFigure) -> None:
    """Notes as labels above the points of the first line that is not a limit."""
    main = next((n for n, s in enumerate(figure.series) if s.meaning not in (Meaning.CONTEXT, Meaning.TARGET)), 0)
    if not figure.series:
        return
    values = figure.series[main].values
    for day, note in figure.notes:
        known = [nth for nth, at in enumerate(figure.days) if at <= day and values[nth] is not None]
        if known:
            _point_label(chart.plots[0].series[main], known[-1], note, XL_LABEL_POSITION.ABOVE)


def _category_axis(axis: Any, size: float) -> None:
    axis.has_major_gridlines = False
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.format.line.color.rgb = rgb(style.FADED[False])
    axis.tick_labels.font.size = Pt(size)


def _day_axis(axis: Any, figure: LineFigure, tr: Translator) -> None:
    axis.tick_labels.number_format = "mmm d" if tr.is_english else 'm"月"d"日"'
    axis.tick_labels.number_format_is_linked = False
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    days = (figure.days[-1] - figure.days[0]).days if figure.days else 0
    element = axis._element
    for tag, value in (
        ("c:baseTimeUnit", "days"),
        ("c:majorUnit", str(max(7 * -(-days // (7 * 8)), 1))),
        ("c:majorTimeUnit", "days"),
    ):
        for old in element.findall(qn(tag)):
            element.remove(old)
        etree.SubElement(element, qn(tag)).set("val", value)


def _place_plot(chart: Any, frame: Box, area: Box) -> None:
    """Put the inner plot area of a chart that fills ``frame`` at ``area``."""
    plot_area = chart._chartSpace.chart.plotArea
    for old in plot_area.findall(qn("c:layout")):
        plot_area.remove(old)
    layout = etree.Element(qn("c:layout"))
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    for tag, value in (
        ("layoutTarget", "inner"),
        ("xMode", "edge"),
        ("yMode", "edge"),
        ("x", f"{(area.left - frame.left) / frame.width:.4f}"),
        ("y", f"{(area.top - frame.top) / frame.height:.4f}"),
        ("w", f"{area.width / frame.width:.4f}"),
        ("h", f"{area.height / frame.height:.4f}"),
    ):
        etree.SubElement(manual, qn(f"c:{tag}")).set("val", value)
    plot_area.insert(0, layout)


def _target_line(shapes: Any, x: float, area: Box, text: str) -> None:
    """A dashed line across the bars with its text above."""
    line = shapes.add_connector(1, Pt(x), Pt(area.top - 2), Pt(x), Pt(area.bottom))
    line.line.color.rgb, line.line.width, line.line.dash_style = rgb(style.INK[False]), Pt(1.5), MSO_LINE.DASH
    line.name = text
    width = text_width(text, CAPTION) + 12
    left = min(max(x - width / 2, area.left), area.right - width)
    add_text(
        shapes, Box(left, area.top - CAPTION * LINE - 2, width, CAPTION * LINE), [[Run(text, CAPTION)]], align="centre"
    )
