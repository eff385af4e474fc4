"""Access to work (E2SFCA) of a region in tiles, equal to the whole computed at once, to the last bit.

A site's ratio needs everyone who reaches it, a home's value every site that it reaches. So a part is a tile of homes
with the sites of a halo one catchment wide and the other homes of a halo two wide, and knows nothing of other parts.
Sums are taken in the order of homes and sites in the region, whatever the tile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.access.e2sfca import Bands, Catchments, e2sfca, find_catchments, openings_within
from core.batch.files import FileEntry, read_table, write_table
from core.batch.pairs import compact_groups
from core.geography.plane import Floats, Travel

__all__ = ["AccessPart", "SummaryPart", "access_partition", "in_order", "summarise", "write_access_inputs"]

Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class AccessPart:
    """One tile: where its inputs are, where results go, and what they rest on."""

    tile: int
    inputs: Path
    folder: Path
    travel: Travel
    bands: Bands


@dataclass(frozen=True)
class SummaryPart:
    """Every tile of a run, to be summed up by community."""

    tiles: int
    folder: Path


def write_access_inputs(
    folder: Path,
    homes: Floats,
    home_of: Ints,
    sites: Floats,
    supply: Floats,
    radius: float,
    *,
    tile: int = 20_000,
) -> list[FileEntry]:
    """Lay homes (n, 2) with the community of each, and sites (m, 2) with their openings, out in tiles with halo.

    ``radius`` is the catchment in metres; returns the two files of each tile.
    """
    edge = radius * (1 + 1e-9) + 1e-3
    files = []
    for n, rows in enumerate(compact_groups(homes, tile)):
        low, high = homes[rows].min(axis=0), homes[rows].max(axis=0)
        near = np.flatnonzero(((homes >= low - 2 * edge) & (homes <= high + 2 * edge)).all(axis=1))
        reached = np.flatnonzero(((sites >= low - edge) & (sites <= high + edge)).all(axis=1))
        own = np.zeros(len(homes), dtype=bool)
        own[rows] = True
        table = pa.table(
            {
                "home": near,
                "east": homes[near, 0],
                "north": homes[near, 1],
                "community": home_of[near],
                "own": own[near],
            }
        )
        there = pa.table({"east": sites[reached, 0], "north": sites[reached, 1], "openings": supply[reached]})
        files.append(write_table(folder / f"homes-{n:05}.parquet", table))
        files.append(write_table(folder / f"sites-{n:05}.parquet", there))
    return files


def access_partition(part: AccessPart) -> list[FileEntry]:
    """Write openings per person and openings within the last band at every home of a tile.

    Columns home (row in the region), community, access, within.
    """
    homes = read_table(part.inputs / f"homes-{part.tile:05}.parquet")
    sites = read_table(part.inputs / f"sites-{part.tile:05}.parquet")
    supply = sites["openings"].to_numpy()
    pairs = in_order(find_catchments(_positions(homes), _positions(sites), part.travel, part.bands))
    access = e2sfca(pairs, np.ones(len(homes)), supply)
    within = openings_within(pairs, supply, part.bands.limit)
    own = homes["own"].to_numpy()
    table = pa.table(
        {
            "home": homes["home"].to_numpy()[own],
            "community": homes["community"].to_numpy()[own],
            "access": access.value[own],
            "within": within[own],
        }
    )
    return [write_table(part.folder / f"access-{part.tile:05}.parquet", table)]


def in_order(pairs: Catchments) -> Catchments:
    """The same pairs by home, then site: sums then do not depend on the cells in which pairs were found."""
    order = np.lexsort((pairs.site, pairs.home))
    return replace(
        pairs,
        home=pairs.home[order],
        site=pairs.site[order],
        minutes=pairs.minutes[order],
        weight=pairs.weight[order],
    )


def summarise(part: SummaryPart) -> list[FileEntry]:
    """Write seekers, mean openings per person and how many reach an opening, by community.

    Sums are exact before they are rounded, so that they do not depend on the tiles.
    """
    tables = [read_table(part.folder / f"access-{n:05}.parquet") for n in range(part.tiles)]
    community, access, within = (
        np.concatenate([table[name].to_numpy() for table in tables] or [np.empty(0)])
        for name in ("community", "access", "within")
    )
    codes = np.unique(community)
    members = [community == code for code in codes]
    table = pa.table(
        {
            "community": codes.astype(np.int64),
            "seekers": np.array([int(mine.sum()) for mine in members], dtype=np.int64),
            "access": np.array([_mean(access[mine]) for mine in members], dtype=np.float64),
            "covered": np.array([int((within[mine] >= 1).sum()) for mine in members], dtype=np.int64),
        }
    )
    return [write_table(part.folder / "communities.parquet", table)]


def _mean(values: Sequence[float] | Floats) -> float:
    return fsum(values) / len(values)


def _positions(table: pa.Table) -> Floats:
    return np.stack([table["east"].to_numpy(), table["north"].to_numpy()], axis=1)
