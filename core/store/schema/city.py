"""A city: many districts in one PostgreSQL store, each with the tables of a store in a schema of its own.

What is said once for all of them, in these tables and those of accounts, is marked by ``CITY``: it exists in ``public``
alone. A store of one district has the tables, without rows.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.schema.base import CITY, Base, Keyed


class CityDistrict(Keyed, Base):
    """A district of the city; its rows are in the schema that ``core.store.database.schema_of(key)`` names."""

    __tablename__ = "district"
    key: Mapped[str] = mapped_column(String(24), unique=True, comment="in addresses and in the name of the schema")
    name: Mapped[str] = mapped_column(String(40), unique=True)
    name_en: Mapped[str] = mapped_column(String(60))
    opened_on: Mapped[date] = mapped_column()
    __table_args__ = ({"info": CITY},)


class AccountDistrict(Keyed, Base):
    """A district that an account may open, with the role of the account."""

    __tablename__ = "account_district"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    __table_args__ = (UniqueConstraint("account_id", "district_id"), {"info": CITY})
