"""Named presets of weights: which one to compare with, keep the sliders as one, put one away."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.matching.ranking.presets import BUILT_IN, Preset, archive_preset, save_preset
from core.store.commands import NotFound, command
from pages import cache
from pages.common.escape import md_escape
from pages.common.query_params import query_param, set_query_param
from pages.common.view import View

__all__ = ["choose", "keep"]


def choose(view: View) -> Preset:
    """The preset that the list is compared with; in the address by key."""
    tr = view.tr
    known = {preset.key: preset for preset in cache.matching.match_presets(view.revision)}
    wanted = query_param("preset", BUILT_IN[0].key)
    key = st.selectbox(
        tr("Preset to compare with"),
        list(known),
        index=list(known).index(wanted) if wanted in known else 0,
        format_func=lambda code: known[code].title(tr) if code in known else "?",
        key="match_preset",
        help=tr("Arrows show how places change against this preset."),
    )
    found = known.get(key, BUILT_IN[0])  # archived meanwhile
    set_query_param("preset", found.key, BUILT_IN[0].key)
    return found


def keep(view: View, preset: Preset, sliders: dict[str, int]) -> None:
    """Keep the sliders as a named preset (an older one of the name is archived), or archive the one shown."""
    tr = view.tr
    built_in = {found.title(tr) for found in BUILT_IN}
    with st.popover(tr("Save as a preset"), icon=":material/bookmark_add:", width="stretch"):
        name = st.text_input(tr("Name of the preset"), max_chars=40, key="match_preset_name")
        reason = st.text_input(tr("Why these weights"), max_chars=200, key="match_preset_reason")
        ready = bool(name.strip()) and any(sliders.values()) and name.strip() not in built_in
        if st.button(tr("Save"), key="match_preset_save", disabled=not ready):
            with command(
                cache.store.database(), actor=str(view.staff), action="save_preset", at=datetime.now(UTC)
            ) as change:
                save_preset(change, name, sliders, reason)
            st.rerun()
        if preset.id is not None and st.button(
            tr("Archive “{name}”", name=md_escape(preset.name)), icon=":material/archive:", key="match_preset_archive"
        ):
            _archive(view, preset.id)


def _archive(view: View, preset: int) -> None:
    try:
        with command(
            cache.store.database(), actor=str(view.staff), action="archive_preset", at=datetime.now(UTC)
        ) as change:
            archive_preset(change, preset)
    except NotFound:
        st.toast(view.tr("Someone changed this meanwhile; look again."))
    st.rerun()
