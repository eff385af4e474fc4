"""The indicators of the bureau: name, unit, definition, and the two memberships whose counts it divides."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.holidays import is_festival_week
from core.indicators import dated_counts, populations
from core.indicators.dated_counts import Steps
from core.indicators.facts import Facts
from core.indicators.signals import WeeklySeries
from core.indicators.targets import target_on
from core.locale import N_, Translator

__all__ = [
    "HEADLINES",
    "INDICATORS",
    "METRIC_VERSION",
    "Counted",
    "Indicator",
    "Measured",
    "Ratio",
    "counted",
    "measure",
    "measure_all",
    "on_day",
]

# Raised whenever a definition changes: frozen figures of different versions are not compared.
METRIC_VERSION = "2025-1"
# What a leader sees first, on the overview and in the meeting.
HEADLINES = ("re_employment", "post_fill", "station_use", "visit_coverage", "skills_per_person", "retention_90")

Side = Callable[[Facts], pd.DataFrame]


@dataclass(frozen=True)
class Indicator:
    """A ratio of two head counts. ``per_person`` ones are numbers (3.2 skills a person), the others shares.

    ``sheet_name`` is what the bureau's weekly sheet calls it, the key of its yearly target.
    """

    code: str
    name: str
    definition: str
    numerator: Side
    denominator: Side
    numerator_unit: str
    denominator_unit: str
    sheet_name: str
    per_person: bool = False
    higher_is_better: bool = True

    @property
    def sheet_scale(self) -> int:
        """Value × this = value on the sheet, which writes shares in percent."""
        return 1 if self.per_person else 100

    def text(self, tr: Translator, value: float | None) -> str:
        """``value`` as on a tile: '33.0%' or '3.20'; no denominator → '—'."""
        if value is None:
            return "—"
        return tr.number(value, 2) if self.per_person else tr.percent(value)

    def rows_title(self, tr: Translator, side: str, count: int) -> str:
        """The heading of the list behind one side: 'Re-employment rate: 71 re-employed'."""
        unit = self.numerator_unit if side == "numerator" else self.denominator_unit
        return tr("{indicator}: {n} {unit}", indicator=tr(self.name), n=tr.number(count), unit=tr(unit))

    def change(self, tr: Translator, difference: float | None) -> str:
        """A change since last week: percentage points, or items a person."""
        if difference is None:
            return "—"
        if self.per_person:
            return tr.signed(difference, 2)
        return tr("{n} pts", n=tr.signed(100 * difference, 1))


INDICATORS: dict[str, Indicator] = {
    i.code: i
    for i in (
        Indicator(
            code="re_employment",
            name=N_("Re-employment rate"),
            definition=N_(
                "Exits from public-welfare posts whose person started a job on or after the exit ÷ all exits."
            ),
            numerator=populations.re_employed,
            denominator=populations.exits,
            numerator_unit=N_("re-employed"),
            denominator_unit=N_("exits"),
            sheet_name="二次就业率",
        ),
        Indicator(
            code="post_development",
            name=N_("Posts developed"),
            definition=N_("Community posts developed ÷ planned, in head count."),
            numerator=populations.developed_posts,
            denominator=populations.planned_posts,
            numerator_unit=N_("posts developed"),
            denominator_unit=N_("posts planned"),
            sheet_name="岗位开发率",
        ),
        Indicator(
            code="post_fill",
            name=N_("Posts filled"),
            definition=N_("People in community posts today ÷ posts developed, in head count."),
            numerator=populations.filled_posts,
            denominator=populations.developed_posts,
            numerator_unit=N_("in post"),
            denominator_unit=N_("posts developed"),
            sheet_name="满岗率",
        ),
        Indicator(
            code="station_use",
            name=N_("Workshop stations in use"),
            definition=N_("People on the roll of the micro-workshops ÷ work stations."),
            numerator=populations.workshop_roll,
            denominator=populations.stations,
            numerator_unit=N_("on the roll"),
            denominator_unit=N_("stations"),
            sheet_name="工位利用率",
        ),
        Indicator(
            code="visit_coverage",
            name=N_("Visit coverage"),
            definition=N_(
                "Pool members visited this month ÷ pool at the month's start. Pool: people seeking work and people in the last 90 days of a welfare post."
            ),
            numerator=populations.pool_visited,
            denominator=populations.pool_month_start,
            numerator_unit=N_("visited"),
            denominator_unit=N_("pool members"),
            sheet_name="走访覆盖率",
        ),
        Indicator(
            code="training_coverage",
            name=N_("Training coverage"),
            definition=N_(
                "People who hold or held a public-welfare post and finished at least one course ÷ all of them, in persons."
            ),
            numerator=populations.post_holders_trained,
            denominator=populations.post_holders,
            numerator_unit=N_("trained"),
            denominator_unit=N_("persons"),
            sheet_name="培训覆盖率",
        ),
        Indicator(
            code="skills_per_person",
            name=N_("Skills per person"),
            definition=N_(
                "Skills of level 2 or above with evidence stronger than self-report ÷ people who hold or held a public-welfare post."
            ),
            numerator=populations.skills_mastered,
            denominator=populations.post_holders,
            numerator_unit=N_("skills"),
            denominator_unit=N_("persons"),
            sheet_name="人均技能",
            per_person=True,
        ),
        Indicator(
            code="retention_90",
            name=N_("90-day retention"),
            definition=N_("Placements that lasted at least 90 days ÷ placements that started at least 90 days ago."),
            numerator=populations.retained_90,
            denominator=populations.started_90_days_ago,
            numerator_unit=N_("retained"),
            denominator_unit=N_("placements"),
            sheet_name="稳岗率(90日)",
        ),
        Indicator(
            code="plan_rate",
            name=N_("People with a plan"),
            definition=N_("Pool members with a live plan ÷ pool members today."),
            numerator=populations.pool_with_plan,
            denominator=populations.pool,
            numerator_unit=N_("with a plan"),
            denominator_unit=N_("pool members"),
            sheet_name="一人一策建档率",
        ),
        Indicator(
            code="commissioned_conversion",
            name=N_("Commissioned training: joined"),
            definition=N_(
                "People who joined the employer that commissioned their course ÷ people who finished such a course."
            ),
            numerator=populations.commissioned_joined,
            denominator=populations.commissioned_trained,
            numerator_unit=N_("joined"),
            denominator_unit=N_("trained"),
            sheet_name="委培转化率",
        ),
        Indicator(
            code="event_conversion",
            name=N_("Events: started work"),
            definition=N_("Starts within 30 days ÷ intents, of recruitment events held at least 30 days ago."),
            numerator=populations.event_starts,
            denominator=populations.event_intents,
            numerator_unit=N_("started"),
            denominator_unit=N_("intents"),
            sheet_name="活动转化率",
        ),
        Indicator(
            code="second_exits",
            name=N_("Second exits"),
            definition=N_(
                "Re-employed people whose first job after the exit has ended and who have begun no other since ÷ re-employed people. Exits from welfare posts are counted, as in the re-employment rate."
            ),
            numerator=populations.second_exits,
            denominator=populations.re_employed,
            numerator_unit=N_("out of work again"),
            denominator_unit=N_("re-employed"),
            sheet_name="二次就业后再离岗率",
            higher_is_better=False,
        ),
    )
}


class Ratio(ABC):
    """An indicator on a day: what its two counts, which are known for every day, give."""

    indicator: Indicator
    today: date
    target: float | None

    @abstractmethod
    def counts(self, days: pd.DatetimeIndex) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numerator and denominator at the end of each of ``days``."""

    @cached_property
    def numerator(self) -> int:
        return self._on(self.today)[0]

    @cached_property
    def denominator(self) -> int:
        return self._on(self.today)[1]

    @property
    def value(self) -> float | None:
        """None when there is nothing to divide by."""
        return self.numerator / self.denominator if self.denominator else None

    def history(self, weeks: int = 104) -> pd.Series:
        """Value at the end of each of the last ``weeks`` weeks, index = day; NaN where the denominator is 0."""
        days = pd.date_range(end=pd.Timestamp(self.today), periods=weeks, freq="7D", unit="s")
        top, bottom = self.counts(days)
        values: NDArray[np.float64] = np.full(len(days), np.nan)
        np.divide(top, bottom, out=values, where=bottom > 0)
        return pd.Series(values, index=days)

    def weekly(self, weeks: int = 104) -> WeeklySeries:
        """The last ``weeks`` complete weeks: both counts at the end of each Sunday."""
        last = self.today - timedelta(days=(self.today.weekday() + 1) % 7)
        days, is_festival = _sundays(last, weeks)
        numerator, denominator = self.counts(days)
        return WeeklySeries(days=days, numerator=numerator, denominator=denominator, is_festival=is_festival)

    def change(self, days: int = 7) -> float | None:
        """Value today minus the value ``days`` ago; None where either is unknown."""
        before = self.value_on(self.today - timedelta(days=days))
        return None if self.value is None or before is None else self.value - before

    def value_on(self, day: date) -> float | None:
        """The value on another day; None when there is nothing to divide by."""
        numerator, denominator = self._on(day)
        return numerator / denominator if denominator else None

    def same_week_last_year(self) -> float | None:
        """The value 52 weeks ago; None before the records begin."""
        return self.value_on(self.today - timedelta(weeks=52))

    def _on(self, day: date) -> tuple[int, int]:
        top, bottom = self.counts(pd.DatetimeIndex([pd.Timestamp(day)]))
        return int(top[0]), int(bottom[0])


@dataclass(frozen=True)
class Counted(Ratio):
    """An indicator on a day from the counts of its populations alone."""

    indicator: Indicator
    today: date
    numerator_steps: Steps
    denominator_steps: Steps
    target: float | None = None

    def counts(self, days: pd.DatetimeIndex) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numerator and denominator at the end of each of ``days``."""
        return self.numerator_steps.on(days), self.denominator_steps.on(days)


@dataclass(frozen=True)
class Measured(Ratio):
    """An indicator on a day, with the memberships behind it."""

    indicator: Indicator
    today: date
    numerator_rows: pd.DataFrame
    denominator_rows: pd.DataFrame
    target: float | None = None

    def counts(self, days: pd.DatetimeIndex) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numerator and denominator at the end of each of ``days``."""
        return self._steps[0].on(days), self._steps[1].on(days)

    @cached_property
    def _steps(self) -> tuple[Steps, Steps]:
        return dated_counts.steps_of(self.numerator_rows), dated_counts.steps_of(self.denominator_rows)

    def by_community(self, communities: pd.DataFrame, day: date | None = None) -> pd.DataFrame:
        """One row per community: id, name, numerator, denominator, value (NaN without denominator)."""
        return self.by_unit(communities, "community_id", day)

    def by_unit(self, units: pd.DataFrame, column: str, day: date | None = None) -> pd.DataFrame:
        """One row per unit of ``units`` (id, name), in the columns of ``by_community``; ``column`` of both memberships
        names the unit."""
        when = day or self.today
        table = units[["id", "name"]].set_index("id")
        table["numerator"] = dated_counts.counts_by(self.numerator_rows, column, when)
        table["denominator"] = dated_counts.counts_by(self.denominator_rows, column, when)
        table = table.fillna({"numerator": 0, "denominator": 0}).astype({"numerator": "int64", "denominator": "int64"})
        table["value"] = (table["numerator"] / table["denominator"]).where(table["denominator"] > 0)
        return table.reset_index()


@lru_cache(maxsize=16)
def _sundays(last: date, weeks: int) -> tuple[pd.DatetimeIndex, NDArray[np.bool_]]:
    """The last ``weeks`` Sundays, and whether Spring Festival touches the week of each."""
    days = pd.date_range(end=pd.Timestamp(last), periods=weeks, freq="7D", unit="s")
    return days, np.array([is_festival_week((day - pd.Timedelta(days=6)).date()) for day in days])


def measure(facts: Facts, code: str, today: date, community_id: int | None = None) -> Measured:
    """The indicator ``code`` on ``today``, of the district or of one community; KeyError for an unknown code."""
    indicator = INDICATORS[code]
    numerator, denominator = indicator.numerator(facts), indicator.denominator(facts)
    if community_id is not None:
        numerator, denominator = (rows[rows["community_id"] == community_id] for rows in (numerator, denominator))
    target = target_on(facts.targets, indicator.sheet_name, today, community_id)
    return Measured(
        indicator=indicator,
        today=today,
        numerator_rows=numerator,
        denominator_rows=denominator,
        target=None if target is None else target / indicator.sheet_scale,
    )


def counted(
    counts: Mapping[str, Steps], targets: pd.DataFrame, code: str, today: date, community_id: int | None = None
) -> Counted:
    """The indicator ``code`` from ``counts``, population → step function, of the district or of one community."""
    indicator = INDICATORS[code]
    target = target_on(targets, indicator.sheet_name, today, community_id)
    return Counted(
        indicator=indicator,
        today=today,
        numerator_steps=counts[indicator.numerator.__name__],
        denominator_steps=counts[indicator.denominator.__name__],
        target=None if target is None else target / indicator.sheet_scale,
    )


def on_day(measured: Measured, facts: Facts, today: date) -> Measured:
    """The same indicator of the district on another day: its rows carry their own dates, the target does not."""
    indicator = measured.indicator
    target = target_on(facts.targets, indicator.sheet_name, today, None)
    return replace(measured, today=today, target=None if target is None else target / indicator.sheet_scale)


def measure_all(facts: Facts, today: date) -> dict[str, Measured]:
    """Every indicator of the district on ``today``, by code."""
    return {code: measure(facts, code, today) for code in INDICATORS}
