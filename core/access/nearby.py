"""What lies around a point: sites with minutes, and how many seekers could reach it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.access.accessibility import Accessibility
from core.access.snapshot import PREMISES, DistrictSnapshot
from core.geography.plane import Floats

__all__ = ["place_point", "seekers_within", "sites_near"]

FEWEST = 2  # sites listed even when they lie beyond the time limit


def sites_near(snapshot: DistrictSnapshot, accessibility: Accessibility, point: Floats, count: int = 6) -> pd.DataFrame:
    """The nearest sites of a point (2,), metres: key, name, openings, jobs, job_ids, minutes, within (the limit).

    At most ``count`` of those within the time limit, but never fewer than two if there are any at all.
    """
    metres = np.sqrt(((snapshot.site_xy - point) ** 2).sum(axis=1))
    sites = snapshot.sites[["key", "name", "openings", "jobs", "job_ids"]].assign(
        minutes=accessibility.travel.minutes(metres)
    )
    sites = sites.assign(within=sites["minutes"] <= accessibility.bands.limit)
    sites = sites.sort_values(["minutes", "key"], kind="stable").head(count).reset_index(drop=True)
    return sites[sites["within"] | (sites.index < FEWEST)]


def seekers_within(snapshot: DistrictSnapshot, accessibility: Accessibility, point: Floats) -> tuple[int, ...]:
    """Seekers within each band of a point, cumulative."""
    metres = np.sqrt(((snapshot.homes - point) ** 2).sum(axis=1))
    minutes = accessibility.travel.minutes(metres)
    return tuple(int((minutes <= end).sum()) for end in accessibility.bands.minutes)


def place_point(snapshot: DistrictSnapshot, key: str) -> Floats:
    """Position of a site or of idle premises, metres; KeyError if there is none."""
    is_room = key.startswith(PREMISES)
    keys = [f"{PREMISES}{n}" for n in snapshot.idle["id"]] if is_room else list(snapshot.sites["key"])
    if key not in keys:
        raise KeyError(key)
    point: Floats = (snapshot.idle_xy if is_room else snapshot.site_xy)[keys.index(key)]
    return point
