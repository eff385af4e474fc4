"""Forms that survive a restart of the server or a lost connection: what is typed is kept an hour under the person's name.

    draft = Draft(view, f"visit:{person_id}")
    draft.begin({"on": view.today, "mode": VisitMode.DOOR, "needs": ""})     # once, when the form opens
    needs = st.text_area("Needs", **draft.field("needs"))                    # any widget; not inside st.form
    if st.button("Save"): …; draft.end()

A widget inside ``st.form`` tells the server nothing before it is submitted, so these forms are plain widgets in a fragment
or a dialog: a field is kept when it is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any

import numpy as np
import streamlit as st

from core.store.drafts import drop_draft, keep_draft, stored_draft
from core.terms import Term
from pages import cache
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["Draft"]


class Draft:
    """The fields of one form, of one person, about one row (``form``: 'visit:17')."""

    def __init__(self, view: View, form: str) -> None:
        self.view = view
        self.form = form
        self.owner = view.access.name

    def begin(self, start: Mapping[str, Any], types: Mapping[str, type] = MappingProxyType({})) -> None:
        """Fill the fields with the kept draft, else with ``start``; its types are those of the fields.

        ``types``: of fields that start open, or that hold a list.
        """
        with cache.store.database().read() as connection:
            kept = stored_draft(connection, self.owner, self.form, datetime.now(UTC))
        known = kept.content if kept is not None else {}
        st.session_state[self._key("fields")] = list(start)
        st.session_state[self._key("since")] = kept.saved_at if kept is not None else None
        for name, value in start.items():
            kind = types.get(name, type(value))
            st.session_state[self._key("", name)] = _typed(known[name], kind) if name in known else value

    @property
    def has_begun(self) -> bool:
        """Whether this session has every field: not after a restart, nor when the form was out of sight for a run."""
        names = st.session_state.get(self._key("fields"))
        return names is not None and all(self._key("", name) in st.session_state for name in names)

    def field(self, name: str) -> dict[str, Any]:
        """The arguments of the widget of a field."""
        return {"key": self._key("", name), "on_change": self._keep}

    def notice(self) -> None:
        """Say that the form holds what was typed earlier, with a way to begin anew."""
        tr, since = self.view.tr, st.session_state.get(self._key("since"))
        if since is None:
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(tr("Restored what you typed at {time}.", time=tr.time(since)), width="content")
            if st.button(tr("Start over"), type="tertiary", key=self._key("drop")):
                self.end()
                st.rerun(scope="fragment")

    def end(self) -> None:
        """The form was saved or given up: forget the draft and its fields."""
        drop_draft(cache.store.database(), self.owner, self.form)
        for name in st.session_state.pop(self._key("fields"), []):
            st.session_state.pop(self._key("", name), None)
        st.session_state.pop(self._key("since"), None)

    def _keep(self) -> None:
        names = st.session_state.get(self._key("fields"), [])
        if not names:  # a field that was left while the form was being saved
            return
        content = {name: _plain(st.session_state.get(self._key("", name))) for name in names}
        keep_draft(cache.store.database(), self.owner, self.form, content, datetime.now(UTC))

    def _key(self, part: str, name: str = "") -> str:
        return Key.DRAFT.of(self.form, part, name)


def _plain(value: Any) -> Any:
    if isinstance(value, Term):
        return value.value
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):  # an option that came from a frame
        return value.item()
    return value.isoformat() if isinstance(value, date | time) else value


def _typed(kept: Any, kind: type) -> Any:
    """A kept value as the widget has it."""
    if kept is None:
        return None
    if isinstance(kept, list):
        return [_typed(part, kind) for part in kept]
    if issubclass(kind, Term):
        return kind.of(kept)
    return kind.fromisoformat(kept) if issubclass(kind, date | time) else kept
