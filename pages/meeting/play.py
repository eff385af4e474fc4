"""A pinned what-if played on the spot: weights with sliders, stations of a map scenario, new people of a workshop; nothing of it is stored."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.access.job_filter import ALL_JOBS
from core.access.what_if import Scenario
from core.dispatch.meeting_data import ACCESS_MINUTES, ACCESS_MODE
from core.dispatch.slide_model import Column, Number, Row, Slide, TableFigure
from core.dispatch.what_if_slides import MAP_PIN, WORKSHOP_PIN, pinned_id
from core.matching.explanation import place_change_mark
from core.matching.inputs.factors import FACTORS
from core.matching.ranking.scoring import NoWeights, as_weights
from core.matching.ranking.shortlist import NEW, build_shortlist
from core.people.masking import mask_name
from core.terms import ScenarioKind
from core.workshops.scenario import WorkshopScenario, effects
from pages import cache
from pages.common import scope
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["can_play", "played"]

TOP = 8


def can_play(slide: Slide) -> bool:
    """Whether the slide is a pinned what-if."""
    return pinned_id(slide.code) is not None


def played(view: View, slide: Slide) -> tuple[Slide, str]:
    """The slide as the controls above it make it, with the mark that it is not frozen; as it is while they are off."""
    tr = view.tr
    pin = pinned_id(slide.code)
    assert pin is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_on = st.toggle(tr("Play"), key=Key.MEETING_PLAY.of(slide.code))
        if is_on:
            controls = {MAP_PIN: _scenario, WORKSHOP_PIN: _workshop}.get(pin[0], _weights)
            slide = controls(view, slide, pin[1])
    return slide, tr("not frozen") if is_on else ""


def _scenario(view: View, slide: Slide, scenario_id: int) -> Slide:
    tr, today = view.tr, view.today
    saved = next(s for s in cache.job_map.scenarios(view.revision, ScenarioKind.MAP) if s.id == scenario_id)
    model = cache.job_map.model(view.revision, today, today, ALL_JOBS, ACCESS_MODE, ACCESS_MINUTES)
    scenario = Scenario.from_json(saved.content, model.unfiltered)
    names = dict(zip(model.unfiltered.idle["id"].astype(int), model.unfiltered.idle["name"], strict=True))
    opened = {
        key: int(
            st.slider(
                tr("Stations in {name}", name=tr.name(names[key])),
                0,
                60,
                stations,
                key=Key.MEETING_PLAY_STATIONS.of(scenario_id, key),
                width=260,
            )
        )
        for key, stations in scenario.opened.items()
    }
    changed = replace(scenario, opened=opened)
    rows = tuple(Row(effect) for effect in cache.meeting.scenario_effects(view.revision, today, changed, tr))
    figure = slide.figure
    assert isinstance(figure, TableFigure)
    return replace(slide, figure=replace(figure, rows=rows))


def _workshop(view: View, slide: Slide, scenario_id: int) -> Slide:
    """The what-if of a workshop with another number of new people and another absence."""
    tr = view.tr
    saved = next(s for s in cache.job_map.scenarios(view.revision, ScenarioKind.WORKSHOP) if s.id == scenario_id)
    scenario = WorkshopScenario.from_json(saved.content)
    people = st.slider(
        tr("New people"), 0, 60, scenario.people, key=Key.MEETING_PLAY_STATIONS.of("people", scenario_id), width=260
    )
    played = cache.workshops.played(view.revision, view.today, replace(scenario, people=int(people)))
    figure = slide.figure
    assert isinstance(figure, TableFigure)
    return replace(slide, figure=replace(figure, rows=tuple(Row(effect) for effect in effects(played, tr))))


def _weights(view: View, slide: Slide, preset_id: int) -> Slide:
    """The first of an opening's candidates under the weights of the sliders; names are masked."""
    tr, today = view.tr, view.today
    preset = next(p for p in cache.matching.presets(view.revision) if p.id == preset_id)
    pool = cache.matching.pool(view.revision, today)
    jobs = dict(zip(pool.openings.ids.tolist(), pool.titles, strict=True))
    passing = cache.matching.passing_people(view.revision, today, ACCESS_MODE)
    most = max(range(len(passing)), key=lambda j: len(passing[j]), default=0)
    job = st.selectbox(
        tr("Opening"),
        list(jobs),
        index=most,
        format_func=lambda key: jobs[key],
        key=Key.MEETING_PLAY_JOB.of(preset_id),
        width=220,
    )
    with st.popover(tr("Weights"), icon=":material/tune:"):
        sliders = {
            f.code: st.slider(tr(f.label), 0, 100, preset.weights[f.code], key=Key.MEETING_PLAY.of(preset_id, f.code))
            for f in FACTORS
        }
    if job is None:
        return slide
    candidates = cache.matching.people_for_job(view.revision, today, int(job), ACCESS_MODE)
    try:
        shortlist = build_shortlist(
            candidates,
            as_weights(sliders),
            TOP,
            mask=scope.mask(view, pool.seekers.ids),
            preset=as_weights(preset.weights),
        )
    except NoWeights:
        st.caption(tr("Every slider is zero."))
        return slide
    points, changes = shortlist.parts.sum(axis=0), shortlist.place_changes
    rows = tuple(
        Row(
            (
                tr.number(k + 1),
                mask_name(pool.names[candidates.pair(int(row))[0]]),
                tr.number(float(points[k]), 1),
                "" if changes is None else place_change_mark(int(changes[k]), NEW, tr),
            )
        )
        for k, row in enumerate(shortlist.rows)
    )
    return replace(
        slide,
        title=tr("{name} under other weights: {job}", name=preset.name, job=jobs[int(job)]),
        numbers=(Number(tr.number(shortlist.passing), tr("people who pass every limit")),),
        figure=TableFigure(
            (
                Column(tr("Rank"), 0.7, is_number=True),
                Column(tr("Person"), 2),
                Column(tr("Points"), 1, is_number=True),
                Column(tr("Against the saved weights"), 1.6, is_number=True),
            ),
            rows,
        ),
    )
