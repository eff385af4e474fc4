"""SELECTs about craft enterprises: monthly figures, placements there, commissioned training, referrals, reviews."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, ScalarSelect, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from core.store.frames import frame
from core.store.schema import (
    Assessment,
    AssessmentMonitoring,
    AssessmentScore,
    Community,
    CourseSession,
    Employer,
    EmployerMonth,
    EmployerVisit,
    Enrolment,
    Hardship,
    Job,
    Person,
    Placement,
    Product,
    Referral,
    ReviewCase,
    ReviewExclusion,
    ReviewJudge,
    ReviewMark,
    ReviewRound,
    SupportGrant,
    SupportMeasure,
    TierRules,
    WelfarePost,
    Workshop,
)
from core.terms import EmployerKind, EnrolmentResult, EvidenceSource, HardshipKind, RoundState

__all__ = [
    "cases",
    "enterprises",
    "exclusions",
    "frozen_monitoring",
    "judges",
    "marks",
    "marks_given",
    "months",
    "placements",
    "openings",
    "products",
    "referrals",
    "review_scores",
    "reviews",
    "round_content",
    "rounds",
    "rounds_frozen",
    "rules",
    "support_grants",
    "support_measures",
    "trained",
    "visits",
    "workshops",
]


def enterprises(connection: Connection) -> pd.DataFrame:
    """Craft e-commerce enterprises and any other employer that was ever reviewed.

    Columns: id, name, kind, industry, opened_on, lon, lat, community.
    """
    t = Employer
    reviewed = select(Assessment.id).where(Assessment.employer_id == t.id).exists()
    return frame(
        connection,
        select(t.id, t.name, t.kind, t.industry, t.opened_on, t.lon, t.lat, Community.name.label("community"))
        .outerjoin(Community, Community.id == t.community_id)
        .where(or_(t.kind == EmployerKind.CRAFT_ECOMMERCE, reviewed))
        .order_by(t.id),
    )


def months(connection: Connection) -> pd.DataFrame:
    """employer_id, month (its first day), sales (yuan), orders, online_share, employees, insured (persons)."""
    t = EmployerMonth
    columns = [c for c in t.__table__.columns if c.key != "id"]
    return frame(connection, select(*columns).order_by(t.employer_id, t.month))


def placements(connection: Connection) -> pd.DataFrame:
    """Spells of work at any employer, with what the monitoring of employers counts.

    Columns: id, person_id, employer_id, started_on, ended_on, form, monthly_pay (yuan), home_lon, home_lat, lon, lat
    (of the employer, else of its openings, else of its community), target (on a welfare post before, or in a hardship category), hard_to_place (older, disabled, or left
    a welfare post by the start).
    """
    t = Placement
    on_post = select(WelfarePost.id).where(WelfarePost.person_id == t.person_id).exists()
    left_post = (
        select(WelfarePost.id)
        .where(WelfarePost.person_id == t.person_id, WelfarePost.exited_on <= t.started_on)
        .exists()
    )
    hardship = select(Hardship.id).where(Hardship.person_id == t.person_id)
    barred = hardship.where(Hardship.kind.in_([HardshipKind.OLDER, HardshipKind.DISABLED])).exists()
    return frame(
        connection,
        select(
            t.id,
            t.person_id,
            t.employer_id,
            t.started_on,
            t.ended_on,
            t.form,
            t.monthly_pay,
            Person.lon.label("home_lon"),
            Person.lat.label("home_lat"),
            func.coalesce(Employer.lon, _mean_of_jobs(Job.lon), Community.lon).label("lon"),
            func.coalesce(Employer.lat, _mean_of_jobs(Job.lat), Community.lat).label("lat"),
            or_(on_post, hardship.exists()).label("target"),
            or_(left_post, barred).label("hard_to_place"),
        )
        .join(Person, Person.id == t.person_id)
        .join(Employer, Employer.id == t.employer_id)
        .outerjoin(Community, Community.id == Employer.community_id)
        .order_by(t.id),
    )


def _mean_of_jobs(column: InstrumentedAttribute[float | None]) -> ScalarSelect[Any]:
    """Where an employer's openings are on average: stands in for an unknown position of its own."""
    return select(func.avg(column)).where(Job.employer_id == Employer.id).correlate(Employer).scalar_subquery()


def trained(connection: Connection) -> pd.DataFrame:
    """Passed courses: person_id, ends_on, employer_id (who commissioned the session, else NA)."""
    t = Enrolment
    return frame(
        connection,
        select(t.person_id, CourseSession.ends_on, CourseSession.employer_id)
        .join(CourseSession, CourseSession.id == t.session_id)
        .where(t.result == EnrolmentResult.PASSED)
        .order_by(t.person_id, CourseSession.ends_on, t.id),
    )


def referrals(connection: Connection) -> pd.DataFrame:
    """employer_id, recommended_on, state, state_since of every referral."""
    t = Referral
    return frame(
        connection,
        select(Job.employer_id, t.recommended_on, t.state, t.state_since).join(Job, Job.id == t.job_id).order_by(t.id),
    )


def products(connection: Connection) -> pd.DataFrame:
    """employer_id, name, family of products with a maker."""
    t = Product
    return frame(
        connection,
        select(t.employer_id, t.name, t.family).where(t.employer_id.is_not(None)).order_by(t.employer_id, t.id),
    )


def workshops(connection: Connection) -> pd.DataFrame:
    """employer_id, name, stations of the workshops that an employer runs."""
    t = Workshop
    return frame(
        connection,
        select(t.employer_id, t.name, t.stations).where(t.employer_id.is_not(None)).order_by(t.employer_id, t.id),
    )


def openings(connection: Connection) -> pd.DataFrame:
    """employer_id, title, openings (persons), posted_on, closes_on, status of every opening."""
    t = Job
    return frame(
        connection,
        select(t.employer_id, t.title, t.openings, t.posted_on, t.closes_on, t.status).order_by(t.employer_id, t.id),
    )


def support_measures(connection: Connection) -> pd.DataFrame:
    """What is offered: id, version, name, lowest_tier, amount (yuan), basis."""
    t = SupportMeasure
    return frame(connection, select(*t.__table__.columns).order_by(t.id))


def support_grants(connection: Connection) -> pd.DataFrame:
    """Measures for enterprises: id, version, employer_id, measure (name), tier, state, since, amount (yuan), effect."""
    t = SupportGrant
    return frame(
        connection,
        select(
            t.id,
            t.version,
            t.employer_id,
            SupportMeasure.name.label("measure"),
            t.tier,
            t.state,
            t.since,
            t.amount,
            t.effect,
        )
        .join(SupportMeasure, SupportMeasure.id == t.measure_id)
        .order_by(t.since.desc(), t.id.desc()),
    )


def visits(connection: Connection) -> pd.DataFrame:
    """employer_id, visited_on, visitor, note, newest first."""
    t = EmployerVisit
    return frame(
        connection, select(t.employer_id, t.visited_on, t.visitor, t.note).order_by(t.visited_on.desc(), t.id.desc())
    )


def reviews(connection: Connection, today: date) -> pd.DataFrame:
    """Reviews up to ``today``, as they were recorded; see ``schema.Assessment``."""
    t = Assessment
    return frame(
        connection,
        select(*t.__table__.columns).where(t.reviewed_on <= today).order_by(t.employer_id, t.reviewed_on),
    )


def review_scores(connection: Connection) -> pd.DataFrame:
    """assessment_id, pillar, source, judge, value (0..1), evidence."""
    t = AssessmentScore
    columns = [c for c in t.__table__.columns if c.key != "id"]
    return frame(connection, select(*columns).order_by(t.assessment_id, t.pillar, t.source, t.judge))


def frozen_monitoring(connection: Connection) -> pd.DataFrame:
    """assessment_id, indicator, value (own unit; NaN unknown), low, high (goalposts), frozen_on."""
    t = AssessmentMonitoring
    columns = [c for c in t.__table__.columns if c.key != "id"]
    return frame(connection, select(*columns).order_by(t.assessment_id, t.indicator))


def rules(connection: Connection) -> pd.DataFrame:
    """Versions of the rules, oldest first: since, content (see ``rules.Rules``), reason, author."""
    t = TierRules
    return frame(connection, select(t.since, t.content, t.reason, t.author).order_by(t.since))


def rounds(connection: Connection) -> pd.DataFrame:
    """Review rounds, newest first, without what was frozen; see ``schema.ReviewRound``."""
    t = ReviewRound
    return frame(
        connection,
        select(
            t.id,
            t.version,
            t.period,
            t.ends_on,
            t.state,
            t.opened_on,
            t.opened_by,
            t.closed_on,
            t.reopened_for,
            t.frozen_on,
            t.next_on,
        ).order_by(t.ends_on.desc(), t.id.desc()),
    )


def rounds_frozen(connection: Connection) -> pd.DataFrame:
    """id, rules, inputs and results of the frozen rounds."""
    t = ReviewRound
    return frame(
        connection,
        select(t.id, t.rules, t.inputs, t.results).where(t.state == RoundState.FROZEN).order_by(t.id),
    )


def round_content(connection: Connection, round_id: int) -> dict[str, Any] | None:
    """rules, inputs and results that a round keeps; None before there is a proposal."""
    t = ReviewRound
    row = connection.execute(select(t.rules, t.inputs, t.results).where(t.id == round_id)).mappings().first()
    return None if row is None or row["inputs"] is None else dict(row)


def judges(connection: Connection) -> pd.DataFrame:
    """round_id, judge: the panels, in the order in which they were named."""
    t = ReviewJudge
    return frame(connection, select(t.round_id, t.judge).order_by(t.id))


def cases(connection: Connection) -> pd.DataFrame:
    """The enterprises of the rounds; see ``schema.ReviewCase``. With the enterprise's name."""
    t = ReviewCase
    return frame(
        connection,
        select(*t.__table__.columns, Employer.name)
        .join(Employer, Employer.id == t.employer_id)
        .order_by(t.round_id, t.employer_id),
    )


def exclusions(connection: Connection) -> pd.DataFrame:
    """case_id, judge, reason, declared_by."""
    t = ReviewExclusion
    return frame(connection, select(t.case_id, t.judge, t.reason, t.declared_by).order_by(t.id))


def marks(connection: Connection, viewer: str | None) -> pd.DataFrame:
    """Marks that ``viewer`` may see: case_id, pillar, source, judge, value (0..1), note.

    While a round is open a judge sees their own marks alone; the third party's values are no secret.
    """
    t = ReviewMark
    is_closed = ReviewRound.state != RoundState.OPEN
    return frame(
        connection,
        select(t.case_id, t.pillar, t.source, t.judge, t.value, t.note)
        .join(ReviewCase, ReviewCase.id == t.case_id)
        .join(ReviewRound, ReviewRound.id == ReviewCase.round_id)
        .where(or_(is_closed, t.judge == viewer, t.source == EvidenceSource.THIRD_PARTY))
        .order_by(t.case_id, t.pillar, t.judge),
    )


def marks_given(connection: Connection) -> pd.DataFrame:
    """case_id, judge, n: how many pillars a judge without a conflict of interest has marked, not how."""
    t = ReviewMark
    barred = (
        select(ReviewExclusion.id)
        .where(ReviewExclusion.case_id == t.case_id, ReviewExclusion.judge == t.judge)
        .exists()
    )
    return frame(
        connection,
        select(t.case_id, t.judge, func.count().label("n"))
        .where(t.source == EvidenceSource.PANEL, ~barred)
        .group_by(t.case_id, t.judge)
        .order_by(t.case_id, t.judge),
    )
