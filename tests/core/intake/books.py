"""Books in the formats that openpyxl does not write, byte by byte, and what careless programs make of ordinary ones."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import load_workbook

Rows = Sequence[Sequence[Any]]
Range = tuple[int, int, int, int]
"""(first row, last row, first column, last column) of merged cells, from 0."""


def rewritten(data: bytes, change: Callable[[str, str], str], rename: Callable[[str], str] = str) -> bytes:
    """The book with each XML part as ``change(name, text)`` gives it, under the name that ``rename`` gives."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.endswith((".xml", ".rels")):
                content = change(part.filename, content.decode()).encode()
            new.writestr(rename(part.filename), content)
    return out.getvalue()


def prefixed(data: bytes) -> bytes:
    """As the OpenXML SDK writes: every element of a worksheet with a prefix."""

    def change(name: str, text: str) -> str:
        if not name.startswith("xl/worksheets/"):
            return text
        return re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", text).replace("xmlns=", "xmlns:x=")

    return rewritten(data, change)


def strict(data: bytes) -> bytes:
    """As Excel saves under “Strict Open XML workbook”."""

    def change(name: str, text: str) -> str:
        return text.replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
        ).replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )

    return rewritten(data, change)


def several(*sheets: tuple[str, Rows]) -> bytes:
    """A workbook with a sheet for each (title, rows)."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells_of(data: bytes, sheet: str | None = None) -> list[tuple[Any, ...]]:
    """What stands in a sheet of a book, row by row."""
    book = load_workbook(io.BytesIO(data))
    return list((book[sheet] if sheet else book.active).iter_rows(values_only=True))


# -- Excel 97–2003 and WPS: BIFF8 in a compound file ([MS-XLS], [MS-CFB]) ----------------------------------


def record(kind: int, data: bytes) -> bytes:
    """A BIFF record."""
    return struct.pack("<HH", kind, len(data)) + data


def xls_bytes(
    rows: Rows,
    merges: Sequence[Range] = (),
    hidden: int = -1,
    first_row: int = 0,
    head: bytes = b"",
    stream: str = "Workbook",
) -> bytes:
    """A book with one sheet; ``head``: records at the beginning of the book."""
    cells = record(0x0208, struct.pack("<HHHHHHHH", hidden, 0, 1, 0, 0, 0, 0x20, 0)) if hidden >= 0 else b""
    for r, row in enumerate(rows):
        r += first_row if r else 0
        for c, value in enumerate(row):
            if isinstance(value, (int, float)):
                cells += record(0x0203, struct.pack("<HHHd", r, c, 0, value))
            elif value == "#N/A":
                cells += record(0x0205, struct.pack("<HHHBB", r, c, 0, 0x2A, 1))
            elif value is not None:
                text = str(value).encode("utf-16-le")
                cells += record(0x0204, struct.pack("<HHHHB", r, c, 0, len(text) // 2, 1) + text)
    if merges:
        cells += record(0x00E5, struct.pack("<H", len(merges)) + b"".join(struct.pack("<HHHH", *m) for m in merges))
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
    name = "荷风".encode("utf-16-le")
    bound = struct.pack("<BBBB", 0, 0, len(name) // 2, 1) + name
    globals_length = 4 + len(begin) + len(head) + 4 + 4 + len(bound) + 4
    book = (
        record(0x0809, begin) + head + record(0x0085, struct.pack("<I", globals_length) + bound) + record(0x000A, b"")
    )
    book += record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    book += record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    return compound_file({stream: book + cells + record(0x000A, b"")})


def compound_file(streams: dict[str, bytes]) -> bytes:
    """An OLE file with its streams in sectors of 512 bytes after one sector of allocation and one of directory."""
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    fat = [fat_mark, end]
    entries = [_entry("Root Entry", 5, end, 0, child=1)]
    body = b""
    for number, (name, content) in enumerate(streams.items(), 1):
        size = max(len(content), 4096)
        content = content.ljust(-(-size // 512) * 512, b"\0")
        start = len(fat)
        count = len(content) // 512
        fat += [*range(start + 1, start + count), end]
        right = number + 1 if number < len(streams) else free
        entries.append(_entry(name, 2, start, size, right=right))
        body += content
    assert len(fat) <= 128
    assert len(entries) <= 4
    directory = b"".join(entries).ljust(512, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    return header + struct.pack("<128I", *fat, *[free] * (128 - len(fat))) + directory + body


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, right, child)
    return entry + bytes(16 + 4 + 8 + 8) + struct.pack("<IQ", start, size)


# -- Excel binary workbook ([MS-XLSB]) -----------------------------------------------------------------------


def _binary(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(data)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_bytes(rows: Rows, merges: Sequence[Range] = (), hidden: int = -1, first_row: int = 0) -> bytes:
    """A binary workbook with one sheet; all rows but the first are moved down by ``first_row``."""
    sheet = _binary(0x81) + _binary(0x94, struct.pack("<IIII", 0, len(rows), 0, 10)) + _binary(0x91)
    for r, row in enumerate(rows):
        sheet += _binary(0x00, struct.pack("<I7xB5x", r + (first_row if r else 0), 0x10 * (r == hidden)))
        for c, value in enumerate(row):
            if isinstance(value, (int, float)):
                sheet += _binary(0x05, struct.pack("<IId", c, 0, value))
            elif value == "#N/A":
                sheet += _binary(0x03, struct.pack("<IIB", c, 0, 0x2A))
            elif value is not None:
                sheet += _binary(0x06, struct.pack("<II", c, 0) + _wide(str(value)))
    sheet += _binary(0x92) + b"".join(_binary(0xB0, struct.pack("<4I", *merge)) for merge in merges) + _binary(0x82)
    book = _binary(0x83) + _binary(0x8F) + _binary(0x9C, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("荷风"))
    book += _binary(0x90) + _binary(0x84)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{relations}"><Relationship Id="rId1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


# -- OpenDocument ------------------------------------------------------------------------------------------------

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def ods_bytes(rows: Rows, merges: Sequence[Range] = (), hidden: int = -1, after: str = "") -> bytes:
    """An OpenDocument spreadsheet with one table; ``after``: XML behind its rows."""
    spans = {(top, left): f' table:number-rows-spanned="{bottom - top + 1}"' for top, bottom, left, _ in merges}
    body = ""
    for r, row in enumerate(rows):
        body += '<table:table-row table:visibility="collapse">' if r == hidden else "<table:table-row>"
        for c, value in enumerate(row):
            span = spans.get((r, c), "")
            if value is None:
                body += "<table:table-cell/>"
            elif value == "#N/A":
                body += '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
            elif isinstance(value, (int, float)):
                body += f'<table:table-cell{span} office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
            else:
                body += (
                    f'<table:table-cell{span} office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
                )
        body += "</table:table-row>"
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    return zipped(
        {
            "mimetype": ODS_TYPE,
            "content.xml": f'<?xml version="1.0"?><office:document-content {namespaces} xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="荷风">{body}{after}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
