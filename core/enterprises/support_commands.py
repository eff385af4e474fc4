"""What the bureau does for enterprises: the measures that a tier brings, their state for each enterprise, visits."""

from __future__ import annotations

from datetime import date

from core.locale import N_
from core.store.commands import Change, CodeRefused
from core.store.schema import EmployerVisit, SupportGrant, SupportMeasure
from core.terms import SupportState, Tier

__all__ = ["REFUSALS", "Refused", "move_grant", "offer_measure", "plan_grant", "record_visit"]

REFUSALS = {
    "name": N_("Give the measure a name."),
    "tier": N_("The measure is offered from a higher tier on."),
    "amount": N_("An amount is not negative."),
    "effect": N_("Say what came of it before the measure is ended."),
    "note": N_("Say what the visit was about."),
    "future": N_("A visit lies in the past."),
}


class Refused(CodeRefused):
    """An entry that does not fit."""

    sentences = REFUSALS


def offer_measure(change: Change, name: str, lowest_tier: Tier, amount: float | None, basis: str) -> int:
    """Add a measure that enterprises get from ``lowest_tier`` on; ``amount`` in yuan an enterprise."""
    if not name.strip():
        raise Refused("name")
    if amount is not None and amount < 0:
        raise Refused("amount")
    measure = SupportMeasure(
        name=name.strip()[:60], lowest_tier=lowest_tier, amount=amount, basis=basis.strip()[:200] or None
    )
    return int(change.add(measure))


def plan_grant(
    change: Change, measure_id: int, employer_id: int, tier: Tier | None, amount: float | None, today: date
) -> int:
    """Plan a measure for an enterprise of ``tier``; without an ``amount`` that of the measure."""
    measure = change.session.get(SupportMeasure, measure_id)
    if measure is None or tier is None or tier.order < measure.lowest_tier.order:
        raise Refused("tier")
    if amount is not None and amount < 0:
        raise Refused("amount")
    grant = SupportGrant(
        measure_id=measure_id,
        employer_id=employer_id,
        tier=tier,
        state=SupportState.PLANNED,
        since=today,
        amount=measure.amount if amount is None else amount,
    )
    return int(change.add(grant))


def move_grant(change: Change, grant_id: int, state: SupportState, effect: str, today: date, version: int) -> None:
    """Bring a planned measure to another state; when it ends, with what came of it."""
    if state is SupportState.ENDED and not effect.strip():
        raise Refused("effect")
    values = {"state": state, "since": today, "effect": effect.strip()[:200] or None}
    change.edit(SupportGrant, grant_id, values, version=version)


def record_visit(change: Change, employer_id: int, visited_on: date, note: str, today: date) -> int:
    """A visit of ``change.actor`` to an enterprise."""
    if not note.strip():
        raise Refused("note")
    if visited_on > today:
        raise Refused("future")
    visit = EmployerVisit(employer_id=employer_id, visited_on=visited_on, visitor=change.actor, note=note.strip()[:200])
    return int(change.add(visit))
