"""Who is offered a workshop's seats: every limit of matching holds, nobody is offered twice, and a gap has its reasons."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from core.locale import translator
from core.matching.inputs.loading import load as load_pool
from core.store.database import Database
from core.store.schema import (
    Accommodation,
    Employer,
    Intention,
    Job,
    Person,
    Referral,
    WorkshopWeek,
)
from core.terms import AccommodationKind, EmployerKind, JobForm, ReferralState
from core.workshops import queries
from core.workshops.seat_offers import SeatOffers, seat_offers
from core.workshops.states import workshop_states
from tests.core.workshops.factories import TODAY, fill
from tests.core.workshops.test_states import workshop_rows

SKILLED = 10  # of the 20 people who seek work, every second one sews


@pytest.fixture
def shops(db: Database) -> Database:
    """Three workshops that pay 25 yuan for an hour attended; 20 seekers 130 m to 2 km away."""
    fill(db)
    with db.write() as session:
        session.execute(update(WorkshopWeek).values(labour_cost=WorkshopWeek.hours * 25))
    return db


def offers(db: Database, **asked: int) -> dict[int, SeatOffers]:
    """Offers by workshop id; ``asked`` as w1=…, w2=…"""
    states = workshop_states(workshop_rows(db), TODAY)
    with db.read() as connection:
        pool, skills = load_pool(connection, TODAY), queries.product_skills(connection)
    return seat_offers(pool, states, skills, {int(k[1:]): n for k, n in asked.items()})


def reasons(seats: SeatOffers) -> dict[str, int]:
    return {r.label: r.people for r in seats.reasons if r.people}


def seekers(db: Database) -> list[int]:
    """Ids of those who sew, in order."""
    with db.read() as connection:
        rows = connection.execute(Person.__table__.select().where(Person.name.startswith("求职者")).order_by(Person.id))
        return [row.id for row in rows if int(row.name.removeprefix("求职者")) % 2]


def test_as_many_as_asked_and_no_reason_is_needed(shops: Database) -> None:
    seats = offers(shops, w1=0, w2=4, w3=0)[2]
    assert (seats.asked, len(seats.people), seats.missing) == (4, 4, 0)
    assert seats.why_not(translator("en")) == ""
    assert (seats.people["skills"] == "K32").all()
    assert seats.people["minutes"].is_monotonic_increasing  # all of one level


def test_a_gap_names_its_reasons_and_they_add_up_to_the_seekers(shops: Database) -> None:
    """15 asked, ten sew: five missing, because ten others master no skill of the orders."""
    seats = offers(shops, w1=0, w2=15, w3=0)[2]
    assert (len(seats.people), seats.missing, seats.seekers) == (SKILLED, 5, 20)
    assert reasons(seats) == {"master no skill of the orders": 10}
    for lang in ("en", "zh_CN"):
        text = seats.why_not(translator(lang))
        assert "10" in text
        assert "{" not in text


def test_nobody_is_offered_two_seats(shops: Database) -> None:
    seats = offers(shops, w1=0, w2=7, w3=7)
    everyone = [p for o in seats.values() for p in o.people["person_id"]]
    assert len(everyone) == len(set(everyone)) == SKILLED  # most people first: no seat stays empty for a better one
    short = next(o for o in seats.values() if o.missing)
    assert reasons(short)["offered a seat in another workshop"] == SKILLED - len(short.people)


def test_below_the_hourly_floor_nobody_is_offered_a_seat(shops: Database) -> None:
    with shops.write() as session:
        session.execute(
            update(WorkshopWeek).where(WorkshopWeek.workshop_id == 2).values(labour_cost=WorkshopWeek.hours * 21.9)
        )
    seats = offers(shops, w1=0, w2=4, w3=0)[2]
    assert seats.people.empty
    assert reasons(seats)["Legal minimum pay"] == SKILLED


def test_stated_hours_pay_and_own_limits_rule_a_seat_out(shops: Database) -> None:
    """Weekends only; at least 9,000 yuan; five minutes' walk at most; seated work of which the workshop says nothing."""
    weekend, pay, close, seated = seekers(shops)[:4]
    with shops.write() as session:
        edits = {
            weekend: {"available_days": "0000011", "available_from": "08:00", "available_to": "18:00"},
            pay: {"reserve_pay": 9000},
            close: {"max_commute_min": 1},
        }
        for person, values in edits.items():
            session.execute(update(Intention).where(Intention.person_id == person).values(**values))
        session.add(Accommodation(person_id=seated, kind=AccommodationKind.SEATED))
    seats = offers(shops, w1=0, w2=10, w3=0)[2]
    assert not {weekend, pay, close, seated} & set(seats.people["person_id"])
    assert len(seats.people) == SKILLED - 4
    shown = reasons(seats)
    assert {shown[k] for k in ("Available hours", "Lowest acceptable pay", "Longest commute")} == {1}
    assert shown["a limit must be checked first"] == 1


def opening(db: Database, person: int, state: ReferralState, seated: bool | None = None) -> None:
    """An opening of the second workshop with one referral."""
    with db.write() as session:
        operator = Employer(name="服务社", kind=EmployerKind.WORKSHOP)
        session.add(operator)
        session.flush()
        job = Job(employer_id=operator.id, title="缝纫工", posted_on=date(2025, 12, 1), openings=2, workshop_id=2,
                  form=JobForm.FULL_TIME, seated=seated)  # fmt: skip
        session.add(job)
        session.flush()
        session.add(Referral(person_id=person, job_id=job.id, recommended_on=date(2025, 12, 5), state=state))


def test_somebody_with_a_live_recommendation_is_not_offered_another(shops: Database) -> None:
    person = seekers(shops)[0]
    opening(shops, person, ReferralState.INTERVIEW)
    seats = offers(shops, w1=0, w2=10, w3=0)[2]
    assert person not in set(seats.people["person_id"])
    assert reasons(seats)["already recommended to an opening"] == 1


def test_somebody_who_declined_the_workshop_is_not_asked_again(shops: Database) -> None:
    person = seekers(shops)[0]
    opening(shops, person, ReferralState.DECLINED)
    seats = offers(shops, w1=0, w2=10, w3=10)
    assert person not in set(seats[2].people["person_id"])
    assert reasons(seats[2])["Not refused before"] == 1
    assert person in set(seats[3].people["person_id"])


def test_what_the_workshops_own_opening_says_of_the_work_holds_for_a_seat(shops: Database) -> None:
    first, other = seekers(shops)[:2]
    opening(shops, other, ReferralState.DECLINED, seated=True)
    with shops.write() as session:
        session.add(Accommodation(person_id=first, kind=AccommodationKind.SEATED))
    assert first in set(offers(shops, w1=0, w2=10, w3=0)[2].people["person_id"])


def test_without_workshops_there_are_no_offers(db: Database) -> None:
    assert offers(db) == {}
