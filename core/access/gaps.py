"""Which fields of work are out of reach, for how many and where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.access.accessibility import Accessibility
from core.access.e2sfca import openings_within
from core.access.scenario_privacy import SuppressedCount, suppressed_count
from core.access.snapshot import DistrictSnapshot
from core.geography.plane import Floats
from core.terms import PostField

__all__ = ["Gap", "gaps"]


@dataclass(frozen=True, eq=False)
class Gap:
    """Job seekers without an opening of ``field`` within reach: in all, small counts suppressed, and by community.

    ``counts`` are persons by community id, NaN where fewer than the least count; ``openings`` of the field in the
    district.
    """

    field: PostField
    without: SuppressedCount
    counts: pd.Series
    openings: int

    def worst(self, most: int = 2) -> pd.Index:
        """Ids of the communities with the most, most first; hidden ones and those without any left out."""
        ranked = self.counts[self.counts > 0].sort_values(ascending=False, kind="stable")
        return ranked.index[:most]


def gaps(snapshot: DistrictSnapshot, accessibility: Accessibility, min_count: int) -> list[Gap]:
    """A gap for each field, widest first; both are those of all openings. Counts under ``min_count`` are hidden."""
    fields = []
    for field, supply in _supply_of_fields(snapshot).items():
        missing = openings_within(accessibility.pairs, supply, accessibility.bands.limit) < 1
        counts = snapshot.sum_over_seekers(missing.astype(float))
        counts[(counts > 0) & (counts < min_count)] = np.nan
        fields.append(
            Gap(
                field,
                without=suppressed_count(snapshot, missing, min_count),
                counts=pd.Series(counts, index=snapshot.communities.index),
                openings=int(supply.sum()),
            )
        )
    return sorted(fields, key=lambda gap: (-gap.without.n, gap.field.order))


def _supply_of_fields(snapshot: DistrictSnapshot) -> dict[PostField, Floats]:
    """Openings of each field at each site; openings without a field belong to none."""
    supply = {field: np.zeros(len(snapshot.sites)) for field in PostField}
    site_of = {job: site for site, jobs in enumerate(snapshot.sites["job_ids"]) for job in jobs}
    for job in snapshot.jobs[snapshot.jobs["field"].notna()].itertuples():
        if job.id in site_of:
            supply[PostField.of(job.field)][site_of[job.id]] += int(job.left)
    return supply
