"""Who a line is about. The keyed hash of the ID number decides; a name with phone or last four only proposes.

A proposal is never a merge: a person decides whether it is the same, line by line or for the whole file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.intake.findings import Decision, Finding, Level
from core.intake.planning.parsed_rows import Line
from core.people.identity import id_hash

__all__ = ["Candidate", "Clues", "Persons", "clues_of"]


class Clues(NamedTuple):
    """What a line says about the person."""

    name: str
    number: str | None
    """Full ID number, as its hash."""
    phone: str | None
    last4: str | None


@dataclass(frozen=True)
class Candidate:
    """A known person whom a line may mean; ``by`` says what they have in common."""

    id: int
    name: str
    phone: str | None
    last4: str | None
    by: str


class Persons:
    """Index of stored people and of those that the file brings."""

    def __init__(self, stored: Iterable[Mapping[str, Any]], new_id: Callable[[tuple[Any, ...]], int]) -> None:
        self.by_hash: dict[str, int] = {}
        self.by_name: dict[str, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
        self.names: dict[int, str] = {}
        self.new_id = new_id
        for row in stored:
            self._remember(row["id"], row)

    def _remember(self, person: int, row: Mapping[str, Any]) -> None:
        if row["id_hash"]:
            self.by_hash[row["id_hash"]] = person
        self.by_name[row["name"]].append((person, row))
        self.names[person] = row["name"]

    def identify(
        self, line: Line, clues: Clues, decision: Decision | None, *, create: bool
    ) -> tuple[int | None, list[Finding]]:
        """The person of a line (negative: a new one), or None with the reason."""
        if clues.number is not None and clues.number in self.by_hash:
            found = self.by_hash[clues.number]
            if self.names[found] != clues.name:
                return found, [_finding(line, "other_name", Level.WARNING, name=self.names[found])]
            return found, []
        candidates = self._candidates(clues)
        if len(candidates) > 1:
            return None, [_finding(line, "several_people", count=len(candidates), by=candidates[0].by)]
        if candidates and decision is not Decision.NEW_PERSON:
            line.candidates = tuple(candidates)
            line.undecided = decision is None
            level = Level.WARNING if decision is None else Level.NOTE
            return candidates[0].id, [_finding(line, "review_person", level, by=candidates[0].by)]
        if not create:
            return None, [_finding(line, "unknown_person", by=_by(clues))]
        return self._new(clues), []

    def _candidates(self, clues: Clues) -> list[Candidate]:
        found = []
        for person, row in self.by_name.get(clues.name, ()):
            if clues.number is not None and row["id_hash"]:
                continue  # two different ID numbers: two people
            if clues.last4 and row["id_last4"] and clues.last4 != row["id_last4"]:
                continue
            same_phone = clues.phone is not None and clues.phone in (row["phone"], row["phone_2"])
            same_last4 = clues.last4 is not None and clues.last4 == row["id_last4"]
            nothing_else = clues.phone is None and clues.last4 is None
            if same_phone or same_last4 or nothing_else:
                by = (
                    "both"
                    if same_phone and same_last4
                    else "phone"
                    if same_phone
                    else "last4"
                    if same_last4
                    else "name"
                )
                found.append(Candidate(person, row["name"], row["phone"], row["id_last4"], by))
        best = [candidate for candidate in found if candidate.by == "both"]
        return best if len(best) == 1 else found

    def _new(self, clues: Clues) -> int:
        """A new person; the same clues in a later line mean the same one."""
        key = ("id", clues.number) if clues.number else ("name", clues.name, clues.phone, clues.last4)
        person = self.new_id(key)
        if person not in self.names:
            facts = {"id_hash": clues.number, "id_last4": clues.last4, "name": clues.name, "phone": clues.phone}
            if clues.number:
                self._remember(person, facts | {"phone_2": None})
            self.names[person] = clues.name
        return person


def clues_of(line: Line, key: bytes) -> Clues:
    """Name, hashed number, phone and last four that a line gives."""
    card, phone = line.values.get("id_number"), line.values.get("phone")
    number = id_hash(key, card["number"]) if isinstance(card, dict) else None
    last4 = card["id_last4"] if isinstance(card, dict) else line.values.get("id_last4")
    return Clues(
        name=line.values["name"],
        number=number,
        phone=phone.get("phone") if isinstance(phone, dict) else None,
        last4=last4 if isinstance(last4, str) else None,
    )


def _by(clues: Clues) -> str:
    if clues.number:
        return "id"
    return {(True, True): "both", (True, False): "phone", (False, True): "last4"}.get(
        (clues.phone is not None, clues.last4 is not None), "name"
    )


def _finding(line: Line, code: str, level: Level = Level.ERROR, **values: object) -> Finding:
    return Finding(code, level, line.number, values=values)
