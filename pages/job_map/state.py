"""What the job map shows: the setting of the controls, what follows from it, and what is selected on the map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from core.access.job_filter import JobFilter
from core.access.measures import MeasureTable
from core.access.model import AccessModel
from core.access.nearby import place_point
from core.access.release import ReleasedMeasures, release_measures
from core.access.snapshot import DistrictSnapshot
from core.access.what_if import Outcome
from core.geography.plane import Floats, TravelMode
from pages import cache
from pages.common.query_params import query_param
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["MapSelection", "MapState", "box_of", "earlier_measures", "map_state", "released_measures", "select_on_map"]


@dataclass(frozen=True)
class MapSelection:
    """The setting of the controls; ``measure`` is a code of ``MEASURES``, ``layers`` are codes of ``LAYERS``."""

    measure: str
    mode: TravelMode
    minutes: int
    layers: frozenset[str]
    job_filter: JobFilter
    day: date
    is_static: bool


@dataclass(frozen=True, eq=False)
class MapState:
    """The setting, the model that it asks for, and what is selected on the map: a community, a place, or nothing."""

    selection: MapSelection
    model: AccessModel
    community: int | None  # id
    place: str | None  # key of a site or of premises
    point: Floats | None  # (2,) metres: where the rings are drawn


def map_state(view: View, selection: MapSelection) -> MapState:
    """The state of this run; the model is cached by revision and setting, so that fragments may ask again."""
    model = cache.job_map.model(
        view.revision, selection.day, view.today, selection.job_filter, selection.mode, selection.minutes
    )
    community, place = _selected(model.snapshot)
    return MapState(selection, model, community, place, _point(model.snapshot, community, place))


def earlier_measures(view: View, selection: MapSelection, weeks: int) -> MeasureTable:
    """The measures some weeks before the day shown."""
    day = selection.day - timedelta(weeks=weeks)
    return cache.job_map.measures(
        view.revision, day, view.today, selection.job_filter, selection.mode, selection.minutes
    )


def released_measures(view: View, state: MapState, outcome: Outcome | None) -> ReleasedMeasures:
    """The measures as they may leave the bureau: of the present, or of the outcome of a what-if."""
    selection = state.selection
    if outcome is None:
        return cache.job_map.released(
            view.revision, selection.day, view.today, selection.job_filter, selection.mode, selection.minutes
        )
    return release_measures(state.model, cache.store.min_count_outside(view.revision, selection.day), outcome)


def select_on_map(community: int | None, place: str | None = None, *, box: Key | None = None) -> None:
    """Select a community (id) or a place (key); for callbacks of widgets that are drawn with panel and map.

    ``box`` is the select box in which it was chosen. The other boxes are replaced by new ones: a box that the browser
    still shows with its former value must not report that value as a choice.
    """
    st.session_state[Key.MAP_COMMUNITY], st.session_state[Key.MAP_PLACE] = community, place
    boxes = st.session_state.setdefault(Key.MAP_BOXES, {})
    for other, value in ((Key.MAP_COMMUNITY_BOX, community), (Key.MAP_PLACE_BOX, place)):
        if other is not box:
            number, _ = boxes.get(other, (0, None))
            boxes[other] = (number + 1, value)
    st.session_state[Key.MAP_SELECTED] = True


def box_of(box: Key, value: object) -> tuple[str, object]:
    """Key of the select box in force, and what it showed at first: ``value`` if it is drawn for the first time."""
    number, initial = st.session_state.setdefault(Key.MAP_BOXES, {}).setdefault(box, (0, value))
    return box.of(number), initial


def _selected(snapshot: DistrictSnapshot) -> tuple[int | None, str | None]:
    """The selected community or place: of this session, else of the address; unknown ones count as none."""
    community = str(st.session_state.get(Key.MAP_COMMUNITY, query_param("community")))
    place = st.session_state.get(Key.MAP_PLACE, query_param("place"))
    if community.isdecimal() and int(community) in snapshot.communities.index:
        return int(community), None
    return None, place if place in snapshot.places else None


def _point(snapshot: DistrictSnapshot, community: int | None, place: str | None) -> Floats | None:
    if place is not None:
        return place_point(snapshot, place)
    if community is not None:
        row = snapshot.communities.loc[community]
        return snapshot.plane.xy(row["lon"], row["lat"])
    return None
