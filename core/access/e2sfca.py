"""How much work people can reach: the enhanced two-step floating catchment area (E2SFCA).

Luo & Qi 2009, https://doi.org/10.1016/j.healthplace.2009.06.002. With demand D_i at homes, supply S_j at sites and
weights W(t) by travel-time band:

    R_j = S_j / Σ_i D_i W(t_ij)      openings per person who can reach the site
    A_i = Σ_j R_j W(t_ij)            openings per person at home i

Over the sites that anyone reaches, Σ_i D_i A_i = Σ_j S_j: no opening is lost or counted twice.

R_j depends on demand alone, so opening, enlarging or closing a site changes A by one weighted column: see ``what_if``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.geography.plane import Floats, Travel

__all__ = [
    "BANDS",
    "Access",
    "Bands",
    "Catchments",
    "find_catchments",
    "e2sfca",
    "gini",
    "openings_within",
    "pairs_within",
    "totals",
]

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Bands:
    """Upper ends of travel-time bands (minutes, ascending) and the weight of each; 0 beyond the last."""

    minutes: tuple[float, ...]
    weights: tuple[float, ...]

    @property
    def limit(self) -> float:
        return self.minutes[-1]

    def within(self, limit: float) -> Bands:
        """The same bands stretched so that the last ends at ``limit`` minutes."""
        return Bands(tuple(limit * m / self.limit for m in self.minutes), self.weights)

    def weight(self, minutes: Floats) -> Floats:
        """Weight of each travel time; an upper end belongs to its band."""
        steps = np.append(np.asarray(self.weights, dtype=float), 0.0)
        band = np.zeros(np.shape(minutes), dtype=np.intp)
        for end in self.minutes:
            band += minutes > end
        weight: Floats = steps.take(band)
        return weight


BANDS = Bands((5.0, 10.0, 15.0), (1.0, 0.68, 0.22))


@dataclass(frozen=True, eq=False)
class Catchments:
    """Every (home, site) pair within reach: indices, minutes on the way and weight, each of shape (pairs,)."""

    home: Indices
    site: Indices
    minutes: Floats
    weight: Floats
    homes: int
    sites: int

    def column(self, site: int) -> Floats:
        """Weights of one site over all homes, shape (homes,)."""
        mine = self.site == site
        return totals(self.home[mine], self.weight[mine], self.homes)


@dataclass(frozen=True, eq=False)
class Access:
    """``value``: openings per person at each home. ``ratio``: openings per person around each site.

    ``reached``: weighted persons around each site; a site that nobody reaches has ratio 0.
    """

    value: Floats
    ratio: Floats
    reached: Floats


def totals(group: Indices, values: Floats, groups: int) -> Floats:
    """Sum of ``values`` in each of ``groups`` groups."""
    return np.bincount(group, values, groups).astype(float, copy=False)


def pairs_within(homes: Floats, sites: Floats, radius: float) -> tuple[Indices, Indices, Floats]:
    """All pairs at most ``radius`` metres apart: (home index, site index, metres), in the order of homes.

    A grid join of our own, because scipy's k-d tree takes 4.5 times as long for 5,000 homes and 50,000 sites, with the
    same pairs. Sites are sorted by small cells, row by row, so that what a circle can meet of a row is one contiguous
    run. Homes and sites are (n, 2) and (m, 2) metres.
    """
    if not len(homes) or not len(sites) or not radius > 0:
        empty = np.empty(0, dtype=np.intp)
        return empty, empty, np.empty(0)
    order, start, length = _runs(homes, sites, radius)
    candidates = length.sum(axis=1)
    length = length.ravel()
    run = np.repeat(start.ravel() - np.cumsum(length) + length, length)
    run += np.arange(len(run))
    square = np.zeros(len(run))
    for axis in (0, 1):
        gap = sites[order, axis].take(run)
        gap -= np.repeat(homes[:, axis], candidates)
        square += np.square(gap, out=gap)
    near = np.flatnonzero(square <= radius * radius)
    home = np.repeat(np.arange(len(homes)), candidates).take(near)
    return home, order.take(run.take(near)), np.sqrt(square.take(near))


def _runs(homes: Floats, sites: Floats, radius: float) -> tuple[Indices, Indices, Indices]:
    """Sites in the order of their cells, and for each home and row of cells (homes, rows) where its run of candidates
    starts in that order and how many there are.

    Lengths are in cells here. At most 255 × 255 cells, so that their numbers fit 16 bits and sort in linear time.
    """
    x, y = np.ascontiguousarray(sites.T)
    west, south = float(x.min()), float(y.min())
    extent = max(float(x.max()) - west, float(y.max()) - south)
    side = max(radius / 3, extent / 254)
    column, line = ((x - west) / side).astype(np.uint16), ((y - south) / side).astype(np.uint16)
    columns, lines = int(column.max()) + 1, int(line.max()) + 1
    cell = line * np.uint16(columns) + column
    first = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=lines * columns))])

    span = (radius * (1 + 1e-9) + 1e-12 * extent) / side  # a pair exactly one radius apart must not be lost
    east, north = (homes[:, 0, None] - west) / side, (homes[:, 1, None] - south) / side
    row = np.floor(north - span) + np.arange(int(2 * span) + 2)
    gap = np.maximum(np.maximum(row - north, north - row - 1), 0)
    half = np.sqrt(np.maximum(span * span - gap * gap, 0))
    base = np.clip(row, 0, lines - 1) * columns
    start = first[(base + np.clip(np.floor(east - half), 0, columns)).astype(np.intp)]
    end = first[(base + np.clip(np.floor(east + half) + 1, 0, columns)).astype(np.intp)]
    length = np.where((row >= 0) & (row < lines) & (gap <= span), end - start, 0)
    return np.argsort(cell, kind="stable"), start, length


def find_catchments(homes: Floats, sites: Floats, travel: Travel, bands: Bands = BANDS) -> Catchments:
    """Pairs of homes (n, 2) and sites (m, 2), both metres, that lie within the last band."""
    radius = travel.metres(bands.limit) * (1 + 1e-9)
    home, site, metres = pairs_within(homes, sites, radius)
    minutes = travel.minutes(metres)
    return Catchments(home, site, minutes, bands.weight(minutes), len(homes), len(sites))


def e2sfca(catchments: Catchments, demand: Floats, supply: Floats) -> Access:
    """Openings per person; demand (homes,) persons, supply (sites,) openings. Nobody reachable → 0, not NaN."""
    reached = totals(catchments.site, demand[catchments.home] * catchments.weight, catchments.sites)
    ratio = np.divide(supply, reached, out=np.zeros(catchments.sites), where=reached > 0)
    value = totals(catchments.home, ratio[catchments.site] * catchments.weight, catchments.homes)
    return Access(value, ratio, reached)


def openings_within(catchments: Catchments, supply: Floats, minutes: float) -> Floats:
    """Cumulative openings that each home reaches within ``minutes``, shape (homes,)."""
    near = catchments.minutes <= minutes
    return totals(catchments.home[near], supply[catchments.site[near]], catchments.homes)


def gini(values: Floats, weights: Floats) -> float:
    """Gini index of ``values`` over persons: 0 = everyone the same, →1 = one has all. Nothing to share out → 0."""
    order = np.argsort(values, kind="stable")
    value, weight = values[order], weights[order]
    total = float(value @ weight)
    people = float(weight.sum())
    if total <= 0 or people <= 0:
        return 0.0
    share = np.cumsum(value * weight) / total
    before = np.concatenate([[0.0], share[:-1]])
    return float(1 - ((share + before) * weight).sum() / people)
