"""Frozen weeks: the same rows give the same seal, nothing entered later changes them, and a changed row is named."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta, timezone

import pandas as pd
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.dispatch import queries
from core.dispatch.__main__ import main
from core.dispatch.commands import AlreadyFrozen, Broken, WeekNotOver, freeze, verify
from core.dispatch.comparison import row_changes
from core.dispatch.frozen_week import canonical, fact_table, row_keys, week_end, week_of
from core.indicators.facts import load
from core.indicators.registry import INDICATORS, measure
from core.policy import Action
from core.store.anchors import anchor_file, noted_anchors
from core.store.audit_chain import chain_head, frozen_anchors
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Person, Placement, Target
from core.terms import Channel
from tests.accesses import dispatcher

SUNDAY = date(2025, 12, 28)
AT = datetime(2025, 12, 28, 18, 0, tzinfo=timezone(timedelta(hours=8)))
WEEK, WEEK_BEFORE = "2025-W52", "2025-W51"


def frozen(db: Database, iso_week: str = WEEK, **options: object) -> tuple[int, str]:
    return freeze(db, iso_week, **{"today": SUNDAY, "actor": dispatcher("李明"), "at": AT, **options})  # type: ignore[arg-type]


def content_of(db: Database, iso_week: str = WEEK, rev: int = 1) -> dict:  # type: ignore[type-arg]
    with db.read() as connection:
        frozen = queries.content(connection, iso_week, rev)
    assert frozen is not None
    return frozen


def test_a_week_is_named_by_its_sunday() -> None:
    assert week_of(SUNDAY) == WEEK
    assert week_end(WEEK) == SUNDAY
    assert week_end("2026-W01") == date(2026, 1, 4)
    for wrong in ("2025-52", "2025-W54", "2025-W00", "", "W52"):
        with pytest.raises(ValueError, match="week"):
            week_end(wrong)


def test_a_frozen_week_holds_what_the_registry_says_of_that_day(sample_copy: Database) -> None:
    with sample_copy.read() as connection:
        log = chain_head(connection)
    frozen(sample_copy)
    with sample_copy.read() as connection:
        facts = load(connection)
        anchors = [*frozen_anchors(connection), *noted_anchors(anchor_file(sample_copy))]
    assert [(a.count, a.hash) for a in anchors] == [(log.count, log.hash)] * 2
    table = fact_table(content_of(sample_copy))

    for code in INDICATORS:
        measured = measure(facts, code, SUNDAY)
        [district] = table[(table["indicator"] == code) & (table["unit_type"] == "district")].itertuples()
        assert (district.numerator, district.denominator) == (measured.numerator, measured.denominator)
        by_community = measured.by_community(facts.communities).set_index("id")
        rows = table[(table["indicator"] == code) & (table["unit_type"] == "community_id")].set_index("unit")
        for column in ("numerator", "denominator"):
            assert rows[column].to_dict() == {unit: n for unit, n in by_community[column].items() if unit in rows.index}
            assert rows[column].sum() == getattr(measured, column)
    assert {"employer_id", "workshop_id"} <= set(table["unit_type"])


def test_what_is_entered_later_leaves_a_frozen_week_as_it_was(sample_copy: Database) -> None:
    _, seal = frozen(sample_copy)
    before = canonical(content_of(sample_copy))
    with command(sample_copy, actor=dispatcher("李明"), action=Action.EDIT_PERSON, at=AT) as change:
        change.add(Placement(person_id=1, started_on=date(2025, 12, 20), channel=Channel.WORKSHOP, workshop_id=1))

    rev, corrected = frozen(sample_copy, reason="补录")

    assert canonical(content_of(sample_copy)) == before
    assert (rev, corrected != seal) == (2, True)
    assert canonical(content_of(sample_copy, rev=2)) != before
    with sample_copy.read() as connection:
        assert list(queries.headers(connection)["sha256"]) == [seal, corrected]
        assert verify(connection) == []


def test_the_same_rows_give_the_same_content_on_both_engines(any_db: Database) -> None:
    with command(any_db, actor=dispatcher("李明"), action=Action.EDIT_PERSON, at=AT) as change:
        change.add(Person(name="王芳"))
    frozen(any_db)

    content = content_of(any_db)

    assert [row[3] for row in content["facts"]] == [0] * len(INDICATORS)
    with any_db.read() as connection:
        assert verify(connection) == []


def test_a_week_that_has_not_ended_or_is_frozen_is_refused_and_nothing_is_written(db: Database) -> None:
    with pytest.raises(WeekNotOver):
        frozen(db, today=SUNDAY - timedelta(days=1))
    with pytest.raises(ValueError, match="name"):
        frozen(db, actor=dispatcher("  "))
    frozen(db)
    revision = db.revision()
    for reason in (None, "  "):
        with pytest.raises(AlreadyFrozen):
            frozen(db, reason=reason)

    with db.read() as connection:
        assert len(queries.headers(connection)) == 1
    assert db.revision() == revision


def test_two_people_freezing_at_once_give_one_revision(any_db: Database) -> None:
    outcomes: list[str] = []

    def attempt() -> None:
        try:
            frozen(any_db)
            outcomes.append("frozen")
        except AlreadyFrozen:
            outcomes.append("refused")

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["frozen", "refused"]


def test_the_store_refuses_to_change_a_frozen_week(any_db: Database) -> None:
    frozen(any_db)
    for statement in ("UPDATE weekly_snapshot SET reason = 'x'", "DELETE FROM weekly_snapshot"):
        with pytest.raises(DBAPIError, match="append-only"), any_db.engine.begin() as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE weekly_snapshot SET frozen_by = 'x' WHERE iso_week = '2025-W51'", [Broken(WEEK_BEFORE, 1, "content")]),
        (
            "UPDATE weekly_snapshot SET payload = json_set(payload, '$.facts[0][3]', 99) WHERE iso_week = '2025-W52'",
            [Broken(WEEK, 1, "content")],
        ),
        ("DELETE FROM weekly_snapshot WHERE iso_week = '2025-W51'", [Broken(WEEK, 1, "order")]),
    ],
)
def test_a_row_changed_behind_the_applications_back_is_named(db: Database, change: str, broken: list[Broken]) -> None:
    for iso_week in (WEEK_BEFORE, WEEK):
        frozen(db, iso_week)
    with db.engine.begin() as connection:
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER weekly_snapshot_no_{verb}"))
        connection.execute(text(change))

    with db.read() as connection:
        assert verify(connection) == broken


def test_an_item_that_has_caught_up_stays_yellow_for_one_week(sample_copy: Database) -> None:
    lights = {}
    for value in (90.0, 10.0, None):  # percent of re-employment: out of reach, then easy, then unchanged
        if value is not None:
            with command(sample_copy, actor=dispatcher("李明"), action=Action.EDIT_PERSON, at=AT) as change:
                rows = change.session.query(Target).filter_by(indicator="二次就业率", year=2025, community_id=None)
                change.edit(Target, rows.one().id, {"value": value})
        week = week_of(SUNDAY - timedelta(weeks=2 - len(lights)))
        frozen(sample_copy, week)
        table = fact_table(content_of(sample_copy, week)).set_index(["indicator", "unit_type"])
        lights[week] = table.loc[("re_employment", "district"), "light"]

    assert list(lights.values()) == ["red", "yellow", "green"]


def test_row_keys_name_rows_by_what_identifies_them_and_count_heads() -> None:
    skills = pd.DataFrame({"person_id": [2, 1], "skill": ["S03", "S01"], "n": [1, 1]})
    posts = pd.DataFrame({"code": ["P7", "P2"], "n": [3, 1]})

    assert row_keys(skills) == ["1/S01", "2/S03"]
    assert row_keys(posts) == ["P2", "P7×3"]
    assert row_keys(posts.iloc[:0]) == []


def test_no_name_of_a_person_is_frozen_but_those_of_the_owners_of_actions(sample_copy: Database) -> None:
    frozen(sample_copy)
    content = content_of(sample_copy)
    for action in content["meeting"]["actions"]:
        action.pop("owner")
    text_of_all = canonical(content).decode()
    with sample_copy.read() as connection:
        people = load(connection).people

    assert [name for name in people["name"] if len(name) > 2 and name in text_of_all] == []


def test_the_command_freezes_the_last_week_that_ended_and_checks_it(
    db: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", db.url.render_as_string(hide_password=False))
    tuesday = datetime(2025, 12, 30, 1, 0, tzinfo=UTC)

    assert main(["freeze"], now=tuesday) == 0
    assert main(["freeze"], now=tuesday) == 2
    assert main(["freeze", "--week", "2026-W01"], now=tuesday) == 2
    assert main(["freeze", "--week", "2025-52"], now=tuesday) == 2
    assert main(["freeze", "--reason", "补录", "--by", "李明"], now=tuesday) == 0
    assert main(["verify"]) == 0

    out, err = capsys.readouterr()
    assert "2025-W52 revision 1 frozen" in out
    assert "2025-W52 revision 2 frozen" in out
    assert "2 frozen revisions, none changed" in out
    assert "frozen already" in err
    assert "has not ended yet" in err


def test_rows_entered_minus_rows_left_are_the_change_of_every_figure(sample_copy: Database) -> None:
    for iso_week in (WEEK_BEFORE, WEEK):
        frozen(sample_copy, iso_week)
    before, after = content_of(sample_copy, WEEK_BEFORE), content_of(sample_copy)
    changes = row_changes(before, after)
    signed = changes["head_count"].where(changes["change"] == "entered", -changes["head_count"])
    net = signed.groupby([changes["indicator"], changes["side"]]).sum()
    tables = [
        fact_table(content).query("unit_type == 'district'").set_index("indicator") for content in (before, after)
    ]

    assert len(changes) > 20
    for code in INDICATORS:
        for side in ("numerator", "denominator"):
            difference = tables[1].loc[code, side] - tables[0].loc[code, side]
            assert net.get((code, side), 0) == difference, (code, side)
    assert row_changes(after, after).empty
