"""SELECT → DataFrame with dtypes that follow the store's column types, for empty results as well.

``pandas.read_sql`` needs the dtype of every column at every call and infers the others from their values, so that an
empty or blank column changes its type. Here the SELECT itself says what each column is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVarTuple

import numpy as np
import pandas as pd
from sqlalchemy import Boolean, ColumnElement, Connection, Date, Enum, Float, Integer, Numeric, Select, String
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

from core.store.schema import UtcDateTime
from core.terms import Term

__all__ = ["Ids", "frame", "within"]

Ids = Select[*tuple[Any, ...]] | None
"""A SELECT of ids to which rows are restricted; None for all rows."""

Row = TypeVarTuple("Row")

DTYPES: tuple[tuple[type[TypeEngine[Any]] | type[UtcDateTime], str], ...] = (
    (Date, "datetime64[s]"),
    (UtcDateTime, "datetime64[us, UTC]"),
    (Boolean, "boolean"),
    (Integer, "Int64"),
    (Float, "float64"),
    (Numeric, "float64"),
    (Enum, "str"),
    (String, "str"),
)


def frame(connection: Connection, statement: Select[*tuple[Any, ...]]) -> pd.DataFrame:
    """The rows of ``statement``; one column per selected column.

    Dates become datetime64, yes/no "boolean" and integers "Int64" (both with NA), terms their code,
    texts pandas strings, JSON stays as objects.
    """
    result = connection.execute(statement)
    names = list(result.keys())
    rows = result.fetchall()
    # Column by column: pandas would ask every row of SQLAlchemy whether it is a mapping, a dataclass or a tuple.
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    arrays = [_typed(values, c.type) for values, c in zip(columns, statement.selected_columns, strict=True)]
    table = pd.DataFrame(dict(enumerate(arrays)), index=pd.RangeIndex(len(rows)))
    return table.set_axis(names, axis="columns")


def within(statement: Select[*Row], column: ColumnElement[Any] | InstrumentedAttribute[Any], ids: Ids) -> Select[*Row]:
    """``statement`` restricted to rows whose ``column`` is among ``ids``."""
    return statement if ids is None else statement.where(column.in_(ids))


def _typed(values: Sequence[Any], kind: TypeEngine[Any]) -> Any:
    """The values of a column as an array of the dtype that goes with its type in the store."""
    dtype = next((dtype for known, dtype in DTYPES if isinstance(kind, known)), "object")
    if dtype == "datetime64[s]":
        return np.array(values, dtype="datetime64[D]").astype(dtype)
    if dtype.startswith("datetime64"):
        return pd.Series(pd.to_datetime(pd.Series(values, dtype=object), utc=True)).astype(dtype)
    if dtype == "float64":
        return np.array(values, dtype="float64")
    if dtype == "object":
        return pd.Series(values, dtype=object)
    if isinstance(kind, Enum):
        values = [value.value if isinstance(value, Term) else value for value in values]
    return pd.array(values, dtype=dtype)
