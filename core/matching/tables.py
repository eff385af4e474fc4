"""Frames behind the charts, tables and downloads of the matching page."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from core.jobs.commands import LIVE
from core.jobs.shifts import pattern
from core.locale import Translator
from core.matching.assignment.district import Proposal
from core.matching.assignment.training_gain import Gain
from core.matching.explanation import band_sentence, change_mark
from core.matching.fairness import Rate, label
from core.matching.inputs.factors import FACTORS
from core.matching.inputs.limits import removed
from core.matching.inputs.pool import Pool
from core.matching.ranking.shortlist import NEW, Candidates, Kind, Shortlist
from core.matching.ranking.stability import Band
from core.matching.reasons import hours_grid, skill_name
from core.people.masking import mask_unless
from core.terms import ReferralState, Shift

__all__ = [
    "band_rows",
    "bars",
    "difference_rows",
    "export_rows",
    "crowding",
    "gain_rows",
    "job_labels",
    "lines",
    "person_labels",
    "proposal_rows",
    "rate_rows",
    "raw_text",
    "referral_of",
    "removed_rows",
    "slope_rows",
    "way_rows",
    "week_rows",
]

Name = Callable[[int], str]
UNSEEN = 1e-9  # points; an interval narrower than that is a point


def raw_text(pool: Pool, found: Candidates, row: int, j: int, tr: Translator) -> str:
    """The value behind factor ``j`` of a candidate, in its own unit: '12 min', '30 of 40 h', '2.4 years'."""
    value = found.profile.x[j, row]
    if np.isnan(value):
        return tr("unknown")
    i, m = (row, 0) if found.kind is Kind.PEOPLE else (0, row)
    person, job = found.pair(row)
    code = FACTORS[j].code
    if code == "travel":
        minutes = tr.number(float(found.block.minutes[i, m]))
        home, site = found.block.seekers.position[i], found.block.openings.position[m]
        metres = float(np.hypot(*(home - site)))
        if not found.block.minutes[i, m] or np.isnan(metres):
            return tr("{n} min", n=minutes)
        return tr("{n} min, {metres} m as the crow flies", n=minutes, metres=tr.number(round(metres, -1)))
    if code == "pay":
        offer, reserve = found.block.openings.offer[m], found.block.seekers.reserve[i]
        return tr("{offer}, at least {reserve}", offer=tr.number(float(offer)), reserve=tr.number(float(reserve)))
    if code == "experience":
        years = pool.seekers.years[person, pool.openings.domain[job]]
        return tr("{n} years", n=tr.number(float(years), 1))
    return tr.percent(float(value), 0)


def referral_of(pool: Pool, found: Candidates, row: int) -> pd.Series | None:
    """The referral of a candidate with the anchor, if any."""
    person, job = found.pair(row)
    known = pool.referral_rows.get((int(pool.seekers.ids[person]), int(pool.openings.ids[job])))
    return None if known is None else pool.referrals.iloc[known]


def job_labels(pool: Pool, passing: np.ndarray, tr: Translator) -> dict[int, str]:
    """Openings by id, those that most people pass first. ``passing`` (m,) people who pass every limit."""
    jobs = pool.jobs.assign(passing=passing).sort_values(["passing", "id"], ascending=[False, True], kind="stable")
    return {
        int(job["id"]): tr(
            "{title}, {employer} ({seats} left, {n} pass)",
            title=job["title"],
            employer=job["employer"],
            seats=job["seats"],
            n=job["passing"],
        )
        for job in jobs.to_dict("records")
    }


def person_labels(pool: Pool, names: bool, tr: Translator) -> dict[int, str]:
    """People by id, masked unless ``names``."""
    columns = pool.people[["id", "name", "community"]].itertuples(index=False)
    return {
        int(key): tr(
            "{name}, {community} (no. {id})",
            name=mask_unless(names, name),
            community=community if isinstance(community, str) else "—",
            id=key,
        )
        for key, name, community in columns
    }


def lines(pool: Pool, found: Candidates, listed: Shortlist, name: Name, tr: Translator) -> pd.DataFrame:
    """One row a listed candidate: row, place, name, mark, line (axis label), total, low, high, edge, span, state, known."""
    rows = listed.rows.tolist()
    points, low, high = (
        100 * part[listed.rows] for part in (listed.scores.point, listed.scores.low, listed.scores.high)
    )
    names = [name(row) for row in rows]
    marks = ["" if listed.change is None else change_mark(gained, NEW, tr) for gained in _changes(listed).tolist()]
    by_quota: set[int] = set() if listed.quota is None else set(listed.quota.brought_in.tolist())
    states = [tr("by quota") if row in by_quota else _state(pool, found, row, tr) for row in rows]
    crowd = crowding(pool, found, listed.rows, tr)
    known = np.abs(high - low) < UNSEEN
    ends = zip(low.tolist(), high.tolist(), strict=True)
    return pd.DataFrame(
        {
            "row": rows,
            "place": range(1, len(rows) + 1),
            "name": names,
            "mark": marks,
            "line": [f"{n}  {who}  {mark}".rstrip() for n, (who, mark) in enumerate(zip(names, marks, strict=True), 1)],
            "total": points,
            "low": low,
            "high": high,
            "edge": np.where(known, points, np.maximum(points, high)),
            "span": [tr("{low} to {high}", low=tr.number(a, 1), high=tr.number(b, 1)) for a, b in ends],
            "state": [", ".join(text for text in pair if text) for pair in zip(states, crowd, strict=True)],
            "known": known,
        }
    )


def crowding(pool: Pool, found: Candidates, rows: np.ndarray, tr: Translator) -> list[str]:
    """What else is under way: of a job its recommendations and seats left, of a person other recommendations."""
    if found.kind is Kind.JOBS:
        return [
            tr("{n} referred, {seats} left", n=int(pool.live_by_job[row]), seats=int(pool.openings.seats[row]))
            for row in rows
        ]
    others = pool.live_by_person[rows] - np.array([_is_live(pool, found, int(row)) for row in rows], dtype=np.int64)
    return [tr.plural("{n} other offer", "{n} other offers", int(n)) if n > 0 else "" for n in others]


def _is_live(pool: Pool, found: Candidates, row: int) -> bool:
    referral = referral_of(pool, found, row)
    return referral is not None and ReferralState.parse(str(referral["state"])) in LIVE


def _changes(listed: Shortlist) -> np.ndarray:
    return np.zeros(len(listed.rows), dtype=int) if listed.change is None else listed.change


def _state(pool: Pool, found: Candidates, row: int, tr: Translator) -> str:
    referral = referral_of(pool, found, row)
    state = None if referral is None else ReferralState.parse(str(referral["state"]))
    return "" if state is None else tr.term(state)


def bars(pool: Pool, found: Candidates, listed: Shortlist, table: pd.DataFrame, tr: Translator) -> pd.DataFrame:
    """One row a candidate and factor: row, place, line, factor, start, end, points, raw."""
    parts, lines_ = listed.parts.T, table["line"].tolist()  # (k, 7)
    ends = np.cumsum(parts, axis=1)
    places, factors = (axis.tolist() for axis in np.nonzero(parts > 0))
    labels = [tr(factor.label) for factor in FACTORS]
    return pd.DataFrame(
        {
            "row": [int(listed.rows[n]) for n in places],
            "place": [n + 1 for n in places],
            "line": [lines_[n] for n in places],
            "factor": [labels[j] for j in factors],
            "start": (ends - parts)[places, factors],
            "end": ends[places, factors],
            "points": parts[places, factors],
            "raw": [raw_text(pool, found, int(listed.rows[n]), j, tr) for n, j in zip(places, factors, strict=True)],
        }
    )


def band_rows(found: tuple[Band, ...], name: Name, tr: Translator) -> pd.DataFrame:
    """factor, low, weight, high (0..1), sentence."""
    return pd.DataFrame(
        {
            "factor": [tr(FACTORS[band.factor].label) for band in found],
            "low": [band.low for band in found],
            "weight": [band.weight for band in found],
            "high": [band.high for band in found],
            "sentence": [band_sentence(band, name, tr) for band in found],
        }
    )


def difference_rows(listed: Shortlist, one: int, other: int, tr: Translator) -> pd.DataFrame:
    """factor, points, label: how listed candidate ``one`` (0 = first) stands against ``other``."""
    apart = listed.parts[:, one] - listed.parts[:, other]
    return pd.DataFrame(
        {"factor": [tr(f.label) for f in FACTORS], "points": apart, "label": [tr.signed(float(p)) for p in apart]}
    )


def slope_rows(listed: Shortlist, name: Name, tr: Translator) -> pd.DataFrame:
    """Places before (side 0) and now (side 1) of the listed: name, side, place, label, way; new ones start below."""
    k = len(listed.rows)
    rows = []
    for n, (row, gained) in enumerate(zip(listed.rows.tolist(), _changes(listed).tolist(), strict=True), start=1):
        before = k + 1 if gained == NEW else n + gained
        way = tr("unchanged") if before == n else tr("risen") if before > n else tr("fallen")
        shown = tr("new") if gained == NEW else str(before)
        rows.append({"name": f"{n} {name(row)}", "side": 0, "place": before, "label": shown, "way": way})
        rows.append({"name": f"{n} {name(row)}", "side": 1, "place": n, "label": f"{n} {name(row)}", "way": way})
    return pd.DataFrame(rows, columns=["name", "side", "place", "label", "way"])


def removed_rows(found: Candidates, keep: np.ndarray | None, tr: Translator) -> pd.DataFrame:
    """What each limit removes of the candidates: label, removes, only, to_verify, text; only those that do anything."""
    states = found.states if keep is None else found.states[:, keep]
    table = removed(states).assign(label=lambda t: t["label"].map(tr))
    table = table[(table["removes"] > 0) | (table["to_verify"] > 0)]
    text = [
        tr("{removes}, of which by this alone {only}", removes=tr.number(a), only=tr.number(b))
        for a, b in zip(table["removes"], table["only"], strict=True)
    ]
    return table.assign(text=text).sort_values(["removes", "only"], ascending=False, kind="stable")


def week_rows(pool: Pool, person: int, job: int, days: list[str], tr: Translator) -> pd.DataFrame | None:
    """Hours of the week in the shift or available: weekday, hour, kind; None if either is unknown."""
    grid = hours_grid(pool, person, job)
    if grid is None:
        return None
    inside, free = grid["shift"] > 0, grid["available"] > 0
    chooses = pattern(tuple(Shift)[int(pool.openings.shift[job])]).flexible  # nobody works all hours of such a shift
    kind = np.select(
        [inside & free, inside & ~free & (not chooses), ~inside & free],
        [tr("shift, available"), tr("shift, not available"), tr("available")],
        "",
    )
    grid = grid.assign(kind=kind, weekday=[days[day] for day in grid["day"]])
    return grid[grid["kind"] != ""]


def export_rows(pool: Pool, found: Candidates, listed: Shortlist, table: pd.DataFrame, tr: Translator) -> pd.DataFrame:
    """The list as a sheet: place, name, community or employer, points, parts and values of every factor, state."""
    who = pool.people if found.kind is Kind.PEOPLE else pool.jobs
    sheet = pd.DataFrame({tr("Place"): table["place"], tr("Name"): table["name"]})
    sheet[tr("Community")] = who["community"].iloc[listed.rows].to_numpy()
    if found.kind is Kind.JOBS:
        sheet[tr("Employer")] = who["employer"].iloc[listed.rows].to_numpy()
    sheet[tr("Points")] = table["total"].round(2)
    sheet[tr("Lowest possible")] = table["low"].round(2)
    sheet[tr("Highest possible")] = table["high"].round(2)
    for j, factor in enumerate(FACTORS):
        label = tr(factor.label)
        sheet[tr("{factor}: points", factor=label)] = listed.parts[j].round(2)
        sheet[tr("{factor}: value", factor=label)] = [raw_text(pool, found, int(row), j, tr) for row in listed.rows]
    sheet[tr("State")] = table["state"]
    return sheet


def rate_rows(found: list[Rate], attribute: str, ratio: float, tr: Translator) -> pd.DataFrame:
    """group, zero, rate, text, flag, bound of the groups that may be shown."""
    shown = [rate for rate in found if not rate.suppressed]
    best = max((rate.rate or 0 for rate in shown), default=0.0)
    return pd.DataFrame(
        {
            "group": [label(attribute, rate.group, tr) for rate in shown],
            "zero": 0.0,
            "rate": [rate.rate for rate in shown],
            "text": [
                tr(
                    "{rate} ({selected} of {n})",
                    rate=tr.percent(rate.rate or 0),
                    selected=tr.number(rate.selected or 0),
                    n=tr.number(rate.eligible or 0),
                )
                for rate in shown
            ],
            "flag": [tr("below four fifths") if rate.flagged else tr("not flagged") for rate in shown],
            "bound": best * ratio,
        }
    )


def way_rows(found: Proposal, tr: Translator) -> pd.DataFrame:
    """way, placed, best, text: the optimum beside two practices."""
    ways = (
        (tr("Optimum"), found.optimum),
        (tr("Job by job"), found.by_job),
        (tr("Best pair first"), found.best_pair),
    )
    return pd.DataFrame(
        {
            "way": [name for name, _ in ways],
            "placed": [way.placed for _, way in ways],
            "best": [way is found.optimum for _, way in ways],
            "text": [
                tr(
                    "{n} people, {points} points on average, {pairs} blocking pairs",
                    n=tr.number(way.placed),
                    points=tr.number(100 * way.total / max(way.placed, 1), 1),
                    pairs=tr.number(found.blocking(way)),
                )
                for _, way in ways
            ],
        }
    )


def proposal_rows(pool: Pool, found: Proposal, person_name: Name, tr: Translator) -> pd.DataFrame:
    """The proposed pairs, by job: Person, community, Opening, Employer, Points."""
    pairs = sorted(found.optimum.pairs, key=lambda pair: (pair[1], -found.score[pair]))
    people, jobs = [p for p, _ in pairs], [j for _, j in pairs]
    return pd.DataFrame(
        {
            "person": people,
            "job": jobs,
            tr("Opening"): pool.jobs["title"].iloc[jobs].to_numpy(),
            tr("Employer"): pool.jobs["employer"].iloc[jobs].to_numpy(),
            tr("Person"): [person_name(p) for p in people],
            tr("Community"): pool.people["community"].iloc[people].to_numpy(),
            tr("Points"): [100 * float(found.score[pair]) for pair in pairs],
        }
    )


def gain_rows(pool: Pool, found: list[Gain], tr: Translator) -> pd.DataFrame:
    """course (names), placements, text; in the order given."""
    names = [tr(" + ").join(skill_name(pool, k, tr) for k in gain.skills) for gain in found]
    text = [
        tr("+{n} placements, {people} could attend", n=tr.number(gain.placements), people=tr.number(gain.people))
        for gain in found
    ]
    return pd.DataFrame({"course": names, "placements": [gain.placements for gain in found], "text": text})
