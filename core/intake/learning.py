"""Words that a bureau teaches the import: a header or a value that was mapped by hand is read like that from then on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.intake.findings import Finding
from core.intake.parsing.text import key
from core.intake.parsing.vocabulary import Vocabulary
from core.policy import Access, Action
from core.store.commands import Change, NotFound, command
from core.store.database import Database
from core.store.schema import HeaderMapping, LearntWord
from core.terms import Term

__all__ = [
    "UnknownWord",
    "allowed_words",
    "forget_headers",
    "forget_word",
    "learn_headers",
    "learn_word",
    "unknown_words",
]


@dataclass(frozen=True)
class UnknownWord:
    """A value of the file that no list knows. ``scope``: kind of word, or name of the term's class."""

    scope: str
    text: str
    column: str
    rows: int
    suggestion: str | None


def unknown_words(findings: Iterable[Finding]) -> list[UnknownWord]:
    """The values that a list does not know, each once, the commonest first."""
    words: dict[tuple[str, str], UnknownWord] = {}
    for finding in findings:
        scope, text = finding.values.get("scope"), finding.values.get("value")
        if isinstance(scope, str) and isinstance(text, str):
            known = words.get((scope, key(text)))
            rows = 1 if known is None else known.rows + 1
            words[scope, key(text)] = UnknownWord(scope, text, finding.column or "", rows, finding.suggestion)
    return sorted(words.values(), key=lambda word: -word.rows)


def allowed_words(scope: str, words: Vocabulary) -> tuple[str, ...]:
    """The accepted words of a scope, from which a person chooses."""
    if scope in words.kinds:
        return words.labels(scope)
    terms = {term.__name__: term for term in Term.__subclasses__()}
    return tuple(member.zh for member in terms[scope])


def learn_word(db: Database, scope: str, text: str, meaning: str, actor: Access, at: datetime) -> None:
    """Read ``text`` as ``meaning`` wherever ``scope`` is asked for."""
    with command(db, actor=actor, action=Action.LEARN_WORD, at=at) as change:
        _learn(change, scope, text, meaning, is_header=False)


def learn_headers(change: Change, sheet: str, headers: Mapping[str, str]) -> None:
    """Header → column code of a kind of sheet, inside a running command."""
    for text, code in headers.items():
        _learn(change, sheet, text, code, is_header=True)


def forget_headers(change: Change, sheet: str, headers: Iterable[str]) -> None:
    """Read headers of a kind of sheet no longer as they were taught, inside a running command."""
    t = LearntWord
    spellings = [key(text)[:200] for text in headers]
    for word in change.session.scalars(select(t).where(t.scope == sheet, t.is_header, t.text.in_(spellings))).all():
        _forget(change, word)


def forget_word(db: Database, word_id: int, actor: Access, at: datetime) -> None:
    """Read a word no longer as it was taught; raises NotFound if it is gone already."""
    with command(db, actor=actor, action=Action.FORGET_WORD, at=at) as change:
        row = change.session.get(LearntWord, word_id)
        if row is None:
            raise NotFound(f"learnt word {word_id}")
        _forget(change, row)


def _forget(change: Change, word: LearntWord) -> None:
    """Remove a word; a header also from the mappings of whole files, which would propose it again."""
    if word.is_header:
        for known in change.session.scalars(select(HeaderMapping).where(HeaderMapping.sheet == word.scope)).all():
            taught = {h for h, code in known.mapping.items() if code == word.meaning and key(h)[:200] == word.text}
            change.edit(HeaderMapping, known.id, {"mapping": known.mapping | dict.fromkeys(taught)})
    content = {column.key: getattr(word, column.key) for column in LearntWord.__table__.columns}
    change.remove_all(LearntWord, [(word.id, content)])


def _learn(change: Change, scope: str, text: str, meaning: str, *, is_header: bool) -> None:
    spelling = key(text)[:200]
    known = change.session.scalar(
        select(LearntWord).where(
            LearntWord.scope == scope, LearntWord.is_header == is_header, LearntWord.text == spelling
        )
    )
    if known is None:
        values = {"scope": scope, "is_header": is_header, "text": spelling, "meaning": meaning}
        change.add(LearntWord(**values, actor=change.actor, at=change.at))
    elif known.meaning != meaning:
        change.edit(LearntWord, known.id, {"meaning": meaning, "actor": change.actor, "at": change.at})
