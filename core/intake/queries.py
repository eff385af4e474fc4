"""SELECTs of the intake: names that cells refer to, stored rows to compare with, batches and what depends on them."""

from __future__ import annotations

import re
import statistics
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from core.intake.parsing.vocabulary import Kind, Vocabulary
from core.intake.planning.plausibility import Norms, WorkshopNorm
from core.intake.planning.statements import LastWrite
from core.jobs.openings.listing import opening_number
from core.locale import BUREAU_ZONE
from core.people.merging.queries import former_numbers
from core.store.audit_chain import since_emptied
from core.store.frames import frame
from core.store.schema import (
    AuditEvent,
    Base,
    Community,
    CommunityPost,
    Employer,
    Grid,
    HeaderMapping,
    ImportBatch,
    Job,
    LearntWord,
    Occupation,
    Person,
    Placement,
    PolicyRule,
    Premises,
    Product,
    Skill,
    StaffMember,
    VisitingRound,
    VisitingStop,
    WeeklyOutput,
    Workshop,
    WorkshopWeek,
)
from core.store.settings import in_force, parameters
from core.terms import BatchState

__all__ = [
    "StoredRows",
    "batches",
    "is_empty",
    "learnt_headers",
    "learnt_words",
    "norms",
    "remembered_mappings",
    "remembered_people",
    "remembered_platforms",
    "undo_reasons",
    "vocabulary",
]

CHUNK = 900
UNDO = "import_undo"
"""``entity`` of the event that keeps why a batch was undone."""
WHOLE_TABLE = 6_000  # above so many keys one scan is cheaper than many lookups


class StoredRows:
    """Rows of the store as the plan sees them: a snapshot behind one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def load(
        self, table: type[Base], fields: Collection[str], by: str, values: Collection[Any] | None
    ) -> Iterator[Mapping[str, Any]]:
        """``fields`` and id of the rows whose column ``by`` holds one of ``values``; of all rows for None."""
        columns = table.__table__.c
        names = sorted({"id", by, *fields} & set(columns.keys()))
        statement = select(*(columns[name] for name in names))
        if values is None:
            yield from self._rows(statement, names)
            return
        if len(values) > WHOLE_TABLE:
            wanted = set(values)
            yield from (row for row in self._rows(statement, names) if row[by] in wanted)
            return
        for some in _chunks(list(values)):
            yield from self._rows(statement.where(columns[by].in_(some)), names)

    def last_writes(self, table: type[Base], ids: Collection[int]) -> dict[tuple[int, str], LastWrite]:
        """(id, field) → who wrote it last and when, from the log of changes, for rows with these ids."""
        t = AuditEvent
        last: dict[tuple[int, str], LastWrite] = {}
        for some in _chunks([str(row_id) for row_id in ids]):
            events = self.connection.execute(
                select(t.entity_id, t.after, t.actor, t.at, t.batch_id, t.stated_on)
                .where(t.entity == table.__tablename__, t.entity_id.in_(some), t.after.is_not(None), since_emptied())
                .order_by(t.id)
            )
            for row_id, after, actor, at, batch, stated_on in events:
                day = stated_on if batch is not None else at.astimezone(BUREAU_ZONE).date()
                last |= {(int(row_id), name): LastWrite(day, actor, at, batch is not None) for name in after}
        return last

    def _rows(self, statement: Any, names: Sequence[str]) -> Iterator[dict[str, Any]]:
        for row in self.connection.execute(statement):
            yield dict(zip(names, row, strict=True))


def vocabulary(connection: Connection) -> Vocabulary:
    """Everything that a cell can name."""
    communities = connection.execute(
        select(Community.id, Community.name, Community.code, Community.lon, Community.lat, Community.boundary).order_by(
            Community.id
        )
    ).all()
    centre = None
    if communities:
        centre = (
            sum(row.lon for row in communities) / len(communities),
            sum(row.lat for row in communities) / len(communities),
        )
    kinds = {
        "community": Kind.of(
            (row.id, row.name, _community_names(row.name, row.code), (row.lon, row.lat)) for row in communities
        ),
        "skill": Kind.of(
            (code, name, (code, english, _bare(name)), None)
            for code, name, english in connection.execute(
                select(Skill.code, Skill.name_zh, Skill.name_en).order_by(Skill.code)
            )
        ),
        "occupation": Kind.of(
            (code, name, (code, english), None)
            for code, name, english in connection.execute(
                select(Occupation.code, Occupation.name_zh, Occupation.name_en).order_by(Occupation.code)
            )
        ),
        "workshop": _named(connection, Workshop),
        "employer": _named(connection, Employer),
        "grid": _named(connection, Grid),
        "premises": Kind.of(
            (row.id, row.code, (), (row.lon, row.lat))
            for row in connection.execute(
                select(Premises.id, Premises.code, Premises.lon, Premises.lat).order_by(Premises.id)
            )
        ),
        "community_post": _coded(connection, CommunityPost),
        "opening": _openings(connection),
        "product": Kind.of(
            (id_, name, (code,), None)
            for id_, code, name in connection.execute(
                select(Product.id, Product.code, Product.name).order_by(Product.id)
            )
        ),
        "policy": _policies(connection),
        "staff": Kind.of(
            (name, name, (), role)
            for name, role in connection.execute(select(StaffMember.name, StaffMember.role).order_by(StaffMember.id))
        ),
        "visit_number": Kind.of(
            (number, number, (), (person_id, visitor))
            for number, person_id, visitor in connection.execute(
                select(VisitingStop.number, VisitingStop.person_id, VisitingRound.visitor)
                .join(VisitingRound, VisitingRound.id == VisitingStop.round_id)
                .order_by(VisitingStop.id)
            )
        ),
    }
    return Vocabulary(kinds, centre, learnt_values(connection))


def learnt_values(connection: Connection) -> dict[tuple[str, str], str]:
    """(kind of word or term, key of a spelling) → the accepted word that a person chose for it."""
    t = LearntWord
    rows = connection.execute(select(t.scope, t.text, t.meaning).where(~t.is_header))
    return {(scope, text): meaning for scope, text, meaning in rows}


def learnt_headers(connection: Connection) -> dict[tuple[str, str], str]:
    """(kind of sheet, key of a header) → the column that a person chose for it."""
    t = LearntWord
    rows = connection.execute(select(t.scope, t.text, t.meaning).where(t.is_header))
    return {(scope, text): code for scope, text, code in rows}


def learnt_words(connection: Connection) -> pd.DataFrame:
    """Every word that was taught, newest first: id, scope, is_header, text, meaning, actor, at."""
    t = LearntWord
    columns = (t.id, t.scope, t.is_header, t.text, t.meaning, t.actor, t.at)
    return frame(connection, select(*columns).order_by(t.at.desc(), t.id.desc()))


def _openings(connection: Connection) -> Kind:
    """Openings by their number, each with the name of its employer; one that was merged names the one that was kept."""
    t = Job
    rows = connection.execute(
        select(t.id, t.merged_into_id, Employer.name).join(Employer, Employer.id == t.employer_id).order_by(t.id)
    ).all()
    merged_into = {row.id: row.merged_into_id for row in rows if row.merged_into_id is not None}
    former: dict[int, list[str]] = {}
    for number in merged_into:
        kept = number
        while kept in merged_into:
            kept = merged_into[kept]
        former.setdefault(kept, []).append(opening_number(number))
    return Kind.of(
        (row.id, opening_number(row.id), tuple(former.get(row.id, ())), row.name)
        for row in rows
        if row.id not in merged_into
    )


def _policies(connection: Connection) -> Kind:
    """Policies by the name of their newest version; former and English names are understood."""
    t = PolicyRule
    names: dict[str, list[str]] = {}
    for code, content in connection.execute(select(t.code, t.content).order_by(t.since.desc(), t.id)):
        names.setdefault(code, []).extend((content["name_zh"], content["name_en"]))
    return Kind.of((code, own[0], (code, *own[1:]), None) for code, own in sorted(names.items()))


def _named(connection: Connection, table: Any) -> Kind:
    rows = connection.execute(select(table.id, table.name).order_by(table.id))
    return Kind.of((id_, name, (), None) for id_, name in rows)


def _coded(connection: Connection, table: Any) -> Kind:
    rows = connection.execute(select(table.id, table.code).order_by(table.id))
    return Kind.of((id_, code, (), None) for id_, code in rows)


def _community_names(name: str, code: str) -> tuple[str, ...]:
    stem = re.sub(r"(?:社区|村)$", "", name)
    offices = ("居委会", "村委会", "居民委员会", "村民委员会", "社区居委会", "社区居民委员会")
    return (code, stem, f"{stem}社区", f"{stem}村", *(f"{base}{office}" for base in (stem, name) for office in offices))


def _bare(name: str) -> str:
    return re.sub(r"[(（].*", "", name)


def _chunks(values: list[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


# -- what values are compared with -----------------------------------------------------------------------


def norms(connection: Connection, today: date | None) -> Norms:
    """Thresholds in force ``today`` (None: the newest), what each workshop can hold and made in its last 52 reported
    weeks, the median pay."""
    thresholds = in_force(parameters(connection), today)
    weeks = select(WorkshopWeek.workshop_id, func.max(WorkshopWeek.week)).group_by(WorkshopWeek.workshop_id)
    newest = {row[0]: row[1] for row in connection.execute(weeks)}
    made: dict[int, float] = {}
    for workshop, week, pieces in connection.execute(
        select(WorkshopWeek.workshop_id, WorkshopWeek.week, func.sum(WeeklyOutput.made))
        .join(WeeklyOutput, WeeklyOutput.workshop_week_id == WorkshopWeek.id)
        .group_by(WorkshopWeek.workshop_id, WorkshopWeek.week)
    ):
        if week > newest[workshop] - timedelta(weeks=52):
            made[workshop] = made.get(workshop, 0.0) + float(pieces or 0)
    workshops = {
        id_: WorkshopNorm(stations, shifts, made.get(id_))
        for id_, stations, shifts in connection.execute(
            select(Workshop.id, Workshop.stations, Workshop.shifts_per_week).order_by(Workshop.id)
        )
    }
    pay = [p for p in connection.scalars(select(Placement.monthly_pay)) if p is not None]
    return Norms(thresholds, workshops, statistics.median(pay) if pay else None)


# -- the store as a whole ----------------------------------------------------------------------------


def is_empty(connection: Connection) -> bool:
    """No community, person or employer yet."""
    return all(
        connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
        for table in (Community, Person, Employer)
    )


def remembered_mappings(connection: Connection) -> dict[str, tuple[str, dict[str, str | None]]]:
    """Header fingerprint → (sheet, mapping) as last confirmed."""
    t = HeaderMapping
    rows = connection.execute(select(t.fingerprint, t.sheet, t.mapping).order_by(t.at, t.id))
    return {fingerprint: (sheet, mapping) for fingerprint, sheet, mapping in rows}


def remembered_platforms(connection: Connection) -> dict[str, str]:
    """Header fingerprint → the recruitment platform whose export had these headers last."""
    t = HeaderMapping
    rows = connection.execute(select(t.fingerprint, t.platform).where(t.platform.is_not(None)).order_by(t.at, t.id))
    return {fingerprint: platform for fingerprint, platform in rows if platform is not None}


def remembered_people(connection: Connection) -> dict[str, int]:
    """Fingerprint of a row without ID number → the person whom an import in force took it for; the newest import wins."""
    mappings = connection.scalars(
        select(ImportBatch.mapping).where(ImportBatch.state == BatchState.COMMITTED).order_by(ImportBatch.id)
    )
    people: dict[str, int] = {}
    for mapping in mappings:
        people |= mapping.get("people", {})
    now = former_numbers(connection)
    return {fingerprint: now.get(person, person) for fingerprint, person in people.items()}


def header_mapping_id(connection: Connection, sheet: str, fingerprint: str) -> int | None:
    """The remembered mapping of one header line, if any."""
    t = HeaderMapping
    return connection.execute(select(t.id).where(t.sheet == sheet, t.fingerprint == fingerprint)).scalar_one_or_none()


# -- batches -----------------------------------------------------------------------------------------


def batches(connection: Connection) -> pd.DataFrame:
    """Every import, newest first: id, sheet, file_name, sha256, mapping, counts, actor, at, state, undone_at/by."""
    return frame(connection, select(*ImportBatch.__table__.columns).order_by(ImportBatch.id.desc()))


def batch_state(connection: Connection, batch_id: int) -> BatchState | None:
    """Whether a batch is in force; None where there is no such batch."""
    return connection.scalar(select(ImportBatch.state).where(ImportBatch.id == batch_id))


def undo_reasons(connection: Connection) -> dict[int, str]:
    """Batch → why it was undone, as the log keeps it."""
    t = AuditEvent
    rows = connection.execute(select(t.entity_id, t.after).where(t.entity == UNDO, since_emptied()).order_by(t.id))
    return {int(batch): after["reason"] for batch, after in rows}


def batch_events(connection: Connection, batch_id: int, action: str) -> list[Any]:
    """Audit rows that an import left, in order: id, entity, entity_id, before, after."""
    t = AuditEvent
    return list(
        connection.execute(
            select(t.id, t.entity, t.entity_id, t.before, t.after)
            .where(t.batch_id == batch_id, t.action == action, since_emptied())
            .order_by(t.id)
        )
    )


def later_events(connection: Connection, after_id: int, batch_id: int, entities: Collection[str]) -> list[Any]:
    """Who touched rows of ``entities`` after an import, leaving out imports that were undone since."""
    t = AuditEvent
    undone = select(ImportBatch.id).where(ImportBatch.state == BatchState.UNDONE)
    return list(
        connection.execute(
            select(t.entity, t.entity_id, t.actor, t.at, t.batch_id)
            .where(t.id > after_id, t.entity.in_(entities))
            .where((t.batch_id.is_(None)) | ((t.batch_id != batch_id) & t.batch_id.not_in(undone)))
            .order_by(t.id)
        )
    )


def referring(connection: Connection, table: Any, column: Any, ids: Sequence[int]) -> list[tuple[int, int]]:
    """(id of the referring row, id that it refers to) for rows of ``table`` whose ``column`` is one of ``ids``."""
    pairs: list[tuple[int, int]] = []
    for some in _chunks(list(ids)):
        pairs += [(a, b) for a, b in connection.execute(select(table.c.id, column).where(column.in_(some)))]
    return pairs


def community_codes(connection: Connection) -> list[tuple[int, str]]:
    """(id, statistical code) of every community."""
    rows = connection.execute(select(Community.id, Community.code).order_by(Community.id))
    return [(id_, code) for id_, code in rows]
