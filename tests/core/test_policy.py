"""Every row of the table of rights holds inside a command, every action is used, and nobody sees beyond their scope."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from core.people.commands import reveal
from core.people.scope import visible
from core.policy import FIELDS, RULES, SCOPES, Access, Action, Field, Refused, Sight, may, sees, system_access
from core.store.commands import OutOfScope, command, verify_audit
from core.store.database import ROOT, Database
from core.store.register import exports, register_export
from core.store.schema import Account, AccountCommunity, AuditEvent, Community, Person, Plan, PlanMeasure, Visit
from core.terms import AccountRole, CommunityKind, MeasureKind, PlanStatus, RevealPurpose, VisitMode
from tests.accesses import acting, administrator, caseworker, dispatcher
from tests.conftest import KEY, NOW

ROLES = [*AccountRole, None]
TODAY = date(2025, 12, 28)


def someone(role: AccountRole | None) -> Access:
    return system_access("定时任务") if role is None else acting(role)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Iterable[Database]:
    """Two communities with a person and a visit each (person 1 in the first, 2 in the second), and one of no community."""
    from tests.stores import copy_of

    db = copy_of(empty_file, tmp_path_factory.mktemp("policy"))
    with db.write() as session:
        for key in (1, 2):
            session.add(
                Community(id=key, code=f"C{key}", name=f"社区{key}", kind=CommunityKind.URBAN, lon=116.6, lat=35.3)
            )
        session.flush()
        for key, community in ((1, 1), (2, 2), (3, None)):
            session.add(Person(id=key, name=f"张晓{key}", phone=f"1390000000{key}", community_id=community))
        session.flush()
        for key in (1, 2, 3):
            session.add(Visit(id=key, person_id=key, visited_on=TODAY, mode=VisitMode.DOOR))
            session.add(Plan(id=key, person_id=key, made_on=TODAY, status=PlanStatus.LIVE))
        session.flush()
        for key in (1, 2, 3):
            session.add(PlanMeasure(id=key, plan_id=key, step=1, kind=MeasureKind.TRAINING))
    yield db
    db.dispose()


@pytest.mark.parametrize("role", ROLES)
def test_a_command_refuses_what_the_table_does_not_allow(store: Database, role: AccountRole | None) -> None:
    revision, refused = store.revision(), set()
    for action in Action:
        try:
            with command(store, actor=someone(role), action=action, at=NOW, raises_revision=False):
                pass
        except Refused:
            refused.add(action)

    assert refused == {action for action in Action if role not in RULES[action]}
    assert store.revision() == revision


def test_every_action_has_its_row_and_is_asked_for_somewhere() -> None:
    asked = {
        node.attr
        for folder in ("core", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if path != ROOT / "core" / "policy.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Action"
    }

    assert set(RULES) == set(Action)
    assert set(FIELDS) == set(Field)
    assert set(SCOPES) == set(AccountRole)
    assert {action.name for action in Action} - asked == set()


def test_who_may_change_people_or_reveal_them_also_works_with_somebody() -> None:
    about_people = (Action.REVEAL, Action.EDIT_PERSON, Action.EXPORT_PEOPLE, Action.READ_PERSON)

    for action in about_people:
        for role in RULES[action]:
            assert sees(someone(role), Field.NAME) is Sight.ON_PURPOSE
    assert {role for role in AccountRole if may(acting(role), Action.IMPORT)} == {AccountRole.ADMINISTRATOR}


@pytest.mark.parametrize(("table", "key"), [(Person, 2), (Visit, 2), (PlanMeasure, 2), (Person, 3), (Visit, 3)])
def test_a_caseworker_changes_nothing_about_people_of_other_communities(
    store: Database, table: type[Person], key: int
) -> None:
    who = caseworker(communities=[1])
    values = {Person: {"note": "x"}, Visit: {"needs": "x"}, PlanMeasure: {"text": "x"}}[table]

    with pytest.raises(OutOfScope), command(store, actor=who, action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(table, key, values)

    with command(store, actor=who, action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(table, 1, values)


def test_a_caseworker_adds_nothing_to_people_of_other_communities(store: Database) -> None:
    who = caseworker(communities=[1])

    with pytest.raises(OutOfScope), command(store, actor=who, action=Action.RECORD_VISIT, at=NOW) as change:
        change.add(Visit(person_id=2, visited_on=date(2025, 12, 1), mode=VisitMode.DOOR))
    with pytest.raises(OutOfScope), command(store, actor=who, action=Action.EDIT_PERSON, at=NOW) as change:
        change.add_all(
            Visit, [{"person_id": p, "visited_on": date(2025, 11, 1), "mode": VisitMode.DOOR} for p in (1, 2)]
        )
    with pytest.raises(OutOfScope), command(store, actor=who, action=Action.EDIT_PERSON, at=NOW) as change:
        change.remove_all(Visit, [(2, {})])


def test_a_person_may_move_out_of_the_communities_of_a_caseworker(any_db: Database) -> None:
    with any_db.write(people_of=None) as session:
        for key in (1, 2):
            session.add(
                Community(id=key, code=f"C{key}", name=f"社区{key}", kind=CommunityKind.URBAN, lon=116.6, lat=35.3)
            )
        session.flush()
        session.add(Person(id=1, name="张晓明", community_id=1))
    who = caseworker(communities=[1])

    with command(any_db, actor=who, action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(Person, 1, {"community_id": 2})

    with pytest.raises(OutOfScope), command(any_db, actor=who, action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(Person, 1, {"community_id": 1})


@pytest.mark.parametrize(
    "values",
    [{"active": False}, {"role": AccountRole.LEADER}, {"communities": [2]}],
    ids=["deactivated", "role", "scope"],
)
def test_a_command_refuses_an_account_that_changed_since_the_page_was_drawn(
    store: Database, values: dict[str, Any]
) -> None:
    with store.write() as session:
        session.execute(delete(AccountCommunity))
        session.execute(delete(Account))
        session.add(Account(id=7, sign_in_name="xu", name="许小满", role=AccountRole.CASEWORKER))
        session.flush()
        session.add(AccountCommunity(account_id=7, community_id=1))
    who = Access(7, "许小满", AccountRole.CASEWORKER, frozenset({1}))
    with command(store, actor=who, action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(Person, 1, {"note": str(values)})

    with store.write() as session:
        for community in values.get("communities", []):
            session.execute(update(AccountCommunity).values(community_id=community))
        if "communities" not in values:
            session.execute(update(Account).values(**values))

    with pytest.raises(Refused), command(store, actor=who, action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(Person, 1, {"note": "later"})


def test_an_import_writes_about_everybody_though_the_administrator_sees_nobody(store: Database) -> None:
    with command(store, actor=administrator(), action=Action.IMPORT, at=NOW) as change:
        change.edit(Person, 3, {"note": "随表"})


def test_what_is_revealed_is_written_down_and_changes_no_revision(any_db: Database) -> None:
    with any_db.write(people_of=None) as session:
        session.add(Community(id=1, code="C1", name="社区", kind=CommunityKind.URBAN, lon=116.6, lat=35.3))
        session.flush()
        session.add(Person(id=1, name="张晓明", phone="13900000001", community_id=1))
    revision = any_db.revision()

    shown = reveal(any_db, 1, purpose=RevealPurpose.CONTACT, actor=caseworker(communities=[1]), at=NOW)
    for who in (caseworker(communities=[2]), caseworker(communities=[])):
        with pytest.raises(OutOfScope):
            reveal(any_db, 1, purpose=RevealPurpose.CONTACT, actor=who, at=NOW)
    for role in (AccountRole.LEADER, AccountRole.ENTERPRISE_OFFICER, AccountRole.ADMINISTRATOR, AccountRole.AUDITOR):
        with pytest.raises(Refused):
            reveal(any_db, 1, purpose=RevealPurpose.CONTACT, actor=acting(role), at=NOW)

    assert (shown["name"], shown["phone"]) == ("张晓明", "13900000001")
    assert any_db.revision() == revision
    with any_db.read() as connection:
        events = connection.execute(select(AuditEvent).order_by(AuditEvent.id)).mappings().all()
    assert verify_audit(events, KEY) is None
    (event,) = events
    assert (event["action"], event["entity"], event["entity_id"]) == ("reveal", "reveal", "1")
    assert event["after"]["purpose"] == "contact"
    assert "张晓明" not in str(event["after"])


def test_an_export_is_registered_with_who_took_what(any_db: Database) -> None:
    what = {"name": "名单.xlsx", "rows": 12, "filters": "community=3", "at": NOW}
    register_export(any_db, "20251228-1", action=Action.EXPORT_PEOPLE, actor=dispatcher("王芳"), **what)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        register_export(
            any_db,
            "20251228-2",
            action=Action.EXPORT_PEOPLE,
            actor=acting(AccountRole.LEADER),
            **what,  # type: ignore[arg-type]
        )

    with any_db.read() as connection:
        (line,) = exports(connection).to_dict("records")
    assert line == {
        "at": NOW,
        "actor": "王芳",
        "role": "dispatcher",
        "action": "export_people",
        "name": "名单.xlsx",
        "rows": 12,
        "filters": "community=3",
        "number": "20251228-1",
    }


PEOPLE = st.lists(st.tuples(st.integers(1, 9), st.one_of(st.none(), st.integers(1, 4))), max_size=12)


@given(people=PEOPLE, rows=st.lists(st.one_of(st.none(), st.integers(1, 12))), own=st.frozensets(st.integers(1, 5)))
def test_nobody_sees_rows_beyond_their_communities(
    people: list[tuple[int, int | None]], rows: list[int | None], own: frozenset[int]
) -> None:
    homes = pd.Series(dict(people), dtype="Int64")
    table = pd.DataFrame({"person_id": pd.array(rows, dtype="Int64"), "n": range(len(rows))})

    for role in AccountRole:
        shown = visible(acting(role, communities=own), table, homes)
        if SCOPES[role].value == "all":
            expected = list(range(len(rows)))
        elif SCOPES[role].value == "nobody":
            expected = []
        else:
            expected = [n for n, person in enumerate(rows) if person is not None and dict(people).get(person) in own]
        assert list(shown["n"]) == expected
