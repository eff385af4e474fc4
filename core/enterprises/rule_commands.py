"""A further version of the rules of tiers, from a day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from core.enterprises import queries
from core.enterprises.loading import load
from core.enterprises.movement import Movement, movement
from core.enterprises.rules import InvalidRules, Rules, rules_on
from core.locale import N_
from core.store import settings
from core.store.commands import Change
from core.store.schema import TierRules

__all__ = ["REFUSALS", "NeedsConfirmation", "save_rules"]

REFUSALS = {
    "weights": N_("The weights of the pillars must sum to 100."),
    "source_weights": N_("The weights of the sources must sum to 100, each above 0."),
    "thresholds": N_("Thresholds must rise, between 0 and 100."),
    "margin": N_("Twice the margin must be smaller than every step between thresholds."),
    "counts": N_("Reviews and judges are counted from 1."),
    "shares": N_("Probability, coverage and gap lie between 0 and 1."),
    "goalposts": N_("The two goalposts of a figure must differ."),
    "reason": N_("Give a reason."),
    "past": N_("New rules hold from today or later; what was reviewed keeps its own."),
    "same_day": N_("There is a version of this day or a later one already; versions are not changed."),
    "unchanged": N_("These are the rules in force."),
}


class NeedsConfirmation(Exception):
    """The new rules move more of the highest tier than one confirmation allows."""

    def __init__(self, moves: Movement) -> None:
        super().__init__(f"{moves.moved_share:.0%} of the highest tier would move")
        self.movement = moves


def save_rules(
    change: Change, rules: Rules, since: date, reason: str, today: date, *, is_confirmed: bool = False
) -> Rules:
    """Store ``rules`` as the version from ``since`` on and return them with their number.

    Raises InvalidRules with a code of ``REFUSALS``, and NeedsConfirmation where more than a fifth of the highest tier would
    move and that was not confirmed a second time.
    """
    rules.check()
    if not reason.strip():
        raise InvalidRules("reason")
    if since < today:
        raise InvalidRules("past")
    connection = change.session.connection()
    ledger = load(connection, today)
    if (queries.rules(connection)["since"] >= pd.Timestamp(since)).any():
        raise InvalidRules("same_day")
    old = rules_on(ledger.rules, since)
    if replace(rules, version=old.version) == old:
        raise InvalidRules("unchanged")
    moves = movement(ledger, settings.parameters(connection), old, rules, today)
    if moves.needs_second_confirmation and not is_confirmed:
        raise NeedsConfirmation(moves)
    same_year = ledger.rules["since"].dt.year.eq(since.year).sum() if len(ledger.rules) else 0
    numbered = replace(rules, version=f"{since.year}-{int(same_year) + 1}")
    change.add(TierRules(since=since, content=numbered.to_json(), reason=reason.strip()[:200], author=change.actor))
    return numbered
