"""A sheet of SVG: marks and texts with a place, escaped; no scripts, no references to anything outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.dispatch.exports import style
from core.dispatch.exports.text_width import LINE
from core.palette import FONT
from core.paper import clean
from core.terms import Light

__all__ = ["Svg"]

Point = tuple[float, float]
ASCENT = 0.36  # ems from the middle of a line of text down to its base line


@dataclass
class Svg:
    """Marks in drawing order. Lengths in user units; ``size`` of type is its em; texts are placed by their middle."""

    width: float
    height: float
    is_dark: bool
    parts: list[str] = field(default_factory=list)
    is_whole: bool = True  # False as soon as a text was cut or set smaller than it should be

    @property
    def ink(self) -> str:
        return style.INK[self.is_dark]

    @property
    def faded(self) -> str:
        return style.FADED[self.is_dark]

    @property
    def grid(self) -> str:
        return style.GRID[self.is_dark]

    @property
    def paper(self) -> str:
        return style.PAPER[self.is_dark]

    def rect(self, x: float, y: float, width: float, height: float, fill: str, stroke: str = "none") -> None:
        """A rectangle."""
        self.parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" height="{_n(max(height, 0))}" fill="{fill}" '
            f'stroke="{stroke}"/>'
        )

    def line(self, points: Sequence[Point], stroke: str, width: float, *, is_dashed: bool = False) -> None:
        """A line through ``points``."""
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        dash = ' stroke-dasharray="9 7"' if is_dashed else ""
        self.parts.append(
            f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{_n(width)}" '
            f'stroke-linejoin="round" stroke-linecap="{"butt" if is_dashed else "round"}"{dash}/>'
        )

    def area(self, rings: Sequence[Sequence[Point]], fill: str, stroke: str) -> None:
        """A shape with holes (even–odd)."""
        path = " ".join("M" + " ".join(f"{_n(x)},{_n(y)}" for x, y in ring) + "Z" for ring in rings)
        self.parts.append(
            f'<path d="{path}" fill="{fill}" stroke="{stroke}" stroke-width="2" stroke-linejoin="round" '
            'fill-rule="evenodd"/>'
        )

    def dot(self, x: float, y: float, radius: float, fill: str) -> None:
        """A filled circle with a rim of the background."""
        self.parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{self.paper}" stroke-width="2"/>'
        )

    def shape(self, x: float, y: float, light: Light, size: float) -> None:
        """The mark of a light around (x, y): circle, triangle or square, drawn so that no font is needed."""
        fill, half = style.COLOURS[style.meaning_of(light)], size * 0.36
        if light is Light.GREEN:
            self.parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(half)}" fill="{fill}"/>')
        elif light is Light.YELLOW:
            corners = f"{_n(x)},{_n(y - half)} {_n(x + half * 1.1)},{_n(y + half)} {_n(x - half * 1.1)},{_n(y + half)}"
            self.parts.append(f'<polygon points="{corners}" fill="{fill}"/>')
        else:
            self.rect(x - half * 0.9, y - half * 0.9, half * 1.8, half * 1.8, fill)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        anchor: str = "start",
        fill: str = "",
        is_bold: bool = False,
        halo: str = "",
    ) -> None:
        """One line of text whose middle is at height ``y``; ``anchor``: start, middle or end; ``halo`` is the colour
        of a rim that keeps it readable on marks."""
        rim = (
            f' stroke="{halo}" stroke-width="{_n(size * 0.18)}" stroke-linejoin="round" paint-order="stroke"'
            if halo
            else ""
        )
        weight = ' font-weight="700"' if is_bold else ""
        self.parts.append(
            f'<text x="{_n(x)}" y="{_n(y + size * ASCENT)}" font-size="{_n(size)}" text-anchor="{anchor}" '
            f'fill="{fill or self.ink}"{weight}{rim}>{clean(text)}</text>'
        )

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        size: float,
        *,
        anchor: str = "start",
        fill: str = "",
        is_bold: bool = False,
    ) -> None:
        """Several lines of text around the height ``y``."""
        for nth, line in enumerate(lines):
            offset = (nth - (len(lines) - 1) / 2) * size * LINE
            self.text(x, y + offset, line, size, anchor=anchor, fill=fill, is_bold=is_bold)

    def document(self, title: str, description: str) -> str:
        """The sheet as an ``svg`` element that scales with its container."""
        label = clean(f"{title} {description}".strip())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(self.width)} {_n(self.height)}" '
            f'width="{_n(self.width)}" height="{_n(self.height)}" style="max-width:100%;height:auto" role="img" '
            f'aria-label="{label}" font-family="{FONT}"><title>{clean(title)}</title>' + "".join(self.parts) + "</svg>"
        )


def _n(value: float) -> str:
    """A length with at most two decimals: '12', '12.5'."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
