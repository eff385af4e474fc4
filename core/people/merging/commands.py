"""Make several records of one person one, and take them apart again exactly.

with command(db, actor=access, action=Action.MERGE_PEOPLE, at=now) as change:
    merge_id = merge(change, keep=17, others=[23], versions={17: 3, 23: 1}, today=today)
with command(db, actor=access, action=Action.UNMERGE_PEOPLE, at=later) as change:
    unmerge(change, merge_id)
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError

from core.people.merging import queries
from core.people.merging.fields import merged_values
from core.people.merging.plan import Edit, MergePlan, plan_merge, references
from core.people.merging.rules import Row
from core.store.commands import Change, Conflict, NotFound, ProblemRefused, as_json, from_json
from core.store.schema import Base, DistinctPair, Person, PersonAlias, PersonMerge
from core.terms import Term

__all__ = [
    "MergeProblem",
    "MergeRefused",
    "Obstacle",
    "UnmergeProblem",
    "UnmergeRefused",
    "forget_decision",
    "merge",
    "tell_apart",
    "unmerge",
]

PERSON = Person.__tablename__


class MergeProblem(Term):
    """Why records are left apart."""

    NOBODY_ELSE = "nobody_else", "请选择至少两份档案", "choose at least two records"
    ANONYMISED = "anonymised", "已匿名的档案不能合并", "an anonymised record cannot be merged"


class UnmergeProblem(Term):
    """Why a merge stays."""

    UNDONE = "undone", "该合并已撤销", "this merge has been undone already"
    ERASED = (
        "erased",
        "该人员信息已匿名，合并前的记录不再保存",
        "the person was anonymised, so the records of before are gone",
    )
    ALTERED = "altered", "合并前记录的校验码不符", "the kept records of before do not fit their seal"
    LATER_MERGE = (
        "later_merge",
        "之后又有合并，请先撤销编号较大的合并",
        "a later merge builds on it: undo that one first",
    )
    CHANGED = "changed", "合并后有关记录已被修改或删除", "rows that the merge changed were changed or deleted since"
    TAKEN = "taken", "合并前的记录与现有记录重复", "a record of before would repeat one that exists now"


class MergeRefused(ProblemRefused):
    """Nothing was merged."""

    problem: MergeProblem


@dataclass(frozen=True)
class Obstacle:
    """A row that was changed or deleted since the merge."""

    table: str
    row_id: int


class UnmergeRefused(ProblemRefused):
    """Nothing was undone. ``obstacles``: rows that are not as the merge left them; ``later``: merges that changed them."""

    problem: UnmergeProblem

    def __init__(self, problem: UnmergeProblem, obstacles: Sequence[Obstacle] = (), later: Sequence[int] = ()) -> None:
        super().__init__(problem)
        self.obstacles, self.later = tuple(obstacles), tuple(later)


def merge(
    change: Change,
    *,
    keep: int,
    others: Sequence[int],
    versions: Mapping[int, int],
    today: date,
    choices: Mapping[str, int] | None = None,
    reason: str = "",
) -> int:
    """The records ``others`` become the record ``keep``; returns the number of the merge.

    ``choices``: field (``core.people.merging.fields``) → person whose value stays. ``versions``: as the form showed the
    records. Raises NotFound for somebody who does not exist or is not in the scope of who acts, Conflict where a record
    was changed meanwhile, MergeRefused.
    """
    gone = [person for person in dict.fromkeys(others) if person != keep]
    if not gone:
        raise MergeRefused(MergeProblem.NOBODY_ELSE)
    connection = change.session.connection()
    people = _checked_people(change, [keep, *gone], versions)
    plan = plan_merge(keep, gone, queries.reader(connection))
    values = merged_values(keep, people, choices or {})
    stored = {name: people[keep][name] for name in values}
    own = {name: value for name, value in values.items() if value != stored[name]}
    _apply(change, plan, [people[person] for person in gone])
    if own:
        change.edit_all(Person, [(keep, {name: stored[name] for name in own}, own)])
    images = {"keep": keep} | _images(plan, [people[person] for person in gone], {n: stored[n] for n in own}, own)
    merge_id = int(
        change.add(
            PersonMerge(
                person_id=keep,
                others=gone,
                merged_on=today,
                merged_at=change.at,
                author=change.actor,
                reason=reason.strip() or None,
                images=images,
                sha256=_seal(images),
            )
        )
    )
    hashes = {person: people[person]["id_hash"] for person in (keep, *gone)}
    aliases = [
        {
            "person_id": keep,
            "old_id": person,
            "id_hash": None if hashes[person] == values["id_hash"] else hashes[person],
        }
        for person in (keep, *gone)
        if person != keep or hashes[keep] not in (None, values["id_hash"])
    ]
    change.add_all(PersonAlias, [alias | {"merge_id": merge_id} for alias in aliases])
    change.session.expire_all()  # rows were changed beside the session
    return merge_id


def unmerge(change: Change, merge_id: int) -> None:
    """Every row as it was before the merge; what was recorded since stays with the record that was kept.

    A row that the merge took away gets another id where its own was given to a new row since. Raises NotFound,
    UnmergeRefused; nothing is changed then.
    """
    record = change.session.get(PersonMerge, merge_id)
    if record is None:
        raise NotFound(f"{PersonMerge.__tablename__} {merge_id}")
    change.check_person(record.person_id)
    images = _checked_images(change, record)
    try:
        _restore(change, record.person_id, images)
    except IntegrityError:
        raise UnmergeRefused(UnmergeProblem.TAKEN) from None
    t = PersonAlias.__table__
    own = change.session.connection().execute(select(t).where(t.c.merge_id == merge_id)).mappings().all()
    change.remove_all(PersonAlias, [(row["id"], {n: v for n, v in row.items() if n != "id"}) for row in own])
    change.session.expire_all()
    change.edit(PersonMerge, merge_id, {"undone_at": change.at, "undone_by": change.actor})


def tell_apart(change: Change, person_id: int, other_id: int, *, today: date) -> None:
    """Remember that two people are not the same; they are not proposed again."""
    change.check_person(other_id)
    t = DistinctPair
    first, second = sorted((person_id, other_id))
    known = select(t.id).where(
        ((t.person_id == first) & (t.other_id == second)) | ((t.person_id == second) & (t.other_id == first))
    )
    if change.session.scalar(known) is None:
        change.add(DistinctPair(person_id=first, other_id=second, decided_on=today, author=change.actor))


def forget_decision(change: Change, pair_id: int) -> None:
    """Two people may be proposed again. NotFound."""
    row = change.session.get(DistinctPair, pair_id)
    if row is None:
        raise NotFound(f"{DistinctPair.__tablename__} {pair_id}")
    names = ("person_id", "other_id", "decided_on", "author")
    change.remove_all(DistinctPair, [(pair_id, {name: getattr(row, name) for name in names})])
    change.session.expire(row)


def _checked_people(change: Change, ids: Sequence[int], versions: Mapping[int, int]) -> dict[int, Row]:
    for person in ids:
        change.check_person(person)
    people = queries.people(change.session.connection(), ids)
    for person, row in people.items():
        if row["anonymised_on"] is not None:
            raise MergeRefused(MergeProblem.ANONYMISED)
        if row["version"] != versions[person]:
            raise Conflict(PERSON, person, row["version"])
    return people


def _apply(change: Change, plan: MergePlan, gone: Sequence[Row]) -> None:
    tables = _mapped()
    by_table: dict[str, list[Edit]] = defaultdict(list)
    for edit in plan.edits:
        by_table[edit.table].append(edit)
    for name, edits in by_table.items():
        change.edit_all(tables[name], [(edit.id, edit.before, edit.after) for edit in edits])
    for name, row in plan.removed:
        change.remove_all(tables[name], [(row["id"], _content(tables[name], row))])
    change.remove_all(Person, [(row["id"], _content(Person, row)) for row in gone])


def _content(table: type[Base], row: Row) -> dict[str, Any]:
    """What the log keeps of a deleted row."""
    columns = table.__table__.c
    return {name: value for name, value in row.items() if columns[name].info.get("audited", True)}


def _images(plan: MergePlan, gone: Sequence[Row], before: Row, after: Row) -> dict[str, Any]:
    def plain(row: Row) -> dict[str, Any]:
        return {name: as_json(value) for name, value in row.items()}

    return {
        "kept": [plain(before), plain(after)],
        "people": [plain(row) for row in gone],
        "edits": [[edit.table, edit.id, plain(edit.before), plain(edit.after)] for edit in plan.edits],
        "removed": [[table, plain(row)] for table, row in plan.removed],
    }


def _seal(images: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(images, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _checked_images(change: Change, record: PersonMerge) -> Mapping[str, Any]:
    """What a merge kept, once nothing stands against going back to it."""
    if record.undone_at is not None:
        raise UnmergeRefused(UnmergeProblem.UNDONE)
    images = record.images
    if images is None:
        raise UnmergeRefused(UnmergeProblem.ERASED)
    if _seal(images) != record.sha256:
        raise UnmergeRefused(UnmergeProblem.ALTERED)
    connection = change.session.connection()
    obstacles = _obstacles(connection, record.person_id, images)
    if obstacles or record.person_id != images["keep"]:
        rows = {(PersonMerge.__tablename__, record.id), *((row.table, row.row_id) for row in obstacles)}
        later = [key for key, other in queries.images_after(connection, record.id) if _touched(other) & rows]
        problem = UnmergeProblem.LATER_MERGE if later else UnmergeProblem.CHANGED
        raise UnmergeRefused(problem, tuple(obstacles), tuple(later))
    return images


def _touched(images: Mapping[str, Any]) -> set[tuple[str, int]]:
    """(table, id) of every row that a merge changed or took away."""
    return {(table, key) for table, key, *_ in images["edits"]} | {
        (table, row["id"]) for table, row in images["removed"]
    }


def _obstacles(connection: Any, keep: int, images: Mapping[str, Any]) -> list[Obstacle]:
    wanted: dict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    wanted[PERSON][keep] = images["kept"][1]
    for name, key, _, after in images["edits"]:
        wanted[name][key] = after
    obstacles = []
    for name, rows in wanted.items():
        stored = queries.rows_by_id(connection, Base.metadata.tables[name], rows)
        for key, after in rows.items():
            row = stored.get(key)
            if row is None or any(as_json(row[column]) != value for column, value in after.items()):
                obstacles.append(Obstacle(name, key))
    return obstacles


def _restore(change: Change, keep: int, images: Mapping[str, Any]) -> None:
    tables = _mapped()
    before, after = images["kept"]
    if after:
        change.edit_all(Person, [(keep, from_json(Person, after), from_json(Person, before))])
    change.add_all(Person, [from_json(Person, row) for row in images["people"]])
    fresh: dict[str, dict[int, int]] = defaultdict(dict)
    for name, row in reversed(images["removed"]):  # rows below others come last
        table = Base.metadata.tables[name]
        values = _refreshed(table, from_json(tables[name], row), fresh)
        if queries.rows_by_id(change.session.connection(), table, [row["id"]]):
            del values["id"]
        [key] = change.add_all(tables[name], [values])
        fresh[name][row["id"]] = key
    for name, group in _grouped(images["edits"]):
        table = Base.metadata.tables[name]
        edits = [
            (key, from_json(tables[name], now), _refreshed(table, from_json(tables[name], then), fresh))
            for key, then, now in group
        ]
        change.edit_all(tables[name], edits)


def _grouped(edits: Iterable[Sequence[Any]]) -> Iterable[tuple[str, list[Sequence[Any]]]]:
    by_table: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for name, *rest in edits:
        by_table[name].append(rest)
    return by_table.items()


def _refreshed(table: Table, values: dict[str, Any], fresh: Mapping[str, Mapping[int, int]]) -> dict[str, Any]:
    """``values`` with references to rows that came back under another id."""
    for column, parent in references(table, fresh):
        if column in values:
            values[column] = fresh[parent].get(values[column], values[column])
    return values


def _mapped() -> dict[str, type[Base]]:
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
