"""SELECTs about people. Frames are one row a person (or spell) and ordered by key."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, or_, select

from core.store.frames import Ids, frame, within
from core.store.schema import (
    Accommodation,
    Base,
    CaseloadTransfer,
    CaseloadTransferPlan,
    Community,
    Course,
    CourseSession,
    Enrolment,
    Experience,
    FollowUp,
    Grid,
    Hardship,
    Intention,
    MicroBusiness,
    Person,
    PersonCorrection,
    PersonSkill,
    PersonStateSpell,
    Placement,
    Plan,
    PlanMeasure,
    Skill,
    Visit,
    WelfarePost,
)
from core.terms import PersonState

BELOW = (Plan.__tablename__, Placement.__tablename__, FollowUp.__tablename__, MicroBusiness.__tablename__)
"""Tables of people that have rows of their own below them."""

__all__ = [
    "accommodations",
    "corrections",
    "count",
    "editable",
    "enrolments",
    "experience",
    "grids",
    "hardships",
    "identities",
    "identity_facts",
    "intentions",
    "people",
    "person_skills",
    "plan_measures",
    "plans",
    "rows_of_person",
    "running_post_ids",
    "skills",
    "state_spell_id",
    "seeking_count",
    "state_spells",
    "transfers",
    "visits",
    "welfare_posts",
]


def count(connection: Connection) -> int:
    """How many people the store knows."""
    return connection.execute(select(func.count()).select_from(Person)).scalar_one()


def identity_facts(connection: Connection) -> list[dict[str, Any]]:
    """What people are told apart by, one mapping a person; see ``core.intake.planning.persons.PERSON_FACTS``."""
    t = Person
    facts = (t.id, t.id_hash, t.id_last4, t.name, t.sex, t.phone, t.phone_2, t.birth_date, t.community_id)
    return [dict(row) for row in connection.execute(select(*facts).order_by(t.id)).mappings()]


def editable(connection: Connection, person_id: int) -> dict[str, Any]:
    """What forms edit, with the version that it was read at; LookupError for an unknown person."""
    t = Person
    columns = (
        *(t.version, t.name, t.phone, t.phone_2, t.community_id, t.grid_id, t.education, t.address, t.career, t.note),
        *(t.birth_date, t.sex, t.registration, t.disability, t.id_last4, t.consent_on, t.consent_withdrawn_on),
    )
    row = connection.execute(select(*columns).where(t.id == person_id)).mappings().first()
    if row is None:
        raise LookupError(f"person {person_id}")
    return dict(row)


def identities(connection: Connection, of: Ids = None) -> pd.DataFrame:
    """Who people are, without state or position: id, name, phone, community_id, community. ``of``: ids of people."""
    statement = (
        select(Person.id, Person.name, Person.phone, Person.community_id, Community.name.label("community"))
        .outerjoin(Community, Community.id == Person.community_id)
        .order_by(Person.id)
    )
    return frame(connection, within(statement, Person.id, of))


def people(connection: Connection, today: date) -> pd.DataFrame:
    """Everyone: id, who they are, community, home position (WGS-84), state on ``today`` with its first day.

    Columns: id, name, phone, id_last4, sex, birth_date, registration, education, disability, community_id,
    community, lon, lat, entered_pool_on, consent_on, version, state, state_since.
    """
    ranked = (
        select(
            PersonStateSpell.person_id,
            PersonStateSpell.state,
            PersonStateSpell.since,
            func.row_number()
            .over(partition_by=PersonStateSpell.person_id, order_by=PersonStateSpell.since.desc())
            .label("nth"),
        )
        .where(PersonStateSpell.since <= today)
        .subquery()
    )
    return frame(
        connection,
        select(
            Person.id,
            Person.name,
            Person.phone,
            Person.id_last4,
            Person.sex,
            Person.birth_date,
            Person.registration,
            Person.education,
            Person.disability,
            Person.community_id,
            Community.name.label("community"),
            Person.lon,
            Person.lat,
            Person.entered_pool_on,
            Person.consent_on,
            Person.version,
            ranked.c.state,
            ranked.c.since.label("state_since"),
        )
        .outerjoin(ranked, (ranked.c.person_id == Person.id) & (ranked.c.nth == 1))
        .outerjoin(Community, Community.id == Person.community_id)
        .order_by(Person.id),
    )


def state_spells(connection: Connection, of: Ids = None) -> pd.DataFrame:
    """id, person_id, since, state, version; a state holds until the person's next row. ``of``: ids of people."""
    t = PersonStateSpell
    statement = select(t.id, t.person_id, t.since, t.state, t.version).order_by(t.person_id, t.since)
    return frame(connection, within(statement, t.person_id, of))


def seeking_count(connection: Connection, day: date) -> int:
    """How many people seek work on ``day``, by the state that each was in last."""
    t = PersonStateSpell
    order = func.row_number().over(partition_by=t.person_id, order_by=t.since.desc())
    last = select(t.state, order.label("place")).where(t.since <= day).subquery()
    count = select(func.count()).where(last.c.place == 1, last.c.state == PersonState.SEEKING)
    return int(connection.execute(count).scalar_one())


def skills(connection: Connection) -> pd.DataFrame:
    """The skill vocabulary: code, name_zh, name_en, domain, occupation, course_hours."""
    t = Skill
    return frame(
        connection, select(t.code, t.name_zh, t.name_en, t.domain, t.occupation, t.course_hours).order_by(t.code)
    )


def person_skills(connection: Connection, of: Ids = None) -> pd.DataFrame:
    """id, person_id, skill, level (1..4), evidence, acquired_on, version. ``of``: ids of people."""
    t = PersonSkill
    columns = (t.id, t.person_id, t.skill, t.level, t.evidence, t.acquired_on, t.version)
    return frame(connection, within(select(*columns).order_by(t.person_id, t.skill), t.person_id, of))


def intentions(connection: Connection) -> pd.DataFrame:
    """One row a person: wishes (occupation codes), pay (yuan a month), hours, commute (minutes), stated_on, version."""
    t = Intention
    columns = [c for c in t.__table__.columns if c.key != "id"]
    return frame(connection, select(*columns).order_by(t.person_id))


def accommodations(connection: Connection) -> pd.DataFrame:
    """person_id, kind: each limit of a person at work."""
    t = Accommodation
    return frame(connection, select(t.person_id, t.kind).order_by(t.person_id, t.kind))


def hardships(connection: Connection) -> pd.DataFrame:
    """id, person_id, kind, since, until, proof, version."""
    t = Hardship
    columns = (t.id, t.person_id, t.kind, t.since, t.until, t.proof, t.version)
    return frame(connection, select(*columns).order_by(t.person_id, t.kind))


def experience(connection: Connection) -> pd.DataFrame:
    """person_id, domain, years."""
    t = Experience
    return frame(connection, select(t.person_id, t.domain, t.years).order_by(t.person_id, t.domain))


def welfare_posts(connection: Connection, of: Ids = None) -> pd.DataFrame:
    """Spells on public-welfare posts: person_id, kind, title, host, dates, exit reason, subsidies, version."""
    t = WelfarePost
    statement = select(*t.__table__.columns).order_by(t.person_id, t.started_on)
    return frame(connection, within(statement, t.person_id, of))


def visits(connection: Connection, of: Ids = None) -> pd.DataFrame:
    """person_id, visited_on, mode, visitor, visitor_role, needs, next_on. ``of``: ids of people."""
    t = Visit
    statement = select(*t.__table__.columns).order_by(t.person_id, t.visited_on)
    return frame(connection, within(statement, t.person_id, of))


def plans(connection: Connection, of: Ids = None) -> pd.DataFrame:
    """person_id, made_on, status, goal, owner, closed_on. ``of``: ids of people."""
    t = Plan
    statement = select(*t.__table__.columns).order_by(t.person_id, t.made_on)
    return frame(connection, within(statement, t.person_id, of))


def transfers(connection: Connection) -> pd.DataFrame:
    """Plans handed over at once, newest first: id, from_owner, to_owner, note, made_at, made_by, undone_at, undone_by, plans."""
    t, p = CaseloadTransfer, CaseloadTransferPlan
    count = select(p.transfer_id, func.count().label("plans")).group_by(p.transfer_id).subquery()
    return frame(
        connection,
        select(*t.__table__.columns, func.coalesce(count.c.plans, 0).label("plans"))
        .outerjoin(count, count.c.transfer_id == t.id)
        .order_by(t.id.desc()),
    )


def plan_measures(connection: Connection) -> pd.DataFrame:
    """Steps of plans with the person: id, plan_id, person_id, step, kind, text, due_on, done_on, version."""
    t = PlanMeasure
    return frame(
        connection,
        select(*t.__table__.columns, Plan.person_id)
        .join(Plan, Plan.id == t.plan_id)
        .order_by(Plan.person_id, t.plan_id, t.step),
    )


def corrections(connection: Connection) -> pd.DataFrame:
    """Reasons for corrections: person_id, made_on, subject, reason, author."""
    t = PersonCorrection
    columns = (t.id, t.person_id, t.made_on, t.subject, t.reason, t.author)
    return frame(connection, select(*columns).order_by(t.person_id, t.made_on, t.id))


def grids(connection: Connection) -> pd.DataFrame:
    """id, name, community_id of the grids."""
    t = Grid
    return frame(connection, select(t.id, t.name, t.community_id).order_by(t.community_id, t.name))


def enrolments(connection: Connection, of: Ids = None) -> pd.DataFrame:
    """Training of people in sessions that were not cancelled: person_id, course, skill, kind, dates, result, certificate."""
    statement = (
        select(
            Enrolment.id,
            Enrolment.person_id,
            CourseSession.id.label("session_id"),
            CourseSession.code,
            Course.name.label("course"),
            Course.skill,
            CourseSession.kind,
            CourseSession.employer_id,
            CourseSession.community_id,
            CourseSession.starts_on,
            CourseSession.ends_on,
            Enrolment.attended_hours,
            Enrolment.result,
            Enrolment.certificate,
        )
        .join(CourseSession, CourseSession.id == Enrolment.session_id)
        .join(Course, Course.id == CourseSession.course_id)
        .where(CourseSession.cancelled_on.is_(None))
        .order_by(Enrolment.person_id, CourseSession.ends_on, Enrolment.id)
    )
    return frame(connection, within(statement, Enrolment.person_id, of))


def rows_of_person(connection: Connection, person_id: int) -> dict[str, list[int]]:
    """Table → ids of the rows about a person: their own, those that name them, and those below these (steps, follow-ups)."""
    rows: dict[str, list[int]] = {Person.__tablename__: [person_id]}
    for parent in (Person.__tablename__, *BELOW):
        for table in Base.metadata.sorted_tables:
            keys = [k.parent for k in table.foreign_keys if k.column.table.name == parent and k.column.name == "id"]
            if keys and table.name not in rows:
                owned = or_(*(key.in_(rows.get(parent, [])) for key in keys))
                rows[table.name] = sorted(connection.scalars(select(table.c.id).where(owned)))
    return rows


def running_post_ids(connection: Connection, person_id: int, day: date) -> list[int]:
    """Spells on public-welfare posts of a person that run on ``day``."""
    t = WelfarePost
    running = select(t.id).where(t.person_id == person_id, t.started_on <= day, t.exited_on.is_(None)).order_by(t.id)
    return list(connection.scalars(running))


def state_spell_id(connection: Connection, person_id: int, since: date) -> int | None:
    """The state spell of a person that begins on ``since``, if any."""
    t = PersonStateSpell
    return connection.scalar(select(t.id).where(t.person_id == person_id, t.since == since))
