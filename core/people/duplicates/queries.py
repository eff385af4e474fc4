"""SELECTs of what people are told apart by, and of pairs that were decided."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from core.store.frames import frame
from core.store.schema import DistinctPair, Person

__all__ = ["distinct_pairs", "duplicate_facts"]


def duplicate_facts(connection: Connection) -> pd.DataFrame:
    """People who were not anonymised: the columns of ``core.people.duplicates.scoring.duplicate_pairs``."""
    t = Person
    columns = (t.id, t.name, t.phone, t.phone_2, t.id_hash, t.id_last4, t.birth_date, t.community_id, t.grid_id)
    return frame(connection, select(*columns).where(t.anonymised_on.is_(None)).order_by(t.id))


def distinct_pairs(connection: Connection) -> pd.DataFrame:
    """Pairs of which somebody decided that they are two people: id, person_id, other_id, decided_on, author."""
    t = DistinctPair
    return frame(connection, select(t.id, t.person_id, t.other_id, t.decided_on, t.author).order_by(t.id.desc()))
