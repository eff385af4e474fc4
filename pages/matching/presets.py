"""Named presets of weights: which one to compare with; save the sliders as one, archive one."""

from __future__ import annotations

import streamlit as st

from core.matching.ranking.presets import BUILT_IN, Preset, archive_preset, save_preset
from core.policy import Action
from pages import cache
from pages.common.escape import md_escape
from pages.common.query_params import url_choice
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["choose", "save_form"]


def choose(view: View) -> Preset:
    """The preset that the list is compared with; in the address by key."""
    tr = view.tr
    by_key = {preset.key: preset for preset in cache.matching.presets(view.revision)}
    key = url_choice(
        st.selectbox,
        tr("Preset to compare with"),
        "preset",
        list(by_key),
        BUILT_IN[0].key,
        key=Key.MATCH_PRESET,
        format_func=lambda code: by_key[code].title(tr) if code in by_key else "?",
        help=tr("Arrows show how places change against this preset."),
    )
    return by_key.get(key or "", BUILT_IN[0])


def save_form(view: View, preset: Preset, sliders: dict[str, int]) -> None:
    """Save the sliders as a named preset (an older one of the name is archived), or archive ``preset``."""
    tr = view.tr
    box = st.popover(
        tr("Save as a preset"),
        icon=":material/bookmark_add:",
        width="stretch",
        key=Key.PRESET_BOX,
        on_change="rerun",
    )
    if not box.open:
        return
    built_in = {each.title(tr) for each in BUILT_IN}
    with box:
        name = st.text_input(tr("Name of the preset"), **at_most(tr, 40), key=Key.PRESET_NAME, persist_state="page")
        reason = st.text_input(tr("Why these weights"), **at_most(tr, 200), key=Key.PRESET_REASON, persist_state="page")
        ready = bool(name.strip()) and any(sliders.values()) and name.strip() not in built_in
        if st.button(tr("Save"), key=Key.PRESET_SAVE, disabled=not ready):
            save(view, Action.SAVE_PRESET, lambda change: save_preset(change, name, sliders, reason))
        if preset.id is not None and st.button(
            tr("Archive “{name}”", name=md_escape(preset.name)), icon=":material/archive:", key=Key.PRESET_ARCHIVE
        ):
            number = preset.id
            save(
                view,
                Action.ARCHIVE_PRESET,
                lambda change: archive_preset(change, number),
                tr("The preset is archived."),
            )
