"""Areas less others against shapely, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon as Reference
from shapely.ops import unary_union

from core.geography.polygon_difference import Polygon, Shape, left_over
from core.geography.shapes import area

SQUARE = np.array([[0.0, 0], [100, 0], [100, 100], [0, 100]])
ALL: list[Polygon] = [(SQUARE * 3 - 100,)]


def cut(cell: np.ndarray, outline: list[Polygon], taken: list[Polygon]) -> Shape:
    return left_over((), cell, outline, taken)


def size(shape: tuple[Polygon, ...]) -> float:
    return sum(area(polygon[0]) - sum(map(area, polygon[1:])) for polygon in shape)


def blob(rng: np.random.Generator, radius: float, off: float = 0.0) -> np.ndarray:
    n = int(rng.integers(3, 25))
    angle = np.sort(rng.uniform(0, 2 * np.pi, n))
    reach = radius * rng.uniform(0.4, 1, (n, 1))
    return rng.uniform(-off, off, 2) + reach * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000), st.integers(0, 4))
def test_what_is_left_is_what_shapely_leaves(seed, others):
    rng = np.random.default_rng(seed)
    cell = np.array(Reference(blob(rng, 1000)).convex_hull.exterior.coords)[:-1]
    outline: list[Polygon] = [(blob(rng, 1500, 300),) for _ in range(2)]
    taken: list[Polygon] = [(blob(rng, rng.uniform(50, 900), 800),) for _ in range(others)]
    if seed % 3 == 0:
        taken.append((cell + np.array([500.0, 0.0]),))  # edges that run along each other
    union = [unary_union([Reference(p[0]).buffer(0) for p in some]) for some in (outline, taken)]
    if not all(Reference(p[0]).is_valid for p in (*outline, *taken)):
        return
    expected = Reference(cell).intersection(union[0]).difference(union[1])

    parts = [Reference(polygon[0], list(polygon[1:])) for polygon in cut(cell, outline, taken)]

    assert all(part.is_valid for part in parts)
    assert unary_union(parts).symmetric_difference(expected).area < 20


def test_a_hole_in_the_middle_and_a_cut_through_it():
    hole = SQUARE / 2 + 25
    ((outer, inner),) = cut(SQUARE, ALL, [(hole,)])
    assert (area(outer), area(inner)) == pytest.approx((10_000, 2_500))
    bar = np.array([[40.0, -10], [60, -10], [60, 110], [40, 110]])
    shape = cut(SQUARE, ALL, [(bar,)])
    assert len(shape) == 2
    assert size(shape) == pytest.approx(8_000)


def test_an_island_in_the_hole_of_a_given_outline_stays():
    frame: Polygon = (SQUARE * 0.9 + 5, SQUARE / 2 + 25)
    shape = cut(SQUARE, ALL, [frame])
    assert size(shape) == pytest.approx(10_000 - 8_100 + 2_500)
    assert sorted(len(polygon) for polygon in shape) == [1, 2]


def test_neighbours_that_share_borders_leave_nothing_between_them():
    left, right = SQUARE * [0.5, 1], SQUARE * [0.5, 1] + [50, 0]
    assert cut(SQUARE, ALL, [(left,), (right,)]) == ()
    assert size(cut(SQUARE, ALL, [(left,)])) == pytest.approx(5_000)
    assert cut(SQUARE, [(SQUARE + 500,)], []) == ()
    assert size(cut(SQUARE, ALL, [])) == pytest.approx(10_000)


def test_what_one_has_stays_and_what_is_free_is_added():
    mine: list[Polygon] = [(SQUARE,)]
    free, taken = [(SQUARE + np.array([100, 0]),)], [(SQUARE * [0.5, 1] + [50, 0],)]
    half = SQUARE * [0.5, 1] + [100, 0]
    shape = left_over(mine, half, free, [])
    assert size(shape) == pytest.approx(15_000)
    assert len(shape) == 1
    assert len(shape[0][0]) == 4  # no corner where the two met
    assert size(left_over(mine, half, free, taken)) == pytest.approx(10_000)
