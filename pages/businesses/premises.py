"""The register of premises: what is free, how large, with which load, and who may use it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.businesses.commands import save_premises
from core.businesses.premises import uses
from core.policy import Action
from core.terms import PremisesKind, PremisesUse
from pages import cache
from pages.common import drilldown
from pages.common.links import page_link
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["finding", "show"]

COLUMNS = [
    *("code", "name", "kind", "use", "community", "area_m2", "possible_stations", "power_kw", "step_free", "open_to"),
    "id",
]


def finding(view: View) -> tuple[str, str]:
    """How many premises are idle."""
    tr = view.tr
    rooms = cache.businesses.premises(view.revision)
    return (
        tr(
            "{free} of {n} premises are idle",
            free=tr.number(int((uses(rooms) == PremisesUse.IDLE).sum())),
            n=tr.number(len(rooms)),
        ),
        tr("The what-if of the job map chooses among the idle ones. As of {day}.", day=tr.day(view.today)),
    )


def show(view: View) -> None:
    """The premises, free ones first; a row opens the form."""
    tr = view.tr
    rooms = cache.businesses.premises(view.revision)
    rooms = rooms.assign(use=uses(rooms))
    with st.container(horizontal=True, vertical_alignment="center"):
        page_link("job_map", tr("Job map"), ":material/map:")
        if view.may(Action.SAVE_PREMISES):
            _form(view, None)
    rooms = rooms.sort_values(["use", "code"], key=lambda own: own.map(_order) if own.name == "use" else own)
    shown = rooms.assign(
        step_free=[("" if pd.isna(ok) else tr("yes") if ok else tr("no")) for ok in rooms["step_free"]]
    )
    picked = drilldown.table(
        view, shown[COLUMNS], tr("Premises"), height=460, select=True, first=["name", "use", "possible_stations"]
    )
    if picked is not None and view.may(Action.SAVE_PREMISES):
        own = cache.businesses.premises(view.revision)
        _form(view, own[own["id"] == picked["id"].iloc[0]].iloc[0])


def _order(use: str) -> int:
    return PremisesUse.of(use).order


def _form(view: View, row: pd.Series | None) -> None:
    tr = view.tr
    communities = cache.overview.facts(view.revision).communities
    known = {name: None if pd.isna(value) else value for name, value in row.items()} if row is not None else {}
    key = Key.PREMISES_FORM.of("new" if row is None else int(row["id"]))
    title = tr("Enter premises") if row is None else tr("Change these premises")
    with st.popover(title, icon=":material/meeting_room:"), st.form(key, border=False):
        values = _fields(view, known, communities)
        if st.form_submit_button(tr("Save"), type="primary"):
            save(
                view,
                Action.SAVE_PREMISES,
                lambda change: save_premises(
                    change,
                    values,
                    premises_id=None if row is None else int(row["id"]),
                    version=None if row is None else int(row["version"]),
                ),
            )


def _fields(view: View, known: dict[str, Any], communities: pd.DataFrame) -> dict[str, Any]:
    """The values as filled in."""
    tr = view.tr
    ids = [int(key) for key in communities["id"]]
    names = dict(zip(ids, communities["name"], strict=True))
    kinds, uses = list(PremisesKind), list(PremisesUse)
    left, right = st.columns(2)
    code = left.text_input(tr("Code"), known.get("code") or "", **at_most(tr, 20))
    name = right.text_input(tr("Name"), known.get("name") or "", **at_most(tr, 60))
    kind = left.selectbox(
        tr("Kind"), kinds, kinds.index(PremisesKind.of(known["kind"])) if "kind" in known else 0, format_func=tr.term
    )
    use = right.selectbox(
        tr("Use"),
        uses,
        uses.index(PremisesUse.of(known["use"])) if known.get("use") else None,
        format_func=tr.term,
        placeholder=tr("by its kind"),
    )
    community = left.selectbox(
        tr("Community"),
        ids,
        ids.index(int(known["community_id"])) if "community_id" in known else 0,
        format_func=lambda key: tr.name(names[key]),
    )
    open_to = right.text_input(tr("Who may use it"), known.get("open_to") or "", **at_most(tr, 120))
    area = left.number_input(tr("Floor area, square metres"), 0.0, value=known.get("area_m2"), format="%g")
    stations = right.number_input(tr("Stations that fit"), 0, 10_000, _whole(known.get("possible_stations")))
    power = left.number_input(tr("Electric load, kilowatts"), 0.0, value=known.get("power_kw"), format="%g")
    step_free = right.selectbox(
        tr("Step-free"),
        [True, False],
        None if known.get("step_free") is None else (0 if known["step_free"] else 1),
        format_func=lambda ok: tr("yes") if ok else tr("no"),
        placeholder=tr("unknown"),
    )
    lon = left.number_input(tr("Longitude"), -180.0, 180.0, known.get("lon"), format="%.6f")
    lat = right.number_input(tr("Latitude"), -90.0, 90.0, known.get("lat"), format="%.6f")
    return {
        "code": code,
        "name": name,
        "kind": kind,
        "use": use,
        "community_id": community,
        "open_to": open_to.strip() or None,
        "area_m2": area,
        "possible_stations": stations,
        "power_kw": power,
        "step_free": step_free,
        "lon": lon,
        "lat": lat,
    }


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value))
