"""Documents of a frozen week: native charts with the frozen numbers, the same bytes next year, one truth everywhere."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from core.dispatch import queries
from core.dispatch.__main__ import main
from core.dispatch.agenda import AgendaItem
from core.dispatch.commands import freeze
from core.dispatch.documents import (
    Meeting,
    chart_png,
    chart_svg,
    make_document,
    minutes_of,
    stamp_of,
    stored_document,
)
from core.dispatch.slide_model import LineFigure, Stamp
from core.dispatch.slides import Week, slides_of
from core.dispatch.weekly_sheet import weekly_sheet
from core.dispatch.weeks import FrozenHeader, before, frozen_headers
from core.indicators.facts import load
from core.indicators.registry import INDICATORS, measure
from core.locale import Translator, translator
from core.policy import Action
from core.store import settings
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Placement
from core.terms import Channel, ExportKind
from tests.accesses import dispatcher
from tests.stores import NOW

SUNDAY = date(2025, 12, 28)
ZH = translator("zh_CN")
NOBODY = Meeting(agenda=(), decisions={}, held_on=SUNDAY, chair="王芳", author="王芳", is_closed=False)


def frozen(db: Database) -> tuple[FrozenHeader, Week, Stamp]:
    """The newest frozen revision of a store."""
    with db.read() as connection:
        headers = frozen_headers(queries.headers(connection))
        header, previous = headers[0], before(headers, headers[0])
        assert previous is not None
        contents = [queries.content(connection, h.iso_week, h.rev) for h in (header, previous)]
    assert contents[0] is not None
    week = Week(contents[0], header.as_of, header.metric_version, contents[1], previous.metric_version)
    return header, week, stamp_of(header, "济宁市太白湖新区", "区社保就业服务部", is_demo=True)


def test_one_figure_is_the_same_everywhere(meeting_db: Database) -> None:
    """Registry (tile and list), weekly sheet, slide, chart of the deck, workbook."""
    _, week, stamp = frozen(meeting_db)
    with meeting_db.read() as connection:
        facts, parameters = load(connection), settings.parameters(connection)
    sheet = weekly_sheet(facts, parameters, SUNDAY)
    slides = slides_of(week, ZH)
    book = load_workbook(io.BytesIO(make_document(ExportKind.WORKBOOK, week, stamp, ZH)), data_only=True)
    cells = {row[0]: row for row in book.worksheets[0].iter_rows(values_only=True) if row[0]}
    for code, indicator in INDICATORS.items():
        measured = measure(facts, code, SUNDAY)
        assert week.district[code]["value"] == measured.value
        row = cells[ZH(indicator.name)]
        assert {measured.numerator, measured.denominator} <= set(row)
        assert any(value == pytest.approx(measured.value) for value in row if isinstance(value, (int, float)))
        [line] = sheet[(sheet["line"] == code) & sheet["community_id"].isna()].to_dict("records")
        assert line["week"] == pytest.approx(measured.value * indicator.sheet_scale)
    deck = Presentation(io.BytesIO(make_document(ExportKind.DECK, week, stamp, ZH)))
    for slide, drawn in zip(slides, deck.slides, strict=True):
        if isinstance(slide.figure, LineFigure):
            [chart] = [shape.chart for shape in drawn.shapes if shape.has_chart]
            book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob), data_only=True)
            stored = [row[1] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
            assert stored == list(slide.figure.series[0].values)
            assert stored[-1] == pytest.approx(week.district["re_employment"]["value"], abs=1e-6)


def test_what_was_handed_out_stays_byte_for_byte(meeting_copy: Database) -> None:
    header, week, stamp = frozen(meeting_copy)
    who: dict[str, Any] = {"actor": dispatcher("王芳"), "at": NOW}
    made = {  # that a deck is the same bytes whenever it is built is tested with the exports
        ExportKind.DECK: b"deck of the meeting",
        ExportKind.PAGES: make_document(ExportKind.PAGES, week, stamp, ZH),
    }
    documents = {
        kind: stored_document(meeting_copy, header, kind, ZH, lambda content=content: content, **who)
        for kind, content in made.items()
    }
    with command(meeting_copy, actor=dispatcher("李明"), action=Action.EDIT_PERSON, at=NOW) as change:
        change.add(Placement(person_id=1, started_on=date(2025, 12, 20), channel=Channel.WORKSHOP, workshop_id=1))

    again, same_week, same_stamp = frozen(meeting_copy)
    assert again == header
    for kind, first in documents.items():
        stored = stored_document(meeting_copy, header, kind, ZH, lambda: b"must not be made again", **who)
        assert stored == first == made[kind]
    assert make_document(ExportKind.PAGES, same_week, same_stamp, ZH) == made[ExportKind.PAGES]

    freeze(meeting_copy, header.iso_week, today=SUNDAY, actor=dispatcher("李明"), at=NOW, reason="补录")
    corrected, new_week, new_stamp = frozen(meeting_copy)
    assert (corrected.rev, corrected.reason) == (2, "补录")
    assert make_document(ExportKind.PAGES, new_week, new_stamp, ZH) != documents[ExportKind.PAGES]
    assert (
        stored_document(meeting_copy, header, ExportKind.PAGES, ZH, lambda: b"", **who) == documents[ExportKind.PAGES]
    )


def test_the_command_writes_the_stored_document(
    meeting_copy: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", meeting_copy.url.render_as_string(hide_password=False))
    files = [tmp_path / name for name in ("one.html", "two.html")]

    for file in files:
        assert main(["export", "2025-W52", "--kind", "html", "--out", str(file)]) == 0
    assert main(["export", "2025-W10", "--out", str(tmp_path / "none")]) == 2

    assert files[0].read_bytes() == files[1].read_bytes()
    assert "not frozen" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_the_minutes_hold_what_was_decided(meeting_db: Database) -> None:
    _, week, stamp = frozen(meeting_db)
    slides = slides_of(week, ZH)
    meeting = Meeting(
        agenda=[AgendaItem("actions", 8), AgendaItem("visits", 3, note="苇泊"), AgendaItem("map", 3, is_dropped=True)],
        decisions={"visits": ["下周一前补齐走访"]},
        held_on=SUNDAY,
        chair="王芳",
        author="李明",
        is_closed=True,
    )

    minutes = minutes_of(week, slides, meeting, stamp)

    assert not minutes.is_draft
    assert [item.decisions for item in minutes.items] == [(), ("下周一前补齐走访",)]
    running = len(minutes.raised) + len(minutes.moved) + len(minutes.closed)
    assert running == len(week.data["actions"])
    with pytest.raises(ValueError, match="meeting"):
        make_document(ExportKind.MINUTES, week, stamp, ZH)


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_single_charts_are_pictures_with_their_words(meeting_db: Database, lang: str) -> None:
    tr: Translator = translator(lang)
    _, week, _ = frozen(meeting_db)
    [slide] = [s for s in slides_of(week, tr) if s.code == "communities"]

    assert week.community(week.data["rankings"]["visit_coverage"]["rows"][0][0]) in chart_svg(slide, tr).decode()
    png = chart_png(slide, tr)
    assert png.startswith(b"\x89PNG")
    assert len(png) > 20_000  # a picture without its words is far smaller
