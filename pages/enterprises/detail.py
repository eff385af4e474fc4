"""One enterprise: the evidence, the formula with its numbers, how to reach the next tier, the history, decisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil

import pandas as pd
import streamlit as st

from core.enterprises.assessment import BREACHES, FLAGS, EnterpriseAssessment, Flag
from core.enterprises.commands import decide_tier
from core.enterprises.figures import pillar_sources
from core.enterprises.goalposts import Indicator
from core.enterprises.lift_path import LiftPath, lift_paths
from core.enterprises.robustness import Draws
from core.enterprises.score import FLOOR
from core.enterprises.tiers import tier_of
from core.locale import N_, Translator
from core.policy import Action
from core.store.commands import command
from core.terms import EvidenceSource, Pillar, Tier
from pages import cache
from pages.cache.charts import built
from pages.common.charts import show_built
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View
from pages.enterprises import profile, support

__all__ = ["show", "summary"]

FIRST = (N_("Pillar"), "P", "P^w")  # on a phone
FIRST_OF_FIGURES = (N_("Figure"), N_("At the review"), N_("0 to 1"))
FIRST_OF_REVIEWS = (N_("Day"), N_("Score"), N_("Tier on file"), N_("Cause"))


def summary(view: View, assessment: EnterpriseAssessment) -> None:
    """Tier, community, reviews and flags in one line."""
    tr = view.tr
    parts = [
        tr("{tier} tier", tier=tr.term(assessment.tier)) if assessment.is_reviewed else "",
        md_escape(assessment.community),
        tr("last review {day}", day=tr.day(assessment.reviewed_on)) if assessment.reviewed_on else tr("never reviewed"),
        tr("next review {day}", day=tr.day(assessment.next_review_on)) if assessment.next_review_on else "",
        *(f"⚑ {tr(FLAGS[flag])}" for flag in assessment.flags if flag is not Flag.NEW),
    ]
    st.caption(" · ".join(p for p in parts if p))


def show(
    view: View,
    assessment: EnterpriseAssessment,
    assessments: list[EnterpriseAssessment],
    draws: Draws,
    *,
    has_pillars: bool,
) -> None:
    """Evidence left, with the chart of the pillars where the board does not show it; formula right; below: tabs."""
    tr = view.tr
    left, right = st.columns(2, gap="medium")
    with left:
        if has_pillars:
            show_built(view, tr("Pillars of {name} by source", name=assessment.name), pillar_sources, assessment, tr)
        _gate(view, assessment)
        if text := _filed(assessment, tr):
            st.warning(text, icon=":material/flag:")
        _lift(view, assessment, draws)
    with right:
        _formula(view, assessment)
    _aspects(view, assessment, assessments)


@st.fragment
def _aspects(view: View, assessment: EnterpriseAssessment, assessments: list[EnterpriseAssessment]) -> None:
    """A tab for each question about the enterprise, made once it is opened."""
    tr = view.tr
    aspects: dict[str, Callable[[], None]] = {
        tr("People and products"): lambda: profile.show(view, assessment, assessments),
        tr("Monitored figures"): lambda: _figures(view, assessment),
        tr("Panel and evidence"): lambda: _marks(view, assessment),
        tr("Reviews"): lambda: _history(view, assessment),
        tr("Support and visits"): lambda: support.show(view, assessment),
    }
    if view.may(Action.DECIDE_TIER):
        aspects[tr("Record a decision")] = lambda: _decision(view, assessment)
    tabs = st.tabs(list(aspects), key=Key.ENTERPRISE_ASPECT, bind="query-params")
    for tab, show_aspect in zip(tabs, aspects.values(), strict=True):
        if tab.open:
            with tab:
                show_aspect()


def _formula(view: View, assessment: EnterpriseAssessment) -> None:
    """Each pillar's sum and the product: a hand calculation gives the badge."""
    tr, score = view.tr, assessment.score
    st.subheader(tr("The formula with its numbers"), anchor=False)
    table = built(_sums, assessment, tr)
    three = st.column_config.NumberColumn(format="%.4f")
    filed = st.column_config.NumberColumn(
        format="%.2f", help=tr("Monitoring as the review sheet states it; shown, not scored")
    )
    show_table(
        view,
        table,
        tr("Pillars and sums"),
        first=FIRST,
        config={"P": three, "P^w": three, tr("Filed monitoring"): filed},
        placeholder="–",
    )
    if score.index is None:
        missing = tr.percent(1 - score.coverage, 0)
        st.warning(tr("Not rated: {share} of the evidence is missing.", share=missing), icon=":material/help:")
        st.caption(_missing(assessment, tr))
        return
    powers = " × ".join(f"{p:.4f}" for p in table["P^w"])
    st.markdown(f"100 × {powers} = **{tr.number(score.index, 1)}**")
    st.caption(
        tr(
            "w = {weights}; beside it the arithmetic mean: {plain}. The geometric mean is lower where pillars are uneven.",
            weights=_weights(assessment, tr),
            plain=tr.number(score.arithmetic or 0.0, 1),
        )
        + (" " + _missing(assessment, tr) if score.missing else "")
    )


def _sums(assessment: EnterpriseAssessment, tr: Translator) -> pd.DataFrame:
    """The formula of each pillar, its value and its share of the product."""
    score, source_weights = assessment.score, assessment.rules.source_weights
    rows = []
    for part in score.pillars:
        present = {s: v for s, v in part.sources.items() if v is not None}
        mass = sum(source_weights[s] for s in present)
        terms = " + ".join(f"{source_weights[s]:g}×{v:.3f}" for s, v in present.items())
        text = terms if abs(mass - 1) < 1e-9 or not present else f"({terms}) ÷ {mass:g}"
        weight = assessment.rules.weights[part.pillar]
        rows.append(
            {
                tr("Pillar"): tr.term(part.pillar) + (" ⚑" if part.reconcile else ""),
                tr("Monitoring, panel, third party"): text or "–",
                tr("Filed monitoring"): assessment.filed.get(part.pillar),
                "P": part.value,
                "P^w": None if part.value is None else max(part.value, FLOOR) ** weight,
            }
        )
    return pd.DataFrame(rows)


def _weights(assessment: EnterpriseAssessment, tr: Translator) -> str:
    """The shares of the pillars: one number where they are equal."""
    weights = assessment.rules.weights
    if max(weights.values()) - min(weights.values()) < 1e-9:
        return f"1/{len(weights)}"
    return " / ".join(tr.percent(weights[p]) for p in Pillar)


def _missing(assessment: EnterpriseAssessment, tr: Translator) -> str:
    by_source: dict[EvidenceSource, list[str]] = {}
    for pillar, source in assessment.score.missing:
        by_source.setdefault(source, []).append(tr.term(pillar))
    parts = [
        f"{tr.term(s)}（{'、'.join(p)}）" if not tr.is_english else f"{tr.term(s)} ({', '.join(p)})"
        for s, p in by_source.items()
    ]
    return tr("Missing: {what}", what=("; " if tr.is_english else "；").join(parts))


def _gate(view: View, assessment: EnterpriseAssessment) -> None:
    tr = view.tr
    insured = assessment.raw["insured_share"]
    text = (
        tr("social insurance {share}", share=tr.percent(insured / 100, 0))
        if not pd.isna(insured)
        else tr("social insurance not reported")
    )
    if assessment.breaches:
        names = ", ".join(tr(BREACHES[b]) for b in assessment.breaches)
        st.error(tr("Compliance gate closed: {what}. The enterprise moves to the watch tier at once.", what=names))
    else:
        st.caption(tr("Compliance gate open: no wage arrears, safety breach or dishonesty on file; {what}.", what=text))


def _filed(assessment: EnterpriseAssessment, tr: Translator) -> str:
    """Where the review sheet's own monitoring is far from the rows; empty where it is not."""
    parts = [
        tr(
            "{pillar} {filed} filed, {computed} computed",
            pillar=tr.term(d.pillar) if d.pillar is not None else tr("mean of all pillars"),
            filed=tr.number(d.filed, 2),
            computed=tr.number(d.computed, 2),
        )
        for d in assessment.disagreements
    ]
    if not parts:
        return ""
    return tr(
        "Filed monitoring differs from the bureau's rows and is not scored: {parts}.",
        parts=("; " if tr.is_english else "；").join(parts),
    )


def _lift(view: View, assessment: EnterpriseAssessment, draws: Draws) -> None:
    """How to reach the next tier: the threshold with its margin, pillar by pillar, and its probability."""
    tr = view.tr
    st.subheader(tr("How to reach the next tier"), anchor=False)
    threshold = assessment.next_threshold
    if threshold is None:
        st.caption(tr("Already in the highest tier."))
        return
    target = threshold + assessment.rules.margin
    up = tr.term(tier_of(assessment.tier.order + 1))
    st.caption(
        tr(
            "{tier} requires {target} ({threshold} + {margin}) in {n} consecutive reviews, sources that agree, and a "
            "probability of at least {p} of reaching {threshold}.",
            tier=up,
            target=tr.number(target),
            threshold=tr.number(threshold),
            margin=tr.number(assessment.rules.margin),
            n=assessment.rules.periods,
            p=tr.percent(assessment.rules.min_probability, 0),
        )
    )
    if assessment.key in draws.keys:
        reach = float(draws.reach(threshold)[draws.keys.index(assessment.key)])
        st.caption(
            tr(
                "It currently reaches {threshold} in {share} of the draws.",
                threshold=tr.number(threshold),
                share=tr.percent(reach, 0),
            )
        )
    history = cache.enterprises.monitoring_history(view.revision, view.today)[assessment.key]
    paths = lift_paths(assessment, target, history)
    if assessment.live.index is None:
        st.markdown(tr("Complete the missing evidence first."))
    elif assessment.live.index >= target:
        st.markdown(tr("Today's rows reach it already; it takes the next review."))
    elif not paths:
        st.markdown(tr("No single pillar is enough; several must rise together."))
    else:
        st.markdown("\n".join(f"- {_path(path, tr)}" for path in paths[:3]))
        st.caption(
            tr(
                "One pillar alone, from today's rows, panel and third party unchanged; the pace is the median of its own last "
                "twelve months. Costs are not on file."
            )
        )


def _path(path: LiftPath, tr: Translator) -> str:
    """A pillar's way in one line: from, to, how long, by which figure."""
    text = tr(
        "{pillar} alone: from {value} to {needed}",
        pillar=tr.term(path.pillar),
        value=tr.number(path.value * 100, 1),
        needed=tr.number(path.needed * 100, 1),
    )
    if path.target is None:
        return text + " · " + tr("not by monitoring alone: panel or third party must rise too")
    if path.months is not None:
        text += " · " + tr.plural("{n} month at its own pace", "{n} months at its own pace", ceil(path.months))
    elif path.pace is None:
        text += " · " + tr("too few months for a pace")
    else:
        text += " · " + tr("no rise in the last twelve months: no date")
    for step in path.figures[:2]:
        text += " · " + tr(
            "{figure} {now} → {needed}",
            figure=tr(step.indicator.name),
            now=_figure(step.indicator, step.now, tr),
            needed=_figure(step.indicator, step.needed, tr),
        )
    return text


def _figures(view: View, assessment: EnterpriseAssessment) -> None:
    """Each monitored figure at the review, with the goalposts that scored it, and today."""
    tr = view.tr
    today: dict[str, Indicator] = {i.code: i for i in cache.enterprises.goalposts(view.revision, view.today)}
    monitoring = assessment.monitoring
    rows = []
    for item in sorted(monitoring.indicators, key=lambda i: list(today).index(i.code)):
        places = 2 if item.high <= 1 else 0
        scale = tr("log") if item.log else tr("linear")
        at_review = float(monitoring.raw[item.code])
        rows.append(
            {
                tr("Pillar"): tr.term(item.pillar),
                tr("Figure"): tr(item.name),
                tr("At the review"): _figure(item, at_review, tr),
                tr("Goalposts"): f"{tr.number(item.low, places)} – {tr.number(item.high, places)} ({scale})",
                tr("0 to 1"): None if pd.isna(at_review) else item.score(at_review),
                tr("Today"): _figure(today[item.code], float(assessment.raw[item.code]), tr),
            }
        )
    config = {tr("0 to 1"): st.column_config.ProgressColumn(min_value=0, max_value=1, format="%.3f", color="blue")}
    show_table(view, pd.DataFrame(rows), tr("Monitored figures"), first=FIRST_OF_FIGURES, config=config)
    st.caption(_monitoring_source(view, assessment))
    if assessment.live.index is not None and assessment.index is not None:
        st.caption(
            tr(
                "With monitoring from today's rows instead of the last review's, the score would be {live} instead of {index}.",
                live=tr.number(assessment.live.index, 1),
                index=tr.number(assessment.index, 1),
            )
        )


def _figure(item: Indicator, raw: float, tr: Translator) -> str:
    """A raw value with its unit."""
    if pd.isna(raw):
        return tr("not computable")
    digits = max(2 if item.high <= 1 else 0, int(item.unit == "%"))
    return f"{tr.number(raw, digits)} {tr(item.unit) if item.unit != '%' else '%'}"


def _monitoring_source(view: View, assessment: EnterpriseAssessment) -> str:
    """Of which day the figures are, and whether they can still change."""
    tr, frozen = view.tr, assessment.monitoring.frozen_on
    if assessment.reviewed_on is None:
        return tr("From the bureau's own rows as of {day}; never reviewed.", day=tr.day(view.today))
    if frozen is None:
        return tr(
            "From the bureau's own rows as of the review of {day}; they are frozen with the next weekly meeting. A pillar's "
            "monitoring value is the mean of its figures.",
            day=tr.day(assessment.reviewed_on),
        )
    return tr(
        "From the bureau's own rows as of the review of {day}, frozen on {frozen} with the goalposts of that day. A pillar's "
        "monitoring value is the mean of its figures.",
        day=tr.day(assessment.reviewed_on),
        frozen=tr.day(frozen),
    )


def _marks(view: View, assessment: EnterpriseAssessment) -> None:
    tr = view.tr
    if not assessment.marks:
        st.caption(tr("No judges' marks on file; the review sheet's totals are used for every pillar."))
        return
    judges = sorted({judge for given in assessment.marks.values() for judge, _ in given})
    rows = []
    for pillar in Pillar:
        given = dict(assessment.marks.get(pillar, ()))
        panel = assessment.score.pillars[pillar.order].sources[EvidenceSource.PANEL]
        rows.append({tr("Pillar"): tr.term(pillar), **{j: given.get(j) for j in judges}, tr("Median"): panel})
    show_table(view, pd.DataFrame(rows), tr("Marks of the judges"))
    st.caption(tr("The median of at least three judges counts; with fewer there is no panel score."))


def _history(view: View, assessment: EnterpriseAssessment) -> None:
    tr = view.tr
    if not assessment.history:
        st.caption(tr("never reviewed"))
        return
    rows = [
        {
            tr("Day"): pd.Timestamp(p.reviewed_on),
            tr("Score"): p.index,
            tr("As recorded"): p.recorded,
            tr("Tier on file"): tr.term(p.tier),
            tr("Tier by the rule"): tr.term(p.by_rule),
            tr("Cause"): tr.term(p.cause),
            tr("Reason"): p.reason,
            tr("Decided by"): p.decided_by,
            tr("Method"): p.method,
        }
        for p in reversed(assessment.history)
    ]
    config = {
        tr("Day"): st.column_config.DateColumn(format="YYYY-MM-DD"),
        tr("Score"): st.column_config.NumberColumn(format="%.1f", help=tr("Geometric, from the evidence on file")),
        tr("As recorded"): st.column_config.NumberColumn(format="%.1f", help=tr("The review sheet's own composite")),
    }
    show_table(view, pd.DataFrame(rows), tr("Reviews"), first=FIRST_OF_REVIEWS, config=config)
    preview = tr.term(tier_of(assessment.preview.level))
    st.caption(tr("If the next review gives the same score, the tier by the rule is: {tier}.", tier=preview))


def _decision(view: View, assessment: EnterpriseAssessment) -> None:
    tr = view.tr
    with st.form(Key.ENTERPRISE_DECISION.of(assessment.key), border=False):
        left, right = st.columns([1, 3])
        tier = left.selectbox(
            tr("Tier"), list(reversed(Tier)), index=len(Tier) - 1 - assessment.tier.order, format_func=tr.term
        )
        reason = right.text_input(tr("Reason"), **at_most(tr, 200))
        sent = st.form_submit_button(tr("Record"), type="primary")
    if not sent:
        return
    if not reason.strip():
        st.warning(tr("A decision needs a reason."))
        return
    with command(cache.store.database(), actor=view.access, action=Action.DECIDE_TIER, at=datetime.now(UTC)) as change:
        decide_tier(change, assessment.key, tier, reason, view.today, assessment.index)
    st.rerun()
