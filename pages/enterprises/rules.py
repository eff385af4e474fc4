"""The rules of tiers as dated versions: what holds, what another version would move, and the form that stores it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core.enterprises.goalposts import INDICATORS
from core.enterprises.movement import MAX_MOVED_SHARE, Movement
from core.enterprises.rule_commands import REFUSALS, NeedsConfirmation, save_rules
from core.enterprises.rules import InvalidRules, Rules
from core.locale import N_, Translator
from core.policy import Action
from core.store.commands import command
from core.terms import EvidenceSource, Pillar, Tier
from pages import cache
from pages.common.columns import on_screen
from pages.common.saving import announce
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["show"]

FIRST = (N_("Enterprise"), N_("Score then"), N_("Tier then"))  # on a phone


def show(view: View) -> None:
    """The versions, the editor, the movement table of what is edited."""
    tr = view.tr
    current = cache.enterprises.rules(view.revision, view.today)
    _versions(view, current)
    edited = _editor(view, current)
    try:
        edited.check()
    except InvalidRules as invalid:
        st.error(tr(REFUSALS[invalid.code]))
        return
    if edited == current:
        st.caption(tr("Change a value to see which enterprises would move."))
        return
    movement = cache.enterprises.movement(view.revision, view.today, edited)
    _movement(view, movement)
    _save(view, edited, movement)


def _versions(view: View, current: Rules) -> None:
    tr = view.tr
    st.markdown(
        tr(
            "In force: version **{version}**. Thresholds {thresholds}, margin {margin}, {n} consecutive reviews.",
            version=current.version,
            thresholds=" / ".join(
                f"{tr.term(t)} {tr.number(v)}" for t, v in zip(list(Tier)[1:], current.thresholds, strict=True)
            ),
            margin=tr.number(current.margin, 1),
            n=current.periods,
        )
    )
    versions = cache.enterprises.rule_versions(view.revision)
    if versions.empty:
        return
    rows = [
        {
            tr("Valid from"): row.since,
            tr("Version"): Rules.from_json(row.content).version,
            tr("Reason"): row.reason,
            tr("Entered by"): row.author,
        }
        for row in versions.itertuples()
    ]
    config = {tr("Valid from"): st.column_config.DateColumn(format="YYYY-MM-DD")}
    show_table(view, pd.DataFrame(rows), tr("Versions of the rules"), config=config)


# -- the editor ------------------------------------------------------------------------------------------


def _editor(view: View, current: Rules) -> Rules:
    """The rules as the fields say. Weights are proportions and are brought to shares of 1."""
    tr = view.tr
    st.markdown(f"**{tr('Weights of the pillars, in proportion')}**")
    weights = _shares(tr, current.weights, list(Pillar))
    left, right = st.columns([3, 4], gap="medium")
    with left:
        st.markdown(f"**{tr('Weights of the sources, in proportion')}**")
        sources = _shares(tr, current.source_weights, list(EvidenceSource))
    with right:
        st.markdown(f"**{tr('Thresholds, points')}**")
        thresholds = tuple(
            column.number_input(
                tr.term(tier),
                0.0,
                100.0,
                threshold,
                step=1.0,
                format="%g",
                key=Key.TIER_RULES.of("threshold", tier.value),
            )
            for column, tier, threshold in zip(
                st.columns(len(Tier) - 1), list(Tier)[1:], current.thresholds, strict=True
            )
        )
    fields = st.columns(6)
    margin = fields[0].number_input(
        tr("Margin, points"), 0.0, 10.0, current.margin, 0.5, "%g", key=Key.TIER_RULES.of("margin")
    )
    periods = fields[1].number_input(tr("Consecutive reviews"), 1, 6, current.periods, key=Key.TIER_RULES.of("periods"))
    sure = fields[2].number_input(
        tr("Probability for a promotion, %"),
        0,
        100,
        round(current.min_probability * 100),
        key=Key.TIER_RULES.of("sure"),
    )
    coverage = fields[3].number_input(
        tr("Smallest coverage, cells of 18"), 1, 18, round(current.min_coverage * 18), key=Key.TIER_RULES.of("coverage")
    )
    judges = fields[4].number_input(tr("Judges at least"), 1, 15, current.min_judges, key=Key.TIER_RULES.of("judges"))
    gap = fields[5].number_input(
        tr("Sources disagree beyond, points"), 1, 100, round(current.reconcile_gap * 100), key=Key.TIER_RULES.of("gap")
    )
    edited = replace(
        current,
        weights=weights,
        source_weights=sources,
        thresholds=thresholds,
        margin=margin,
        periods=int(periods),
        min_probability=_kept(current.min_probability, sure, 100),
        min_coverage=_kept(current.min_coverage, coverage, 18),
        min_judges=int(judges),
        reconcile_gap=_kept(current.reconcile_gap, gap, 100),
    )
    return replace(edited, goalposts=_goalposts(view, current))


def _shares(tr: Translator, current: Mapping[Pillar, float], terms: list[Pillar]) -> dict[Pillar, float]:
    """One number field a term, 0 to 100; shares of their sum. Fields that nobody touched keep the exact stored value."""
    shown = {term: round(current[term] * 100, 2) for term in terms}
    given = {
        term: column.number_input(
            tr.term(term), 0.0, 100.0, shown[term], step=1.0, format="%g", key=Key.TIER_RULES.of("weight", term.value)
        )
        for column, term in zip(st.columns(len(terms)), terms, strict=True)
    }
    total = sum(given.values())
    if given == shown or total <= 0:
        return dict(current) if total > 0 else dict.fromkeys(terms, 0.0)
    return {term: value / total for term, value in given.items()}


def _kept(stored: float, shown: float, scale: int) -> float:
    """The stored share where its rounded field still shows it, else what the field says."""
    return stored if round(stored * scale) == shown else shown / scale


def _goalposts(view: View, current: Rules) -> dict[str, tuple[float, float]]:
    """The goalposts that differ from those in force, with those that the version names already."""
    tr = view.tr
    in_force = cache.enterprises.goalposts(view.revision, view.today)
    with st.expander(tr("Goalposts: the values that score 0 and 1")):
        table = pd.DataFrame(
            {
                "figure": [tr(i.name) for i in in_force],
                "unit": [i.unit if i.unit == "%" else tr(i.unit) for i in in_force],
                "low": [i.low for i in in_force],
                "high": [i.high for i in in_force],
            },
            index=[i.code for i in in_force],
        )
        edited = st.data_editor(
            table,
            hide_index=True,
            placeholder="",
            num_rows="fixed",
            disabled=["figure", "unit"],
            **on_screen(
                view,
                table,
                {
                    "figure": tr("Figure"),
                    "unit": tr("Unit"),
                    "low": st.column_config.NumberColumn(tr("Scores 0 at"), required=True),
                    "high": st.column_config.NumberColumn(tr("Scores 1 at"), required=True),
                },
                first=("low", "high", "figure", "unit"),
            ),
            key=Key.TIER_RULES.of("goalposts"),
        )
        st.caption(tr("Pay starts from the minimum wage of the day unless its goalpost is changed here."))
    posts = dict(current.goalposts)
    for item in in_force:
        row = edited.loc[item.code]
        if (float(row["low"]), float(row["high"])) != (item.low, item.high):
            posts[item.code] = (float(row["low"]), float(row["high"]))
    return {item.code: posts[item.code] for item in INDICATORS if item.code in posts}


# -- what it moves, and the second question --------------------------------------------------------------


def _movement(view: View, movement: Movement) -> None:
    tr = view.tr
    moved = [m for m in movement.moves if m.moves]
    st.markdown(
        "**"
        + tr.plural("{n} enterprise would change its tier", "{n} enterprises would change their tiers", len(moved))
        + "** · "
        + tr(
            "{share} of the highest tier ({tier}) would move",
            share=tr.percent(movement.moved_share, 0),
            tier=tr.term(movement.top),
        )
    )
    rows = [
        {
            tr("Enterprise"): tr.name(m.name),
            tr("Score now"): m.index[0],
            tr("Score then"): m.index[1],
            tr("Tier now"): "" if m.tier[0] is None else tr.term(m.tier[0]),
            tr("Tier then"): ("" if m.tier[1] is None else tr.term(m.tier[1])) + (_arrow(m.tier) if m.moves else ""),
            tr("Rank now"): m.rank[0],
            tr("Rank then"): m.rank[1],
        }
        for m in movement.moves
    ]
    points = st.column_config.NumberColumn(format="%.1f")
    show_table(
        view,
        pd.DataFrame(rows),
        tr("Movement table"),
        first=FIRST,
        config={tr("Score now"): points, tr("Score then"): points},
    )
    st.caption(
        tr(
            "Both sides replay every review by one set of rules, memory and decisions included. Reviews on file keep the rules "
            "that they were made by; the new version counts for reviews from its first day on."
        )
    )


def _arrow(pair: tuple[Tier | None, Tier | None]) -> str:
    old, new = (-1 if tier is None else tier.order for tier in pair)
    return " ▲" if new > old else " ▼"


def _save(view: View, edited: Rules, movement: Movement) -> None:
    tr = view.tr
    if not view.may(Action.SAVE_TIER_RULES):
        return
    is_asked_again = st.session_state.get(Key.TIER_RULES_CONFIRMED) == str(edited.to_json())
    with st.form(Key.TIER_RULES):
        left, right = st.columns([1, 3])
        since = left.date_input(tr("Valid from"), value=view.today, min_value=view.today)
        reason = right.text_input(tr("Reason"), **at_most(tr, 200))
        if is_asked_again:
            st.warning(
                tr(
                    "{share} of the highest tier would move, more than {limit}. Press again to store the rules all the same.",
                    share=tr.percent(movement.moved_share, 0),
                    limit=tr.percent(MAX_MOVED_SHARE, 0),
                )
            )
        label = tr("Store although the highest tier moves") if is_asked_again else tr("Store the version")
        sent = st.form_submit_button(label, type="primary")
    if not sent:
        return
    try:
        with command(
            cache.store.database(), actor=view.access, action=Action.SAVE_TIER_RULES, at=datetime.now(UTC)
        ) as change:
            stored = save_rules(change, edited, since, reason, view.today, is_confirmed=is_asked_again)
    except InvalidRules as invalid:
        st.error(tr(REFUSALS[invalid.code]))
    except NeedsConfirmation:
        st.session_state[Key.TIER_RULES_CONFIRMED] = str(edited.to_json())
        st.rerun()
    else:
        st.session_state.pop(Key.TIER_RULES_CONFIRMED, None)
        announce(tr("Version {version} of the rules holds from {day} on.", version=stored.version, day=tr.day(since)))
