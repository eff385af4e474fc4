"""Sentences about a ranked list: what a score is made of, how two candidates differ, what would change the order."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import numpy.typing as npt

from core.locale import N_, Translator
from core.matching.inputs.factors import FACTORS
from core.matching.ranking.scoring import Profile, Weights
from core.matching.ranking.shortlist import Shortlist
from core.matching.ranking.stability import Band, Swap

__all__ = [
    "band_sentence",
    "compare_sentence",
    "difference_sentence",
    "place_change_mark",
    "score_sentence",
    "stability_sentence",
    "swap_sentence",
    "unknown_factors",
]

Floats = npt.NDArray[np.floating]
NameOf = Callable[[int], str]
VISIBLE = 0.05  # points; smaller parts are left out


def score_sentence(shortlist: Shortlist, place: int, name: NameOf, tr: Translator) -> str:
    """'王* scores 71.4: most from Skills (28.6) and Travel (17.2); most is lost on Hours (−6.3).' for a listed place.

    Unknown factors, which count at their expected value, are named in a sentence of their own.
    """
    row = int(shortlist.rows[place])
    parts, weights = shortlist.parts[:, place], shortlist.weights
    known = shortlist.candidates.profile.known[:, row]
    counts = known & (weights > 0)
    best = [j for j in np.argsort(-parts, kind="stable") if counts[j] and parts[j] >= VISIBLE][:2]
    lost = np.where(counts, 100 * weights / weights.sum() - parts, 0)
    worst = int(np.argmax(lost))
    total = tr.number(float(parts.sum()), 1)
    gained = tr(" and ").join(_factor_points(int(j), tr.number(float(parts[j]), 1), tr) for j in best)
    if not best:
        text = tr("{name} scores {total}: no weighted factor adds points.", name=name(row), total=total)
    elif lost[worst] < VISIBLE:
        text = tr(
            "{name} scores {total}: most from {gained}; nothing is lost.", name=name(row), total=total, gained=gained
        )
    else:
        text = tr(
            "{name} scores {total}: most from {gained}; most is lost on {factor} ({points}).",
            name=name(row),
            total=total,
            gained=gained,
            factor=tr(FACTORS[worst].label),
            points=tr.signed(-float(lost[worst])),
        )
    unknown = np.flatnonzero(~known & (weights > 0))
    if not len(unknown):
        return text
    factors = tr(", ").join(_factor_points(int(j), tr.number(float(parts[j]), 1), tr) for j in unknown)
    return text + tr(" Unknown, counted at the expected value: {factors}.", factors=factors)


def _factor_points(j: int, points: str, tr: Translator) -> str:
    return tr("{factor} ({points})", factor=tr(FACTORS[j].label), points=points)


def compare_sentence(shortlist: Shortlist, place: int, other: int, name: NameOf, tr: Translator) -> str:
    """``difference_sentence`` of two listed places."""
    rows = shortlist.rows[[place, other]]
    unknown = ~shortlist.candidates.profile.known[:, rows].all(axis=1)
    return difference_sentence(
        name(int(rows[0])),
        name(int(rows[1])),
        shortlist.parts[:, place] - shortlist.parts[:, other],
        tr,
        unknown=frozenset(np.flatnonzero(unknown).tolist()),
    )


def difference_sentence(
    one: str, other: str, difference: Floats, tr: Translator, *, unknown: Collection[int] = ()
) -> str:
    """'甲 beats 乙 by 4.0 = +18.0 Skills −14.0 Travel': the difference of points (7,) by factor, largest first.

    ``unknown`` are factors that are unknown of either and count at their expected value: the term says so.
    """
    terms = " ".join(
        tr(
            UNKNOWN_TERM if j in unknown else KNOWN_TERM,
            points=tr.signed(float(difference[j])),
            factor=tr(FACTORS[j].label),
        )
        for j in np.argsort(-np.abs(difference), kind="stable")
        if abs(difference[j]) >= VISIBLE
    )
    total = float(difference.sum())
    if not terms:
        return tr("{one} and {other} are tied.", one=one, other=other)
    if abs(total) < VISIBLE:
        return tr("{one} and {other} are tied: {terms}", one=one, other=other, terms=terms)
    gap = tr.number(abs(total), 1)
    if total < 0:
        return tr("{one} trails {other} by {gap} = {terms}", one=one, other=other, gap=gap, terms=terms)
    return tr("{one} beats {other} by {gap} = {terms}", one=one, other=other, gap=gap, terms=terms)


KNOWN_TERM, UNKNOWN_TERM = N_("{points} {factor}"), N_("{points} {factor} (unknown)")


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
    """The weight that is closest to a change: how far it may move, and what then happens; a tie says so."""
    if not any(band.below or band.above for band in bands):
        return tr("No change of a single weight changes this.")
    closest = min(bands, key=lambda band: band.margin)
    if closest.margin == 0:
        return _tie_sentence(closest, name, tr)
    return tr(
        "The nearest change is {points} percentage points away: {sentence}",
        points=tr.number(100 * closest.margin, 1 if closest.margin >= 0.0005 else 3),
        sentence=band_sentence(closest, name, tr),
    )


def _tie_sentence(band: Band, name: NameOf, tr: Translator) -> str:
    """What the slightest move of a weight changes, where two rows tie now or one is exactly known well enough."""
    is_rise = band.above is not None and band.above.at == band.weight
    swap = band.above if is_rise else band.below
    assert swap is not None
    if swap.enters is None or swap.leaves is None:
        return swap_sentence(band, swap, name, tr)
    return tr(
        TIE_RISES if is_rise else TIE_FALLS,
        enters=name(swap.enters),
        leaves=name(swap.leaves),
        factor=tr(FACTORS[band.factor].label),
    )


TIE_RISES = N_("{enters} and {leaves} are tied: the slightest rise in the weight of {factor} puts {enters} ahead.")
TIE_FALLS = N_("{enters} and {leaves} are tied: the slightest fall in the weight of {factor} puts {enters} ahead.")


def place_change_mark(gained: int, new: int, tr: Translator) -> str:
    """'▲3', '▼2', '' when unchanged, or 'new' where the compared list did not show them."""
    if gained == new:
        return tr("new")
    return "" if gained == 0 else f"{'▲' if gained > 0 else '▼'}{abs(gained)}"


def unknown_factors(profile: Profile, row: int, weights: Weights, tr: Translator) -> list[str]:
    """What to find out about a candidate: for every unknown factor with weight, heaviest first."""
    missing = [j for j in np.argsort(-weights, kind="stable") if weights[j] > 0 and not profile.known[j, row]]
    return [tr(FACTORS[j].missing) for j in missing]
