"""What must I do today, and whom do I let down if I don't? Due work, what keeps people back, and the landing after a post."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.locale import N_
from core.policy import Action
from pages.common.heading import empty_state, heading
from pages.common.query_params import url_part
from pages.common.session_keys import Key
from pages.common.view import View
from pages.tasks import blocked, due_list, landing, radar, visiting_round

__all__ = ["render"]

# code in the address: label, what it draws; each writes the page's title into the container that it is given
PARTS: dict[str, tuple[str, Callable[[View, st.delta_generator.DeltaGenerator], None]]] = {
    "due": (N_("Due work"), due_list.show),
    "round": (N_("Visiting round"), visiting_round.show),
    "radar": (N_("Exit radar"), radar.show),
    "blocked": (N_("What keeps people back"), blocked.show),
    "landing": (N_("Before a post ends"), landing.show),
}


def render(view: View) -> None:
    """One of the parts under its finding."""
    tr = view.tr
    if view.is_empty:
        heading(tr("Due work"))
        empty_state(
            tr,
            tr(
                "This page lists what is due today: visits, plans, answers, follow-ups; and the change that opens work."
            ),
        )
    top = st.container()
    parts = [code for code in PARTS if code != "round" or view.may(Action.MAKE_ROUND)]
    part = url_part(tr("Part"), {code: tr(PARTS[code][0]) for code in parts}, key=Key.TASKS_PART)
    PARTS[part][1](view, top)
