"""The line above every page: district, as-of day, demonstration badge, revision, who is looking, language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast
from urllib.parse import quote, unquote

import streamlit as st

from core.locale import DEFAULT, LANGUAGES, Translator
from pages import cache
from pages.common import dialogs
from pages.common.escape import md_escape
from pages.common.query_params import query_param, set_query_param
from pages.common.session_keys import Key
from pages.common.view import View
from pages.streamlit_patches.builtin_strings import translate_builtin

__all__ = ["ICON", "LOGO", "STYLE", "language", "show", "staff_box", "staff_name"]

STATIC = Path(__file__).resolve().parents[1] / "static"
ICON = str(STATIC / "icon.png")
STYLE = STATIC / "frame.css"
LOGO = {False: str(STATIC / "logo.svg"), True: str(STATIC / "logo_dark.svg")}
STAFF_COOKIE = "staff"
HEARTBEAT = 2.0  # seconds between looks at the revision


def language() -> str:
    """A code of ``core.locale.LANGUAGES``: the choice of this session, else the address (`?lang=en`), else Chinese.

    Kept in the address unless it is the default.
    """
    code = st.session_state.get(Key.LANGUAGE) or query_param("lang", DEFAULT)
    code = code if code in LANGUAGES else DEFAULT
    set_query_param("lang", code, DEFAULT)
    return code


def staff_name(revision: int) -> str | None:
    """The named colleague who is working: chosen in this session, else remembered by the browser; never in the address.

    A remembered name counts only while it is on the list of active staff.
    """
    if Key.STAFF not in st.session_state:
        remembered = unquote(st.context.cookies.get(STAFF_COOKIE, ""))
        if remembered in cache.store.staff_names(revision):
            st.session_state[Key.STAFF] = remembered
    return cast("str | None", st.session_state.get(Key.STAFF))


def show(view: View) -> None:
    """Draw the line and start the heartbeat that makes open pages live."""
    tr = view.tr
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="header"):
        text = f"**{md_escape(view.district.name(tr.lang))}** · {md_escape(view.district.office(tr.lang))}"
        st.markdown(text, width="content")
        if view.district.demo:
            st.badge(tr("Demonstration data"), color="orange")
        st.space("stretch")
        translate_builtin(tr)  # these three show nothing
        _remember_staff(view.staff)
        _heartbeat(view.revision)
        st.caption(
            tr(
                "{week} · {day} · rev. {n}",
                week=tr.week(view.today),
                day=tr.day(view.today),
                n=view.revision,
            ),
            width="content",
        )
        staff_box(view)
        st.segmented_control(
            tr("Language"),
            list(LANGUAGES),
            default=tr.lang,
            required=True,
            format_func=LANGUAGES.__getitem__,
            key=Key.LANGUAGE,
            label_visibility="collapsed",
        )


def staff_box(view: View) -> None:
    """Who is working: a colleague of the list, or another name."""
    tr: Translator = view.tr
    name = st.selectbox(
        tr("Working as"),
        cache.store.staff_names(view.revision),
        index=None,
        placeholder=tr("Working as …"),
        key=Key.STAFF,
        persist_state="session",
        accept_new_options=True,
        label_visibility="collapsed",
        width=150,
        help=tr("Changes are recorded under this name."),
    )
    if name != view.staff:  # the server was restarted: the browser still holds a name that this run began without
        st.rerun()


def _remember_staff(name: str | None) -> None:
    """Keep the name in a cookie of this site until the browser is closed, so that a reload or a link finds it again."""
    age = "" if name else "; max-age=0"
    cookie = f"{STAFF_COOKIE}={quote(name or '')}; path=/; SameSite=Strict{age}"
    st.html(f"<script>document.cookie = {json.dumps(cookie)}</script>", unsafe_allow_javascript=True, width="content")


@st.fragment(run_every=HEARTBEAT)
def _heartbeat(seen: int) -> None:
    """Run the page again when anyone has changed the data, but not under an open dialog."""
    if cache.store.revision() != seen and not dialogs.is_open():
        st.rerun()
