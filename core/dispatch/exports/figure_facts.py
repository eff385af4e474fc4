"""What every renderer of a figure needs: the text of a value, one bar or several a category, ticks, a text for who
cannot see it."""

from __future__ import annotations

from math import ceil, floor, log10

from core.dispatch.slide_model import BarFigure, Figure, LineFigure, MapFigure, Series, TableFigure
from core.locale import Translator

__all__ = [
    "alt_text",
    "axis_ticks",
    "bars_per_category",
    "is_stack",
    "map_text",
    "series_name",
    "target_text",
    "value_text",
]

LISTED = 12  # categories or regions that an alternative text names


def value_text(figure: BarFigure | LineFigure, value: float, tr: Translator) -> str:
    """A value of ``figure`` in the format of its language: '33.0%', '1,204'; a true minus sign."""
    text = tr.percent(value, figure.digits) if figure.is_share else tr.number(value, figure.digits)
    return text.replace("-", "−")


def target_text(figure: BarFigure, tr: Translator) -> str:
    """'Target 75%'; empty without one."""
    return "" if figure.target is None else tr("Target {value}", value=value_text(figure, figure.target, tr))


def series_name(series: Series, unit: str, tr: Translator) -> str:
    """Name of a lone series with its unit: 'Openings (people)'; a series that is called by its unit has it once."""
    return tr("{name} ({unit})", name=series.name, unit=unit) if unit and unit != series.name else series.name


def bars_per_category(figure: BarFigure) -> int:
    """1 where the series are stacked, or each category has a value in one of them only (a light each); else their number."""
    return 1 if figure.is_stacked or _is_exclusive(figure) else len(figure.series)


def is_stack(figure: BarFigure) -> bool:
    """Whether any bar has several parts: a figure that is stacked with one part each is drawn as plain bars."""
    return figure.is_stacked and not _is_exclusive(figure)


def _is_exclusive(figure: BarFigure) -> bool:
    values = zip(*(series.values for series in figure.series), strict=True)
    return all(sum(value is not None for value in row) <= 1 for row in values)


def axis_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About ``count`` round numbers that enclose ``low`` … ``high``."""
    span = (high - low) or abs(high) or 1.0
    rough = span / max(count - 1, 1)
    power = 10.0 ** floor(log10(rough))
    step = next(nice * power for nice in (1, 2, 2.5, 5, 10) if nice * power >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(nth * step, 12) for nth in range(first, max(last, first + 1) + 1)]


def alt_text(figure: Figure, tr: Translator) -> str:
    """The figure in words, with its values, for screen readers."""
    if isinstance(figure, BarFigure):
        return _bar_text(figure, tr)
    if isinstance(figure, LineFigure):
        return _line_text(figure, tr)
    if isinstance(figure, TableFigure):
        names = tr.join(column.name for column in figure.columns)
        return tr("Table of {n} rows: {names}", n=len(figure.rows), names=names)
    return map_text(figure, tr)


def _bar_text(figure: BarFigure, tr: Translator) -> str:
    parts = []
    for nth, category in enumerate(figure.categories[:LISTED]):
        if figure.labels:
            shown = figure.labels[nth]
        else:
            values = [(s.name, s.values[nth]) for s in figure.series]
            texts = [(name, value_text(figure, value, tr)) for name, value in values if value is not None]
            shown = tr.join(text if len(figure.series) == 1 else f"{name} {text}" for name, text in texts)
        parts.append(f"{category} {shown}".strip())
    listed = "; ".join(parts) if tr.is_english else "；".join(parts)
    rest = len(figure.categories) - LISTED
    more = tr("and {n} more", n=rest) if rest > 0 else ""
    return " ".join(part for part in (tr("Bar chart."), listed, more, target_text(figure, tr)) if part)


def _line_text(figure: LineFigure, tr: Translator) -> str:
    parts = []
    for series in figure.series:
        known = [(day, value) for day, value in zip(figure.days, series.values, strict=True) if value is not None]
        if known:
            (first, before), (last, now) = known[0], known[-1]
            ends = (tr.day(first, "short"), value_text(figure, before, tr), tr.day(last, "short"))
            parts.append(
                tr(
                    "{name}: {first} {before}, {last} {now}",
                    name=series.name,
                    first=ends[0],
                    before=ends[1],
                    last=ends[2],
                    now=value_text(figure, now, tr),
                )
            )
    parts += [f"{tr.day(day, 'short')} {note}" for day, note in figure.notes]
    return " ".join([tr("Line chart."), ("; " if tr.is_english else "；").join(parts)])


def map_text(figure: MapFigure, tr: Translator) -> str:
    """The regions of a map with their texts."""
    listed = tr.join(f"{region.name} {region.text}".strip() for region in figure.regions)
    return " ".join([tr("Map."), listed])
