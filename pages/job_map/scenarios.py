"""What-ifs of the map under a name: saved, listed, reopened by link, handed to the workshops page."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.access.what_if import Scenario, Work, nearest_workshop
from core.policy import Action
from core.store.scenarios import Saved, archive_scenario, save_scenario
from core.terms import ScenarioKind
from pages import cache
from pages.common.escape import md_escape
from pages.common.links import page_link
from pages.common.query_params import query_param, set_query_param
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.job_map.state import MapState
from pages.job_map.station_form import fill

__all__ = ["restore_linked", "shown_as", "stored_scenarios"]


def restore_linked(view: View, state: MapState) -> None:
    """Fill the widgets from the what-if that the address names, once."""
    linked = query_param("scenario")
    if linked and st.session_state.get(Key.MAP_SCENARIO_SHOWN) != linked:
        saved = next((saved for saved in _saved(view) if str(saved.id) == linked), None)
        if saved is not None:
            _restore(state, saved)


def _saved(view: View) -> list[Saved]:
    return cache.job_map.scenarios(view.revision, ScenarioKind.MAP)


def _restore(state: MapState, saved: Saved) -> None:
    scenario = Scenario.from_json(saved.content, state.model.unfiltered)
    st.session_state[Key.MAP_OPEN] = list(scenario.opened)
    for premises, stations in scenario.opened.items():
        fill(premises, stations, scenario.works.get(premises, Work()))
    where = next(iter(scenario.added), None)
    st.session_state[Key.MAP_ADD], st.session_state[Key.MAP_MORE] = where, scenario.added.get(where or "", 10)
    st.session_state[Key.MAP_CLOSE] = sorted(scenario.closed)
    st.session_state[Key.MAP_SCENARIO_SHOWN] = str(saved.id)


def stored_scenarios(view: View, state: MapState, scenario: Scenario) -> None:
    """Save the what-if under a name, reopen or archive saved ones, take it on to the workshops page."""
    tr, known, shown = view.tr, _saved(view), shown_as(view, state, scenario)
    set_query_param("scenario", None if shown is None else shown.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.popover(tr("Saved what-ifs"), icon=":material/bookmark:"):
            _list(view, state, known, shown)
            _save(view, scenario)
        if shown is not None:
            st.caption(tr("{name}, saved by {author} on {day}", **_about(view, shown)))
    for premises, stations in scenario.opened.items():
        _link_to_workshops(view, state, premises, stations, scenario.works.get(premises))


def shown_as(view: View, state: MapState, scenario: Scenario) -> Saved | None:
    """The saved what-if that is shown, unless it was changed since it was opened."""
    shown = next(
        (saved for saved in _saved(view) if str(saved.id) == st.session_state.get(Key.MAP_SCENARIO_SHOWN)), None
    )
    return shown if shown and Scenario.from_json(shown.content, state.model.unfiltered) == scenario else None


def _about(view: View, saved: Saved) -> dict[str, str]:
    return {"name": saved.name, "author": saved.author, "day": view.tr.day(saved.made_at)}


def _list(view: View, state: MapState, known: list[Saved], shown: Saved | None) -> None:
    tr = view.tr
    if not known:
        st.caption(tr("None saved yet."))
    for saved in known[:20]:
        with st.container(horizontal=True, vertical_alignment="center"):
            label = f"{saved.name} · {saved.author} · {tr.day(saved.made_at, 'short')}"
            st.button(
                label,
                key=Key.MAP_SAVED.of(saved.id),
                type="primary" if saved is shown else "tertiary",
                on_click=_restore,
                args=(state, saved),
                help=saved.reason,
            )
            if view.may(Action.ARCHIVE_SCENARIO) and st.button(
                tr("Archive"), key=Key.MAP_ARCHIVE.of(saved.id), type="tertiary", icon=":material/archive:"
            ):
                archive_scenario(cache.store.database(), saved.id, actor=view.access, at=datetime.now(UTC))
                st.rerun()


def _save(view: View, scenario: Scenario) -> None:
    tr = view.tr
    if not view.may(Action.SAVE_SCENARIO):
        return
    name = st.text_input(tr("Name of this what-if"), **at_most(tr, 60), key=Key.MAP_SCENARIO_NAME)
    reason = st.text_input(tr("What for"), **at_most(tr, 200), key=Key.MAP_SCENARIO_REASON)
    ready = bool(scenario) and bool(name.strip())
    if st.button(tr("Save"), disabled=not ready, type="primary", key=Key.MAP_SCENARIO_SAVE):
        number = save_scenario(
            cache.store.database(),
            ScenarioKind.MAP,
            name,
            scenario.as_json(),
            actor=view.access,
            at=datetime.now(UTC),
            reason=reason.strip() or None,
        )
        st.session_state[Key.MAP_SCENARIO_SHOWN] = str(number)
        st.rerun()


def _link_to_workshops(view: View, state: MapState, premises: int, stations: int, work: Work | None) -> None:
    """The stations as a what-if of the workshop that is nearest to the premises."""
    tr = view.tr
    workshop = nearest_workshop(state.model.snapshot, premises)
    if workshop is None:
        return
    label = tr(
        "The {n} stations at {name}, the nearest workshop, instead: what that does to its orders",
        n=tr.number(stations),
        name=tr.name(workshop),
    )
    page_link(
        "workshops",
        md_escape(label),
        ":material/factory:",
        {"workshop": workshop, "workshop_tab": tr("What if"), "wi_stations": str(stations)}
        | ({"wi_shift": work.shift.value} if work else {}),
    )
