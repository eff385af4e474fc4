"""Which openings the map counts: by field, form, shift, skill, and by what a person needs of the work."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.access.snapshot import DistrictSnapshot, sites_of
from core.terms import JobForm, PostField, Shift, Term

__all__ = ["ALL_JOBS", "JobFilter", "Need", "filtered"]

SCHOOL_HOURS = (Shift.SCHOOL_HOURS, Shift.MORNING, Shift.FLEXIBLE_PIECE)


class Need(Term):
    """What a person needs of the work; a job about which it is unknown does not fit."""

    SEATED = "seated", "坐姿作业", "seated work"
    HOME = "home", "居家完成", "work at home"
    SCHOOL = "school_hours", "9–16点工作", "work within 09–16"


@dataclass(frozen=True)
class JobFilter:
    """Every condition that is set must hold; ``skill`` is a code, ``needs`` must all be met."""

    field: PostField | None = None
    form: JobForm | None = None
    shift: Shift | None = None
    skill: str | None = None
    needs: frozenset[Need] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.field or self.form or self.shift or self.skill or self.needs)

    def mask(self, jobs: pd.DataFrame) -> pd.Series:
        """Which of ``jobs`` (field, form, shift, seated, home_work, skills) count; boolean, by their index."""
        mask = pd.Series(True, index=jobs.index)
        for name in ("field", "form", "shift"):
            term = getattr(self, name)
            if term is not None:
                mask &= (jobs[name] == term.value).fillna(False).astype(bool)
        if self.skill is not None:
            mask &= np.array([self.skill in skills for skills in jobs["skills"]], dtype=bool)
        for need in self.needs:
            mask &= _meets(jobs, need)
        return mask


ALL_JOBS = JobFilter()


def _meets(jobs: pd.DataFrame, need: Need) -> pd.Series:
    if need is Need.SCHOOL:
        return jobs["shift"].isin([shift.value for shift in SCHOOL_HOURS])
    return jobs["seated" if need is Need.SEATED else "home_work"].fillna(False).astype(bool)


def filtered(snapshot: DistrictSnapshot, job_filter: JobFilter) -> DistrictSnapshot:
    """The snapshot with the openings that ``job_filter`` counts; people and places stay, sites keep their keys."""
    if not job_filter:
        return snapshot
    jobs = snapshot.jobs[job_filter.mask(snapshot.jobs)].reset_index(drop=True)
    place = ["kind", "owner", "lon", "lat"]
    sites = sites_of(jobs).drop(columns="key").merge(snapshot.sites[[*place, "key"]], on=place, validate="1:1")
    return replace(snapshot, jobs=jobs, sites=sites, site_xy=snapshot.plane.xy(sites["lon"], sites["lat"]))
