"""Who is likely to need a call: people at work for whom a printed rule holds, and how often it was right in the past.

Seven conditions, each on facts known on the day; what is not on record is unknown, which is neither yes nor no. Somebody is
on the radar when at least ``radar_conditions`` of them hold. Limits are dated parameters.

    rows = evaluate(facts, parameters, today)          # a row a placement at work
    record = track_record(facts, parameters, today)    # exits within 30 days: of those on the radar, of the others

The record counts months of spells: on the first day of each of the last months everyone at work is judged by what was
known then, and looked at 30 days later. Given that a spell still lasts, each of its months is one trial of a discrete
hazard (Allison 1982, Sociological Methodology 13:61), so shares and their Wilson intervals are those of one binomial.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from core.access.measures import wilson
from core.locale import N_
from core.store.settings import in_force, parameter
from core.terms import Channel, FollowUpResult, JobForm

__all__ = ["CONDITIONS", "HORIZON", "Condition", "RadarFacts", "Share", "TrackRecord", "evaluate", "track_record"]

HORIZON = 30  # days within which an exit counts
MONTHS = 24  # first days of months that the record looks back on
WEEKS_NOW, WEEKS_BEFORE = 4, 8  # reported weeks of a workshop that are compared
WEEKS_A_MONTH = 52 / 12
TOLERANCE = 1e-9  # 0.8 - 1 is not quite -0.2


@dataclass(frozen=True, eq=False)
class RadarFacts:
    """``placements``: id, person_id, started_on, ended_on, channel, workshop_id, form, monthly_pay, weekly_hours.
    ``follow_ups``: id, placement_id, followed_on, result, monthly_pay, weekly_hours. ``difficulties``: follow_up_id, kind.
    ``weeks``: workshop_id, week (Monday), on_roll, hours. ``orders``: workshop_id, received_on, closed_on."""

    placements: pd.DataFrame
    follow_ups: pd.DataFrame
    difficulties: pd.DataFrame
    weeks: pd.DataFrame
    orders: pd.DataFrame


@dataclass(frozen=True)
class Condition:
    """``rule`` speaks of the parameter ``limit`` as {limit}; ``is_share``: it is shown as a percentage."""

    code: str
    name: str
    rule: str
    limit: str = ""
    is_share: bool = False
    for_workshops: bool = False


CONDITIONS = (
    Condition(
        "hours_cut",
        N_("hours cut"),
        N_("Weekly hours at the last call at least {limit} below those known before."),
        "radar_hours_cut",
        is_share=True,
    ),
    Condition(
        "pay_fallen",
        N_("pay fallen"),
        N_("Pay at the last call at least {limit} below that known before."),
        "radar_pay_fall",
        is_share=True,
    ),
    Condition(
        "below_floor",
        N_("pay below the floor"),
        N_("Last known pay below the minimum wage: a month for full time, an hour where the hours are known."),
    ),
    Condition(
        "difficulty",
        N_("difficulty reported"),
        N_("A difficulty was reported at the last call, within {limit} days."),
        "radar_call_days",
    ),
    Condition(
        "unreached",
        N_("nobody reached"),
        N_("Nobody was reached at the last call, within {limit} days."),
        "radar_call_days",
    ),
    Condition(
        "attendance",
        N_("attendance fallen"),
        N_("Workshop: hours a head on the roll in the last 4 reported weeks at least {limit} below the 8 before."),
        "radar_attendance_fall",
        is_share=True,
        for_workshops=True,
    ),
    Condition("no_order", N_("workshop without an order"), N_("Workshop: no order was open."), for_workshops=True),
)


@dataclass(frozen=True)
class Share:
    """``n`` of ``of`` ended within the horizon, with its 95% interval (Wilson)."""

    n: int
    of: int

    @property
    def rate(self) -> float:
        return self.n / self.of if self.of else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.n, self.of)


@dataclass(frozen=True)
class TrackRecord:
    """Months of spells on the radar and off it, from ``first`` to ``last``; ``held``: of each condition those in which it
    held."""

    on_radar: Share
    others: Share
    held: Mapping[str, Share]
    first: date
    last: date

    @property
    def is_told_apart(self) -> bool:
        """Whether the two intervals do not overlap."""
        return self.on_radar.of > 0 and self.on_radar.interval[0] > self.others.interval[1]


def evaluate(facts: RadarFacts, parameters: pd.DataFrame, day: date, rule_of: date | None = None) -> pd.DataFrame:
    """Everyone at work on ``day``: id, person_id, started_on, for each condition ``code`` (boolean, NA unknown) and
    ``code_value`` (what was compared), holding (how many hold), unknown, is_on.

    A condition on workshops does not hold elsewhere. ``rule_of``: the day whose limits are used, by default ``day`` itself;
    the minimum wage is always that of ``day``.
    """
    moment = pd.Timestamp(day)
    at_work = facts.placements[
        (facts.placements["started_on"] <= moment)
        & (facts.placements["ended_on"].isna() | (facts.placements["ended_on"] > moment))
    ].reset_index(drop=True)
    known = _Known(facts, parameters, day, at_work, rule_of or day)
    table = at_work[["id", "person_id", "started_on"]].copy()
    for condition in CONDITIONS:
        holds, value = TESTS[condition.code](known)
        if condition.for_workshops:
            holds = holds.mask(at_work["workshop_id"].isna(), False)
        table[condition.code], table[f"{condition.code}_value"] = holds.astype("boolean"), value
    marks = table[[condition.code for condition in CONDITIONS]]
    table["holding"] = marks.fillna(False).sum(axis=1).astype("int64")
    table["unknown"] = marks.isna().sum(axis=1).astype("int64")
    table["is_on"] = table["holding"] >= known.limit("radar_conditions")
    return table


def track_record(facts: RadarFacts, parameters: pd.DataFrame, today: date, months: int = MONTHS) -> TrackRecord | None:
    """How the rule of ``today`` did on the first days of the last ``months`` months whose 30 days are over; None without any."""
    last = (today - timedelta(days=HORIZON)).replace(day=1)
    days = [(pd.Timestamp(last) - pd.DateOffset(months=n)).date() for n in range(months)]
    ended_on = facts.placements.set_index("id")["ended_on"]
    marks = ["is_on", *(condition.code for condition in CONDITIONS)]
    counts = np.zeros((len(marks), 2, 2), dtype=int)  # mark × not or holds × still there or ended
    seen: list[date] = []
    for day in days:
        table = evaluate(facts, parameters, day, today)
        if table.empty:
            continue
        seen.append(day)
        ended = table["id"].map(ended_on) <= pd.Timestamp(day + timedelta(days=HORIZON))
        for n, mark in enumerate(marks):
            np.add.at(counts[n], (table[mark].fillna(False).astype(int), ended.astype(int)), 1)
    if not seen:
        return None
    without, held = ([Share(int(ended), int(there + ended)) for there, ended in counts[:, side]] for side in (0, 1))
    return TrackRecord(held[0], without[0], dict(zip(marks[1:], held[1:], strict=True)), min(seen), max(seen))


Test = tuple[pd.Series, pd.Series]


class _Known:
    """What is known on a day of the placements ``at_work``, a value each in their order."""

    def __init__(
        self, facts: RadarFacts, parameters: pd.DataFrame, day: date, at_work: pd.DataFrame, rule_of: date
    ) -> None:
        self.facts, self.parameters, self.day, self.at_work, self.rule_of = facts, parameters, day, at_work, rule_of
        calls = facts.follow_ups[facts.follow_ups["followed_on"] <= pd.Timestamp(day)]
        self.calls = calls.sort_values(["followed_on", "id"])
        self.last = self.calls.drop_duplicates("placement_id", keep="last").set_index("placement_id")
        self.has_reports = facts.follow_ups.dropna(subset=["monthly_pay"])["placement_id"].unique()

    def limit(self, key: str) -> float:
        return parameter(self.parameters, key, self.rule_of)

    def wage_floor(self, key: str) -> float:
        """The minimum wage of the day, NaN where none is on record."""
        return in_force(self.parameters, self.day).get(key, float("nan"))

    def of_last_call(self, column: str) -> pd.Series:
        return self.of(self.last[column], self.at_work["id"])

    @staticmethod
    def of(values: pd.Series, keys: pd.Series) -> pd.Series:
        """The value of each key, missing where there is none; of the same type also where ``values`` are empty."""
        return values.reindex(keys).set_axis(keys.index)

    def is_recent_call(self) -> pd.Series:
        since = pd.Timestamp(self.day) - pd.Timedelta(days=self.limit("radar_call_days"))
        return self.of_last_call("followed_on") >= since

    def last_two(self, column: str, contract: pd.Series) -> tuple[pd.Series, pd.Series]:
        """The newest report of ``column`` and the one before, else what the contract says."""
        reports = self.calls.dropna(subset=[column])
        newest = reports.drop_duplicates("placement_id", keep="last")
        before = reports.drop(index=newest.index).drop_duplicates("placement_id", keep="last")
        ids = self.at_work["id"]
        earlier = self.of(before.set_index("placement_id")[column], ids)
        return self.of(newest.set_index("placement_id")[column], ids), earlier.fillna(contract)

    def pay(self) -> pd.Series:
        """The newest pay. The placement's own pay is overwritten by calls, so it counts only where no call gave one."""
        newest, _ = self.last_two("monthly_pay", pd.Series(np.nan, index=self.at_work.index))
        return newest.fillna(self.at_work["monthly_pay"].mask(self.at_work["id"].isin(self.has_reports)))


def _fall(newest: pd.Series, before: pd.Series, limit: float) -> Test:
    """Whether ``newest`` is at least the share ``limit`` below ``before``; the value is the change as a share."""
    change = newest / before.where(before > 0) - 1
    return (change <= -limit + TOLERANCE).astype("boolean").mask(change.isna()), change


def _hours_cut(known: _Known) -> Test:
    return _fall(*known.last_two("weekly_hours", known.at_work["weekly_hours"]), known.limit("radar_hours_cut"))


def _pay_fallen(known: _Known) -> Test:
    nothing = pd.Series(np.nan, index=known.at_work.index)
    return _fall(*known.last_two("monthly_pay", nothing), known.limit("radar_pay_fall"))


def _below_floor(known: _Known) -> Test:
    pay = known.pay()
    hours, _ = known.last_two("weekly_hours", pd.Series(np.nan, index=known.at_work.index))
    hours = hours.fillna(known.at_work["weekly_hours"])
    is_full_time = known.at_work["form"] == JobForm.FULL_TIME
    is_own = known.at_work["channel"] == Channel.SELF_EMPLOYED
    month, hour = known.wage_floor("minimum_wage_month"), known.wage_floor("minimum_wage_hour")
    by_month, by_hour = pay < month, pay / (hours * WEEKS_A_MONTH) < hour
    is_known = pay.notna() & (is_full_time | hours.notna()) & pd.notna(month) & pd.notna(hour)
    holds = by_month.where(is_full_time, by_hour).astype("boolean").mask(~is_known)
    return holds.mask(is_own, False), pay


def _difficulty(known: _Known) -> Test:
    calls = known.of_last_call("id")
    reported = set(known.facts.difficulties["follow_up_id"])
    was_reached = known.of_last_call("result") == FollowUpResult.IN_WORK
    holds = (
        (calls.isin(reported) & known.is_recent_call()).astype("boolean").mask(~was_reached | ~known.is_recent_call())
    )
    return holds, calls


def _unreached(known: _Known) -> Test:
    result = known.of_last_call("result")
    holds = (result == FollowUpResult.UNREACHABLE) & known.is_recent_call()
    return holds.astype("boolean").mask(result.isna()), known.of_last_call("followed_on")


def _attendance(known: _Known) -> Test:
    monday = pd.Timestamp(known.day) - pd.Timedelta(days=6)  # the week of a report must be over
    weeks = known.facts.weeks[(known.facts.weeks["week"] <= monday) & (known.facts.weeks["on_roll"] > 0)]
    weeks = weeks.sort_values("week").assign(hours_a_head=weeks["hours"] / weeks["on_roll"])
    nth = weeks.groupby("workshop_id").cumcount(ascending=False)
    now = weeks[nth < WEEKS_NOW].groupby("workshop_id")["hours_a_head"].mean()
    is_before = (nth >= WEEKS_NOW) & (nth < WEEKS_NOW + WEEKS_BEFORE)
    before = weeks[is_before].groupby("workshop_id")["hours_a_head"].mean()
    shops = known.at_work["workshop_id"]
    return _fall(known.of(now, shops), known.of(before, shops), known.limit("radar_attendance_fall"))


def _no_order(known: _Known) -> Test:
    moment, orders = pd.Timestamp(known.day), known.facts.orders
    is_open = (orders["received_on"] <= moment) & (orders["closed_on"].isna() | (orders["closed_on"] > moment))
    open_orders = orders[is_open]["workshop_id"].value_counts()
    count = known.of(open_orders, known.at_work["workshop_id"]).fillna(0)
    return (count == 0).astype("boolean"), count


TESTS: dict[str, Callable[[_Known], Test]] = {
    "hours_cut": _hours_cut,
    "pay_fallen": _pay_fallen,
    "below_floor": _below_floor,
    "difficulty": _difficulty,
    "unreached": _unreached,
    "attendance": _attendance,
    "no_order": _no_order,
}
