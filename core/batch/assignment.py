"""People to openings of a region: the exact optimum of each tile, then who and what is left over across the borders.

Each tile is solved as the page solves a district, with its certificate. Then tile after tile, whoever is left is offered
the seats left in the tiles within reach, exactly again. The whole is not an optimum of the region; how far it may be from
one is bounded by duality: the tiles' prices are feasible for the region once every pair across a border has been
accounted for, so that no assignment places more people than ``Bound.at_most``.
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
from core.batch.region import Region, read_region
from core.matching.assignment.optimum import Assignment, assign
from core.matching.inputs.matching_pool import Openings, Seekers

__all__ = ["AssignPart", "BorderPart", "Bound", "NotOptimal", "assign_across", "assign_partition", "bound_of"]

Ints = npt.NDArray[np.integer[Any]]
Table = dict[str, Ints]


class NotOptimal(RuntimeError):
    """An assignment whose certificate does not hold."""


@dataclass(frozen=True)
class AssignPart:
    """One tile of a run: where its inputs are, where results go, what scores rest on."""

    tile: int
    inputs: Path
    folder: Path
    rules: Rules


@dataclass(frozen=True)
class BorderPart:
    """All tiles of a run, once each is solved."""

    inputs: Path
    folder: Path
    rules: Rules


@dataclass(frozen=True)
class Bound:
    """People placed, and a number that no assignment of the region can exceed."""

    placed: int
    at_most: int


def assign_partition(part: AssignPart) -> list[FileEntry]:
    """Write the optimum of a tile: most placements, among those the greatest sum of scores, and the price of its seats.

    ``pairs-…`` has person_id, job_id, score; ``seats-…`` job_id, seats, left, extra (1 where one more seat would place
    one more person). NotOptimal if the certificate does not hold.
    """
    region = read_region(part.inputs)
    seekers, openings = region.people(part.tile), region.openings(part.tile)
    plan, score = _solve(region, seekers, openings, openings.seats, part.rules)
    people, jobs = _columns(plan)
    seats = pa.table(
        {
            "job_id": openings.ids,
            "seats": openings.seats.astype(np.int64),
            "left": openings.seats.astype(np.int64) - np.bincount(jobs, minlength=len(openings)),
            "extra": plan.extra.astype(np.int64),
        }
    )
    return [
        write_table(
            part.folder / f"pairs-{part.tile:05}.parquet", _pairs_table(seekers, openings, people, jobs, score)
        ),
        write_table(part.folder / f"seats-{part.tile:05}.parquet", seats),
    ]


def assign_across(part: BorderPart) -> list[FileEntry]:
    """Write the pairs across borders (``pairs-across``, columns as above) and the ``bound`` (placed, at_most)."""
    region = read_region(part.inputs)
    tiles = range(len(region.tiles))
    solved = [_read(part.folder / f"pairs-{n:05}.parquet") for n in tiles]
    seats = [_read(part.folder / f"seats-{n:05}.parquet") for n in tiles]
    left = dict(zip(_joined(seats, "job_id").tolist(), _joined(seats, "left").tolist(), strict=True))
    extra = dict(zip(_joined(seats, "job_id").tolist(), _joined(seats, "extra").tolist(), strict=True))
    across: list[pa.Table] = []
    placed, can_be_placed = sum(len(table["person_id"]) for table in solved), 0
    for tile in tiles:
        seekers = region.people(tile)
        openings = region.openings_within(tile, part.rules.radius)
        person, job, _ = ranked_pairs(seekers, openings, part.rules, region.refused_pairs(seekers, openings)).all()
        cheap = np.array([extra[int(job_id)] == 0 for job_id in openings.ids], dtype=bool)
        can_be_placed += len(np.unique(person[cheap[job]]))
        free = np.array([left[int(job_id)] for job_id in openings.ids], dtype=np.int64)
        waiting = ~np.isin(seekers.ids, solved[tile]["person_id"])
        able = waiting[person] & (free[job] > 0)
        who, where = np.unique(person[able]), np.unique(job[able])
        if not len(who):
            continue
        people, there = seekers.take(who), openings.take(where)
        plan, score = _solve(region, people, there, free[where], part.rules)
        rows, jobs = _columns(plan)
        placed += len(rows)
        for job_id in there.ids[jobs].tolist():
            left[job_id] -= 1
        across.append(_pairs_table(people, there, rows, jobs, score))
    at_most = can_be_placed + int(_joined(seats, "seats") @ _joined(seats, "extra"))
    empty = pa.table({name: np.empty(0, dtype=np.int64) for name in ("person_id", "job_id", "score")})
    return [
        write_table(part.folder / "pairs-across.parquet", pa.concat_tables([empty, *across]).combine_chunks()),
        write_table(part.folder / "bound.parquet", pa.table({"placed": [placed], "at_most": [at_most]})),
    ]


def bound_of(folder: Path) -> Bound:
    """The bound that ``assign_across`` wrote."""
    table = read_table(folder / "bound.parquet")
    return Bound(int(table["placed"][0].as_py()), int(table["at_most"][0].as_py()))


def _solve(
    region: Region, seekers: Seekers, openings: Openings, seats: Ints, rules: Rules
) -> tuple[Assignment, npt.NDArray[np.float64]]:
    """The certified optimum over the ranked pairs, and the scores (n, m)."""
    shape = (len(seekers), len(openings))
    score, allowed = np.zeros(shape), np.zeros(shape, dtype=bool)
    person, job, total = ranked_pairs(seekers, openings, rules, region.refused_pairs(seekers, openings)).all()
    score[person, job], allowed[person, job] = total, True
    plan = assign(score, allowed, seats, maximise_placements=True)
    if plan.certificate is None or not plan.certificate.holds():
        raise NotOptimal(f"{shape[0]} people, {shape[1]} openings: {plan.certificate}")
    return plan, score


def _columns(plan: Assignment) -> tuple[Ints, Ints]:
    pairs = np.array(plan.pairs, dtype=np.intp).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _pairs_table(
    seekers: Seekers, openings: Openings, people: Ints, jobs: Ints, score: npt.NDArray[np.float64]
) -> pa.Table:
    return pa.table(
        {
            "person_id": seekers.ids[people].astype(np.int64),
            "job_id": openings.ids[jobs].astype(np.int64),
            "score": score[people, jobs].astype(np.int64),
        }
    )


def _read(path: Path) -> Table:
    table = read_table(path)
    return {name: table[name].to_numpy() for name in table.column_names}


def _joined(tables: list[Table], name: str) -> Ints:
    return np.concatenate([table[name] for table in tables])
