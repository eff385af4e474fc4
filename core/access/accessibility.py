"""What people can reach in so many minutes, reckoned once and reused by measures and what-if."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.access.e2sfca import BANDS, Access, Bands, Catchment, catchment, e2sfca, gini, openings_within
from core.access.snapshot import Atlas
from core.geography.plane import Floats, Travel, TravelMode

__all__ = ["MINUTES", "Reach", "Summary", "make_reach", "summary"]

MINUTES = (5, 10, 15, 20, 30)  # fixed bands: a sliding radius would leak positions by subtraction


@dataclass(frozen=True, eq=False)
class Reach:
    """Access of the seekers of an atlas within ``bands`` by one mode of travel."""

    mode: TravelMode
    travel: Travel
    bands: Bands
    pairs: Catchment
    access: Access  # openings per person, at each seeker's home
    cumulative: Floats  # openings within the last band, at each seeker's home

    @property
    def minutes(self) -> int:
        return round(self.bands.limit)


@dataclass(frozen=True)
class Summary:
    """The district in five numbers; ``openings`` counts the sites that at least one seeker reaches."""

    seekers: int
    covered: int  # seekers with at least one opening within reach
    openings: float
    openings_in_reach: float
    gini: float

    @property
    def uncovered(self) -> int:
        return self.seekers - self.covered

    @property
    def coverage(self) -> float:
        return self.covered / self.seekers if self.seekers else float("nan")


def make_reach(atlas: Atlas, mode: TravelMode, travel: Travel, minutes: float = BANDS.limit) -> Reach:
    """Access of every seeker; the three bands end at a third, two thirds and all of ``minutes``."""
    bands = BANDS.within(minutes)
    pairs = catchment(atlas.homes, atlas.site_xy, travel, bands)
    access = e2sfca(pairs, np.ones(len(atlas.homes)), atlas.supply)
    return Reach(mode, travel, bands, pairs, access, openings_within(pairs, atlas.supply, bands.limit))


def summary(atlas: Atlas, value: Floats, cumulative: Floats, supply: Floats, reached: Floats) -> Summary:
    """The district for access ``value`` and ``cumulative`` openings of each seeker."""
    return Summary(
        seekers=len(atlas.homes),
        covered=int((cumulative >= 1).sum()),
        openings=float(supply.sum()),
        openings_in_reach=float(supply[reached > 0].sum()),
        gini=gini(value, np.ones(len(value))),
    )
