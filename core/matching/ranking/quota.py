"""A quota for the list shown: a service priority that is visible on the list, never part of a score.

with_quota(ranked, hardship, top_n=20, share=0.3)   # at least six of the twenty, if the group has as many
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
    """The first ``top_n`` under a quota; arrays hold candidates in the order of their scores."""

    rows: Positions  # who is listed
    brought_in: Positions  # listed through the quota alone
    displaced: Positions  # would be listed without it
    required: int  # members that the quota requires
    reached: int  # members listed

    @property
    def met(self) -> bool:
        """False where the group has too few ranked members."""
        return self.reached >= self.required


def with_quota(ranked: Positions, group: npt.NDArray[np.bool_], top_n: int, share: float) -> Quota:
    """The first ``top_n`` of ``ranked`` with at least ⌈share·top_n⌉ members of ``group``, changed as little as possible.

    ``ranked`` holds every ranked candidate, best first; ``group`` (n,) is True for members. The best members beyond the
    first ``top_n`` come in, each for the lowest non-member among them; a group with fewer ranked members contributes all
    it has. The order stays that of the scores. ValueError for a share outside 0..1 or a negative ``top_n``.
    """
    if not 0 <= share <= 1 or top_n < 0:
        raise ValueError("a quota needs a share from 0 to 1 and a length from 0 on")
    required = ceil(share * top_n - ROUNDING)
    member = group[ranked]
    first, rest = np.arange(len(ranked)) < top_n, np.arange(len(ranked)) >= top_n
    waiting, others = np.flatnonzero(member & rest), np.flatnonzero(~member & first)
    change = max(min(required - int((member & first).sum()), len(waiting), len(others)), 0)
    come, go = waiting[:change], others[len(others) - change :]
    shortlist = first.copy()
    shortlist[come], shortlist[go] = True, False
    return Quota(ranked[shortlist], ranked[come], ranked[go], required, int((member & shortlist).sum()))
