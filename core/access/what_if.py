"""What would change: open a workshop in idle premises, add openings, close a site.

Demand stays as it is, so R_j of the other sites does not move and A changes by one weighted column per changed site:
A'_i = A_i + Σ_j ΔS_j / (Σ_i D_i W_ij) · W_ij. The columns are reckoned once per map setting; a step is a product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from core.access.accessibility import Reach, Summary, summary
from core.access.e2sfca import catchment, gini
from core.access.job_filter import ALL_JOBS, JobFilter, Need
from core.access.snapshot import Atlas
from core.geography.plane import Floats
from core.terms import JobForm, PostField, Shift

__all__ = ["Outcome", "Prospects", "Scenario", "Work", "make_prospects", "nearest_workshop", "play", "rank_premises"]


@dataclass(frozen=True)
class Work:
    """What is worked at the stations of an opened workshop, in the terms of an opening, so that filters apply to it."""

    field: PostField | None = None
    form: JobForm = JobForm.FULL_TIME
    shift: Shift = Shift.DAY
    skill: str | None = None
    seated: bool = True

    @classmethod
    def fitting(cls, wanted: JobFilter) -> Work:
        """The kind of work that ``wanted`` asks for, so that stations opened for it count."""
        form = JobForm.HOME_PIECE if Need.HOME in wanted.needs else JobForm.FULL_TIME
        shift = Shift.SCHOOL_HOURS if Need.SCHOOL in wanted.needs else Shift.DAY
        return cls(wanted.field, wanted.form or form, wanted.shift or shift, wanted.skill)

    def fits(self, wanted: JobFilter) -> bool:
        """Whether ``wanted`` keeps an opening of this kind."""
        row = {name: [value] for name, value in asdict(self).items()}
        row |= {"home_work": [self.form is JobForm.HOME_PIECE], "skills": [(self.skill,) if self.skill else ()]}
        return bool(wanted.keep(pd.DataFrame(row)).iloc[0])

    def as_json(self) -> dict[str, Any]:
        """Plain data to be saved, by code."""
        return {name: getattr(value, "value", value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Work:
        """What was saved; a code that is no longer known raises ValueError."""
        given = dict(content)
        if given.get("field") is not None:
            given["field"] = PostField.of(given["field"])
        return cls(**given | {"form": JobForm.of(given["form"]), "shift": Shift.of(given["shift"])})


@dataclass(frozen=True)
class Scenario:
    """``opened``: stations by premises id, ``works``: what is worked there if it is not ``Work()``.

    ``added``: openings by site key. ``closed``: site keys.
    """

    opened: Mapping[int, int] = field(default_factory=dict)
    added: Mapping[str, int] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    works: Mapping[int, Work] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.opened or self.added or self.closed)

    def as_json(self) -> dict[str, Any]:
        """Plain data to be saved."""
        opened = {str(premises): int(stations) for premises, stations in sorted(self.opened.items())}
        works = {str(premises): work.as_json() for premises, work in sorted(self.works.items())}
        sites = {"added": dict(sorted(self.added.items())), "closed": sorted(self.closed)}
        return {"opened": opened, "works": works} | sites

    @classmethod
    def from_json(cls, content: Mapping[str, Any], atlas: Atlas) -> Scenario:
        """What was saved; premises and sites that are no longer there are left out."""
        rooms, sites = {int(n) for n in atlas.idle["id"]}, set(atlas.sites["key"])
        return cls(
            {int(n): int(stations) for n, stations in content.get("opened", {}).items() if int(n) in rooms},
            {key: int(n) for key, n in content.get("added", {}).items() if key in sites},
            frozenset(key for key in content.get("closed", ()) if key in sites),
            {int(n): Work.from_json(work) for n, work in content.get("works", {}).items() if int(n) in rooms},
        )

    def stations(self, wanted: JobFilter) -> Floats:
        """Stations of each opened premises that ``wanted`` counts; 0 where it does not."""
        works = (self.works.get(premises, Work()) for premises in self.opened)
        return np.array(
            [n if work.fits(wanted) else 0 for n, work in zip(self.opened.values(), works, strict=True)], dtype=float
        )


@dataclass(frozen=True, eq=False)
class Prospects:
    """Weights and reach of every idle premises over all seekers: (seekers, premises), and their sums."""

    weight: Floats
    near: Floats  # 1 where the premises lie within the time limit
    reached: Floats  # (premises,) weighted seekers around


@dataclass(frozen=True, eq=False)
class Outcome:
    """Access and cumulative openings per seeker after a scenario, and the district before and after."""

    value: Floats
    cumulative: Floats
    before: Summary
    after: Summary
    newly_reached: int
    lost: int


def make_prospects(atlas: Atlas, reach: Reach) -> Prospects:
    """The columns of all idle premises."""
    pairs = catchment(atlas.homes, atlas.idle_xy, reach.travel, reach.bands)
    weight, near = np.zeros((2, pairs.homes, pairs.sites))
    weight[pairs.home, pairs.site] = pairs.weight
    near[pairs.home, pairs.site] = pairs.minutes <= reach.bands.limit
    return Prospects(weight, near, weight.sum(axis=0))


def play(atlas: Atlas, reach: Reach, prospects: Prospects, scenario: Scenario, wanted: JobFilter = ALL_JOBS) -> Outcome:
    """Carry out ``scenario`` on an atlas filtered by ``wanted``, which counts new stations as it does openings.

    Sites none of whose openings count do not change. Unknown premises raise KeyError.
    """
    value, cumulative = reach.access.value.copy(), reach.cumulative.copy()
    supply, reached = atlas.supply, reach.access.reached
    rows = {premises: at for at, premises in enumerate(atlas.idle["id"])}
    opened = np.array([rows[premises] for premises in scenario.opened], dtype=np.intp)
    stations = scenario.stations(wanted)
    share = np.divide(
        stations, prospects.reached[opened], out=np.zeros(len(opened)), where=prospects.reached[opened] > 0
    )
    value += prospects.weight[:, opened] @ share
    cumulative += prospects.near[:, opened] @ stations
    change = _site_changes(atlas, scenario)
    for site in np.flatnonzero(change):
        mine = reach.pairs.site == site
        home, minutes = reach.pairs.home[mine], reach.pairs.minutes[mine]
        if reached[site] > 0:
            value[home] += change[site] / reached[site] * reach.pairs.weight[mine]
        cumulative[home] += np.where(minutes <= reach.bands.limit, change[site], 0.0)
    value = np.where(np.abs(value) < 1e-12, 0.0, value)  # a closed site leaves rounding behind
    all_supply = np.concatenate([supply + change, stations])
    all_reached = np.concatenate([reached, prospects.reached[opened]])
    return Outcome(
        value,
        cumulative,
        before=summary(atlas, reach.access.value, reach.cumulative, supply, reached),
        after=summary(atlas, value, cumulative, all_supply, all_reached),
        newly_reached=int(((reach.cumulative < 1) & (cumulative >= 1)).sum()),
        lost=int(((reach.cumulative >= 1) & (cumulative < 1)).sum()),
    )


def _site_changes(atlas: Atlas, scenario: Scenario) -> Floats:
    rows = {key: at for at, key in enumerate(atlas.sites["key"])}
    supply, change = atlas.supply, np.zeros(len(rows))
    for key, openings in scenario.added.items():
        if key in rows:
            change[rows[key]] += openings
    for key in scenario.closed & rows.keys():
        change[rows[key]] = -supply[rows[key]]
    return change


def rank_premises(atlas: Atlas, reach: Reach, prospects: Prospects, stations: int | None = None) -> pd.DataFrame:
    """Every idle premises as if it alone were opened, best first.

    Columns: id, name, community_id, stations, newly_reached (seekers without an opening so far), in_reach (seekers
    within the time limit), unmet (persons less without an opening of their own), gini (after). ``stations`` overrides
    how many would fit. Ordered by newly_reached, then unmet, then gini, then id.
    """
    idle = atlas.idle
    size = idle["possible_stations"].fillna(0).to_numpy(dtype=float)
    if stations is not None:
        size = np.full(len(idle), float(stations))
    share = np.divide(size, prospects.reached, out=np.zeros(len(idle)), where=prospects.reached > 0)
    before = reach.access.value
    after = before[:, None] + prospects.weight * share
    bare = (reach.cumulative < 1).astype(float)
    ones = np.ones(len(before))
    found = pd.DataFrame(
        {
            "id": idle["id"].to_numpy(dtype=np.int64),
            "name": idle["name"],
            "community_id": idle["community_id"].to_numpy(dtype=np.int64),
            "stations": size.astype(int),
            "newly_reached": np.where(size >= 1, bare @ prospects.near, 0).astype(int),
            "in_reach": prospects.near.sum(axis=0).astype(int),
            "unmet": np.maximum(1 - before, 0).sum() - np.maximum(1 - after, 0).sum(axis=0),
            "gini": np.array([gini(after[:, at], ones) for at in range(len(idle))]),
        }
    )
    order = ["newly_reached", "unmet", "gini", "id"]
    return found.sort_values(order, ascending=[False, False, True, True], ignore_index=True)


def nearest_workshop(atlas: Atlas, premises: int) -> str | None:
    """Name of the workshop nearest to idle premises, which would take them on; None without workshops. KeyError if
    there are no such premises."""
    at = np.flatnonzero(atlas.idle["id"].to_numpy() == premises)
    if not at.size:
        raise KeyError(premises)
    if atlas.workshops.empty:
        return None
    gap = atlas.plane.xy(atlas.workshops["lon"], atlas.workshops["lat"]) - atlas.idle_xy[at[0]]
    return str(atlas.workshops["name"].iloc[int(np.argmin((gap**2).sum(axis=1)))])
