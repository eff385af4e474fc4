"""Pairs of people who may be one person: which facts agree, and how much that says.

A pair is scored as Fellegi and Sunter (1969, Journal of the American Statistical Association 64, 1183–1210) proposed. For
each fact, m is the probability that it agrees for two records of one person, u that it agrees for two different people.
A fact that agrees weighs log2(m/u) bits, one that differs log2((1−m)/(1−u)), one that is unknown on either side nothing;
the score is their sum. m are dated parameters, u are counted in the store: the share of all pairs that agree by chance,
and for a name the share of people who bear that very name, so that a rare name says more (Winkler 1989, Proceedings of
the Fifth Census Bureau Annual Research Conference, 145–155). With the expected share of people who are recorded twice as
prior odds, the score becomes a probability. The facts are taken as independent, which makes it a guide to what to look
at, not a proof: a person decides.

Of 100,000 people there are five thousand million pairs. Only those are compared that share a key which a pair above the
limit can hardly lack (blocking): a phone; the sound of the name with the month of birth, the last four of the ID number or
the community; the day of birth with the last four.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.locale import N_
from core.locale.romanized import sound
from core.people.identity import name_key
from core.terms import Term

__all__ = [
    "FACTS",
    "GROUP_LIMIT",
    "MARKS",
    "PARAMETERS",
    "Chances",
    "Likeness",
    "duplicate_pairs",
    "groups",
    "pair_scores",
]

Codes = NDArray[np.int64]
"""A code for each person, equal where the value is equal, −1 where it is unknown."""
GROUP_LIMIT = 100  # people who share a key: beyond it the key says nothing (a phone of an office), and is passed over


class Likeness(Term):
    """How a fact of two people compares; of two that agree there may be a weaker form."""

    SAME = "same", "一致", "agrees"
    CLOSE = "close", "相近", "close"
    DIFFERENT = "different", "不一致", "differs"
    UNKNOWN = "unknown", "不详", "unknown"


LIKENESSES = tuple(Likeness)
MARKS = {Likeness.SAME: "=", Likeness.CLOSE: "≈", Likeness.DIFFERENT: "≠", Likeness.UNKNOWN: "?"}

FACTS: Mapping[str, tuple[str, str]] = {
    "name": (N_("Name of the person"), N_("close: sounds alike, written differently")),
    "phone": (N_("Phone"), N_("one of two numbers is enough")),
    "last4": (N_("Last four of the ID number"), N_("two different full ID numbers differ")),
    "birth": (N_("Date of birth"), N_("close: the same month, of which one record has no day")),
    "place": (N_("Grid and community"), N_("close: the same community, another grid or none known")),
}
"""Fact → its name, and what counts as what."""
PARAMETERS = {
    ("name", Likeness.SAME): "duplicate_m_name",
    ("name", Likeness.CLOSE): "duplicate_m_sound",
    ("phone", Likeness.SAME): "duplicate_m_phone",
    ("last4", Likeness.SAME): "duplicate_m_last4",
    ("birth", Likeness.SAME): "duplicate_m_birth",
    ("birth", Likeness.CLOSE): "duplicate_m_month",
    ("place", Likeness.SAME): "duplicate_m_grid",
    ("place", Likeness.CLOSE): "duplicate_m_community",
}
"""Which dated parameter holds m of a fact at a likeness."""


@dataclass(frozen=True)
class Chances:
    """``m``: (fact, likeness) → probability for one person; ``share``: of people recorded twice; ``limit``: probability
    from which on a pair is shown."""

    m: Mapping[tuple[str, Likeness], float]
    share: float
    limit: float

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> Chances:
        """From the parameters in force on a day."""
        m = {key: parameters[name] for key, name in PARAMETERS.items()}
        return cls(m, parameters["duplicate_share"], parameters["duplicate_limit"])


def duplicate_pairs(people: pd.DataFrame, chances: Chances, apart: Sequence[tuple[int, int]] = ()) -> pd.DataFrame:
    """Pairs at or above the limit, likeliest first: person_id, other_id (the higher number), probability, score (bits), and
    for each fact its likeness (code) and, as ``<fact>_bits``, its weight.

    ``people``: id, name, phone, phone_2, id_hash, id_last4, birth_date, community_id, grid_id; one row a person. ``apart``:
    pairs that were decided to be two people.
    """
    people = people.sort_values("id", ignore_index=True)
    facts = _Facts.of(people)
    pairs = _candidates(facts)
    table = _scored(facts, pairs, chances)
    ids = people["id"].to_numpy()
    table.insert(0, "person_id", ids[pairs[:, 0]])
    table.insert(1, "other_id", ids[pairs[:, 1]])
    table = table[table["probability"] >= chances.limit]
    decided = {tuple(sorted(pair)) for pair in apart}
    is_open = np.array(
        [pair not in decided for pair in zip(table["person_id"], table["other_id"], strict=True)], dtype=bool
    )
    return table[is_open].sort_values(
        ["score", "person_id", "other_id"], ascending=[False, True, True], ignore_index=True
    )


def pair_scores(people: pd.DataFrame, chances: Chances, ids: Sequence[int]) -> pd.DataFrame:
    """Every pair of ``ids`` as in ``duplicate_pairs``, however little they share; ``people``: everyone, as there."""
    people = people.sort_values("id", ignore_index=True)
    places = np.flatnonzero(people["id"].isin(ids).to_numpy())
    first, second = np.triu_indices(len(places), 1)
    pairs = np.stack([places[first], places[second]], axis=1)
    table = _scored(_Facts.of(people), pairs, chances)
    numbers = people["id"].to_numpy()
    return table.assign(person_id=numbers[pairs[:, 0]], other_id=numbers[pairs[:, 1]])


def groups(pairs: pd.DataFrame) -> list[list[int]]:
    """People who hang together by pairs, each group in order of number, likeliest pair first."""
    group_of: dict[int, list[int]] = {}
    for first, second in zip(pairs["person_id"].tolist(), pairs["other_id"].tolist(), strict=True):
        one, two = group_of.setdefault(first, [first]), group_of.setdefault(second, [second])
        if one is not two:
            one += two
            for person in two:
                group_of[person] = one
    distinct = {id(group): group for group in group_of.values()}
    return [sorted(group) for group in distinct.values()]


@dataclass(frozen=True)
class _Facts:
    """What is compared, as codes; each array has an entry a person."""

    name: Codes
    sound: Codes
    phones: tuple[Codes, Codes]
    number: Codes  # the full ID number
    last4: Codes
    day: Codes  # of birth
    month: Codes
    has_day: NDArray[np.bool_]
    community: Codes
    grid: Codes

    @classmethod
    def of(cls, people: pd.DataFrame) -> _Facts:
        names = people["name"].map({name: name_key(name) for name in people["name"].unique()})
        sounds = names.map({name: sound(name) for name in names.unique()})
        both = _codes(pd.concat([people["phone"], people["phone_2"]], ignore_index=True))
        born = people["birth_date"]
        return cls(
            name=_codes(names),
            sound=_codes(sounds),
            phones=(both[: len(people)], both[len(people) :]),
            number=_codes(people["id_hash"]),
            last4=_codes(people["id_last4"]),
            day=_codes(born),
            month=_codes(born.dt.year * 12 + born.dt.month),
            has_day=(born.dt.day > 1).to_numpy(),
            community=_codes(people["community_id"]),
            grid=_codes(people["grid_id"]),
        )

    def __len__(self) -> int:
        return len(self.name)


def _codes(values: pd.Series) -> Codes:
    return np.asarray(pd.factorize(values.mask(values == "") if values.dtype == object else values)[0], dtype=np.int64)


def _candidates(facts: _Facts) -> NDArray[np.int64]:
    """(n, 2) positions of the pairs that share a key, the lower position first, each once."""
    n = len(facts)
    first, second = facts.phones
    people = np.concatenate([np.arange(n), np.arange(n)])
    blocks = [
        _pairs(np.concatenate([first, second]), people),
        *(_pairs(_joint(facts.sound, other)) for other in (facts.month, facts.last4, facts.community)),
        _pairs(_joint(facts.day, facts.last4)),
    ]
    pairs = np.concatenate(blocks)
    pairs = np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1)
    unique = np.unique(pairs[:, 0] * max(n, 1) + pairs[:, 1])
    return np.stack([unique // max(n, 1), unique % max(n, 1)], axis=1)


def _joint(one: Codes, two: Codes) -> Codes:
    joint = one * (two.max(initial=0) + 1) + two
    return np.where((one < 0) | (two < 0), -1, joint)


def _pairs(keys: Codes, people: Codes | None = None) -> NDArray[np.int64]:
    """(n, 2) pairs of ``people`` (by default positions) whose key is the same; keys of too many are passed over."""
    known = np.flatnonzero(keys >= 0)
    order = known[np.argsort(keys[known], kind="stable")]
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.empty(0, dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(ordered)])
    is_usable = np.repeat((sizes > 1) & (sizes <= GROUP_LIMIT), sizes)
    order, ordered = order[is_usable], ordered[is_usable]
    parts = [np.empty((0, 2), dtype=np.int64)]
    for distance in range(1, int(sizes[(sizes <= GROUP_LIMIT)].max(initial=1))):
        is_same = ordered[distance:] == ordered[:-distance]
        parts.append(np.stack([order[:-distance][is_same], order[distance:][is_same]], axis=1))
    pairs = np.concatenate(parts)
    return pairs if people is None else people[pairs]


def _scored(facts: _Facts, pairs: NDArray[np.int64], chances: Chances) -> pd.DataFrame:
    one, two = pairs[:, 0], pairs[:, 1]
    likeness = {
        "name": np.select([_agree(facts.name, one, two), _agree(facts.sound, one, two)], [0, 1], 2),
        "phone": _phone_likeness(facts, one, two),
        "last4": _number_likeness(facts, one, two),
        "birth": _birth_likeness(facts, one, two),
        "place": _place_likeness(facts, one, two),
    }
    u = _chance_agreement(facts)
    columns: dict[str, Any] = {}
    score = np.zeros(len(pairs))
    for fact, codes in likeness.items():
        chance: list[float | NDArray[np.float64]] = [u[fact, Likeness.SAME], u.get((fact, Likeness.CLOSE), 0.0)]
        if fact == "name":
            chance[0] = np.bincount(facts.name)[facts.name[one]] / len(facts)
        bits = _bits(codes, chance, [chances.m.get((fact, level), 0.0) for level in (Likeness.SAME, Likeness.CLOSE)])
        columns |= {fact: np.array([level.value for level in LIKENESSES])[codes], f"{fact}_bits": bits}
        score = score + bits
    odds = chances.share / max(len(facts) - 1, 1)  # share·n/2 pairs of one person among n·(n−1)/2
    probability = 1 / (1 + np.exp2(-(score + np.log2(odds))))
    return pd.DataFrame({"probability": probability, "score": score, **columns})


def _bits(codes: Codes, u: Sequence[Any], m: Sequence[float]) -> NDArray[np.float64]:
    """Weight of each pair: log2 of how much likelier its likeness is for one person than for two."""
    for_one = np.array([m[0], m[1], max(1 - m[0] - m[1], 1e-6), 1.0])[codes]
    other = np.maximum(1 - u[0] - u[1], 1e-6)
    for_two = np.select([codes == 0, codes == 1, codes == 2], [u[0], u[1], other], 1.0)
    return np.asarray(np.log2(np.maximum(for_one, 1e-6) / np.maximum(for_two, 1e-9)))


def _chance_agreement(facts: _Facts) -> dict[tuple[str, Likeness], float]:
    """u: the share of all pairs of people with both values known that agree, most of them by chance."""
    same_sound, same_name = _share(facts.sound), _share(facts.name)
    same_month, same_day = _share(facts.month), _share(facts.day)
    both_phones = np.concatenate(facts.phones)
    return {
        ("name", Likeness.SAME): same_name,
        ("name", Likeness.CLOSE): max(same_sound - same_name, 1 / max(len(facts), 1) ** 2),
        ("phone", Likeness.SAME): _share(both_phones),
        ("last4", Likeness.SAME): _share(facts.last4),
        ("birth", Likeness.SAME): same_day,
        ("birth", Likeness.CLOSE): same_month,
        ("place", Likeness.SAME): _share(_joint(facts.community, facts.grid)),
        ("place", Likeness.CLOSE): _share(facts.community),
    }


def _share(codes: Codes) -> float:
    """Σ n·(n−1) ÷ N·(N−1) over the values, with one pair more on both sides so that nothing is impossible."""
    counts = np.bincount(codes[codes >= 0]).astype(float) if (codes >= 0).any() else np.zeros(1)
    total = counts.sum()
    return float((np.sum(counts * (counts - 1)) / 2 + 1) / (total * (total - 1) / 2 + 1))


def _agree(codes: Codes, one: Codes, two: Codes) -> NDArray[np.bool_]:
    return np.asarray((codes[one] == codes[two]) & (codes[one] >= 0))


def _phone_likeness(facts: _Facts, one: Codes, two: Codes) -> Codes:
    first, second = facts.phones
    crossed = [(a[one] == b[two]) & (a[one] >= 0) for a in (first, second) for b in (first, second)]
    is_known = (np.maximum(first, second)[one] >= 0) & (np.maximum(first, second)[two] >= 0)
    return np.select([np.logical_or.reduce(crossed), is_known], [0, 2], 3)


def _number_likeness(facts: _Facts, one: Codes, two: Codes) -> Codes:
    are_two_numbers = (facts.number[one] >= 0) & (facts.number[two] >= 0) & (facts.number[one] != facts.number[two])
    is_known = (facts.last4[one] >= 0) & (facts.last4[two] >= 0)
    return np.select([are_two_numbers, _agree(facts.last4, one, two), is_known], [2, 0, 2], 3)


def _birth_likeness(facts: _Facts, one: Codes, two: Codes) -> Codes:
    lacks_a_day = ~(facts.has_day[one] & facts.has_day[two])
    is_known = (facts.day[one] >= 0) & (facts.day[two] >= 0)
    same_day = _agree(facts.day, one, two) & facts.has_day[one]
    return np.select([same_day, _agree(facts.month, one, two) & lacks_a_day, is_known], [0, 1, 2], 3)


def _place_likeness(facts: _Facts, one: Codes, two: Codes) -> Codes:
    is_known = (facts.community[one] >= 0) & (facts.community[two] >= 0)
    same_community = _agree(facts.community, one, two)
    return np.select([same_community & _agree(facts.grid, one, two), same_community, is_known], [0, 1, 2], 3)
