"""How the documents and the meeting page look: one colour for each meaning, inks, the classes of a map."""

from __future__ import annotations

from core import palette
from core.dispatch.slide_model import Meaning
from core.terms import Light

__all__ = [
    "COLOURS",
    "DOCUMENT_FONT",
    "FADED",
    "GRID",
    "INK",
    "PAPER",
    "SHADE",
    "TARGET",
    "UNKNOWN",
    "colour",
    "ink_on",
    "light_of",
    "meaning_of",
    "ramp",
]

DOCUMENT_FONT = "Microsoft YaHei"  # Office on Windows has it; WPS and LibreOffice replace it by Noto or Source Han Sans
INK = {False: "#1E2328", True: "#E8EBEE"}  # text and target lines, by dark or not
FADED = {False: "#5C6670", True: "#A9B2BA"}  # secondary text
GRID = {False: "#D9DEE2", True: "#3A424A"}
SHADE = {False: "#F1F4F6", True: "#1B2129"}  # behind the heads of tables
PAPER = {False: "#FFFFFF", True: "#0E1117"}
UNKNOWN = {False: "#EEF0F2", True: "#20262D"}  # map areas without a class
TARGET = INK
# Every meaning but TARGET, whose line has the ink of the theme. All read on white and on dark.
COLOURS = {
    Meaning.CONTEXT: palette.CONTEXT,
    Meaning.MAIN: "#4A80BF",
    Meaning.SECOND: "#B65FA8",
    Meaning.SUPPLY: palette.OPENINGS,
    Meaning.DEMAND: palette.SEEKERS,
    **{Meaning(light.value): shade for light, shade in palette.LIGHTS.items()},
}
# One hue from little to much: light → dark, on the dark theme dark → light.
RAMP = {False: ("#DDECEF", "#6FB3BD", "#0F5661"), True: ("#1F3A42", "#2F7B87", "#8AD7E2")}


def colour(meaning: Meaning, is_dark: bool = False) -> str:
    """The colour of a meaning, '#RRGGBB'."""
    return TARGET[is_dark] if meaning is Meaning.TARGET else COLOURS[meaning]


def light_of(meaning: Meaning) -> Light | None:
    """The light that a meaning is, with its shape and word; None for the others."""
    return Light.of(meaning.value) if meaning in (Meaning.GREEN, Meaning.YELLOW, Meaning.RED) else None


def meaning_of(light: Light) -> Meaning:
    """The meaning whose colour a light has."""
    return Meaning(light.value)


def ramp(count: int, is_dark: bool = False) -> tuple[str, ...]:
    """``count`` colours of one hue for the classes of a map, from little to much."""
    return tuple(_between(RAMP[is_dark], nth / max(count - 1, 1) if count > 1 else 0.5) for nth in range(count))


def ink_on(fill: str) -> str:
    """Black or white, whichever reads better on ``fill`` ('#RRGGBB'); relative luminance of WCAG 2.2."""
    shares = [int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    is_dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179
    return "#FFFFFF" if is_dark else INK[False]


def _between(stops: tuple[str, str, str], at: float) -> str:
    low, high, share = (stops[0], stops[1], 2 * at) if at <= 0.5 else (stops[1], stops[2], 2 * at - 1)
    parts = [(int(low[i : i + 2], 16), int(high[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in parts)
