"""Fairness audit: do some groups reach the list, a placement, or pass a limit much less often than others?

Rate = selected ÷ eligible; ratio to the highest rate; below four fifths it is flagged (29 CFR 1607.4 D; 0.80 itself is
not). A flag says "look", not "guilty": n, Fisher's exact p and whether one person would flip it stand beside it. Groups
too small to compare, or to publish, are suppressed. Attributes are read here and nowhere in a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import fisher_exact

from core.locale import N_, Translator
from core.matching.inputs.limits import FAIL, LIMITS, PASS
from core.matching.ranking.presets import Preset
from core.matching.ranking.scoring import normalise
from core.matching.ranking.shortlist import Bucket, Candidates, Shortlist, build_shortlist
from core.terms import ReferralState, Registration, Sex

__all__ = [
    "ATTRIBUTES",
    "AUDITS",
    "PresetAudit",
    "Rate",
    "attributes",
    "audit",
    "audit_population",
    "flagged_limits",
    "label",
    "presets_audit",
    "sentence",
]

Bools = npt.NDArray[np.bool_]
LEAST_SHARE = 0.02  # of the eligible; smaller groups are not compared
LEAST_COUNT = 5
AGE_BANDS = ((0, 30), (30, 40), (40, 50), (50, 60), (60, 200))
UNKNOWN = "unknown"

ATTRIBUTES: dict[str, str] = {
    "sex": N_("Sex"),
    "age": N_("Age band"),
    "registration": N_("Kind of household registration"),
    "disability": N_("Disability"),
    "community": N_("Home community"),
}
AUDITS: dict[str, str] = {
    "listed": N_("being on the list shown"),
    "referred": N_("being recommended so far"),
    "placed": N_("being placed through a recommendation"),
    "limits": N_("passing every hard limit"),
}


@dataclass(frozen=True)
class Rate:
    """One group: how many of its eligible were selected, against the group with the highest rate.

    Suppressed groups carry no numbers. ``reference`` marks the highest rate; its ratio is 1 and it has no p.
    """

    group: str
    eligible: int | None
    selected: int | None
    rate: float | None
    ratio: float | None
    flagged: bool
    p: float | None
    flips: bool  # one selection moved between this group and the reference would change the flag
    reference: bool
    suppressed: bool


@dataclass(frozen=True)
class PresetAudit:
    """The list that a preset would show: (attribute, rate) of every group it flags."""

    preset: Preset
    ranked: int
    shortlist: int
    flagged: tuple[tuple[str, Rate], ...]


def attributes(people: pd.DataFrame, today: date) -> pd.DataFrame:
    """``ATTRIBUTES`` of people (``people.rows.people``) by their id; 'unknown' where the store does not say."""
    years = (pd.Timestamp(today) - people["birth_date"]).dt.days / 365.2425
    bands = np.full(len(people), UNKNOWN, dtype=object)
    for low, high in AGE_BANDS:
        bands[((years >= low) & (years < high)).to_numpy(dtype=bool, na_value=False)] = f"{low}-{high}"
    disability = people["disability"].map(lambda text: "no" if pd.isna(text) or not str(text).strip() else "yes")
    return pd.DataFrame(
        {
            "sex": people["sex"].fillna(UNKNOWN).to_numpy(),
            "age": bands,
            "registration": people["registration"].fillna(UNKNOWN).to_numpy(),
            "disability": disability.to_numpy(),
            "community": people["community"].fillna(UNKNOWN).to_numpy(),
        },
        index=pd.Index(people["id"].to_numpy(dtype=np.int64), name="person_id"),
    )


def audit(groups: Iterable[Any], selected: Bools, ratio: float = 0.8) -> list[Rate]:
    """Rates of the groups of some eligible people, each with its group and whether it was selected; largest first."""
    table = pd.DataFrame({"group": np.asarray(list(groups), dtype=object), "selected": selected})
    sizes = table.groupby("group", sort=True)["selected"].agg(["size", "sum"])
    sizes = sizes.sort_values("size", ascending=False, kind="stable")
    counts = {str(name): (int(n), int(s)) for name, n, s in sizes.itertuples()}
    hidden = _hidden({name: n for name, (n, _) in counts.items()})
    shown = {name: pair for name, pair in counts.items() if name not in hidden}
    if not shown:
        return [_suppressed(name) for name in counts]
    best = max(shown, key=lambda name: (Fraction(shown[name][1], shown[name][0]), shown[name][0]))
    bound = Fraction(ratio).limit_denominator(1000)
    return [
        _suppressed(name) if name in hidden else _rate(name, counts[name], counts[best], name == best, bound)
        for name in counts
    ]


def _hidden(sizes: dict[str, int]) -> set[str]:
    """Groups too small to compare or to publish; a single one takes the next smallest with it, else the total gives it away."""
    total = sum(sizes.values())
    hidden = {name for name, n in sizes.items() if n < LEAST_COUNT or n < LEAST_SHARE * total}
    rest = [name for name in sizes if name not in hidden]
    if len(hidden) == 1 and len(rest) > 1:
        hidden.add(min(rest, key=lambda name: sizes[name]))
    return hidden


def _suppressed(name: str) -> Rate:
    return Rate(
        group=name,
        eligible=None,
        selected=None,
        rate=None,
        ratio=None,
        flagged=False,
        p=None,
        flips=False,
        reference=False,
        suppressed=True,
    )


def _rate(name: str, own: tuple[int, int], best: tuple[int, int], reference: bool, bound: Fraction) -> Rate:
    (n, s), (m, t) = own, best
    flagged = _below(s, n, t, m, bound)
    # Move one selection between the two, the way that could change the verdict.
    moved = (s + 1, t - 1) if flagged else (s - 1, t + 1)
    possible = not reference and 0 <= moved[0] <= n and 0 <= moved[1] <= m
    return Rate(
        group=name,
        eligible=n,
        selected=s,
        rate=s / n,
        ratio=None if t == 0 else float(Fraction(s, n) / Fraction(t, m)),
        flagged=flagged,
        p=None if reference else float(fisher_exact([[s, n - s], [t, m - t]]).pvalue),
        flips=possible and _below(moved[0], n, moved[1], m, bound) != flagged,
        reference=reference,
        suppressed=False,
    )


def _below(s: int, n: int, t: int, m: int, bound: Fraction) -> bool:
    """Whether s/n is below ``bound`` of t/m, in whole numbers: 0.80 itself is not."""
    return t > 0 and Fraction(s, n) < bound * Fraction(t, m)


def audit_population(
    kind: str, shortlist: Shortlist, referrals: pd.DataFrame
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """(person ids, selected) of one of ``AUDITS``; ``shortlist`` is a list of people.

    'listed': of those ranked, who is on the list. 'referred': of everyone in the pool, who was ever recommended.
    'placed': of everyone ever recommended (``referrals``: person_id, state), who started. 'limits': of those who pass
    the filter, who passes every hard limit. KeyError for another kind.
    """
    candidates = shortlist.candidates
    if kind == "listed":
        ranked = shortlist.buckets.members(Bucket.RANKED)
        return candidates.ids[ranked].astype(np.int64), np.isin(ranked, shortlist.rows)
    if kind == "limits":
        passing_filter = np.flatnonzero(shortlist.mask)
        return candidates.ids[passing_filter].astype(np.int64), np.equal(candidates.verdict[passing_filter], PASS)
    if kind == "referred":
        ids = candidates.pool.seekers.ids.astype(np.int64)
        return ids, np.isin(ids, referrals["person_id"].to_numpy(dtype=np.int64))
    if kind == "placed":
        started = (referrals["state"] == ReferralState.STARTED).groupby(referrals["person_id"]).any()
        return started.index.to_numpy(dtype=np.int64), started.to_numpy(dtype=bool)
    raise KeyError(kind)


def presets_audit(
    candidates: Candidates,
    presets: Sequence[Preset],
    table: pd.DataFrame,
    top_n: int,
    *,
    mask: Bools | None = None,
    priority_mask: Bools | None = None,
    ratio: float = 0.8,
) -> list[PresetAudit]:
    """The audit of the first ``top_n`` under every preset, in their order.

    ``table`` holds the ``attributes`` by person id, at least of everyone in ``candidates``; ``mask`` and ``priority_mask``
    as in ``build_shortlist``.
    """
    audits = []
    for preset in presets:
        shortlist = build_shortlist(
            candidates, normalise(preset.weights), top_n, mask=mask, priority_mask=priority_mask
        )
        ranked = shortlist.buckets.members(Bucket.RANKED)
        of_ranked, listed = table.reindex(candidates.ids[ranked]), np.isin(ranked, shortlist.rows)
        flagged = tuple(
            (name, rate) for name in ATTRIBUTES for rate in audit(of_ranked[name], listed, ratio) if rate.flagged
        )
        audits.append(PresetAudit(preset, len(ranked), len(shortlist.rows), flagged))
    return audits


def flagged_limits(
    table: pd.DataFrame, states: npt.NDArray[np.int8], ratio: float = 0.8
) -> list[tuple[str, str, Rate]]:
    """(limit code, attribute, rate) wherever a group passes a limit at less than ``ratio`` of the best rate.

    ``table`` holds the attributes of the people of ``states`` (limits, n), in order.
    """
    flagged = []
    for limit, state in zip(LIMITS, states, strict=True):
        passed = state != FAIL
        if passed.all() or not passed.any():
            continue
        for name in ATTRIBUTES:
            flagged += [(limit.code, name, rate) for rate in audit(table[name], passed, ratio) if rate.flagged]
    return flagged


def label(attribute: str, group: str, tr: Translator) -> str:
    """A group as people read it: 'female', 'aged 40–49', the name of a community."""
    if group == UNKNOWN:
        return tr("not recorded")
    if attribute == "sex":
        return tr.term(Sex(group))  # type: ignore[call-arg]
    if attribute == "registration":
        return tr.term(Registration(group))  # type: ignore[call-arg]
    if attribute == "disability":
        return tr("with a disability") if group == "yes" else tr("without a disability")
    if attribute == "age":
        low, high = (int(part) for part in group.split("-"))
        if not low:
            return tr("under {n}", n=high)
        return tr("{n} and over", n=low) if high >= 200 else tr("{low}–{high} years", low=low, high=high - 1)
    return group


def sentence(rates: list[Rate], attribute: str, what: str, tr: Translator) -> str:
    """What the audit of one attribute found, in one sentence."""
    shown = [rate for rate in rates if not rate.suppressed]
    flagged = [rate for rate in shown if rate.flagged]
    name = tr(ATTRIBUTES[attribute])
    if len(shown) < 2:
        return tr("{attribute}: too few people to compare.", attribute=name)
    if not flagged:
        return tr("{attribute}: no group is below four fifths for {what}.", attribute=name, what=what)
    worst = min(flagged, key=lambda rate: (rate.p or 0, rate.ratio or 0))
    text = FRAGILE if worst.flips else (CHANCE if (worst.p or 0) >= 0.05 else CLEAR)
    return tr(
        text,
        attribute=name,
        group=label(attribute, worst.group, tr),
        ratio=tr.percent(worst.ratio or 0, 0),
        what=what,
        p=tr.number(worst.p or 0, 3),
    )


FRAGILE = N_(
    "{attribute}: {group} reach {ratio} of the best rate for {what}; one person would change the flag (p = {p})."
)
CHANCE = N_("{attribute}: {group} reach {ratio} of the best rate for {what}; it may well be chance (p = {p}).")
CLEAR = N_("{attribute}: look into it: {group} reach {ratio} of the best rate for {what} (p = {p}).")
