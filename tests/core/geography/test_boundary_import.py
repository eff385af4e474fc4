"""Outlines of communities from GeoJSON: checks, conversion, storing and undoing."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shapely.ops import unary_union

from core.geography import queries
from core.geography.boundary_import import BoundaryPlan, read_geojson
from core.geography.commands import OutlinesRefused, save_outlines
from core.geography.datum import from_wgs84
from core.geography.outlines import community_shapes
from core.geography.plane import Plane
from core.geography.queries import StoredBoundaries, boundaries
from core.intake.undo import undo_import
from core.locale import translator
from core.store.database import ROOT, Database
from core.terms import Datum
from tests.accesses import administrator
from tests.core.intake.files import NOW

FILE = ROOT / "sample_data" / "geometry" / "communities.geojson"
Features = list[dict[str, Any]]
SLIVER = 5.0  # square metres along kilometres of border: less than a millimetre


def features() -> Features:
    shipped: Features = json.loads(FILE.read_text(encoding="utf-8"))["features"]
    return shipped


def as_bytes(some: Features, **members: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": some, **members}).encode()


def shifted(some: Features, datum: Datum) -> Features:
    """The same outlines as drawn on a map in ``datum``."""

    def turn(node: Any) -> Any:
        if isinstance(node[0], list):
            return [turn(child) for child in node]
        return [float(x) for x in from_wgs84(node[0], node[1], datum)]

    return [{**f, "geometry": {**f["geometry"], "coordinates": turn(f["geometry"]["coordinates"])}} for f in some]


def ring(feature: dict[str, Any]) -> list[list[float]]:
    corners: list[list[float]] = feature["geometry"]["coordinates"][0]
    return corners


@pytest.fixture(scope="session")
def known(sample_db: Database) -> StoredBoundaries:
    with sample_db.read() as connection:
        return boundaries(connection)


def codes(plan: BoundaryPlan) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.feature) for finding in plan.findings]


def test_right_outlines_raise_no_doubt_and_replace_the_approximations(known: StoredBoundaries) -> None:
    plan = read_geojson(as_bytes(features()), Datum.WGS84, known)

    assert plan.findings == ()
    assert len(plan.changes) == len(known.communities)
    assert {values["boundary_source"] for values in plan.changes.values()} == {"given"}


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_outlines_in_another_system_are_noticed(known: StoredBoundaries, datum: Datum) -> None:
    plan = read_geojson(as_bytes(shifted(features(), datum)), Datum.WGS84, known)

    doubts = [finding for finding in plan.findings if finding.code == "offset"]
    assert [finding.values["system"] for finding in doubts] == [datum]
    if datum is Datum.GCJ02:
        assert "about 500 m off, this looks like GCJ-02" in doubts[0].message(translator("en"))


@pytest.mark.parametrize("datum", list(Datum))
def test_outlines_rightly_declared_come_back_to_less_than_a_millimetre(known: StoredBoundaries, datum: Datum) -> None:
    plan = read_geojson(as_bytes(shifted(features(), datum)), datum, known)

    assert plan.findings == ()
    number = dict(zip(known.communities["code"], known.communities["id"], strict=True))
    for feature in features():
        true = np.array(ring(feature))
        stored = np.array(plan.changes[number[feature["properties"]["code"]]]["boundary"]["coordinates"][0])
        plane = Plane.around(true[:, 0], true[:, 1])
        assert np.abs(plane.xy(*stored.T) - plane.xy(*true.T)).max() < 0.001


def test_outlines_without_a_stored_one_are_judged_by_the_homes_inside(known: StoredBoundaries) -> None:
    rng = np.random.default_rng(3)
    places = known.communities.assign(boundary=None)
    points = []
    for feature, row in zip(features(), places.itertuples(), strict=True):  # homes all over a community
        true = np.array(ring(feature))
        inside = true.mean(axis=0) + 0.9 * (true[rng.integers(0, len(true), 60)] - true.mean(axis=0))
        points += [{"community_id": row.id, "lon": x, "lat": y} for x, y in inside]
    bare = StoredBoundaries(places, pd.DataFrame(points))

    plan = read_geojson(as_bytes(shifted(features(), Datum.GCJ02)), Datum.WGS84, bare)

    assert codes(read_geojson(as_bytes(features()), Datum.WGS84, bare)) == []
    assert [f.values["system"] for f in plan.findings if f.code == "system"] == [Datum.GCJ02]


def test_label_points_in_another_system_are_noticed(known: StoredBoundaries) -> None:
    points = [
        {"properties": {"社区代码": row.code}, "geometry": {"type": "Point", "coordinates": [row.lon, row.lat, 38.0]}}
        for row in known.communities.itertuples()
    ]

    assert read_geojson(as_bytes(points), Datum.WGS84, known).same == len(points)
    assert codes(read_geojson(as_bytes(shifted(points, Datum.GCJ02)), Datum.WGS84, known)) == [("offset", None)]


def _no_code(some: Features) -> None:
    some[0]["properties"] = {"name": "荷风社区"}


def _unknown(some: Features) -> None:
    some[0]["properties"]["code"] = "370899999999"


def _twice(some: Features) -> None:
    some[1]["properties"]["code"] = some[0]["properties"]["code"]


def _swapped(some: Features) -> None:
    ring(some[0])[:] = [position[::-1] for position in ring(some[0])]


def _abroad(some: Features) -> None:
    ring(some[0])[1] = [2.35, 48.85]


def _far(some: Features) -> None:
    ring(some[0])[:] = [[x + 2, y] for x, y in ring(some[0])]


def _metres(some: Features) -> None:
    ring(some[0])[:] = [[x * 1e5, y * 1e5] for x, y in ring(some[0])]


def _crossing(some: Features) -> None:
    x, y = ring(some[0])[0]
    ring(some[0])[:] = [[x, y], [x + 0.02, y + 0.02], [x + 0.02, y], [x, y + 0.02], [x, y]]


def _line(some: Features) -> None:
    some[0]["geometry"]["type"] = "LineString"


def _short(some: Features) -> None:
    del ring(some[0])[2:]


def _words(some: Features) -> None:
    ring(some[0])[0] = ["x", "y"]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_no_code, "no_code"),
        (_unknown, "unknown_code"),
        (_twice, "twice"),
        (_swapped, "swapped"),
        (_abroad, "china"),
        (_far, "far"),
        (_metres, "projected"),
        (_crossing, "crossing"),
        (_line, "kind"),
        (_short, "broken"),
        (_words, "broken"),
    ],
)
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_a_fault_is_named_with_its_feature_and_stops_the_file(
    known: StoredBoundaries, spoil: Callable[[Features], None], code: str, lang: str
) -> None:
    some = features()
    spoil(some)

    plan = read_geojson(as_bytes(some), Datum.WGS84, known)

    faults = [finding for finding in plan.findings if finding.is_error]
    assert [(finding.code, finding.feature) for finding in faults] == [(code, 2 if code == "twice" else 1)]
    assert not plan.ready
    assert all(finding.message(translator(lang)) for finding in plan.findings)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04", "no_json"),
        (b"[1, 2]", "no_json"),
        (b"[" * 100_000, "no_json"),
        (b"{}", "no_features"),
        (as_bytes([]), "no_features"),
        (as_bytes([{}], crs={"type": "name", "properties": {"name": "EPSG:4549"}}), "projected"),
        (as_bytes([{}]), "no_code"),
        (b'{"features": [3]}', "no_code"),
        (b" " * 20_000_001, "too_big"),
    ],
)
def test_other_files_are_turned_away_with_a_reason(known: StoredBoundaries, data: bytes, code: str) -> None:
    plan = read_geojson(data, Datum.WGS84, known)

    assert [finding.code for finding in plan.findings] == [code]
    assert not plan.ready


def test_outlines_under_each_others_codes_are_pointed_out(known: StoredBoundaries) -> None:
    some = features()[:2]
    some[0]["geometry"], some[1]["geometry"] = some[1]["geometry"], some[0]["geometry"]

    messages = codes(read_geojson(as_bytes(some), Datum.WGS84, known))

    assert messages == [("point_outside", 1), ("other_inside", 1), ("point_outside", 2), ("other_inside", 2)]


def test_outlines_are_stored_once_and_can_be_undone(sample_copy: Database) -> None:
    data = as_bytes(shifted(features(), Datum.GCJ02))
    with sample_copy.read() as connection:
        before = boundaries(connection)

    plan = read_geojson(data, Datum.GCJ02, before)
    batch = save_outlines(sample_copy, data, "边界.geojson", Datum.GCJ02, plan, administrator(), NOW)

    with sample_copy.read() as connection:
        again = boundaries(connection)
    assert set(again.communities["boundary_source"]) == {"given"}
    assert read_geojson(data, Datum.GCJ02, again).same == len(before.communities)
    with pytest.raises(OutlinesRefused):
        save_outlines(sample_copy, data, "边界.geojson", Datum.GCJ02, plan, administrator(), NOW)

    undo_import(sample_copy, batch, administrator(), NOW, reason="误传")
    with sample_copy.read() as connection:
        assert queries.communities(connection).equals(before.communities)


def bent(some: Features) -> Features:
    """The outlines drawn by hand: pulled about by some hundred metres, with a bay in one side."""
    corners = []
    for feature in some:
        true = np.array(ring(feature))[:-1]
        middle = true.mean(axis=0)
        pulled = middle + (true - middle) * np.linspace(0.75, 1.2, len(true))[:, None]
        bay = (pulled[0] + pulled[1]) / 2 * 0.7 + middle * 0.3
        positions = [pulled[0], bay, *pulled[1:], pulled[0]]
        geometry = {"type": "Polygon", "coordinates": [[list(map(float, p)) for p in positions]]}
        corners.append({**feature, "geometry": geometry})
    return corners


def as_shapely(communities: pd.DataFrame) -> list[Any]:
    plane = Plane.around(communities["lon"], communities["lat"])
    shapes = community_shapes(communities, plane)
    assert all(shape.is_valid for shape in shapes)
    return list(shapes)


@pytest.mark.parametrize("chosen", [[3], [0, 1, 2, 5], list(range(13)), [6, 9]])
def test_approximations_give_way_to_the_outlines_of_their_neighbours(sample_copy: Database, chosen: list[int]) -> None:
    with sample_copy.read() as connection:
        before = boundaries(connection)
    data = as_bytes(bent([features()[n] for n in chosen]))
    plan = read_geojson(data, Datum.WGS84, before)

    batch = save_outlines(sample_copy, data, "边界.geojson", Datum.WGS84, plan, administrator(), NOW)

    with sample_copy.read() as connection:
        after = boundaries(connection)
    shapes, given = as_shapely(after.communities), after.communities["boundary_source"] == "given"
    assert given.sum() == len(chosen) == len(plan.changes)
    mine = [shape for shape, is_given in zip(shapes, given, strict=True) if is_given]
    others = [shape for shape, is_given in zip(shapes, given, strict=True) if not is_given]
    whole, taken = unary_union(as_shapely(before.communities)), unary_union(mine)
    for shape in others:
        assert shape.intersection(taken).area < SLIVER
    assert sum(shape.area for shape in others) + taken.area == pytest.approx(whole.union(taken).area, abs=SLIVER)
    assert unary_union(shapes).symmetric_difference(whole.union(taken)).area < SLIVER
    assert all(a.intersection(b).area < SLIVER for a, b in combinations(others, 2))

    undo_import(sample_copy, batch, administrator(), NOW, reason="误传")
    with sample_copy.read() as connection:
        assert queries.communities(connection).equals(before.communities)


def test_far_approximations_stay_as_they_are(known: StoredBoundaries) -> None:
    plan = read_geojson(as_bytes(bent(features()[:1])), Datum.WGS84, known)

    assert 0 < len(plan.neighbours) < 7
    assert not set(plan.neighbours) & set(plan.changes)


def test_without_stored_outlines_the_rest_is_shared_out_beside_the_given_ones(known: StoredBoundaries) -> None:
    plan = read_geojson(
        as_bytes(bent(features()[:5])),
        Datum.WGS84,
        StoredBoundaries(known.communities.assign(boundary=None), known.points),
    )
    boundary = [plan.changes.get(int(key), {}).get("boundary") for key in known.communities["id"]]
    communities = known.communities.assign(boundary=pd.Series(boundary, dtype=object))

    shapes = as_shapely(communities)

    assert plan.neighbours == {}
    taken = unary_union(shapes[:5])
    assert all(shape.intersection(taken).area < SLIVER for shape in shapes[5:])
    assert all(a.intersection(b).area < SLIVER for a, b in combinations(shapes[5:], 2))
