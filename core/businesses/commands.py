"""Changes to the registers of micro-businesses and of premises.

An own business is work: the placement of the owner begins and ends with it, so that both registers agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from core.businesses.premises import FREE, use_of
from core.locale import N_
from core.people.commands import set_state
from core.store.commands import Change, CodeRefused, NotFound
from core.store.schema import BusinessSupport, Community, MicroBusiness, Placement, Premises
from core.terms import (
    BusinessKind,
    BusinessSupportKind,
    Channel,
    ExitReason,
    JobForm,
    PersonState,
    PremisesUse,
)

__all__ = ["PREMISES_FIELDS", "REFUSALS", "Refused", "add_support", "close_business", "open_business", "save_premises"]

REFUSALS = {
    "name": N_("Give a name."),
    "taken": N_("There is one of this name already."),
    "premises": N_("The premises are in use."),
    "future": N_("The day lies in the future."),
    "order": N_("A business closes after it opened."),
    "closed": N_("The business is closed already."),
    "amount": N_("An amount is not negative."),
    "code": N_("Give the premises a number that no others have."),
    "size": N_("Area, load and stations are not negative."),
}
PREMISES_FIELDS = (
    *("code", "name", "kind", "community_id", "lon", "lat", "area_m2", "possible_stations"),
    *("use", "power_kw", "step_free", "open_to"),
)


class Refused(CodeRefused):
    """An entry that does not fit; nothing is changed."""

    sentences = REFUSALS


def open_business(
    change: Change,
    *,
    name: str,
    kind: BusinessKind,
    community_id: int,
    opened_on: date,
    today: date,
    person_id: int | None = None,
    premises_id: int | None = None,
) -> int:
    """Enter a micro-business; returns its id. An owner of the pool is self-employed from its first day on."""
    name = name.strip()
    if not name:
        raise Refused("name")
    if opened_on > today:
        raise Refused("future")
    if change.session.scalar(select(MicroBusiness.id).where(MicroBusiness.name == name)) is not None:
        raise Refused("taken")
    if premises_id is not None:
        _take_premises(change, premises_id)
    business_id = change.add(
        MicroBusiness(
            name=name,
            kind=kind,
            person_id=person_id,
            community_id=community_id,
            premises_id=premises_id,
            opened_on=opened_on,
        )
    )
    if person_id is not None and _own_work(change, person_id) is None:
        known = select(Placement.id).where(Placement.person_id == person_id, Placement.started_on == opened_on)
        if change.session.scalar(known) is None:
            change.add(
                Placement(
                    person_id=person_id,
                    started_on=opened_on,
                    channel=Channel.SELF_EMPLOYED,
                    form=JobForm.SELF_EMPLOYED,
                )
            )
        set_state(change, person_id, PersonState.EMPLOYED, opened_on)
    return int(business_id)


def close_business(
    change: Change, business_id: int, *, closed_on: date, reason: ExitReason | None, version: int, today: date
) -> None:
    """Close a micro-business: its premises are free again, and its owner, unless retired, seeks work again."""
    row = _business(change, business_id)
    if row.closed_on is not None:
        raise Refused("closed")
    if closed_on > today:
        raise Refused("future")
    if closed_on < row.opened_on:
        raise Refused("order")
    change.edit(MicroBusiness, business_id, {"closed_on": closed_on}, version=version)
    if row.premises_id is not None:
        change.edit(Premises, row.premises_id, {"use": PremisesUse.IDLE})
    t = MicroBusiness
    others = select(t.id).where(t.person_id == row.person_id, t.closed_on.is_(None), t.id != business_id)
    if row.person_id is None or change.session.scalar(others.limit(1)) is not None:
        return
    work = _own_work(change, row.person_id)
    if work is not None and work.started_on <= closed_on:
        change.edit(Placement, work.id, {"ended_on": closed_on, "end_reason": reason})
        after = PersonState.RETIRED if reason is ExitReason.RETIRED else PersonState.SEEKING
        set_state(change, row.person_id, after, closed_on)


def add_support(
    change: Change,
    business_id: int,
    *,
    kind: BusinessSupportKind,
    given_on: date,
    amount: float | None,
    today: date,
) -> int:
    """Help that a micro-business got; the same kind on the same day is one entry, whose amount is replaced."""
    _business(change, business_id)
    if given_on > today:
        raise Refused("future")
    if amount is not None and amount < 0:
        raise Refused("amount")
    t = BusinessSupport
    known = change.session.scalar(
        select(t.id).where(t.business_id == business_id, t.kind == kind, t.given_on == given_on)
    )
    if known is not None:
        change.edit(t, known, {"amount": amount})
        return known
    return int(change.add(t(business_id=business_id, kind=kind, given_on=given_on, amount=amount)))


def save_premises(
    change: Change, values: Mapping[str, Any], *, premises_id: int | None = None, version: int | None = None
) -> int:
    """Enter premises, or change them: ``values`` of ``PREMISES_FIELDS``; returns the id. ValueError for other fields.

    Without a position they are put at the label point of their community.
    """
    foreign = set(values) - set(PREMISES_FIELDS)
    if foreign:
        raise ValueError(f"no fields of premises: {sorted(foreign)}")
    code, name = str(values["code"]).strip(), str(values["name"]).strip()
    if not name:
        raise Refused("name")
    taken = change.session.scalar(select(Premises.id).where(Premises.code == code))
    if not code or (taken is not None and taken != premises_id):
        raise Refused("code")
    if any((values.get(field) or 0) < 0 for field in ("area_m2", "possible_stations", "power_kw")):
        raise Refused("size")
    content = {**values, "code": code, "name": name}
    if content.get("lon") is None or content.get("lat") is None:
        community = change.session.get(Community, values["community_id"])
        if community is None:
            raise NotFound(f"{Community.__tablename__} {values['community_id']}")
        content |= {"lon": community.lon, "lat": community.lat}
    if premises_id is None:
        return int(change.add(Premises(**content)))
    change.edit(Premises, premises_id, content, version=version)
    return premises_id


def _business(change: Change, business_id: int) -> MicroBusiness:
    row = change.session.get(MicroBusiness, business_id)
    if row is None:
        raise NotFound(f"{MicroBusiness.__tablename__} {business_id}")
    if row.person_id is not None:
        change.check_person(row.person_id)
    return row


def _own_work(change: Change, person_id: int) -> Placement | None:
    """The running spell of self-employment of a person."""
    t = Placement
    return change.session.scalar(
        select(t)
        .where(t.person_id == person_id, t.channel == Channel.SELF_EMPLOYED, t.ended_on.is_(None))
        .order_by(t.started_on.desc())
        .limit(1)
    )


def _take_premises(change: Change, premises_id: int) -> None:
    row = change.session.get(Premises, premises_id)
    if row is None:
        raise NotFound(f"{Premises.__tablename__} {premises_id}")
    if use_of(row.use, row.kind) not in FREE:
        raise Refused("premises")
    change.edit(Premises, premises_id, {"use": PremisesUse.IN_USE})
