"""Charts of the overview. Each returns an Altair chart whose title states what to see."""

from __future__ import annotations

from datetime import date

import altair as alt
import pandas as pd

from core import palette
from core.chart_style import ACCENT, chart_title, date_format, legend_columns, month_format, name_axis, type_size
from core.indicators.cohorts import AT_RISK_DAYS, Cohorts
from core.indicators.funnel import STAGES
from core.indicators.reconciliation import GROUPS, PoolGroup
from core.indicators.signals import RULES, ControlChart, Rule
from core.indicators.tables import RankedUnit, Ranking
from core.locale import N_, Translator
from core.terms import PostField

__all__ = [
    "cohort_chart",
    "funnel_chart",
    "pool_chart",
    "posts_chart",
    "ranking_chart",
    "ranking_finding",
    "series_chart",
]

SIGNAL_UP, SIGNAL_DOWN = "#2F6FDE", "#C2603A"  # of a signal; never the colours of the lights


def funnel_chart(tr: Translator, funnel: pd.DataFrame, people: int, *, narrow: bool = False) -> alt.LayerChart:
    """Bars per stage with count and loss behind each; selection ``stage`` carries ``code``."""
    rows = funnel.assign(
        stage=[tr(STAGES[code][0]) for code in funnel["code"]],
        what=[tr(STAGES[code][1]) for code in funnel["code"]],
        count=[
            tr.number(n) + (f"  −{tr.number(lost)}" if lost else "")
            for n, lost in zip(funnel["n"], funnel["lost"], strict=True)
        ],
    )
    worst = rows.iloc[1:].sort_values("lost").iloc[-1]
    pick = alt.selection_point(name="stage", fields=["code"], on="click", clear="dblclick")
    base = alt.Chart(rows).encode(
        y=alt.Y(
            "stage:N",
            sort=list(rows["stage"]),
            title=None,
            axis=alt.Axis(labelLimit=type_size(112 if narrow else 150), labelOverlap=False, ticks=False, domain=False),
        ),
    )
    top = alt.Scale(domain=[0, max(people, 1) * 1.36])
    bars = base.mark_bar(color=palette.SEEKERS, height={"band": 0.72}, cursor="pointer").encode(
        x=alt.X("n:Q", title=None, axis=None, scale=top),
        opacity=alt.condition(pick, alt.value(1.0), alt.value(0.45)),
        tooltip=[
            alt.Tooltip("stage:N", title=tr("Stage")),
            alt.Tooltip("what:N", title=tr("Counts")),
            alt.Tooltip("n:Q", title=tr("Reached it and all before"), format=","),
            alt.Tooltip("any:Q", title=tr("Reached it at all"), format=","),
            alt.Tooltip("lost:Q", title=tr("Lost since the stage before"), format=","),
        ],
    )
    counts = base.mark_text(align="left", dx=6, fontSize=type_size(12), fontWeight=600).encode(
        x=alt.X("n:Q", scale=top), text="count:N"
    )
    return alt.layer(bars.add_params(pick), counts).properties(
        title=chart_title(
            tr(
                "Passed every stage: most are lost before “{stage}” ({n})",
                stage=worst["stage"],
                n=tr.number(int(worst["lost"])),
            ),
            tr(
                "Of {n} ever in the pool, only who passed every stage (placed at all: {placed}); − lost since",
                n=tr.number(people),
                placed=tr.number(int(funnel.set_index("code").loc["placed", "any"])),
            ),
        ),
        height=250 if narrow else 300,
    )


def cohort_chart(
    tr: Translator, cohorts: Cohorts, rate: float | None, today: date, *, narrow: bool = False
) -> alt.LayerChart:
    """Share with a job by days since exit: all exits with a 95% band, half-years as thin lines, numbers still waiting.

    ``rate``: the cumulative one today, named in the subtitle.
    """
    overall = cohorts.overall
    order = sorted(cohorts.curves["cohort"].unique())
    ends = cohorts.curves.loc[cohorts.curves.groupby("cohort")["day"].idxmax()] if len(order) else cohorts.curves
    color = alt.Color("cohort:O", scale=alt.Scale(domain=order, range=palette.COHORTS), legend=None)
    top = float(max(overall["high"].max() if len(overall) else 0, cohorts.curves["share"].max() if order else 0, 0.1))
    floor = -0.16 * top  # room under the curves for the numbers still waiting
    x = alt.X(
        "day:Q",
        title=tr("days since exit"),
        axis=alt.Axis(values=list(AT_RISK_DAYS), grid=True),
        scale=alt.Scale(domain=[-22, 460 if narrow else 430]),
    )
    ticks = [round(0.1 * k, 1) for k in range(int(top * 10) + 1)]
    y = alt.Y(
        "share:Q",
        title=None,
        axis=alt.Axis(format=".0%", values=ticks),
        scale=alt.Scale(domain=[floor, top * 1.05], nice=False),
    )
    tips = [
        alt.Tooltip("day:Q", title=tr("days since exit")),
        alt.Tooltip("share:Q", title=tr("re-employed"), format=".1%"),
    ]
    band_tips = [
        *tips,
        alt.Tooltip("low:Q", title=tr("95% interval from"), format=".1%"),
        alt.Tooltip("high:Q", title=tr("to"), format=".1%"),
        alt.Tooltip("at_risk:Q", title=tr("still waiting")),
    ]
    cohort_tips = [alt.Tooltip("cohort:O", title=tr("Exits in")), alt.Tooltip("n:Q", title=tr("exits")), *tips]
    everyone = alt.Chart(overall)
    waiting = overall[overall["day"].isin(AT_RISK_DAYS)]
    risk = alt.Chart(waiting).mark_text(fontSize=type_size(12), baseline="middle", opacity=0.85)
    at_180 = cohorts.mature[cohorts.mature["horizon"] == 180].iloc[0]
    return alt.layer(
        everyone.mark_area(color=ACCENT, opacity=0.18, interpolate="step-after").encode(
            x=x, y=alt.Y("low:Q", title=None), y2="high:Q"
        ),
        alt.Chart(cohorts.curves).mark_line(strokeWidth=1.4).encode(x=x, y=y, color=color, tooltip=cohort_tips),
        alt.Chart(ends).mark_text(align="left", dx=4, fontSize=type_size(12)).encode(x=x, y=y, text="cohort:O"),
        everyone.mark_line(color=ACCENT, strokeWidth=3, interpolate="step-after").encode(x=x, y=y, tooltip=band_tips),
        risk.encode(x=x, y=alt.datum(floor / 2), text=alt.Text("at_risk:Q", format=",")),
    ).properties(
        title=chart_title(
            tr("{share} have a job 180 days after their exit", share=tr.percent(at_180["share"]))
            if at_180["n"]
            else tr("Too early to judge: no exit is 180 days old"),
            [
                tr(
                    "Thick: all exits, 95% band; who retired or no longer seeks leaves the race; figures: still waiting"
                ),
                tr(
                    "180 days: mature exits only (n={n}); the cumulative rate is {rate} on {day} and falls whenever a cohort leaves",
                    n=tr.number(int(at_180["n"])),
                    rate="—" if rate is None else tr.percent(rate),
                    day=tr.day(today, "short"),
                ),
            ],
        ),
        height=280 if narrow else 320,
    )


# What a ranking compares: heading of the names, title where nobody can be told apart, width of the names in pixels.
RANKED_UNITS = {
    RankedUnit.COMMUNITY: (N_("Community"), N_("Differences between communities are within chance"), 140),
    RankedUnit.WORKSHOP: (N_("Workshop"), N_("Differences between workshops are within chance"), 150),
    RankedUnit.EMPLOYER: (N_("Employer"), N_("Differences between employers are within chance"), 190),
    RankedUnit.EVENT: (N_("Event"), N_("Differences between events are within chance"), 240),
    RankedUnit.DISTRICT: (N_("District or county"), N_("Differences between districts are within chance"), 140),
}


def ranking_finding(tr: Translator, ranking: Ranking) -> str:
    """Who leads and who is behind, or that nobody can be told apart."""
    if ranking.table.empty:
        return tr("No data to rank yet")
    [only, *others] = ranking.table["name"]
    leaders, laggards = (tr.join(map(tr.name, names)) for names in (ranking.leaders, ranking.laggards))
    if not others:
        return tr("Only {name} has data: nothing to compare with", name=tr.name(only))
    if leaders and laggards:
        return tr("{leaders} lead, {laggards} are behind", leaders=leaders, laggards=laggards)
    if leaders:
        return tr("{leaders} lead", leaders=leaders)
    if laggards:
        return tr("{laggards} are behind", laggards=laggards)
    ahead_of = len(ranking.table) - ranking.table["rank_high"]
    if ahead_of.max() > 0:
        name = tr.name(ranking.table["name"][ahead_of.idxmax()])
        return tr("{name} is ahead of {n} others; nobody leads for certain", name=name, n=int(ahead_of.max()))
    return tr(RANKED_UNITS[ranking.unit][1])


def ranking_chart(
    tr: Translator, ranking: Ranking, name: str, digits: str = ".0%", *, narrow: bool = False
) -> alt.LayerChart:
    """Ranked dots with simultaneous intervals; four weeks ago as a hollow dot, possible ranks at the right."""
    heading, _, width = RANKED_UNITS[ranking.unit]
    exact = ".1%" if digits.endswith("%") else digits
    table = ranking.table.assign(
        name=[(tr.short_name if narrow else tr.name)(name) for name in ranking.table["name"]],
        ranks=[
            tr("rank {low}", low=low) if low == high else tr("rank {low}–{high}", low=low, high=high)
            for low, high in zip(ranking.table["rank_low"], ranking.table["rank_high"], strict=True)
        ],
    )
    base = alt.Chart(table).encode(
        y=alt.Y(
            "name:N",
            sort=list(table["name"]),
            title=None,
            axis=alt.Axis(labelLimit=type_size(92 if narrow else width), labelOverlap=False, ticks=False, domain=False),
        )
    )
    highest = float(table["high"].max()) if len(table) else 1.0
    scale = alt.Scale(domain=[0, highest * (1.3 if narrow else 1.15)], nice=False)
    x = alt.X("value:Q", title=None, axis=alt.Axis(format=digits, tickCount=5), scale=scale)
    tips = [
        alt.Tooltip("name:N", title=tr(heading)),
        alt.Tooltip("value:Q", title=name, format=exact),
        alt.Tooltip("low:Q", title=tr("95% interval from"), format=exact),
        alt.Tooltip("high:Q", title=tr("to"), format=exact),
        alt.Tooltip("ranks:N", title=tr("Possible ranks")),
        alt.Tooltip("before:Q", title=tr("four weeks ago"), format=exact),
        alt.Tooltip("numerator:Q", title=tr("numerator")),
        alt.Tooltip("denominator:Q", title=tr("denominator")),
    ]
    return alt.layer(
        base.mark_bar(color=palette.CONTEXT, opacity=0.3, height={"band": 0.62}, cornerRadius=3).encode(
            x=alt.X("low:Q", scale=scale, title=None), x2="high:Q", tooltip=tips
        ),
        base.mark_point(size=55, color=palette.CONTEXT, filled=False, strokeWidth=1.6).encode(x="before:Q"),
        base.mark_point(size=95, color=palette.OPENINGS, filled=True, opacity=1).encode(x=x, tooltip=tips),
        base.mark_text(align="right", dx=-2, fontSize=type_size(12, phone=10), opacity=0.75).encode(
            x=alt.value("width"), text="ranks:N"
        ),
    ).properties(
        title=chart_title(
            ranking_finding(tr, ranking),
            [
                tr(
                    "{name}; bar: 95% interval over all, bars that overlap can't be told apart; hollow: four weeks ago",
                    name=name,
                ),
                *([tr("Shown: the {n} with the most rows", n=len(table))] if ranking.omitted else []),
            ],
        ),
        height=24 * max(len(table), 3) + 95,
    )


def pool_chart(tr: Translator, groups: dict[str, PoolGroup], *, narrow: bool = False) -> alt.LayerChart:
    """How the counts of people nest: a bar a group, indented by level; selection ``group`` carries ``code``."""
    rows = pd.DataFrame(
        [
            {
                "code": code,
                "label": "· " * group.level + tr(GROUPS[code][1]),
                "what": tr(GROUPS[code][2]),
                "n": len(group.rows),
                "text": tr.number(len(group.rows)),
                "level": group.level,
            }
            for code, group in groups.items()
            if len(group.rows) or not group.level
        ]
    )
    most = max(int(rows["n"].max()), 1)
    width = 165 if narrow else 215
    pick = alt.selection_point(name="group", fields=["code"], on="click", clear="dblclick")
    base = alt.Chart(rows).encode(
        y=alt.Y(
            "label:N",
            sort=list(rows["label"]),
            title=None,
            axis=name_axis(width, letters=26, domain=False, labelAlign="left", labelPadding=type_size(width)),
        )
    )
    x = alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.2]))
    bars = base.mark_bar(height={"band": 0.72}, cursor="pointer", color=palette.SEEKERS).encode(
        x=x,
        opacity=alt.Opacity(
            "level:O", scale=alt.Scale(domain=[0, 1, 2, 3, 4], range=[1, 0.8, 0.62, 0.46, 0.34]), legend=None
        ),
        tooltip=[alt.Tooltip("what:N", title=tr("Counts")), alt.Tooltip("n:Q", title=tr("people"), format=",")],
    )
    counts = base.mark_text(align="left", dx=5, fontSize=type_size(12), fontWeight=600).encode(x=x, text="text:N")
    people = {code: tr.number(len(group.rows)) for code, group in groups.items()}
    return alt.layer(bars.add_params(pick), counts).properties(
        title=chart_title(
            tr(
                "{seeking} seek work, {working} have left the pool for a job",
                seeking=people["seeking"],
                working=people["working"],
            ),
            tr("People, indented groups add up to the one above; click a bar for its rows"),
        ),
        height=24 * len(rows) + 10,
    )


def series_chart(
    tr: Translator, name: str, chart: ControlChart, notes: pd.DataFrame, target: float | None, *, percent: bool
) -> alt.LayerChart:
    """A weekly series with its limits: signals coloured, festival weeks hollow, notes (week, text) as rules."""
    table = chart.table.dropna(subset=["value"]).assign(
        signal=lambda t: [tr(RULES[Rule(r)]) if r else "" for r in t["rule"]],
        way=lambda t: t["direction"].map({1: "up", -1: "down", 0: ""}),
    )
    form = ".1%" if percent else ".2f"
    x = alt.X("day:T", title=None, axis=alt.Axis(format=month_format(tr), labelOverlap=True, tickCount=10))
    y = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(zero=False),
        axis=alt.Axis(format=".0%" if percent else ".1f", tickCount=6),
    )
    base = alt.Chart(table)
    tips = [
        alt.Tooltip("day:T", title=tr("Week to"), format=date_format(tr)),
        alt.Tooltip("value:Q", title=name, format=form),
        alt.Tooltip("centre:Q", title=tr("mean of the baseline"), format=form),
        alt.Tooltip("low:Q", title=tr("lower limit"), format=form),
        alt.Tooltip("high:Q", title=tr("upper limit"), format=form),
        alt.Tooltip("signal:N", title=tr("Signal")),
    ]
    limited = alt.Chart(table.dropna(subset=["centre"]))
    layers = [
        limited.mark_area(color=palette.CONTEXT, opacity=0.22).encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q"),
        limited.mark_line(color=palette.CONTEXT, strokeWidth=1.5).encode(x=x, y="centre:Q"),
        base.mark_line(color=ACCENT, strokeWidth=1.5, opacity=0.8).encode(x=x, y=y),
        base.mark_point(size=34, filled=True, opacity=1, stroke=ACCENT, strokeWidth=1).encode(
            x=x,
            y=y,
            tooltip=tips,
            color=alt.Color(
                "way:N", legend=None, scale=alt.Scale(domain=["", "up", "down"], range=[ACCENT, SIGNAL_UP, SIGNAL_DOWN])
            ),
            fillOpacity=alt.condition("datum.is_festival", alt.value(0), alt.value(1)),
        ),
    ]
    if target is not None:
        rule = alt.Chart(pd.DataFrame({"value": [target], "text": [tr("target")]}))
        layers.append(rule.mark_rule(strokeDash=[5, 4], color=palette.OPENINGS, strokeWidth=1.5).encode(y="value:Q"))
        layers.append(rule.mark_text(align="left", dy=-7).encode(x=alt.value(4), y="value:Q", text="text:N"))
    if len(notes):
        marks = alt.Chart(notes.assign(mark=[str(k + 1) for k in range(len(notes))]))
        tip = [
            alt.Tooltip("week:T", title=tr("Week of"), format=date_format(tr)),
            alt.Tooltip("text:N", title=tr("Note")),
        ]
        layers.append(marks.mark_rule(strokeDash=[2, 3], color=palette.SEEKERS).encode(x="week:T", tooltip=tip))
        layers.append(
            marks.mark_text(dy=8, dx=4, align="left", baseline="top", fontWeight=600).encode(
                x="week:T", y=alt.value(0), text="mark:N", tooltip=tip
            )
        )
    return alt.layer(*layers).properties(height=320)


def posts_chart(tr: Translator, rows: pd.DataFrame, *, dark: bool = False) -> alt.LayerChart:
    """Nested bars per field: planned, developed, filled (head count); ``rows``: field, planned, developed, filled."""
    kinds = {"planned": tr("planned"), "developed": tr("developed"), "filled": tr("filled today")}
    named = rows.assign(name=[tr.term(PostField.of(f)) for f in rows["field"]]).sort_values("planned", ascending=False)
    colours = palette.POSTS_ON_DARK if dark else palette.POSTS
    y = alt.Y(
        "name:N",
        sort=list(named["name"]),
        title=None,
        axis=name_axis(210, domain=False),
    )
    long = named.melt(["field", "name"], value_vars=list(kinds), var_name="kind", value_name="posts")
    long["what"] = long["kind"].map(kinds)
    color = alt.Color(
        "what:N",
        scale=alt.Scale(domain=list(kinds.values()), range=[colours[k] for k in kinds]),
        legend=alt.Legend(orient="top", title=None, symbolType="square", columns=legend_columns(2, phone=1)),
    )
    tips = [
        alt.Tooltip("name:N", title=tr("Field")),
        alt.Tooltip("what:N", title=tr("Counts")),
        alt.Tooltip("posts:Q", title=tr("posts, head count")),
    ]
    layers = [
        alt.Chart(long[long["kind"] == kind])
        .mark_bar(height={"band": band}, stroke=palette.CONTEXT, strokeWidth=0.5)
        .encode(
            y=y,
            x=alt.X("posts:Q", title=tr("posts, head count"), axis=alt.Axis(tickCount=6)),
            color=color,
            tooltip=tips,
        )
        for kind, band in (("planned", 0.86), ("developed", 0.58), ("filled", 0.3))
    ]
    total = {k: int(rows[k].sum()) for k in kinds}
    return alt.layer(*layers).properties(
        title=chart_title(
            tr(
                "{filled} of {developed} developed posts are filled; {planned} are planned",
                filled=tr.number(total["filled"]),
                developed=tr.number(total["developed"]),
                planned=tr.number(total["planned"]),
            ),
            tr("Community posts by field, head count"),
        ),
        height=360,
    )
