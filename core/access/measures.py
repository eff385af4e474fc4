"""The measures that colour the map, each declared once: label, unit, definition, base, and how it is reckoned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.access.accessibility import Reach
from core.access.e2sfca import totals
from core.access.snapshot import STATE_GROUPS, Atlas
from core.geography.plane import Floats
from core.geography.privacy import hidden_cells, hidden_in_total, hide
from core.locale import N_, Translator

__all__ = ["MEASURES", "Base", "Board", "Measure", "Rate", "RATE_OF", "make_board", "wilson"]


class Base(StrEnum):
    """Whose count stands behind a value; a value over too few persons is hidden."""

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
class Context:
    """What measures are reckoned from. ``value`` and ``cumulative`` are per seeker: now, or after a what-if."""

    atlas: Atlas
    reach: Reach
    value: Floats
    cumulative: Floats
    rates: Mapping[str, Rate]


@dataclass(frozen=True)
class Measure:
    """``reckon`` gives one value a community (NaN = nothing to divide by); ``more_is_better`` orders the communities.

    ``moves`` tells whether a what-if changes it, ``is_mean`` whether the district's value is a mean of the
    communities' (else their sum). Shares are 0..1.
    """

    code: str
    label: str
    unit: str
    definition: str
    base: Base
    reckon: Callable[[Context], Floats]
    share: bool = False
    digits: int = 0
    more_is_better: bool = True
    moves: bool = False
    is_mean: bool = True

    @property
    def step(self) -> float:
        """The smallest difference that its figures show."""
        return float(10.0 ** -(self.digits + 2 * self.share))

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


def _density(context: Context) -> Floats:
    return 1000 * context.atlas.mean_over_seekers(context.value)


def _covered(context: Context) -> Floats:
    return context.atlas.mean_over_seekers((context.cumulative >= 1).astype(float))


def _unmet(context: Context) -> Floats:
    return context.atlas.sum_over_seekers(np.maximum(1 - context.value, 0.0))


def _share_of(code: str) -> Callable[[Context], Floats]:
    def reckon(context: Context) -> Floats:
        rate = context.rates[code]
        top, bottom = (_by_row(context.atlas, side) for side in (rate.numerator, rate.denominator))
        found: Floats = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
        return found

    return reckon


def _free_stations(context: Context) -> Floats:
    shops = context.atlas.workshops
    rows = {community: at for at, community in enumerate(context.atlas.communities["id"])}
    at = shops["community_id"].map(rows)
    free = totals(at.to_numpy(dtype=np.intp), shops["free"].to_numpy(dtype=float), len(rows))
    has_one = np.isin(np.arange(len(rows)), at)
    return np.where(has_one, free, np.nan)


def _by_row(atlas: Atlas, counts: pd.Series) -> Floats:
    found: Floats = counts.reindex(atlas.communities["id"], fill_value=0).to_numpy(dtype=float)
    return found


MEASURES: dict[str, Measure] = {
    m.code: m
    for m in (
        Measure(
            "density",
            N_("Openings within reach"),
            N_("openings per 1,000 seekers"),
            N_(
                "Each opening is shared out among the seekers who can reach it, nearer ones counting more (weights 1, "
                "0.68 and 0.22 in three bands of time, E2SFCA); the mean over the seekers of a community, times 1,000."
            ),
            Base.SEEKERS,
            _density,
            moves=True,
        ),
        Measure(
            "covered",
            N_("Seekers with an opening"),
            N_("% of seekers"),
            N_("Seekers whose home has at least one opening within the time limit ÷ all seekers of the community."),
            Base.SEEKERS,
            _covered,
            share=True,
            moves=True,
        ),
        Measure(
            "unmet",
            N_("Unmet need"),
            N_("persons"),
            N_(
                "Seekers minus the openings that fall to them when each opening is shared out among those who can "
                "reach it; a seeker with more than one opening counts as served, not as a surplus."
            ),
            Base.SEEKERS,
            _unmet,
            digits=1,
            more_is_better=False,
            moves=True,
            is_mean=False,
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
            _share_of("visit_coverage"),
            share=True,
        ),
        Measure(
            "reemployed",
            N_("Re-employment"),
            N_("% of exits"),
            N_("Exits from public-welfare posts whose person started a job on or after the exit ÷ all exits."),
            Base.EXITS,
            _share_of("re_employment"),
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
            is_mean=False,
        ),
    )
}
SEEKING = list(STATE_GROUPS).index("seeking")
RATE_OF = {"visited": "visit_coverage", "reemployed": "re_employment"}


@dataclass(frozen=True, eq=False)
class Board:
    """What may be shown of every community: one row each, in the atlas's order; hidden cells are NaN or NA.

    ``values``: a column per measure. ``bases``: a column per base (persons, or stations), NaN where hidden.
    ``numerators``: successes of the rates. ``states``: people by group of states, Int64 with NA.
    ``district``: value of each measure over all communities, from the same rows.
    """

    values: pd.DataFrame
    bases: pd.DataFrame
    numerators: pd.DataFrame
    states: pd.DataFrame
    district: dict[str, float]
    district_bases: dict[str, int]
    k: int

    def interval(self, code: str, row: int) -> tuple[float, float] | None:
        """95% Wilson interval of a rate in one community; None where hidden or not a rate."""
        if code not in self.numerators or np.isnan(self.values[code].iloc[row]):
            return None
        return wilson(self.numerators[code].iloc[row], self.bases[MEASURES[code].base].iloc[row])

    def ranked(self, code: str) -> NDArray[np.intp]:
        """Rows that have a value, worst first; ties by row."""
        values = self.values[code].to_numpy(dtype=float)
        order = np.argsort(values if MEASURES[code].more_is_better else -values, kind="stable").astype(np.intp)
        return np.array(order[~np.isnan(values[order])], dtype=np.intp)


def make_board(
    atlas: Atlas,
    reach: Reach,
    rates: Mapping[str, Rate],
    k: int,
    value: Floats | None = None,
    cumulative: Floats | None = None,
) -> Board:
    """Every measure of every community with small counts hidden; ``value`` and ``cumulative`` override the present."""
    context = Context(
        atlas,
        reach,
        reach.access.value if value is None else value,
        reach.cumulative if cumulative is None else cumulative,
        rates,
    )
    counts = _bases(atlas, rates)
    state_mask = _hidden_states(atlas, k)
    masks = _masks(counts, state_mask[:, SEEKING], k)
    raw = {code: measure.reckon(context) for code, measure in MEASURES.items()}
    tops = {code: _by_row(atlas, rates[source].numerator) for code, source in RATE_OF.items()}
    return Board(
        values=pd.DataFrame({code: hide(raw[code], masks[measure.base]) for code, measure in MEASURES.items()}),
        bases=pd.DataFrame({base: hide(counts[base].astype(float), masks[base]) for base in Base}),
        numerators=pd.DataFrame({code: hide(top, masks[MEASURES[code].base]) for code, top in tops.items()}),
        states=atlas.states.astype("Int64").mask(state_mask),
        district=_district(context, raw, counts, tops),
        district_bases={base: int(counts[base].sum()) for base in Base},
        k=k,
    )


def _bases(atlas: Atlas, rates: Mapping[str, Rate]) -> dict[Base, NDArray[np.int64]]:
    shops = atlas.workshops.groupby("community_id")["stations"].sum()
    return {
        Base.SEEKERS: atlas.seekers,
        Base.POOL: _by_row(atlas, rates["visit_coverage"].denominator).astype(np.int64),
        Base.EXITS: _by_row(atlas, rates["re_employment"].denominator).astype(np.int64),
        Base.STATIONS: _by_row(atlas, shops).astype(np.int64),
    }


def _hidden_states(atlas: Atlas, k: int) -> NDArray[np.bool_]:
    """Which cells of people by state to hide; seekers, on whom the map rests, are the last to go."""
    table = atlas.states.to_numpy(dtype=np.int64)
    cost = table.astype(float)
    cost[:, SEEKING] += table.sum()
    return hidden_cells(table, k, cost)


def _masks(
    counts: Mapping[Base, NDArray[np.int64]], seekers: NDArray[np.bool_], k: int
) -> dict[Base, NDArray[np.bool_]]:
    """Which communities to hide for each base. ``seekers`` are hidden as in the table of states."""
    return {
        Base.SEEKERS: hidden_in_total(counts[Base.SEEKERS], k, seekers),
        Base.POOL: hidden_in_total(counts[Base.POOL], k),
        Base.EXITS: hidden_in_total(counts[Base.EXITS], k),
        Base.STATIONS: np.zeros(len(seekers), dtype=bool),  # rooms, not persons
    }


def _district(
    context: Context,
    raw: Mapping[str, Floats],
    counts: Mapping[Base, NDArray[np.int64]],
    tops: Mapping[str, Floats],
) -> dict[str, float]:
    """District values from the same rows: means are weighted by persons, counts are summed."""
    everyone = len(context.atlas.homes)
    nothing = float("nan")
    found = {
        "density": float(1000 * context.value.mean()) if everyone else nothing,
        "covered": float((context.cumulative >= 1).mean()) if everyone else nothing,
        "unmet": float(np.nansum(raw["unmet"])),
        "free_stations": float(np.nansum(raw["free_stations"])),
    }
    for code, top in tops.items():
        bottom = counts[MEASURES[code].base].sum()
        found[code] = float(top.sum() / bottom) if bottom else nothing
    return found


def wilson(successes: float, n: float, z: float = 1.959964) -> tuple[float, float]:
    """95% score interval of a share (Wilson 1927); (0, 1) without observations."""
    if n <= 0:
        return 0.0, 1.0
    share, z2 = successes / n, z * z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))
