"""Everything that the controls of the map decide, computed together: one read of the map for one setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from core.access.accessibility import Accessibility, Summary, summary
from core.access.gaps import Gap, gaps
from core.access.measures import MeasureTable, Rate
from core.access.scenario_privacy import ranking
from core.access.snapshot import DistrictSnapshot
from core.access.what_if import MarginalEffects

__all__ = ["AccessModel"]


@dataclass(frozen=True, eq=False)
class AccessModel:
    """A district on a day under a filter of openings, a way of travel and a time limit."""

    unfiltered: DistrictSnapshot  # with every opening
    unfiltered_accessibility: Accessibility
    snapshot: DistrictSnapshot  # with the openings that the filter counts
    accessibility: Accessibility
    effects: MarginalEffects
    rates: Mapping[str, Rate]
    measures: MeasureTable

    @cached_property
    def summary(self) -> Summary:
        """The district as a whole."""
        access = self.accessibility
        return summary(access.access.value, access.cumulative, self.snapshot.supply)

    @cached_property
    def premises(self) -> pd.DataFrame:
        """Idle premises by what a workshop there would change, best first; see ``scenario_privacy.ranking``."""
        return ranking(self.snapshot, self.accessibility, self.effects, self.measures.min_count)

    @cached_property
    def gaps(self) -> list[Gap]:
        """Fields of work out of reach, of all openings."""
        return gaps(self.unfiltered, self.unfiltered_accessibility, self.measures.min_count)
