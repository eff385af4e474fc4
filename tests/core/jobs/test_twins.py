from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select

from core.jobs import queries
from core.jobs.commands import LIVE
from core.jobs.openings import queries as opening_queries
from core.jobs.twins.commands import PairProblem, PairRefused, keep_apart, merge_openings, undo_decision
from core.jobs.twins.compare import FACTS, bare_employer, bare_title, probable_twins
from core.policy import Action, Refused
from core.store.commands import Change, command
from core.store.database import Database
from core.store.schema import Event, EventIntent, Job, JobPair, JobSkill, JobSource, Placement, Referral
from core.terms import (
    AccountRole,
    Agreement,
    Channel,
    EventTheme,
    JobForm,
    JobStatus,
    OpeningSource,
    PayKind,
    ReferralState,
    Shift,
)
from tests.accesses import acting
from tests.core.factories import NOW, TODAY, communities, employer, job, person

A, D, U = Agreement.AGREES, Agreement.DIFFERS, Agreement.UNKNOWN
NO_TIMES = pd.DataFrame({"employer_id": [], "rate": [], "standard_minutes": []})
FIRST: dict[str, Any] = {
    "id": 1,
    "employer_id": 1,
    "employer": "济宁壮志天上商贸有限公司",
    "title": "缝纫工",
    "community_id": 4,
    "shift": Shift.DAY.value,
    "weekly_hours": 40.0,
    "pay_kind": PayKind.MONTH.value,
    "form": JobForm.FULL_TIME.value,
    "pay_min": 3000.0,
    "pay_max": 4800.0,
    "rate": float("nan"),
}


def do(db: Database, work, role: AccountRole = AccountRole.DISPATCHER):  # type: ignore[no-untyped-def]
    with command(db, actor=acting(role), action=Action.DECIDE_TWINS, at=NOW) as change:
        return work(change)


def twins(other: dict[str, Any], codes: tuple[str | None, str | None] = (None, None), **options: Any) -> pd.DataFrame:
    """The pair of ``FIRST`` and ``other``, if it is a probable one."""
    openings = pd.DataFrame([FIRST, {**FIRST, "id": 2, **other}])
    employers = pd.DataFrame({"id": [1, 2], "credit_code": list(codes)})
    return probable_twins(openings, employers, NO_TIMES, **options)


@pytest.mark.parametrize(
    ("other", "codes", "facts"),
    [
        ({}, (None, None), (A, A, A, A, A)),
        ({"title": "急招缝纫工（2名）"}, (None, None), (A, A, A, A, A)),
        ({"employer_id": 2, "employer": "壮志天上"}, (None, None), (A, A, A, A, A)),
        ({"employer_id": 2, "employer": "另一个名字"}, ("X", "X"), (A, A, A, A, A)),
        ({"community_id": None}, (None, None), (A, A, U, A, A)),
        ({"community_id": 5}, (None, None), (A, A, D, A, A)),
        ({"pay_min": 4800.0, "pay_max": 6000.0}, (None, None), (A, A, A, A, A)),
        ({"pay_min": 4801.0, "pay_max": 6000.0}, (None, None), (A, A, A, D, A)),
        ({"pay_min": None, "pay_max": None}, (None, None), (A, A, A, U, A)),
        ({"shift": Shift.SCHOOL_HOURS.value}, (None, None), (A, A, A, A, D)),
        ({"shift": None, "weekly_hours": 43.0}, (None, None), (A, A, A, A, A)),
        ({"shift": None, "weekly_hours": None}, (None, None), (A, A, A, A, U)),
    ],
)
def test_each_fact_of_a_probable_twin_agrees_differs_or_is_unknown(
    other: dict[str, Any], codes: tuple[str | None, str | None], facts: tuple[Agreement, ...]
) -> None:
    table = twins(other, codes)

    assert [tuple(row) for row in table[["first_id", "second_id", *FACTS]].to_numpy()] == [(1, 2, *facts)]


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        ({"title": "裁剪工"}, (None, None)),
        ({"employer_id": 2, "employer": "惠万家超市"}, (None, None)),
        ({"employer_id": 2}, ("X", "Y")),  # one name, two licences
        ({"community_id": 5, "pay_min": 5000.0, "pay_max": 6000.0}, (None, None)),
    ],
)
def test_openings_that_differ_in_what_counts_are_no_twins(
    other: dict[str, Any], codes: tuple[str | None, str | None]
) -> None:
    assert twins(other, codes).empty


def test_a_pair_that_was_kept_apart_is_not_proposed_again() -> None:
    assert twins({}, apart={(1, 2)}).empty


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("保洁员", "保洁人员", True),
        ("【急招】保洁", "保洁工（包住）", True),
        ("理货员", "夜班理货员", False),
        ("工", "员", False),
    ],
)
def test_titles_are_compared_without_what_advertises_them(one: str, other: str, are_same: bool) -> None:
    assert (bare_title(one) == bare_title(other)) is are_same
    assert bare_title(one)
    assert bare_employer("有限公司") == "有限公司"


# -- decisions -----------------------------------------------------------------------------------

TABLES = (Job, JobSkill, JobSource, Referral, Placement, EventIntent)


def rows(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables that a merge touches, without the counter of edits."""
    with db.read() as connection:
        return {
            table.__tablename__: [
                tuple(row)
                for row in connection.execute(
                    select(*(c for c in table.__table__.c if c.key != "version")).order_by(table.__table__.c.id)
                )
            ]
            for table in TABLES
        }


@pytest.fixture
def store(db: Database) -> Database:
    """Thirty openings of three employers with sources, skills, recommendations, starts and intents hanging on them."""
    rng = random.Random(7)
    with db.write() as session:
        places = communities(session)
        bosses = [employer(session, name) for name in ("甲", "乙", "丙")]
        people = [person(session, f"人{n}") for n in range(12)]
        session.add(Event(name="招聘会", held_on=TODAY, theme=EventTheme.GENERAL))
        session.flush()
        for n in range(30):
            number = job(
                session,
                bosses[n % 3],
                f"岗位{n // 3}",
                openings=rng.randint(1, 4),
                community_id=rng.choice([*places, None]),
                duties=rng.choice(["保洁", None]),
                pay_min=rng.choice([2600.0, None]),
                pay_max=None,
                pay_kind=rng.choice([PayKind.MONTH, None]),
                confirmed_on=rng.choice([TODAY, None]),
                seated=rng.choice([True, False, None]),
                skills=(("K13", 2, 3, True),) if rng.random() < 0.5 else (),
            )
            session.add(
                JobSource(
                    job_id=number, source=OpeningSource.PLATFORM, platform="邻聘网", number=str(n), leads=n % 4 > 0
                )
            )
            for who in rng.sample(people, 3):
                state = rng.choice(list(ReferralState))
                session.add(Referral(person_id=who, job_id=number, state=state, recommended_on=TODAY))
            if n < len(people):
                start = TODAY - timedelta(days=n)
                session.add(Placement(person_id=people[n], started_on=start, channel=Channel.OTHER, job_id=number))
                session.add(EventIntent(event_id=1, person_id=people[n], employer_id=bosses[n % 3], job_id=number))
    return db


def recommended_twice(db: Database) -> list[tuple[int, int]]:
    """(person, kept opening) of whoever has two recommendations under way for what is one opening."""
    with db.read() as connection:
        kept = {row.id: row.merged_into_id for row in connection.execute(select(Job.id, Job.merged_into_id))}
        live = connection.execute(select(Referral.person_id, Referral.job_id).where(Referral.state.in_(LIVE))).all()
    pairs = []
    for who, opening in live:
        while kept[opening] is not None:
            opening = kept[opening]
        pairs.append((who, opening))
    return [pair for pair, n in Counter(pairs).items() if n > 1]


def test_two_hundred_merges_undone_leave_every_row_as_it_was(store: Database) -> None:
    rng = random.Random(11)
    before = rows(store)

    def merge_some(change: Change) -> list[int]:
        live = list(range(1, 31))
        decisions = []
        for _ in range(20):
            kept, other = rng.sample(live, 2)
            live.remove(other)
            decisions.append(merge_openings(change, kept, other, free=rng.randint(0, 3), today=TODAY))
        return decisions

    for _ in range(10):
        decisions = do(store, merge_some)
        merged = rows(store)
        assert not recommended_twice(store)
        assert merged != before
        assert {name: len(table) for name, table in merged.items()} == {n: len(t) for n, t in before.items()}
        do(store, lambda c, all_of=decisions: [undo_decision(c, decision) for decision in reversed(all_of)])
        assert rows(store) == before


def test_a_merge_fills_gaps_moves_what_hangs_on_it_and_keeps_every_source(db: Database) -> None:
    with db.write() as session:
        communities(session)
        boss = employer(session)
        both, one = person(session, "甲"), person(session, "乙")
        for number, values in enumerate(
            ({"duties": None, "community_id": 1}, {"duties": "缝制", "community_id": 2, "confirmed_on": TODAY}), 1
        ):
            job(session, boss, "缝纫工", posted_on=TODAY - timedelta(days=number), openings=2, **values)
            session.add(JobSource(job_id=number, source=OpeningSource.PLATFORM, platform=f"平台{number}", number="1"))
            session.add(Referral(person_id=both, job_id=number, state=ReferralState.RECOMMENDED, recommended_on=TODAY))
        session.add(Referral(person_id=one, job_id=2, state=ReferralState.STARTED, recommended_on=TODAY))

    do(db, lambda c: merge_openings(c, 1, 2, free=1, today=TODAY))

    with db.read() as connection:
        jobs = queries.jobs(connection).set_index("id")
        sources = opening_queries.sources(connection)
        referrals = queries.referrals(connection)
        assert queries.seats_left(connection, 1) == 1
    kept, gone = jobs.loc[1], jobs.loc[2]
    assert (kept["duties"], kept["community_id"], kept["confirmed_on"]) == ("缝制", 1, pd.Timestamp(TODAY))
    assert (gone["status"], gone["merged_into_id"]) == (JobStatus.CLOSED, 1)
    assert list(zip(sources["platform"], sources["job_id"], sources["leads"], strict=True)) == [
        ("平台1", 1, True),
        ("平台2", 1, False),
    ]
    assert list(zip(referrals["person_id"], referrals["job_id"], strict=True)) == [(both, 1), (both, 2), (one, 1)]


def test_decisions_are_taken_once_in_order_and_by_dispatchers(store: Database) -> None:
    def problem(work, role: AccountRole = AccountRole.DISPATCHER) -> PairProblem:  # type: ignore[no-untyped-def]
        with pytest.raises(PairRefused) as refused:
            do(store, work, role)
        return refused.value.problem

    apart = do(store, lambda c: keep_apart(c, 2, 1))
    assert problem(lambda c: merge_openings(c, 1, 2, free=1, today=TODAY)) is PairProblem.DECIDED
    do(store, lambda c: undo_decision(c, apart))
    assert problem(lambda c: undo_decision(c, apart)) is PairProblem.UNDONE
    first = do(store, lambda c: merge_openings(c, 1, 2, free=1, today=TODAY))
    assert problem(lambda c: keep_apart(c, 2, 3)) is PairProblem.MERGED
    do(store, lambda c: merge_openings(c, 3, 1, free=1, today=TODAY))
    assert problem(lambda c: undo_decision(c, first)) is PairProblem.MERGED_SINCE
    assert problem(lambda c: keep_apart(c, 3, 3)) is PairProblem.ONE
    with pytest.raises(Refused):
        do(store, lambda c: keep_apart(c, 3, 4), AccountRole.ENTERPRISE_OFFICER)
    with store.write() as session:
        assert session.query(JobPair).count() == 3


def test_what_somebody_wrote_after_a_merge_stays_when_it_is_undone(store: Database) -> None:
    with store.write() as session:
        session.get_one(Job, 1).duties = None
        session.get_one(Job, 2).duties = "保洁"
    pair = do(store, lambda c: merge_openings(c, 1, 2, free=1, today=TODAY))
    do(store, lambda c: c.edit(Job, 1, {"duties": "楼道保洁"}))
    do(store, lambda c: undo_decision(c, pair))
    with store.write() as session:
        assert session.get_one(Job, 1).duties == "楼道保洁"
