"""The slides of a frozen week: one pure function from its content to ``slide_model`` classes.

    slides_of(Week(content, as_of, metric_version, previous=…), tr)      # list[Slide], in the standard order

Every number comes from the frozen content, none from the store, so that a slide shows next year what it shows today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Any

from core.access.measures import MEASURES
from core.dispatch.action_log import RunningList
from core.dispatch.comparison import row_changes
from core.dispatch.frozen_week import UnitType, fact_table
from core.dispatch.meeting_data import ACCESS_MODE, RANKED
from core.dispatch.slide_model import (
    BarFigure,
    Column,
    Drill,
    Figure,
    LineFigure,
    MapFigure,
    Meaning,
    Number,
    Region,
    Row,
    Series,
    Slide,
    Subject,
    TableFigure,
)
from core.enterprises.assessment import FLAGS, Flag
from core.geography.plane import TravelMode
from core.geography.suppression_audit import certificate
from core.indicators.attention import WATCHES
from core.indicators.funnel import STAGES
from core.indicators.registry import HEADLINES, INDICATORS
from core.indicators.signals import ASSURANCE, CHANGES, Assurance, Change
from core.locale import Translator
from core.teams.rhythm import WEEKS
from core.terms import Light, Tier
from core.workshops.hiring_capacity import LIMIT_NAMES, Limit

__all__ = ["HIDDEN", "SIDES", "SLIDES", "Week", "slides_of"]

MOST_SERIES = 3  # slides of single indicators
MOST_ROWS = 10  # of a table on a slide
MOST_OPENINGS = 7  # of the table beside numbers
MOST_NAMES = 3  # in a title
MOST_ACTIONS = 8  # of one with long texts
HIDDEN = "*"  # a count that must not leave the bureau; see ``core.dispatch.exports.release``
SIDES = ("numerator", "denominator")
LIGHTS = {light.value: light for light in Light}
GRAVEST = (Light.RED, Light.YELLOW, Light.GREEN, None)
MEANING = {Light.GREEN: Meaning.GREEN, Light.YELLOW: Meaning.YELLOW, Light.RED: Meaning.RED}
WATCH_BY_CODE = {watch.code: watch for watch in WATCHES}
TIERS = {tier.value: tier for tier in Tier}
MODES = {mode.value: mode for mode in TravelMode}


@dataclass(frozen=True, eq=False)
class Week:
    """A frozen week, and the one before it where there is one.

    Of a week that leaves the bureau, ``min_count`` is the smallest count of people that it shows, ``narrowest`` the
    narrowest interval that can be proved of a hidden one, and ``hidden_moves`` the indicators and sides of which it
    does not say how many rows entered and left.
    """

    content: Mapping[str, Any]
    as_of: date
    metric_version: str
    previous: Mapping[str, Any] | None = None
    previous_version: str | None = None
    min_count: int = 0
    narrowest: float = inf
    hidden_moves: frozenset[tuple[str, str]] = frozenset()

    @property
    def is_comparable(self) -> bool:
        """Whether the week before is frozen and was computed by the same definitions."""
        return self.previous is not None and self.previous_version == self.metric_version

    @property
    def has_changed_definitions(self) -> bool:
        return self.previous is not None and self.previous_version != self.metric_version

    @cached_property
    def district(self) -> dict[str, dict[str, Any]]:
        """The frozen facts of the district by indicator code."""
        return _district(self.content)

    @cached_property
    def district_before(self) -> dict[str, dict[str, Any]]:
        """The same of the week before; empty where it can't be compared."""
        return _district(self.previous) if self.is_comparable and self.previous is not None else {}

    @property
    def data(self) -> Mapping[str, Any]:
        """What the slides draw."""
        section: Mapping[str, Any] = self.content["meeting"]
        return section

    @cached_property
    def moves(self) -> dict[tuple[str, str], tuple[int, int]]:
        """(indicator, side) → heads that entered and left since the week before; empty where it can't be compared."""
        if not self.is_comparable or self.previous is None:
            return {}
        rows = row_changes(self.previous, self.content)
        heads = rows.groupby(["indicator", "side", "change"])["head_count"].sum()
        return {
            (code, side): (int(heads.get((code, side, "entered"), 0)), int(heads.get((code, side, "left"), 0)))
            for code in self.district
            for side in SIDES
        }

    def disclosure(self, tr: Translator) -> str:
        """What can be proved of a hidden count; '' for a week that stays in the bureau."""
        if not self.min_count:
            return ""
        return tr("* = hidden. {certificate}", certificate=certificate(tr, self.min_count, self.narrowest))

    def community(self, key: object) -> str:
        """The stored name of a community."""
        return str(self.content["names"][UnitType.COMMUNITY.value].get(str(key), key))

    def difference(self, code: str) -> float | None:
        """Change of a district's figure between the two frozen weeks; None where they can't be compared."""
        now, before = self.district[code]["value"], self.district_before.get(code, {}).get("value")
        return None if now is None or before is None else now - before

    def change_text(self, code: str, tr: Translator) -> str:
        """The change in words: '+0.5 pts', '—', or that the definitions changed."""
        if self.has_changed_definitions:
            return tr("definition changed, not comparable")
        return INDICATORS[code].change(tr, self.difference(code))


def slides_of(week: Week, tr: Translator) -> list[Slide]:
    """Every standard slide that has something to show, in order."""
    return [_explained(slide, week, tr) for make in SLIDES.values() for slide in make(week, tr)]


def _explained(slide: Slide, week: Week, tr: Translator) -> Slide:
    """The slide; where its figure or notes have the sign of a hidden count, the foot says what can be proved of one."""
    has_sign = HIDDEN in _figure_texts(slide.figure) or any(HIDDEN in note for note in slide.notes)
    if not (week.min_count and has_sign):
        return slide
    return replace(slide, sources=f"{slide.sources} {week.disclosure(tr)}")


def _figure_texts(figure: Figure | None) -> Iterable[str]:
    """Labels, cells or names of regions that may hold the sign of a hidden count."""
    if isinstance(figure, BarFigure):
        return figure.labels
    if isinstance(figure, TableFigure):
        return [cell for row in figure.rows for cell in row.cells]
    return [region.text for region in figure.regions] if isinstance(figure, MapFigure) else ()


def _district(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    table = fact_table(content)
    rows = table[table["unit_type"] == UnitType.DISTRICT.value]
    return {
        str(row["indicator"]): {
            **row,
            "value": None if row["value"] != row["value"] else row["value"],
            "target": None if row["target"] != row["target"] else row["target"],
            "light": LIGHTS.get(row["light"]) if isinstance(row["light"], str) else None,
        }
        for row in rows.to_dict("records")
    }


# Last week's items


def _actions(week: Week, tr: Translator) -> list[Slide]:
    actions = week.data["actions"]
    running = [a for a in actions if a["list"] != RunningList.CLOSED.value]
    closed = [a for a in actions if a["list"] == RunningList.CLOSED.value]
    overdue = [a for a in running if a["light"] == Light.RED.value]
    if not actions:
        return []
    title = (
        tr("{n} of {all} open actions are past their date", n=len(overdue), all=len(running))
        if overdue
        else tr("No action is past its date; {n} closed this week", n=len(closed))
    )
    columns = (
        Column(tr("No."), 1.5),
        Column(tr("Problem"), 3.6),
        Column(tr("Unit in charge"), 1.5),
        Column(tr("Responsible"), 1.1),
        Column(tr("Due on"), 1.2),
        Column(tr("Weeks open"), 0.9, is_number=True),
    )
    rows = tuple(
        Row(
            (
                a["code"],
                a["problem"],
                a["office"] or "—",
                a["owner"] or "—",
                _short(a["due_on"], tr) + (f" (+{a['extensions']})" if a["extensions"] else ""),
                tr.number(a["weeks_open"]),
            ),
            LIGHTS[a["light"]],
        )
        for a in running[:MOST_ACTIONS]
    )
    new = sum(a["list"] == RunningList.NEW.value for a in running)
    return [
        Slide(
            code="actions",
            section=tr("Last week's items"),
            title=title,
            question=tr("What stops the overdue ones, and by when will they be done?"),
            numbers=(
                Number(tr.number(len(running)), tr("open"), tr("{n} new this week", n=new)),
                Number(tr.number(len(overdue)), tr("past their date"), light=Light.RED if overdue else Light.GREEN),
                Number(tr.number(len(closed)), tr("closed this week")),
            ),
            figure=TableFigure(columns, rows, len(running) - len(rows)),
            notes=tuple(
                tr("{code}: closed, {evidence}", code=a["code"], evidence=a["evidence"] or tr("no evidence recorded"))
                for a in closed
            ),
            sources=tr("Overdue: the date has passed and the action is not closed. (+n): extended n times."),
            minutes=8,
        )
    ]


# Headline figures


def _headlines(week: Week, tr: Translator) -> list[Slide]:
    """One slide: every target and the tiles of the overview as a table, the gravest light first."""
    with_light = [code for code, fact in week.district.items() if fact["light"] is not None]
    codes = list(dict.fromkeys([*(code for code in HEADLINES if code in week.district), *with_light]))
    codes.sort(key=lambda code: GRAVEST.index(week.district[code]["light"]))
    shown = codes[:MOST_ROWS]
    columns = (
        Column(tr("Indicator"), 2.4),
        Column(tr("Value"), 1.1, is_number=True),
        Column(tr("Rows"), 1.7, is_number=True),
        Column(tr("Change on last week"), 1.4, is_number=True),
        Column(tr("Signal"), 1.6),
        Column(tr("Target"), 1.1, is_number=True),
        Column(tr("Expectation"), 1.5),
    )
    rows = tuple(_headline_row(week, tr, code) for code in shown)
    return [
        Slide(
            code="headlines",
            section=tr("Headline figures"),
            title=_headline_title(week, codes, tr),
            question=tr("Which of these needs a decision today?"),
            figure=TableFigure(columns, rows, len(codes) - len(shown)),
            drills=tuple(_drill(week, tr, code, "numerator") for code in shown),
            notes=tuple(f"{tr(INDICATORS[c].name)}: {tr(INDICATORS[c].definition)}" for c in shown),
            sources=tr("An arrow only where the week is a signal; the light compares completion with the year gone."),
            minutes=5,
        )
    ]


def _headline_title(week: Week, codes: list[str], tr: Translator) -> str:
    """Which targets are behind, else which are to be watched, else that all are on track; in the order of the table."""
    by_light = {light: [c for c in codes if week.district[c]["light"] is light] for light in Light}

    def names(some: list[str]) -> str:
        return _first_names([tr(INDICATORS[code].name) for code in some], tr)

    red, to_watch, on_track = by_light[Light.RED], by_light[Light.YELLOW], by_light[Light.GREEN]
    if red:
        text = names(red)
        return tr.plural("{n} target is behind: {names}", "{n} targets are behind: {names}", len(red), names=text)
    if to_watch:
        text = names(to_watch)
        return tr.plural("{n} target to watch: {names}", "{n} targets to watch: {names}", len(to_watch), names=text)
    if on_track:
        return tr("All {n} targets are on track", n=len(on_track))
    return tr("This week's headline figures; no target is set")


def _first_names(names: list[str], tr: Translator) -> str:
    """As many names as a title has room for, and how many more there are."""
    first, more = tr.join(names[:MOST_NAMES]), len(names) - MOST_NAMES
    return tr("{names} and {n} more", names=first, n=more) if more > 0 else first


def _headline_row(week: Week, tr: Translator, code: str) -> Row:
    fact, series, indicator = week.district[code], week.data["series"][code], INDICATORS[code]
    change = Change[series["change"]]
    assurance = series["assurance"]
    return Row(
        (
            tr(indicator.name),
            indicator.text(tr, fact["value"]),
            f"{tr.number(fact['numerator'])} / {tr.number(fact['denominator'])}",
            week.change_text(code, tr),
            f"{change.value} {tr(CHANGES[change])}",
            indicator.text(tr, fact["target"]),
            "—" if assurance is None else f"{Assurance[assurance].value} {tr(ASSURANCE[Assurance[assurance]])}",
        ),
        fact["light"],
    )


def _drill(week: Week, tr: Translator, code: str, side: str) -> Drill:
    indicator, count = INDICATORS[code], int(week.district[code][side])
    unit = indicator.numerator_unit if side == "numerator" else indicator.denominator_unit
    return Drill("indicator", code, f"{tr.number(count)} {tr(unit)}", count, side)


# Single indicators: red first, then those that got worse


def _series(week: Week, tr: Translator) -> list[Slide]:
    red = [code for code, fact in week.district.items() if fact["light"] is Light.RED]
    worse = [code for code, own in week.data["series"].items() if own["change"] == Change.WORSENING.name]
    codes = list(dict.fromkeys([*red, *worse]))[:MOST_SERIES] or ["re_employment"]
    return [_indicator_slide(week, tr, code) for code in codes if week.district[code]["value"] is not None]


def _indicator_slide(week: Week, tr: Translator, code: str) -> Slide:
    fact, own, indicator = week.district[code], week.data["series"][code], INDICATORS[code]
    change, light = Change[own["change"]], fact["light"]
    values = {
        "name": tr(indicator.name),
        "value": indicator.text(tr, fact["value"]),
        "change": week.change_text(code, tr),
        "signal": tr(CHANGES[change]),
    }
    is_usual = change in (Change.COMMON, Change.TOO_FEW)
    title = tr("{name} {value}, {change} on last week: {signal}", **values)
    limits = own["limits"]
    lines = [Series(tr(indicator.name), tuple(own["values"]), Meaning.MAIN)]
    if any(v is not None for v in limits["centre"]):
        lines += [
            Series(tr("mean"), tuple(limits["centre"]), Meaning.CONTEXT),
            Series(tr("lower limit"), tuple(limits["low"]), Meaning.CONTEXT),
            Series(tr("upper limit"), tuple(limits["high"]), Meaning.CONTEXT),
        ]
    if fact["target"] is not None:
        lines.append(Series(tr("target"), (fact["target"],) * len(own["days"]), Meaning.TARGET))
    target = tr("target {value}", value=indicator.text(tr, fact["target"])) if fact["target"] is not None else ""
    return Slide(
        code=f"indicator-{code.replace('_', '-')}",
        section=tr("Headline figures"),
        title=title,
        question=tr("What is behind it, and who does what by the next meeting?"),
        numbers=(
            Number(values["value"], tr(indicator.name), target, light),
            Number(values["change"], tr("on last week"), f"{change.value} {values['signal']}"),
            Number(
                indicator.text(tr, own["last_year"]),
                tr("same week last year"),
                "" if own["last_year"] is not None else tr("no records yet"),
            ),
        ),
        figure=LineFigure(
            days=tuple(date.fromisoformat(day) for day in own["days"]),
            series=tuple(lines),
            unit="" if not indicator.per_person else tr(indicator.numerator_unit),
            is_share=not indicator.per_person,
            digits=2 if indicator.per_person else 0,
            notes=tuple((date.fromisoformat(day), text) for day, text in own["notes"]),
        ),
        drills=(_drill(week, tr, code, "numerator"), _drill(week, tr, code, "denominator")),
        notes=(tr(indicator.definition), *_change_notes(week, tr, code)),
        sources=tr(indicator.definition),
        subject=Subject(
            problem=tr("{name} {value}, {change} on last week", **values),
            indicator=indicator.sheet_name,
            is_noise=is_usual and light is not Light.RED,
        ),
        minutes=4,
    )


def _change_notes(week: Week, tr: Translator, code: str) -> tuple[str, ...]:
    """What entered and left on both sides since last week."""
    if not week.moves:
        return ()
    indicator = INDICATORS[code]
    units = dict(zip(SIDES, (indicator.numerator_unit, indicator.denominator_unit), strict=True))
    return tuple(
        tr("{side}: {entered} entered, {left} left", side=tr(unit), entered=entered, left=left)
        for side, unit in units.items()
        for entered, left in [_move_texts(week, tr, code, side)]
    )


def _move_texts(week: Week, tr: Translator, code: str, side: str) -> tuple[str, str]:
    """How many heads entered and left one side of an indicator, as a slide shows them."""
    if (code, side) in week.hidden_moves:
        return HIDDEN, HIDDEN
    entered, left = week.moves[code, side]
    return tr.number(entered), tr.number(left)


# Why did it change


def _changes(week: Week, tr: Translator) -> list[Slide]:
    heads = {code: sum(sum(week.moves[code, side]) for side in SIDES) for code, _ in week.moves}
    differences = {code: week.difference(code) for code, n in heads.items() if n}
    moved = {code: difference for code, difference in differences.items() if difference is not None}
    if not moved:
        return []
    codes = sorted(moved, key=lambda code: -abs(moved[code]))
    shown = codes[:MOST_ROWS]
    first = {"name": tr(INDICATORS[codes[0]].name), "change": INDICATORS[codes[0]].change(tr, moved[codes[0]])}
    is_hidden = any((codes[0], side) in week.hidden_moves for side in SIDES)
    return [
        Slide(
            code="changes",
            section=tr("Headline figures"),
            title=tr("{name} moved most: {change}", **first)
            if is_hidden
            else tr("{name} moved most: {change}, by {n} rows that entered or left", **first, n=heads[codes[0]]),
            question=tr("Are these changes ours, or the usual variation?"),
            figure=TableFigure(
                (
                    Column(tr("Indicator"), 2.6),
                    Column(tr("Change on last week"), 1.3, is_number=True),
                    Column(tr("Signal"), 1.6),
                    Column(tr("Numerator: entered, left"), 1.8, is_number=True),
                    Column(tr("Denominator: entered, left"), 1.8, is_number=True),
                ),
                tuple(_change_row(week, tr, code, moved[code]) for code in shown),
                len(codes) - len(shown),
            ),
            drills=tuple(Drill("change", code, tr(INDICATORS[code].name), heads[code]) for code in shown),
            sources=tr("Rows counted in one of the two frozen weeks only."),
        )
    ]


def _change_row(week: Week, tr: Translator, code: str, difference: float) -> Row:
    change = Change[week.data["series"][code]["change"]]
    moves = [_move_texts(week, tr, code, side) for side in SIDES]
    return Row(
        (
            tr(INDICATORS[code].name),
            INDICATORS[code].change(tr, difference),
            f"{change.value} {tr(CHANGES[change])}",
            *(HIDDEN if HIDDEN in (entered, left) else f"+{entered} −{left}" for entered, left in moves),
        )
    )


# The loop


def _funnel(week: Week, tr: Translator) -> list[Slide]:
    stages = week.data["funnel"]
    if not stages or not stages[0][1]:
        return []
    losses = [(before[1] - after[1], before[0], after[0]) for before, after in pairwise(stages)]
    lost, before, after = max(losses, key=lambda entry: entry[0])
    names = {code: tr(STAGES[code][0]) for code, _ in stages}
    first = stages[0][1]
    return [
        Slide(
            code="funnel",
            section=tr("The loop"),
            title=tr("Most people are lost between “{a}” and “{b}”: {n}", a=names[before], b=names[after], n=lost),
            question=tr("What would bring more of them to the next stage?"),
            figure=BarFigure(
                categories=tuple(names[code] for code, _ in stages),
                series=(Series(tr("persons"), tuple(float(n) for _, n in stages), Meaning.MAIN),),
                unit=tr("persons"),
                labels=tuple(f"{tr.number(n)} · {tr.percent(n / first, 0)}" for _, n in stages),
            ),
            sources=tr("People who passed a stage and all stages before; percentages of the first."),
            subject=Subject(
                problem=tr("{n} people do not get from “{a}” to “{b}”", a=names[before], b=names[after], n=lost)
            ),
        )
    ]


# Communities


def _communities(week: Week, tr: Translator) -> list[Slide]:
    rankings = week.data["rankings"]
    code = next((code for code in RANKED if code in rankings and rankings[code]["rows"]), None)
    if code is None:
        return []
    ranking, indicator = rankings[code], INDICATORS[code]
    names = [tr.name(week.community(row[0])) for row in ranking["rows"]]
    name = tr(indicator.name)
    if ranking["leaders"]:
        title = tr("{name}: {who} lead", name=name, who=tr.join(tr.name(week.community(k)) for k in ranking["leaders"]))
    elif ranking["laggards"]:
        title = tr(
            "{name}: {who} trail", name=name, who=tr.join(tr.name(week.community(k)) for k in ranking["laggards"])
        )
    else:
        title = tr("{name}: differences between communities are within chance", name=name)
    labels = [
        HIDDEN
        if value is None
        else f"{indicator.text(tr, value)} · {numerator}/{denominator}{_rank_change(place, before)}"
        for place, (_, numerator, denominator, value, _, _, before) in enumerate(ranking["rows"], start=1)
    ]
    trailing = ranking["laggards"][0] if len(ranking["laggards"]) == 1 else None
    return [
        Slide(
            code="communities",
            section=tr("Communities"),
            title=title,
            question=tr("What do the first do that the last could take over?"),
            figure=BarFigure(
                categories=tuple(names),
                series=(Series(name, tuple(row[3] for row in ranking["rows"]), Meaning.MAIN),),
                unit="" if not indicator.per_person else tr(indicator.numerator_unit),
                is_share=not indicator.per_person,
                labels=tuple(labels),
                target=week.district[code]["target"],
            ),
            drills=(_drill(week, tr, code, "numerator"), _drill(week, tr, code, "denominator")),
            notes=tuple(
                tr("{name}: rank {low} to {high}", name=tr.name(week.community(row[0])), low=row[4], high=row[5])
                for row in ranking["rows"]
            ),
            sources=tr.sentences(tr(indicator.definition), tr("▲▼: places gained or lost since last week.")),
            subject=Subject(
                problem=title,
                indicator=indicator.sheet_name,
                community_id=trailing,
                office=None if trailing is None else week.community(trailing),
                is_noise=not (ranking["leaders"] or ranking["laggards"]),
            ),
        )
    ]


def _rank_change(place: int, before: int) -> str:
    if not before or place == before:
        return ""
    return f" ▲{before - place}" if place < before else f" ▼{place - before}"


def _map(week: Week, tr: Translator) -> list[Slide]:
    access = week.data["access"]
    known = [r for r in access["regions"] if r["value"] is not None]
    if not known:
        return []
    measure = MEASURES[access["measure"]]
    worst = min(known, key=lambda r: r["value"] if measure.more_is_better else -r["value"])
    bounds = access["breaks"]
    text = tr.number

    def step(value: float) -> int:
        return next((k for k, bound in enumerate(bounds) if value <= bound + 1e-6), len(bounds) - 1)

    regions = tuple(
        Region(
            name=tr.short_name(week.community(r["id"])),
            rings=tuple(tuple((x, y) for x, y in ring) for ring in r["rings"]),
            label=(r["label"][0], r["label"][1]),
            step=None if r["value"] is None else step(r["value"]),
            text=text(r["value"], measure.digits)
            if r["value"] is not None
            else HIDDEN
            if week.min_count and not r.get("is_released", True)
            else "—",
        )
        for r in access["regions"]
    )
    spans = [[r["value"] for r in known if step(r["value"]) == k] for k in range(len(bounds))]
    name = week.community(worst["id"])
    return [
        Slide(
            code="map",
            section=tr("Communities"),
            title=tr(
                "{name} reaches fewest openings: {value} per 1,000 job seekers, district {all}",
                name=tr.name(name),
                value=text(worst["value"], measure.digits),
                all=text(access["district"], measure.digits),
            ),
            question=tr("Which idle premises would bring work there?"),
            numbers=(
                Number(text(access["openings"]), tr("openings with a known place")),
                Number(text(access["seekers"]), tr("job seekers")),
            ),
            figure=MapFigure(
                regions=regions,
                classes=tuple(_span(values, tr) for values in spans),
                unit=tr(measure.unit),
            ),
            notes=(tr(measure.definition),),
            sources=tr(
                "{measure}, {mode}, within {n} minutes",
                measure=tr(measure.label),
                mode=tr.term(MODES[access["mode"]]),
                n=access["minutes"],
            ),
            subject=Subject(
                problem=tr("{name}: few openings within reach", name=tr.name(name)),
                community_id=worst["id"],
                office=name,
            ),
            minutes=4,
        )
    ]


def _span(values: list[float], tr: Translator) -> str:
    """The values that occur in a class of the map: '415–587', '74', '—'."""
    ends = list(dict.fromkeys(tr.number(value) for value in (min(values), max(values)))) if values else ["—"]
    return "–".join(ends)


def _visits(week: Week, tr: Translator) -> list[Slide]:
    watch = _watch(week, "overdue_visits")
    if watch is None:
        return []
    by_community = sorted(watch["by_community"].items(), key=lambda entry: (-(entry[1] or 0), int(entry[0])))
    top, most = by_community[0][0], by_community[0][1] or 0
    light = LIGHTS[watch["light"]]
    return [
        Slide(
            code="visits",
            section=tr("Communities"),
            title=tr(
                "{n} agreed visits are overdue, most in {name} ({most})",
                n=watch["count"],
                name=tr.name(week.community(top)),
                most=most,
            )
            if most
            else tr("{n} agreed visits are overdue", n=watch["count"]),
            question=tr("Which teams need help, and by when are the visits made up?"),
            figure=_counts(week, tr, by_community, tr("overdue visits"), Meaning.DEMAND),
            drills=(_watch_drill(watch, tr),),
            sources=tr("Agreed next visit has passed without one; the oldest since {day}.", day=_day(watch, tr)),
            subject=Subject(
                problem=tr("{n} agreed visits are overdue", n=watch["count"]),
                indicator=INDICATORS["visit_coverage"].sheet_name,
                community_id=int(top) if most > watch["count"] / 3 else None,
                office=week.community(top) if most > watch["count"] / 3 else None,
                is_noise=light is Light.GREEN,
            ),
        )
    ]


def _teams(week: Week, tr: Translator) -> list[Slide]:
    """Which teams kept the weekly meeting and the monthly round; weeks frozen before the teams were have none."""
    rows = week.data.get("teams", [])
    if not rows or not any(row[2] or row[4] for row in rows):
        return []
    met = sum(row[1] for row in rows)
    visited, listed = week.data["teams_total"]
    kept = {row[0]: (bool(row[1]), None if row[4] is None else row[3] == row[4]) for row in rows}
    ordered = sorted(rows, key=lambda row: (row[1], row[3] / row[4] if row[4] else 1.0, row[2], row[0]))
    lights = {0: Light.RED, 1: Light.YELLOW, 2: Light.GREEN}
    columns = (
        Column(tr("Team"), 2.0),
        Column(tr("Met this week"), 1.2),
        Column(tr("Weeks met of {n}", n=WEEKS), 1.3, is_number=True),
        Column(tr("Visited within the interval"), 1.8, is_number=True),
    )
    first = ordered[0]
    return [
        Slide(
            code="teams",
            section=tr("Communities"),
            title=tr(
                "{n} of {all} teams met this week; {visited} of {listed} who seek work were visited in time",
                n=met,
                all=len(rows),
                visited=tr.number(visited),
                listed=tr.number(listed),
            ),
            question=tr("What keeps the first teams of the list from their rhythm?"),
            figure=TableFigure(
                columns,
                tuple(
                    Row(
                        (
                            tr.name(week.community(key)),
                            tr("yes") if met_now else tr("no"),
                            tr.number(weeks),
                            HIDDEN if all_ is None else tr("{n} of {all}", n=tr.number(own), all=tr.number(all_)),
                        ),
                        None if None in kept[key] else lights[sum(map(bool, kept[key]))],
                    )
                    for key, met_now, weeks, own, all_ in ordered[:MOST_ROWS]
                ),
                max(len(ordered) - MOST_ROWS, 0),
            ),
            sources=tr(
                "Green: the team met this week and everyone who has sought work for a visiting interval was visited within it; yellow: one of the two; red: neither."
            ),
            subject=Subject(
                problem=tr("{name}: the weekly meeting was not held", name=tr.name(week.community(first[0]))),
                community_id=int(first[0]),
                office=week.community(first[0]),
            )
            if not first[1]
            else None,
        )
    ]


def _counts(week: Week, tr: Translator, by_community: list[tuple[str, int]], unit: str, meaning: Meaning) -> BarFigure:
    return BarFigure(
        categories=tuple(tr.name(week.community(key)) for key, _ in by_community),
        series=(Series(unit, tuple(n if n is None else float(n) for _, n in by_community), meaning),),
        unit=unit,
        labels=tuple(_count(n, tr) for _, n in by_community),
    )


def _count(n: int | None, tr: Translator) -> str:
    return HIDDEN if n is None else tr.number(n)


def _posts_ending(week: Week, tr: Translator) -> list[Slide]:
    rows = sorted(week.data["posts_ending"], key=lambda row: (-(row[1] or 0) - (row[2] or 0), row[0]))
    if not rows:
        return []
    soon, later, without = week.data["posts_ending_total"]
    watch = _watch(week, "posts_ending")
    return [
        Slide(
            code="posts-ending",
            section=tr("Communities"),
            title=tr(
                "{n} welfare posts end within 90 days, {without} holders have no plan", n=soon + later, without=without
            ),
            question=tr("Who makes the missing plans before the posts end?"),
            numbers=(
                Number(tr.number(soon), tr("end within 30 days"), light=Light.RED if soon and without else None),
                Number(tr.number(later), tr("end in 31 to 90 days")),
                Number(tr.number(without), tr("without a plan"), light=Light.YELLOW if without else Light.GREEN),
            ),
            figure=None
            if all(row[1] is None for row in rows)
            else BarFigure(
                categories=tuple(tr.name(week.community(row[0])) for row in rows),
                series=(
                    Series(tr("within 30 days"), tuple(row[1] for row in rows), Meaning.RED),
                    Series(tr("31 to 90 days"), tuple(row[2] for row in rows), Meaning.YELLOW),
                ),
                unit=tr("posts that end"),
                is_stacked=True,
                labels=tuple(
                    HIDDEN
                    if row[1] is None
                    else tr("{n}, {without} without a plan", n=row[1] + row[2], without=row[3])
                    if row[3]
                    else tr.number(row[1] + row[2])
                    for row in rows
                ),
            ),
            drills=(_watch_drill(watch, tr),) if watch else (),
            sources=tr("Posts that have not ended yet, by their agreed end."),
            subject=Subject(
                problem=tr("{n} holders of posts that end within 90 days have no plan", n=without),
                indicator=INDICATORS["plan_rate"].sheet_name,
            ),
        )
    ]


# Jobs, workshops, enterprises


def _openings(week: Week, tr: Translator) -> list[Slide]:
    own = week.data["assignment"]
    if own is None or not own["seats"]:
        return []
    stale = _watch(week, "stale_openings")
    columns = (
        Column(tr("Job"), 2.2),
        Column(tr("Employer"), 2.6),
        Column(tr("Seats"), 0.8, is_number=True),
        Column(tr("Fillable"), 0.9, is_number=True),
        Column(tr("People who pass"), 1.3, is_number=True),
    )
    unfilled = [o for o in own["openings"] if o["filled"] is None or o["filled"] < o["seats"]]
    shown = unfilled[:MOST_OPENINGS]
    rows = tuple(
        Row(
            (
                o["title"],
                tr.short_name(o["employer"]),
                tr.number(o["seats"]),
                _count(o["filled"], tr),
                _count(o["able"], tr),
            )
        )
        for o in shown
    )
    # Weeks frozen earlier hold the first openings without their total: nothing is said of the rest.
    omitted = own["unfilled"] - len(shown) if "unfilled" in own else 0
    nobody = sum(o["able"] == 0 for o in shown)
    return [
        Slide(
            code="openings",
            section=tr("Jobs and workshops"),
            title=tr(
                "{placed} of {seats} open seats can be filled by people who pass every limit",
                placed=own["placed"],
                seats=own["seats"],
            ),
            question=tr("Which limits of the unfilled jobs could the employers change?"),
            numbers=(
                Number(tr.number(own["people"]), tr("job seekers")),
                Number(tr.number(own["seats"]), tr("open seats")),
                Number(tr.number(own["placed"]), tr("fillable today"), tr("by the whole-district optimum")),
            ),
            figure=TableFigure(columns, rows, omitted),
            drills=(_watch_drill(stale, tr),) if stale else (),
            notes=(tr("{n} of the jobs shown suit nobody in the pool.", n=nobody),),
            sources=tr(
                "Balanced weights, {mode}, seats on site and at home together, people who seek work now, all limits of the openings kept.",
                mode=tr.term(MODES[own.get("mode", ACCESS_MODE.value)]),
            ),
            subject=Subject(problem=tr("{n} open seats find no suitable person", n=own["seats"] - own["placed"])),
            minutes=4,
        )
    ]


def _workshops(week: Week, tr: Translator) -> list[Slide]:
    shops = [w for w in week.data["workshops"] if _is_loaded(w) or _is_idle(w) or w.get("is_underpaid")]
    if not shops:
        return []
    stored_names = week.content["names"][UnitType.WORKSHOP.value]
    names = {key: tr.name(name) for key, name in stored_names.items()}
    title = _workshops_title(shops, names, tr)
    late = [w for w in shops if w["late_orders"]]
    underpaid = [w for w in shops if w.get("is_underpaid")]
    lights = [_workshop_light(w) for w in shops]
    used = [light for light in Light if light in lights]
    on_roll, stations = (sum(w[k] for w in week.data["workshops"]) for k in ("on_roll", "stations"))
    troubled = {w["id"] for w in (*late, *underpaid)}
    return [
        Slide(
            code="workshops",
            section=tr("Jobs and workshops"),
            title=title,
            question=tr("Move orders, add people, or talk to the customer?"),
            numbers=(
                Number(tr.number(on_roll), tr("people on the roll"), tr("of {n} stations", n=stations)),
                Number(tr.number(sum(w["late_orders"] for w in shops)), tr("orders that will be late")),
                Number(tr.number(len(underpaid)), tr("workshops pay below the hourly floor")),
            ),
            figure=BarFigure(
                categories=tuple(names[str(w["id"])] for w in shops),
                series=tuple(
                    Series(
                        tr.term(light),
                        tuple(
                            (2.0 if w["is_overdue"] else w["ratio"] or 0.0) if own is light else None
                            for w, own in zip(shops, lights, strict=True)
                        ),
                        MEANING[light],
                    )
                    for light in used
                ),
                unit=tr("load ÷ capacity"),
                is_share=True,
                is_stacked=True,
                labels=tuple(_workshop_label(w, tr) for w in shops),
                target=1.0,
            ),
            drills=(
                _drill(week, tr, "station_use", "numerator"),
                _drill(week, tr, "station_use", "denominator"),
            ),
            sources=tr(
                "Largest cumulative load ÷ capacity at any due date; above 100% an order will be late. Red as well: paid "
                "less for an hour attended than the hourly floor. Yellow as well: people without orders."
            ),
            subject=Subject(
                problem=title,
                indicator=INDICATORS["station_use"].sheet_name,
                office=stored_names[str(*troubled)] if len(troubled) == 1 else None,
            ),
            minutes=4,
        )
    ]


def _is_loaded(w: Mapping[str, Any]) -> bool:
    return w["ratio"] is not None or bool(w["is_overdue"])


def _is_idle(w: Mapping[str, Any]) -> bool:
    """People on the roll and not one open order."""
    return not w["orders"] and w["on_roll"] > 0


def _workshop_light(w: Mapping[str, Any]) -> Light:
    """The light of the load, red as well for pay below the floor (weeks frozen earlier hold no pay), yellow for people
    without orders."""
    if w.get("is_underpaid"):
        return Light.RED
    if w["light"]:
        return LIGHTS[w["light"]]
    return Light.YELLOW if _is_idle(w) else Light.GREEN


def _workshops_title(shops: list[Mapping[str, Any]], names: Mapping[str, str], tr: Translator) -> str:
    """The findings, gravest first: pay below the floor, late orders, people without orders."""
    underpaid = [w for w in shops if w.get("is_underpaid")]
    late = [w for w in shops if w["late_orders"]]
    idle = [w for w in shops if _is_idle(w)]

    def named(some: list[Mapping[str, Any]]) -> str:
        return _first_names([names[str(w["id"])] for w in some], tr)

    findings = [
        tr.plural(
            "{n} workshop pays below the hourly floor", "{n} workshops pay below the hourly floor", len(underpaid)
        )
        if underpaid
        else "",
        tr.plural(
            "{n} workshop will deliver late: {names}",
            "{n} workshops will deliver late: {names}",
            len(late),
            names=named(late),
        )
        if late
        else "",
        tr("people without orders: {names}", names=named(idle)) if idle else "",
    ]
    text = ("; " if tr.is_english else "；").join(f for f in findings if f)
    return text or tr("Every workshop keeps its due dates and pays the hourly floor")


def _workshop_label(w: Mapping[str, Any], tr: Translator) -> str:
    parts = []
    if _is_loaded(w):
        passed = tr("overdue") if w["on_roll"] else tr("nobody on the roll")
        parts.append(passed if w["is_overdue"] else tr.percent(w["ratio"], 0))
    if w["late_orders"]:
        parts += [tr("{n} late", n=w["late_orders"]), tr("needs {n}", n=w["needed"]) if w["needed"] else ""]
    elif w["bottleneck"]:
        parts.append(tr("limit: {what}", what=tr(LIMIT_NAMES[Limit(w["bottleneck"])])))
    elif _is_idle(w):
        parts.append(tr.plural("no orders for {n} person", "no orders for {n} people", w["on_roll"]))
    if w.get("is_underpaid"):
        parts.append(
            tr("pays {paid}, floor {floor}", paid=tr.number(w["paid_hour"], 1), floor=tr.number(w["wage_floor"], 1))
        )
    return " · ".join(x for x in parts if x)


def _enterprises(week: Week, tr: Translator) -> list[Slide]:
    board = week.data["enterprises"]
    if not board:
        return []
    names = {key: tr.short_name(name) for key, name in week.content["names"][UnitType.EMPLOYER.value].items()}
    soon = week.as_of + timedelta(days=30)

    def is_due(e: Mapping[str, Any]) -> bool:
        review = e["next_review_on"]
        return bool({Flag.OFF_RULE.value, Flag.BREACH.value} & set(e["flags"])) or (
            review is not None and date.fromisoformat(review) <= soon
        )

    due = [e for e in board if is_due(e)]
    ordered = [*due, *(e for e in board if e not in due)]
    columns = (
        Column(tr("Enterprise"), 2.4),
        Column(tr("Tier"), 1.0),
        Column(tr("Score"), 0.9, is_number=True),
        Column(tr("From today's rows"), 1.3, is_number=True),
        Column(tr("Target people"), 1.1, is_number=True),
        Column(tr("Flags"), 2.6),
    )
    rows = tuple(
        Row(
            (
                names[str(e["id"])],
                tr.term(TIERS[e["tier"]]) if e.get("is_reviewed", True) else "—",
                "—" if e["index"] is None else tr.number(e["index"], 1),
                "—" if e["live"] is None else tr.number(e["live"], 1),
                _count(e["people"], tr),
                tr.join(tr(FLAGS[Flag(flag)]) for flag in e["flags"]) or "—",
            ),
            Light.RED if Flag.BREACH.value in e["flags"] else Light.YELLOW if e in due else None,
        )
        for e in ordered[:MOST_ACTIONS]
    )
    counts = Counter(e["tier"] for e in board if e.get("is_reviewed", True))
    tiers = tr.join(f"{tr.term(tier)} {counts[tier.value]}" for tier in reversed(Tier) if counts[tier.value])
    title = (
        tr.plural("{n} enterprise needs a tier decision", "{n} enterprises need a tier decision", len(due))
        if due
        else tr("No tier decision is due; {tiers}", tiers=tiers)
    )
    return [
        Slide(
            code="enterprises",
            section=tr("Jobs and workshops"),
            title=title,
            question=tr("Which enterprise do we back next, and on what evidence?"),
            figure=TableFigure(columns, rows, max(len(ordered) - MOST_ACTIONS, 0)),
            notes=(tiers,),
            sources=tr(
                "Score of the latest review; beside it the same with monitoring computed from the rows of this week."
            ),
            subject=Subject(problem=title),
            minutes=4,
        )
    ]


def _attention(week: Week, tr: Translator) -> list[Slide]:
    watches = [w for w in week.data["attention"] if w["code"] in WATCH_BY_CODE]
    if not watches:
        return []
    rows = tuple(
        Row(
            (
                tr(WATCH_BY_CODE[w["code"]].name),
                tr.number(w["count"]),
                tr.day(date.fromisoformat(w["oldest"])),
                tr(WATCH_BY_CODE[w["code"]].owner),
            ),
            LIGHTS[w["light"]],
        )
        for w in watches
    )
    red = sum(w["light"] == Light.RED.value for w in watches)
    title = (
        tr.plural("{n} kind of work is long overdue", "{n} kinds of work are long overdue", red)
        if red
        else tr("Nothing is long overdue")
    )
    return [
        Slide(
            code="attention",
            section=tr("Overdue work"),
            title=title,
            question=tr("Which team takes which list by the next meeting?"),
            figure=TableFigure(
                (
                    Column(tr("What is due"), 4),
                    Column(tr("Count"), 0.8, is_number=True),
                    Column(tr("Since"), 1.6),
                    Column(tr("Responsible office"), 1.8),
                ),
                rows[:MOST_ROWS],
                max(len(rows) - MOST_ROWS, 0),
            ),
            drills=tuple(_watch_drill(w, tr) for w in watches),
            sources=tr("Red: the oldest entry has waited longer than its kind may wait."),
            subject=Subject(problem=title),
        )
    ]


def _watch(week: Week, code: str) -> Mapping[str, Any] | None:
    return next((w for w in week.data["attention"] if w["code"] == code), None)


def _watch_drill(watch: Mapping[str, Any], tr: Translator) -> Drill:
    name = tr(WATCH_BY_CODE[watch["code"]].name)
    return Drill("watch", watch["code"], f"{name}: {tr.number(watch['count'])}", watch["count"])


def _day(watch: Mapping[str, Any], tr: Translator) -> str:
    return tr.day(date.fromisoformat(watch["oldest"]))


def _short(day: str | None, tr: Translator) -> str:
    return "—" if day is None else tr.day(date.fromisoformat(day), "short")


# Kinds of slides in the order of a meeting; each maker returns the slides that have something to show.
SLIDES: dict[str, Callable[[Week, Translator], list[Slide]]] = {
    "actions": _actions,
    "headlines": _headlines,
    "indicators": _series,
    "changes": _changes,
    "funnel": _funnel,
    "attention": _attention,
    "communities": _communities,
    "visits": _visits,
    "teams": _teams,
    "posts-ending": _posts_ending,
    "map": _map,
    "openings": _openings,
    "workshops": _workshops,
    "enterprises": _enterprises,
}
