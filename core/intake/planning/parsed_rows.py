"""From raw cells to parsed rows: every mapped cell through its parser, places to WGS-84, checks between columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from core.geography.datum import to_wgs84
from core.geography.datum_detection import FEWEST, suspected_of_rows
from core.intake.findings import Finding, Level, Problem
from core.intake.parsing.base import Parsed, Parser, Text, failed
from core.intake.parsing.dates import EPOCH_1904, DayParser
from core.intake.parsing.text import CLEAR, clean, is_blank, key, normal, text_of
from core.intake.parsing.vocabulary import Vocabulary
from core.intake.reading.detection import ColumnMapping
from core.intake.reading.headers import HeaderedTable
from core.intake.reading.tables import Formula, Raw, RawRow
from core.intake.sheets.model import Column, InOrder, OfEmployer, Position, SheetSpec
from core.terms import Datum, Sex

__all__ = ["CLEARED", "ParsedRow", "headers_by_code", "parse_rows"]

ERROR_VALUES = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
DEGREE_KM = 111.2
PROGRESS_EVERY = 500  # rows
EXAMPLE_CELLS = 3
DITTO = frozenset({"同上", "同前", "〃", '"', "″", "''", "“", "”", "々"})
NAMES = frozenset({"name"})
"""Columns with a name of one person or thing, which a row never shares with the one above."""


class _Cleared:
    """The value of a cell that says 清空."""

    def __repr__(self) -> str:
        return "CLEARED"


CLEARED = _Cleared()
BLANK = Parsed(None)
CLEARING = Parsed(CLEARED)


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row of the file: its values by column code, without blank cells."""

    number: int
    values: Mapping[str, Any]
    has_error: bool = False
    """A cell could not be read, or two contradict each other."""


def headers_by_code(mapping: ColumnMapping) -> dict[str, str]:
    """Column code → header in the file."""
    return {code: header for header, code in mapping.items() if code is not None}


def parse_rows(
    table: HeaderedTable,
    sheet: SheetSpec,
    mapping: ColumnMapping,
    words: Vocabulary,
    datum: Datum,
    on_progress: Callable[[int], None],
    far_km: float | None = None,
) -> tuple[list[ParsedRow], list[Finding]]:
    """Every row but an example left over from the template, and what is wrong with them.

    ``datum`` is the coordinate system of the positions. ``on_progress`` is called with the number of rows done.
    ``far_km``: positions further from the middle of the communities are asked about.
    """
    headers = headers_by_code(mapping)
    readers = [
        _ColumnReader(position, header, sheet.by_code[code], _dated(sheet.parsers[code], table), sheet, words)
        for position, header in enumerate(table.headers)
        if (code := mapping.get(header)) is not None and sheet.by_code[code].is_stored
    ]
    rows: list[ParsedRow] = []
    findings: list[Finding] = []
    for done, raw_row in enumerate(table.rows):
        if done % PROGRESS_EVERY == 0:
            on_progress(done)
        if _is_example(raw_row, readers):
            findings.append(Finding("example_row", Level.NOTE, raw_row.number))
        else:
            row, problems = _parse_row(raw_row, readers)
            rows.append(row)
            findings += problems
    if sheet.position is not None:
        rows, problems = _convert_positions(rows, sheet.position, headers, words, datum, far_km)
        findings += problems
    for row in rows:
        findings += _check_rules(row, sheet.rules, headers, words)
        findings += _check_against_id_number(row, headers)
    wrong = {finding.row for finding in (*table.findings, *findings) if finding.level is Level.ERROR}
    return [replace(row, has_error=True) if row.number in wrong else row for row in rows], findings


def _dated(parser: Parser, table: HeaderedTable) -> Parser:
    """The parser for a book whose days count from 1904, if it is one of days."""
    return replace(parser, epoch=EPOCH_1904) if table.date_1904 and isinstance(parser, DayParser) else parser


def _parse_row(raw_row: RawRow, readers: Sequence[_ColumnReader]) -> tuple[ParsedRow, list[Finding]]:
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for reader in readers:
        raw = raw_row.cells[reader.position] if reader.position < len(raw_row.cells) else None
        value, problems = reader.read(raw)
        if value is not None:
            values[reader.code] = value
        if problems:
            shown = raw.text if isinstance(raw, Formula) else text_of(raw)
            findings += [
                Finding(p.code, p.level, raw_row.number, reader.header, shown, p.values, p.suggestion) for p in problems
            ]
    has_error = any(finding.level is Level.ERROR for finding in findings)
    return ParsedRow(raw_row.number, values, has_error), findings


def _is_example(row: RawRow, readers: Sequence[_ColumnReader]) -> bool:
    """The row that a blank template shows, left above the data."""
    same = 0
    for reader in readers:
        text = text_of(row.cells[reader.position]).strip() if reader.position < len(row.cells) else ""
        if text and text != reader.example:
            return False
        same += bool(text)
    return same >= EXAMPLE_CELLS and same > len(readers) // 2


class _ColumnReader:
    """One mapped column. Equal cells are parsed once."""

    def __init__(
        self, position: int, header: str, column: Column, parser: Parser, sheet: SheetSpec, words: Vocabulary
    ) -> None:
        self.position, self.header, self.code, self.example = position, header, column.code, column.example
        self.parser, self.words = parser, words
        self.clearable = not column.required and _is_clearable(sheet, column)
        self.cache: dict[Any, Parsed] = {}
        self.blank = failed("required", header=header) if column.required else BLANK
        self.may_repeat = not (
            parser.names_one_thing or column.code in NAMES or (isinstance(parser, Text) and parser.code)
        )
        self.above: Raw = None

    def read(self, raw: Raw) -> Parsed:
        """The value of a cell with its problems; a blank one is None, or a problem in a required column."""
        if raw is None:
            self.above = None
            return self.blank
        if isinstance(raw, str) and raw.strip() in DITTO:
            return self._repeat()
        self.above = raw
        known = self.cache.get((raw.__class__, raw))
        if known is None:
            known = self._read(raw)
            self.cache[(raw.__class__, raw)] = known
        return known

    def _cleaned(self, raw: str) -> str:
        if self.parser.verbatim:
            return clean(raw)
        return "\n".join(filter(None, map(normal, raw.splitlines()))) if self.parser.is_list else normal(raw)

    def _repeat(self) -> Parsed:
        """同上: the value of the row above, with a remark, where two rows may share one."""
        if not self.may_repeat:
            return failed("ditto_not_here", header=self.header)
        if self.above is None:
            return failed("ditto_nothing_above", header=self.header)
        value, problems = self.read(self.above)
        remark = Problem("ditto", {"value": text_of(self.above)}, Level.NOTE)
        return Parsed(value, (remark, *problems))

    def _read(self, raw: Raw) -> Parsed:
        if isinstance(raw, Formula):
            return failed("formula")
        value: object = raw
        if isinstance(raw, str):
            value = text = self._cleaned(raw)
            if text.upper() in ERROR_VALUES:
                return failed("error_value", value=text)
            if text == CLEAR:
                return CLEARING if self.clearable else failed("cannot_clear", header=self.header)
            if is_blank(text) and not (self.parser.none_speaks and text):
                value = None
        if value is None:
            return self.blank
        return self.parser.read(value, self.words)


def _is_clearable(sheet: SheetSpec, column: Column) -> bool:
    """Whether 清空 has a meaning: for stored fields that may be empty, and for lists."""
    tables = {entity.name: entity.table.__table__ for entity in sheet.entities}
    if not column.targets:
        return any(entity.each == column.code for entity in sheet.entities)
    fields = [tables[t.entity].c.get(t.field) for t in column.targets]
    return all(c is None or c.nullable for c in fields)


# -- checks between columns -----------------------------------------------------------------------------


def _convert_positions(
    rows: Sequence[ParsedRow],
    position: Position,
    headers: Mapping[str, str],
    words: Vocabulary,
    datum: Datum,
    far_km: float | None,
) -> tuple[list[ParsedRow], list[Finding]]:
    """The rows with their positions in WGS-84; findings on incomplete, exchanged and faraway ones."""
    lon_code, lat_code = position.lon, position.lat
    findings: list[Finding] = []
    positioned: list[ParsedRow] = []
    for row in rows:
        has_lon, has_lat = (isinstance(row.values.get(code), float) for code in (lon_code, lat_code))
        if has_lon and has_lat:
            positioned.append(row)
        elif (has_lon or has_lat) and not row.has_error:
            missing = lat_code if lat_code not in row.values else lon_code
            findings.append(Finding("half_position", Level.ERROR, row.number, headers.get(missing)))
    if not positioned:
        return list(rows), findings
    findings += _check_datum(positioned, position, headers, words, datum)
    given = np.array([(row.values[lon_code], row.values[lat_code]) for row in positioned])
    lons, lats = (np.round(values, 9).tolist() for values in to_wgs84(given[:, 0], given[:, 1], datum))
    converted: dict[int, ParsedRow] = {}
    for row, lon, lat in zip(positioned, lons, lats, strict=True):
        problem = _check_place(lon, lat, words.centre, far_km)
        if problem is not None:
            raw = f"{row.values[lon_code]:g}, {row.values[lat_code]:g}"
            header = headers.get(lon_code)
            findings.append(Finding(problem.code, problem.level, row.number, header, raw, problem.values))
        converted[row.number] = replace(row, values={**row.values, lon_code: lon, lat_code: lat})
    return [converted.get(row.number, row) for row in rows], findings


def _check_datum(
    rows: Sequence[ParsedRow], position: Position, headers: Mapping[str, str], words: Vocabulary, datum: Datum
) -> list[Finding]:
    """A warning if the rows fit the places that they name clearly better in another coordinate system, or a note that
    they name too few places to tell."""
    anchor = np.full((len(rows), 2), np.nan)
    group = np.zeros(len(rows), dtype=np.int64)
    kind, column = position.known or ("", "")
    for index, row in enumerate(rows):
        stored = words.find(kind, row.values[column]) if column in row.values else None
        community = row.values.get(position.community)
        if stored is not None:
            anchor[index], group[index] = words.fact(kind, stored), -stored
        elif isinstance(community, int) or (community := _community_in_texts(row, words)) is not None:
            anchor[index], group[index] = words.fact("community", community), community
    places = len(np.unique(group[~np.isnan(anchor).any(axis=1)]))
    if places < FEWEST:
        values = {"n": len(rows), "system": datum, "places": places}
        return [Finding("position_unchecked", Level.NOTE, None, headers.get(position.lon), values=values)]
    lon, lat = (np.array([row.values[code] for row in rows]) for code in (position.lon, position.lat))
    suspicion = suspected_of_rows(lon, lat, datum, anchor, group)
    if suspicion is None:
        return []
    rounded = {name: f"{round(getattr(suspicion, name), -1):,.0f}" for name in ("now", "then")}
    values = {
        "system": suspicion.datum,
        "metres": f"{round(suspicion.shift, -2):,.0f}",
        "n": suspicion.places,
        **rounded,
    }
    return [Finding("position_system", Level.WARNING, None, headers.get(position.lon), values=values)]


def _community_in_texts(row: ParsedRow, words: Vocabulary) -> int | None:
    """The one community whose name is part of the row's texts, an address for instance; None if none or several are."""
    texts = [value for value in row.values.values() if isinstance(value, str)]
    names = words.kinds["community"].labels.items()
    communities = {int(number) for number, name in names if any(name in text for text in texts)}
    return communities.pop() if len(communities) == 1 else None


def _check_place(lon: float, lat: float, centre: tuple[float, float] | None, far_km: float | None) -> Problem | None:
    """What is wrong with a position (WGS-84): outside China, exchanged, or over ``far_km`` from ``centre`` (lon, lat)."""
    if not (73 <= lon <= 136 and 3 <= lat <= 54):
        if 73 <= lat <= 136 and 3 <= lon <= 54:
            return Problem("position_swapped")
        return Problem("position_range", {"lon": f"{lon:g}", "lat": f"{lat:g}"})
    if centre is None or far_km is None:
        return None
    east = (lon - centre[0]) * DEGREE_KM * float(np.cos(np.radians(lat)))
    distance = float(np.hypot(east, (lat - centre[1]) * DEGREE_KM))
    return Problem("position_far", {"distance": f"{distance:,.0f}"}, Level.WARNING) if distance > far_km else None


def _check_rules(
    row: ParsedRow, rules: tuple[InOrder | OfEmployer, ...], headers: Mapping[str, str], words: Vocabulary
) -> list[Finding]:
    """Days of different tables in order; openings of the employer that is named."""
    findings = []
    for rule in rules:
        if isinstance(rule, OfEmployer):
            opening, employer = row.values.get(rule.opening), row.values.get(rule.employer)
            owner = words.fact("opening", opening)
            if owner is not None and isinstance(employer, str) and key(employer) != key(owner):
                values = {"opening": words.label("opening", opening), "employer": owner}
                findings.append(
                    Finding("other_employer", Level.ERROR, row.number, headers[rule.opening], values=values)
                )
            continue
        first, second = row.values.get(rule.first), row.values.get(rule.second)
        if isinstance(first, date) and isinstance(second, date) and second < first:
            names = headers.get(rule.first, rule.first), headers.get(rule.second, rule.second)
            values = {"earlier": names[0], "later": names[1], "early": str(first), "late": str(second)}
            findings.append(Finding("order", Level.ERROR, row.number, names[1], str(second), values))
    return findings


def _check_against_id_number(row: ParsedRow, headers: Mapping[str, str]) -> list[Finding]:
    """Sex and birth as written against those in the ID number, which is followed."""
    card = row.values.get("id_number")
    if not isinstance(card, dict):
        return []
    findings = []
    sex, birth = row.values.get("sex"), row.values.get("birth")
    if isinstance(sex, Sex) and sex is not card["sex"]:
        findings.append(Finding("id_sex", Level.WARNING, row.number, headers["sex"], str(sex.zh)))
    if isinstance(birth, date) and (birth.year, birth.month) != (card["birth_date"].year, card["birth_date"].month):
        findings.append(Finding("id_birth", Level.WARNING, row.number, headers["birth"], birth.isoformat()))
    return findings
