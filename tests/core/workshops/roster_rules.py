"""The hard rules of a roster, checked one by one: the oracle of the roster tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.workshops.staffing import MIN_CREW, SHIFTS, Place, Worker


def violations(table: np.ndarray, places: Sequence[Place], workers: Sequence[Worker]) -> list[str]:
    """Every hard rule that a roster breaks, in words; an empty list is what a roster must show."""
    broken = []
    for i, w in enumerate(workers):
        works = table[i] >= 0
        if (works & ~np.array(w.available)).any():
            broken.append(f"{w.name} works when not available")
        if works.sum() > w.max_shifts:
            broken.append(f"{w.name} works {works.sum()} of at most {w.max_shifts} shifts")
        broken += [f"{w.name} is sent too far" for p in set(table[i][works].tolist()) if not np.isfinite(w.minutes[p])]
    for p, place in enumerate(places):
        crews = (table == p).sum(axis=0)
        led = np.array([any(table[i, s] == p and w.is_leader for i, w in enumerate(workers)) for s in range(SHIFTS)])
        opened = crews > 0
        paces = [workers[i].pace for i, s in zip(*np.nonzero(table == p), strict=True)]
        is_one_crew = len(paces) == MIN_CREW
        if paces and sum(paces) - max(paces) >= place.work - 1e-9 and not (is_one_crew and place.work > 0):
            broken.append(
                f"{place.name} rosters {sum(paces):.1f} standard shifts of {place.work:.1f} that its orders hold"
            )
        if opened.sum() > place.max_shifts:
            broken.append(f"{place.name} opens {opened.sum()} of at most {place.max_shifts} shifts")
        for s in np.flatnonzero(opened):
            if crews[s] > place.stations:
                broken.append(f"{place.name} has more people than stations in shift {s}")
            if crews[s] < MIN_CREW or not led[s]:
                broken.append(f"{place.name} opens shift {s} without a crew of {MIN_CREW} and a leader")
    return broken
