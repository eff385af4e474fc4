"""SELECTs about employers, openings and what became of them. Frames are ordered by key."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from core.store.frames import frame
from core.store.schema import (
    Community,
    CommunityPost,
    Employer,
    FollowUp,
    Job,
    JobSkill,
    Occupation,
    Placement,
    Referral,
    Workshop,
)

__all__ = [
    "community_posts",
    "employers",
    "follow_ups",
    "job_skills",
    "jobs",
    "occupations",
    "placements",
    "referrals",
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


def community_posts(connection: Connection) -> pd.DataFrame:
    """Planned and developed batches of community posts with their head count (persons)."""
    return frame(
        connection,
        select(*CommunityPost.__table__.columns, Community.name.label("community"))
        .join(Community, Community.id == CommunityPost.community_id)
        .order_by(CommunityPost.id),
    )


def placements(connection: Connection) -> pd.DataFrame:
    """Spells of work with employer and workshop by name and the field of a community post."""
    return frame(
        connection,
        select(
            *Placement.__table__.columns,
            Employer.name.label("employer"),
            Workshop.name.label("workshop"),
            CommunityPost.field,
        )
        .outerjoin(Employer, Employer.id == Placement.employer_id)
        .outerjoin(Workshop, Workshop.id == Placement.workshop_id)
        .outerjoin(CommunityPost, CommunityPost.id == Placement.community_post_id)
        .order_by(Placement.id),
    )


def follow_ups(connection: Connection) -> pd.DataFrame:
    """placement_id, person_id, followed_on, result."""
    t = FollowUp
    return frame(
        connection,
        select(*t.__table__.columns, Placement.person_id)
        .join(Placement, Placement.id == t.placement_id)
        .order_by(t.placement_id, t.followed_on),
    )


def referrals(connection: Connection) -> pd.DataFrame:
    """Recommendations of people to jobs with their state; see ``schema.Referral``."""
    return frame(connection, select(*Referral.__table__.columns).order_by(Referral.id))
