"""Decks among the messages of a window, and where a community is on the screen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

__all__ = ["decks", "pixel", "press"]

HOLD = 60  # milliseconds that a finger rests


def decks(frames: Iterable[bytes]) -> list[tuple[int, dict[str, Any]]]:
    """(bytes, deck) of every deck among the messages."""
    all_decks = []
    for frame in frames:
        for match in re.finditer(rb'\{"initialViewState"', frame):
            text = frame[match.start() :].decode("utf-8", "ignore")
            deck, end = json.JSONDecoder().raw_decode(text)
            all_decks.append((len(text[:end].encode()), deck))
    return all_decks


def pixel(page: Page, deck: dict[str, Any], name: str) -> tuple[float, float]:
    """Where the label of a community is on the screen (Web Mercator around the middle of the canvas)."""
    view = deck["initialViewState"]
    labels = next(layer for layer in deck["layers"] if layer["id"] == "label")["data"]
    lon, lat = next(row["p"] for row in labels if row["n"].replace("\n", "").startswith(name))
    scale = 512 * 2 ** view["zoom"]

    def north(degrees: float) -> float:
        return float(np.log(np.tan(np.pi / 4 + np.radians(degrees) / 2)))

    box = page.locator("[data-testid=stDeckGlJsonChart] canvas").first.bounding_box()
    assert box is not None
    x = box["x"] + box["width"] / 2 + scale * (lon - view["longitude"]) / 360
    y = box["y"] + box["height"] / 2 - scale * (north(lat) - north(view["latitude"])) / (2 * np.pi)
    return x, y


def press(page: Page, x: float, y: float, name: str) -> None:
    """Click on the map as a hand does it: move, rest, press, release; again if the page was too busy to notice.

    Done once the panel's heading says ``name``. A second click on a selected community would deselect it, so the
    heading is looked at once more before each.
    """
    heading = page.locator("[role=tabpanel] h3", has_text=name)
    for _ in range(4):
        page.mouse.move(x - 8, y - 8)
        page.mouse.move(x, y, steps=5)
        page.wait_for_timeout(800)
        if heading.is_visible():
            return
        page.mouse.down()
        page.wait_for_timeout(HOLD)
        page.mouse.up()
        try:
            heading.wait_for(timeout=12_000)
            return
        except PlaywrightTimeout:
            continue
    raise AssertionError(f"no click on {name} was noticed")
