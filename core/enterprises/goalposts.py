"""The indicators that the bureau computes from its own rows, with fixed goalposts (the human development index's term for the values that score 0 and 1): y = clip((x − lo)/(hi − lo), 0, 1).

Fixed goalposts keep periods comparable, unlike min–max over the current set. They hold for a year and are changed by a dated
version of the rules (``core.enterprises.rules``); dated parameters ``goalpost.<indicator>.low`` and ``.high`` of older
stores hold where the rules name none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from core.enterprises.rules import BUILT_IN, Rules
from core.locale import N_
from core.store.settings import parameter
from core.terms import Pillar

__all__ = ["INDICATORS", "Indicator", "goalposts", "normalised"]


@dataclass(frozen=True)
class Indicator:
    """One monitored figure of an enterprise with its goalposts, in the figure's own unit."""

    code: str
    pillar: Pillar
    name: str  # registered English
    unit: str  # registered English
    low: float
    high: float
    log: bool = False

    def score(self, value: float) -> float:
        """0..1 of one raw value; reversed goalposts (low > high) reward less."""
        return float(normalised(np.array(value), self.low, self.high, self.log))


def normalised(values: np.ndarray, low: float, high: float, log: bool = False) -> np.ndarray:
    """clip((x − low)/(high − low), 0, 1), on a log scale if ``log``; NaN stays NaN.

    >>> float(normalised(np.array(1.0), 0, 10))      # 0.1
    """
    x = np.asarray(values, dtype=float)
    if log:
        x, low, high = np.log(np.maximum(x, 1e-12)), float(np.log(low)), float(np.log(high))
    return np.clip((x - low) / (high - low), 0.0, 1.0)


INDICATORS = (
    Indicator("target_people", Pillar.JOBS, N_("People of the target group employed"), N_("persons"), 0, 20),
    Indicator("target_share", Pillar.JOBS, N_("Their share of the payroll"), "%", 0, 50),
    Indicator("retention", Pillar.RETENTION, N_("Still employed after 6 months"), "%", 50, 95),
    Indicator("median_pay", Pillar.INCOME, N_("Median monthly pay"), N_("yuan"), 2010, 6000, log=True),
    Indicator("trained_share", Pillar.TRAINING, N_("Employees with a passed course"), "%", 0, 90),
    Indicator("commissioned_hired", Pillar.TRAINING, N_("Commissioned trainees hired"), "%", 0, 50),
    Indicator("order_stability", Pillar.ORDERS, N_("1 − variation of 12 months' orders"), N_("ratio"), 0.3, 0.8),
    Indicator("order_months", Pillar.ORDERS, N_("Months with orders, of 12"), N_("months"), 3, 12),
    Indicator("near_share", Pillar.RESPONSIBILITY, N_("Near-home or flexible posts"), "%", 0, 80),
    Indicator(
        "hard_to_place",
        Pillar.RESPONSIBILITY,
        N_("Older, disabled or welfare-post leavers hired"),
        N_("persons"),
        0,
        20,
    ),
)


def goalposts(parameters: pd.DataFrame, today: date, rules: Rules = BUILT_IN) -> tuple[Indicator, ...]:
    """``INDICATORS`` with the dated goalposts in force; pay starts from the minimum wage of the day."""

    def at(key: str, otherwise: float) -> float:
        try:
            return parameter(parameters, key, today)
        except KeyError:
            return otherwise

    indicators = []
    for item in INDICATORS:
        low = at("minimum_wage_month", item.low) if item.code == "median_pay" else item.low
        indicators.append(
            replace(
                item,
                low=at(f"goalpost.{item.code}.low", low),
                high=at(f"goalpost.{item.code}.high", item.high),
            )
        )
        if item.code in rules.goalposts:
            low, high = rules.goalposts[item.code]
            indicators[-1] = replace(item, low=low, high=high)
    return tuple(indicators)
