"""SELECT → DataFrame with dtypes that follow the store's column types, for empty results as well.

``pandas.read_sql`` needs the dtype of every column at every call and infers the others from their values, so that an
empty or blank column changes its type. Here the SELECT itself says what each column is.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Boolean, Connection, Date, Enum, Float, Integer, Numeric, Select, String
from sqlalchemy.types import TypeEngine

from core.store.schema import UtcDateTime

__all__ = ["frame"]

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
    table = pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)
    for column in statement.selected_columns:
        for kind, dtype in DTYPES:
            if isinstance(column.type, kind):
                values = table[column.key or column.name]
                if isinstance(column.type, Enum):
                    values = values.map(lambda v: v.value if hasattr(v, "value") else v)
                table[column.key or column.name] = _typed(values, dtype)
                break
    return table


def _typed(values: pd.Series[Any], dtype: str) -> pd.Series[Any]:
    if dtype.startswith("datetime64"):
        return pd.to_datetime(values, utc=dtype.endswith("UTC]")).astype(dtype)
    return values.astype(dtype)
