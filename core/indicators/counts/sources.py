"""From which columns of the store the counts are computed, and whose counts a row belongs to.

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

__all__ = ["SOURCES", "Owner", "Source"]


class Owner(Enum):
    """Whom a row is about; the value is the column that names it."""

    PERSON = "person_id"
    COMMUNITY = "community_id"
    SESSION = "id"  # everyone who is enrolled in the session


@dataclass(frozen=True)
class Source:
    """A table that counts are computed from, the owner of its rows, and the further columns that the counts depend on."""

    table: type[Base]
    owner: Owner
    columns: frozenset[str]

    def concerns(self, names: set[str]) -> bool:
        """Whether a change of the columns ``names`` can change a count."""
        return self.owner.value in names or not self.columns.isdisjoint(names)


def _source(table: type[Base], owner: Owner, *columns: str) -> Source:
    unknown = {*columns, owner.value} - set(table.__table__.columns.keys())
    assert not unknown, unknown
    return Source(table, owner, frozenset(columns))


SOURCES = {
    source.table.__tablename__: source
    for source in (
        _source(Person, Owner.COMMUNITY),
        _source(PersonStateSpell, Owner.PERSON, "since", "state"),
        _source(WelfarePost, Owner.PERSON, "started_on", "ends_on", "exited_on"),
        _source(Placement, Owner.PERSON, "started_on", "ended_on", "channel", "employer_id"),
        _source(Visit, Owner.PERSON, "visited_on"),
        _source(Plan, Owner.PERSON, "made_on", "status", "closed_on"),
        _source(PersonSkill, Owner.PERSON, "level", "evidence", "acquired_on"),
        _source(Enrolment, Owner.PERSON, "session_id", "result"),
        _source(CourseSession, Owner.SESSION, "kind", "employer_id", "ends_on", "cancelled_on"),
        _source(CommunityPost, Owner.COMMUNITY, "head_count", "planned_on", "developed_on"),
        _source(Workshop, Owner.COMMUNITY, "opened_on", "stations"),
        _source(Event, Owner.COMMUNITY, "held_on", "intents", "started_30_days"),
    )
}
"""Table → source; the counts are computed from nothing else (``core.indicators.facts.load_part``)."""
