"""Work entered by mistake is taken back, and everything that came with its entry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.indicators import populations
from core.indicators.facts import load
from core.jobs import queries
from core.jobs.commands import (
    advance,
    change_pay,
    end_placement,
    hire,
    recommend,
    record_follow_up,
    start_placement,
)
from core.jobs.removal.commands import RemovalProblem, RemovalRefused, remove_placement
from core.people.record.commands import RecordProblem, RecordRefused, correct_state
from core.policy import Access, Action, Refused
from core.store.commands import Conflict, NotFound, command
from core.store.database import Database
from core.store.schema import (
    AuditEvent,
    Base,
    FollowUp,
    Job,
    PersonCorrection,
    PersonStateSpell,
    Placement,
    Referral,
    WelfarePost,
)
from core.terms import AccountRole, Channel, ExitReason, FollowUpResult, PersonState, ReferralState, Registration
from tests.accesses import acting, caseworker
from tests.core.factories import NOW, TODAY, communities, employer, job, person

PARTS: tuple[type[Base], ...] = (Job, PersonStateSpell, Placement, Referral, WelfarePost)
START = TODAY - timedelta(days=10)


class Store:
    """Somebody on a welfare post with offers of two jobs; commands follow each other by a minute."""

    def __init__(self, db: Database) -> None:
        self.db, self.now = db, NOW
        with db.write() as session:
            place = communities(session)[0]
            boss = employer(session)
            self.person = person(session, state=PersonState.ON_POST, community_id=place)
            for title in ("缝纫工", "钩织工"):
                job(session, boss, title)
            begun = TODAY - timedelta(days=900)
            post = {"kind": Registration.URBAN, "started_on": begun, "ends_on": begun + timedelta(days=1000)}
            session.add(WelfarePost(person_id=self.person, **post))
        self.offers = [
            self.do(Action.RECOMMEND, lambda c, n=n: recommend(c, person_id=self.person, job_id=n, today=START))
            for n in (1, 2)
        ]
        for offer in self.offers:
            self.do(Action.ADVANCE_REFERRAL, lambda c, o=offer: advance(c, o, ReferralState.OFFERED, today=START))

    def do(self, action: Action, work: Any, access: Access | None = None) -> Any:
        self.now += timedelta(minutes=1)
        with command(self.db, actor=access or caseworker(), action=action, at=self.now) as change:
            return work(change)

    def start(self) -> int:
        values: dict[str, Any] = {"channel": Channel.SELF_EMPLOYED, "started_on": START, "today": TODAY}
        return int(self.do(Action.RECORD_PLACEMENT, lambda c: start_placement(c, self.person, **values)))

    def remove(
        self, placement: int, version: int = 1, reason: str = "录到他人名下", access: Access | None = None
    ) -> None:
        work = {"version": version, "reason": reason, "today": TODAY}
        self.do(Action.REMOVE_PLACEMENT, lambda c: remove_placement(c, placement, **work), access)

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """What is on record, without versions."""
        with self.db.read() as connection:
            return {
                t.__tablename__: [
                    {name: value for name, value in row.items() if name != "version"}
                    for row in connection.execute(select(t.__table__).order_by(t.__table__.c.id)).mappings()
                ]
                for t in PARTS
            }

    def count(self, table: type[Base]) -> int:
        with self.db.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(table.__table__)) or 0)

    def re_employed(self) -> int:
        with self.db.read() as connection:
            return len(populations.re_employed(load(connection)))


@pytest.fixture
def store(db: Database) -> Store:
    return Store(db)


def test_work_found_without_a_recommendation_goes_with_state_and_post(store: Store) -> None:
    before = store.rows()
    work = store.start()
    assert store.re_employed() == 1

    store.remove(work)

    assert store.rows() == before
    assert store.re_employed() == 0
    with store.db.read() as connection:
        t = AuditEvent
        [event] = connection.execute(
            select(t.before, t.after).where(t.action == "remove_placement", t.entity == "placement")
        )
        assert connection.execute(select(PersonCorrection.subject, PersonCorrection.reason)).all() == [
            ("placement", "录到他人名下")
        ]
    assert (event.before["started_on"], event.after) == (START.isoformat(), None)


def test_a_hire_gives_its_seat_back_and_the_recommendations_stand_where_they_stood(store: Store) -> None:
    before = store.rows()
    work = store.do(Action.ADVANCE_REFERRAL, lambda c: hire(c, store.offers[0], started_on=START, today=TODAY))
    with store.db.read() as connection:
        assert queries.seats_left(connection, 1) == 0

    store.remove(work)

    assert store.rows() == before
    with store.db.read() as connection:
        assert queries.seats_left(connection, 1) == 1


def test_pay_and_end_that_were_recorded_since_go_too(store: Store) -> None:
    before = store.rows()
    work = store.start()
    pay = {"monthly_pay": 2600.0, "weekly_hours": 40.0, "version": 1}
    store.do(Action.RECORD_PLACEMENT, lambda c: change_pay(c, work, **pay))
    end = {"ended_on": TODAY, "reason": ExitReason.RESIGNED, "version": 2}
    store.do(Action.RECORD_PLACEMENT, lambda c: end_placement(c, work, **end))

    store.remove(work, version=3)

    assert store.rows() == before


def test_what_somebody_corrected_since_stays(store: Store) -> None:
    work = store.start()
    state = next(row for row in store.rows()["person_state"] if row["since"] == START)
    new = {"state": PersonState.UNREACHABLE, "since": START, "version": 1, "reason": "失联", "today": TODAY}
    store.do(Action.CHANGE_STATE, lambda c: correct_state(c, state["id"], **new))

    store.remove(work)

    assert store.count(Placement) == 0
    assert [row["state"] for row in store.rows()["person_state"]][-1] is PersonState.UNREACHABLE


def test_work_stays_that_was_followed_up_or_came_with_a_sheet(store: Store) -> None:
    work = store.start()
    result = FollowUpResult.IN_WORK
    store.do(Action.RECORD_FOLLOW_UP, lambda c: record_follow_up(c, work, result, followed_on=TODAY))
    with store.db.write() as session:
        sheet = Placement(person_id=store.person, started_on=TODAY, channel=Channel.SELF_EMPLOYED)
        session.add(sheet)
        session.flush()
        imported = sheet.id
    before = store.rows()

    for placement, problem in ((work, RemovalProblem.FOLLOWED_UP), (imported, RemovalProblem.NOT_BY_HAND)):
        with pytest.raises(RemovalRefused) as refused:
            store.remove(placement)
        assert refused.value.problem is problem
    assert store.rows() == before
    assert store.count(FollowUp) == 1


def test_work_stays_after_which_a_welfare_post_has_begun(store: Store) -> None:
    """Without it the post that it ended would run beside the new one."""
    work = store.start()
    end = {"ended_on": TODAY - timedelta(days=2), "reason": ExitReason.RESIGNED, "version": 1}
    store.do(Action.RECORD_PLACEMENT, lambda c: end_placement(c, work, **end))
    with store.db.write() as session:
        post = {"kind": Registration.URBAN, "started_on": TODAY, "ends_on": TODAY + timedelta(days=300)}
        session.add(WelfarePost(person_id=store.person, **post))
    before = store.rows()

    with pytest.raises(RemovalRefused) as refused:
        store.remove(work, version=2)

    assert refused.value.problem is RemovalProblem.POST_SINCE
    assert store.rows() == before


def test_nobody_removes_without_reason_right_or_the_newest_version(store: Store) -> None:
    work = store.start()

    with pytest.raises(RecordRefused) as refused:
        store.remove(work, reason=" ")
    assert refused.value.problem is RecordProblem.NO_REASON
    with pytest.raises(Conflict):
        store.remove(work, version=2)
    with pytest.raises(NotFound):
        store.remove(work, access=caseworker(communities=[2]))
    with pytest.raises(Refused):
        store.remove(work, access=acting(AccountRole.LEADER))
    assert store.count(Placement) == 1
