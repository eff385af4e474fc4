"""How the counts of people on the overview nest: who was ever in the pool, who is now, who seeks, who works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.indicators import populations
from core.indicators.dated_counts import rows_on
from core.indicators.facts import Facts, computed_once
from core.locale import N_

__all__ = ["GROUPS", "PoolGroup", "reconcile_pool"]

# code → (level of nesting, name, definition); a level's groups add up to the one above, but for the coverage base
GROUPS = {
    "ever": (0, N_("Ever in the pool"), N_("Everyone who sought work or was in the last 90 days of a welfare post.")),
    "pool": (1, N_("In the pool today"), N_("Seeking work, or in the last 90 days of a welfare post.")),
    "seeking": (2, N_("seeking work"), N_("State: seeking work.")),
    "seeking_exits": (3, N_("after a welfare post"), N_("Seeking work after an exit from a welfare post.")),
    "waiting": (4, N_("not re-employed since"), N_("Exits from welfare posts without a job since who seek work.")),
    "again": (4, N_("seeking again after a job"), N_("Re-employed after the exit, and seeking work again.")),
    "seeking_others": (3, N_("others"), N_("Seeking work without an exit from a welfare post.")),
    "ending": (2, N_("in the last 90 days of a post"), N_("On a welfare post that ends within 90 days.")),
    "working": (1, N_("At work today"), N_("Left the pool and in a job that is no welfare post.")),
    "elsewhere": (1, N_("Neither"), N_("Left the pool without a job today: retired, out of reach, on a post, …")),
    "all_working": (0, N_("At work in the district"), N_("In a job that is no welfare post today.")),
    "never": (1, N_("never in the pool"), N_("At work without ever having been in the pool.")),
    "base": (0, N_("Base of visit coverage"), N_("In the pool at the start of the month.")),
    "base_left": (1, N_("left the pool since"), N_("In the pool at the start of the month, not today.")),
}


@dataclass(frozen=True)
class PoolGroup:
    """One count and the people behind it (one row a person, column ``person_id``)."""

    code: str
    level: int
    rows: pd.DataFrame


@computed_once
def reconcile_pool(facts: Facts, today: date) -> dict[str, PoolGroup]:
    """Every group of ``GROUPS`` on ``today``.

    ever = pool + working + elsewhere; pool = seeking + ending; seeking = seeking_exits + seeking_others; seeking_exits =
    waiting + again.
    """
    spells = populations.pool(facts)
    ever = _people(spells[spells["since"] <= pd.Timestamp(today)])
    pool = _people(rows_on(spells, today))
    seeking = _people(rows_on(populations.seekers(facts), today))
    exited = _people(rows_on(populations.exits(facts), today))
    returned = _people(rows_on(populations.re_employed(facts), today))
    at_work = _people(rows_on(populations.active_placements(facts), today))
    base = _people(rows_on(populations.pool_month_start(facts), today))
    members = {
        "ever": ever,
        "pool": pool,
        "seeking": seeking,
        "seeking_exits": seeking & exited,
        "waiting": (seeking & exited) - returned,
        "again": seeking & exited & returned,
        "seeking_others": seeking - exited,
        "ending": pool - seeking,
        "working": (ever & at_work) - pool,
        "elsewhere": ever - pool - at_work,
        "all_working": at_work,
        "never": at_work - ever,
        "base": base,
        "base_left": base - pool,
    }
    return {
        code: PoolGroup(code, level, pd.DataFrame({"person_id": sorted(members[code])}))
        for code, (level, _, _) in GROUPS.items()
    }


def _people(rows: pd.DataFrame) -> set[int]:
    return set(rows["person_id"].astype(int))
