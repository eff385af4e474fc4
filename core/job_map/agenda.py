"""A what-if as an item for the weekly meeting: problem, measure with its expected effect, unit in charge."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from core.access.measures import MEASURES, MeasureTable
from core.access.snapshot import DistrictSnapshot
from core.access.what_if import Scenario
from core.job_map.sentences import measure_text
from core.locale import Translator

__all__ = ["Proposal", "proposal", "steps"]

LIMIT = 200  # letters of a problem and of a measure in the store


@dataclass(frozen=True)
class Proposal:
    """What is put before the meeting; ``office`` is the unit in charge, ``indicator`` what success is measured by."""

    problem: str
    measure: str
    indicator: str
    community_id: int | None
    office: str | None


def proposal(
    tr: Translator,
    snapshot: DistrictSnapshot,
    before_after: tuple[MeasureTable, MeasureTable],
    scenario: Scenario,
    code: str,
    why: str,
) -> Proposal:
    """The proposal of ``scenario``; ``before_after``: measures without and with it, ``why``: the finding that it answers."""
    shown = MEASURES[code] if MEASURES[code].moves else MEASURES["covered"]
    old, new = (measure_text(tr, shown, measures.district[shown.code]) for measures in before_after)
    goal = tr("Success: {measure} {old} → {new}", measure=tr(shown.label), old=old, new=new)
    sentences = "; " if tr.is_english else "；"
    measure = sentences.join([*steps(tr, snapshot, scenario), goal])
    community = _community(snapshot, scenario)
    return Proposal(
        problem=_shorten(why),
        measure=_shorten(measure),
        indicator=tr(shown.label)[:40],
        community_id=community,
        office=str(snapshot.communities.loc[community, "name"]) if community in snapshot.communities.index else None,
    )


def steps(tr: Translator, snapshot: DistrictSnapshot, scenario: Scenario) -> list[str]:
    """What would be done, a clause a place; places that the snapshot does not have are left out."""
    rooms = dict(zip(snapshot.idle["id"].astype(int), map(tr.name, snapshot.idle["name"]), strict=True))
    sites = dict(zip(snapshot.sites["key"], map(tr.name, snapshot.sites["name"]), strict=True))
    opened = [
        tr("open a workshop with {n} stations in {name}", n=tr.number(n), name=rooms[room])
        for room, n in scenario.opened.items()
        if room in rooms
    ]
    added = [
        tr("{n} more openings at {name}", n=tr.number(n), name=sites[key])
        for key, n in scenario.added.items()
        if key in sites
    ]
    closed = [tr("close {name}", name=sites[key]) for key in sorted(scenario.closed) if key in sites]
    return [*opened, *added, *closed]


def _community(snapshot: DistrictSnapshot, scenario: Scenario) -> int | None:
    """The community of the first place of the scenario."""
    rooms = snapshot.idle.set_index("id")["community_id"]
    sites = snapshot.sites.set_index("key")["community_id"]
    known = [
        *(rooms[room] for room in scenario.opened if room in rooms.index),
        *(sites[key] for key in (*scenario.added, *sorted(scenario.closed)) if key in sites.index),
    ]
    return next((int(community) for community in known if pd.notna(community)), None)


def _shorten(text: str) -> str:
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"
