"""What every table shares: naming of constraints, UTC times, coded columns, versions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Enum, Integer, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from core.terms import Term

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


PERSONAL = {"personal": True}
"""``info`` of a column that says who a person is or what somebody wrote about them; erased when they are anonymised."""


CITY = {"city": True}
"""``info`` of a table that a city of many districts has once, in ``public``: see ``core.store.schema.city``."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class Keyed:
    """An integer primary key, given by the store."""

    id: Mapped[int] = mapped_column(primary_key=True)


class Versioned(Keyed):
    """A row that people edit: a write that carries an old version fails instead of overwriting."""

    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1, server_default="1")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  (declared_attr hands the class)
        return {"version_id_col": cls.version}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC times; SQLite would otherwise lose the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To the store: UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without zone can't be stored")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the store: aware, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def coded(term: type[Term]) -> Enum:
    """Column type for a term: stored by code, with a CHECK of the allowed codes."""
    return Enum(
        term,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda members: [member.value for member in members],
        name=term.__name__.lower(),
    )
