"""Which coordinate system positions are in, judged by the places that they name.

A row names a community, or something whose position is stored. Read in the wrong system, all rows are shifted alike
(some 500 m for GCJ-02) from those places; read in the right one, they scatter to all sides. Offsets are averaged by
community first, because the homes of one community lie to the same side of its label point; a one-sided t-test over
the communities asks whether the offset in the direction of the shift could be chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ttest_1samp

from core.geography.datum import to_wgs84
from core.geography.plane import Floats, Plane
from core.terms import Datum

__all__ = ["FEWEST", "Inside", "Suspicion", "suspected", "suspected_of_outlines", "suspected_of_rows"]

ALPHA = 0.001  # chance of such an offset if there were none
FEWEST = 3  # places compared
GAIN = 0.05  # share of points that must come to lie inside
EXACT = 1.0  # metres: scatter is never taken for less


@dataclass(frozen=True)
class Suspicion:
    """The positions look like ``datum``. Metres to one side of the places named: ``now`` as declared, ``then`` in it."""

    datum: Datum
    places: int  # communities or stored positions compared
    shift: float  # metres between the two readings
    now: float
    then: float


@dataclass(frozen=True)
class Inside:
    """The outlines look like ``datum``: mean share of stored points inside their community ``now`` and ``then``."""

    datum: Datum
    places: int
    shift: float
    now: float
    then: float


def suspected_of_rows(
    lon: Floats, lat: Floats, declared: Datum, named: Floats, group: NDArray[np.int64]
) -> Suspicion | None:
    """The system that rows, given in degrees of ``declared``, are more likely in.

    ``named``: (n, 2) WGS-84 degrees of the place that each row names, NaN if none. ``group``: rows of one place.
    """
    known = ~np.isnan(named).any(axis=1)
    if not known.any():
        return None
    named = named[known]
    plane = Plane.around(named[:, 0], named[:, 1])
    there = plane.xy(named[:, 0], named[:, 1])
    _, place = np.unique(group[known], return_inverse=True)
    count = np.bincount(place)
    offsets = {}
    for datum in Datum:
        gap = plane.xy(*to_wgs84(lon[known], lat[known], datum)) - there
        offsets[datum] = np.stack([np.bincount(place, axis, len(count)) / count for axis in gap.T], axis=1)
    return suspected(offsets, declared)


def suspected(offsets: Mapping[Datum, Floats], declared: Datum) -> Suspicion | None:
    """The other system that explains the offsets (places, 2), metres east and north, read in each system; or None."""
    now = offsets[declared]
    if len(now) < FEWEST:
        return None
    suspicions = []
    for datum in Datum:
        then = offsets[datum]
        step = (now - then).mean(axis=0)
        shift = float(np.hypot(*step))
        if datum is declared or shift < EXACT:
            continue
        along = now @ step / shift
        scatter = along if np.ptp(along) > EXACT else along + np.resize([EXACT, -EXACT], len(along))
        chance = ttest_1samp(scatter, 0.0, alternative="greater").pvalue
        if chance < ALPHA and abs(along.mean() - shift) < shift / 2:
            sides = [float(np.hypot(*side.mean(axis=0))) for side in (now, then)]
            suspicions.append(Suspicion(datum, len(now), shift, *sides))
    return min(suspicions, key=lambda suspicion: suspicion.then) if suspicions else None


def suspected_of_outlines(
    shares: Mapping[Datum, Floats], declared: Datum, shift: Mapping[Datum, float]
) -> Inside | None:
    """The other system in which the outlines hold clearly more of what is stored of their communities; or None.

    ``shares``: per community the share 0..1 of its stored points inside its outline. The gains of the communities are
    tested against none (one-sided paired t-test).
    """
    now = shares[declared]
    if len(now) < FEWEST:
        return None
    suspicions = []
    for datum in Datum:
        gain = shares[datum] - now
        if datum is declared or gain.mean() < GAIN:
            continue
        scatter = gain if np.ptp(gain) > 0 else gain + np.resize([0.01, -0.01], len(gain))
        if ttest_1samp(scatter, 0.0, alternative="greater").pvalue < ALPHA:
            suspicions.append(Inside(datum, len(now), shift[datum], float(now.mean()), float(shares[datum].mean())))
    return max(suspicions, key=lambda suspicion: suspicion.then) if suspicions else None
