"""People of the matching pool, each beside an opening: masked, with the way to both and a download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.matching.inputs.matching_pool import MatchingPool
from core.people.masking import mask_name
from core.policy import Action
from pages.common.downloads import download_table
from pages.common.links import page_link
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["minutes", "people_table"]


def people_table(
    view: View,
    pool: MatchingPool,
    people: np.ndarray,
    jobs: np.ndarray,
    columns: Mapping[str, Any],
    name: str,
    *,
    key: Key,
    first: Sequence[str],
    job_query: Mapping[str, str] | None = None,
) -> None:
    """``columns`` behind person and community; a ticked row offers links to the person and to the opening.

    ``people`` and ``jobs``: (n,) positions in ``pool`` of people in the scope of who looks, and of openings, −1 for no opening. ``job_query`` goes to the matching page beside
    the opening. ``name``: title and file name; ``first``: the headings, in English, of the columns that
    a phone shows first.
    """
    tr = view.tr
    shown = pd.DataFrame(
        {
            tr("Person"): [mask_name(pool.names[n]) for n in people],
            tr("Community"): [tr.name(str(pool.people["community"].iloc[n])) for n in people],
            **columns,
        }
    )
    state = show_table(
        view,
        shown,
        name,
        first=first,
        height=440,
        placeholder="",
        key=key,
        on_select="rerun",
        selection_mode="single-row",
    )
    with st.container(horizontal=True):
        for n in state.selection.rows:
            if n < len(shown):
                person = {"person": str(int(pool.seekers.ids[people[n]]))}
                page_link("people", tr("Open the person"), ":material/person:", person)
                if jobs[n] >= 0:
                    job = {"job": str(int(pool.openings.ids[jobs[n]])), **(job_query or {})}
                    page_link("matching", tr("Open the opening"), ":material/work:", job)
        download_table(view, shown, name, Key.DOWNLOAD.of(key), action=Action.EXPORT_PEOPLE)


def minutes(values: pd.Series) -> Any:
    """Whole minutes, missing where there is no way."""
    return values.round().astype("Int64")
