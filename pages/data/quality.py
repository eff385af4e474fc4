"""Data quality by community: what is missing, contradictory or out of date; every number opens its rows."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.indicators.quality import CheckResult, Defect, by_community
from core.policy import Action
from pages import cache
from pages.common import scope
from pages.common.columns import names_by_id
from pages.common.downloads import download_table
from pages.common.drilldown import open_rows
from pages.common.links import page_link
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["quality"]


def quality(view: View) -> None:
    """The checks by kind of fault, for the district or one community, and the table of communities."""
    tr = view.tr
    results = cache.data.quality(view.revision, view.today)
    communities = cache.overview.facts(view.revision).communities
    names = names_by_id(communities)
    community = url_choice(
        st.selectbox,
        tr("Community"),
        "community",
        list(names),
        None,
        key=Key.QUALITY_COMMUNITY,
        index=None,
        format_func=lambda key: tr.name(names[key]),
        placeholder=tr("all"),
        width=260,
    )
    for column, defect in zip(st.columns(len(Defect)), Defect, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{tr.term(defect)}**")
            for result in results:
                if result.check.defect is defect:
                    _check_line(view, result, community)
    if view.may(Action.MERGE_PEOPLE):
        pairs = cache.people.duplicate_pairs(view.revision, view.today)
        own = int((scope.mask(view, pairs["person_id"]) & scope.mask(view, pairs["other_id"])).sum())
        label = tr.plural("{n} pair of records may be one person", "{n} pairs of records may be one person", own)
        page_link("people", label, ":material/merge:", {"part": "duplicates"})
    table = by_community(results, communities)
    shown = pd.DataFrame(
        {
            tr("Community"): [
                tr.name(name) if isinstance(name, str) else tr("community unknown") for name in table["community"]
            ]
        }
        | {tr.term(defect): table[defect.value] for defect in Defect}
    )
    show_table(view, shown, tr("Data quality by community"), height="auto")
    download_table(view, shown, tr("Data quality by community"), Key.DOWNLOAD.of("quality"), action=Action.EXPORT_TABLE)


def _check_line(view: View, result: CheckResult, community: int | None) -> None:
    tr, check, rows = view.tr, result.check, result.rows
    if community is not None:
        rows = rows[rows["community_id"] == community].reset_index(drop=True)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(tr(check.name), width="stretch")
        st.button(
            f"**{tr.number(len(rows))}**",
            key=Key.QUALITY_ROWS.of(check.code),
            type="tertiary",
            disabled=rows.empty,
            help=tr("Open the rows"),
            on_click=open_rows,
            args=(f"{tr.term(check.defect)} · {tr(check.name)}", "", rows),
        )
