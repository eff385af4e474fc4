"""What lies around a point: sites with minutes, and how many seekers could reach it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.access.accessibility import Reach
from core.access.snapshot import Atlas
from core.geography.plane import Floats

__all__ = ["place_point", "places", "seekers_within", "sites_near"]

PREMISES = "p"  # prefix of the key of idle premises; sites have "w" (workshop) or "e" (employer)


FEWEST = 2  # sites listed even when they lie beyond the time limit


def sites_near(atlas: Atlas, reach: Reach, point: Floats, count: int = 6) -> pd.DataFrame:
    """The nearest sites of a point (2,), metres: key, name, openings, jobs, job_ids, minutes, within (the limit).

    At most ``count`` of those within the time limit, but never fewer than two if there are any at all.
    """
    metres = np.sqrt(((atlas.site_xy - point) ** 2).sum(axis=1))
    found = atlas.sites[["key", "name", "openings", "jobs", "job_ids"]].assign(minutes=reach.travel.minutes(metres))
    found = found.assign(within=found["minutes"] <= reach.bands.limit)
    found = found.sort_values(["minutes", "key"], kind="stable").head(count).reset_index(drop=True)
    return found[found["within"] | (found.index < FEWEST)]


def seekers_within(atlas: Atlas, reach: Reach, point: Floats) -> tuple[int, ...]:
    """Seekers within each band of a point, cumulative."""
    metres = np.sqrt(((atlas.homes - point) ** 2).sum(axis=1))
    minutes = reach.travel.minutes(metres)
    return tuple(int((minutes <= end).sum()) for end in reach.bands.minutes)


def places(atlas: Atlas) -> dict[str, str]:
    """Key → name of everything besides communities that can be chosen: sites, then idle premises."""
    sites = dict(zip(atlas.sites["key"], atlas.sites["name"], strict=True))
    return sites | {f"{PREMISES}{row.id}": str(row.name) for row in atlas.idle.itertuples(index=False)}


def place_point(atlas: Atlas, key: str) -> Floats:
    """Position of a site or of idle premises, metres; KeyError if there is none."""
    is_room = key.startswith(PREMISES)
    keys = [f"{PREMISES}{n}" for n in atlas.idle["id"]] if is_room else list(atlas.sites["key"])
    if key not in keys:
        raise KeyError(key)
    found: Floats = (atlas.idle_xy if is_room else atlas.site_xy)[keys.index(key)]
    return found
