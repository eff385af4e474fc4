"""Fairness audit: do some groups reach the list, a placement, or pass a limit much less often than others?

Rate = selected ÷ eligible; ratio to the highest rate; below four fifths (29 CFR 1607.4 D; 0.80 itself is not) the
difference is tested with Fisher's exact test. Three verdicts: even; look (below four fifths and p < 0.05); too few to judge
(below four fifths, but it may be chance), with how many more selections at these rates would decide. "Look" does not mean
"guilty". Groups too small to compare, or to publish, are suppressed. Attributes are read here and nowhere in a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import fisher_exact

from core.locale import N_, Translator
from core.matching.inputs.limits import FAIL, LIMITS, PASS
from core.matching.ranking.presets import Preset
from core.matching.ranking.scoring import as_weights
from core.matching.ranking.shortlist import Bucket, Candidates, Shortlist, build_shortlist
from core.terms import ReferralState, Registration, Sex

__all__ = [
    "ATTRIBUTES",
    "AUDITS",
    "PresetAudit",
    "Rate",
    "Verdict",
    "attributes",
    "audit",
    "audit_population",
    "flagged_limits",
    "label",
    "presets_audit",
    "selections_to_decide",
    "sentence",
]

Bools = npt.NDArray[np.bool_]
LEAST_SHARE = 0.02  # of the eligible; smaller groups are not compared
LEAST_COUNT = 5
SIGNIFICANT = 0.05
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


class Verdict(Enum):
    """What an audit concludes for a group against the one with the highest rate."""

    EVEN = "even"
    LOOK = "look"
    TOO_FEW = "too_few"


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
    below: bool  # ratio below four fifths
    p: float | None
    flips: bool  # one selection moved between this group and the reference would change ``below``
    reference: bool
    suppressed: bool

    @property
    def verdict(self) -> Verdict:
        """Below four fifths alone is no warning: with few selections it is chance most of the time."""
        if not self.below:
            return Verdict.EVEN
        return Verdict.LOOK if self.p is not None and self.p < SIGNIFICANT else Verdict.TOO_FEW


@dataclass(frozen=True)
class PresetAudit:
    """The list that a preset would show: (attribute, rate) of every group whose verdict is "look"."""

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
        below=False,
        p=None,
        flips=False,
        reference=False,
        suppressed=True,
    )


def _rate(name: str, own: tuple[int, int], best: tuple[int, int], reference: bool, bound: Fraction) -> Rate:
    (n, s), (m, t) = own, best
    below = _below(s, n, t, m, bound)
    # Move one selection between the two, the way that could change the verdict.
    moved = (s + 1, t - 1) if below else (s - 1, t + 1)
    possible = not reference and 0 <= moved[0] <= n and 0 <= moved[1] <= m
    return Rate(
        group=name,
        eligible=n,
        selected=s,
        rate=s / n,
        ratio=None if t == 0 else float(Fraction(s, n) / Fraction(t, m)),
        below=below,
        p=None if reference else float(fisher_exact([[s, n - s], [t, m - t]]).pvalue),
        flips=possible and _below(moved[0], n, moved[1], m, bound) != below,
        reference=reference,
        suppressed=False,
    )


def _below(s: int, n: int, t: int, m: int, bound: Fraction) -> bool:
    """Whether s/n is below ``bound`` of t/m, in whole numbers: 0.80 itself is not."""
    return t > 0 and Fraction(s, n) < bound * Fraction(t, m)


def selections_to_decide(rate: Rate, best: Rate, ratio: float = 0.8) -> int | None:
    """How many more selections of the two groups, at their present rates, would make "too few" a "look".

    The eligible stay as they are; None where they do not suffice.
    """
    if rate.selected is None or rate.eligible is None or best.selected is None or best.eligible is None:
        return None
    total = rate.selected + best.selected
    bound = Fraction(ratio).limit_denominator(1000)

    def decides(more: int) -> bool:
        s = round(Fraction(rate.selected or 0, total) * (total + more))
        t = total + more - s
        n, m = rate.eligible or 0, best.eligible or 0
        table = [[s, n - s], [t, m - t]]
        return _below(s, n, t, m, bound) and float(fisher_exact(table).pvalue) < SIGNIFICANT

    low, high, most = 0, 1, _most_selections(rate, best) - total
    while high <= most and not decides(high):
        low, high = high, 2 * high
    if high > most:
        if most <= low or not decides(most):
            return None
        high = most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if decides(middle) else (middle, high)
    return high


def _most_selections(rate: Rate, best: Rate) -> int:
    """Selections of the two groups at their present rates until one of them has nobody left."""
    shares = [(r.eligible or 0, Fraction(r.selected or 0)) for r in (rate, best)]
    total = sum(selected for _, selected in shares)
    return min(int(eligible * total / selected) for eligible, selected in shares if selected)


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
            candidates, as_weights(preset.weights), top_n, mask=mask, priority_mask=priority_mask
        )
        ranked = shortlist.buckets.members(Bucket.RANKED)
        of_ranked, listed = table.reindex(candidates.ids[ranked]), np.isin(ranked, shortlist.rows)
        flagged = tuple(
            (name, rate)
            for name in ATTRIBUTES
            for rate in audit(of_ranked[name], listed, ratio)
            if rate.verdict is Verdict.LOOK
        )
        audits.append(PresetAudit(preset, len(ranked), len(shortlist.rows), flagged))
    return audits


def flagged_limits(
    table: pd.DataFrame, states: npt.NDArray[np.int8], ratio: float = 0.8
) -> list[tuple[str, str, Rate]]:
    """(limit code, attribute, rate) wherever the verdict on a group passing a limit is "look".

    ``table`` holds the attributes of the people of ``states`` (limits, n), in order.
    """
    flagged = []
    for limit, state in zip(LIMITS, states, strict=True):
        passed = state != FAIL
        if passed.all() or not passed.any():
            continue
        for name in ATTRIBUTES:
            flagged += [
                (limit.code, name, rate) for rate in audit(table[name], passed, ratio) if rate.verdict is Verdict.LOOK
            ]
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
    return tr.name(group)


def sentence(rates: list[Rate], attribute: str, what: str, tr: Translator, ratio: float = 0.8) -> str:
    """What the audit of one attribute concludes, in one sentence."""
    shown = [rate for rate in rates if not rate.suppressed]
    name = tr(ATTRIBUTES[attribute])
    if len(shown) < 2:
        return tr("{attribute}: too few people to compare.", attribute=name)
    below = [rate for rate in shown if rate.below]
    if not below:
        return tr("{attribute}: no group is below four fifths for {what}.", attribute=name, what=what)
    look = [rate for rate in below if rate.verdict is Verdict.LOOK]
    worst = min(look or below, key=lambda rate: (rate.p or 0, rate.ratio or 0))
    more = None if look else selections_to_decide(worst, next(r for r in shown if r.reference), ratio)
    values = {
        "attribute": name,
        "group": label(attribute, worst.group, tr),
        "ratio": tr.percent(worst.ratio or 0, 0),
        "what": what,
        "p": tr.number(worst.p or 0, 3),
    }
    if look:
        return tr(LOOK, **values)
    if more is None:
        return tr(UNDECIDED, **values)
    return tr.plural(
        "{attribute}: too few to judge: {group} reach {ratio} of the best rate for {what}, which may be chance (p = {p}); {n} more selection at these rates would decide.",
        "{attribute}: too few to judge: {group} reach {ratio} of the best rate for {what}, which may be chance (p = {p}); {n} more selections at these rates would decide.",
        more,
        **values,
    )


LOOK = N_("{attribute}: look into it: {group} reach {ratio} of the best rate for {what} (p = {p}).")
UNDECIDED = N_(
    "{attribute}: too few to judge: {group} reach {ratio} of the best rate for {what}, which may be chance (p = {p}); the groups are too small to decide it."
)
