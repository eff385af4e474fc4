"""What a nightly run left about a community, on the job map."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from streamlit.testing.v1 import AppTest

from core.access import queries as access_queries
from core.batch.__main__ import main
from core.batch.results import nightly_assignment
from core.store.database import Database
from core.terms import PersonState
from tests.pages.conftest import Open

AT = datetime(2025, 12, 28, 19, 0, tzinfo=UTC)


def captions(page: AppTest) -> list[str]:
    assert not page.exception
    return [each.value.replace("\\", "") for each in page.caption]


def placed_from(db: Database, community: int) -> int:
    """Whom the newest assignment places of those who live in a community and seek work."""
    assignment = nightly_assignment(db.batch_folder)
    assert assignment is not None
    with db.read() as connection:
        people = access_queries.people(connection, AT.date())
    seekers = people[(people["state"] == PersonState.SEEKING) & (people["community_id"] == community)]
    return int(seekers["person_id"].isin(assignment.jobs.index).sum())


def test_a_community_shows_the_nightly_figures_with_their_age_and_the_jobs_that_nobody_fits(
    opener: Callable[[Database], Open], sample_copy: Database
) -> None:
    page = opener(sample_copy)
    without = captions(page("job_map", community="2"))
    assert "名单：尚无夜间计算。启动命令：python -m core.batch match" in without
    assert main(["match"], now=AT) == 0
    assert main(["access"], now=AT) == 0
    assert main(["assign"], now=AT) == 0

    shown = page("job_map", community="12", lang="en")

    assert (
        "Access: computed 2025-12-29 03:00 for Dec 28, 2025, within 15 minutes on foot. The data have not changed since."
        in captions(shown)
    )
    night, live = (
        next(each.value for each in shown.table if name in each.value.index.name) for name in ("Nightly", "Map")
    )
    assert (
        night.loc["Openings within reach", "Here"]
        == f"{live.loc['Openings within reach', 'Here']} openings per 1,000 job seekers"
    )
    assert night.loc["Job seekers with an opening", "Here"] == live.loc["Job seekers with an opening", "Here"]
    assert night.loc["Job seekers here with a job on their list", "Here"] == "28"
    assert night.loc["Job seekers here whom the assignment places", "Here"] == str(placed_from(sample_copy, 12))
    unfit, of = map(int, night.loc["Jobs here with nobody on their list", "Here"].split(" of "))
    links = [each.label for each in shown.get("page_link") if each.label.startswith("Why nobody")]
    assert 0 < unfit < of
    assert len(links) == unfit


def test_a_damaged_run_and_one_of_a_store_that_was_restored_show_no_figures(
    opener: Callable[[Database], Open], sample_copy: Database
) -> None:
    page = opener(sample_copy)
    assert main(["access"], now=AT) == 0
    (file,) = sample_copy.batch_folder.glob("*/access/communities.parquet")
    file.write_bytes(b"")

    damaged = page("job_map", community="2")

    assert "可及度：夜间计算尚未完成，或结果文件已损坏。请重新运行：python -m core.batch access" in captions(damaged)
    assert not any("夜间指标" in str(each.value.index.name) for each in damaged.table)
