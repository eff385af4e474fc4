"""Which rows about people somebody sees: those of their communities. Counts stay those of the whole district."""

from __future__ import annotations

import pandas as pd

from core.policy import Access, communities_of

__all__ = ["in_scope", "visible"]


def in_scope(access: Access, ids: pd.Series, homes: pd.Series) -> pd.Series:
    """For each id of a person, whether ``access`` sees rows about them; a missing id is about nobody and seen by none
    but those who see everyone.

    ``homes``: id of a person → id of the home community, NA where none is known.
    """
    communities = communities_of(access)
    if communities is None:
        return pd.Series(True, index=ids.index)
    return ids.map(homes).isin(communities)


def visible(access: Access, rows: pd.DataFrame, homes: pd.Series, column: str = "person_id") -> pd.DataFrame:
    """The rows about people whom ``access`` sees, in their order; ``column`` holds the id of the person."""
    if communities_of(access) is None:
        return rows
    return rows[in_scope(access, rows[column], homes)]
