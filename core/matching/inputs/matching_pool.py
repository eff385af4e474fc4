"""Everyone who seeks work and every open job as arrays: what factors and limits are computed from.

    pool = load(connection, today)
    block = pool.pair_matrix(jobs=[3])            # everyone × one job
    factors(block)                          # float32, 7 × n × 1

Sex, age, registration, disability and hardship are not in here: nothing that reads a pool can score by them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.geography.plane import Plane, TravelMode
from core.jobs.commands import LIVE
from core.matching.inputs.goalposts import Goalposts
from core.terms import PersonState

__all__ = ["PairMatrix", "Openings", "MatchingPool", "Seekers"]

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
Index = slice | npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class _Table:
    """Arrays with one entry a row."""

    ids: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, index: Index) -> Self:
        """The rows of ``index``, in its order."""
        return type(self)(**{f.name: getattr(self, f.name)[index] for f in fields(self)})


@dataclass(frozen=True, eq=False)
class Seekers(_Table):
    """n people. NaN (or −1 in a yes/no) is unknown."""

    level: Ints  # (n, k) 0..4 by skill
    evidence: Ints  # (n, k) order of evidence, −1 none
    portrait: Bools  # skills were asked for or tested; certificates alone say nothing of other skills
    days: Bools  # (n, 7) available, Monday first
    start: Floats  # available from, minute of the day
    end: Floats  # available to, minute of the day
    reserve: Floats  # lowest acceptable pay, yuan a month
    target: Floats  # hoped-for pay, yuan a month
    position: Floats  # (n, 2) metres east and north in the district's plane
    wishes: Ints  # (n, 3) occupation, −1 none
    wish_age: Floats  # days since stated
    years: Floats  # (n, d) experience by domain; all NaN when none was recorded
    readiness: Floats  # 0..1 by plan steps done lately; never unknown
    needs: Bools  # (n, a) accommodation kinds in the order of AccommodationKind
    max_commute: Floats  # minutes one way
    home_ok: Ints  # accepts home work: 1, 0, −1 unknown


@dataclass(frozen=True, eq=False)
class Openings(_Table):
    """m open jobs. NaN (or −1) is unknown."""

    level: Ints  # (m, k) wanted 0..4; 0 = not asked for
    importance: Ints  # (m, k) 0..5
    essential: Bools  # (m, k)
    certificate: Bools  # (m, k) legally required
    shift: Ints  # order of Shift, −1 unknown
    hours: Floats  # a week
    pay_low: Floats  # yuan a month
    pay_high: Floats  # yuan a month
    pay_legal: Ints  # meets the legal floor: 1, 0, −1 unknown
    position: Floats  # (m, 2)
    occupation: Ints  # −1 unknown
    domain: Ints  # −1 unknown
    seated: Ints
    lifting: Ints
    step_free: Ints
    nights: Ints
    home_work: Ints  # can be done at home
    home_based: Bools  # is done at home
    trains: Bools
    seats: Ints  # left
    days_unconfirmed: Floats
    past_closing: Bools

    @property
    def offer(self) -> Floats:
        """Middle of the stated pay, yuan a month."""
        return (self.pay_low + self.pay_high) / 2


@dataclass(frozen=True, eq=False)
class PairMatrix:
    """Some seekers × some openings, with what depends on both: n × m pairs."""

    seekers: Seekers
    openings: Openings
    minutes: Floats  # (n, m) one way, by the chosen mode; 0 where the work comes home
    refused: Bools  # (n, m) declined or not hired before
    goalposts: Goalposts

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.seekers), len(self.openings)


@dataclass(frozen=True, eq=False)
class MatchingPool:
    """One revision of the store on one day. ``people`` and ``jobs`` are the frames behind the arrays, same order."""

    today: date
    seekers: Seekers
    openings: Openings
    people: pd.DataFrame
    jobs: pd.DataFrame
    refused: Bools  # (n, m)
    referrals: pd.DataFrame  # every referral between them: id, person_id, job_id, state, version …
    skills: pd.DataFrame  # the vocabulary in the order of the arrays' k
    plane: Plane  # that positions are metres in
    goalposts: Goalposts

    def pair_matrix(
        self,
        people: Sequence[int] | None = None,
        jobs: Sequence[int] | None = None,
        mode: TravelMode = TravelMode.WALK,
    ) -> PairMatrix:
        """Rows by position in the pool (not by id); None takes all. ``mode`` says how people get to work."""
        rows, columns = _index(people), _index(jobs)
        seekers, openings = self.seekers.take(rows), self.openings.take(columns)
        minutes = self.goalposts.travel[mode].minutes(distance(seekers.position, openings.position))
        at_home = openings.home_based | ((openings.home_work == 1) & (seekers.home_ok == 1)[:, None])
        refused = self.refused[rows][:, columns]
        return PairMatrix(seekers, openings, np.where(at_home, 0, minutes).astype(np.float32), refused, self.goalposts)

    @cached_property
    def names(self) -> list[str]:
        """(n,) names of the people, as text, for lists that are written at every move of a slider."""
        return [str(name) for name in self.people["name"]]

    @cached_property
    def titles(self) -> list[str]:
        """(m,) titles of the jobs."""
        return [str(title) for title in self.jobs["title"]]

    @cached_property
    def referral_rows(self) -> dict[tuple[int, int], int]:
        """(person id, job id) → row of ``referrals``."""
        pairs = zip(self.referrals["person_id"], self.referrals["job_id"], strict=True)
        return {(int(person), int(job)): row for row, (person, job) in enumerate(pairs)}

    @cached_property
    def live_by_job(self) -> Ints:
        """(m,) recommendations of each job that may still lead to work: how crowded it is."""
        return self._live("job_id", self.openings.ids)

    @cached_property
    def live_by_person(self) -> Ints:
        """(n,) recommendations of each person that may still lead to work."""
        return self._live("person_id", self.seekers.ids)

    def _live(self, key: str, ids: Ints) -> Ints:
        live = self.referrals[self.referrals["state"].isin([state.value for state in LIVE])]
        counts = live.groupby(key).size()
        return np.asarray(counts.reindex(ids).fillna(0).to_numpy(dtype=np.int64))

    def people_mask(self, *, ending_too: bool = False, communities: Collection[str] = ()) -> Bools:
        """(n,) who seeks work now; with ``ending_too`` also people whose public-welfare post ends soon.

        ``communities`` (empty: the whole district) are names of home communities.
        """
        mask = np.ones(len(self.people), dtype=bool)
        if not ending_too:
            mask &= (self.people["state"] == PersonState.SEEKING).to_numpy(dtype=bool)
        if communities:
            mask &= self.people["community"].isin(communities).to_numpy(dtype=bool)
        return mask

    def person(self, person_id: int) -> int:
        """Position of a person; KeyError if they don't seek work."""
        return _position(self.seekers.ids, person_id, "person")

    def job(self, job_id: int) -> int:
        """Position of a job; KeyError if it is not open."""
        return _position(self.openings.ids, job_id, "job")


def distance(homes: Floats, sites: Floats) -> npt.NDArray[np.float64]:
    """Straight-line metres between (n, 2) and (m, 2) points of the local plane, (n, m); NaN where one is unknown."""
    apart = homes[:, None, :] - sites[None, :, :]
    return np.asarray(np.hypot(apart[..., 0], apart[..., 1]), dtype=np.float64)


def _index(positions: Sequence[int] | None) -> Index:
    return slice(None) if positions is None else np.asarray(positions, dtype=np.intp)


def _position(ids: Ints, wanted_id: int, what: str) -> int:
    index = int(np.searchsorted(ids, wanted_id))
    if index == len(ids) or ids[index] != wanted_id:
        raise KeyError(f"{what} {wanted_id} is not in the pool")
    return index
