"""A what-if as an item for the weekly meeting: the problem, the measure with what it would bring, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from core.access.measures import MEASURES, Board
from core.access.snapshot import Atlas
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
    tr: Translator, atlas: Atlas, boards: tuple[Board, Board], scenario: Scenario, code: str, why: str
) -> Proposal:
    """The proposal of ``scenario``; ``boards``: before and after, ``why``: the finding that it answers."""
    shown = MEASURES[code] if MEASURES[code].moves else MEASURES["covered"]
    old, new = (measure_text(tr, shown, board.district[shown.code]) for board in boards)
    goal = tr("Success: {measure} {old} → {new}", measure=tr(shown.label), old=old, new=new)
    sentences = "; " if tr.is_english else "；"
    measure = sentences.join([*steps(tr, atlas, scenario), goal])
    community = _community(atlas, scenario)
    known = community in set(atlas.communities["id"])
    return Proposal(
        problem=_short(why),
        measure=_short(measure),
        indicator=tr(shown.label)[:40],
        community_id=community,
        office=str(atlas.communities["name"].iloc[atlas.position(int(community))]) if known and community else None,
    )


def steps(tr: Translator, atlas: Atlas, scenario: Scenario) -> list[str]:
    """What would be done, a clause a place; places that the atlas does not have are left out."""
    rooms = dict(zip(atlas.idle["id"].astype(int), atlas.idle["name"], strict=True))
    sites = dict(zip(atlas.sites["key"], atlas.sites["name"], strict=True))
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


def _community(atlas: Atlas, scenario: Scenario) -> int | None:
    """Where the first place of the scenario stands."""
    rooms = atlas.idle.set_index("id")["community_id"]
    sites = atlas.sites.set_index("key")["community_id"]
    known = [
        *(rooms[room] for room in scenario.opened if room in rooms.index),
        *(sites[key] for key in (*scenario.added, *sorted(scenario.closed)) if key in sites.index),
    ]
    return next((int(community) for community in known if community == community and community is not None), None)


def _short(text: str) -> str:
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"
