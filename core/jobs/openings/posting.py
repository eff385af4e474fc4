"""Openings as they leave the bureau: a row a person reads, and schema.org ``JobPosting`` in JSON-LD.

What goes out is what is registered of the opening and of the employer as a company: no contact, no person, no exact place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from core.jobs.openings.listing import opening_number
from core.terms import JobForm, PayKind, Shift

__all__ = ["Posting", "json_ld", "make_posting", "postings_json"]

# schema.org names forms of work in capitals (https://schema.org/employmentType).
EMPLOYMENT_TYPES: Mapping[JobForm, str] = {
    JobForm.FULL_TIME: "FULL_TIME",
    JobForm.PART_TIME: "PART_TIME",
    JobForm.HOME_PIECE: "CONTRACTOR",
    JobForm.FLEXIBLE: "PART_TIME",
    JobForm.SELF_EMPLOYED: "OTHER",
    JobForm.OVER_AGE: "CONTRACTOR",  # a service agreement, no employment contract
}
PIECE = "H87"  # UN/CEFACT code of a piece
PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8})(?!\d)")


@dataclass(frozen=True)
class Posting:
    """One opening as it goes out. ``free``: seats; amounts in yuan."""

    number: str
    title: str
    employer: str
    free: int
    posted_on: date
    community: str | None = None
    form: JobForm | None = None
    shift: Shift | None = None
    weekly_hours: float | None = None
    pay_kind: PayKind | None = None
    pay_min: float | None = None
    pay_max: float | None = None
    rate: float | None = None
    duties: str | None = None
    closes_on: date | None = None
    home_work: bool = False


def make_posting(row: Mapping[str, Any]) -> Posting:
    """The posting of a row of ``listing``; telephone numbers in its texts are left out."""

    def known(name: str) -> Any:
        value = row[name]
        return None if pd.isna(value) else value

    form, shift, kind = known("form"), known("shift"), known("pay_kind")
    posted, closes = row["posted_on"], known("closes_on")
    return Posting(
        number=opening_number(int(row["id"])),
        title=_without_phones(str(row["title"])),
        employer=str(row["employer"]),
        free=int(row["free"]),
        posted_on=posted.date(),
        community=known("community"),
        form=None if form is None else JobForm.of(form),
        shift=None if shift is None else Shift.of(shift),
        weekly_hours=known("weekly_hours"),
        pay_kind=None if kind is None else PayKind.of(kind),
        pay_min=known("pay_min"),
        pay_max=known("pay_max"),
        rate=known("rate"),
        duties=None if known("duties") is None else _without_phones(str(row["duties"])),
        closes_on=None if closes is None else closes.date(),
        home_work=bool(known("home_work") or False),
    )


def json_ld(posting: Posting, *, office: str, district: str) -> dict[str, Any]:
    """``posting`` as a schema.org JobPosting; ``office`` gives it its number, ``district`` is where the community lies."""
    node: dict[str, Any] = {
        "@type": "JobPosting",
        "title": posting.title,
        "description": posting.duties or posting.title,
        "identifier": {"@type": "PropertyValue", "name": office, "value": posting.number},
        "datePosted": posting.posted_on.isoformat(),
        "hiringOrganization": {"@type": "Organization", "name": posting.employer},
        "jobLocation": {"@type": "Place", "address": _address(posting, district)},
        "totalJobOpenings": posting.free,
    }
    if posting.closes_on is not None:
        node["validThrough"] = posting.closes_on.isoformat()
    if posting.form is not None:
        node["employmentType"] = EMPLOYMENT_TYPES[posting.form]
    if posting.shift is not None:
        node["workHours"] = posting.shift.zh
    if posting.home_work:
        node["jobLocationType"] = "TELECOMMUTE"
    salary = _salary(posting)
    if salary is not None:
        node["baseSalary"] = {"@type": "MonetaryAmount", "currency": "CNY", "value": salary}
    return node


def postings_json(postings: Iterable[Posting], *, office: str, district: str) -> bytes:
    """All postings as one JSON-LD document; the bytes depend on the arguments alone."""
    nodes: Sequence[dict[str, Any]] = [json_ld(posting, office=office, district=district) for posting in postings]
    document = {"@context": "https://schema.org", "@graph": nodes}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _address(posting: Posting, district: str) -> dict[str, str]:
    address = {"@type": "PostalAddress", "addressCountry": "CN", "addressRegion": district}
    return address | ({"addressLocality": posting.community} if posting.community is not None else {})


def _salary(posting: Posting) -> dict[str, Any] | None:
    """A monthly range where one is stated, else the rate by the hour or the piece."""
    low = posting.pay_min if posting.pay_min is not None else posting.pay_max
    high = posting.pay_max if posting.pay_max is not None else posting.pay_min
    if low is not None:
        return {"@type": "QuantitativeValue", "minValue": low, "maxValue": high, "unitText": "MONTH"}
    if posting.rate is None or posting.pay_kind not in (PayKind.HOUR, PayKind.PIECE):
        return None
    unit = {"unitText": "HOUR"} if posting.pay_kind is PayKind.HOUR else {"unitCode": PIECE}
    return {"@type": "QuantitativeValue", "value": posting.rate, **unit}


def _without_phones(text: str) -> str:
    return PHONE.sub("…", text)
