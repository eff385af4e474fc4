"""A small district by hand: 4 communities, 30 people who seek work, 8 openings, their skills, wishes and limits.

fill(db)                       # everything
person(session, name="…")      # one more, with what the test needs
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.store.database import Database
from core.store.schema import (
    Accommodation,
    Community,
    Employer,
    Experience,
    Hardship,
    Intention,
    Job,
    JobSkill,
    Person,
    PersonSkill,
    PersonStateSpell,
    Plan,
    PlanMeasure,
    Product,
)
from core.terms import (
    AccommodationKind,
    CommunityKind,
    EmployerKind,
    Evidence,
    HardshipKind,
    JobForm,
    JobStatus,
    MeasureKind,
    PayKind,
    PersonState,
    PlanStatus,
    Registration,
    Sex,
    Shift,
    SkillDomain,
)

TODAY = date(2025, 12, 28)
NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)
A = AccommodationKind

COMMUNITIES = (
    ("370899001001", "运河湾社区", CommunityKind.URBAN, 116.560, 35.370),
    ("370899001002", "凤凰里社区", CommunityKind.URBAN, 116.572, 35.374),
    ("370899001003", "柳园社区", CommunityKind.URBAN, 116.585, 35.366),
    ("370899002001", "石桥村", CommunityKind.RURAL, 116.610, 35.350),
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "晓明秀英桂兰玉芳建国海燕志强丽华文静春梅"
TRADES = {  # domain: wished occupation, skills
    SkillDomain.CARE: ("4-10-01-05", ("K08", "K10", "K12")),
    SkillDomain.PROPERTY: ("4-09-08-01", ("K13", "K14")),
    SkillDomain.RETAIL: ("4-01-02-03", ("K19", "K20")),
    SkillDomain.CRAFT: ("6-05-01-03", ("K32", "K33", "K35")),
    SkillDomain.ECOMMERCE: ("4-01-06-01", ("K24", "K27", "K29")),
}
HOURS = (
    ("1111100", "08:00", "18:00"),
    ("1111100", "09:00", "16:00"),
    ("1111111", "07:00", "21:00"),
    ("1111100", "08:00", "12:00"),
)


def fill(db: Database) -> None:
    """Communities, employers, openings and 30 personas, none like another."""
    with db.write(people_of=None) as session:
        places = communities(session)
        jobs(session, places)
        for n in range(30):
            persona(session, places, n)


def communities(session: Session) -> list[int]:
    """Four communities; returns their ids."""
    rows = [Community(code=c, name=n, kind=k, lon=x, lat=y) for c, n, k, x, y in COMMUNITIES]
    session.add_all(rows)
    session.flush()
    return [community.id for community in rows]


def person(
    session: Session, name: str = "王小明", *, state: PersonState | None = PersonState.SEEKING, **values: Any
) -> int:
    """One person with a state; returns the id."""
    row = Person(name=name, **values)
    session.add(row)
    session.flush()
    if state is not None:
        session.add(PersonStateSpell(person_id=row.id, since=TODAY - timedelta(days=60), state=state))
    session.flush()
    return row.id


def persona(session: Session, places: list[int], n: int) -> int:
    """The n-th persona: trade, levels, hours, pay, distance and limits differ; every seventh is half blank."""
    trade = list(TRADES)[n % len(TRADES)]
    wish, known = TRADES[trade]
    other = list(TRADES)[(n + 2) % len(TRADES)]
    _, _, _, lon, lat = COMMUNITIES[n % 4]
    who = person(
        session,
        SURNAMES[n % 20] + GIVEN[n % 20] + GIVEN[(n * 7 + 3) % 20],
        sex=Sex.FEMALE if n % 3 else Sex.MALE,
        birth_date=date(1965 + n, 1 + n % 12, 1),
        registration=Registration.RURAL if n % 4 == 3 else Registration.URBAN,
        disability="肢体三级" if n % 10 == 4 else None,
        phone=f"199000010{n:02d}",
        community_id=places[n % 4],
        lon=None if n % 7 == 6 else lon + (n % 5 - 2) * 0.0021,
        lat=None if n % 7 == 6 else lat + (n % 6 - 3) * 0.0017,
    )
    if n % 7 != 6:
        for place, skill in enumerate(known):
            level = 1 + (n + place) % 4
            evidence = list(Evidence)[(n + place) % 5]
            session.add(PersonSkill(person_id=who, skill=skill, level=level, evidence=evidence))
        session.add(PersonSkill(person_id=who, skill=TRADES[other][1][0], level=2, evidence=Evidence.SELF_REPORT))
        session.add(Experience(person_id=who, domain=trade, years=n % 5 * 0.8))
    days, start, end = HOURS[n % 4]
    session.add(
        Intention(
            person_id=who,
            stated_on=TODAY - timedelta(days=11 * n % 250),
            wish_1=wish,
            wish_2=TRADES[other][0],
            reserve_pay=None if n % 9 == 8 else 2000 + 90 * (n % 11),
            target_pay=None if n % 9 == 8 else 2900 + 110 * (n % 13),
            available_days=None if n % 7 == 6 else days,
            available_from=start,
            available_to=end,
            max_commute_min=(None, 30, 45, 60)[n % 4],
            home_work_ok=(True, False, None)[n % 3],
        )
    )
    if n % 6 == 4:
        session.add(Accommodation(person_id=who, kind=list(A)[n % 5]))
    if n % 5 == 1:
        session.add(Hardship(person_id=who, kind=HardshipKind.OLDER, since=TODAY - timedelta(days=100)))
    if n % 3 != 2:
        plan = Plan(person_id=who, made_on=TODAY - timedelta(days=40), status=PlanStatus.LIVE, goal="稳定就业")
        session.add(plan)
        session.flush()
        steps = 2 + n % 4
        for step in range(1, steps + 1):
            done = TODAY - timedelta(days=10) if step <= (n % (steps + 1)) else None
            kind = list(MeasureKind)[step % 3]
            session.add(PlanMeasure(plan_id=plan.id, step=step, kind=kind, done_on=done))
    session.flush()
    return who


def job(session: Session, employer_id: int, title: str = "保洁员", skills: tuple[Any, ...] = (), **values: Any) -> int:
    """One open job; ``skills`` are (code, level, importance, essential[, certificate]). Returns the id."""
    full: dict[str, Any] = {
        "posted_on": TODAY - timedelta(days=20),
        "confirmed_on": TODAY - timedelta(days=5),
        "openings": 1,
        "form": JobForm.FULL_TIME,
        "shift": Shift.DAY,
        "weekly_hours": 40.0,
        "pay_kind": PayKind.MONTH,
        "pay_min": 2600.0,
        "pay_max": 3200.0,
        "status": JobStatus.OPEN,
    }
    row = Job(employer_id=employer_id, title=title, **full | values)
    session.add(row)
    session.flush()
    for skill in skills:
        code, level, importance, essential, *rest = skill
        session.add(
            JobSkill(
                job_id=row.id,
                skill=code,
                level=level,
                importance=importance,
                essential=essential,
                certificate=bool(rest and rest[0]),
            )
        )
    session.flush()
    return row.id


def employer(session: Session, name: str = "壮志天上", **values: Any) -> int:
    """One employer; returns the id."""
    row = Employer(name=name, **{"kind": EmployerKind.COMPANY} | values)
    session.add(row)
    session.flush()
    return row.id


def jobs(session: Session, places: list[int]) -> list[int]:
    """Eight openings of three employers, from home piece work to a job whose pay breaks the law."""
    craft = employer(session, "壮志天上", kind=EmployerKind.CRAFT_ECOMMERCE, community_id=places[0])
    care = employer(session, "康颐养老服务中心", community_id=places[1])
    shop = employer(session, "惠万家超市", community_id=places[2])
    session.add(
        Product(code="G01", name="毛绒玩偶", employer_id=craft, standard_minutes=38.0, piece_rate=15.0, home_work=True)
    )
    here = {"lon": 116.563, "lat": 35.371}
    open_to_all = {"seated": True, "lifting": False, "step_free": True, "nights": False, "home_work": False}
    return [
        job(
            session,
            craft,
            "缝纫工",
            (("K32", 2, 5, True), ("K35", 1, 3, False), ("K33", 2, 2, False)),
            occupation="6-05-01-03",
            openings=4,
            shift=Shift.SCHOOL_HOURS,
            weekly_hours=35.0,
            pay_min=2800.0,
            pay_max=3800.0,
            **here | open_to_all,
        ),
        job(
            session,
            craft,
            "居家毛绒玩偶手工",
            (("K33", 1, 4, False), ("K35", 2, 4, False)),
            occupation="6-09-05-00",
            openings=10,
            form=JobForm.HOME_PIECE,
            shift=Shift.FLEXIBLE_PIECE,
            weekly_hours=24.0,
            pay_kind=PayKind.PIECE,
            pay_min=None,
            pay_max=None,
            rate=15.0,
            trains=True,
            **open_to_all | {"home_work": True},
        ),
        job(
            session,
            care,
            "养老护理员",
            (("K08", 2, 5, True, True), ("K10", 1, 3, False)),
            occupation="4-10-01-05",
            openings=3,
            community_id=places[1],
            shift=Shift.TWO_SHIFT,
            pay_min=3200.0,
            pay_max=4200.0,
            lifting=True,
            nights=True,
            seated=False,
            home_work=False,
        ),
        job(
            session,
            care,
            "助餐助浴员",
            (("K10", 1, 4, False), ("K12", 1, 2, False)),
            occupation="4-10-01-05",
            openings=2,
            community_id=places[3],
            shift=Shift.MORNING,
            weekly_hours=20.0,
            form=JobForm.PART_TIME,
            pay_kind=PayKind.HOUR,
            rate=24.0,
            pay_min=None,
            pay_max=None,
            trains=True,
        ),
        job(
            session,
            shop,
            "理货员",
            (("K19", 2, 4, False), ("K20", 1, 2, False)),
            occupation="4-01-02-03",
            openings=2,
            community_id=places[2],
            lifting=True,
            home_work=False,
        ),
        job(
            session,
            shop,
            "网店客服",
            (("K27", 2, 5, False), ("K24", 1, 3, False)),
            occupation="4-01-06-01",
            **open_to_all,
        ),
        job(session, shop, "清洁工", (("K13", 1, 3, False),), pay_min=1500.0, pay_max=1800.0, community_id=places[2]),
        job(session, shop, "收银员", (("K20", 2, 5, False),), openings=0, confirmed_on=TODAY - timedelta(days=200)),
    ]
