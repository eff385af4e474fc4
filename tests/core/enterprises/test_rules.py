"""Dated rules: what they would move, what is refused, what is asked twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core.enterprises.commands import freeze_monitoring
from core.enterprises.loading import load
from core.enterprises.movement import Move, Movement, movement
from core.enterprises.rule_commands import NeedsConfirmation, save_rules
from core.enterprises.rules import BUILT_IN, InvalidRules, Rules, rules_on
from core.policy import Action
from core.store import settings
from core.store.commands import command
from core.store.database import Database
from core.terms import Tier
from tests.accesses import dispatcher, enterprise_officer
from tests.core.workshops.factories import TODAY, fill

AT = datetime(2025, 12, 28, 4, 0, tzinfo=UTC)
LATER = date(2026, 1, 1)


def save(
    db: Database, rules: Rules, since: date = LATER, reason: str = "年度调整", *, is_confirmed: bool = False
) -> Rules:
    with command(db, actor=enterprise_officer("李明"), action=Action.SAVE_TIER_RULES, at=AT) as change:
        return save_rules(change, rules, since, reason, TODAY, is_confirmed=is_confirmed)


def moved(db: Database, new: Rules) -> Movement:
    with db.read() as c:
        return movement(load(c, TODAY), settings.parameters(c), BUILT_IN, new, TODAY)


def with_tiers(*tiers: tuple[Tier, Tier]) -> Movement:
    return Movement(tuple(Move(k, str(k), (80.0, 80.0), pair, (k, k)) for k, pair in enumerate(tiers)))


def test_more_than_a_fifth_of_the_highest_tier_asks_twice() -> None:
    stays, leaves = (Tier.LEADER, Tier.LEADER), (Tier.LEADER, Tier.BACKBONE)
    quarter = with_tiers(*[stays] * 3, leaves, (Tier.WATCH, Tier.RESERVE))
    assert (quarter.moved_share, quarter.needs_second_confirmation) == (0.25, True)
    assert not with_tiers(*[stays] * 4, leaves).needs_second_confirmation  # exactly a fifth
    assert with_tiers((Tier.BACKBONE, Tier.GROWTH)).moved_share == 1.0  # nobody leads: the highest with a member counts
    assert with_tiers().moved_share == 0.0


def test_the_same_rules_move_nobody_and_higher_thresholds_do(db: Database) -> None:
    fill(db)
    assert not any(m.moves or m.index[0] != m.index[1] for m in moved(db, BUILT_IN).moves)
    high = moved(db, replace(BUILT_IN, thresholds=(90.0, 93.0, 96.0, 99.0), margin=1.0))
    assert all(m.index[0] == m.index[1] and m.rank[0] == m.rank[1] for m in high.moves)
    assert high.moved_share == 1.0


def test_new_goalposts_rescore_figures_that_are_frozen_already(db: Database) -> None:
    fill(db)
    with command(db, actor=dispatcher("李明"), action=Action.FREEZE_WEEK, at=AT) as change:
        freeze_monitoring(change, TODAY)
    harder = moved(db, replace(BUILT_IN, goalposts={"target_people": (0.0, 100.0)}))
    assert all(m.index[1] < m.index[0] for m in harder.moves)


def test_a_version_holds_from_its_day_and_contradictions_are_refused(db: Database) -> None:
    fill(db)
    new = replace(BUILT_IN, margin=2.0)
    for code, arguments in {
        "reason": (new, LATER, " "),
        "past": (new, date(2025, 12, 27), "x"),
        "unchanged": (BUILT_IN, LATER, "x"),
        "margin": (replace(BUILT_IN, margin=5.0), LATER, "x"),
    }.items():
        with pytest.raises(InvalidRules, match=code):
            save(db, *arguments)
    assert save(db, new).version == "2026-1"
    with pytest.raises(InvalidRules, match="same_day"):
        save(db, replace(new, margin=1.0))
    with db.read() as c:
        versions = load(c, TODAY).rules
    assert rules_on(versions, date(2025, 12, 31)) == BUILT_IN
    assert rules_on(versions, LATER) == replace(new, version="2026-1")


def test_a_large_movement_is_stored_only_with_the_second_confirmation(db: Database) -> None:
    fill(db)
    new = replace(BUILT_IN, thresholds=(90.0, 93.0, 96.0, 99.0), margin=1.0)
    with pytest.raises(NeedsConfirmation) as caught:
        save(db, new)
    assert caught.value.movement.moved_share == 1.0
    with db.read() as c:
        assert load(c, TODAY).rules.empty
    assert save(db, new, is_confirmed=True).thresholds == new.thresholds
