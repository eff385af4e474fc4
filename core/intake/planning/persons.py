"""Whom a row is about. The keyed hash of the ID number decides; a name with another fact only proposes.

A proposal is never a merge: a person decides, row by row or for the whole file. The same name alone is asked about, but
stops nobody from being registered. Names are compared in a normal form (``core.people.identity.name_key``).
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.intake.findings import Decision, Finding, Level
from core.intake.planning.parsed_rows import CLEARED, ParsedRow
from core.intake.planning.statements import Candidate, PersonKeys
from core.locale.romanized import romanized
from core.people.identity import id_hash, name_key
from core.terms import Agreement, Sex

__all__ = ["PERSON_FACTS", "Answer", "Identification", "PersonIndex", "compare_sound", "person_keys", "row_fingerprint"]

PERSON_FACTS = ("id_hash", "id_last4", "name", "sex", "phone", "phone_2", "birth_date", "community_id")
"""Stored fields by which people are told apart."""

Answer = Decision | int
"""A person's answer about a row: a decision, or the id of the known person whom it means."""


@dataclass(frozen=True)
class Identification:
    """The person of a row: an id (negative: a new person), or None with an error among ``findings``.

    ``was_asked``: who it is was a question, so that the answer should be remembered.
    """

    person_id: int | None
    findings: tuple[Finding, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    is_undecided: bool = False
    was_asked: bool = False


class PersonIndex:
    """Stored people and those that the file brings, by ID number and by name."""

    def __init__(
        self,
        stored: Iterable[Mapping[str, Any]],
        new_id: Callable[[tuple[Any, ...]], int],
        remembered: Mapping[str, int],
    ) -> None:
        """``remembered``: fingerprint of a row → the person whom a former import took it for."""
        self.new_id, self.remembered = new_id, remembered
        self.by_hash: dict[str, int] = {}
        self.by_name: dict[str, list[int]] = defaultdict(list)
        self.facts: dict[int, Mapping[str, Any]] = {}
        self.brought_by: dict[int, int] = {}
        self.by_row: dict[str, int] = {}
        for row in stored:
            self._add(row["id"], row)

    def _add(self, person_id: int, facts: Mapping[str, Any]) -> None:
        if facts["id_hash"]:
            self.by_hash[facts["id_hash"]] = person_id
        self.by_name[name_key(facts["name"])].append(person_id)
        self.facts[person_id] = facts

    def identify(
        self,
        row: ParsedRow,
        keys: PersonKeys,
        answer: Answer | None,
        otherwise: Decision | None,
        fingerprint: str | None,
        *,
        create: bool,
    ) -> Identification:
        """Whom ``row`` is about.

        ``answer``: a person's answer about this row, where it is a question; ``otherwise``: the one about all rows that
        fit someone by name and another fact, never about a number that may be somebody else's. ``fingerprint``: what the
        row is remembered by, None for one with an ID number.
        """
        if keys.id_hash is not None and keys.id_hash in self.by_hash:
            return self._of_known_number(row, keys, answer, self.by_hash[keys.id_hash])
        if fingerprint is not None:
            if fingerprint in self.by_row:
                return Identification(self.by_row[fingerprint])
            if self.remembered.get(fingerprint) in self.facts and answer is None:
                return Identification(self.remembered[fingerprint], was_asked=True)
        candidates = self.candidates(keys)
        identification = self._choose(row, keys, answer or otherwise, candidates, create=create)
        if identification.person_id is None and not identification.findings:
            new = self._new_person(row, keys)
            is_weak = keys.id_hash is None and keys.phone is None and keys.last4 is None
            identification = Identification(
                new, self._same_name(row, candidates), tuple(candidates), was_asked=bool(candidates) or is_weak
            )
        if identification.person_id is not None and fingerprint is not None and not identification.is_undecided:
            self.by_row[fingerprint] = identification.person_id
        return identification

    def _of_known_number(
        self, row: ParsedRow, keys: PersonKeys, answer: Answer | None, person_id: int
    ) -> Identification:
        """A known ID number. Another name or sex beside it may mean that the number is somebody else's: a decision."""
        known = self.facts[person_id]
        is_other_name = name_key(known["name"]) != name_key(keys.name)
        is_other_sex = keys.sex is not None and keys.sex is not keys.sex_of_id
        if not (is_other_name or is_other_sex):
            return Identification(person_id)
        code, values = ("other_name", {"name": known["name"]}) if is_other_name else ("other_sex", {})
        candidate = self._candidate(person_id, keys)
        if answer is Decision.NEW_PERSON:
            return Identification(None, (_finding(row, code, **values),), (candidate,))
        is_decided = answer is Decision.SAME_PERSON or answer == person_id
        level = Level.NOTE if is_decided else Level.WARNING
        return Identification(person_id, (_finding(row, code, level, **values),), (candidate,), not is_decided)

    def _choose(
        self, row: ParsedRow, keys: PersonKeys, answer: Answer | None, candidates: list[Candidate], *, create: bool
    ) -> Identification:
        """One of the candidates, decided or proposed; no id and no finding for a new person."""
        likely = [candidate for candidate in candidates if candidate.agreeing]
        if not create and not likely:
            likely = candidates  # a ledger can't register anybody: the name alone is worth a question
        if isinstance(answer, int):
            if any(candidate.id == answer for candidate in candidates):
                return Identification(answer, (), tuple(candidates), was_asked=True)
            answer = None
        if answer is Decision.NEW_PERSON or not likely:
            if not create:
                return Identification(None, (_finding(row, "unknown_person", by=_compared_by(keys)),))
            return Identification(None)
        best = _best(likely)
        if answer is Decision.SAME_PERSON and best is None:
            by = likely[0].by
            return Identification(None, (_finding(row, "several_people", count=len(likely), by=by),), tuple(likely))
        chosen = best or likely[0]
        if chosen.id < 0 and len(likely) == 1 and {"phone", "last4"} & set(chosen.agreeing):
            return Identification(chosen.id)  # two rows of one file about one person
        is_undecided = answer is None
        level = Level.WARNING if is_undecided else Level.NOTE
        finding = _finding(row, "review_person", level, by=chosen.by)
        # until it is decided, two rows of one file are two people: what they say need not agree
        person = self._new_person(row, keys) if is_undecided and chosen.id < 0 and create else chosen.id
        return Identification(person, (finding,), tuple(likely), is_undecided, was_asked=True)

    def _same_name(self, row: ParsedRow, candidates: list[Candidate]) -> tuple[Finding, ...]:
        if not candidates:
            return ()
        return (_finding(row, "same_name", Level.WARNING, count=len(candidates)),)

    def candidates(self, keys: PersonKeys) -> list[Candidate]:
        """People of the same name whom nothing certain sets apart from the row."""
        candidates = []
        for person_id in self.by_name.get(name_key(keys.name), ()):
            facts = self.facts[person_id]
            if keys.id_hash is not None and facts["id_hash"]:
                continue  # two different ID numbers: two people
            candidate = self._candidate(person_id, keys)
            if candidate.facts["last4"] is not Agreement.DIFFERS:
                candidates.append(candidate)
        return candidates

    def _candidate(self, person_id: int, keys: PersonKeys) -> Candidate:
        known = self.facts[person_id]
        phones = [phone for phone in (known["phone"], known["phone_2"]) if phone]
        compared = {
            "name": _compare(name_key(keys.name), [name_key(known["name"])]),
            "phone": _compare(keys.phone, phones),
            "last4": _compare(keys.last4, [known["id_last4"]]),
            "birth": _compare(_month(keys.birth), [_month(known["birth_date"])]),
            "community": _compare(keys.community, [known["community_id"]]),
        }
        return Candidate(
            id=person_id,
            name=known["name"],
            phone=known["phone"],
            last4=known["id_last4"],
            birth=known["birth_date"],
            community=known["community_id"],
            facts=compared,
            row=self.brought_by.get(person_id),
        )

    def _new_person(self, row: ParsedRow, keys: PersonKeys) -> int:
        person_id = self.new_id(("id", keys.id_hash) if keys.id_hash else ("row", row.number))
        self.brought_by[person_id] = row.number
        facts = {
            "id_hash": keys.id_hash,
            "id_last4": keys.last4,
            "name": keys.name,
            "sex": keys.sex,
            "phone": keys.phone,
        }
        self._add(person_id, facts | {"phone_2": None, "birth_date": keys.birth, "community_id": keys.community})
        return person_id


def _best(candidates: list[Candidate]) -> Candidate | None:
    """The only candidate, or the only one that agrees in phone or last four, or in most facts; None if several do."""
    for wanted in ({"phone", "last4"}, {"phone"}, {"last4"}, set[str]()):
        matching = [candidate for candidate in candidates if wanted <= set(candidate.agreeing)]
        if len(matching) == 1:
            return matching[0]
        if matching and wanted:
            return None
    return None


def compare_sound(name: str, other: str) -> Agreement:
    """Whether two names sound alike without tones: such names are often one person, misspelt."""
    sounds = {romanized(name_key(text)).casefold() for text in (name, other)}
    return Agreement.AGREES if len(sounds) == 1 else Agreement.DIFFERS


def _compare(given: Any, known: list[Any]) -> Agreement:
    present = [value for value in known if value is not None]
    if given is None or not present:
        return Agreement.UNKNOWN
    return Agreement.AGREES if given in present else Agreement.DIFFERS


def _month(day: date | None) -> tuple[int, int] | None:
    """Sheets often give the month of birth only."""
    return None if day is None else (day.year, day.month)


def person_keys(row: ParsedRow, hmac_key: bytes) -> PersonKeys:
    """What a row says of its person: name, hashed ID number, sex, phone, last four, birth and community."""
    values = {code: value for code, value in row.values.items() if value is not CLEARED}
    card, phone, address = values.get("id_number"), values.get("phone"), values.get("address")
    number, last4 = (card["number"], card["id_last4"]) if isinstance(card, dict) else (None, values.get("id_last4"))
    community = values.get("community", address.get("community_id") if isinstance(address, dict) else None)
    birth = card["birth_date"] if isinstance(card, dict) else values.get("birth")
    sex = values.get("sex")
    return PersonKeys(
        name=values["name"],
        id_hash=None if number is None else id_hash(hmac_key, number),
        sex_of_id=card["sex"] if isinstance(card, dict) else None,
        sex=sex if isinstance(sex, Sex) else None,
        phone=phone.get("phone") if isinstance(phone, dict) else None,
        last4=last4 if isinstance(last4, str) else None,
        birth=birth if isinstance(birth, date) else None,
        community=community if isinstance(community, int) else None,
    )


def row_fingerprint(row: ParsedRow, sheet: str, hmac_key: bytes) -> str:
    """Equal for rows of a kind of sheet that say the same; under the server's key, for rows hold personal data."""
    content = repr((sheet, sorted((code, repr(value)) for code, value in row.values.items())))
    return hmac.new(hmac_key, content.encode(), hashlib.sha256).hexdigest()[:32]


def _compared_by(keys: PersonKeys) -> str:
    if keys.id_hash:
        return "id"
    return {(True, True): "both", (True, False): "phone", (False, True): "last4", (False, False): "name"}[
        (keys.phone is not None, keys.last4 is not None)
    ]


def _finding(row: ParsedRow, code: str, level: Level = Level.ERROR, **values: object) -> Finding:
    return Finding(code, level, row.number, values=values)
