"""Frames behind the charts, tables and downloads of the matching page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from core.jobs.commands import LIVE
from core.jobs.shifts import pattern
from core.locale import Translator
from core.matching.assignment.district import Proposal
from core.matching.assignment.training_gain import Gain
from core.matching.explanation import band_sentence, place_change_mark
from core.matching.fairness import Rate, Verdict, label
from core.matching.figures import EVEN, LOOK, TOO_FEW
from core.matching.inputs.factors import FACTORS
from core.matching.inputs.limits import removal_counts
from core.matching.inputs.matching_pool import MatchingPool
from core.matching.ranking.scoring import points_per_unit
from core.matching.ranking.shortlist import NEW, Candidates, Kind, Shortlist
from core.matching.ranking.stability import Band
from core.matching.reasons import hours_grid, skill_name
from core.people.masking import mask_name
from core.terms import ReferralState, Shift

__all__ = [
    "band_rows",
    "difference_rows",
    "export_rows",
    "crowding",
    "gain_rows",
    "job_labels",
    "shortlist_rows",
    "person_labels",
    "proposal_rows",
    "rate_rows",
    "raw_text",
    "referral_of",
    "removal_rows",
    "slope_rows",
    "state_texts",
    "strategy_rows",
    "week_rows",
]

NameOf = Callable[[int], str]
VERDICTS = {Verdict.EVEN: EVEN, Verdict.LOOK: LOOK, Verdict.TOO_FEW: TOO_FEW}


def raw_text(candidates: Candidates, row: int, j: int, tr: Translator) -> str:
    """The value behind factor ``j`` of a candidate, in its own unit: '12 min', '30 of 40 h', '2.4 years'."""
    value = candidates.profile.x[j, row]
    if np.isnan(value):
        return tr("unknown, expected value")
    i, m = (row, 0) if candidates.kind is Kind.PEOPLE else (0, row)
    person, job = candidates.pair(row)
    code = FACTORS[j].code
    if code == "travel":
        minutes = tr.number(float(candidates.matrix.minutes[i, m]))
        home, site = candidates.matrix.seekers.position[i], candidates.matrix.openings.position[m]
        metres = float(np.hypot(*(home - site)))
        if not candidates.matrix.minutes[i, m] or np.isnan(metres):
            return tr("{n} min", n=minutes)
        return tr("{n} min, {metres} m as the crow flies", n=minutes, metres=tr.number(round(metres, -1)))
    if code == "pay":
        offer, reserve = candidates.matrix.openings.offer[m], candidates.matrix.seekers.reserve[i]
        return tr("{offer}, at least {reserve}", offer=tr.number(float(offer)), reserve=tr.number(float(reserve)))
    if code == "experience":
        years = candidates.pool.seekers.years[person, candidates.pool.openings.domain[job]]
        return tr("{n} years", n=tr.number(float(years), 1))
    return tr.percent(float(value), 0)


def referral_of(candidates: Candidates, row: int) -> pd.Series | None:
    """The referral of a candidate with the anchor, if any."""
    person, job = candidates.pair(row)
    known = candidates.pool.referral_rows.get(
        (int(candidates.pool.seekers.ids[person]), int(candidates.pool.openings.ids[job]))
    )
    return None if known is None else candidates.pool.referrals.iloc[known]


def job_labels(pool: MatchingPool, passing: Sequence[np.ndarray], mask: np.ndarray, tr: Translator) -> dict[int, str]:
    """Openings by id, those that most people pass first.

    ``passing`` holds who passes every limit of each job, ``mask`` (n,) who passes the filter: the number is that of the
    list of the opening, ranked or to be visited first.
    """
    counts = [int(mask[people].sum()) for people in passing]
    jobs = pool.jobs.assign(passing=counts).sort_values(["passing", "id"], ascending=[False, True], kind="stable")
    return {
        int(job["id"]): tr(
            "{title}, {employer} ({seats} left, {n} pass)",
            title=job["title"],
            employer=tr.name(job["employer"]),
            seats=job["seats"],
            n=job["passing"],
        )
        for job in jobs.to_dict("records")
    }


def shown_names(stored: pd.Series, tr: Translator) -> list[str | None]:
    """Stored names of a column as ``tr`` shows them; None where missing."""
    return [tr.name(name) if isinstance(name, str) else None for name in stored]


def person_labels(pool: MatchingPool, tr: Translator) -> dict[int, str]:
    """People by id, with masked names."""
    columns = pool.people[["id", "name", "community"]].itertuples(index=False)
    return {
        int(key): tr(
            "{name}, {community} (no. {id})",
            name=mask_name(name),
            community=tr.name(community) if isinstance(community, str) else "—",
            id=key,
        )
        for key, name, community in columns
    }


def shortlist_rows(shortlist: Shortlist, name: NameOf, tr: Translator) -> pd.DataFrame:
    """One row a listed candidate: row, place, name, mark, total, low, high, state."""
    candidates, rows = shortlist.candidates, shortlist.rows.tolist()
    unit = points_per_unit(shortlist.weights)
    points, low, high = (
        part[shortlist.rows] * unit for part in (shortlist.scores.total, shortlist.scores.low, shortlist.scores.high)
    )
    marks = [
        "" if shortlist.place_changes is None else place_change_mark(gained, NEW, tr)
        for gained in _changes(shortlist).tolist()
    ]
    by_quota: set[int] = set() if shortlist.quota is None else set(shortlist.quota.brought_in.tolist())
    return pd.DataFrame(
        {
            "row": rows,
            "place": range(1, len(rows) + 1),
            "name": [name(row) for row in rows],
            "mark": marks,
            "total": points,
            "low": low,
            "high": high,
            "state": state_texts(candidates, shortlist.rows, tr, {row: tr("by quota") for row in by_quota}),
        }
    )


def state_texts(
    candidates: Candidates, rows: np.ndarray, tr: Translator, instead: Mapping[int, str] | None = None
) -> list[str]:
    """How far the pair of each row is, or what ``instead`` has for the row, and what else is under way."""
    own = [(instead or {}).get(row) or _state(candidates, row, tr) for row in rows.tolist()]
    return [", ".join(filter(None, pair)) for pair in zip(own, crowding(candidates, rows, tr), strict=True)]


def crowding(candidates: Candidates, rows: np.ndarray, tr: Translator) -> list[str]:
    """What else is under way: of a job its recommendations and seats left, of a person other recommendations."""
    if candidates.kind is Kind.JOBS:
        return [
            tr(
                "{n} referred, {seats} left",
                n=int(candidates.pool.live_by_job[row]),
                seats=int(candidates.pool.openings.seats[row]),
            )
            for row in rows
        ]
    others = candidates.pool.live_by_person[rows] - np.array(
        [_is_live(candidates, int(row)) for row in rows], dtype=np.int64
    )
    return [tr.plural("{n} other offer", "{n} other offers", int(n)) if n > 0 else "" for n in others]


def _is_live(candidates: Candidates, row: int) -> bool:
    referral = referral_of(candidates, row)
    return referral is not None and ReferralState.parse(str(referral["state"])) in LIVE


def _changes(shortlist: Shortlist) -> np.ndarray:
    return np.zeros(len(shortlist.rows), dtype=int) if shortlist.place_changes is None else shortlist.place_changes


def _state(candidates: Candidates, row: int, tr: Translator) -> str:
    referral = referral_of(candidates, row)
    state = None if referral is None else ReferralState.parse(str(referral["state"]))
    return "" if state is None else tr.term(state)


def band_rows(bands: tuple[Band, ...], name: NameOf, tr: Translator) -> pd.DataFrame:
    """factor, low, weight, high (0..1), sentence."""
    return pd.DataFrame(
        {
            "factor": [tr(FACTORS[band.factor].label) for band in bands],
            "low": [band.low for band in bands],
            "weight": [band.weight for band in bands],
            "high": [band.high for band in bands],
            "sentence": [band_sentence(band, name, tr) for band in bands],
        }
    )


def difference_rows(shortlist: Shortlist, one: int, other: int, tr: Translator) -> pd.DataFrame:
    """factor, points, label: how listed candidate ``one`` (0 = first) stands against ``other``."""
    apart = shortlist.parts[:, one] - shortlist.parts[:, other]
    return pd.DataFrame(
        {"factor": [tr(f.label) for f in FACTORS], "points": apart, "label": [tr.signed(float(p)) for p in apart]}
    )


def slope_rows(shortlist: Shortlist, name: NameOf, tr: Translator) -> pd.DataFrame:
    """Places before (side 0) and now (side 1) of the listed: name, side, place, label, way; new ones start below."""
    rows = []
    for n, (row, gained) in enumerate(zip(shortlist.rows.tolist(), _changes(shortlist).tolist(), strict=True), start=1):
        before = len(shortlist.rows) + 1 if gained == NEW else n + gained
        way = tr("unchanged") if before == n else tr("risen") if before > n else tr("fallen")
        shown = tr("new") if gained == NEW else str(before)
        rows.append({"name": f"{n} {name(row)}", "side": 0, "place": before, "label": shown, "way": way})
        rows.append({"name": f"{n} {name(row)}", "side": 1, "place": n, "label": f"{n} {name(row)}", "way": way})
    return pd.DataFrame(rows, columns=["name", "side", "place", "label", "way"])


def removal_rows(candidates: Candidates, mask: np.ndarray | None, tr: Translator) -> pd.DataFrame:
    """What each limit removes of the candidates: label, removes, only, to_verify, text; only those that do anything."""
    states = candidates.states if mask is None else candidates.states[:, mask]
    table = removal_counts(states).assign(label=lambda t: t["label"].map(tr))
    table = table[(table["removes"] > 0) | (table["to_verify"] > 0)]
    text = [
        tr("{removes}, of which by this alone {only}", removes=tr.number(a), only=tr.number(b))
        for a, b in zip(table["removes"], table["only"], strict=True)
    ]
    return table.assign(text=text).sort_values(["removes", "only"], ascending=False, kind="stable")


def week_rows(pool: MatchingPool, person: int, job: int, days: list[str], tr: Translator) -> pd.DataFrame | None:
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


def export_rows(shortlist: Shortlist, table: pd.DataFrame, tr: Translator) -> pd.DataFrame:
    """The list as a sheet: place, name, community or employer, points, parts and values of every factor, state."""
    candidates = shortlist.candidates
    who = candidates.pool.people if candidates.kind is Kind.PEOPLE else candidates.pool.jobs
    sheet = pd.DataFrame({tr("Place"): table["place"], tr("Name"): table["name"]})
    sheet[tr("Community")] = shown_names(who["community"].iloc[shortlist.rows], tr)
    if candidates.kind is Kind.JOBS:
        sheet[tr("Employer")] = shown_names(who["employer"].iloc[shortlist.rows], tr)
    sheet[tr("Points")] = table["total"].round(2)
    sheet[tr("Lowest possible")] = table["low"].round(2)
    sheet[tr("Highest possible")] = table["high"].round(2)
    for j, factor in enumerate(FACTORS):
        label = tr(factor.label)
        sheet[tr("{factor}: points", factor=label)] = shortlist.parts[j].round(2)
        sheet[tr("{factor}: value", factor=label)] = [raw_text(candidates, int(row), j, tr) for row in shortlist.rows]
    sheet[tr("State")] = table["state"]
    return sheet


def rate_rows(rates: list[Rate], attribute: str, ratio: float, tr: Translator) -> pd.DataFrame:
    """group, zero, rate, text, flag, bound of the groups that may be shown."""
    shown = [rate for rate in rates if not rate.suppressed]
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
            "flag": [tr(VERDICTS[rate.verdict]) for rate in shown],
            "bound": best * ratio,
        }
    )


def strategy_rows(proposal: Proposal, tr: Translator) -> pd.DataFrame:
    """strategy, placed, best, text: the optimum beside two practices."""
    strategies = (
        (tr("Optimum"), proposal.optimum),
        (tr("Job by job"), proposal.by_job),
        (tr("Best pair first"), proposal.best_pair),
    )
    return pd.DataFrame(
        {
            "strategy": [name for name, _ in strategies],
            "placed": [plan.placed for _, plan in strategies],
            "best": [plan is proposal.optimum for _, plan in strategies],
            "text": [
                tr(
                    "{n} people, {points} points on average, {pairs} blocking pairs",
                    n=tr.number(plan.placed),
                    points=tr.number(proposal.points(plan.total) / max(plan.placed, 1), 1),
                    pairs=tr.number(proposal.blocking(plan)),
                )
                for _, plan in strategies
            ],
        }
    )


def proposal_rows(pool: MatchingPool, proposal: Proposal, person_name: NameOf, tr: Translator) -> pd.DataFrame:
    """The proposed pairs, by job: Person, community, Opening, Employer, Points."""
    pairs = sorted(proposal.optimum.pairs, key=lambda pair: (pair[1], -proposal.score[pair]))
    people, jobs = [p for p, _ in pairs], [j for _, j in pairs]
    return pd.DataFrame(
        {
            "person": people,
            "job": jobs,
            tr("Opening"): pool.jobs["title"].iloc[jobs].to_numpy(),
            tr("Employer"): shown_names(pool.jobs["employer"].iloc[jobs], tr),
            tr("Person"): [person_name(p) for p in people],
            tr("Community"): shown_names(pool.people["community"].iloc[people], tr),
            tr("Points"): [proposal.points(float(proposal.score[pair])) for pair in pairs],
        }
    )


def gain_rows(pool: MatchingPool, course_gains: list[Gain], tr: Translator) -> pd.DataFrame:
    """course (names), placements, text; in the order given."""
    names = [tr(" + ").join(skill_name(pool, k, tr) for k in gain.skills) for gain in course_gains]
    text = [
        tr("+{n} placements, {people} could attend", n=tr.number(gain.placements), people=tr.number(gain.people))
        for gain in course_gains
    ]
    return pd.DataFrame({"course": names, "placements": [gain.placements for gain in course_gains], "text": text})
