"""The figures of a frozen week as they may leave the bureau: small counts hidden so that subtraction does not bring them
back.

Each indicator of a kind of unit is audited as the two-way table that it is computed from (counted and not counted, by
unit; the district's totals are published). Indicators that share a population (the same frozen rows) hide its count in
the same units, and then everything that they say of those units. The smallest count that may leave is frozen with the
week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.dispatch.frozen_week import UnitType, fact_table, min_count_outside
from core.dispatch.slides import SIDES, Week
from core.geography.suppression_audit import Protection, Release, certificate, protect
from core.locale import Translator

__all__ = ["ReleasedUnits", "release_units", "released_week"]

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ReleasedUnits:
    """``table``: rows of the frozen facts of one kind of unit, numerator, denominator and value NaN where hidden.

    ``narrowest``: persons between the least and the most that can be proved of any hidden count; infinite if nothing
    is hidden.
    """

    table: pd.DataFrame
    min_count: int
    narrowest: float

    def certificate(self, tr: Translator) -> str:
        """The line that goes with the table."""
        return certificate(tr, self.min_count, self.narrowest)


def release_units(content: Mapping[str, Any], unit_type: UnitType) -> ReleasedUnits:
    """The facts of every community, employer or workshop, safe to publish together with the district's."""
    facts, min_count = fact_table(content), min_count_outside(content)
    rows = facts[facts["unit_type"] == unit_type.value].reset_index(drop=True)
    district = facts[facts["unit_type"] == UnitType.DISTRICT.value].set_index("indicator")
    hidden, narrowest = np.zeros((len(rows), 2), dtype=bool), np.inf
    for code, part in rows.groupby("indicator", sort=False):
        totals = district.loc[code, ["numerator", "denominator"]].to_numpy(dtype=np.int64)
        mask, width = _protected(part[["numerator", "denominator"]].to_numpy(np.int64), totals, min_count)
        hidden[part.index] = mask
        narrowest = min(narrowest, width)
    _hide_shared_populations(rows, hidden, content["rows"])
    shown = rows.astype({"numerator": float, "denominator": float})
    shown["numerator"] = shown["numerator"].mask(hidden[:, 0])
    shown["denominator"] = shown["denominator"].mask(hidden[:, 1])
    shown["value"] = shown["value"].mask(hidden.any(axis=1))
    return ReleasedUnits(shown, min_count, narrowest)


def released_week(week: Week) -> Week:
    """The week as its slides may leave the bureau: small counts hidden (None), with the narrowest interval left to one.

    Counts by community and of rows that entered and left are protected against subtraction from the district's;
    openings and enterprises stand without a total, so that their small counts alone are hidden.
    """
    data, min_count = week.data, min_count_outside(week.content)
    communities = release_units(week.content, UnitType.COMMUNITY)
    units = communities.table.set_index(["indicator", "unit"])
    attention, attention_width = _released_attention(data["attention"], min_count)
    posts, posts_width = _released_posts(data["posts_ending"], min_count)
    teams, teams_width = _released_teams(data.get("teams", []), min_count)
    hidden_moves, moves_width = _hidden_moves(week, min_count)
    shown = {
        "rankings": {
            code: {**ranking, "rows": [_released_rank(units, code, row) for row in ranking["rows"]]}
            for code, ranking in data["rankings"].items()
        },
        "attention": attention,
        "posts_ending": posts,
        "teams": teams,
        "enterprises": [{**e, "people": _large(e["people"], min_count)} for e in data["enterprises"]],
        "access": {
            **data["access"],
            "regions": [
                region if region.get("is_released", True) else {**region, "value": None}
                for region in data["access"]["regions"]
            ],
        },
        "assignment": data["assignment"]
        and {
            **data["assignment"],
            "openings": [
                {**o, "able": _large(o["able"], min_count), "filled": _large(o["filled"], min_count)}
                for o in data["assignment"]["openings"]
            ],
        },
    }
    return replace(
        week,
        content={**week.content, "meeting": {**data, **shown}},
        min_count=min_count,
        narrowest=min(communities.narrowest, attention_width, posts_width, teams_width, moves_width),
        hidden_moves=hidden_moves,
    )


def _released_rank(units: pd.DataFrame, code: str, row: list[Any]) -> list[Any]:
    """A row of a ranking: id, numerator, denominator, value …; without what is hidden of its community."""
    key, *_, place_before = row
    own = units.loc[(code, key)]
    if own[["numerator", "denominator"]].isna().any():
        return [key, None, None, None, *row[4:-1], 0]
    return [*row[:-1], place_before]


def _released_attention(watches: list[dict[str, Any]], min_count: int) -> tuple[list[dict[str, Any]], float]:
    """The watches without small counts of communities, and the narrowest interval left to a hidden one."""
    released, narrowest = [], np.inf
    for watch in watches:
        counts = watch["by_community"]
        if counts:
            own = np.array(list(counts.values()), dtype=np.int64)
            column = np.append(own, max(watch["count"] - own.sum(), 0))
            protection = _protect(_column(column), len(column), min_count)
            shown = {key: None if protection.hidden[k] else int(own[k]) for k, key in enumerate(counts)}
            watch, narrowest = {**watch, "by_community": shown}, min(narrowest, protection.narrowest)
        released.append(watch)
    return released, narrowest


def _released_posts(rows: list[list[int]], min_count: int) -> tuple[list[list[int | None]], float]:
    """Rows of community, soon, later, without a plan, and the narrowest interval left: two splits of the same posts; a
    community hidden in one is hidden in both."""
    if not rows:
        return [], np.inf
    table = np.array([row[1:] for row in rows], dtype=np.int64)
    posts = table[:, :2].sum(axis=1)
    secret, narrowest = np.zeros(len(rows), dtype=bool), np.inf
    for counts in (table[:, 0], table[:, 2]):
        totals = np.array([counts.sum(), posts.sum()])
        mask, width = _protected(np.stack([counts, posts], axis=1), totals, min_count)
        secret |= mask.any(axis=1)
        narrowest = min(narrowest, width)
    return [[row[0], None, None, None] if secret[k] else list(row) for k, row in enumerate(rows)], narrowest


def _released_teams(rows: list[list[int]], min_count: int) -> tuple[list[list[int | None]], float]:
    """The rhythm of the teams, without the counts of people visited and listed where they are small, and the narrowest
    interval left to one that is hidden; the district's are published."""
    if not rows:
        return [], np.inf
    counts = np.array([row[3:5] for row in rows], dtype=np.int64)
    hidden, narrowest = _protected(counts, counts.sum(axis=0), min_count)
    shown = zip(rows, hidden, strict=True)
    return [[*row[:3], None, None] if is_secret.any() else list(row) for row, is_secret in shown], narrowest


def _hidden_moves(week: Week, min_count: int) -> tuple[frozenset[tuple[str, str]], float]:
    """Indicators and sides of which few rows entered or left, and the narrowest interval left to their counts.

    The counts of both weeks are published, so that one of "entered" and "left" gives the other.
    """
    secret, narrowest = set(), np.inf
    for (code, side), (entered, left) in week.moves.items():
        kept = int(week.district[code][side]) - entered
        members = np.array([[0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1]], dtype=bool)  # of kept, entered, left
        counts = members @ np.array([kept, entered, left], dtype=np.int64)
        protection = _protect(Release(members, counts, counts.astype(float)), 2, min_count)
        if protection.hidden.any():
            secret.add((code, side))
            narrowest = min(narrowest, protection.narrowest)
    return frozenset(secret), narrowest


def _large(count: int, min_count: int) -> int | None:
    return None if 0 < count < min_count else count


def _protected(counts: Counts, totals: Counts, min_count: int) -> tuple[Mask, float]:
    """Which of ``counts`` (units, 2: numerator, denominator) to hide beside ``totals`` (2,), and the narrowest interval
    left to one that is hidden. People of no unit are a further row: that nobody publishes it may not protect others."""
    rest = np.maximum(totals - counts.sum(axis=0), 0)
    table = np.vstack([counts, rest])
    units = len(counts)
    with_, all_ = table[:, 0], table[:, 1]
    if (with_ <= all_).all():
        split = np.stack([with_, all_ - with_], axis=1)
        protection = _protect(Release.of_table(split), 3 * len(table), min_count)
        cells = protection.hidden[: 2 * len(table)].reshape(-1, 2)
        row_totals = protection.hidden[2 * len(table) : 3 * len(table)]
        return np.stack([cells[:, 0], row_totals], axis=1)[:units], protection.narrowest
    sides = [_protect(_column(table[:, side]), len(table), min_count) for side in range(len(SIDES))]
    return np.stack([p.hidden[:units] for p in sides], axis=1), min(p.narrowest for p in sides)


def _column(counts: Counts) -> Release:
    """Counts of units that are published with their total."""
    members = np.vstack([np.eye(len(counts), dtype=bool), np.ones((1, len(counts)), dtype=bool)])
    sums = members @ counts
    cost = np.where(sums == 0, sums[-1], sums).astype(float)
    return Release(members, sums, cost)


def _protect(release: Release, units: int, min_count: int) -> Protection:
    """What to hide of a release whose sums from ``units`` on are totals of the district, which are published anyway."""
    return protect(release, min_count, published=np.arange(len(release.counts)) >= units)


def _hide_shared_populations(rows: pd.DataFrame, hidden: Mask, keys: Mapping[str, Mapping[str, list[str]]]) -> None:
    """Where a count is hidden in one indicator, hide all that others say of the unit if they count the same rows."""
    groups: dict[tuple[str, ...], set[tuple[str, int]]] = defaultdict(set)
    for code, sides in keys.items():
        for side, name in enumerate(SIDES):
            groups[tuple(sides[name])].add((code, side))
    units, codes = rows["unit"].to_numpy(), rows["indicator"].to_numpy()
    changed = True
    while changed:
        changed = False
        for group in groups.values():
            if len(group) < 2:
                continue
            secret = {u for code, side in group for u in units[(codes == code) & hidden[:, side]]}
            for code, _ in group:
                same = (codes == code) & np.isin(units, list(secret))
                changed |= bool((~hidden[same]).any())
                hidden[same] = True
