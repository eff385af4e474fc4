"""From which columns of the store the counts are computed, whose counts a row belongs to, and which populations read it.

An event of the audit log that names none of these columns leaves every count as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from core.store.schema import (
    Base,
    CommunityPost,
    CourseSession,
    Enrolment,
    Event,
    Person,
    PersonSkill,
    PersonStateSpell,
    Placement,
    Plan,
    Visit,
    WelfarePost,
    Workshop,
)

__all__ = ["FRAMES", "READS", "SOURCES", "Owner", "Source"]


class Owner(Enum):
    """Whom a row is about; the value is the column that names it."""

    PERSON = "person_id"
    COMMUNITY = "community_id"
    SESSION = "id"  # everyone who is enrolled in the session


@dataclass(frozen=True)
class Source:
    """A table that counts are computed from, the frame of ``Facts`` that holds its rows, whom they are about, and the
    further columns that the counts depend on."""

    table: type[Base]
    frame: str
    owner: Owner
    columns: frozenset[str]

    def concerns(self, names: set[str]) -> bool:
        """Whether a change of the columns ``names`` can change a count."""
        return self.owner.value in names or not self.columns.isdisjoint(names)


def _source(table: type[Base], frame: str, owner: Owner, *columns: str) -> Source:
    unknown = {*columns, owner.value} - set(table.__table__.columns.keys())
    assert not unknown, unknown
    return Source(table, frame, owner, frozenset(columns))


SOURCES = {
    source.table.__tablename__: source
    for source in (
        _source(Person, "people", Owner.COMMUNITY),
        _source(PersonStateSpell, "states", Owner.PERSON, "since", "state"),
        _source(WelfarePost, "posts", Owner.PERSON, "started_on", "ends_on", "exited_on"),
        _source(Placement, "placements", Owner.PERSON, "started_on", "ended_on", "channel", "employer_id"),
        _source(Visit, "visits", Owner.PERSON, "visited_on"),
        _source(Plan, "plans", Owner.PERSON, "made_on", "status", "closed_on"),
        _source(PersonSkill, "person_skills", Owner.PERSON, "level", "evidence", "acquired_on"),
        _source(Enrolment, "enrolments", Owner.PERSON, "session_id", "result"),
        _source(CourseSession, "enrolments", Owner.SESSION, "kind", "employer_id", "ends_on", "cancelled_on"),
        _source(CommunityPost, "community_posts", Owner.COMMUNITY, "head_count", "planned_on", "developed_on"),
        _source(Workshop, "workshops", Owner.COMMUNITY, "opened_on", "stations"),
        _source(Event, "events", Owner.COMMUNITY, "held_on", "intents", "started_30_days"),
    )
}
"""Table → source; the counts are computed from nothing else (``core.indicators.facts.load_part``)."""

FRAMES = frozenset(source.frame for source in SOURCES.values())

_POOL = frozenset({"people", "states", "posts"})
_EXITS = frozenset({"people", "posts"})
_STARTS = frozenset({"people", "placements"})
READS: dict[str, frozenset[str]] = {
    "commissioned_joined": _STARTS | {"enrolments"},
    "commissioned_trained": frozenset({"people", "enrolments"}),
    "developed_posts": frozenset({"community_posts"}),
    "event_intents": frozenset({"events"}),
    "event_starts": frozenset({"events"}),
    "exits": _EXITS,
    "filled_posts": _STARTS,
    "planned_posts": frozenset({"community_posts"}),
    "pool": _POOL,
    "pool_month_start": _POOL,
    "pool_visited": _POOL | {"visits"},
    "pool_with_plan": _POOL | {"plans"},
    "post_holders": _EXITS,
    "post_holders_trained": _EXITS | {"enrolments"},
    "re_employed": _EXITS | {"placements"},
    "retained_90": _STARTS,
    "second_exits": _EXITS | {"placements"},
    "skills_mastered": _EXITS | {"person_skills"},
    "started_90_days_ago": _STARTS,
    "stations": frozenset({"workshops"}),
    "workshop_roll": _STARTS,
}
"""Population → the frames that it is computed from; a test compares them with what it reads."""
