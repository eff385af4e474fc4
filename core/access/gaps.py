"""Which fields of work are out of reach, for how many and where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.access.accessibility import Reach
from core.access.e2sfca import openings_within
from core.access.scenario_privacy import Told, told
from core.access.snapshot import Atlas
from core.geography.plane import Floats
from core.terms import PostField

__all__ = ["Gap", "gaps"]


@dataclass(frozen=True, eq=False)
class Gap:
    """Seekers without an opening of ``field`` within reach: in all as far as it may be told, and by community.

    ``counts`` are persons in each row of the atlas, NaN where fewer than k; ``openings`` of the field in the district.
    """

    field: PostField
    without: Told
    counts: Floats
    openings: int

    def worst(self, most: int = 2) -> NDArray[np.intp]:
        """Rows with the most seekers without, most first; hidden ones and those without any left out."""
        counts = np.nan_to_num(self.counts)
        order = np.argsort(-counts, kind="stable")[:most]
        return order[counts[order] > 0]


def gaps(atlas: Atlas, reach: Reach, k: int) -> list[Gap]:
    """A gap for each field, widest first; ``atlas`` and ``reach`` are those of all openings."""
    found = []
    for field, supply in _supply_of_fields(atlas).items():
        missing = openings_within(reach.pairs, supply, reach.bands.limit) < 1
        counts = atlas.sum_over_seekers(missing.astype(float))
        counts[(counts > 0) & (counts < k)] = np.nan
        found.append(Gap(field, told(atlas, missing, k), counts, int(supply.sum())))
    return sorted(found, key=lambda gap: (-gap.without.n, gap.field.order))


def _supply_of_fields(atlas: Atlas) -> dict[PostField, Floats]:
    """Openings of each field at each site; openings without a field belong to none."""
    supply = {field: np.zeros(len(atlas.sites)) for field in PostField}
    site_of = {job: at for at, jobs in enumerate(atlas.sites["job_ids"]) for job in jobs}
    for job in atlas.jobs[atlas.jobs["field"].notna()].itertuples():
        if job.id in site_of:
            supply[PostField.of(job.field)][site_of[job.id]] += int(job.left)
    return supply
