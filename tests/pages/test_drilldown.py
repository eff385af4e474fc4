"""Every list behind a number leads on: to the person, or to the thing that a row is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.dispatch.weekly_sheet import LINES, Period, line_rows
from core.indicators import attention
from core.indicators import facts as indicator_facts
from core.indicators.article import FIGURES
from core.indicators.counts.commands import VERSION
from core.indicators.counts.queries import standing
from core.indicators.dated_counts import rows_on
from core.indicators.facts import Facts
from core.indicators.funnel import STAGES, stage_rows
from core.indicators.registry import HEADLINES, INDICATORS
from core.locale import translator
from core.policy import Action
from core.store import settings
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Visit
from core.terms import VisitMode
from pages.common import drilldown
from pages.common.drilldown import destination
from pages.common.session_keys import Key
from pages.common.view import View
from tests.accesses import dispatcher, enterprise_officer

TODAY = date(2025, 12, 28)


@pytest.fixture(scope="module")
def facts(sample_db: Database) -> Facts:
    with sample_db.read() as connection:
        return indicator_facts.load(connection)


def view(sample_db: Database, who: object) -> View:
    with sample_db.read() as connection:
        district = settings.district(connection)
    return View(translator(), TODAY, 1, district, who, is_empty=False, is_dark=False)  # type: ignore[arg-type]


def lists(facts: Facts, parameters: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Every list that a screen opens, by a name."""
    return {
        **{f"{code} above": indicator.numerator(facts) for code, indicator in INDICATORS.items()},
        **{f"{code} below": indicator.denominator(facts) for code, indicator in INDICATORS.items()},
        **{watch.code: watch.find(facts, parameters, TODAY) for watch in attention.WATCHES},
        **{f"{f.code} {p.label}": p.rows(facts, TODAY) for f in FIGURES for p in f.parts},
        **{f"line {code}": line_rows(facts, code, TODAY, next(iter(Period)), None) for code in LINES},
        **{f"stage {code}": stage_rows(facts, TODAY, code) for code in STAGES},
    }


def test_a_row_of_every_list_opens_a_page(sample_db: Database, facts: Facts) -> None:
    with sample_db.read() as connection:
        parameters = settings.parameters(connection)
    dead_ends = [
        name
        for name, rows in lists(facts, parameters).items()
        if destination(view(sample_db, dispatcher()), rows) is None
    ]

    assert dead_ends == []


def test_a_row_opens_only_what_the_role_may_see(sample_db: Database, facts: Facts) -> None:
    officer = view(sample_db, enterprise_officer())
    people, products = INDICATORS["plan_rate"].denominator(facts), facts.products

    assert destination(officer, people) is None
    assert destination(officer, products) == ("employer", "enterprises", "enterprise")


def test_both_counts_of_every_indicator_are_the_rows_of_its_list_and_of_its_export(
    sample: Callable[..., AppTest], facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported: list[pd.DataFrame] = []
    monkeypatch.setattr(drilldown, "download_table", lambda _view, rows, *_args, **_facts: exported.append(rows()))
    at = sample("overview")

    for code, indicator in INDICATORS.items():
        for side, spells in (("numerator", indicator.numerator(facts)), ("denominator", indicator.denominator(facts))):
            rows = rows_on(spells, TODAY)
            button = at.button(key=Key.TILE_ROWS.of(code, side))
            at = button.click().run()
            assert not at.exception
            assert button.label.startswith(f"{int(rows['n'].sum()):,}")
            assert len(exported[-1]) == len(rows)
            assert len(at.dataframe[-1].value) == min(len(rows), 2_000)


def test_headlines_of_stored_counts_are_the_rows_after_a_write(
    writable: Callable[..., AppTest], sample_copy: Database
) -> None:
    with sample_copy.read() as connection:
        before = indicator_facts.load(connection)
    pool = rows_on(INDICATORS["visit_coverage"].denominator(before), TODAY)["person_id"]
    visited = rows_on(INDICATORS["visit_coverage"].numerator(before), TODAY)["person_id"]
    new = sorted(set(pool) - set(visited))[:3]
    with command(sample_copy, actor=dispatcher(), action=Action.RECORD_VISIT, at=datetime.now(UTC)) as change:
        change.add_all(Visit, [{"person_id": int(n), "visited_on": TODAY, "mode": VisitMode.PHONE} for n in new])

    at = writable("overview")

    assert not at.exception
    with sample_copy.read() as connection:
        assert standing(connection, VERSION).is_current  # the tiles read the stored counts
        facts = indicator_facts.load(connection)
    assert len(rows_on(INDICATORS["visit_coverage"].numerator(facts), TODAY)) == len(visited) + len(new)
    for code in HEADLINES:
        indicator = INDICATORS[code]
        for side, spells in (("numerator", indicator.numerator(facts)), ("denominator", indicator.denominator(facts))):
            label = at.button(key=Key.TILE_ROWS.of(code, side)).label
            assert label.split()[0] == f"{int(rows_on(spells, TODAY)['n'].sum()):,}", (code, side)
