"""Fields of work out of reach: as many as a filter by that field leaves without an opening."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.access.accessibility import compute_accessibility, summary
from core.access.gaps import gaps
from core.access.job_filter import JobFilter, filtered
from core.access.snapshot import DistrictSnapshot
from core.geography.plane import TravelMode
from core.terms import PostField
from tests.core.access.factories import WALK, a_snapshot


@pytest.fixture(scope="module")
def snapshot() -> DistrictSnapshot:
    whole = a_snapshot(people=900, jobs=40)
    fields = [*[field.value for field in PostField][:5], None]
    return replace(whole, jobs=whole.jobs.assign(field=[fields[n % 6] for n in range(len(whole.jobs))]))


def test_a_field_is_out_of_reach_of_whom_the_filter_leaves_without_an_opening(snapshot: DistrictSnapshot) -> None:
    by_field = {gap.field: gap for gap in gaps(snapshot, compute_accessibility(snapshot, TravelMode.WALK, WALK), 1)}

    assert set(by_field) == set(PostField)
    for field, gap in by_field.items():
        matching = filtered(snapshot, JobFilter(field=field))
        accessibility = compute_accessibility(matching, TravelMode.WALK, WALK)
        totals = summary(accessibility.access.value, accessibility.cumulative, matching.supply)
        assert (gap.without.n, gap.without.more) == (totals.uncovered, False)
        assert gap.openings == totals.openings
        assert gap.counts.sum() == totals.uncovered


def test_a_field_without_any_opening_is_out_of_reach_of_everybody_and_comes_first(snapshot: DistrictSnapshot) -> None:
    first = gaps(snapshot, compute_accessibility(snapshot, TravelMode.WALK, WALK), 3)[0]

    assert (first.openings, first.without.n) == (0, len(snapshot.homes))
    assert list(first.worst(1)) == [snapshot.communities["id"].iloc[int(np.argmax(snapshot.seekers))]]


def test_few_seekers_of_a_community_are_neither_counted_nor_named(snapshot: DistrictSnapshot) -> None:
    k = int(np.sort(snapshot.seekers)[1]) + 1
    first = gaps(snapshot, compute_accessibility(snapshot, TravelMode.WALK, WALK), k)[0]

    assert np.isnan(first.counts).sum() == (snapshot.seekers < k).sum() > 0
    assert first.without.more
    assert first.without.n == snapshot.seekers[snapshot.seekers >= k].sum()
    assert not np.isnan(first.counts[first.worst(9)]).any()
