"""Classes of the map stay apart for people with deuteranopia, protanopia or tritanopia, on both grounds, and get darker in order."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from core.job_map.base_style import TONES
from core.job_map.map_view import BETTER, HIDDEN_COLOUR, LAYERS, RAMPS, UNCHANGED, WORSE
from core.job_map.paint import rgb

# Machado, Oliveira & Fernandes 2009, severity 1.0, on linear RGB
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = XYZ @ np.ones(3)
APART = 9.0  # CIE 1976 colour difference: 2.3 is just noticeable side by side
APART_ON_MAP = 8.0
DRAWN = 0.74  # opacity of a community


def lab(colour: str, sight: str) -> np.ndarray:
    """CIE L*a*b* of a colour as a person with ``sight`` sees it."""
    share = np.array(rgb(colour)) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    x, y, z = XYZ @ np.clip(SIGHT[sight] @ linear, 0, 1) / WHITE
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(a: str, b: str, sight: str) -> float:
    return float(np.linalg.norm(lab(a, sight) - lab(b, sight)))


def test_the_differences_meet_a_published_value() -> None:
    assert difference("#FF0000", "#00FF00", "full") == pytest.approx(170.6, abs=0.1)
    assert difference("#FFFFFF", "#000000", "protanopia") == pytest.approx(100, abs=0.1)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("ramp", RAMPS.values(), ids=["teal light", "teal dark", "ochre light", "ochre dark"])
def test_neighbouring_classes_stay_apart(ramp: tuple[str, ...], sight: str) -> None:
    lightness = [lab(colour, sight)[0] for colour in ramp]

    assert min(difference(a, b, sight) for a, b in pairwise(ramp)) > APART
    assert lightness == sorted(lightness) or lightness == sorted(lightness, reverse=True)


def over(colour: str, ground: str) -> str:
    """A colour as it is drawn on the map, where the base shows through."""
    mixed = [round(DRAWN * a + (1 - DRAWN) * b) for a, b in zip(rgb(colour), rgb(ground), strict=True)]
    return "#" + "".join(f"{part:02X}" for part in mixed)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("ground", ["outline", "water"])
def test_neighbouring_classes_stay_apart_on_land_and_on_the_lake(ground: str, sight: str) -> None:
    gaps = [
        difference(over(a, TONES[tone][ground]), over(b, TONES[tone][ground]), sight)
        for (dark, _), ramp in RAMPS.items()
        for tone in ("dark" if dark else "light",)
        for a, b in pairwise(ramp)
    ]

    assert min(gaps) > APART_ON_MAP


@pytest.mark.parametrize("sight", SIGHT)
def test_suppressed_communities_do_not_look_like_a_class(sight: str) -> None:
    gaps = {
        (dark, colour): difference(colour, HIDDEN_COLOUR[dark], sight)
        for (dark, _), ramp in RAMPS.items()
        for colour in ramp
    }

    assert min(gaps.values()) > APART, gaps


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("sight", SIGHT)
def test_every_change_is_told_from_every_other_and_from_a_suppressed_one(sight: str, dark: bool) -> None:
    colours = [*BETTER[dark], *WORSE[dark], UNCHANGED[dark], HIDDEN_COLOUR[dark]]
    gaps = {(a, b): difference(a, b, sight) for a, b in combinations(colours, 2)}

    assert min(gaps.values()) > APART, min(gaps, key=gaps.__getitem__)


def test_layers_differ_in_shape_as_well_as_in_colour() -> None:
    assert len({layer.symbol for layer in LAYERS.values()}) == len(LAYERS)
