"""What the pieces of the matching page share in one run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.matching.figures import Spec
from core.matching.pool import Pool
from core.matching.shortlist import Candidates, Kind, Shortlist
from core.people.masking import mask_unless
from pages.parts.charts import INK
from pages.parts.escape import md_escape
from pages.parts.matching_rail import Chosen
from pages.parts.view import View

__all__ = ["Look"]


@dataclass(frozen=True, eq=False)
class Look:
    """View, rail, pool, candidates, ranked list and filter of one run."""

    view: View
    chosen: Chosen
    pool: Pool
    found: Candidates
    listed: Shortlist
    keep: np.ndarray

    def person_name(self, person: int) -> str:
        """Name of the person at a position of the pool, masked unless names are shown."""
        return mask_unless(self.chosen.names, self.pool.people["name"].iloc[person])

    def job_name(self, job: int) -> str:
        """Title of the job at a position of the pool."""
        return str(self.pool.jobs["title"].iloc[job])

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
