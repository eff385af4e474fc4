"""CSV text as a table: encoding and delimiter are those under which the templates know most headers."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterator

from core.intake.findings import UploadRefused
from core.intake.reading.headers import HEADER_WITHIN, known_header_count
from core.intake.reading.rows import CELL_LIMIT, collect
from core.intake.reading.tables import RawRow, RawTable

__all__ = ["read_csv"]

DELIMITERS = ",\t;|"
SAMPLE = 20_000  # characters in which the delimiter is sought
TWO_BYTES = ("utf-16-le", "utf-16-be")
LONGEST = 20_000_000  # characters: no file that passes the gate has more, so the reader never stops at its own limit


def read_csv(data: bytes, name: str) -> RawTable:
    """The first strict decoding in which the templates know at least two headers; UTF-8 is accepted without any.

    Known headers decide more reliably between GB 18030 and UTF-8 than a statistical detector does on short tables.
    """
    fallback: RawTable | None = None
    broken: UploadRefused | None = None
    encodings = _encodings(data)
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, UnicodeError):
            continue
        try:
            table = _parse(text, name)
        except UploadRefused as refused:
            broken = broken or refused
            continue
        if known_header_count(table) >= 2:
            return table
        if encoding not in ("gb18030", *TWO_BYTES):  # which decode nearly everything
            fallback = fallback or table
    if fallback is None:
        raise broken or UploadRefused("not_a_sheet" if encodings is TWO_BYTES else "encoding")
    return fallback


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if b"\0" in data:
        return TWO_BYTES
    return ("utf-8", "gb18030")


def _parse(text: str, name: str) -> RawTable:
    csv.field_size_limit(LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, name), strict=True)
    rows, stopped = collect(_records(reader), name)
    return RawTable(name=name, rows=tuple(rows), stopped=stopped)


def _records(reader: Iterator[list[str]]) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """Numbered records; one that is not well formed, or never ends, raises UploadRefused with its number."""
    for number in itertools.count(1):
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UploadRefused("broken_csv", row=number) from error
        if any(len(cell) > CELL_LIMIT and "\n" in cell for cell in cells):  # it swallowed the rows below
            raise UploadRefused("broken_csv", row=number)
        yield number, tuple(cell if cell and not cell.isspace() else None for cell in cells)


def _delimiter(text: str, name: str) -> str:
    """The delimiter under which most headers are known; of equals the one that a single line has most often."""
    head = text[:SAMPLE]
    lines = head.splitlines()[:HEADER_WITHIN]

    def fitness(delimiter: str) -> tuple[int, int]:
        records = itertools.islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), HEADER_WITHIN)
        rows = tuple(RawRow(number, tuple(cells)) for number, cells in enumerate(records, 1) if any(cells))
        known = known_header_count(RawTable(name, rows))
        return known, max((line.count(delimiter) for line in lines), default=0)

    return max(DELIMITERS, key=fitness)
