"""A GeoJSON file of communities, read: features keyed by the 12-digit statistical code, positions in WGS-84.

The code is the property ``code``, ``社区代码``, ``统计代码`` or ``区划代码``. Polygons are outlines, points label points.
Parsed by hand where shapely would do: a district's file is wrong in ways that deserve a sentence each (projected or
exchanged coordinates, positions far from the community, rings that are too short), and heights must be dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.geography.boundary_findings import Finding
from core.geography.datum import to_wgs84
from core.geography.plane import Floats, Plane
from core.terms import Datum

__all__ = ["DIGITS", "ParsedFeature", "parse_feature", "parse_features"]

CODES = ("code", "社区代码", "统计代码", "区划代码")
LIMIT_MB = 20
DIGITS = 9  # decimals of a stored degree: a tenth of a millimetre
DEGREES = ("CRS84", "4326", "4490")  # names of coordinate systems in degrees, as some programs write them
CHINA = (73.0, 136.0, 3.0, 54.0)  # degrees east from, to; north from, to
FAR_KM = 60.0
DEPTH = {"Point": 0, "Polygon": 2, "MultiPolygon": 3}  # lists around a position
RING = 4  # positions of the smallest closed ring


@dataclass(frozen=True)
class ParsedFeature:
    """``row``: the community that the feature names; ``geometry``: GeoJSON in WGS-84; each None if not usable."""

    name: str  # of the community, else the code as given
    row: Mapping[str, Any] | None = None
    geometry: dict[str, Any] | None = None
    findings: tuple[Finding, ...] = ()


def parse_features(data: bytes) -> tuple[list[Any], list[Finding]]:
    """The features of a file as they are, or what makes it unusable as a whole."""
    if len(data) > LIMIT_MB * 1_000_000:
        return [], [Finding("too_big", values={"limit": LIMIT_MB})]
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return [], [Finding("no_json")]
    if not isinstance(content, dict):
        return [], [Finding("no_json")]
    system = str(content.get("crs") or "")
    if system and not any(degrees in system for degrees in DEGREES):
        return [], [Finding("projected")]
    features = [content] if content.get("type") == "Feature" else content.get("features")
    if not isinstance(features, list) or not features:
        return [], [Finding("no_features")]
    return features, []


def parse_feature(feature: Any, datum: Datum, communities: Mapping[str, Mapping[str, Any]]) -> ParsedFeature:
    """A feature given in ``datum``; ``communities``: rows (name, lon, lat …) by code."""
    code = _code(feature)
    if not (len(code) == 12 and code.isdecimal()):
        return ParsedFeature(code, findings=(Finding("no_code"),))
    if code not in communities:
        return ParsedFeature(code, findings=(Finding("unknown_code", values={"code": code}),))
    row = communities[code]
    name = str(row["name"])
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in DEPTH:
        return ParsedFeature(name, row, findings=(Finding("kind", values={"kind": str(kind)}),))
    try:
        degrees = np.array(list(_positions(geometry["coordinates"], DEPTH[kind])), dtype=float).reshape(-1, 2)
    except (KeyError, TypeError, ValueError, IndexError):
        return ParsedFeature(name, row, findings=(Finding("broken"),))
    problem = _position_problem(degrees, datum, row)
    if problem is not None:
        return ParsedFeature(name, row, findings=(problem,))
    lon, lat = to_wgs84(degrees[:, 0], degrees[:, 1], datum)
    converted = iter(np.round(np.stack([lon, lat], axis=1), DIGITS).tolist())
    coordinates = _nest(geometry["coordinates"], DEPTH[kind], converted)
    return ParsedFeature(name, row, {"type": kind, "coordinates": coordinates})


def _code(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return ""
    return next((str(properties[name]).strip() for name in CODES if properties.get(name)), "")


def _positions(node: Any, depth: int) -> Iterator[list[float]]:
    """Every position, heights dropped; ValueError if a ring is too short."""
    if depth == 0:
        yield [float(node[0]), float(node[1])]
        return
    if not isinstance(node, list) or not node:
        raise ValueError("no coordinates")
    if depth == 1 and len(node) < RING:
        raise ValueError("ring too short")
    for child in node:
        yield from _positions(child, depth - 1)


def _nest(node: Any, depth: int, converted: Iterator[list[float]]) -> Any:
    """The nesting of ``node`` with converted positions; rings are closed."""
    if depth == 0:
        return next(converted)
    children = [_nest(child, depth - 1, converted) for child in node]
    if depth == 1 and children[0] != children[-1]:
        children.append(children[0])
    return children


def _position_problem(degrees: Floats, datum: Datum, row: Mapping[str, Any]) -> Finding | None:
    """Positions (n, 2) as given: exchanged, outside China, or far from the stored point of their community."""
    if not _in_china(degrees).all():
        if (np.abs(degrees) > 180).any():
            return Finding("projected")
        if _in_china(degrees[:, ::-1]).all():
            return Finding("swapped")
        lon, lat = degrees[~_in_china(degrees)][0]
        return Finding("china", values={"lon": f"{lon:g}", "lat": f"{lat:g}"})
    plane = Plane(row["lon"], row["lat"])
    metres = np.hypot(*plane.xy(*to_wgs84(degrees[:, 0], degrees[:, 1], datum)).T).min()
    return Finding("far", values={"km": f"{metres / 1000:,.0f}"}) if metres > FAR_KM * 1000 else None


def _in_china(degrees: Floats) -> NDArray[np.bool_]:
    west, east, south, north = CHINA
    lon, lat = degrees.T
    mask: NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return mask
