"""What a nightly run has to say on a screen: the list of an opening or of a person, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.batch.files import is_intact, read_table
from core.batch.run import newest
from core.geography.plane import TravelMode
from core.matching.inputs.factors import CODES

__all__ = ["NightlyLists", "nightly_lists"]

Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class NightlyLists:
    """The newest finished lists: (person, job, score) by job and by person, each the best first.

    ``sliders`` by factor code, ``mode`` and ``reach`` (minutes, None: everywhere) are those of the run; ``revision`` is the
    state of the store that it read, ``day`` the day it computed for, ``finished_at`` when it was done.
    """

    week: str
    day: date
    revision: int
    finished_at: datetime
    mode: TravelMode
    reach: float | None
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


def nightly_lists(batch: Path) -> NightlyLists | None:
    """The lists of the newest finished run, or None; a run with a damaged file is none."""
    known = newest(batch, "match")
    if known is None:
        return None
    folder, manifest = known
    files = [entry for entries in manifest.parts.values() for entry in entries]
    shown = [entry for entry in files if not entry.name.startswith("reached-")]
    if not all(is_intact(folder, entry) for entry in shown):
        return None
    inputs = manifest.inputs
    return NightlyLists(
        week=inputs["week"],
        day=date.fromisoformat(inputs["day"]),
        revision=inputs["revision"],
        finished_at=datetime.fromisoformat(manifest.finished_at),
        mode=TravelMode.of(inputs["mode"]),
        reach=inputs["reach"],
        preset=inputs["preset"],
        sliders=inputs["sliders"],
        listed=inputs["listed"],
        people=_lists(folder, [e.name for e in shown if e.name.startswith("people-")], "person_id"),
        openings=_lists(folder, [e.name for e in shown if e.name.startswith("openings-")], "job_id"),
    )


def _lists(folder: Path, names: list[str], key: str) -> dict[str, Ints]:
    tables = [read_table(folder / name) for name in names]
    columns = {
        name: np.concatenate([np.asarray(table[name].to_numpy()) for table in tables] or [np.empty(0, dtype=np.int64)])
        for name in ("person_id", "job_id", "score")
    }
    order = np.argsort(columns[key], kind="stable")
    return {name: values[order] for name, values in columns.items()}
