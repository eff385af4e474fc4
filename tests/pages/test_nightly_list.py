"""The list that a nightly run left, on the page of matching."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from core.batch.__main__ import main
from core.batch.results import nightly_assignment
from core.store.database import Database
from tests.accesses import caseworker
from tests.pages.conftest import Open


def test_the_nightly_list_says_when_it_was_made_and_names_only_the_people_of_who_looks(
    opener: Callable[[Database], Open], sample_copy: Database
) -> None:
    page = opener(sample_copy)
    without = page("matching")
    assert "夜间清单" not in str(without.segmented_control)
    assert main(["match"], now=datetime(2025, 12, 28, 19, 0, tzinfo=UTC)) == 0

    listed = page("matching", test="nightly")
    own = page("matching", test="nightly", who=caseworker("许小满", [1]))

    assert not listed.exception
    assert not own.exception
    texts = [each.value.replace("\\", "") for each in listed.markdown]
    assert any("2025-12-29 03:00计算" in text and "此后数据没有变更" in text for text in texts)
    table = listed.dataframe[-1].value
    assert list(table["夜间名次"][:3]) == [1, 2, 3]
    assert list(table["当前名次"][:3]) == ["1", "2", "3"]
    assert len(own.dataframe[-1].value) < len(table)


def test_the_assignment_of_the_night_says_whom_it_sends_here_and_what_bounds_it(
    opener: Callable[[Database], Open], sample_copy: Database
) -> None:
    page = opener(sample_copy)
    assert main(["assign"], now=datetime(2025, 12, 28, 19, 0, tzinfo=UTC)) == 0
    nightly = nightly_assignment(sample_copy.batch_folder)
    assert nightly is not None
    job = int(nightly.jobs.iloc[0])

    shown = page("matching", test="nightly", job=str(job), lang="en")

    assert not shown.exception
    [text] = [each.value.replace("\\", "") for each in shown.markdown if "no assignment places more than" in each.value]
    assert f"{nightly.bound.placed} people are placed" in text
    assert all(f"(no. {number})" in text for number in nightly.of_opening(job))


def test_who_is_left_out_by_the_filters_now_is_told_from_who_cannot_be_ranked(
    opener: Callable[[Database], Open], sample_copy: Database
) -> None:
    page = opener(sample_copy)
    assert main(["match"], now=datetime(2025, 12, 28, 19, 0, tzinfo=UTC)) == 0

    seeking = page("matching", test="nightly", job="189", lang="en").dataframe[-1].value["Place now"]
    ending_too = page("matching", test="nightly", job="189", lang="en", ending="1").dataframe[-1].value["Place now"]

    assert "outside the filters" in set(seeking)
    assert "outside the filters" not in set(ending_too)
