"""Notes and coloured cells put into a workbook by editing the XML of its sheets and styles; all else stays byte for byte.

Writing a book again with openpyxl loses what it does not know: drop-down lists that refer to another sheet, charts,
slicers, conditional formats of newer versions. So only the sheets with notes and the styles are changed: each note is a
text cell (``inlineStr``), each coloured cell gets a copy of its style with another fill.
"""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

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
Element = Any
"""An element of lxml, which has no types."""


@dataclass(frozen=True)
class SheetNotes:
    """What to write into one sheet. Rows are numbered as in the spreadsheet, columns from 0."""

    header_row: int
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
            changed[name] = _Sheet(_parsed(old.read(name)), styles).marked(notes)
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
            return style
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


class _Sheet(_Part):
    """One worksheet."""

    def __init__(self, root: Element, styles: _Styles) -> None:
        super().__init__(root)
        self.styles = styles
        self.data: Element = self.child("sheetData")
        self.rows: dict[int, Element] = {}
        self.last_column = -1
        number = 0
        for row in self.data.iterchildren(self.name("row")):
            number = int(row.get("r") or number + 1)
            row.set("r", str(number))
            self.rows[number] = row
            column = -1
            for cell in row.iterchildren(self.name("c")):
                column = _column_of(cell.get("r")) if cell.get("r") else column + 1
                cell.set("r", f"{get_column_letter(column + 1)}{number}")
            self.last_column = max(self.last_column, column)

    def marked(self, notes: SheetNotes) -> bytes:
        """The part with its notes."""
        column = notes.column if notes.column is not None else self.last_column + 1
        if notes.column is not None:
            self._unmark(column)
        for (row, position), colour in notes.fills.items():
            cell = self._cell(row, position)
            cell.set("s", self.styles.filled(cell.get("s", "0"), colour))
        for row, text in notes.notes.items():
            self._write(self._cell(row, column), text, row in notes.red_notes)
        self._widen(column)
        self._extend_dimension(column)
        return _serialised(self.root)

    def _unmark(self, column: int) -> None:
        """Take back the notes and fills of an earlier copy."""
        for row in self.rows.values():
            for cell in list(row.iterchildren(self.name("c"))):
                if _column_of(cell.get("r")) == column:
                    row.remove(cell)
                elif self.styles.is_ours(cell.get("s", "0")):
                    cell.set("s", self.styles.filled(cell.get("s"), ""))

    def _cell(self, number: int, column: int) -> Element:
        """The cell in a row and column, made if it is missing."""
        row = self.rows.get(number)
        if row is None:
            row = self.data.makeelement(self.name("row"), {"r": str(number)})
            later = [n for n in self.rows if n > number]
            if later:
                self.rows[min(later)].addprevious(row)
            else:
                self.data.append(row)
            self.rows[number] = row
        row.attrib.pop("spans", None)  # an optimisation of Excel that would be wrong now
        for cell in row.iterchildren(self.name("c")):
            position = _column_of(cell.get("r"))
            if position == column:
                return cell
            if position > column:
                new = self._new_cell(row, number, column)
                cell.addprevious(new)
                return new
        new = self._new_cell(row, number, column)
        cells = list(row.iterchildren(self.name("c")))
        if cells:
            cells[-1].addnext(new)
        else:
            row.insert(0, new)
        return new

    def _new_cell(self, row: Element, number: int, column: int) -> Element:
        style = row.get("s") if row.get("customFormat") in ("1", "true") else None
        attributes = {"r": f"{get_column_letter(column + 1)}{number}"} | ({"s": style} if style else {})
        return row.makeelement(self.name("c"), attributes)

    def _write(self, cell: Element, text: str, is_red: bool) -> None:
        for child in list(cell):
            cell.remove(child)
        cell.set("t", "inlineStr")
        if self.styles.root is not None:
            cell.set("s", self.styles.note(is_red))
        node = etree.SubElement(etree.SubElement(cell, self.name("is")), self.name("t"))
        node.text = text
        node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    def _widen(self, column: int) -> None:
        """Give the column of notes its width; a range of columns that covers it is split."""
        number = column + 1
        columns: Element = self.child("cols")
        if columns is None:
            columns = self.root.makeelement(self.name("cols"))
            self.data.addprevious(columns)
        after = None
        for entry in list(columns):
            first, last = int(entry.get("min", "0")), int(entry.get("max", "0"))
            if first <= number <= last:
                for low, high in ((number + 1, last), (first, number - 1)):
                    if low <= high:
                        part = copy.deepcopy(entry)
                        part.set("min", str(low))
                        part.set("max", str(high))
                        entry.addnext(part)
                after = entry.getnext() if first < number else entry.getprevious()
                columns.remove(entry)
                break
            if last < number:
                after = entry
        own = columns.makeelement(
            self.name("col"), {"min": str(number), "max": str(number), "width": str(NOTES_WIDTH), "customWidth": "1"}
        )
        if after is None:
            columns.insert(0, own)
        else:
            after.addnext(own)

    def _extend_dimension(self, column: int) -> None:
        dimension = self.child("dimension")
        if dimension is not None and self.rows:
            last = max(column, self.last_column)
            dimension.set("ref", f"A1:{get_column_letter(last + 1)}{max(self.rows)}")


def _column_of(reference: str) -> int:
    """The column of "AB12", from 0."""
    return int(column_index_from_string(reference.rstrip("0123456789"))) - 1
