"""Rows below the header that are no data: totals, section titles, repeated headers, signatures, numbers without a row.

A row is data wherever it may be: one with an ID number or with values in two required columns is never set aside. The
only exceptions read as nothing else: a header again, the numbers of the columns, and a row whose one text is "合计"
among numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from core.intake.findings import Finding, Level
from core.intake.parsing.text import header_key, is_blank, normal, text_of
from core.intake.reading.headers import HeaderedTable, SkippedRow, SkipReason, row_key
from core.intake.reading.tables import Formula, Raw, RawRow, row_ranges, runs
from core.intake.sheets import SheetSpec

__all__ = ["set_aside"]

ID_NUMBER = re.compile(r"[1-9]\d{16}[\dXx]|[1-9]\d{14}", re.ASCII)
PHONE = re.compile(r"1\d{10}", re.ASCII)
TOTAL = re.compile(
    r"(?:[\u4e00-\u9fff\d()第]{0,12}?)(?:小计|合计|总计|共计|累计|总数|总人数)(?:人数|户数)?:?\(?(?:[\d.,]+)?(?:人|户|名|元|个|家|条|次|岗位)*\)?"
)
NUMBER = re.compile(r"[-+]?[\d.,]+%?(?:人|户|名|元|个|家|次|小时|天)?", re.ASCII)
SERIAL = re.compile(r"\(?(?:\d{1,5}|[一二三四五六七八九十百]{1,5})\)?[.、]?", re.ASCII)
SERIAL_HEADERS = frozenset({"序号", "编号", "序", "号", "no", "no.", "行号"})
FOOTER = re.compile(
    r"(?:(?:填表|填报|制表|审核|复核|经办|负责|联系|统计|登记|签字)人?|单位负责人|审核人员|填报(?:时间|日期|单位)|制表(?:时间|日期)|"
    r"填表(?:时间|日期|单位)|联系电话(?=:)|打印(?:时间|日期)|日期|单位盖章|盖章|公章|签字|签名|注|备注|说明|填表说明|温馨提示)"
    r"(?:\([^()]*\))?(?:[:;]|$)"
)
LABELLED = re.compile(rf"(?:{FOOTER.pattern})(?<=[:;])")
SIGNATURE = re.compile(r"(?:签字|签名|签章|盖章|公章)\)?:?_*$|^\(?(?:盖章|公章|签章)\)?$")
PAGE = re.compile(r"[-—]*\s*第?\d+页?[-—]*|第?\d+页[,,/]?(?:共\d+页)?", re.ASCII)
DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?", re.ASCII)
SECTION = re.compile(
    r"(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)|第[一二三四五六七八九十\d]+(?:网格|组|片|批|部分|村)).*"
    r"|.*(?:社区|村|街道|镇|乡|网格|居委会|村委会|小区|名单|台账|汇总表|一览表|登记表|情况表|统计表|花名册|人员)(?:\([^()]*\))?:?"
)
SIGNS = ("甲乙丙丁戊己庚辛壬癸", "abcdefghijklmnopqrstuvwxyz", "一二三四五六七八九十")
FOOTER_CELLS = 6
UNLABELLED = re.compile(r"\(\d+\)", re.ASCII)  # as headers.py names a column without a label


def set_aside(
    table: HeaderedTable, sheet: SheetSpec, mapping: Mapping[str, str | None], restored: Collection[int] = ()
) -> HeaderedTable:
    """``table`` with the rows that are no data under ``skipped``, and findings about rows that don't fit its header.

    ``mapping``: header → column code of ``sheet``. ``restored``: numbers of rows that a person wants as data.
    """
    rules = _Rules(table, sheet, mapping)
    rows: list[RawRow] = []
    skipped: list[SkippedRow] = []
    reason: SkipReason | None = SkipReason.HEADER
    for row in table.rows:
        reason = rules.reason(row, reason)
        if reason is None or row.number in restored:
            rows.append(row)
        else:
            skipped.append(SkippedRow(row, reason))
    findings = [*_beyond_header(table, rows), *_without_header(table, rows, mapping), *_merged_sideways(table, rows)]
    if not rows:
        code = "no_rows_left" if skipped else "no_rows"
        findings.append(Finding(code, Level.ERROR, values={"name": table.name, "count": len(skipped)}))
    return replace(table, rows=tuple(rows), skipped=tuple(skipped), findings=(*table.findings, *findings))


class _Rules:
    """The rules for one table under one mapping."""

    def __init__(self, table: HeaderedTable, sheet: SheetSpec, mapping: Mapping[str, str | None]) -> None:
        self.table = table
        required = {column.code for column in sheet.columns if column.required}
        codes = [mapping.get(header) for header in table.headers]
        self.required = [position for position, code in enumerate(codes) if code in required]
        self.stored = frozenset(
            position for position, code in enumerate(codes) if code is not None and sheet.by_code[code].is_stored
        )
        self.serials = frozenset(
            position for position, header in enumerate(table.headers) if header_key(header) in SERIAL_HEADERS
        )
        self.labels = tuple(header_key(header) for header in table.headers)
        self.first_words = {next((word for word in row if word), "") for row in table.header_rows} | {self.labels[0]}

    def reason(self, row: RawRow, before: SkipReason | None) -> SkipReason | None:
        """Why ``row`` is no data, or None. ``before``: the same of the row above, HEADER for the first."""
        own = [
            (position, cell)
            for position, cell in enumerate(row.cells)
            if cell is not None and cell != "" and position not in row.merged
        ]
        if not own:
            return SkipReason.NOTHING
        first = header_key(text_of(own[0][1]))
        if first in self.first_words and self._repeats_header(row):
            return SkipReason.HEADER
        if before is SkipReason.HEADER and _numbers_columns(own):
            return SkipReason.COLUMN_NUMBERS
        if any(_is_id_number(cell) for _, cell in own):
            return None
        if _is_total(own):
            return SkipReason.TOTAL
        if self._is_data(row, own):
            return None
        return self._reason_of_few(row, own, first, before)

    def _is_data(self, row: RawRow, own: Sequence[tuple[int, Raw]]) -> bool:
        """Two required values, of which "填表人：李明" is none, and not only from merged cells."""
        filled = [p for p in self.required if p < len(row.cells) and row.cells[p] not in (None, "")]
        if len(own) <= FOOTER_CELLS:
            filled = [p for p in filled if not LABELLED.match(header_key(text_of(row.cells[p])))]
        return len(filled) >= 2 and any(position in self.stored for position, _ in own)

    def _repeats_header(self, row: RawRow) -> bool:
        key = row_key(row.cells)
        return key in self.table.header_rows or (
            len([word for word in key if word]) > 1
            and all(not word or word == label for word, label in zip(key, self.labels, strict=False))
            and len(key) <= len(self.labels)
        )

    def _reason_of_few(
        self, row: RawRow, own: Sequence[tuple[int, Raw]], first: str, before: SkipReason | None
    ) -> SkipReason | None:
        """The reason for a row without ID number and with one required value at most."""
        words = [(position, header_key(text_of(cell))) for position, cell in own]
        if len(own) <= FOOTER_CELLS and (
            FOOTER.match(first)
            or any(SIGNATURE.search(word) for _, word in words)
            or all(PAGE.fullmatch(word) and "页" in word for _, word in words)
            or (before is SkipReason.FOOTER and len(own) == 1 and _is_day(own[0][1]))
        ):
            return SkipReason.FOOTER
        if len(own) == 1:
            position, word = words[0]
            if SERIAL.fullmatch(word) and (position in self.serials or position not in self.stored):
                return SkipReason.NUMBERED
            is_text = isinstance(own[0][1], str) and not NUMBER.fullmatch(word)
            is_across = any(columns[0] == position for columns in self.table.spans.get(row.number, ()))
            if is_text and (is_across or position not in self.stored or SECTION.fullmatch(word)):
                return SkipReason.SECTION
        if not any(position in self.stored for position, _ in own):
            return SkipReason.NOTHING
        return None


def _numbers_columns(own: Sequence[tuple[int, Raw]]) -> bool:
    """1, 2, 3 … across the sheet, or 甲, 乙 for the first columns and numbers for the rest, as in statistical forms."""
    words = [header_key(text_of(cell)).strip("()") for _, cell in own]
    if len(words) < 3:
        return False
    for signs in ("", *SIGNS):
        letters = next((n for n, word in enumerate(words) if n >= len(signs) or word != signs[n]), len(words))
        rest = words[letters:]
        if any(rest == [str(n) for n in range(start, start + len(rest))] for start in (1, letters + 1)):
            return True
    return False


def _is_id_number(cell: Raw) -> bool:
    """Whether a cell looks like an ID number, be it stored as a number."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return abs(cell) >= 1e14
    return isinstance(cell, str) and len(cell) >= 15 and ID_NUMBER.fullmatch(normal(cell).strip("=\"'")) is not None


def _is_total(own: Sequence[tuple[int, Raw]]) -> bool:
    """One text that says total, among numbers only; a phone number is no sum."""
    labels = 0
    for _, cell in own:
        if isinstance(cell, (Formula, int, float)):
            continue
        if isinstance(cell, (date, datetime)):
            return False
        word = header_key(text_of(cell))
        if TOTAL.fullmatch(word):
            labels += 1
        elif not (is_blank(word) or word.startswith("=") or (NUMBER.fullmatch(word) and not PHONE.fullmatch(word))):
            return False
    return labels >= 1


def _is_day(cell: Raw) -> bool:
    return isinstance(cell, (date, datetime)) or DAY.fullmatch(header_key(text_of(cell))) is not None


# -- rows that don't fit the header ---------------------------------------------------------------------


def _beyond_header(table: HeaderedTable, rows: Iterable[RawRow]) -> list[Finding]:
    """An error for each row with a value to the right of the last header."""
    width = len(table.headers)
    findings = []
    for row in rows:
        if len(row.cells) > width:
            extra = next((cell for cell in row.cells[width:] if cell not in (None, "")), None)
            if extra is not None:
                shown = extra.text if isinstance(extra, Formula) else text_of(extra)
                values = {"value": shown, "header": table.headers[-1]}
                findings.append(Finding("beyond_header", Level.ERROR, row.number, raw=shown, values=values))
    return findings


def _without_header(table: HeaderedTable, rows: Iterable[RawRow], mapping: Mapping[str, str | None]) -> list[Finding]:
    """A warning for each column without a header, and without a meaning given by a person, that holds values."""
    findings = []
    for position, header in enumerate(table.headers):
        if not UNLABELLED.fullmatch(header) or mapping.get(header) is not None:
            continue
        numbers = [row.number for row in rows if position < len(row.cells) and row.cells[position] not in (None, "")]
        if numbers:
            values = {"header": header, "rows": row_ranges(runs(numbers))}
            findings.append(Finding("no_header", Level.WARNING, column=header, values=values))
    return findings


def _merged_sideways(table: HeaderedTable, rows: Iterable[RawRow]) -> list[Finding]:
    """A warning for each value of a data row that stands in a cell merged over several columns."""
    if not table.spans:
        return []
    findings = []
    for row in rows:
        for columns in table.spans.get(row.number, ()):
            headers = [table.headers[column] for column in columns]
            if len(headers) > 1 and columns[0] < len(row.cells) and row.cells[columns[0]] not in (None, ""):
                values = {"headers": "、".join(headers), "first": headers[0]}
                raw = text_of(row.cells[columns[0]])
                findings.append(Finding("merged_sideways", Level.WARNING, row.number, headers[0], raw, values))
    return findings
