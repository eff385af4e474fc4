from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest

from core.jobs import queries
from core.jobs.commands import (
    TRANSITIONS,
    AlreadyRecommended,
    JobNotOpen,
    NoSeatLeft,
    PairRefused,
    StartsTooLate,
    StepNotAllowed,
    advance,
    hire,
    recommend,
    record_follow_up,
    refuse,
)
from core.people import queries as people_queries
from core.policy import Action
from core.store.commands import Change, Conflict, NotFound, command
from core.store.database import Database
from core.store.schema import AuditEvent, FollowUp, FollowUpDifficulty, Job, Placement, Referral, WelfarePost
from core.terms import (
    Channel,
    Difficulty,
    EmployerKind,
    ExitReason,
    FollowUpResult,
    JobStatus,
    PersonState,
    ReferralState,
    RefusalReason,
    Registration,
)
from tests.accesses import dispatcher
from tests.core.factories import NOW, TODAY, communities, employer, job, person

S = ReferralState


@pytest.fixture
def store(db: Database) -> Database:
    """Three people, one craft employer, a job with one seat (1) and one with two (2)."""
    with db.write() as session:
        communities(session)
        boss = employer(session, "壮志天上", kind=EmployerKind.CRAFT_ECOMMERCE)
        for name in ("甲", "乙'; DROP", "丙\n丁"):
            person(session, name)
        job(session, boss, "缝纫工", openings=1)
        job(session, boss, "钩织工", openings=2)
    return db


def do(db: Database, work):  # type: ignore[no-untyped-def]
    with command(db, actor=dispatcher("李敏"), action=Action.EDIT_PERSON, at=NOW) as change:
        return work(change)


def offered(db: Database, person_id: int, job_id: int) -> int:
    """A referral that stands at OFFERED."""

    def work(change: Change) -> int:
        referral = recommend(change, person_id=person_id, job_id=job_id, today=TODAY, score=0.8)
        advance(change, referral, S.OFFERED, today=TODAY)
        return referral

    return do(db, work)


def state(db: Database, referral: int) -> ReferralState:
    with db.write() as session:
        return session.get_one(Referral, referral).state


def test_a_recommendation_keeps_who_when_score_and_weights(store: Database) -> None:
    kept = {"sliders": {"skills": 40}, "version": "2024-1"}
    referral = do(store, lambda c: recommend(c, person_id=1, job_id=1, today=TODAY, score=0.73, evidence=kept))
    with store.write() as session:
        row = session.get_one(Referral, referral)
        assert (row.staff, row.recommended_on, row.score, row.evidence) == ("李敏", TODAY, 0.73, kept)
        assert row.state is S.RECOMMENDED
        assert session.query(AuditEvent).count() == 1


def test_a_pair_is_recommended_once(store: Database) -> None:
    first = do(store, lambda c: recommend(c, person_id=1, job_id=1, today=TODAY))
    with pytest.raises(AlreadyRecommended) as error:
        do(store, lambda c: recommend(c, person_id=1, job_id=1, today=TODAY))
    assert (error.value.referral_id, error.value.state) == (first, S.RECOMMENDED)


def test_a_refusal_removes_only_this_pair(store: Database) -> None:
    do(store, lambda c: refuse(c, person_id=1, job_id=1, reason=RefusalReason.DISTANCE, today=TODAY))
    with pytest.raises(PairRefused):
        do(store, lambda c: recommend(c, person_id=1, job_id=1, today=TODAY))
    do(store, lambda c: recommend(c, person_id=1, job_id=2, today=TODAY))
    do(store, lambda c: recommend(c, person_id=2, job_id=1, today=TODAY))


def test_a_recommended_person_may_decline_with_a_reason(store: Database) -> None:
    referral = do(store, lambda c: recommend(c, person_id=1, job_id=1, today=TODAY))
    again = do(store, lambda c: refuse(c, person_id=1, job_id=1, reason=RefusalReason.HOURS, today=TODAY))
    assert again == referral
    with store.write() as session:
        assert session.get_one(Referral, referral).refusal_reason is RefusalReason.HOURS
    with pytest.raises(StepNotAllowed):
        do(store, lambda c: refuse(c, person_id=1, job_id=1, reason=RefusalReason.PAY, today=TODAY))


def test_only_allowed_steps_are_taken(store: Database) -> None:
    with store.write() as session:
        session.add(Referral(person_id=1, job_id=2, state=S.RECOMMENDED, recommended_on=TODAY))
    for start in S:
        for to in set(S) - {S.STARTED}:
            with store.write() as session:
                session.get_one(Referral, 1).state = start
            if to in TRANSITIONS[start]:
                do(store, lambda c, to=to: advance(c, 1, to, today=TODAY))
                assert state(store, 1) is to
            else:
                with pytest.raises(StepNotAllowed):
                    do(store, lambda c, to=to: advance(c, 1, to, today=TODAY))
                assert state(store, 1) is start


def test_a_step_on_an_old_version_is_a_conflict(store: Database) -> None:
    referral = do(store, lambda c: recommend(c, person_id=1, job_id=1, today=TODAY))
    do(store, lambda c: advance(c, referral, S.INTERVIEW, today=TODAY, version=1))
    with pytest.raises(Conflict):
        do(store, lambda c: advance(c, referral, S.OFFERED, today=TODAY, version=1))
    assert state(store, referral) is S.INTERVIEW


def test_a_hire_places_the_person_takes_the_seat_and_closes_other_offers(store: Database) -> None:
    first, other = offered(store, 1, 1), offered(store, 1, 2)
    with store.write() as session:
        session.add(
            WelfarePost(
                person_id=1,
                kind=Registration.URBAN,
                started_on=TODAY - timedelta(days=900),
                ends_on=TODAY + timedelta(days=60),
            )
        )
    do(store, lambda c: hire(c, first, started_on=TODAY, today=TODAY, monthly_pay=3100))
    with store.write() as session:
        placement = session.query(Placement).one()
        assert (placement.person_id, placement.job_id, placement.monthly_pay) == (1, 1, 3100)
        assert placement.channel is Channel.ENTERPRISE
        assert session.get_one(Job, 1).status is JobStatus.FILLED
        post = session.query(WelfarePost).one()
        assert (post.exited_on, post.exit_reason) == (TODAY, ExitReason.MOVED_ON)
    assert (state(store, first), state(store, other)) == (S.STARTED, S.CLOSED)
    with store.read() as connection:
        people = people_queries.people(connection, TODAY)
        assert people.loc[people["id"] == 1, "state"].item() == PersonState.EMPLOYED
        assert queries.seats_left(connection, 1) == 0
        assert queries.seats_left(connection, 2) == 2


def test_a_job_stays_open_until_its_last_seat_is_taken(store: Database) -> None:
    for who in (1, 2):
        with store.write() as session:
            assert session.get_one(Job, 2).status is JobStatus.OPEN
        referral = offered(store, who, 2)
        do(store, lambda c, r=referral: advance(c, r, S.STARTED, today=TODAY))
    with store.write() as session:
        assert session.get_one(Job, 2).status is JobStatus.FILLED
    with pytest.raises(JobNotOpen):
        do(store, lambda c: recommend(c, person_id=3, job_id=2, today=TODAY))


def test_nothing_is_kept_of_a_hire_that_fails(store: Database) -> None:
    first, late = offered(store, 1, 1), offered(store, 2, 1)
    do(store, lambda c: hire(c, first, started_on=TODAY, today=TODAY))
    with pytest.raises(NoSeatLeft) as error:
        do(store, lambda c: hire(c, late, started_on=TODAY, today=TODAY))
    assert (error.value.job_id, error.value.openings) == (1, 1)
    assert state(store, late) is S.OFFERED
    with store.write() as session:
        assert session.query(Placement).count() == 1


def test_two_racing_for_the_last_seat_one_wins_and_the_other_is_told(store: Database) -> None:
    referrals = [offered(store, who, 1) for who in (1, 2, 3)]
    together, results = threading.Barrier(3), []

    def race(referral: int) -> None:
        together.wait()
        try:
            do(store, lambda c: hire(c, referral, started_on=TODAY, today=TODAY))
            results.append("hired")
        except NoSeatLeft:
            results.append("told")

    threads = [threading.Thread(target=race, args=(r,)) for r in referrals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["hired", "told", "told"]
    with store.write() as session:
        assert session.query(Placement).count() == 1


def test_a_closed_recommendation_may_be_opened_again(store: Database) -> None:
    referral = do(store, lambda c: recommend(c, person_id=1, job_id=1, today=TODAY))
    do(store, lambda c: advance(c, referral, S.CLOSED, today=TODAY))
    assert do(store, lambda c: recommend(c, person_id=1, job_id=1, today=TODAY, score=0.5)) == referral
    assert state(store, referral) is S.RECOMMENDED


def test_a_start_lies_not_in_the_future_and_unknown_rows_are_told(store: Database) -> None:
    referral = offered(store, 1, 1)
    with pytest.raises(StartsTooLate):
        do(store, lambda c: hire(c, referral, started_on=date(2026, 1, 5), today=TODAY))
    with pytest.raises(NotFound):
        do(store, lambda c: recommend(c, person_id=1, job_id=99, today=TODAY))
    with pytest.raises(NotFound):
        do(store, lambda c: advance(c, 99, S.OFFERED, today=TODAY))
    with store.write() as session:
        session.get_one(Job, 2).openings = 0
    with pytest.raises(NoSeatLeft):
        do(store, lambda c: recommend(c, person_id=1, job_id=2, today=TODAY))


def started(store: Database) -> int:
    """Person 1 at work in job 2 since today; returns the placement."""
    referral = offered(store, 1, 2)
    return int(do(store, lambda change: hire(change, referral, started_on=TODAY, today=TODAY)))


def test_a_follow_up_keeps_the_pay_and_a_second_one_of_the_day_completes_it(store: Database) -> None:
    placement, day = started(store), TODAY + timedelta(days=30)

    do(store, lambda c: record_follow_up(c, placement, FollowUpResult.UNREACHABLE, followed_on=day))
    for hard in ({Difficulty.PAY, Difficulty.HOURS}, {Difficulty.HOURS}):
        do(
            store,
            lambda c, hard=hard: record_follow_up(
                c,
                placement,
                FollowUpResult.IN_WORK,
                followed_on=day,
                monthly_pay=4200.0,
                weekly_hours=36.0,
                difficulties=hard,
            ),
        )

    with store.read() as connection:
        (row,) = connection.execute(FollowUp.__table__.select()).all()
        assert (row.result, row.followed_on, row.monthly_pay) == (FollowUpResult.IN_WORK, day, 4200.0)
        stored = connection.execute(Placement.__table__.select()).one()
        assert (stored.monthly_pay, stored.weekly_hours) == (4200.0, 36.0)
        (kind,) = connection.execute(FollowUpDifficulty.__table__.select()).all()
        assert (kind.follow_up_id, kind.kind) == (row.id, Difficulty.HOURS)
        spells = people_queries.state_spells(connection)
        assert spells.loc[spells["person_id"] == 1, "state"].iloc[-1] == PersonState.EMPLOYED


def test_somebody_who_has_left_seeks_work_again_from_that_day(store: Database) -> None:
    placement, left = started(store), TODAY + timedelta(days=20)

    do(
        store,
        lambda c: record_follow_up(
            c,
            placement,
            FollowUpResult.LEFT,
            followed_on=TODAY + timedelta(days=30),
            left_on=left,
            reason=ExitReason.RESIGNED,
        ),
    )

    with store.read() as connection:
        row = connection.execute(Placement.__table__.select()).one()
        assert (row.ended_on, row.end_reason) == (left, ExitReason.RESIGNED)
        spells = people_queries.state_spells(connection)
        spell = spells[spells["person_id"] == 1].iloc[-1]
        assert (spell["state"], spell["since"].date()) == (PersonState.SEEKING, left)
    with pytest.raises(NotFound):
        do(store, lambda c: record_follow_up(c, 99, FollowUpResult.IN_WORK, followed_on=TODAY))


def test_nobody_leaves_before_the_start(store: Database) -> None:
    placement = started(store)

    with pytest.raises(ValueError, match="before the start"):
        do(
            store,
            lambda c: record_follow_up(
                c, placement, FollowUpResult.LEFT, followed_on=TODAY, left_on=TODAY - timedelta(days=1)
            ),
        )

    with store.read() as connection:
        assert connection.execute(FollowUp.__table__.select()).all() == []
