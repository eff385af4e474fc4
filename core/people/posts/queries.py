"""SELECTs of what the limits of welfare posts ask."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, or_, select

from core.people.posts.limits import PostFacts
from core.people.queries import running_post_ids
from core.store.schema import Hardship, Person, WelfarePost

__all__ = ["post_facts"]


def post_facts(connection: Connection, person_id: int, day: date, *, retires_at_55: bool = False) -> PostFacts:
    """What the limits ask of a person on ``day``; LookupError for an unknown one."""
    p, h, w = Person, Hardship, WelfarePost
    row = connection.execute(select(p.birth_date, p.sex, p.disability).where(p.id == person_id)).one_or_none()
    if row is None:
        raise LookupError(f"person {person_id}")
    valid = or_(h.until.is_(None), h.until >= day)
    hardships = connection.scalars(select(h.kind).where(h.person_id == person_id, valid))
    spells = connection.scalar(select(func.count()).select_from(w).where(w.person_id == person_id)) or 0
    return PostFacts(
        birth=row.birth_date,
        sex=row.sex,
        hardships=frozenset(hardships),
        disability=row.disability,
        spells=spells,
        is_on_post=bool(running_post_ids(connection, person_id, day)),
        retires_at_55=retires_at_55,
    )
