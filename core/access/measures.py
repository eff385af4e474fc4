"""The measures that colour the map, each declared once: label, unit, definition, base, and how it is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binomtest

from core.access.accessibility import Accessibility
from core.access.snapshot import STATE_GROUPS, DistrictSnapshot
from core.geography.plane import Floats
from core.geography.privacy import hidden_cells, hidden_in_total, hide
from core.locale import N_, Translator

__all__ = [
    "MEASURES",
    "RATE_OF",
    "Base",
    "Measure",
    "MeasureContext",
    "MeasureTable",
    "Rate",
    "make_measures",
    "measure_context",
    "wilson",
]


class Base(StrEnum):
    """Whose count a value is based on; a value over too few persons is hidden."""

    SEEKERS = "seekers"
    POOL = "pool"
    EXITS = "exits"
    STATIONS = "stations"


@dataclass(frozen=True, eq=False)
class Rate:
    """Numerator and denominator of a published indicator by community id (persons)."""

    numerator: pd.Series
    denominator: pd.Series


@dataclass(frozen=True, eq=False)
class MeasureContext:
    """What measures are computed from. ``value`` and ``cumulative`` are per seeker: now, or after a what-if."""

    snapshot: DistrictSnapshot
    accessibility: Accessibility
    value: Floats
    cumulative: Floats
    rates: Mapping[str, Rate]


Counts = Callable[[MeasureContext], Floats]  # one number a community, in row order


@dataclass(frozen=True)
class Measure:
    """A count of each community, or a count per another (a mean or a share); the district's value follows from both.

    ``count`` and ``per`` give one number a community; without ``per`` the measure is a sum. ``more_is_better`` orders
    the communities, ``moves`` says whether a what-if changes it. Shares are 0..1.
    """

    code: str
    label: str
    unit: str
    definition: str
    base: Base
    count: Counts
    per: Counts | None = None
    share: bool = False
    digits: int = 0
    more_is_better: bool = True
    moves: bool = False

    @property
    def is_mean(self) -> bool:
        """Whether the district's value lies on the scale of a community's."""
        return self.per is not None

    @property
    def step(self) -> float:
        """The smallest difference that its figures show."""
        return float(10.0 ** -(self.digits + 2 * self.share))

    def values(self, context: MeasureContext) -> Floats:
        """The value of each community; NaN where there is nothing to divide by."""
        count = self.count(context)
        if self.per is None:
            return count
        per = self.per(context)
        ratio: Floats = np.divide(count, per, out=np.full(len(count), np.nan), where=per > 0)
        return ratio

    def district(self, context: MeasureContext) -> float:
        """The value over all communities together; NaN where there is nothing to divide by."""
        total = float(np.nansum(self.count(context)))
        if self.per is None:
            return total
        per = float(self.per(context).sum())
        return total / per if per > 0 else float("nan")

    def change_text(self, tr: Translator, value: float) -> str:
        """A change: '+12' (percentage points of a share, else units), '0', hidden → '—'."""
        if value == 0:
            return "0"
        return "—" if np.isnan(value) else tr.signed(100 * value if self.share else value, self.digits)

    def text(self, tr: Translator, value: float) -> str:
        """'33.0%', '412'; nothing or hidden → '—'."""
        if np.isnan(value):
            return "—"
        return tr.percent(value, self.digits) if self.share else tr.number(value, self.digits)


def _seekers(context: MeasureContext) -> Floats:
    return context.snapshot.seekers.astype(float)


def _openings_per_1000(context: MeasureContext) -> Floats:
    return 1000 * context.snapshot.sum_over_seekers(context.value)


def _covered(context: MeasureContext) -> Floats:
    return context.snapshot.sum_over_seekers((context.cumulative >= 1).astype(float))


def _unmet(context: MeasureContext) -> Floats:
    return context.snapshot.sum_over_seekers(np.maximum(1 - context.value, 0.0))


def _numerator(code: str) -> Counts:
    return lambda context: _by_row(context.snapshot, context.rates[code].numerator)


def _denominator(code: str) -> Counts:
    return lambda context: _by_row(context.snapshot, context.rates[code].denominator)


def _free_stations(context: MeasureContext) -> Floats:
    """NaN where a community has no workshop."""
    free = context.snapshot.workshops.groupby("community_id")["free"].sum()
    stations: Floats = free.reindex(context.snapshot.communities.index).to_numpy(dtype=float, na_value=np.nan)
    return stations


def _by_row(snapshot: DistrictSnapshot, counts: pd.Series) -> Floats:
    """Counts by community id in the order of the communities, 0 where there is none."""
    ordered: Floats = counts.reindex(snapshot.communities.index, fill_value=0).to_numpy(dtype=float)
    return ordered


MEASURES: dict[str, Measure] = {
    m.code: m
    for m in (
        Measure(
            "density",
            N_("Openings within reach"),
            N_("openings per 1,000 job seekers"),
            N_(
                "Each opening is shared out among the job seekers who can reach it, nearer ones counting more (weights 1, "
                "0.68 and 0.22 in three bands of time, E2SFCA); the mean over the job seekers of a community, times 1,000."
            ),
            Base.SEEKERS,
            _openings_per_1000,
            per=_seekers,
            moves=True,
        ),
        Measure(
            "covered",
            N_("Job seekers with an opening"),
            N_("% of job seekers"),
            N_(
                "Job seekers whose home has at least one opening within the time limit ÷ all job seekers of the community."
            ),
            Base.SEEKERS,
            _covered,
            per=_seekers,
            share=True,
            moves=True,
        ),
        Measure(
            "unmet",
            N_("Unmet need"),
            N_("persons"),
            N_(
                "Job seekers minus the openings that fall to them when each opening is shared out among those who can "
                "reach it; a job seeker with more than one opening counts as served, not as a surplus."
            ),
            Base.SEEKERS,
            _unmet,
            digits=1,
            more_is_better=False,
            moves=True,
        ),
        Measure(
            "visited",
            N_("Visit coverage"),
            N_("% of the pool"),
            N_(
                "Pool members visited this month ÷ pool at the month's start. Pool: people seeking work and people in the "
                "last 90 days of a welfare post."
            ),
            Base.POOL,
            _numerator("visit_coverage"),
            per=_denominator("visit_coverage"),
            share=True,
        ),
        Measure(
            "reemployed",
            N_("Re-employment"),
            N_("% of exits"),
            N_("Exits from public-welfare posts whose person started a job on or after the exit ÷ all exits."),
            Base.EXITS,
            _numerator("re_employment"),
            per=_denominator("re_employment"),
            share=True,
            digits=1,
        ),
        Measure(
            "free_stations",
            N_("Free stations"),
            N_("work stations"),
            N_("Work stations of the micro-workshops minus the people on their rolls."),
            Base.STATIONS,
            _free_stations,
        ),
    )
}
SEEKING = list(STATE_GROUPS).index("seeking")
RATE_OF = {"visited": "visit_coverage", "reemployed": "re_employment"}


@dataclass(frozen=True, eq=False)
class MeasureTable:
    """What may be shown of every community: a row each by community id, hidden cells NaN or NA.

    ``values``: a column per measure. ``bases``: a column per base (persons, or stations). ``numerators``: successes of
    the rates. ``states``: people by group of states, Int64. ``district``: value of each measure over all communities,
    from the same rows. ``min_count``: persons under which a count is hidden.
    """

    values: pd.DataFrame
    bases: pd.DataFrame
    numerators: pd.DataFrame
    states: pd.DataFrame
    district: dict[str, float]
    district_bases: dict[str, int]
    min_count: int

    def interval(self, code: str, community: int) -> tuple[float, float] | None:
        """95% Wilson interval of a rate in one community (id); None where hidden or not a rate."""
        if code not in self.numerators or np.isnan(self.values.loc[community, code]):
            return None
        base = MEASURES[code].base
        return wilson(int(self.numerators.loc[community, code]), int(self.bases.loc[community, base]))

    def ranked(self, code: str) -> pd.Index:
        """Ids of the communities that have a value, worst first; ties in the order of the rows."""
        values = self.values[code].dropna()
        return values.sort_values(ascending=MEASURES[code].more_is_better, kind="stable").index


def measure_context(
    snapshot: DistrictSnapshot,
    accessibility: Accessibility,
    rates: Mapping[str, Rate],
    value: Floats | None = None,
    cumulative: Floats | None = None,
) -> MeasureContext:
    """What measures are computed from; ``value`` and ``cumulative`` (seekers,) override the present access."""
    return MeasureContext(
        snapshot,
        accessibility,
        accessibility.access.value if value is None else value,
        accessibility.cumulative if cumulative is None else cumulative,
        rates,
    )


def make_measures(
    snapshot: DistrictSnapshot,
    accessibility: Accessibility,
    rates: Mapping[str, Rate],
    min_count: int,
    value: Floats | None = None,
    cumulative: Floats | None = None,
) -> MeasureTable:
    """Every measure of every community, counts under ``min_count`` hidden.

    ``value`` and ``cumulative`` (seekers,) override the present access.
    """
    context = measure_context(snapshot, accessibility, rates, value, cumulative)
    counts = _bases(snapshot, rates)
    hidden_states = _hidden_states(snapshot, min_count)
    masks = _masks(counts, hidden_states[:, SEEKING], min_count)

    def shown(columns: Mapping[str, tuple[Floats, Base]]) -> pd.DataFrame:
        hidden = {name: hide(column, masks[base]) for name, (column, base) in columns.items()}
        return pd.DataFrame(hidden, index=snapshot.communities.index)

    return MeasureTable(
        values=shown({code: (measure.values(context), measure.base) for code, measure in MEASURES.items()}),
        bases=shown({base: (counts[base].astype(float), base) for base in Base}),
        numerators=shown({code: (MEASURES[code].count(context), MEASURES[code].base) for code in RATE_OF}),
        states=snapshot.states.astype("Int64").mask(hidden_states),
        district={code: measure.district(context) for code, measure in MEASURES.items()},
        district_bases={base: int(counts[base].sum()) for base in Base},
        min_count=min_count,
    )


def _bases(snapshot: DistrictSnapshot, rates: Mapping[str, Rate]) -> dict[Base, NDArray[np.int64]]:
    shops = snapshot.workshops.groupby("community_id")["stations"].sum()
    return {
        Base.SEEKERS: snapshot.seekers,
        Base.POOL: _by_row(snapshot, rates["visit_coverage"].denominator).astype(np.int64),
        Base.EXITS: _by_row(snapshot, rates["re_employment"].denominator).astype(np.int64),
        Base.STATIONS: _by_row(snapshot, shops).astype(np.int64),
    }


def _hidden_states(snapshot: DistrictSnapshot, min_count: int) -> NDArray[np.bool_]:
    """Which cells of people by state to hide; seekers, on whom the map rests, are the last to go."""
    table = snapshot.states.to_numpy(dtype=np.int64)
    cost = table.astype(float)
    cost[:, SEEKING] += table.sum()
    return hidden_cells(table, min_count, cost)


def _masks(
    counts: Mapping[Base, NDArray[np.int64]], seekers: NDArray[np.bool_], min_count: int
) -> dict[Base, NDArray[np.bool_]]:
    """Which communities to hide for each base. ``seekers`` are hidden as in the table of states."""
    return {
        Base.SEEKERS: hidden_in_total(counts[Base.SEEKERS], min_count, seekers),
        Base.POOL: hidden_in_total(counts[Base.POOL], min_count),
        Base.EXITS: hidden_in_total(counts[Base.EXITS], min_count),
        Base.STATIONS: np.zeros(len(seekers), dtype=bool),  # rooms, not persons
    }


def wilson(successes: int, n: int) -> tuple[float, float]:
    """95% score interval of a share (Wilson 1927); (0, 1) without observations."""
    if n <= 0:
        return 0.0, 1.0
    interval = binomtest(successes, n).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)
