"""SELECTs for the job map. Positions of homes stay in core: nothing here is handed to a screen as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from core.geography.queries import communities
from core.people import queries as people_queries
from core.store.frames import frame
from core.store.schema import (
    Community,
    Employer,
    Event,
    Job,
    JobSkill,
    Person,
    Placement,
    Premises,
    StaffMember,
    Visit,
    Workshop,
)
from core.terms import JobStatus

__all__ = [
    "Sources",
    "events",
    "first_day",
    "flows",
    "load",
    "next_visits",
    "open_jobs",
    "people",
    "premises",
    "staff",
    "workshops",
]

EVENT_DAYS = 45  # events this many days before and after the day are on the map


@dataclass(frozen=True, eq=False)
class Sources:
    """The tables that the map is computed from, on one day."""

    communities: pd.DataFrame
    premises: pd.DataFrame
    workshops: pd.DataFrame
    jobs: pd.DataFrame
    people: pd.DataFrame
    events: pd.DataFrame
    staff: pd.DataFrame
    next_visits: pd.DataFrame
    flows: pd.DataFrame


def load(connection: Connection, today: date, latest: date | None = None) -> Sources:
    """Every table that the map needs, on ``today``; ``latest`` is the store's own last day."""
    return Sources(
        communities(connection),
        premises(connection),
        workshops(connection, today),
        open_jobs(connection, today, latest or today),
        people(connection, today),
        events(connection, today),
        staff(connection),
        next_visits(connection, today),
        flows(connection, today),
    )


def premises(connection: Connection) -> pd.DataFrame:
    """id, code, name, kind, community_id, lon, lat, area_m2, possible_stations, use, power_kw, step_free, open_to."""
    t = Premises
    columns = [c for c in t.__table__.columns if c.key != "version"]
    return frame(connection, select(*columns).order_by(t.id))


def workshops(connection: Connection, today: date) -> pd.DataFrame:
    """Workshops open on ``today``: id, name, community_id, stations, on_roll (persons), lon, lat, opened_on."""
    roll = (
        select(Placement.workshop_id, func.count().label("on_roll"))
        .where(
            Placement.workshop_id.is_not(None),
            Placement.started_on <= today,
            or_(Placement.ended_on.is_(None), Placement.ended_on > today),
        )
        .group_by(Placement.workshop_id)
        .subquery()
    )
    return frame(
        connection,
        select(
            Workshop.id,
            Workshop.name,
            Workshop.community_id,
            Workshop.premises_id,
            Workshop.stations,
            func.coalesce(roll.c.on_roll, 0).label("on_roll"),
            func.coalesce(Premises.lon, Community.lon).label("lon"),
            func.coalesce(Premises.lat, Community.lat).label("lat"),
            Workshop.opened_on,
        )
        .join(Community, Community.id == Workshop.community_id)
        .outerjoin(Premises, Premises.id == Workshop.premises_id)
        .outerjoin(roll, roll.c.workshop_id == Workshop.id)
        .where(Workshop.opened_on <= today)
        .order_by(Workshop.id),
    )


def open_jobs(connection: Connection, today: date, latest: date) -> pd.DataFrame:
    """Jobs with openings left on ``today``: id, title, employer, community_id, workshop_id, lon, lat, left (persons).

    The place of work is the job's own, else its workshop's premises, else the employer's, else the community's label
    point. A job that is paused, filled or closed by now (``latest``) counts on the days before. For filters: field,
    form, shift, seated, home_work and skills (tuple of codes).
    """
    filled = (
        select(Placement.job_id, func.count().label("filled"))
        .where(Placement.job_id.is_not(None), Placement.started_on <= today)
        .group_by(Placement.job_id)
        .subquery()
    )
    left = (Job.openings - func.coalesce(filled.c.filled, 0)).label("left")
    still_open = and_(Job.status == JobStatus.OPEN, or_(Job.closes_on.is_(None), Job.closes_on >= today))
    ended_on = func.coalesce(Job.status_since, Job.closes_on)
    open_then = and_(Job.status != JobStatus.OPEN, ended_on > today, ended_on <= latest)
    jobs = frame(
        connection,
        select(
            Job.id,
            Job.title,
            Job.field,
            Job.form,
            Job.shift,
            Job.seated,
            Job.home_work,
            Job.employer_id,
            Employer.name.label("employer"),
            func.coalesce(Job.community_id, Employer.community_id).label("community_id"),
            Job.workshop_id,
            Workshop.name.label("workshop"),
            _first_position("lon").label("lon"),
            _first_position("lat").label("lat"),
            left,
        )
        .join(Employer, Employer.id == Job.employer_id)
        .outerjoin(Workshop, Workshop.id == Job.workshop_id)
        .outerjoin(Premises, Premises.id == Workshop.premises_id)
        .outerjoin(Community, Community.id == func.coalesce(Job.community_id, Employer.community_id))
        .outerjoin(filled, filled.c.job_id == Job.id)
        .where(Job.posted_on <= today, or_(still_open, open_then), left > 0)
        .order_by(Job.id),
    )
    skills: dict[int, list[str]] = {}
    for job, skill in connection.execute(select(JobSkill.job_id, JobSkill.skill).order_by(JobSkill.id)):
        skills.setdefault(job, []).append(skill)
    return jobs.assign(skills=pd.Series([tuple(skills.get(n, ())) for n in jobs["id"]], dtype=object))


def _first_position(axis: str) -> ColumnElement[float]:
    """``lon`` or ``lat`` of the first table that knows both."""
    tables = (Job, Premises, Employer, Community)
    return case(*[(and_(t.lon.is_not(None), t.lat.is_not(None)), getattr(t, axis)) for t in tables])


def people(connection: Connection, today: date) -> pd.DataFrame:
    """person_id, community_id, state, lon, lat (home) of everyone with a state on the day; for computing only."""
    everyone = people_queries.people(connection, today)
    columns = ["id", "community_id", "state", "lon", "lat"]
    return everyone.loc[everyone["state"].notna(), columns].rename(columns={"id": "person_id"}).reset_index(drop=True)


def next_visits(connection: Connection, today: date) -> pd.DataFrame:
    """community_id and the next agreed visit there from ``today`` on."""
    return frame(
        connection,
        select(Person.community_id, func.min(Visit.next_on).label("next_on"))
        .join(Person, Person.id == Visit.person_id)
        .where(Visit.next_on >= today, Visit.visited_on <= today, Person.community_id.is_not(None))
        .group_by(Person.community_id)
        .order_by(Person.community_id),
    )


def flows(connection: Connection, today: date) -> pd.DataFrame:
    """Where people in work live and work: home_id and work_id (communities), persons; their own business left out."""
    work = func.coalesce(Workshop.community_id, Employer.community_id)
    return frame(
        connection,
        select(Person.community_id.label("home_id"), work.label("work_id"), func.count().label("persons"))
        .select_from(Placement)
        .join(Person, Person.id == Placement.person_id)
        .outerjoin(Workshop, Workshop.id == Placement.workshop_id)
        .outerjoin(Employer, Employer.id == Placement.employer_id)
        .where(
            Placement.started_on <= today,
            or_(Placement.ended_on.is_(None), Placement.ended_on > today),
            Person.community_id.is_not(None),
            work.is_not(None),
        )
        .group_by(Person.community_id, work)
        .order_by(Person.community_id, work),
    )


def events(connection: Connection, today: date) -> pd.DataFrame:
    """Recruitment events near ``today``: id, name, held_on, theme, scene, place, community_id, jobs_offered."""
    span, t = timedelta(days=EVENT_DAYS), Event
    return frame(
        connection,
        select(t.id, t.name, t.held_on, t.theme, t.scene, t.place, t.community_id, t.jobs_offered)
        .where(t.held_on >= today - span, t.held_on <= today + span, t.community_id.is_not(None))
        .order_by(t.held_on, t.id),
    )


def first_day(connection: Connection) -> date | None:
    """The day of the oldest opening: before it nothing is known of work within reach. None without any."""
    return connection.scalar(select(func.min(Job.posted_on)))


def staff(connection: Connection) -> pd.DataFrame:
    """Active staff of communities: id, name, role, community_id."""
    t = StaffMember
    return frame(
        connection,
        select(t.id, t.name, t.role, t.community_id)
        .where(t.active, t.community_id.is_not(None))
        .order_by(t.community_id, t.id),
    )
