"""What differs between the groups, and like compared with like."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from core.indicators import effect
from core.indicators.effect import MIN_DIFFERENCE, STRATUM, Comparison, ReleasedGroups
from core.indicators.effect_sentences import age_band, characteristic
from core.locale import N_
from core.policy import Action
from core.terms import Registration
from pages import cache
from pages.common.columns import FRAMED, right_aligned
from pages.common.downloads import download_table
from pages.common.drilldown import open_rows
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["balance_table", "strata_table"]

FIRST_OF_STRATA = (N_("Month of exit"), N_("Age band"), N_("Difference, days"))  # on a phone
FIRST = (N_("Characteristic"), N_("Standardised difference"))  # on a phone
NAMES = {
    "month": N_("Month of exit"),
    "registration": N_("Registration"),
    "age_band": N_("Age band"),
    "hardship": N_("Hardship beyond age"),
    "all": N_("All"),
}


def balance_table(view: View, compared: Comparison) -> None:
    """Means or shares of both groups with standardised differences."""
    tr = view.tr
    st.subheader(tr("What differs between the groups"), anchor=False)
    table = effect.balance(compared)
    if table.empty:
        st.write(tr("There are not two groups to compare."))
        return

    def value(code: str, is_share: bool, mean: float) -> str:
        if is_share:
            return tr.percent(mean)
        return (
            tr.day((pd.Timestamp(1970, 1, 1) + pd.Timedelta(days=round(mean))).date())
            if code == "exit_day"
            else tr.number(mean, 1)
        )

    shown = pd.DataFrame(
        {
            tr("Characteristic"): [characteristic(tr, code) for code in table["code"]],
            tr("Helped"): [value(r.code, r.is_share, r.helped) for r in table.itertuples()],
            tr("With neither"): [value(r.code, r.is_share, r.others) for r in table.itertuples()],
            tr("Standardised difference"): [
                "—" if pd.isna(d) else ("▲ " if abs(d) > MIN_DIFFERENCE else "") + tr.signed(d, 2)
                for d in table["difference"]
            ],
        }
    )
    show_table(
        view,
        shown,
        tr("What differs between the groups"),
        first=FIRST,
        config=right_aligned(tr("Helped"), tr("With neither"), tr("Standardised difference")),
        key=Key.EFFECT_BALANCE,
    )
    st.caption(
        tr(
            "▲: more than {n} standard deviations apart. A difference here is a reason for different outcomes beside the help.",
            n=tr.number(MIN_DIFFERENCE, 1),
        )
    )


def strata_table(view: View, compared: Comparison, columns: list[str]) -> None:
    """Exact strata that hold both groups; a row opens its people."""
    tr = view.tr
    st.subheader(tr("Like with like"), anchor=False)
    strata = compared.matched.strata
    strata = strata[(strata["helped"] > 0) & (strata["others"] > 0)].reset_index(drop=True)
    if strata.empty:
        st.write(tr("No stratum holds both groups."))
    else:
        shown = pd.DataFrame(
            {tr(NAMES[by]): [_level(view, by, level) for level in strata[by]] for by in STRATUM}
            | {
                tr("Helped"): strata["helped"],
                tr("With neither"): strata["others"],
                tr("Difference, days"): ["—" if pd.isna(d) else tr.signed(d) for d in strata["difference"]],
            }
        )
        show_table(
            view,
            shown,
            tr("Like with like"),
            first=FIRST_OF_STRATA,
            room=FRAMED,
            config={
                **dict.fromkeys((tr("Helped"), tr("With neither")), st.column_config.NumberColumn(width="small")),
                **right_aligned(tr("Difference, days"), width=90),
                tr(NAMES["hardship"]): st.column_config.TextColumn(width=100),
            },
            height=420,
            key=Key.EFFECT_STRATA,
            on_select=lambda: _open_stratum(view, compared, strata, columns),
            selection_mode="single-row",
        )
        st.caption(
            tr(
                "Strata with both groups: {helped} helped and {others} with neither. Select a row to open its people. "
                "Differences are weighted by helped × neither ÷ both.",
                helped=tr.number(compared.matched.helped),
                others=tr.number(compared.matched.others),
            )
        )
    if compared.helped.n or compared.others.n:
        download_table(
            view,
            lambda: _released(view, compared),
            tr("Groups by characteristic"),
            Key.EFFECT_DOWNLOAD,
            note=lambda: _release(view, compared).certificate(tr),
            action=Action.EXPORT_TABLE,
        )
        st.caption(tr("In the download small counts are hidden, and others with them, so that none can be computed."))


def _open_stratum(view: View, compared: Comparison, strata: pd.DataFrame, columns: list[str]) -> None:
    picked = st.session_state[Key.EFFECT_STRATA].selection.rows
    if not picked or picked[0] >= len(strata):
        return
    stratum = strata.iloc[picked[0]]
    everyone = pd.concat([compared.helped.rows, compared.others.rows], ignore_index=True)
    rows = everyone[(everyone[STRATUM] == stratum[STRATUM]).all(axis=1)]
    name = view.tr.join(_level(view, by, stratum[by]) for by in STRATUM)
    open_rows(view.tr("Like with like"), name, rows[columns].reset_index(drop=True))


def _level(view: View, by: str, level: str) -> str:
    """One value of a stratum's characteristic as people read it."""
    tr = view.tr
    if by == "age_band":
        return age_band(tr, level)
    if by == "hardship":
        return tr("yes") if level == "yes" else tr("no")
    if by == "registration":
        known = Registration.parse(level)
        return tr("not recorded") if known is None else tr.term(known)
    if by == "month":
        return tr.month(date.fromisoformat(f"{level}-01"))
    return "" if by == "all" else level


def _release(view: View, compared: Comparison) -> ReleasedGroups:
    return cache.effect.released(view.revision, view.today, compared.contrast, compared.horizon)


def _released(view: View, compared: Comparison) -> pd.DataFrame:
    """The table that may leave the bureau, hidden counts in words."""
    tr, table = view.tr, _release(view, compared).table
    counts = {
        name: [tr("hidden") if pd.isna(n) else tr.number(int(n)) for n in table[column]]
        for column, name in (("helped", tr("Helped")), ("others", tr("With neither")), ("all", tr("Both")))
    }
    return pd.DataFrame(
        {
            tr("Characteristic"): [tr(NAMES[by]) for by in table["by"]],
            tr("Value"): [_level(view, by, level) for by, level in zip(table["by"], table["level"], strict=True)],
        }
        | counts
    )
