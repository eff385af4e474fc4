"""Whom a row is about. The keyed hash of the ID number decides; a name with phone or last four only proposes.

A proposal is never a merge: a person decides whether it is the same, row by row or for the whole file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.intake.findings import Decision, Finding, Level
from core.intake.planning.parsed_rows import ParsedRow
from core.intake.planning.statements import Candidate
from core.people.identity import id_hash

__all__ = ["Identification", "PersonIndex", "PersonKeys", "person_keys"]


class PersonKeys(NamedTuple):
    """What a row says that can tell people apart."""

    name: str
    id_hash: str | None
    """Of the full ID number."""
    phone: str | None
    last4: str | None


@dataclass(frozen=True)
class Identification:
    """The person of a row: an id (negative: a new person), or None with an error among ``findings``."""

    person_id: int | None
    findings: tuple[Finding, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    is_undecided: bool = False


class PersonIndex:
    """Stored people and those that the file brings, by ID number and by name."""

    def __init__(self, stored: Iterable[Mapping[str, Any]], new_id: Callable[[tuple[Any, ...]], int]) -> None:
        self.by_hash: dict[str, int] = {}
        self.by_name: dict[str, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
        self.names: dict[int, str] = {}
        self.new_id = new_id
        for row in stored:
            self._add(row["id"], row)

    def _add(self, person_id: int, row: Mapping[str, Any]) -> None:
        if row["id_hash"]:
            self.by_hash[row["id_hash"]] = person_id
        self.by_name[row["name"]].append((person_id, row))
        self.names[person_id] = row["name"]

    def identify(self, row: ParsedRow, keys: PersonKeys, decision: Decision | None, *, create: bool) -> Identification:
        """Whom ``row`` is about. ``decision``: a person's answer where it fits someone without an ID number."""
        if keys.id_hash is not None and keys.id_hash in self.by_hash:
            person_id = self.by_hash[keys.id_hash]
            if self.names[person_id] == keys.name:
                return Identification(person_id)
            return Identification(person_id, (_finding(row, "other_name", Level.WARNING, name=self.names[person_id]),))
        candidates = self._candidates(keys)
        if len(candidates) > 1:
            return Identification(None, (_finding(row, "several_people", count=len(candidates), by=candidates[0].by),))
        if candidates and decision is not Decision.NEW_PERSON:
            is_undecided = decision is None
            level = Level.WARNING if is_undecided else Level.NOTE
            finding = _finding(row, "review_person", level, by=candidates[0].by)
            return Identification(candidates[0].id, (finding,), tuple(candidates), is_undecided)
        if not create:
            return Identification(None, (_finding(row, "unknown_person", by=_compared_by(keys)),))
        return Identification(self._new_person(keys))

    def _candidates(self, keys: PersonKeys) -> list[Candidate]:
        candidates = []
        for person_id, row in self.by_name.get(keys.name, ()):
            if keys.id_hash is not None and row["id_hash"]:
                continue  # two different ID numbers: two people
            if keys.last4 and row["id_last4"] and keys.last4 != row["id_last4"]:
                continue
            same_phone = keys.phone is not None and keys.phone in (row["phone"], row["phone_2"])
            same_last4 = keys.last4 is not None and keys.last4 == row["id_last4"]
            only_name = keys.phone is None and keys.last4 is None
            if same_phone or same_last4 or only_name:
                by = COMPARED_BY[(same_phone, same_last4)]
                candidates.append(Candidate(person_id, row["name"], row["phone"], row["id_last4"], by))
        best = [candidate for candidate in candidates if candidate.by == "both"]
        return best if len(best) == 1 else candidates

    def _new_person(self, keys: PersonKeys) -> int:
        """The id of a new person; the same keys in a later row mean the same one."""
        key = ("id", keys.id_hash) if keys.id_hash else ("name", keys.name, keys.phone, keys.last4)
        person_id = self.new_id(key)
        if person_id not in self.names:
            if keys.id_hash:
                facts = {"id_hash": keys.id_hash, "id_last4": keys.last4, "name": keys.name, "phone": keys.phone}
                self._add(person_id, facts | {"phone_2": None})
            self.names[person_id] = keys.name
        return person_id


COMPARED_BY = {(True, True): "both", (True, False): "phone", (False, True): "last4", (False, False): "name"}
"""(by phone, by last four) → key of ``findings.BY``."""


def person_keys(row: ParsedRow, hmac_key: bytes) -> PersonKeys:
    """Name, hashed ID number, phone and last four of a row."""
    card, phone = row.values.get("id_number"), row.values.get("phone")
    number, last4 = (card["number"], card["id_last4"]) if isinstance(card, dict) else (None, row.values.get("id_last4"))
    return PersonKeys(
        name=row.values["name"],
        id_hash=None if number is None else id_hash(hmac_key, number),
        phone=phone.get("phone") if isinstance(phone, dict) else None,
        last4=last4 if isinstance(last4, str) else None,
    )


def _compared_by(keys: PersonKeys) -> str:
    return "id" if keys.id_hash else COMPARED_BY[(keys.phone is not None, keys.last4 is not None)]


def _finding(row: ParsedRow, code: str, level: Level = Level.ERROR, **values: object) -> Finding:
    return Finding(code, level, row.number, values=values)
