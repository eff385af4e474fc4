"""Did training or a recommendation help people who left a public-welfare post to find work sooner? A comparison.

Who finds work in the first weeks has no time to be helped. Counting everybody who was ever helped would therefore give
the helped days of waiting that they had to survive (immortal time bias: Suissa 2008, American Journal of Epidemiology
167:492). So people are compared from a landmark on (Anderson, Cain and Gelber 1983): those who are still waiting ``LANDMARK``
days after their exit, by what help they had had until then; help that came later does not change a person's group.

Retired, unreachable and not seeking are competing events. 1 − share with a job − share that left is the Kaplan–Meier
estimate of still waiting; alone it would mix finding work with giving up, so that it only accompanies the curves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.geography.suppression_audit import Protection, Release, certificate, protect
from core.indicators.cohorts import JOB, LEFT, WAITING, Z95, cumulative_incidence, exit_outcomes
from core.indicators.facts import Facts
from core.indicators.restricted_mean import (
    Difference,
    difference,
    is_observed,
    mean_days,
    pseudo_values,
    size_to_decide,
)
from core.locale import Translator
from core.terms import Education, EnrolmentResult, HardshipKind, Registration, Sex

__all__ = [
    "BEFORE_EXIT",
    "HORIZONS",
    "LANDMARK",
    "LEAST_JOBS",
    "MIN_DIFFERENCE",
    "STRATUM",
    "Comparison",
    "Contrast",
    "Group",
    "Landmark",
    "Matched",
    "ReleasedGroups",
    "balance",
    "compare",
    "landmark",
    "more_exits",
    "release",
]

LANDMARK = 30  # days after the exit
BEFORE_EXIT = 180  # days before the exit from which help counts
HORIZONS = (180, 360)
LONGEST = 360
LEAST_JOBS = 5  # in each group, before an interval built on a variance is trusted
MIN_DIFFERENCE = 0.1  # standardised: larger ones are named (Austin 2009, Statistics in Medicine 28:3083)
AGE_BANDS = ((0, 40), (40, 50), (50, 200))
STRATUM = ["month", "registration", "age_band", "hardship"]
UNKNOWN = "unknown"
NUMBERS = ("age", "exit_day")  # of the characteristics compared; the others are shares
SCHOOLED = (Education.SENIOR, Education.COLLEGE, Education.BACHELOR)


class Contrast(StrEnum):
    """Which help is compared with neither training nor recommendation."""

    EITHER = "either"
    TRAINING = "training"
    RECOMMENDATION = "recommendation"


@dataclass(frozen=True)
class Landmark:
    """``rows``: those still waiting on the landmark day; ``early``: in work by then; ``gone``: left the race by then;
    ``young``: the exit is not ``LANDMARK`` days old. Every exit is in one of them.

    ``rows`` has, beside ``exit_outcomes``: days and event since the exit, trained_on and recommended_on (first in the
    window, NaT = none), the columns of ``STRATUM`` and what else is known of a person before the help.
    """

    rows: pd.DataFrame
    early: pd.DataFrame
    gone: pd.DataFrame
    young: pd.DataFrame


@dataclass(frozen=True)
class Group:
    """One side of the comparison, followed until the horizon.

    ``curve``: day, share with a job, low, high (pointwise 95%), waiting (share still waiting), at_risk (persons).
    ``mean`` days in work until the horizon; ``values`` (n,) its pseudo-values, empty for fewer than two people.
    """

    rows: pd.DataFrame
    jobs: int  # by the horizon
    share: float  # with a job by the horizon
    mean: float
    values: NDArray[np.float64]
    is_observed: bool
    curve: pd.DataFrame

    @property
    def n(self) -> int:
        return len(self.rows)

    @property
    def variance(self) -> float:
        """Of the persons' values; 0 for fewer than two people."""
        return float(np.var(self.values, ddof=1)) if len(self.values) > 1 else 0.0


@dataclass(frozen=True)
class Matched:
    """Like with like: ``difference`` within strata, None without a stratum that holds both groups.

    ``strata``: the columns of ``STRATUM``, helped, others (persons), difference (days, NaN without both); largest first.
    ``helped`` and ``others``: persons in strata with both.
    """

    difference: Difference | None
    strata: pd.DataFrame
    helped: int
    others: int


@dataclass(frozen=True)
class Comparison:
    """Helped people against those with neither, both still waiting on the landmark day."""

    contrast: Contrast
    horizon: int
    helped: Group
    others: Group
    difference: Difference | None  # None: a group of fewer than two, or not followed until the horizon
    matched: Matched

    @property
    def is_decided(self) -> bool:
        """Whether a difference may be claimed: the interval excludes 0, jobs enough, and like with like agrees."""
        crude, matched = self.difference, self.matched.difference
        if crude is None or not crude.is_certain or min(self.helped.jobs, self.others.jobs) < LEAST_JOBS:
            return False
        return matched is None or matched.value * crude.value > 0


def landmark(facts: Facts, people: pd.DataFrame, hardships: pd.DataFrame, today: date) -> Landmark:
    """All exits by ``today``, sorted by where they stand ``LANDMARK`` days later.

    ``people`` and ``hardships`` are the frames of ``people.queries``. Only what is known on the landmark day decides.
    """
    gone = exit_outcomes(facts, today)
    is_young = gone["age"] < LANDMARK
    is_early = ~is_young & (gone["wait"] <= LANDMARK) & ~(gone["left"] < gone["wait"])
    is_out = ~is_young & ~is_early & ((gone["left"] <= LANDMARK) | (gone["wait"] <= LANDMARK))
    rows = gone[~is_young & ~is_early & ~is_out].reset_index(drop=True)
    ends = rows[["wait", "left", "age"]]
    days = ends.min(axis=1).astype("int64")
    event = np.select([ends["wait"] == days, ends["left"] == days], [JOB, LEFT], WAITING)
    passed = facts.enrolments[facts.enrolments["result"] == EnrolmentResult.PASSED]
    rows = rows.assign(
        days=days,
        event=event.astype(np.int64),
        trained_on=_first_help(rows, passed.rename(columns={"ends_on": "day"})),
        recommended_on=_first_help(rows, facts.referrals.rename(columns={"recommended_on": "day"})),
        trained_before=rows["post_id"].isin(_trained_before(rows, passed)),
    )
    return Landmark(_described(rows, people, hardships), gone[is_early], gone[is_out], gone[is_young])


def _first_help(rows: pd.DataFrame, help_rows: pd.DataFrame) -> pd.Series:
    """First ``day`` of help between ``BEFORE_EXIT`` days before the exit and the landmark; NaT without."""
    pairs = rows[["post_id", "person_id", "exited_on"]].merge(help_rows[["person_id", "day"]], on="person_id")
    since = (pairs["day"] - pairs["exited_on"]).dt.days
    inside = pairs[(since >= -BEFORE_EXIT) & (since <= LANDMARK)]
    first = inside.groupby("post_id")["day"].min().astype("datetime64[s]")
    return first.reindex(rows["post_id"]).set_axis(rows.index)


def _trained_before(rows: pd.DataFrame, passed: pd.DataFrame) -> pd.Series:
    """Posts whose holder finished a course before the window of help began."""
    pairs = rows[["post_id", "person_id", "exited_on"]].merge(passed[["person_id", "ends_on"]], on="person_id")
    return pairs.loc[(pairs["ends_on"] - pairs["exited_on"]).dt.days < -BEFORE_EXIT, "post_id"]


def _described(rows: pd.DataFrame, people: pd.DataFrame, hardships: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with the columns of ``STRATUM`` and sex, age, education and a yes/no column for each hardship."""
    own = people.set_index("id").reindex(rows["person_id"]).set_axis(rows.index)
    age = (rows["exited_on"] - own["birth_date"]).dt.days / 365.2425
    bands = np.full(len(rows), UNKNOWN, dtype=object)
    for low, high in AGE_BANDS:
        bands[((age >= low) & (age < high)).to_numpy(dtype=bool, na_value=False)] = f"{low}-{high}"
    pairs = rows[["post_id", "person_id", "exited_on"]].merge(hardships, on="person_id")
    valid = pairs[~(pairs["since"] > pairs["exited_on"]) & ~(pairs["until"] <= pairs["exited_on"])]
    has = {kind: rows["post_id"].isin(valid.loc[valid["kind"] == kind, "post_id"]) for kind in HardshipKind}
    beyond_age = np.column_stack([has[kind] for kind in HardshipKind if kind != HardshipKind.OLDER]).any(axis=1)
    return rows.assign(
        month=rows["exited_on"].dt.strftime("%Y-%m"),
        registration=own["registration"].fillna(UNKNOWN).astype(object),
        age_band=bands,
        hardship=np.where(beyond_age, "yes", "no").astype(object),
        sex=own["sex"],
        age_years=age.astype("float64"),
        education=own["education"],
        **{f"hardship_{kind.value}": column for kind, column in has.items()},
    )


def compare(data: Landmark, contrast: Contrast = Contrast.EITHER, horizon: int = HORIZONS[0]) -> Comparison:
    """The people helped as ``contrast`` says against those with neither training nor recommendation."""
    rows = data.rows
    trained, recommended = rows["trained_on"].notna(), rows["recommended_on"].notna()
    is_helped = {
        Contrast.EITHER: trained | recommended,
        Contrast.TRAINING: trained,
        Contrast.RECOMMENDATION: recommended,
    }[contrast]
    helped, others = _group(rows[is_helped], horizon), _group(rows[~trained & ~recommended], horizon)
    crude = None
    if min(helped.n, others.n) > 1 and helped.is_observed and others.is_observed:
        crude = difference(helped.mean - others.mean, (helped.variance, others.variance), (helped.n, others.n))
    return Comparison(contrast, horizon, helped, others, crude, _matched(helped, others, is_known=crude is not None))


def _group(rows: pd.DataFrame, horizon: int) -> Group:
    rows = rows.reset_index(drop=True)
    days, events = rows["days"].to_numpy(np.int64), rows["event"].to_numpy(np.int64)
    if not len(rows):
        empty = pd.DataFrame(columns=["day", "share", "low", "high", "waiting", "at_risk"])
        return Group(rows, 0, 0.0, 0.0, np.zeros(0), False, empty)
    curve = cumulative_incidence(days, events)
    share, _ = curve.at(np.array([horizon]))
    return Group(
        rows=rows,
        jobs=int(((events == JOB) & (days <= horizon)).sum()),
        share=float(share[0]),
        mean=mean_days(days, events, LANDMARK, horizon),
        values=pseudo_values(days, events, LANDMARK, horizon) if len(rows) > 1 else np.zeros(0),
        is_observed=is_observed(days, events, horizon),
        curve=_curve(days, events),
    )


def _curve(days: NDArray[np.int64], events: NDArray[np.int64]) -> pd.DataFrame:
    """``Group.curve`` on every day from the landmark until ``LONGEST`` or the last day on which anybody is followed."""
    grid = np.arange(LANDMARK, min(int(days.max()), LONGEST) + 1)
    share, error = cumulative_incidence(days, events).at(grid)
    left, _ = cumulative_incidence(days, np.select([events == JOB, events == LEFT], [LEFT, JOB], WAITING)).at(grid)
    return pd.DataFrame(
        {
            "day": grid,
            "share": share,
            "low": np.clip(share - Z95 * error, 0, 1),
            "high": np.clip(share + Z95 * error, 0, 1),
            "waiting": 1 - share - left,
            "at_risk": len(days) - np.searchsorted(np.sort(days), grid, side="left"),
        }
    )


def _matched(helped: Group, others: Group, *, is_known: bool) -> Matched:
    """Difference within exact strata, weighted by helped · others ÷ (helped + others): the least variance of a sum.

    (Mantel–Haenszel weights, as in Cochran 1954.) The variance of each group's values over all strata stands in for
    the variance within, which strata of one or two people cannot give; it is rather too wide than too narrow.
    """
    sides = []
    for name, group in (("helped", helped), ("others", others)):
        values = group.values if len(group.values) else np.full(group.n, np.nan)
        by = group.rows.assign(value=values).groupby(STRATUM, sort=True)["value"]
        sides.append(by.agg(["size", "mean"]).set_axis([name, f"{name}_mean"], axis=1))
    table = sides[0].join(sides[1], how="outer").fillna({"helped": 0, "others": 0}).reset_index()
    table = table.astype({"helped": "int64", "others": "int64"})
    table["difference"] = table["helped_mean"] - table["others_mean"] if is_known else np.nan
    table = table.assign(n=table["helped"] + table["others"], both=table[["helped", "others"]].min(axis=1) > 0)
    table = table.sort_values(["both", "n", *STRATUM], ascending=[False, False, *[True] * 4], ignore_index=True)
    shown = table[[*STRATUM, "helped", "others", "difference"]]
    both = table[table["both"]]
    if both.empty or not is_known:
        return Matched(None, shown, int(both["helped"].sum()), int(both["others"].sum()))
    weight = both["helped"] * both["others"] / both["n"]
    weight = weight / weight.sum()
    variance = float((weight**2 * (helped.variance / both["helped"] + others.variance / both["others"])).sum())
    value = float((weight * both["difference"]).sum())
    half = Z95 * variance**0.5
    return Matched(
        Difference(value, value - half, value + half), shown, int(both["helped"].sum()), int(both["others"].sum())
    )


def balance(comparison: Comparison) -> pd.DataFrame:
    """What differs between the groups before the help: code, is_share, helped, others (mean or share), difference.

    ``difference`` is standardised: (mean₁ − mean₂) ÷ √((s₁² + s₂²)/2); NaN where neither group varies. Largest first.
    """
    first_frame, second_frame = _covariates(comparison.helped.rows), _covariates(comparison.others.rows)
    rows = []
    for code in first_frame.columns:
        first, second = first_frame[code].dropna(), second_frame[code].dropna()
        is_share = code not in NUMBERS
        if first.empty or second.empty or (is_share and not first.any() and not second.any()):
            continue
        spread = np.sqrt((first.var(ddof=0) + second.var(ddof=0)) / 2)
        gap = first.mean() - second.mean()
        rows.append((code, is_share, first.mean(), second.mean(), gap / spread if spread > 0 else np.nan))
    table = pd.DataFrame(rows, columns=["code", "is_share", "helped", "others", "difference"])
    order = table["difference"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _covariates(rows: pd.DataFrame) -> pd.DataFrame:
    """What is known of people before the help, as numbers: yes/no as 1/0, age in years, day of exit since 1970."""
    named = {
        "urban": rows["registration"] == Registration.URBAN,
        "female": (rows["sex"] == Sex.FEMALE).where(rows["sex"].notna()),
        "schooled": rows["education"].isin(SCHOOLED).where(rows["education"].notna()),
        "trained_before": rows["trained_before"],
        **{f"hardship_{kind.value}": rows[f"hardship_{kind.value}"] for kind in HardshipKind},
        "age": rows["age_years"],
        "exit_day": (rows["exited_on"] - pd.Timestamp(1970, 1, 1)).dt.days,
    }
    return pd.DataFrame(named).astype("float64")


def more_exits(comparison: Comparison, data: Landmark, days: float) -> int | None:
    """How many further exits it takes until a difference of ``days`` can be decided; 0 if there are enough.

    Persons needed by ``size_to_decide`` at the present shares and variances, less those there are, ÷ the share of exits
    that still wait on the landmark day. None where a group has too few jobs for a variance.
    """
    helped, others = comparison.helped, comparison.others
    if comparison.difference is None or min(helped.jobs, others.jobs) < LEAST_JOBS:
        return None
    n = helped.n + others.n
    missing = size_to_decide((helped.variance, others.variance), helped.n / n, days) - n
    old_enough = len(data.rows) + len(data.early) + len(data.gone)
    return max(0, int(np.ceil(missing * old_enough / n)))


@dataclass(frozen=True, eq=False)
class ReleasedGroups:
    """``table``: by (a column of ``STRATUM``, or all), level, helped, others, all (persons; NA = hidden)."""

    table: pd.DataFrame
    min_count: int
    protection: Protection

    def certificate(self, tr: Translator) -> str:
        """The line that goes with the table."""
        return certificate(tr, self.min_count, self.protection.narrowest)


def release(comparison: Comparison, min_count: int) -> ReleasedGroups:
    """Head counts of both groups as they may leave the bureau: by each column of ``STRATUM`` and in all.

    Everything published is protected together: counts under ``min_count``, and others with them until nothing hidden
    can be computed from what is shown.
    """
    both = [comparison.helped.rows[STRATUM], comparison.others.rows[STRATUM]]
    people = pd.concat([rows.assign(side=side) for side, rows in enumerate(both)], ignore_index=True)
    cells = people.groupby([*STRATUM, "side"], sort=True).size().rename("n").reset_index()
    lines = [(by, level) for by in STRATUM for level in sorted(people[by].unique())] + [("all", "all")]
    members, counts = [], []
    for by, level in lines:
        inside = np.ones(len(cells), dtype=bool) if by == "all" else (cells[by] == level).to_numpy(dtype=bool)
        for side in ((0,), (1,), (0, 1)):
            mask = inside & cells["side"].isin(side).to_numpy()
            members.append(mask)
            counts.append(int(cells["n"].to_numpy()[mask].sum()))
    total = np.array(counts, dtype=np.int64)
    cost = total.astype(float)
    cost[total == 0] = float(len(people))
    protection = protect(Release(np.array(members).reshape(len(total), len(cells)), total, cost), min_count)
    shown = pd.array(total, dtype="Int64")
    shown[protection.hidden] = pd.NA
    table = pd.DataFrame(lines, columns=["by", "level"])
    for k, column in enumerate(("helped", "others", "all")):
        table[column] = shown[k::3]
    return ReleasedGroups(table, min_count, protection)
