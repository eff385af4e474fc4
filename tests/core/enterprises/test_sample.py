"""The sample district's reviews: scored by the same functions from the same rows, so that file and rows agree."""

from __future__ import annotations

from datetime import date

import pytest

from core.enterprises.assessment import EnterpriseAssessment, Flag, assess_enterprises
from core.enterprises.loading import load
from core.store import settings
from core.store.database import Database
from core.terms import EvidenceSource, Tier

TODAY = date(2025, 12, 28)


@pytest.fixture(scope="module")
def board(sample_db: Database) -> list[EnterpriseAssessment]:
    with sample_db.read() as connection:
        return assess_enterprises(load(connection, TODAY), settings.parameters(connection), TODAY)


def test_monitoring_on_file_is_monitoring_computed_to_the_last_digit_shown(board: list[EnterpriseAssessment]) -> None:
    assert len(board) == 12
    for enterprise in board:
        assert Flag.FILED_DIFFERS not in enterprise.flags
        for part in enterprise.score.pillars:
            computed, filed = part.sources[EvidenceSource.MONITORING], enterprise.filed.get(part.pillar)
            assert (computed is None) == (filed is None)
            assert computed is None or filed == pytest.approx(computed, abs=0.005 + 1e-9)


def test_score_and_tier_on_file_are_those_of_the_evidence_and_the_rule(board: list[EnterpriseAssessment]) -> None:
    for enterprise in board:
        assert Flag.OFF_RULE not in enterprise.flags
        for period in enterprise.history:
            assert period.recorded == pytest.approx(period.index, abs=0.05 + 1e-9)
            assert period.tier is period.by_rule


def test_the_board_has_somebody_in_every_tier_and_each_case_to_show(board: list[EnterpriseAssessment]) -> None:
    assert {e.tier for e in board} == set(Tier)
    shown = [flag for e in board for flag in e.flags]
    assert {Flag.BREACH, Flag.NO_THIRD_PARTY, Flag.RECONCILE} <= set(shown)
