"""What the map says in words: the finding as title, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from core.access.accessibility import Accessibility
from core.access.measures import MEASURES, Measure, MeasureTable
from core.access.model import AccessModel
from core.access.snapshot import DistrictSnapshot
from core.geography.privacy import is_small
from core.locale import Translator

__all__ = ["finding", "join", "measure_text", "persons", "remedy", "within", "worst_names"]

NAMED = 3  # communities named in a sentence


def join(tr: Translator, names: Iterable[str]) -> str:
    """'荷风社区、莲塘社区' or 'A, B'."""
    return (", " if tr.is_english else "、").join(names)


def within(tr: Translator, accessibility: Accessibility) -> str:
    """'步行15分钟内' or 'within 15 minutes on foot'."""
    return tr("within {minutes} minutes {mode}", minutes=accessibility.minutes, mode=tr.term(accessibility.mode))


def persons(tr: Translator, n: int, min_count: int) -> str:
    """A count of persons; below ``min_count`` only that it is small."""
    return tr("fewer than {k}", k=min_count) if is_small(n, min_count) else tr.number(n)


def measure_text(tr: Translator, measure: Measure, value: float) -> str:
    """A value with its unit: '33.0%', '412 openings per 1,000 seekers'."""
    text = measure.text(tr, value)
    return text if measure.share or text == "—" else f"{text} {tr(measure.unit)}"


def _names(tr: Translator, snapshot: DistrictSnapshot, communities: Iterable[int]) -> str:
    return join(tr, map(tr.name, snapshot.communities.loc[list(communities), "name"]))


def worst_names(tr: Translator, snapshot: DistrictSnapshot, measures: MeasureTable, code: str) -> str:
    """The communities that fare worst, by name."""
    return _names(tr, snapshot, measures.ranked(code)[:NAMED])


def _provably_below(tr: Translator, snapshot: DistrictSnapshot, measures: MeasureTable, code: str) -> str:
    """Communities whose 95% interval lies below the district's rate: with few people most differences are chance."""
    intervals = {community: measures.interval(code, community) for community in measures.ranked(code)}
    below = [
        community for community, ends in intervals.items() if ends is not None and ends[1] < measures.district[code]
    ]
    return _names(tr, snapshot, below[:NAMED])


def _most_uncovered(tr: Translator, snapshot: DistrictSnapshot, measures: MeasureTable) -> str:
    missing = (1 - measures.values["covered"]) * measures.bases["seekers"]
    most = missing[missing >= measures.min_count].sort_values(ascending=False, kind="stable")
    return _names(tr, snapshot, most.index[:NAMED])


def finding(tr: Translator, model: AccessModel, code: str) -> str:
    """The title: what measure ``code`` shows of the district, in one sentence."""
    measure, where = MEASURES[code], within(tr, model.accessibility)
    measures, snapshot = model.measures, model.snapshot
    district = measures.district[code]
    if np.isnan(district):
        return tr("{measure}: no data yet", measure=tr(measure.label))
    if code == "covered":
        return _coverage_finding(tr, model, where)
    if code == "density":
        return tr(
            "{n} openings per 1,000 job seekers {where}; fewest in {names}",
            n=measure.text(tr, district),
            where=where,
            names=worst_names(tr, snapshot, measures, code),
        )
    if code == "unmet":
        return tr(
            "{n} of {all} job seekers have no opening {where} once openings are shared out; most in {names}",
            n=tr.number(district),
            all=tr.number(model.summary.seekers),
            where=where,
            names=worst_names(tr, snapshot, measures, code),
        )
    if code == "free_stations":
        return tr(
            "{n} of {all} work stations are free",
            n=tr.number(district),
            all=tr.number(measures.district_bases[measure.base]),
        )
    value, below = measure_text(tr, measure, district), _provably_below(tr, snapshot, measures, code)
    if not below:
        return tr(
            "{measure} {value}; no community lies below it by more than chance", measure=tr(measure.label), value=value
        )
    return tr("{measure} {value}; provably below it: {names}", measure=tr(measure.label), value=value, names=below)


def _coverage_finding(tr: Translator, model: AccessModel, where: str) -> str:
    """How many job seekers have no opening, and in which communities most of them live."""
    totals, min_count = model.summary, model.measures.min_count
    if totals.uncovered == 0:
        return tr("Every job seeker has an opening {where}", where=where)
    names = _most_uncovered(tr, model.snapshot, model.measures)
    n, share = persons(tr, totals.uncovered, min_count), tr.percent(1 - totals.coverage, 0)
    if is_small(totals.uncovered, min_count) or not names:
        return tr("{n} job seekers have no opening {where}", n=n, where=where)
    return tr(
        "{n} job seekers ({share}) have no opening {where}, most of them in {names}",
        n=n,
        share=share,
        where=where,
        names=names,
    )


def remedy(tr: Translator, ranking: pd.DataFrame, where: str) -> str:
    """What would change it: the premises (of ``scenario_privacy.ranking``) that would help most; '' if none would."""
    best = ranking[[count.n > 0 for count in ranking["gained"]]].head(1)
    if best.empty:
        return ""
    row = best.iloc[0]
    return tr(
        "A workshop with {stations} stations in {name} would give {n} job seekers their first opening {where}.",
        where=where,
        stations=tr.number(int(row["stations"])),
        name=tr.name(row["name"]),
        n=row["gained"].text(tr),
    )
