"""Labels of the map stand inside their community and clear of each other, at every zoom: they are measured in metres."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import shapely
from fontTools.ttLib import TTCollection
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon

from core.access.accessibility import compute_accessibility
from core.access.measures import MEASURES, make_measures
from core.access.snapshot import make_snapshot
from core.geography.plane import TravelMode
from core.job_map.deck import community_deck
from core.job_map.labels import Label, _fit, labels, letters, ring_labels
from core.job_map.map_view import LAYERS, MapView
from core.job_map.static_map import static_map
from core.locale import translator
from tests.core.access.factories import WALK, a_snapshot, some_rates, some_sources

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc")
NAMES = ["荷风社区", "书香里社区", "Nanzhang Xincun Community", "湖", "北湖湾南区第二社区", "WMWM"]


def a_map_view(snapshot=None, lang="zh_CN", code="covered", layers=frozenset(LAYERS), **changes) -> MapView:
    snapshot = a_snapshot(communities=14, people=1600, jobs=55, idle=8, metres=14_000) if snapshot is None else snapshot
    accessibility = compute_accessibility(snapshot, TravelMode.WALK, WALK)
    measures = make_measures(snapshot, accessibility, some_rates(snapshot), 3)
    return MapView(translator(lang), False, snapshot, accessibility, measures, code, layers, **changes)


def overlaps(placed: list[Label]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(a.lines, b.lines) for a, b in combinations(placed, 2) if a.touches(b)]


def border(label: Label, points: int = 40) -> np.ndarray:
    """Points along the edge of a label's box, a hair inside."""
    (x, y), (w, h) = label.at, (0.999 * half for half in label.half)
    t = np.linspace(-1, 1, points)
    sides = [(t, 0 * t - 1), (t, 0 * t + 1), (0 * t - 1, t), (0 * t + 1, t)]
    return np.concatenate([np.stack([x + w * a, y + h * b], axis=-1) for a, b in sides])


def outside(map_view: MapView, placed: list[Label]) -> list[str]:
    return [
        map_view.names[label.row]
        for label in placed
        if not any(
            shapely.contains_xy(part, *border(label).T).all() for part in map_view.snapshot.shapes[label.row].geoms
        )
    ]


@pytest.fixture(scope="module")
def district() -> MapView:
    return a_map_view()


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
@pytest.mark.parametrize("code", MEASURES)
def test_every_community_has_a_label_inside_its_cell_and_clear_of_the_others(code, lang, district):
    map_view = replace(district, tr=translator(lang), code=code)

    placed = labels(map_view)

    assert [label.row for label in placed] == list(range(14))
    assert outside(map_view, placed) == []
    assert overlaps(placed) == []


@pytest.mark.parametrize("minutes", [5, 15, 30])
@pytest.mark.parametrize("mode", list(TravelMode))
def test_labels_of_rings_are_clear_of_everything_wherever_the_place_is(mode, minutes, district):
    accessibility = compute_accessibility(
        district.snapshot, mode, WALK if mode is TravelMode.WALK else replace(WALK, metres_per_minute=250)
    )
    radii = [accessibility.travel.metres(m) for m in accessibility.bands.within(minutes).minutes]
    for place in [*district.snapshot.labels, *district.snapshot.site_xy[::4]]:
        map_view = replace(district, place=place)
        rings = ring_labels(map_view, ["5 分钟", "10 分钟", "15 分钟"], radii, labels(map_view))

        assert overlaps([*labels(map_view), *rings]) == []
        for label in rings:
            off = np.hypot(*(np.array(label.at) - place)) - radii[label.row]
            assert -1e-6 <= off <= 2 * max(other.size for other in labels(map_view))


def test_labels_leave_the_signs_of_places_free_where_their_community_has_room():
    square = {
        "type": "Polygon",
        "coordinates": [(np.array([[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]) * 0.01 + [116.6, 35.3]).tolist()],
    }
    sources = some_sources(communities=1, jobs=1)
    communities = sources.communities.assign(boundary=[square], name=["荷风社区"])
    snapshot = make_snapshot(replace(sources, communities=communities))
    (before,) = labels(a_map_view(snapshot, layers=frozenset()))
    lon, lat = snapshot.plane.lonlat(np.array(before.at))
    jobs = sources.jobs.assign(lon=lon, lat=lat)
    map_view = a_map_view(make_snapshot(replace(sources, communities=communities, jobs=jobs)))

    (after,) = labels(map_view)

    away = np.abs(np.array(before.at) - map_view.snapshot.site_xy[0])
    assert (away < before.half).all()
    away = np.abs(np.array(after.at) - map_view.snapshot.site_xy[0])
    assert (away > after.half).any()
    assert after.size >= 0.85 * before.size
    assert outside(map_view, [after]) == []


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 300), st.sampled_from([1, 2, 9, 40]))
def test_any_district_has_labels_inside_their_cells(seed, communities):
    sources = some_sources(seed=seed, communities=communities, people=40, jobs=4)
    names = [NAMES[(seed + n) % len(NAMES)] for n in range(communities)]
    map_view = a_map_view(
        make_snapshot(replace(sources, communities=sources.communities.assign(name=names))), code="unmet"
    )

    placed = labels(map_view)

    assert len(placed) == communities
    assert outside(map_view, placed) == []
    assert overlaps(placed) == []


def test_a_bent_a_detailed_and_a_holed_outline_keep_their_labels_inside():
    sources = some_sources(communities=3)
    angle = np.linspace(0, 2 * np.pi, 700)
    wavy = np.stack([116.4 + 0.02 * (1 + 0.1 * np.sin(40 * angle)) * np.cos(angle), 35.2 + 0.02 * np.sin(angle)], -1)
    bent = np.array([[0, 0], [6, 0], [6, 6], [5, 6], [5, 1], [0, 1], [0, 0]]) * 0.01 + [116.6, 35.4]
    box = np.array([[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]) * 0.01 + [116.8, 35.2]
    hole = np.array([[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]) * 0.01 + [116.8, 35.2]
    rings = [[wavy.tolist()], [bent.tolist()], [box.tolist(), hole.tolist()]]
    shapes = [{"type": "Polygon", "coordinates": ring} for ring in rings]
    map_view = a_map_view(make_snapshot(replace(sources, communities=sources.communities.assign(boundary=shapes))))

    placed = labels(map_view)

    assert len(placed) == 3
    assert outside(map_view, placed) == []


def test_a_narrow_community_breaks_its_name_to_write_it_larger():
    sources = some_sources(communities=2)
    tower = np.array([[0, 0], [1, 0], [1, 9], [0, 9], [0, 0]]) * 0.004 + [116.6, 35.3]
    broad = np.array([[0, 0], [12, 0], [12, 1], [0, 1], [0, 0]]) * 0.004 + [116.7, 35.3]
    shapes = [{"type": "Polygon", "coordinates": [ring.tolist()]} for ring in (tower, broad)]
    communities = sources.communities.assign(boundary=shapes, name=["清漪社区", "荷风社区"])
    map_view = a_map_view(make_snapshot(replace(sources, communities=communities)))

    assert [len(label.lines) for label in labels(map_view)] == [3, 1]


@pytest.mark.parametrize(("box", "size"), [((4.0, 2.0), 250.0), ((2.0, 4.0), 250.0), ((2.0, 2.0), 500.0)])
def test_the_largest_box_in_a_square_touches_its_sides(box, size):
    placed = _fit(Polygon([[0, 0], [1000, 0], [1000, 1000], [0, 1000]]), box)[1]
    assert placed == pytest.approx(size, rel=0.01)
    assert placed <= size


def test_the_largest_box_in_a_triangle_is_half_as_high():
    triangle = np.array([[0.0, 0], [1000, 0], [500, 800]])
    (_, y), size = _fit(Polygon(triangle), (500.0, 400.0))
    assert size == pytest.approx(1, rel=0.02)
    assert y == pytest.approx(200, rel=0.05)


@pytest.mark.skipif(not FONT.exists(), reason="the font of the office machines is not installed")
def test_words_are_never_wider_than_reckoned(district):
    font = next(f for f in TTCollection(str(FONT)).fonts if f["name"].getDebugName(4).startswith("Noto Sans CJK SC"))
    glyphs, widths, unit = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    shown = {line for code in MEASURES for label in labels(replace(district, code=code)) for line in label.lines}
    for text in [*shown, *NAMES, "1,204", "−12.5", "100%", "15 min", "— →", "Jqkgy (North)", "Ünïversität"]:
        real = sum(widths[glyphs[ord(letter)]][0] / unit for letter in text)
        assert real <= letters(text) + 0.1, text


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_all_words_of_the_deck_shrink_with_it(lang, district):
    """Every layer of words is in metres without a least size in pixels; symbols are single signs, like circles."""
    map_view = replace(district, tr=translator(lang), community=13, place=district.snapshot.labels[2])
    deck = json.loads(community_deck(map_view, "x").to_json())
    texts = {layer["id"]: layer for layer in deck["layers"] if layer["@@type"] == "TextLayer"}
    assert {"label", "ring-label"} <= set(texts)
    for name in ("label", "ring-label"):
        assert texts[name]["sizeUnits"] == "meters"
        assert "sizeMinPixels" not in texts[name]
    for name in set(texts) - {"label", "ring-label"}:
        assert all("n" not in row for row in texts[name]["data"]), name


def test_the_words_of_the_static_map_have_the_same_places_and_shrink_with_it(district):
    chart = static_map(district, "").to_dict()
    rows = [row for data in chart["datasets"].values() for row in data if "t" in row]
    assert {row["t"] for row in rows} == {line for label in labels(district) for line in label.lines}
    for label in labels(district):
        mine = [row for row in rows if row["t"] in label.lines and abs(row["x"] - label.at[0]) <= 1]
        assert all(abs(row["y"] - label.at[1]) <= label.half[1] for row in mine)
        assert {row["s"] for row in mine} == {int(label.size)}
    marks = [layer["mark"] for layer in chart["layer"] if layer["mark"]["type"] == "text"]
    assert all(mark["fontSize"] == {"expr": "datum.s * geoScale('projection')"} for mark in marks)
