"""Outlines and label points of communities from a GeoJSON file: checked, shown, stored at once, undone as an import."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core.geography.boundary_chart import outlines_chart
from core.geography.boundary_import import BoundaryPlan, read_geojson
from core.geography.commands import OutlinesRefused, save_outlines
from core.geography.queries import StoredBoundaries
from core.intake.findings import Level
from core.terms import Datum
from pages import cache
from pages.common.charts import show_chart
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.data.preview import show_error_count

__all__ = ["outlines"]


def outlines(view: View) -> None:
    """The file, what is wrong with it, the picture, and the button that stores it."""
    tr = view.tr
    st.caption(
        tr(
            "GeoJSON with a polygon or a point for each community and its 12-digit code as property “code”. "
            "Communities without an outline keep an approximation (Voronoi), cut where it meets an outline of the file."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        datum = st.selectbox(
            tr("Coordinates are in"), list(Datum), format_func=tr.term, key=Key.OUTLINES_DATUM, width=320
        )
        file = st.file_uploader(
            tr("GeoJSON file"), type=["geojson", "json"], key=Key.OUTLINES_FILE, label_visibility="collapsed"
        )
    known = cache.job_map.stored_outlines(view.revision)
    if known.communities.empty:
        st.info(tr("Import the list of communities first."))
        return
    if file is None:
        show_chart(view, outlines_chart(known, {}, tr), tr("Outlines as stored"))
        return
    data = file.getvalue()
    plan = read_geojson(data, datum, known)
    _findings(view, plan)
    if plan.changes:
        show_chart(view, outlines_chart(known, plan.changes, tr), tr("Outlines as stored and as in the file"))
    _store(view, data, file.name, datum, plan, known)


def _findings(view: View, plan: BoundaryPlan) -> None:
    tr = view.tr
    show_error_count(tr, sum(finding.is_error for finding in plan.findings))
    for finding in plan.findings:
        if finding.feature is None and not finding.is_error:
            st.warning(md_escape(finding.message(tr)))
    rows = [finding for finding in plan.findings if finding.feature is not None or finding.is_error]
    if not rows:
        return
    table = pd.DataFrame(
        {
            tr("Feature"): pd.array([finding.feature for finding in rows], dtype="Int64"),
            tr("Community"): [finding.community for finding in rows],
            tr("Severity"): [tr.term(Level.ERROR if finding.is_error else Level.WARNING) for finding in rows],
            tr("Problem and fix"): [finding.message(tr) for finding in rows],
        }
    )
    show_table(view, table, tr("Problems by feature"), height="auto", key=Key.OUTLINES_FINDINGS)


def _store(view: View, data: bytes, name: str, datum: Datum, plan: BoundaryPlan, known: StoredBoundaries) -> None:
    tr = view.tr
    n = len(plan.changes)
    if not n and not plan.findings:
        st.success(tr("Saved: the database matches this file. You can undo it under “Import history”."))
        return
    label = tr.plural("Store {n} community", "Store {n} communities", n)
    if st.button(label, type="primary", disabled=not plan.ready, key=Key.OUTLINES_COMMIT):
        try:
            save_outlines(cache.store.database(), data, name, datum, plan, view.access, datetime.now(UTC))
        except OutlinesRefused:
            st.warning(tr("The data changed meanwhile. Please review it again."))
            return
        st.rerun()
    rest = len(known.communities) - n - plan.same
    if plan.ready and rest:
        st.caption(tr.plural("{n} community is not in the file.", "{n} communities are not in the file.", rest))
