"""Charts of enterprises. Each takes computed results and a translator, and returns an Altair chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from unicodedata import east_asian_width

import altair as alt
import numpy as np
import pandas as pd

from core.chart_style import ACCENT, OVER_TITLE, TITLE_ABOVE, chart_title, legend_columns, name_axis, type_size
from core.enterprises.assessment import EnterpriseAssessment
from core.enterprises.honest_ranks import CONFIDENT, HonestRanks, held_with_confidence
from core.enterprises.robustness import Draws, SobolIndices
from core.enterprises.score import ECONOMIC, SOCIAL
from core.locale import N_, Translator
from core.palette import CONTEXT, TIERS, TIERS_ON_DARK
from core.terms import EvidenceSource, Pillar, Tier

__all__ = [
    "axes_scatter",
    "bump",
    "drop_one_bars",
    "interval_bar",
    "pillar_sources",
    "rank_intervals",
    "sobol_bars",
    "tier_acceptability",
]

LEGEND = alt.Legend(**OVER_TITLE, symbolStrokeWidth=0, symbolSize=110, columns=legend_columns(5))
# Of a chart that also stands in a narrow panel of the board: as many columns as its width holds.
SOURCES_LEGEND = alt.Legend(
    orient="top",
    symbolStrokeWidth=0,
    symbolSize=110,
    columns=alt.ExprRef(expr=f"width < {type_size(200).expr} ? 1 : width < {type_size(340).expr} ? 2 : 5"),
)
BAND = "#B65FA8"  # every second band of ranks
PHONE = 600  # pixels: on a narrower chart names are not transliterated
SOURCES = {
    EvidenceSource.MONITORING: ("#4A80BF", "circle"),
    EvidenceSource.PANEL: ("#C2603A", "square"),
    EvidenceSource.THIRD_PARTY: ("#3B9C85", "triangle-up"),
}
FONT_SIZE = 11  # of names beside points
SCATTER_HEIGHT, SCATTER_PLOT = 480, 340  # pixels: of the whole, and at least of what lies between the axes
LABEL_PLACES = (
    (0, -16, "center"),
    (0, 17, "center"),
    (14, 0, "left"),
    (-14, 0, "right"),
    (0, -28, "center"),
    (0, 29, "center"),
    (12, -12, "left"),
    (-12, -12, "right"),
    (12, 12, "left"),
    (-12, 12, "right"),
)
UNPLACED = -1  # no place without a collision: the name is in the tooltip and below the chart
GROUP_NAMES = {
    "weights": N_("pillar weights ± 25%"),
    "aggregation": N_("geometric or arithmetic"),
    "goalposts": N_("goalposts ± 10%"),
    "sources": N_("weights of the sources"),
}


def _tier_colour(tr: Translator, is_dark: bool) -> alt.Color:
    """Colour by the tier's label, highest tier first in the legend, which differs most from the ground."""
    colours = TIERS_ON_DARK if is_dark else TIERS
    return alt.Color(
        "tier:N",
        title=None,
        scale=alt.Scale(domain=[tr.term(t) for t in reversed(Tier)], range=[colours[t] for t in reversed(Tier)]),
        legend=LEGEND,
    )


def interval_bar(index: float, low: float, high: float, thresholds: Sequence[float]) -> alt.LayerChart:
    """A card's bar: Q5–Q95 of the score as a band, the score as a tick, tier thresholds as hairlines; 40 to 100."""
    scale = alt.Scale(domain=[40, 100], clamp=True)
    band = pd.DataFrame({"low": [low], "high": [high], "index": [index]})
    x = alt.X("low:Q", scale=scale, axis=None)
    back = alt.Chart(pd.DataFrame({"low": [40], "high": [100]})).mark_bar(color=CONTEXT, opacity=0.2, height=10)
    lines = alt.Chart(pd.DataFrame({"low": list(thresholds)})).mark_tick(color=CONTEXT, thickness=1, height=18)
    base = alt.Chart(band)
    return alt.layer(
        back.encode(x=x, x2="high:Q"),
        lines.encode(x=x),
        base.mark_bar(color=ACCENT, opacity=0.55, height=10).encode(x=x, x2="high:Q"),
        base.mark_tick(color=ACCENT, thickness=3, height=20).encode(x=alt.X("index:Q", scale=scale)),
    ).properties(height=22)


def pillar_sources(assessment: EnterpriseAssessment, tr: Translator) -> alt.LayerChart:
    """Pillars by source: a point for each source, a bar for the value that counts."""
    rows, bars = [], []
    order = [tr.term(p) for p in Pillar]
    for part in assessment.score.pillars:
        name = tr.term(part.pillar)
        if part.value is not None:
            bars.append({"pillar": name, "value": part.value * 100})
        rows += [
            {"pillar": name, "source": tr.term(source), "value": value * 100}
            for source, value in part.sources.items()
            if value is not None
        ]
    y = alt.Y("pillar:N", sort=order, title=None)
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, 100]), title=tr("points of 100"), axis=alt.Axis(tickCount=6))
    live = [
        {"pillar": tr.term(p.pillar), "value": v * 100}
        for p in assessment.live.pillars
        if (v := p.sources[EvidenceSource.MONITORING]) is not None
    ]
    names = [tr.term(s) for s in SOURCES]
    colour = alt.Color(
        "source:N",
        title=None,
        scale=alt.Scale(domain=names, range=[c for c, _ in SOURCES.values()]),
        legend=SOURCES_LEGEND,
    )
    shape = alt.Shape("source:N", title=None, scale=alt.Scale(domain=names, range=[s for _, s in SOURCES.values()]))
    bar = alt.Chart(pd.DataFrame(bars, columns=["pillar", "value"])).mark_bar(color=CONTEXT, opacity=0.35, height=16)
    points = alt.Chart(pd.DataFrame(rows, columns=["pillar", "source", "value"])).mark_point(
        filled=True, size=95, opacity=1
    )
    today = alt.Chart(pd.DataFrame(live, columns=["pillar", "value"])).mark_point(
        shape="diamond", size=110, filled=False, color=SOURCES[EvidenceSource.MONITORING][0], opacity=1, strokeWidth=2
    )
    weakest = assessment.score.weakest
    title = (
        tr(
            "Weakest pillar: {pillar}, {value} of 100",
            pillar=tr.term(weakest.pillar),
            value=tr.number((weakest.value or 0) * 100),
        )
        if weakest
        else tr("No pillar can be rated yet")
    )
    sub = tr("Bar = weighted value, points = sources at the last review, hollow diamond = monitoring from today's rows")
    return alt.layer(
        bar.encode(x=x, y=y),
        points.encode(
            x=x, y=y, color=colour, shape=shape, tooltip=["pillar:N", "source:N", alt.Tooltip("value:Q", format=".1f")]
        ),
        today.encode(x=x, y=y, tooltip=["pillar:N", alt.Tooltip("value:Q", format=".1f")]),
    ).properties(height=330, title=chart_title(title, sub))


def rank_intervals(ranks: HonestRanks, assessments: Sequence[EnterpriseAssessment], tr: Translator) -> alt.LayerChart:
    """The rank set of each enterprise as a line, its rank as a point; the colour changes from band to band."""
    names = {s.key: tr.short_name(s.name) for s in assessments}
    tier = {s.key: tr.term(s.tier) for s in assessments}
    rank = {key: n for n, key in enumerate((k for band in ranks.bands for k in band), 1)}
    table = pd.DataFrame(
        {
            "name": [names[k] for k in ranks.draws.keys],
            "tier": [tier[k] for k in ranks.draws.keys],
            "low": ranks.sets.low,
            "rank": [rank[k] for k in ranks.draws.keys],
            "high": ranks.sets.high,
            "band": [tr("band {n}", n=ranks.band_of(k) + 1) for k in ranks.draws.keys],
            "is_odd": [ranks.band_of(k) % 2 for k in ranks.draws.keys],
        }
    ).sort_values("rank")
    y = alt.Y("name:N", sort=list(table["name"]), title=None, axis=name_axis(280, letters=26))
    x = alt.X(
        "low:Q", title=tr("rank, 1 = best"), scale=alt.Scale(domain=[1, max(len(table), 2)]), axis=alt.Axis(format="d")
    )
    colour = alt.Color("is_odd:N", scale=alt.Scale(domain=[0, 1], range=[ACCENT, BAND]), legend=None)
    base = alt.Chart(table)
    tips = ["name", "tier", "band", alt.Tooltip("low:Q"), alt.Tooltip("rank:Q"), alt.Tooltip("high:Q")]
    if len(ranks.bands) > 1:
        title = tr.plural(
            "{n} band can be told apart",
            "{n} bands can be told apart; within one the order is chance",
            len(ranks.bands),
        )
    else:
        title = tr("No difference goes beyond chance: the enterprises cannot be told apart")
    sub = tr("Line = every rank that is possible, at 95% for all enterprises at once; the colour changes with the band")
    return alt.layer(
        base.mark_rule(strokeWidth=5, opacity=0.5).encode(x=x, x2="high:Q", y=y, color=colour, tooltip=tips),
        base.mark_point(filled=True, size=80, opacity=1).encode(x="rank:Q", y=y, color=colour, tooltip=tips),
    ).properties(height=alt.Step(24), title=chart_title(title, sub))


def tier_acceptability(
    draws: Draws, assessments: Sequence[EnterpriseAssessment], tr: Translator, *, is_dark: bool = False
) -> alt.Chart:
    """Share of draws in which an enterprise's score falls into each tier (thresholds alone, no memory)."""
    names = {s.key: tr.short_name(s.name) for s in assessments}
    shares = draws.tiers
    order: list[int] = np.argsort(-np.median(draws.scores, axis=1)).tolist() if draws.keys else []
    table = pd.DataFrame(
        [
            {
                "name": names[draws.keys[k]],
                "tier": tr.term(tier),
                "order": tier.order,
                "share": float(shares[k, tier.order]),
            }
            for k in order
            for tier in Tier
        ],
        columns=["name", "tier", "order", "share"],
    )
    title = tr.plural(
        "{n} enterprise holds its tier on file with confidence",
        "{n} enterprises hold their tiers on file with confidence",
        len(held_with_confidence(draws, assessments)),
    )
    return (
        alt.Chart(table)
        .mark_bar()
        .encode(
            x=alt.X("share:Q", stack="normalize", axis=alt.Axis(format="%"), title=tr("share of draws")),
            y=alt.Y("name:N", sort=[names[draws.keys[k]] for k in order], title=None, axis=name_axis(280, letters=26)),
            color=_tier_colour(tr, is_dark),
            order=alt.Order("order:Q", sort="descending"),
            tooltip=["name", "tier", alt.Tooltip("share:Q", format=".0%")],
        )
        .properties(
            height=alt.Step(24),
            title=chart_title(
                title,
                tr(
                    "With confidence = the tier on file in at least {share} of the draws, by score alone",
                    share=tr.percent(CONFIDENT, 0),
                ),
            ),
        )
    )


def axes_scatter(
    assessments: Sequence[EnterpriseAssessment], tr: Translator, width: float = 1200, *, is_dark: bool = False
) -> alt.LayerChart:
    """社会担当 against 经济效益; size = people of the target group employed.

    Names are placed for a chart about ``width`` pixels wide.
    """
    rows = [
        {
            "name": tr.short_name(s.name) if width > PHONE else s.name,
            "social": s.score.axis(SOCIAL),
            "economic": s.score.axis(ECONOMIC),
            "people": s.target_people,
            "tier": tr.term(s.tier),
            "index": s.index,
        }
        for s in assessments
        if s.score.axis(SOCIAL) is not None and s.score.axis(ECONOMIC) is not None
    ]
    table = pd.DataFrame(rows, columns=["name", "social", "economic", "people", "tier", "index"])
    both = int(((table["social"] >= 70) & (table["economic"] >= 70)).sum())
    low = min(40.0, float(np.floor(table[["social", "economic"]].min().min() / 10) * 10)) if len(table) else 40.0
    across, down = (width - 60) / (100 - low), SCATTER_PLOT / (100 - low)
    pixels = [((e - low) * across, (100 - s) * down) for e, s in zip(table["economic"], table["social"], strict=True)]
    table["place"] = place_labels(pixels, table["name"].tolist(), width - 60, SCATTER_PLOT)
    scale = alt.Scale(domain=[low, 100])
    x = alt.X("economic:Q", scale=scale, title=tr("economic benefit, points"))
    y = alt.Y("social:Q", scale=scale, title=tr("social responsibility, points"), axis=alt.Axis(**TITLE_ABOVE))
    base = alt.Chart(table)
    tips = ["name", "tier", *(alt.Tooltip(f"{c}:Q", format=".0f") for c in ("social", "economic", "people", "index"))]
    size = alt.Size("people:Q", title=tr("people of the target group"), scale=alt.Scale(range=[60, 700]), legend=None)
    rule = pd.DataFrame({"v": [70.0]})
    title = tr.plural("{n} enterprise reaches 70 on both axes", "{n} enterprises reach 70 on both axes", both)
    sub = tr(
        "Up = jobs, retention, training, responsibility; right = income, orders; size = target-group people employed"
    )
    unplaced = table.loc[table["place"] == UNPLACED, "name"].tolist()
    if unplaced:
        sub += " · " + tr("too close for a name: {names}", names=", ".join(unplaced))
    return alt.layer(
        alt.Chart(rule).mark_rule(color=CONTEXT, strokeDash=[4, 4]).encode(x=alt.X("v:Q", scale=scale)),
        alt.Chart(rule).mark_rule(color=CONTEXT, strokeDash=[4, 4]).encode(y=alt.Y("v:Q", scale=scale)),
        base.mark_circle(opacity=0.9, stroke=CONTEXT, strokeWidth=1).encode(
            x=x, y=y, color=_tier_colour(tr, is_dark), size=size, tooltip=tips
        ),
        *(
            alt.Chart(table[table["place"] == n])
            .mark_text(dx=dx, dy=dy, align=align, fontSize=FONT_SIZE)
            .encode(x=x, y=y, text="name:N")
            for n, (dx, dy, align) in enumerate(LABEL_PLACES)
        ),
    ).properties(height=SCATTER_HEIGHT, title=chart_title(title, sub))


Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels


def overlap(a: Box, b: Box) -> float:
    """Area that two boxes share."""
    return max(min(a[2], b[2]) - max(a[0], b[0]), 0.0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0.0)


def label_box(point: tuple[float, float], name: str, place: int) -> Box:
    """Where ``name`` stands beside a point in one of ``LABEL_PLACES``."""
    long = sum(FONT_SIZE * (1.0 if east_asian_width(c) in "WF" else 0.55) for c in name)
    dx, dy, align = LABEL_PLACES[place]
    left, middle = point[0] + dx - {"left": 0.0, "center": long / 2, "right": long}[align], point[1] + dy
    return (left, middle - FONT_SIZE / 2, left + long, middle + FONT_SIZE / 2)


def place_labels(points: Sequence[tuple[float, float]], names: Sequence[str], width: float, height: float) -> list[int]:
    """For each name the first place in ``LABEL_PLACES`` where it touches no point, no name before it and no edge, else
    ``UNPLACED``.

    ``points`` in pixels (right, down) of a plot of ``width`` × ``height``; letters count half of a Chinese character.
    """
    circles: list[Box] = [(x - 10, y - 10, x + 10, y + 10) for x, y in points]
    taken: list[Box] = []
    places = []
    for k, (point, name) in enumerate(zip(points, names, strict=True)):
        boxes = [label_box(point, name, place) for place in range(len(LABEL_PLACES))]
        others = [*taken, *(c for n, c in enumerate(circles) if n != k)]
        is_free = [
            box[0] >= 0
            and box[1] >= 0
            and box[2] <= width
            and box[3] <= height
            and not any(overlap(box, other) for other in others)
            for box in boxes
        ]
        if any(is_free):
            best = is_free.index(True)
            places.append(best)
            taken.append(boxes[best])
        else:
            places.append(UNPLACED)
    return places


def bump_table(assessments: Sequence[EnterpriseAssessment]) -> pd.DataFrame:
    """Rank of each enterprise at each review period (half-year), by the last index recorded in it.

    Columns: key, name, period (e.g. '2025H1'), index, rank, tier (code).
    """
    rows = [
        {
            "key": s.key,
            "name": s.name,
            "period": f"{p.reviewed_on.year}H{1 if p.reviewed_on.month <= 6 else 2}",
            "index": p.index,
            "tier": p.tier.value,
        }
        for s in assessments
        for p in s.history
        if p.index is not None
    ]
    table = pd.DataFrame(rows, columns=["key", "name", "period", "index", "tier"])
    table = table.groupby(["key", "period"], as_index=False).last()
    table["rank"] = table.groupby("period")["index"].rank(ascending=False, method="first")
    return table.sort_values(["period", "rank"]).reset_index(drop=True)


def bump(
    assessments: Sequence[EnterpriseAssessment],
    selected: str,
    tr: Translator,
    *,
    narrow: bool = False,
    is_dark: bool = False,
) -> alt.LayerChart:
    """Ranks across review periods, coloured by the tier on file; the line of ``selected`` stands out."""
    table = bump_table(assessments)
    table["label"] = [name if narrow else tr.short_name(name) for name in table["name"]]
    table["tier"] = [tr.term(t) for code in table["tier"] for t in Tier if t.value == code]
    x = alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0), scale=alt.Scale(padding=0.4))
    top = int(table["rank"].max()) if len(table) else 1
    y = alt.Y(
        "rank:Q",
        scale=alt.Scale(domain=[top + 0.5, 0.5], nice=False),
        title=tr("rank"),
        axis=alt.Axis(values=list(range(1, top + 1)), format="d", grid=False, **TITLE_ABOVE),
    )
    periods = sorted(table["period"].unique())
    moved = 0
    if len(periods) > 1:
        wide = table.pivot_table(index="key", columns="period", values="rank")
        moved = int((wide[periods[-1]] < wide[periods[-2]]).sum())
    base = alt.Chart(table)
    last = alt.Chart(table[table["period"] == (periods[-1] if periods else "")])
    tips = ["label", "period", "tier", alt.Tooltip("rank:Q"), alt.Tooltip("index:Q", format=".1f")]
    title = tr.plural(
        "{n} enterprise rose in the last review period", "{n} enterprises rose in the last review period", moved
    )
    return alt.layer(
        base.mark_line(color=CONTEXT, opacity=0.6, strokeWidth=2).encode(x=x, y=y, detail="key:N"),
        alt.Chart(table[table["name"] == selected]).mark_line(color=ACCENT, strokeWidth=4).encode(x=x, y=y),
        base.mark_circle(size=260, opacity=1, stroke=CONTEXT, strokeWidth=1).encode(
            x=x, y=y, color=_tier_colour(tr, is_dark), tooltip=tips
        ),
        last.mark_text(align="left", dx=14, fontSize=type_size(12)).encode(x=x, y=y, text="label:N"),
    ).properties(
        height=460,
        title=chart_title(title, tr("Rank by score at each half-year's last review; colour = tier on file")),
    )


def drop_one_bars(shifts: Mapping[Pillar, float], tr: Translator) -> alt.Chart:
    """Mean change of rank when each pillar is dropped; ``shifts`` as from ``drop_one``."""
    table = pd.DataFrame({"pillar": [tr.term(p) for p in shifts], "shift": list(shifts.values())})
    table = table.sort_values("shift", ascending=False)
    most = table.iloc[0]["pillar"] if len(table) else ""
    return (
        alt.Chart(table)
        .mark_bar(color=ACCENT, height=14)
        .encode(
            x=alt.X("shift:Q", title=tr("mean places moved")),
            y=alt.Y("pillar:N", sort=list(table["pillar"]), title=None),
            tooltip=["pillar", alt.Tooltip("shift:Q", format=".2f")],
        )
        .properties(
            height=260,
            title=chart_title(
                tr("Leaving out {pillar} would move the ranking most", pillar=most),
                tr("Mean change of rank when a pillar is dropped"),
            ),
        )
    )


def sobol_bars(indices: SobolIndices, tr: Translator) -> alt.LayerChart:
    """Which choice moves the ranking: total effect as bar, first-order effect as tick."""
    table = pd.DataFrame(
        {"group": [tr(GROUP_NAMES[g]) for g in indices.names], "first": indices.first, "total": indices.total}
    )
    table = table.sort_values("total", ascending=False)
    y = alt.Y("group:N", sort=list(table["group"]), title=None, axis=alt.Axis(labelLimit=type_size(200)))
    base = alt.Chart(table)
    tips = ["group", alt.Tooltip("first:Q", format=".2f"), alt.Tooltip("total:Q", format=".2f")]
    return alt.layer(
        base.mark_bar(color=CONTEXT, opacity=0.5, height=14).encode(
            x=alt.X("total:Q", title=tr("share of the variance of rank shifts")), y=y, tooltip=tips
        ),
        base.mark_tick(color=ACCENT, thickness=3, height=20).encode(x="first:Q", y=y, tooltip=tips),
    ).properties(
        height=230,
        title=chart_title(
            tr("The ranking depends most on: {what}", what=table.iloc[0]["group"]),
            tr("Sobol indices: bar = total effect, tick = alone"),
        ),
    )
