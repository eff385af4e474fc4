"""Freeze the week that ended, or a corrected revision; the frozen weeks, whether each is as it was sealed, and why."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core.dispatch import weeks
from core.dispatch.commands import AlreadyFrozen, WeekNotOver, freeze
from core.dispatch.frozen_week import last_sunday, week_end, week_of
from core.locale import N_
from core.policy import Action
from pages import cache
from pages.common.links import address
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["freeze_box", "revisions"]

FIRST = (N_("Week"), N_("Check"), N_("Open"))  # on a phone


def freeze_box(view: View) -> None:
    """The button that freezes the last week that ended, while it is not frozen."""
    tr = view.tr
    if not view.may(Action.FREEZE_WEEK):
        return
    last = last_sunday(view.today)
    iso_week = week_of(last)
    if weeks.find(cache.meeting.headers(view.revision), iso_week) is not None:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(
            tr("{week} has ended and is not frozen. Its figures still change with every entry.", week=tr.week(last))
        )
        st.space("stretch")
        if st.button(tr("Freeze {week}", week=tr.week(last)), key=Key.MEETING_FREEZE, type="primary"):
            _freeze(view, iso_week, None)


def revisions(view: View) -> None:
    """Every frozen revision with its seal; a correction of one with a reason."""
    tr, headers = view.tr, cache.meeting.headers(view.revision)
    broken = {(b.iso_week, b.rev): b.what for b in cache.meeting.broken(view.revision)}
    words = {"content": tr("■ content was changed after freezing"), "order": tr("■ its place in the chain was changed")}
    if broken:
        st.error(
            tr(
                "{n} frozen revisions are not as they were sealed: {names}",
                n=len(broken),
                names=tr.join(f"{week} · {rev}" for week, rev in broken),
            ),
            icon=":material/gpp_bad:",
        )
    else:
        st.caption(tr("All {n} frozen revisions are as they were sealed.", n=len(headers)))
    show_table(
        view,
        pd.DataFrame(
            {
                tr("Week"): [tr.week(week_end(header.iso_week)) for header in headers],
                tr("Revision"): [header.rev for header in headers],
                tr("As of"): [tr.day(header.as_of) for header in headers],
                tr("Frozen"): [tr.time(header.frozen_at) for header in headers],
                tr("By"): [header.frozen_by for header in headers],
                tr("Reason"): [header.reason or "" for header in headers],
                tr("Metrics"): [header.metric_version for header in headers],
                tr("Seal"): [header.seal[:12] for header in headers],
                tr("Check"): [
                    words[broken[(h.iso_week, h.rev)]] if (h.iso_week, h.rev) in broken else tr("● as sealed")
                    for h in headers
                ],
                tr("Open"): [address(view, "meeting", week=h.iso_week, rev=h.rev) for h in headers],
            }
        ),
        tr("Frozen weeks"),
        first=FIRST,
        config={tr("Open"): st.column_config.LinkColumn(display_text=tr("Open"))},
        placeholder="",
    )
    _correction(view)


def _correction(view: View) -> None:
    if not view.may(Action.FREEZE_WEEK):
        return
    tr = view.tr
    frozen = {header.iso_week: header for header in weeks.current(cache.meeting.headers(view.revision))}
    with st.expander(tr("Freeze a corrected revision")):
        st.caption(tr("The former revision stays readable. State why the figures are frozen anew."))
        with st.form(Key.MEETING_REASON.of("form"), border=False):
            iso_week = st.selectbox(tr("Week"), list(frozen), format_func=lambda week: tr.week(week_end(week)))
            reason = st.text_input(tr("Reason"), **at_most(tr, 200))
            if not st.form_submit_button(tr("Freeze again")):
                return
        if not reason.strip():
            st.error(tr("A correction needs a reason."))
            return
        _freeze(view, str(iso_week), reason)


def _freeze(view: View, iso_week: str, reason: str | None) -> None:
    tr = view.tr
    try:
        with st.spinner(tr("Freezing {week} …", week=tr.week(week_end(iso_week)))):
            freeze(
                cache.store.database(),
                iso_week,
                today=view.today,
                actor=view.access,
                at=datetime.now(UTC),
                reason=reason,
            )
    except WeekNotOver:
        st.error(tr("{week} has not ended yet: it can be frozen from its Sunday on.", week=tr.week(week_end(iso_week))))
    except AlreadyFrozen:
        st.error(tr("{week} was frozen by somebody else meanwhile.", week=tr.week(week_end(iso_week))))
    else:
        st.query_params.pop("rev", None)
        st.rerun()
