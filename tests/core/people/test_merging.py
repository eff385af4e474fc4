"""Records of one person become one, and come apart again exactly."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from core.indicators.article import compute_figures
from core.indicators.facts import load
from core.indicators.registry import measure_all
from core.intake.seed import SAMPLE_AS_OF
from core.people.commands import AlreadyRegistered, add_person
from core.people.identity import id_hash, read_id_number
from core.people.merging import queries
from core.people.merging.commands import (
    MergeProblem,
    MergeRefused,
    UnmergeProblem,
    UnmergeRefused,
    forget_decision,
    merge,
    tell_apart,
    unmerge,
)
from core.people.merging.plan import plan_merge, references
from core.people.merging.rules import RULES
from core.people.pool import matches
from core.policy import Action, Refused
from core.privacy.commands import anonymise, extract
from core.store.commands import Conflict, NotFound, command
from core.store.database import Database
from core.store.row_check import verify_rows
from core.store.schema import (
    Accommodation,
    Base,
    DistinctPair,
    FollowUp,
    Person,
    PersonAlias,
    PersonMerge,
    PersonSkill,
    Placement,
    Plan,
    PlanMeasure,
    Visit,
)
from core.terms import (
    AccommodationKind,
    AccountRole,
    Channel,
    Evidence,
    FollowUpResult,
    MeasureKind,
    PlanStatus,
    VisitMode,
)
from tests.accesses import acting, administrator, caseworker, dispatcher
from tests.core.factories import NOW, TODAY, communities, person

OWN_TABLES = {"audit_event", "revision", "person_merge", "person_alias"}


def all_rows(connection: Connection) -> dict[str, list[str]]:
    """Every row of every table as text, without the counters of edits and what merges keep about themselves."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in OWN_TABLES]
    return {
        table.name: [
            str(tuple(row))
            for row in connection.execute(
                select(*(c for c in table.c if c.name != "version")).order_by(*table.primary_key)
            )
        ]
        for table in tables
    }


def merged(db: Database, keep: int, *others: int, **values: Any) -> int:
    with command(db, actor=values.pop("actor", dispatcher()), action=Action.MERGE_PEOPLE, at=NOW) as change:
        rows = queries.people(change.session.connection(), [keep, *others])
        versions = {key: row["version"] for key, row in rows.items()}
        return merge(change, keep=keep, others=others, **{"versions": versions, "today": TODAY} | values)


def unmerged(db: Database, merge_id: int) -> None:
    with command(db, actor=dispatcher(), action=Action.UNMERGE_PEOPLE, at=NOW) as change:
        unmerge(change, merge_id)


@pytest.fixture
def two(any_db: Database) -> Database:
    """Persons 1 and 2 with rows that collide: a skill, a limit, a visit, a plan with steps, a placement with follow-ups."""
    with any_db.write(people_of=None) as session:
        place = communities(session)[0]
        one = person(session, "张晓明", phone="13800000001", community_id=place, birth_date=date(1975, 3, 1), note="甲")
        two = person(
            session, "张小明", phone="13800000002", community_id=place, id_hash="b" * 64, id_last4="002X", note="乙"
        )
        for key, level, evidence in ((one, 3, Evidence.SELF_REPORT), (two, 2, Evidence.TRAINING_CERTIFICATE)):
            session.add(PersonSkill(person_id=key, skill="K01", level=level, evidence=evidence))
            session.add(Accommodation(person_id=key, kind=AccommodationKind.SEATED))
            session.add(Visit(person_id=key, visited_on=TODAY, mode=VisitMode.DOOR, needs=f"记录{key}"))
            plan = Plan(
                person_id=key, made_on=TODAY, status=PlanStatus.LIVE if key == two else PlanStatus.DONE, goal="就业"
            )
            placement = Placement(person_id=key, started_on=TODAY - timedelta(days=40), channel=Channel.OTHER)
            session.add_all([plan, placement])
            session.flush()
            session.add(PlanMeasure(plan_id=plan.id, step=1, kind=MeasureKind.TRAINING, text=f"步骤{key}"))
            session.add(
                FollowUp(placement_id=placement.id, followed_on=TODAY, result=FollowUpResult.IN_WORK, note=f"回访{key}")
            )
            session.add(
                FollowUp(
                    placement_id=placement.id, followed_on=TODAY - timedelta(days=key), result=FollowUpResult.IN_WORK
                )
            )
    return any_db


def test_two_records_become_one_by_the_rules_of_each_table(two: Database) -> None:
    merged(two, 1, 2)

    with two.read() as connection:

        def rows(table: type[Base]) -> list[dict[str, Any]]:
            return [dict(row) for row in connection.execute(select(table.__table__)).mappings()]

        [who] = rows(Person)
        assert (who["id"], who["id_hash"], who["phone"], who["phone_2"], who["note"]) == (
            1, "b" * 64, "13800000001", "13800000002", "甲\n乙",
        )  # fmt: skip
        assert [(row["level"], row["evidence"]) for row in rows(PersonSkill)] == [(2, Evidence.TRAINING_CERTIFICATE)]
        assert len(rows(Accommodation)) == 1
        assert [row["needs"] for row in rows(Visit)] == ["记录1\n记录2"]
        assert [(row["status"], row["closed_on"]) for row in rows(Plan)] == [(PlanStatus.LIVE, None)]
        assert [(row["step"], row["text"]) for row in rows(PlanMeasure)] == [(1, "步骤1"), (2, "步骤2")]
        assert [row["followed_on"] for row in rows(FollowUp)] == [
            TODAY,
            TODAY - timedelta(days=1),
            TODAY - timedelta(days=2),
        ]
        assert {row["placement_id"] for row in rows(FollowUp)} == {rows(Placement)[0]["id"]}


def test_a_merge_that_is_undone_leaves_every_row_as_it_was(two: Database) -> None:
    with two.read() as connection:
        before = all_rows(connection)

    unmerged(two, merged(two, 2, 1, choices={"phone": 1}))

    with two.read() as connection:
        assert all_rows(connection) == before
        assert list(verify_rows(connection)) != []  # the rows of the fixture were written without the log
        assert connection.scalars(select(PersonAlias.id)).all() == []


def test_what_was_recorded_since_stays_and_ids_given_anew_do_not_stand_in_the_way(two: Database) -> None:
    merge_id = merged(two, 1, 2)
    with command(two, actor=dispatcher(), action=Action.EDIT_PORTRAIT, at=NOW) as change:
        change.add(
            Accommodation(person_id=1, kind=AccommodationKind.NO_LIFTING)
        )  # SQLite gives it the id of the row that went

    unmerged(two, merge_id)

    with two.read() as connection:
        t = Accommodation
        rows = connection.execute(select(t.person_id, t.kind).order_by(t.person_id, t.kind)).all()
    assert [tuple(row) for row in rows] == [(1, "no_lifting"), (1, "seated"), (2, "seated")]


def test_a_number_of_before_finds_the_person_and_goes_to_nobody_else(two: Database) -> None:
    merged(two, 1, 2)

    with two.write(people_of=None) as session:
        new = person(session, "新来")
    with two.read() as connection:
        assert queries.former_numbers(connection) == {2: 1}
        import pandas as pd

        table = pd.DataFrame({"id": [1, new], "name": ["张晓明", "新来"], "phone": [None, None]})
        assert matches(table, "2", phones=False, former_numbers={2: 1}).tolist() == [True, False]
    assert new == 3


def test_a_merge_builds_on_another_and_they_are_undone_newest_first(two: Database) -> None:
    with two.write(people_of=None) as session:
        person(session, "张晓明")
    with two.read() as connection:
        before = all_rows(connection)
    first, second = merged(two, 1, 2), merged(two, 3, 1)
    with two.read() as connection:
        assert queries.former_numbers(connection) == {1: 3, 2: 3}

    with pytest.raises(UnmergeRefused) as refused:
        unmerged(two, first)
    assert (refused.value.problem, refused.value.later) == (UnmergeProblem.LATER_MERGE, (second,))

    unmerged(two, second)
    unmerged(two, first)
    with two.read() as connection:
        assert all_rows(connection) == before
    with pytest.raises(UnmergeRefused, match="already"):
        unmerged(two, first)


def test_three_records_become_one_at_once(two: Database) -> None:
    with two.write(people_of=None) as session:
        third = person(session, "张晓明")
        session.add(Accommodation(person_id=third, kind=AccommodationKind.SEATED))
        session.add(Accommodation(person_id=third, kind=AccommodationKind.NO_NIGHTS))
    with two.read() as connection:
        before = all_rows(connection)

    merge_id = merged(two, 1, 2, third)

    with two.read() as connection:
        assert sorted(connection.scalars(select(Accommodation.kind))) == ["no_nights", "seated"]
        assert set(connection.scalars(select(Accommodation.person_id))) == {1}
    unmerged(two, merge_id)
    with two.read() as connection:
        assert all_rows(connection) == before


def test_a_row_that_was_changed_since_is_named_and_nothing_is_undone(two: Database) -> None:
    merge_id = merged(two, 1, 2)
    with command(two, actor=dispatcher(), action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(Person, 1, {"note": "新"})
    with two.read() as connection:
        before = all_rows(connection)

    with pytest.raises(UnmergeRefused) as refused:
        unmerged(two, merge_id)

    assert [(row.table, row.row_id) for row in refused.value.obstacles] == [("person", 1)]
    with two.read() as connection:
        assert all_rows(connection) == before


def test_kept_rows_that_were_altered_behind_the_app_are_not_written_back(db: Database) -> None:
    with db.write() as session:
        person(session, "甲"), person(session, "乙")
    merge_id = merged(db, 1, 2)
    with db.engine.begin() as connection:
        connection.execute(
            update(PersonMerge).values(images={"kept": [{}, {}], "people": [], "edits": [], "removed": []})
        )

    with pytest.raises(UnmergeRefused) as refused:
        unmerged(db, merge_id)
    assert refused.value.problem is UnmergeProblem.ALTERED


def test_who_saw_an_older_version_or_nobody_else_merges_nothing(two: Database) -> None:
    with pytest.raises(Conflict):
        merged(two, 1, 2, versions={1: 1, 2: 7})
    with pytest.raises(MergeRefused) as refused:
        merged(two, 1, 1)
    assert refused.value.problem is MergeProblem.NOBODY_ELSE


@pytest.mark.parametrize("action", [Action.MERGE_PEOPLE, Action.UNMERGE_PEOPLE, Action.TELL_APART])
def test_roles_that_do_not_work_with_people_merge_nobody(db: Database, action: Action) -> None:
    for role in (AccountRole.LEADER, AccountRole.ENTERPRISE_OFFICER, AccountRole.ADMINISTRATOR, AccountRole.AUDITOR):
        with pytest.raises(Refused), command(db, actor=acting(role), action=action, at=NOW):
            pass


def test_a_caseworker_merges_people_of_the_own_communities_only(db: Database) -> None:
    with db.write() as session:
        places = communities(session)
        for place in (places[0], places[0], places[1]):
            person(session, "甲", community_id=place)
    who = caseworker(communities=[places[0]])

    with pytest.raises(NotFound):
        merged(db, 1, 3, actor=who)
    merged(db, 1, 2, actor=who)


def test_people_who_are_two_are_not_proposed_and_a_merge_drops_the_decision(db: Database) -> None:
    with db.write() as session:
        for _ in range(2):
            person(session, "甲")
    with command(db, actor=dispatcher(), action=Action.TELL_APART, at=NOW) as change:
        tell_apart(change, 2, 1, today=TODAY)
        tell_apart(change, 1, 2, today=TODAY)
    with db.read() as connection:
        [pair] = connection.execute(select(DistinctPair.person_id, DistinctPair.other_id)).all()
        before = all_rows(connection)
    assert tuple(pair) == (1, 2)

    merge_id = merged(db, 1, 2)
    with db.read() as connection:
        assert connection.scalars(select(DistinctPair.id)).all() == []
    unmerged(db, merge_id)
    with db.read() as connection:
        assert all_rows(connection) == before

    with command(db, actor=dispatcher(), action=Action.TELL_APART, at=NOW) as change:
        forget_decision(change, 1)
    with db.read() as connection:
        assert connection.scalars(select(DistinctPair.id)).all() == []


def test_the_other_id_number_still_says_who_it_is(db: Database) -> None:
    number = read_id_number("11010519491231002X")
    with db.write() as session:
        place = communities(session)[0]
        person(session, "甲", id_hash="a" * 64, community_id=place)
        person(session, "乙", id_hash=id_hash(db.key, number.number), community_id=place)
    merged(db, 1, 2, choices={"number": 1})

    with db.read() as connection:
        assert queries.former_hashes(connection) == {id_hash(db.key, number.number): 1}
    with pytest.raises(AlreadyRegistered) as known:
        add_person(
            db,
            name="乙",
            community_id=place,
            id_number=number,
            has_consented=True,
            today=TODAY,
            actor=dispatcher(),
            at=NOW,
        )
    assert known.value.person_id == 1


def test_everything_of_a_merged_person_is_extracted_and_erased(db: Database) -> None:
    with command(db, actor=dispatcher(), action=Action.ADD_PERSON, at=NOW) as change:
        for name, phone, hashed in (("张晓明", "13800000001", "a" * 64), ("章小鸣", "13800000002", "c" * 64)):
            key = change.add(Person(name=name, phone=phone, id_hash=hashed))
            change.add(Visit(person_id=key, visited_on=TODAY, mode=VisitMode.DOOR, needs=f"{name}说的话"))
    merge_id = merged(db, 1, 2, reason="章小鸣是别字")
    content = extract(db, 1, actor=administrator(), at=NOW)
    assert "13800000002" in str(content["records"])
    assert "c" * 64 not in str(content)
    assert {event["entity_id"] for event in content["log"] if event["entity"] == "person"} >= {"1", "2"}

    anonymise(db, [1], actor=administrator(), at=NOW, today=TODAY)

    with db.read() as connection:
        everything = "\n".join(
            str(tuple(row)) for t in Base.metadata.sorted_tables for row in connection.execute(select(t))
        )
        assert list(verify_rows(connection)) == []
    assert [word for word in ("晓明", "小鸣", "13800000001", "13800000002", "c" * 64) if word in everything] == []
    with pytest.raises(UnmergeRefused) as refused:
        unmerged(db, merge_id)
    assert refused.value.problem is UnmergeProblem.ERASED


def refers_to_people() -> Iterator[tuple[Any, str]]:
    for table in Base.metadata.sorted_tables:
        for column, _ in references(table, {"person"}):
            yield table, column


def test_every_reference_to_people_is_moved() -> None:
    """A row for each foreign key to a person: whatever table comes, no reference is left at the record that goes."""
    asked: dict[str, set[str]] = {}

    def read(table: Any, wanted: Any) -> Sequence[dict[str, Any]]:
        asked[table.name] = set(wanted)
        if "person" not in {parent for _, parent in references(table, {"person"})}:
            return []
        return [{c.name: {"id": 5}.get(c.name, 2 if c.name in wanted else None) for c in table.columns}]

    plan = plan_merge(1, [2], read)

    moved = {(edit.table, column) for edit in plan.edits for column, value in edit.after.items() if value == 1}
    itself = {(table, column) for table, row in plan.removed for column in row if row[column] == 2}
    assert moved | itself == {(table.name, column) for table, column in refers_to_people()}
    assert set(RULES) <= {table.name for table in Base.metadata.sorted_tables}


def test_two_hundred_random_merges_undone_leave_every_row_and_figure(sample_copy: Database) -> None:
    def state() -> tuple[dict[str, list[str]], list[Any]]:
        with sample_copy.read() as connection:
            facts = load(connection)
            measured = measure_all(facts, SAMPLE_AS_OF)
            article = compute_figures(facts, SAMPLE_AS_OF)
            figures = [(code, m.numerator, m.denominator) for code, m in measured.items()]
            return all_rows(connection), [
                *figures,
                *((code, p.value) for code, parts in article.items() for p in parts),
            ]

    before = state()
    people = random.Random(11).sample(range(1, 1601), 400)
    with command(sample_copy, actor=dispatcher(), action=Action.MERGE_PEOPLE, at=NOW) as change:
        merges = []
        for keep, other in zip(people[:200], people[200:], strict=True):
            rows = queries.people(change.session.connection(), [keep, other])
            versions = {key: row["version"] for key, row in rows.items()}
            merges.append(merge(change, keep=keep, others=[other], versions=versions, today=SAMPLE_AS_OF))
    with sample_copy.read() as connection:
        assert len(connection.scalars(select(Person.id)).all()) == 1400
    with command(sample_copy, actor=dispatcher(), action=Action.UNMERGE_PEOPLE, at=NOW) as change:
        for merge_id in random.Random(12).sample(merges, 200):
            unmerge(change, merge_id)

    assert state() == before
