"""What a what-if does to each community, so far as it may be told: a change for fewer than k people is hidden.

Who moves premises about and watches a community of which one seeker gains an opening learns where that person lives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.access.accessibility import Reach
from core.access.measures import Board, Rate, make_board
from core.access.snapshot import Atlas
from core.access.what_if import Outcome, Prospects, rank_premises
from core.geography.plane import Floats
from core.geography.privacy import hide
from core.locale import Translator

__all__ = ["Told", "board_after", "hidden_changes", "ranking", "reach_changes", "told"]

Mask = NDArray[np.bool_]
ROUNDING = 1e-12


@dataclass(frozen=True)
class Told:
    """A count of persons as far as it may be told; ``more``: there are some in communities with fewer than k."""

    n: int
    more: bool = False

    def text(self, tr: Translator) -> str:
        """'12', 'at least 10', 'a few'."""
        if not self.more:
            return tr.number(self.n)
        return tr("at least {n}", n=tr.number(self.n)) if self.n else tr("a few")


def board_after(atlas: Atlas, reach: Reach, rates: Mapping[str, Rate], before: Board, outcome: Outcome) -> Board:
    """The board after a what-if, with what must be hidden of ``before`` and of the change hidden."""
    made = make_board(atlas, reach, rates, before.k, value=outcome.value, cumulative=outcome.cumulative)
    masks = hidden_changes(atlas, reach, outcome, before.k)
    values = {
        code: hide(column.to_numpy(dtype=float), masks[code]) if code in masks else column
        for code, column in made.values.items()
    }
    return replace(made, values=pd.DataFrame(values))


def hidden_changes(atlas: Atlas, reach: Reach, outcome: Outcome, k: int) -> dict[str, Mask]:
    """Communities whose change of a measure concerns 1 … k−1 seekers. Totals leave them out as well: see ``told``."""
    old, new = reach.access.value, outcome.value
    need = np.abs(np.maximum(1 - new, 0) - np.maximum(1 - old, 0)) > ROUNDING
    moved = np.abs(new - old) > ROUNDING
    concerned = {"density": [moved], "covered": [*reach_changes(reach, outcome)], "unmet": [need]}
    return {
        code: np.logical_or.reduce([_small(_by_community(atlas, people), k) for people in kinds])
        for code, kinds in concerned.items()
    }


def reach_changes(reach: Reach, outcome: Outcome) -> tuple[Mask, Mask]:
    """Seekers who gain their first opening within reach, and those who lose their only one."""
    had, has = reach.cumulative >= 1, outcome.cumulative >= 1
    return ~had & has, had & ~has


def told(atlas: Atlas, people: Mask, k: int) -> Told:
    """How many of ``people`` (seekers,) may be told: those of communities with at least k of them."""
    counts = _by_community(atlas, people)
    return Told(int(counts[counts >= k].sum()), bool(_small(counts, k).any()))


def _by_community(atlas: Atlas, people: Mask) -> Floats:
    return atlas.sum_over_seekers(people.astype(float))


def _small(counts: Floats, k: int) -> Mask:
    found: Mask = (counts > 0) & (counts < k)
    return found


def ranking(atlas: Atlas, reach: Reach, prospects: Prospects, k: int) -> pd.DataFrame:
    """``rank_premises`` with a column ``told`` (Told): who would gain their first opening, as far as it may be told."""
    found = rank_premises(atlas, reach, prospects)
    column = {int(premises): at for at, premises in enumerate(atlas.idle["id"])}
    bare = reach.cumulative < 1
    reached = [bare & (prospects.near[:, column[int(n)]] > 0) for n in found["id"]]
    counts = [
        told(atlas, people, k) if n else Told(0) for people, n in zip(reached, found["newly_reached"], strict=True)
    ]
    return found.assign(told=pd.Series(counts, index=found.index, dtype=object))
