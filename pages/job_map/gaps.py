"""Which fields of work are missing within reach, in the panel of the job map."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.access.gaps import gaps
from core.job_map.sentences import join, within
from pages.common.escape import md_escape
from pages.common.view import View
from pages.job_map.controls import Look

__all__ = ["fields_missing"]


def fields_missing(view: View, look: Look) -> None:
    """For the district a table of fields; for the chosen community a line of those that somebody lacks."""
    tr = view.tr
    found = gaps(look.whole, look.whole_reach, look.board.k)
    title = tr("Fields of work not {where}", where=within(tr, look.reach))
    if look.community is not None:
        row = look.community
        parts = [
            f"{tr.term(gap.field)} {tr('a few') if np.isnan(gap.counts[row]) else tr.number(gap.counts[row])}"
            for gap in found
            if gap.counts[row] != 0
        ]
        if parts:
            st.markdown(f"**{title}**")
            st.markdown(md_escape(tr("Seekers without: {list}", list=join(tr, parts))))
        return
    names = look.atlas.communities["name"]
    rows = [
        {
            tr("Field"): tr.term(gap.field),
            tr("Seekers without"): gap.without.text(tr),
            tr("Openings"): tr.number(gap.openings),
            tr("Most in"): join(tr, names.iloc[gap.worst()]) or "—",
        }
        for gap in found
    ]
    st.markdown(f"**{title}**")
    st.table(pd.DataFrame(rows).set_index(tr("Field")), border="horizontal")
