"""The print pages: one file, accessible, that asks for nothing and runs nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from core.dispatch.exports.print_pages import make_print_html
from core.locale import translator
from tests.core.dispatch.exports.factories import STAMP, slides

VOID = {"meta", "rect", "line", "circle", "polygon", "polyline", "path"}


class Outline(HTMLParser):
    """Tags and their attributes in order; fails where an element is closed that is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_a_page_for_each_slide_with_its_stamp(lang: str) -> None:
    tr = translator(lang)
    text = make_print_html(slides(lang), STAMP, tr).decode()
    outline = Outline()
    outline.feed(text)

    assert outline.open == []
    assert [tag for tag, _ in outline.tags].count("section") == len(slides(lang))
    assert text.count(STAMP.line(tr)) == len(slides(lang))
    assert text.count(tr("Demonstration data")) == len(slides(lang))
    assert ("html", {"lang": "zh-CN" if lang == "zh_CN" else "en"}) in outline.tags
    for slide in slides(lang):
        assert slide.title in text
        assert slide.question in text


def test_nothing_is_loaded_and_nothing_runs() -> None:
    text = make_print_html(slides(), STAMP, translator()).decode()
    without_names = text.replace('xmlns="http://www.w3.org/2000/svg"', "")

    assert not re.search(
        r"https?://|//\w+\.|<script|javascript:|\son\w+=|<link|<img|<iframe|@import|url\(", without_names
    )
    assert "default-src 'none'" in text


def test_figures_are_pictures_with_names_and_tables_are_tables() -> None:
    outline = Outline()
    outline.feed(make_print_html(slides(), STAMP, translator()).decode())

    pictures = [attrs for tag, attrs in outline.tags if tag == "svg"]
    assert len(pictures) == 7
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in pictures)
    tags = [tag for tag, _ in outline.tags]
    assert tags.count("title") == len(pictures) + 1
    assert (tags.count("table"), tags.count("tr")) == (1, 10)
    assert all(attrs["scope"] == "col" for tag, attrs in outline.tags if tag == "th")
