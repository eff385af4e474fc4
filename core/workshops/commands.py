"""Changes to orders, weekly reports, workshops and their workers; each with a version check and audit rows.

with command(db, actor=access, action=Action.TAKE_ORDER, at=now) as change:
    order = take_order(change, offer, code="DD2026-0001", customer="…", today=today)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from math import isfinite
from typing import Any

from core.jobs.legal import FULL_WEEK, PART_TIME_WEEK
from core.locale import N_, Translator
from core.store.commands import Change, CommandRefused, NotFound
from core.store.schema import (
    ApprovedRoster,
    Order,
    Placement,
    Promise,
    RosterCell,
    WeeklyOutput,
    Workshop,
    WorkshopWeek,
)
from core.terms import JobForm, PromiseKind
from core.workshops import queries
from core.workshops.calendar import Calendar
from core.workshops.promise import DRAWS, SEED, Offer
from core.workshops.roster import WeekRoster
from core.workshops.staffing import FREE, Cell

__all__ = [
    "NotAllowed",
    "approve_roster",
    "close_order",
    "deliver",
    "edit_worker",
    "edit_workshop",
    "next_code",
    "promise_of",
    "refuse_order",
    "save_week",
    "split_order",
    "take_order",
]

WORKSHOP_FIELDS = ("stations", "net_shift_hours", "supervisors", "half_days", "closed_on")
WORKER_FIELDS = ("form", "weekly_hours", "monthly_pay")
MAX_SHIFT_HOURS = 12.0


class NotAllowed(CommandRefused):
    """A value that can't be right; ``message`` is registered English with ``values`` to fill in."""

    def __init__(self, message: str, values: Mapping[str, Any]) -> None:
        super().__init__(message.format(**values))
        self.message, self.values = message, values

    def sentence(self, tr: Translator) -> str:
        """The message in the language of the reader."""
        return tr(self.message, **self.values)


def take_order(change: Change, offer: Offer, *, code: str, customer: str | None, today: date) -> int:
    """Write the order and the promise with what was expected of it; returns the order's id.

    NotAllowed without a code, with one that is in use, or for a date that has passed.
    """
    ask = offer.quote.ask
    _refuse(not code.strip(), N_("An order needs a code."))
    _refuse(ask.due_on < today, N_("The due date has passed."))
    _refuse(ask.pieces <= 0, N_("An order needs at least one piece."))
    known = queries.order_codes(change.session.connection(), code.strip())
    _refuse(code.strip() in known, N_("The code {code} is in use."), code=code.strip())
    order = Order(
        code=code.strip(),
        workshop_id=offer.state.key,
        product_id=ask.product_id,
        customer=customer or None,
        pieces=ask.pieces,
        received_on=today,
        due_on=ask.due_on,
    )
    number = int(change.add(order))
    change.add(promise_of(change, PromiseKind.ORDER, offer, today, order_id=number))
    return number


def refuse_order(change: Change, offer: Offer, *, reason: str, today: date) -> int:
    """Keep that an order was refused, why, and what was expected of it; returns the promise's id."""
    _refuse(not reason.strip(), N_("A refusal needs a reason."))
    return int(change.add(promise_of(change, PromiseKind.REFUSAL, offer, today, reason=reason.strip()[:200])))


def next_code(codes: Sequence[str], today: date) -> str:
    """The code after the newest one of the year: DD2026-0001, DD2026-0002 …"""
    prefix = f"DD{today:%Y}-"
    numbers = [int(c.removeprefix(prefix)) for c in codes if c.removeprefix(prefix).isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1:04d}"


def deliver(change: Change, order_id: int, pieces: int, *, today: date, version: int) -> None:
    """Add good pieces delivered; the order closes with its last one. NotAllowed, NotFound, Conflict."""
    order = _open_order(change, order_id)
    left = order.pieces - order.done_pieces
    _refuse(not 0 < pieces <= left, N_("Between 1 and {left} pieces can be delivered."), left=left)
    values: dict[str, Any] = {"done_pieces": order.done_pieces + pieces}
    if pieces == left:
        values["closed_on"] = today
    change.edit(Order, order_id, values, version=version)


def split_order(
    change: Change, order_id: int, *, pieces: int, workshop_id: int, due_on: date, today: date, version: int
) -> int:
    """Move ``pieces`` of what is still owed into an order of their own, here or in another workshop; returns its id.

    All pieces still owed of an order that has delivered none: the order itself moves.
    """
    order = _open_order(change, order_id)
    left = order.pieces - order.done_pieces
    _refuse(not 0 < pieces <= left, N_("Between 1 and {left} pieces can be split off."), left=left)
    _refuse(due_on < today, N_("The due date has passed."))
    if pieces == order.pieces:
        change.edit(Order, order_id, {"workshop_id": workshop_id, "due_on": due_on}, version=version)
        return order_id
    kept: dict[str, Any] = {"pieces": order.pieces - pieces}
    if pieces == left:  # what was delivered is all that is left of the first part
        kept["closed_on"] = today
    change.edit(Order, order_id, kept, version=version)
    part = Order(
        code=_part_code(change, order.code),
        workshop_id=workshop_id,
        product_id=order.product_id,
        customer=order.customer,
        pieces=pieces,
        received_on=order.received_on,
        due_on=due_on,
    )
    return int(change.add(part))


def close_order(change: Change, order_id: int, *, reason: str, today: date, version: int) -> None:
    """Close an order; one with pieces still owed needs a reason. NotAllowed, NotFound, Conflict."""
    order = _open_order(change, order_id)
    is_short = order.done_pieces < order.pieces
    _refuse(is_short and not reason.strip(), N_("Pieces are still owed: closing the order needs a reason."))
    values = {"closed_on": today, "close_reason": reason.strip()[:200] or None}
    change.edit(Order, order_id, values, version=version)


def save_week(
    change: Change,
    workshop_id: int,
    week: date,
    report: Mapping[str, Any],
    outputs: Mapping[int, Mapping[str, Any]],
    *,
    today: date,
    version: int | None,
) -> int:
    """Write the report of a week: ``report`` (stations, on_roll, attendances, hours, labour_cost, shortage, problem) and, by
    product id, ``outputs`` (planned, made, good, reworked).

    ``version`` is the one that was on screen, None for a week without a report. Returns the report's id.
    """
    _refuse(week.weekday() != 0, N_("A week begins on a Monday."))
    _refuse(week > today, N_("The week has not begun."))
    attendances, hours = report["attendances"], report["hours"]
    most = report["on_roll"] * 14
    _refuse(attendances > most, N_("{n} people can attend at most {most} half days."), n=report["on_roll"], most=most)
    _refuse(
        hours > attendances * MAX_SHIFT_HOURS,
        N_("{hours} h in {n} attendances are more than {most} h each."),
        hours=hours,
        n=attendances,
        most=MAX_SHIFT_HOURS,
    )
    for line in outputs.values():
        _refuse(line["good"] > line["made"], N_("More good pieces than were made."))
    connection = change.session.connection()
    known = queries.week_id(connection, workshop_id, week)
    if known is None:
        known = int(change.add(WorkshopWeek(workshop_id=workshop_id, week=week, **report)))
    else:
        _refuse(version is None, N_("Somebody else has reported this week meanwhile."))
        change.edit(WorkshopWeek, known, report, version=version)
    stored = queries.output_ids(change.session.connection(), known)
    for product, line in outputs.items():
        if product in stored:
            change.edit(WeeklyOutput, stored[product], line)
        elif line["planned"] or line["made"]:
            change.add(WeeklyOutput(workshop_week_id=known, product_id=product, **line))
    return known


def edit_workshop(change: Change, workshop_id: int, values: Mapping[str, Any], *, version: int) -> None:
    """Stations, hours, leaders, half days and closing date of a workshop; opened shifts follow the half days.

    ValueError for another field; NotAllowed, NotFound, Conflict.
    """
    if set(values) - set(WORKSHOP_FIELDS):
        raise ValueError(f"not editable by hand: {sorted(set(values) - set(WORKSHOP_FIELDS))}")
    workshop = change.session.get(Workshop, workshop_id)
    if workshop is None:
        raise NotFound(f"workshop {workshop_id}")
    written = dict(values)
    _refuse(written.get("stations", 1) <= 0, N_("A workshop needs at least one station."))
    _refuse(
        not 0.5 <= written.get("net_shift_hours", 1) <= MAX_SHIFT_HOURS, N_("A shift has between 0.5 and 12 hours.")
    )
    closed = written.get("closed_on")
    _refuse(closed is not None and closed <= workshop.opened_on, N_("It can't close before it opened."))
    if written.get("half_days") is not None:
        opened = sum(Calendar.of(written["half_days"]).half_days)
        _refuse(opened == 0, N_("At least one half day of the week is open."))
        written["shifts_per_week"] = opened
    change.edit(Workshop, workshop_id, written, version=version)


def edit_worker(change: Change, placement_id: int, values: Mapping[str, Any], *, version: int) -> None:
    """Form of work, contracted hours and pay of somebody on the roll. NotAllowed beyond the legal hours; NotFound, Conflict."""
    if set(values) - set(WORKER_FIELDS):
        raise ValueError(f"not editable by hand: {sorted(set(values) - set(WORKER_FIELDS))}")
    hours = values.get("weekly_hours")
    most = PART_TIME_WEEK if values.get("form") is JobForm.PART_TIME else FULL_WEEK
    _refuse(hours is not None and not 0 < hours <= most, N_("Between 1 and {most} h a week are lawful."), most=most)
    change.edit(Placement, placement_id, values, version=version)


def approve_roster(
    change: Change,
    workshop_id: int,
    plan: WeekRoster,
    *,
    rev: int,
    today: date,
    reason: str = "",
    fixed: Collection[Cell] = (),
) -> int:
    """Store a roster in the name of ``change.actor`` with the hours that it is expected to make; returns its id.

    ``rev`` is the newest one that was on screen, 0 without one; a change of an approved roster needs a reason. NotAllowed
    for an empty roster and where somebody approved another one meanwhile.
    """
    _refuse(plan.given == 0, N_("Nobody is rostered: there is nothing to approve."))
    known = queries.last_roster_rev(change.session.connection(), workshop_id, plan.week)
    _refuse(known != rev, N_("Somebody else has approved a roster of this week meanwhile."))
    _refuse(rev > 0 and not reason.strip(), N_("A change of an approved roster needs a reason."))
    roster = int(
        change.add(
            ApprovedRoster(
                workshop_id=workshop_id,
                week=plan.week,
                rev=rev + 1,
                shift_hours=plan.shift_hours,
                asked_hours=plan.asked,
                expected_hours=plan.covered,
                method=plan.roster.method,
                gap=plan.roster.gap,
                approved_by=change.actor,
                approved_at=change.at,
                reason=reason.strip()[:200] or None,
            )
        )
    )
    cells = [
        {
            "roster_id": roster,
            "person_id": plan.persons[i],
            "slot": s,
            "leads": worker.is_leader,
            "locked": (i, s) in fixed,
        }
        for i, worker in enumerate(plan.workers)
        for s, place in enumerate(plan.roster.table[i].tolist())
        if place != FREE
    ]
    change.add_all(RosterCell, cells)
    change.add(
        Promise(
            kind=PromiseKind.ROSTER,
            workshop_id=workshop_id,
            roster_id=roster,
            number=plan.covered + plan.home.made,
            due_on=plan.week + timedelta(days=6),
            made_on=today,
            made_by=change.actor,
            made_at=change.at,
        )
    )
    return roster


def promise_of(
    change: Change,
    kind: PromiseKind,
    offer: Offer,
    today: date,
    *,
    order_id: int | None = None,
    reason: str | None = None,
) -> Promise:
    """The entry of the forecast ledger for an answer of ``change.actor`` on ``today``: what was expected, and from what."""
    quote = offer.quote
    return Promise(
        kind=kind,
        workshop_id=offer.state.key,
        order_id=order_id,
        product_id=quote.ask.product_id or None,
        number=float(quote.ask.pieces),
        due_on=quote.ask.due_on,
        expected_on=quote.expected_on,
        probability=quote.probability,
        hourly_pay=quote.hourly_pay,
        evidence={
            "median_on": None if quote.median_on is None else quote.median_on.isoformat(),
            "earliest_on": None if quote.earliest_on is None else quote.earliest_on.isoformat(),
            "delays": {d.order.code: [d.days, round(d.before, 4), round(d.after, 4)] for d in quote.delays},
            "floor": quote.floor,
            "ratio": quote.ratio if quote.ratio is not None and isfinite(quote.ratio) else None,
            "draws": DRAWS,
            "seed": SEED,
        },
        reason=reason,
        made_on=today,
        made_by=change.actor,
        made_at=change.at,
    )


def _open_order(change: Change, order_id: int) -> Order:
    order = change.session.get(Order, order_id)
    if order is None:
        raise NotFound(f"order {order_id}")
    _refuse(order.closed_on is not None, N_("The order {code} is closed."), code=order.code)
    return order


def _part_code(change: Change, code: str) -> str:
    """The next free code of a part: DD2025-0257-2, -3 …"""
    stem = code[:17]
    known = set(queries.order_codes(change.session.connection(), stem))
    return next(f"{stem}-{k}" for k in range(2, len(known) + 3) if f"{stem}-{k}" not in known)


def _refuse(condition: bool, message: str, **values: Any) -> None:
    if condition:
        raise NotAllowed(message, values)
