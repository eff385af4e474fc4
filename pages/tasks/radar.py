"""The exit radar: who at work is likely to need a call, by which printed conditions, and how often the rule was right."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.indicators import dated_counts, populations
from core.locale import N_, Translator
from core.policy import Action, Field, Sight
from core.store.settings import parameter
from core.tasks.exit_radar import CONDITIONS, HORIZON, Condition, Share, TrackRecord
from core.terms import Channel
from pages import cache
from pages.common import scope
from pages.common.columns import readable, right_aligned
from pages.common.downloads import download_table
from pages.common.drilldown import with_people
from pages.common.follow_up_form import follow_up_form
from pages.common.heading import heading
from pages.common.links import page_link
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["show"]

FIRST = (N_("Person"), N_("Signs"))  # on a phone
FIRST_OF_RULE = (N_("Sign"), N_("People now"))
SHOWN = 500


def show(view: View, top: DeltaGenerator) -> None:
    """The people on the radar, the rule, and its record."""
    tr = view.tr
    everybody = scope.rows(view, cache.tasks.radar(view.revision, view.today))
    rows = everybody[everybody["is_on"]].sort_values(
        ["holding", "unknown", "id"], ascending=[False, True, True], ignore_index=True
    )
    record = cache.tasks.radar_record(view.revision, view.today)
    with top:
        heading(
            tr.plural(
                "{n} of {all} person at work should be called: at least {least} warning sign holds",
                "{n} of {all} people at work should be called: at least {least} warning sign holds",
                len(rows),
                all=tr.number(len(everybody)),
                least=tr.number(parameter(cache.store.parameters(view.revision), "radar_conditions", view.today)),
            ),
            (" " if tr.is_english else "").join([_record_sentence(tr, record), _second_exits(view)]),
        )
    _list(view, rows)
    _rule(view, rows, record)


def _record_sentence(tr: Translator, record: TrackRecord | None) -> str:
    if record is None:
        return tr("No past month is complete yet: how often the rule is right is not known.")
    verdict = (
        tr("The rule tells them apart.")
        if record.is_told_apart
        else tr("The intervals overlap: so far the rule does not tell them apart.")
    )
    return tr(
        "In the past, {on} of {of_on} months with a sign ended in an exit within {days} days ({rate_on}, 95% {interval_on}), "
        "against {off} of {of_off} without one ({rate_off}, {interval_off}). {verdict}",
        on=tr.number(record.on_radar.n),
        of_on=tr.number(record.on_radar.of),
        days=HORIZON,
        rate_on=_rate(tr, record.on_radar),
        interval_on=_interval(tr, record.on_radar),
        off=tr.number(record.others.n),
        of_off=tr.number(record.others.of),
        rate_off=_rate(tr, record.others),
        interval_off=_interval(tr, record.others),
        verdict=verdict,
    )


def _second_exits(view: View) -> str:
    """How many who found work after a welfare post have lost it again."""
    facts = cache.overview.facts(view.revision)
    again = dated_counts.count(populations.second_exits(facts), view.today)
    employed = dated_counts.count(populations.re_employed(facts), view.today)
    return view.tr(
        "Second exits: {n} of {all} people re-employed after a welfare post are out of that work again, without another.",
        n=view.tr.number(again),
        all=view.tr.number(employed),
    )


def _list(view: View, rows: pd.DataFrame) -> None:
    """Each row says which conditions hold, with the values, and which are unknown."""
    tr = view.tr
    if rows.empty:
        st.write(tr("No warning sign holds for anybody."))
        return
    placements = cache.overview.facts(view.revision).placements.set_index("id").loc[rows["id"]]
    place = placements["workshop"].fillna(placements["employer"]).to_numpy()
    named = with_people(view, rows[["person_id", "started_on"]])
    if view.sees(Field.NAME) is Sight.HIDDEN:
        named = named.drop(columns="person")
    shown = readable(tr, named)
    shown[tr("Where")] = ["" if pd.isna(p) else tr.name(str(p)) for p in place]
    shown[tr("Channel")] = [tr.term(Channel.of(code)) for code in placements["channel"]]
    shown.insert(1, tr("Signs"), [_signs(view, row) for _, row in rows.iterrows()])
    shown[tr("Facts not known")] = [
        tr.join([tr(c.name) for c in CONDITIONS if pd.isna(row[c.code])]) for _, row in rows.iterrows()
    ]
    state = show_table(
        view,
        shown.head(SHOWN),
        tr("Exit radar"),
        first=FIRST,
        config={tr("Where"): st.column_config.TextColumn(width=180)},
        height=420,
        key=Key.RADAR_LIST,
        on_select="rerun",
        selection_mode="single-row",
        placeholder="",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for n in state.selection.rows:
            if n < len(rows):
                person = {"person": str(int(rows["person_id"].iloc[n]))}
                page_link("people", tr("Open the person"), ":material/person:", person)
                if view.may(Action.RECORD_FOLLOW_UP):
                    follow_up_form(view, int(rows["id"].iloc[n]))
        download_table(view, shown, tr("Exit radar"), Key.DOWNLOAD.of("radar"), action=Action.EXPORT_PEOPLE)
    if len(rows) > SHOWN:
        st.caption(tr("First {n} of {all} rows; the download has all.", n=SHOWN, all=tr.number(len(rows))))


def _signs(view: View, row: pd.Series) -> str:
    """The conditions that hold with what was compared: 'pay fallen −20%、no order'."""
    tr = view.tr
    holding = [c for c in CONDITIONS if pd.notna(row[c.code]) and bool(row[c.code])]
    return tr.join([_with_value(tr, condition, row[f"{condition.code}_value"]) for condition in holding])


def _with_value(tr: Translator, condition: Condition, value: Any) -> str:
    name = tr(condition.name)
    if condition.is_share:
        return tr("{sign} ({value})", sign=name, value=tr.signed(100 * value, 0) + "%")
    if condition.code == "below_floor":
        return tr("{sign} ({value})", sign=name, value=tr("{n} yuan", n=tr.number(value)))
    if condition.code == "unreached":
        return tr("{sign} ({value})", sign=name, value=tr.day(value, "short"))
    return name


def _rule(view: View, rows: pd.DataFrame, record: TrackRecord | None) -> None:
    """The conditions in words with their limits, how many they hold for now, and what followed in the past."""
    tr, parameters = view.tr, cache.store.parameters(view.revision)
    st.subheader(tr("The rule"), anchor=False)
    lines = []
    for condition in CONDITIONS:
        limit = ""
        if condition.limit:
            value = parameter(parameters, condition.limit, view.today)
            limit = tr.percent(value, 0) if condition.is_share else tr.number(value)
        past = None if record is None else record.held[condition.code]
        lines.append(
            {
                tr("Sign"): tr(condition.name),
                tr("Holds when"): tr(condition.rule, limit=limit),
                tr("People now"): int(rows[condition.code].fillna(False).sum()),
                tr("Past months"): None if past is None else past.of,
                tr("Ended within {n} days", n=HORIZON): None if past is None else past.n,
                tr("Share"): "—" if past is None or not past.of else _rate(tr, past),
                tr("95% interval"): "—" if past is None or not past.of else _interval(tr, past),
            }
        )
    counts = (tr("People now"), tr("Past months"), tr("Ended within {n} days", n=HORIZON))
    table = pd.DataFrame(lines)
    config = {
        **dict.fromkeys(counts, st.column_config.NumberColumn(format="localized", width="small")),
        **right_aligned(tr("Share"), tr("95% interval")),
    }
    show_table(view, table, tr("The rule"), first=FIRST_OF_RULE, config=config)
    if record is not None:
        st.caption(
            tr(
                "Judged on the first of each month from {first} to {last} by what was known that day, with today's limits; the "
                "share of all others is {rate}. An unknown condition neither holds nor fails. Limits are dated parameters.",
                first=tr.day(record.first),
                last=tr.day(record.last),
                rate=_rate(tr, record.others),
            )
        )


def _rate(tr: Translator, share: Share) -> str:
    return tr.percent(share.rate) if share.of else "—"


def _interval(tr: Translator, share: Share) -> str:
    low, high = share.interval
    return f"{tr.percent(low)}–{tr.percent(high)}"
