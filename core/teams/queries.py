"""SELECTs of the service teams."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, func, select

from core.store.frames import frame
from core.store.schema import Grid, Person, Plan, StaffGrid, StaffMember, TeamMeeting
from core.terms import PlanStatus

__all__ = ["grids", "homes_by_grid", "live_plan_count", "meetings", "staff", "staff_grids"]


def staff(connection: Connection) -> pd.DataFrame:
    """Everybody in a team or once in one: id, name, role, community_id, organisation, active, left_on, version."""
    t = StaffMember
    columns = (t.id, t.name, t.role, t.community_id, t.organisation, t.active, t.left_on, t.version)
    return frame(connection, select(*columns).order_by(t.community_id, t.id))


def staff_grids(connection: Connection) -> pd.DataFrame:
    """staff_id, grid (its name in the member's community)."""
    return frame(connection, select(StaffGrid.staff_id, StaffGrid.grid).order_by(StaffGrid.staff_id, StaffGrid.id))


def grids(connection: Connection) -> pd.DataFrame:
    """Grids of the communities: community_id, grid."""
    return frame(connection, select(Grid.community_id, Grid.name.label("grid")).order_by(Grid.community_id, Grid.name))


def meetings(connection: Connection) -> pd.DataFrame:
    """Weekly meetings of the teams: id, community_id, held_on, led_by, attended (persons), version."""
    t = TeamMeeting
    return frame(connection, select(*t.__table__.columns).order_by(t.community_id, t.held_on))


def homes_by_grid(connection: Connection) -> pd.DataFrame:
    """person_id, community_id, grid (name; None: not on record) of everyone."""
    return frame(
        connection,
        select(Person.id.label("person_id"), Person.community_id, Grid.name.label("grid"))
        .outerjoin(Grid, Grid.id == Person.grid_id)
        .order_by(Person.id),
    )


def live_plan_count(connection: Connection, owner: str) -> int:
    """How many live plans somebody owns."""
    live = select(func.count()).select_from(Plan).where(Plan.status == PlanStatus.LIVE, Plan.owner == owner)
    return connection.scalar(live) or 0
