"""From the rows of a store to the board: monitored figures, standings, decisions, pictures."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from core.enterprises import figures, queries
from core.enterprises.assessment import EnterpriseAssessment, Flag, Travel, assess_enterprises, lifts
from core.enterprises.commands import decide_tier
from core.enterprises.goalposts import goalposts
from core.enterprises.monitoring import Ledger, monitor
from core.enterprises.robustness import draws, drop_one, rated_enterprises, reach_of_scores, sobol_of
from core.enterprises.score import geometric
from core.enterprises.tiers import MIN_PROBABILITY
from core.locale import translator
from core.store import settings
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Assessment
from core.terms import Pillar, Tier, TierCause
from tests.core.workshops.factories import TODAY, fill

TRAVEL = Travel(250, 1.3)


def ledger_of(db: Database, today: date = TODAY) -> Ledger:
    with db.read() as c:
        return Ledger(
            queries.enterprises(c),
            queries.months(c),
            queries.placements(c),
            queries.trained(c),
            queries.referrals(c),
            queries.reviews(c, today),
            queries.review_scores(c),
        )


def assessments_of(db: Database, today: date = TODAY) -> list[EnterpriseAssessment]:
    with db.read() as c:
        parameters = settings.parameters(c)
    return assess_enterprises(ledger_of(db, today), goalposts(parameters, today), today, TRAVEL)


@pytest.fixture
def filled(db: Database) -> Database:
    fill(db)
    return db


def test_an_empty_store_has_no_board(db: Database) -> None:
    assert assessments_of(db) == []
    assert draws(rated_enterprises([])).keys == ()


def test_monitored_figures_equal_a_count_by_hand(filled: Database) -> None:
    ledger = ledger_of(filled)
    found = monitor(ledger, TODAY, 250, 1.3)
    for key in ledger.enterprises["id"]:
        own = ledger.placements[ledger.placements["employer_id"] == key]
        there = own[own["ended_on"].isna() | (own["ended_on"] > pd.Timestamp(TODAY))]
        assert found.loc[key, "target_people"] == there["target"].sum()
        assert found.loc[key, "median_pay"] == there["monthly_pay"].median()
        mature = own[own["started_on"] <= pd.Timestamp(TODAY) - pd.Timedelta(days=183)]
        stayed = mature["ended_on"].isna() | ((mature["ended_on"] - mature["started_on"]).dt.days >= 183)
        assert found.loc[key, "retention"] == pytest.approx(stayed.mean() * 100)
        year = ledger.months[(ledger.months["employer_id"] == key) & (ledger.months["month"] >= "2025-01-01")]["orders"]
        assert found.loc[key, "order_stability"] == pytest.approx(1 - year.astype(float).std() / year.mean())
        assert found.loc[key, "order_months"] == 12


def test_nobody_commissioned_means_unknown_not_zero(filled: Database) -> None:
    assert monitor(ledger_of(filled), TODAY, 250, 1.3)["commissioned_hired"].isna().all()


def test_before_an_enterprise_opened_it_is_not_on_the_board(filled: Database) -> None:
    assert assessments_of(filled, date(2024, 2, 1)) == []


def test_the_badge_equals_the_product_of_the_shown_pillars(filled: Database) -> None:
    for s in assessments_of(filled):
        assert s.index is not None
        by_hand = 100 * np.prod([(p.value or 0) ** (1 / 6) for p in s.score.pillars])
        assert s.index == pytest.approx(by_hand)


def test_the_tier_is_the_one_on_file_and_columns_come_best_first(filled: Database) -> None:
    found = assessments_of(filled)
    assert [s.tier for s in found] == [Tier.LEADER, Tier.BACKBONE, Tier.GROWTH, Tier.RESERVE, Tier.WATCH]


def test_lifting_one_pillar_to_the_named_value_reaches_the_threshold(filled: Database) -> None:
    for s in assessments_of(filled):
        for step in lifts(s.score, 70.0):
            values = [step.needed if p.pillar is step.pillar else p.value or 0 for p in s.score.pillars]
            assert 100 * geometric(values, [1] * len(Pillar)) == pytest.approx(70.0)


def test_a_breach_is_flagged(filled: Database) -> None:
    with filled.write() as session:
        last = session.query(Assessment).order_by(Assessment.reviewed_on.desc()).first()
        last.wage_arrears = True
        key = last.employer_id
    assessment = next(s for s in assessments_of(filled) if s.key == key)
    assert Flag.BREACH in assessment.flags
    assert assessment.breaches == ("wage_arrears",)
    assert assessment.preview.level == 0


def test_a_promotion_needs_the_evidence_to_reach_the_threshold(filled: Database) -> None:
    middle = assessments_of(filled)[2]
    assert middle.history[-1].by_rule is Tier.GROWTH
    with filled.write() as session:  # two composites far above the next threshold, on evidence that does not reach it
        reviews = session.query(Assessment).filter_by(employer_id=middle.key).order_by(Assessment.reviewed_on).all()
        for review in reviews[-2:]:
            review.score = 95.0
    after = next(a for a in assessments_of(filled) if a.key == middle.key)

    [reach] = reach_of_scores([after.score], count=500)
    assert reach is not None
    assert reach[Tier.GROWTH.order] < MIN_PROBABILITY
    assert after.history[-1].by_rule is Tier.GROWTH


def test_a_decision_needs_a_reason_and_moves_the_card(filled: Database) -> None:
    assessment = assessments_of(filled)[-1]
    at = datetime(2025, 12, 28, tzinfo=UTC)
    with (
        pytest.raises(ValueError, match="reason"),
        command(filled, actor="李明", action="decide_tier", at=at) as change,
    ):
        decide_tier(change, assessment.key, Tier.RESERVE, " ", TODAY, assessment.index)
    for tier in (Tier.RESERVE, Tier.GROWTH):  # the second decision of a day replaces the first
        with command(filled, actor="李明", action="decide_tier", at=at) as change:
            decide_tier(change, assessment.key, tier, "现场核实", TODAY, assessment.index)
    moved = next(s for s in assessments_of(filled) if s.key == assessment.key)
    assert moved.tier is Tier.GROWTH
    assert moved.history[-1].cause is TierCause.MANUAL
    assert moved.history[-1].decided_by == "李明"
    assert len(moved.history) == len(assessment.history) + 1


def test_a_decision_keeps_the_evidence_of_the_last_review(filled: Database) -> None:
    assessment = assessments_of(filled)[0]
    with command(filled, actor="李明", action="decide_tier", at=datetime(2025, 12, 28, tzinfo=UTC)) as change:
        decide_tier(change, assessment.key, Tier.BACKBONE, "现场核实", TODAY, assessment.index)
    moved = next(s for s in assessments_of(filled) if s.key == assessment.key)
    assert moved.index == pytest.approx(assessment.index)


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_every_picture_can_be_drawn(filled: Database, lang: str) -> None:
    tr, assessments = translator(lang), assessments_of(filled)
    found = draws(rated_enterprises(assessments), count=200)
    charts = [
        figures.interval_bar(70, 65, 75),
        figures.rank_intervals(found, assessments, tr),
        figures.tier_acceptability(found, assessments, tr),
        figures.axes_scatter(assessments, tr),
        figures.bump(assessments, assessments[0].name, tr),
        figures.drop_one_bars(drop_one(assessments), tr),
        figures.sobol_bars(sobol_of(rated_enterprises(assessments), count=64), tr),
        *(figures.pillar_sources(s, tr) for s in assessments),
    ]
    assert all(chart.to_dict() for chart in charts)


def test_names_of_neighbouring_points_do_not_cover_each_other() -> None:
    names = ["云绒玩偶坊", "桃枝手作社", "麦秆画坊", "Yarn & Cat"]
    points = [(500.0, 200.0), (512.0, 206.0), (505.0, 214.0), (5.0, 100.0)]
    places = figures.place_labels(points, names, 1000, 480)

    assert len(set(places[:3])) == 3
    assert figures.LABEL_PLACES[places[3]][2] == "left"  # at the left edge the name goes to the right
    assert figures.place_labels([], [], 1000, 480) == []


def test_the_bump_chart_ranks_every_enterprise_once_a_period(filled: Database) -> None:
    table = figures.bump_table(assessments_of(filled))
    assert list(table["period"].unique()) == ["2024H2", "2025H1", "2025H2"]
    for _, period in table.groupby("period"):
        assert sorted(period["rank"]) == [1, 2, 3, 4, 5]
