"""SELECTs that only matching needs. Frames are ordered by key."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from core.store.frames import frame
from core.store.schema import Community, Course, Employer, Job, Premises, WeightPreset, Workshop

__all__ = ["communities", "courses", "places_of_work", "preset_revisions", "presets"]


def communities(connection: Connection) -> pd.DataFrame:
    """Label points: id, name, lon, lat (WGS-84)."""
    t = Community
    return frame(connection, select(t.id, t.name, t.lon, t.lat).order_by(t.id))


def places_of_work(connection: Connection) -> pd.DataFrame:
    """job_id, lon, lat (WGS-84), exact: the job's own position, else its workshop's, its employer's, its community's."""
    home, seat = Community.__table__.alias("home"), Community.__table__.alias("seat")
    return frame(
        connection,
        select(
            Job.id.label("job_id"),
            func.coalesce(Job.lon, Premises.lon, Employer.lon, home.c.lon, seat.c.lon).label("lon"),
            func.coalesce(Job.lat, Premises.lat, Employer.lat, home.c.lat, seat.c.lat).label("lat"),
            (func.coalesce(Job.lon, Premises.lon, Employer.lon).is_not(None)).label("exact"),
        )
        .join(Employer, Employer.id == Job.employer_id)
        .outerjoin(Workshop, Workshop.id == Job.workshop_id)
        .outerjoin(Premises, Premises.id == Workshop.premises_id)
        .outerjoin(home, home.c.id == Job.community_id)
        .outerjoin(seat, seat.c.id == Employer.community_id)
        .order_by(Job.id),
    )


def courses(connection: Connection) -> pd.DataFrame:
    """id, name, skill, hours of every course that teaches a skill."""
    t = Course
    return frame(connection, select(t.id, t.name, t.skill, t.hours).where(t.skill.is_not(None)).order_by(t.id))


def presets(connection: Connection) -> pd.DataFrame:
    """Saved weights in force: id, name, revision, weights (factor code → 0..100), author, reason, made_at."""
    t = WeightPreset
    return frame(
        connection,
        select(t.id, t.name, t.revision, t.weights, t.author, t.reason, t.made_at)
        .where(t.archived_at.is_(None))
        .order_by(t.name, t.revision),
    )


def preset_revisions(connection: Connection, name: str) -> list[Any]:
    """id, revision, archived_at of every revision of a preset, oldest first."""
    t = WeightPreset
    revisions = select(t.id, t.revision, t.archived_at).where(t.name == name).order_by(t.revision)
    return list(connection.execute(revisions))
