"""Caches of the service teams."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.teams import queries
from core.teams.rhythm import TeamFrames, Teams, compute_teams
from pages.cache import tasks
from pages.cache.store import cached, cached_query, database, parameters

staff = cached_query(queries.staff)
staff_grids = cached_query(queries.staff_grids)
grids = cached_query(queries.grids)
meetings = cached_query(queries.meetings)


@cached
def teams(revision: int, today: date) -> Teams:
    with database().read() as connection:
        frames = TeamFrames(
            staff=queries.staff(connection),
            staff_grids=queries.staff_grids(connection),
            grids=queries.grids(connection),
            meetings=queries.meetings(connection),
            homes=queries.homes_by_grid(connection),
        )
    return compute_teams(tasks.task_facts(revision), frames, tasks.due(revision, today), parameters(revision), today)


def member_name(revision: int, member_id: int) -> str | None:
    """The name of an active member; None for an unknown id."""
    table: pd.DataFrame = staff(revision)
    return next(iter(table.loc[(table["id"] == member_id) & table["active"], "name"]), None)
