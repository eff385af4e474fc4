"""Files whose positions are in another coordinate system than declared are noticed; rightly declared ones round-trip."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from core.geography.datum import from_wgs84
from core.geography.datum_detection import suspected
from core.geography.plane import Plane
from core.intake.planning.plan import ImportPlan, Options
from core.locale import translator
from core.store.database import ROOT, Database
from core.terms import Datum
from tests.core.intake.files import csv_bytes, planned

SAMPLE = ROOT / "sample_data"
SHEETS = {"communities": "01", "premises": "03", "welfare_posts": "07", "openings": "15"}
Table = list[list[str]]


def table(code: str) -> Table:
    path: Path = SAMPLE / f"{SHEETS[code]}_{code}.csv"
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def columns(rows: Table) -> tuple[int, int]:
    east = next(i for i, header in enumerate(rows[0]) if "经度" in header)
    return east, next(i for i, header in enumerate(rows[0]) if "纬度" in header)


def shifted(rows: Table, datum: Datum) -> Table:
    """The sheet as somebody would have typed it from a map in ``datum``."""
    east, north = columns(rows)
    moved = [list(row) for row in rows]
    for row in moved[1:]:
        if row[east]:
            lon, lat = from_wgs84(float(row[east]), float(row[north]), datum)
            row[east], row[north] = f"{float(lon):.10f}", f"{float(lat):.10f}"
    return moved


def doubts(plan: ImportPlan) -> list[tuple[Datum, str]]:
    return [(f.values["system"], f.message(translator("en"))) for f in plan.findings if f.code == "position_system"]


@pytest.mark.parametrize("code", list(SHEETS))
def test_the_sample_itself_raises_no_doubt(sample_db: Database, code: str) -> None:
    assert doubts(planned(sample_db, csv_bytes(table(code)), sheet=code)) == []


@pytest.mark.parametrize("code", ["premises", "communities", "welfare_posts"])
def test_a_gcj02_file_declared_as_wgs84_is_noticed(sample_db: Database, code: str) -> None:
    plan = planned(sample_db, csv_bytes(shifted(table(code), Datum.GCJ02)), sheet=code)

    [(datum, message)] = doubts(plan)

    assert datum is Datum.GCJ02
    assert "about 500 m off and look like GCJ-02" in message


def test_new_premises_are_judged_by_the_communities_that_they_name(sample_db: Database) -> None:
    rows = shifted(table("premises"), Datum.GCJ02)
    for row in rows[1:]:
        row[0] = f"NEW{row[0]}"

    assert [datum for datum, _ in doubts(planned(sample_db, csv_bytes(rows), sheet="premises"))] == [Datum.GCJ02]


@pytest.mark.parametrize(
    ("true", "declared"),
    [(Datum.BD09, Datum.WGS84), (Datum.BD09, Datum.GCJ02), (Datum.WGS84, Datum.GCJ02), (Datum.GCJ02, Datum.BD09)],
)
def test_every_confusion_of_systems_is_noticed(sample_db: Database, true: Datum, declared: Datum) -> None:
    data = csv_bytes(shifted(table("premises"), true))

    assert [datum for datum, _ in doubts(planned(sample_db, data, Options(datum=declared), "premises"))] == [true]


@pytest.mark.parametrize("datum", list(Datum))
def test_rightly_declared_positions_come_back_to_less_than_a_millimetre(sample_db: Database, datum: Datum) -> None:
    rows = shifted(table("premises"), datum)
    for row in rows[1:]:
        row[0] = f"NEW{row[0]}"

    plan = planned(sample_db, csv_bytes(rows), Options(datum=datum), "premises")

    assert doubts(plan) == []
    stored = np.array([(o.after["lon"], o.after["lat"]) for o in plan.operations])
    east, north = columns(rows)
    true = np.array([(float(row[east]), float(row[north])) for row in table("premises")[1:]])
    plane = Plane.around(true[:, 0], true[:, 1])
    gap = plane.xy(stored[:, 0], stored[:, 1]) - plane.xy(true[:, 0], true[:, 1])
    assert len(stored) == len(true)
    assert np.abs(gap).max() < 0.001


def test_a_second_import_in_the_right_system_changes_nothing(sample_db: Database) -> None:
    plan = planned(
        sample_db, csv_bytes(shifted(table("premises"), Datum.GCJ02)), Options(datum=Datum.GCJ02), "premises"
    )

    assert plan.operations == ()


def test_a_few_misplaced_rows_or_scatter_to_all_sides_are_no_other_system() -> None:
    rng = np.random.default_rng(4)
    scatter = rng.normal(0, 400, (20, 2))
    few = np.zeros((20, 2))
    few[:3] = 500.0, 0.0

    for offset in (scatter, few):
        read = {Datum.WGS84: offset, Datum.GCJ02: offset - [500.0, 0.0], Datum.BD09: offset - [1200.0, 300.0]}
        assert suspected(read, Datum.WGS84) is None


def test_communities_that_all_lie_to_one_side_by_the_shift_are_another_system() -> None:
    offset = np.random.default_rng(4).normal([500.0, 0.0], 200, (14, 2))
    read = {Datum.WGS84: offset, Datum.GCJ02: offset - [500.0, 0.0], Datum.BD09: offset - [1200.0, 300.0]}

    suspicion = suspected(read, Datum.WGS84)

    assert suspicion is not None
    assert suspicion.datum is Datum.GCJ02
    assert suspicion.then < 200 < suspicion.now
    assert suspected(read, Datum.GCJ02) is None


def without(rows: Table, headers: set[str], keep_text: bool) -> Table:
    """The openings without these columns; with ``keep_text`` False, without any community's name in a text."""
    kept = [[cell for header, cell in zip(rows[0], row, strict=True) if header not in headers] for row in rows]
    return kept if keep_text else [kept[0], *([cell.replace("社区", "大院") for cell in row] for row in kept[1:])]


def test_openings_without_a_community_are_judged_by_the_addresses_that_name_one(sample_db: Database) -> None:
    rows = shifted(without(table("openings"), {"所在社区", "微工厂名称"}, keep_text=True), Datum.GCJ02)

    assert [datum for datum, _ in doubts(planned(sample_db, csv_bytes(rows), sheet="openings"))] == [Datum.GCJ02]


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_positions_that_name_no_known_place_are_said_to_be_unchecked(sample_db: Database, lang: str) -> None:
    rows = without(table("openings"), {"所在社区", "微工厂名称"}, keep_text=False)

    plan = planned(sample_db, csv_bytes(rows), sheet="openings")

    assert doubts(plan) == []
    (note,) = (finding for finding in plan.findings if finding.code == "position_unchecked")
    assert translator(lang).term(Datum.WGS84) in note.message(translator(lang))


@pytest.mark.parametrize("code", list(SHEETS))
def test_sheets_that_name_their_places_are_checked(sample_db: Database, code: str) -> None:
    plan = planned(sample_db, csv_bytes(table(code)), sheet=code)

    assert [finding for finding in plan.findings if finding.code == "position_unchecked"] == []
