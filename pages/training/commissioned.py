"""Employer-commissioned training: trained, joined and retained per enterprise, each number with its people."""

from __future__ import annotations

import streamlit as st

from core.indicators.commissioned import STAGES
from pages import cache
from pages.common.drilldown import open_rows
from pages.common.escape import md_escape
from pages.common.links import page_link
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["finding", "show"]


def finding(view: View) -> tuple[str, str]:
    """Trained and joined, over all enterprises."""
    tr = view.tr
    table = cache.training.funnel(view.revision, view.today)
    return (
        tr(
            "Commissioned training: {trained} finished, {joined} joined the enterprise",
            trained=tr.number(int(table["trained"].sum())),
            joined=tr.number(int(table["joined"].sum())),
        ),
        tr(
            "Joined: started work at the enterprise that commissioned the course, when or after it ended. Click a number for its people."
        )
        + " "
        + tr("As of {day}.", day=tr.day(view.today)),
    )


def show(view: View) -> None:
    """A card an enterprise."""
    tr = view.tr
    table = cache.training.funnel(view.revision, view.today)
    if table.empty:
        st.write(tr("No enterprise has commissioned a course whose results are recorded."))
        return
    for row in table.to_dict("records"):
        with st.container(border=True):
            st.markdown(f"**{md_escape(tr.name(row['employer']))}**")
            columns = st.columns(len(STAGES))
            for column, (stage, name) in zip(columns, STAGES.items(), strict=True):
                share = tr.percent(row["joined"] / row["trained"], 1) if stage == "joined" else ""
                if stage == "retained" and row["mature"]:
                    share = tr.percent(row["retained"] / row["mature"], 1)
                people = cache.training.stage_rows(view.revision, view.today, stage, row["employer_id"])
                title = f"{tr.name(row['employer'])} · {tr(name)}"
                column.button(
                    f"**{tr.number(row[stage])}** {tr(name)}" + (f" · {share}" if share else ""),
                    key=Key.TRAINING_STAGE.of(row["employer_id"], stage),
                    width="stretch",
                    on_click=open_rows,
                    args=(title, tr("Commissioned training: {stage}.", stage=tr(name)), people),
                )
            page_link(
                "enterprises", tr("Open the enterprise"), ":material/arrow_forward:", {"enterprise": row["employer"]}
            )
