"""GeoJSON of communities brought in by the district: polygons become outlines, points become label points.

Features are keyed by the 12-digit statistical code (property ``code``, ``社区代码`` or ``统计代码``). Everything is
checked before anything is stored; each finding names the feature and tells how to mend it.

    plan = read_geojson(data, Datum.GCJ02, stored)
    plan.findings, plan.changes
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from core.geography.datum import from_wgs84, to_wgs84
from core.geography.geojson_checks import Problem, position_problems, shape_problems
from core.geography.offset import suspected
from core.geography.outlines import GIVEN, polygons
from core.geography.plane import Floats, Plane
from core.geography.shapes import centroid
from core.locale import N_, Words
from core.terms import Datum, Term

__all__ = ["Finding", "OutlinePlan", "Stored", "read_geojson"]

CODES = ("code", "社区代码", "统计代码", "区划代码")
LIMIT_MB = 20
DIGITS = 9  # decimals of a stored degree: a tenth of a millimetre
DEGREES = ("CRS84", "4326", "4490")  # names of coordinate systems in degrees, as some programs write them

MESSAGES: dict[str, str] = {
    "too_big": N_("The file has more than {limit} MB. Simplify the outlines, or split it."),
    "no_json": N_("This is no GeoJSON file. Export it again as GeoJSON (UTF-8) from the mapping program."),
    "no_features": N_("The file holds no features. Export the layer with the communities as a FeatureCollection."),
    "projected": N_("The coordinates are metres of a projection, not degrees. Export in longitude and latitude."),
    "no_code": N_("No 12-digit community code. Add the property “code” (社区代码)."),
    "unknown_code": N_("There is no community with the code {code}. Check it against the list of communities."),
    "twice": N_("The code {code} has two outlines. Join them into one feature (MultiPolygon)."),
    "kind": N_("{kind} is neither polygon nor point. Only areas and label points of communities are stored."),
    "broken": N_(
        "The coordinates can't be read. Every position is [longitude, latitude], every ring has four or more."
    ),
    "swapped": N_("Longitude and latitude are exchanged. Write longitude (about 116) first."),
    "china": N_("A position ({lon}, {lat}) lies outside China."),
    "far": N_("It lies {km} km from the community's stored point. Check the code and the coordinate system."),
    "crossing": N_("The outline crosses itself near {lon}, {lat}. Mend it in the mapping program."),
    "tiny": N_("The area is {area} km². Check that the outline is the whole community."),
    "huge": N_("The area is {area} km², more than a community can have."),
    "point_outside": N_("The community's label point lies outside the outline, {metres} m off. Check both."),
    "other_inside": N_("The label point of {name} lies inside this outline. Check the codes."),
    "system": N_(
        "The outlines are about {metres} m off, this looks like {system}: read as chosen, they lie {now} m to one side "
        "of what is stored of {n} communities; read as {system}, {then} m. Choose it above unless you know better."
    ),
}


@dataclass(frozen=True)
class Finding:
    """A problem of the whole file (``feature`` None) or of a feature, counted from 1."""

    code: str
    is_error: bool
    feature: int | None = None
    community: str = ""  # code or name, as far as known
    values: Mapping[str, Any] = field(default_factory=dict)

    def message(self, tr: Words) -> str:
        shown = {key: tr.term(value) if isinstance(value, Term) else value for key, value in self.values.items()}
        return tr(MESSAGES[self.code], **shown)


@dataclass(frozen=True, eq=False)
class Stored:
    """What the store knows: communities (id, code, name, lon, lat, boundary, boundary_source) and ``points``, places
    and homes with community_id, lon, lat, which tell whether outlines are shifted."""

    communities: pd.DataFrame
    points: pd.DataFrame


@dataclass(frozen=True, eq=False)
class OutlinePlan:
    """What storing would change: ``changes`` by community id. ``same``: communities that stand already as in the file."""

    findings: tuple[Finding, ...]
    changes: Mapping[int, Mapping[str, Any]]
    same: int

    @property
    def ready(self) -> bool:
        return bool(self.changes) and not any(finding.is_error for finding in self.findings)


def read_geojson(data: bytes, datum: Datum, stored: Stored) -> OutlinePlan:
    """Parse, check and compare; nothing is written."""
    features, findings = _features(data)
    if findings:
        return OutlinePlan(tuple(findings), {}, 0)
    rows = {str(row["code"]): row for row in stored.communities.to_dict("records")}
    changes: dict[int, dict[str, Any]] = {}
    for number, feature in enumerate(features, 1):
        row, geometry, problems = _one(feature, datum, rows)
        name = str(row["name"]) if row is not None else _code(feature)
        if row is not None and geometry is not None:
            mine = changes.setdefault(int(row["id"]), {})
            if geometry["type"] == "Point":
                mine["lon"], mine["lat"] = geometry["coordinates"]
            elif "boundary" in mine:
                problems.append(Problem("twice", {"code": row["code"]}))
            else:
                mine |= {"boundary": geometry, "boundary_source": GIVEN}
                problems += shape_problems(geometry, row, stored.communities)
        findings += [Finding(p.code, p.is_error, number, name, p.values) for p in problems]
    findings += _system(changes, datum, stored)
    kept = {key: values for key, values in changes.items() if not _stands(values, stored.communities, key)}
    return OutlinePlan(tuple(findings), kept, len(changes) - len(kept))


def _features(data: bytes) -> tuple[list[Any], list[Finding]]:
    if len(data) > LIMIT_MB * 1_000_000:
        return [], [Finding("too_big", True, values={"limit": LIMIT_MB})]
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return [], [Finding("no_json", True)]
    if not isinstance(found, dict):
        return [], [Finding("no_json", True)]
    name = str(found.get("crs") or "")
    if name and not any(degrees in name for degrees in DEGREES):
        return [], [Finding("projected", True)]
    features = [found] if found.get("type") == "Feature" else found.get("features")
    if not isinstance(features, list) or not features:
        return [], [Finding("no_features", True)]
    return features, []


def _code(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return ""
    return next((str(properties[name]).strip() for name in CODES if properties.get(name)), "")


def _one(
    feature: Any, datum: Datum, rows: Mapping[str, Mapping[str, Any]]
) -> tuple[Mapping[str, Any] | None, dict[str, Any] | None, list[Problem]]:
    """The community of a feature, its geometry in WGS-84, and what is wrong with them."""
    code = _code(feature)
    if not (len(code) == 12 and code.isdecimal()):
        return None, None, [Problem("no_code")]
    if code not in rows:
        return None, None, [Problem("unknown_code", {"code": code})]
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in DEPTH:
        return rows[code], None, [Problem("kind", {"kind": str(kind)})]
    try:
        degrees = np.array(list(_positions(geometry["coordinates"], DEPTH[kind])), dtype=float).reshape(-1, 2)
    except (KeyError, TypeError, ValueError, IndexError):
        return rows[code], None, [Problem("broken")]
    problems = position_problems(degrees, datum, rows[code])
    if any(problem.is_error for problem in problems):
        return rows[code], None, problems
    lon, lat = to_wgs84(degrees[:, 0], degrees[:, 1], datum)
    turned = iter(np.round(np.stack([lon, lat], axis=1), DIGITS).tolist())
    return rows[code], {"type": kind, "coordinates": _rebuilt(geometry["coordinates"], DEPTH[kind], turned)}, problems


DEPTH = {"Point": 0, "Polygon": 2, "MultiPolygon": 3}  # lists around a position
RING = 4  # positions of the smallest closed ring


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


def _rebuilt(node: Any, depth: int, turned: Iterator[list[float]]) -> Any:
    """The same nesting with converted positions; rings are closed."""
    if depth == 0:
        return next(turned)
    found = [_rebuilt(child, depth - 1, turned) for child in node]
    if depth == 1 and found[0] != found[-1]:
        found.append(found[0])
    return found


def _stands(values: Mapping[str, Any], communities: pd.DataFrame, key: int) -> bool:
    row = communities.loc[communities["id"] == key].iloc[0]
    return all(row[name] == value for name, value in values.items())


def _system(changes: Mapping[int, Mapping[str, Any]], datum: Datum, stored: Stored) -> list[Finding]:
    """A remark if the outlines fit what is stored better in another system than the declared one.

    The offset of a community is its outline's centroid from the mean of its stored points, or from the label point.
    """
    known = stored.points.groupby("community_id")[["lon", "lat"]].mean()
    there, outlines = [], []
    for key, values in changes.items():
        if "boundary" not in values:
            continue
        row = stored.communities.loc[stored.communities["id"] == key].iloc[0]
        there.append(known.loc[key].to_list() if key in known.index else [row["lon"], row["lat"]])
        outlines.append(values["boundary"])
    if not there:
        return []
    plane = Plane.around(*np.array(there).T)
    middle = np.array([_middle(outline, plane) for outline in outlines])
    offsets: dict[Datum, Floats] = {}
    as_given = from_wgs84(*plane.lonlat(middle).T, datum)
    for other in Datum:
        offsets[other] = plane.xy(*to_wgs84(*as_given, other)) - plane.xy(*np.array(there).T)
    found = suspected(offsets, datum)
    if found is None:
        return []
    rounded = {name: f"{round(getattr(found, name), -1):,.0f}" for name in ("now", "then")}
    values = {"system": found.datum, "metres": f"{round(found.shift, -2):,.0f}", "n": found.places, **rounded}
    return [Finding("system", False, values=values)]


def _middle(outline: dict[str, Any], plane: Plane) -> Floats:
    return centroid([polygon[0] for polygon in polygons(outline, plane)])
