"""Several sheets of one book as one table, and a sheet's name as the community of its rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from core.intake.findings import Finding, Level
from core.intake.parsing.text import header_key, key, short_header_key
from core.intake.reading.headers import HeaderedTable, SheetSource
from core.intake.reading.rows import ROW_LIMIT
from core.intake.reading.tables import Raw, RawRow
from core.intake.sheets import SheetSpec

__all__ = ["COMMUNITY", "column_code", "join"]

COMMUNITY = "community"
"""Code of the column with the community, in every sheet that has one."""
NAMES_A_COMMUNITY = re.compile(r".+(?:社区|村|居委会|村委会|小区)")
NAMES_NOTHING = re.compile(
    r"(?:sheet|工作表|表|页)?[-_]?\(?\d*\)?(?:\(\d+\))?|新建.*|其他|其它|全部|合计|续.*"
    r"|.*(?:表|台账|名单|汇总|明细|数据|模板|说明)(?:\(\d+\))?|.*\d+(?:年|月|日|季度|批|期).*"
)
SHEET_NAME = "工作表名"


def column_code(sheet: SheetSpec, header: str) -> str | None:
    """The column of ``sheet`` that a header names, with or without its unit in brackets."""
    return sheet.known.get(header_key(header)) or sheet.known.get(short_header_key(header))


def naming_communities(names: Sequence[str], communities: Collection[str]) -> list[str]:
    """The names of sheets that can be the communities of their rows.

    ``communities``: ``key`` of the stored names. A name counts if it is stored or looks like a community's; beside
    such a one any name that says something.
    """
    clear = [name for name in names if key(name) in communities or NAMES_A_COMMUNITY.fullmatch(name)]
    return [name for name in names if name in clear or (clear and not NAMES_NOTHING.fullmatch(key(name)))]


def join(tables: Sequence[HeaderedTable], sheet: SheetSpec, communities: Collection[str]) -> HeaderedTable:
    """One table of all rows: columns of one meaning under the first header for it, further columns behind.

    Of several tables the rows must be numbered one after another (``RowNumber``). Where a table has no column for the
    community and its name can be one, the name is its value in each row.
    """
    layout = _Layout(sheet)
    positions = [[layout.place(header) for header in layout.keys(table.headers)] for table in tables]
    nameless = [table.name for table in tables if COMMUNITY not in layout.codes(table.headers)]
    suitable = naming_communities([table.name for table in tables], communities)
    named = [name for name in nameless if name in suitable]
    findings = [finding for table in tables for finding in table.findings]
    at = None
    if named and COMMUNITY in sheet.by_code:
        label = sheet.by_code[COMMUNITY].header
        at = layout.place((COMMUNITY, f"{label}（{SHEET_NAME}）"))
        values = {"header": label, "sheets": "、".join(named)}
        findings.append(Finding("sheet_name_as_community", Level.NOTE, column=layout.headers[at], values=values))
    if len(tables) == 1 and at is None:
        return tables[0]
    width = len(layout.headers)
    rows: list[RawRow] = []
    for table, places in zip(tables, positions, strict=True):
        name = (at, table.name) if at is not None and table.name in named else None
        rows += [_placed(row, places, width, name) for row in table.rows]
    if len(rows) > ROW_LIMIT:
        findings.append(Finding("too_many_rows", Level.ERROR, values={"limit": f"{ROW_LIMIT:,}"}))
    return HeaderedTable(
        name="、".join(table.name for table in tables),
        headers=tuple(layout.headers),
        rows=tuple(rows),
        header_row=tables[0].header_row,
        findings=tuple(findings),
        sources=tuple(
            SheetSource(
                table.name,
                table.header_row,
                {layout.headers[place]: position for position, place in enumerate(places)},
            )
            for table, places in zip(tables, positions, strict=True)
        ),
        header_rows=frozenset().union(*(table.header_rows for table in tables)),
        spans={
            number: tuple(tuple(places[position] for position in span) for span in spans)
            for table, places in zip(tables, positions, strict=True)
            for number, spans in table.spans.items()
        },
        date_1904=tables[0].date_1904,
    )


class _Layout:
    """The columns of the joined table as they come."""

    def __init__(self, sheet: SheetSpec) -> None:
        self.sheet = sheet
        self.headers: list[str] = []
        self._places: dict[str, int] = {}

    def codes(self, headers: Sequence[str]) -> list[str | None]:
        """The column that each header names; of several headers for one column the first."""
        codes: list[str | None] = []
        for header in headers:
            code = column_code(self.sheet, header)
            codes.append(code if code not in codes else None)
        return codes

    def keys(self, headers: Sequence[str]) -> list[tuple[str, str]]:
        """(what headers of one column have in common, header) of each header."""
        return [
            (code if code is not None else f"={header_key(header)}", header)
            for code, header in zip(self.codes(headers), headers, strict=True)
        ]

    def place(self, entry: tuple[str, str]) -> int:
        """The position of a column in the joined table."""
        name, header = entry
        if name not in self._places:
            self._places[name] = len(self.headers)
            self.headers.append(header)
        return self._places[name]


def _placed(row: RawRow, places: Sequence[int], width: int, name: tuple[int, str] | None) -> RawRow:
    """A row with its cells where the joined table has them; what is beyond its own header stays beyond."""
    cells: list[Raw] = [None] * width
    for cell, place in zip(row.cells, places, strict=False):
        cells[place] = cell
    merged = [places[position] for position in row.merged if position < len(places)]
    if name is not None:
        cells[name[0]] = name[1]
        merged.append(name[0])
    return replace(row, cells=(*cells, *row.cells[len(places) :]), merged=tuple(merged))
