"""What the slides of a week draw, as plain JSON data, computed from the rows as they were at the week's end.

    data = meeting_data(connection, facts, measured, parameters, as_of)

``facts`` are those of ``core.indicators.facts.as_of``. Nothing in the result names a person; lists are keys of rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from core.access import queries as access_queries
from core.access.accessibility import compute_accessibility
from core.access.measures import RATE_OF, Rate, make_measures
from core.access.snapshot import DistrictSnapshot, make_snapshot
from core.dispatch import queries
from core.dispatch.action_log import action_states
from core.enterprises.assessment import assess_enterprises
from core.enterprises.loading import load as load_ledger
from core.geography.plane import TravelMode, travel
from core.indicators import attention
from core.indicators import queries as indicator_queries
from core.indicators.dated_counts import counts_by_community
from core.indicators.facts import Facts
from core.indicators.funnel import funnel
from core.indicators.registry import Measured
from core.indicators.signals import Change, control_chart
from core.indicators.tables import is_rankable
from core.indicators.tables import ranking as rank_communities
from core.job_map.classes import natural_breaks
from core.matching.assignment.district import district, propose
from core.matching.inputs.loading import load as load_pool
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import as_weights
from core.store.settings import parameter
from core.teams import queries as team_queries
from core.teams.rhythm import compute_rhythm
from core.terms import PlanStatus
from core.workshops.loading import load as load_workshops
from core.workshops.states import WorkshopState, workshop_states

__all__ = ["ACCESS_MEASURE", "ACCESS_MINUTES", "ACCESS_MODE", "RANKED", "SERIES_WEEKS", "meeting_data"]

SERIES_WEEKS = 52
RANKED = ("visit_coverage", "re_employment", "plan_rate")  # what a meeting can act on first
ACCESS_MEASURE = "density"  # of the map slide
ACCESS_MODE, ACCESS_MINUTES = TravelMode.EBIKE, 20
TOP = 10  # rows of a list that a slide can show
OUTLINE_METRES = 40.0  # detail of a boundary that nobody sees from a chair


def meeting_data(
    connection: Connection,
    facts: Facts,
    measured: Mapping[str, Measured],
    parameters: pd.DataFrame,
    as_of: date,
    *,
    is_current: bool,
) -> dict[str, Any]:
    """Sections by name: series, rankings, attention, funnel, teams, actions, posts_ending (and its total), workshops, enterprises, access,
    assignment. ``measured`` holds every indicator of the registry on ``as_of``.

    Openings carry no history of their seats: unless the week ``is_current``, assignment is None.
    """
    posts, teams = _posts_ending(facts, as_of), _teams(connection, facts, parameters, as_of)
    return {
        "series": _series(connection, measured),
        "rankings": {code: _ranking(measured[code], facts) for code in RANKED if is_rankable(measured[code], facts)},
        "attention": _attention(facts, parameters, as_of),
        "funnel": [[row.code, int(row.n)] for row in funnel(facts, as_of).itertuples()],
        "teams": teams,
        "teams_total": [sum(row[k] for row in teams) for k in (3, 4)],
        "actions": _actions(connection, facts, as_of),
        "posts_ending": posts,
        "posts_ending_total": [sum(row[k] for row in posts) for k in (1, 2, 3)],
        "workshops": _workshops(connection, as_of),
        "enterprises": _enterprises(connection, parameters, as_of),
        "access": _access(connection, measured, parameters, as_of),
        "assignment": _assignment(connection, as_of) if is_current else None,
    }


def _series(connection: Connection, measured: Mapping[str, Measured]) -> dict[str, Any]:
    """Per indicator: the last year week by week with its limits, the two icons, and the same week a year ago."""
    notes = indicator_queries.notes(connection)
    notes = notes[notes["community_id"].isna()]
    series = {}
    for code, m in measured.items():
        own = notes[(notes["indicator"] == code) & (notes["week"] <= pd.Timestamp(m.today))]
        rebased = [week.date() for week in own.loc[own["starts_baseline"].astype(bool), "week"]]
        weekly = m.weekly()
        chart = control_chart(weekly, is_share=not m.indicator.per_person, rebased_on=rebased)
        better = m.indicator.higher_is_better
        assurance = chart.assurance(m.target, higher_is_better=better) if chart and m.target else None
        limits = None if chart is None else chart.table.tail(SERIES_WEEKS)
        series[code] = {
            "change": (chart.change(higher_is_better=better) if chart else Change.TOO_FEW).name,
            "rule": "" if chart is None or chart.rule is None else chart.rule.value,
            "assurance": None if assurance is None else assurance.name,
            "last_year": _rounded(m.same_week_last_year()),
            "days": [day.date().isoformat() for day in weekly.days[-SERIES_WEEKS:]],
            "values": [_rounded(value) for value in weekly.values[-SERIES_WEEKS:]],
            "limits": {
                side: [None] * SERIES_WEEKS if limits is None else [_rounded(v) for v in limits[side]]
                for side in ("centre", "low", "high")
            },
            "notes": [[row.week.date().isoformat(), row.text] for row in own.itertuples()],
        }
    return series


def _ranking(m: Measured, facts: Facts) -> dict[str, Any]:
    """Communities by an indicator, best first: rows of id, numerator, denominator, value, rank_low, rank_high, place a
    week ago (0 = none); and the ids of those that lead or trail with certainty."""
    ranking = rank_communities(m, facts)
    earlier = m.by_community(facts.communities, m.today - timedelta(weeks=1)).dropna(subset=["value"])
    earlier = earlier.sort_values(["value", "name"], ascending=[False, True], ignore_index=True)
    place = {int(key): k + 1 for k, key in enumerate(earlier["id"])}
    ids = dict(zip(ranking.table["name"], ranking.table["id"].astype(int), strict=True))
    rows = [
        [
            int(r.id),
            int(r.numerator),
            int(r.denominator),
            _rounded(r.value),
            int(r.rank_low),
            int(r.rank_high),
            place.get(int(r.id), 0),
        ]
        for r in ranking.table.itertuples()
    ]
    return {
        "rows": rows,
        "leaders": [ids[name] for name in ranking.leaders],
        "laggards": [ids[name] for name in ranking.laggards],
    }


def _attention(facts: Facts, parameters: pd.DataFrame, as_of: date) -> list[dict[str, Any]]:
    """Per watch with rows: code, light, oldest, count, rows by community id, and the keys of the rows."""
    home = facts.people.set_index("id")["community_id"]
    results = []
    for finding in attention.findings(facts, parameters, as_of):
        column = next(c for c in ("person_id", "job_id", "workshop_id", "code") if c in finding.rows.columns)
        by_community: dict[str, int] = {}
        if column == "person_id":
            counts = finding.rows["person_id"].map(home).dropna().astype(int).value_counts()
            by_community = {str(key): int(n) for key, n in sorted(counts.items())}
        results.append(
            {
                "code": finding.watch.code,
                "light": finding.light.value,
                "oldest": finding.oldest.isoformat(),
                "count": len(finding.rows),
                "by_community": by_community,
                "key": column,
                "keys": [str(key) for key in finding.rows[column]],
            }
        )
    return results


def _actions(connection: Connection, facts: Facts, as_of: date) -> list[dict[str, Any]]:
    """Open actions, and those closed within the week."""
    states = action_states(facts.actions, queries.action_events(connection), as_of)
    states = states[states["list"] != ""]
    columns = [
        "id",
        "code",
        "problem",
        "measure",
        "indicator",
        "community_id",
        "office",
        "owner",
        "raised_on",
        "due_on",
    ]
    columns += [
        "status",
        "closed_on",
        "light",
        "days_late",
        "weeks_open",
        "extensions",
        "first_due_on",
        "evidence",
        "list",
    ]
    return [{name: _plain(row[name]) for name in columns} for row in states.to_dict("records")]


def _teams(connection: Connection, facts: Facts, parameters: pd.DataFrame, as_of: date) -> list[list[int]]:
    """The rhythm of each community's team: id, whether it met in the week (0 or 1), weeks of the last twelve in which it
    met, people visited within the interval, of those who have sought work for that long."""
    meetings, homes = team_queries.meetings(connection), team_queries.homes_by_grid(connection)
    table = compute_rhythm(facts, meetings, homes, parameters, as_of)
    columns = ["community_id", "met_last_week", "met", "visited", "listed"]
    return [[int(value) for value in row] for row in table[columns].itertuples(index=False)]


def _posts_ending(facts: Facts, as_of: date) -> list[list[int]]:
    """Welfare posts that end within 90 days, by community: id, within 30 days, later, of all these without a plan."""
    moment = pd.Timestamp(as_of)
    posts = facts.posts
    days = (posts["ends_on"] - moment).dt.days
    ending = posts[posts["exited_on"].isna() & days.between(0, 90)].assign(days=days)
    planned = facts.plans.loc[facts.plans["status"] == PlanStatus.LIVE, "person_id"]
    ending = ending.assign(soon=ending["days"] <= 30, no_plan=~ending["person_id"].isin(planned))
    groups = ending.dropna(subset=["community_id"]).groupby("community_id")
    return [[int(key), int(g["soon"].sum()), int((~g["soon"]).sum()), int(g["no_plan"].sum())] for key, g in groups]


def _workshops(connection: Connection, as_of: date) -> list[dict[str, Any]]:
    return [_workshop(state) for state in workshop_states(load_workshops(connection, as_of), as_of)]


def _workshop(state: WorkshopState) -> dict[str, Any]:
    load, capacity = state.load, state.capacity
    ratio = None if load is None or load.ratio is None or not np.isfinite(load.ratio) else load.ratio
    late = () if load is None else load.late
    paid = None if state.pay is None else state.pay.total
    return {
        "id": state.key,
        "stations": state.stations,
        "on_roll": state.on_roll,
        "ratio": _rounded(ratio),
        "is_overdue": bool(load and load.ratio is not None and ratio is None),  # a due date has passed, or nobody works
        "light": None if load is None or load.light is None else load.light.value,
        "orders": 0 if load is None else len(load.orders),
        "late_orders": len(late),
        "seats": None if capacity is None else capacity.seats,
        "needed": None if capacity is None else capacity.needed,
        "bottleneck": None if state.bottleneck is None else state.bottleneck.kind.value,
        "paid_hour": None if paid is None else _rounded(paid.per_hour),
        "wage_floor": None if paid is None else _rounded(paid.floor),
        "is_underpaid": state.is_underpaid,
    }


def _enterprises(connection: Connection, parameters: pd.DataFrame, as_of: date) -> list[dict[str, Any]]:
    ledger = load_ledger(connection, as_of)
    return [
        {
            "id": a.key,
            "tier": a.tier.value,
            "is_reviewed": a.is_reviewed,
            "index": _rounded(a.index),
            "live": _rounded(a.live.index),
            "change": _rounded(a.change),
            "people": a.target_people,
            "waiting": a.waiting,
            "flags": [flag.value for flag in a.flags],
            "next_review_on": None if a.next_review_on is None else a.next_review_on.isoformat(),
        }
        for a in assess_enterprises(ledger, parameters, as_of)
    ]


def _access(
    connection: Connection, measured: Mapping[str, Measured], parameters: pd.DataFrame, as_of: date
) -> dict[str, Any]:
    """The measure of the map by community, its classes, and simplified outlines."""
    snapshot = make_snapshot(access_queries.load(connection, as_of))
    if snapshot.communities.empty:
        return {"regions": [], "breaks": [], "district": None}
    accessibility = compute_accessibility(snapshot, ACCESS_MODE, travel(parameters, ACCESS_MODE, as_of), ACCESS_MINUTES)
    rates = {
        code: Rate(counts_by_community(m.numerator_rows, as_of), counts_by_community(m.denominator_rows, as_of))
        for code, m in ((code, measured[code]) for code in RATE_OF.values())
    }
    inside, outside = (
        make_measures(snapshot, accessibility, rates, round(parameter(parameters, key, as_of)))
        for key in ("small_count_inside", "small_count_outside")
    )
    values = inside.values[ACCESS_MEASURE].to_numpy(dtype=float)
    classes = natural_breaks(values)
    return {
        "measure": ACCESS_MEASURE,
        "mode": ACCESS_MODE.value,
        "minutes": ACCESS_MINUTES,
        "district": _rounded(inside.district[ACCESS_MEASURE]),
        "breaks": [_rounded(b) for b in classes.bounds],
        "regions": _regions(snapshot, values, outside.values[ACCESS_MEASURE].notna().to_numpy()),
        "openings": int(snapshot.supply.sum()),
        "seekers": int(snapshot.seekers.sum()),
    }


def _regions(snapshot: DistrictSnapshot, values: np.ndarray, is_released: np.ndarray) -> list[dict[str, Any]]:
    """Each community's value, whether it may leave the bureau, label point and simplified rings, holes included, in
    degrees."""
    regions = []
    for k, key in enumerate(snapshot.communities.index):
        outline = snapshot.shapes[k].simplify(OUTLINE_METRES)
        polygons = getattr(outline, "geoms", [outline])
        rings = [
            snapshot.plane.lonlat(np.asarray(ring.coords)) for p in polygons for ring in (p.exterior, *p.interiors)
        ]
        regions.append(
            {
                "id": int(key),
                "value": _rounded(values[k]),
                "is_released": bool(is_released[k]),
                "label": _point(snapshot.plane.lonlat(snapshot.labels[k : k + 1])[0]),
                "rings": [[_point(xy) for xy in ring] for ring in rings],
            }
        )
    return regions


def _assignment(connection: Connection, as_of: date) -> dict[str, Any]:
    """The optimum of the whole district with the balanced weights: seats, people, placed; how many openings are left
    unfilled, and the first of them."""
    pool = load_pool(connection, as_of)
    everyone = district(pool, ACCESS_MODE)
    if 0 in everyone.shape:
        return {"people": everyone.shape[0], "seats": 0, "placed": 0, "unfilled": 0, "openings": []}
    proposal = propose(everyone, as_weights(BUILT_IN[0].weights), people_mask=pool.people_mask(ending_too=False))
    filled = np.bincount([job for _, job in proposal.optimum.pairs], minlength=len(proposal.seats))
    left = proposal.seats - filled
    able = proposal.allowed.sum(axis=0)
    unfilled = sorted(np.flatnonzero(left > 0), key=lambda j: (-left[j], able[j], j))
    openings = pool.openings
    return {
        "mode": ACCESS_MODE.value,
        "people": int(proposal.people_mask.sum()),
        "seats": int(proposal.seats.sum()),
        "placed": len(proposal.optimum.pairs),
        "unfilled": len(unfilled),
        "openings": [
            {
                "job_id": int(openings.ids[j]),
                "title": pool.titles[j],
                "employer": str(pool.jobs["employer"].iloc[j]),
                "seats": int(proposal.seats[j]),
                "filled": int(filled[j]),
                "able": int(able[j]),
            }
            for j in unfilled[:TOP]
        ],
    }


def _point(xy: np.ndarray) -> list[float]:
    return [round(float(xy[0]), 5), round(float(xy[1]), 5)]


def _rounded(value: float | None) -> float | None:
    """To six decimals, None for no value: the same text on every machine."""
    return None if value is None or not np.isfinite(value) else round(float(value), 6)


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or (not isinstance(value, (list, dict)) and pd.isna(value)):
        return None
    if isinstance(value, (pd.Timestamp, date)):
        return value.date().isoformat() if isinstance(value, pd.Timestamp) else value.isoformat()
    if isinstance(value, (np.integer, int)) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(value)
    return getattr(value, "value", value)
