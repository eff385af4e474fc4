"""Sentences about a ranked list: what a score is made of, how two candidates differ, what would change the order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from core.locale import N_, Translator
from core.matching.inputs.factors import FACTORS
from core.matching.ranking.scoring import Profile
from core.matching.ranking.stability import Band, Swap

__all__ = [
    "band_sentence",
    "score_sentence",
    "compare_sentence",
    "place_change_mark",
    "stability_sentence",
    "swap_sentence",
    "unknown_factors",
]

Floats = npt.NDArray[np.floating]
NameOf = Callable[[int], str]
VISIBLE = 0.05  # points; smaller parts are left out


def score_sentence(name: str, parts: Floats, x: Floats, weights: Floats, tr: Translator) -> str:
    """'王* scores 71.4: most from Skills (28.6) and Travel (17.2); most is lost on Hours (−6.3).'

    ``parts`` (7,) points, ``x`` (7,) factors with NaN for unknown, ``weights`` (7,).
    """
    known = np.isfinite(x) & (weights > 0)
    best = [j for j in np.argsort(-parts, kind="stable")[:2] if known[j] and parts[j] >= VISIBLE]
    coverage = float(weights[known].sum())
    lost = np.where(known, 100 * weights * (1 - np.nan_to_num(x)) / max(coverage, 1e-12), 0)
    worst = int(np.argmax(lost))
    gained = tr(" and ").join(
        tr("{factor} ({points})", factor=tr(FACTORS[j].label), points=tr.number(parts[j], 1)) for j in best
    )
    total = tr.number(float(parts.sum()), 1)
    if not best:
        return tr("{name} scores {total}: no weighted factor adds points.", name=name, total=total)
    if lost[worst] < VISIBLE:
        return tr("{name} scores {total}: most from {gained}; nothing is lost.", name=name, total=total, gained=gained)
    return tr(
        "{name} scores {total}: most from {gained}; most is lost on {factor} ({points}).",
        name=name,
        total=total,
        gained=gained,
        factor=tr(FACTORS[worst].label),
        points=tr.signed(-float(lost[worst])),
    )


def compare_sentence(one: str, other: str, parts_one: Floats, parts_other: Floats, tr: Translator) -> str:
    """'甲 beats 乙 by 4.0 = +18.0 Skills −14.0 Travel': the difference of points by factor, largest first."""
    apart = parts_one - parts_other
    visible = [j for j in np.argsort(-np.abs(apart), kind="stable") if abs(apart[j]) >= VISIBLE]
    if not visible:
        return tr("{one} and {other} are tied.", one=one, other=other)
    terms = " ".join(
        tr("{points} {factor}", points=tr.signed(float(apart[j])), factor=tr(FACTORS[j].label)) for j in visible
    )
    gap = tr.number(abs(float(apart.sum())), 1)
    if abs(apart.sum()) < VISIBLE:
        return tr("{one} and {other} are tied: {terms}", one=one, other=other, terms=terms)
    if apart.sum() < 0:
        return tr("{one} trails {other} by {gap} = {terms}", one=one, other=other, gap=gap, terms=terms)
    return tr("{one} beats {other} by {gap} = {terms}", one=one, other=other, gap=gap, terms=terms)


def swap_sentence(band: Band, swap: Swap, name: NameOf, tr: Translator) -> str:
    """'When the weight of Travel rises to 31.0%, 李* replaces 王*.'"""
    factor, at = tr(FACTORS[band.factor].label), tr.percent(swap.at)
    rises = swap is band.above
    if swap.leaves is not None and swap.enters is not None:
        text = RISES if rises else FALLS
        return tr(text, factor=factor, at=at, enters=name(swap.enters), leaves=name(swap.leaves))
    if swap.enters is not None:
        return tr(RISES_ENTERS if rises else FALLS_ENTERS, factor=factor, at=at, enters=name(swap.enters))
    who = name(swap.leaves) if swap.leaves is not None else ""
    return tr(RISES_LEAVES if rises else FALLS_LEAVES, factor=factor, at=at, leaves=who)


RISES = N_("When the weight of {factor} rises to {at}, {enters} replaces {leaves}.")
FALLS = N_("When the weight of {factor} falls to {at}, {enters} replaces {leaves}.")
RISES_ENTERS = N_("When the weight of {factor} rises to {at}, {enters} is known well enough to be ranked.")
FALLS_ENTERS = N_("When the weight of {factor} falls to {at}, {enters} is known well enough to be ranked.")
RISES_LEAVES = N_("When the weight of {factor} rises to {at}, too little is known of {leaves} to rank them.")
FALLS_LEAVES = N_("When the weight of {factor} falls to {at}, too little is known of {leaves} to rank them.")


def band_sentence(band: Band, name: NameOf, tr: Translator) -> str:
    """The nearest change of a band, or that no weight of this factor changes anything."""
    swaps = [swap for swap in (band.below, band.above) if swap is not None]
    if not swaps:
        return tr("No weight of {factor} changes it.", factor=tr(FACTORS[band.factor].label))
    return swap_sentence(band, min(swaps, key=lambda swap: abs(swap.at - band.weight)), name, tr)


def stability_sentence(bands: tuple[Band, ...], name: NameOf, tr: Translator) -> str:
    """The weight that is closest to a change: how far it may move, and what then happens."""
    if not any(band.below or band.above for band in bands):
        return tr("No change of a single weight changes this.")
    weakest = min(bands, key=lambda band: band.margin)
    return tr(
        "The nearest change is {points} percentage points away: {sentence}",
        points=tr.number(100 * weakest.margin, 1),
        sentence=band_sentence(weakest, name, tr),
    )


def place_change_mark(gained: int, new: int, tr: Translator) -> str:
    """'▲3', '▼2', '' when unchanged, or 'new' where the compared list did not show them."""
    if gained == new:
        return tr("new")
    return "" if gained == 0 else f"{'▲' if gained > 0 else '▼'}{abs(gained)}"


def unknown_factors(profile: Profile, row: int, weights: Floats, tr: Translator) -> list[str]:
    """What to find out about a candidate: for every unknown factor with weight, heaviest first."""
    lacking = [j for j in np.argsort(-weights, kind="stable") if weights[j] > 0 and not profile.known[j, row]]
    return [tr(FACTORS[j].missing) for j in lacking]
