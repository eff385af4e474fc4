"""From raw cells to parsed lines: every mapped cell through its parser, places to WGS-84, checks between columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from core.geography.datum import to_wgs84
from core.geography.datum_detection import FEWEST, suspected_of_rows
from core.intake.findings import Finding, Level, Problem
from core.intake.parsing.base import Parsed, Parser, failed
from core.intake.parsing.text import CLEAR, clean, is_blank, normal, text_of
from core.intake.parsing.vocabulary import Vocabulary
from core.intake.reading.detection import Grid, Mapping_
from core.intake.reading.upload import Formula, Raw, Row
from core.intake.sheets.model import AtMost, Column, InOrder, Position, Rule, Sheet
from core.terms import Datum, Sex

__all__ = ["CLEARED", "Line", "headers_of", "read_lines"]

ERROR_VALUES = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
FAR_KM = 60.0
DEGREE_KM = 111.2
PROGRESS_EVERY = 500
EXAMPLE_CELLS = 3


class _Cleared:
    """The value of a cell that says 清空."""

    def __repr__(self) -> str:
        return "CLEARED"


CLEARED = _Cleared()
BLANK = Parsed(None)
CLEARING = Parsed(CLEARED)


@dataclass(slots=True)
class Line:
    """A row of the file: values by column code (blank cells are absent), and what becomes of it."""

    number: int
    values: dict[str, Any]
    raw: tuple[Raw, ...]
    failed: bool = False
    duplicate_of: int | None = None
    ids: dict[str, int] = field(default_factory=dict)
    """Entity → id of its row in the store; negative for one that the import will make."""
    created: bool = False
    changes: list[Any] = field(default_factory=list)
    touched: bool = False
    candidates: tuple[Any, ...] = ()
    undecided: bool = False

    @property
    def usable(self) -> bool:
        return not self.failed and self.duplicate_of is None


def headers_of(mapping: Mapping_) -> dict[str, str]:
    """Column code → header in the file."""
    return {code: header for header, code in mapping.items() if code is not None}


def read_lines(
    grid: Grid, sheet: Sheet, mapping: Mapping_, words: Vocabulary, datum: Datum, tell: Callable[[int], None]
) -> tuple[list[Line], list[Finding]]:
    """Parse all rows. ``tell`` is called with the number of rows done, now and then."""
    headers = headers_of(mapping)
    readers = [
        _Reader(position, header, sheet.by_code[code], sheet.parsers[code], sheet, words)
        for position, header in enumerate(grid.headers)
        if (code := mapping.get(header)) is not None and sheet.by_code[code].kept
    ]
    lines: list[Line] = []
    findings: list[Finding] = []
    for done, row in enumerate(grid.rows):
        if done % PROGRESS_EVERY == 0:
            tell(done)
        if _is_example(row, readers):
            findings.append(Finding("example_row", Level.NOTE, row.number))
            continue
        line = Line(row.number, {}, row.cells)
        width = len(row.cells)
        for reader in readers:
            raw = row.cells[reader.position] if reader.position < width else None
            value, problems = reader.read(raw)
            if value is not None:
                line.values[reader.code] = value
            for problem in problems:
                findings.append(_found(problem, line, reader.header, raw))
                line.failed |= problem.level is Level.ERROR
        lines.append(line)
    if sheet.position is not None:
        findings += _place(lines, sheet, headers, words, datum)
    for line in lines:
        findings += _compare(line, sheet.rules, headers)
        findings += _against_id(line, headers)
    return lines, findings


def _found(problem: Problem, line: Line, header: str, raw: Raw) -> Finding:
    shown = raw.text if isinstance(raw, Formula) else text_of(raw)
    return Finding(problem.code, problem.level, line.number, header, shown, problem.values, problem.suggestion)


def _is_example(row: Row, readers: Sequence[_Reader]) -> bool:
    """The row that a blank template shows, left standing above the data."""
    same = 0
    for reader in readers:
        text = text_of(row.cells[reader.position]).strip() if reader.position < len(row.cells) else ""
        if text and text != reader.example:
            return False
        same += bool(text)
    return same >= EXAMPLE_CELLS and same > len(readers) // 2


class _Reader:
    """One mapped column. Equal cells are parsed once."""

    def __init__(
        self, position: int, header: str, column: Column, parser: Parser, sheet: Sheet, words: Vocabulary
    ) -> None:
        self.position, self.header, self.code, self.example = position, header, column.code, column.example
        self.parser, self.words = parser, words
        self.clearable = not column.required and _nullable(sheet, column)
        self.cache: dict[Any, Parsed] = {}
        self.blank = failed("required", header=header) if column.required else BLANK

    def read(self, raw: Raw) -> Parsed:
        if raw is None:
            return self.blank
        known = self.cache.get((raw.__class__, raw))
        if known is None:
            known = self._read(raw)
            self.cache[(raw.__class__, raw)] = known
        return known

    def _read(self, raw: Raw) -> Parsed:
        if isinstance(raw, Formula):
            return failed("formula")
        value: object = raw
        if isinstance(raw, str):
            value = text = clean(raw) if self.parser.verbatim else normal(raw)
            if text.upper() in ERROR_VALUES:
                return failed("error_value", value=text)
            if text == CLEAR:
                return CLEARING if self.clearable else failed("cannot_clear", header=self.header)
            if is_blank(text) and not (self.parser.none_speaks and text):
                value = None
        if value is None:
            return self.blank
        return self.parser.read(value, self.words)


def _nullable(sheet: Sheet, column: Column) -> bool:
    """Whether 清空 has a meaning: for stored fields that may be empty, and for lists."""
    tables = {entity.name: entity.table.__table__ for entity in sheet.entities}
    if not column.targets:
        return any(entity.each == column.code for entity in sheet.entities)
    fields = [tables[t.entity].c.get(t.field) for t in column.targets]
    return all(c is None or c.nullable for c in fields)


# -- checks between columns -----------------------------------------------------------------------------


def _place(
    lines: list[Line], sheet: Sheet, headers: Mapping[str, str], words: Vocabulary, datum: Datum
) -> list[Finding]:
    """Convert positions to WGS-84 in place; complain about halves, exchanged and faraway ones."""
    assert sheet.position is not None
    east, north = sheet.position.lon, sheet.position.lat
    findings: list[Finding] = []
    whole: list[Line] = []
    for line in lines:
        lon, lat = line.values.get(east), line.values.get(north)
        numbers = isinstance(lon, float) and isinstance(lat, float)
        if numbers:
            whole.append(line)
        elif (isinstance(lon, float) or isinstance(lat, float)) and not line.failed:
            line.failed = True
            code = north if lat is None else east
            findings.append(Finding("half_position", Level.ERROR, line.number, headers.get(code)))
    if not whole:
        return findings
    findings += _doubt(whole, sheet.position, headers, words, datum)
    lons, lats = to_wgs84([ln.values[east] for ln in whole], [ln.values[north] for ln in whole], datum)
    for line, lon, lat in zip(whole, np.round(lons, 9).tolist(), np.round(lats, 9).tolist(), strict=True):
        problem = _misplaced(lon, lat, words.centre)
        if problem is not None:
            raw = f"{line.values[east]:g}, {line.values[north]:g}"
            findings.append(Finding(problem.code, problem.level, line.number, headers.get(east), raw, problem.values))
            line.failed |= problem.level is Level.ERROR
        line.values[east], line.values[north] = lon, lat
    return findings


def _doubt(
    lines: Sequence[Line], position: Position, headers: Mapping[str, str], words: Vocabulary, datum: Datum
) -> list[Finding]:
    """A remark if the rows fit the places that they name clearly better in another coordinate system."""
    anchor = np.full((len(lines), 2), np.nan)
    group = np.zeros(len(lines), dtype=np.int64)
    kind, column = position.known or ("", "")
    for at, line in enumerate(lines):
        stored = words.find(kind, line.values[column]) if column in line.values else None
        community = line.values.get(position.community)
        if stored is not None:
            anchor[at], group[at] = words.fact(kind, stored), -stored
        elif isinstance(community, int) or (community := _named_in(line, words)) is not None:
            anchor[at], group[at] = words.fact("community", community), community
    places = len(np.unique(group[~np.isnan(anchor).any(axis=1)]))
    if places < FEWEST:
        values = {"n": len(lines), "system": datum, "places": places}
        return [Finding("position_unchecked", Level.NOTE, None, headers.get(position.lon), values=values)]
    lon, lat = (np.array([line.values[code] for line in lines]) for code in (position.lon, position.lat))
    found = suspected_of_rows(lon, lat, datum, anchor, group)
    if found is None:
        return []
    rounded = {name: f"{round(getattr(found, name), -1):,.0f}" for name in ("now", "then")}
    values = {"system": found.datum, "metres": f"{round(found.shift, -2):,.0f}", "n": found.places, **rounded}
    return [Finding("position_system", Level.WARNING, None, headers.get(position.lon), values=values)]


def _named_in(line: Line, words: Vocabulary) -> int | None:
    """The one community whose name stands in the row's texts, an address for instance; None if none or several do."""
    texts = [value for value in line.values.values() if isinstance(value, str)]
    names = words.kinds["community"].labels.items()
    found = {int(number) for number, name in names if any(name in text for text in texts)}
    return found.pop() if len(found) == 1 else None


def _misplaced(lon: float, lat: float, centre: tuple[float, float] | None) -> Problem | None:
    if not (73 <= lon <= 136 and 3 <= lat <= 54):
        if 73 <= lat <= 136 and 3 <= lon <= 54:
            return Problem("position_swapped")
        return Problem("position_range", {"lon": f"{lon:g}", "lat": f"{lat:g}"})
    if centre is None:
        return None
    east = (lon - centre[0]) * DEGREE_KM * float(np.cos(np.radians(lat)))
    distance = float(np.hypot(east, (lat - centre[1]) * DEGREE_KM))
    return Problem("position_far", {"distance": f"{distance:,.0f}"}, Level.WARNING) if distance > FAR_KM else None


def _compare(line: Line, rules: tuple[Rule, ...], headers: Mapping[str, str]) -> list[Finding]:
    """Dates in order, parts not above the whole."""
    found = []
    for rule in rules:
        first, second = line.values.get(rule.first), line.values.get(rule.second)
        if first is None or second is None or first is CLEARED or second is CLEARED:
            continue
        names = headers.get(rule.first, rule.first), headers.get(rule.second, rule.second)
        if isinstance(rule, InOrder) and (second < first or (rule.strict and second == first)):
            values = {"earlier": names[0], "later": names[1], "early": str(first), "late": str(second)}
            found.append(Finding("order", Level.ERROR, line.number, names[1], str(second), values))
        if isinstance(rule, AtMost) and first > second:
            values = {"smaller": names[0], "larger": names[1], "small": text_of(first), "large": text_of(second)}
            found.append(Finding("at_most", Level.ERROR, line.number, names[0], text_of(first), values))
    line.failed |= bool(found)
    return found


def _against_id(line: Line, headers: Mapping[str, str]) -> list[Finding]:
    """Sex and birth as written against those in the ID number, which is followed."""
    card = line.values.get("id_number")
    if not isinstance(card, dict):
        return []
    found = []
    sex, birth = line.values.get("sex"), line.values.get("birth")
    if isinstance(sex, Sex) and sex is not card["sex"]:
        found.append(Finding("id_sex", Level.WARNING, line.number, headers["sex"], str(sex.zh)))
    if isinstance(birth, date) and (birth.year, birth.month) != (card["birth_date"].year, card["birth_date"].month):
        found.append(Finding("id_birth", Level.WARNING, line.number, headers["birth"], birth.isoformat()))
    return found
