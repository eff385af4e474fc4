"""Every pair of some people and openings that can be ranked, with its score: the page's limits and factors, pruned.

Most limits and factors depend on a few columns of an opening (its shift, its occupation, its requirements), in which
openings repeat each other. They are computed once for each distinct kind of opening by the functions of
``core.matching.inputs``; a pair is dropped as soon as one of them fails. What depends on both sides (travel, pay) is
computed for the pairs that are left. Scores are the whole numbers of ``core.matching.ranking.scoring``, so the result
is the one of the page, bit by bit; a pair is left out only if it cannot be ranked.

    pairs = ranked_pairs(seekers, openings, rules)
    pairs.first(50)                     # the first 50 openings of each person
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.geography.plane import TravelMode
from core.matching.inputs.factors import CODES, FACTORS, pay_gain, travel_gain
from core.matching.inputs.goalposts import Goalposts
from core.matching.inputs.limits import LIMITS, PASS
from core.matching.inputs.matching_pool import Openings, PairMatrix, Seekers
from core.matching.ranking.scoring import Profile, Weights, coverage_bound

__all__ = ["Pairs", "Rules", "compact_groups", "ranked_pairs"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.floating[Any]]
Keys = npt.NDArray[np.int64]

# The columns of an opening that a limit or a factor reads, by code. Of one that is not named here all are taken.
READS: dict[str, tuple[str, ...]] = {
    "certificate": ("certificate",),
    "essential_skills": ("level", "essential", "trains"),
    "seated": ("seated",),
    "lifting": ("lifting",),
    "step_free": ("step_free", "home_work"),
    "nights": ("nights",),
    "home_only": ("home_work",),
    "home_work": ("home_based",),
    "hours": ("shift", "hours"),
    "skills": ("level", "importance"),
    "intent": ("occupation",),
    "experience": ("domain",),
    "readiness": (),
}
EVERY_COLUMN = tuple(name for name in Openings.__dataclass_fields__ if name not in ("ids", "position"))
OF_OPENINGS = ("pay_floor", "seats", "fresh")  # limits that no person changes
OF_PAIRS = ("commute", "reserve_pay", "refused")  # limits that are checked pair by pair
TRAVEL, PAY = CODES.index("travel"), CODES.index("pay")

ROWS = 1024  # people who are compared with openings at a time, neighbours of each other
BELOW = 20  # bits of a key for the position in the lower half, 1,048,576 rows at most
SCORE_BITS = 24  # a score is at most 100 × 10,000 for each of up to 16 factors
LARGEST = (1 << SCORE_BITS) - 1
ROW = (1 << BELOW) - 1


@dataclass(frozen=True, eq=False)
class Rules:
    """What scores rest on. ``reach``: straight-line minutes beyond which a pair is not considered; None: everywhere."""

    weights: Weights
    goalposts: Goalposts
    mode: TravelMode
    reach: float | None = None

    @property
    def radius(self) -> float:
        """Metres within which an opening is considered; infinite without a reach."""
        return np.inf if self.reach is None else self.goalposts.travel[self.mode].metres(self.reach)

    def is_known(self, known_weight: Ints) -> Bools:
        """Whether this weight is enough to be ranked; see ``scoring.is_rankable``."""
        bound = coverage_bound(self.goalposts.min_coverage)
        return np.asarray(
            known_weight.astype(np.int64) * bound.denominator >= bound.numerator * int(self.weights.sum())
        )


@dataclass(frozen=True, eq=False)
class Pairs:
    """Ranked pairs as sortable keys (person, falling score, opening); positions are those of the given rows.

    Rows must be in the order of their ids: then equal scores are in the order of ids, as everywhere.
    """

    keys: Keys  # (pairs,) in no order

    def __len__(self) -> int:
        return len(self.keys)

    def first(self, top_n: int) -> tuple[Ints, Ints, Ints]:
        """(person, opening, score) of the first ``top_n`` openings of each person, in order."""
        return _decode(_head(self.keys, top_n))

    def first_people(self, top_n: int) -> tuple[Ints, Ints, Ints]:
        """(opening, person, score) of the first ``top_n`` people of each opening, in order."""
        middle = LARGEST << BELOW
        turned = (self.keys & ROW) << (BELOW + SCORE_BITS) | (self.keys & middle) | self.keys >> (BELOW + SCORE_BITS)
        return _decode(_head(turned, top_n))

    def all(self) -> tuple[Ints, Ints, Ints]:
        """(person, opening, score) of every pair, by person and falling score."""
        return _decode(np.sort(self.keys))


def _encode(above: Ints, below: Ints, score: Ints) -> Keys:
    high = above.astype(np.int64) << (BELOW + SCORE_BITS)
    return np.asarray(high | ((LARGEST - score.astype(np.int64)) << BELOW) | below)


def _decode(keys: Keys) -> tuple[Ints, Ints, Ints]:
    above, below = keys >> (BELOW + SCORE_BITS), keys & ROW
    return above, below, (LARGEST - ((keys >> BELOW) & LARGEST)).astype(np.int32)


def _head(keys: Keys, top_n: int) -> Keys:
    """The first ``top_n`` keys of each group, sorted."""
    ordered = np.sort(keys)
    group = ordered >> (BELOW + SCORE_BITS)
    starts = np.concatenate([[0], np.flatnonzero(group[1:] != group[:-1]) + 1, [len(group)]])
    place = np.arange(len(group)) - np.repeat(starts[:-1], np.diff(starts))
    kept: Keys = ordered[place < top_n]
    return kept


def ranked_pairs(seekers: Seekers, openings: Openings, rules: Rules, refused: npt.NDArray[Any] | None = None) -> Pairs:
    """Every pair that passes all limits, is known well enough and lies within reach.

    Both tables in the order of their ids; ``refused`` (r, 2) are positions (person, opening) of pairs that ended before.
    ValueError for more rows than a key has room for.
    """
    if max(len(seekers), len(openings)) >> BELOW:
        raise ValueError(f"a part has at most {1 << BELOW:,} people and openings")
    if not len(seekers) or not len(openings):
        return Pairs(np.empty(0, dtype=np.int64))
    ended = np.empty((0, 2), dtype=np.intp) if refused is None else refused
    able = np.flatnonzero(_open_to_anyone(seekers, openings, rules.goalposts))
    if not len(able):
        return Pairs(np.empty(0, dtype=np.int64))
    block = _Block.of(seekers, openings.take(able), rules)
    column_of = _places(able, len(openings))
    ended = np.stack([ended[:, 0], column_of[ended[:, 1]]], axis=1)
    people = np.flatnonzero(block.may_be_ranked())
    keys = [
        _keys(block, rows, columns, ended, able)
        for group in compact_groups(seekers.position[people], ROWS)
        if len(columns := block.near(rows := people[group]))
    ]
    return Pairs(np.concatenate(keys) if keys else np.empty(0, dtype=np.int64))


def compact_groups(position: Floats, size: int) -> list[Ints]:
    """Rows in groups of at most ``size`` that lie together: halved across the longer side; each in ascending order."""
    where = np.where(np.isfinite(position), position, 0.0)

    def split(rows: Ints) -> Iterator[Ints]:
        if len(rows) <= size:
            yield np.sort(rows)
            return
        axis = int(np.argmax(np.ptp(where[rows], axis=0)))
        half = len(rows) // 2
        ordered = rows[np.lexsort((rows, where[rows, axis]))]
        yield from split(ordered[:half])
        yield from split(ordered[half:])

    return list(split(np.arange(len(where)))) if len(where) else []


def _axes(position: Floats) -> tuple[Floats, Floats]:
    """Positions (n, 2) as two arrays of their own."""
    return np.ascontiguousarray(position[:, 0]), np.ascontiguousarray(position[:, 1])


def _places(rows: Ints, n: int) -> Ints:
    """Place of each of ``n`` rows in ``rows``, −1 for one that is not in it."""
    places = np.full(n, -1)
    places[rows] = np.arange(len(rows))
    return places


def _open_to_anyone(seekers: Seekers, openings: Openings, goalposts: Goalposts) -> Bools:
    """(m,) openings that pass the limits which no person changes."""
    matrix = _matrix(seekers.take(slice(0, 1)), openings, goalposts)
    states = [limit.check(matrix)[0] for limit in LIMITS if limit.code in OF_OPENINGS]
    return np.asarray(np.min(states, axis=0) == PASS)


def _matrix(seekers: Seekers, openings: Openings, goalposts: Goalposts) -> PairMatrix:
    """Pairs for what depends neither on the way to work nor on earlier referrals."""
    shape = (len(seekers), len(openings))
    return PairMatrix(seekers, openings, np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=bool), goalposts)


@dataclass(frozen=True, eq=False)
class _Kinds:
    """Openings that agree in some columns: the first of each kind, and the kind of every opening."""

    example: Ints  # (kinds,)
    kind: Ints  # (m,)

    @classmethod
    def of(cls, columns: Sequence[npt.NDArray[Any]], m: int) -> _Kinds:
        """Kinds by the bytes of ``columns``, each with ``m`` rows."""
        if not columns:
            return cls(np.zeros(min(m, 1), dtype=np.intp), np.zeros(m, dtype=np.intp))
        rows = [np.ascontiguousarray(column).view(np.uint8).reshape(m, -1) for column in columns]
        table = np.ascontiguousarray(np.concatenate(rows, axis=1))
        entries = table.view(np.dtype((np.void, table.shape[1]))).ravel()
        _, example, kind = np.unique(entries, return_index=True, return_inverse=True)
        return cls(example, kind)


LIMITS_BY_KIND = tuple(limit for limit in LIMITS if limit.code not in (*OF_OPENINGS, *OF_PAIRS))
FACTORS_BY_KIND = tuple((j, factor) for j, factor in enumerate(FACTORS) if j not in (TRAVEL, PAY))


@dataclass(frozen=True, eq=False)
class _Block:
    """Some people and openings with all that depends on the person and the kind of opening alone.

    ``passes`` (n, kinds) and ``passing`` (m,): whether a person passes the limits by kind; ``total``, ``known``
    (n, kinds) and ``scored`` (m,): that part of score and known weight.
    """

    seekers: Seekers
    openings: Openings
    rules: Rules
    passes: Bools
    passing: Ints
    total: npt.NDArray[np.int32]
    known: npt.NDArray[np.int32]
    scored: Ints
    offer: Floats  # (m,) yuan a month
    homes: tuple[Floats, Floats]  # (n,) metres east, (n,) metres north
    sites: tuple[Floats, Floats]

    @classmethod
    def of(cls, seekers: Seekers, openings: Openings, rules: Rules) -> _Block:
        m = len(openings)

        def kinds(code: str) -> _Kinds:
            return _Kinds.of([getattr(openings, name) for name in READS.get(code, EVERY_COLUMN)], m)

        by_limit = [kinds(limit.code) for limit in LIMITS_BY_KIND]
        passing = _Kinds.of([each.kind for each in by_limit], m)
        passes = np.ones((len(seekers), len(passing.example)), dtype=bool)
        for limit, each in zip(LIMITS_BY_KIND, by_limit, strict=True):
            states = limit.check(_matrix(seekers, openings.take(each.example), rules.goalposts))
            passes &= (states == PASS).take(each.kind[passing.example], axis=1)

        by_factor = [kinds(factor.code) for _, factor in FACTORS_BY_KIND]
        scored = _Kinds.of([each.kind for each in by_factor], m)
        total = np.zeros((len(seekers), len(scored.example)), dtype=np.int32)
        known = np.zeros_like(total)
        for (j, factor), each in zip(FACTORS_BY_KIND, by_factor, strict=True):
            x = factor.compute(_matrix(seekers, openings.take(each.example), rules.goalposts))
            profile = Profile.of(x.reshape(1, -1), [rules.goalposts.expected.get(factor.code, 0)])
            columns = each.kind[scored.example]
            weight = np.int32(rules.weights[j])
            total += (weight * profile.values.reshape(x.shape)).take(columns, axis=1)
            known += (weight * profile.known.reshape(x.shape)).take(columns, axis=1)
        return cls(
            seekers,
            openings,
            rules,
            passes,
            passing.kind,
            total,
            known,
            scored.kind,
            openings.offer,
            _axes(seekers.position),
            _axes(openings.position),
        )

    def may_be_ranked(self) -> Bools:
        """(n,) who passes the limits for some kind, and is known well enough if travel and pay are known too."""
        weights = self.rules.weights
        most = (
            self.known.max(axis=1, initial=0)
            + weights[TRAVEL]
            + np.where(np.isnan(self.seekers.reserve), 0, weights[PAY])
        )
        return self.passes.any(axis=1) & self.rules.is_known(most)

    def near(self, rows: Ints) -> Ints:
        """The openings in the box around some people that is the reach wider: no pair within reach is lost."""
        if self.rules.reach is None:
            return np.arange(len(self.openings))
        homes, sites = self.seekers.position[rows], self.openings.position
        homes = homes[np.isfinite(homes).all(axis=1)]
        edge = self.rules.radius * (1 + 1e-9) + 1e-3
        low, high = homes.min(axis=0, initial=np.inf) - edge, homes.max(axis=0, initial=-np.inf) + edge
        return np.flatnonzero(((sites >= low) & (sites <= high)).all(axis=1))


def _keys(block: _Block, rows: Ints, columns: Ints, ended: Ints, opening_rows: Ints) -> Keys:
    """Keys of the ranked pairs of some people and openings of a block; ``ended`` (r, 2) are ruled out.

    ``opening_rows`` are the positions of the block's openings in the table that keys refer to.
    """
    able = block.passes[rows].take(block.passing[columns], axis=1)
    able &= _pay_passes(block, rows, columns)
    able &= _may_be_within(block, rows, columns)
    if len(ended):
        cells = _places(rows, len(block.seekers))[ended[:, 0]], _places(columns, len(block.openings))[ended[:, 1]]
        inside = (cells[0] >= 0) & (cells[1] >= 0) & (ended[:, 1] >= 0)
        able[cells[0][inside], cells[1][inside]] = False
    row, column = np.nonzero(able)
    person, opening, minutes = _within(block, rows[row], columns[column])
    total, is_known = _scores(block, person, opening, minutes)
    return _encode(person[is_known], opening_rows[opening[is_known]], total[is_known])


def _pay_passes(block: _Block, rows: Ints, columns: Ints) -> Bools:
    """Pairs that pass the limit ``reserve_pay``: unknown pay does not pass where a reservation pay is stated."""
    best, least = block.openings.pay_high[columns], block.seekers.reserve[rows]
    best, least = np.where(np.isnan(best), -np.inf, best), np.where(np.isnan(least), -np.inf, least)
    return np.asarray(best.astype(np.float32)[None, :] >= least.astype(np.float32)[:, None])


def _may_be_within(block: _Block, rows: Ints, columns: Ints) -> Bools:
    """Pairs that are no farther apart than the reach and the person's longest commute, or a little more.

    In single precision with room to spare: it only saves work, ``_within`` decides. Unknown places are kept.
    """
    rules, openings = block.rules, block.openings
    sites, homes = openings.position[columns], block.seekers.position[rows]
    centre = np.nan_to_num(sites[0])
    site, home = (sites - centre).astype(np.float32), (homes - centre).astype(np.float32)
    square = np.square(home[:, 0, None] - site[None, :, 0])
    square += np.square(home[:, 1, None] - site[None, :, 1])
    limit = block.seekers.max_commute[rows]
    longest = rules.goalposts.travel[rules.mode].metres(1.0) * np.where(np.isnan(limit), np.inf, limit)
    at_home = openings.home_based[columns] | (openings.home_work[columns] == 1)
    near = ~(square > _square_with_room(np.minimum(longest, rules.radius))[:, None])
    if at_home.any():
        near[:, at_home] = ~(square[:, at_home] > _square_with_room(np.asarray(rules.radius)))
    return np.asarray(near)


def _square_with_room(metres: Floats) -> npt.NDArray[np.float32]:
    """Square of a little more than ``metres``; single precision is good to a metre within thousands of kilometres."""
    return np.square(np.minimum(metres, 1e15) * 1.001 + 2).astype(np.float32)


def _within(block: _Block, person: Ints, opening: Ints) -> tuple[Ints, Ints, npt.NDArray[np.float32]]:
    """The pairs within reach and commute, and the minutes of each as ``MatchingPool.pair_matrix`` has them."""
    seekers, openings, rules = block.seekers, block.openings, block.rules
    east, north = (home.take(person) - site.take(opening) for home, site in zip(block.homes, block.sites, strict=True))
    away = rules.goalposts.travel[rules.mode].minutes(np.hypot(east, north))
    at_home = openings.home_based[opening] | ((openings.home_work[opening] == 1) & (seekers.home_ok[person] == 1))
    minutes = np.where(at_home, 0, away).astype(np.float32)
    limit = seekers.max_commute[person]
    stays = ~(minutes > limit) & ~(np.isnan(minutes) & np.isfinite(limit))
    if rules.reach is not None:
        stays &= away <= rules.reach
    return person[stays], opening[stays], minutes[stays]


def _scores(
    block: _Block, person: Ints, opening: Ints, minutes: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int32], Bools]:
    """(pairs,) scores, and which are known well enough to be ranked."""
    rules, seekers = block.rules, block.seekers
    cell = person * block.total.shape[1] + block.scored[opening]
    total, known_weight = block.total.ravel()[cell], block.known.ravel()[cell]
    pay = pay_gain(block.offer[opening], seekers.reserve[person], seekers.target[person])
    for j, x in ((TRAVEL, travel_gain(minutes, rules.goalposts.travel_minutes)), (PAY, pay)):
        profile = Profile.of(x[None, :], [rules.goalposts.expected.get(CODES[j], 0)])
        total += np.int32(rules.weights[j]) * profile.values[0]
        known_weight += np.int32(rules.weights[j]) * profile.known[0]
    return total, rules.is_known(known_weight)
