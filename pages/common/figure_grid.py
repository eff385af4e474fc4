"""The published figures beside ours, each part a button that opens its rows."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.indicators.article import FIGURES, ComputedFigure, Figure
from pages import cache
from pages.common.drilldown import open_rows
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["figure_grid"]

CARDS = 2  # side by side


def figure_grid(view: View, *, definitions: bool) -> None:
    """All figures: in cards with their definitions, or a line each."""
    parts = cache.overview.figures(view.revision, view.today)
    if definitions:
        for start in range(0, len(FIGURES), CARDS):
            for column, figure in zip(st.columns(CARDS), FIGURES[start : start + CARDS], strict=False):
                with column:
                    _card(view, figure, parts[figure.code])
        return
    half = (len(FIGURES) + 1) // 2
    for column, figures in zip(st.columns(2, gap="large"), (FIGURES[:half], FIGURES[half:]), strict=True):
        with column.container(gap="xsmall"):
            for figure in figures:
                _line(view, figure, parts[figure.code])


def _line(view: View, figure: Figure, parts: Sequence[ComputedFigure]) -> None:
    tr = view.tr
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        published = tr("published: {figure}", figure=figure.published.replace("~", "≈"))
        st.markdown(f"**{tr(figure.name)}** :small[:gray[{published}]]", width="content")
        _parts(view, figure, parts, "line")


def _card(view: View, figure: Figure, parts: Sequence[ComputedFigure]) -> None:
    tr = view.tr
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.markdown(f"**{tr(figure.name)}**")
        published = tr("published: {figure}", figure=figure.published.replace("~", "≈"))
        st.caption(f"{figure.code} · {published}")
        st.caption(tr(figure.definition))
        with st.container(horizontal=True, gap="small"):
            _parts(view, figure, parts, "card")


def _parts(view: View, figure: Figure, parts: Sequence[ComputedFigure], kind: str) -> None:
    for number, computed in enumerate(parts):
        _part(view, figure, computed, Key.FIGURE.of(figure.code, number, kind))


def _part(view: View, figure: Figure, computed: ComputedFigure, key: str) -> None:
    tr, part = view.tr, computed.part
    title = " · ".join(dict.fromkeys([tr(figure.name), tr(part.label)]))  # once where a figure is its only part
    st.button(
        f"**{part.text(tr, computed.value)}** {tr(part.label)}",
        key=key,
        type="tertiary",
        help=tr("Open the rows"),
        on_click=lambda: open_rows(title, tr(figure.definition), computed.rows),
    )
