"""The stored counts of the populations: whatever is written, they are what the rows give, on every day in every community."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Date, Enum, Float, Integer, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.indicators.__main__ import main
from core.indicators.counts import commands, queries
from core.indicators.counts.commands import VERSION, catch_up, rebuild, wrong_counts
from core.indicators.counts.sources import READS, SOURCES
from core.indicators.counts.steps import DISTRICT, POPULATIONS, changes_of, combined, differences, step_table, steps
from core.indicators.dated_counts import Steps, count, spell_frame, steps_of
from core.indicators.facts import TABLES, Facts, frames_read, load, load_changed
from core.indicators.registry import INDICATORS, counted, measure
from core.intake.findings import Decision
from core.intake.planning.plan import Options
from core.intake.undo import undo_import
from core.people.merging import queries as merging_queries
from core.people.merging.commands import merge, unmerge
from core.policy import Action
from core.store.commands import Change, CommandRefused, command
from core.store.database import Busy, Database
from core.store.schema import (
    Base,
    Community,
    Course,
    CourseSession,
    Employer,
    Person,
    PersonMerge,
    PersonStateSpell,
    PopulationCount,
)
from core.terms import CommunityKind, EmployerKind, EnrolmentResult, PersonState, PlanStatus, TrainingKind
from tests.accesses import administrator, dispatcher
from tests.core.intake.files import SEEKER, VISIT, csv_bytes, done, make_communities, seeker, visit

START = date(2025, 1, 1)
NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)

LIKELY = {PersonState.SEEKING, EnrolmentResult.PASSED, TrainingKind.COMMISSIONED, PlanStatus.LIVE}
COUNTED = [source.table for source in SOURCES.values()]


def stored_and_computed(db: Database) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The step tables that the store holds and that its rows give."""
    with db.read() as connection:
        units = queries.standing(connection, VERSION).units
        return queries.stored_steps(connection, [DISTRICT, *units]), step_table(load(connection))


def is_right(db: Database) -> bool:
    """Whether the counts are right after catching up."""
    catch_up(db)
    stored, computed = stored_and_computed(db)
    return stored.equals(computed)


class RandomEdits:
    """Edits of every kind of row that counts are computed from, as forms, imports and merges make them."""

    def __init__(self, db: Database, seed: int) -> None:
        self.db, self.dice, self.serial = db, random.Random(seed), 0
        with db.write(people_of=None) as session:
            places = [
                Community(code=f"37089900100{n}", name=f"社区{n}", kind=CommunityKind.URBAN, lon=0, lat=0)
                for n in range(5)
            ]
            session.add_all(
                [*places, *(Employer(name=f"企业{n}", kind=EmployerKind.CRAFT_ECOMMERCE) for n in range(2))]
            )
            session.flush()
            session.add_all(Course(name=f"课程{n}") for n in range(2))
            session.add_all(
                Person(name=f"人{n}", community_id=self.dice.choice([None, *(place.id for place in places)]))
                for n in range(9)
            )
        for table in (CourseSession, *COUNTED):
            rows = [self._values(table) for _ in range(40)]
            with db.write(people_of=None) as session:
                for row in rows:
                    with suppress(IntegrityError), session.begin_nested():
                        session.execute(insert(table), [row])

    def one(self) -> None:
        """A random edit; what the store refuses is not made."""
        kinds: list[Callable[[], None]] = [self._add] * 5 + [self._edit] * 3 + [self._remove, self._move, self._merge]
        kinds += [self._unmerge, self._behind_the_log]
        with suppress(IntegrityError, CommandRefused):
            self.dice.choice(kinds)()

    def _do(self, action: Callable[[Change], object]) -> None:
        with command(self.db, actor=dispatcher(), action=Action.EDIT_PERSON, at=NOW) as change:
            action(change)

    def _add(self) -> None:
        table = self._table()
        self._do(lambda change: change.add_all(table, [self._values(table)]))

    def _edit(self) -> None:
        table = self._table()
        if key := self._key(table):
            name, value = self.dice.choice(list(self._values(table).items()))
            self._do(lambda change: change.edit(table, key, {name: value}))

    def _remove(self) -> None:
        table = self._table()
        if key := self._key(table):
            columns = table.__table__
            with self.db.read() as connection:
                row = dict(connection.execute(select(columns).where(columns.c.id == key)).mappings().one())
            self._do(lambda change: change.remove_all(table, [(key, row)]))

    def _move(self) -> None:
        key, place = self._key(Person), self._key(Community)
        self._do(lambda change: change.edit(Person, key, {"community_id": self.dice.choice([None, place, place])}))

    def _merge(self) -> None:
        keep, other = self._key(Person), self._key(Person)
        if keep != other:
            with command(self.db, actor=dispatcher(), action=Action.MERGE_PEOPLE, at=NOW) as change:
                rows = merging_queries.people(change.session.connection(), [keep, other])
                versions = {key: row["version"] for key, row in rows.items()}
                merge(change, keep=keep, others=[other], versions=versions, today=START + timedelta(days=400))

    def _unmerge(self) -> None:
        if key := self._key(PersonMerge):
            with command(self.db, actor=dispatcher(), action=Action.UNMERGE_PEOPLE, at=NOW) as change:
                unmerge(change, key)

    def _behind_the_log(self) -> None:
        table = self._table()
        with self.db.write(people_of=None) as session:
            session.execute(insert(table), [self._values(table)])

    def _table(self) -> type[Base]:
        return self.dice.choice(COUNTED)

    def _key(self, table: type[Base]) -> Any:
        with self.db.read() as connection:
            return self.dice.choice(
                [*connection.scalars(select(table.__table__.c.id).order_by(table.__table__.c.id))] or [None]
            )

    def _values(self, table: type[Base]) -> dict[str, Any]:
        return {c.key: self._value(c) for c in table.__table__.columns if c.key not in ("id", "version")}

    def _value(self, column: Column[Any]) -> Any:
        if column.nullable and self.dice.random() < (0.9 if column.key == "cancelled_on" else 0.4):
            return None
        for key in column.foreign_keys:
            if key.column.table.name == "skill":
                return self.dice.choice(["K01", "K02", "K03"])
            known = next(m.class_ for m in Base.registry.mappers if m.class_.__tablename__ == key.column.table.name)
            return self._key(known) if known in (Person, Community, Employer, Course, CourseSession) else None
        if isinstance(column.type, Enum):
            members = list(column.type.enum_class)
            return self.dice.choice(members + [m for m in members if m in LIKELY] * len(members))
        if isinstance(column.type, Date):
            return START + timedelta(days=self.dice.randrange(400))
        self.serial += 1
        if isinstance(column.type, Float):
            return float(self.dice.randrange(100))
        return self.dice.randrange(1, 4) if isinstance(column.type, Integer) else f"{self.serial}"[:9]


def test_after_random_edits_the_counts_are_those_of_the_rows(any_db: Database) -> None:
    edits = RandomEdits(any_db, seed=17)
    with any_db.read() as connection:
        loaded = load_changed(connection, None)
    assert is_right(any_db)
    assert stored_and_computed(any_db)[0]["population"].nunique() == len(POPULATIONS)  # none is empty
    for _ in range(5):
        for _ in range(edits.dice.choice([1, 1, 4])):
            edits.one()
        assert is_right(any_db)
        with any_db.read() as connection:
            loaded = load_changed(connection, loaded)
            wanted = load(connection)
        for field in fields(Facts):
            pd.testing.assert_frame_equal(getattr(loaded.facts, field.name), getattr(wanted, field.name))
        assert step_table(loaded.facts).equals(step_table(wanted))  # what stayed computed is right


def test_an_import_and_its_undoing_are_counted(any_db: Database) -> None:
    make_communities(any_db)
    done(any_db, csv_bytes([SEEKER, *(seeker(n) for n in range(5))]))
    assert is_right(any_db)
    before = stored_and_computed(any_db)[0]
    batch = done(any_db, csv_bytes([VISIT, *(visit(n) for n in range(3))]), Options(otherwise=Decision.SAME_PERSON))

    assert is_right(any_db)
    assert not stored_and_computed(any_db)[0].equals(before)
    undo_import(any_db, batch, administrator(), NOW, reason="误传")
    assert is_right(any_db)
    assert stored_and_computed(any_db)[0].equals(before)


def test_only_the_community_that_an_edit_touches_is_computed(sample_copy: Database) -> None:
    catch_up(sample_copy)
    with sample_copy.read() as connection:
        key = connection.scalar(select(PersonStateSpell.id).where(PersonStateSpell.state == PersonState.SEEKING))
    with command(sample_copy, actor=dispatcher(), action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(PersonStateSpell, key, {"state": PersonState.RETIRED})
    revision = sample_copy.revision()

    assert catch_up(sample_copy) == 1
    assert catch_up(sample_copy) == 0
    assert sample_copy.revision() == revision  # open pages stay as they are
    assert not list(wrong_counts(sample_copy))
    with command(sample_copy, actor=dispatcher(), action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(Person, 1, {"note": "改口"})
    assert catch_up(sample_copy) == 0  # no count depends on a note


def test_portions_give_the_same_as_everything_at_once(sample_copy: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "PEOPLE_AT_ONCE", 400)
    done_units: list[tuple[int, int]] = []

    units = rebuild(sample_copy, lambda *progress: done_units.append(progress))

    assert len(done_units) > 2
    assert done_units[-1] == (units, units)
    stored, computed = stored_and_computed(sample_copy)
    assert stored.equals(computed)


def test_the_check_names_a_count_that_somebody_changed(sample_copy: Database) -> None:
    catch_up(sample_copy)
    assert not list(wrong_counts(sample_copy))
    t = PopulationCount
    with sample_copy.engine.begin() as connection:
        one = connection.execute(select(t.unit, t.day, t.n).where(t.population == "pool", t.unit == 1).limit(1)).one()
        connection.execute(update(t).where(t.population == "pool", t.unit == 1, t.day == one.day).values(n=999))

    wrong = list(wrong_counts(sample_copy))

    assert [(w.population, w.unit, w.day, w.stored, w.computed) for w in wrong] == [("pool", 1, one.day, 999, one.n)]
    rebuild(sample_copy)
    assert not list(wrong_counts(sample_copy))


def test_who_will_not_wait_for_another_writer_is_not_kept_waiting(any_db: Database) -> None:
    with any_db.write(people_of=None) as session:
        session.add(Community(code="370899001001", name="荷风社区", kind=CommunityKind.URBAN, lon=0, lat=0))
    with any_db.write(people_of=None) as session:
        session.get(Community, 1)  # SQLite begins with the first statement
        with pytest.raises(Busy):
            catch_up(any_db, patience=0.05)
    assert catch_up(any_db, patience=5) == 2  # the community, and what has none


@pytest.mark.parametrize("place", [None, 3])
def test_tiles_and_series_from_counts_are_those_of_the_rows(sample_copy: Database, place: int | None) -> None:
    catch_up(sample_copy)
    today = date(2025, 12, 28)
    with sample_copy.read() as connection:
        facts = load(connection)
        unit = DISTRICT if place is None else place
        since = today - timedelta(weeks=105)
        counts = queries.steps_of_unit(connection, list(POPULATIONS), unit, since)
    for code in INDICATORS:
        own, wanted = counted(counts, facts.targets, code, today, place), measure(facts, code, today, place)
        assert (own.numerator, own.denominator, own.target) == (wanted.numerator, wanted.denominator, wanted.target)
        assert (own.change(), own.same_week_last_year()) == (wanted.change(), wanted.same_week_last_year())
        pd.testing.assert_series_equal(own.history(), wanted.history())
        for name in ("numerator", "denominator"):
            assert (getattr(own.weekly(), name) == getattr(wanted.weekly(), name)).all()


def test_the_counts_of_all_communities_on_a_day_are_those_of_the_rows(sample_copy: Database) -> None:
    catch_up(sample_copy)
    day = date(2025, 6, 30)
    with sample_copy.read() as connection:
        facts: Facts = load(connection)
        for population, spells in POPULATIONS.items():
            rows = spells(facts)
            counts = queries.counts_on_day(connection, population, day)
            wanted = {c: count(rows[rows["community_id"] == c], day) for c in facts.communities["id"]}
            assert counts.to_dict() == {c: n for c, n in wanted.items() if n}


@st.composite
def spell_frames(draw: st.DrawFn) -> pd.DataFrame:
    """Spells of a few days in three units."""
    rows = draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9), st.integers(-2, 5), st.integers(1, 3)), max_size=9)
    )
    since = pd.Series([pd.Timestamp(START) + pd.Timedelta(days=r[1]) for r in rows], dtype="datetime64[s]")
    length = pd.Series([r[2] for r in rows], dtype="int64")
    until = (since + pd.to_timedelta(length.abs() + 1, unit="D")).where(length >= 0)
    return spell_frame(
        pd.DataFrame({"community_id": pd.Series([r[0] for r in rows], dtype="Int64")}),
        since,
        until,
        pd.Series([r[3] for r in rows], dtype="int64"),
    )


@settings(max_examples=30)
@given(spell_frames(), spell_frames())
def test_steps_changes_and_differences_fit_together(one: pd.DataFrame, other: pd.DataFrame) -> None:
    from core.indicators.counts.steps import _changes

    first, second = (combined([_changes(spells, code) for code in (0, 1)]) for spells in (one, other))
    table, wanted = steps(first), steps(second)

    assert changes_of(table).equals(first)
    assert steps(combined([first, second])).equals(steps(combined([second, first])))
    changed = differences(table, wanted)
    key = ["population", "unit", "day"]
    kept = table.merge(changed.gone[key], how="left", on=key, indicator=True).query("_merge == 'left_only'")[
        [*key, "n"]
    ]
    assert pd.concat([kept, changed.written]).sort_values(key, ignore_index=True).equals(wanted)
    days = pd.date_range(START, periods=20)
    assert steps_of(one).on(days).tolist() == [count(one, day.date()) for day in days]
    assert Steps(steps_of(one).days, steps_of(one).counts).on(days[:0]).tolist() == []


def test_the_command_rebuilds_and_checks(
    db: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_communities(db)
    monkeypatch.setenv("DATABASE_URL", db.url.render_as_string(hide_password=False))

    assert main(["rebuild"]) == 0
    assert main(["rebuild", "--check"]) == 0
    with db.engine.begin() as connection:
        connection.execute(insert(PopulationCount), [{"unit": 1, "population": "pool", "day": START, "n": 3}])
    assert main(["rebuild", "--check"]) == 1
    assert "pool, community 1, from 2025-01-01: 3 stored, None by the rows\n1 differences" in capsys.readouterr().out


def test_the_populations_read_the_frames_that_are_declared(sample_db: Database) -> None:
    with sample_db.read() as connection:
        facts = load(connection)
    assert {name: frames_read(facts, spells) for name, spells in POPULATIONS.items()} == READS
    assert TABLES["placements"] == {"placement", "employer", "workshop", "community_post"}
