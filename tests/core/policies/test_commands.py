"""Applications move through their states, a frozen month stays as it was, and another version changes only later days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.people.commands import Findings, record_visit
from core.policies import queries
from core.policies.commands import Refused, Subject, approve, draft, end, freeze_month, refuse, save_rule, submit
from core.policies.conditions import Step, Truth
from core.policies.eligibility import judge, unclaimed_people
from core.policies.loading import load
from core.policies.rules import InvalidRule, Rule, rules_on
from core.policy import Action
from core.policy import Refused as NotAllowed
from core.store import settings as store_settings
from core.store.commands import OutOfScope, command
from core.store.database import Database
from core.store.row_check import verify_rows
from core.store.schema import Hardship, PaymentLine, PolicyApplication
from core.terms import ApplicationState, InsurancePayer, VisitMode
from tests.accesses import administrator, caseworker, dispatcher
from tests.core.policies.test_personas import store
from tests.stores import copy_of

TODAY = date(2025, 12, 28)
NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)
FLEXIBLE = "insurance_flexible"
PAYS_ALREADY, NOT_ASKED, NO_CATEGORY = (
    "in flexible work, pays the insurance",
    "in flexible work, insurance not asked",
    "in flexible work without a category, insurance not asked",
)


def apply(db: Database, person: int) -> int:
    return draft(db, FLEXIBLE, Subject(person_id=person), today=TODAY, actor=caseworker(), at=NOW)


def application(db: Database, key: int) -> pd.Series:
    with db.read() as connection:
        rows = queries.applications(connection)
    return rows[rows["id"] == key].iloc[0]


def version(db: Database, key: int) -> int:
    return int(application(db, key)["version"])


def approved(db: Database, person: int, *, amount: float = 500, starts_on: date = date(2025, 10, 1)) -> int:
    key = apply(db, person)
    submit(db, key, version=1, today=TODAY, actor=caseworker(), at=NOW)
    approve(db, key, amount=amount, starts_on=starts_on, months=12, version=2, today=TODAY, actor=dispatcher(), at=NOW)
    return key


def test_an_application_goes_from_draft_to_payment_with_the_trace_it_was_submitted_by(db: Database) -> None:
    ids = store(db)
    key = approved(db, ids[PAYS_ALREADY])

    row = application(db, key)
    assert row["state"] == ApplicationState.APPROVED
    assert (row["starts_on"], row["ends_on"]) == (pd.Timestamp(2025, 10, 1), pd.Timestamp(2026, 9, 30))
    assert Step.from_json(row["trace"]["trace"]).truth is Truth.YES

    assert freeze_month(db, FLEXIBLE, date(2025, 12, 1), today=TODAY, actor=dispatcher(), at=NOW) == 1
    assert application(db, key)["state"] == ApplicationState.PAYING
    end(db, key, ends_on=TODAY, version=version(db, key), today=TODAY, actor=caseworker(), at=NOW)
    assert application(db, key)["state"] == ApplicationState.ENDED
    with db.read() as connection:
        assert [finding for finding in verify_rows(connection) if finding.table.startswith(("policy", "payment"))] == []


def test_what_is_unknown_may_be_drafted_and_not_submitted_and_what_is_not_met_not_even_drafted(db: Database) -> None:
    ids = store(db)
    key = apply(db, ids[NOT_ASKED])

    for code, attempt in {
        "unknown": lambda: submit(db, key, version=1, today=TODAY, actor=caseworker(), at=NOW),
        "not_met": lambda: apply(db, ids[NO_CATEGORY]),
        "twice": lambda: apply(db, ids[NOT_ASKED]),
        "state": lambda: refuse(db, key, reason="x", version=1, today=TODAY, actor=dispatcher(), at=NOW),
        "future": lambda: freeze_month(db, FLEXIBLE, date(2026, 1, 1), today=TODAY, actor=dispatcher(), at=NOW),
        "nobody": lambda: freeze_month(db, FLEXIBLE, date(2025, 12, 1), today=TODAY, actor=dispatcher(), at=NOW),
        "no_money": lambda: freeze_month(
            db, "post_placement", date(2025, 12, 1), today=TODAY, actor=dispatcher(), at=NOW
        ),
    }.items():
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == code


def test_an_answer_at_a_visit_decides_what_was_unknown(db: Database) -> None:
    ids = store(db)
    key = apply(db, ids[NOT_ASKED])

    record_visit(
        db, ids[NOT_ASKED], visited_on=TODAY, mode=VisitMode.DOOR, needs="", next_on=None, actor=caseworker(), at=NOW,
        findings=Findings(answers={"insurance": InsurancePayer.OWN}),
    )  # fmt: skip
    submit(db, key, version=1, today=TODAY, actor=caseworker(), at=NOW)

    assert application(db, key)["state"] == ApplicationState.SUBMITTED


def test_roles_and_communities_are_asked(db: Database) -> None:
    ids = store(db)
    person = Subject(person_id=ids[PAYS_ALREADY])
    with pytest.raises(NotAllowed):
        draft(db, FLEXIBLE, person, today=TODAY, actor=administrator(), at=NOW)
    with pytest.raises(OutOfScope):
        draft(db, FLEXIBLE, person, today=TODAY, actor=caseworker(communities=[2]), at=NOW)
    key = apply(db, ids[PAYS_ALREADY])
    submit(db, key, version=1, today=TODAY, actor=caseworker(), at=NOW)
    with pytest.raises(NotAllowed):
        refuse(db, key, reason="x", version=2, today=TODAY, actor=caseworker(), at=NOW)


def payment_lines(db: Database) -> list[tuple[object, ...]]:
    with db.read() as connection:
        t = PaymentLine
        return [tuple(row) for row in connection.execute(select(t.application_id, t.amount, t.is_paid, t.trace))]


def test_a_frozen_month_stays_as_it_was_whatever_is_edited_later(db: Database) -> None:
    ids = store(db)
    key = approved(db, ids[PAYS_ALREADY])
    freeze_month(db, FLEXIBLE, date(2025, 11, 1), today=TODAY, actor=dispatcher(), at=NOW)
    before = payment_lines(db)

    with db.write() as session:
        session.query(Hardship).filter_by(person_id=ids[PAYS_ALREADY]).delete()
        session.get(PolicyApplication, key).amount = 900  # type: ignore[union-attr]

    assert payment_lines(db) == before
    assert before[0][1:3] == (500.0, True)
    with pytest.raises(Refused):
        freeze_month(db, FLEXIBLE, date(2025, 11, 1), today=TODAY, actor=dispatcher(), at=NOW)
    freeze_month(db, FLEXIBLE, date(2025, 12, 1), today=TODAY, actor=dispatcher(), at=NOW)
    assert payment_lines(db)[1][1:3] == (0.0, False)  # held back: no valid category any more


def test_whoever_has_applied_is_no_longer_counted_as_unclaimed(db: Database) -> None:
    ids = store(db)

    def waiting() -> set[int]:
        with db.read() as connection:
            own = judge(load(connection), queries.rules(connection), store_settings.parameters(connection), TODAY)
            return set(unclaimed_people(own, queries.applications(connection)))

    assert ids[PAYS_ALREADY] in waiting()
    apply(db, ids[PAYS_ALREADY])
    assert ids[PAYS_ALREADY] not in waiting()


def shipped(db: Database) -> pd.DataFrame:
    with db.read() as connection:
        return queries.rules(connection)


def test_every_policy_that_ships_is_marked_has_a_source_and_holds_together(db: Database) -> None:
    versions = shipped(db)

    for code, content in zip(versions["code"], versions["content"], strict=True):
        rule = Rule.from_json(code, content)
        rule.check()
        assert rule.to_check
        assert rule.source
        assert rule.to_json() == content


def test_a_new_version_needs_a_later_day_a_reason_and_conditions_that_make_sense(db: Database) -> None:
    versions = shipped(db)
    rule = Rule.from_json(FLEXIBLE, versions.set_index("code")["content"][FLEXIBLE])

    def save(changed: Rule, since: date = TODAY, reason: str = "新文件") -> None:
        with command(db, actor=dispatcher(), action=Action.SAVE_POLICY, at=NOW) as change:
            save_rule(change, changed, since, reason, TODAY)

    dearer = replace(rule, ceiling=600.0)
    for code, attempt in {
        "unchanged": lambda: save(rule),
        "past": lambda: save(dearer, TODAY - timedelta(days=1)),
        "reason": lambda: save(dearer, reason=" "),
    }.items():
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == code
    with pytest.raises(InvalidRule):
        save(replace(dearer, source=""))
    save(dearer)
    with pytest.raises(Refused):
        save(replace(dearer, ceiling=700.0))
    assert [own.rule.ceiling for own in rules_on(shipped(db), TODAY) if own.rule.code == FLEXIBLE] == [600.0]


DAYS = st.integers(0, 700).map(lambda n: date(2024, 6, 1) + timedelta(days=n))


@pytest.fixture(scope="module")
def versions(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    own = copy_of(empty_file, tmp_path_factory.mktemp("versions"))
    rules = shipped(own)
    own.dispose()
    return rules


@settings(max_examples=60)
@given(since=st.lists(DAYS, min_size=1, max_size=4, unique=True), extra=DAYS, day=DAYS)
def test_another_version_changes_the_policy_from_its_day_to_the_next_version_and_nothing_else(
    versions: pd.DataFrame, since: list[date], extra: date, day: date
) -> None:
    content = versions.set_index("code")["content"][FLEXIBLE]

    def row(first: date, months: int) -> dict[str, object]:
        return {"code": FLEXIBLE, "since": pd.Timestamp(first), "content": {**content, "months": months}}

    old = pd.concat([versions, pd.DataFrame([row(first, n) for n, first in enumerate(since, 1)])], ignore_index=True)
    new = pd.concat([old, pd.DataFrame([row(extra, 99)])], ignore_index=True)
    later = [first for first in since if first > extra]
    is_touched = extra <= day and all(day < first for first in later) and extra not in since

    before = {own.rule.code: own for own in rules_on(old, day)}
    after = {own.rule.code: own for own in rules_on(new, day)}
    if extra not in since:
        assert (before != after) == is_touched
    assert {code: own for code, own in before.items() if code != FLEXIBLE} == {
        code: own for code, own in after.items() if code != FLEXIBLE
    }
