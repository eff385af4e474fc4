"""The sample district's reviews: scored by the same functions from the same rows, so that file and rows agree."""

from __future__ import annotations

from datetime import date

import pytest

from core.enterprises import queries
from core.enterprises.assessment import EnterpriseAssessment, Flag, assess_enterprises
from core.enterprises.loading import load
from core.enterprises.rounds.proposal import is_reproduced
from core.store import settings
from core.store.database import Database
from core.terms import EvidenceSource, PromiseKind, RoundState, SupportState, Tier
from core.workshops import loading
from core.workshops import queries as workshop_queries
from core.workshops.ledger import Fact, with_facts

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


def test_the_last_review_is_a_round_of_four_judges_that_is_computed_again_to_the_same_result(
    sample_db: Database, board: list[EnterpriseAssessment]
) -> None:
    with sample_db.read() as connection:
        rounds = queries.rounds(connection).set_index("period")
        marks, exclusions = queries.marks(connection, None), queries.exclusions(connection)
        cases = queries.cases(connection)
        kept = queries.round_content(connection, int(rounds.loc["2025H2", "id"]))
    assert list(rounds["state"]) == [RoundState.OPEN, RoundState.FROZEN]
    assert kept is not None
    assert is_reproduced(kept["inputs"], kept["rules"], kept["results"])
    results = {result["employer_id"]: result for result in kept["results"]}
    assert {e.key: e.index for e in board} == pytest.approx({k: r["index"] for k, r in results.items()})
    assert all(e.tier.order == results[e.key]["after"]["level"] for e in board)
    assert all(e.monitoring.frozen_on == date(2025, 12, 24) for e in board)
    finished = cases[cases["round_id"] == rounds.loc["2025H2", "id"]]
    given = marks[marks["case_id"].isin(finished["id"]) & (marks["source"] == EvidenceSource.PANEL)]
    assert sorted(given.groupby("case_id")["judge"].nunique()) == [3, *[4] * 11]
    assert len(exclusions) == 2
    half_done = set(cases["id"]) - set(finished["id"])
    assert not set(marks.loc[marks["case_id"].isin(half_done) & (marks["source"] == EvidenceSource.PANEL), "judge"])


def test_support_visits_and_promises_of_the_sample_show_every_state(sample_db: Database) -> None:
    with sample_db.read() as connection:
        grants, visits = queries.support_grants(connection), queries.visits(connection)
        rows = loading.load(connection, TODAY)
        promises = with_facts(workshop_queries.promises(connection, TODAY), rows.outputs, TODAY)
    assert {SupportState.of(state) for state in grants["state"]} == set(SupportState)
    assert grants.loc[grants["state"] == SupportState.ENDED, "effect"].notna().all()
    assert len(visits) == 5
    assert set(promises["fact"]) == set(Fact)
    assert promises.loc[promises["kind"] == PromiseKind.ORDER, "expected_on"].notna().all()
