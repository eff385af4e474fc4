"""Ranked lists of a region: the first openings of every person, the first people of every opening.

Two rounds of parts that know nothing of each other. ``match_partition`` ranks the people of one tile against every opening
within reach: their lists are final, those of the openings hold these people alone. ``merge_partition`` puts the latter
together for the openings of one tile.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.batch.files import FileEntry, read_table, write_table
from core.batch.pairs import Rules, ranked_pairs
from core.batch.region import read_region

__all__ = ["LISTED", "MatchPart", "match_partition", "merge_partition"]

Ints = npt.NDArray[np.integer[Any]]
LISTED = 50  # entries of a list


@dataclass(frozen=True)
class MatchPart:
    """One tile of a run: where its inputs are, where results go, what scores rest on."""

    tile: int
    inputs: Path
    folder: Path
    rules: Rules
    listed: int = LISTED


def match_partition(part: MatchPart) -> list[FileEntry]:
    """Write the lists of a tile's people (``people-…``) and those of the openings they reach (``reached-…``).

    Columns person_id, job_id, score (Σ weight × ten-thousandths); people in the order of their ids, the best first.
    """
    region = read_region(part.inputs)
    seekers = region.people(part.tile)
    openings = region.openings_within(part.tile, part.rules.radius)
    pairs = ranked_pairs(seekers, openings, part.rules, region.refused_pairs(seekers, openings))
    person, opening, score = pairs.first(part.listed)
    by_person = _lists(seekers.ids, openings.ids, person, opening, score)
    opening, person, score = pairs.first_people(part.listed)
    by_opening = _lists(seekers.ids, openings.ids, person, opening, score)
    return [
        write_table(part.folder / f"people-{part.tile:05}.parquet", by_person, delta=["score"]),
        write_table(part.folder / f"reached-{part.tile:05}.parquet", by_opening, delta=["score"]),
    ]


def merge_partition(part: MatchPart) -> list[FileEntry]:
    """Write the lists of a tile's openings (``openings-…``) from those of the tiles around; columns as above."""
    region = read_region(part.inputs)
    ids = region.openings(part.tile).ids
    tables = [
        read_table(part.folder / f"reached-{n:05}.parquet") for n in region.people_near(part.tile, part.rules.radius)
    ]
    columns = {
        name: np.concatenate([table[name].to_numpy() for table in tables] or [np.empty(0, dtype=np.int64)])
        for name in ("person_id", "job_id", "score")
    }
    own = np.isin(columns["job_id"], ids)
    person_id, job_id, score = (columns[name][own] for name in ("person_id", "job_id", "score"))
    order = np.lexsort((person_id, -score, job_id))
    job_id = job_id[order]
    starts = np.flatnonzero(np.diff(job_id, prepend=-1))
    place = np.arange(len(job_id)) - np.repeat(starts, np.diff(starts, append=len(job_id)))
    kept = order[place < part.listed]
    people, person = np.unique(person_id[kept], return_inverse=True)
    table = _lists(people, ids, person, np.searchsorted(ids, columns["job_id"][own][kept]), score[kept])
    return [write_table(part.folder / f"openings-{part.tile:05}.parquet", table, delta=["score"])]


def _lists(people: Ints, jobs: Ints, person: Ints, job: Ints, score: Ints) -> pa.Table:
    """A table of lists; ids as references into the ids that occur, which keeps the file small."""
    return pa.table(
        {
            "person_id": _references(people, person),
            "job_id": _references(jobs, job),
            "score": pa.array(score.astype(np.int32)),
        }
    )


def _references(ids: Ints, places: Ints) -> pa.DictionaryArray:
    used = np.zeros(len(ids), dtype=bool)
    used[places] = True
    index = (np.cumsum(used) - 1)[places]
    return pa.DictionaryArray.from_arrays(index.astype(np.int32), ids[used].astype(np.int64))
