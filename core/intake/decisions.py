"""What people decided in the sample district, as a file beside its sheets: review rounds, support, promises.

Bureaus keep these in no spreadsheet, they come about in the app. The file holds the rows under ids of its own; enterprises,
workshops, products and orders go by the names and codes that the sheets use.

    content = dump(connection)          # JSON values, table → rows
    load(change, content)               # into a store that holds the sheets
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, select

from core.store.commands import Change, as_json, from_json
from core.store.schema import (
    Assessment,
    AssessmentMonitoring,
    Base,
    Employer,
    EmployerVisit,
    Order,
    Product,
    Promise,
    ReviewCase,
    ReviewExclusion,
    ReviewJudge,
    ReviewMark,
    ReviewRound,
    SupportGrant,
    SupportMeasure,
    Workshop,
)
from core.terms import RoundState

__all__ = ["dump", "load"]

Content = Mapping[str, list[dict[str, Any]]]

TABLES: tuple[type[Base], ...] = (
    ReviewRound,
    ReviewJudge,
    ReviewCase,
    ReviewExclusion,
    ReviewMark,
    SupportMeasure,
    SupportGrant,
    EmployerVisit,
    Promise,
)
"""In the order of their references."""
NAMES: dict[str, Any] = {
    "employer": Employer.name,
    "workshop": Workshop.name,
    "product": Product.code,
    "production_order": Order.code,
}
"""By table: the column by which the file names its rows."""


def dump(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every decision in the store."""
    known = {table: {key: name for name, key in ids.items()} for table, ids in _ids(connection).items()}
    content: dict[str, list[dict[str, Any]]] = {}
    for model in TABLES:
        table = model.__table__
        rows = connection.execute(select(*table.columns).order_by(table.c.id)).mappings()
        references = _references(table)
        content[model.__tablename__] = [
            {
                name: known[references[name]][value] if references.get(name) in known and value else as_json(value)
                for name, value in row.items()
                if name != "version"
            }
            for row in rows
        ]
    return content


def load(change: Change, content: Content) -> None:
    """Insert the rows of ``content``; the reviews of a frozen round become part of it, with its monitored figures."""
    ids: dict[str, dict[Any, int]] = _ids(change.session.connection())
    for model in TABLES:
        table = model.__table__
        references = _references(table)
        rows = content[model.__tablename__]
        full = [
            from_json(model, {k: ids[references[k]][v] if k in references and v else v for k, v in row.items()})
            for row in rows
        ]
        if model is ReviewRound:
            full = [_with_ids(row, ids["employer"]) for row in full]
        stored = change.add_all(model, [{k: v for k, v in row.items() if k != "id"} for row in full])
        ids[model.__tablename__] = dict(zip((row["id"] for row in rows), stored, strict=True))
        if model is ReviewRound:
            for key, row in zip(stored, full, strict=True):
                if row["state"] is RoundState.FROZEN:
                    _join_reviews(change, key, row)


def _with_ids(row: dict[str, Any], employers: Mapping[str, int]) -> dict[str, Any]:
    """A round whose inputs and results carry the ids of this store."""
    if not row["inputs"]:
        return row
    keys = [employers[case["name"]] for case in row["inputs"]]
    return row | {
        name: [case | {"employer_id": key} for case, key in zip(row[name], keys, strict=True)]
        for name in ("inputs", "results")
    }


def _join_reviews(change: Change, round_id: int, row: Mapping[str, Any]) -> None:
    """Make the reviews on file of the round's last day part of the round, and freeze what they were computed from."""
    day: date = row["ends_on"]
    t = Assessment
    on_file = change.session.execute(select(t.employer_id, t.id).where(t.reviewed_on == day))
    reviews = {int(employer): int(key) for employer, key in on_file}
    inputs = {case["employer_id"]: case["monitoring"] for case in row["inputs"]}
    for employer in inputs:
        change.edit(Assessment, reviews[employer], {"round_id": round_id})
    figures = [
        {"assessment_id": reviews[employer], "indicator": code, "frozen_on": row["frozen_on"]}
        | dict(zip(("value", "low", "high"), values, strict=True))
        for employer, monitoring in inputs.items()
        for code, values in monitoring.items()
    ]
    change.add_all(AssessmentMonitoring, figures)


def _ids(connection: Connection) -> dict[str, dict[Any, int]]:
    """By table of ``NAMES``: name → id."""
    return {
        table: {name: int(key) for name, key in connection.execute(select(column, column.table.c.id))}
        for table, column in NAMES.items()
    }


def _references(table: Any) -> dict[str, str]:
    """By column of ``table``: the table that it refers to."""
    assert isinstance(table, Table)
    return {column.name: key.column.table.name for column in table.columns for key in column.foreign_keys}
