"""Small frames that the overview draws: posts by field, units ranked with their value four weeks ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt

import pandas as pd

from core.indicators import populations
from core.indicators.dated_counts import rows_on
from core.indicators.facts import Facts, computed_once
from core.indicators.rank_sets import rank_sets, share_error
from core.indicators.registry import Measured, measure
from core.terms import PostField

__all__ = ["RankedUnit", "Ranking", "compare", "is_rankable", "posts_by_field", "ranked", "ranking"]

MOST_RANKED = 20  # workshops, enterprises or events that a chart has room for


class RankedUnit(StrEnum):
    """What a ranking compares; the value is the column of a membership frame that names the unit."""

    COMMUNITY = "community_id"
    WORKSHOP = "workshop_id"
    EMPLOYER = "employer_id"
    EVENT = "event_id"
    DISTRICT = "district"  # of a city, each with rows of its own: see ``compare``


@computed_once
def posts_by_field(facts: Facts, today: date) -> pd.DataFrame:
    """field, planned, developed, filled: head count on ``today``, one row per field."""
    sides = {
        "planned": populations.planned_posts(facts),
        "developed": populations.developed_posts(facts),
        "filled": populations.filled_posts(facts),
    }
    table = pd.DataFrame(index=pd.Index([f.value for f in PostField], name="field"))
    for name, spells in sides.items():
        table[name] = rows_on(spells, today).groupby("field")["n"].sum()
    return table.fillna(0).astype("int64").reset_index()


@dataclass(frozen=True)
class Ranking:
    """Units by an indicator, best first, and who can be told apart.

    ``table``: id, name, numerator, denominator, value, before (four weeks earlier), low and high (simultaneous 95%
    interval), rank_low and rank_high. Units without a denominator are not in it; ``omitted``: how many that have one
    are not either, because others have larger ones.
    """

    unit: RankedUnit
    table: pd.DataFrame
    leaders: tuple[str, ...]  # who beat everyone else; empty when that is not certain
    laggards: tuple[str, ...]
    omitted: int = 0


def _units(facts: Facts, unit: RankedUnit) -> pd.DataFrame:
    return {
        RankedUnit.COMMUNITY: facts.communities,
        RankedUnit.WORKSHOP: facts.workshops,
        RankedUnit.EMPLOYER: facts.employers,
        RankedUnit.EVENT: facts.events,
    }[unit]


def is_rankable(measured: Measured, facts: Facts, unit: RankedUnit = RankedUnit.COMMUNITY) -> bool:
    """Whether both sides know the unit and the value is a true share, or a number a person: a standard error of
    "filled ÷ developed" above 100% means nothing."""
    if any(unit.value not in side.columns for side in (measured.numerator_rows, measured.denominator_rows)):
        return False
    table = measured.by_unit(_units(facts, unit), unit.value)
    return measured.indicator.per_person or bool((table["numerator"] <= table["denominator"]).all())


def ranking(measured: Measured, facts: Facts, unit: RankedUnit = RankedUnit.COMMUNITY) -> Ranking:
    """The units that have a denominator, with their rank sets: all communities, or the ``MOST_RANKED`` largest others.

    For an indicator that ``is_rankable`` by the unit.
    """
    units = _units(facts, unit)
    current = measured.by_unit(units, unit.value)
    earlier = measured.by_unit(units, unit.value, measured.today - timedelta(weeks=4))
    table = current.assign(before=earlier["value"]).dropna(subset=["value"])
    count = len(table)
    if unit is not RankedUnit.COMMUNITY:
        table = table.nlargest(MOST_RANKED, "denominator")
    return compare(table, unit, per_person=measured.indicator.per_person, omitted=count - len(table))


@computed_once
def ranked(facts: Facts, code: str, today: date, unit: RankedUnit) -> Ranking:
    """``ranking`` of the district's units by the indicator ``code`` on ``today``."""
    return ranking(measure(facts, code, today), facts, unit)


def compare(table: pd.DataFrame, unit: RankedUnit, *, per_person: bool, omitted: int = 0) -> Ranking:
    """Units of ``table`` (name, numerator, denominator, value, before, and what else there is) with their rank sets."""
    table = table.sort_values(["value", "name"], ascending=[False, True], ignore_index=True)
    counts = zip(table["numerator"], table["denominator"], strict=True)
    errors = [sqrt(n + 1) / d if per_person else share_error(n, d) for n, d in counts]
    sets = rank_sets(table["value"].to_numpy(), errors)
    table = table.assign(
        low=table["value"] - sets.half_width,
        high=table["value"] + sets.half_width,
        rank_low=sets.low,
        rank_high=sets.high,
    )
    if not per_person:
        table[["low", "high"]] = table[["low", "high"]].clip(0, 1)
    return Ranking(
        unit=unit,
        table=table,
        leaders=tuple(table["name"].iloc[list(sets.leaders)]),
        laggards=tuple(table["name"].iloc[list(sets.laggards)]),
        omitted=omitted,
    )
