"""Charts of training: demand against supply per skill, and the sessions of some weeks by community."""

from __future__ import annotations

from datetime import date, timedelta

import altair as alt
import pandas as pd

from core import palette
from core.chart_style import chart_title, date_format, day_format, legend_columns, name_axis
from core.locale import N_, Translator
from core.terms import TrainingKind

__all__ = ["demand_chart", "session_calendar"]

SHOWN_SKILLS = 12
WEEKS = 6  # of the calendar, before and after today
# Column → its name in the legend, colour, shape.
SUPPLY = {
    "able": (N_("seekers who can do it"), palette.SEEKERS, "circle"),
    "taught": (N_("with the people on coming courses"), palette.CONTEXT, "diamond"),
}
KIND_COLOURS = dict(zip(TrainingKind, ("#4A80BF", "#B65FA8", "#3B9C85"), strict=True))


def demand_chart(tr: Translator, gaps: pd.DataFrame, names: pd.Series) -> alt.LayerChart:
    """Free seats that require a skill as bars, seekers who have it as points on them; the scarcest skills.

    ``gaps`` as in ``core.training.demand.skill_gaps`` with at least one row; ``names``: skill code → name.
    """
    table = gaps.head(SHOWN_SKILLS).assign(
        skill=lambda t: t["skill"].map(names), taught=lambda t: t["able"] + t["coming"]
    )
    first = gaps.iloc[0]
    finding = (
        tr("{skill}: {n} more seats than people who could fill them", skill=names[first["skill"]], n=int(first["gap"]))
        if first["gap"]
        else tr(
            "No skill is short: for each, people who can do it or are learning it are as many as the free seats that require it"
        )
    )
    order = list(table["skill"])
    y = alt.Y(
        "skill:N",
        sort=order,
        title=None,
        axis=name_axis(230),
    )
    tips = [
        alt.Tooltip("skill:N", title=tr("Skill")),
        alt.Tooltip("seats:Q", title=tr("free seats that require it")),
        alt.Tooltip("able:Q", title=tr("seekers who can do it")),
        alt.Tooltip("lacking:Q", title=tr("seekers who cannot")),
        alt.Tooltip("coming:Q", title=tr("seats of coming sessions")),
    ]
    seats = (
        alt.Chart(table)
        .mark_bar(height={"band": 0.6}, color=palette.OPENINGS)
        .encode(y=y, x=alt.X("seats:Q", title=tr("people or seats"), axis=alt.Axis(format="d")), tooltip=tips)
    )
    taught = table["taught"].where(table["coming"] > 0)  # nobody is being taught: no second point on the first
    points = (
        table.assign(taught=taught)
        .melt(["skill", "seats", "lacking", "coming"], list(SUPPLY), "of", "n")
        .dropna(subset=["n"])
        .assign(name=lambda t: t["of"].map({code: tr(name) for code, (name, _, _) in SUPPLY.items()}))
    )
    labels = [tr(name) for name, _, _ in SUPPLY.values()]
    supply = (
        alt.Chart(points)
        .mark_point(size=90, filled=True, opacity=1)
        .encode(
            y=y,
            x="n:Q",
            color=alt.Color(
                "name:N",
                scale=alt.Scale(domain=labels, range=[colour for _, colour, _ in SUPPLY.values()]),
                legend=alt.Legend(title=None, orient="top", columns=legend_columns(2, phone=1), labelLimit=300),
            ),
            shape=alt.Shape(
                "name:N", scale=alt.Scale(domain=labels, range=[shape for _, _, shape in SUPPLY.values()]), legend=None
            ),
        )
    )
    return alt.layer(seats, supply).properties(
        title=chart_title(finding, tr("Bars: free seats of open jobs that require the skill and do not teach it")),
        height=30 * len(table) + 80,
    )


def session_calendar(tr: Translator, sessions: pd.DataFrame, today: date) -> alt.LayerChart | None:
    """Sessions by community in the weeks around today, coloured by kind; None without one.

    ``sessions`` as in ``core.training.queries.sessions``.
    """
    first, last = (pd.Timestamp(today + timedelta(weeks=sign * WEEKS)) for sign in (-1, 1))
    near = sessions[
        (sessions["ends_on"] >= first) & (sessions["starts_on"] <= last) & sessions["cancelled_on"].isna()
    ].copy()
    if near.empty:
        return None
    near["until"] = near["ends_on"] + pd.Timedelta(days=1)
    near["place_name"] = [tr("no community") if pd.isna(name) else tr.short_name(name) for name in near["community"]]
    near["kind_name"] = [tr.term(TrainingKind.of(kind)) for kind in near["kind"]]
    rows = near[["course", "place_name", "kind_name", "starts_on", "ends_on", "until", "listed"]]
    bars = (
        alt.Chart(rows)
        .mark_bar(height={"band": 0.62}, cornerRadius=2)
        .encode(
            y=alt.Y(
                "place_name:N",
                title=None,
                axis=name_axis(140),
            ),
            x=alt.X(
                "starts_on:T",
                title=None,
                scale=alt.Scale(domain=[first.isoformat(), last.isoformat()], clamp=True),
                axis=alt.Axis(format=day_format(tr), tickCount="week", labelOverlap=True),
            ),
            x2="until:T",
            color=alt.Color(
                "kind_name:N",
                scale=alt.Scale(
                    domain=[tr.term(kind) for kind in TrainingKind], range=[KIND_COLOURS[kind] for kind in TrainingKind]
                ),
                legend=alt.Legend(title=None, orient="top", columns=legend_columns(3, phone=1), labelLimit=300),
            ),
            tooltip=[
                alt.Tooltip("course:N", title=tr("Course")),
                alt.Tooltip("starts_on:T", title=tr("From"), format=date_format(tr)),
                alt.Tooltip("ends_on:T", title=tr("Until"), format=date_format(tr)),
                alt.Tooltip("listed:Q", title=tr("People listed")),
            ],
        )
    )
    now = alt.Chart(pd.DataFrame({"day": [pd.Timestamp(today)]})).mark_rule(color=palette.CONTEXT, strokeDash=[4, 3])
    return alt.layer(bars, now.encode(x="day:T")).properties(
        title=chart_title(
            tr.plural(
                "{n} session in these {weeks} weeks",
                "{n} sessions in these {weeks} weeks",
                len(rows),
                weeks=2 * WEEKS,
            ),
            tr("The line is {day}", day=tr.day(today)),
        ),
        height=30 * rows["place_name"].nunique() + 110,
    )
