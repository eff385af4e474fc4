"""Import of the bureau's sheets and map outlines, import history, templates, parameters, and an empty start."""

from __future__ import annotations

import streamlit as st

from core.intake.sheets import SHEETS
from core.locale import N_
from core.store import settings
from pages import cache
from pages.common.drilldown import show_pending
from pages.common.heading import heading
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.view import View
from pages.data.batches import batches, last_import
from pages.data.boundaries import outlines
from pages.data.parameters import parameters
from pages.data.quality import quality
from pages.data.start_for_real import start_for_real
from pages.data.teach import learnt_words
from pages.data.templates import templates
from pages.data.wizard import wizard

__all__ = ["render"]

SECTIONS = {
    "import": (N_("Import"), wizard),
    "outlines": (N_("Map outlines"), outlines),
    "batches": (N_("Import history"), batches),
    "quality": (N_("Data quality"), quality),
    "templates": (N_("Blank templates"), templates),
    "words": (N_("Learnt words"), learnt_words),
    "parameters": (N_("Legal parameters and thresholds"), parameters),
    "start": (N_("Start with an empty database"), start_for_real),
}


def render(view: View) -> None:
    """One section at a time, chosen at the top and kept in the address (`?part=`)."""
    tr, top = view.tr, st.container()
    part = url_choice(
        st.segmented_control,
        tr("Section"),
        "part",
        list(SECTIONS),
        "import",
        key=Key.DATA_PART,
        required=True,
        format_func=lambda code: tr(SECTIONS[code][0]),
        label_visibility="collapsed",
    )
    with top:
        heading(*_finding(view, part or "import"))
    SECTIONS[part or "import"][1](view)
    show_pending(view)


def _finding(view: View, part: str) -> tuple[str, str]:
    """Title and subtitle: what there is in a section now."""
    tr, revision, today = view.tr, view.revision, view.today
    day = tr.day(today)
    if part == "import":
        return last_import(view), tr(
            "Excel, WPS or CSV files as the office keeps them; you review every change before it is saved, and can undo it."
        )
    if part == "outlines":
        known = cache.job_map.stored_outlines(revision).communities
        stored = int(known["boundary"].notna().sum())
        return tr("{n} of {all} communities have an outline on file", n=stored, all=len(known)), ""
    if part == "batches":
        return last_import(view), ""
    if part == "quality":
        rows = sum(len(result.rows) for result in cache.data.quality(revision, today))
        title = tr("{n} gaps, contradictions and outdated entries in the records", n=tr.number(rows))
        return title, tr("People seeking work or on a welfare post, and open jobs, as of {day}.", day=day)
    if part == "templates":
        return tr("{n} blank templates, one for each sheet", n=len(SHEETS)), ""
    if part == "words":
        words = len(cache.data.learnt_words(revision))
        return tr.plural("{n} word is read as you taught it", "{n} words are read as you taught them", words), ""
    if part == "parameters":
        count = len(settings.PARAMETER_NAMES)
        return tr("{n} legal parameters and thresholds, each valid from a date", n=count), tr("As of {day}.", day=day)
    return tr("Start with an empty database"), ""
