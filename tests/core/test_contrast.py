"""Contrast of the palette on both themes (WCAG 2.2: marks 3:1, text 4.5:1), and no coloured text among the marks."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from core import palette
from core.chart_style import ACCENT
from core.enterprises.figures import SOURCES
from core.indicators.figures import SIGNAL_DOWN, SIGNAL_UP
from core.job_map.map_view import LAYERS
from core.job_map.paint import rgb
from core.job_map.static_map import INK as MAP_INK
from core.people.figures import EVIDENCE_ON_DARK, EVIDENCE_SHADES
from core.store.database import ROOT
from core.workshops.figures import CAPACITY, SCENARIO
from pages.common.charts import INK

THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
PAPER = {dark: THEMES["dark" if dark else "light"]["backgroundColor"] for dark in (False, True)}
MARKS = {
    "seekers": palette.SEEKERS,
    "openings": palette.OPENINGS,
    "context": palette.CONTEXT,
    "accent": ACCENT,
    "signal up": SIGNAL_UP,
    "signal down": SIGNAL_DOWN,
    "capacity": CAPACITY,
    "scenario": SCENARIO,
    **{f"light {light.value}": colour for light, colour in palette.LIGHTS.items()},
    **{f"cohort {n}": colour for n, colour in enumerate(palette.COHORTS)},
    **{f"source {source.value}": colour for source, (colour, _) in SOURCES.items()},
}


def luminance(colour: str) -> float:
    share = np.array(rgb(colour)) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_the_extremes() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)  # the lightest grey that passes as text


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", MARKS)
def test_marks_read_on_both_themes(name: str, dark: bool) -> None:
    assert contrast(MARKS[name], PAPER[dark]) >= 3


@pytest.mark.parametrize(
    ("shades", "dark"),
    [
        (palette.POSTS, False),
        (palette.POSTS_ON_DARK, True),
        (palette.TIERS, False),
        (palette.TIERS_ON_DARK, True),
        (dict(enumerate(EVIDENCE_SHADES)), False),
        (dict(enumerate(EVIDENCE_ON_DARK)), True),
    ],
)
def test_the_highest_of_ordered_shades_stands_out_most(shades: Mapping[object, str], dark: bool) -> None:
    from_the_ground = [contrast(shade, PAPER[dark]) for shade in shades.values()]

    assert max(from_the_ground) == from_the_ground[-1] >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("layer", LAYERS)
def test_symbols_of_the_map_read_on_their_theme(layer: str, dark: bool) -> None:
    assert contrast(LAYERS[layer].colour[dark], PAPER[dark]) >= 3


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_reads_on_its_theme(dark: bool) -> None:
    theme = THEMES["dark" if dark else "light"]
    for ink in (INK[dark], MAP_INK[dark], theme["textColor"], theme["linkColor"]):
        assert contrast(ink, PAPER[dark]) >= 4.5
        assert contrast(ink, theme["secondaryBackgroundColor"]) >= 4.5


def coloured_texts(path: Path) -> list[str]:
    """Calls of ``mark_text`` with a colour that is not the ink of the theme."""
    return [
        f"{path.name}:{call.lineno}"
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "mark_text"
        for keyword in call.keywords
        if keyword.arg == "color" and "INK" not in ast.unparse(keyword.value)
    ]


def test_text_among_the_marks_has_the_ink_of_the_theme() -> None:
    assert [place for path in (ROOT / "core").rglob("*.py") for place in coloured_texts(path)] == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("light", palette.LIGHTS.values())
def test_text_reads_on_the_ground_of_a_light(light: str, dark: bool) -> None:
    ground = palette.DARK_GROUND if dark else palette.LIGHT_GROUND

    assert ground == PAPER[dark]
    assert contrast(palette.tint(light, ground), INK[dark]) >= 4.5
