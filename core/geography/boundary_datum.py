"""Whether boundaries of a file fit what is stored better in another coordinate system than the declared one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from core.geography.boundary_findings import Finding
from core.geography.datum import from_wgs84, to_wgs84
from core.geography.datum_detection import Inside, Suspicion, suspected, suspected_of_outlines
from core.geography.outlines import shape_of
from core.geography.plane import Floats, Plane
from core.geography.queries import StoredBoundaries
from core.terms import Datum

__all__ = ["detect_wrong_datum"]

Changes = Mapping[int, Mapping[str, Any]]  # boundary, lon, lat by community id, in WGS-84 as declared


def detect_wrong_datum(changes: Changes, declared: Datum, stored: StoredBoundaries) -> Finding | None:
    """A warning if the file looks like another system; None if there is no doubt.

    Outlines and label points are compared with the stored ones; failing that, outlines with the homes and places
    inside.
    """
    plane = Plane.around(stored.communities["lon"], stored.communities["lat"])
    by_offset = suspected(_offsets(changes, declared, stored, plane), declared)
    if by_offset is not None:
        return _warning("offset", by_offset)
    shift = {other: float(np.hypot(*_as_if(np.zeros((1, 2)), plane, declared, other)[0])) for other in Datum}
    by_containment = suspected_of_outlines(_shares(changes, declared, stored, plane), declared, shift)
    return None if by_containment is None else _warning("system", by_containment)


def _warning(code: str, suspicion: Suspicion | Inside) -> Finding:
    def text(value: float) -> str:
        return f"{value:.0%}" if isinstance(suspicion, Inside) else f"{round(value, -1):,.0f}"

    values = {"system": suspicion.datum, "metres": f"{round(suspicion.shift, -2):,.0f}"}
    return Finding(code, False, values | {"now": text(suspicion.now), "then": text(suspicion.then)})


def _offsets(changes: Changes, declared: Datum, stored: StoredBoundaries, plane: Plane) -> dict[Datum, Floats]:
    """Metres (n, 2) of each centre of an outline, or label point, from the stored one, read in each system."""
    given, known = [], []
    for row in stored.communities.to_dict("records"):
        values = changes.get(int(row["id"]), {})
        if "boundary" in values:
            before = shape_of(row["boundary"], plane)
            if before:
                given.append(shapely.get_coordinates(shape_of(values["boundary"], plane).centroid)[0])
                known.append(shapely.get_coordinates(before.centroid)[0])
        elif values:
            given.append(plane.xy(values["lon"], values["lat"]))
            known.append(plane.xy(row["lon"], row["lat"]))
    here, there = np.array(given).reshape(-1, 2), np.array(known).reshape(-1, 2)
    return {other: _as_if(here, plane, declared, other) - there for other in Datum}


def _shares(changes: Changes, declared: Datum, stored: StoredBoundaries, plane: Plane) -> dict[Datum, Floats]:
    """Share of the stored points of each community inside its new outline, read in each system."""
    owner = stored.points["community_id"].to_numpy()
    xy = plane.xy(stored.points["lon"], stored.points["lat"])
    shares: dict[Datum, list[float]] = {other: [] for other in Datum}
    for community, values in changes.items():
        mine = xy[owner == community]
        if "boundary" in values and len(mine):
            shape = shape_of(values["boundary"], plane)
            for other in Datum:
                moved = shapely.transform(shape, lambda ring, other=other: _as_if(ring, plane, declared, other))
                shares[other].append(float(shapely.contains_xy(moved, *mine.T).mean()))
    return {other: np.array(share) for other, share in shares.items()}


def _as_if(xy: Floats, plane: Plane, declared: Datum, datum: Datum) -> Floats:
    """Positions (n, 2) in metres read in ``declared``, had they been read in ``datum``."""
    if declared is datum:
        return xy
    lon, lat = plane.lonlat(xy).T
    return plane.xy(*to_wgs84(*from_wgs84(lon, lat, declared), datum))
