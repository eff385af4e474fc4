"""The view model of the map: what the deck, the static chart, the legend and the table show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from core.access.accessibility import Accessibility
from core.access.measures import MEASURES, Measure, MeasureTable
from core.access.snapshot import DistrictSnapshot
from core.geography.plane import Floats
from core.job_map.classes import HIDDEN, Classes, diverging, natural_breaks
from core.locale import N_, Translator
from core.terms import PremisesKind

__all__ = [
    "HIDDEN_COLOUR",
    "LAYERS",
    "Layer",
    "LegendRow",
    "MapView",
    "change_colours",
    "class_colours",
    "legend",
    "table",
]

# Five steps of one hue: teal where more is better (openings), ochre where more is worse (people without).
RAMPS = {
    (False, True): ("#E4F1F2", "#9FD8E2", "#6BB0BA", "#3E94A0", "#136470"),
    (True, True): ("#17373B", "#1F535A", "#2A7984", "#4FA9B4", "#A5DEE4"),
    (False, False): ("#F7EEDC", "#E9D2A2", "#D2AF63", "#B5892B", "#7A5912"),
    (True, False): ("#3A2F17", "#5A4719", "#86671F", "#B98F34", "#EBCB83"),
}
STEPS = {0: (), 1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}  # classes → steps of the ramp
# Changes: teal for better, ochre to brown for worse, little → much; a neutral tone for none.
BETTER = {False: ("#BCE0E3", "#5FA9B3", "#136470"), True: ("#24565C", "#459CA8", "#A5DEE4")}
WORSE = {False: ("#F0D9A8", "#C9973B", "#7A4A0C"), True: ("#5A431A", "#B0802B", "#F0CD82")}
UNCHANGED = {False: "#F4F5F6", True: "#1B1F24"}
SHADES = {0: (), 1: (1,), 2: (0, 2), 3: (0, 1, 2)}  # classes of one sign → shades
HIDDEN_COLOUR = {False: "#BEBEBE", True: "#8A8A84"}


@dataclass(frozen=True)
class Layer:
    """Something that can be laid over the communities; ``symbol`` as in the legend, ``colour`` light and dark."""

    code: str
    label: str
    symbol: str
    colour: tuple[str, str]
    premises: PremisesKind | None = None
    shown: bool = True  # by default


LAYERS: dict[str, Layer] = {
    layer.code: layer
    for layer in (
        Layer("sites", N_("Places with openings"), "●", ("#1B7F8C", "#4FC3D1")),
        Layer("workshops", N_("Micro-workshops"), "■", ("#117733", "#5BC07A")),
        Layer("idle", N_("Idle premises"), "◆", ("#332288", "#A79BF0"), PremisesKind.IDLE),
        Layer("white", N_("Nothing within reach"), "▨", ("#B5892B", "#EBCB83"), shown=False),
        Layer("training", N_("Training sites"), "▲", ("#AA4499", "#E08AD2"), PremisesKind.TRAINING_SITE, shown=False),
        Layer("services", N_("Service centres"), "✚", ("#5B6670", "#C5CCD3"), PremisesKind.SERVICE_CENTRE, shown=False),
        Layer("flows", N_("Ways to work"), "━", ("#882255", "#E58CB4"), shown=False),
        Layer("events", N_("Recruitment events"), "★", ("#CC6677", "#F0A0AC"), shown=False),
    )
}


def class_colours(measure: Measure, classes: int, dark: bool) -> list[str]:
    """Colour of each class, little → much."""
    ramp = RAMPS[dark, measure.more_is_better]
    return [ramp[step] for step in STEPS[classes]]


def change_colours(measure: Measure, classes: int, dark: bool) -> list[str]:
    """Colour of each of 2m + 1 classes of changes, greatest fall → greatest rise."""
    shades = SHADES[classes // 2]
    better, worse = ([ramp[dark][shade] for shade in shades] for ramp in (BETTER, WORSE))
    fall, rise = (worse, better) if measure.more_is_better else (better, worse)
    return [*fall[::-1], UNCHANGED[dark], *rise]


@dataclass(frozen=True, eq=False)
class MapView:
    """The map of one measure, ``code``; ``measures`` are those of the present or of a what-if's outcome."""

    tr: Translator
    dark: bool
    snapshot: DistrictSnapshot
    accessibility: Accessibility
    measures: MeasureTable
    code: str
    layers: frozenset[str]
    community: int | None = None  # id of the selected one
    place: Floats | None = None  # (2,) metres: rings are drawn around it
    opened: frozenset[int] = frozenset()  # premises of the what-if
    closed: frozenset[str] = frozenset()  # sites of the what-if
    bounds: Floats | None = None  # of the classes of the present, so that a what-if is drawn in the same ones
    before: MeasureTable | None = None  # if given, the change from it is drawn

    @property
    def measure(self) -> Measure:
        return MEASURES[self.code]

    @property
    def unit(self) -> str:
        """Unit of what is drawn, in the reader's language."""
        is_points = self.before is not None and self.measure.share
        return self.tr("percentage points") if is_points else self.tr(self.measure.unit)

    @cached_property
    def values(self) -> Floats:
        """What is drawn of each community: its value, or its change; NaN where hidden."""
        values: Floats = self.measures.values[self.code].to_numpy(dtype=float)
        if self.before is None:
            return values
        change = values - self.before.values[self.code].to_numpy(dtype=float)
        return np.where(np.abs(change) < self.measure.step / 2, 0.0, change)

    @cached_property
    def classes(self) -> Classes:
        if self.before is not None:
            return diverging(self.values)
        if self.bounds is None:
            return natural_breaks(self.values)
        return Classes.of(self.values, self.bounds, keep_empty=True)

    @cached_property
    def colours(self) -> list[str]:
        make = class_colours if self.before is None else change_colours
        return make(self.measure, len(self.classes.bounds), self.dark)

    @property
    def has_district_line(self) -> bool:
        """Whether the district's value lies on the scale of a community's: means and shares, but not sums."""
        return self.measure.is_mean

    @property
    def names(self) -> list[str]:
        """Names of the communities as the reader's language shows them, in row order."""
        return [self.tr.name(name) for name in self.snapshot.communities["name"]]

    def text(self, row: int) -> str:
        """The value of a community as on its label."""
        return self.text_of(float(self.values[row]))

    def text_of(self, value: float) -> str:
        """A value, or a change, as on labels and in the legend."""
        return self.measure.text(self.tr, value) if self.before is None else self.measure.change_text(self.tr, value)

    def colour(self, row: int) -> str:
        class_ = int(self.classes.index[row])
        return HIDDEN_COLOUR[self.dark] if class_ == HIDDEN else self.colours[class_]


@dataclass(frozen=True)
class LegendRow:
    """One line of the legend: a colour or a symbol, its meaning, and how many there are."""

    colour: str
    text: str
    count: int
    symbol: str = "■"


def legend(map_view: MapView) -> list[LegendRow]:
    """Classes in the order of the ramp, then the grey class if any community is in it."""
    tr, counts = map_view.tr, map_view.classes.count
    rows = [
        LegendRow(colour, _range_text(map_view, nth), int(counts[nth]))
        for nth, colour in enumerate(map_view.colours)
        if counts[nth]
    ]
    hidden = int((map_view.classes.index == HIDDEN).sum())
    if hidden:
        text = tr("no data or suppressed")
        if map_view.before is not None:
            text = tr("no data, or a change for fewer than {k} people", k=map_view.measures.min_count)
        rows.append(LegendRow(HIDDEN_COLOUR[map_view.dark], text, hidden))
    return rows


def _range_text(map_view: MapView, nth: int) -> str:
    """Smallest and greatest value in a class."""
    inside = map_view.values[map_view.classes.index == nth]
    if map_view.before is not None and not inside.any():
        return map_view.tr("no change")
    low, high = map_view.text_of(float(inside.min())), map_view.text_of(float(inside.max()))
    return low if low == high else f"{low} – {high}"


def table(map_view: MapView) -> pd.DataFrame:
    """Every measure of every community as numbers, hidden cells empty; headings in the reader's language."""
    tr, measures = map_view.tr, map_view.measures
    rows = pd.DataFrame({tr("Community"): map_view.names})
    rows[tr("Seekers")] = pd.array(measures.bases["seekers"].to_numpy(dtype=float), dtype="Int64")
    for code, measure in MEASURES.items():
        values = measures.values[code].to_numpy(dtype=float)
        scale = 100.0 if measure.share else 1.0
        heading = f"{tr(measure.label)} ({tr(measure.unit)})"
        rows[heading] = np.round(values * scale, 1)
    return rows
