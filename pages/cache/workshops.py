"""Caches of micro-workshops."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from core.people import queries as people_queries
from core.store import settings
from core.workshops import nearby as workshop_nearby
from core.workshops import queries as workshops_queries
from core.workshops import roster as workshop_roster_of
from core.workshops import status as workshop_status
from core.workshops.staffing import Roster, Worker
from pages.cache.people import people
from pages.cache.store import cached, database, parameters


@cached
def workshop_states(revision: int, today: date) -> list[workshop_status.State]:
    with database().read() as connection:
        floor = workshop_status.Floor(
            workshops_queries.workshops(connection),
            workshops_queries.weeks(connection, today),
            workshops_queries.outputs(connection, today),
            workshops_queries.orders(connection, today),
            workshops_queries.roll(connection, today),
            people_queries.person_skills(connection),
            workshops_queries.product_skills(connection),
            workshops_queries.received(connection, today),
        )
    return workshop_status.survey(floor, today)


@cached
def products(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return workshops_queries.products(connection)


@cached
def idle_premises(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return workshops_queries.idle_premises(connection)


@st.cache_resource(show_spinner=False, max_entries=40)
def workshop_candidates(revision: int, today: date, workshop: int) -> pd.DataFrame:
    state = next(s for s in workshop_states(revision, today) if s.key == workshop)
    table = parameters(revision)
    walk = (
        settings.parameter(table, "walk_metres_per_minute", today),
        settings.parameter(table, "detour_factor", today),
    )
    with database().read() as connection:
        skills, intentions = people_queries.person_skills(connection), people_queries.intentions(connection)
        wanted = workshops_queries.product_skills(connection)
    who, place = people(revision, today), (state.lon, state.lat)
    return workshop_nearby.candidates(who, skills, wanted, intentions, state.wanted_products, place, walk)


@st.cache_resource(show_spinner=False, max_entries=40)
def workshop_roster(revision: int, today: date, workshop: int) -> tuple[list[Worker], Roster]:
    state = next(s for s in workshop_states(revision, today) if s.key == workshop)
    with database().read() as connection:
        skills, intentions = people_queries.person_skills(connection), people_queries.intentions(connection)
    _, workers = workshop_roster_of.shift_workers(state, intentions, skills)
    return workers, workshop_roster_of.roster_of(state, workers)


@cached
def workshop_roll_skills(revision: int) -> pd.DataFrame:
    with database().read() as connection:
        return people_queries.person_skills(connection)
