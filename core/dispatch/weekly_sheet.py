"""The weekly dispatch sheet (周调度表): one row for each responsible unit and line, computed from the rows behind it.

    table = weekly_sheet(facts, parameters, date(2025, 12, 28))     # numbers unrounded, ids and codes
    readable_sheet(tr, table, office)                               # headings and texts of one language

A *count* line adds up what happened: this week (Monday to ``as_of``), the whole week before, the month and the year to
``as_of``; it is compared with the same days of last year. A *rate* line is an indicator of the registry: its value on
``as_of``, a week before and 52 weeks before, in the sheet's unit (percent, or items a person); changes are differences
and nothing adds up. Where a month or year begins inside the week, the day ``as_of`` says which one the cumulated
figures, the target and the share of the year are of; this week's figure has all days from Monday on.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import pandas as pd

from core.dispatch.frozen_week import week_of
from core.indicators import populations
from core.indicators.dated_counts import rows_on, rows_since
from core.indicators.facts import Facts
from core.indicators.lights import light_of, year_share
from core.indicators.registry import INDICATORS, Indicator, Side, measure
from core.indicators.targets import targets_on
from core.locale import N_, Translator
from core.store.settings import parameter
from core.terms import ActionStatus, Light

__all__ = [
    "ACTION_COLUMNS",
    "COLUMNS",
    "LINES",
    "Line",
    "Period",
    "light_text",
    "line_rows",
    "period_days",
    "readable_sheet",
    "sheet_weeks",
    "weekly_sheet",
]


class Period(StrEnum):
    """Days that a figure of a count line adds up."""

    WEEK = "week"
    WEEK_BEFORE = "week_before"
    MONTH = "month"
    YEAR = "year"
    LAST_YEAR = "last_year"


@dataclass(frozen=True)
class Line:
    """One line of the sheet. ``rows`` counts by the day on which a row begins (``since``); a rate has an ``indicator``.

    ``sheet_name`` is what the bureau's sheet calls it, the key of its targets and actions.
    """

    code: str
    name: str
    sheet_name: str
    unit: str
    definition: str
    rows: Side | None = None
    indicator: Indicator | None = None
    of_every_community: bool = False

    def label(self, tr: Translator) -> str:
        """Its name; in Chinese as on the bureau's sheet."""
        return tr(self.name) if tr.is_english else self.sheet_name

    @property
    def is_share(self) -> bool:
        """Whether its targets are percentages."""
        return self.indicator is not None and not self.indicator.per_person


def _rate(indicator: Indicator) -> Line:
    unit = N_("items") if indicator.per_person else "%"
    return Line(
        code=indicator.code,
        name=indicator.name,
        sheet_name=indicator.sheet_name,
        unit=unit,
        definition=indicator.definition,
        indicator=indicator,
    )


LINES: dict[str, Line] = {
    line.code: line
    for line in (
        Line(
            code="placements_started",
            name=N_("Placements started"),
            sheet_name="新增就业",
            unit=N_("persons"),
            definition=N_("Placements by the day on which they started, whether or not they lasted."),
            rows=populations.placements_started,
            of_every_community=True,
        ),
        Line(
            code="visits_made",
            name=N_("Visits"),
            sheet_name="走访",
            unit=N_("times"),
            definition=N_("Visits by their day; a person visited twice counts twice."),
            rows=populations.visits_made,
            of_every_community=True,
        ),
        Line(
            code="courses_finished",
            name=N_("Courses finished"),
            sheet_name="培训结业",
            unit=N_("times"),
            definition=N_("Courses passed, by their last day; a person with two courses counts twice."),
            rows=populations.courses_finished,
        ),
        Line(
            code="posts_developed",
            name=N_("Community posts developed"),
            sheet_name="社区岗位开发",
            unit=N_("posts"),
            definition=N_("Head count of community posts by the day on which they were developed."),
            rows=populations.developed_posts,
        ),
        Line(
            code="people_re_employed",
            name=N_("People re-employed"),
            sheet_name="二次就业",
            unit=N_("persons"),
            definition=N_("Exits from public-welfare posts, by the day of the first job that followed."),
            rows=populations.re_employed,
        ),
        Line(
            code="events_held",
            name=N_("Recruitment events"),
            sheet_name="招聘活动",
            unit=N_("events"),
            definition=N_("Recruitment events by the day on which they were held."),
            rows=populations.events_held,
        ),
        *(_rate(indicator) for indicator in INDICATORS.values()),
    )
}

# The columns of the bureau's form, in its order: field of the table and heading.
COLUMNS: dict[str, str] = {
    "number": N_("Row no."),
    "office": N_("Responsible unit"),
    "name": N_("Line"),
    "unit": N_("Unit of measure"),
    "target": N_("Target of the year"),
    "week": N_("This week"),
    "week_before": N_("Last week"),
    "change": N_("On last week"),
    "month": N_("Month so far"),
    "year": N_("Year so far"),
    "completion": N_("Completion"),
    "year_share": N_("Share of the year"),
    "gap": N_("Gap, points"),
    "last_year": N_("Last year"),
    "year_change": N_("On last year"),
    "rank": N_("Rank"),
    "light": N_("Progress light"),
    "problem": N_("Problems"),
    "measure": N_("Next steps"),
    "owner": N_("Person in charge"),
    "due_on": N_("Deadline"),
    "status": N_("Follow-up"),
    "iso_week": N_("Week"),
    "closed_on": N_("Closed on"),
    "action": N_("Action no."),
}

ACTION_COLUMNS = ("problem", "measure", "owner", "due_on", "status", "closed_on", "action")
"""They hold one line of text for each action of the row, in the same order."""
FIGURES = ("target", *Period, "change", "completion", "year_share", "gap", "year_change")

Sums = dict[int | None, float]  # by community; None is the whole district
Key = tuple[str, int | None]


def period_days(as_of: date) -> dict[Period, tuple[date, date]]:
    """First and last day of each period of the sheet as of ``as_of``; 29 February is compared with 28 February."""
    monday = as_of - timedelta(days=as_of.weekday())
    last_year = as_of.year - 1
    day = min(as_of.day, calendar.monthrange(last_year, as_of.month)[1])
    return {
        Period.WEEK: (monday, as_of),
        Period.WEEK_BEFORE: (monday - timedelta(days=7), monday - timedelta(days=1)),
        Period.MONTH: (as_of.replace(day=1), as_of),
        Period.YEAR: (date(as_of.year, 1, 1), as_of),
        Period.LAST_YEAR: (date(last_year, 1, 1), date(last_year, as_of.month, day)),
    }


def weekly_sheet(facts: Facts, parameters: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The sheet as of a day, by convention the Sunday of its week.

    District lines that have a target, then the communities, then district lines without one: the numbers of rows stay
    as the bureau's forms have them. A community has the lines kept ``of_every_community`` and those it has a target of.

    Columns: number, line (key of LINES), community_id (NA for the district), community (its name), iso_week; target,
    week, week_before, month, year, last_year (sheet's unit; NaN where there is none); change, year_change (a share of
    the figure compared with for counts, a difference for rates); completion, year_share (shares), gap (points);
    rank (among communities, equals share one); light (code of a Light or None); ACTION_COLUMNS (texts), for actions
    that are open on ``as_of`` or were closed in its week, with the status and deadline recorded now.
    """
    targets: dict[Key, float] = {
        (str(row.indicator), None if pd.isna(row.community_id) else int(row.community_id)): float(row.value)
        for row in targets_on(facts.targets, as_of).itertuples()
    }
    communities = {int(row.id): str(row.name) for row in facts.communities[["id", "name"]].itertuples(index=False)}
    actions = _actions_by_line(facts.actions, as_of)
    rows: list[dict[str, Any]] = []
    for code, line in LINES.items():
        units: list[int | None] = [None]
        units += [c for c in communities if line.of_every_community or (line.sheet_name, c) in targets]
        figures = _count_figures(line.rows(facts), as_of) if line.rows is not None else {}
        for unit in units:
            own = figures.get(unit, {}) if line.rows is not None else _rate_figures(facts, code, as_of, unit)
            base: dict[str, Any] = {"line": code, "community_id": unit, "target": targets.get((line.sheet_name, unit))}
            rows.append(base | (own or dict.fromkeys(Period, 0.0)) | actions.get((line.sheet_name, unit), {}))
    table = _typed(pd.DataFrame(rows))
    table["community"] = [communities.get(c, "") if pd.notna(c) else "" for c in table["community_id"]]
    table["iso_week"] = week_of(as_of)
    return _ordered(_judged(_compared(table), parameters, as_of))


def sheet_weeks(facts: Facts, parameters: pd.DataFrame, today: date) -> list[str]:
    """ISO weeks that the sheet can be computed for, the present one first: from the first visit or placement on, but
    not before both limits of the lights are in force.
    """
    first_days = [facts.visits["visited_on"].min(), facts.placements["started_on"].min()]
    known = [day.date() for day in first_days if pd.notna(day)]
    limits = parameters[parameters["key"].isin(["light_yellow_points", "light_red_points"])]
    day = max(min(known, default=today), limits.groupby("key")["since"].min().max().date())
    weeks = max(0, (today - day).days + day.weekday() - today.weekday()) // 7
    return [week_of(today - timedelta(weeks=n)) for n in range(weeks + 1)]


def line_rows(facts: Facts, code: str, as_of: date, period: Period, community_id: int | None = None) -> pd.DataFrame:
    """The rows that a figure of a count line adds up (head count ``n``); of a rate, those of its numerator on ``as_of``.

    KeyError for an unknown ``code``.
    """
    line = LINES[code]
    if line.rows is None:
        return rows_on(measure(facts, code, as_of, community_id).numerator_rows, as_of).reset_index(drop=True)
    rows = rows_since(line.rows(facts), *period_days(as_of)[period])
    own = rows if community_id is None else rows[rows["community_id"] == community_id]
    return own.reset_index(drop=True)


def readable_sheet(tr: Translator, table: pd.DataFrame, office: str) -> pd.DataFrame:
    """The sheet with headings and texts of one language; ``office`` is the name of the district's office.

    Rank, completion, share of the year (both shares) and gap stay numbers, so that a table can sort by them.
    """
    rows = table.to_dict("records")
    columns = {name: [_text(tr, name, row, office) for row in rows] for name in COLUMNS}
    numbers = {name: table[name] for name in ("number", "completion", "year_share", "gap", "rank")}
    return pd.DataFrame({tr(COLUMNS[name]): values for name, values in (columns | numbers).items()}, index=table.index)


def _count_figures(rows: pd.DataFrame, as_of: date) -> dict[int | None, dict[str, float]]:
    """Head counts of each period by unit."""
    figures: dict[int | None, dict[str, float]] = {None: dict.fromkeys(Period, 0.0)}
    for period, (first, last) in period_days(as_of).items():
        inside = rows_since(rows, first, last)
        figures[None][period] = float(inside["n"].sum())
        for community, heads in inside.groupby("community_id")["n"].sum().items():
            figures.setdefault(int(str(community)), dict.fromkeys(Period, 0.0))[period] = float(heads)
    return figures


def _rate_figures(facts: Facts, code: str, as_of: date, community_id: int | None) -> dict[str, float | None]:
    """Value of an indicator on the day, a week before and 52 weeks before, in the sheet's unit."""
    measured = measure(facts, code, as_of, community_id)
    scale = measured.indicator.sheet_scale
    weeks_ago = {Period.WEEK: 0, Period.WEEK_BEFORE: 1, Period.LAST_YEAR: 52}
    values = {period: measured.value_on(as_of - timedelta(weeks=n)) for period, n in weeks_ago.items()}
    return {period: None if value is None else value * scale for period, value in values.items()}


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Every column of the computation, also where no row has a value."""
    table = table.reindex(columns=["line", "community_id", *FIGURES, *ACTION_COLUMNS])
    texts = {name: table[name].astype(object).fillna("").astype("str") for name in ACTION_COLUMNS}
    return table.astype({"community_id": "Int64", **dict.fromkeys(FIGURES, "float64")}).assign(**texts)


def _compared(table: pd.DataFrame) -> pd.DataFrame:
    """With changes on last week and last year."""
    is_rate = table["line"].map(lambda code: LINES[code].rows is None).astype(bool)

    def change(now: pd.Series, then: pd.Series) -> pd.Series:
        return (now - then).where(is_rate, now / then.where(then > 0) - 1)

    reached = table[Period.WEEK].where(is_rate, table[Period.YEAR])
    return table.assign(
        change=change(table[Period.WEEK], table[Period.WEEK_BEFORE]),
        year_change=change(reached, table[Period.LAST_YEAR]),
        completion=reached / table["target"].where(table["target"] > 0),
    )


def _judged(table: pd.DataFrame, parameters: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """With the share of the year, gap, light and the rank among communities."""
    share = year_share(as_of)
    yellow, red = (parameter(parameters, f"light_{name}_points", as_of) for name in ("yellow", "red"))
    has_target = table["completion"].notna()
    lights = [light_of(done, share, yellow=yellow, red=red).value for done in table.loc[has_target, "completion"]]
    local = table[table["community_id"].notna() & has_target]
    return table.assign(
        year_share=share,
        gap=100 * (table["completion"] - share),
        light=pd.Series(lights, index=table.index[has_target], dtype=object).reindex(table.index),
        rank=local.groupby("line")["completion"].rank(method="min", ascending=False).astype("Int64"),
    )


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """In the order of the form, numbered from 1."""
    is_district = table["community_id"].isna()
    place = (~is_district).astype(int) + 2 * (is_district & table["target"].isna())
    ordered = table.iloc[place.argsort(kind="stable")].reset_index(drop=True)
    return ordered.assign(number=range(1, len(ordered) + 1))


def _actions_by_line(actions: pd.DataFrame, as_of: date) -> dict[Key, dict[str, str]]:
    """Texts of ACTION_COLUMNS by line (its name on the sheet) and community."""
    monday = period_days(as_of)[Period.WEEK][0]
    closed = actions["closed_on"]
    is_open = closed.isna() & (actions["status"] != ActionStatus.CLOSED) | (closed >= pd.Timestamp(monday))
    shown = actions[is_open & (actions["raised_on"] <= pd.Timestamp(as_of))].sort_values(["raised_on", "code"])
    texts = pd.DataFrame(
        {
            "indicator": shown["indicator"],
            "community_id": shown["community_id"].fillna(0).astype("int64"),
            **{name: shown[name].fillna("").str.split().str.join(" ") for name in ("problem", "measure", "owner")},
            **{name: shown[name].dt.strftime("%Y-%m-%d").fillna("") for name in ("due_on", "closed_on")},
            "status": shown["status"],
            "action": shown["code"],
        }
    )
    grouped: dict[Key, dict[str, str]] = {}
    for (indicator, community), own in texts.groupby(["indicator", "community_id"]):
        grouped[(str(indicator), int(community) or None)] = {name: "\n".join(own[name]) for name in ACTION_COLUMNS}
    return grouped


def _text(tr: Translator, column: str, row: Mapping[str, Any], office: str) -> str:
    """A cell as it reads on a screen; '—' where a rate has nothing to show."""
    line, value = LINES[row["line"]], row.get(column)
    if column in ("office", "name", "unit"):
        return {"office": tr.name(row["community"]) or office, "name": line.label(tr), "unit": tr(line.unit)}[column]
    if column == "light":
        return light_text(tr, value)
    if column in ACTION_COLUMNS:
        lines = [
            tr.term(ActionStatus.of(text)) if column == "status" else text for text in str(value).split("\n") if text
        ]
        return "；".join(lines) if not tr.is_english else "; ".join(lines)
    if column in (Period.MONTH, Period.YEAR) and line.rows is None:
        return "—"
    if value is None or pd.isna(value):
        return ""
    if column in ("change", "year_change"):
        return _change_text(tr, line, float(value))
    if column in (*Period, "target"):
        digits = 2 if line.rows is None and column != "target" else len(f"{value:g}".partition(".")[2])
        return tr.number(float(value), digits)
    return str(value)


def _change_text(tr: Translator, line: Line, value: float) -> str:
    if line.rows is not None:
        return f"{tr.signed(100 * value)}%"
    return tr("{n} pts", n=tr.signed(value, 2)) if line.is_share else tr.signed(value, 2)


def light_text(tr: Translator, code: str | None) -> str:
    """Shape and word of a light; empty without one."""
    if code is None or pd.isna(code):
        return ""
    light = Light.of(code)
    return f"{light.shape} {tr.term(light)}"
