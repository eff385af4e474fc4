"""The sample district on SQLite and on PostgreSQL: as many rows, the same figures; tile, list and workbook agree."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
import streamlit as st
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from core.dispatch import queries
from core.dispatch.commands import verify
from core.dispatch.exports.release import release_units
from core.dispatch.frozen_week import UnitType, fact_table
from core.dispatch.weeks import frozen_headers
from core.indicators import facts
from core.indicators.article import FIGURES
from core.indicators.dated_counts import rows_on
from core.indicators.registry import INDICATORS, Measured, measure
from core.indicators.tables import RankedUnit, is_rankable
from core.locale import translator
from core.store.database import Database
from core.store.schema import AuditEvent, Person, PersonStateSpell, Visit
from pages import cache
from pages.common import downloads, drilldown
from pages.common.view import View
from pages.overview.page import RANKINGS
from tests.accesses import dispatcher

TODAY = date(2025, 12, 28)
SIDES = ("numerator", "denominator")

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("table", [Person, PersonStateSpell, Visit, AuditEvent])
def test_the_sample_loads_into_postgresql_alike(postgres_sample: Database, sample_db: Database, table: type) -> None:
    counts = []
    for store in (postgres_sample, sample_db):
        with store.read() as connection:
            counts.append(connection.execute(select(func.count()).select_from(table)).scalar_one())

    assert counts[0] == counts[1] > 0


def test_figures_are_the_same_on_postgresql(postgres_sample: Database, sample_db: Database) -> None:
    with sample_db.read() as ours, postgres_sample.read() as theirs:
        sqlite, postgresql = facts.load(ours), facts.load(theirs)

    for figure in FIGURES:
        for part in figure.parts:
            assert part.value(part.rows(postgresql, TODAY), postgresql, TODAY) == pytest.approx(
                part.value(part.rows(sqlite, TODAY), sqlite, TODAY)
            )
    for code in INDICATORS:
        assert measure(postgresql, code, TODAY).value == measure(sqlite, code, TODAY).value


def test_a_week_frozen_on_postgresql_has_the_same_content_and_cannot_be_changed(
    postgres_sample: Database, sample_db: Database
) -> None:
    contents = []
    for store in (postgres_sample, sample_db):
        with store.read() as connection:
            header = frozen_headers(queries.headers(connection))[0]
            contents.append(queries.content(connection, header.iso_week, header.rev))
            assert verify(connection) == []

    assert contents[0] == contents[1]
    with pytest.raises(DBAPIError, match="append-only"), postgres_sample.engine.begin() as connection:
        connection.execute(text("UPDATE weekly_snapshot SET frozen_by = 'x'"))


@dataclass
class DrillDown:
    """What the list behind a number shows: its heading, its rows on the screen, and its workbook."""

    headings: list[str] = field(default_factory=list)
    tables: list[pd.DataFrame] = field(default_factory=list)
    workbooks: list[Callable[[], bytes]] = field(default_factory=list)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def view(request: pytest.FixtureRequest) -> Iterator[View]:
    """The view of a visitor to the sample district, once on each engine."""
    store = request.getfixturevalue("sample_db" if request.param == "sqlite" else "postgres_sample")
    cache.store.forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", store.url.render_as_string(hide_password=False))
        revision = cache.store.revision()
        yield View(
            tr=translator(),
            today=cache.store.today(revision),
            revision=revision,
            district=cache.store.district(revision),
            access=dispatcher(),
            is_empty=False,
            is_dark=False,
            is_handheld=False,
        )
        cache.store.database().dispose()
        cache.store.forget()


@pytest.fixture
def drill_down(monkeypatch: pytest.MonkeyPatch) -> DrillDown:
    """Records what the pages hand to Streamlit while a list is drawn."""
    seen = DrillDown()
    monkeypatch.setattr(st, "markdown", lambda text, **_: seen.headings.append(text))
    monkeypatch.setattr(st, "caption", lambda text, **_: None)

    def dataframe(table: pd.DataFrame, **_: object) -> SimpleNamespace:
        seen.tables.append(table)
        return SimpleNamespace(selection=SimpleNamespace(rows=[]))  # nothing ticked

    monkeypatch.setattr(st, "dataframe", dataframe)
    monkeypatch.setattr(st, "download_button", lambda label, data, **_: seen.workbooks.append(data))
    monkeypatch.setattr(downloads, "register_export", lambda *_, **__: None)  # the store is only read here
    return seen


@pytest.mark.parametrize("code", INDICATORS)
def test_tile_list_and_workbook_agree_for_the_district_and_every_community(
    view: View, drill_down: DrillDown, code: str
) -> None:
    measured = cache.overview.measured(view.revision, view.today, code)
    tile = cache.overview.tile(view.revision, view.today, code)
    communities = measured.by_community(cache.overview.facts(view.revision).communities)

    assert tile.value == tile.numerator / tile.denominator
    for side in SIDES:
        rows = rows_on(_rows(measured, side), view.today)
        assert _counts(view, drill_down, rows) == {getattr(tile, side)}
        for community in communities.itertuples():
            own = rows[rows["community_id"] == community.id]
            assert _counts(view, drill_down, own) == {getattr(community, side)}
        assert communities[side].sum() + rows.loc[rows["community_id"].isna(), "n"].sum() == getattr(measured, side)


@pytest.mark.parametrize(("unit", "code"), [(unit, code) for unit in RankedUnit for code in INDICATORS])
def test_ranking_list_and_workbook_agree_for_every_unit_that_an_indicator_can_be_split_by(
    view: View, drill_down: DrillDown, unit: RankedUnit, code: str
) -> None:
    measured = cache.overview.measured(view.revision, view.today, code)
    if not is_rankable(measured, cache.overview.facts(view.revision), unit):
        assert (unit, code) not in RANKINGS  # the page offers no ranking that there is not
        return
    ranking = cache.overview.ranking(view.revision, view.today, code, unit)

    for row in ranking.table.itertuples():
        for side in SIDES:
            rows = rows_on(_rows(measured, side), view.today)
            assert _counts(view, drill_down, rows[rows[unit.value] == row.id]) == {getattr(row, side)}


@dataclass(frozen=True)
class FrozenTables:
    """The counts of the newest frozen week, and what of them leaves the bureau, by kind of unit."""

    facts: pd.DataFrame
    released: dict[UnitType, pd.DataFrame]


@pytest.fixture(scope="module")
def frozen_tables(view: View) -> FrozenTables:
    header, before = cache.meeting.headers(view.revision)[:2]
    assert header.as_of == view.today
    content = cache.meeting.week(header, before).content
    splits = [split for split in UnitType if split is not UnitType.DISTRICT]
    return FrozenTables(fact_table(content), {split: release_units(content, split).table for split in splits})


@pytest.mark.parametrize("code", INDICATORS)
def test_the_frozen_table_and_its_workbook_agree_with_the_rows_of_every_split(
    view: View, frozen_tables: FrozenTables, code: str
) -> None:
    measured = cache.overview.measured(view.revision, view.today, code)
    own = frozen_tables.facts[frozen_tables.facts["indicator"] == code]

    for split in UnitType:
        frozen = own[own["unit_type"] == split.value].set_index("unit")
        for side in SIDES:
            rows = rows_on(_rows(measured, side), view.today)
            if split is UnitType.DISTRICT:
                assert frozen[side].tolist() == [rows["n"].sum()]
            elif len(frozen):
                counted = rows.groupby(split.value)["n"].sum().reindex(frozen.index, fill_value=0)
                assert frozen[side].tolist() == counted.tolist()
        if split is not UnitType.DISTRICT:
            released = frozen_tables.released[split]
            shown = released[released["indicator"] == code].set_index("unit")
            for side in SIDES:
                is_shown = shown[side].notna()
                assert shown.loc[is_shown, side].tolist() == frozen.loc[is_shown, side].tolist()


def _rows(measured: Measured, side: str) -> pd.DataFrame:
    return measured.numerator_rows if side == "numerator" else measured.denominator_rows


def _counts(view: View, drill_down: DrillDown, rows: pd.DataFrame) -> set[int]:
    """Head counts by heading, list and workbook of the drill-down on ``rows``: one number where they agree."""
    drilldown._body(view, "名单", "", rows.reset_index(drop=True))
    listed, workbook = drill_down.tables.pop(), drill_down.workbooks.pop()()
    heading = drill_down.headings.pop()
    count = view.tr("Head count")
    header, *body = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    exported = pd.DataFrame(body, columns=header)
    assert list(exported.columns) == list(listed.columns)
    shown_heads = int(heading.removeprefix("### ").split(" ")[0].split("（")[0].replace(",", ""))
    exported_heads = int(exported[count].sum()) if count in exported else len(exported)
    assert len(listed) == min(len(exported), drilldown.SHOWN)
    return {shown_heads, exported_heads}
