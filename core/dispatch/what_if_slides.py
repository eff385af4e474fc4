"""Slides of what-ifs that were pinned to a meeting: saved scenarios of the map and of workshops, and saved weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.dispatch.slide_model import BarFigure, Column, Meaning, Number, Row, Series, Slide, Subject, TableFigure
from core.locale import Translator
from core.matching.inputs.factors import FACTORS
from core.matching.ranking.presets import BUILT_IN, Preset
from core.store.scenarios import Saved

__all__ = ["MAP_PIN", "PRESET_PIN", "WORKSHOP_PIN", "map_slide", "pinned_id", "preset_slide", "workshop_slide"]

MAP_PIN, PRESET_PIN, WORKSHOP_PIN = "what-if-map", "what-if-weights", "what-if-workshop"


def pinned_id(code: str) -> tuple[str, int] | None:
    """The kind and id behind the code of an agenda item; None if it is no what-if."""
    for kind in (MAP_PIN, PRESET_PIN, WORKSHOP_PIN):
        rest = code.removeprefix(kind + "-")
        if rest != code and rest.isdigit():
            return kind, int(rest)
    return None


def map_slide(saved: Saved, steps: Iterable[str], effects: Iterable[tuple[str, str, str]], tr: Translator) -> Slide:
    """A saved map scenario: what would be done, and each measure before and after (name, before, after)."""
    return _scenario_slide(MAP_PIN, saved, steps, effects, tr)


def workshop_slide(
    saved: Saved, steps: Iterable[str], effects: Iterable[tuple[str, str, str]], tr: Translator
) -> Slide:
    """A saved what-if of a workshop: what would be done, and each figure before and after (name, before, after)."""
    return _scenario_slide(WORKSHOP_PIN, saved, steps, effects, tr)


def _scenario_slide(
    pin: str, saved: Saved, steps: Iterable[str], effects: Iterable[tuple[str, str, str]], tr: Translator
) -> Slide:
    rows = tuple(Row(effect) for effect in effects)
    done = tuple(steps)
    return Slide(
        code=f"{pin}-{saved.id}",
        section=tr("What if"),
        title=tr("What if: {name}", name=saved.name),
        question=tr("Do we do it, who prepares it, and by when?"),
        figure=TableFigure(
            (
                Column(tr("Measure"), 3),
                Column(tr("Today"), 1.2, is_number=True),
                Column(tr("Then"), 1.2, is_number=True),
            ),
            rows,
        ),
        notes=(*done, *((saved.reason,) if saved.reason else ())),
        sources=tr(
            "Saved by {who} on {day}: {steps}", who=saved.author, day=tr.day(saved.made_at), steps=tr.join(done)
        ),
        subject=Subject(problem=tr("What if: {name}", name=saved.name)),
        minutes=5,
    )


def preset_slide(preset: Preset, tr: Translator) -> Slide:
    """Saved weights beside the balanced ones."""
    balanced: Mapping[str, int] = BUILT_IN[0].weights
    own_total, total = max(sum(preset.weights.values()), 1), max(sum(balanced.values()), 1)
    return Slide(
        code=f"{PRESET_PIN}-{preset.id}",
        section=tr("What if"),
        title=tr("Weights for the meeting: {name}", name=preset.name),
        question=tr("Do these weights say what we want to reach this quarter?"),
        numbers=(Number(preset.author, tr("proposed by"), tr.day(preset.made_on) if preset.made_on else ""),),
        figure=BarFigure(
            categories=tuple(tr(factor.label) for factor in FACTORS),
            series=(
                Series(preset.name, tuple(preset.weights[f.code] / own_total for f in FACTORS), Meaning.MAIN),
                Series(tr(BUILT_IN[0].name), tuple(balanced[f.code] / total for f in FACTORS), Meaning.CONTEXT),
            ),
            unit="",
            is_share=True,
        ),
        notes=(preset.reason,) if preset.reason else (),
        sources=tr("Share of each factor in the score."),
        subject=Subject(problem=tr("Weights for the meeting: {name}", name=preset.name)),
        minutes=5,
    )
