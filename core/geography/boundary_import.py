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
from core.geography.datum_detection import Inside, Suspicion, suspected, suspected_of_outlines
from core.geography.geojson_checks import Problem, position_problems, shape_problems
from core.geography.outlines import GIVEN, geojson, polygons, shared_out
from core.geography.plane import Floats, Plane
from core.geography.polygon_difference import Polygon, Shape
from core.geography.shapes import area, centroid, contains
from core.locale import N_, Translator
from core.terms import Datum, Term

__all__ = ["Finding", "OutlinePlan", "Stored", "read_geojson"]

CODES = ("code", "社区代码", "统计代码", "区划代码")
LIMIT_MB = 20
DIGITS = 9  # decimals of a stored degree: a tenth of a millimetre
ROUNDING = 2.0  # metres, square metres: approximations that differ less are the same
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
        "The outlines are about {metres} m off, this looks like {system}: read as chosen, they hold {now} of the homes "
        "and places stored of their communities; read as {system}, {then}. Choose it above unless you know better."
    ),
    "offset": N_(
        "The file is about {metres} m off, this looks like {system}: read as chosen, its outlines and label points lie "
        "{now} m to one side of the stored ones; read as {system}, {then} m. Choose it above unless you know better."
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

    def message(self, tr: Translator) -> str:
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
    """What storing would change: ``changes`` by community id. ``same``: communities that stand already as in the file.

    ``beside``: outlines of the communities that have none of their own, cut anew beside those of the file.
    """

    findings: tuple[Finding, ...]
    changes: Mapping[int, Mapping[str, Any]]
    same: int
    beside: Mapping[int, dict[str, Any]] = field(default_factory=dict)

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
    return OutlinePlan(tuple(findings), kept, len(changes) - len(kept), _beside(kept, stored.communities))


def _beside(changes: Mapping[int, Mapping[str, Any]], communities: pd.DataFrame) -> dict[int, dict[str, Any]]:
    """New approximations: the stored ones, and what the outlines of the file leave of theirs, less the given ones."""
    if not any("boundary" in values for values in changes.values()):
        return {}
    plane = Plane.around(communities["lon"], communities["lat"])
    before = {int(row["id"]): polygons(row["boundary"], plane) for row in communities.to_dict("records")}
    taken: list[Polygon] = []
    free: list[Polygon] = []
    seeds: dict[int, Floats] = {}
    for row in communities.to_dict("records"):
        key, new = int(row["id"]), changes.get(int(row["id"]), {})
        if "boundary" in new:
            taken += polygons(new["boundary"], plane)
            free += before[key]
        elif row["boundary_source"] == GIVEN:
            taken += before[key]
        elif before[key]:
            seeds[key] = plane.xy(new.get("lon", row["lon"]), new.get("lat", row["lat"]))
    if not seeds:
        return {}
    own = [before[key] for key in seeds]
    after = dict(zip(seeds, shared_out(np.array(list(seeds.values())), own, free, taken), strict=True))
    return {key: geojson(shape, plane, DIGITS) for key, shape in after.items() if _moved(before[key], shape)}


def _moved(before: Shape, after: Shape) -> bool:
    """Whether a shape is another than before by more than rounding."""
    sizes = [sum(area(polygon[0]) - sum(map(area, polygon[1:])) for polygon in shape) for shape in (before, after)]
    middles = [centroid([polygon[0] for polygon in shape]) for shape in (before, after)]
    return abs(sizes[0] - sizes[1]) > ROUNDING or float(np.hypot(*(middles[0] - middles[1]))) > ROUNDING


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
    """A remark if the file fits what is stored better in another system than the declared one.

    Outlines and label points are compared with the stored ones, else outlines with the homes and places inside.
    """
    plane = Plane.around(stored.communities["lon"], stored.communities["lat"])
    offsets, shares = _offsets(changes, datum, stored, plane), _shares(changes, datum, stored, plane)
    shift = {other: float(np.hypot(*_turned(np.zeros((1, 2)), plane, datum, other)[0])) for other in Datum}
    beside = suspected(offsets, datum)
    inside = suspected_of_outlines(shares, datum, shift)
    doubt = beside or inside
    if doubt is None:
        return []
    values = {"system": doubt.datum, "metres": f"{round(doubt.shift, -2):,.0f}"}
    values |= {name: _said(doubt, name) for name in ("now", "then")}
    return [Finding("system" if beside is None else "offset", False, values=values)]


def _offsets(
    changes: Mapping[int, Mapping[str, Any]], datum: Datum, stored: Stored, plane: Plane
) -> dict[Datum, Floats]:
    """Metres of each centre of an outline, or label point, from the stored one, read in each system."""
    here, there = [], []
    for row in stored.communities.to_dict("records"):
        values = changes.get(int(row["id"]), {})
        if "boundary" in values:
            middles = [_middle(geometry, plane) for geometry in (values["boundary"], row["boundary"])]
            if middles[1] is not None:
                here.append(middles[0])
                there.append(middles[1])
        elif values:
            here.append(plane.xy(values["lon"], values["lat"]))
            there.append(plane.xy(row["lon"], row["lat"]))
    at, goal = np.array(here).reshape(-1, 2), np.array(there).reshape(-1, 2)
    return {other: _turned(at, plane, datum, other) - goal for other in Datum}


def _middle(geometry: dict[str, Any] | None, plane: Plane) -> Floats | None:
    outers = [polygon[0] for polygon in polygons(geometry, plane)]
    return centroid(outers) if outers else None


def _shares(
    changes: Mapping[int, Mapping[str, Any]], datum: Datum, stored: Stored, plane: Plane
) -> dict[Datum, Floats]:
    """Share of the stored points of each community inside its new outline, read in each system."""
    of = stored.points["community_id"].to_numpy()
    xy = plane.xy(stored.points["lon"], stored.points["lat"])
    shares: dict[Datum, list[float]] = {other: [] for other in Datum}
    for key, values in changes.items():
        mine = xy[of == key]
        if "boundary" in values and len(mine):
            shape = polygons(values["boundary"], plane)
            for other in Datum:
                turned = [[_turned(ring, plane, datum, other) for ring in polygon] for polygon in shape]
                shares[other].append(float(np.any([contains(polygon, mine) for polygon in turned], axis=0).mean()))
    return {other: np.array(share) for other, share in shares.items()}


def _said(doubt: Suspicion | Inside, name: str) -> str:
    value = getattr(doubt, name)
    return f"{value:.0%}" if isinstance(doubt, Inside) else f"{round(value, -1):,.0f}"


def _turned(xy: Floats, plane: Plane, declared: Datum, datum: Datum) -> Floats:
    """Positions read in ``declared``, had they been read in ``datum``; (n, 2) metres."""
    if declared is datum:
        return xy
    lon, lat = plane.lonlat(xy).T
    return plane.xy(*to_wgs84(*from_wgs84(lon, lat, declared), datum))
