"""Employer-commissioned training by enterprise: who was trained, who joined the enterprise, who stayed."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.indicators import populations
from core.indicators.dated_counts import rows_on
from core.indicators.facts import Facts
from core.locale import N_

__all__ = ["STAGES", "commissioned_by_employer", "stage_rows"]

# Stage → its name, in the order of the funnel.
STAGES = {
    "trained": N_("finished a commissioned course"),
    "joined": N_("joined that enterprise"),
    "mature": N_("joined at least 90 days ago"),
    "retained": N_("stayed at least 90 days"),
}


def stage_rows(facts: Facts, today: date, stage: str, employer_id: int | None = None) -> pd.DataFrame:
    """The people of a stage as of ``today``, one row a person and enterprise; of one enterprise, or of all.

    ``mature``: of those who joined, whose start is 90 days ago or longer; ``retained``: of them, who stayed 90 days.
    """
    population = populations.commissioned_trained if stage == "trained" else populations.commissioned_joined
    rows = rows_on(population(facts), today)
    if stage in ("mature", "retained"):
        judged = populations.retained_90 if stage == "retained" else populations.started_90_days_ago
        placements = facts.placements[["id", "employer_id"]].rename(columns={"id": "placement_id"})
        starts = rows_on(judged(facts), today)[["placement_id", "person_id", "started_on"]].merge(placements)
        rows = rows.merge(starts[["person_id", "employer_id", "started_on"]].drop_duplicates())
    return rows if employer_id is None else rows[rows["employer_id"] == employer_id].reset_index(drop=True)


def commissioned_by_employer(facts: Facts, today: date) -> pd.DataFrame:
    """One row an enterprise that commissioned a course, most people first: employer_id, employer and the STAGES."""
    counts = pd.DataFrame({stage: stage_rows(facts, today, stage).groupby("employer_id").size() for stage in STAGES})
    table = counts.fillna(0).astype("int64").rename_axis("employer_id").reset_index()
    names = facts.employers.set_index("id")["name"]
    table.insert(1, "employer", table["employer_id"].map(names))
    return table.sort_values(["trained", "employer"], ascending=[False, True], ignore_index=True)
