"""Workbooks as tables of typed raw cells.

openpyxl reads ordinary books: it knows the type of each cell. calamine reads what openpyxl can't: the binary formats,
OpenDocument, and Open XML whose styles, properties or part names openpyxl rejects. Both keep numbers apart from texts,
so an ID number that Excel has rounded is noticed either way.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator, Mapping
from datetime import time, timedelta
from typing import Any

import openpyxl
import python_calamine as calamine

from core.intake.findings import UploadRefused
from core.intake.reading.gate import AcceptedFile
from core.intake.reading.other_structure import check_extent, range_text
from core.intake.reading.package import transitional
from core.intake.reading.rows import collect
from core.intake.reading.structure import SheetStructure
from core.intake.reading.tables import Formula, RawTable

__all__ = ["read_workbook"]

NO_STRUCTURE = SheetStructure()
FORMAT_NAMES = {"xlsb": "Excel binary workbook (.xlsb)", "ods": "OpenDocument (.ods)"}


def read_workbook(accepted: AcceptedFile) -> tuple[RawTable, ...]:
    """Every worksheet of a workbook; raises UploadRefused where no reader understands it."""
    if accepted.kind == "xlsx":
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not know
                tables = tuple(_openpyxl_tables(accepted))
            if tables:
                return tables
        except UploadRefused:
            raise
        except Exception:
            pass
    return _calamine_tables(accepted)


def _openpyxl_tables(accepted: AcceptedFile) -> Iterator[RawTable]:
    outline = accepted.outline
    data = transitional(accepted.data) if outline is not None and outline.strict else accepted.data
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for sheet in book.worksheets:
        structure = accepted.structures.get(sheet.title, NO_STRUCTURE)
        sheet.reset_dimensions()  # some programs write a wrong one
        numbered = enumerate(sheet.iter_rows(values_only=True), 1)
        rows, stopped = collect(_with_formulas(numbered, structure.without_result), sheet.title)
        yield RawTable(
            name=sheet.title,
            rows=tuple(rows),
            hidden=sheet.sheet_state != "visible",
            hidden_rows=structure.hidden_rows,
            merges=structure.merges,
            stopped=stopped,
            date_1904=accepted.date_1904,
        )


def _calamine_tables(accepted: AcceptedFile) -> tuple[RawTable, ...]:
    for structure in accepted.structures.values():
        check_extent(structure)
    try:
        with calamine.load_workbook(io.BytesIO(accepted.data)) as book:
            return tuple(
                _calamine_table(book, sheet, accepted)
                for sheet in book.sheets_metadata
                if sheet.typ is calamine.SheetTypeEnum.WorkSheet
            )
    except calamine.PasswordError as error:
        raise UploadRefused("encrypted") from error
    except UploadRefused:
        raise
    except Exception as error:  # whatever it raises on damaged parts
        if accepted.kind == "xls":
            raise UploadRefused("old_excel") from error
        if accepted.kind in FORMAT_NAMES:
            raise UploadRefused("other_format", format=FORMAT_NAMES[accepted.kind]) from error
        raise UploadRefused("broken_file") from error


def _calamine_table(book: Any, sheet: Any, accepted: AcceptedFile) -> RawTable:
    structure = accepted.structures.get(sheet.name, NO_STRUCTURE)
    content = book.get_sheet_by_name(sheet.name)
    indent = (None,) * (content.start[1] if content.start else 0)
    numbered = ((n, indent + tuple(map(_typed, cells))) for n, cells in enumerate(content.iter_rows(), 1))
    overlay = {
        row: {**structure.without_result.get(row, {}), **structure.error_values.get(row, {})}
        for row in {*structure.without_result, *structure.error_values}
    }
    rows, stopped = collect(_with_formulas(numbered, overlay, structure.error_values), sheet.name)
    merges = structure.merges or tuple(range_text(*start, *end) for start, end in content.merged_cell_ranges or ())
    return RawTable(
        name=sheet.name,
        rows=tuple(rows),
        hidden=sheet.visible is not calamine.SheetVisibleEnum.Visible,
        hidden_rows=structure.hidden_rows,
        merges=merges,
        stopped=stopped,
        date_1904=accepted.date_1904,
    )


def _with_formulas(
    numbered: Iterable[tuple[int, tuple[Any, ...]]],
    without_result: Mapping[int, Mapping[int, str]],
    errors: Mapping[int, Mapping[int, str]] = {},
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows with a ``Formula`` in each cell that holds one without a result, and the text of each error value."""
    if not without_result and not errors:
        yield from numbered
        return
    for number, cells in numbered:
        formulas, shown = without_result.get(number, {}), errors.get(number, {})
        if not formulas and not shown:
            yield number, cells
            continue
        full: list[Any] = list(cells) + [None] * (max((*formulas, *shown)) + 1 - len(cells))
        for column, text in formulas.items():
            full[column] = Formula(text)
        for column, text in shown.items():
            full[column] = text
        yield number, tuple(full)


def _typed(value: Any) -> Any:
    """A value of calamine as a raw cell: it writes a blank as an empty text, and durations as such."""
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return time(minutes // 60, minutes % 60, seconds) if 0 <= minutes < 24 * 60 else str(value)
    return None if value == "" else value
