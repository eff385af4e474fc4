"""Figures as SVG: well formed, inside their sheet, readable from the back of the room, without anything from outside."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from core.dispatch.exports.figures_svg import TYPE, figure_svg, fits
from core.dispatch.exports.text_width import text_width
from core.dispatch.slide_model import BarFigure, Column, LineFigure, MapFigure, Meaning, Row, Series, Slide, TableFigure
from core.locale import translator
from core.terms import Light
from tests.core.dispatch.exports.factories import bar_stack, slides

WIDTH, HEIGHT = 1100, 620
NAME = "{http://www.w3.org/2000/svg}"
CASES = [(lang, slide) for lang in ("zh_CN", "en") for slide in slides(lang) if slide.figure]


def drawn(slide: Slide, lang: str, is_dark: bool = False) -> ElementTree.Element:
    assert slide.figure is not None
    return ElementTree.fromstring(figure_svg(slide.figure, translator(lang), WIDTH, HEIGHT, is_dark))


@pytest.mark.parametrize(("lang", "slide"), CASES, ids=lambda case: getattr(case, "code", case))
def test_every_text_is_inside_the_sheet_and_of_a_readable_size(lang: str, slide: Slide) -> None:
    assert slide.figure is not None
    assert fits(slide.figure, translator(lang), WIDTH, HEIGHT)
    for text in drawn(slide, lang).iter(f"{NAME}text"):
        size, words = float(text.attrib["font-size"]), text.text or ""
        width = text_width(words, size, text.get("font-weight") == "700")
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.attrib["text-anchor"]]
        left = float(text.attrib["x"]) - shift * width
        assert size >= TYPE
        assert -0.5 <= left <= WIDTH + 0.5 - width, words
        assert size * 0.7 <= float(text.attrib["y"]) <= HEIGHT, words


@pytest.mark.parametrize(("lang", "slide"), CASES, ids=lambda case: getattr(case, "code", case))
def test_a_figure_names_itself_and_asks_for_nothing(lang: str, slide: Slide) -> None:
    assert slide.figure is not None
    svg = figure_svg(slide.figure, translator(lang), WIDTH, HEIGHT)
    root = ElementTree.fromstring(svg)

    assert root.attrib["role"] == "img"
    assert len(root.attrib["aria-label"]) > 10
    assert root.find(f"{NAME}title") is not None
    assert svg.count("http") == 1  # the name space
    assert not any(word in svg for word in ("<script", "href", "url("))
    assert svg == figure_svg(slide.figure, translator(lang), WIDTH, HEIGHT)


def test_texts_of_people_are_text() -> None:
    figure = BarFigure(("<b>&\x07\"'",), (Series("<script>", (1,), Meaning.MAIN),), unit="<i>")

    root = ElementTree.fromstring(figure_svg(figure, translator("en"), WIDTH, HEIGHT))

    assert {"<b>&\"'", "<script> (<i>)"} <= {text.text for text in root.iter(f"{NAME}text")}


def test_each_light_has_its_shape() -> None:
    tr = translator("en")
    for light, mark in ((Light.GREEN, "circle"), (Light.YELLOW, "polygon"), (Light.RED, "rect")):
        table = TableFigure((Column("Action"),), (Row(("Visit everybody",), light),))
        root = ElementTree.fromstring(figure_svg(table, tr, WIDTH, HEIGHT))
        assert any(node.tag == NAME + mark for node in root.iter())
        assert tr.term(light) in {text.text for text in root.iter(f"{NAME}text")}


def test_values_are_white_only_inside_bars_that_hold_them() -> None:
    figure = replace(
        bar_stack(True), series=(Series("a", (1000, 1000, 0), Meaning.GREEN), Series("b", (1, 200, 5), Meaning.RED))
    )
    root = ElementTree.fromstring(figure_svg(figure, translator("zh_CN"), WIDTH, HEIGHT))

    white = [text.text for text in root.iter(f"{NAME}text") if text.get("fill") == "#FFFFFF"]

    assert white == ["1,000", "1,000", "200"]


def test_what_does_not_fit_is_reported() -> None:
    tr = translator("en")
    many = tuple(f"Community {nth}" for nth in range(60))
    assert not fits(BarFigure(many, (Series("Seekers", tuple(range(60)), Meaning.MAIN),), "people"), tr, WIDTH, HEIGHT)
    table = TableFigure((Column("Action"),), tuple(Row(("long text " * 40,)) for _ in range(10)))
    assert not fits(table, tr, WIDTH, HEIGHT)


@pytest.mark.parametrize(
    "figure",
    [
        BarFigure((), (Series("Seekers", (), Meaning.MAIN),), "people"),
        BarFigure(("荷风",), (Series("Seekers", (None,), Meaning.MAIN),), "people"),
        BarFigure(("荷风",), (Series("Seekers", (0,), Meaning.MAIN),), "people"),
        LineFigure((), (), "people"),
        TableFigure((Column("Action"),), ()),
        MapFigure((), (), "people"),
    ],
    ids=["no category", "no value", "zero", "no days", "no rows", "no regions"],
)
def test_nothing_to_draw_is_an_empty_sheet(figure: BarFigure | LineFigure | TableFigure | MapFigure) -> None:
    assert ElementTree.fromstring(figure_svg(figure, translator("en"), WIDTH, HEIGHT)).tag == f"{NAME}svg"
