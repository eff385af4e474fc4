"""What is stored with a recommendation, so that it can be understood later: factors, weights, preset, version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from core.matching.assignment.district import District, Proposal
from core.matching.inputs.factors import CODES
from core.matching.ranking.presets import Preset
from core.matching.ranking.scoring import points_per_unit
from core.matching.ranking.shortlist import Shortlist

__all__ = ["VERSION", "evidence", "proposal_evidence"]

VERSION = "2026-1"  # of the formulas


def evidence(
    shortlist: Shortlist, row: int, preset: Preset, sliders: Mapping[str, float], revision: int
) -> dict[str, Any]:
    """JSON data: factors (None = unknown), sliders, points, interval, place, preset compared with, data revision."""
    unit = points_per_unit(shortlist.weights)
    place = np.flatnonzero(shortlist.rows == row)
    return _common(shortlist.candidates.profile.x[:, row], preset, sliders, revision) | {
        "points": round(float(shortlist.scores.total[row]) * unit, 4),
        "interval": [round(float(end[row]) * unit, 4) for end in (shortlist.scores.low, shortlist.scores.high)],
        "place": int(place[0]) + 1 if len(place) else None,
        "ranked": shortlist.ranked,
    }


def proposal_evidence(
    district_pairs: District,
    proposal: Proposal,
    pair: tuple[int, int],
    preset: Preset,
    sliders: Mapping[str, float],
    revision: int,
) -> dict[str, Any]:
    """The same for a pair confirmed from the proposal for the whole district."""
    column = pair[0] * district_pairs.shape[1] + pair[1]
    return _common(district_pairs.profile.x[:, column], preset, sliders, revision) | {
        "points": round(proposal.points(float(proposal.score[pair])), 4),
        "from": "proposal",
        "placed": proposal.optimum.placed,
    }


def _common(x: npt.NDArray[Any], preset: Preset, sliders: Mapping[str, float], revision: int) -> dict[str, Any]:
    return {
        "version": VERSION,
        "factors": {code: None if np.isnan(x[j]) else round(float(x[j]), 6) for j, code in enumerate(CODES)},
        "sliders": {code: float(sliders.get(code, 0)) for code in CODES},
        "preset": {"id": preset.id, "key": preset.key, "revision": preset.revision},
        "data_revision": revision,
    }
