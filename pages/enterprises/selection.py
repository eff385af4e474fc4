"""Whom to support: the best choice under a budget and rules, a reason for each, what each rule costs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.enterprises import support_commands
from core.enterprises.assessment import EnterpriseAssessment
from core.enterprises.selection import Candidate, Limits, Selection, Verdict, explain, prices, select
from core.locale import N_, Translator
from core.policy import Action
from core.store.commands import Change
from core.terms import Tier
from pages import cache
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["show"]

FIRST = (N_("Chosen"), N_("Enterprise"), N_("Reason"))  # on a phone
RULES = {
    "budget": N_("the budget"),
    "quota": N_("the number of enterprises"),
    "per_community": N_("the limit per community"),
    "lowest_tier": N_("the lowest tier"),
}
PEOPLE, SCORE = "people", "score"
VALUES = {PEOPLE: N_("people of the target group"), SCORE: N_("score, tenths of a point")}


def show(view: View, assessments: list[EnterpriseAssessment]) -> None:
    """Rules left, the choice right."""
    tr = view.tr
    left, right = st.columns([1, 2], gap="medium")
    with left:
        measure, cost = _measure(view)
        kind = st.radio(
            tr("As much as possible of"),
            list(VALUES),
            format_func=lambda k: tr(VALUES[k]),
            key=Key.SELECTION.of("value"),
        )
        limits = _limits(view, measure)
    candidates = [_candidate(a, kind, cost) for a in assessments]
    with right:
        selection = select(candidates, limits)
        if selection is None:
            st.info(tr("No choice fits these rules."), icon=":material/info:")
            return
        _table(view, assessments, candidates, explain(candidates, limits), selection, kind)
        _prices(prices(candidates, limits), kind, tr)
        if measure is not None:
            _plan(view, assessments, selection, measure)


def _measure(view: View) -> tuple[pd.Series | None, float]:
    """The measure to be given, and its cost an enterprise; without a measure on file a number."""
    tr, measures = view.tr, cache.enterprises.support_measures(view.revision).set_index("id")
    if not measures.empty:
        key = st.selectbox(
            tr("Support measure"), list(measures.index), format_func=lambda k: str(measures.loc[k, "name"]),
            key=Key.SELECTION.of("measure"),
        )  # fmt: skip
        row = measures.loc[key]
        amount = 0.0 if pd.isna(row["amount"]) else float(row["amount"])
        st.caption(tr("{amount} yuan an enterprise", amount=tr.number(amount)))
        return row.rename(key), amount
    return None, st.number_input(
        tr("Cost in yuan an enterprise"), 0.0, value=20_000.0, step=1000.0, format="%g", key=Key.SELECTION.of("cost")
    )


def _limits(view: View, measure: pd.Series | None) -> Limits:
    tr = view.tr
    budget = st.number_input(
        tr("Budget in yuan, empty = none"), 0.0, value=None, step=10_000.0, format="%g", key=Key.SELECTION.of("budget")
    )
    quota = st.number_input(tr("Enterprises at most"), 1, value=3, key=Key.SELECTION.of("quota"))
    place = st.number_input(
        tr("Of one community at most, empty = any"), 1, value=None, key=Key.SELECTION.of("community")
    )
    lowest = Tier.RESERVE if measure is None else Tier.of(str(measure["lowest_tier"]))
    options = [tier for tier in Tier if measure is None or tier.order >= lowest.order]
    tier = st.selectbox(
        tr("From tier"), options, index=options.index(lowest), format_func=tr.term, key=Key.SELECTION.of("tier", lowest)
    )
    return Limits(budget, None if quota is None else int(quota), None if place is None else int(place), tier)


def _candidate(own: EnterpriseAssessment, kind: str, cost: float) -> Candidate:
    value = own.target_people if kind == PEOPLE else round(10 * (own.index or 0.0))
    return Candidate(own.key, value, cost, own.community, own.tier if own.is_reviewed else None)


def _table(
    view: View,
    assessments: list[EnterpriseAssessment],
    candidates: list[Candidate],
    verdicts: list[Verdict],
    selection: Selection,
    kind: str,
) -> None:
    tr, by_key = view.tr, {a.key: a for a in assessments}
    st.markdown(
        tr(
            "**{n} of {all} enterprises**: {value} {unit} for {cost} yuan",
            n=len(selection.chosen),
            all=len(candidates),
            value=tr.number(selection.value),
            unit=tr(VALUES[kind]),
            cost=tr.number(selection.cost),
        )
    )
    rows = [
        {
            tr("Chosen"): verdict.is_chosen,
            tr("Enterprise"): tr.name(by_key[candidate.key].name),
            tr("Tier"): tr.term(candidate.tier) if candidate.tier is not None else tr("not reviewed yet"),
            tr(VALUES[kind]): candidate.value,
            tr("Reason"): _reason(verdict, tr),
        }
        for candidate, verdict in zip(candidates, verdicts, strict=True)
    ]
    rows.sort(key=lambda row: not row[tr("Chosen")])
    show_table(view, pd.DataFrame(rows), tr("Choice and reasons"), first=FIRST)


def _reason(verdict: Verdict, tr: Translator) -> str:
    if verdict.loss is None:
        return tr("a rule forbids it")
    loss = tr.number(verdict.loss)
    if verdict.is_chosen:
        return tr("without it {loss} less", loss=loss) if verdict.loss else tr("can be replaced at no loss")
    return tr("with it {loss} less in all", loss=loss) if verdict.loss else tr("could be taken at no loss")


def _prices(gains: dict[str, int], kind: str, tr: Translator) -> None:
    """What would be gained without each rule."""
    parts = [
        tr("without {rule} {gain} more", rule=tr(RULES[rule]), gain=tr.number(gain)) for rule, gain in gains.items()
    ]
    st.caption(
        tr(
            "What each rule costs, in {unit}: {parts}. The choice is exact.",
            unit=tr(VALUES[kind]),
            parts=("; " if tr.is_english else "；").join(parts),
        )
    )


def _plan(view: View, assessments: list[EnterpriseAssessment], selection: Selection, measure: pd.Series) -> None:
    """Plan the measure for the chosen enterprises, all in one command."""
    tr, by_key = view.tr, {a.key: a for a in assessments}
    if not view.may(Action.SUPPORT_ENTERPRISE):
        return
    if not st.button(
        tr("Plan the measure for the chosen"), key=Key.SELECTION.of("plan"), disabled=not selection.chosen
    ):
        return

    def plan(change: Change) -> None:
        for key in selection.chosen:
            support_commands.plan_grant(change, int(measure.name), key, by_key[key].tier, None, view.today)

    save(view, Action.SUPPORT_ENTERPRISE, plan)
