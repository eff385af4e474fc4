"""The gate: bytes are inspected before any parser sees them. Magic bytes count, not the name of the file.

All limits hold while reading, so that a small file that unpacks to a huge one is stopped on the way. A part of a
workbook is never expanded by its claimed size, but by the bytes that really come out.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO

from core.intake.findings import UploadRefused
from core.intake.reading.old_excel import read_old_book, streams
from core.intake.reading.other_structure import read_ods, read_xlsb, xlsb_sheets
from core.intake.reading.package import WorkbookOutline, outline_of, part_key, relations_of
from core.intake.reading.structure import SheetStructure, is_worksheet, read_structure
from core.intake.reading.tables import FileKind

__all__ = ["AcceptedFile", "accept"]

MEGA = 1024 * 1024
FILE_LIMIT = 10 * MEGA
PART_COUNT_LIMIT = 500
PART_LIMIT = 40 * MEGA
TOTAL_LIMIT = 60 * MEGA
CHUNK = 1 * MEGA

ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
ARCHIVES = {b"Rar!\x1a\x07": ".rar", b"7z\xbc\xaf\x27\x1c": ".7z", b"\x1f\x8b": ".gz"}
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|table|meta|style|\?xml|mso)", re.IGNORECASE)
XML_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
WEB_ARCHIVE = re.compile(rb"\s*MIME-Version:", re.IGNORECASE)
DEFINITION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
BOOK_NAMES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".csv", ".txt")
BINARY = "xl/workbook.bin"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class AcceptedFile:
    """A file that may be read. ``data`` is the book itself where it came in a zip archive."""

    kind: FileKind
    data: bytes = field(repr=False)
    outline: WorkbookOutline | None = None
    """Of an Open XML workbook."""
    structures: Mapping[str, SheetStructure] = field(default_factory=dict)
    """By the title of the sheet."""
    date_1904: bool = False


def accept(data: bytes, *, packed: bool = False) -> AcceptedFile:
    """Let ``data`` in as a workbook or as CSV text; raises UploadRefused with the reason.

    ``packed``: it comes out of an archive, which may not hold another.
    """
    if not data.strip():
        raise UploadRefused("empty_file")
    if len(data) > FILE_LIMIT:
        raise UploadRefused("too_big", size=round(len(data) / MEGA, 1), limit=FILE_LIMIT // MEGA)
    if data.startswith(OLE):
        return _inspect_ole(data)
    if data.startswith(PDF):
        raise UploadRefused("pdf_file")
    for mark, name in ARCHIVES.items():
        if data.startswith(mark):
            raise UploadRefused("archive", format=name)
    if data.startswith(ZIP):
        try:
            return _inspect_zip(data, packed)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            OSError,
            RuntimeError,
            ValueError,
        ) as error:
            raise UploadRefused("broken_file") from error
    start = data[:4096]
    if MARKUP.match(start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")):
        if XML_2003 in start.replace(b"\0", b""):
            raise UploadRefused("other_format", format="XML Spreadsheet 2003")
        raise UploadRefused("html_file")
    if WEB_ARCHIVE.match(start):
        raise UploadRefused("other_format", format="MHTML (.mht)")
    if b"\0" in data and not data.startswith(UTF_16_MARKS) and not _may_be_utf_16(data):
        raise UploadRefused("not_a_sheet")
    return AcceptedFile("csv", data)


def _may_be_utf_16(data: bytes) -> bool:
    """Text in two-byte characters without a byte order mark: line ends and separators have a zero byte each."""
    return len(data) % 2 == 0 and (b"\n\0" in data[0:65_536] or b"\0\n" in data[0:65_536])


def _inspect_ole(data: bytes) -> AcceptedFile:
    """The container of Office 97–2003, of WPS (.et), and of encrypted Open XML, by its streams."""
    parts = streams(data)
    if "ENCRYPTEDPACKAGE" in parts:
        raise UploadRefused("encrypted")
    if "WORDDOCUMENT" in parts:
        raise UploadRefused("word_file")
    if "_VBA_PROJECT" in parts:
        raise UploadRefused("macros")
    content = parts.get("WORKBOOK", parts.get("BOOK"))
    if content is None:
        raise UploadRefused("not_a_sheet")
    book = read_old_book(content)
    return AcceptedFile("xls", data, structures=book.structures, date_1904=book.date_1904)


def _inspect_zip(data: bytes, packed: bool) -> AcceptedFile:
    """Every part is unpacked once, within the limits, and the worksheets among them are read for their structure."""
    structures: dict[str, SheetStructure] = {}
    tables: dict[str, SheetStructure] = {}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > PART_COUNT_LIMIT:
            raise UploadRefused("too_many_parts", count=len(parts), limit=PART_COUNT_LIMIT)
        if any(part.flag_bits & 1 for part in parts):
            raise UploadRefused("encrypted")
        by_key = {part_key(part.filename): part for part in parts}
        _refuse_by_name(tuple(by_key))
        total = 0
        for part in parts:
            text = _unpack(archive, part, TOTAL_LIMIT - total)
            total += len(text)
            key = part_key(part.filename)
            if key.endswith((".xml", ".rels", ".vml")):
                _refuse_definitions(text)
                if key.endswith(".xml") and is_worksheet(text):
                    structures[key] = read_structure(text)
            elif key.startswith("xl/worksheets/") and key.endswith(".bin"):
                structures[key] = read_xlsb(text)
            if key == "content.xml":
                tables = read_ods(text)
            elif key == "meta-inf/manifest.xml" and b"encryption-data" in text:
                raise UploadRefused("encrypted")
        if "[content_types].xml" in by_key:
            if BINARY in by_key:
                relations = relations_of(archive, BINARY)
                sheets = xlsb_sheets(archive.read(by_key[BINARY]))
                part_of = {title: relations.get(relation, "") for title, relation in sheets.items()}
                return AcceptedFile("xlsb", data, None, _by_title(part_of, structures))
            outline = outline_of(archive)
            return AcceptedFile("xlsx", data, outline, _by_title(outline.parts, structures), outline.date_1904)
        if "mimetype" in by_key and archive.read(by_key["mimetype"]).strip() == ODS:
            return AcceptedFile("ods", data, None, tables)
        if "index/document.iwa" in by_key or "index.zip" in by_key:
            raise UploadRefused("other_format", format="Apple Numbers (.numbers)")
        return _inspect_archive(archive, packed)


def _by_title(parts: Mapping[str, str], structures: Mapping[str, SheetStructure]) -> dict[str, SheetStructure]:
    return {title: structures[part] for title, part in parts.items() if part in structures}


def _inspect_archive(archive: zipfile.ZipFile, packed: bool) -> AcceptedFile:
    """A zip archive with one book inside; its parts are known to keep the limits."""
    books = [
        part
        for part in archive.infolist()
        if part.filename.lower().endswith(BOOK_NAMES)
        and not part.filename.startswith("__MACOSX/")
        and not part.filename.rpartition("/")[2].startswith(("~$", "._"))
    ]
    if not books or packed:
        raise UploadRefused("not_a_sheet")
    if len(books) > 1:
        raise UploadRefused("several_books", count=len(books))
    return accept(archive.read(books[0]), packed=True)


def _refuse_by_name(names: Iterable[str]) -> None:
    if any(name.endswith("vbaproject.bin") for name in names):
        raise UploadRefused("macros")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise UploadRefused("external_links")
    if any(name.startswith("word/") for name in names):
        raise UploadRefused("word_file")


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> bytes:
    """The content of a part, stopping as soon as more comes out than may."""
    limit = min(PART_LIMIT, left)
    content = bytearray()
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            content += chunk
            if len(content) > limit:
                raise UploadRefused(
                    "unpacks_too_big", limit=(PART_LIMIT if limit == PART_LIMIT else TOTAL_LIMIT) // MEGA
                )
    return bytes(content)


def _refuse_definitions(text: bytes) -> None:
    if b"\0" in text[:4] or text[:2] in UTF_16_MARKS:  # a definition could hide behind two-byte characters
        text = text.replace(b"\0", b"")
    if DEFINITION.search(text):
        raise UploadRefused("doctype")
