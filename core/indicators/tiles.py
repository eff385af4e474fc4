"""What a headline tile shows, in plain values: computed once for a revision of the store."""

from __future__ import annotations

from dataclasses import dataclass

from core.indicators.lights import light_of, year_share
from core.indicators.registry import Indicator, Ratio
from core.indicators.signals import Assurance, Change, ControlChart
from core.terms import Light

__all__ = ["Tile", "tile"]


@dataclass(frozen=True)
class Tile:
    """One indicator on a day."""

    indicator: Indicator
    value: float | None
    numerator: int
    denominator: int
    difference: float | None  # on last week
    change: Change
    assurance: Assurance | None  # None without a target or with too few weeks
    light: Light | None  # None without a target or a value
    target: float | None
    last_year: float | None  # the same week a year ago
    spark: tuple[float, ...]  # known values of the last 52 weeks


def tile(measured: Ratio, chart: ControlChart | None, *, yellow: float, red: float) -> Tile:
    """The tile of ``measured`` with the ``chart`` of its series; ``yellow`` and ``red`` are the limits of the light."""
    indicator, value, target = measured.indicator, measured.value, measured.target
    light = None
    if target and value is not None:
        light = light_of(value / target, year_share(measured.today), yellow=yellow, red=red)
    better = indicator.higher_is_better
    return Tile(
        indicator=indicator,
        value=value,
        numerator=measured.numerator,
        denominator=measured.denominator,
        difference=measured.change(),
        change=chart.change(higher_is_better=better) if chart else Change.TOO_FEW,
        assurance=chart.assurance(target, higher_is_better=better) if chart and target else None,
        light=light,
        target=target,
        last_year=measured.same_week_last_year(),
        spark=tuple(float(v) for v in measured.history(52).dropna()),
    )
