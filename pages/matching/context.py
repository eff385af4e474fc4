"""What the pieces of the matching page share in one run: the bar, the weights, the list that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.matching import tables
from core.matching.figures import Spec
from core.matching.inputs.pool import Pool
from core.matching.ranking.scoring import normalise
from core.matching.ranking.shortlist import Candidates, Kind, Shortlist, shortlist
from core.people.masking import mask_unless
from pages import cache
from pages.common.charts import INK
from pages.common.escape import md_escape
from pages.common.view import View
from pages.matching.selection import Chosen

__all__ = ["PAIR", "RANKED", "Look", "look_at"]

RANKED, PAIR = "match_ranked", "match_pair"  # fragments that a callback may name


@dataclass(frozen=True, eq=False)
class Look:
    """View, bar, sliders, pool, candidates, ranked list and filter of one run."""

    view: View
    chosen: Chosen
    sliders: dict[str, int]
    pool: Pool
    found: Candidates
    listed: Shortlist
    keep: np.ndarray
    first: np.ndarray | None  # who comes first at equal points, where that was chosen

    @cached_property
    def table(self) -> pd.DataFrame:
        """The listed candidates as ``tables.lines`` tells them."""
        return tables.lines(self.pool, self.found, self.listed, self.name, self.view.tr)

    @property
    def row_key(self) -> str:
        """Where the session keeps the number of the candidate looked at; positions move when somebody leaves the pool."""
        return f"match_row_{self.chosen.kind.value}_{self.chosen.anchor_id}"

    def person_name(self, person: int) -> str:
        """Name of the person at a position of the pool, masked unless names are shown."""
        return mask_unless(self.chosen.names, self.pool.names[person])

    def job_name(self, job: int) -> str:
        """Title of the job at a position of the pool."""
        return self.pool.titles[job]

    def name(self, row: int) -> str:
        """A candidate: masked name, or title and employer."""
        if self.chosen.kind is Kind.PEOPLE:
            return self.person_name(row)
        return self.view.tr(
            "{title}, {employer}", title=self.job_name(row), employer=self.pool.jobs["employer"].iloc[row]
        )

    def label(self, row: int) -> str:
        """A candidate so that two of the same masked name can be told apart."""
        return self.view.tr("{name} (no. {id})", name=self.name(row), id=int(self.found.ids[row]))

    def draw(self, spec: Spec, alt_text: str, **options: Any) -> Any:
        """A chart whose texts read on the theme in force, its title above it: then only its rows change from run to run."""
        title = spec["title"]["text"]
        if title:
            st.markdown(f"**{md_escape(title)}**")
        config = {**spec.get("config", {}), "text": {"color": INK[self.view.is_dark]}}
        return st.vega_lite_chart(spec={**spec, "config": config, "title": ""}, alt=alt_text, **options)

    def anchor_name(self) -> str:
        """The job or person that the list is for."""
        if self.chosen.kind is Kind.PEOPLE:
            return self.job_name(self.found.anchor)
        return self.person_name(self.found.anchor)


def look_at(view: View, chosen: Chosen, sliders: dict[str, int]) -> Look:
    """The list that follows from the bar and the sliders; NoWeights when every slider stands at zero."""
    weights = normalise(sliders)
    pool, keep = chosen.pool, chosen.keep
    read = cache.matching.people_for_job if chosen.kind is Kind.PEOPLE else cache.matching.jobs_for_person
    found = read(view.revision, view.today, chosen.anchor_id, chosen.mode)
    hardship = pool.people["hardship"].to_numpy(dtype=bool)
    first = hardship if chosen.hardship_first else None
    listed = shortlist(
        found,
        weights,
        chosen.top,
        preset=normalise(chosen.preset.weights),
        keep=keep,
        first=first,
        quota=(hardship, chosen.quota / 100) if chosen.quota else None,
    )
    return Look(view, chosen, sliders, pool, found, listed, keep, first)
