from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.batch.files import read_table
from core.batch.matching import MatchPart, match_partition, merge_partition
from core.batch.pairs import Rules, compact_groups, ranked_pairs
from core.batch.region import write_region
from core.matching.inputs.factors import CODES
from core.matching.inputs.limits import screen
from core.matching.inputs.matching_pool import MatchingPool, distance
from core.matching.ranking.scoring import Profile, as_weights, is_rankable, scores
from core.matching.ranking.shortlist import build_shortlist, candidates_for_job, candidates_for_person
from tests.core.batch.factories import BALANCED, a_pool, some_openings, some_people, some_refused, some_rules

ONE_FACTOR = [as_weights({code: 100}) for code in CODES]


def within(pool: MatchingPool, rules: Rules) -> np.ndarray:
    """(n, m) pairs that the run considers."""
    metres = distance(pool.seekers.position, pool.openings.position)
    away = rules.goalposts.travel[rules.mode].minutes(metres)
    return np.ones(away.shape, dtype=bool) if rules.reach is None else away <= rules.reach


def by_the_page(pool: MatchingPool, rules: Rules) -> set[tuple[int, int, int]]:
    """(person, opening, score) of every pair that the page would rank."""
    matrix = pool.pair_matrix(mode=rules.mode)
    result = scores(Profile.of_pairs(matrix), rules.weights)
    known = is_rankable(result, rules.goalposts.min_coverage).reshape(matrix.shape)
    total = result.total.reshape(matrix.shape)
    person, opening = np.nonzero(screen(matrix).passed & known & within(pool, rules))
    return set(zip(person.tolist(), opening.tolist(), total[person, opening].tolist(), strict=True))


@pytest.mark.parametrize("weights", [BALANCED, *ONE_FACTOR], ids=["balanced", *CODES])
@pytest.mark.parametrize("reach", [None, 30.0])
def test_every_pair_that_the_page_ranks_has_its_score_and_no_other_is_there(
    weights: np.ndarray, reach: float | None
) -> None:
    rng = np.random.default_rng(int(weights @ np.arange(7)))
    seekers, openings = some_people(rng, 1100), some_openings(rng, 60)  # people in two groups of rows
    pool = a_pool(seekers, openings, some_refused(rng, seekers, openings, 300))
    rules = some_rules(reach, weights)

    pairs = ranked_pairs(seekers, openings, rules, np.argwhere(pool.refused))

    expected = by_the_page(pool, rules)
    assert len(expected) > 200
    assert set(zip(*(column.tolist() for column in pairs.all()), strict=True)) == expected


@pytest.mark.parametrize(("people", "jobs"), [(0, 5), (5, 0), (1, 1)])
def test_an_empty_side_has_no_pairs(people: int, jobs: int) -> None:
    rng = np.random.default_rng(3)

    pairs = ranked_pairs(some_people(rng, people), some_openings(rng, jobs), some_rules())

    assert len(pairs) <= people * jobs
    assert [len(column) for column in pairs.first(50)] == [len(pairs)] * 3


def test_groups_hold_every_row_once_and_neighbours_together() -> None:
    position = np.random.default_rng(4).uniform(0, 1000, (500, 2))

    groups = compact_groups(position, 40)

    assert sorted(np.concatenate(groups)) == list(range(500))
    assert max(map(len, groups)) <= 40
    assert max(np.ptp(position[rows], axis=0).max() for rows in groups) < 600


@pytest.mark.parametrize("tile", [10_000, 60])
def test_the_lists_of_tiles_are_those_of_the_page(tmp_path: Path, tile: int) -> None:
    rng = np.random.default_rng(5)
    seekers, openings = some_people(rng, 240), some_openings(rng, 50)
    refused = some_refused(rng, seekers, openings)
    pool, rules = a_pool(seekers, openings, refused), some_rules()
    region = write_region(tmp_path, seekers, openings, refused, tile=tile)
    parts = [MatchPart(n, tmp_path, tmp_path / "match", rules, 10) for n in range(len(region.tiles))]
    (tmp_path / "match").mkdir()

    for work in (match_partition, merge_partition):
        for part in parts:
            work(part)

    assert len(parts) == (1 if tile > 240 else 4)
    considered = within(pool, rules)
    of_openings, of_people = (
        lists(tmp_path / "match", "openings", "job_id"),
        lists(tmp_path / "match", "people", "person_id"),
    )
    for n, job_id in enumerate(openings.ids.tolist()):
        page = build_shortlist(candidates_for_job(pool, job_id), BALANCED, 10, mask=considered[:, n])
        expected = list(zip(seekers.ids[page.rows].tolist(), page.scores.total[page.rows].tolist(), strict=True))
        assert of_openings.get(job_id, []) == expected
    for n, person_id in enumerate(seekers.ids.tolist()):
        page = build_shortlist(candidates_for_person(pool, person_id), BALANCED, 10, mask=considered[n])
        expected = list(zip(openings.ids[page.rows].tolist(), page.scores.total[page.rows].tolist(), strict=True))
        assert of_people.get(person_id, []) == expected


def lists(folder: Path, kind: str, key: str) -> dict[int, list[tuple[int, int]]]:
    """Key → [(other id, score)] in the order of the files."""
    other = "person_id" if key == "job_id" else "job_id"
    ranked: dict[int, list[tuple[int, int]]] = {}
    for path in sorted(folder.glob(f"{kind}-*.parquet")):
        table = read_table(path)
        for mine, theirs, score in zip(*(table[c].to_pylist() for c in (key, other, "score")), strict=True):
            ranked.setdefault(mine, []).append((theirs, score))
    return ranked
