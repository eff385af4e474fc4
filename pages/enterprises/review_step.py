"""What the parts of a review round share: a step as a command, its panel, its conflicts of interest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from core.enterprises.round_commands import REFUSALS, Refused
from core.store.commands import Conflict, command
from pages import cache
from pages.common.view import View

__all__ = ["act", "excluded", "panel"]


def act(view: View, step: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    """Run ``step(change, …)`` as a command in the name of the person, or show why it was refused; then run the page again."""
    tr = view.tr
    assert view.staff is not None
    action, at = f"review_{step.__name__}", datetime.now(UTC)
    try:
        with command(cache.store.database(), actor=view.staff, action=action, at=at) as change:
            step(change, *arguments, **options)
    except Refused as refused:
        st.error(tr(REFUSALS[refused.code], n=cache.enterprises.rules(view.revision, view.today).min_judges))
    except Conflict:
        st.error(tr("Someone changed this meanwhile; look again."))
    else:
        st.rerun()


def panel(view: View, round_id: int) -> list[str]:
    """The judges of a round."""
    judges = cache.enterprises.judges(view.revision)
    return [str(j) for j in judges.loc[judges["round_id"] == round_id, "judge"]]


def excluded(view: View) -> dict[int, dict[str, str]]:
    """By case: judge → reason of the conflict of interest."""
    found: dict[int, dict[str, str]] = {}
    for row in cache.enterprises.exclusions(view.revision).itertuples():
        found.setdefault(int(row.case_id), {})[str(row.judge)] = str(row.reason)
    return found
