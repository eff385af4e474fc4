"""What a what-if does to each community, with changes for fewer than the least count of people hidden.

Otherwise, whoever moves premises about and watches a community of which one seeker gains an opening learns where that
person lives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.access.accessibility import Accessibility
from core.access.measures import MeasureTable, Rate, make_measures
from core.access.snapshot import DistrictSnapshot
from core.access.what_if import MarginalEffects, Outcome, rank_premises
from core.geography.plane import Floats
from core.geography.privacy import hide
from core.locale import Translator

__all__ = ["SuppressedCount", "hidden_changes", "measures_after", "ranking", "reach_changes", "suppressed_count"]

Mask = NDArray[np.bool_]
ROUNDING = 1e-12


@dataclass(frozen=True)
class SuppressedCount:
    """A count of persons without those of communities that have too few of them; ``more``: there are such."""

    n: int
    more: bool = False

    def text(self, tr: Translator) -> str:
        """'12', 'at least 10', 'a few'."""
        if not self.more:
            return tr.number(self.n)
        return tr("at least {n}", n=tr.number(self.n)) if self.n else tr("a few")


def measures_after(
    snapshot: DistrictSnapshot,
    accessibility: Accessibility,
    rates: Mapping[str, Rate],
    before: MeasureTable,
    outcome: Outcome,
) -> MeasureTable:
    """The measures after a what-if; what is hidden in ``before`` and what the change would reveal is hidden."""
    after = make_measures(
        snapshot, accessibility, rates, before.min_count, value=outcome.value, cumulative=outcome.cumulative
    )
    masks = hidden_changes(snapshot, accessibility, outcome, before.min_count)
    values = {
        code: hide(column.to_numpy(dtype=float), masks[code]) if code in masks else column
        for code, column in after.values.items()
    }
    return replace(after, values=pd.DataFrame(values, index=after.values.index))


def hidden_changes(
    snapshot: DistrictSnapshot, accessibility: Accessibility, outcome: Outcome, min_count: int
) -> dict[str, Mask]:
    """Communities (in row order) whose change of a measure concerns 1 … ``min_count`` − 1 seekers, by measure.

    Totals leave them out as well: see ``suppressed_count``.
    """
    old, new = accessibility.access.value, outcome.value
    need = np.abs(np.maximum(1 - new, 0) - np.maximum(1 - old, 0)) > ROUNDING
    moved = np.abs(new - old) > ROUNDING
    concerned = {"density": [moved], "covered": [*reach_changes(accessibility, outcome)], "unmet": [need]}
    return {
        code: np.logical_or.reduce([_small(_by_community(snapshot, people), min_count) for people in kinds])
        for code, kinds in concerned.items()
    }


def reach_changes(accessibility: Accessibility, outcome: Outcome) -> tuple[Mask, Mask]:
    """Seekers who gain their first opening within reach, and those who lose their only one."""
    had, has = accessibility.cumulative >= 1, outcome.cumulative >= 1
    return ~had & has, had & ~has


def suppressed_count(snapshot: DistrictSnapshot, people: Mask, min_count: int) -> SuppressedCount:
    """How many of ``people`` (seekers,) may be published: those of communities with at least ``min_count`` of them."""
    counts = _by_community(snapshot, people)
    return SuppressedCount(int(counts[counts >= min_count].sum()), bool(_small(counts, min_count).any()))


def _by_community(snapshot: DistrictSnapshot, people: Mask) -> Floats:
    return snapshot.sum_over_seekers(people.astype(float))


def _small(counts: Floats, min_count: int) -> Mask:
    mask: Mask = (counts > 0) & (counts < min_count)
    return mask


def ranking(
    snapshot: DistrictSnapshot, accessibility: Accessibility, effects: MarginalEffects, min_count: int
) -> pd.DataFrame:
    """``rank_premises`` with a column ``gained`` (SuppressedCount): who would gain their first opening."""
    premises = rank_premises(snapshot, accessibility, effects)
    column = {int(key): position for position, key in enumerate(snapshot.idle["id"])}
    unserved = accessibility.cumulative < 1
    gained = [
        suppressed_count(snapshot, unserved & (effects.near[:, column[int(room.id)]] > 0), min_count)
        if room.newly_reached
        else SuppressedCount(0)
        for room in premises.itertuples()
    ]
    return premises.assign(gained=pd.Series(gained, index=premises.index, dtype=object))
