"""What-if: open a workshop in idle premises, add openings, close a site; what the outcome would be.

Demand stays as it is, so R_j of the other sites does not move and A changes by one weighted column per changed site:
A'_i = A_i + Σ_j ΔS_j / (Σ_i D_i W_ij) · W_ij. The columns are computed once per map setting; a step is a product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from core.access.accessibility import Accessibility, Summary, summary
from core.access.e2sfca import find_catchments, gini
from core.access.job_filter import ALL_JOBS, JobFilter, Need
from core.access.snapshot import DistrictSnapshot
from core.geography.plane import Floats
from core.terms import JobForm, PostField, Shift

__all__ = [
    "Outcome",
    "MarginalEffects",
    "Scenario",
    "Work",
    "marginal_effects",
    "nearest_workshop",
    "play",
    "rank_premises",
]


@dataclass(frozen=True)
class Work:
    """What is worked at the stations of an opened workshop, in the terms of an opening, so that filters apply to it."""

    field: PostField | None = None
    form: JobForm = JobForm.FULL_TIME
    shift: Shift = Shift.DAY
    skill: str | None = None
    seated: bool = True

    @classmethod
    def fitting(cls, job_filter: JobFilter) -> Work:
        """The kind of work that ``job_filter`` asks for, so that stations opened for it count."""
        form = JobForm.HOME_PIECE if Need.HOME in job_filter.needs else JobForm.FULL_TIME
        shift = Shift.SCHOOL_HOURS if Need.SCHOOL in job_filter.needs else Shift.DAY
        return cls(job_filter.field, job_filter.form or form, job_filter.shift or shift, job_filter.skill)

    def fits(self, job_filter: JobFilter) -> bool:
        """Whether ``job_filter`` counts an opening of this kind."""
        row = {name: [value] for name, value in asdict(self).items()}
        row |= {"home_work": [self.form is JobForm.HOME_PIECE], "skills": [(self.skill,) if self.skill else ()]}
        return bool(job_filter.mask(pd.DataFrame(row)).iloc[0])

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
    def from_json(cls, content: Mapping[str, Any], snapshot: DistrictSnapshot) -> Scenario:
        """What was saved; premises and sites that are no longer there are dropped."""
        rooms, sites = {int(n) for n in snapshot.idle["id"]}, set(snapshot.sites["key"])
        return cls(
            {int(n): int(stations) for n, stations in content.get("opened", {}).items() if int(n) in rooms},
            {key: int(n) for key, n in content.get("added", {}).items() if key in sites},
            frozenset(key for key in content.get("closed", ()) if key in sites),
            {int(n): Work.from_json(work) for n, work in content.get("works", {}).items() if int(n) in rooms},
        )

    def stations(self, job_filter: JobFilter) -> Floats:
        """Stations of each opened premises that ``job_filter`` counts; 0 where it does not."""
        works = (self.works.get(premises, Work()) for premises in self.opened)
        return np.array(
            [n if work.fits(job_filter) else 0 for n, work in zip(self.opened.values(), works, strict=True)],
            dtype=float,
        )


@dataclass(frozen=True, eq=False)
class MarginalEffects:
    """What a station in each idle premises does to each job seeker: weights and reach (seekers, premises), and sums."""

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


def marginal_effects(snapshot: DistrictSnapshot, accessibility: Accessibility) -> MarginalEffects:
    """The columns of all idle premises."""
    pairs = find_catchments(snapshot.homes, snapshot.idle_xy, accessibility.travel, accessibility.bands)
    weight, near = np.zeros((2, pairs.homes, pairs.sites))
    weight[pairs.home, pairs.site] = pairs.weight
    near[pairs.home, pairs.site] = pairs.minutes <= accessibility.bands.limit
    return MarginalEffects(weight, near, weight.sum(axis=0))


def play(
    snapshot: DistrictSnapshot,
    accessibility: Accessibility,
    effects: MarginalEffects,
    scenario: Scenario,
    job_filter: JobFilter = ALL_JOBS,
) -> Outcome:
    """Carry out ``scenario`` on a snapshot filtered by ``job_filter``, which counts new stations as it does openings.

    Sites none of whose openings count do not change. Unknown premises raise KeyError.
    """
    value, cumulative = accessibility.access.value.copy(), accessibility.cumulative.copy()
    supply, reached = snapshot.supply, accessibility.access.reached
    rows = {premises: position for position, premises in enumerate(snapshot.idle["id"])}
    opened = np.array([rows[premises] for premises in scenario.opened], dtype=np.intp)
    stations = scenario.stations(job_filter)
    share = np.divide(stations, effects.reached[opened], out=np.zeros(len(opened)), where=effects.reached[opened] > 0)
    value += effects.weight[:, opened] @ share
    cumulative += effects.near[:, opened] @ stations
    change = _site_changes(snapshot, scenario)
    for site in np.flatnonzero(change):
        mine = accessibility.pairs.site == site
        home, minutes = accessibility.pairs.home[mine], accessibility.pairs.minutes[mine]
        if reached[site] > 0:
            value[home] += change[site] / reached[site] * accessibility.pairs.weight[mine]
        cumulative[home] += np.where(minutes <= accessibility.bands.limit, change[site], 0.0)
    value = np.where(np.abs(value) < 1e-12, 0.0, value)  # a closed site leaves rounding behind
    return Outcome(
        value,
        cumulative,
        before=summary(accessibility.access.value, accessibility.cumulative, supply),
        after=summary(value, cumulative, np.concatenate([supply + change, stations])),
    )


def _site_changes(snapshot: DistrictSnapshot, scenario: Scenario) -> Floats:
    """Openings (sites,) that the scenario adds to each site, or takes away; unknown sites are ignored."""
    rows = {key: position for position, key in enumerate(snapshot.sites["key"])}
    supply, change = snapshot.supply, np.zeros(len(rows))
    for key, openings in scenario.added.items():
        if key in rows:
            change[rows[key]] += openings
    for key in scenario.closed & rows.keys():
        change[rows[key]] = -supply[rows[key]]
    return change


def rank_premises(
    snapshot: DistrictSnapshot, accessibility: Accessibility, effects: MarginalEffects, stations: int | None = None
) -> pd.DataFrame:
    """Every idle premises as if it alone were opened, best first.

    Columns: id, name, community_id, stations, newly_reached (seekers without an opening so far), in_reach (seekers
    within the time limit), unmet (persons less without an opening of their own), gini (after). ``stations`` overrides
    how many would fit. Ordered by newly_reached, then unmet, then gini, then id.
    """
    idle = snapshot.idle
    size = idle["possible_stations"].fillna(0).to_numpy(dtype=float)
    if stations is not None:
        size = np.full(len(idle), float(stations))
    share = np.divide(size, effects.reached, out=np.zeros(len(idle)), where=effects.reached > 0)
    before = accessibility.access.value
    after = before[:, None] + effects.weight * share
    unserved = (accessibility.cumulative < 1).astype(float)
    ones = np.ones(len(before))
    ranking = pd.DataFrame(
        {
            "id": idle["id"].to_numpy(dtype=np.int64),
            "name": idle["name"],
            "community_id": idle["community_id"].to_numpy(dtype=np.int64),
            "stations": size.astype(int),
            "newly_reached": np.where(size >= 1, unserved @ effects.near, 0).astype(int),
            "in_reach": effects.near.sum(axis=0).astype(int),
            "unmet": np.maximum(1 - before, 0).sum() - np.maximum(1 - after, 0).sum(axis=0),
            "gini": np.array([gini(column, ones) for column in after.T]),
        }
    )
    order = ["newly_reached", "unmet", "gini", "id"]
    return ranking.sort_values(order, ascending=[False, False, True, True], ignore_index=True)


def nearest_workshop(snapshot: DistrictSnapshot, premises: int) -> str | None:
    """Name of the workshop nearest to idle premises, which would take them on; None without workshops. KeyError if
    there are no such premises."""
    row = np.flatnonzero(snapshot.idle["id"].to_numpy() == premises)
    if not row.size:
        raise KeyError(premises)
    if snapshot.workshops.empty:
        return None
    gap = snapshot.plane.xy(snapshot.workshops["lon"], snapshot.workshops["lat"]) - snapshot.idle_xy[row[0]]
    return str(snapshot.workshops["name"].iloc[int(np.argmin((gap**2).sum(axis=1)))])
