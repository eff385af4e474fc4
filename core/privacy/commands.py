"""Erase who somebody is, in the rows and in the audit log, and keep every count; withdraw a consent; hand over an extract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update

from core.people.merging.queries import numbers_before
from core.people.queries import rows_of_person
from core.policy import Access, Action
from core.privacy import queries
from core.store.audit_chain import erased
from core.store.commands import Change, NotFound, command
from core.store.database import Database
from core.store.migrate import drop_guards, raise_guards
from core.store.schema import AuditEvent, Base, Community, Draft, ImportBatch, Person

__all__ = ["NAMELESS", "anonymise", "extract"]

NAMELESS = "已匿名"
"""What an anonymised person is called."""


def anonymise(db: Database, person_ids: Sequence[int], *, actor: Access, at: datetime, today: date) -> int:
    """Erase names, phones, addresses, ID hashes, notes and what was written about people; returns for how many.

    States, posts, skills, placements and their days stay, so that no published count changes: of the date of birth the month
    stays, and the home becomes the point of the community. The same values are erased from the audit log, whose chain
    goes on to hold (``core.store.audit_chain``). Backups from before still have them. NotFound for an unknown person; who
    is anonymised already is left out.
    """
    with command(db, actor=actor, action=Action.ANONYMISE, at=at) as change:
        people = [change.session.get(Person, i) for i in dict.fromkeys(person_ids)]
        if None in people:
            raise NotFound("person")
        named = [person for person in people if person is not None and person.anonymised_on is None]
        for person in named:
            _erase_person(change, person, today)
            _erase_rows(change, person.id)
        ids = [person.id for person in named]
        connection = change.session.connection()
        numbers = {*ids, *(number for person in ids for number in numbers_before(connection, person))}
        _forget_fingerprints(change, numbers)
        for number in numbers:  # forms are named 'kind:…:person'
            change.session.execute(delete(Draft).where(Draft.form.like(f"%:{number}")))
        change.session.flush()
        change.write_audit()  # its own events hold what they erased
        _erase_log(change, ids)
    return len(named)


def extract(db: Database, person_id: int, *, actor: Access, at: datetime) -> dict[str, Any]:
    """Everything recorded about a person, as plain data, for that person; that it was taken is in the log. LookupError."""
    with command(db, actor=actor, action=Action.EXTRACT_PERSON, at=at, raises_revision=False) as change:
        connection = change.session.connection()
        records = queries.everything_about(connection, person_id)
        log = queries.log_about(connection, person_id)
        change.record("extract", person_id, {"rows": {name: len(rows) for name, rows in records.items()}})
    return {"person": person_id, "made_at": at.isoformat(), "made_by": actor.name, "records": records, "log": log}


def _erase_person(change: Change, person: Person, today: date) -> None:
    community = None if person.community_id is None else change.session.get(Community, person.community_id)
    kept = {
        "name": NAMELESS,
        "birth_date": None if person.birth_date is None else person.birth_date.replace(day=1),
        "lon": None if community is None or person.lon is None else community.lon,
        "lat": None if community is None or person.lat is None else community.lat,
        "anonymised_on": today,
    }
    columns = [c.name for c in Person.__table__.columns if c.info.get("personal")]
    change.edit(Person, person.id, dict.fromkeys(columns) | kept)


def _erase_rows(change: Change, person_id: int) -> None:
    """Texts that were written about the person, in the rows below."""
    tables = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    for name, ids in rows_of_person(change.session.connection(), person_id).items():
        personal = [c.name for c in tables[name].__table__.columns if c.info.get("personal")]
        if name != Person.__tablename__ and personal:
            for row in ids:
                change.edit(tables[name], row, dict.fromkeys(personal))


def _forget_fingerprints(change: Change, people: set[int]) -> None:
    """Rows of former imports must not lead back to the people."""
    for batch in change.session.scalars(select(ImportBatch)).all():
        known = batch.mapping.get("people", {})
        left = {mark: person for mark, person in known.items() if person not in people}
        if len(left) < len(known):
            change.edit(ImportBatch, batch.id, {"mapping": {**batch.mapping, "people": left}})


def _erase_log(change: Change, people: Sequence[int]) -> None:
    connection, t = change.session.connection(), AuditEvent
    events = queries.events_about(connection, people)
    drop_guards(connection)
    for event in events:
        values = erased(change.key, event)
        if values != {name: event[name] for name in values}:
            connection.execute(update(t).where(t.id == event["id"]).values(**values))
    raise_guards(connection)
