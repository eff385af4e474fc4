"""Charts of workshops. Each takes computed results and a translator, and returns an Altair chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.chart_style import (
    ACCENT,
    OVER_TITLE,
    TITLE_ABOVE,
    chart_title,
    date_format,
    day_format,
    legend_columns,
    month_format,
    type_size,
)
from core.holidays import FESTIVAL, is_festival_week
from core.locale import N_, Translator
from core.palette import CONTEXT, LIGHTS
from core.terms import Light
from core.workshops.forecast import Forecast
from core.workshops.load import HORIZON, WorkshopLoad, load_light
from core.workshops.pay import WorkshopPay
from core.workshops.promise import NEVER, Quote
from core.workshops.states import WorkshopState

__all__ = [
    "LOAD_WORDS",
    "MEASURES",
    "SERIES",
    "feasibility_chart",
    "finish_chart",
    "history_chart",
    "load_bar",
    "weekly_load_chart",
    "monday",
    "pay_chart",
    "pay_sentence",
    "load_text",
    "forecast_chart",
    "weekly_series",
    "week_table",
]

LOAD_WORDS = {Light.GREEN: N_("room to spare"), Light.YELLOW: N_("nearly full"), Light.RED: N_("overloaded")}
CAPACITY = ACCENT  # what can be made
SCENARIO = "#C2603A"  # the same in a what-if
SHORT_SPAN = 20  # weeks, days of a chart whose own ticks would be closer than its labels: months, days
AHEAD = 10  # weeks of orders ahead that the chart shows at least


def monday(day: date) -> date:
    """First day of the ISO week of ``day``."""
    return day - timedelta(days=day.weekday())


def week_axis(weeks: pd.Series, tr: Translator) -> alt.Axis:
    """The axis under a chart by weeks (their Mondays): months, or the weeks themselves where months would repeat."""
    days = sorted({week.date() for week in weeks})
    if len(days) > SHORT_SPAN:
        return alt.Axis(format=month_format(tr), labelOverlap=True, tickCount=10)
    return _axis_at(days, tr)


def _day_axis(days: Sequence[date], tr: Translator) -> alt.Axis:
    """The axis under a chart of ``days``: each of them where they are so few that ticks within a day would repeat its name."""
    first = min(days)
    count = (max(days) - first).days + 1
    if count > SHORT_SPAN:
        return alt.Axis(format=day_format(tr), labelOverlap=True)
    return _axis_at([first + timedelta(days=k) for k in range(count)], tr)


def _axis_at(days: Sequence[date], tr: Translator) -> alt.Axis:
    """An axis with a tick at each of ``days``."""
    values = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in days]
    return alt.Axis(format=day_format(tr), labelOverlap=True, values=values)


def load_text(load: WorkshopLoad, tr: Translator, digits: int = 0) -> str:
    """A load ratio as on a card: '86%'; '–' without orders, 'nobody' without people, 'overdue' after a due date."""
    if load.ratio is None:
        return "–"
    if load.is_unstaffed:
        return tr("nobody")
    return tr("overdue") if math.isinf(load.ratio) else tr.percent(load.ratio, digits)


def pay_sentence(pay: WorkshopPay | None, tr: Translator) -> str:
    """What was paid for an hour attended against the floor, with its sums and the word of its light."""
    if pay is None:
        return tr("No weekly report states both hours and labour cost, so what an hour was paid is not known.")
    total = pay.total
    values = {
        "n": total.weeks,
        "yuan": tr.number(total.paid),
        "hours": tr.number(total.hours),
        "paid": tr.number(total.per_hour, 1),
        "floor": tr.number(total.floor, 1),
    }
    if total.paid == 0:
        return tr(
            "■ Nothing was paid for {hours} hours attended in the last {n} weeks; the floor is {floor} yuan an hour",
            **values,
        )
    text = BELOW_FLOOR if total.is_below else MEETS_FLOOR
    return tr(text, **values)


MEETS_FLOOR = N_("● {paid} yuan an hour attended meets the floor of {floor}: {yuan} yuan ÷ {hours} h in {n} weeks")
BELOW_FLOOR = N_("■ {paid} yuan an hour attended is below the floor of {floor}: {yuan} yuan ÷ {hours} h in {n} weeks")


def load_bar(ratio: float | None) -> alt.LayerChart:
    """A card's bar: load as a share of capacity, with ticks at 85 % and 100 %; capped at 150 %."""
    top = 1.5
    shown = 0.0 if ratio is None else min(ratio, top)
    colour = CONTEXT if ratio is None else LIGHTS[load_light(ratio)]
    x = alt.X("v:Q", scale=alt.Scale(domain=[0, top]), axis=None)
    back = alt.Chart(pd.DataFrame({"v": [top]})).mark_bar(color=CONTEXT, opacity=0.25, height=12).encode(x=x)
    bar = alt.Chart(pd.DataFrame({"v": [shown]})).mark_bar(color=colour, height=12).encode(x=x)
    ticks = alt.Chart(pd.DataFrame({"v": [0.85, 1.0]})).mark_tick(color=CONTEXT, thickness=2, height=20).encode(x=x)
    return alt.layer(back, bar, ticks).properties(height=24).configure_view(stroke=None)


def week_table(state: WorkshopState, today: date, back: int) -> pd.DataFrame:
    """Week by week: what was or is asked for, and what was or can be made, in standard hours.

    Columns: week (Monday), asked, made, ratio (cumulative, future only), light, past (bool), festival (bool).
    Past weeks: the plan of the weekly report, rejects included, and standard hours earned. From this week on: orders
    by due week and effective hours; what is overdue counts in this week.
    """
    pace, load = state.pace, state.load
    assert pace is not None
    assert load is not None
    this = monday(today)
    out = state.outputs
    parts = []
    if len(out):
        hours = pd.DataFrame(
            {
                "week": out["week"],
                "asked": out["planned"].astype(float) * out["standard_minutes"] / 60 / pace.first_pass,
                "made": out["made"].astype(float) * out["standard_minutes"] / 60,
            }
        )
        past = hours.groupby("week", as_index=False)[["asked", "made"]].sum()
        past = past[past["week"] >= pd.Timestamp(this - timedelta(weeks=back))]
        parts.append(past.assign(ratio=np.nan, light="", past=True))
    begin = this if not parts or parts[0].empty or parts[0]["week"].max().date() < this else this + timedelta(weeks=1)
    last_due = max((o.order.due_on for o in load.orders), default=begin)
    count = min(max((monday(last_due) - begin).days // 7 + 1, AHEAD), HORIZON)
    days = [begin + timedelta(weeks=k) for k in range(count)]
    due = pd.DataFrame(
        {"week": pd.to_datetime(days).astype("datetime64[s]"), "asked": 0.0, "made": 0.0, "ratio": np.nan}
    )
    due["made"] = load.hours_of_weeks(begin, count)
    for o in load.orders:
        k = min(max((monday(o.order.due_on) - begin).days // 7, 0), count - 1)
        due.loc[k, "asked"] += o.need
        due.loc[k, "ratio"] = max(o.ratio, 0 if pd.isna(due.loc[k, "ratio"]) else due.loc[k, "ratio"])
    due["light"] = [("" if pd.isna(r) else load_light(r).value) for r in due["ratio"]]
    table = pd.concat([*parts, due.assign(past=False)], ignore_index=True)
    table["festival"] = [is_festival_week(w.date()) for w in table["week"]]
    return table


def weekly_load_chart(
    state: WorkshopState, today: date, back: int, tr: Translator, outlook: Forecast | None = None
) -> alt.LayerChart:
    """Bars: asked for; line: made (past) and makeable (ahead); standard hours a week; Spring Festival weeks are named.

    ``outlook``: forecast of the new orders of the weeks ahead, drawn with its 80 % interval.
    """
    table = week_table(state, today, back)
    table["week_name"] = [tr.week(w.date()) for w in table["week"]]
    table["kind"] = np.where(table["past"], tr("planned in the weekly report"), tr("orders due"))
    lights = [*Light]
    names = {light.value: f"{light.shape} {tr(LOAD_WORDS[light])}" for light in lights}
    table["state"] = table["light"].map(names).fillna(tr("past week"))
    colour = alt.Color(
        "state:N",
        title=None,
        scale=alt.Scale(
            domain=[tr("past week"), *names.values()], range=[CONTEXT, *(LIGHTS[light] for light in lights)]
        ),
        legend=alt.Legend(**OVER_TITLE, columns=legend_columns(len(lights) + 1)),
    )
    x = alt.X("yearweek(week):T", title=None, axis=week_axis(table["week"], tr))
    tips = [
        alt.Tooltip("week_name:N", title=tr("Week")),
        alt.Tooltip("kind:N", title=tr("Bar")),
        alt.Tooltip("asked:Q", title=tr("Asked for, standard h"), format=",.0f"),
        alt.Tooltip("made:Q", title=tr("Made or possible, standard h"), format=",.0f"),
        alt.Tooltip("ratio:Q", title=tr("Cumulative load ratio"), format=".0%"),
    ]
    y = alt.Y("asked:Q", title=tr("standard h"), axis=alt.Axis(**TITLE_ABOVE))
    bars = alt.Chart(table).mark_bar(width={"band": 0.7}, opacity=0.85).encode(x=x, y=y, color=colour, tooltip=tips)
    lines = [tr("made"), tr("possible")]
    table["line"] = np.where(table["past"], *lines)
    dash = alt.StrokeDash(
        "line:N",
        title=None,
        scale=alt.Scale(domain=lines, range=[[1, 0], [4, 3]]),
        legend=alt.Legend(
            **OVER_TITLE, columns=legend_columns(2, 1), symbolStrokeColor=CAPACITY, symbolSize=type_size(220)
        ),
    )
    line = (
        alt.Chart(table)
        .mark_line(color=CAPACITY, strokeWidth=2.5, interpolate="monotone")
        .encode(x=x, y="made:Q", strokeDash=dash)
    )
    rule = (
        alt.Chart(pd.DataFrame({"week": [pd.Timestamp(today)]}))
        .mark_rule(color=CONTEXT, strokeDash=[3, 3])
        .encode(x="week:T")
    )
    layers = [bars, line, rule, *_festival_layer(table, tr), *_outlook_layers(table, outlook, tr)]
    return alt.layer(*layers).properties(height=300, title=_load_title(state, tr, has_outlook=_is_shown(outlook)))


def _festival_layer(table: pd.DataFrame, tr: Translator) -> list[alt.Chart]:
    """The name of Spring Festival over the first of its weeks, a grey mark over each."""
    marked = table[table["festival"].astype(bool)].assign(text=tr(FESTIVAL))
    if marked.empty:
        return []
    first = marked[marked["week"].diff() != pd.Timedelta(weeks=1)]
    top = alt.value(8)
    return [
        alt.Chart(marked)
        .mark_tick(color=CONTEXT, orient="horizontal", thickness=4, size=16)
        .encode(x=_middle(), y=top),
        alt.Chart(first)
        .mark_text(align="left", baseline="top", opacity=0.75, dy=6)
        .encode(x="yearweek(week):T", y=top, text="text:N"),
    ]


def _outlook_layers(table: pd.DataFrame, outlook: Forecast | None, tr: Translator) -> list[alt.Chart]:
    """What may still come in during the weeks ahead, an ordinary week's orders with the interval of the forecast."""
    ahead = table[~table["past"].astype(bool) & ~table["festival"].astype(bool)][["week"]]
    if not _is_shown(outlook) or ahead.empty:
        return []
    assert outlook is not None
    ahead = ahead.head(len(outlook.mean)).reset_index(drop=True)
    n = len(ahead)
    ahead = ahead.assign(low=_first(outlook.low, n), mean=outlook.mean[:n], high=_first(outlook.high, n))
    base = alt.Chart(ahead)
    tips = [
        alt.Tooltip("mean:Q", title=tr("New orders expected, standard h"), format=",.0f"),
        alt.Tooltip("low:Q", title=tr("80% interval from"), format=",.0f"),
        alt.Tooltip("high:Q", title=tr("80% interval to"), format=",.0f"),
    ]
    return [
        base.mark_rule(color=SCENARIO, strokeWidth=2).encode(x=_middle(), y="low:Q", y2="high:Q", tooltip=tips),
        base.mark_point(color=SCENARIO, filled=True, size=36, opacity=1).encode(x=_middle(), y="mean:Q", tooltip=tips),
    ]


def _is_shown(outlook: Forecast | None) -> bool:
    """Whether a forecast has an interval to draw."""
    return outlook is not None and outlook.low is not None and outlook.high is not None


def _first(bound: np.ndarray | None, n: int) -> np.ndarray:
    assert bound is not None
    return bound[:n]


def _middle() -> alt.X:
    """The middle of a week's bar."""
    return alt.X("yearweek(week):T", title=None, bandPosition=0.5)


def _load_title(state: WorkshopState, tr: Translator, *, has_outlook: bool) -> alt.Title:
    load = state.load
    assert load is not None
    if load.ratio is None:
        text = tr("No open orders: all {n} standard h a week are free", n=tr.number(load.effective))
    elif load.is_unstaffed:
        text = tr("Nobody is on the roll: no order will be made")
    elif load.late:
        text = tr.plural(
            "{n} order will be late at {effective} standard h a week",
            "{n} orders will be late at {effective} standard h a week",
            len(load.late),
            effective=tr.number(load.effective),
        )
    else:
        text = tr(
            "Every order will be on time; the tightest due date takes {ratio} of capacity",
            ratio=tr.percent(load.ratio, 0),
        )
    sub = tr(
        "Standard hours by week: bars = asked for, line = made, then possible; as of {day}", day=tr.day(load.today)
    )
    if has_outlook:
        sub = tr(
            "Standard hours by week: bars = asked for, line = made, then possible, orange = new orders expected (80% interval); as of {day}",
            day=tr.day(load.today),
        )
    return chart_title(text, sub)


# name → (column of the weekly report or output, unit), as registered English
MEASURES = {
    "hours": (N_("Hours attended"), N_("h")),
    "good": (N_("Good pieces"), N_("pieces")),
    "on_roll": (N_("People on the roll"), N_("persons")),
    "paid_hour": (N_("Pay an hour"), N_("yuan")),
    "first_pass": (N_("First-pass yield"), "%"),
}


def history_table(state: WorkshopState) -> pd.DataFrame:
    """Weekly reports with the sums of their outputs: week, hours, on_roll, attendances, made, good, paid_hour (yuan an
    hour attended), first_pass (%), festival (bool).
    """
    sums = state.outputs.groupby("week", as_index=False)[["made", "good"]].sum()
    table = state.weeks.merge(sums, on="week", how="left")
    hours = table["hours"].where(table["hours"] > 0)
    table["paid_hour"] = table["labour_cost"] / hours
    made = table["made"].astype("float64")
    table["first_pass"] = table["good"].astype("float64") / made.where(made > 0) * 100
    table["festival"] = pd.Series([is_festival_week(w.date()) for w in table["week"]], table.index, dtype=bool)
    return table


def history_chart(state: WorkshopState, measure: str, back: int, tr: Translator) -> alt.LayerChart:
    """One measure over the last ``back`` weekly reports; Spring Festival weeks are hollow; pay with its dated floor."""
    name, unit = (tr(text) for text in MEASURES[measure])
    reports = history_table(state).tail(back)
    table = reports[["week", measure, "festival"]].rename(columns={measure: "value"})
    table["value"] = table["value"].astype("float64")
    usual = table[~table["festival"]]["value"]
    last, mean = usual.iloc[-1] if len(usual) else 0.0, usual.tail(8).mean()
    digits = 0 if measure in {"hours", "good", "on_roll"} else 1
    layers = _weekly_layers(
        table, table["week"], name, unit, tr, digits=1, zero=measure not in {"first_pass", "paid_hour"}
    )
    if measure == "paid_hour":
        layers += _floor_layers(reports, tr)
    title = tr(
        "{name}: {last} {unit} in the last ordinary week, {mean} on average over eight",
        name=name,
        last=tr.number(last, digits),
        unit=unit,
        mean=tr.number(0 if pd.isna(mean) else mean, digits),
    )
    sub = tr("Weekly reports; hollow points are Spring Festival weeks")
    return alt.layer(*layers).properties(height=300, title=chart_title(title, sub))


def _floor_layers(reports: pd.DataFrame, tr: Translator) -> list[alt.Chart]:
    """The hourly floor in force in each week, named at its last one; columns week, wage_floor."""
    table = reports[["week", "wage_floor"]].rename(columns={"wage_floor": "value"}).dropna()
    last = table.tail(1).assign(text=[tr("hourly floor {n} yuan", n=tr.number(v)) for v in table["value"].tail(1)])
    x, red = alt.X("yearmonthdate(week):T", title=None), LIGHTS[Light.RED]
    return [
        alt.Chart(table).mark_line(color=red, strokeDash=[4, 3], interpolate="step-before").encode(x=x, y="value:Q"),
        alt.Chart(last).mark_text(align="right", dy=-9, fontWeight=600).encode(x=x, y="value:Q", text="text:N"),
    ]


def pay_chart(pay: WorkshopPay, tr: Translator) -> alt.LayerChart:
    """A dot a person on site by yuan an hour, stacked a yuan wide, with the floor and the median as rules."""
    spread = pay.on_site
    assert spread is not None
    people = pay.people.dropna(subset=["paid_hour"]).sort_values("paid_hour")
    bins = np.floor(people["paid_hour"].to_numpy(float))
    words = (tr("meets the floor"), tr("below the floor"))
    dots = pd.DataFrame(
        {
            "yuan": bins + 0.5,
            "place": pd.Series(bins).groupby(bins).cumcount().to_numpy() + 1,
            "paid": people["paid_hour"].to_numpy(float),
            "state": [words[int(below)] for below in people["below"]],
        }
    )
    floor = float(people["floor"].iloc[0])
    colour = alt.Color(
        "state:N",
        title=None,
        scale=alt.Scale(domain=list(words), range=[LIGHTS[Light.GREEN], LIGHTS[Light.RED]]),
        legend=alt.Legend(**OVER_TITLE),
    )
    shape = alt.Shape("state:N", title=None, scale=alt.Scale(domain=list(words), range=["circle", "square"]))
    height = max(int(dots["place"].max()), 3) + 2  # the names of the rules stand above the dots
    x = alt.X("yuan:Q", title=tr("yuan an hour attended (estimated)"), scale=alt.Scale(zero=False, padding=12))
    y = alt.Y(
        "place:Q", title=tr("persons"), scale=alt.Scale(domain=[0, height]), axis=alt.Axis(**TITLE_ABOVE, tickMinStep=1)
    )
    tips = [alt.Tooltip("paid:Q", title=tr("Yuan an hour"), format=".1f"), alt.Tooltip("state:N", title=tr("State"))]
    rules = pd.DataFrame(
        {
            "yuan": [floor, spread.median],
            "text": [tr("floor {n}", n=tr.number(floor, 1)), tr("median {n}", n=tr.number(spread.median, 1))],
            "height": [height, height - 0.8],
        }
    )
    base = alt.Chart(rules)
    title = tr(
        "{below} of {n} people on site ({share}) earn less than the floor; median {median} yuan an hour",
        below=spread.below,
        n=spread.n,
        share=tr.percent(spread.share_below, 0),
        median=tr.number(spread.median, 1),
    )
    sub = tr("Labour cost shared out by pay on file ÷ attended hours shared out by form of work; home work apart")
    return alt.layer(
        alt.Chart(dots)
        .mark_point(filled=True, size=90, opacity=1)
        .encode(x=x, y=y, color=colour, shape=shape, tooltip=tips),
        base.mark_rule(color=CONTEXT, strokeDash=[4, 3]).encode(x="yuan:Q"),
        base.mark_text(align="left", dx=4, baseline="top").encode(x="yuan:Q", y="height:Q", text="text:N"),
    ).properties(height=300, title=chart_title(title, sub))


def _weekly_encoding(
    weeks: pd.Series, name: str, unit: str, tr: Translator, digits: int = 0, zero: bool = True
) -> tuple[alt.X, alt.Y, list[alt.Tooltip]]:
    """x, y and tooltips of a table with columns week and value; ``weeks``: all that the chart shows."""
    x = alt.X("yearmonthdate(week):T", title=None, axis=week_axis(weeks, tr))
    y = alt.Y("value:Q", title=unit, scale=alt.Scale(zero=zero), axis=alt.Axis(**TITLE_ABOVE))
    tips = [
        alt.Tooltip("week:T", title=tr("Week of"), format=date_format(tr)),
        alt.Tooltip("value:Q", title=name, format=f",.{digits}f"),
    ]
    return x, y, tips


def _weekly_layers(
    table: pd.DataFrame, weeks: pd.Series, name: str, unit: str, tr: Translator, *, digits: int = 0, zero: bool = True
) -> list[alt.Chart]:
    """A line with a point a week, hollow in Spring Festival weeks; columns week, value, festival (bool)."""
    x, y, tips = _weekly_encoding(weeks, name, unit, tr, digits, zero)
    points = alt.Chart(table).mark_point(color=CAPACITY, size=28)
    return [
        alt.Chart(table).mark_line(color=CAPACITY, strokeWidth=2).encode(x=x, y=y),
        points.encode(
            x=x,
            y=y,
            tooltip=tips,
            fill=alt.value(CAPACITY),
            fillOpacity=alt.condition("datum.festival", alt.value(0), alt.value(1)),
        ),
    ]


# name → (registered English, unit)
SERIES = {"orders": (N_("New orders"), N_("standard h")), "good": (N_("Good pieces"), N_("pieces"))}


def weekly_series(state: WorkshopState, name: str, today: date, product: int | None = None) -> pd.DataFrame:
    """A weekly series to forecast, complete weeks only: week (Monday), value, festival (bool).

    ``orders``: standard hours of the orders received in the week, 0 where none came; ``good``: good pieces reported.
    ``product``: of one product alone.
    """
    received, outputs = state.received, state.outputs
    if product is not None:
        received, outputs = received[received["product_id"] == product], outputs[outputs["product_id"] == product]
    if name == "orders":
        day = received["received_on"]
        monday_of = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
        hours = received["pieces"].astype("float64") * received["standard_minutes"] / 60
        sums = hours.groupby(monday_of).sum()
    else:
        sums = outputs.groupby("week")["good"].sum().astype("float64")
    complete = [w for w in sums.index if w.date() + timedelta(days=6) <= today]
    if not complete:
        return pd.DataFrame({"week": pd.Series(dtype="datetime64[s]"), "value": [], "festival": []})
    last = monday(today + timedelta(days=1)) - timedelta(weeks=1) if name == "orders" else max(complete).date()
    index = pd.date_range(min(complete), last, freq="7D", unit="s", name="week")
    table = sums.reindex(index, fill_value=0.0).rename("value").reset_index()
    table["festival"] = [is_festival_week(w.date()) for w in table["week"]]
    return table


def forecast_chart(table: pd.DataFrame, forecast: Forecast, name: str, tr: Translator) -> alt.LayerChart:
    """The last year of a series and the weeks ahead with their intervals; Spring Festival weeks are hollow."""
    title, unit = (tr(text) for text in SERIES[name])
    last = table["week"].iloc[-1]
    ahead = pd.DataFrame(
        {"week": [last + timedelta(weeks=k + 1) for k in range(len(forecast.mean))], "value": forecast.mean}
    )
    for column, bound in (
        ("low", forecast.low),
        ("high", forecast.high),
        ("wide_low", forecast.wide_low),
        ("wide_high", forecast.wide_high),
    ):
        ahead[column] = np.nan if bound is None else bound
    past = table.tail(52)
    weeks = pd.concat([past["week"], ahead["week"]])
    x, y, tips = _weekly_encoding(weeks, title, unit, tr)
    layers = _weekly_layers(past, weeks, title, unit, tr)
    future = alt.Chart(ahead)
    for low, high, opacity in (("wide_low", "wide_high", 0.15), ("low", "high", 0.3)):
        layers.append(
            future.mark_area(color=SCENARIO, opacity=opacity).encode(
                x=x, y=alt.Y(f"{low}:Q", title=unit), y2=f"{high}:Q"
            )
        )
    layers.append(future.mark_line(color=SCENARIO, strokeWidth=2.5, strokeDash=[5, 3]).encode(x=x, y=y, tooltip=tips))
    text = tr(
        "{name}: about {mean} {unit} a week ahead", name=title, mean=tr.number(float(forecast.mean[0])), unit=unit
    )
    if forecast.low is not None and forecast.high is not None:
        bounds = {"low": tr.number(float(forecast.low[0])), "high": tr.number(float(forecast.high[0]))}
        text += tr(", next week {low} to {high} (80% interval)", **bounds)
    sub = tr("Bands: 80% and 95%; hollow points are Spring Festival weeks, left out of the fit")
    return alt.layer(*layers).properties(height=320, title=chart_title(text, sub))


def feasibility_chart(base: WorkshopLoad, scenario: WorkshopLoad | None, tr: Translator) -> alt.LayerChart:
    """Cumulative capacity against the cumulative load at each due date: a date is met where the line is above.

    With a scenario, its line and its order book are shown beside the base.
    """
    shown = scenario or base
    last = max((o.order.due_on for o in shown.orders), default=base.today)
    weeks = min(max(int(np.ceil((last - base.today).days / 7)) + 2, 4), HORIZON)
    lines = [(base, tr("as it is"), CAPACITY)]
    if scenario is not None:
        lines.append((scenario, tr("what if"), SCENARIO))
    frames = [
        pd.DataFrame(
            {
                "day": [pd.Timestamp(base.today + timedelta(weeks=k)) for k in range(weeks + 1)],
                "hours": np.concatenate([[0.0], np.cumsum(o.effective_by_week[:weeks])]),
                "line": name,
            }
        )
        for o, name, _ in lines
    ]
    colour = alt.Color(
        "line:N",
        title=None,
        scale=alt.Scale(domain=[n for _, n, _ in lines], range=[c for _, _, c in lines]),
        legend=alt.Legend(**OVER_TITLE) if scenario else None,
    )
    x = alt.X("day:T", title=None, axis=alt.Axis(format=day_format(tr), labelOverlap=True))
    y = alt.Y(
        "hours:Q",
        title=tr("standard h, cumulative"),
        axis=alt.Axis(**TITLE_ABOVE),
    )
    capacity = alt.Chart(pd.concat(frames)).mark_line(strokeWidth=2.5).encode(x=x, y=y, color=colour)
    due = _due_points(shown, x, y, tr)
    title = tr("A due date is met where the line is above its point")
    sub = tr(
        "Line = cumulative capacity, points = cumulative load at each due date; as of {day}", day=tr.day(base.today)
    )
    return alt.layer(capacity, due).properties(height=300, title=chart_title(title, sub))


def _due_points(shown: WorkshopLoad, x: Any, y: Any, tr: Translator) -> alt.Chart:
    """The cumulative load at each due date, on time or late."""
    points = pd.DataFrame(
        [
            {
                "day": pd.Timestamp(max(o.order.due_on, shown.today)),
                "hours": o.queue,
                "code": o.order.code,
                "product": o.order.product if tr.lang != "en" else (o.order.product_en or o.order.product),
                "state": tr("late") if o.is_late else tr("on time"),
                "late": o.late_days,
            }
            for o in shown.orders
        ],
        columns=["day", "hours", "code", "product", "state", "late"],
    )
    return (
        alt.Chart(points)
        .mark_point(size=90, filled=True, opacity=1)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape(
                "state:N",
                title=None,
                legend=alt.Legend(**OVER_TITLE),
                scale=alt.Scale(domain=[tr("on time"), tr("late")], range=["circle", "square"]),
            ),
            fill=alt.Fill(
                "state:N",
                legend=None,
                scale=alt.Scale(domain=[tr("on time"), tr("late")], range=[LIGHTS[Light.GREEN], LIGHTS[Light.RED]]),
            ),
            tooltip=[
                alt.Tooltip("code:N", title=tr("Order")),
                alt.Tooltip("product:N", title=tr("Product")),
                alt.Tooltip("day:T", title=tr("Due"), format=date_format(tr)),
                alt.Tooltip("hours:Q", title=tr("Cumulative load, standard h"), format=",.0f"),
                alt.Tooltip("late:Q", title=tr("Days late")),
            ],
        )
    )


def finish_chart(quote: Quote, tr: Translator) -> alt.LayerChart:
    """On which day the order would be done: a bar a day, with the date asked for and the date reached with 80 %."""
    days, counts = np.unique(quote.finish[quote.finish < NEVER], return_counts=True)
    words = (tr("on time"), tr("late"))
    table = pd.DataFrame(
        {
            "day": [pd.Timestamp(quote.today + timedelta(days=int(d))) for d in days],
            "share": counts / len(quote.finish),
        }
    )
    due = pd.Timestamp(quote.ask.due_on)
    table["state"] = [words[int(day > due)] for day in table["day"]]
    x = alt.X("day:T", title=None, axis=_day_axis([quote.ask.due_on, *(day.date() for day in table["day"])], tr))
    bars = (
        alt.Chart(table)
        .mark_bar(size=8)
        .encode(
            x=x,
            y=alt.Y("share:Q", title=tr("share of the draws"), axis=alt.Axis(**TITLE_ABOVE, format="%")),
            color=alt.Color(
                "state:N",
                title=None,
                scale=alt.Scale(domain=list(words), range=[LIGHTS[Light.GREEN], LIGHTS[Light.RED]]),
                legend=alt.Legend(**OVER_TITLE),
            ),
            tooltip=[
                alt.Tooltip("day:T", title=tr("Done by"), format=date_format(tr)),
                alt.Tooltip("share:Q", title=tr("Share"), format=".1%"),
            ],
        )
    )
    rules = pd.DataFrame({"day": [due], "text": [tr("due {day}", day=tr.day(quote.ask.due_on, "short"))]})
    rule = alt.Chart(rules).mark_rule(color=CONTEXT, strokeDash=[4, 3]).encode(x="day:T")
    name = (
        alt.Chart(rules).mark_text(align="left", dx=4, baseline="top").encode(x="day:T", y=alt.value(0), text="text:N")
    )
    title = (
        tr("It is never done at today's pace")
        if quote.expected_on is None
        else tr(
            "Done by {day} in 80% of the draws, {share} on time",
            day=tr.day(quote.expected_on),
            share=tr.percent(quote.probability, 0),
        )
    )
    sub = tr(
        "{n} draws from attendance (±{attendance}) and pace (±{pace}) of {weeks} ordinary weeks",
        n=tr.number(len(quote.finish)),
        attendance=tr.percent(quote.spread.attendance),
        pace=tr.percent(quote.spread.pace),
        weeks=len(quote.spread.factors),
    )
    return alt.layer(bars, rule, name).properties(height=220, title=chart_title(title, sub))
