"""The one door through which rows about people leave the shared caches for a page: only those of who looks.

The caches hold the whole district, once for everybody; whatever names a person passes here before it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core.people.scope import in_scope, visible
from core.policy import communities_of
from pages import cache
from pages.common.view import View

__all__ = ["community_names", "holds", "is_limited", "mask", "pool", "rows", "show_left_out"]


def is_limited(view: View) -> bool:
    """Whether the one who looks works with the people of some communities only."""
    return communities_of(view.access) is not None


def rows(view: View, table: pd.DataFrame, column: str = "person_id") -> pd.DataFrame:
    """The rows about people whom the one who looks works with; a table that names nobody is left as it is."""
    if column not in table.columns or not is_limited(view):
        return table
    return visible(view.access, table, cache.people.homes(cache.store.revision()), column)


def mask(view: View, ids: Sequence[int] | np.ndarray | pd.Series) -> np.ndarray:
    """(n,) which of these people the one who looks works with."""
    if not is_limited(view):
        return np.ones(len(ids), dtype=bool)
    homes = cache.people.homes(cache.store.revision())
    return in_scope(view.access, pd.Series(np.asarray(ids)), homes).to_numpy(dtype=bool)


def holds(view: View, person_id: int) -> bool:
    """Whether there is such a person among those whom the one who looks works with."""
    return person_id in cache.people.homes(view.revision).index and bool(mask(view, [person_id])[0])


def pool(view: View) -> pd.DataFrame:
    """The job-seeker pool as far as the one who looks works with it."""
    return rows(view, cache.people.pool(view.revision, view.today), "id")


def community_names(view: View) -> tuple[str, ...] | None:
    """Names of the communities whose people the one who looks works with; None: of the whole district."""
    own = communities_of(view.access)
    if own is None:
        return None
    communities = cache.overview.facts(view.revision).communities
    return tuple(communities.loc[communities["id"].isin(own), "name"])


def show_left_out(view: View, shown: int, of: int) -> None:
    """How many of the rows behind a count are not listed, because they are about people of other communities."""
    if shown < of:
        tr = view.tr
        st.caption(
            tr(
                "{n} of {all} rows are about people of your communities and are listed; counts are of the whole district.",
                n=tr.number(shown),
                all=tr.number(of),
            )
        )
