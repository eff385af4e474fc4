"""The measures as they may leave the bureau: small counts hidden, and what would give them away.

On a screen inside the bureau, counts of few people are hidden so that totals do not reveal them. A file that leaves is
attacked with time and linear programming: each share in it is audited as the two-way table that it is computed from
(people with and without, by community), and the narrowest interval left to a hidden count goes with the file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.access.measures import MEASURES, MeasureTable, make_measures, measure_context
from core.access.model import AccessModel
from core.access.scenario_privacy import hidden_changes
from core.access.what_if import Outcome
from core.geography.suppression_audit import Release, certificate, protect
from core.locale import Translator

__all__ = ["ReleasedMeasures", "release_measures"]


@dataclass(frozen=True, eq=False)
class ReleasedMeasures:
    """The measures to publish. ``narrowest``: persons between the least and the most that can be proved of any hidden
    count; infinite if nothing is hidden."""

    measures: MeasureTable
    narrowest: float

    def certificate(self, tr: Translator) -> str:
        """The line that every export of the measures carries."""
        return certificate(tr, self.measures.min_count, self.narrowest)


def release_measures(model: AccessModel, min_count: int, outcome: Outcome | None = None) -> ReleasedMeasures:
    """The measures of a model, or of the outcome of a what-if, with counts under ``min_count`` protected."""
    value, cumulative = (None, None) if outcome is None else (outcome.value, outcome.cumulative)
    context = measure_context(model.snapshot, model.accessibility, model.rates, value, cumulative)
    table = make_measures(model.snapshot, model.accessibility, model.rates, min_count, value, cumulative)
    hidden, bases = table.values.isna(), table.bases.isna()
    narrowest = np.inf
    for code, measure in MEASURES.items():
        if measure.share and measure.per is not None:
            with_, everyone = measure.count(context).astype(np.int64), measure.per(context).astype(np.int64)
            protection = protect(Release.of_table(np.stack([with_, everyone - with_], axis=1)), min_count)
            hidden[code] |= protection.cells((len(everyone), 2)).any(axis=1)
            bases[measure.base] |= protection.hidden[2 * len(everyone) : 3 * len(everyone)]
            narrowest = min(narrowest, protection.narrowest)
    if outcome is not None:
        for code, mask in hidden_changes(model.snapshot, model.accessibility, outcome, min_count).items():
            hidden[code] |= mask
    for code, measure in MEASURES.items():
        hidden[code] |= bases[measure.base]
    shown = replace(table, values=table.values.mask(hidden), bases=table.bases.mask(bases))
    return ReleasedMeasures(shown, narrowest)
