"""How far one weight may move before the first place, or the set of the first k, changes: exactly, without search.

Weight j moves to a share t of all weight, the others divide 1 − t in their proportion (equally, when j alone had weight).
A score is then linear in t, (1 − t)·b + t·x, and so is the known share of the weight, which must reach the threshold for
a row to be ranked. Two rows change places where their lines cross; a row comes or goes where its coverage meets the
threshold. Both are quotients of whole numbers below 2^24, and double precision tells any two such quotients apart (they
differ by at least 2^−48) and gives equal ones the same value: comparisons of crossings are exact, ties included.

A band is the stretch around the present weight in which the set just beyond every point is the present one; where rows
tie now and the lower id decides, it ends at once on the side where the other gains. At a crossing of several rows the
ones named are those whom the order just beyond it puts in and out.

Of many rows only a few are looked at in pairs, see ``_within_reach``. Milliseconds for 100,000 people × 7 weights on one
core are in tests/benchmarks/bench_matching.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from core.matching.ranking.scoring import UNIT, Profile, Scores, Weights, coverage_bound, is_rankable, scores, top

__all__ = ["Band", "Swap", "bands"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]
FEW = 2_000  # rows that are all looked at
SEEDS = 64  # rows looked at to bound the first change
ROUNDS = 6
CELLS = 500_000  # comparisons of a member with another row that are held at once
SLACK = (
    4.0  # in whole-number scores, for the rounding of a bound: rows that it lets in are compared exactly all the same
)


@dataclass(frozen=True)
class Swap:
    """At share ``at`` row ``leaves`` goes out of the set and row ``enters`` comes in (None: nobody)."""

    at: float
    leaves: int | None
    enters: int | None


@dataclass(frozen=True)
class Band:
    """Factor ``factor`` has share ``weight``; from ``low`` to ``high`` the set stays as it is."""

    factor: int
    weight: float
    low: float
    high: float
    below: Swap | None  # what happens under ``low``
    above: Swap | None  # what happens over ``high``

    def renamed(self, names: npt.NDArray[np.integer[Any]]) -> Band:
        """The same band with row i called ``names[i]``."""

        def rename(swap: Swap | None) -> Swap | None:
            if swap is None:
                return None
            leaves, enters = (None if row is None else int(names[row]) for row in (swap.leaves, swap.enters))
            return Swap(swap.at, leaves, enters)

        return Band(self.factor, self.weight, self.low, self.high, rename(self.below), rename(self.above))

    @property
    def margin(self) -> float:
        """The smaller distance to a change; the full width when nothing changes on either side."""
        return min((abs(self.weight - s.at) for s in (self.below, self.above) if s is not None), default=1.0)


def bands(
    profile: Profile, weights: Weights, ids: npt.NDArray[Any], top_n: int = 1, min_coverage: float = 0.0
) -> tuple[Band, ...]:
    """The band of each factor within which the first ``top_n`` rows are the same set.

    Rows need a coverage of ``min_coverage`` to be ranked, as in ``scoring.is_rankable``.
    """
    result = scores(profile, weights)
    ranked = np.flatnonzero(is_rankable(result, min_coverage))
    leaders = ranked[top(result.total[ranked], ids[ranked], top_n + SEEDS)]
    inside, seeds = leaders[:top_n], leaders[top_n:]
    is_out = np.ones(len(profile), dtype=bool)
    is_out[inside] = False
    has_room = len(inside) < top_n
    if len(profile) <= FEW or has_room:
        outside = np.flatnonzero(is_out)
        ways = _ways(profile, weights, ids, np.concatenate([inside, outside]), min_coverage)
        swaps = _first_changes(ways, inside, outside, top_n)
    else:
        swaps = _first_changes_of_many(profile, result, ids, inside, seeds, is_out, min_coverage)
    shares = weights / result.weight
    return tuple(
        Band(j, float(share), below.at if below else 0.0, above.at if above else 1.0, below, above)
        for j, (share, below, above) in enumerate(
            zip(shares, swaps[: len(weights)], swaps[len(weights) :], strict=True)
        )
    )


@dataclass(frozen=True, eq=False)
class _Ways:
    """Scores of r rows on W = 14 ways: each weight falls to 0, then each rises to 1.

    On a way a parameter s goes from ``now`` (W,) to 1; a score is (1 − s)·start + s·end, coverage over the threshold
    (1 − s)·cover_start + s·cover_end, all whole numbers, (W, r). Rising, s is the share of the weight; falling, 1 − s is.
    ``is_open`` (W,): False where the weight is at the end of the way already. ``scale`` (W,): Σ of the other weights.
    """

    start: Floats
    end: Floats
    cover_start: Floats
    cover_end: Floats
    now: Floats
    is_open: Bools
    scale: Floats
    ids: npt.NDArray[Any]

    def take(self, ways: Any, rows: Any) -> _Ways:
        """Some ways (a slice), some rows."""
        start, end, cover_start, cover_end = (
            array[ways][:, rows] for array in (self.start, self.end, self.cover_start, self.cover_end)
        )
        return _Ways(
            start, end, cover_start, cover_end, self.now[ways], self.is_open[ways], self.scale[ways], self.ids[rows]
        )

    def at(self, s: Floats) -> Floats:
        """Scores at ``s`` (W,)."""
        return (1 - s)[:, None] * self.start + s[:, None] * self.end

    def cover_at(self, s: Floats) -> Floats:
        """Coverage over the threshold at ``s`` (W,)."""
        return (1 - s)[:, None] * self.cover_start + s[:, None] * self.cover_end

    def presence(self) -> tuple[Floats, Floats]:
        """(from, to): rows are ranked just beyond every s in [from, to), from ``now`` on; from = inf: never."""
        now, slope = self.now[:, None], self.cover_end - self.cover_start
        with np.errstate(divide="ignore", invalid="ignore"):
            meets = self.cover_start / -slope
        rises, falls = slope > 0, slope < 0
        always = (slope == 0) & (self.cover_start >= 0)
        first = np.where(rises, np.maximum(meets, now), np.where(falls | always, now, np.inf))
        last = np.where(falls, meets, np.where(rises | always, np.inf, -np.inf))
        return np.where((last <= first) | (first >= 1), np.inf, first), last


def _ways(profile: Profile, weights: Weights, ids: npt.NDArray[Any], rows: Positions, min_coverage: float) -> _Ways:
    """The ways of some rows. The other weights keep their proportion, or are equal when this one alone had weight."""
    x, known = profile.values[:, rows].astype(np.float64), profile.known[:, rows].astype(np.float64)
    w = weights.astype(np.float64)[:, None]
    others = w.sum() - w
    alone = others == 0
    scale = np.where(alone, len(weights) - 1, others)
    bound = coverage_bound(min_coverage)
    threshold = bound.numerator * scale
    without = np.where(alone, x.sum(axis=0) - x, weights @ x - w * x)
    cover_without = bound.denominator * np.where(alone, known.sum(axis=0) - known, weights @ known - w * known)
    cover_without, cover_own = cover_without - threshold, bound.denominator * scale * known - threshold
    own = scale * x
    return _Ways(
        start=np.concatenate([own, without]),
        end=np.concatenate([without, own]),
        cover_start=np.concatenate([cover_own, cover_without]),
        cover_end=np.concatenate([cover_without, cover_own]),
        now=np.concatenate([others, w]).ravel() / w.sum(),
        is_open=np.concatenate([w > 0, others > 0]).ravel(),
        scale=np.concatenate([scale, scale]).ravel(),
        ids=ids[rows],
    )


def _first_changes(ways: _Ways, inside: Positions, outside: Positions, top_n: int) -> list[Swap | None]:
    """What happens first on each way, None where nothing does; rows of ``ways``: ``inside``, then ``outside``."""
    members, rows = len(inside), np.concatenate([inside, outside])
    first, last = ways.presence()
    times = _first_crossings(ways, first, last, members, has_room=members < top_n)
    return [
        _swap(ways, way, float(time), (first[way] <= time) & (time < last[way]), rows, members, top_n)
        if time < 1
        else None
        for way, time in enumerate(times.tolist())
    ]


def _swap(ways: _Ways, way: int, time: float, is_present: Bools, rows: Positions, members: int, top_n: int) -> Swap:
    """Who goes and who comes at ``time``, by the order just beyond it; ``is_present`` (r,): ranked just beyond it."""
    at = time if way >= len(ways.now) // 2 else 1 - time
    unknown = next((row for row in range(members) if not is_present[row]), None)
    if unknown is not None:  # this is why the place falls free; who moves up follows from it
        return Swap(at, int(rows[unknown]), None)
    after = _order_beyond(ways, way, time, np.flatnonzero(is_present))[:top_n]
    enters = next(row for row in after if row >= members)
    leaves = [row for row in _order_beyond(ways, way, time, np.arange(members)) if row not in after]
    return Swap(at, int(rows[leaves[-1]]) if leaves else None, int(rows[enters]))


def _order_beyond(ways: _Ways, way: int, s: float, rows: Positions) -> list[int]:
    """``rows`` in order just beyond ``s``: by score there, then by slope, then by id."""
    exact = Fraction(s).limit_denominator(2**24)
    start, end = ways.start[way, rows].astype(np.int64), ways.end[way, rows].astype(np.int64)
    level = (exact.denominator - exact.numerator) * start + exact.numerator * end
    return [int(rows[n]) for n in np.lexsort((ways.ids[rows], start - end, -level))]


def _first_crossings(ways: _Ways, first: Floats, last: Floats, members: int, has_room: bool) -> Floats:
    """(W,) the first s from ``now`` on just beyond which the set differs, inf for none.

    The first ``members`` rows are the set; ``first`` and ``last`` as ``_Ways.presence``.
    """
    now = ways.now[:, None]
    # A member leaves where its coverage meets the threshold, or at once when it is not ranked just beyond ``now``.
    leaves = np.where(np.isinf(first[:, :members]), now, np.maximum(last[:, :members], now))
    times = leaves.min(axis=1, initial=np.inf)
    if has_room:
        times = np.minimum(times, first[:, members:].min(axis=1, initial=np.inf))
    elif members:
        step = max(CELLS // (members * max(first.shape[1] - members, 1)), 1)
        for way in range(0, len(times), step):
            some = slice(way, way + step)
            overtaking = _overtaking(ways, first[some], last[some], members, some)
            times[some] = np.minimum(times[some], overtaking.min(axis=(1, 2), initial=np.inf))
    return np.where(ways.is_open & (times < 1), times, np.inf)


def _overtaking(ways: _Ways, first: Floats, last: Floats, members: int, some: slice) -> Floats:
    """(ways, members, others): the s just beyond which the other is ahead of the member; inf = never."""
    start = ways.start[some, None, members:] - ways.start[some, :members, None]
    end = ways.end[some, None, members:] - ways.end[some, :members, None]
    slope = end - start
    with np.errstate(divide="ignore", invalid="ignore"):
        meets = start / -slope
    enter, leave = first[:, None, members:], last[:, None, members:]
    is_twin_ahead = (start == 0) & (ways.ids[None, None, members:] < ways.ids[None, :members, None])
    is_level_ahead = (slope == 0) & ((start > 0) | is_twin_ahead)
    time = np.where(
        slope > 0,
        np.maximum(meets, enter),
        np.where(is_level_ahead | ((slope < 0) & (enter < meets)), enter, np.inf),
    )
    return np.where(time < leave, time, np.inf)


def _first_changes_of_many(
    profile: Profile,
    result: Scores,
    ids: npt.NDArray[Any],
    inside: Positions,
    seeds: Positions,
    is_out: Bools,
    min_coverage: float,
) -> list[Swap | None]:
    """``_first_changes`` where the set is full and rows are many: each way looks at the few that can have a part in it.

    The first change among a few seeds bounds the first of all. A row's lead over the lowest member is convex along a way,
    so a row that is ahead neither now nor at the bound overtakes nobody before it. Where many are left, the best of them
    at the bound are the next seeds: they overtake earlier.
    """
    weights, members = result.weights, len(inside)
    seeded = _ways(profile, weights, ids, np.concatenate([inside, seeds]), min_coverage)
    bounds = np.minimum(_first_crossings(seeded, *seeded.presence(), members, has_room=False), 1.0)
    own = seeded.take(slice(None), slice(None, members))
    near = _near(profile, result, own, bounds, int(result.total[inside].min()))
    near = near[is_out[near]]
    ways = _ways(profile, weights, ids, np.concatenate([inside, near]), min_coverage)
    was_ahead = result.total[near] >= result.total[inside].min()
    swaps: list[Swap | None] = []
    for way in range(len(bounds)):
        if not ways.is_open[way]:
            swaps.append(None)
            continue
        one = ways.take(slice(way, way + 1), slice(None))
        reach = _reach(one, members, bounds[way : way + 1], was_ahead)
        rows = np.concatenate([np.arange(members), members + reach])
        change = _first_changes(one.take(slice(None), rows), inside, near[reach], members)[0]
        is_falling = way < len(bounds) // 2
        swaps.append(change and Swap(1 - change.at if is_falling else change.at, change.leaves, change.enters))
    return swaps


def _near(profile: Profile, result: Scores, own: _Ways, bounds: Floats, lowest_now: int) -> Positions:
    """Rows that may be ahead of the lowest member at the bound of any way; ``own`` are the members' ways.

    With share t now and T at the bound a score goes from s to s·(1 − T)/(1 − t) + x·c, c = T − t·(1 − T)/(1 − t): c is
    negative where the weight falls, and x is at most 1 where it rises.
    """
    half, total = len(bounds) // 2, result.total
    lowest = (own.at(bounds).min(axis=1) - SLACK) / own.scale
    share = np.where(np.arange(2 * half) < half, 1 - own.now, own.now)
    target = np.where(np.arange(2 * half) < half, 1 - bounds, bounds)
    least, dense = float(lowest_now), []
    for way in np.flatnonzero(own.is_open):
        t, bound = float(share[way]), float(target[way])
        keeps = (1 - bound) / (1 - t) if t < 1 else np.inf
        gains = 0.0 if way < half else bound - t * keeps
        needed = (lowest[way] - UNIT * gains) / keeps * result.weight if 0 < keeps < np.inf else 0.0
        if way >= half and needed < 0.6 * lowest_now:  # too many to let in by their score alone
            dense.append(keeps / result.weight * total + gains * profile.values[way - half] >= lowest[way])
        else:
            least = min(least, needed)
    is_near = total >= int(least)
    for rows in dense:
        is_near |= rows
    return np.flatnonzero(is_near)


def _reach(way: _Ways, members: int, bound: Floats, was_ahead: Bools) -> Positions:
    """Which of the rows after the members can have a part in the first change on one way, by position among them."""
    others = way.take(slice(None), slice(members, None))
    own = way.take(slice(None), slice(None, members))
    for _ in range(ROUNDS):
        there = others.at(bound)[0]
        is_ranked = np.maximum(others.cover_at(others.now), others.cover_at(bound))[0] >= -SLACK
        reach = np.flatnonzero(((there >= own.at(bound).min() - SLACK) | was_ahead) & is_ranked)
        if len(reach) <= 4 * SEEDS:
            break
        seeds = reach[np.argsort(-there[reach], kind="stable")[:SEEDS]]
        seeded = way.take(slice(None), np.concatenate([np.arange(members), members + seeds]))
        sooner = _first_crossings(seeded, *seeded.presence(), members, has_room=False)
        if sooner[0] >= bound[0]:
            break
        bound = sooner
    return reach
