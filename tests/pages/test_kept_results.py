"""What pages keep outlives a write that leaves the figures behind it as they were, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.indicators.attention import Finding
from core.indicators.tables import RankedUnit
from core.locale import translator
from core.people.commands import record_visit
from core.policy import Action
from core.store.commands import command
from core.store.database import Database
from core.store.settings import save_parameter
from core.terms import VisitMode
from pages import cache
from tests.accesses import administrator, caseworker
from tests.pages.conftest import Opener
from tests.stores import NOW

TODAY = date(2025, 12, 28)


def overview() -> tuple[dict[str, Any], dict[str, Finding]]:
    """The overview's charts by name and its findings by code, as a page asks for them now."""
    revision, tr, own = cache.store.revision(), translator("en"), cache.overview
    drawn = {
        "funnel": own.funnel_spec(revision, TODAY, tr, False),
        "pool": own.pool_spec(revision, TODAY, tr, False),
        "cohorts": own.cohort_spec(revision, TODAY, tr, False),
        "ranking": own.ranking_spec(revision, TODAY, "re_employment", RankedUnit.COMMUNITY, tr, False),
        "visits": own.ranking_spec(revision, TODAY, "visit_coverage", RankedUnit.COMMUNITY, tr, False),
        "posts": own.posts_spec(revision, TODAY, tr, False),
    }
    return drawn, {finding.watch.code: finding for finding in own.findings(revision, TODAY)}


def test_a_write_draws_the_charts_and_lists_anew_that_it_changes_and_no_others(
    opener: Opener, sample_copy: Database
) -> None:
    opener(sample_copy)
    drawn, findings = overview()
    overdue = findings["overdue_visits"].rows
    record_visit(
        sample_copy, int(overdue["person_id"].iloc[0]), visited_on=TODAY, mode=VisitMode.PHONE, needs="", next_on=None,
        actor=caseworker(), at=NOW,
    )  # fmt: skip
    visited, after_visit = overview()

    assert len(after_visit["overdue_visits"].rows) == len(overdue) - 1
    assert {name for name in drawn if visited[name] is not drawn[name]} == {"visits"}
    same = [code for code in findings if after_visit[code].rows is findings[code].rows]
    assert set(findings) - set(same) == {"overdue_visits"}

    with command(sample_copy, actor=administrator(), action=Action.SAVE_PARAMETER, at=NOW) as change:
        save_parameter(change, "stale_opening_days", TODAY, 1, "test")
    changed, after_parameter = overview()

    assert len(after_parameter["stale_openings"].rows) > len(findings["stale_openings"].rows)
    assert all(changed[name] is visited[name] for name in drawn)
