"""What the map says in words: the finding as title, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from core.access.accessibility import Reach, Summary
from core.access.measures import MEASURES, Board, Measure
from core.access.snapshot import Atlas
from core.geography.privacy import is_small
from core.locale import Translator

__all__ = ["finding", "join", "measure_text", "persons", "remedy", "within", "worst_names"]

NAMED = 3  # communities named in a sentence


def join(tr: Translator, names: Iterable[str]) -> str:
    """'荷风社区、莲塘社区' or 'A, B'."""
    return (", " if tr.is_english else "、").join(names)


def within(tr: Translator, reach: Reach) -> str:
    """'步行15分钟内' or 'within 15 minutes on foot'."""
    return tr("within {minutes} minutes {mode}", minutes=reach.minutes, mode=tr.term(reach.mode))


def persons(tr: Translator, n: int, k: int) -> str:
    """A count of persons; below ``k`` only that it is small."""
    return tr("fewer than {k}", k=k) if is_small(n, k) else tr.number(n)


def measure_text(tr: Translator, measure: Measure, value: float) -> str:
    """A value with its unit: '33.0%', '412 openings per 1,000 seekers'."""
    text = measure.text(tr, value)
    return text if measure.share or text == "—" else f"{text} {tr(measure.unit)}"


def worst_names(tr: Translator, atlas: Atlas, board: Board, code: str) -> str:
    """The communities that fare worst, by name."""
    rows = board.ranked(code)[:NAMED]
    return join(tr, atlas.communities["name"].iloc[rows])


def _provably_below(tr: Translator, atlas: Atlas, board: Board, code: str) -> str:
    """Communities whose 95% interval lies below the district's rate: with few people most differences are chance."""
    intervals = {int(row): board.interval(code, int(row)) for row in board.ranked(code)}
    rows = [row for row, ends in intervals.items() if ends is not None and ends[1] < board.district[code]]
    return join(tr, atlas.communities["name"].iloc[rows[:NAMED]])


def _most_uncovered(tr: Translator, atlas: Atlas, board: Board) -> str:
    missing = ((1 - board.values["covered"]) * board.bases["seekers"]).to_numpy(dtype=float)
    order = np.argsort(-np.nan_to_num(missing), kind="stable")[:NAMED]
    return join(tr, atlas.communities["name"].iloc[order[np.nan_to_num(missing)[order] >= board.k]])


def finding(tr: Translator, atlas: Atlas, board: Board, reach: Reach, now: Summary, code: str) -> str:
    """The title: what the chosen measure shows of the district, in one sentence."""
    measure, where = MEASURES[code], within(tr, reach)
    if np.isnan(board.district[code]):
        return tr("{measure}: nothing to reckon with yet", measure=tr(measure.label))
    value = measure_text(tr, measure, board.district[code])
    if code == "covered":
        return _coverage_finding(tr, atlas, board, now, where)
    if code == "density":
        return tr(
            "{n} openings per 1,000 seekers {where}; least in {names}",
            n=measure.text(tr, board.district[code]),
            where=where,
            names=worst_names(tr, atlas, board, code),
        )
    if code == "unmet":
        return tr(
            "{n} of {all} seekers go without an opening of their own {where}; most in {names}",
            n=tr.number(board.district[code]),
            all=tr.number(now.seekers),
            where=where,
            names=worst_names(tr, atlas, board, code),
        )
    if code == "free_stations":
        return tr(
            "{n} of {all} work stations are free",
            n=tr.number(board.district[code]),
            all=tr.number(board.district_bases[measure.base]),
        )
    below = _provably_below(tr, atlas, board, code)
    if not below:
        return tr(
            "{measure} {value}; no community lies below it by more than chance", measure=tr(measure.label), value=value
        )
    return tr("{measure} {value}; provably below it: {names}", measure=tr(measure.label), value=value, names=below)


def _coverage_finding(tr: Translator, atlas: Atlas, board: Board, now: Summary, where: str) -> str:
    if now.uncovered == 0:
        return tr("Every seeker has an opening {where}", where=where)
    names = _most_uncovered(tr, atlas, board)
    n, share = persons(tr, now.uncovered, board.k), tr.percent(1 - now.coverage, 0)
    if is_small(now.uncovered, board.k) or not names:
        return tr("{n} seekers have no opening {where}", n=n, where=where)
    return tr(
        "{n} seekers ({share}) have no opening {where}, most of them in {names}",
        n=n,
        share=share,
        where=where,
        names=names,
    )


def remedy(tr: Translator, ranking: pd.DataFrame, where: str) -> str:
    """What would change it: the premises (of ``changes.ranking``) that would help most; '' if none would."""
    best = ranking[[told.n > 0 for told in ranking["told"]]].head(1)
    if best.empty:
        return ""
    row = best.iloc[0]
    return tr(
        "A workshop with {stations} stations in {name} would give {n} seekers their first opening {where}.",
        where=where,
        stations=tr.number(int(row["stations"])),
        name=row["name"],
        n=row["told"].text(tr),
    )
