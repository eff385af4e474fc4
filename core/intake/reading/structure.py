"""What the XML of a worksheet shows and a reader of values does not: hidden rows, merges, cells without a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from openpyxl.utils import column_index_from_string

from core.intake.findings import UploadRefused

__all__ = ["MAIN_NAMESPACES", "SheetStructure", "is_worksheet", "read_structure"]

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
MAIN_NAMESPACES = (TRANSITIONAL, STRICT)
ROOT_WITHIN = 4_000  # bytes from the beginning of a part
TRUE = ("1", "true")


@dataclass(frozen=True)
class SheetStructure:
    """Rows are numbered as in the spreadsheet, columns from 0."""

    hidden_rows: tuple[int, ...] = ()
    merges: tuple[str, ...] = ()
    """Ranges such as "A2:A4"."""
    without_result: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    """Row → column → text of a formula whose result is not stored."""
    error_values: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    """Row → column → an error such as "#N/A"."""
    last_row: int = 0
    """Number of the last row element, however empty."""
    last_column: int = 0
    """Count of columns up to the rightmost cell element, however empty."""


def is_worksheet(part: bytes) -> bool:
    """Whether the XML of a part seems to be a worksheet, by the name of its root element."""
    start = part[:ROOT_WITHIN].replace(b"\0", b"")
    return b"worksheet" in start and b"spreadsheetml" in start


def read_structure(part: bytes) -> SheetStructure:
    """The structure of a worksheet, whatever prefix its elements have.

    ``part`` is the XML, limited in size by the gate. Raises UploadRefused for XML that is broken or has a DOCTYPE.
    """
    reader = _StructureReader()
    try:
        reader.parser.Parse(part, True)
    except expat.ExpatError as error:
        raise UploadRefused("broken_file") from error
    return SheetStructure(
        hidden_rows=tuple(reader.hidden_rows),
        merges=tuple(reader.merges),
        without_result=reader.without_result,
        error_values=reader.error_values,
        last_row=reader.last_row,
        last_column=reader.last_column,
    )


class _StructureReader:
    """Handlers of a streaming parser. Text is only listened to inside formulas and error cells: that keeps it fast."""

    def __init__(self) -> None:
        self.hidden_rows: list[int] = []
        self.merges: list[str] = []
        self.without_result: dict[int, dict[int, str]] = {}
        self.error_values: dict[int, dict[int, str]] = {}
        self.row = self.last_row = self.last_column = 0
        self.column = -1
        self.type = ""
        self.formula: list[str] | None = None
        self.value: list[str] | None = None
        self.starts = {
            f"{namespace} {name}": handler
            for namespace in MAIN_NAMESPACES
            for name, handler in (
                ("row", self._start_row),
                ("c", self._start_cell),
                ("f", self._start_formula),
                ("v", self._start_value),
                ("mergeCell", self._start_merge),
            )
        }
        self.cell_names = {f"{namespace} c" for namespace in MAIN_NAMESPACES}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = _refuse_doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        handler = self.starts.get(name)
        if handler is not None:
            handler(attributes)

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self.row = int(number) if number is not None and number.isdigit() else self.row + 1
        self.last_row = max(self.last_row, self.row)
        self.column = -1
        if attributes.get("hidden") in TRUE:
            self.hidden_rows.append(self.row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self.column = self.column + 1 if reference is None else _column(reference)
        if self.column >= self.last_column:
            self.last_column = self.column + 1
        self.type = attributes.get("t", "")
        if self.type == "e":
            self._listen()

    def _start_formula(self, _attributes: dict[str, str]) -> None:
        self.formula = []
        self._listen()
        self.parser.CharacterDataHandler = self.formula.append

    def _start_value(self, _attributes: dict[str, str]) -> None:
        if self.formula is not None or self.type == "e":
            self.value = []
            self.parser.CharacterDataHandler = self.value.append

    def _start_merge(self, attributes: dict[str, str]) -> None:
        if reference := attributes.get("ref"):
            self.merges.append(reference.replace("$", ""))

    def _listen(self) -> None:
        self.parser.EndElementHandler = self._end

    def _end(self, name: str) -> None:
        self.parser.CharacterDataHandler = None
        if name not in self.cell_names:
            return
        value = "".join(self.value) if self.value is not None else None
        if self.type == "e" and value:
            self.error_values.setdefault(self.row, {})[self.column] = value
        elif self.formula is not None and not value and not (self.type == "str" and value is not None):
            # an empty text is a result, as of =IF(A2="","",A2)
            self.without_result.setdefault(self.row, {})[self.column] = "=" + "".join(self.formula)
        self.formula = self.value = None
        self.parser.EndElementHandler = None


_COLUMNS: dict[str, int] = {}


def _column(reference: str) -> int:
    """The column of "AB12", from 0."""
    letters = reference.rstrip("0123456789")
    column = _COLUMNS.get(letters)
    if column is None:
        try:
            column = _COLUMNS[letters] = column_index_from_string(letters) - 1
        except ValueError as error:
            raise UploadRefused("broken_file") from error
    return column


def _refuse_doctype(*_declaration: Any) -> None:
    raise UploadRefused("doctype")
