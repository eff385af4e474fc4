"""The line above every page: district, as-of day, demonstration badge, revision, who is looking, language."""

from __future__ import annotations

import json
import random
from pathlib import Path

import streamlit as st

from core.locale import DEFAULT, LANGUAGES, Translator
from pages import cache
from pages.common import dialogs, district_picker, signed_in
from pages.common.escape import md_escape
from pages.common.query_params import query_param, set_query_param
from pages.common.session_keys import Key
from pages.common.view import View
from pages.streamlit_patches.builtin_strings import translate_builtin

__all__ = [
    "DARK_STYLE",
    "ENGLISH_STYLE",
    "ICON",
    "LOGO",
    "STYLE",
    "language",
    "leave",
    "reload",
    "show",
    "sign_out_button",
]

STATIC = Path(__file__).resolve().parents[1] / "static"
ICON = str(STATIC / "icon.png")
STYLE = STATIC / "frame.css"
ENGLISH_STYLE = STATIC / "english.css"
DARK_STYLE = STATIC / "dark.css"
LOGO = {False: str(STATIC / "logo.svg"), True: str(STATIC / "logo_dark.svg")}
HEARTBEAT = (1.7, 2.3)  # seconds between looks at the revision: each session at a pace of its own, so that they spread


def language() -> str:
    """A code of ``core.locale.LANGUAGES``: the choice of this session, else the address (`?lang=en`), else Chinese.

    Kept in the address unless it is the default.
    """
    code = st.session_state.get(Key.LANGUAGE) or query_param("lang", DEFAULT)
    code = code if code in LANGUAGES else DEFAULT
    set_query_param("lang", code, DEFAULT)
    return code


def show(view: View) -> None:
    """Draw the line and start the heartbeat that makes open pages live."""
    tr = view.tr
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=Key.HEADER):
        name, office = (md_escape(text) for text in (view.district.name(tr.lang), view.district.office(tr.lang)))
        if district_picker.show(tr, view.access):
            st.markdown(office, width="content")
        else:
            st.markdown(f"**{name}**" if view.is_handheld else f"**{name}** · {office}", width="content")
        if view.district.mark:
            st.badge(tr(view.district.mark), color="orange")
        st.space("stretch")
        translate_builtin(tr)  # these two show nothing
        pace = st.session_state.setdefault(Key.HEARTBEAT, random.uniform(*HEARTBEAT))
        st.fragment(_heartbeat, run_every=pace)(view.revision)
        st.caption(
            tr(
                "{week} · {day} · rev. {n}",
                week=tr.week(view.today),
                day=tr.day(view.today),
                n=view.revision,
            ),
            width="content",
        )
        _account_menu(view)
        st.segmented_control(
            tr("Language"),
            list(LANGUAGES),
            default=tr.lang,
            required=True,
            format_func=LANGUAGES.__getitem__,
            key=Key.LANGUAGE,
            label_visibility="collapsed",
        )


def _account_menu(view: View) -> None:
    """Who is signed in, and the way out."""
    tr, access = view.tr, view.access
    with st.popover(f"{md_escape(access.name)} · {tr.term(access.role)}", type="tertiary", width="content"):
        if view.district.demo:
            if st.button(tr("Another role"), key=Key.SWITCH_ROLE, type="tertiary"):
                leave("/sign-in")
        elif st.button(tr("Change password"), key=Key.CHANGE_PASSWORD, type="tertiary"):
            leave("/password")
        sign_out_button(tr)


def sign_out_button(tr: Translator) -> None:
    """The way out."""
    if st.button(tr("Sign out"), key=Key.SIGN_OUT, type="tertiary"):
        signed_in.sign_out()
        leave("/sign-in")


def leave(address: str) -> None:
    """Take the browser to an address that is no page of this script."""
    query = "?lang=en" if language() == "en" else ""
    _run(f"location.assign({json.dumps(address + query)})")


def reload() -> None:
    """Ask the server for this page again: without a session that leads to the sign-in page, and back afterwards."""
    _run("location.reload()")


def _run(script: str) -> None:
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True, width="content")


def _heartbeat(seen: int) -> None:
    """Run the page again when anyone has changed the data, but not under an open dialog."""
    if cache.store.revision() != seen and not dialogs.is_open():
        st.rerun()
