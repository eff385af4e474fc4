"""The minutes: everything that was decided, the mark of a draft, the stamp, one font for every script."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from core.dispatch.exports.minutes import Minutes, make_minutes
from core.dispatch.exports.style import DOCUMENT_FONT
from core.locale import translator
from tests.core.dispatch.exports.factories import STAMP, minutes


def made(lang: str, of: Minutes | None = None) -> Any:
    return Document(io.BytesIO(make_minutes(of or minutes(lang), translator(lang))))


def words(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_everything_that_was_decided_is_in_the_minutes(lang: str) -> None:
    tr, of = translator(lang), minutes(lang)
    text = words(made(lang))

    for item in of.items:
        assert item.title in text
        assert item.note in text
        assert all(decision in text for decision in item.decisions)
    for action in (*of.raised, *of.closed):
        for part in (action.code, action.problem, action.measure, action.office, action.owner, "2025-12-31"):
            assert part in text
        assert action.light is not None
        assert f"{action.light.shape} {tr.term(action.light)}" in text
    for part in (of.chair, of.author, tr.day(of.held_on), tr("No decision."), tr("None.")):
        assert part in text


def test_a_draft_says_so_on_every_page() -> None:
    draft, final = made("zh_CN"), made("zh_CN", replace(minutes(), is_draft=False))

    assert draft.sections[0].header.paragraphs[0].text.startswith("草稿 · 演示数据")
    assert "草稿" in words(draft)
    assert "草稿" not in words(final) + final.sections[0].header.paragraphs[0].text


def test_stamp_and_page_numbers_are_on_every_page() -> None:
    section = made("en").sections[0]
    fields = [field.text for field in section.footer._element.iter(qn("w:instrText"))]

    assert STAMP.line(translator("en")) in section.header.paragraphs[0].text
    assert fields == ["PAGE", "NUMPAGES"]


def test_every_style_has_the_font_of_every_script_and_heads_are_repeated() -> None:
    document = made("zh_CN")

    for fonts in document.styles.element.iter(qn("w:rFonts")):
        for attribute in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            assert fonts.get(qn(attribute)) == DOCUMENT_FONT
    assert all(table.style.name == "Table Grid" for table in document.tables)
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in document.tables)
