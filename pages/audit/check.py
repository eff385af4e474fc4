"""Verify the log beside the page: in a thread, with progress, until it is done or cancelled."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from core.store.anchors import anchor_file, noted_anchors
from core.store.audit_chain import ChainReport, frozen_anchors, verify_chain
from core.store.database import Database
from core.store.row_check import RowFinding, verify_rows
from pages import cache
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["Check", "checks"]

MOST = 200  # differing rows that are shown


@dataclass
class Check:
    """A check that runs, was cancelled, or is done; written by its thread, read by the page."""

    done: int = 0
    total: int = 1
    report: ChainReport | None = None
    findings: list[RowFinding] = field(default_factory=list)
    with_rows: bool = False
    is_cancelled: bool = False
    error: Exception | None = None
    thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        return self.thread is not None and self.thread.is_alive()

    def progress(self, done: int, total: int) -> bool:
        """Note how far the check is; False once somebody cancelled."""
        self.done, self.total = done, max(total, 1)
        return not self.is_cancelled

    def run(self, db: Database) -> None:
        """The chain with its anchors, then the rows."""
        try:
            with db.read() as connection:
                anchors = [*frozen_anchors(connection), *noted_anchors(anchor_file(db))]
                self.report = verify_chain(connection, db.key, anchors, self.progress)
                if self.with_rows and not self.is_cancelled:
                    for finding in verify_rows(connection, self.progress):
                        self.findings.append(finding)
        except Exception as error:  # said on the page; a thread has nobody else to say it to
            self.error = error


def checks(view: View) -> None:
    """The buttons, the progress, and what came out."""
    tr = view.tr
    st.caption(
        tr(
            "The log is a chain: each event carries the hash of the one before. Verifying it shows whether an event was changed, "
            "added or removed later; verifying the rows too shows whether any row differs from its last event."
        )
    )
    check: Check | None = st.session_state.get(Key.AUDIT_CHECK)
    with st.container(horizontal=True, vertical_alignment="center"):
        is_running = check is not None and check.is_running
        if st.button(tr("Verify the log"), type="primary", disabled=is_running, key=Key.AUDIT_VERIFY):
            _start(with_rows=False)
        if st.button(tr("Verify log and rows"), disabled=is_running, key=Key.AUDIT_VERIFY.of("rows")):
            _start(with_rows=True)
    if is_running:
        _watch(view)
    elif check is not None:
        _outcome(view, check)


def _start(*, with_rows: bool) -> None:
    check = Check(with_rows=with_rows)
    check.thread = threading.Thread(target=check.run, args=(cache.store.database(),), name="audit-check", daemon=True)
    check.thread.start()
    st.session_state[Key.AUDIT_CHECK] = check
    st.rerun()


@st.fragment(run_every=0.5)
def _watch(view: View) -> None:
    tr, check = view.tr, st.session_state[Key.AUDIT_CHECK]
    if not check.is_running:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        text = tr("{n} of {all} events", n=tr.number(check.done), all=tr.number(check.total))
        st.progress(min(check.done / check.total, 1.0), text=text)
        if st.button(tr("Cancel"), key=Key.AUDIT_CANCEL):
            check.is_cancelled = True


def _outcome(view: View, check: Check) -> None:
    tr, report = view.tr, check.report
    if check.error is not None or report is None:
        st.error(tr("The check could not be finished: {kind}", kind=type(check.error).__name__))
        return
    if check.is_cancelled:
        st.info(tr("Cancelled after {n} events.", n=tr.number(check.done)))
        return
    if report.broken is not None:
        st.error(
            tr("Event {n} does not follow from the one before it: one of the two was changed.", n=report.broken),
            icon=":material/gpp_bad:",
        )
    else:
        st.success(
            tr(
                "{n} events, each follows from the one before it. Personal values of {erased} were erased.",
                n=tr.number(report.count),
                erased=tr.number(report.erased),
            ),
            icon=":material/verified_user:",
        )
        _anchors(view, report)
    if check.with_rows:
        _rows(view, check)


def _anchors(view: View, report: ChainReport) -> None:
    tr = view.tr
    lost = [check for check in report.anchors if not check.holds]
    if lost:
        text = tr("{n} anchors do not hold: events noted there are missing from the log.", n=len(lost))
        st.error(text, icon=":material/gpp_bad:")
    show_table(
        view,
        pd.DataFrame(
            {
                tr("Anchor"): [check.anchor.place for check in report.anchors],
                tr("Log entries"): [check.anchor.count for check in report.anchors],
                tr("Hash"): [check.anchor.hash[:12] for check in report.anchors],
                tr("Check"): [
                    tr("● holds") if check.holds else tr("■ missing from the log") for check in report.anchors
                ],
            }
        ),
        tr("Anchors of the log"),
        height="auto",
        placeholder=tr("No week with an anchor was frozen yet."),
    )


def _rows(view: View, check: Check) -> None:
    tr = view.tr
    if not check.findings:
        st.success(tr("Every row of the database is as the log says."), icon=":material/verified_user:")
        return
    text = tr("{n} rows are not as the log says: they were changed past the app.", n=tr.number(len(check.findings)))
    st.error(text, icon=":material/gpp_bad:")
    kinds = {"changed": tr("changed"), "missing": tr("deleted"), "unlogged": tr("added")}
    shown = check.findings[:MOST]
    show_table(
        view,
        pd.DataFrame(
            {
                tr("Table"): [finding.table for finding in shown],
                tr("Row"): [finding.row_id for finding in shown],
                tr("Change"): [kinds[finding.what] for finding in shown],
                tr("Field"): [", ".join(finding.fields) for finding in shown],
            }
        ),
        tr("Rows that differ from the log"),
        height="auto",
    )
