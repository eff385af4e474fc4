"""The inputs of a run on disk: people and openings in tiles, a parquet file each, that a worker reads a few of.

    region = write_region(folder, seekers, openings, refused, tile=4096)
    region = read_region(folder)
    seekers = region.people(3)
    openings = region.openings_within(3, radius=3460.0)

A tile holds neighbours: rows are halved across the longer side of their box until a tile has at most ``tile`` people;
openings are in the tile whose box they are in. Tables are in the order of ids.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.batch.files import FileEntry, canonical, read_table, write_bytes, write_table
from core.batch.pairs import compact_groups
from core.matching.inputs.matching_pool import Openings, Seekers

__all__ = ["Box", "Region", "Tile", "read_region", "write_region"]

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.floating[Any]]
Table = TypeVar("Table", Seekers, Openings)
LAYOUT = "region.json"
NOWHERE = (np.inf, np.inf, -np.inf, -np.inf)


@dataclass(frozen=True)
class Box:
    """West, south, east, north in metres; empty where west > east."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, position: Floats) -> Box:
        """The smallest box around the known positions (n, 2)."""
        known = position[np.isfinite(position).all(axis=1)]
        if not len(known):
            return cls(*NOWHERE)
        return cls(*known.min(axis=0).tolist(), *known.max(axis=0).tolist())

    def distance(self, other: Box) -> float:
        """Metres between the nearest points of two boxes; 0 where they touch, infinite from an empty one."""
        if self.west > self.east or other.west > other.east:
            return float("inf")
        aside = max(other.west - self.east, self.west - other.east, 0.0)
        ahead = max(other.south - self.north, self.south - other.north, 0.0)
        return float(np.hypot(aside, ahead))


@dataclass(frozen=True)
class Tile:
    """People and openings of a piece of land: how many, where, and the files that hold them."""

    people_box: Box
    openings_box: Box
    people: FileEntry
    openings: FileEntry


@dataclass(frozen=True)
class Region:
    """Every tile of a run, of at most ``tile`` people; ``refused`` is the file of the pairs that ended before."""

    folder: Path
    tile: int
    tiles: tuple[Tile, ...]
    refused: FileEntry

    @property
    def sums(self) -> list[str]:
        """SHA-256 of every input file, in order."""
        return [entry.sha256 for tile in self.tiles for entry in (tile.people, tile.openings)] + [self.refused.sha256]

    def people(self, tile: int) -> Seekers:
        """The people of a tile."""
        return _from_arrow(read_table(self.folder / self.tiles[tile].people.name), Seekers)

    def openings(self, tile: int) -> Openings:
        """The openings of a tile."""
        return self._openings([tile])

    def openings_within(self, tile: int, radius: float) -> Openings:
        """The openings of every tile that someone of ``tile`` can reach within ``radius`` metres."""
        return self._openings(self.openings_near(tile, radius))

    def openings_near(self, tile: int, radius: float) -> list[int]:
        """Tiles with an opening that may lie within ``radius`` of someone of ``tile``."""
        box = self.tiles[tile].people_box
        return [
            n
            for n, other in enumerate(self.tiles)
            if other.openings.rows and (np.isinf(radius) or box.distance(other.openings_box) <= radius * (1 + 1e-9))
        ]

    def people_near(self, tile: int, radius: float) -> list[int]:
        """Tiles with a person who may live within ``radius`` of an opening of ``tile``."""
        box = self.tiles[tile].openings_box
        return [
            n
            for n, other in enumerate(self.tiles)
            if other.people.rows and (np.isinf(radius) or box.distance(other.people_box) <= radius * (1 + 1e-9))
        ]

    def refused_pairs(self, seekers: Seekers, openings: Openings) -> Ints:
        """(r, 2) positions (person, opening) of the pairs between these that ended before."""
        if not self.refused.rows:
            return np.empty((0, 2), dtype=np.intp)
        table = read_table(self.folder / self.refused.name)
        pairs = np.stack([table["person_id"].to_numpy(), table["job_id"].to_numpy()], axis=1)
        row, column = np.searchsorted(seekers.ids, pairs[:, 0]), np.searchsorted(openings.ids, pairs[:, 1])
        inside = (row < len(seekers)) & (column < len(openings))
        inside[inside] = (seekers.ids[row[inside]] == pairs[inside, 0]) & (
            openings.ids[column[inside]] == pairs[inside, 1]
        )
        return np.stack([row[inside], column[inside]], axis=1)

    def _openings(self, tiles: Sequence[int]) -> Openings:
        tables = [read_table(self.folder / self.tiles[n].openings.name) for n in tiles]
        if not tables:
            return _from_arrow(read_table(self.folder / self.tiles[0].openings.name).slice(0, 0), Openings)
        openings = _from_arrow(pa.concat_tables(tables).combine_chunks(), Openings)
        return openings.take(np.argsort(openings.ids)) if len(tables) > 1 else openings


def write_region(
    folder: Path, seekers: Seekers, openings: Openings, refused: Ints | None = None, *, tile: int = 4096
) -> Region:
    """Lay people and openings out in tiles of at most ``tile`` people; ``refused`` (r, 2) are (person id, opening id)."""
    groups = compact_groups(seekers.position, tile) or [np.empty(0, dtype=np.intp)]
    boxes = [Box.around(seekers.position[rows]) for rows in groups]
    home_of = _nearest_box(openings.position, boxes)
    tiles = []
    for n, rows in enumerate(groups):
        columns = np.flatnonzero(home_of == n)
        here, there = seekers.take(rows), openings.take(columns)
        here, there = here.take(np.argsort(here.ids)), there.take(np.argsort(there.ids))
        tiles.append(
            Tile(
                boxes[n],
                Box.around(there.position),
                write_table(folder / f"people-{n:05}.parquet", _to_arrow(here)),
                write_table(folder / f"openings-{n:05}.parquet", _to_arrow(there)),
            )
        )
    pairs = np.empty((0, 2), dtype=np.int64) if refused is None else refused[np.lexsort(refused.T[::-1])]
    ended = pa.table({"person_id": pairs[:, 0].astype(np.int64), "job_id": pairs[:, 1].astype(np.int64)})
    region = Region(folder, tile, tuple(tiles), write_table(folder / "refused.parquet", ended))
    layout = {"tile": tile, "tiles": [asdict(each) for each in region.tiles], "refused": asdict(region.refused)}
    write_bytes(folder / LAYOUT, canonical(layout))
    return region


def read_region(folder: Path) -> Region:
    """The region that ``write_region`` laid out."""
    layout = json.loads((folder / LAYOUT).read_bytes())
    tiles = tuple(
        Tile(
            Box(**each["people_box"]),
            Box(**each["openings_box"]),
            FileEntry(**each["people"]),
            FileEntry(**each["openings"]),
        )
        for each in layout["tiles"]
    )
    return Region(folder, layout["tile"], tiles, FileEntry(**layout["refused"]))


def _nearest_box(position: Floats, boxes: Sequence[Box]) -> Ints:
    """(m,) the box that holds each position, or is nearest to it; the first of several, and of all where unknown."""
    nearest, least = np.zeros(len(position), dtype=np.intp), np.full(len(position), np.inf)
    for n, box in enumerate(boxes):
        aside = np.maximum(np.maximum(box.west - position[:, 0], position[:, 0] - box.east), 0)
        ahead = np.maximum(np.maximum(box.south - position[:, 1], position[:, 1] - box.north), 0)
        square = aside * aside + ahead * ahead
        closer = square < least
        nearest[closer], least[closer] = n, square[closer]
    return nearest


# -- arrays ↔ arrow: a row of a two-dimensional array is a fixed number of bytes, so that nothing is copied or decoded


def _to_arrow(table: Seekers | Openings) -> pa.Table:
    columns, schema = [], []
    for f in fields(table):
        values = np.ascontiguousarray(getattr(table, f.name))
        kind = {"dtype": values.dtype.str, "width": str(0 if values.ndim == 1 else values.shape[1])}
        if values.ndim == 1 and values.dtype != bool:
            column = pa.array(values)
        else:
            size = values.dtype.itemsize * (1 if values.ndim == 1 else values.shape[1])
            column = pa.FixedSizeBinaryArray.from_buffers(
                pa.binary(size), len(values), [None, pa.py_buffer(values.tobytes())]
            )
        columns.append(column)
        schema.append(pa.field(f.name, column.type, nullable=False, metadata=kind))
    return pa.Table.from_arrays(columns, schema=pa.schema(schema))


def _from_arrow(table: pa.Table, kind: type[Table]) -> Table:
    arrays: dict[str, Any] = {}
    for f in fields(kind):
        metadata = table.schema.field(f.name).metadata
        dtype, width = np.dtype(metadata[b"dtype"].decode()), int(metadata[b"width"])
        column = table[f.name].combine_chunks()
        column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        if not pa.types.is_fixed_size_binary(column.type):
            arrays[f.name] = column.to_numpy(zero_copy_only=False)
            continue
        size = column.type.byte_width
        content = column.buffers()[1].slice(column.offset * size, len(column) * size) if len(column) else b""
        values = np.frombuffer(content, dtype=dtype)
        arrays[f.name] = values.reshape(len(column), width) if width else values
    return kind(**arrays)
