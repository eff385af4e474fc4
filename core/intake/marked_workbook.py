"""Notes and coloured cells put into a workbook by editing the XML of its sheets and styles; all else stays byte for byte.

Writing a book again with openpyxl loses what it does not know: drop-down lists that refer to another sheet, charts,
slicers, conditional formats of newer versions. So only the sheets with notes and the styles are changed: each note is a
text cell (``inlineStr``), each coloured cell gets a copy of its style with another fill. Of a sheet only the rows with
notes are written anew, so that twenty thousand rows take little memory.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter

from core.intake.reading.package import outline_of, part_key

__all__ = ["AMBER", "RED", "SheetNotes", "mark"]

RED, AMBER = "FFF8C9C4", "FFFBE6B8"
"""Fills (ARGB) of cells with an error and with a warning."""
RED_INK = "FFB3261E"
AFTER_COLOUR = ("sz", "u", "vertAlign", "scheme", "name", "family", "charset")
"""Elements of a font that Strict Open XML wants behind its colour (ISO/IEC 29500-1, 18.8.22)."""
NOTES_WIDTH = 60  # characters
ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding=[\"']([^\"']+)")
Element = Any
"""An element of lxml, which has no types."""


@dataclass(frozen=True)
class SheetNotes:
    """What to write into one sheet. Rows are numbered as in the spreadsheet, columns from 0."""

    column: int | None
    """The column of notes that an earlier copy has, to be written anew; None: behind the last column."""
    notes: Mapping[int, str] = field(default_factory=dict)
    """Row → text."""
    red_notes: frozenset[int] = frozenset()
    """Rows whose note names an error."""
    fills: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """(row, column) → fill."""


def mark(book: bytes, sheets: Mapping[str, SheetNotes]) -> bytes:
    """An Open XML workbook with the notes of each sheet, by title."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        outline = outline_of(old)
        by_key = {part_key(part.filename): part.filename for part in old.infolist()}
        styles = _Styles(_parsed(old.read(by_key[outline.styles])) if outline.styles in by_key else None)
        changed: dict[str, bytes] = {}
        for title, notes in sheets.items():
            name = by_key[outline.parts[title]]
            changed[name] = _Sheet(old.read(name), styles).marked(notes)
        if styles.root is not None:
            changed[by_key[outline.styles]] = _serialised(styles.root)
        for part in old.infolist():
            new.writestr(part, changed.get(part.filename) or old.read(part), compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _parsed(part: bytes) -> Element:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))


def _serialised(root: Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


class _Part:
    """The XML of a part; element names are taken in the namespace of its root."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.namespace = etree.QName(root).namespace

    def name(self, local: str) -> str:
        return f"{{{self.namespace}}}{local}"

    def child(self, local: str) -> Element:
        """The child of the root with a name, or None."""
        return self.root.find(self.name(local))


class _Styles:
    """The styles of the book; without any (``root`` is None) cells keep theirs."""

    def __init__(self, root: Element) -> None:
        formats: Element = None if root is None else _Part(root).child("cellXfs")
        self.root: Element = root if formats is not None and len(formats) else None
        self.formats: Element = formats
        self._copies: dict[tuple[str, str], str] = {}
        self._parts: dict[tuple[str, str], str] = {}

    def filled(self, style: str, colour: str) -> str:
        """The index of a style like ``style`` with the fill ``colour``; "" is none."""
        return self._copy(style, f"fill {colour}", lambda xf: self._set_fill(xf, colour))

    def note(self, is_red: bool) -> str:
        """The index of the style of a note: the text wraps, an error is written in red."""

        def change(xf: Element) -> None:
            for old in xf.findall(f"{{{etree.QName(xf).namespace}}}alignment"):
                xf.remove(old)
            xf.insert(0, xf.makeelement(etree.QName(xf, "alignment").text, {"wrapText": "1", "vertical": "top"}))
            xf.set("applyAlignment", "1")
            if is_red and (font := self._red_font()) is not None:
                xf.set("fontId", font)
                xf.set("applyFont", "1")

        return self._copy("0", f"note {is_red}", change)

    def ours(self) -> frozenset[str]:
        """The styles that have a fill of an earlier copy."""
        if self.root is None:
            return frozenset()
        return frozenset(str(index) for index in range(len(self.formats)) if self.is_ours(str(index)))

    def is_ours(self, style: str) -> bool:
        """Whether a style has a fill of an earlier copy."""
        if self.root is None or not style.isdigit() or int(style) >= len(self.formats):
            return False
        fills: Element = _Part(self.root).child("fills")
        index = self.formats[int(style)].get("fillId", "0")
        if fills is None or not index.isdigit() or int(index) >= len(fills):
            return False
        colours = {element.get("rgb") for element in fills[int(index)].iter(_Part(self.root).name("fgColor"))}
        return bool(colours & {RED, AMBER})

    def _copy(self, style: str, change: str, apply: Callable[[Element], object]) -> str:
        if self.root is None:
            return style or "0"
        if (style, change) not in self._copies:
            index = int(style) if style.isdigit() and int(style) < len(self.formats) else 0
            xf = copy.deepcopy(self.formats[index])
            apply(xf)
            self.formats.append(xf)
            self.formats.set("count", str(len(self.formats)))
            self._copies[(style, change)] = str(len(self.formats) - 1)
        return self._copies[(style, change)]

    def _set_fill(self, xf: Element, colour: str) -> None:
        xf.set("fillId", self._fill(colour) if colour else "0")
        xf.set("applyFill", "1")

    def _fill(self, colour: str) -> str:
        part = _Part(self.root)
        fills: Element = part.child("fills")
        if fills is None:
            return "0"
        if ("fill", colour) not in self._parts:
            fill = etree.SubElement(fills, part.name("fill"))
            pattern = etree.SubElement(fill, part.name("patternFill"), patternType="solid")
            etree.SubElement(pattern, part.name("fgColor"), rgb=colour)
            fills.set("count", str(len(fills)))
            self._parts[("fill", colour)] = str(len(fills) - 1)
        return self._parts[("fill", colour)]

    def _red_font(self) -> str | None:
        part = _Part(self.root)
        fonts: Element = part.child("fonts")
        if fonts is None or not len(fonts):
            return None
        if ("font", RED_INK) not in self._parts:
            font = copy.deepcopy(fonts[0])
            for colour in font.findall(part.name("color")):
                font.remove(colour)
            colour = etree.Element(part.name("color"), rgb=RED_INK)
            behind = [child for child in font if etree.QName(child).localname in AFTER_COLOUR]
            font.insert(len(font) if not behind else font.index(behind[0]), colour)
            fonts.append(font)
            fonts.set("count", str(len(fonts)))
            self._parts[("font", RED_INK)] = str(len(fonts) - 1)
        return self._parts[("font", RED_INK)]


class _Outline:
    """Where the rows of a worksheet stand in its XML (UTF-8), by a streaming parser."""

    def __init__(self, part: bytes, styles: frozenset[str], column: int | None) -> None:
        """``styles`` and ``column``: rows with a cell of such a style or in that column are listed in ``marked``."""
        self.part = part
        self.styles, self.notes_column = styles, column
        self.namespaces: dict[str, str] = {}
        self.rows: dict[int, slice] = {}
        self.children: dict[str, slice] = {}
        self.marked: set[int] = set()
        self.last_column = -1
        self._depth = self._start = self._row = 0
        self._column = -1
        parser = self._parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartNamespaceDeclHandler = self._declare
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.Parse(part, True)

    def _declare(self, prefix: str | None, uri: str) -> None:
        if self._depth == 0:
            self.namespaces[f"xmlns:{prefix}" if prefix else "xmlns"] = uri

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 4 and name.endswith(" c"):
            reference = attributes.get("r")
            self._column = _column_of(reference) if reference else self._column + 1
            self.last_column = max(self.last_column, self._column)
            if self._column == self.notes_column or attributes.get("s", "0") in self.styles:
                self.marked.add(self._row)
        elif self._depth == 3 and name.endswith(" row"):
            self._start, self._column = self._parser.CurrentByteIndex, -1
            self._row = int(attributes.get("r") or self._row + 1)
        elif self._depth == 2:
            self.children[name.rpartition(" ")[2]] = slice(self._parser.CurrentByteIndex, 0)

    def _close(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if self._depth == 3 and local == "row":
            self.rows[self._row] = slice(self._start, self._end())
        elif self._depth == 2:
            self.children[local] = slice(self.children[local].start, self._end())
        self._depth -= 1

    def _end(self) -> int:
        """The position behind the element that ends now; expat stands before "</row>" but behind "<row/>"."""
        index = self._parser.CurrentByteIndex
        return self.part.index(b">", index) + 1 if self.part.startswith(b"</", index) else index


class _Sheet:
    """One worksheet, of which only the rows with notes are parsed and written anew."""

    def __init__(self, part: bytes, styles: _Styles) -> None:
        self.part, self.styles = _as_utf_8(part), styles

    def marked(self, notes: SheetNotes) -> bytes:
        """The part with its notes."""
        outline = _Outline(self.part, self.styles.ours() if notes.column is not None else frozenset(), notes.column)
        column = notes.column if notes.column is not None else outline.last_column + 1
        fills: dict[int, dict[int, str]] = {}
        for (number, position), colour in notes.fills.items():
            fills.setdefault(number, {})[position] = colour
        changes: list[tuple[slice, bytes]] = []
        for number in sorted({*notes.notes, *fills, *outline.marked}):
            place = outline.rows[number]
            row = _Row(self._parsed(place, outline), number, self.styles)
            if number in outline.marked:
                row.unmark(column)
            for position, colour in fills.get(number, {}).items():
                row.fill(position, colour)
            if number in notes.notes:
                row.write(column, notes.notes[number], number in notes.red_notes)
            changes.append((place, self._text(row.element, outline)))
        changes += self._frame(outline, column)
        return _spliced(self.part, changes)

    def _parsed(self, place: slice, outline: _Outline) -> Element:
        """An element of the part, in the namespaces of its root."""
        frame = etree.tostring(etree.Element("frame", nsmap=_nsmap(outline))).removesuffix(b"/>")
        return _parsed(frame + b">" + self.part[place] + b"</frame>")[0]

    def _text(self, element: Element, outline: _Outline) -> bytes:
        """The XML of an element without the declarations that its root has."""
        text = bytes(etree.tostring(element, encoding="UTF-8", xml_declaration=False, with_tail=False))
        for name, uri in outline.namespaces.items():
            text = text.replace(f' {name}="{uri}"'.encode(), b"", 1)
        return text

    def _frame(self, outline: _Outline, column: int) -> list[tuple[slice, bytes]]:
        """The width of the column of notes, and the extent of the sheet."""
        data = outline.children["sheetData"]
        prefix = self.part[data.start + 1 : self.part.index(b"sheetData", data.start)].decode()
        number = column + 1
        if "cols" in outline.children:
            columns = self._parsed(outline.children["cols"], outline)
            _widen(columns, number)
            changes = [(outline.children["cols"], self._text(columns, outline))]
        else:
            width = f'<{prefix}col min="{number}" max="{number}" width="{NOTES_WIDTH}" customWidth="1"/>'
            changes = [(slice(data.start, data.start), f"<{prefix}cols>{width}</{prefix}cols>".encode())]
        if "dimension" in outline.children and outline.rows:
            last = f"{get_column_letter(max(number, outline.last_column + 1))}{max(outline.rows)}"
            changes.append((outline.children["dimension"], f'<{prefix}dimension ref="A1:{last}"/>'.encode()))
        return changes


class _Row:
    """A row element; every cell has its reference."""

    def __init__(self, element: Element, number: int, styles: _Styles) -> None:
        self.element, self.number, self.styles = element, number, styles
        self.namespace = etree.QName(element).namespace
        element.attrib.pop("spans", None)  # an optimisation of Excel that would be wrong now
        column = -1
        for cell in self._cells():
            column = _column_of(cell.get("r")) if cell.get("r") else column + 1
            cell.set("r", f"{get_column_letter(column + 1)}{number}")

    def unmark(self, column: int) -> None:
        """Take back the note and the fills of an earlier copy."""
        for cell in self._cells():
            if _column_of(cell.get("r")) == column:
                self.element.remove(cell)
            elif self.styles.is_ours(cell.get("s", "0")):
                cell.set("s", self.styles.filled(cell.get("s"), ""))

    def fill(self, column: int, colour: str) -> None:
        cell = self._cell(column)
        cell.set("s", self.styles.filled(cell.get("s", "0"), colour))

    def write(self, column: int, text: str, is_red: bool) -> None:
        """A note as the text of a cell."""
        cell = self._cell(column)
        for child in list(cell):
            cell.remove(child)
        cell.set("t", "inlineStr")
        cell.set("s", self.styles.note(is_red))
        holder = etree.SubElement(cell, f"{{{self.namespace}}}is")
        node = etree.SubElement(holder, f"{{{self.namespace}}}t")
        node.text = text
        node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    def _cells(self) -> list[Element]:
        return list(self.element.iterchildren(f"{{{self.namespace}}}c"))

    def _cell(self, column: int) -> Element:
        """The cell in a column, made if it is missing."""
        index = 0
        for index, cell in enumerate(self._cells(), 1):
            position = _column_of(cell.get("r"))
            if position == column:
                return cell
            if position > column:
                index -= 1
                break
        style = self.element.get("s") if self.element.get("customFormat") in ("1", "true") else None
        attributes = {"r": f"{get_column_letter(column + 1)}{self.number}"} | ({"s": style} if style else {})
        new = self.element.makeelement(f"{{{self.namespace}}}c", attributes)
        self.element.insert(index, new)
        return new


def _widen(columns: Element, number: int) -> None:
    """Give a column (from 1) the width of notes; a range of columns that covers it is split."""
    before = None
    for entry in list(columns):
        first, last = int(entry.get("min", "0")), int(entry.get("max", "0"))
        if first <= number <= last:
            for low, high in ((number + 1, last), (first, number - 1)):
                if low <= high:
                    part = copy.deepcopy(entry)
                    part.set("min", str(low))
                    part.set("max", str(high))
                    entry.addnext(part)
            before = entry.getnext() if first < number else entry.getprevious()
            columns.remove(entry)
            break
        if last < number:
            before = entry
    own = columns.makeelement(
        etree.QName(etree.QName(columns).namespace, "col").text,
        {"min": str(number), "max": str(number), "width": str(NOTES_WIDTH), "customWidth": "1"},
    )
    if before is None:
        columns.insert(0, own)
    else:
        before.addnext(own)


def _nsmap(outline: _Outline) -> dict[str | None, str]:
    return {name.partition(":")[2] or None: uri for name, uri in outline.namespaces.items()}


def _spliced(part: bytes, changes: list[tuple[slice, bytes]]) -> bytes:
    """``part`` with bytes replaced at places that don't overlap."""
    pieces = []
    position = 0
    for place, text in sorted(changes, key=lambda change: change[0].start):
        pieces += [part[position : place.start], text]
        position = place.stop
    return b"".join([*pieces, part[position:]])


def _as_utf_8(part: bytes) -> bytes:
    """The XML in UTF-8, in which positions are counted; nearly every program writes it so."""
    declared = ENCODING.match(part)
    if declared is None and part[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return part
    if declared is not None and declared[1].lower() in (b"utf-8", b"us-ascii", b"ascii"):
        return part
    return _serialised(_parsed(part))


def _column_of(reference: str) -> int:
    """The column of "AB12", from 0."""
    return int(column_index_from_string(reference.rstrip("0123456789"))) - 1
