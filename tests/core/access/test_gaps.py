"""Fields of work out of reach: as many as a filter by that field leaves without an opening."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.access.accessibility import make_reach, summary
from core.access.gaps import gaps
from core.access.job_filter import JobFilter, filtered
from core.access.snapshot import Atlas
from core.geography.plane import TravelMode
from core.terms import PostField
from tests.core.access.factories import WALK, an_atlas


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    whole = an_atlas(people=900, jobs=40)
    fields = [*[field.value for field in PostField][:5], None]
    return replace(whole, jobs=whole.jobs.assign(field=[fields[n % 6] for n in range(len(whole.jobs))]))


def test_a_field_is_out_of_reach_of_whom_the_filter_leaves_without_an_opening(atlas: Atlas) -> None:
    found = {gap.field: gap for gap in gaps(atlas, make_reach(atlas, TravelMode.WALK, WALK), 1)}

    assert set(found) == set(PostField)
    for field, gap in found.items():
        looked = filtered(atlas, JobFilter(field=field))
        reach = make_reach(looked, TravelMode.WALK, WALK)
        now = summary(looked, reach.access.value, reach.cumulative, looked.supply, reach.access.reached)
        assert (gap.without.n, gap.without.more) == (now.uncovered, False)
        assert gap.openings == now.openings
        assert gap.counts.sum() == now.uncovered


def test_a_field_without_any_opening_is_out_of_reach_of_everybody_and_comes_first(atlas: Atlas) -> None:
    first = gaps(atlas, make_reach(atlas, TravelMode.WALK, WALK), 3)[0]

    assert (first.openings, first.without.n) == (0, len(atlas.homes))
    assert list(first.worst(1)) == [int(np.argmax(atlas.seekers))]


def test_few_seekers_of_a_community_are_neither_counted_nor_named(atlas: Atlas) -> None:
    k = int(np.sort(atlas.seekers)[1]) + 1
    first = gaps(atlas, make_reach(atlas, TravelMode.WALK, WALK), k)[0]

    assert np.isnan(first.counts).sum() == (atlas.seekers < k).sum() > 0
    assert first.without.more
    assert first.without.n == atlas.seekers[atlas.seekers >= k].sum()
    assert not np.isnan(first.counts[first.worst(9)]).any()
