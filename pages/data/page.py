"""Import of the bureau's sheets and map outlines, import history, templates, parameters, and an empty start."""

from __future__ import annotations

import streamlit as st

from core.intake.sheets import SHEETS
from core.locale import N_
from core.policy import Action
from core.store import settings
from pages import cache
from pages.common.drilldown import show_pending
from pages.common.heading import heading
from pages.common.query_params import url_choice
from pages.common.session_keys import Key
from pages.common.view import View
from pages.data.batches import batches, last_import
from pages.data.boundaries import outlines
from pages.data.exports import exports
from pages.data.parameters import parameters
from pages.data.quality import quality
from pages.data.rules import rules
from pages.data.start_for_real import start_for_real
from pages.data.teach import learnt_words
from pages.data.templates import templates
from pages.data.wizard import wizard

__all__ = ["render"]

# Code in the address: title, what it draws, what one must be allowed to do to see it.
SECTIONS = {
    "import": (N_("Import"), wizard, Action.IMPORT),
    "outlines": (N_("Map outlines"), outlines, Action.IMPORT),
    "batches": (N_("Import history"), batches, Action.UNDO_IMPORT),
    "quality": (N_("Data quality"), quality, Action.READ_QUALITY),
    "templates": (N_("Blank templates"), templates, Action.TAKE_TEMPLATE),
    "words": (N_("Learnt words"), learnt_words, Action.LEARN_WORD),
    "parameters": (N_("Legal parameters and thresholds"), parameters, Action.SAVE_PARAMETER),
    "exports": (N_("Register of exports"), exports, Action.READ_EXPORTS),
    "rules": (N_("Who may do what"), rules, Action.READ_RULES),
    "start": (N_("Start with an empty database"), start_for_real, Action.EMPTY),
}


def render(view: View) -> None:
    """One section at a time, of those that the role includes, chosen at the top and kept in the address (`?part=`)."""
    tr, top = view.tr, st.container()
    offered = [code for code, (_, _, action) in SECTIONS.items() if view.may(action)]
    part = url_choice(
        st.segmented_control,
        tr("Section"),
        "part",
        offered,
        offered[0],
        key=Key.DATA_PART,
        required=True,
        format_func=lambda code: tr(SECTIONS[code][0]),
        label_visibility="collapsed",
    )
    with top:
        heading(*_finding(view, part or offered[0]))
    SECTIONS[part or offered[0]][1](view)
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
    if part == "exports":
        taken = len(cache.data.exports())
        return tr.plural("{n} file was downloaded", "{n} files were downloaded", taken), ""
    if part == "rules":
        return tr("Who may do what, and sees what"), tr("What no table allows is refused.")
    if part == "parameters":
        count = len(settings.PARAMETER_NAMES)
        return tr("{n} legal parameters and thresholds, each valid from a date", n=count), tr("As of {day}.", day=day)
    return tr("Start with an empty database"), ""
