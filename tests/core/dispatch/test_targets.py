"""Targets and limits changed on the page: dated, with a reason, audited; the value before stays readable."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.dispatch.targets import REFUSALS, Refused, set_light_limit, set_target
from core.indicators import queries
from core.indicators.facts import load
from core.indicators.registry import measure
from core.indicators.targets import target_on
from core.policy import Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import AuditEvent, Community
from core.store.settings import parameter, parameters
from core.terms import CommunityKind
from tests.accesses import dispatcher
from tests.conftest import NOW

SPRING, SUMMER = date(2025, 3, 1), date(2025, 7, 1)


def changed(db: Database, code: str, value: float, day: date, reason: str = "区政府批复", **where: int) -> None:
    with command(db, actor=dispatcher("李明"), action=Action.SET_TARGET, at=NOW) as change:
        set_target(change, code, value, day, reason, **where)


def limited(db: Database, key: str, value: float, day: date, reason: str = "区政府批复") -> None:
    with command(db, actor=dispatcher("李明"), action=Action.SET_LIGHT_LIMIT, at=NOW) as change:
        set_light_limit(change, key, value, day, reason)


def in_force(db: Database, name: str, day: date, community: int | None = None) -> float | None:
    with db.read() as connection:
        return target_on(queries.targets(connection), name, day, community)


def test_a_changed_target_counts_from_its_day_and_the_old_one_stays(any_db: Database) -> None:
    changed(any_db, "re_employment", 30, date(2025, 1, 1))
    changed(any_db, "re_employment", 35, SUMMER, "年中调整")

    assert in_force(any_db, "二次就业率", date(2025, 6, 30)) == 30
    assert in_force(any_db, "二次就业率", SUMMER) == 35
    assert in_force(any_db, "二次就业率", date(2026, 1, 1)) is None
    with any_db.read() as connection:
        facts = load(connection)
        audit = connection.execute(select(AuditEvent.actor, AuditEvent.after).order_by(AuditEvent.id)).all()
    assert [measure(facts, "re_employment", day).target for day in (date(2025, 6, 30), SUMMER)] == [0.3, 0.35]
    assert facts.targets["reason"].tolist() == ["区政府批复", "年中调整"]
    assert set(facts.targets["author"]) == {"李明"}
    assert [(row.actor, row.after["value"]) for row in audit] == [("李明", 30), ("李明", 35)]


def test_a_community_has_its_own_target(any_db: Database) -> None:
    with any_db.write() as session:
        session.add(Community(code="1", name="荷风社区", town="镇", kind=CommunityKind.URBAN, lon=116.5, lat=35.4))
    changed(any_db, "visits_made", 6000, SPRING)
    changed(any_db, "visits_made", 300, SPRING, community_id=1)

    assert in_force(any_db, "走访", SPRING) == 6000
    assert in_force(any_db, "走访", SPRING, 1) == 300


def test_a_second_target_for_the_same_day_replaces_the_first_and_the_log_has_both(any_db: Database) -> None:
    changed(any_db, "visits_made", 6000, SPRING)
    changed(any_db, "visits_made", 6100, SPRING, "笔误更正")

    with any_db.read() as connection:
        targets = queries.targets(connection)
        last = connection.execute(select(AuditEvent.before, AuditEvent.after).order_by(AuditEvent.id.desc())).first()
    assert targets[["value", "reason"]].to_numpy().tolist() == [[6100, "笔误更正"]]
    assert last is not None
    assert (last.before["value"], last.after["value"]) == (6000, 6100)


@pytest.mark.parametrize(
    ("code", "value", "reason", "refusal"),
    [
        ("visits_made", -1, "x", "negative"),
        ("visit_coverage", 100.5, "x", "above_100"),
        ("visits_made", 10, "  ", "no_reason"),
        ("visits_made", 6000, "x", "unchanged"),
    ],
)
def test_what_is_refused_changes_nothing(db: Database, code: str, value: float, reason: str, refusal: str) -> None:
    changed(db, "visits_made", 6000, SPRING)
    before = db.revision()

    with pytest.raises(Refused) as caught:
        changed(db, code, value, SUMMER, reason)

    assert caught.value.code == refusal
    assert refusal in REFUSALS
    assert db.revision() == before


def test_a_number_a_person_may_be_above_100(db: Database) -> None:
    changed(db, "skills_per_person", 120, SPRING)
    assert in_force(db, "人均技能", SPRING) == 120


def test_limits_of_the_lights_are_dated(any_db: Database) -> None:
    limited(any_db, "light_red_points", -8, SUMMER)

    with any_db.read() as connection:
        table = parameters(connection)
    assert [parameter(table, "light_red_points", day) for day in (SPRING, SUMMER)] == [-10, -8]
    assert table[table["key"] == "light_red_points"]["source"].tolist()[-1] == "区政府批复"


@pytest.mark.parametrize(
    ("key", "value", "reason", "refusal"),
    [
        ("light_red_points", 0, "x", "crossed"),
        ("light_yellow_points", -10, "x", "crossed"),
        ("light_red_points", -10, "x", "unchanged"),
        ("light_red_points", -8, "", "no_reason"),
    ],
)
def test_limits_that_make_no_sense_are_refused(db: Database, key: str, value: float, reason: str, refusal: str) -> None:
    with pytest.raises(Refused) as caught:
        limited(db, key, value, SUMMER, reason)
    assert caught.value.code == refusal


def test_another_parameter_is_no_limit_of_the_lights(db: Database) -> None:
    with pytest.raises(KeyError):
        limited(db, "minimum_wage_month", 1, SUMMER)
