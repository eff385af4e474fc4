"""The declarations of the sheets hold together, and every template can be filled in and comes back clean."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path

import pytest
from openpyxl import load_workbook

from core.intake.cell_rules import CELL_RULES
from core.intake.findings import MESSAGES, RowStatus
from core.intake.parsing.text import header_key, normal
from core.intake.parsing.vocabulary import Vocabulary
from core.intake.planning.derivations import DERIVATIONS
from core.intake.queries import vocabulary
from core.intake.reading.detection import detect
from core.intake.reading.headers import known_header_count
from core.intake.sheets import SHEETS, SheetSpec
from core.intake.sheets.model import Merge
from core.intake.templates import template
from core.locale import translator
from core.store.database import Database
from tests.core.intake.files import plan_upload, upload

STANDARD = {
    "visits": 40, "job_seekers": 29, "unemployment": 25, "openings": 35, "welfare_posts": 27, "training": 19,
    "workshop_weeks": 17, "dispatch": 22, "events": 14, "tiers": 19,
}  # fmt: skip
"""The bureau's ten standard templates with the number of their columns."""
ALL = pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)


@ALL
def test_a_declaration_names_only_fields_entities_and_functions_that_exist(sheet: SheetSpec) -> None:
    entities = {entity.name: entity for entity in sheet.entities}
    assert len([e for e in sheet.entities if e.primary]) == 1
    assert len({c.code for c in sheet.columns}) == len(sheet.columns)
    for entity in sheet.entities:
        fields = entity.table.__table__.c
        named = {*entity.key, *entity.refs, *entity.fixed, *entity.defaults, *entity.derived, *entity.yields_to}
        assert named <= set(fields.keys())
        assert {f.rstrip("?!") for f in entity.derived.values()} <= set(DERIVATIONS)
        assert all(list(entities).index(ref) < list(entities).index(entity.name) for ref in entity.refs.values())
        assert entity.each is None or entity.each in sheet.by_code
        assert (entity.merge is Merge.NEWEST) == (entity.dated is not None)
    for column in sheet.columns:
        assert column.is_stored or column.reason
        for target in column.targets:
            assert target.field in ("*", *entities[target.entity].table.__table__.c.keys())
    for rule in sheet.rules:
        assert set(asdict(rule).values()) <= set(sheet.by_code)


def test_the_ten_standard_templates_are_declared_column_by_column() -> None:
    assert {code: sum(not c.further for c in SHEETS[code].columns) for code in STANDARD} == STANDARD


def test_sensitive_columns_are_not_kept() -> None:
    for sheet in SHEETS.values():
        for column in sheet.columns:
            if any(word in column.header for word in ("民族", "政治面貌", "健康状况", "户籍地址")):
                assert not column.is_stored


@ALL
def test_a_template_is_recognised_and_its_example_row_passed_over(sheet: SheetSpec, sample_db: Database) -> None:
    names = vocabulary_of(sample_db)
    data = template(sheet, translator(), names)

    file = upload(data)
    detected = detect(file)
    plan = plan_upload(sample_db, file, sheet.code, detected.table, detected.mapping)

    assert detected.sheet is sheet
    assert None not in detected.mapping.values()
    assert plan.rows == ()
    assert "example_row" in {f.code for f in plan.findings}


@ALL
def test_every_example_can_be_read(sheet: SheetSpec, sample_db: Database) -> None:
    names = vocabulary_of(sample_db)
    looked_up = {"community": "荷风社区", "workshop": "荷风微工厂", "product": "G01", "premises": "WG01"}
    for column in sheet.columns:
        if column.example and column.is_stored:
            problems = sheet.parsers[column.code].read(normal(column.example), names).problems
            unknown = [p for p in problems if p.code.removeprefix("lookup_") not in looked_up]
            assert not unknown, (column.header, unknown)
        assert column.example or not column.required


def test_a_template_offers_the_allowed_values_and_explains_each_column(sample_db: Database) -> None:
    names = vocabulary_of(sample_db)

    book = load_workbook(io.BytesIO(template(SHEETS["visits"], translator(), names)))

    assert book.sheetnames == ["走访登记表（敲门行动）", "lists", "填写说明"]
    page, lists, explanations = book.worksheets
    assert lists.sheet_state == "hidden"
    headers = [cell.value for cell in page[1]]
    community = headers.index("社区") + 1
    assert [row[0].value for row in lists.iter_rows(min_col=community, max_col=community)][:2] == [
        "荷风社区",
        "莲塘社区",
    ]
    assert len(page.data_validations.dataValidation) >= 10
    assert page.cell(2, headers.index("联系电话") + 1).number_format == "@"
    columns = len(SHEETS["visits"].columns)
    assert all(explanations.cell(row, 3).value for row in range(2, columns + 2))
    rules = [
        (explanations.cell(row, 1).value, explanations.cell(row, 3).value)
        for row in range(columns + 4, explanations.max_row + 1)
    ]
    tr = translator()
    assert rules == [(tr(written), tr(meaning)) for written, meaning in CELL_RULES]


def test_the_explanations_read_in_english(sample_db: Database) -> None:
    book = load_workbook(io.BytesIO(template(SHEETS["states"], translator("en"), vocabulary_of(sample_db))))

    assert book.sheetnames[2] == "Explanations"
    assert book.worksheets[2]["A2"].value == "姓名 · name"
    assert book.worksheets[2]["C3"].value.startswith("18 characters")


def vocabulary_of(db: Database) -> Vocabulary:
    with db.read() as connection:
        return vocabulary(connection)


@ALL
def test_headers_of_one_sheet_do_not_shadow_each_other(sheet: SheetSpec) -> None:
    assert len({header_key(c.header) for c in sheet.columns}) == len(sheet.columns)
    for column in sheet.columns:
        assert sheet.known[header_key(column.header)] == column.code


def test_statuses_and_messages_are_complete() -> None:
    used = Path(__file__).resolve().parents[3] / "core" / "intake"
    sources = "\n".join(path.read_text(encoding="utf-8") for path in used.rglob("*.py") if path.name != "findings.py")
    identity = (used.parent / "people" / "identity.py").read_text(encoding="utf-8")

    unused = [code for code in MESSAGES if f'"{code}"' not in sources + identity and not code.startswith("lookup_")]

    assert unused == []
    assert {status.value for status in RowStatus} >= {"new", "changed", "same", "duplicate", "error", "review"}


def test_guessing_needs_no_more_than_the_first_rows() -> None:
    file = upload(json.dumps([1, 2]).encode() + b"\n1,2")

    assert known_header_count(file.tables[0]) == 0
