"""Which value of each field stays when several records of one person become one.

Fields that say one thing together are chosen together. A proposal is made for each; a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.locale import N_
from core.people.merging.rules import Row

__all__ = ["FIELDS", "JOINED", "MergeField", "differing", "merged_values", "proposed"]


@dataclass(frozen=True)
class MergeField:
    """``columns``: chosen together, the first of them says whether there is a value."""

    code: str
    label: str
    columns: tuple[str, ...]
    prefers: Callable[[Row], Any] | None = None
    """Of records that have a value, the one with the highest is proposed; else the one that stays, then the lowest number."""


def _latest_statement(row: Row) -> date:
    return max((day for day in (row["consent_on"], row["consent_withdrawn_on"]) if day is not None), default=date.min)


FIELDS = (
    MergeField("name", N_("Name of the person"), ("name",)),
    MergeField("number", N_("ID number"), ("id_hash", "id_last4"), lambda row: row["id_hash"] is not None),
    MergeField(
        "birth",
        N_("Date of birth"),
        ("birth_date",),
        lambda row: (row["id_hash"] is not None, row["birth_date"].day > 1),
    ),
    MergeField("sex", N_("Sex"), ("sex",), lambda row: row["id_hash"] is not None),
    MergeField("registration", N_("Registration"), ("registration",)),
    MergeField("education", N_("Education"), ("education",)),
    MergeField("disability", N_("Disability"), ("disability",)),
    MergeField("phone", N_("Phone"), ("phone",)),
    MergeField("community", N_("Community"), ("community_id", "grid_id")),
    MergeField("address", N_("Address"), ("address", "lon", "lat")),
    MergeField(
        "entered", N_("In the pool since"), ("entered_pool_on",), lambda row: -row["entered_pool_on"].toordinal()
    ),
    MergeField("consent", N_("Consent"), ("consent_on", "consent_withdrawn_on"), _latest_statement),
)
JOINED = ("career", "note")
"""Texts that are put one below the other."""


def proposed(keep: int, people: Mapping[int, Row]) -> dict[str, int]:
    """Field → the person whose value is proposed to stay."""
    return {field.code: _proposed(field, keep, people) for field in FIELDS}


def _proposed(field: MergeField, keep: int, people: Mapping[int, Row]) -> int:
    known = [key for key in sorted(people, key=lambda key: (key != keep, key)) if _has_value(field, people[key])]
    if not known:
        return keep
    rank = field.prefers
    return known[0] if rank is None else max(known, key=lambda key: rank(people[key]))


def _has_value(field: MergeField, row: Row) -> bool:
    return any(row[column] is not None for column in field.columns)


def differing(people: Mapping[int, Row]) -> list[MergeField]:
    """The fields in which the records differ."""
    return [f for f in FIELDS if len({tuple(row[column] for column in f.columns) for row in people.values()}) > 1]


def merged_values(keep: int, people: Mapping[int, Row], choices: Mapping[str, int]) -> dict[str, Any]:
    """Column → value that the record ``keep`` holds afterwards. ``choices``: field → person; the rest as proposed.

    A phone that is not chosen becomes the second one where that is free. KeyError for a choice of nobody among ``people``.
    """
    chosen = proposed(keep, people) | dict(choices)
    values = {column: people[chosen[field.code]][column] for field in FIELDS for column in field.columns}
    in_order: Sequence[Row] = [people[keep], *(row for key, row in sorted(people.items()) if key != keep)]
    for column in JOINED:
        values[column] = "\n".join(dict.fromkeys(row[column] for row in in_order if row[column])) or None
    phones = [row[column] for column in ("phone_2", "phone") for row in in_order]
    values["phone_2"] = next((phone for phone in phones if phone and phone != values["phone"]), None)
    return values
