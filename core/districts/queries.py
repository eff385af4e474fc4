"""The districts of a city, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, inspect, select

from core.store.schema import AccountDistrict, CityDistrict

__all__ = ["districts", "has_schema"]


def districts(connection: Connection) -> Sequence[Row[*tuple[Any, ...]]]:
    """id, key, name, name_en, opened_on and accounts (how many may open it) of every district, in the order of their opening."""
    d, right = CityDistrict, AccountDistrict
    rights = select(func.count()).where(right.district_id == d.id).scalar_subquery().label("accounts")
    return connection.execute(select(d.id, d.key, d.name, d.name_en, d.opened_on, rights).order_by(d.id)).all()


def has_schema(connection: Connection, schema: str) -> bool:
    """Whether the database has a schema of that name, with tables or without."""
    return schema in inspect(connection).get_schema_names()
