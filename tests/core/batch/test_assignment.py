from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.batch.assignment import AssignPart, BorderPart, assign_across, assign_partition, bound_of
from core.batch.files import read_table
from core.batch.region import write_region
from core.matching.assignment.district import district, propose
from tests.core.batch.factories import BALANCED, a_pool, some_openings, some_people, some_refused, some_rules


@pytest.mark.parametrize("tile", [1000, 30])
def test_one_tile_is_the_optimum_of_the_page_and_more_are_within_their_bound(tmp_path: Path, tile: int) -> None:
    rng = np.random.default_rng(11)
    seekers, openings = some_people(rng, 120, side=2500), some_openings(rng, 120, side=2500)
    openings.position[:, 0] = 1500 + openings.position[:, 0] * 0.4  # work is in the east, people are everywhere
    refused = some_refused(rng, seekers, openings)
    pool, rules = a_pool(seekers, openings, refused), some_rules(reach=None)
    optimum = propose(district(pool, rules.mode), BALANCED).optimum

    tiles = range(len(write_region(tmp_path, seekers, openings, refused, tile=tile).tiles))
    for n in tiles:
        assign_partition(AssignPart(n, tmp_path, tmp_path, rules))
    assign_across(BorderPart(tmp_path, tmp_path, rules))

    tables = [read_table(path) for path in sorted(tmp_path.glob("pairs-*.parquet"))]
    person, job = (np.concatenate([table[name].to_numpy() for table in tables]) for name in ("person_id", "job_id"))
    bound = bound_of(tmp_path)
    assert len(person) == bound.placed
    assert len(set(person.tolist())) == len(person)
    taken = np.bincount(np.searchsorted(openings.ids, job), minlength=len(openings))
    assert (taken <= openings.seats).all()
    assert bound.placed <= optimum.placed <= bound.at_most
    if len(tiles) == 1:
        assert bound.placed == bound.at_most == optimum.placed
        total = sum(int(score) for table in tables for score in table["score"].to_pylist())
        assert total == optimum.total
    else:
        assert len(read_table(tmp_path / "pairs-across.parquet")) > 0
