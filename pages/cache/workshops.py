"""Caches of micro-workshops."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from core.people import queries as people_queries
from core.store import settings
from core.workshops import loading, nearby, queries
from core.workshops.roster import roster_of, shift_workers
from core.workshops.staffing import Roster, Worker
from core.workshops.states import WorkshopState, workshop_states
from pages.cache.people import intentions, people
from pages.cache.store import cached, cached_query, database, parameters

products = cached_query(queries.products)
idle_premises = cached_query(queries.idle_premises)
person_skills = cached_query(people_queries.person_skills)
product_skills = cached_query(queries.product_skills)


@cached
def states(revision: int, today: date) -> list[WorkshopState]:
    with database().read() as connection:
        rows = loading.load(connection, today)
    return workshop_states(rows, today)


@st.cache_resource(show_spinner=False, max_entries=40)
def candidates(revision: int, today: date, workshop: int) -> pd.DataFrame:
    state = next(s for s in states(revision, today) if s.key == workshop)
    table = parameters(revision)
    return nearby.candidates(
        people(revision, today),
        person_skills(revision),
        product_skills(revision),
        intentions(revision),
        products=state.wanted_products,
        place=(state.lon, state.lat),
        walk=(
            settings.parameter(table, "walk_metres_per_minute", today),
            settings.parameter(table, "detour_factor", today),
        ),
    )


@st.cache_resource(show_spinner=False, max_entries=40)
def roster(revision: int, today: date, workshop: int) -> tuple[list[Worker], Roster]:
    state = next(s for s in states(revision, today) if s.key == workshop)
    _, workers = shift_workers(state, intentions(revision), person_skills(revision))
    return workers, roster_of(state, workers)
