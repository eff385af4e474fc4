"""Ranks with what is not known: people behind the figures and choices of the method drawn together, ranks as sets.

    ranks = honest_ranks(assessments, people)
    ranks.low, ranks.high              # Q5 and Q95 of each score, of both sources of doubt at once
    ranks.people_share                 # how much of that variance is due to few people
    ranks.bands                        # enterprises that cannot be told apart, best first

Rank sets are simultaneous at 95% (Mogstad, Romano, Shaikh and Wilhelm 2024), on joint draws: choices of the method move all
enterprises together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.enterprises.assessment import EnterpriseAssessment
from core.enterprises.robustness import DRAWS, SEED, Draws, centre_of_cube, draws, rated_enterprises, scores
from core.enterprises.sampling import PeopleBehind
from core.indicators.rank_sets import RankSets, rank_sets_of_draws

__all__ = ["CONFIDENT", "HonestRanks", "held_with_confidence", "honest_ranks"]

CONFIDENT = 0.7  # share of the draws that must give the tier on file
SET_DRAWS = 2_000  # of the rank sets and of the shares of variance

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class HonestRanks:
    """Rated enterprises in the order of ``draws.keys``."""

    draws: Draws  # over people and method at once
    index: Floats  # scores as published
    low: Floats  # Q5 of the score
    high: Floats  # Q95
    people_share: Floats  # of the variance, 0..1; the rest is due to the method
    sets: RankSets
    bands: tuple[tuple[int, ...], ...]  # keys; within a band nobody beats another

    def band_of(self, key: int) -> int:
        """Number of the band from 0."""
        return next(n for n, band in enumerate(self.bands) if key in band)


def honest_ranks(
    assessments: Sequence[EnterpriseAssessment], people: PeopleBehind, seed: int = SEED, count: int = DRAWS
) -> HonestRanks:
    """Draws, intervals, shares of the variance, rank sets and bands of the rated enterprises."""
    rated = rated_enterprises(assessments)

    def sample(first: int, some: int) -> Floats:
        return people.monitored(np.random.default_rng([seed, first]), some)

    both = draws(rated, seed, count, sample)
    few = min(SET_DRAWS, count)
    of_people = scores(rated, np.repeat(centre_of_cube(), few, axis=0), sample).var(axis=1)
    of_method = draws(rated, seed, few).scores.var(axis=1)
    variance = of_people + of_method
    index = np.array([a.score.index for a in assessments if a.score.index is not None], dtype=np.float64)
    low, _, high = both.quantiles(both.scores) if both.keys else np.empty((3, 0))
    sets = rank_sets_of_draws(index, both.scores[:, :few])
    return HonestRanks(
        draws=both,
        index=index,
        low=np.minimum(low, index),
        high=np.maximum(high, index),
        people_share=np.divide(of_people, variance, out=np.zeros_like(variance), where=variance > 0),
        sets=sets,
        bands=_bands(both.keys, index, sets),
    )


def _bands(keys: Sequence[int], index: Floats, sets: RankSets) -> tuple[tuple[int, ...], ...]:
    """From the best score down; a new band begins with an enterprise that somebody in the band beats."""
    bands: list[list[int]] = []
    for n in np.argsort(-index, kind="stable").tolist():
        if bands and not any(sets.beats[member, n] for member in bands[-1]):
            bands[-1].append(n)
        else:
            bands.append([n])
    return tuple(tuple(keys[n] for n in band) for band in bands)


def held_with_confidence(draws: Draws, assessments: Sequence[EnterpriseAssessment]) -> list[int]:
    """Keys of the reviewed enterprises whose tier on file has at least ``CONFIDENT`` of the draws."""
    on_file = {a.key: a.tier.order for a in assessments if a.is_reviewed}
    return [
        key
        for key, shares in zip(draws.keys, draws.tiers, strict=True)
        if key in on_file and shares[on_file[key]] >= CONFIDENT
    ]
