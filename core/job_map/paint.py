"""Colours and coordinates of deck.gl layers that keep their look while Streamlit dims what is not selected."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pydeck

from core.geography.plane import Floats
from core.job_map.map_view import MapView
from core.palette import FONT

__all__ = [
    "FADE_PROOF",
    "INK",
    "PAPER",
    "SOLID",
    "degrees",
    "flat",
    "indexed",
    "opacity",
    "rgb",
    "steady",
    "text_layer",
]

FADE_PROOF = 102  # alpha that a selection leaves alone: Streamlit dims unselected objects to it, never below
SOLID = 255
INK = {False: [31, 41, 51], True: [242, 244, 245]}
PAPER = {False: [255, 255, 255], True: [14, 17, 23]}


def degrees(map_view: MapView, xy: Floats) -> list[Any]:
    """Metres → [longitude, latitude] to 1e-5 degrees (a metre)."""
    positions: list[Any] = np.round(map_view.snapshot.plane.lonlat(xy), 5).tolist()
    return positions


def rgb(colour: str) -> list[int]:
    """'#1B7F8C' → [27, 127, 140]."""
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def indexed(colours: Iterable[list[int]], alpha: int = FADE_PROOF) -> str:
    """An accessor that looks up field ``c`` of a row; parentheses are needed by the expression parser."""
    return f"({json.dumps([[*c, alpha] for c in colours], separators=(',', ':'))})[c]"


def steady(colour: list[int]) -> dict[str, Any]:
    """Arguments of a TextLayer whose letters keep their colour while something is selected.

    Streamlit dims ``getColor`` of a layer that has one; the sub-layer of characters gets the colour directly.
    """
    return {"_subLayerProps": {"characters": {"getColor": colour}}}


def opacity(alpha: float, drawn: int = FADE_PROOF) -> float:
    """Layer opacity at which an accessor of alpha ``drawn`` shows as ``alpha`` (deck.gl applies a gamma of 2.2)."""
    return round(float((alpha * 255 / drawn) ** 2.2), 3)


def text_layer(map_view: MapView, rows: list[dict[str, Any]], id: str, **options: Any) -> pydeck.Layer:  # noqa: A002  (deck.gl's name)
    """Texts ``n`` at ``p`` with letters ``s`` metres high, so that what is clear of each other once is so at any zoom."""
    return pydeck.Layer(
        "TextLayer",
        rows,
        id=id,
        get_position="p",
        get_text="n",
        get_size="s",
        size_units="'meters'",
        **steady(INK[map_view.dark]),
        character_set="'auto'",
        font_family=f"'{FONT}'",
        pickable=False,
        **options,
    )


def flat(rings: list[Any]) -> list[Any]:
    """A polygon without holes as its ring alone."""
    return list(rings[0]) if len(rings) == 1 else rings
