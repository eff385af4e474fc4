"""Actions closed in the last half-year: their indicator before and after, beside the other communities."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.indicators.action_effect import PLACEMENTS, SMALL, WEEKS, ActionEffect, Reading
from core.indicators.registry import INDICATORS
from core.locale import N_
from pages import cache
from pages.common.columns import right_aligned
from pages.common.drilldown import open_rows
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["actions_table"]

FIRST = (N_("Action"), N_("Reading"))  # on a phone


def actions_table(view: View) -> None:
    """The table; a row opens what entered or left the indicator's numerator."""
    tr = view.tr
    st.subheader(tr("Actions closed in the last half-year"), anchor=False)
    effects = cache.effect.closed_actions(view.revision, view.today)
    if not effects:
        st.write(tr("No action was closed in the last half-year."))
        return
    names = cache.overview.facts(view.revision).communities.set_index("id")["name"]
    shown = pd.DataFrame(
        [
            {
                tr("Action"): effect.action["code"],
                tr("Problem"): effect.action["problem"],
                tr("Community"): tr("The whole district")
                if pd.isna(effect.action["community_id"])
                else tr.name(names.get(effect.action["community_id"], "")),
                tr("Closed on"): f"{effect.action['closed_on']:%Y-%m-%d}",
                tr("Indicator"): _indicator(view, effect),
                tr("Before"): _value(view, effect, effect.before),
                tr("After"): _value(view, effect, effect.after),
                tr("Change"): _change(view, effect, effect.change),
                tr("Others"): _change(view, effect, effect.expected),
                tr("Cases"): str(effect.n) if effect.reading is Reading.MEASURED else "",
                tr("Reading"): _reading(view, effect),
            }
            for effect in effects
        ]
    )
    config = {
        tr("Problem"): st.column_config.TextColumn(width=150),
        **right_aligned(tr("Before"), tr("After"), tr("Cases")),
        **right_aligned(tr("Change"), tr("Others"), width=96),
        tr("Reading"): st.column_config.TextColumn(width="large"),
    }
    show_table(
        view,
        shown,
        tr("Actions closed in the last half-year"),
        first=FIRST,
        config=config,
        height="auto",
        key=Key.EFFECT_ACTIONS,
        on_select=lambda: _open(view, effects),
        selection_mode="single-row",
    )
    st.caption(
        tr(
            "Before: the {n} weeks before the action was raised; after: the {n} weeks after it was closed; others: change of "
            "the other communities over the same weeks, which may have had actions of their own. A comparison, not a "
            "cause. Select a row to open what entered or left the indicator's numerator.",
            n=WEEKS,
        )
    )


def _indicator(view: View, effect: ActionEffect) -> str:
    if effect.code is None:
        return "" if pd.isna(effect.action["indicator"]) else str(effect.action["indicator"])
    return view.tr("Starts of work a week") if effect.code == PLACEMENTS else view.tr(INDICATORS[effect.code].name)


def _value(view: View, effect: ActionEffect, value: float | None) -> str:
    if value is None or effect.code is None:
        return ""
    return view.tr.number(value, 1) if effect.code == PLACEMENTS else INDICATORS[effect.code].text(view.tr, value)


def _change(view: View, effect: ActionEffect, change: float | None) -> str:
    if change is None or effect.code is None:
        return ""
    return view.tr.signed(change) if effect.code == PLACEMENTS else INDICATORS[effect.code].change(view.tr, change)


def _reading(view: View, effect: ActionEffect) -> str:
    """What the row allows to say, in words."""
    tr = view.tr
    if effect.reading is Reading.NOT_MEASURED:
        return tr("not measured: no indicator of that name, or no cases")
    if effect.reading is Reading.TOO_EARLY:
        return tr("too early: closed less than {n} weeks ago", n=WEEKS)
    if not effect.compared:
        text = tr("whole district: nothing to compare with")
    else:
        text = tr("changed by more than {k} of {n} other communities", k=effect.less, n=effect.compared)
    return f"{text} · {tr('n is small, chance alone moves it')}" if effect.n < SMALL else text


def _open(view: View, effects: list[ActionEffect]) -> None:
    tr = view.tr
    picked = st.session_state[Key.EFFECT_ACTIONS].selection.rows
    if not picked or picked[0] >= len(effects):
        return
    effect = effects[picked[0]]
    rows = pd.DataFrame() if effect.rows is None else effect.rows
    if len(rows):
        words = {1: tr("entered"), -1: tr("left")}
        rows = rows.assign(movement=rows["sign"].map(words))
        rows = rows[["movement", *(c for c in rows.columns if c not in {"movement", "sign"})]]
    open_rows(str(effect.action["code"]), _reading(view, effect), rows)
