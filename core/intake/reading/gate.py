"""The gate: bytes are inspected before any parser sees them. Magic bytes count, not the name of the file.

All limits hold while reading, so that a small file that unpacks to a huge one is stopped on the way. A workbook part
is never expanded by its claimed size, but by the bytes that really come out.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from core.intake.findings import UploadRefused

__all__ = ["AcceptedFile", "PartFacts", "accept"]

MEGA = 1024 * 1024
FILE_LIMIT = 10 * MEGA
PART_COUNT_LIMIT = 500
PART_LIMIT = 40 * MEGA
TOTAL_LIMIT = 60 * MEGA
CHUNK = 1 * MEGA

ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|table|meta|style|\?xml|mso)", re.IGNORECASE)
DEFINITION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
HIDDEN_ROW = re.compile(rb'<row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d+)"')
MERGE = re.compile(rb'<mergeCell\s[^>]*ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
FORMULA = re.compile(rb"<f[\s>/]")


@dataclass(frozen=True)
class PartFacts:
    """What the raw XML of one worksheet part shows and openpyxl's read-only mode does not."""

    hidden_rows: tuple[int, ...]
    merges: tuple[str, ...]
    formulas: bool


@dataclass(frozen=True)
class AcceptedFile:
    """A file that may be read. ``facts`` by the path of the worksheet part."""

    kind: Literal["xlsx", "csv"]
    facts: dict[str, PartFacts]


def accept(data: bytes) -> AcceptedFile:
    """Let ``data`` in as a workbook or as CSV text; raises UploadRefused with the reason."""
    if not data.strip():
        raise UploadRefused("empty_file")
    if len(data) > FILE_LIMIT:
        raise UploadRefused("too_big", size=round(len(data) / MEGA, 1), limit=FILE_LIMIT // MEGA)
    if data.startswith(OLE):
        raise UploadRefused("encrypted" if ENCRYPTED in data else "old_excel")
    if data.startswith(PDF):
        raise UploadRefused("pdf_file")
    if data.startswith(ZIP):
        try:
            return AcceptedFile("xlsx", _inspect_workbook(data))
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
    utf_16 = start[:2] in (b"\xff\xfe", b"\xfe\xff")
    if MARKUP.match(start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")):
        raise UploadRefused("html_file")
    if b"\0" in data and not utf_16:
        raise UploadRefused("not_a_sheet")
    return AcceptedFile("csv", {})


def _inspect_workbook(data: bytes) -> dict[str, PartFacts]:
    facts: dict[str, PartFacts] = {}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > PART_COUNT_LIMIT:
            raise UploadRefused("too_many_parts", count=len(parts), limit=PART_COUNT_LIMIT)
        names = {part.filename for part in parts}
        _refuse_by_name(names)
        if any(part.flag_bits & 1 for part in parts):
            raise UploadRefused("encrypted")
        total = 0
        for part in parts:
            text = _unpack(archive, part, TOTAL_LIMIT - total)
            total += len(text)
            if part.filename.endswith((".xml", ".rels", ".vml")):
                _refuse_definitions(text)
            if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                facts[part.filename] = PartFacts(
                    hidden_rows=tuple(int(number) for number in HIDDEN_ROW.findall(text)),
                    merges=tuple(reference.decode() for reference in MERGE.findall(text)),
                    formulas=FORMULA.search(text) is not None,
                )
    return facts


def _refuse_by_name(names: set[str]) -> None:
    lowered = {name.lower() for name in names}
    if any(name.endswith("vbaproject.bin") for name in lowered):
        raise UploadRefused("macros")
    if any(name.startswith("xl/externallinks/") for name in lowered):
        raise UploadRefused("external_links")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise UploadRefused("not_a_sheet")


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
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):  # a definition could hide behind two-byte characters
        text = text.replace(b"\0", b"")
    if DEFINITION.search(text):
        raise UploadRefused("doctype")
