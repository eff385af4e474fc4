"""Caches of the effect page."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.indicators import action_effect, effect, effect_figures
from core.indicators.action_effect import ActionEffect
from core.indicators.effect import Comparison, Contrast, Landmark, ReleasedGroups
from core.locale import Translator
from pages.cache.charts import specification
from pages.cache.overview import facts
from pages.cache.people import hardships, people
from pages.cache.store import cached, min_count_outside


@cached
def landmark(revision: int, today: date) -> Landmark:
    return effect.landmark(facts(revision), people(revision, today), hardships(revision), today)


@cached(max_entries=18)
def comparison(revision: int, today: date, contrast: Contrast, horizon: int) -> Comparison:
    return effect.compare(landmark(revision, today), contrast, horizon)


@cached(max_entries=18)
def curves_spec(
    revision: int, today: date, contrast: Contrast, horizon: int, tr: Translator, narrow: bool
) -> dict[str, Any]:
    return specification(effect_figures.curves_chart(tr, comparison(revision, today, contrast, horizon), narrow=narrow))


@cached(max_entries=18)
def released(revision: int, today: date, contrast: Contrast, horizon: int) -> ReleasedGroups:
    return effect.release(comparison(revision, today, contrast, horizon), min_count_outside(revision, today))


@cached
def closed_actions(revision: int, today: date) -> list[ActionEffect]:
    return action_effect.closed_actions(facts(revision), today)
