"""What a nightly run has to say on a screen: the list of an opening or of a person, figures of a community, and what
they rest on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.batch.assignment import Bound, bound_of
from core.batch.files import FileEntry, Manifest, is_intact, read_table
from core.batch.run import newest
from core.geography.plane import TravelMode
from core.geography.privacy import hidden_in_total, hide, is_small, shown_bands
from core.locale import Translator
from core.matching.inputs.factors import CODES

__all__ = [
    "NightlyAccess",
    "NightlyAssignment",
    "NightlyLists",
    "NightlyRun",
    "access_shown",
    "nightly_access",
    "nightly_assignment",
    "nightly_lists",
    "people_shown",
]

Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class NightlyRun:
    """What every run says of itself: ``revision`` is the state of the store that it read, ``day`` the day it computed
    for, ``finished_at`` when it was done; ``mode`` and ``reach`` (minutes, None: everywhere) say who gets where.
    """

    day: date
    revision: int
    finished_at: datetime
    mode: TravelMode
    reach: float | None

    def about(self) -> NightlyRun:
        """This without the rows."""
        return NightlyRun(self.day, self.revision, self.finished_at, self.mode, self.reach)

    def changes_text(self, tr: Translator, revision: int) -> str:
        """Whether the data have changed since, up to ``revision``."""
        changes = revision - self.revision
        if changes == 0:
            return tr("The data have not changed since.")
        return tr.plural("The data have changed {n} time since.", "The data have changed {n} times since.", changes)


@dataclass(frozen=True, eq=False)
class NightlyLists(NightlyRun):
    """The newest finished lists: (person, job, score) by job and by person, each the best first.

    ``sliders`` by factor code are those of the run.
    """

    preset: str
    sliders: dict[str, int]
    listed: int
    people: dict[str, Ints]  # person_id, job_id, score by person
    openings: dict[str, Ints]  # the same by opening

    @property
    def points_per_unit(self) -> float:
        """From a score to points out of 100."""
        return 100 / (sum(self.sliders[code] for code in CODES) * 10_000)

    def of_opening(self, job_id: int) -> tuple[Ints, Ints]:
        """(person ids, scores) of the first people of an opening."""
        rows = slice(*np.searchsorted(self.openings["job_id"], [job_id, job_id + 1]))
        return self.openings["person_id"][rows], self.openings["score"][rows]

    def of_person(self, person_id: int) -> tuple[Ints, Ints]:
        """(job ids, scores) of the first openings of a person."""
        rows = slice(*np.searchsorted(self.people["person_id"], [person_id, person_id + 1]))
        return self.people["job_id"][rows], self.people["score"][rows]


@dataclass(frozen=True, eq=False)
class NightlyAssignment(NightlyRun):
    """The newest finished assignment: the job of everyone whom it places, by person, and what bounds it."""

    preset: str
    jobs: pd.Series  # job id by person id
    bound: Bound

    def of_opening(self, job_id: int) -> Ints:
        """Ids of the people whom it places there."""
        return np.asarray(self.jobs.index[self.jobs == job_id])

    def of_person(self, person_id: int) -> Ints:
        """Id of the job that it gives to a person, if any."""
        return np.asarray(self.jobs[self.jobs.index == person_id])


@dataclass(frozen=True, eq=False)
class NightlyAccess(NightlyRun):
    """The newest finished access: by community id ``seekers``, ``access`` (mean openings per person) and ``covered``."""

    communities: pd.DataFrame


def nightly_lists(batch: Path) -> NightlyLists | None:
    """The lists of the newest finished run, or None; a run with a damaged file is none."""
    known = _intact(batch, "match")
    if known is None:
        return None
    folder, manifest, shown = known
    inputs = manifest.inputs
    return NightlyLists(
        **_run_fields(manifest, inputs["reach"]),
        preset=inputs["preset"],
        sliders=inputs["sliders"],
        listed=inputs["listed"],
        people=_lists(folder, [e.name for e in shown if e.name.startswith("people-")], "person_id"),
        openings=_lists(folder, [e.name for e in shown if e.name.startswith("openings-")], "job_id"),
    )


def nightly_access(batch: Path) -> NightlyAccess | None:
    """The access of the newest finished run, or None; a run with a damaged file is none."""
    known = _intact(batch, "access")
    if known is None:
        return None
    folder, manifest, _ = known
    rows = read_table(folder / "communities.parquet").to_pandas().set_index("community")
    return NightlyAccess(**_run_fields(manifest, manifest.inputs["bands"]["minutes"][-1]), communities=rows)


def nightly_assignment(batch: Path) -> NightlyAssignment | None:
    """The assignment of the newest finished run, or None; a run with a damaged file is none."""
    known = _intact(batch, "assign")
    if known is None:
        return None
    folder, manifest, shown = known
    pairs = pd.concat([read_table(folder / e.name).to_pandas() for e in shown if e.name.startswith("pairs-")])
    return NightlyAssignment(
        **_run_fields(manifest, manifest.inputs["reach"]),
        preset=manifest.inputs["preset"],
        jobs=pairs.set_index("person_id")["job_id"].sort_index(),
        bound=bound_of(folder),
    )


def access_shown(access: NightlyAccess, min_count: int) -> pd.DataFrame:
    """Openings per 1,000 seekers (``density``) and share with one within reach (``covered``) by community id.

    NaN where ``min_count`` hides the seekers.
    """
    rows = access.communities
    hidden = hidden_in_total(rows["seekers"].to_numpy(), min_count)
    density = hide(1000 * rows["access"].to_numpy(), hidden)
    covered = hide((rows["covered"] / rows["seekers"]).to_numpy(), hidden)
    return pd.DataFrame({"density": density, "covered": covered}, index=rows.index)


def people_shown(
    people: Ints, links: pd.DataFrame, seekers: pd.Series, jobs: pd.DataFrame, shown_seekers: pd.Series, min_count: int
) -> pd.DataFrame:
    """How many people a run connects with each community, NaN where that would give a few away.

    ``living``: of its ``seekers`` (community by person id) those among ``people``; ``linked``: people, of any community,
    whom ``links`` (columns person_id, job_id) connect with an opening there, as ``jobs`` (columns id, community_id) say.
    ``shown_seekers``: how many seek work by community id, NaN where hidden.
    """
    living = seekers[seekers.index.isin(people)].value_counts().reindex(shown_seekers.index, fill_value=0)
    places = jobs.set_index("id")["community_id"].reindex(links["job_id"]).to_numpy(dtype=float)
    pairs = pd.DataFrame({"community": places, "person": links["person_id"].to_numpy()}).dropna().drop_duplicates()
    linked = pairs["community"].value_counts().reindex(shown_seekers.index, fill_value=0)
    shown = [
        np.nan if np.isnan(of) or (known := shown_bands((int(n), int(of)), min_count)[0]) is None else known
        for n, of in zip(living, shown_seekers, strict=True)
    ]
    return pd.DataFrame(
        {
            "living": np.array(shown, dtype=float),
            "linked": [np.nan if is_small(n, min_count) else float(n) for n in linked],
        },
        index=shown_seekers.index,
    )


def _intact(batch: Path, command: str) -> tuple[Path, Manifest, list[FileEntry]] | None:
    """Folder, manifest and files of the newest finished run; None without one, or if any that is read is damaged."""
    known = newest(batch, command)
    if known is None:
        return None
    folder, manifest = known
    files = [entry for entries in manifest.parts.values() for entry in entries]
    read = [entry for entry in files if entry.name.startswith(READ)]
    return (folder, manifest, read) if all(is_intact(folder, entry) for entry in read) else None


READ = ("people-", "openings-", "pairs-", "bound.", "communities.")  # first letters of the files that are read here


def _run_fields(manifest: Manifest, reach: float | None) -> dict[str, Any]:
    inputs = manifest.inputs
    return {
        "day": date.fromisoformat(inputs["day"]),
        "revision": inputs["revision"],
        "finished_at": datetime.fromisoformat(manifest.finished_at),
        "mode": TravelMode.of(inputs["mode"]),
        "reach": reach,
    }


def _lists(folder: Path, names: list[str], key: str) -> dict[str, Ints]:
    tables = [read_table(folder / name) for name in names]
    columns = {
        name: np.concatenate([np.asarray(table[name].to_numpy()) for table in tables] or [np.empty(0, dtype=np.int64)])
        for name in ("person_id", "job_id", "score")
    }
    order = np.argsort(columns[key], kind="stable")
    return {name: values[order] for name, values in columns.items()}
