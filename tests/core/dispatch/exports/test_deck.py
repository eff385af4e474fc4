"""The deck: native charts whose workbook is the figure, one font for every script, nothing cut without saying so."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from pptx import Presentation
from pptx.oxml.ns import qn

from core.dispatch.exports.deck import Overflow, make_deck, overflows
from core.dispatch.exports.style import DOCUMENT_FONT
from core.dispatch.slide_model import BarFigure, LineFigure, MapFigure, Meaning, Series, Slide, TableFigure
from core.locale import translator
from tests.core.dispatch.exports.factories import STAMP, slides, table

LANGS = ("zh_CN", "en")


def deck(lang: str, made: list[Slide] | None = None) -> Any:
    return Presentation(io.BytesIO(make_deck(made or slides(lang), STAMP, translator(lang))))


def texts(shapes: Any) -> Iterator[str]:
    for shape in shapes:
        if shape.shape_type == 6:  # a group
            yield from texts(shape.shapes)
        elif shape.has_text_frame:
            yield shape.text_frame.text
        elif getattr(shape, "has_table", False):
            yield from (cell.text for row in shape.table.rows for cell in row.cells)


@pytest.mark.parametrize("lang", LANGS)
def test_every_slide_has_its_finding_question_sources_stamp_mark_and_notes(lang: str) -> None:
    tr = translator(lang)
    drawn = deck(lang)
    assert (drawn.slide_width, drawn.slide_height) == (12_191_695, 6_858_000)
    for page, (slide, made) in enumerate(zip(drawn.slides, slides(lang), strict=True), 1):
        shown = list(texts(slide.shapes))
        assert slide.shapes.title.text_frame.text == made.title
        for text in (made.question, made.sources, tr("Demonstration data"), str(page)):
            assert text in shown
        assert any(STAMP.line(tr) in text for text in shown)
        assert all(note in slide.notes_slide.notes_text_frame.text for note in made.notes)
        assert [shape for shape in slide.placeholders if not shape.text_frame.text] == []
        assert all(any(number.text in text for text in shown) for number in made.numbers)


@pytest.mark.parametrize("lang", LANGS)
def test_the_workbook_in_a_chart_is_the_figure(lang: str) -> None:
    charts = 0
    for slide, made in zip(deck(lang).slides, slides(lang), strict=True):
        figure = made.figure
        if not isinstance(figure, BarFigure | LineFigure):
            continue
        [chart] = [shape.chart for shape in slide.shapes if shape.has_chart]
        sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
        rows = list(sheet.values)
        assert rows[0][1:] == tuple(series.name for series in figure.series)
        columns = list(zip(*rows[1:], strict=True))[1:]
        assert columns == [series.values for series in figure.series]
        assert [series.values for series in chart.plots[0].series] == columns
        charts += 1
    assert charts == 6


@pytest.mark.parametrize("lang", LANGS)
def test_every_run_and_every_theme_has_the_font_of_every_script(lang: str) -> None:
    drawn = deck(lang)
    roots = [slide._element for slide in drawn.slides]
    roots += [slide.notes_slide._element for slide in drawn.slides]
    roots += [shape.chart._chartSpace for slide in drawn.slides for shape in slide.shapes if shape.has_chart]
    for root in roots:
        runs = list(root.iter(qn("a:r")))
        assert all(run.find(qn("a:rPr")) is not None for run in runs)
        for properties in root.iter(qn("a:rPr"), qn("a:defRPr")):
            for script in ("a:latin", "a:ea", "a:cs"):
                [font] = properties.findall(qn(script))
                assert font.get("typeface") == DOCUMENT_FONT
    themes = [part for part in drawn.part.package.iter_parts() if "theme" in str(part.partname)]
    used = [theme for theme in themes if f'<a:ea typeface="{DOCUMENT_FONT}"'.encode() in theme.blob]
    assert len(used) == len(themes) == 2


@pytest.mark.parametrize("lang", LANGS)
def test_figures_are_native_and_described(lang: str) -> None:
    for slide, made in zip(deck(lang).slides, slides(lang), strict=True):
        if made.figure is None:
            continue
        [figure] = [shape for shape in slide.shapes if shape.name == "Figure"]
        [about] = figure._element.xpath(".//p:cNvPr[@descr]")[:1]
        assert len(about.get("descr")) > 10
        if isinstance(made.figure, TableFigure):
            assert len(figure.table.rows) == len(made.figure.rows) + 1
        if isinstance(made.figure, MapFigure):
            areas = [shape for shape in figure.shapes if shape.name in {region.name for region in made.figure.regions}]
            assert len(areas) == len(made.figure.regions)
        assert not [shape for shape in slide.shapes if shape.shape_type == 13]  # no picture


def test_each_light_is_a_series_of_its_own_with_its_shape() -> None:
    slide = deck("zh_CN").slides[0]
    [chart] = [shape.chart for shape in slide.shapes if shape.has_chart]

    labels = {text.text for text in chart._chartSpace.iter(qn("a:t"))}

    assert {"■ 62.4%", "▲ 85.3%", "● 104.0%"} <= labels
    assert len(chart.plots[0].series) == 3
    assert chart.category_axis.reverse_order


def test_slides_of_the_meeting_fit() -> None:
    for lang in LANGS:
        assert overflows(slides(lang), translator(lang)) == []


def test_what_does_not_fit_is_named_and_shown_cut() -> None:
    tr = translator("zh_CN")
    [first, *_] = slides("zh_CN")
    long = "一句很长的话，" * 40
    rows = table(True).rows
    crowded = replace(table(True), rows=tuple(replace(row, cells=(row.cells[0], long, *row.cells[2:])) for row in rows))
    many = BarFigure(tuple(map(str, range(60))), (Series("人数", tuple(range(60)), Meaning.MAIN),), "人")
    made = [
        replace(first, code="a", title=long),
        replace(first, code="b", question=long),
        replace(first, code="c", sources=long * 3),
        replace(first, code="d", numbers=(replace(first.numbers[0], text="9" * 40),)),
        replace(first, code="e", figure=crowded),
        replace(first, code="f", figure=many),
    ]

    assert overflows(made, tr) == [
        Overflow("a", "title"),
        Overflow("b", "question"),
        Overflow("c", "sources"),
        Overflow("d", "numbers"),
        Overflow("e", "figure"),
        Overflow("f", "figure"),
    ]
    assert deck("zh_CN", made).slides[0].shapes.title.text_frame.text.endswith("…")


def test_texts_cannot_act_as_formulas_or_links() -> None:
    figure = BarFigure(("=1+1", "@x", "http://example.org"), (Series("=SUM(A1)", (1, 2, 3), Meaning.MAIN),), "人")
    made = [replace(slides()[0], figure=figure)]
    [chart] = [shape.chart for shape in deck("zh_CN", made).slides[0].shapes if shape.has_chart]
    sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active

    assert [cell.data_type for row in sheet for cell in row if isinstance(cell.value, str)] == ["s"] * 4
    assert not any(cell.hyperlink for row in sheet for cell in row)


def test_an_empty_meeting_is_a_deck_without_slides() -> None:
    assert len(Presentation(io.BytesIO(make_deck([], STAMP, translator("en")))).slides) == 0
