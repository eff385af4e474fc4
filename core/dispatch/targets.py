"""Change a target or a limit of the lights from a day on, with a reason; what was in force before stays readable."""

from __future__ import annotations

from datetime import date

from core.dispatch.weekly_sheet import LINES
from core.indicators import queries
from core.indicators.targets import target_on
from core.locale import N_
from core.store import settings
from core.store.commands import Change, CodeRefused
from core.store.schema import Target

__all__ = ["LIGHT_LIMITS", "REFUSALS", "Refused", "set_light_limit", "set_target"]

LIGHT_LIMITS = ("light_yellow_points", "light_red_points")

REFUSALS = {
    "no_reason": N_("Enter a reason: it stays with the change."),
    "negative": N_("A target cannot be negative."),
    "above_100": N_("A share cannot be above 100%."),
    "unchanged": N_("This value is in force on that day already."),
    "crossed": N_("The limit of red must be below the limit of yellow."),
}


class Refused(CodeRefused):
    """A change that is not stored."""

    sentences = REFUSALS


def set_target(
    change: Change, code: str, value: float, valid_from: date, reason: str, *, community_id: int | None = None
) -> None:
    """A target of the line ``code`` from ``valid_from`` to the end of that year; None is the whole district.

    ``value`` is in the unit of the sheet (percent for shares). A target entered before for the same day is replaced,
    any other stays. Raises Refused, and KeyError for an unknown line.
    """
    line = LINES[code]
    reason = _given(reason)
    if value < 0:
        raise Refused("negative")
    if line.is_share and value > 100:
        raise Refused("above_100")
    targets = queries.targets(change.session.connection())
    if target_on(targets, line.sheet_name, valid_from, community_id) == value:
        raise Refused("unchanged")
    values = {"value": value, "reason": reason, "author": change.actor}
    unit = targets["community_id"].fillna(0) == (community_id or 0)
    same_day = targets[unit & (targets["indicator"] == line.sheet_name) & (targets["valid_from"] == str(valid_from))]
    if len(same_day):
        change.edit(Target, int(same_day["id"].iloc[0]), values)
        return
    where = {"indicator": line.sheet_name, "year": valid_from.year, "community_id": community_id}
    change.add(Target(**where, valid_from=valid_from, **values))


def set_light_limit(change: Change, key: str, value: float, valid_from: date, reason: str) -> None:
    """A limit of the lights (a key of LIGHT_LIMITS), in percentage points of the gap, from ``valid_from`` on.

    Raises Refused, and KeyError for another parameter.
    """
    if key not in LIGHT_LIMITS:
        raise KeyError(key)
    reason = _given(reason)
    table = settings.parameters(change.session.connection())
    in_force = {name: settings.parameter(table, name, valid_from) for name in LIGHT_LIMITS}
    if in_force[key] == value:
        raise Refused("unchanged")
    yellow, red = (value if name == key else in_force[name] for name in LIGHT_LIMITS)
    if red >= yellow:
        raise Refused("crossed")
    settings.save_parameter(change, key, valid_from, value, reason)


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused("no_reason")
    return reason.strip()[:200]
