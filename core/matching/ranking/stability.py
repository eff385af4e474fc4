"""How far one weight may move before the first place, or the set of the first k, changes: exactly, without search.

Weight j moves to t, the others share 1 − t in their proportion (equally, when j alone had weight). A score is then
n(t)/c(t), both linear in t: for complete rows c = 1 and s(t) = b + t(x − b) with b = (s − w·x)/(1 − w); a row that lacks
factor j keeps its score, but its coverage shrinks. Two rows change places at a root of n_a·c_i − n_i·c_a, at most
quadratic; of its two roots exactly one crosses downwards. A row comes and goes where its coverage meets the threshold.

Of many rows only a few are reckoned exactly: see ``_within_reach``. 100,000 people × 7 weights take 6 ms for the first
place and 7 ms for the first fifty on one core (with a tenth of all factors unknown 42 and 23 ms).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.matching.ranking.scoring import TINY, Profile, Scores, is_rankable, scores, top

__all__ = ["Band", "Swap", "bands"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]
LEAST = 1e-9
NEAR = 1e-5  # scores this close are looked at exactly
LARGE = 6_000  # pairs from which rows are left out that can't be the first to change
SEEDS = 64  # rows looked at to bound the first change
ROUNDS = 6


@dataclass(frozen=True)
class Swap:
    """At weight ``at`` row ``leaves`` goes out of the set and row ``enters`` comes in (None: nobody)."""

    at: float
    leaves: int | None
    enters: int | None


@dataclass(frozen=True)
class Band:
    """Factor ``factor`` stands at ``weight``; from ``low`` to ``high`` the set stays as it is."""

    factor: int
    weight: float
    low: float
    high: float
    below: Swap | None  # what happens under ``low``
    above: Swap | None  # what happens over ``high``

    def renamed(self, names: npt.NDArray[np.integer[Any]]) -> Band:
        """The same band with row i called ``names[i]``."""
        below, above = (
            swap
            and Swap(
                swap.at,
                None if swap.leaves is None else int(names[swap.leaves]),
                None if swap.enters is None else int(names[swap.enters]),
            )
            for swap in (self.below, self.above)
        )
        return Band(self.factor, self.weight, self.low, self.high, below, above)

    @property
    def margin(self) -> float:
        """The smaller way to a change; the full width when nothing changes on either side."""
        distances = [abs(self.weight - s.at) for s in (self.below, self.above) if s is not None]
        return min(distances, default=1.0)


@dataclass(frozen=True, eq=False)
class _Lines:
    """n rows for J weights as functions of t, arrays (J, n): score (n0 + n1·t)/(c0 + c1·t), coverage g0 + g1·t."""

    n0: Floats
    n1: Floats
    c0: Floats
    c1: Floats
    g0: Floats
    g1: Floats

    def take(self, rows: Any) -> _Lines:
        """Some rows, along the last axis."""
        return _Lines(*(array[:, rows] for array in (self.n0, self.n1, self.c0, self.c1, self.g0, self.g1)))


# (way to the change, who leaves, who enters); inf = no change
_Event = tuple[float, int | None, int | None]


def bands(
    profile: Profile, weights: Floats, ids: npt.NDArray[Any], k: int = 1, min_coverage: float = 0.0
) -> tuple[Band, ...]:
    """The band of each factor within which the first ``k`` rows are the same set.

    Rows need a coverage of ``min_coverage`` to be ranked, as in ``ranking.covered``. ``weights`` sum to 1. Between the ends of
    a band the set is constant; at an end two rows tie or one meets the threshold.
    """
    result = scores(profile, weights)
    ranked = np.flatnonzero(is_rankable(result, min_coverage))
    inside = ranked[top(result.point[ranked], ids[ranked], k)]
    is_out = np.ones(len(profile), dtype=bool)
    is_out[inside] = False
    min_coverage, every = max(min_coverage, LEAST), np.arange(len(weights))
    if len(inside) < k or max(len(inside), 1) * int(is_out.sum()) < LARGE:
        outside = np.flatnonzero(is_out)
    else:
        outside = _within_reach(profile, weights, result, inside, is_out, min_coverage)
    outside = outside[np.argsort(ids[outside], kind="stable")]  # ties go to the lower id
    together = [every] if len(inside) * len(outside) < LARGE else np.split(every, len(every))
    return tuple(band for some in together for band in _bands(profile, weights, some, inside, outside, k, min_coverage))


def _within_reach(
    profile: Profile, weights: Floats, now: Scores, inside: Positions, is_out: Bools, min_coverage: float
) -> Positions:
    """Rows outside that can have a part in the first change of any weight, found by looking at the ends alone.

    The first change among a few seeds bounds the first of all. Up to that bound a score is monotone in the weight, so a
    row that at neither end comes near the lowest member overtakes nobody before. Where too many are left, the best of
    them at the bound are the next seeds: they overtake earlier.
    """
    outside, found = np.flatnonzero(is_out), np.zeros_like(is_out)
    first = outside[top(now.point[outside], outside, SEEDS)]
    for band in _bands(profile, weights, np.arange(len(weights)), inside, first, len(inside), min_coverage):
        for sign, end in ((-1, band.low), (1, band.high)):
            for _ in range(ROUNDS):
                reach, value = _reaching(profile, weights, now, inside, band.factor, end, min_coverage)
                reach &= is_out
                if np.count_nonzero(reach) <= SEEDS:
                    break
                rows = np.flatnonzero(reach)
                seeds = rows[top(value[rows], rows, SEEDS)]
                (again,) = _bands(profile, weights, np.array([band.factor]), inside, seeds, len(inside), min_coverage)
                sooner = again.low if sign < 0 else again.high
                if (sooner - end) * sign >= 0:
                    break
                end = sooner
            found |= reach
    return np.flatnonzero(found)


def _reaching(
    profile: Profile, weights: Floats, now: Scores, inside: Positions, factor: int, end: float, min_coverage: float
) -> tuple[Bools, npt.NDArray[np.floating[Any]]]:
    """(rows that may pass a member while weight ``factor`` moves to ``end``, their scores there)."""
    shares = _shares(weights, np.array([factor]))[0]
    there = scores(profile, (1 - end) * shares + end * (np.arange(len(weights)) == factor))
    if profile.complete:  # straight lines: who is behind at the end has not been ahead
        return np.asarray(there.point >= there.point[inside].min() - NEAR), there.point
    lowest = np.fmin.reduce(np.concatenate([now.point[inside], there.point[inside]])) - NEAR
    seen = np.maximum(now.coverage, there.coverage) >= min_coverage - NEAR
    return np.asarray((np.fmax(now.point, there.point) >= lowest) & seen), there.point


def _bands(
    profile: Profile,
    weights: Floats,
    factors: Positions,
    inside: Positions,
    outside: Positions,
    k: int,
    min_coverage: float,
) -> list[Band]:
    """Bands of some factors, reckoned together."""
    room = len(inside) < k
    used = np.concatenate([inside, outside])
    lines = _lines(profile.take(used), weights, factors)
    members, others = lines.take(slice(None, len(inside))), lines.take(slice(len(inside), None))
    now = weights[factors]
    ends: list[list[Swap | None]] = []
    for sign, reach in ((-1.0, now), (1.0, 1 - now)):
        events = _first_changes(members, others, now[:, None], sign, min_coverage, room)
        ends.append(
            [
                Swap(
                    float(weight + sign * way),
                    None if leaves is None else int(inside[leaves]),
                    None if enters is None else int(outside[enters]),
                )
                if way <= limit
                else None
                for (way, leaves, enters), weight, limit in zip(events, now, reach, strict=True)
            ]
        )
    return [
        Band(int(j), float(weight), below.at if below else 0.0, above.at if above else 1.0, below, above)
        for j, weight, below, above in zip(factors, now, *ends, strict=True)
    ]


def _shares(weights: Floats, factors: Positions) -> Floats:
    """(J, 7) how the others share what each of the weights ``factors`` leaves; equally when it alone had weight."""
    alone = 1 - weights[factors] <= LEAST
    shares = np.where(alone[:, None], 1.0, weights[None, :])
    shares[np.arange(len(factors)), factors] = 0
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _lines(profile: Profile, weights: Floats, factors: Positions) -> _Lines:
    """Every row as a function of each of the weights ``factors``."""
    shares = _shares(weights, factors)
    b, g = shares @ profile.filled, (shares @ profile.known).astype(np.float64)
    g = np.where(g > 1 - LEAST, 1, g)
    x, has = profile.filled[factors].astype(np.float64), profile.known[factors] > 0
    kept = np.divide(b, g, out=np.zeros_like(b), where=g > LEAST)
    return _Lines(
        n0=np.where(has, b, kept),
        n1=np.where(has, x - b, 0),
        c0=np.where(has, g, 1),
        c1=np.where(has, 1 - g, 0),
        g0=g,
        g1=np.where(has, 1 - g, -g),
    )


def _first_changes(
    members: _Lines, others: _Lines, weights: Floats, sign: float, min_coverage: float, room: bool
) -> list[_Event]:
    """For each weight the way in direction ``sign`` to the first change, with who leaves and who enters."""
    candidates: list[list[_Event]] = [[(np.inf, None, None)] for _ in weights]
    _, gone = _present(members, weights, sign, min_coverage)
    enter, leave = _present(others, weights, sign, min_coverage)
    if gone.shape[1]:
        for some, row, distances in zip(candidates, gone.argmin(axis=1).tolist(), gone, strict=True):
            some.append((float(distances[row]), row, None))
    if room and enter.shape[1]:
        late = np.where(enter > 0, enter, np.inf)
        for some, row, distances in zip(candidates, late.argmin(axis=1).tolist(), late, strict=True):
            some.append((float(distances[row]), None, row))
    if not room and gone.shape[1] and enter.shape[1]:
        flat = _overtaking(members, others, weights, sign, enter, leave).reshape(len(weights), -1)
        for some, cell, distances in zip(candidates, flat.argmin(axis=1).tolist(), flat, strict=True):
            some.append((float(distances[cell]), *divmod(cell, enter.shape[1])))
    # At the same point an overtaking tells more than a row that drops out.
    return [min(some, key=lambda event: (event[0], event[2] is None, event[1] is None)) for some in candidates]


def _present(lines: _Lines, weights: Floats, sign: float, min_coverage: float) -> tuple[Floats, Floats]:
    """(from, to): the way over which each row has coverage enough; from = inf for one that never has."""
    now, slope = lines.g0 + lines.g1 * weights, sign * lines.g1
    with np.errstate(divide="ignore", invalid="ignore"):
        meets = (min_coverage - now) / slope
    enough = now >= min_coverage - TINY
    start = np.where(enough, 0.0, np.where((slope > 0) & (meets >= 0), meets, np.inf))
    end = np.where(enough & (slope < 0), np.maximum(meets, 0), np.inf)
    return start, end


def _overtaking(members: _Lines, others: _Lines, weights: Floats, sign: float, enter: Floats, leave: Floats) -> Floats:
    """(J, members, others): the way at which the other overtakes the member; inf = never."""
    an0, an1, ac0, ac1 = (v[:, :, None] for v in (members.n0, members.n1, members.c0, members.c1))
    n0, n1, c0, c1 = (v[:, None, :] for v in (others.n0, others.n1, others.c0, others.c1))
    enter, leave, w = enter[:, None, :], leave[:, None, :], weights[:, :, None]
    # f(t) = n_a·c_i − n_i·c_a ≥ 0 while the member leads; in u = |t − w| it is q2·u² + q1·u + q0.
    q2 = an1 * c1 - n1 * ac1
    linear = an0 * c1 + an1 * c0 - n0 * ac1 - n1 * ac0
    q0 = an0 * c0 - n0 * ac0 + w * (linear + w * q2)
    q1 = sign * (linear + 2 * w * q2)
    q0 = np.where(enter == 0, np.maximum(q0, 0), q0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        spread = np.sqrt(q1 * q1 - 4 * q2 * q0)
        down = np.where(q1 < 0, 2 * q0 / (spread - q1), -(q1 + spread) / (2 * q2))
    crosses = (spread > 0) & np.isfinite(down) & (down >= enter) & (down <= leave)
    late = np.isfinite(enter) & (enter > 0)
    at_entry = np.where(late, enter, 0)
    behind = late & (q0 + at_entry * (q1 + at_entry * q2) < 0)
    return np.where(behind, enter, np.where(crosses, down, np.inf))
