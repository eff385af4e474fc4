"""Areas of communities: Voronoi cells, what neighbours leave of them, GeoJSON and back."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from core.geography.outlines import divide_area, geojson, outline_around, rings, shape_of, voronoi_cells
from core.geography.plane import Plane

SQUARE = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]])
BENT = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [60.0, 100.0], [60.0, 30.0], [0.0, 30.0]])
BOX = Polygon(SQUARE)


def left_over(free: Polygon, taken: list[Polygon], own: MultiPolygon | None = None) -> MultiPolygon:
    """What the only community gets."""
    seed = np.array([[50.0, 50.0]])
    return divide_area(seed, [own or MultiPolygon()], [free], [MultiPolygon([shape]) for shape in taken])[0]


# -- Voronoi cells ---------------------------------------------------------------------------------


@given(st.integers(0, 5000), st.integers(1, 30), st.sampled_from([SQUARE, BENT]))
def test_voronoi_cells_fill_the_outline_and_hold_their_seed(seed, n, corners):
    rng, outline = np.random.default_rng(seed), Polygon(corners)
    seeds = rng.uniform(1, 99, (400, 2))
    seeds = seeds[shapely.contains_xy(outline, *seeds.T)][:n]
    cells = voronoi_cells(seeds, outline)
    assert sum(cell.area for cell in cells) == pytest.approx(outline.area, rel=1e-9)
    for own, cell in zip(seeds, cells, strict=True):
        assert shapely.contains_xy(cell, *own)


def test_points_of_a_cell_are_nearest_to_its_seed():
    rng = np.random.default_rng(3)
    seeds, points = rng.uniform(0, 100, (12, 2)), rng.uniform(0, 100, (500, 2))
    nearest = ((points[:, None] - seeds) ** 2).sum(axis=2).argmin(axis=1)
    for at, cell in enumerate(voronoi_cells(seeds, BOX)):
        assert (shapely.contains_xy(cell, *points.T) == (nearest == at)).all()


def test_seeds_on_one_line_share_the_outline_in_strips():
    seeds = np.array([[10.0, 50.0], [30.0, 50.0], [90.0, 50.0]])
    assert [cell.area for cell in voronoi_cells(seeds, BOX)] == pytest.approx([2000, 4000, 4000])


def test_two_communities_at_one_point_are_refused():
    with pytest.raises(ValueError, match="same point"):
        voronoi_cells(np.array([[1.0, 1.0], [1.0, 1.0]]), BOX)


def test_an_outline_around_points_holds_them_with_a_margin():
    points = np.random.default_rng(1).uniform(0, 5000, (20, 2))
    outline = outline_around(points, margin=500)
    assert shapely.contains_xy(outline, *points.T).all()
    assert (shapely.distance(outline.exterior, shapely.points(points)) > 480).all()
    assert outline_around(points[:1]).area > 0


# -- what others leave -----------------------------------------------------------------------------


def test_a_hole_in_the_middle_and_a_cut_through_it():
    (ring,) = left_over(BOX, [Polygon(SQUARE / 2 + 25)]).geoms
    assert [Polygon(r).area for r in rings(ring)] == pytest.approx([10_000, 2_500])
    bar = Polygon([[40.0, -10], [60, -10], [60, 110], [40, 110]])
    shape = left_over(BOX, [bar])
    assert len(shape.geoms) == 2
    assert shape.area == pytest.approx(8_000)


def test_an_island_in_the_hole_of_a_given_outline_stays():
    shape = left_over(BOX, [Polygon(SQUARE * 0.9 + 5, [SQUARE / 2 + 25])])
    assert shape.area == pytest.approx(10_000 - 8_100 + 2_500)
    assert sorted(1 + len(polygon.interiors) for polygon in shape.geoms) == [1, 2]


def test_neighbours_that_share_borders_leave_nothing_between_them():
    left, right = Polygon(SQUARE * [0.5, 1]), Polygon(SQUARE * [0.5, 1] + [50, 0])
    own = MultiPolygon([BOX])
    assert left_over(BOX, [left, right], own) == own  # nothing is left: it keeps what it has
    assert left_over(BOX, [left]).area == pytest.approx(5_000)
    assert left_over(BOX, []).area == pytest.approx(10_000)


def test_land_that_is_taken_all_around_a_community_without_outline_is_shared_all_the_same():
    assert left_over(BOX, [BOX]).area == pytest.approx(10_000)


def test_what_one_has_stays_and_what_is_free_is_added():
    own = MultiPolygon([BOX])
    free = Polygon(SQUARE * [0.5, 1] + [100, 0])
    shape = left_over(free, [], own)
    assert shape.area == pytest.approx(15_000)
    (part,) = shape.geoms
    assert len(rings(part)[0]) == 4  # no corner where the two met
    assert left_over(free, [Polygon(SQUARE * [0.5, 1] + [50, 0])], own).area == pytest.approx(10_000)


def test_an_outline_that_crosses_itself_does_not_stop_its_neighbours():
    bow = Polygon([(0, 0), (50, 50), (50, 0), (0, 50)])
    assert left_over(BOX, [bow]).area == pytest.approx(10_000 - 2 * 625)


# -- GeoJSON ---------------------------------------------------------------------------------------


def test_a_shape_comes_back_from_geojson_with_its_parts_and_holes():
    plane = Plane(116.6, 35.37)
    shape = MultiPolygon([Polygon(SQUARE, [SQUARE / 2 + 25]), Polygon(SQUARE + 500)])
    text = geojson(shape, plane, 9)
    assert text["type"] == "MultiPolygon"
    assert shape_of(text, plane).symmetric_difference(shape).area < 0.1
    assert geojson(MultiPolygon([BOX]), plane, 9)["type"] == "Polygon"


@pytest.mark.parametrize("geometry", [None, {}, {"type": "Point", "coordinates": [1, 2]}, float("nan")])
def test_anything_but_an_area_is_no_boundary(geometry):
    assert shape_of(geometry, Plane(0, 0)).is_empty
