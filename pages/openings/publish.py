"""Ours go out: a board for the square, a workbook, and JSON-LD for other sites; what the law forbids is held back."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.dispatch.exports.openings_board import A_PAGE, BoardStamp, make_board
from core.intake.export import frame_to_xlsx
from core.jobs.openings.checks import Remark
from core.jobs.openings.listing import OpeningState
from core.jobs.openings.posting import Posting, make_posting, postings_json
from core.policy import Action
from core.terms import PostField
from pages import cache
from pages.common.columns import readable
from pages.common.downloads import download_file, download_workbook
from pages.common.escape import md_escape
from pages.common.query_params import url_choices
from pages.common.session_keys import Key
from pages.common.view import View
from pages.openings.listing import readable_rows
from pages.openings.words import label

__all__ = ["finding", "show"]


def finding(view: View) -> tuple[str, str]:
    """How many openings may go out, before any filter."""
    tr = view.tr
    live, held = _live(view)
    n_held = int(live["id"].isin(held).sum())
    return (
        tr.plural(
            "{n} opening may be published, {held} held back",
            "{n} openings may be published, {held} held back",
            len(live) - n_held,
            held=tr.number(n_held),
        ),
        tr(
            "Title, employer, community, terms and pay only: no contact and no person. The QR code holds the number alone."
        )
        + " "
        + tr("As of {day}.", day=tr.day(view.today)),
    )


def _live(view: View) -> tuple[pd.DataFrame, Mapping[int, tuple[Remark, ...]]]:
    """The confirmed openings, and those that the law holds back."""
    rows = cache.openings.listing(view.revision, view.today)
    return rows[rows["opening_state"] == OpeningState.LIVE], cache.openings.held_back(view.revision, view.today)


def show(view: View) -> None:
    """Which openings, then the files; each is entered in the register of exports."""
    tr = view.tr
    live, held = _live(view)
    left, right = st.columns(2)
    with left:
        fields = url_choices(
            st.multiselect,
            tr("Field"),
            "fields",
            list(PostField),
            key=Key.OPENINGS_PUBLISH.of("fields"),
            format_func=tr.term,
            placeholder=tr("Every field"),
        )
    with right:
        communities = url_choices(
            st.multiselect,
            tr("Community"),
            "communities",
            list(live["community"].dropna().drop_duplicates().sort_values()),
            key=Key.OPENINGS_PUBLISH.of("communities"),
            format_func=tr.name,
            placeholder=tr("Every community"),
        )
    if fields:
        live = live[live["field"].isin(fields)]
    if communities:
        live = live[live["community"].isin(communities)]
    out = live[~live["id"].isin(held)].sort_values(["community", "title", "id"])
    postings = [make_posting(row) for row in out.to_dict("records")]
    pages = -(-len(postings) // A_PAGE)
    st.markdown(
        tr(
            "**{n} openings go out**: confirmed, with free seats, nothing against them by law. The board has {pages} sheets of A3.",
            n=tr.number(len(postings)),
            pages=tr.number(pages),
        )
    )
    if postings:
        _files(view, postings, out)
    _held_back(view, live, held)


def _files(view: View, postings: list[Posting], out: pd.DataFrame) -> None:
    tr, district = view.tr, view.district
    office, area = district.office(tr.lang), district.name(tr.lang)

    def board(number: str) -> bytes:
        return make_board(postings, BoardStamp(area, office, view.today, number, district.holds_sample), tr)

    def linked(_number: str) -> bytes:
        return postings_json(postings, office=office, district=area)

    def workbook(number: str) -> bytes:
        shown = readable(tr, readable_rows(view, out))
        return frame_to_xlsx(shown, tr("Openings"), tr, number, "")

    day = f"{view.today:%Y%m%d}"
    with st.container(horizontal=True):
        download_file(
            view,
            tr("Board for the square (A3)"),
            board,
            f"{tr('Work near home')}_{day}.html",
            key=Key.OPENINGS_PUBLISH.of("board"),
            action=Action.EXPORT_OPENINGS,
            count=lambda: len(postings),
            icon=":material/print:",
        )
        download_workbook(
            view,
            workbook,
            tr("Openings"),
            Key.OPENINGS_PUBLISH.of("xlsx"),
            action=Action.EXPORT_OPENINGS,
            count=lambda: len(postings),
        )
        download_file(
            view,
            tr("JobPosting for web sites (JSON-LD)"),
            linked,
            f"jobs_{day}.jsonld",
            key=Key.OPENINGS_PUBLISH.of("jsonld"),
            action=Action.EXPORT_OPENINGS,
            count=lambda: len(postings),
            icon=":material/data_object:",
        )
    st.caption(tr("Open the board in a browser and print it, or save it as PDF; the sheets are set to A3 landscape."))


def _held_back(view: View, live: pd.DataFrame, held: Mapping[int, tuple[Remark, ...]]) -> None:
    """What may not be published, and why."""
    tr = view.tr
    rows = live[live["id"].isin(held)]
    if rows.empty:
        return
    with st.expander(
        tr.plural("{n} opening is held back", "{n} openings are held back", len(rows)), icon=":material/gavel:"
    ):
        for _, row in rows.iterrows():
            st.markdown(f"**{md_escape(label(view, row))}**")
            for remark in held[int(row["id"])]:
                st.caption(md_escape(remark.sentence(tr)))
