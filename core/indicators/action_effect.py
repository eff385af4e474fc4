"""Did the indicator of an action move after it was closed, more than in the other communities over the same weeks?

Before: the four weeks before the action was raised; after: the four weeks after it was closed. The other communities go
through the same season and holidays, so that their change is what would have been expected (difference in differences).
They may have had actions of their own; it is a comparison.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import pandas as pd

from core.indicators import populations
from core.indicators.dated_counts import counts_by_community, movements
from core.indicators.facts import Facts
from core.indicators.registry import INDICATORS
from core.terms import ActionStatus

__all__ = ["PLACEMENTS", "SMALL", "WEEKS", "ActionEffect", "Reading", "closed_actions"]

WEEKS = 4  # before raising and after closing
HALF_YEAR = 182  # days since closing
SMALL = 30  # persons or items behind a value, below which chance alone moves it a lot
PLACEMENTS = "placements"  # starts of work a week, the sheet's 新增就业
# Lines of the weekly sheet that an action may name beside the indicators' own sheet names.
ALSO_NAMED = {
    "走访": "visit_coverage",
    "二次就业": "re_employment",
    "社区岗位开发": "post_development",
    "新增就业": PLACEMENTS,
}


class Reading(StrEnum):
    """What can be read of an action."""

    MEASURED = "measured"
    TOO_EARLY = "too_early"  # closed less than four weeks ago
    NOT_MEASURED = "not_measured"  # its line of the sheet is no indicator here, or there was nothing to divide by


@dataclass(frozen=True)
class ActionEffect:
    """``before`` and ``after`` in the indicator's unit; ``expected``: change of all other communities together, None
    for an action of the whole district. ``less``: of ``compared`` other communities, how many changed by less.

    ``n``: smaller of the mean denominators before and after (of placements: starts in the four weeks). ``rows``: what
    entered or left the numerator between raising and four weeks after closing.
    """

    action: pd.Series
    code: str | None
    reading: Reading
    before: float | None = None
    after: float | None = None
    expected: float | None = None
    less: int = 0
    compared: int = 0
    n: int = 0
    rows: pd.DataFrame | None = None

    @property
    def change(self) -> float | None:
        """After minus before."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def beyond(self) -> float | None:
        """The change less what the other communities changed by."""
        return None if self.change is None or self.expected is None else self.change - self.expected


def closed_actions(facts: Facts, today: date) -> list[ActionEffect]:
    """The actions closed in the half-year up to ``today``: those that can be measured first, then newest first."""
    moment = pd.Timestamp(today)
    actions = facts.actions
    is_recent = (actions["closed_on"] <= moment) & (actions["closed_on"] > moment - pd.Timedelta(days=HALF_YEAR))
    closed = actions[is_recent & (actions["status"] == ActionStatus.CLOSED)]
    closed = closed.sort_values(["closed_on", "code"], ascending=[False, True])
    by_sheet_name = {indicator.sheet_name: code for code, indicator in INDICATORS.items()} | ALSO_NAMED
    sides: dict[str, tuple[pd.DataFrame, pd.DataFrame]] = {}
    effects = []
    for _, action in closed.iterrows():
        code = by_sheet_name.get(str(action["indicator"]))
        if code is None:
            effects.append(ActionEffect(action, None, Reading.NOT_MEASURED))
        elif action["closed_on"] + pd.Timedelta(weeks=WEEKS) > moment:
            effects.append(ActionEffect(action, code, Reading.TOO_EARLY))
        else:
            if code not in sides:
                sides[code] = _sides(facts, code)
            effects.append(_effect(action, code, sides[code], facts))
    return sorted(effects, key=lambda effect: effect.reading is not Reading.MEASURED)


def _sides(facts: Facts, code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Numerator and denominator as spell frames; for placements those of the last seven days, and a frame without rows."""
    if code != PLACEMENTS:
        return INDICATORS[code].numerator(facts), INDICATORS[code].denominator(facts)
    starts = populations.placements_started(facts)
    starts = starts.assign(until=starts["since"] + pd.Timedelta(days=7))
    return starts, starts.iloc[:0]


def _effect(action: pd.Series, code: str, sides: tuple[pd.DataFrame, pd.DataFrame], facts: Facts) -> ActionEffect:
    raised, closed = action["raised_on"].date(), action["closed_on"].date()
    days = {
        "before": [raised - timedelta(days=1 + 7 * week) for week in range(WEEKS)],
        "after": [closed + timedelta(weeks=week) for week in range(1, WEEKS + 1)],
    }
    places = pd.Index(facts.communities["id"])
    top = {when: _sum(sides[0], moments, places) for when, moments in days.items()}
    if code == PLACEMENTS:
        bottom = {when: pd.Series(float(WEEKS), index=places) for when in days}
    else:
        bottom = {when: _sum(sides[1], moments, places) for when, moments in days.items()}
    place = action["community_id"]
    own = places if pd.isna(place) else pd.Index([int(place)])
    rest = places.difference(own)
    # starts are counted a week and community; the district's are a week in all
    once = code == PLACEMENTS and pd.isna(place)
    value = {
        when: _ratio(float(top[when][own].sum()), WEEKS if once else float(bottom[when][own].sum())) for when in days
    }
    if value["before"] is None or value["after"] is None:
        return ActionEffect(action, code, Reading.NOT_MEASURED)
    change = value["after"] - value["before"]
    others = {when: _ratio(float(top[when][rest].sum()), float(bottom[when][rest].sum())) for when in days}
    expected = None
    if others["before"] is not None and others["after"] is not None:
        expected = others["after"] - others["before"]
    each = (top["after"] / bottom["after"] - top["before"] / bottom["before"])[rest].dropna()
    behind = top if code == PLACEMENTS else bottom
    heads = min(int(behind[when][own].sum()) for when in days)
    moved = movements(sides[0], days["before"][0], days["after"][-1])
    return ActionEffect(
        action=action,
        code=code,
        reading=Reading.MEASURED,
        before=value["before"],
        after=value["after"],
        expected=expected,
        less=int((each < change).sum()),
        compared=len(each),
        n=heads if code == PLACEMENTS else heads // WEEKS,
        rows=moved[moved["community_id"].isin(own)].reset_index(drop=True),
    )


def _sum(spells: pd.DataFrame, days: list[date], places: pd.Index) -> pd.Series:
    """Counts of ``days`` added up, by community."""
    counts = [counts_by_community(spells, day).reindex(places, fill_value=0) for day in days]
    return pd.concat(counts, axis=1).sum(axis=1).astype("float64")


def _ratio(top: float, bottom: float) -> float | None:
    return top / bottom if bottom > 0 else None
