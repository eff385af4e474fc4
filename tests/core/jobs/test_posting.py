"""What leaves the bureau of an opening: schema.org names, the registered fields, nobody's name or telephone."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pandas as pd
import pytest

from core.jobs.openings.posting import EMPLOYMENT_TYPES, Posting, json_ld, make_posting, postings_json
from core.terms import JobForm, PayKind, Shift

# Type → properties that schema.org (version 29) gives it, as far as a bureau needs them.
SCHEMA_ORG: dict[str, set[str]] = {
    "JobPosting": {
        *("title", "description", "identifier", "datePosted", "validThrough", "employmentType", "hiringOrganization"),
        *("jobLocation", "jobLocationType", "baseSalary", "totalJobOpenings", "workHours"),
    },
    "PropertyValue": {"name", "value"},
    "Organization": {"name"},
    "Place": {"address"},
    "PostalAddress": {"addressCountry", "addressRegion", "addressLocality"},
    "MonetaryAmount": {"currency", "value"},
    "QuantitativeValue": {"value", "minValue", "maxValue", "unitText", "unitCode"},
}
REQUIRED = {"title", "description", "datePosted", "hiringOrganization", "jobLocation"}  # by Google's job search
FULL: dict[str, Any] = {
    "id": 42,
    "title": "保洁员",
    "employer": "惠万家超市",
    "free": 2,
    "posted_on": pd.Timestamp("2025-12-01"),
    "closes_on": pd.Timestamp("2026-01-31"),
    "community": "荷风社区",
    "form": "full_time",
    "shift": "day",
    "weekly_hours": 40.0,
    "pay_kind": "month",
    "pay_min": 2600.0,
    "pay_max": 3000.0,
    "rate": float("nan"),
    "duties": "楼道保洁",
    "home_work": False,
    "contact": "周工",
    "phone": "19900000003",
    "lon": 116.6,
    "lat": 35.3,
}


def nodes(node: Any) -> list[dict[str, Any]]:
    """Every typed object in a document."""
    if isinstance(node, list):
        return [inner for one in node for inner in nodes(one)]
    if not isinstance(node, dict):
        return []
    return [node, *(inner for value in node.values() for inner in nodes(value))]


def written(**changes: Any) -> dict[str, Any]:
    return json_ld(make_posting({**FULL, **changes}), office="区社保就业服务部", district="济宁市太白湖新区")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"home_work": True},
        {"pay_min": None, "pay_max": None},
        {"community": None, "closes_on": pd.NaT, "form": None},
    ]
    + [{"pay_min": None, "pay_max": None, "rate": 22.0, "pay_kind": kind.value} for kind in PayKind],
)
def test_types_and_properties_are_those_of_schema_org(changes: dict[str, Any]) -> None:
    posting = written(**changes)

    for node in nodes(posting):
        kind = node["@type"]
        assert node.keys() - {"@type"} <= SCHEMA_ORG[kind], kind
    assert posting.keys() >= REQUIRED


def test_a_posting_says_what_is_registered_and_where_its_number_comes_from() -> None:
    posting = written()

    assert posting["identifier"] == {"@type": "PropertyValue", "name": "区社保就业服务部", "value": "GW00042"}
    assert (posting["datePosted"], posting["validThrough"]) == ("2025-12-01", "2026-01-31")
    assert (posting["employmentType"], posting["workHours"], posting["totalJobOpenings"]) == ("FULL_TIME", "常日班", 2)
    assert posting["jobLocation"]["address"]["addressLocality"] == "荷风社区"
    assert posting["baseSalary"]["value"] == {
        "@type": "QuantitativeValue",
        "minValue": 2600.0,
        "maxValue": 3000.0,
        "unitText": "MONTH",
    }


@pytest.mark.parametrize(
    ("kind", "unit"),
    [(PayKind.HOUR, {"unitText": "HOUR"}), (PayKind.PIECE, {"unitCode": "H87"}), (PayKind.MONTH, None)],
)
def test_a_rate_carries_its_unit(kind: PayKind, unit: dict[str, str] | None) -> None:
    posting = written(pay_min=None, pay_max=None, rate=22.0, pay_kind=kind.value)

    if unit is None:
        assert "baseSalary" not in posting
    else:
        assert posting["baseSalary"]["value"] == {"@type": "QuantitativeValue", "value": 22.0, **unit}


def test_every_form_of_work_has_a_type() -> None:
    assert set(EMPLOYMENT_TYPES) == set(JobForm)


@pytest.mark.parametrize("phone", ["13812345678", "138-1234-5678", "0537-1234567"])
def test_no_contact_and_no_telephone_leaves(phone: str) -> None:
    text = postings_json(
        [make_posting({**FULL, "title": f"保洁员{phone}", "duties": f"联系 {phone}，面谈"})],
        office="区",
        district="济宁",
    ).decode()

    assert phone not in text
    assert "周工" not in text
    assert "116.6" not in text
    assert json.loads(text)["@context"] == "https://schema.org"


def test_a_posting_without_pay_and_place_is_still_one() -> None:
    bare = Posting("GW00001", "保洁员", "甲", 1, date(2025, 12, 1), shift=Shift.DAY)

    assert "baseSalary" not in json_ld(bare, office="区", district="济宁")
