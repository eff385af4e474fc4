"""Charts of a person: the skills and the timeline."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core import palette
from core.chart_style import date_format, legend_columns, month_format, name_axis, type_size
from core.locale import Translator
from core.people.profile import LANES

__all__ = ["skill_chart", "timeline_chart"]

EVIDENCE_SHADES = ["#D3D7DB", "#B9D3DF", "#86B6CC", "#4F93B3", "#1F6C91"]  # weakest to strongest evidence
EVIDENCE_ON_DARK = ["#3A424A", "#28485A", "#2F6F8C", "#5BA3C4", "#B4DCEE"]

LANE_COLOURS = [*palette.FACTORS, palette.OPENINGS, palette.CONTEXT]  # one a lane of the timeline


def skill_chart(tr: Translator, skills: pd.DataFrame, *, is_dark: bool = False) -> alt.Chart:
    """A bar per skill, as long as its level, as far from the ground as its evidence is strong."""
    colours = EVIDENCE_ON_DARK if is_dark else EVIDENCE_SHADES
    shades = skills.drop_duplicates("strength").sort_values("strength")
    best = skills.iloc[0]
    return (
        alt.Chart(skills)
        .mark_bar(height={"band": 0.7})
        .encode(
            y=alt.Y(
                "skill:N",
                sort=list(skills["skill"]),
                title=None,
                axis=name_axis(230),
            ),
            x=alt.X(
                "level:Q",
                title=None,
                scale=alt.Scale(domain=[0, 4]),
                axis=alt.Axis(values=[1, 2, 3, 4], format="d"),
            ),
            color=alt.Color(
                "evidence:N",
                scale=alt.Scale(domain=list(shades["evidence"]), range=[colours[s] for s in shades["strength"]]),
                legend=alt.Legend(title=None, orient="top", columns=legend_columns(2, phone=1)),
            ),
            tooltip=[
                alt.Tooltip("skill:N", title=tr("Skill")),
                alt.Tooltip("domain:N", title=tr("Domain")),
                alt.Tooltip("level:Q", title=tr("Level")),
                alt.Tooltip("evidence:N", title=tr("Evidence")),
                alt.Tooltip("acquired_on:T", title=tr("Acquired on"), format=date_format(tr)),
            ],
        )
        .properties(
            title=alt.TitleParams(
                tr.plural(
                    "{n} skill on record, strongest: {skill}",
                    "{n} skills on record, strongest: {skill}",
                    len(skills),
                    skill=best["skill"],
                ),
                subtitle=tr("level: 1 aware, 2 can do, 3 skilled, 4 can teach"),
            ),
            height=34 * len(skills) + 170,
        )
    )


def timeline_chart(tr: Translator, timeline: pd.DataFrame) -> alt.LayerChart:
    """Lanes of spells (bars) and points in time (ticks)."""
    rows = timeline.assign(name=[tr(LANES[lane]) for lane in timeline["lane"]])
    order = [tr(name) for lane, name in LANES.items() if lane in set(timeline["lane"])]
    y = alt.Y(
        "name:N",
        sort=order,
        title=None,
        axis=alt.Axis(labelLimit=type_size(120), labelOverlap=False, ticks=False, domain=False),
    )
    color = alt.Color(
        "name:N", scale=alt.Scale(domain=[tr(n) for n in LANES.values()], range=LANE_COLOURS), legend=None
    )
    x = alt.X("start:T", title=None, axis=alt.Axis(format=month_format(tr), tickCount=8, labelOverlap=True))
    tips = [
        alt.Tooltip("name:N", title=tr("Kind")),
        alt.Tooltip("what:N", title=tr("What")),
        alt.Tooltip("start:T", title=tr("From"), format=date_format(tr)),
        alt.Tooltip("end:T", title=tr("Until"), format=date_format(tr)),
    ]
    spells = (
        alt.Chart(rows[rows["end"].notna()])
        .mark_bar(height={"band": 0.5}, opacity=0.75, stroke="white")
        .encode(y=y, x=x, x2="end:T", color=color, tooltip=tips)
    )
    points = (
        alt.Chart(rows[rows["end"].isna()])
        .mark_point(shape="diamond", filled=True, size=70, opacity=0.9)
        .encode(y=y, x=x, color=color, tooltip=tips)
    )
    return alt.layer(spells, points).properties(
        title=alt.TitleParams(
            tr.plural("{n} entry on the timeline", "{n} entries on the timeline", len(rows)),
            anchor="start",
            fontSize=15,
        ),
        height=36 * len(order) + 85,
    )
