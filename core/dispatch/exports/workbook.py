"""The workbook of a frozen week: a sheet a view, and the figures of the slides with the same numbers.

    make_workbook(content, stamp, tr, slides)

Figures by unit are released (``release_units``): counts of few people are hidden, also from subtraction. Slides come as
they are shown; whoever makes them hides what is too small.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from core.dispatch.exports.figure_facts import value_text
from core.dispatch.exports.fixed_zip import fixed_zip
from core.dispatch.exports.release import release_units
from core.dispatch.exports.style import DOCUMENT_FONT
from core.dispatch.frozen_week import UnitType, fact_table
from core.dispatch.slide_model import BarFigure, LineFigure, MapFigure, Slide, Stamp, TableFigure
from core.dispatch.slides import HIDDEN
from core.indicators.registry import INDICATORS
from core.intake.export import as_cell, sheet_title
from core.locale import N_, Translator
from core.locale.width import columns
from core.terms import Light

__all__ = ["VIEWS", "SheetTable", "View", "make_workbook"]

A4, A3 = 9, 8  # paper sizes of the format
A4_COLUMNS = 110  # widths that fit on A4 landscape in readable type; wider sheets print on A3
NARROWEST, WIDEST = 8, 60
HEAD = PatternFill("solid", fgColor="E8ECEF")
RULE = Border(bottom=Side("thin", color="D9DEE2"))


@dataclass(frozen=True, eq=False)
class SheetTable:
    """What a sheet shows. ``formats``: column → number format of each of its rows. ``note``: a line above the table."""

    frame: pd.DataFrame
    formats: Mapping[str, Sequence[str]] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class View:
    """A sheet of the workbook: its title and what makes its table of the frozen content."""

    title: str
    table: Callable[[Mapping[str, Any], Translator], SheetTable]


def make_workbook(
    content: Mapping[str, Any],
    stamp: Stamp,
    tr: Translator,
    slides: Sequence[Slide] = (),
    views: Sequence[View] | None = None,
    *,
    slides_note: str = "",
) -> bytes:
    """An XLSX with a sheet for each of ``views`` (default ``VIEWS``) and one for the figures of ``slides``, above it
    ``slides_note``.

    The line of the stamp is on every sheet; the bytes depend on the arguments alone.
    """
    book = Workbook(write_only=True)
    about = book.properties
    about.title, about.creator = tr("Weekly dispatch {week}", week=stamp.iso_week), stamp.office
    about.description, about.identifier = stamp.line(tr), stamp.seal
    for view in VIEWS if views is None else views:
        _write(book, tr(view.title), view.table(content, tr), stamp, tr)
    if slides:
        _write(book, tr("Slides"), replace(slide_figures(slides, tr), note=slides_note), stamp, tr)
    out = io.BytesIO()
    book.save(out)
    return fixed_zip(out.getvalue(), stamp.as_of)


# -- views -----------------------------------------------------------------------------------------


def district_indicators(content: Mapping[str, Any], tr: Translator) -> SheetTable:
    """Every indicator of the district with target and light."""
    facts = fact_table(content)
    rows = facts[facts["unit_type"] == UnitType.DISTRICT.value]
    frame = _counts(rows, tr)
    frame[tr("Target")] = rows["target"].to_list()
    lights = [Light.of(code) if isinstance(code, str) else None for code in rows["light"]]
    frame[tr("Light")] = ["" if light is None else f"{light.shape} {tr.term(light)}" for light in lights]
    return SheetTable(frame, _formats(rows, tr, tr("Value"), tr("Target")))


def units(unit_type: UnitType, heading: str) -> Callable[[Mapping[str, Any], Translator], SheetTable]:
    """The view of one kind of unit, released; ``heading`` is the head of the column of names."""

    def table(content: Mapping[str, Any], tr: Translator) -> SheetTable:
        released = release_units(content, unit_type)
        names = content["names"][unit_type.value]
        rows = released.table
        frame = _counts(rows, tr)
        frame.insert(0, tr(heading), [tr.name(names.get(str(unit), str(unit))) for unit in rows["unit"]])
        for column in (tr("Numerator"), tr("Denominator")):
            frame[column] = frame[column].astype(object).where(frame[column].notna(), HIDDEN)
        is_hidden = (rows["numerator"].isna() | rows["denominator"].isna()).to_numpy()
        frame[tr("Value")] = frame[tr("Value")].astype(object).mask(is_hidden, HIDDEN)
        note = tr("* = hidden. {certificate}", certificate=released.certificate(tr))
        return SheetTable(frame, _formats(rows, tr, tr("Value")), note)

    return table


def slide_figures(slides: Sequence[Slide], tr: Translator) -> SheetTable:
    """Every number of every figure, in the order of the slides: the value and the text that the slide shows."""
    rows = [(page, slide.title, *row) for page, slide in enumerate(slides, 1) for row in _slide_rows(slide, tr)]
    heads = (tr("Slide"), tr("Finding"), tr("Data series"), tr("Category"), tr("Value"), tr("As shown"), "format")
    frame = pd.DataFrame(rows, columns=list(heads)).astype({tr("Value"): object})
    formats = frame.pop("format").to_list()
    return SheetTable(frame, {tr("Value"): formats})


VIEWS = (
    View(N_("Indicators"), district_indicators),
    View(N_("By community"), units(UnitType.COMMUNITY, N_("Community"))),
    View(N_("By employer"), units(UnitType.EMPLOYER, N_("Employer"))),
    View(N_("By workshop"), units(UnitType.WORKSHOP, N_("Workshop"))),
)


def _counts(rows: pd.DataFrame, tr: Translator) -> pd.DataFrame:
    """Name of the indicator, numerator, denominator and value."""
    names = {code: tr(indicator.name) for code, indicator in INDICATORS.items()}
    return pd.DataFrame(
        {
            tr("Indicator"): [names.get(code, code) for code in rows["indicator"]],
            tr("Numerator"): rows["numerator"].to_list(),
            tr("Denominator"): rows["denominator"].to_list(),
            tr("Value"): rows["value"].to_list(),
        }
    )


def _formats(rows: pd.DataFrame, tr: Translator, *ratios: str) -> dict[str, list[str]]:
    """Whole numbers for counts; a share or a number with two digits for each of ``ratios``."""
    per_person = {code for code, indicator in INDICATORS.items() if indicator.per_person}
    values = ["0.00" if code in per_person else "0.0%" for code in rows["indicator"]]
    whole = ["#,##0"] * len(rows)
    return {tr("Numerator"): whole, tr("Denominator"): whole} | dict.fromkeys(ratios, values)


def _slide_rows(slide: Slide, tr: Translator) -> Iterable[tuple[str, Any, Any, str, str]]:
    """(series, category, value, text, number format) of one slide: its big numbers, then its figure."""
    for number in slide.numbers:
        yield number.label, number.note, None, number.text, "@"
    figure = slide.figure
    if isinstance(figure, BarFigure | LineFigure):
        digits = "." + "0" * figure.digits if figure.digits else ""
        pattern = f"0{digits}%" if figure.is_share else f"#,##0{digits}"
        along: Sequence[Any] = figure.categories if isinstance(figure, BarFigure) else figure.days
        for series in figure.series:
            for category, value in zip(along, series.values, strict=True):
                if value is not None:
                    yield series.name, category, value, value_text(figure, value, tr), pattern
    elif isinstance(figure, TableFigure):
        for row in figure.rows:
            for column, cell in zip(figure.columns[1:], row.cells[1:], strict=True):
                yield column.name, row.cells[0], None, cell, "@"
    elif isinstance(figure, MapFigure):
        for region in figure.regions:
            yield figure.unit, region.name, None, region.text, "@"


# -- sheets ----------------------------------------------------------------------------------------


def _write(book: Workbook, title: str, table: SheetTable, stamp: Stamp, tr: Translator) -> None:
    """A sheet: title, stamp, note, then the table with a head that stays on the screen and on every printed page."""
    sheet = book.create_sheet(sheet_title(title))
    frame, note = table.frame, table.note
    above = [title, f"{stamp.district} · {stamp.office} · {stamp.line(tr)}", *([note] if note else [])]
    if stamp.is_demo:
        above[0] = f"{title} · {tr('Demonstration data')}"
    head = len(above) + 2
    last = get_column_letter(max(len(frame.columns), 1))
    sheet.freeze_panes = f"A{head + 1}"
    widths = [_width(str(name), frame.iloc[:, nth]) for nth, name in enumerate(frame.columns)]
    for nth, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(nth)].width = width
    sheet.auto_filter.ref = f"A{head}:{last}{head + len(frame)}"
    _print_setup(sheet, head, A4 if sum(widths) <= A4_COLUMNS else A3, stamp, tr)
    for nth, text in enumerate(above):
        cell = as_cell(sheet, text)
        cell.font = Font(name=DOCUMENT_FONT, size=14 if nth == 0 else 10, bold=nth == 0)
        sheet.append([cell])
    sheet.append([])
    heads = [as_cell(sheet, str(name)) for name in frame.columns]
    for cell, name in zip(heads, frame.columns, strict=True):
        cell.font, cell.fill = Font(name=DOCUMENT_FONT, size=11, bold=True), HEAD
        is_number = str(name) in table.formats
        cell.alignment = Alignment(
            wrap_text=True, vertical="center", horizontal="right" if is_number else "left", indent=int(not is_number)
        )
    sheet.append(heads)
    formats = [table.formats.get(str(name)) for name in frame.columns]
    body = Font(name=DOCUMENT_FONT, size=11)
    for nth, row in enumerate(frame.itertuples(index=False)):
        cells = []
        for value, pattern in zip(row, formats, strict=True):
            plain = _plain(value)
            cell = as_cell(sheet, plain)
            cell.font, cell.border = body, RULE
            if isinstance(plain, int | float) and pattern is not None:
                cell.number_format = pattern[nth]
            is_text = isinstance(plain, str) and pattern is None
            cell.alignment = Alignment(
                vertical="top", wrap_text=is_text, horizontal="left" if is_text else "right", indent=int(is_text)
            )
            cells.append(cell)
        sheet.append(cells)


def _print_setup(sheet: Any, head: int, paper: int, stamp: Stamp, tr: Translator) -> None:
    """Landscape, as wide as the paper, the head on every page, the stamp and the number of the page at the foot."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", paper
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head}:{head}"
    sheet.oddFooter.left.text = stamp.line(tr).replace("&", "&&")
    sheet.oddFooter.right.text = "&P / &N"
    for side in ("left", "right"):
        setattr(sheet.page_margins, side, 0.5)


def _plain(value: Any) -> Any:
    """A value as openpyxl knows it; missing is empty."""
    if value is None or (isinstance(value, float) and value != value) or value is pd.NaT:
        return None
    value = value.item() if hasattr(value, "item") else value
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _width(name: str, values: pd.Series) -> float:
    """Width of a column in letters, by its head and its first two hundred cells."""
    longest = max(
        (columns(f"{value:.2f}" if isinstance(value, float) else str(value)) for value in values.head(200)), default=0
    )
    return min(WIDEST, max(NARROWEST, columns(name) + 4, longest + 2))
