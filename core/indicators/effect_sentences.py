"""What a comparison concludes, in sentences: its title, what may be said and what may not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.indicators.effect import BEFORE_EXIT, LANDMARK, LEAST_JOBS, MIN_DIFFERENCE, Comparison, Contrast, Landmark
from core.indicators.restricted_mean import Difference
from core.locale import N_, Translator
from core.terms import HardshipKind

__all__ = ["CONTRASTS", "age_band", "cannot_say", "can_say", "characteristic", "days_interval", "title"]

CONTRASTS: dict[Contrast, str] = {
    Contrast.EITHER: N_("Training or recommendation"),
    Contrast.TRAINING: N_("Training"),
    Contrast.RECOMMENDATION: N_("Recommendation"),
}
CHARACTERISTICS = {
    "urban": N_("urban registration"),
    "female": N_("women"),
    "schooled": N_("senior secondary school or more"),
    "trained_before": N_("trained earlier than that"),
    "age": N_("age at exit"),
    "exit_day": N_("day of exit"),
}


def characteristic(tr: Translator, code: str) -> str:
    """Name of a row of ``effect.balance``."""
    if code.startswith("hardship_"):
        kind: HardshipKind = HardshipKind.of(code.removeprefix("hardship_"))
        return tr("hardship: {kind}", kind=tr.term(kind))
    return tr(CHARACTERISTICS[code])


def age_band(tr: Translator, band: str) -> str:
    """'40-50' → '40–49 years'."""
    if "-" not in band:
        return tr("not recorded")
    low, high = (int(part) for part in band.split("-"))
    if not low:
        return tr("under {n}", n=high)
    return tr("{n} and over", n=low) if high >= 200 else tr("{low}–{high} years", low=low, high=high - 1)


def days_interval(tr: Translator, difference: Difference) -> str:
    """'+3.1 days (95% interval −12.0 to +18.2)'."""
    return tr(
        "{value} days (95% interval {low} to {high})",
        value=tr.signed(difference.value),
        low=tr.signed(difference.low),
        high=tr.signed(difference.high),
    )


def title(tr: Translator, comparison: Comparison) -> str:
    """The finding; a difference is claimed only where ``Comparison.is_decided``."""
    help_name, crude = tr(CONTRASTS[comparison.contrast]), comparison.difference
    if not comparison.helped.n or not comparison.others.n:
        return tr("{help}: there is nobody to compare yet", help=help_name)
    if crude is None or min(comparison.helped.jobs, comparison.others.jobs) < LEAST_JOBS:
        return tr("{help}: too few people to judge", help=help_name)
    if not comparison.is_decided:
        return tr("{help}: no difference in finding work can be shown", help=help_name)
    pattern = (
        tr("{help}: helped people found work sooner, {n} days more in work within {horizon} days")
        if crude.value > 0
        else tr("{help}: helped people found work later, {n} days less in work within {horizon} days")
    )
    return pattern.format(help=help_name, n=tr.number(abs(crude.value)), horizon=comparison.horizon)


def can_say(tr: Translator, comparison: Comparison, table: pd.DataFrame) -> list[str]:
    """What the figures carry; ``table`` is ``effect.balance``."""
    helped, others = comparison.helped, comparison.others
    said = [
        tr(
            "Of {n} people {who}, {jobs} started work by day {day} ({share} allowing for those not followed so long).",
            n=tr.number(group.n),
            who=who,
            jobs=tr.number(group.jobs),
            day=comparison.horizon,
            share=tr.percent(group.share),
        )
        for group, who in ((helped, tr("with that help")), (others, tr("with neither")))
        if group.n and group.is_observed
    ]
    if comparison.difference is not None and comparison.is_decided:
        said.append(tr("Helped people differ by {days} in work.", days=days_interval(tr, comparison.difference)))
    matched = comparison.matched.difference
    if comparison.is_decided and matched is not None and matched.is_certain:
        said.append(tr("Compared like with like they differ as well: {days}.", days=days_interval(tr, matched)))
    if len(table) and np.isfinite(table["difference"].iloc[0]) and abs(table["difference"].iloc[0]) > MIN_DIFFERENCE:
        said.append(
            tr(
                "The groups differ most in “{what}” (standardised difference {d}).",
                what=characteristic(tr, table["code"].iloc[0]),
                d=tr.signed(float(table["difference"].iloc[0]), 2),
            )
        )
    return said


def cannot_say(tr: Translator, comparison: Comparison, table: pd.DataFrame, data: Landmark) -> list[str]:
    """What the figures do not carry, beginning with the cause."""
    helped, others, crude = comparison.helped, comparison.others, comparison.difference
    said = [tr("That the help caused a difference: who got it was not drawn by lot. A comparison, not a cause.")]
    if not helped.n:
        said.append(tr("Whether it helps: nobody still waiting on day {n} had had that help.", n=LANDMARK))
    elif not others.n:
        said.append(tr("Whether it helps: everybody still waiting on day {n} had had help.", n=LANDMARK))
    elif not (helped.is_observed and others.is_observed):
        said.append(tr("Anything until day {n}: one of the groups is not followed so long yet.", n=comparison.horizon))
    elif crude is None or min(helped.jobs, others.jobs) < LEAST_JOBS:
        said.append(tr("Whether it helps: fewer than {n} people of a group started work.", n=LEAST_JOBS))
    elif not crude.is_certain:
        said.append(
            tr("That helped people find work sooner or later: {days} includes 0.", days=days_interval(tr, crude))
        )
    elif not comparison.is_decided:
        said.append(tr("That helped people do better or worse: compared like with like the sign is the opposite."))
    apart = table[table["difference"].abs() > MIN_DIFFERENCE]
    if len(apart):
        said.append(
            tr(
                "That the groups are alike: they differ in {what}.",
                what=tr.join(characteristic(tr, code) for code in apart["code"].iloc[:4]),
            )
        )
    if helped.n and others.n and comparison.matched.helped < helped.n:
        said.append(
            tr(
                "That like is compared with like throughout: {k} of {n} helped people have a counterpart of the same "
                "month, registration, age band and hardship.",
                k=tr.number(comparison.matched.helped),
                n=tr.number(helped.n),
            )
        )
    if len(data.early):
        said.append(
            tr(
                "Anything about the {n} people who had work by day {day}: they had no time to be helped and are left out.",
                n=tr.number(len(data.early)),
                day=LANDMARK,
            )
        )
    if len(data.rows):
        said.append(
            tr(
                "Anything about help earlier than {before} days before the exit or later than day {day}: it does not count here.",
                before=BEFORE_EXIT,
                day=LANDMARK,
            )
        )
    return said
