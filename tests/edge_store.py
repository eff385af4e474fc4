"""A small store with every case at the edge: an ordinary workshop and, beside it, workshops and enterprises with hardly any data."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from core.store.database import Database
from core.store.schema import (
    Assessment,
    AssessmentScore,
    Community,
    Employer,
    Order,
    Person,
    Placement,
    Product,
    WeeklyOutput,
    Workshop,
    WorkshopWeek,
)
from core.terms import Channel, EmployerKind, EvidenceSource, JobForm, Pillar, Tier
from tests import hand_example
from tests.hand_example import TODAY

__all__ = ["ALONE", "CLOSED", "NEVER", "NEW", "NO_ORDERS", "NO_PEOPLE", "NO_THIRD", "ONE_WEEK", "enter"]

NO_ORDERS, NO_PEOPLE, ONE_WEEK, CLOSED, NEVER = "无单微工厂", "无人微工厂", "一周微工厂", "关停微工厂", "新开微工厂"
ALONE, NO_THIRD, NEW = "一人手作", "无第三方手作", "新办手作"


def enter(db: Database) -> None:
    """Fill an empty store with the worked example and the cases at the edge."""
    hand_example.enter(db)
    last_monday = TODAY - timedelta(days=6)
    with db.write() as s:
        place = s.scalars(select(Community.id)).one()
        product = s.scalars(select(Product)).one()
        for name, weeks, people, pieces, closed in (
            (NO_ORDERS, 8, 3, 0, None),
            (NO_PEOPLE, 8, 0, 300, None),
            (ONE_WEEK, 1, 3, 300, None),
            (CLOSED, 8, 0, 0, TODAY - timedelta(days=30)),
            (NEVER, 0, 0, 0, None),
        ):
            shop = Workshop(name=name, community_id=place, opened_on=date(2025, 3, 3), stations=6, closed_on=closed)
            s.add(shop)
            s.flush()
            for n in range(people):
                worker = Person(name=f"{name[:2]}{n}", community_id=place, entered_pool_on=date(2024, 1, 2))
                s.add(worker)
                s.flush()
                s.add(Placement(person_id=worker.id, started_on=date(2025, 3, 3), channel=Channel.WORKSHOP,
                                workshop_id=shop.id, form=JobForm.PART_TIME))  # fmt: skip
            for k in range(weeks):
                report = WorkshopWeek(workshop_id=shop.id, week=last_monday - timedelta(weeks=k), stations=6,
                                      on_roll=people, attendances=5 * people, hours=17.5 * people,
                                      labour_cost=400 * people)  # fmt: skip
                s.add(report)
                s.flush()
                if people:
                    s.add(
                        WeeklyOutput(workshop_week_id=report.id, product_id=product.id, planned=100, made=100, good=96)
                    )
            if pieces:
                s.add(Order(code=f"E{shop.id}", workshop_id=shop.id, product_id=product.id, pieces=pieces,
                            received_on=TODAY, due_on=TODAY + timedelta(weeks=3)))  # fmt: skip
        for name, reviewed, third in ((ALONE, True, True), (NO_THIRD, True, False), (NEW, False, False)):
            firm = Employer(
                name=name, kind=EmployerKind.CRAFT_ECOMMERCE, community_id=place, opened_on=date(2025, 3, 3)
            )
            s.add(firm)
            s.flush()
            if name == ALONE:
                only = Person(name="一人", community_id=place, entered_pool_on=date(2024, 1, 2))
                s.add(only)
                s.flush()
                s.add(Placement(person_id=only.id, started_on=date(2025, 3, 3), channel=Channel.ENTERPRISE,
                                employer_id=firm.id, monthly_pay=3000, form=JobForm.FULL_TIME))  # fmt: skip
            if reviewed:
                review = Assessment(employer_id=firm.id, reviewed_on=date(2025, 11, 20), tier=Tier.RESERVE)
                s.add(review)
                s.flush()
                sources = [(EvidenceSource.PANEL, judge) for judge in "甲乙丙"]
                sources += [(EvidenceSource.THIRD_PARTY, "")] if third else []
                sources += [(EvidenceSource.MONITORING, "")]
                s.add_all(
                    AssessmentScore(assessment_id=review.id, pillar=p, source=source, judge=judge, value=0.65)
                    for p in Pillar
                    for source, judge in sources
                )
