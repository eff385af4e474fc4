"""Who of those who seek work could start within four weeks, where and through what."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.locale import N_, Translator
from core.people.masking import mask_name
from core.policy import Action
from core.workshops.roll_up import THROUGH_NAMES, WEEKS, RollUp, Through
from pages import cache
from pages.common.dialogs import open_dialog
from pages.common.downloads import download_table
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["offer"]

FIRST = (N_("Full name"), N_("Where"), N_("Through"))  # on a phone


def offer(view: View) -> None:
    """A button; the plan opens in a dialog."""
    label = view.tr("Who could start within {n} weeks?", n=WEEKS)
    if st.button(label, icon=":material/groups:", key=Key.WORKSHOP_FOUR_WEEKS):
        open_dialog(label, lambda: _dialog(view), width="large")


def _dialog(view: View) -> None:
    tr = view.tr
    with st.spinner(tr("Searching for the best plan …")):
        whole = cache.workshops.four_weeks(view.revision, view.today)
    st.markdown(f"**{md_escape(whole.sentence(tr))}**")
    st.markdown(md_escape(whole.exits_sentence(tr)))
    st.caption(
        tr(
            "{seats} seats are open in jobs and workshops. Each person is counted once; the optimum first places the most "
            "people, then prefers a start now, then the better match. {n} more are recommended to an opening already. Personal "
            "attributes are not used; a named person decides.",
            seats=tr.number(whole.seats),
            n=whole.recommended,
        )
    )
    if whole.people.empty:
        return
    table = _table(view, whole, tr)
    show_table(view, table, tr("Who could start, where and through what"), first=FIRST, height=460)
    download_table(
        view,
        table,
        tr("Could start within {n} weeks", n=WEEKS),
        Key.WORKSHOP_FOUR_WEEKS.of("download"),
        action=Action.EXPORT_PEOPLE,
    )


def _table(view: View, whole: RollUp, tr: Translator) -> pd.DataFrame:
    people = whole.people
    skills = cache.people.skills(view.revision).set_index("code")["name_en" if tr.is_english else "name_zh"]
    return pd.DataFrame(
        {
            tr("Full name"): people["name"].map(mask_name),
            tr("Community"): people["community"],
            tr("Through"): [tr(THROUGH_NAMES[Through(t)]) for t in people["through"]],
            tr("Where"): people["place"],
            tr("Opening"): people["work"],
            tr("From a welfare post"): [tr("yes") if e else "" for e in people["is_exit"]],
            tr("Course in"): [tr.join(skills.get(c, c) for c in codes.split(",") if c) for codes in people["courses"]],
        }
    )
