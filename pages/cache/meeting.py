"""Caches of the weekly meeting: frozen weeks by their seal (they never change), and what people write down by revision."""

from __future__ import annotations

import threading
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any

from core.access.job_filter import ALL_JOBS
from core.access.measures import MEASURES, make_measures
from core.access.what_if import Outcome, Scenario, play
from core.dispatch import queries
from core.dispatch.agenda import from_json
from core.dispatch.commands import Broken, verify
from core.dispatch.exports.figure_facts import alt_text
from core.dispatch.exports.figures_svg import figure_svg
from core.dispatch.exports.release import released_week
from core.dispatch.meeting_data import ACCESS_MINUTES, ACCESS_MODE
from core.dispatch.slide_model import Figure, Slide
from core.dispatch.slides import Week, slides_of
from core.dispatch.weeks import FrozenHeader, frozen_headers
from core.dispatch.what_if_slides import map_slide, preset_slide, workshop_slide
from core.job_map.agenda import steps
from core.job_map.sentences import measure_text
from core.locale import Translator
from core.terms import ScenarioKind
from core.workshops.scenario import WorkshopScenario
from core.workshops.scenario import effects as workshop_effects
from pages.cache import job_map, matching, workshops
from pages.cache.store import cached, cached_query, database

action_events = cached_query(queries.action_events)
decisions = cached_query(queries.decisions)


@cached
def headers(revision: int) -> list[FrozenHeader]:
    """Every frozen revision, newest week first."""
    with database().read() as connection:
        return frozen_headers(queries.headers(connection))


@cached(max_entries=24)
def content(seal: str, iso_week: str, rev: int) -> dict[str, Any]:
    with database().read() as connection:
        frozen = queries.content(connection, iso_week, rev)
    assert frozen is not None
    return frozen


def week(header: FrozenHeader, before: FrozenHeader | None) -> Week:
    return Week(
        content=content(header.seal, header.iso_week, header.rev),
        as_of=header.as_of,
        metric_version=header.metric_version,
        previous=None if before is None else content(before.seal, before.iso_week, before.rev),
        previous_version=None if before is None else before.metric_version,
    )


@cached(max_entries=24)
def slides(header: FrozenHeader, before: FrozenHeader | None, tr: Translator) -> list[Slide]:
    return slides_of(week(header, before), tr)


@cached(max_entries=12)
def released_slides(header: FrozenHeader, before: FrozenHeader | None, tr: Translator) -> list[Slide]:
    return slides_of(released_week(week(header, before)), tr)


@cached(max_entries=200)
def picture(figure: Figure, tr: Translator, width: int, height: int, is_dark: bool) -> str:
    """The figure as an image element of its own, with its text alternative."""
    drawn = b64encode(figure_svg(figure, tr, width, height, is_dark).encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{drawn}" alt="{escape(alt_text(figure, tr))}">'


def meeting(revision: int, iso_week: str) -> dict[str, Any] | None:
    """The stored meeting of a week, its agenda as items."""
    stored = _stored_meeting(revision, iso_week)
    return None if stored is None else {**stored, "agenda": from_json(stored["agenda"])}


@cached(max_entries=24)
def _stored_meeting(revision: int, iso_week: str) -> dict[str, Any] | None:
    with database().read() as connection:
        return queries.meeting(connection, iso_week)


@cached
def broken(revision: int) -> list[Broken]:
    """Frozen revisions that are not as they were sealed."""
    with database().read() as connection:
        return verify(connection)


# What-ifs pinned to a meeting


def pinned_map_slide(revision: int, today: date, scenario_id: int, tr: Translator) -> Slide | None:
    """The slide of a saved map scenario with its effect on the district; None if it was archived."""
    saved = next((s for s in job_map.scenarios(revision, ScenarioKind.MAP) if s.id == scenario_id), None)
    if saved is None:
        return None
    model = job_map.model(revision, today, today, ALL_JOBS, ACCESS_MODE, ACCESS_MINUTES)
    scenario = Scenario.from_json(saved.content, model.unfiltered)
    effects = scenario_effects(revision, today, scenario, tr)
    return map_slide(saved, steps(tr, model.unfiltered, scenario), effects, tr)


def pinned_workshop_slide(revision: int, today: date, scenario_id: int, tr: Translator) -> Slide | None:
    """The slide of a saved what-if of a workshop on the rows of the day; None if it, or the workshop, is gone."""
    saved = next((s for s in job_map.scenarios(revision, ScenarioKind.WORKSHOP) if s.id == scenario_id), None)
    if saved is None:
        return None
    played = workshops.played(revision, today, WorkshopScenario.from_json(saved.content))
    if not played:
        return None
    steps_in_words = [change.sentence(tr) for change in played[0].changes]
    return workshop_slide(saved, steps_in_words, workshop_effects(played, tr), tr)


def scenario_effects(revision: int, today: date, scenario: Scenario, tr: Translator) -> list[tuple[str, str, str]]:
    """Each measure that a scenario moves: its name, of the district today, and then."""
    model = job_map.model(revision, today, today, ALL_JOBS, ACCESS_MODE, ACCESS_MINUTES)
    outcome: Outcome = play(model.snapshot, model.accessibility, model.effects, scenario, ALL_JOBS)
    after = make_measures(
        model.snapshot,
        model.accessibility,
        model.rates,
        model.measures.min_count,
        outcome.value,
        outcome.cumulative,
    )
    return [
        (
            tr(measure.label),
            measure_text(tr, measure, model.measures.district[code]),
            measure_text(tr, measure, after.district[code]),
        )
        for code, measure in MEASURES.items()
        if measure.moves
    ]


def pinned_preset_slide(revision: int, preset_id: int, tr: Translator) -> Slide | None:
    """The slide of saved weights; None if they were archived."""
    preset = next((p for p in matching.presets(revision) if p.id == preset_id), None)
    return None if preset is None else preset_slide(preset, tr)


# Where each presentation is, so that a window with the speaker's notes can follow it.


@dataclass
class Shows:
    """Slide number by the key of a presentation; the oldest are forgotten."""

    at: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, key: str, slide: int) -> None:
        """Note where a presentation is."""
        with self.lock:
            self.at.pop(key, None)
            self.at[key] = slide
            while len(self.at) > 100:
                self.at.pop(next(iter(self.at)))


@cached
def shows() -> Shows:
    return Shows()
