"""Reads of courses."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection, and_, func, select

from core.store.frames import frame
from core.store.schema import Course, CourseSession

__all__ = ["courses"]


def courses(connection: Connection, today: date) -> pd.DataFrame:
    """One row a course that teaches a skill: skill, course, starts_on of its next session (NaT: none planned)."""
    following = and_(CourseSession.course_id == Course.id, CourseSession.starts_on >= today)
    return frame(
        connection,
        select(Course.skill, Course.name.label("course"), func.min(CourseSession.starts_on).label("starts_on"))
        .outerjoin(CourseSession, following)
        .where(Course.skill.is_not(None))
        .group_by(Course.id, Course.skill, Course.name)
        .order_by(Course.skill, Course.id),
    )
