"""Price of requirements: how many more people would be eligible for an opening if it asked for less. Exact, singles and pairs.

What is asked for is cut into single requirements: each essential skill, each certificate, and each other limit. A person
is eligible when no requirement stands in the way, so the people gained by dropping some are those for whom nothing else
does. Another shift is a requirement changed, not dropped: its hours are computed anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from core.matching.inputs.goalposts import CERTIFICATE
from core.matching.inputs.limits import LIMITS, PASS, check, hours, missing_essentials
from core.matching.inputs.matching_pool import PairMatrix
from core.terms import Shift

__all__ = ["Price", "Requirement", "requirement_prices"]

Bools = npt.NDArray[np.bool_]
SKILLS, CERTIFICATES, HOURS = "essential_skills", "certificate", "hours"
FIXED = ("refused", "seats", "commute", "home_work")  # not the employer's to change, or not a requirement


@dataclass(frozen=True, order=True)
class Requirement:
    """One thing that an opening asks for: the code of its limit, the skill (position in the vocabulary) where it is one,
    and the shift that would take the place of today's.
    """

    code: str
    skill: int | None = None
    shift: Shift | None = None


@dataclass(frozen=True)
class Price:
    """What dropping or changing these requirements together would gain: people who become eligible."""

    requirements: tuple[Requirement, ...]
    gained: int


@dataclass(frozen=True, eq=False)
class _Obstacles:
    """(n,) whether a requirement stands in each person's way, before and after it is dropped or changed."""

    before: Bools
    after: Bools


def requirement_prices(matrix: PairMatrix) -> tuple[int, list[Price]]:
    """People eligible today for the one opening of ``matrix`` (n, 1), and the price of every requirement and every pair.

    Only what gains somebody is listed, most people first; a pair only where it gains more than both of its parts
    together. ValueError unless there is exactly one opening.
    """
    if matrix.shape[1] != 1:
        raise ValueError("the price of requirements is computed for one opening")
    obstacles = _obstacles(matrix)
    # Alternatives for one limit (several shifts) share the obstacle of today.
    today = {requirement: obstacle.before for requirement, obstacle in obstacles.items()}
    counted = np.zeros(matrix.shape[0], dtype=np.int64)
    for before in {(requirement.code, requirement.skill): before for requirement, before in today.items()}.values():
        counted += before
    eligible = int((counted == 0).sum())

    def gained(*dropped: Requirement) -> int:
        in_the_way = np.sum([today[one] for one in dropped], axis=0)
        still = np.any([obstacles[one].after for one in dropped], axis=0)
        return int(((counted == in_the_way) & ~still).sum()) - eligible

    changeable = [one for one in obstacles if one.code not in FIXED]
    singles = {one: gained(one) for one in changeable}
    pairs = [
        Price((a, b), both)
        for a, b in combinations(sorted(changeable, key=_order), 2)
        if (a.code, a.skill) != (b.code, b.skill) and (both := gained(a, b)) > singles[a] + singles[b]
    ]
    prices = [Price((one,), more) for one, more in singles.items() if more > 0] + pairs
    return eligible, sorted(
        prices, key=lambda price: (-price.gained, len(price.requirements), *map(_order, price.requirements))
    )


def _order(requirement: Requirement) -> tuple[str, int, int]:
    shift = -1 if requirement.shift is None else requirement.shift.order
    return requirement.code, -1 if requirement.skill is None else requirement.skill, shift


def _obstacles(matrix: PairMatrix) -> dict[Requirement, _Obstacles]:
    states = check(matrix)[:, :, 0]
    nothing = np.zeros(matrix.shape[0], dtype=bool)
    obstacles = {}
    for limit, state in zip(LIMITS, states, strict=True):
        if limit.code not in (SKILLS, CERTIFICATES, HOURS):
            obstacles[Requirement(limit.code)] = _Obstacles(state != PASS, nothing)
    for k, short in missing_essentials(matrix):
        obstacles[Requirement(SKILLS, skill=k)] = _Obstacles(short[:, 0], nothing)
    for skill in np.flatnonzero(matrix.openings.certificate[0]).tolist():
        lacks = matrix.seekers.evidence[:, skill] < CERTIFICATE.order
        obstacles[Requirement(CERTIFICATES, skill=skill)] = _Obstacles(lacks, nothing)
    today = int(matrix.openings.shift[0])
    before = states[[limit.code for limit in LIMITS].index(HOURS)] != PASS
    for shift in Shift:
        if shift.order != today:
            openings = replace(matrix.openings, shift=np.array([shift.order], dtype=matrix.openings.shift.dtype))
            after = hours(replace(matrix, openings=openings))[:, 0] != PASS
            obstacles[Requirement(HOURS, shift=shift)] = _Obstacles(before, after)
    return obstacles
