"""A small district for the tests of workshops and enterprises: made from a seed, written through the tables."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from sqlalchemy.orm import Session

from core.store.database import Database
from core.store.schema import (
    Assessment,
    AssessmentScore,
    Community,
    Employer,
    EmployerMonth,
    Intention,
    Order,
    Person,
    PersonSkill,
    PersonStateSpell,
    Placement,
    Premises,
    Product,
    ProductSkill,
    WeeklyOutput,
    WelfarePost,
    Workshop,
    WorkshopWeek,
)
from core.terms import (
    Channel,
    CommunityKind,
    EmployerKind,
    Evidence,
    EvidenceSource,
    JobForm,
    PersonState,
    Pillar,
    PremisesKind,
    Registration,
    Tier,
    TierCause,
)

TODAY = date(2025, 12, 28)
PRODUCTS = (("G01", "毛绒玩偶", "Plush doll", 38, 15.0, "K32"), ("G12", "手工毛线帽", "Hand-knit hat", 120, 47.0, "K30"),
            ("G24", "剪纸窗花", "Paper-cut flower", 30, 12.0, "K39"))  # fmt: skip


def fill(db: Database, workshops: int = 3, weeks: int = 40, enterprises: int = 5) -> None:
    """Write the district: ``workshops`` with weekly reports, ``enterprises`` with months and half-yearly reviews."""
    rng = np.random.default_rng(7)
    with db.write() as s:
        place = Community(code="370811001001", name="示范社区", kind=CommunityKind.URBAN, lon=116.6, lat=35.36)
        s.add(place)
        s.flush()
        products = [
            Product(code=c, name=n, name_en=e, standard_minutes=m, piece_rate=r) for c, n, e, m, r, _ in PRODUCTS
        ]
        s.add_all(products)
        s.flush()
        s.add_all(ProductSkill(product_id=p.id, skill=row[5]) for p, row in zip(products, PRODUCTS, strict=True))
        idle = Premises(code="P9", name="闲置厂房", kind=PremisesKind.IDLE, community_id=place.id, lon=116.61, lat=35.37,
                        possible_stations=16)  # fmt: skip
        s.add(idle)
        for k in range(workshops):
            _workshop(s, rng, place, products, k, weeks)
        for k in range(20):
            _seeker(s, place, k)
        for k in range(enterprises):
            _enterprise(s, rng, place, k)


def _person(s: Session, place: Community, name: str) -> Person:
    person = Person(name=name, community_id=place.id, lon=116.601, lat=35.361, entered_pool_on=date(2024, 1, 2))
    s.add(person)
    s.flush()
    return person


def _workshop(
    s: Session, rng: np.random.Generator, place: Community, products: list[Product], k: int, weeks: int
) -> None:
    site = Premises(code=f"P{k}", name=f"车间{k}", kind=PremisesKind.WORKSHOP, community_id=place.id, lon=116.6 + k / 100,
                    lat=35.36)  # fmt: skip
    s.add(site)
    s.flush()
    shop = Workshop(name=f"微工厂{k}", community_id=place.id, premises_id=site.id, opened_on=date(2024, 3, 18),
                    stations=12, shifts_per_week=10, net_shift_hours=3.5, supervisors=1)  # fmt: skip
    s.add(shop)
    s.flush()
    people = 10 + k
    for n in range(people):
        person = _person(s, place, f"工人{k}{n}")
        s.add(PersonSkill(person_id=person.id, skill="K32", level=2 + n % 3, evidence=Evidence.PRACTICAL_TEST))
        s.add(Placement(person_id=person.id, started_on=date(2024, 4, 1) + timedelta(n), channel=Channel.WORKSHOP,
                        workshop_id=shop.id, monthly_pay=2600 + 50 * n,
                        form=JobForm.HOME_PIECE if n == 0 else JobForm.PART_TIME))  # fmt: skip
    first = TODAY - timedelta(days=TODAY.weekday()) - timedelta(weeks=weeks - 1)
    for w in range(weeks):
        shifts = int(people * 5 * rng.uniform(0.85, 0.97))
        hours = shifts * 3.4
        report = WorkshopWeek(workshop_id=shop.id, week=first + timedelta(weeks=w), stations=12, on_roll=people,
                              attendances=shifts, hours=hours, labour_cost=hours * 21.5, shortage=k)  # fmt: skip
        s.add(report)
        s.flush()
        made = int(hours * 0.9 * 60 / 38)
        s.add(WeeklyOutput(workshop_week_id=report.id, product_id=products[0].id, planned=made + 10, made=made,
                           good=int(made * 0.96), reworked=3))  # fmt: skip
    if k:  # the first workshop has no orders
        for n, (pieces, days) in enumerate(((300 * k, 10), (500 * k, 24))):
            s.add(Order(code=f"O{k}{n}", workshop_id=shop.id, product_id=products[0].id, pieces=pieces, done_pieces=20,
                        received_on=TODAY - timedelta(20), due_on=TODAY + timedelta(days)))  # fmt: skip


def _seeker(s: Session, place: Community, k: int) -> None:
    person = _person(s, place, f"求职者{k}")
    s.add(PersonStateSpell(person_id=person.id, since=date(2025, 1, 1), state=PersonState.SEEKING))
    s.add(PersonSkill(person_id=person.id, skill="K32" if k % 2 else "K01", level=2, evidence=Evidence.SELF_REPORT))
    s.add(Intention(person_id=person.id, stated_on=date(2025, 2, 1), max_commute_min=40 if k else 1))


def _enterprise(s: Session, rng: np.random.Generator, place: Community, k: int) -> None:
    firm = Employer(name=f"手工企业{k}", kind=EmployerKind.CRAFT_ECOMMERCE, community_id=place.id, lon=116.605, lat=35.362,
                    opened_on=date(2024, 2, 19))  # fmt: skip
    s.add(firm)
    s.flush()
    staff = 4 + 3 * k
    for n in range(staff):
        person = _person(s, place, f"员工{k}{n}")
        if n % 2 == 0:
            s.add(WelfarePost(person_id=person.id, kind=Registration.URBAN, started_on=date(2021, 1, 1),
                              ends_on=date(2023, 12, 31), exited_on=date(2023, 12, 31)))  # fmt: skip
        start = date(2024, 6, 1) + timedelta(20 * n)
        left = start + timedelta(100) if n % 5 == 4 else None
        s.add(Placement(person_id=person.id, started_on=start, ended_on=left, channel=Channel.ENTERPRISE,
                        employer_id=firm.id, monthly_pay=3200 + 150 * k + 20 * n, form=JobForm.FULL_TIME))  # fmt: skip
    for m in range(24):
        month = date(2024 + m // 12, m % 12 + 1, 1)
        s.add(EmployerMonth(employer_id=firm.id, month=month, sales=float(rng.uniform(8, 12) * 1e4 * (k + 1)),
                            orders=int(rng.integers(80, 120) * (k + 1)), online_share=0.6, employees=staff,
                            insured=staff - 1))  # fmt: skip
    for year, month in ((2024, 12), (2025, 6), (2025, 12)):
        review = Assessment(employer_id=firm.id, reviewed_on=date(year, month, 20), monitoring=60 + 6 * k,
                            panel=62 + 6 * k, third_party=61 + 6 * k, score=61 + 6 * k,
                            tier=[*Tier][min(k, 4)], cause=TierCause.SCORE)  # fmt: skip
        s.add(review)
        s.flush()
        for pillar in Pillar:
            for judge in ("甲", "乙", "丙"):
                s.add(AssessmentScore(assessment_id=review.id, pillar=pillar, source=EvidenceSource.PANEL, judge=judge,
                                      value=float(np.clip(0.5 + 0.08 * k + rng.normal(0, 0.05), 0, 1))))  # fmt: skip
            s.add(AssessmentScore(assessment_id=review.id, pillar=pillar, source=EvidenceSource.THIRD_PARTY,
                                  value=float(np.clip(0.5 + 0.08 * k, 0, 1))))  # fmt: skip
