"""Caches of micro-workshops."""

from __future__ import annotations

from datetime import date

import pandas as pd

from core.geography.plane import TravelMode
from core.indicators.facts import Facts
from core.indicators.populations import exits, re_employed
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import as_weights
from core.people import queries as people_queries
from core.workshops import loading, queries
from core.workshops.figures import weekly_series
from core.workshops.forecast import Forecast, forecast
from core.workshops.ledger import with_facts
from core.workshops.promise import Ask, Offer
from core.workshops.promise import offers as answers
from core.workshops.roll_up import RollUp, quick_skills, roll_up
from core.workshops.roster import WeekRoster, week_roster
from core.workshops.scenario import Played, WorkshopScenario, play
from core.workshops.seat_offers import SeatOffers
from core.workshops.seat_offers import seat_offers as offers_by_workshop
from core.workshops.states import WorkshopRows, WorkshopState, workshop_states
from core.workshops.transfers import Transfer
from core.workshops.transfers import transfers as transfer_proposals
from pages.cache.matching import district, pool
from pages.cache.overview import facts
from pages.cache.people import intentions
from pages.cache.store import cached, cached_query, database

products = cached_query(queries.products)
idle_premises = cached_query(queries.idle_premises)
person_skills = cached_query(people_queries.person_skills)
product_skills = cached_query(queries.product_skills)


@cached
def rows(revision: int, today: date) -> WorkshopRows:
    with database().read() as connection:
        return loading.load(connection, today)


@cached
def states(revision: int, today: date) -> list[WorkshopState]:
    return workshop_states(rows(revision, today), today)


@cached
def transfers(revision: int, today: date) -> list[Transfer]:
    return transfer_proposals(rows(revision, today), states(revision, today), today)


@cached(max_entries=40)
def seat_offers(revision: int, today: date, workshop: int, asked: int | None = None) -> SeatOffers:
    """Offers of one workshop; ``asked`` seats, else as many as it needs and has."""
    return offers_by_workshop(
        pool(revision, today),
        states(revision, today),
        product_skills(revision),
        {} if asked is None else {workshop: asked},
    )[workshop]


@cached
def promises(revision: int, today: date) -> pd.DataFrame:
    """The forecast ledger: promises with the facts known of them."""
    with database().read() as connection:
        table = queries.promises(connection, today)
    return with_facts(table, rows(revision, today).outputs, today)


@cached
def order_codes(revision: int, today: date) -> list[str]:
    """Codes of the year's orders."""
    with database().read() as connection:
        return queries.order_codes(connection, f"DD{today:%Y}-")


@cached(max_entries=100)
def outlook(revision: int, today: date, workshop: int, name: str, product: int | None = None) -> Forecast | None:
    """The forecast of a weekly series of a workshop, of one product or all; None without a complete ordinary week."""
    state = next(s for s in states(revision, today) if s.key == workshop)
    table = weekly_series(state, name, today, product)
    usual = table[~table["festival"].astype(bool)]["value"]
    return None if usual.empty else forecast(usual.tolist())


course_lengths = cached_query(queries.course_lengths)


def _not_re_employed(rows_of_day: Facts) -> set[int]:
    """Ids of the people who left a public-welfare post and found no work since."""
    left, employed = exits(rows_of_day)["person_id"], re_employed(rows_of_day)["person_id"]
    return set(left.astype(int)) - set(employed.astype(int))


@cached
def four_weeks(revision: int, today: date) -> RollUp:
    """Who could start within four weeks, with the balanced weights."""
    return roll_up(
        district(revision, today, TravelMode.WALK),
        states(revision, today),
        product_skills(revision),
        quick_skills(course_lengths(revision), today),
        as_weights(BUILT_IN[0].weights),
        frozenset(_not_re_employed(facts(revision))),
    )


@cached(max_entries=100)
def played(revision: int, today: date, scenario: WorkshopScenario) -> list[Played]:
    """A what-if on the rows of the day: its workshop, then the one to which something moves."""
    return play(scenario, states(revision, today), products(revision).set_index("id"), today)


@cached(max_entries=40)
def offers(revision: int, today: date, product: int, pieces: int, due_on: date, rate: float) -> list[Offer]:
    """What every workshop answers to an order, the best first."""
    known = products(revision).set_index("id").loc[product]
    ask = Ask(pieces, float(known["standard_minutes"]), due_on, rate, product, str(known["name"]))
    return answers(rows(revision, today), states(revision, today), ask)


@cached(max_entries=40)
def roster(revision: int, today: date, workshop: int) -> WeekRoster:
    """The quick proposal for next week."""
    state = next(s for s in states(revision, today) if s.key == workshop)
    return week_roster(state, intentions(revision), person_skills(revision))


approved_rosters = cached_query(queries.approved_rosters)
approved_cells = cached_query(queries.approved_cells)
