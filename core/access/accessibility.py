"""Which openings people can reach within a time limit, computed once and reused by measures and what-ifs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.access.e2sfca import BANDS, Access, Bands, Catchments, e2sfca, find_catchments, gini, openings_within
from core.access.snapshot import DistrictSnapshot
from core.geography.plane import Floats, Travel, TravelMode

__all__ = ["MINUTES", "Accessibility", "Summary", "compute_accessibility", "summary"]

MINUTES = (5, 10, 15, 20, 30)  # fixed bands: a sliding radius would leak positions by subtraction


@dataclass(frozen=True, eq=False)
class Accessibility:
    """Access of the job seekers of a snapshot within ``bands`` by one mode of travel."""

    mode: TravelMode
    travel: Travel
    bands: Bands
    pairs: Catchments
    access: Access  # openings per person, at each seeker's home
    cumulative: Floats  # openings within the last band, at each seeker's home

    @property
    def minutes(self) -> int:
        return round(self.bands.limit)


@dataclass(frozen=True)
class Summary:
    """The district in four numbers; ``gini``: inequality of access among its job seekers."""

    seekers: int
    covered: int  # seekers with at least one opening within reach
    openings: float
    gini: float

    @property
    def uncovered(self) -> int:
        return self.seekers - self.covered

    @property
    def coverage(self) -> float:
        return self.covered / self.seekers if self.seekers else float("nan")


def compute_accessibility(
    snapshot: DistrictSnapshot, mode: TravelMode, travel: Travel, minutes: float = BANDS.limit
) -> Accessibility:
    """Access of every seeker; the three bands end at a third, two thirds and all of ``minutes``."""
    bands = BANDS.within(minutes)
    pairs = find_catchments(snapshot.homes, snapshot.site_xy, travel, bands)
    access = e2sfca(pairs, np.ones(len(snapshot.homes)), snapshot.supply)
    return Accessibility(mode, travel, bands, pairs, access, openings_within(pairs, snapshot.supply, bands.limit))


def summary(value: Floats, cumulative: Floats, supply: Floats) -> Summary:
    """The district for access ``value`` and ``cumulative`` openings (seekers,), and ``supply`` (sites,) openings."""
    return Summary(
        seekers=len(value),
        covered=int((cumulative >= 1).sum()),
        openings=float(supply.sum()),
        gini=gini(value, np.ones(len(value))),
    )
