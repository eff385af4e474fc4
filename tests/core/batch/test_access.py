from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.access.e2sfca import BANDS, e2sfca, find_catchments, openings_within
from core.batch.access import AccessPart, SummaryPart, access_partition, in_order, summarise, write_access_inputs
from core.batch.files import read_table
from core.geography.plane import Travel

WALK = Travel(75.0, 1.3)


@pytest.mark.parametrize("tile", [2000, 130])
def test_tiles_with_a_halo_give_the_whole_to_the_last_bit(tmp_path: Path, tile: int) -> None:
    rng = np.random.default_rng(1)
    homes, sites = rng.uniform(0, 8000, (1000, 2)), rng.uniform(0, 8000, (150, 2))
    home_of, supply = rng.integers(20, 26, 1000), rng.integers(1, 30, 150).astype(float)
    pairs = find_catchments(homes, sites, WALK)
    whole = e2sfca(in_order(pairs), np.ones(1000), supply)

    radius = WALK.metres(BANDS.limit)
    tiles = len(write_access_inputs(tmp_path, homes, home_of, sites, supply, radius, tile=tile)) // 2
    results = [access_partition(AccessPart(n, tmp_path, tmp_path, WALK, BANDS))[0] for n in range(tiles)]
    summarise(SummaryPart(tiles, tmp_path))

    assert tiles == (1 if tile == 2000 else 8)
    tables = [read_table(tmp_path / entry.name) for entry in results]
    value, within = np.full(1000, np.nan), np.full(1000, np.nan)
    for table in tables:
        value[table["home"].to_numpy()] = table["access"].to_numpy()
        within[table["home"].to_numpy()] = table["within"].to_numpy()
    assert np.array_equal(value, whole.value)
    assert np.array_equal(within, openings_within(pairs, supply, BANDS.limit))
    assert value == pytest.approx(e2sfca(pairs, np.ones(1000), supply).value, rel=1e-12)
    communities = read_table(tmp_path / "communities.parquet").to_pylist()
    assert [row["community"] for row in communities] == [20, 21, 22, 23, 24, 25]
    assert sum(row["seekers"] for row in communities) == 1000
    assert sum(row["access"] * row["seekers"] for row in communities) == pytest.approx(supply[whole.reached > 0].sum())


def test_a_region_without_openings_reaches_none(tmp_path: Path) -> None:
    homes = np.zeros((3, 2))

    write_access_inputs(tmp_path, homes, np.zeros(3, dtype=int), np.empty((0, 2)), np.empty(0), 800.0)
    (entry,) = access_partition(AccessPart(0, tmp_path, tmp_path, WALK, BANDS))

    assert read_table(tmp_path / entry.name)["access"].to_pylist() == [0, 0, 0]
