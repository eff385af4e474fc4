"""Which published figures a merge of people would change: computed on the rows after it, in a transaction that is undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.indicators.article import FIGURES, compute_figures
from core.indicators.facts import Facts, load
from core.indicators.registry import measure_all
from core.locale import Translator
from core.people.merging.commands import merge
from core.policy import Access, Action
from core.store.commands import command
from core.store.database import Database

__all__ = ["FigureChange", "merge_preview"]


@dataclass(frozen=True)
class FigureChange:
    """A figure as it is and as it would be, in words."""

    name: str
    before: str
    after: str


class _Undo(Exception):
    """Ends the transaction without keeping anything."""


def merge_preview(
    db: Database,
    facts: Facts,
    tr: Translator,
    *,
    keep: int,
    others: Sequence[int],
    versions: Mapping[int, int],
    choices: Mapping[str, int],
    actor: Access,
    at: datetime,
    today: date,
) -> list[FigureChange]:
    """Indicators and article figures of ``today`` that differ from those of ``facts``; writes nothing.

    Raises what ``merge`` raises.
    """
    before, after = _figures(facts, tr, today), {}
    try:
        with command(db, actor=actor, action=Action.MERGE_PEOPLE, at=at) as change:
            merge(change, keep=keep, others=others, versions=versions, choices=choices, today=today)
            after = _figures(load(change.session.connection()), tr, today)
            raise _Undo
    except _Undo:
        pass
    return [FigureChange(name, text, after[name]) for name, text in before.items() if after[name] != text]


def _figures(facts: Facts, tr: Translator, today: date) -> dict[str, str]:
    """Name of a figure → how it reads."""
    texts = {}
    for measured in measure_all(facts, today).values():
        value = measured.indicator.text(tr, measured.value)
        counts = f"{tr.number(measured.numerator)} ÷ {tr.number(measured.denominator)}"
        texts[tr(measured.indicator.name)] = f"{value} ({counts})"
    names = {figure.code: tr(figure.name) for figure in FIGURES}
    for code, parts in compute_figures(facts, today).items():
        for computed in parts:
            name = f"{code} {names[code]} · {tr(computed.part.label)}"
            texts[name] = computed.part.text(tr, computed.value)
    return texts
