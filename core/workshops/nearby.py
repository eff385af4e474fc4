"""Who could fill the seats: people who seek work near a workshop, with a skill that its orders ask for and hours that fit.

Sex, age, registration, disability and hardship are neither read nor shown; the order is skill first, then distance.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, radians

import numpy as np
import pandas as pd

from core.terms import PersonState

__all__ = ["candidates", "metres"]

EARTH = 6_371_008.8  # mean radius, metres (IUGG)
LONGEST_WALK = 60.0  # minutes one way, also for people who stated no limit


def metres(lon: pd.Series, lat: pd.Series, to_lon: float, to_lat: float) -> pd.Series:
    """Straight-line distance in metres on the local plane (error below 0.1 % within 50 km)."""
    east = np.radians(lon - to_lon) * cos(radians(to_lat)) * EARTH
    north = np.radians(lat - to_lat) * EARTH
    return np.hypot(east, north)


def candidates(
    people: pd.DataFrame,
    person_skills: pd.DataFrame,
    product_skills: pd.DataFrame,
    intentions: pd.DataFrame,
    products: Iterable[int],
    place: tuple[float, float],
    walk: tuple[float, float],
) -> pd.DataFrame:
    """Seekers who master (level ≥ 2) a skill of ``products`` and would walk there within their own limit, at most an hour.

    ``place`` is (lon, lat), ``walk`` (metres a minute, detour factor). Columns: person_id, name, community, skills
    (codes, comma-separated), level (highest), minutes (walk one way), limit (minutes; NA = none stated).
    """
    seeking = people[(people["state"] == PersonState.SEEKING) & people["lon"].notna()]
    needed = product_skills.loc[product_skills["product_id"].isin(list(products)), "skill"].unique()
    able = person_skills[person_skills["skill"].isin(needed) & (person_skills["level"] >= 2)]
    held = able.groupby("person_id").agg(skills=("skill", ",".join), level=("level", "max")).reset_index()
    able_seekers = seeking.merge(held, left_on="id", right_on="person_id")
    limit = intentions.set_index("person_id")["max_commute_min"]
    able_seekers["limit"] = able_seekers["person_id"].map(limit).astype("Int64")
    speed, detour = walk
    able_seekers["minutes"] = metres(able_seekers["lon"], able_seekers["lat"], *place) * detour / speed
    near = able_seekers[
        able_seekers["minutes"] <= able_seekers["limit"].astype("float64").fillna(LONGEST_WALK).clip(upper=LONGEST_WALK)
    ]
    ordered = near.sort_values(["level", "minutes", "person_id"], ascending=[False, True, True])
    return ordered[["person_id", "name", "community", "skills", "level", "minutes", "limit"]].reset_index(drop=True)
