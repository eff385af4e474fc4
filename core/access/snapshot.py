"""The district on one day, ready for computing: communities with their polygons, sites with openings, homes in metres.

Positions of homes stay inside this object: figures and tables get aggregates alone, through ``privacy``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon

from core.access.e2sfca import totals
from core.access.queries import Sources
from core.geography.outlines import GIVEN, community_shapes
from core.geography.plane import Floats, Plane
from core.terms import PersonState, PremisesKind, PremisesUse

__all__ = ["PREMISES", "STATE_GROUPS", "DistrictSnapshot", "make_snapshot", "sites_of"]

STATE_GROUPS = {
    "seeking": (PersonState.SEEKING,),
    "on_post": (PersonState.ON_POST,),
    "employed": (PersonState.EMPLOYED,),
    "others": (PersonState.NOT_SEEKING, PersonState.RETIRED, PersonState.UNREACHABLE),
}
GROUP_OF = {state.value: group for group, states in STATE_GROUPS.items() for state in states}
PREMISES = "p"  # prefix of the key of idle premises; sites have "w" (workshop) or "e" (employer)


@dataclass(frozen=True, eq=False)
class DistrictSnapshot:
    """``communities`` and ``states`` are indexed by community id; shapes and label points have the order of their rows.

    ``sites`` are places with open jobs: key, name, kind, community_id, lon, lat, openings (persons), jobs (count).
    ``seekers`` are people who seek work: ``homes`` (n, 2) metres and ``home_of``, the index of their community.
    """

    communities: pd.DataFrame
    shapes: tuple[MultiPolygon, ...]  # metres
    labels: Floats  # (communities, 2) metres: the point of each shape farthest from its edges
    plane: Plane
    sites: pd.DataFrame
    site_xy: Floats
    jobs: pd.DataFrame
    premises: pd.DataFrame
    idle: pd.DataFrame
    idle_xy: Floats
    workshops: pd.DataFrame
    events: pd.DataFrame
    staff: pd.DataFrame
    next_visits: pd.Series
    flows: pd.DataFrame
    homes: Floats
    home_of: NDArray[np.intp]
    placed: int  # seekers without a known position, placed at their community's label point
    states: pd.DataFrame  # people by community and ``STATE_GROUPS``

    @property
    def approximate(self) -> bool:
        """Whether any boundary is a Voronoi cell and not an official one."""
        return bool((self.communities["boundary_source"] != GIVEN).any())

    @cached_property
    def places(self) -> dict[str, str]:
        """Key → name of everything besides communities that can be selected on the map: sites, then idle premises."""
        sites = dict(zip(self.sites["key"], self.sites["name"], strict=True))
        return sites | {f"{PREMISES}{row.id}": str(row.name) for row in self.idle.itertuples(index=False)}

    @property
    def seekers(self) -> NDArray[np.int64]:
        """People who seek work in each community."""
        return np.bincount(self.home_of, minlength=len(self.communities)).astype(np.int64)

    @property
    def supply(self) -> Floats:
        """Openings at each site."""
        openings: Floats = self.sites["openings"].to_numpy(dtype=float)
        return openings

    def position(self, community_id: int) -> int:
        """Position of a community among the rows and shapes; KeyError if there is none."""
        return int(self.communities.index.get_loc(community_id))

    def mean_over_seekers(self, values: Floats) -> Floats:
        """Mean of ``values`` (seekers,) in each community; NaN where nobody seeks."""
        return self.sum_over_seekers(values) / np.where(self.seekers > 0, self.seekers, np.nan)

    def sum_over_seekers(self, values: Floats) -> Floats:
        """Sum of ``values`` (seekers,) in each community."""
        return totals(self.home_of, values, len(self.communities))


def _is_idle(premises: pd.DataFrame) -> pd.Series:
    """Which premises are free: as the register says, and by their kind where it does not."""
    by_kind = premises["use"].isna() & (premises["kind"] == PremisesKind.IDLE)
    return by_kind | (premises["use"] == PremisesUse.IDLE)


def make_snapshot(sources: Sources) -> DistrictSnapshot:
    """The snapshot of a day; communities without a boundary get a Voronoi cell."""
    communities = sources.communities.set_index("id", drop=False).rename_axis(None)
    plane = Plane.around(communities["lon"], communities["lat"])
    points = plane.xy(communities["lon"], communities["lat"])
    shapes = community_shapes(communities, plane)
    homes, home_of, placed = _homes(sources.people, communities, plane, points)
    sites = sites_of(sources.jobs)
    idle = sources.premises[_is_idle(sources.premises)].reset_index(drop=True)
    return DistrictSnapshot(
        communities=communities.drop(columns="boundary"),
        shapes=shapes,
        labels=_label_points(shapes),
        plane=plane,
        sites=sites,
        site_xy=plane.xy(sites["lon"], sites["lat"]),
        jobs=sources.jobs,
        premises=sources.premises,
        idle=idle,
        idle_xy=plane.xy(idle["lon"], idle["lat"]),
        workshops=sources.workshops.assign(
            free=(sources.workshops["stations"] - sources.workshops["on_roll"]).clip(lower=0)
        ),
        events=sources.events,
        staff=sources.staff,
        next_visits=sources.next_visits.set_index("community_id")["next_on"],
        flows=sources.flows,
        homes=homes,
        home_of=home_of,
        placed=placed,
        states=_states(sources.people, communities),
    )


def _label_points(shapes: tuple[MultiPolygon, ...]) -> Floats:
    """Centre (n, 2) of the largest circle inside each shape."""
    radii = shapely.maximum_inscribed_circle(np.array(shapes, dtype=object))  # lines from the centre to the edge
    centres: Floats = shapely.get_coordinates(shapely.get_point(radii, 0)).reshape(-1, 2)
    return centres


def sites_of(jobs: pd.DataFrame) -> pd.DataFrame:
    """Open jobs grouped into sites: same employer or workshop and same coordinates; jobs without coordinates are dropped.

    The key is the owner's ('e500', 'w3'); further sites of one owner are numbered from west to east ('e500.1').
    """
    placed = jobs[jobs["lon"].notna() & jobs["lat"].notna()]
    at_workshop = placed["workshop_id"].notna()
    keyed = placed.assign(
        kind=np.where(at_workshop, "workshop", "employer"),
        name=placed["workshop"].where(at_workshop, placed["employer"]),
        owner=placed["workshop_id"].where(at_workshop, placed["employer_id"]).astype("int64"),
        left=placed["left"].astype("int64"),
    )
    grouped = keyed.groupby(["kind", "owner", "name", "lon", "lat"], as_index=False, sort=True).agg(
        openings=("left", "sum"), jobs=("id", "count"), community_id=("community_id", "first"), job_ids=("id", tuple)
    )
    nth = grouped.groupby(["kind", "owner"]).cumcount()
    keys = [
        f"{kind[0]}{owner}" + (f".{n}" if n else "")
        for kind, owner, n in zip(grouped["kind"], grouped["owner"], nth, strict=True)
    ]
    return grouped.assign(key=pd.Series(keys, index=grouped.index, dtype="str"))


def _homes(
    people: pd.DataFrame, communities: pd.DataFrame, plane: Plane, points: Floats
) -> tuple[Floats, NDArray[np.intp], int]:
    """Homes of seekers whose community is known, the index of that community, and how many had no position."""
    index = pd.Series(np.arange(len(communities)), index=communities["id"].to_numpy())
    seeking = people[(people["state"] == PersonState.SEEKING) & people["community_id"].isin(index.index)]
    home_of = seeking["community_id"].map(index).to_numpy(dtype=np.intp)
    homes = plane.xy(seeking["lon"], seeking["lat"])
    unknown = np.isnan(homes).any(axis=1)
    homes[unknown] = points[home_of[unknown]]
    return homes, home_of, int(unknown.sum())


def _states(people: pd.DataFrame, communities: pd.DataFrame) -> pd.DataFrame:
    """Counts by community and group of states; rare states share a group, so that fewer cells are small."""
    counts = (
        people.assign(state=people["state"].map(GROUP_OF))
        .groupby(["community_id", "state"])
        .size()
        .unstack(fill_value=0)
    )
    columns = list(STATE_GROUPS)
    return counts.reindex(index=communities.index, columns=columns, fill_value=0).astype("int64")
