"""Polygons, Voronoi cells, room for labels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geography.shapes import area, contains, convex_hull, edge_distance, roomiest_point, simplify
from core.geography.voronoi import cells, outline_around

SQUARE = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]])
HOLE = np.array([[40.0, 40.0], [60.0, 40.0], [60.0, 60.0], [40.0, 60.0]])
BENT = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [60.0, 100.0], [60.0, 30.0], [0.0, 30.0]])


@given(st.integers(0, 5000), st.integers(1, 30), st.sampled_from([SQUARE, BENT]))
def test_voronoi_cells_fill_the_outline_and_hold_their_seed(seed, n, outline):
    rng = np.random.default_rng(seed)
    seeds = rng.uniform(1, 99, (400, 2))
    seeds = seeds[contains([outline], seeds)][:n]
    found = cells(seeds, outline)
    assert sum(map(area, found)) == pytest.approx(area(outline), rel=1e-9)
    for own, ring in zip(seeds, found, strict=True):
        assert contains([ring], own[None]).all()


def test_points_of_a_cell_are_nearest_to_its_seed():
    rng = np.random.default_rng(3)
    seeds, points = rng.uniform(0, 100, (12, 2)), rng.uniform(0, 100, (500, 2))
    found = cells(seeds, SQUARE)
    nearest = ((points[:, None] - seeds) ** 2).sum(axis=2).argmin(axis=1)
    for at, ring in enumerate(found):
        assert (contains([ring], points) == (nearest == at)).all()


def test_two_communities_at_one_point_are_refused():
    with pytest.raises(ValueError, match="same point"):
        cells(np.array([[1.0, 1.0], [1.0, 1.0]]), SQUARE)


def test_an_outline_around_points_holds_them_with_a_margin():
    points = np.random.default_rng(1).uniform(0, 5000, (20, 2))
    ring = outline_around(points, margin=500)
    assert contains([ring], points).all()
    assert (edge_distance([ring], points) > 480).all()
    assert area(outline_around(points[:1])) > 0


def test_areas_do_not_depend_on_direction_or_closing():
    assert area(SQUARE) == area(SQUARE[::-1]) == area(np.concatenate([SQUARE, SQUARE[:1]])) == 10_000


def test_a_hole_is_outside():
    points = np.array([[50.0, 50.0], [10.0, 10.0], [200.0, 10.0]])
    assert contains([SQUARE, HOLE], points).tolist() == [False, True, False]


def test_the_roomiest_point_of_a_bent_shape_lies_inside_it():
    point, room = roomiest_point([BENT])
    assert contains([BENT], point[None]).all()
    assert room == pytest.approx(edge_distance([BENT], point[None])[0])
    assert room > 18  # the middle of the broad arm is about 20 from its edges
    point, room = roomiest_point([SQUARE])
    assert point == pytest.approx([50, 50], abs=0.5)
    assert room == pytest.approx(50, abs=0.5)


def test_the_hull_of_a_square_with_points_inside_is_the_square():
    inside = np.random.default_rng(0).uniform(1, 99, (30, 2))
    assert area(convex_hull(np.concatenate([SQUARE, inside]))) == 10_000


@given(st.integers(0, 1000), st.floats(0.1, 50))
def test_a_simplified_ring_stays_within_the_tolerance(seed, tolerance):
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    ring = (200 + rng.uniform(0, 40, 80))[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    ring = np.concatenate([ring, ring[:1]])
    thin = simplify(ring, tolerance)
    assert 3 <= len(thin) <= len(ring)
    assert (edge_distance([thin], ring) <= tolerance + 1e-9).all()
