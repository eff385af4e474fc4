from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy.orm import Session

from core.access import queries as access_queries
from core.indicators.facts import as_of
from core.indicators.facts import load as load_facts
from core.jobs import queries
from core.jobs.commands import LIVE
from core.jobs.openings import queries as opening_queries
from core.jobs.openings.checks import check_opening
from core.jobs.openings.commands import (
    Need,
    OpeningProblem,
    OpeningRefused,
    Source,
    close_opening,
    confirm_opening,
    edit_opening,
    open_opening,
    pause_opening,
)
from core.jobs.openings.listing import OpeningState, listing
from core.locale import translator
from core.matching.inputs.loading import load as load_pool
from core.policy import Action, Refused
from core.store.commands import Conflict, command
from core.store.database import Database
from core.store.schema import Employer, Job, JobSkill, JobSource, Referral
from core.store.settings import parameters
from core.tasks.due import compute_due
from core.tasks.facts import load as load_tasks
from core.terms import (
    AccountRole,
    ClosingReason,
    JobForm,
    JobStatus,
    OpeningSource,
    PayKind,
    PostField,
    ReferralState,
    Shift,
)
from tests.accesses import acting
from tests.core.factories import NOW, TODAY, communities, employer, job, person

PAID = {"pay_kind": PayKind.MONTH, "pay_min": 2600.0, "pay_max": 3000.0}
VALUES = {
    "title": "保洁员",
    "openings": 3,
    "form": JobForm.FULL_TIME,
    "shift": Shift.DAY,
    "weekly_hours": 40.0,
    "duties": "楼道保洁",
    "field": PostField.PROPERTY,
    **PAID,
}
REGISTERED = Source(OpeningSource.REGISTERED)
NO_TIMES = pd.DataFrame({"employer_id": [], "rate": [], "standard_minutes": []})


@pytest.fixture
def store(db: Database) -> Database:
    """One employer with an opening (1) of four seats."""
    with db.write() as session:
        communities(session)
        boss = employer(session, "惠万家超市", community_id=1)
        job(session, boss, "理货员", openings=4, community_id=1, status_since=TODAY - timedelta(days=20))
        person(session)
    return db


def do(db: Database, work, role: AccountRole = AccountRole.DISPATCHER, action: Action = Action.SAVE_OPENING):  # type: ignore[no-untyped-def]
    with command(db, actor=acting(role), action=action, at=NOW) as change:
        return work(change)


def stored(db: Database, job_id: int) -> Job:
    with Session(db.engine) as session:
        return session.get_one(Job, job_id)


def codes(values: dict[str, object], store: Database) -> dict[str, bool]:
    """Code of each remark on ``VALUES`` with these changes → whether it blocks."""
    with store.read() as connection:
        dated = parameters(connection)
    full = {**VALUES, "posted_on": TODAY, "employer_id": 1, **values}
    return {remark.code: remark.blocks for remark in check_opening(full, NO_TIMES, dated, TODAY)}


@pytest.mark.parametrize(
    ("values", "remarks"),
    [
        ({}, {}),
        ({"duties": "限女性，楼道保洁"}, {"sex": True}),
        ({"title": "保洁员（限本地户口）"}, {"registration": True}),
        ({"duties": "35岁以下，形象好"}, {"age": False, "appearance": False}),
        ({"pay_min": 2209.0}, {"pay_floor": True}),
        ({"pay_min": 2210.0}, {}),
        ({"pay_min": None, "pay_max": None}, {"pay_floor": False}),
        (
            {"pay_kind": PayKind.HOUR, "rate": 21.9, "form": JobForm.PART_TIME, "weekly_hours": 20.0},
            {"pay_floor": True},
        ),
        ({"pay_min": 3100.0}, {"pay_order": True}),
        ({"title": ""}, {"missing": True}),
        ({"closes_on": TODAY - timedelta(days=1)}, {"day_order": True}),
        ({"form": JobForm.PART_TIME, "weekly_hours": 30.0, "pay_min": 3000.0}, {"part_time_week": False}),
        ({"weekly_hours": 48.0}, {"long_week": False}),
    ],
)
def test_what_the_law_forbids_blocks_and_what_may_be_unlawful_warns(
    store: Database, values: dict[str, object], remarks: dict[str, bool]
) -> None:
    assert codes(values, store) == remarks


def test_the_pay_floor_is_that_of_the_day(store: Database) -> None:
    with store.read() as connection:
        dated = parameters(connection)
    values = {**VALUES, "posted_on": date(2025, 9, 1), "employer_id": 1, "pay_min": 2100.0}

    before = check_opening(values, NO_TIMES, dated, date(2025, 9, 30))
    after = check_opening(values, NO_TIMES, dated, date(2025, 10, 1))

    assert [remark.code for remark in before] == []
    assert [remark.code for remark in after] == ["pay_floor"]
    assert "2,210" in after[0].sentence(translator("en"))


def test_an_opening_by_form_is_open_confirmed_and_knows_where_it_came_from(store: Database) -> None:
    source = Source(OpeningSource.PLATFORM, "邻聘网", "LP-1")
    needs = (Need("K13", essential=True), Need("K16", certificate=True))

    number = do(
        store, lambda c: open_opening(c, VALUES, employer="新来的公司", source=source, today=TODAY, needs=needs)
    )

    row = stored(store, number)
    assert (row.status, row.confirmed_on, row.posted_on, row.openings) == (JobStatus.OPEN, TODAY, TODAY, 3)
    with store.write() as session:
        assert session.get_one(Employer, row.employer_id).name == "新来的公司"
        kept = session.query(JobSource).one()
        assert (kept.job_id, kept.source, kept.platform, kept.number, kept.leads) == (
            number,
            OpeningSource.PLATFORM,
            "邻聘网",
            "LP-1",
            True,
        )
        skills = {s.skill: (s.level, s.essential, s.certificate) for s in session.query(JobSkill)}
    assert skills == {"K13": (2, True, False), "K16": (2, False, True)}


@pytest.mark.parametrize(
    ("values", "source", "problem"),
    [
        ({"duties": "只招女工"}, REGISTERED, OpeningProblem.UNLAWFUL),
        ({"pay_min": 1500.0}, REGISTERED, OpeningProblem.UNLAWFUL),
        ({}, REGISTERED, OpeningProblem.TWICE),
        ({"title": "保安"}, Source(OpeningSource.PLATFORM, "邻聘网", "LP-1"), OpeningProblem.POSTED_TWICE),
    ],
)
def test_an_opening_that_may_not_be_saved_leaves_nothing(
    store: Database, values: dict[str, object], source: Source, problem: OpeningProblem
) -> None:
    first = Source(OpeningSource.PLATFORM, "邻聘网", "LP-1")
    do(store, lambda c: open_opening(c, VALUES, employer=1, source=first, today=TODAY))
    with pytest.raises(OpeningRefused) as refused:
        do(store, lambda c: open_opening(c, {**VALUES, **values}, employer=1, source=source, today=TODAY))
    assert refused.value.problem is problem
    with store.write() as session:
        assert session.query(Job).count() == 2


def test_an_edit_checks_the_law_and_the_version_and_keeps_levels(store: Database) -> None:
    with store.write() as session:
        session.add(JobSkill(job_id=1, skill="K19", level=3))
    do(
        store,
        lambda c: edit_opening(c, 1, PAID | {"title": "理货员"}, version=1, today=TODAY, needs=(Need("K19", True),)),
    )

    with store.write() as session:
        kept = session.query(JobSkill).one()
        assert (kept.level, kept.essential) == (3, True)
    with pytest.raises(Conflict):
        do(store, lambda c: edit_opening(c, 1, {"title": "收银员"}, version=1, today=TODAY))
    with pytest.raises(OpeningRefused):
        do(store, lambda c: edit_opening(c, 1, {"title": "男收银员，限男"}, version=2, today=TODAY))


def test_a_confirmation_says_how_many_seats_are_free(store: Database) -> None:
    from core.jobs.commands import advance, hire, recommend
    from core.terms import ReferralState

    def start(change):  # type: ignore[no-untyped-def]
        referral = recommend(change, person_id=1, job_id=1, today=TODAY)
        advance(change, referral, ReferralState.OFFERED, today=TODAY)
        hire(change, referral, started_on=TODAY, today=TODAY)

    do(store, start, action=Action.ADVANCE_REFERRAL)
    do(store, lambda c: confirm_opening(c, 1, 2, version=1, today=TODAY))
    assert (stored(store, 1).openings, stored(store, 1).confirmed_on) == (3, TODAY)

    do(store, lambda c: confirm_opening(c, 1, 0, version=2, today=TODAY))
    assert (stored(store, 1).openings, stored(store, 1).status) == (1, JobStatus.FILLED)

    do(store, lambda c: confirm_opening(c, 1, 1, version=3, today=TODAY))
    assert stored(store, 1).status is JobStatus.OPEN


@pytest.mark.parametrize(("step", "status"), [(pause_opening, JobStatus.PAUSED), (close_opening, JobStatus.CLOSED)])
def test_a_paused_or_closed_opening_leaves_matching_map_and_figures_from_that_day_on(
    store: Database,
    step,
    status: JobStatus,  # type: ignore[no-untyped-def]
) -> None:
    with store.write() as session:
        session.get_one(Job, 1).closes_on = TODAY + timedelta(days=30)
    do(store, lambda c: step(c, 1, version=2, today=TODAY))

    assert stored(store, 1).status is status
    yesterday = TODAY - timedelta(days=1)
    with store.read() as connection:
        assert list(load_pool(connection, TODAY).jobs["id"]) == []
        assert list(access_queries.open_jobs(connection, TODAY, TODAY)["id"]) == []
        assert list(access_queries.open_jobs(connection, yesterday, TODAY)["id"]) == [1]
        facts = load_facts(connection)
    assert list(as_of(facts, TODAY).jobs["status"]) == [status]
    assert list(as_of(facts, yesterday).jobs["status"]) == [JobStatus.OPEN]

    do(store, lambda c: confirm_opening(c, 1, 2, version=3, today=TODAY), action=Action.CONFIRM_OPENING)
    with store.read() as connection:
        assert list(load_pool(connection, TODAY).jobs["id"]) == [1]


def test_recommendations_end_with_the_opening_and_say_why(store: Database) -> None:
    states = list(ReferralState)
    with store.write() as session:
        people = [person(session, f"人{n}") for n in range(len(states))]
        session.add_all(
            Referral(person_id=who, job_id=1, state=state, recommended_on=TODAY, state_since=TODAY)
            for who, state in zip(people, states, strict=True)
        )
    later = TODAY + timedelta(days=9)
    do(store, lambda c: close_opening(c, 1, version=1, today=later))

    with store.read() as connection:
        rows = queries.referrals(connection).set_index("person_id")
        facts = load_tasks(connection, load_facts(connection))
        due = compute_due(facts, parameters(connection), TODAY + timedelta(days=30))
    ended = rows["closing_reason"] == ClosingReason.OPENING_CLOSED
    assert [states[n] for n in range(len(states)) if ended.iloc[n]] == [state for state in states if state in LIVE]
    assert set(rows.loc[ended, "state"]) == {ReferralState.CLOSED}
    assert set(rows.loc[ended, "state_since"]) == {pd.Timestamp(later)}
    assert not (due["kind"] == "unanswered_referrals").any()


def test_only_an_open_opening_is_paused_and_a_closed_one_not_closed_again(store: Database) -> None:
    do(store, lambda c: close_opening(c, 1, version=1, today=TODAY))
    for step, problem in ((pause_opening, OpeningProblem.NOT_OPEN), (close_opening, OpeningProblem.IS_CLOSED)):
        with pytest.raises(OpeningRefused) as refused:
            do(store, lambda c, step=step: step(c, 1, version=2, today=TODAY))
        assert refused.value.problem is problem


def test_caseworkers_confirm_and_others_keep_the_openings(store: Database) -> None:
    do(
        store,
        lambda c: confirm_opening(c, 1, 1, version=1, today=TODAY),
        AccountRole.CASEWORKER,
        Action.CONFIRM_OPENING,
    )
    with pytest.raises(Refused):
        do(store, lambda c: close_opening(c, 1, version=2, today=TODAY), AccountRole.CASEWORKER)


def test_the_listing_says_what_is_free_stale_over_or_filled(store: Database) -> None:
    with store.write() as session:
        old = TODAY - timedelta(days=91)
        job(session, 1, "甲", posted_on=old, confirmed_on=old)
        job(session, 1, "乙", closes_on=TODAY - timedelta(days=1))
        job(session, 1, "丙", openings=0)
        job(session, 1, "丁", status=JobStatus.PAUSED)
        job(session, 1, "戊", merged_into_id=1)
        session.add(JobSource(job_id=1, source=OpeningSource.EVENT, seen_on=TODAY))
        session.add(JobSource(job_id=1, source=OpeningSource.PLATFORM, platform="邻聘网", number="1"))
    with store.read() as connection:
        rows = listing(
            queries.jobs(connection),
            queries.seats_taken(connection),
            opening_queries.sources(connection),
            parameters(connection),
            TODAY,
        )

    states = dict(zip(rows["title"], rows["opening_state"], strict=True))
    assert states == {
        "理货员": OpeningState.LIVE,
        "甲": OpeningState.STALE,
        "乙": OpeningState.OVER,
        "丙": OpeningState.FILLED,
        "丁": OpeningState.PAUSED,
    }
    first = rows.set_index("title").loc["理货员"]
    assert (first["source"], first["seen"], first["free"], first["age_days"]) == ("event", 2, 4, 5)
