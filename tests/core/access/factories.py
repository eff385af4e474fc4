"""A made-up district for tests of the map: communities on a square, homes, open jobs, premises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from core.access.accessibility import Accessibility
from core.access.measures import MeasureTable, Rate
from core.access.model import AccessModel
from core.access.queries import Sources
from core.access.snapshot import DistrictSnapshot, make_snapshot
from core.access.what_if import marginal_effects
from core.geography.plane import Travel
from core.terms import PersonState, PremisesKind

LON, LAT = 116.6, 35.37
WALK = Travel(75.0, 1.3)
METRE = 1 / 111_000  # degrees, roughly


def spread(rng: np.random.Generator, n: int, metres: float) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes scattered over a square of ``metres``."""
    east, north = rng.uniform(-metres / 2, metres / 2, (2, n))
    return LON + east * METRE / 0.815, LAT + north * METRE


def a_boundary(lon: float, lat: float, side: float = 0.01) -> dict[str, Any]:
    """A square GeoJSON polygon around a point."""
    half = side / 2
    ring = [[lon - half, lat - half], [lon + half, lat - half], [lon + half, lat + half], [lon - half, lat + half]]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def some_sources(
    seed: int = 1, communities: int = 6, people: int = 240, jobs: int = 30, idle: int = 4, metres: float = 6000
) -> Sources:
    """Sources of a map with everything in it; same seed, same district."""
    rng = np.random.default_rng(seed)
    lon, lat = spread(rng, communities, metres)
    places = pd.DataFrame(
        {
            "id": pd.array(range(11, 11 + communities), dtype="Int64"),
            "code": [f"3708110{n:05d}" for n in range(communities)],
            "name": [f"第{n}社区" for n in range(communities)],
            "town": "镇",
            "kind": "urban",
            "lon": lon,
            "lat": lat,
            "boundary": pd.Series([None] * communities, dtype=object),
            "boundary_source": pd.Series([None] * communities, dtype="str"),
        }
    )
    home_lon, home_lat = spread(rng, people, metres)
    crowd = pd.DataFrame(
        {
            "person_id": pd.array(range(people), dtype="Int64"),
            "community_id": pd.array(rng.choice(places["id"].to_numpy(dtype=int), people), dtype="Int64"),
            "state": rng.choice([s.value for s in PersonState], people, p=[0.2, 0.4, 0.2, 0.1, 0.05, 0.05]),
            "lon": home_lon,
            "lat": home_lat,
        }
    )
    return Sources(
        communities=places,
        premises=_premises(rng, places, idle, metres),
        workshops=_workshops(places),
        jobs=_jobs(rng, places, jobs, metres),
        people=crowd,
        events=pd.DataFrame(
            columns=["id", "name", "held_on", "theme", "scene", "place", "community_id", "jobs_offered"]
        ),
        staff=pd.DataFrame(columns=["id", "name", "role", "community_id"]),
        next_visits=pd.DataFrame({"community_id": places["id"][:1], "next_on": pd.to_datetime(["2026-01-05"])}),
        flows=_flows(places),
    )


def _flows(places: pd.DataFrame) -> pd.DataFrame:
    """Two people from the first community to the second, nine back, five within the first."""
    a, b = int(places["id"].iloc[0]), int(places["id"].iloc[-1])
    return pd.DataFrame({"home_id": [a, b, a], "work_id": [b, a, a], "persons": [2, 9, 5]}).astype("Int64")


def _jobs(rng: np.random.Generator, places: pd.DataFrame, n: int, metres: float) -> pd.DataFrame:
    lon, lat = spread(rng, n, metres)
    return pd.DataFrame(
        {
            "id": pd.array(range(100, 100 + n), dtype="Int64"),
            "title": "缝纫工",
            "field": pd.Series([None] * n, dtype="str"),
            "form": "full_time",
            "shift": "day",
            "seated": pd.array([None] * n, dtype="boolean"),
            "home_work": pd.array([None] * n, dtype="boolean"),
            "skills": pd.Series([()] * n, dtype=object),
            "employer_id": pd.array(range(500, 500 + n), dtype="Int64"),
            "employer": [f"第{k}厂" for k in range(n)],
            "community_id": pd.array(rng.choice(places["id"].to_numpy(dtype=int), n), dtype="Int64"),
            "workshop_id": pd.array([None] * n, dtype="Int64"),
            "workshop": pd.Series([None] * n, dtype="str"),
            "lon": lon,
            "lat": lat,
            "left": pd.array(rng.integers(1, 9, n), dtype="Int64"),
        }
    )


def _premises(rng: np.random.Generator, places: pd.DataFrame, n: int, metres: float) -> pd.DataFrame:
    lon, lat = spread(rng, n, metres)
    return pd.DataFrame(
        {
            "id": pd.array(range(70, 70 + n), dtype="Int64"),
            "code": [f"XZ{k}" for k in range(n)],
            "name": [f"闲置用房{k}" for k in range(n)],
            "kind": PremisesKind.IDLE.value,
            "community_id": pd.array([int(places["id"].iloc[k % len(places)]) for k in range(n)], dtype="Int64"),
            "lon": lon,
            "lat": lat,
            "area_m2": 100.0,
            "possible_stations": pd.array([20] * n, dtype="Int64"),
            "use": pd.Series([None] * n, dtype="str"),
        }
    )


def _workshops(places: pd.DataFrame) -> pd.DataFrame:
    first = places.iloc[0]
    return pd.DataFrame(
        {
            "id": pd.array([1], dtype="Int64"),
            "name": ["第一微工厂"],
            "community_id": pd.array([first["id"]], dtype="Int64"),
            "premises_id": pd.array([None], dtype="Int64"),
            "stations": pd.array([20], dtype="Int64"),
            "on_roll": pd.array([13], dtype="Int64"),
            "lon": [first["lon"]],
            "lat": [first["lat"]],
            "opened_on": pd.to_datetime(["2024-03-18"]),
        }
    )


def a_snapshot(**changes: Any) -> DistrictSnapshot:
    """An atlas of :func:`some_sources`."""
    return make_snapshot(some_sources(**changes))


def some_rates(snapshot: DistrictSnapshot, exits: int = 12, pool: int = 30) -> dict[str, Rate]:
    """The two published rates with the same counts everywhere."""
    index = snapshot.communities["id"].to_numpy(dtype=int)

    def rate(top: int, bottom: int) -> Rate:
        return Rate(pd.Series(top, index=index), pd.Series(bottom, index=index))

    return {"visit_coverage": rate(pool // 2, pool), "re_employment": rate(exits // 3, exits)}


def a_model(snapshot: DistrictSnapshot, accessibility: Accessibility, measures: MeasureTable) -> AccessModel:
    """The model of a map without a filter of openings."""
    return AccessModel(
        unfiltered=snapshot,
        unfiltered_accessibility=accessibility,
        snapshot=snapshot,
        accessibility=accessibility,
        effects=marginal_effects(snapshot, accessibility),
        rates=some_rates(snapshot),
        measures=measures,
    )
