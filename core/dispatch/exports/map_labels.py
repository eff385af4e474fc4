"""Where the names of regions are written on a map so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.dispatch.exports.text_width import text_width
from core.dispatch.slide_model import Region

__all__ = ["Label", "place_labels"]

PITCH = 1.15  # ems between the lines of a label
SMALL = 0.6  # type of a name for which there is no place
# Steps from the wanted place, in widths and heights of the label, tried in this order.
STEPS = ((0, 0), (0, -0.5), (0, 0.5), (-0.3, 0), (0.3, 0), (0, -1), (0, 1), (-0.5, 0.5), (0.5, -0.5))


@dataclass(frozen=True)
class Label:
    """Lines around (x, y) in type of ``size``; ``is_free`` is False where they cover others."""

    x: float
    y: float
    lines: tuple[str, ...]
    size: float
    is_free: bool = True

    @property
    def width(self) -> float:
        return max(text_width(line, self.size, True) for line in self.lines)

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * PITCH

    def covers(self, other: Label) -> bool:
        """Whether the two overlap."""
        beside = abs(self.x - other.x) >= (self.width + other.width) / 2
        above = abs(self.y - other.y) >= (self.height + other.height) / 2
        return not beside and not above


def place_labels(
    regions: Sequence[Region],
    wanted: Sequence[tuple[float, float]],
    size: float,
    edges: tuple[float, float, float, float],
) -> list[Label]:
    """A label for each region near its ``wanted`` place inside ``edges`` (left, top, right, bottom): name and text, or
    the name alone where both have no room, or small over others as a last resort."""
    placed: list[Label] = []
    for region, at in zip(regions, wanted, strict=True):
        placed.append(_place(region, at, size, edges, placed))
    return placed


def _place(
    region: Region,
    at: tuple[float, float],
    size: float,
    edges: tuple[float, float, float, float],
    others: Sequence[Label],
) -> Label:
    left, top, right, bottom = edges
    for lines in ((region.name, region.text), (region.name,)):
        if "" in lines:
            continue
        label = Label(*at, lines, size)
        for dx, dy in STEPS:
            x = min(max(at[0] + dx * label.width, left + label.width / 2), right - label.width / 2)
            y = min(max(at[1] + dy * label.height, top + label.height / 2), bottom - label.height / 2)
            moved = Label(x, y, lines, size)
            if not any(moved.covers(other) for other in others):
                return moved
    return Label(*at, (region.name,), size * SMALL, is_free=False)
