"""The published figures beside ours, each part a button that opens its rows."""

from __future__ import annotations

import streamlit as st

from core.indicators.article import FIGURES, ComputedFigure, Figure
from pages import cache
from pages.common.drilldown import open_rows
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["figure_grid"]


def figure_grid(view: View, *, definitions: bool) -> None:
    """All figures in a grid of cards; with their definitions, or compact."""
    per_row = 2 if definitions else 5
    for start in range(0, len(FIGURES), per_row):
        for column, figure in zip(st.columns(per_row), FIGURES[start : start + per_row], strict=False):
            with column:
                _card(view, figure, definitions=definitions)


def _card(view: View, figure: Figure, *, definitions: bool) -> None:
    tr = view.tr
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.markdown(f"**{tr(figure.name)}**")
        published = tr("published: {figure}", figure=figure.published.replace("~", "≈"))
        st.caption(f"{figure.code} · {published}" if definitions else published)
        if definitions:
            st.caption(tr(figure.definition))
        with st.container(horizontal=True, gap="small"):
            for number, computed in enumerate(cache.overview.figures(view.revision, view.today)[figure.code]):
                _part(view, figure, computed, f"{figure.code}_{number}_{definitions}")


def _part(view: View, figure: Figure, computed: ComputedFigure, key: str) -> None:
    tr, part = view.tr, computed.part
    st.button(
        f"**{part.text(tr, computed.value)}** {tr(part.label)}",
        key=Key.FIGURE.of(key),
        type="tertiary",
        help=tr("Open the rows"),
        on_click=lambda: open_rows(f"{tr(figure.name)} · {tr(part.label)}", tr(figure.definition), computed.rows),
    )
