"""An extract for a person as a workbook: a sheet for each kind of record, and one for who did what with them."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from core.intake.export import as_cell, sheet_title
from core.locale import N_, translator

__all__ = ["extract_workbook"]

LOG = N_("Who worked with these records")


def extract_workbook(content: Mapping[str, Any]) -> bytes:
    """``content`` as ``core.privacy.commands.extract`` gives it."""
    book = Workbook(write_only=True)
    sheets = {**content["records"], translator("zh_CN")(LOG): content["log"]}
    for name, rows in sheets.items():
        _sheet(book, name, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    sheet = book.create_sheet(sheet_title(name))
    columns = list(dict.fromkeys(column for row in rows for column in row))
    sheet.append([as_cell(sheet, column) for column in columns])
    for row in rows:
        sheet.append([as_cell(sheet, _plain(row.get(column))) for column in columns])


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value
