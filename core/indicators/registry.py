"""The indicators of the bureau: name, unit, definition, and the two memberships whose counts it divides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.indicators import membership, spells
from core.indicators.facts import Facts
from core.locale import N_, Translator
from core.terms import Light

__all__ = ["INDICATORS", "METRIC_VERSION", "Indicator", "Measured", "light_of", "measure", "year_share"]

# Raised whenever a definition changes: figures of different versions are not compared.
METRIC_VERSION = "2025-1"

Side = Callable[[Facts], pd.DataFrame]


@dataclass(frozen=True)
class Indicator:
    """A ratio of two head counts. ``per_person`` ones are numbers (3.2 skills a person), the others shares.

    ``sheet_name`` is what the bureau's weekly sheet calls it, by which its yearly target is found.
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

    def text(self, tr: Translator, value: float | None) -> str:
        """``value`` as on a tile: '33.0%' or '3.20'; no denominator → '—'."""
        if value is None:
            return "—"
        return tr.number(value, 2) if self.per_person else tr.percent(value)

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
            "re_employment",
            N_("Re-employment rate"),
            N_("Exits from public-welfare posts whose person started a job on or after the exit ÷ all exits."),
            membership.re_employed,
            membership.exits,
            N_("re-employed"),
            N_("exits"),
            "二次就业率",
        ),
        Indicator(
            "post_development",
            N_("Posts developed"),
            N_("Community posts developed ÷ planned, in head count."),
            membership.developed_posts,
            membership.planned_posts,
            N_("developed"),
            N_("planned"),
            "岗位开发率",
        ),
        Indicator(
            "post_fill",
            N_("Posts filled"),
            N_("People in community posts today ÷ posts developed, in head count."),
            membership.filled_posts,
            membership.developed_posts,
            N_("in post"),
            N_("developed"),
            "满岗率",
        ),
        Indicator(
            "station_use",
            N_("Workshop stations in use"),
            N_("People on the roll of the micro-workshops ÷ work stations."),
            membership.workshop_roll,
            membership.stations,
            N_("on the roll"),
            N_("stations"),
            "工位利用率",
        ),
        Indicator(
            "visit_coverage",
            N_("Visit coverage"),
            N_(
                "Pool members visited this month ÷ pool at the month's start. Pool: people seeking work and people in the last 90 days of a welfare post."
            ),
            membership.pool_visited,
            membership.pool_month_start,
            N_("visited"),
            N_("pool members"),
            "走访覆盖率",
        ),
        Indicator(
            "skills_per_person",
            N_("Skills per person"),
            N_(
                "Skills of level 2 or above with evidence stronger than self-report ÷ people who hold or held a public-welfare post."
            ),
            membership.skills_mastered,
            membership.post_holders,
            N_("skills"),
            N_("persons"),
            "人均技能",
            per_person=True,
        ),
        Indicator(
            "training_coverage",
            N_("Training coverage"),
            N_(
                "People who hold or held a public-welfare post and finished at least one course ÷ all of them, in persons."
            ),
            membership.post_holders_trained,
            membership.post_holders,
            N_("trained"),
            N_("persons"),
            "培训覆盖率",
        ),
        Indicator(
            "retention_90",
            N_("90-day retention"),
            N_("Placements that lasted at least 90 days ÷ placements that started at least 90 days ago."),
            membership.retained_90,
            membership.started_90_days_ago,
            N_("retained"),
            N_("placements"),
            "稳岗率(90日)",
        ),
        Indicator(
            "plan_rate",
            N_("People with a plan"),
            N_("Pool members with a live plan ÷ pool members today."),
            membership.pool_with_plan,
            membership.pool,
            N_("with a plan"),
            N_("pool members"),
            "一人一策建档率",
        ),
        Indicator(
            "commissioned_conversion",
            N_("Commissioned training: joined"),
            N_("People who joined the employer that commissioned their course ÷ people who finished such a course."),
            membership.commissioned_joined,
            membership.commissioned_trained,
            N_("joined"),
            N_("trained"),
            "委培转化率",
        ),
        Indicator(
            "event_conversion",
            N_("Events: started work"),
            N_("Starts within 30 days ÷ intents, of recruitment events held at least 30 days ago."),
            membership.event_starts,
            membership.event_intents,
            N_("started"),
            N_("intents"),
            "活动转化率",
        ),
    )
}


@dataclass(frozen=True)
class Measured:
    """An indicator on a day, with the memberships behind it."""

    indicator: Indicator
    today: date
    numerator_rows: pd.DataFrame
    denominator_rows: pd.DataFrame
    target: float | None = None

    @property
    def numerator(self) -> int:
        return spells.count(self.numerator_rows, self.today)

    @property
    def denominator(self) -> int:
        return spells.count(self.denominator_rows, self.today)

    @property
    def value(self) -> float | None:
        """None when there is nothing to divide by."""
        return self.numerator / self.denominator if self.denominator else None

    def history(self, weeks: int = 104) -> pd.Series:
        """Value at the end of each of the last ``weeks`` weeks, index = day; NaN where the denominator is 0."""
        days = pd.DatetimeIndex([pd.Timestamp(self.today) - pd.Timedelta(weeks=w) for w in range(weeks - 1, -1, -1)])
        top, bottom = spells.counts_on(self.numerator_rows, days), spells.counts_on(self.denominator_rows, days)
        values: NDArray[np.float64] = np.full(len(days), np.nan)
        np.divide(top, bottom, out=values, where=bottom > 0)
        return pd.Series(values, index=days)

    def change(self, days: int = 7) -> float | None:
        """Value today minus the value ``days`` ago; None where either is unknown."""
        before = self.today - timedelta(days=days)
        bottom = spells.count(self.denominator_rows, before)
        if self.value is None or not bottom:
            return None
        return self.value - spells.count(self.numerator_rows, before) / bottom

    def by_community(self, communities: pd.DataFrame, day: date | None = None) -> pd.DataFrame:
        """One row per community: id, name, numerator, denominator, value (NaN without denominator)."""
        when = day or self.today
        found = communities[["id", "name"]].set_index("id")
        found["numerator"] = spells.counts_by_community(self.numerator_rows, when)
        found["denominator"] = spells.counts_by_community(self.denominator_rows, when)
        found = found.fillna({"numerator": 0, "denominator": 0}).astype({"numerator": "int64", "denominator": "int64"})
        found["value"] = (found["numerator"] / found["denominator"]).where(found["denominator"] > 0)
        return found.reset_index()


def measure(facts: Facts, code: str, today: date) -> Measured:
    """The indicator ``code`` on ``today``; KeyError for an unknown code."""
    indicator = INDICATORS[code]
    targets = facts.targets[facts.targets["year"] == today.year]
    found = targets[(targets["indicator"] == indicator.sheet_name) & targets["community_id"].isna()]
    scale = 1 if indicator.per_person else 100  # the sheet writes shares in percent
    return Measured(
        indicator,
        today,
        indicator.numerator(facts),
        indicator.denominator(facts),
        float(found["value"].iloc[0]) / scale if len(found) else None,
    )


def year_share(today: date) -> float:
    """序时进度: the share of the year that has gone, at the end of ``today``."""
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    return ((today - first).days + 1) / ((last - first).days + 1)


def light_of(completion: float, share_of_year: float, *, yellow: float = 0.0, red: float = -10.0) -> Light:
    """Light of a yearly target: gap = completion − share of the year, in percentage points.

    Green from ``yellow`` up, yellow from ``red`` up, else red (domain rules: 0 and −10, both editable parameters).
    """
    gap = 100 * (completion - share_of_year)
    if gap >= yellow:
        return Light.GREEN
    return Light.YELLOW if gap >= red else Light.RED
