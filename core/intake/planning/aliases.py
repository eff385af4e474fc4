"""Rows that speak of something stored under another key: known by a number, or merged into another since.

Each function takes the statements of an entity with their natural keys, the store and the context of the import, and
returns them with the keys of the stored rows that they mean. Statements about what was merged into another only fill gaps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.intake.planning.derivations import Context
from core.intake.planning.statements import Statement, StoreReader
from core.store.schema import Job, JobSource

__all__ = ["ALIASES"]

Key = tuple[Any, ...]
Keyed = Sequence[tuple[Key, Statement]]
OPENING_KEY = ("employer_id", "title", "posted_on")


def openings_known_before(keyed: Keyed, store: StoreReader, context: Context) -> list[tuple[Key, Statement]]:
    """An opening with the number of its platform is the stored one of that number, whatever it is called or dated today;
    one that was merged into another is that other."""
    postings = {_posting(statement, context) for _, statement in keyed} - {None}
    known = {
        (row["platform"], row["number"]): row
        for row in store.load(
            JobSource,
            {"platform", "number", "job_id", "leads"},
            "number",
            {number for _, number in filter(None, postings)},
        )
    }
    employers = {key[0] for key, _ in keyed if key[0] > 0}
    fields = {*OPENING_KEY, "merged_into_id"}
    stored = {row["id"]: row for row in store.load(Job, fields, "employer_id", employers)}
    missing = {row["job_id"] for row in known.values()} - stored.keys()
    missing |= {row["merged_into_id"] for row in stored.values()} - stored.keys() - {None}
    while missing:
        stored |= {row["id"]: row for row in store.load(Job, fields, "id", missing)}
        missing = {row["merged_into_id"] for row in stored.values()} - stored.keys() - {None}
    merged = {_key(row): row["id"] for row in stored.values() if row["merged_into_id"] is not None}
    in_file: dict[tuple[str, str], Key] = {}
    answer = []
    for key, statement in keyed:
        posting = _posting(statement, context)
        source = known.get(posting) if posting is not None else None
        leads = source is None or bool(source["leads"])
        job = merged.get(key) if source is None else source["job_id"]
        if job is None:
            own_key = key if posting is None else in_file.setdefault(posting, key)
            answer.append((own_key, _about(statement, own_key, leads=True)))
            continue
        while stored[job]["merged_into_id"] is not None:
            job, leads = stored[job]["merged_into_id"], False
        answer.append((_key(stored[job]), _about(statement, _key(stored[job]), leads=leads)))
    return answer


def _posting(statement: Statement, context: Context) -> tuple[str, str] | None:
    """(platform, number) of the row, if it has both."""
    values = statement.source.values
    platform, number = values.get("platform") or context.platform, values.get("number")
    return (platform, number) if isinstance(platform, str) and isinstance(number, str) else None


def _key(row: Mapping[str, Any]) -> Key:
    return tuple(row[name] for name in OPENING_KEY)


def _about(statement: Statement, key: Key, *, leads: bool) -> Statement:
    """``statement`` about the row of this key; where it does not lead, all else only fills gaps."""
    named = dict(zip(OPENING_KEY, key, strict=True))
    if leads:
        return replace(statement, sets=statement.sets | named)
    statement.source.only_fills = True
    gaps = {name: value for name, value in statement.sets.items() if name not in named and name not in STATES}
    return replace(statement, sets=named, fills=statement.fills | gaps, stated=frozenset())


STATES = ("status", "openings", "closes_on")
"""What a merged posting says of itself and not of the opening that it turned out to be."""

ALIASES: dict[str, Callable[[Keyed, StoreReader, Context], list[tuple[Key, Statement]]]] = {
    function.__name__: function for function in (openings_known_before,)
}
