"""The forecast ledger: what was promised, what came of it, and how often the two agreed.

    table = with_facts(promises, outputs, today)
    hit_rates(table)            # by workshop, with the number of promises that have come due

An order is kept when all its pieces were delivered and it was closed by the promised date; it is broken once the date has
passed without that. A roster is met when the standard hours earned in its week lie within a tenth of what was expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import pandas as pd

from core.locale import N_
from core.terms import PromiseKind

__all__ = ["FACT_NAMES", "Fact", "HitRate", "hit_rates", "with_facts"]

ROSTER_TOLERANCE = 0.10  # of the expected standard hours


class Fact(StrEnum):
    """What became of a promise."""

    PENDING = "pending"
    KEPT = "kept"
    BROKEN = "broken"
    NONE = "none"  # a refusal: nothing was promised


FACT_NAMES = {
    Fact.PENDING: N_("not due yet"),
    Fact.KEPT: N_("● kept"),
    Fact.BROKEN: N_("■ broken"),
    Fact.NONE: N_("nothing promised"),
}


@dataclass(frozen=True)
class HitRate:
    """How many promises of a workshop have come due, how many of them were kept, and how many were expected to be."""

    workshop: str
    kept: int
    due: int
    expected: float | None  # mean probability stated for the orders that have come due

    @property
    def share(self) -> float | None:
        """Kept ÷ due, 0..1."""
        return self.kept / self.due if self.due else None


def with_facts(promises: pd.DataFrame, outputs: pd.DataFrame, today: date) -> pd.DataFrame:
    """``queries.promises`` with the columns fact (``Fact``), fact_number (pieces or standard hours) and fact_on.

    ``outputs`` are the rows of ``queries.outputs``.
    """
    hours = (
        (outputs["made"].astype(float) * outputs["standard_minutes"] / 60)
        .groupby([outputs["workshop_id"], outputs["week"]])
        .sum()
    )
    facts = [_fact(row, hours, today) for row in promises.itertuples()]
    columns = ["fact", "fact_number", "fact_on"]
    known = pd.DataFrame(facts, columns=columns, index=promises.index)
    known["fact_on"] = pd.to_datetime(known["fact_on"])
    return promises.join(known)


def hit_rates(table: pd.DataFrame) -> list[HitRate]:
    """The hit rate of the orders promised by each workshop, by name; ``table`` as from ``with_facts``."""
    orders = table[table["kind"] == PromiseKind.ORDER]
    result = []
    for workshop, own in orders.groupby("workshop", sort=True):
        due = own[own["fact"].isin([Fact.KEPT, Fact.BROKEN])]
        stated = due["probability"].dropna()
        kept = int((due["fact"] == Fact.KEPT).sum())
        result.append(HitRate(str(workshop), kept, len(due), float(stated.mean()) if len(stated) else None))
    return result


def _fact(row: object, hours: pd.Series, today: date) -> tuple[Fact, float | None, date | None]:
    kind, due = row.kind, row.due_on.date()  # type: ignore[attr-defined]
    if kind == PromiseKind.REFUSAL:
        return Fact.NONE, None, None
    if kind == PromiseKind.ROSTER:
        week = row.due_on - timedelta(days=6)  # type: ignore[attr-defined]
        earned = hours.get((row.workshop_id, week))  # type: ignore[attr-defined]
        if earned is None:
            return Fact.PENDING, None, None
        is_met = abs(earned - row.number) <= ROSTER_TOLERANCE * row.number  # type: ignore[attr-defined]
        return (Fact.KEPT if is_met else Fact.BROKEN), float(earned), due
    done, closed = float(row.done_pieces), row.closed_on  # type: ignore[attr-defined]
    closed_on = None if pd.isna(closed) or closed.date() > today else closed.date()
    if closed_on is not None:
        is_kept = closed_on <= due and done >= row.pieces  # type: ignore[attr-defined]
        return (Fact.KEPT if is_kept else Fact.BROKEN), done, closed_on
    return (Fact.BROKEN if due < today else Fact.PENDING), done, None
