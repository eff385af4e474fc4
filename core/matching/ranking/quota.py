"""A quota for the list shown, chosen in the open: a service priority, never part of a score.

with_quota(ranked, hardship, k=20, share=0.3)   # at least six of the twenty, as far as the group reaches
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

__all__ = ["Quota", "with_quota"]

Positions = npt.NDArray[np.intp]
ROUNDING = 1e-9  # 0.1 × 30 is not 3 to the last bit


@dataclass(frozen=True, eq=False)
class Quota:
    """The first k under a quota; arrays hold candidates in the order of their scores."""

    rows: Positions  # who is listed
    brought_in: Positions  # listed through the quota alone
    displaced: Positions  # would be listed without it
    wanted: int  # members that the quota asks for
    reached: int  # members listed

    @property
    def met(self) -> bool:
        """False where the group has too few ranked members."""
        return self.reached >= self.wanted


def with_quota(ranked: Positions, group: npt.NDArray[np.bool_], k: int, share: float) -> Quota:
    """The first ``k`` of ``ranked`` with at least ⌈share·k⌉ members of ``group``, changed as little as possible.

    ``ranked`` holds every ranked candidate, best first; ``group`` (n,) says of every candidate whether they belong. The
    best members beyond the first k come in, each for the lowest non-member of the first k; a group with fewer ranked
    members gives what it has. The order stays that of the scores. ValueError for a share outside 0..1 or k < 0.
    """
    if not 0 <= share <= 1 or k < 0:
        raise ValueError("a quota needs a share from 0 to 1 and a length from 0 on")
    wanted = ceil(share * k - ROUNDING)
    member = group[ranked]
    first, rest = np.arange(len(ranked)) < k, np.arange(len(ranked)) >= k
    waiting, others = np.flatnonzero(member & rest), np.flatnonzero(~member & first)
    change = max(min(wanted - int((member & first).sum()), len(waiting), len(others)), 0)
    come, go = waiting[:change], others[len(others) - change :]
    listed = first.copy()
    listed[come], listed[go] = True, False
    return Quota(ranked[listed], ranked[come], ranked[go], wanted, int((member & listed).sum()))
