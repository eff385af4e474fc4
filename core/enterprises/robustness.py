"""Sensitivity of scores and ranks: 10,000 draws of defensible other choices (OECD/JRC handbook, step 7).

    result = draws(rated_enterprises(assessments), seed=20240219)
    low, median, high = result.quantiles(result.ranks)
    result.tiers, result.reach(70)

Drawn at once, from a unit cube: pillar weights w(1 ± 25 %) rescaled; geometric or arithmetic mean; goalposts ± 10 % of
their span (on the normalised monitoring value of each pillar, where a shift of goalposts is linear); source weights from
a Dirichlet around (.4, .3, .3). The same map from the cube serves the Sobol indices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol

import numpy as np
from scipy.special import gammaincinv

from core.enterprises.rules import BUILT_IN, Rules
from core.enterprises.score import FLOOR, Score
from core.terms import EvidenceSource, Pillar, Tier

__all__ = [
    "DRAWS",
    "GROUPS",
    "WIDTH",
    "RatedEnterprises",
    "Draws",
    "Sample",
    "centre_of_cube",
    "SobolIndices",
    "rated_enterprises",
    "reach_of_scores",
    "draws",
    "drop_one",
    "scores",
    "sobol",
    "sobol_of",
]

Sample = Callable[[int, int], np.ndarray]
DRAWS = 10_000
REACH_DRAWS = 2_000  # for a probability that is only compared with 70%: error below one point
SEED = 20240219
WEIGHT_SPREAD = 0.25
GOALPOST_SPREAD = 0.10
CONCENTRATION = 20.0  # of the Dirichlet: about ± 0.1 on each source weight
CHUNK = 500  # draws at a time: bounds the memory for a thousand enterprises
ROWS = 64  # enterprises, or draws, at a time: what is computed of them stays in the processor's cache
TINY = 1e-300  # divisor where no source is known
P = len(Pillar)
S = len(EvidenceSource)


class Assessed(Protocol):
    """What the draws need of an enterprise: its key, its score, and the rules that made it."""

    @property
    def key(self) -> int: ...

    @property
    def score(self) -> Score: ...

    @property
    def rules(self) -> Rules: ...


@dataclass(frozen=True)
class RatedEnterprises:
    """Rated enterprises as arrays."""

    keys: tuple[int, ...]
    monitored: np.ndarray  # (n, pillars) 0..1, NaN = silent; so are the others
    panel: np.ndarray
    third: np.ndarray
    rules: Rules = BUILT_IN  # whose weights are the centre of the draws


@dataclass(frozen=True)
class Draws:
    """Scores over the draws."""

    keys: tuple[int, ...]
    scores: np.ndarray  # (n, draws) 0..100
    thresholds: tuple[float, ...] = BUILT_IN.thresholds

    @cached_property
    def ranks(self) -> np.ndarray:
        """Ranks in each draw from 1, best first: (n, draws)."""
        return rank_columns(self.scores)

    def quantiles(self, table: np.ndarray) -> np.ndarray:
        """Q5, median, Q95, shape (3, n)."""
        return np.asarray(np.quantile(table, (0.05, 0.5, 0.95), axis=1))

    @property
    def tiers(self) -> np.ndarray:
        """Share of draws in each tier, shape (n, 5), lowest tier first."""
        level = np.searchsorted(self.thresholds, self.scores, side="right")
        return np.stack([(level == k).mean(axis=1) for k in range(len(Tier))], axis=1)

    def reach(self, threshold: float) -> np.ndarray:
        """P(score ≥ threshold), shape (n,)."""
        return np.asarray((self.scores >= threshold).mean(axis=1))


@dataclass(frozen=True)
class SobolIndices:
    """Sobol indices by group of inputs."""

    names: tuple[str, ...]
    first: np.ndarray
    total: np.ndarray


def rated_enterprises(assessments: Sequence[Assessed]) -> RatedEnterprises:
    """The rated enterprises; the others can't be ranked."""
    rated = [s for s in assessments if s.score.index is not None]
    return _as_arrays([s.key for s in rated], [s.score for s in rated], rated[0].rules if rated else BUILT_IN)


def _as_arrays(keys: Sequence[int], scores: Sequence[Score], rules: Rules) -> RatedEnterprises:
    def source(kind: EvidenceSource) -> np.ndarray:
        rows = [[np.nan if (v := p.sources[kind]) is None else v for p in s.pillars] for s in scores]
        return np.array(rows, dtype=float).reshape(len(scores), P)

    monitored, panel, third = (source(kind) for kind in EvidenceSource)
    return RatedEnterprises(tuple(keys), monitored, panel, third, rules)


def reach_of_scores(
    own_scores: Sequence[Score], rules: Sequence[Rules] | Rules = BUILT_IN, seed: int = SEED, count: int = REACH_DRAWS
) -> list[tuple[float, ...] | None]:
    """For each score P(score ≥ threshold) for each threshold of its rules over the draws; None where it is not rated.

    ``rules``: the same for all, or one a score.
    """
    own_rules = [rules] * len(own_scores) if isinstance(rules, Rules) else list(rules)
    weights_that_reach: list[tuple[float, ...] | None] = [None] * len(own_scores)
    rated = [k for k, s in enumerate(own_scores) if s.index is not None]
    for version in {id(own_rules[k]): own_rules[k] for k in rated}.values():
        alike = [k for k in rated if own_rules[k] is version]
        table = draws(_as_arrays(alike, [own_scores[k] for k in alike], version), seed, count)
        reach = np.stack([table.reach(t) for t in version.thresholds], axis=1)
        for k, row in zip(alike, reach, strict=True):
            weights_that_reach[k] = tuple(float(v) for v in row)
    return weights_that_reach


def centre_of_cube() -> np.ndarray:
    """The choices of the rules themselves, (1, WIDTH): no weight, goalpost or source moved, geometric mean."""
    centre = np.full((1, WIDTH), 0.5)
    centre[0, P] = 0.0
    return centre


WIDTH = P + 1 + 2 * P + S  # dimensions of the cube: weights, aggregation, two goalposts a pillar, source weights


def scores(enterprises: RatedEnterprises, cube: np.ndarray, sample: Sample | None = None) -> np.ndarray:
    """Index of each case under each row of ``cube`` (draws, WIDTH): shape (n, draws), 0..100.

    ``sample(first, count)`` gives other monitoring values for draws from ``first`` on, (n, count, pillars); a pillar is
    unknown (NaN) in all draws of an enterprise or in none.
    """
    table = np.empty((len(enterprises.keys), len(cube)))
    for first in range(0, len(cube), CHUNK):
        choices = _choices(enterprises.rules, cube[first : first + CHUNK])
        observed = enterprises.monitored[:, None, :] if sample is None else sample(first, len(choices.order))
        back = np.argsort(choices.order)
        for rows, known in _alike(enterprises, observed):
            for some in np.array_split(rows, -(-len(rows) // ROWS)):
                values = (observed[some], enterprises.panel[some], enterprises.third[some])
                table[some, first : first + CHUNK] = _scores(*values, known, choices)[:, back]
    return table


@dataclass(frozen=True)
class _Choices:
    """What some draws choose; the draws of the geometric mean come first."""

    order: np.ndarray  # of the draws in the cube
    geometric: int  # how many take the geometric mean
    weights: np.ndarray  # (pillars, draws), of sum 1
    low: np.ndarray  # (pillars, draws): the monitored value that scores 0
    stretch: np.ndarray  # (pillars, draws): 1 ÷ distance to the one that scores 1
    sources: np.ndarray  # (sources, draws), of sum 1


def _choices(rules: Rules, cube: np.ndarray) -> _Choices:
    """Rows of the unit cube as choices around those of ``rules``."""
    is_geometric = cube[:, P] < 0.5
    order = np.argsort(~is_geometric, kind="stable")
    cube = cube[order]
    weights = np.array([rules.weights[p] for p in Pillar]) * (1 + WEIGHT_SPREAD * (2 * cube[:, :P] - 1))
    shift = GOALPOST_SPREAD * (2 * cube[:, P + 1 : 3 * P + 1] - 1)
    low, high = shift[:, :P], 1 + shift[:, P:]
    gamma = gammaincinv(
        CONCENTRATION * np.array([rules.source_weights[s] for s in EvidenceSource]),
        np.clip(cube[:, -S:], 1e-9, 1 - 1e-9),
    )
    return _Choices(
        order=order,
        geometric=int(is_geometric.sum()),
        weights=(weights / weights.sum(axis=1, keepdims=True)).T.copy(),
        low=low.T.copy(),
        stretch=(1 / (high - low)).T.copy(),
        sources=(gamma / gamma.sum(axis=1, keepdims=True)).T.copy(),
    )


def _alike(enterprises: RatedEnterprises, observed: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Groups of enterprises that know the same: their rows, and which sources of each pillar are known (sources, pillars)."""
    known = np.isfinite(np.stack([observed[:, 0], enterprises.panel, enterprises.third], axis=1))
    patterns, group = np.unique(known.reshape(len(known), S * P), axis=0, return_inverse=True)
    for k, pattern in enumerate(patterns):
        yield np.flatnonzero(group.reshape(-1) == k), pattern.reshape(S, P)


def _scores(
    observed: np.ndarray, panel: np.ndarray, third: np.ndarray, known: np.ndarray, choices: _Choices
) -> np.ndarray:
    """Scores (n, draws) of enterprises for which the same is ``known``; ``observed`` (n, 1 or draws, pillars)."""
    n, d, cut = len(observed), len(choices.order), choices.geometric
    total, value = np.zeros((n, d)), np.empty((n, d))
    order = choices.order if observed.shape[1] > 1 else slice(None)
    for k in range(P):
        share = choices.sources * known[:, k, None]
        share /= np.maximum(share.sum(axis=0), TINY)
        opinions = np.where(known[1:, k], np.stack([panel[:, k], third[:, k]], axis=1), 0.0)
        np.matmul(opinions, share[1:], out=value)
        if known[0, k]:
            monitored = observed[:, order, k] - choices.low[k]
            monitored *= choices.stretch[k]
            np.clip(monitored, 0, 1, out=monitored)
            monitored *= share[0]
            value += monitored
        geometric = value[:, :cut]
        np.log(np.maximum(geometric, FLOOR, out=geometric), out=geometric)
        value *= choices.weights[k]
        total += value
    np.exp(total[:, :cut], out=total[:, :cut])
    total *= 100
    return total


def rank_columns(table: np.ndarray) -> np.ndarray:
    """Rank 1 = highest score, per column; ties in the order of the rows."""
    n, count = table.shape
    ranks, places = np.empty((count, n), dtype=np.int64), np.arange(1, n + 1)[None]
    for first in range(0, count, ROWS):  # few columns at a time stay in the processor's cache
        columns = -table[:, first : first + ROWS].T.copy()
        order = np.argsort(columns, axis=1)  # quick, but not stable
        ordered = np.take_along_axis(columns, order, axis=1)
        tied = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
        order[tied] = np.argsort(columns[tied], axis=1, kind="stable")
        np.put_along_axis(ranks[first : first + ROWS], order, places, axis=1)
    return ranks.T


def draws(enterprises: RatedEnterprises, seed: int = SEED, count: int = DRAWS, sample: Sample | None = None) -> Draws:
    """Monte Carlo over all choices at once, and over the people behind the figures with ``sample``; the same seed gives the
    same result.
    """
    cube = np.random.default_rng(seed).random((count, WIDTH))
    table = scores(enterprises, cube, sample)
    return Draws(enterprises.keys, table, enterprises.rules.thresholds)


def drop_one(assessments: Sequence[Assessed]) -> dict[Pillar, float]:
    """Mean |Δrank| when a pillar is left out of the index: what the ranking owes to each pillar."""
    rated = [s for s in assessments if s.score.index is not None]
    values = np.array([[p.value or 0.0 for p in s.score.pillars] for s in rated]).reshape(len(rated), P)
    logs = np.log(np.maximum(values, FLOOR))
    base = np.array([(rated[0].rules if rated else BUILT_IN).weights[p] for p in Pillar])
    before = rank_columns((logs @ base)[:, None])[:, 0]
    shifts = {}
    for k, pillar in enumerate(Pillar):
        rest = np.where(np.arange(P) == k, 0.0, base)
        after = rank_columns((logs @ (rest / rest.sum()))[:, None])[:, 0]
        shifts[pillar] = float(np.abs(after - before).mean()) if len(rated) else 0.0
    return shifts


GROUPS = ("weights", "aggregation", "goalposts", "sources")


def groups_of_cube() -> list[np.ndarray]:
    """Columns of the cube by group, in the order of ``GROUPS``."""
    return [np.arange(a, b) for a, b in pairwise(np.cumsum([0, P, 1, 2 * P, S]))]


def sobol(
    model: Callable[[np.ndarray], np.ndarray],
    groups: Sequence[np.ndarray],
    dimensions: int,
    seed: int = SEED,
    count: int = 4096,
) -> tuple[np.ndarray, np.ndarray]:
    """First-order and total effects by group (Saltelli 2010 for the first, Jansen 1999 for the total).

    ``model`` maps (rows, dimensions) in the unit cube to (rows,). A constant model has no effects: zeros.
    """
    rng = np.random.default_rng(seed)
    a, b = rng.random((count, dimensions)), rng.random((count, dimensions))
    fa, fb = model(a), model(b)
    variance = float(np.var(np.concatenate([fa, fb])))
    first, total = np.zeros(len(groups)), np.zeros(len(groups))
    if variance <= 0:
        return first, total
    centre = float(np.mean(np.concatenate([fa, fb])))
    for k, columns in enumerate(groups):
        mixed = a.copy()
        mixed[:, columns] = b[:, columns]
        fm = model(mixed)
        first[k] = float(np.mean((fb - centre) * (fm - fa))) / variance
        total[k] = float(np.mean((fa - fm) ** 2)) / (2 * variance)
    return first, total


def sobol_of(enterprises: RatedEnterprises, seed: int = SEED, count: int = 2048) -> SobolIndices:
    """Which choice moves the ranking: effects on the mean |rank − reference rank| of all enterprises."""
    reference = rank_columns(scores(enterprises, centre_of_cube()))

    def model(cube: np.ndarray) -> np.ndarray:
        ranks = rank_columns(scores(enterprises, cube))
        return np.asarray(np.abs(ranks - reference).mean(axis=0))

    first, total = sobol(model, groups_of_cube(), WIDTH, seed, count)
    return SobolIndices(GROUPS, first, total)
