"""SELECTs that only the job map needs."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from core.store.frames import frame
from core.store.schema import ActionItem

__all__ = ["agenda_items"]


def agenda_items(connection: Connection) -> pd.DataFrame:
    """Items of the meetings that a what-if of the map led to: code, owner, due_on, status, scenario (id)."""
    t = ActionItem
    columns = (t.code, t.owner, t.raised_on, t.due_on, t.status)
    items = frame(connection, select(*columns).where(t.code.like("%-M%")).order_by(t.id))
    return items.assign(scenario=items["code"].str.extract(r"-M(\d+)$", expand=False).astype("Int64"))
