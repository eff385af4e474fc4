"""One job against all people, or one person against all jobs: candidates, buckets, the ranked list and its stability.

found = candidates_for_job(pool, job_id)                 # once a job
listed = shortlist(found, normalise(sliders), k=20)      # at every move of a slider
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
from core.matching.inputs.factors import factors
from core.matching.inputs.limits import FAIL, UNKNOWN, screen
from core.matching.inputs.pool import Block, Pool
from core.matching.ranking.quota import Quota, with_quota
from core.matching.ranking.scoring import Profile, Scores, contributions, covered, order, scores, top
from core.matching.ranking.stability import Band, bands

__all__ = [
    "NEW",
    "Bucket",
    "Buckets",
    "Candidates",
    "Kind",
    "Shortlist",
    "candidates_for_job",
    "candidates_for_person",
    "passing",
    "shortlist",
    "stability",
]

Positions = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]
TIE_POINTS = 0.1  # scores that read the same on the screen count as equal for a chosen tie-break


class Kind(Enum):
    """What is being looked for."""

    PEOPLE = "people"
    JOBS = "jobs"


class Bucket(Enum):
    """Where a candidate goes; nobody is dropped."""

    RANKED = "ranked"
    VISIT_FIRST = "visit_first"  # passes, but too little is known to rank
    TO_VERIFY = "to_verify"  # a limit can't be told
    EXCLUDED = "excluded"


@dataclass(frozen=True, eq=False)
class Candidates:
    """Everyone (or every job) against one anchor: n candidates with factors (7, n) and limit states (limits, n)."""

    kind: Kind
    anchor: int  # position in the pool of the job, or of the person
    ids: npt.NDArray[np.int64]
    block: Block
    profile: Profile
    states: npt.NDArray[np.int8]
    verdict: npt.NDArray[np.int8]
    least: float  # coverage that ranking needs

    def pair(self, candidate: int) -> tuple[int, int]:
        """Positions (person, job) in the pool of a candidate with the anchor."""
        return (candidate, self.anchor) if self.kind is Kind.PEOPLE else (self.anchor, candidate)


class Buckets(Mapping[Bucket, Positions]):
    """Every candidate in one bucket, in order of score; sizes are known at once, an order when it is asked for."""

    def __init__(self, masks: dict[Bucket, npt.NDArray[np.bool_]], found: Candidates, result: Scores) -> None:
        self._members = {bucket: np.flatnonzero(mask) for bucket, mask in masks.items()}
        self._found, self._result = found, result

    def members(self, bucket: Bucket) -> Positions:
        """Who is in it, by position."""
        return self._members[bucket]

    @cached_property
    def sizes(self) -> dict[Bucket, int]:
        return {bucket: len(rows) for bucket, rows in self._members.items()}

    def __getitem__(self, bucket: Bucket) -> Positions:
        rows = self._members[bucket]
        return rows[order(self._result.point[rows], self._found.ids[rows])]

    def __iter__(self) -> Iterator[Bucket]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


@dataclass(frozen=True, eq=False)
class Shortlist:
    """The first k of the ranked candidates with everything that a screen shows of them."""

    rows: Positions  # (k,) candidates in order
    scores: Scores  # of all n candidates
    parts: npt.NDArray[np.floating[Any]]  # (7, k) points out of 100
    ranked: int  # candidates that could be ranked: "first k of n"
    buckets: Buckets
    change: npt.NDArray[np.int64] | None  # (k,) places gained against the preset; NEW where it did not list them
    weights: Floats
    found: Candidates
    kept: npt.NDArray[np.bool_]  # (n,) candidates that pass the filter
    quota: Quota | None = None  # who is on the list through a quota, and whom it displaced

    @cached_property
    def first(self) -> tuple[Band, ...]:
        """Stability of the first place; rows are candidates. Reckoned when it is shown."""
        return self.stable(1)

    @property
    def surest(self) -> int:
        """The listed candidate whose score is highest when all that is unknown is worth nothing; ties to the higher place."""
        return int(self.rows[np.argmax(self.scores.low[self.rows])])

    @property
    def is_sure(self) -> bool:
        """Whether the first place does not rest on what is unknown."""
        return len(self.rows) == 0 or self.surest == int(self.rows[0])

    def stable(self, k: int) -> tuple[Band, ...]:
        """Stability of the first k as a set."""
        return stability(self.found, self.weights, k, self.kept)


NEW = np.iinfo(np.int64).min


def candidates_for_job(pool: Pool, job_id: int, mode: TravelMode = TravelMode.WALK) -> Candidates:
    """Everyone in the pool against one job; KeyError if it is not open."""
    anchor = pool.job(job_id)
    return _candidates(Kind.PEOPLE, anchor, pool.seekers.ids, pool.block(jobs=[anchor], mode=mode))


def candidates_for_person(pool: Pool, person_id: int, mode: TravelMode = TravelMode.WALK) -> Candidates:
    """Every open job against one person; KeyError if they don't seek work."""
    anchor = pool.person(person_id)
    return _candidates(Kind.JOBS, anchor, pool.openings.ids, pool.block(people=[anchor], mode=mode))


def passing(pool: Pool, mode: TravelMode = TravelMode.WALK) -> npt.NDArray[np.int64]:
    """(m,) how many people pass every limit of each job; one job at a time, so that no n × m table is held."""
    jobs = range(len(pool.openings))
    return np.array([int(screen(pool.block(jobs=[job], mode=mode)).passed.sum()) for job in jobs], dtype=np.int64)


def _candidates(kind: Kind, anchor: int, ids: npt.NDArray[Any], block: Block) -> Candidates:
    x, limits = factors(block), screen(block)
    n = len(ids)
    return Candidates(
        kind=kind,
        anchor=anchor,
        ids=ids,
        block=block,
        profile=Profile.of(x.reshape(len(x), n)),
        states=limits.states.reshape(-1, n),
        verdict=limits.verdict.reshape(n),
        least=block.goalposts.min_coverage,
    )


def shortlist(
    found: Candidates,
    weights: Floats,
    k: int = 20,
    *,
    preset: Floats | None = None,
    keep: npt.NDArray[np.bool_] | None = None,
    first: npt.NDArray[np.bool_] | None = None,
    quota: tuple[npt.NDArray[np.bool_], float] | None = None,
) -> Shortlist:
    """Rank the candidates that pass every limit and are known well enough.

    ``preset`` are the weights to compare places with; ``keep`` (n,) a filter; ``first`` (n,) a tie-break chosen in the
    open: among scores that read the same to 0.1 points these come first; ``quota`` a group (n,) and the share of the list
    that it gets at least.
    """
    result = scores(found.profile, weights)
    buckets = _buckets(found, result, keep)
    among = buckets.members(Bucket.RANKED)
    point = result.point[among]
    if first is not None:
        steps = np.round(100 * point / TIE_POINTS)
        point = steps + 0.5 * first[among]
    rows = among[top(point, found.ids[among], k if quota is None else len(among))]
    share = None if quota is None else with_quota(rows, quota[0], k, quota[1])
    if share is not None:
        rows = share.rows
    return Shortlist(
        rows=rows,
        scores=result,
        parts=contributions(found.profile.take(rows), weights),
        ranked=len(among),
        buckets=buckets,
        change=None if preset is None else _change(found, rows, preset, keep, k),
        weights=weights,
        found=found,
        kept=_kept(found, keep),
        quota=share,
    )


def _kept(found: Candidates, keep: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.bool_]:
    return np.ones(len(found.ids), dtype=bool) if keep is None else keep


def _buckets(found: Candidates, result: Scores, keep: npt.NDArray[np.bool_] | None) -> Buckets:
    kept, known = _kept(found, keep), covered(result, found.least)
    passed = kept & (found.verdict > UNKNOWN)
    masks = {
        Bucket.RANKED: passed & known,
        Bucket.VISIT_FIRST: passed & ~known,
        Bucket.TO_VERIFY: kept & (found.verdict == UNKNOWN),
        Bucket.EXCLUDED: kept & (found.verdict == FAIL),
    }
    return Buckets(masks, found, result)


def _change(
    found: Candidates, rows: Positions, preset: Floats, keep: npt.NDArray[np.bool_] | None, k: int
) -> npt.NDArray[np.int64]:
    """Places gained against the preset by each listed row; NEW for one that its first k would not show."""
    before = scores(found.profile, preset)
    among = np.flatnonzero(_kept(found, keep) & (found.verdict > UNKNOWN) & covered(before, found.least))
    first = among[top(before.point[among], found.ids[among], k)]
    place = {int(row): n for n, row in enumerate(first)}
    return np.array([place[row] - n if row in place else NEW for n, row in enumerate(rows.tolist())], dtype=np.int64)


def stability(
    found: Candidates, weights: Floats, k: int, keep: npt.NDArray[np.bool_] | None = None
) -> tuple[Band, ...]:
    """Bands within which the same ``k`` candidates come first (in any order among them)."""
    passing = np.flatnonzero(_kept(found, keep) & (found.verdict > UNKNOWN))
    result = bands(found.profile.take(passing), weights, found.ids[passing], max(k, 1), found.least)
    return tuple(band.renamed(passing) for band in result)
