"""GeoJSON of communities brought in by the district: polygons become outlines, points become label points.

Everything is checked before anything is stored; each finding names the feature and tells how to correct it.

    plan = read_geojson(data, Datum.GCJ02, stored)
    plan.findings, plan.changes
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely import MultiPolygon

from core.geography.boundary_datum import detect_wrong_datum
from core.geography.boundary_file import DIGITS, parse_feature, parse_features
from core.geography.boundary_findings import Finding
from core.geography.outlines import GIVEN, divide_area, geojson, shape_of
from core.geography.plane import Floats, Plane
from core.geography.queries import StoredBoundaries
from core.terms import Datum

__all__ = ["BoundaryPlan", "read_geojson"]

ROUNDING = 2.0  # metres, square metres: approximations that differ less are the same
LEAST_KM2, MOST_KM2 = 0.01, 500.0


@dataclass(frozen=True, eq=False)
class BoundaryPlan:
    """What storing would change: ``changes`` by community id. ``same``: communities already stored as in the file.

    ``neighbours``: outlines of the communities that have none of their own, cut anew beside those of the file; empty
    while there are errors.
    """

    findings: tuple[Finding, ...]
    changes: Mapping[int, Mapping[str, Any]]
    same: int
    neighbours: Mapping[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        return bool(self.changes) and not any(finding.is_error for finding in self.findings)


def read_geojson(data: bytes, datum: Datum, stored: StoredBoundaries) -> BoundaryPlan:
    """Parse, check and compare; nothing is written."""
    features, findings = parse_features(data)
    if findings:
        return BoundaryPlan(tuple(findings), {}, 0)
    rows = {str(row["code"]): row for row in stored.communities.to_dict("records")}
    values: dict[int, dict[str, Any]] = {}
    for number, feature in enumerate(features, 1):
        parsed = parse_feature(feature, datum, rows)
        problems = list(parsed.findings)
        if parsed.row is not None and parsed.geometry is not None:
            mine = values.setdefault(int(parsed.row["id"]), {})
            if parsed.geometry["type"] == "Point":
                mine["lon"], mine["lat"] = parsed.geometry["coordinates"]
            elif "boundary" in mine:
                problems.append(Finding("twice", values={"code": parsed.row["code"]}))
            else:
                mine |= {"boundary": parsed.geometry, "boundary_source": GIVEN}
                problems += _shape_problems(parsed.geometry, parsed.row, stored.communities)
        findings += [replace(problem, feature=number, community=parsed.name) for problem in problems]
    doubt = detect_wrong_datum(values, datum, stored)
    findings += [] if doubt is None else [doubt]
    changes = {key: new for key, new in values.items() if not _is_stored(new, stored.communities, key)}
    is_usable = not any(finding.is_error for finding in findings)
    neighbours = _neighbours(changes, stored.communities) if is_usable else {}
    return BoundaryPlan(tuple(findings), changes, len(values) - len(changes), neighbours)


def _shape_problems(geometry: dict[str, Any], row: Mapping[str, Any], communities: pd.DataFrame) -> list[Finding]:
    """An outline in WGS-84: crossing itself, implausibly small or large, or with the wrong label points inside."""
    plane = Plane(row["lon"], row["lat"])
    shape = shape_of(geometry, plane)
    findings = []
    crossing = _crossing(shape)
    if crossing is not None:
        lon, lat = plane.lonlat(crossing)
        findings.append(Finding("crossing", values={"lon": f"{lon:.5f}", "lat": f"{lat:.5f}"}))
    size = shape.area / 1e6
    if not LEAST_KM2 <= size <= MOST_KM2:
        findings.append(Finding("tiny" if size < LEAST_KM2 else "huge", False, {"area": f"{size:,.3f}"}))
    points = plane.xy(communities["lon"], communities["lat"])
    inside = shapely.contains_xy(shape, *points.T)
    own = (communities["code"] == row["code"]).to_numpy(dtype=bool)
    if not inside[own].all():
        metres = shapely.distance(shape, shapely.points(points[own])).min()
        findings.append(Finding("point_outside", False, {"metres": f"{metres:,.0f}"}))
    return findings + [Finding("other_inside", False, {"name": name}) for name in communities["name"][inside & ~own]]


def _crossing(shape: MultiPolygon) -> Floats | None:
    """A point (2,) where a shape crosses, touches or overlaps itself; None if it is simple.

    GEOS names the place in its reason only: 'Self-intersection[1 1]'.
    """
    place = re.search(r"\[(\S+) (\S+)\]$", shapely.is_valid_reason(shape))
    return None if place is None else np.array(place.groups(), dtype=float)


def _is_stored(values: Mapping[str, Any], communities: pd.DataFrame, community: int) -> bool:
    row = communities.loc[communities["id"] == community].iloc[0]
    return all(row[name] == value for name, value in values.items())


def _neighbours(changes: Mapping[int, Mapping[str, Any]], communities: pd.DataFrame) -> dict[int, dict[str, Any]]:
    """New approximations by community id: the stored ones, and what the outlines of the file leave free of what they
    replace, less the given ones. Unchanged ones are left out.
    """
    if not any("boundary" in values for values in changes.values()):
        return {}
    plane = Plane.around(communities["lon"], communities["lat"])
    before: dict[int, MultiPolygon] = {}
    seeds: dict[int, Floats] = {}
    free: list[MultiPolygon] = []
    taken: list[MultiPolygon] = []
    for row in communities.to_dict("records"):
        key = int(row["id"])
        new, shape = changes.get(key, {}), shape_of(row["boundary"], plane)
        if "boundary" in new:
            taken.append(shape_of(new["boundary"], plane))
            free.append(shape)
        elif row["boundary_source"] == GIVEN:
            taken.append(shape)
        elif shape:
            before[key], seeds[key] = shape, plane.xy(new.get("lon", row["lon"]), new.get("lat", row["lat"]))
    if not seeds:
        return {}
    shares = divide_area(np.array(list(seeds.values())), list(before.values()), free, taken)
    return {
        key: geojson(share, plane, DIGITS)
        for key, share in zip(before, shares, strict=True)
        if _is_moved(before[key], share)
    }


def _is_moved(before: MultiPolygon, after: MultiPolygon) -> bool:
    """Whether a shape is another than before by more than rounding."""
    return bool(abs(before.area - after.area) > ROUNDING or before.centroid.distance(after.centroid) > ROUNDING)
