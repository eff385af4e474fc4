"""The fairness panel: who reaches the list, a placement, or passes the limits, by group."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.matching import figures, tables
from core.matching.fairness import (
    ATTRIBUTES,
    AUDITS,
    Rate,
    audit,
    audit_population,
    flagged_limits,
    label,
    presets_audit,
    sentence,
)
from core.matching.inputs.limits import LIMITS
from pages import cache
from pages.common.charts import show_drawn
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.matching.context import RankingContext

__all__ = ["show"]


def show(context: RankingContext) -> None:
    """Choose what is audited; one chart an attribute; flagged limits below."""
    tr = context.view.tr
    kind = st.segmented_control(
        tr("Audit of"),
        list(AUDITS),
        default="listed",
        required=True,
        format_func=lambda code: tr(AUDITS[code]),
        key=Key.MATCH_AUDIT,
    )
    ids, selected = audit_population(kind, context.shortlist, cache.matching.referrals(context.view.revision))
    table = cache.matching.attributes(context.view.revision, context.view.today).reindex(ids)
    if not len(ids):
        st.info(tr("Nobody to compare."))
        return
    what, ratio = tr(AUDITS[kind]), context.pool.goalposts.fairness_ratio
    rates_of = {name: audit(table[name], selected, ratio) for name in ATTRIBUTES}
    columns = st.columns(2, gap="medium")
    for n, (name, rates) in enumerate(rates_of.items()):
        with columns[n % 2]:
            _attribute(context, name, rates, what, ratio)
    if kind == "limits":
        _limits(context, table, ratio)
    if kind == "listed":
        _presets(context, ratio)
    st.caption(
        tr(
            "“Look into it”: below four fifths of the highest rate (dashed) and unlikely to be chance (p < 0.05); it does not "
            "mean guilty. Groups of fewer than 5 or under 2% are left out, with a further one where the total would give "
            "them away. None of this enters a score."
        )
    )


def _attribute(context: RankingContext, name: str, rates: list[Rate], what: str, ratio: float) -> None:
    tr = context.view.tr
    rows = tables.rate_rows(rates, name, ratio, tr)
    text = sentence(rates, name, what, tr, ratio)
    st.markdown(f"**{md_escape(text)}**")
    if len(rows) > 1:
        show_drawn(context.view, figures.rates(rows, tr(ATTRIBUTES[name]), tr), text)
    hidden = sum(rate.suppressed for rate in rates)
    if hidden:
        st.caption(tr.plural("{n} group left out: too small.", "{n} groups left out: too small.", hidden))


def _presets(context: RankingContext, ratio: float) -> None:
    """The same audit of the list under every preset: which would flag whom."""
    tr, view = context.view.tr, context.view
    audits = presets_audit(
        context.candidates,
        cache.matching.presets(view.revision),
        cache.matching.attributes(view.revision, view.today),
        context.selection.top_n,
        mask=context.shortlist.mask,
        priority_mask=context.priority_mask,
        ratio=ratio,
    )
    rows = []
    for preset in audits:
        flags = [
            tr(
                "{attribute}: {group} {ratio}",
                attribute=tr(ATTRIBUTES[name]),
                group=label(name, rate.group, tr),
                ratio=tr.percent(rate.ratio or 0, 0),
            )
            for name, rate in preset.flagged
        ]
        rows.append((preset.preset.title(tr), len(flags), tr("; ").join(flags) or tr("passes")))
    title = tr("Which preset deserves a look for this opening")
    st.markdown(f"**{title}**")
    show_table(view, pd.DataFrame(rows, columns=[tr("Preset"), tr("Flags"), tr("Groups to look into")]), title)


def _limits(context: RankingContext, table: pd.DataFrame, ratio: float) -> None:
    tr = context.view.tr
    flagged = flagged_limits(table, context.candidates.states[:, context.shortlist.mask], ratio)
    names = {limit.code: tr(limit.label) for limit in LIMITS}
    if not flagged:
        st.success(tr("No single limit falls on one group: none passes it at less than four fifths of the best rate."))
        return
    st.markdown(f"**{tr('Limits that fall on some groups more than on others')}**")
    show_table(
        context.view,
        pd.DataFrame(
            {
                tr("Limit"): [names[code] for code, _, _ in flagged],
                tr("Attribute"): [tr(ATTRIBUTES[name]) for _, name, _ in flagged],
                tr("Group"): [label(name, rate.group, tr) for _, name, rate in flagged],
                tr("Ratio to the best"): [rate.ratio for _, _, rate in flagged],
                tr("p (Fisher)"): [rate.p for _, _, rate in flagged],
                tr("One person would flip it"): [rate.flips for _, _, rate in flagged],
            }
        ),
        tr("Limits that fall on some groups more than on others"),
        config={
            tr("Ratio to the best"): st.column_config.NumberColumn(format="percent"),
            tr("p (Fisher)"): st.column_config.NumberColumn(format="%.3f"),
        },
        height="auto",
    )
