"""How far the monitored figures of few people may be off: draws over the people behind each share and behind the pay.

    people = people_behind(ledger, parameters, assessments)
    people.monitored(np.random.default_rng(seed), 500)      # (n, 500, pillars), 0..1

Bayesian bootstrap (Rubin 1981) over the people of an enterprise and, with the weight of ``PRIOR`` people, those of all
enterprises: small counts are drawn towards the district, and one person never makes a certainty. For k of n people it is
the beta distribution of k + m·p and n − k + m·(1 − p), p the district's share, m = ``PRIOR``; for the median pay the
resampled median over own people and as many of the district's as the weight stands for.

Not varied: counts of persons, orders, the marks of the panel and of the third party.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.enterprises.assessment import EnterpriseAssessment
from core.enterprises.goalposts import Indicator, normalised
from core.enterprises.monitoring import Ledger, Travel, counts_behind, people_there
from core.terms import Pillar

__all__ = ["NOT_VARIED", "PRIOR", "SHARES", "PeopleBehind", "people_behind"]

Floats = NDArray[np.float64]
PRIOR = 4.0  # people of the district that stand beside those of an enterprise: Agresti and Coull's two of each kind
SHARES = ("target_share", "retention", "trained_share", "commissioned_hired", "near_share")
NOT_VARIED = ("target_people", "hard_to_place", "order_stability", "order_months")


@dataclass(frozen=True, eq=False)
class PeopleBehind:
    """Rated enterprises with the people behind their monitored figures, in the order of ``keys``.

    ``counts`` (n, shares): people behind each of ``SHARES``, 0 where there are none; ``district`` (n, shares): the share among
    all enterprises at the same day; ``pay``: monthly pay of the people there, and of all people there at any enterprise.
    """

    keys: tuple[int, ...]
    raw: tuple[pd.Series, ...]  # monitored figures at the review, by indicator
    indicators: tuple[tuple[Indicator, ...], ...]  # with the goalposts that scored them
    counts: Floats
    district: Floats
    pay: tuple[tuple[Floats, Floats], ...]

    def monitored(self, rng: np.random.Generator, count: int) -> Floats:
        """``count`` draws of the monitoring value of each pillar, (n, count, pillars); NaN where nothing is known."""
        return (
            np.stack([self._one(rng, n, count) for n in range(len(self.keys))])
            if self.keys
            else np.empty((0, count, len(Pillar)))
        )

    def _one(self, rng: np.random.Generator, n: int, count: int) -> Floats:
        raw = self.raw[n]
        parts: dict[Pillar, list[Floats]] = {pillar: [] for pillar in Pillar}
        for item in self.indicators[n]:
            value = float(raw[item.code])
            if np.isnan(value):
                continue
            if item.code in SHARES:
                values = self._share(rng, n, SHARES.index(item.code), value, count)
            elif item.code == "median_pay":
                values = self._median_pay(rng, n, value, count)
            else:
                values = np.full(count, value)
            parts[item.pillar].append(normalised(values, item.low, item.high, item.log))
        means = [np.mean(parts[p], axis=0) if parts[p] else np.full(count, np.nan) for p in Pillar]
        return np.stack(means, axis=1)

    def _share(self, rng: np.random.Generator, n: int, column: int, percent: float, count: int) -> Floats:
        people, prior = self.counts[n, column], min(max(self.district[n, column], 0.01), 0.99)
        hits = min(max(percent / 100, 0.0), 1.0) * people
        return 100 * rng.beta(hits + PRIOR * prior, people - hits + PRIOR * (1 - prior), count)

    def _median_pay(self, rng: np.random.Generator, n: int, median: float, count: int) -> Floats:
        own, others = self.pay[n]
        if not len(own):
            return np.full(count, median)
        size = len(own) + round(PRIOR)
        is_own = rng.random((count, size)) < len(own) / (len(own) + PRIOR)
        picked = np.where(is_own, rng.choice(own, (count, size)), rng.choice(others, (count, size)))
        return np.median(picked, axis=1) * (median / float(np.median(own)))


def people_behind(
    ledger: Ledger, parameters: pd.DataFrame, assessments: Sequence[EnterpriseAssessment], today: date
) -> PeopleBehind:
    """The people behind the latest review of each rated enterprise, as the rows have them on the day of that review."""
    rated = [a for a in assessments if a.score.index is not None]
    days = {a.key: a.reviewed_on or today for a in rated}
    tables: Mapping[date, _Day] = {day: _day(ledger, parameters, day) for day in set(days.values())}
    none = np.empty(0)
    return PeopleBehind(
        keys=tuple(a.key for a in rated),
        raw=tuple(a.monitoring.raw for a in rated),
        indicators=tuple(a.monitoring.indicators for a in rated),
        counts=_rows([tables[days[a.key]].counts.loc[a.key].to_numpy() for a in rated]),
        district=_rows([tables[days[a.key]].district for a in rated]),
        pay=tuple((tables[days[a.key]].pay.get(a.key, none), tables[days[a.key]].all_pay) for a in rated),
    )


@dataclass(frozen=True)
class _Day:
    counts: pd.DataFrame  # by enterprise, a column for each of SHARES
    district: Floats
    pay: Mapping[int, Floats]
    all_pay: Floats


def _day(ledger: Ledger, parameters: pd.DataFrame, day: date) -> _Day:
    travel = Travel.on(parameters, day)
    people, hits = counts_behind(ledger, day, travel.ebike, travel.detour)
    there = people_there(ledger, day).dropna(subset=["monthly_pay"])
    pay = {int(k): rows.to_numpy(dtype=np.float64) for k, rows in there.groupby("employer_id")["monthly_pay"]}
    total = people[list(SHARES)].sum()
    shares = (hits[list(SHARES)].sum() / total.where(total > 0)).fillna(0.5).to_numpy(dtype=np.float64)
    return _Day(people[list(SHARES)].astype(np.float64), shares, pay, there["monthly_pay"].to_numpy(dtype=np.float64))


def _rows(rows: Sequence[Floats]) -> Floats:
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(SHARES))
