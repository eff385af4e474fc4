"""Can we take it? The date of a new order as a distribution, the orders that it delays, and what its price earns an hour.

    spread = spread_of(rows.weeks, rows.outputs, 3)    # how attendance and pace vary from week to week
    quote = quote_order(state.load, ask, spread, generator=np.random.default_rng(SEED))
    quote.probability, quote.expected_on, quote.earliest_on, quote.delays

Every draw is one possible future. What varies is taken from the workshop's own ordinary weeks: each of them gives one
factor, its standard hours earned for a person on the roll ÷ the mean of the window, which holds attendance and pace
together as they occurred. A draw first resamples the window (how sure is the level?), then takes one of those weeks for
each week ahead (how much does a week vary?): the bootstrap predictive distribution (Efron and Tibshirani 1993, ch. 8). The
same draws serve the order book with and without the new order, so that a difference is the order's effect alone.

Orders are made earliest due date first, which minimises the largest lateness (Jackson 1955).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from core.locale import Translator
from core.workshops.inputs import FULL_WEEK_WINDOW, ordinary, skill_shares
from core.workshops.load import (
    HORIZON,
    OpenOrder,
    WorkshopLoad,
    compute_load,
    hourly_pay,
    load_hours,
    pace_beyond,
    time_to_make,
)
from core.workshops.states import WorkshopRows, WorkshopState

__all__ = [
    "CERTAINTY",
    "DRAWS",
    "MIN_WEEKS",
    "SEED",
    "Ask",
    "Delay",
    "Offer",
    "Quote",
    "Spread",
    "finish_days",
    "offers",
    "quote_order",
    "spread_of",
]

DRAWS = 10_000
SEED = 20250101  # handed to the generator by whoever asks: the same question has the same answer
CERTAINTY = 0.8  # of a date that may be promised
MIN_WEEKS = 8  # ordinary weeks of a workshop's own; below it all workshops' weeks are pooled
NEVER = 10**6  # days


@dataclass(frozen=True)
class Ask:
    """What a customer asks for."""

    pieces: int
    minutes: float  # standard minutes a piece
    due_on: date
    rate: float  # yuan a piece
    product_id: int = 0
    product: str = ""


@dataclass(frozen=True)
class Spread:
    """Factors on a usual week's standard hours, mean 1, one an ordinary week, with what makes them up."""

    factors: np.ndarray  # shape (weeks,)
    attendance: float  # coefficient of variation of attendances a person on the roll
    pace: float  # coefficient of variation of standard hours earned an attended hour
    is_own: bool  # of the workshop itself, not pooled over all


@dataclass(frozen=True)
class Delay:
    """An open order behind which the new one pushes itself."""

    order: OpenOrder
    days: int  # median difference of its finish
    before: float  # probability of being on time without the new order
    after: float  # and with it


@dataclass(frozen=True)
class Quote:
    """The answer of one workshop to one request."""

    ask: Ask
    finish: np.ndarray  # days from today in each draw, shape (draws,); NEVER where it is never done
    today: date
    probability: float  # of being done by the date asked for
    expected_on: date | None  # reached with ``CERTAINTY``; None: never
    median_on: date | None
    earliest_on: date | None  # may be promised: reached with ``CERTAINTY`` and no other order loses its date
    delays: tuple[Delay, ...]  # orders that lose a day or more
    ratio: float | None  # load ratio at the tightest due date with the new order
    need: float  # standard hours
    hourly_pay: float  # yuan an attended hour that the price brings at the workshop's pace and yield
    floor: float  # yuan an hour, of the day
    spread: Spread

    @property
    def is_below_floor(self) -> bool:
        return self.hourly_pay < self.floor - 1e-9

    @property
    def breaks(self) -> tuple[Delay, ...]:
        """Orders whose date was certain enough and no longer is."""
        return tuple(d for d in self.delays if d.before >= CERTAINTY > d.after)

    @property
    def can_be_taken(self) -> bool:
        """On time with enough certainty, nobody else's date lost, the price not below the floor."""
        return self.probability >= CERTAINTY and not self.breaks and not self.is_below_floor

    @property
    def lawful_rate(self) -> float:
        """Yuan a piece that would just earn the floor."""
        return self.ask.rate * self.floor / self.hourly_pay if self.hourly_pay else float("inf")

    def objections(self, tr: Translator) -> list[str]:
        """What speaks against taking the order, in words with numbers; empty where it can be taken."""
        objections = []
        if self.probability < CERTAINTY:
            objections.append(
                tr(
                    "only {share} likely to be ready by {due}",
                    share=tr.percent(self.probability, 0),
                    due=tr.day(self.ask.due_on),
                )
            )
            if self.earliest_on is not None:
                objections.append(tr("it can be promised for {day}", day=tr.day(self.earliest_on)))
        for d in self.breaks:
            objections.append(
                tr(
                    "{code} would lose its date: {days} days later, on time {before} → {after}",
                    code=d.order.code,
                    days=d.days,
                    before=tr.percent(d.before, 0),
                    after=tr.percent(d.after, 0),
                )
            )
        if self.is_below_floor:
            objections.append(
                tr(
                    "the price brings {paid} yuan an hour, the floor is {floor}: it takes {rate} yuan a piece",
                    paid=tr.number(self.hourly_pay, 1),
                    floor=tr.number(self.floor, 1),
                    rate=tr.number(self.lawful_rate, 2),
                )
            )
        return objections


@dataclass(frozen=True)
class Offer:
    """A workshop that could make the order, with its answer."""

    state: WorkshopState
    quote: Quote
    share: float | None  # of its working people who can make the product, 0..1; None: the product asks for no skill


def offers(
    rows: WorkshopRows, states: Sequence[WorkshopState], ask: Ask, *, seed: int = SEED, draws: int = DRAWS
) -> list[Offer]:
    """What every workshop in operation that can make the product answers, the best first.

    Best: may be taken; breaks the fewest dates; most certain to be on time; the earliest date that may be promised.
    """
    needs_skill = bool((rows.product_skills["product_id"] == ask.product_id).any())
    answers = []
    for state in states:
        spread = spread_of(rows.weeks, rows.outputs, state.key)
        if state.load is None or state.is_closed or spread is None or not state.load.has_people:
            continue
        share = None
        if needs_skill:
            product = [ask.product_id]
            shares = skill_shares(state.roll, rows.person_skills, rows.product_skills, state.outputs, product)
            share = dict(shares).get(ask.product_id, 0.0)
            if share <= 0:
                continue
        generator = np.random.default_rng([seed, state.key])
        quote = quote_order(state.load, ask, spread, floor=state.wage_floor, generator=generator, draws=draws)
        answers.append(Offer(state, quote, share))
    return sorted(
        answers,
        key=lambda o: (
            not o.quote.can_be_taken,
            len(o.quote.breaks),
            -o.quote.probability,
            o.quote.earliest_on or date.max,
            o.state.key,
        ),
    )


def spread_of(weeks: pd.DataFrame, outputs: pd.DataFrame, workshop: int) -> Spread | None:
    """How the weeks of ``workshop`` vary; all workshops' weeks where it has fewer than ``MIN_WEEKS``; None without any.

    ``weeks`` and ``outputs`` are the rows of all workshops (``core.workshops.queries``).
    """
    earned = (
        (outputs["made"].astype(float) * outputs["standard_minutes"] / 60)
        .groupby([outputs["workshop_id"], outputs["week"]])
        .sum()
    )
    usual = ordinary(weeks)
    usual = usual[(usual["on_roll"] > 0) & (usual["hours"] > 0)].copy()
    usual["earned"] = [earned.get((w, week), 0.0) for w, week in zip(usual["workshop_id"], usual["week"], strict=True)]
    usual = usual[usual["earned"] > 0].groupby("workshop_id").tail(FULL_WEEK_WINDOW)
    table = pd.DataFrame(
        {
            "workshop_id": usual["workshop_id"].astype(int),
            "total": usual["earned"] / usual["on_roll"].astype(float),
            "attendance": usual["attendances"].astype(float) / usual["on_roll"].astype(float),
            "pace": usual["earned"] / usual["hours"].astype(float),
        }
    )
    if table.empty:
        return None
    columns = ["total", "attendance", "pace"]
    relative = table[columns] / table.groupby("workshop_id")[columns].transform("mean")
    own = relative[table["workshop_id"] == workshop]
    is_own = len(own) >= MIN_WEEKS
    taken = own if is_own else relative
    variation = taken.std(ddof=0)
    return Spread(taken["total"].to_numpy(), float(variation["attendance"]), float(variation["pace"]), is_own)


def finish_days(queues: Sequence[float], effective: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Days until each queue of standard hours is made, in each draw; shape (queues, draws).

    ``effective``: standard hours of each day, shape (7 × weeks,); ``factors``: shape (draws, weeks). After the last day the
    pace of the last week goes on; ``NEVER`` where nothing is made then.
    """
    draws = len(factors)
    made = np.cumsum(np.repeat(factors, 7, axis=1) * effective, axis=1)
    last, pace = made[:, -1], pace_beyond(effective)
    result = np.empty((len(queues), draws))
    for k, queue in enumerate(queues):
        days = (made < queue - 1e-9).sum(axis=1) + 1.0  # the first at whose end the queue is made
        beyond = np.ceil((queue - last) / pace - 1e-9) if pace > 0 else np.full(draws, float(NEVER))
        days = np.where(last < queue - 1e-9, np.minimum(len(effective) + beyond, NEVER), days)
        result[k] = 0.0 if queue <= 0 else days
    return result


def quote_order(
    load: WorkshopLoad, ask: Ask, spread: Spread, *, floor: float, generator: np.random.Generator, draws: int = DRAWS
) -> Quote:
    """What happens to the order book of ``load`` if ``ask`` is taken; ``floor`` is the hourly wage floor of the day."""
    inputs, today = load.inputs, load.today
    efficiency = load.potential / load.attended if load.attended else 1.0
    order = OpenOrder("+", ask.product, ask.pieces, ask.minutes, ask.due_on, rate=ask.rate, product_id=ask.product_id)
    with_it = compute_load(replace(inputs, orders=(*inputs.orders, order)), today)
    usual = time_to_make(with_it.total_hours, load.effective_by_day)
    horizon = HORIZON if np.isinf(usual) else min(int(1.5 * usual / 7) + 8, HORIZON)
    factors, days = _futures(spread.factors, draws, horizon, generator), load.effective_by_day[: 7 * horizon]
    before = finish_days([o.queue for o in load.orders], days, factors)
    after = finish_days([o.queue for o in with_it.orders], days, factors)
    place = next(k for k, o in enumerate(with_it.orders) if o.order.code == "+")
    finish = after[place]
    others = np.delete(after, place, axis=0)
    need = load_hours(ask.pieces, ask.minutes, inputs.first_pass)
    return Quote(
        ask=ask,
        finish=finish,
        today=today,
        probability=_on_time(finish, ask.due_on, today),
        expected_on=_day(today, _quantile(finish, CERTAINTY)),
        median_on=_day(today, _quantile(finish, 0.5)),
        earliest_on=_earliest(load, need, factors),
        delays=_delays(load, before, others),
        ratio=with_it.ratio,
        need=need,
        hourly_pay=hourly_pay(ask.rate, ask.minutes, efficiency, inputs.first_pass),
        floor=floor,
        spread=spread,
    )


def _futures(factors: np.ndarray, draws: int, weeks: int, generator: np.random.Generator) -> np.ndarray:
    """Factors of the weeks ahead in each draw, shape (draws, weeks): the window resampled, then weeks taken from it."""
    n = len(factors)
    windows = factors[generator.integers(0, n, (draws, n))]
    # A row a week, so that a longer horizon leaves the weeks before it as they were.
    return np.take_along_axis(windows, generator.integers(0, n, (weeks, draws)).T, axis=1)


def _earliest(load: WorkshopLoad, need: float, factors: np.ndarray) -> date | None:
    """The first date that may be promised, whatever was asked for.

    The order can stand before any of the others, as long as every order behind it stays on time with enough certainty:
    nobody is pushed who is late already.
    """
    today, days = load.today, load.effective_by_day[: 7 * factors.shape[1]]
    best: date | None = None
    for place in range(len(load.orders), -1, -1):
        behind = load.orders[place:]
        ahead = load.orders[place - 1].queue if place else 0.0
        first, *pushed = finish_days([ahead + need, *(o.queue + need for o in behind)], days, factors)
        if any(_on_time(done, o.order.due_on, today) < CERTAINTY for o, done in zip(behind, pushed, strict=True)):
            break
        best = _day(today, _quantile(first, CERTAINTY))
    return best


def _delays(load: WorkshopLoad, before: np.ndarray, after: np.ndarray) -> tuple[Delay, ...]:
    """The open orders that finish a day or more later; ``before`` and ``after``: days by order and draw."""
    return tuple(
        Delay(
            order=o.order,
            days=round(float(np.median(late - was))),
            before=_on_time(was, o.order.due_on, load.today),
            after=_on_time(late, o.order.due_on, load.today),
        )
        for o, was, late in zip(load.orders, before, after, strict=True)
        if np.median(late - was) >= 1
    )


def _on_time(days: np.ndarray, due_on: date, today: date) -> float:
    return float(np.mean(days <= (due_on - today).days))


def _quantile(days: np.ndarray, share: float) -> float:
    """The smallest number of days that at least ``share`` of the draws do not exceed."""
    return float(np.quantile(days, share, method="inverted_cdf"))


def _day(today: date, days: float) -> date | None:
    return None if days >= NEVER else today + timedelta(days=int(days))
