"""From the rows of a store to the board: monitored figures, standings, decisions, pictures."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from core.enterprises import figures
from core.enterprises.assessment import EnterpriseAssessment, Flag, assess_enterprises, lifts
from core.enterprises.commands import decide_tier, freeze_monitoring
from core.enterprises.honest_ranks import HonestRanks, held_with_confidence, honest_ranks
from core.enterprises.lift_path import lift_paths, monitoring_history, pace
from core.enterprises.loading import load
from core.enterprises.monitoring import Ledger, counts_behind, monitor
from core.enterprises.robustness import draws, drop_one, rated_enterprises, sobol_of
from core.enterprises.sampling import SHARES, people_behind
from core.enterprises.score import geometric, score
from core.locale import translator
from core.policy import Action
from core.store import settings
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Assessment, AssessmentScore, Employer, Placement, WelfarePost
from core.terms import Channel, EmployerKind, EvidenceSource, JobForm, Pillar, Tier, TierCause
from tests.accesses import dispatcher, enterprise_officer
from tests.core.workshops.factories import TODAY, fill


def ledger_of(db: Database, today: date = TODAY) -> Ledger:
    with db.read() as c:
        return load(c, today)


def assessments_of(db: Database, today: date = TODAY) -> list[EnterpriseAssessment]:
    with db.read() as c:
        parameters = settings.parameters(c)
    return assess_enterprises(ledger_of(db, today), parameters, today)


def ranks_of(db: Database, assessments: list[EnterpriseAssessment], count: int = 200) -> HonestRanks:
    with db.read() as c:
        people = people_behind(load(c, TODAY), settings.parameters(c), assessments, TODAY)
    return honest_ranks(assessments, people, count=count)


@pytest.fixture
def filled(db: Database) -> Database:
    fill(db)
    return db


def test_an_empty_store_has_no_board(db: Database) -> None:
    assert assessments_of(db) == []
    assert draws(rated_enterprises([])).keys == ()


def test_monitored_figures_equal_a_count_by_hand(filled: Database) -> None:
    ledger = ledger_of(filled)
    monitored = monitor(ledger, TODAY, 250, 1.3)
    for key in ledger.enterprises["id"]:
        own = ledger.placements[ledger.placements["employer_id"] == key]
        there = own[own["ended_on"].isna() | (own["ended_on"] > pd.Timestamp(TODAY))]
        assert monitored.loc[key, "target_people"] == there["target"].sum()
        assert monitored.loc[key, "median_pay"] == there["monthly_pay"].median()
        mature = own[own["started_on"] <= pd.Timestamp(TODAY) - pd.Timedelta(days=183)]
        stayed = mature["ended_on"].isna() | ((mature["ended_on"] - mature["started_on"]).dt.days >= 183)
        assert monitored.loc[key, "retention"] == pytest.approx(stayed.mean() * 100)
        year = ledger.months[(ledger.months["employer_id"] == key) & (ledger.months["month"] >= "2025-01-01")]["orders"]
        assert monitored.loc[key, "order_stability"] == pytest.approx(1 - year.astype(float).std() / year.mean())
        assert monitored.loc[key, "order_months"] == 12


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
    assessed = assessments_of(filled)
    assert [s.tier for s in assessed] == [Tier.LEADER, Tier.BACKBONE, Tier.GROWTH, Tier.RESERVE, Tier.WATCH]


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


def test_a_composite_on_the_sheet_moves_nobody_without_the_evidence(filled: Database) -> None:
    middle = assessments_of(filled)[2]
    with filled.write() as session:  # two composites far above every threshold, on evidence that does not reach them
        reviews = session.query(Assessment).filter_by(employer_id=middle.key).order_by(Assessment.reviewed_on).all()
        for review in reviews[-2:]:
            review.score = 99.0
    after = next(a for a in assessments_of(filled) if a.key == middle.key)

    assert after.history[-1].recorded == 99.0
    assert after.history[-1].index == middle.history[-1].index
    assert [p.by_rule for p in after.history] == [p.by_rule for p in middle.history]


def test_a_decision_needs_a_reason_and_moves_the_card(filled: Database) -> None:
    assessment = assessments_of(filled)[-1]
    at = datetime(2025, 12, 28, tzinfo=UTC)
    with (
        pytest.raises(ValueError, match="reason"),
        command(filled, actor=enterprise_officer("李明"), action=Action.DECIDE_TIER, at=at) as change,
    ):
        decide_tier(change, assessment.key, Tier.RESERVE, " ", TODAY, assessment.index)
    for tier in (Tier.RESERVE, Tier.GROWTH):  # the second decision of a day replaces the first
        with command(filled, actor=enterprise_officer("李明"), action=Action.DECIDE_TIER, at=at) as change:
            decide_tier(change, assessment.key, tier, "现场核实", TODAY, assessment.index)
    moved = next(s for s in assessments_of(filled) if s.key == assessment.key)
    assert moved.tier is Tier.GROWTH
    assert moved.history[-1].cause is TierCause.MANUAL
    assert moved.history[-1].decided_by == "李明"
    assert len(moved.history) == len(assessment.history) + 1


def test_a_decision_keeps_the_evidence_of_the_last_review(filled: Database) -> None:
    assessment = assessments_of(filled)[0]
    with command(
        filled, actor=enterprise_officer("李明"), action=Action.DECIDE_TIER, at=datetime(2025, 12, 28, tzinfo=UTC)
    ) as change:
        decide_tier(change, assessment.key, Tier.BACKBONE, "现场核实", TODAY, assessment.index)
    moved = next(s for s in assessments_of(filled) if s.key == assessment.key)
    assert moved.index == pytest.approx(assessment.index)


# -- monitoring: from the rows, frozen, never from the sheet --------------------------------------------


def freeze(db: Database) -> int:
    with command(
        db, actor=dispatcher("李明"), action=Action.FREEZE_WEEK, at=datetime(2025, 12, 29, tzinfo=UTC)
    ) as change:
        return freeze_monitoring(change, TODAY)


def sources(assessments: list[EnterpriseAssessment]) -> list[list[float | None]]:
    return [[p.sources[EvidenceSource.MONITORING] for p in a.score.pillars] for a in assessments]


def test_a_pillar_is_the_mean_of_its_figures_at_the_day_of_the_review(filled: Database) -> None:
    """The third enterprise on 20 December 2025: 10 people started, two left after 100 days; 5 of the 8 there had a welfare
    post. Jobs: 5 ÷ 20 = .25, and 5 of 10 on the payroll = 50% ÷ 50 = 1; their mean is .625."""
    third = next(a for a in assessments_of(filled) if a.name == "手工企业2")
    assert third.reviewed_on == date(2025, 12, 20)
    raw = third.monitoring.raw
    assert (raw["target_people"], raw["target_share"]) == (4, 40)
    assert third.monitoring.pillars[Pillar.JOBS] == pytest.approx((4 / 20 + 40 / 50) / 2)
    assert third.score.pillars[Pillar.JOBS.order].sources[EvidenceSource.MONITORING] == pytest.approx(0.5)


def test_the_board_from_rows_is_the_board_from_frozen_inputs(filled: Database) -> None:
    before = assessments_of(filled)
    assert all(a.monitoring.frozen_on is None for a in before)

    assert freeze(filled) == 15  # five enterprises, three reviews
    after = assessments_of(filled)

    assert all(a.monitoring.frozen_on == date(2025, 12, 29) for a in after)
    assert [(a.key, a.tier, a.index, a.preview) for a in after] == [
        (a.key, a.tier, pytest.approx(a.index), a.preview) for a in before
    ]
    assert sources(after) == [pytest.approx(values, nan_ok=True) for values in sources(before)]
    assert freeze(filled) == 0  # what is frozen stays


def test_rows_corrected_later_change_no_frozen_review(filled: Database) -> None:
    freeze(filled)
    before = assessments_of(filled)
    with filled.write() as session:
        session.execute(update(Placement).values(monthly_pay=Placement.monthly_pay + 1500))
    after = assessments_of(filled)

    assert [a.index for a in after] == [a.index for a in before]
    assert [a.live.index for a in after] != [a.live.index for a in before]


def test_a_past_review_keeps_the_goalposts_of_its_day(filled: Database) -> None:
    """The minimum wage rose from 2,010 to 2,210 yuan in October 2025: the June review scores pay from 2,010."""
    june, december = (a[0] for a in (assessments_of(filled, date(2025, 6, 30)), assessments_of(filled)))
    low = {
        a.reviewed_on: next(i.low for i in a.monitoring.indicators if i.code == "median_pay") for a in (june, december)
    }
    assert low == {date(2025, 6, 20): 2010, date(2025, 12, 20): 2210}


def test_filed_monitoring_is_shown_and_flagged_but_never_scored(filled: Database) -> None:
    """Jobs filed as .97 against .397 computed: flagged beyond .10 and not below; the score does not move."""
    before = {a.key: a for a in assessments_of(filled)}
    some = next(a for a in before.values() if a.monitoring.pillars[Pillar.JOBS] is not None)
    computed = some.monitoring.pillars[Pillar.JOBS] or 0.0

    def filed_as(value: float) -> EnterpriseAssessment:
        with filled.write() as session:
            last = session.scalars(
                select(Assessment).where(Assessment.employer_id == some.key).order_by(Assessment.reviewed_on.desc())
            ).first()
            session.execute(delete(AssessmentScore).where(AssessmentScore.assessment_id == last.id,
                                                          AssessmentScore.source == EvidenceSource.MONITORING))  # fmt: skip
            session.add(AssessmentScore(assessment_id=last.id, pillar=Pillar.JOBS, source=EvidenceSource.MONITORING,
                                        value=value))  # fmt: skip
        return next(a for a in assessments_of(filled) if a.key == some.key)

    near, far = filed_as(computed + 0.1), filed_as(min(computed + 0.3, 1.0))
    assert Flag.FILED_DIFFERS not in near.flags
    assert Flag.FILED_DIFFERS in far.flags
    [difference] = far.disagreements
    assert (difference.pillar, difference.computed) == (Pillar.JOBS, pytest.approx(computed))
    assert far.index == near.index == some.index


def test_a_total_on_the_sheet_is_compared_with_the_mean_of_the_pillars(filled: Database) -> None:
    """The made-up sheets state totals of 60 to 84 and no monitoring by pillar."""
    for assessment in assessments_of(filled):
        known = [v for v in assessment.monitoring.pillars.values() if v is not None]
        stated = (60 + 6 * int(assessment.name[-1])) / 100
        differs = abs(stated - sum(known) / len(known)) > 0.1
        assert (Flag.FILED_DIFFERS in assessment.flags) is differs


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_every_picture_can_be_drawn(filled: Database, lang: str) -> None:
    tr, assessments = translator(lang), assessments_of(filled)
    ranks = ranks_of(filled, assessments)
    charts = [
        figures.interval_bar(70, 65, 75, (60, 70, 80, 90)),
        figures.rank_intervals(ranks, assessments, tr),
        figures.tier_acceptability(ranks.draws, assessments, tr),
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


@given(st.lists(st.tuples(st.floats(0, 600), st.floats(0, 300)), max_size=25))
def test_no_name_touches_another_name_a_point_or_an_edge(points: list[tuple[float, float]]) -> None:
    places = figures.place_labels(points, ["云绒玩偶坊"] * len(points), 600, 300)
    placed = [
        figures.label_box(point, "云绒玩偶坊", place)
        for point, place in zip(points, places, strict=True)
        if place != figures.UNPLACED
    ]
    for n, box in enumerate(placed):
        assert box[0] >= 0
        assert box[2] <= 600
        assert not any(figures.overlap(box, other) for other in placed[:n])


def test_the_bump_chart_ranks_every_enterprise_once_a_period(filled: Database) -> None:
    table = figures.bump_table(assessments_of(filled))
    assert list(table["period"].unique()) == ["2024H2", "2025H1", "2025H2"]
    for _, period in table.groupby("period"):
        assert sorted(period["rank"]) == [1, 2, 3, 4, 5]


# -- at the edge -------------------------------------------------------------------------------------------


def test_a_new_enterprise_is_in_no_tier_and_comes_last(filled: Database) -> None:
    with filled.write() as session:
        session.add(Employer(name="新开手作", kind=EmployerKind.CRAFT_ECOMMERCE, opened_on=date(2025, 12, 1)))
    new = assessments_of(filled)[-1]
    assert new.name == "新开手作"
    assert not new.is_reviewed
    assert (new.index, new.flags, new.disagreements, new.change) == (None, (Flag.NEW,), (), None)
    assert set(new.monitoring.pillars.values()) == {None}  # no rows, so nothing is known: not 0
    assert all(len(figures.pillar_sources(new, translator(lang)).to_dict()) for lang in ("en", "zh_CN"))


def test_an_enterprise_with_one_employee_is_scored_by_what_one_person_can_show(filled: Database) -> None:
    """One person of the target group, 3,000 yuan, there for a year: 1 ÷ 20 and 100% of a payroll of one ÷ 50."""
    with filled.write() as session:
        firm = Employer(name="独人手作", kind=EmployerKind.CRAFT_ECOMMERCE, opened_on=date(2024, 12, 1))
        session.add(firm)
        session.flush()
        person = session.query(WelfarePost).first().person_id
        session.add(Placement(person_id=person, started_on=date(2024, 12, 2), channel=Channel.ENTERPRISE,
                              employer_id=firm.id, monthly_pay=3000, form=JobForm.FULL_TIME))  # fmt: skip
        session.add(Assessment(employer_id=firm.id, reviewed_on=date(2025, 12, 20), panel=70, third_party=70))
    one = next(a for a in assessments_of(filled) if a.name == "独人手作")
    raw, pillars = one.monitoring.raw, one.monitoring.pillars
    assert (raw["target_people"], raw["target_share"], raw["retention"], raw["median_pay"]) == (1, 100, 100, 3000)
    assert pillars[Pillar.JOBS] == pytest.approx((0.05 + 1) / 2)
    assert pillars[Pillar.ORDERS] is None  # no monthly figures
    assert one.index is not None
    assert one.score.coverage == pytest.approx(17 / 18)


def test_without_a_third_party_nobody_rises_above_growth(filled: Database) -> None:
    best = assessments_of(filled)[0]
    with filled.write() as session:
        own = select(Assessment.id).where(Assessment.employer_id == best.key).scalar_subquery()
        session.execute(
            update(Assessment).where(Assessment.employer_id == best.key).values(third_party=None, tier=None)
        )
        session.execute(delete(AssessmentScore).where(AssessmentScore.assessment_id.in_(own),
                                                      AssessmentScore.source == EvidenceSource.THIRD_PARTY))  # fmt: skip
        session.execute(update(AssessmentScore).where(AssessmentScore.assessment_id.in_(own)).values(value=0.99))
    without = next(a for a in assessments_of(filled) if a.key == best.key)
    assert Flag.NO_THIRD_PARTY in without.flags
    assert without.tier.order <= Tier.GROWTH.order


# -- what few people leave open ----------------------------------------------------------------------------


def test_the_people_behind_a_share_give_the_share(filled: Database) -> None:
    ledger = ledger_of(filled)
    people, hits = counts_behind(ledger, TODAY, 250, 1.3)
    figures_there = monitor(ledger, TODAY, 250, 1.3)
    for share in SHARES:
        known = people[share] > 0
        assert (hits[share] / people[share] * 100)[known].tolist() == pytest.approx(
            figures_there[share][known].tolist()
        )
        assert figures_there[share][~known].isna().all()


def test_a_share_is_drawn_from_the_beta_distribution_of_its_people_and_the_district(filled: Database) -> None:
    """Retention of the first enterprise: k of n people; mean (k + 4p) ÷ (n + 4)."""
    assessments = assessments_of(filled)
    with filled.read() as c:
        people = people_behind(ledger_of(filled), settings.parameters(c), assessments, TODAY)
    column = SHARES.index("retention")
    n, p = people.counts[0, column], people.district[0, column]
    k = people.raw[0]["retention"] / 100 * n
    item = next(i for i in people.indicators[0] if i.code == "retention")
    wide = [dataclasses.replace(i, low=0, high=100) if i is item else i for i in people.indicators[0]]
    own = dataclasses.replace(people, indicators=(tuple(wide), *people.indicators[1:]))
    drawn = own.monitored(np.random.default_rng(1), 4000)[0, :, Pillar.RETENTION.order]
    assert drawn.mean() == pytest.approx((k + 4 * p) / (n + 4), abs=0.01)
    mean = (k + 4 * p) / (n + 4)
    assert drawn.var() == pytest.approx(mean * (1 - mean) / (n + 5), rel=0.1)


def test_within_a_band_nobody_beats_another_and_every_score_lies_in_its_interval(filled: Database) -> None:
    assessments = assessments_of(filled)
    ranks = ranks_of(filled, assessments, 600)
    place = {key: n for n, key in enumerate(ranks.draws.keys)}
    for band in ranks.bands:
        assert not any(ranks.sets.beats[place[a], place[b]] for a in band for b in band)
    assert sorted(k for band in ranks.bands for k in band) == sorted(place)
    assert np.all((ranks.low <= ranks.index) & (ranks.index <= ranks.high))
    assert np.all((ranks.people_share >= 0) & (ranks.people_share <= 1))
    again = ranks_of(filled, assessments, 600)
    assert np.array_equal(ranks.draws.scores, again.draws.scores)
    assert set(held_with_confidence(ranks.draws, assessments)) <= set(place)


# -- what lifts it -------------------------------------------------------------------------------------------


def test_a_lift_reaches_the_score_and_its_figures_reach_the_lift(filled: Database) -> None:
    ledger = ledger_of(filled)
    with filled.read() as c:
        history = monitoring_history(ledger, settings.parameters(c), TODAY, months=4)
    checked = 0
    for own in assessments_of(filled):
        assert own.live.index is not None
        target = own.live.index + 2
        for path in lift_paths(own, target, history[own.key]):
            for step in path.figures:
                raw = own.raw.copy()
                raw[step.indicator.code] = step.needed
                pillars = dataclasses.replace(own.monitoring, raw=raw).pillars
                panel = {p.pillar: p.sources[EvidenceSource.PANEL] for p in own.live.pillars}
                third = {p.pillar: p.sources[EvidenceSource.THIRD_PARTY] for p in own.live.pillars}
                assert score(pillars, panel, third, own.rules).index == pytest.approx(target)
                checked += 1
    assert checked >= 5


def test_the_pace_is_the_median_slope_and_needs_four_months() -> None:
    assert pace([0.1, 0.2, 0.3, 0.4]) == pytest.approx(0.1)
    assert pace([0.1, None, 0.3, 0.4, 0.5]) == pytest.approx(0.1)
    assert pace([0.1, 0.2, 0.3, 0.9, 0.5, 0.6]) == pytest.approx(0.1)  # one odd month
    assert pace([0.1, 0.2, None, 0.4]) is None
