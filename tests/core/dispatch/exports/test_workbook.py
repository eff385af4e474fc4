"""The workbook: the frozen numbers, the same as on the slides; small counts cannot be computed from it."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import numpy as np
import openpyxl
import pytest
from scipy.optimize import linprog

from core.dispatch.exports.figure_facts import value_text
from core.dispatch.exports.release import release_units
from core.dispatch.exports.workbook import HIDDEN, make_workbook
from core.dispatch.frozen_week import UnitType, fact_table, frozen_content, min_count_outside
from core.dispatch.slide_model import BarFigure, LineFigure
from core.indicators.facts import load
from core.indicators.registry import measure_all
from core.locale import translator
from core.store import settings
from core.store.database import Database
from tests.core.dispatch.exports.factories import STAMP, content, slides

TR = translator("en")


@pytest.fixture(scope="module")
def sample_content(sample_db: Database) -> dict[str, Any]:
    with sample_db.read() as connection:
        facts, parameters = load(connection), settings.parameters(connection)
    sunday = date(2025, 12, 28)
    return frozen_content(facts, measure_all(facts, sunday), parameters, sunday)


def sheets(of: dict[str, Any], lang: str = "en") -> Any:
    return openpyxl.load_workbook(io.BytesIO(make_workbook(of, STAMP, translator(lang), slides(lang))))


def table(sheet: Any) -> list[dict[str, Any]]:
    """Rows below the head, which is the last row that stays when the sheet is scrolled."""
    head = sheet[sheet.freeze_panes].row - 1
    rows = list(sheet.iter_rows(min_row=head, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_sheet_has_stamp_head_widths_and_print_setup(lang: str) -> None:
    for sheet in sheets(content(), lang):
        assert STAMP.line(translator(lang)) in sheet["A2"].value
        assert translator(lang)("Demonstration data") in sheet["A1"].value
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize in ("8", "9", 8, 9)
        assert sheet.print_title_rows
        assert sheet.column_dimensions["A"].width >= 8


def test_the_district_is_shown_as_frozen() -> None:
    rows = table(sheets(content())["Indicators"])

    facts = fact_table(content())
    district = facts[facts["unit_type"] == "district"]
    assert [row["Numerator"] for row in rows] == list(district["numerator"])
    assert [row["Value"] for row in rows] == list(district["value"])
    assert rows[0]["Light"] == "■ behind"


def test_names_cannot_act_as_formulas() -> None:
    for sheet in sheets(content()):
        assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    for lang, name in (("zh_CN", "=荷风"), ("en", "= Hefeng =荷风")):
        tr = translator(lang)
        assert name in {row[tr("Community")] for row in table(sheets(content(), lang)[tr("By community")])}


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_a_figure_is_the_same_number_on_slide_and_sheet(lang: str) -> None:
    tr = translator(lang)
    rows = table(sheets(content(), lang)[tr("Slides")])
    shown = {(row[tr("Slide")], row[tr("Data series")], row[tr("As shown")]) for row in rows}
    for page, slide in enumerate(slides(lang), 1):
        assert {(page, number.label, number.text) for number in slide.numbers} <= shown
        if isinstance(slide.figure, BarFigure | LineFigure):
            for series in slide.figure.series:
                values = [
                    row[tr("Value")]
                    for row in rows
                    if row[tr("Slide")] == page and row[tr("Data series")] == series.name
                ]
                exact = [value for value in series.values if value is not None]
                assert values[-len(exact) :] == pytest.approx(exact)
                assert {(page, series.name, value_text(slide.figure, value, tr)) for value in exact} <= shown


def provable_width(rows: list[dict[str, Any]], totals: tuple[int, int], unit: int, which: str) -> float:
    """Width of what a reader can prove of a hidden count: the cells are counted and not counted people of each unit."""
    n = len(rows)
    equations, values = [], []

    def publish(weights: dict[int, float], value: float) -> None:
        row = np.zeros(2 * n)
        for cell, weight in weights.items():
            row[cell] = weight
        equations.append(row)
        values.append(value)

    for nth, row in enumerate(rows):
        if row["Numerator"] != HIDDEN:
            publish({2 * nth: 1}, row["Numerator"])
        if row["Denominator"] != HIDDEN:
            publish({2 * nth: 1, 2 * nth + 1: 1}, row["Denominator"])
    publish({2 * nth: 1 for nth in range(n)}, totals[0])
    publish(dict.fromkeys(range(2 * n), 1), totals[1])
    target = np.zeros(2 * n)
    cells = {"Numerator": (2 * unit,), "complement": (2 * unit + 1,), "Denominator": (2 * unit, 2 * unit + 1)}[which]
    target[list(cells)] = 1
    ends = [linprog(sign * target, A_eq=np.array(equations), b_eq=values, method="highs") for sign in (1, -1)]
    if ends[1].status == 3:
        return np.inf
    return float(-ends[1].fun - ends[0].fun)


@pytest.mark.slow
def test_small_counts_of_communities_cannot_be_proved_from_the_workbook(sample_content: dict[str, Any]) -> None:
    """By linear programming, from the cells of the workbook alone."""
    facts = fact_table(sample_content)
    names, least = sample_content["names"]["community_id"], min_count_outside(sample_content)
    published = table(sheets(sample_content)["By community"])
    protected = 0
    for code, exact in facts[facts["unit_type"] == "community_id"].groupby("indicator", sort=False):
        [whole] = facts[(facts["unit_type"] == "district") & (facts["indicator"] == code)].itertuples()
        name = next(
            row["Indicator"]
            for row in published[facts[facts["unit_type"] == "community_id"].index.get_loc(exact.index[0]) :]
        )
        rows = [row for row in published if row["Indicator"] == name]
        assert [row["Community"] for row in rows] == [TR.name(names[str(unit)]) for unit in exact["unit"]]
        assert whole.denominator >= exact["denominator"].sum()
        if (exact["numerator"] > exact["denominator"]).any() or whole.denominator > exact["denominator"].sum():
            continue  # not a share of people by unit
        for unit, (row, count) in enumerate(zip(rows, exact.itertuples(), strict=True)):
            small = {
                "Numerator": count.numerator,
                "Denominator": count.denominator,
                "complement": count.denominator - count.numerator,
            }
            for which, number in small.items():
                if 0 < number < least:
                    assert row.get(which, HIDDEN) == HIDDEN
                    assert row["Value"] == HIDDEN
                    assert provable_width(rows, (whole.numerator, whole.denominator), unit, which) >= least - 1e-6
                    protected += 1
    assert protected > 20


def test_what_is_hidden_is_certified_and_totals_stay() -> None:
    book = sheets(content())
    rows = table(book["By community"])

    assert rows[0]["Numerator"] == HIDDEN  # 3 of 20
    assert rows[4]["Value"] == HIDDEN  # 25 of 27: two are not counted
    assert sum(row["Numerator"] == HIDDEN for row in rows[:5]) >= 3
    assert all(row["Numerator"] != HIDDEN for row in rows[5:])
    assert "can narrow no hidden count down to fewer than 21 values" in book["By community"]["A3"].value
    assert all(isinstance(row["Numerator"], int) for row in table(book["Indicators"]))


def test_the_least_count_is_that_of_the_frozen_week() -> None:
    strict = content() | {"small_count_outside": 10}

    shown = table(sheets(strict)["By community"])
    numbers = [row["Numerator"] for row in shown if row["Numerator"] != HIDDEN]

    assert min(n for n in numbers if n) >= 10
    assert "Counts of 1 to 9 people" in sheets(strict)["By community"]["A3"].value


def test_indicators_of_one_population_hide_the_same_units() -> None:
    shared = content()
    shared["rows"]["plan_rate"]["denominator"] = shared["rows"]["re_employment"]["denominator"]
    for row in shared["facts"]:
        if row[0] == "re_employment" and row[2] == 1:
            row[3:5] = [1, 4]  # nobody may know that there are four
    released = release_units(shared, UnitType.COMMUNITY).table.set_index(["indicator", "unit"])

    hidden = released["denominator"].isna()
    assert hidden["re_employment"].loc[1]
    assert (hidden["re_employment"] == hidden["plan_rate"]).all()
