"""The parts of an OOXML workbook: which worksheet part belongs to which sheet, and Strict books made readable.

Names of parts are compared without regard to case, with either slash: some programs write them carelessly.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from core.intake.findings import UploadRefused
from core.intake.reading.structure import MAIN_NAMESPACES

__all__ = ["WorkbookOutline", "outline_of", "part_key", "relations_of", "transitional"]

RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
STRICT_BEGIN, TRANSITIONAL_BEGIN = "http://purl.oclc.org/ooxml", "http://schemas.openxmlformats.org"
NAMESPACES = (
    (f"{STRICT_BEGIN}/spreadsheetml/main", f"{TRANSITIONAL_BEGIN}/spreadsheetml/2006/main"),
    (f"{STRICT_BEGIN}/drawingml/", f"{TRANSITIONAL_BEGIN}/drawingml/2006/"),
    (f"{STRICT_BEGIN}/officeDocument/", f"{TRANSITIONAL_BEGIN}/officeDocument/2006/"),
)
"""Namespaces of Strict Open XML (ISO/IEC 29500-1) and the transitional ones (29500-4) that readers expect."""
TRUE = ("1", "true", "on")


@dataclass(frozen=True)
class WorkbookOutline:
    """``parts``: title of each sheet, in order, → key of its part."""

    parts: Mapping[str, str]
    hidden: frozenset[str]
    """Titles of the sheets that Excel hides."""
    styles: str
    """Key of the part with the styles, or ""."""
    date_1904: bool
    strict: bool


def part_key(name: str) -> str:
    """What spellings of one part's name have in common."""
    return name.replace("\\", "/").lstrip("/").casefold()


def outline_of(archive: zipfile.ZipFile) -> WorkbookOutline:
    """The outline of a workbook that passed the gate; raises UploadRefused where it is none or broken."""
    by_key = {part_key(part.filename): part for part in archive.infolist()}

    def read(key: str) -> bytes | None:
        return archive.read(by_key[key]) if key in by_key else None

    try:
        workbook = next((part for kind, part in _relations(read, "").values() if kind == "officeDocument"), None)
        content = read(workbook) if workbook is not None else None
        if workbook is None or content is None:
            raise UploadRefused("not_a_sheet")
        root = ElementTree.fromstring(content)  # the gate let no DOCTYPE pass
        relations = _relations(read, workbook)
    except ElementTree.ParseError as error:
        raise UploadRefused("broken_file") from error
    namespace = root.tag[1:].partition("}")[0]
    if namespace not in MAIN_NAMESPACES:
        raise UploadRefused("not_a_sheet")
    properties = root.find(f"{{{namespace}}}workbookPr")
    sheets = {}
    hidden = set()
    for sheet in root.iter(f"{{{namespace}}}sheet"):
        title = sheet.get("name", "")
        relation = next((value for name, value in sheet.attrib.items() if name.endswith("relationships}id")), "")
        sheets[title] = relations.get(relation, ("", ""))[1]
        if sheet.get("state", "visible") != "visible":
            hidden.add(title)
    return WorkbookOutline(
        parts=sheets,
        hidden=frozenset(hidden),
        styles=next((part for kind, part in relations.values() if kind == "styles"), ""),
        date_1904=properties is not None and properties.get("date1904") in TRUE,
        strict=namespace.startswith(STRICT_BEGIN),
    )


def relations_of(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Id → key of the part, of each relation of a part given by its key."""
    by_key = {part_key(entry.filename): entry for entry in archive.infolist()}
    try:
        relations = _relations(lambda key: archive.read(by_key[key]) if key in by_key else None, part)
    except ElementTree.ParseError as error:
        raise UploadRefused("broken_file") from error
    return {relation: target for relation, (_, target) in relations.items()}


def _relations(read: Callable[[str], bytes | None], part: str) -> dict[str, tuple[str, str]]:
    """Id → (last word of the type, key of the part) of each relation of a part, "" for the package."""
    folder, name = posixpath.split(part)
    content = read(part_key(posixpath.join(folder, "_rels", f"{name}.rels")))
    if content is None:
        return {}
    relations = {}
    for relation in ElementTree.fromstring(content).iter(RELATIONS):
        target = relation.get("Target", "").replace("\\", "/")
        path = target if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        kind = relation.get("Type", "").rpartition("/")[2]
        relations[relation.get("Id", "")] = (kind, part_key(path))
    return relations


def transitional(data: bytes) -> bytes:
    """A Strict workbook with the namespaces that readers know; names and values stay as they are."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for part in old.infolist():
            content = old.read(part)
            if part.filename.endswith((".xml", ".rels")):
                for strict, known in NAMESPACES:
                    content = content.replace(strict.encode(), known.encode())
            new.writestr(part.filename, content)
    return out.getvalue()
