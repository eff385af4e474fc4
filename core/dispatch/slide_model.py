"""A slide of the dispatch meeting as plain data: one finding, its numbers, one figure, one question.

The page, the slide deck and the print pages render these classes; none of them computes. Texts are in the language
that the slides were made for; lengths fit a slide of 1920 × 1080 with type of 24 px and more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.locale import Translator
from core.terms import Light

__all__ = [
    "BarFigure",
    "Column",
    "Drill",
    "Figure",
    "LineFigure",
    "MapFigure",
    "Meaning",
    "Number",
    "Region",
    "Row",
    "Series",
    "Slide",
    "Stamp",
    "Subject",
    "TableFigure",
]


class Meaning(StrEnum):
    """What a colour says; a renderer has one colour for each."""

    CONTEXT = "context"  # grey: the rest, the past, a limit
    MAIN = "main"
    SECOND = "second"
    SUPPLY = "supply"  # openings
    DEMAND = "demand"  # people who seek work
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    TARGET = "target"


@dataclass(frozen=True)
class Series:
    """Values along the categories (or days) of a figure; None = no value."""

    name: str
    values: tuple[float | None, ...]
    meaning: Meaning


@dataclass(frozen=True)
class BarFigure:
    """Horizontal bars, one group a category, first category on top; stacked where ``is_stacked``.

    ``labels``: what stands at the end of each category's bar, e.g. '9 of 12'; empty = the values themselves.
    Values are shares (0–1) where ``is_share``, else counts in ``unit``.
    """

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    is_share: bool = False
    is_stacked: bool = False
    digits: int = 0
    labels: tuple[str, ...] = ()
    target: float | None = None  # a line across all bars


@dataclass(frozen=True)
class LineFigure:
    """Lines over weeks; ``notes`` are pinned to days."""

    days: tuple[date, ...]
    series: tuple[Series, ...]
    unit: str
    is_share: bool = False
    digits: int = 0
    notes: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True)
class Column:
    """A column of a table; ``width`` in shares of the whole, numbers to the right."""

    name: str
    width: float = 1.0
    is_number: bool = False


@dataclass(frozen=True)
class Row:
    """Cells of a table as text; a light colours the row's mark, which stands before the first cell with its word."""

    cells: tuple[str, ...]
    light: Light | None = None


@dataclass(frozen=True)
class TableFigure:
    """At most ten rows; ``omitted`` says how many more there are."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    omitted: int = 0


@dataclass(frozen=True)
class Region:
    """An area of a map: rings of (longitude, latitude), its class (0 = lowest, None = hidden or unknown), its text."""

    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    label: tuple[float, float]
    step: int | None
    text: str


@dataclass(frozen=True)
class MapFigure:
    """Regions in one hue of ``classes`` steps, light to dark; ``classes`` are their texts."""

    regions: tuple[Region, ...]
    classes: tuple[str, ...]
    unit: str


Figure = BarFigure | LineFigure | TableFigure | MapFigure


@dataclass(frozen=True)
class Number:
    """A big number with what it counts; ``note`` is a short line below: denominator, change, target."""

    text: str
    label: str
    note: str = ""
    light: Light | None = None


@dataclass(frozen=True)
class Drill:
    """A list that a slide opens: ``kind`` 'indicator' or 'watch', its ``code`` and, of an indicator, the ``side``.

    ``count`` is the frozen number of heads in the list.
    """

    kind: str
    code: str
    label: str
    count: int
    side: str = ""


@dataclass(frozen=True)
class Subject:
    """What an action raised on the slide is about."""

    problem: str
    indicator: str | None = None  # as the weekly sheet names it
    community_id: int | None = None
    office: str | None = None
    owner: str | None = None
    is_noise: bool = False  # the change is usual variation: raising an action needs a tick that says so


@dataclass(frozen=True)
class Slide:
    """One slide. ``code`` names it in the agenda and in addresses; ``sources`` goes into the foot: definition, as-of."""

    code: str
    section: str
    title: str
    question: str
    numbers: tuple[Number, ...] = ()
    figure: Figure | None = None
    drills: tuple[Drill, ...] = ()
    notes: tuple[str, ...] = field(default=())  # for the speaker
    sources: str = ""
    subject: Subject | None = None
    minutes: float = 3.0  # time budget


@dataclass(frozen=True)
class Stamp:
    """Where the figures of slides and exports come from; its line is on every one of them."""

    iso_week: str
    as_of: date
    rev: int
    seal: str  # SHA-256 of the frozen week, hexadecimal
    metric_version: str
    district: str
    office: str
    is_demo: bool
    anchor: str = ""  # of the audit log when the week was frozen: count and hash

    def line(self, tr: Translator) -> str:
        """'2025 week 52 · as of Dec 28, 2025 · revision 1 · metrics 2025-1 · seal 0a1b2c3d4e5f · log 12345/0a1b2c3d4e5f'."""
        line = tr(
            "{week} · as of {day} · revision {rev} · metrics {version} · seal {seal}",
            week=tr.week(self.as_of),
            day=tr.day(self.as_of),
            rev=self.rev,
            version=self.metric_version,
            seal=self.seal[:12],
        )
        return f"{line} · {tr('log {anchor}', anchor=self.anchor)}" if self.anchor else line
