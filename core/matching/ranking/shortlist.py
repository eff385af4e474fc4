"""One job against all people, or one person against all jobs: candidates, buckets, the ranked list and its stability.

candidates = candidates_for_job(pool, job_id)                            # once a job
shortlist = build_shortlist(candidates, as_weights(sliders), top_n=20)    # at every move of a slider
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from core.geography.plane import TravelMode
from core.matching.inputs.limits import FAIL, UNKNOWN, screen
from core.matching.inputs.matching_pool import MatchingPool, PairMatrix
from core.matching.ranking.quota import Quota, with_quota
from core.matching.ranking.scoring import UNIT, Profile, Scores, Weights, contributions, is_rankable, order, scores, top
from core.matching.ranking.stability import Band, bands

__all__ = [
    "NEW",
    "Bucket",
    "Buckets",
    "Candidates",
    "Kind",
    "Shortlist",
    "build_shortlist",
    "candidates_for_job",
    "candidates_for_person",
    "passing_people",
]

Bools = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]


class Kind(Enum):
    """What is being looked for."""

    PEOPLE = "people"
    JOBS = "jobs"


class Bucket(Enum):
    """Where a candidate goes; nobody is dropped."""

    RANKED = "ranked"
    VISIT_FIRST = "visit_first"  # passes, but too little is known to rank
    TO_VERIFY = "to_verify"  # a limit can't be checked
    EXCLUDED = "excluded"


@dataclass(frozen=True, eq=False)
class Candidates:
    """Everyone in the pool against one job, or every open job against one person: n candidates in the pool's order."""

    pool: MatchingPool
    kind: Kind
    subject: int  # position in the pool of the job, or of the person
    ids: npt.NDArray[np.int64]
    matrix: PairMatrix  # n × 1 for a job, 1 × n for a person
    profile: Profile  # factors (7, n) in ten-thousandths
    states: npt.NDArray[np.int8]  # (limits, n)
    verdict: npt.NDArray[np.int8]  # (n,) the worst state of each

    @property
    def min_coverage(self) -> float:
        """Share of the weight that must be known for a candidate to be ranked."""
        return self.pool.goalposts.min_coverage

    def pair(self, candidate: int) -> tuple[int, int]:
        """Positions (person, job) in the pool of a candidate with the subject."""
        return (candidate, self.subject) if self.kind is Kind.PEOPLE else (self.subject, candidate)


class Buckets(Mapping[Bucket, Positions]):
    """Every candidate in one bucket, in order of score; sizes are known at once, an order when it is asked for."""

    def __init__(self, masks: dict[Bucket, Bools], candidates: Candidates, all_scores: Scores) -> None:
        self._members = {bucket: np.flatnonzero(mask) for bucket, mask in masks.items()}
        self._candidates, self._scores = candidates, all_scores

    def members(self, bucket: Bucket) -> Positions:
        """Who is in it, by position."""
        return self._members[bucket]

    @cached_property
    def sizes(self) -> dict[Bucket, int]:
        return {bucket: len(rows) for bucket, rows in self._members.items()}

    def __getitem__(self, bucket: Bucket) -> Positions:
        rows = self._members[bucket]
        return rows[order(self._scores.total[rows], self._candidates.ids[rows])]

    def __iter__(self) -> Iterator[Bucket]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


@dataclass(frozen=True, eq=False)
class Shortlist:
    """The first of the ranked candidates with everything that a screen shows of them."""

    candidates: Candidates
    weights: Weights
    mask: Bools  # (n,) candidates that pass the filter
    scores: Scores  # of all n candidates
    buckets: Buckets
    rows: Positions  # (top_n,) listed candidates in order
    parts: npt.NDArray[np.floating[Any]]  # (7, top_n) points out of 100
    place_changes: (
        npt.NDArray[np.int64] | None
    )  # (top_n,) places gained against the preset; NEW where it lists them not
    quota: Quota | None  # who is listed through a quota, and whom it displaced

    @property
    def ranked(self) -> int:
        """Candidates that could be ranked: "first k of n"."""
        return self.buckets.sizes[Bucket.RANKED]

    @property
    def passing(self) -> int:
        """Candidates that pass the filter and every limit: ranked, or to be visited first."""
        return self.ranked + self.buckets.sizes[Bucket.VISIT_FIRST]

    @cached_property
    def leader_bands(self) -> tuple[Band, ...]:
        """Stability of the first place; rows are candidates."""
        return self.set_bands(1)

    def set_bands(self, top_n: int) -> tuple[Band, ...]:
        """Bands within which the same ``top_n`` candidates come first, in any order among them."""
        candidates = self.candidates
        rows = np.flatnonzero(self.mask & (candidates.verdict > UNKNOWN))
        widest = bands(
            candidates.profile.take(rows), self.weights, candidates.ids[rows], max(top_n, 1), candidates.min_coverage
        )
        return tuple(band.renamed(rows) for band in widest)

    @cached_property
    def tied_leaders(self) -> int:
        """How many ranked candidates have exactly the score of the first; 0 without any."""
        total = self.scores.total[self.buckets.members(Bucket.RANKED)]
        return int((total == total.max()).sum()) if len(total) else 0

    @cached_property
    def tied_beyond(self) -> int:
        """How many ranked candidates that are not listed have exactly the lowest listed score."""
        if not len(self.rows):
            return 0
        total = self.scores.total
        ranked = total[self.buckets.members(Bucket.RANKED)]
        lowest = total[self.rows].min()
        return int((ranked == lowest).sum() - (total[self.rows] == lowest).sum())

    @property
    def highest_guaranteed(self) -> int:
        """The listed candidate whose score is highest when all that is unknown counts nothing; ties to the higher place."""
        return int(self.rows[np.argmax(self.scores.low[self.rows])])

    @property
    def lead_is_certain(self) -> bool:
        """Whether the first place does not rest on what is unknown."""
        return len(self.rows) == 0 or self.highest_guaranteed == int(self.rows[0])


NEW = np.iinfo(np.int64).min


def candidates_for_job(pool: MatchingPool, job_id: int, mode: TravelMode = TravelMode.WALK) -> Candidates:
    """Everyone in the pool against one job; KeyError if it is not open."""
    job = pool.job(job_id)
    return _candidates(pool, Kind.PEOPLE, job, pool.seekers.ids, pool.pair_matrix(jobs=[job], mode=mode))


def candidates_for_person(pool: MatchingPool, person_id: int, mode: TravelMode = TravelMode.WALK) -> Candidates:
    """Every open job against one person; KeyError if they don't seek work."""
    person = pool.person(person_id)
    return _candidates(pool, Kind.JOBS, person, pool.openings.ids, pool.pair_matrix(people=[person], mode=mode))


def passing_people(pool: MatchingPool, mode: TravelMode = TravelMode.WALK) -> list[Positions]:
    """Who passes every limit of each job, by position; one job at a time, so that no n × m table is held."""
    jobs = range(len(pool.openings))
    return [np.flatnonzero(screen(pool.pair_matrix(jobs=[job], mode=mode)).passed[:, 0]) for job in jobs]


def _candidates(pool: MatchingPool, kind: Kind, subject: int, ids: npt.NDArray[Any], matrix: PairMatrix) -> Candidates:
    limits = screen(matrix)
    n = len(ids)
    return Candidates(
        pool=pool,
        kind=kind,
        subject=subject,
        ids=ids,
        matrix=matrix,
        profile=Profile.of_pairs(matrix),
        states=limits.states.reshape(-1, n),
        verdict=limits.verdict.reshape(n),
    )


def build_shortlist(
    candidates: Candidates,
    weights: Weights,
    top_n: int = 20,
    *,
    mask: Bools | None = None,
    preset: Weights | None = None,
    priority_mask: Bools | None = None,
    quota: tuple[Bools, float] | None = None,
) -> Shortlist:
    """Rank the candidates that pass every limit and are known well enough; list the first ``top_n``.

    ``mask`` (n,) is a filter (None: everyone). ``preset`` are the weights to compare places with. ``priority_mask`` (n,)
    is a tie-break: among scores that read the same to 0.1 points these come first. ``quota`` is a group (n,) and the
    share of the list that it gets at least.
    """
    mask = np.ones(len(candidates.ids), dtype=bool) if mask is None else mask
    eligible = mask & (candidates.verdict > UNKNOWN)
    all_scores = scores(candidates.profile, weights)
    known = is_rankable(all_scores, candidates.min_coverage)
    masks = {
        Bucket.RANKED: eligible & known,
        Bucket.VISIT_FIRST: eligible & ~known,
        Bucket.TO_VERIFY: mask & (candidates.verdict == UNKNOWN),
        Bucket.EXCLUDED: mask & (candidates.verdict == FAIL),
    }
    ranked = np.flatnonzero(masks[Bucket.RANKED])
    keys = all_scores.total[ranked]
    if priority_mask is not None:
        keys = _tie_break_keys(keys, int(weights.sum()), priority_mask[ranked])
    rows = ranked[top(keys, candidates.ids[ranked], top_n if quota is None else len(ranked))]
    by_quota = None if quota is None else with_quota(rows, quota[0], top_n, quota[1])
    if by_quota is not None:
        rows = by_quota.rows
    return Shortlist(
        candidates=candidates,
        weights=weights,
        mask=mask,
        scores=all_scores,
        buckets=Buckets(masks, candidates, all_scores),
        rows=rows,
        parts=contributions(candidates.profile.take(rows), weights),
        place_changes=None if preset is None else _place_changes(candidates, rows, preset, eligible, top_n),
        quota=by_quota,
    )


def _tie_break_keys(total: npt.NDArray[np.int64], weight: int, priority: Bools) -> npt.NDArray[np.int64]:
    """Order keys: by displayed score (tenths of a point, halves up), then by priority, then by the score itself."""
    tenth = weight * UNIT // 1000  # integer scores that make a tenth of a point
    displayed = (2 * total + tenth) // (2 * tenth)
    return np.asarray((2 * displayed + priority) * (weight * UNIT + 1) + total)


def _place_changes(
    candidates: Candidates, rows: Positions, preset: Weights, eligible: Bools, top_n: int
) -> npt.NDArray[np.int64]:
    """Places gained against the preset by each listed row; NEW for one that its first ``top_n`` would not show."""
    before = scores(candidates.profile, preset)
    ranked = np.flatnonzero(eligible & is_rankable(before, candidates.min_coverage))
    leaders = ranked[top(before.total[ranked], candidates.ids[ranked], top_n)]
    place = {int(row): n for n, row in enumerate(leaders)}
    return np.array([place[row] - n if row in place else NEW for n, row in enumerate(rows.tolist())], dtype=np.int64)
