"""SELECTs about employers, openings and what became of them. Frames are ordered by key."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Subquery, func, select, union

from core.store.frames import Ids, frame, within
from core.store.schema import (
    Community,
    CommunityPost,
    Employer,
    Job,
    JobSkill,
    Occupation,
    Placement,
    Product,
    Referral,
    Workshop,
)
from core.terms import ReferralState

__all__ = [
    "community_posts",
    "employers",
    "job_skills",
    "jobs",
    "live_referral_ids",
    "occupations",
    "piece_times",
    "placements",
    "referral_id",
    "referrals",
    "referrals_under_way",
    "seats_left",
    "seats_taken",
]


def jobs(connection: Connection) -> pd.DataFrame:
    """Every job with its employer, workshop and community by name; see ``schema.Job`` for units."""
    columns = list(Job.__table__.columns)
    return frame(
        connection,
        select(
            *columns,
            Employer.name.label("employer"),
            Community.name.label("community"),
            Workshop.name.label("workshop"),
        )
        .join(Employer, Employer.id == Job.employer_id)
        .outerjoin(Community, Community.id == Job.community_id)
        .outerjoin(Workshop, Workshop.id == Job.workshop_id)
        .order_by(Job.id),
    )


def job_skills(connection: Connection) -> pd.DataFrame:
    """job_id, skill, level (1..4), importance (1..5), essential, certificate."""
    t = JobSkill
    return frame(
        connection,
        select(t.job_id, t.skill, t.level, t.importance, t.essential, t.certificate).order_by(t.job_id, t.skill),
    )


def occupations(connection: Connection) -> pd.DataFrame:
    """code, name_zh, name_en, domain."""
    return frame(connection, select(*Occupation.__table__.columns).order_by(Occupation.code))


def employers(connection: Connection) -> pd.DataFrame:
    """Every employer; see ``schema.Employer``."""
    return frame(
        connection,
        select(*Employer.__table__.columns, Community.name.label("community"))
        .outerjoin(Community, Community.id == Employer.community_id)
        .order_by(Employer.id),
    )


def community_posts(connection: Connection, of: Ids = None) -> pd.DataFrame:
    """Planned and developed batches of community posts with their head count (persons)."""
    statement = (
        select(*CommunityPost.__table__.columns, Community.name.label("community"))
        .join(Community, Community.id == CommunityPost.community_id)
        .order_by(CommunityPost.id)
    )
    return frame(connection, within(statement, CommunityPost.community_id, of))


def placements(connection: Connection, of: Ids = None) -> pd.DataFrame:
    """Spells of work with employer and workshop by name and the field of a community post."""
    statement = (
        select(
            *Placement.__table__.columns,
            Employer.name.label("employer"),
            Workshop.name.label("workshop"),
            CommunityPost.field,
        )
        .outerjoin(Employer, Employer.id == Placement.employer_id)
        .outerjoin(Workshop, Workshop.id == Placement.workshop_id)
        .outerjoin(CommunityPost, CommunityPost.id == Placement.community_post_id)
        .order_by(Placement.id)
    )
    return frame(connection, within(statement, Placement.person_id, of))


def referrals(connection: Connection) -> pd.DataFrame:
    """Recommendations of people to jobs with their state; see ``schema.Referral``."""
    return frame(connection, select(*Referral.__table__.columns).order_by(Referral.id))


def piece_times(connection: Connection) -> pd.DataFrame:
    """employer_id, rate, standard_minutes of products (minutes a piece, yuan a piece)."""
    t = Product
    return frame(
        connection,
        select(t.employer_id, t.piece_rate.label("rate"), t.standard_minutes)
        .where(t.employer_id.is_not(None))
        .order_by(t.employer_id, t.piece_rate, t.id),
    )


def _seat_holders() -> Subquery:
    """job_id, person_id of everyone who started in an opening, once, however it was recorded."""
    started = select(Referral.job_id, Referral.person_id).where(Referral.state == ReferralState.STARTED)
    placed = select(Placement.job_id, Placement.person_id).where(Placement.job_id.is_not(None))
    return union(started, placed).subquery()


def seats_taken(connection: Connection) -> pd.DataFrame:
    """job_id, taken: persons who started in the opening; jobs with none are left out."""
    t = _seat_holders()
    return frame(connection, select(t.c.job_id, func.count().label("taken")).group_by(t.c.job_id).order_by(t.c.job_id))


def seats_left(connection: Connection, job_id: int) -> int:
    """Openings of a job less the persons who started in it; 0 for an unknown job."""
    t = _seat_holders()
    openings = connection.scalar(select(Job.openings).where(Job.id == job_id)) or 0
    taken = connection.scalar(select(func.count()).select_from(t).where(t.c.job_id == job_id)) or 0
    return int(openings) - int(taken)


def referral_id(connection: Connection, person_id: int, job_id: int) -> int | None:
    """The referral of a pair, if any."""
    return connection.scalar(select(Referral.id).where(Referral.person_id == person_id, Referral.job_id == job_id))


def live_referral_ids(connection: Connection, person_id: int) -> list[int]:
    """Referrals of a person that may still lead to work."""
    return _under_way(connection, Referral.person_id == person_id)


def referrals_under_way(connection: Connection, job_id: int) -> list[int]:
    """Referrals to an opening that may still lead to work."""
    return _under_way(connection, Referral.job_id == job_id)


def _under_way(connection: Connection, whose: ColumnElement[bool]) -> list[int]:
    live = (ReferralState.RECOMMENDED, ReferralState.INTERVIEW, ReferralState.OFFERED)
    query = select(Referral.id).where(whose, Referral.state.in_(live)).order_by(Referral.id)
    return list(connection.scalars(query))
