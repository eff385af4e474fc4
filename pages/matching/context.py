"""What the pieces of the matching page share in one run: the bar, the weights, the list that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from core.locale import Translator
from core.matching import tables
from core.matching.inputs.matching_pool import MatchingPool
from core.matching.ranking.scoring import as_weights
from core.matching.ranking.shortlist import Candidates, Kind, Shortlist, build_shortlist
from core.people.masking import mask_name
from pages import cache
from pages.common import scope
from pages.common.session_keys import Key
from pages.common.view import View
from pages.matching.selection import Selection

__all__ = ["RankingContext", "build_context", "candidate_name", "read_candidates"]


@dataclass(frozen=True, eq=False)
class RankingContext:
    """View, bar, sliders and ranked list of one run; pool, candidates, weights and filter are those of the list."""

    view: View
    selection: Selection
    sliders: dict[str, int]
    shortlist: Shortlist

    @property
    def candidates(self) -> Candidates:
        return self.shortlist.candidates

    @property
    def pool(self) -> MatchingPool:
        return self.candidates.pool

    @cached_property
    def own_people(self) -> np.ndarray:
        """(n,) which people of the pool the one who looks works with; only these are listed by name."""
        return scope.mask(self.view, self.pool.seekers.ids)

    @property
    def priority_mask(self) -> np.ndarray | None:
        """(n,) who comes first at equal points, where that was chosen."""
        return self.pool.people["hardship"].to_numpy(dtype=bool) if self.selection.hardship_first else None

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The listed candidates as ``tables.shortlist_rows``: for the bars and the download."""
        return tables.shortlist_rows(self.shortlist, self.name, self.view.tr)

    @property
    def row_key(self) -> str:
        """Session key of the id of the candidate in detail."""
        return Key.MATCH_ROW.of(self.selection.kind.value, self.selection.subject_id)

    def person_name(self, person: int) -> str:
        """Masked name of the person at a position of the pool."""
        return mask_name(self.pool.names[person])

    def job_name(self, job: int) -> str:
        """Title of the job at a position of the pool."""
        return self.pool.titles[job]

    def name(self, row: int) -> str:
        """A candidate: masked name, or title and employer."""
        return candidate_name(self.candidates, row, self.view.tr)

    def label(self, row: int) -> str:
        """A candidate with its id, which tells two of the same masked name apart."""
        return self.view.tr("{name} (no. {id})", name=self.name(row), id=int(self.candidates.ids[row]))

    def subject_name(self) -> str:
        """The job or person that the list is for."""
        subject = self.candidates.subject
        return self.job_name(subject) if self.selection.kind is Kind.PEOPLE else self.person_name(subject)


def build_context(view: View, selection: Selection, sliders: dict[str, int]) -> RankingContext:
    """The list that follows from the bar and the sliders; NoWeights when all sliders are zero."""
    candidates = read_candidates(view, selection)
    hardship = candidates.pool.people["hardship"].to_numpy(dtype=bool)
    shortlist = build_shortlist(
        candidates,
        as_weights(sliders),
        selection.top_n,
        mask=selection.mask,
        preset=as_weights(selection.preset.weights),
        priority_mask=hardship if selection.hardship_first else None,
        quota=(hardship, selection.quota / 100) if selection.quota else None,
    )
    return RankingContext(view, selection, sliders, shortlist)


def read_candidates(view: View, selection: Selection) -> Candidates:
    """Everyone, or every open job, against the subject of the bar."""
    read = cache.matching.people_for_job if selection.kind is Kind.PEOPLE else cache.matching.jobs_for_person
    return read(view.revision, view.today, selection.subject_id, selection.mode)


def candidate_name(candidates: Candidates, row: int, tr: Translator) -> str:
    """A candidate: masked name, or title and employer."""
    pool = candidates.pool
    if candidates.kind is Kind.PEOPLE:
        return mask_name(pool.names[row])
    return tr("{title}, {employer}", title=pool.titles[row], employer=tr.short_name(pool.jobs["employer"].iloc[row]))
