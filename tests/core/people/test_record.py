"""Facts about a person by hand: with a reason where a document or a proof stands behind them, and never twice at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.jobs.commands import PlacementExists, StartsTooLate, change_pay, end_placement, start_placement
from core.locale import translator
from core.people import queries
from core.people.commands import SameState, add_plan_step, change_state, finish_step, record_visit, reschedule_steps
from core.people.identity import read_id_number
from core.people.plans.commands import (
    PlanProblem,
    PlanRefused,
    close_plan,
    edit_plan,
    edit_step,
    open_plan,
    reopen_plan,
)
from core.people.posts.commands import PostRefused, end_post, extend_post, start_post
from core.people.posts.limits import PostBreach, PostFacts, PostLimits, breaches, latest_end
from core.people.record import commands as record
from core.people.record.commands import RecordProblem, RecordRefused
from core.people.retirement import Schedule, retirement_day
from core.policy import Access, Action, Refused
from core.store.commands import Change, Conflict, NotFound, command
from core.store.database import Database
from core.store.schema import (
    AuditEvent,
    Person,
    PersonCorrection,
    PersonSkill,
    PersonStateSpell,
    PlanMeasure,
    WelfarePost,
)
from core.terms import (
    AccommodationKind,
    AccountRole,
    Channel,
    Evidence,
    ExitReason,
    HardshipKind,
    MeasureKind,
    PersonState,
    PlanStatus,
    Registration,
    Sex,
    VisitMode,
)
from tests.accesses import acting, caseworker, dispatcher
from tests.core.factories import NOW, TODAY, communities, employer, person

MEN = Schedule(60, date(2025, 1, 1), 4, 63)
WORKERS = Schedule(50, date(2025, 1, 1), 2, 55)
LIMITS = PostLimits(years=3, retirement_years=5, spells=2, ages={"men": MEN, "worker": WORKERS})
START = date(2025, 3, 1)


@pytest.fixture
def someone(db: Database) -> Iterator[int]:
    with db.write() as session:
        place = communities(session)[0]
        key = person(session, "张晓明", community_id=place, birth_date=date(1985, 6, 15), sex=Sex.FEMALE)
        session.add(PersonSkill(person_id=key, skill="K08", level=3, evidence=Evidence.TRAINING_CERTIFICATE))
        employer(session)
    return key


def doing(db: Database, action: Action) -> AbstractContextManager[Change]:
    return command(db, actor=dispatcher("王芳"), action=action, at=NOW)


def corrections(db: Database) -> list[tuple[str, str]]:
    with db.read() as connection:
        t = PersonCorrection
        return [tuple(row) for row in connection.execute(select(t.subject, t.reason).order_by(t.id))]


def states(db: Database) -> list[tuple[date, str]]:
    with db.read() as connection:
        rows = queries.state_spells(connection)
    return list(zip(rows["since"].dt.date, rows["state"], strict=True))


def test_what_documents_say_is_corrected_with_a_reason(db: Database, someone: int) -> None:
    number = read_id_number("11010519491231002X")
    with doing(db, Action.CORRECT_DOCUMENTS) as change:
        record.correct_documents(
            change,
            someone,
            {"disability": "肢体三级"},
            id_number=number,
            reason="核对身份证原件",
            version=1,
            today=TODAY,
        )

    with db.read() as connection:
        row = connection.execute(select(Person.__table__).where(Person.id == someone)).mappings().one()
    assert (row["birth_date"], row["id_last4"], row["disability"]) == (date(1949, 12, 31), "002X", "肢体三级")
    assert dict(corrections(db)) == dict.fromkeys(["disability", "id_hash", "birth_date"], "核对身份证原件")

    with pytest.raises(RecordRefused), doing(db, Action.CORRECT_DOCUMENTS) as change:
        record.correct_documents(change, someone, {"sex": Sex.MALE}, reason=" ", version=2, today=TODAY)
    with pytest.raises(Conflict), doing(db, Action.CORRECT_DOCUMENTS) as change:
        record.correct_documents(change, someone, {"sex": Sex.MALE}, reason="误录", version=1, today=TODAY)


def test_evidence_is_raised_freely_and_lowered_with_a_reason_only(db: Database, someone: int) -> None:
    def save(level: int, evidence: Evidence, version: int | None, reason: str = "") -> None:
        with doing(db, Action.EDIT_PORTRAIT) as change:
            values = {"level": level, "evidence": evidence, "acquired_on": TODAY}
            record.save_skill(change, someone, "K08", version=version, today=TODAY, reason=reason, **values)  # type: ignore[arg-type]

    with pytest.raises(RecordRefused) as refused:
        save(4, Evidence.SELF_REPORT, 1)
    assert refused.value.problem is RecordProblem.LOWERED
    save(4, Evidence.VOCATIONAL_LEVEL, 1)
    assert corrections(db) == []
    save(2, Evidence.VOCATIONAL_LEVEL, 2, "证书等级看错")
    assert corrections(db) == [("person_skill", "证书等级看错")]
    with pytest.raises(Conflict):
        save(3, Evidence.VOCATIONAL_LEVEL, None)

    with doing(db, Action.EDIT_PORTRAIT) as change:
        record.withdraw_skill(change, 1, version=3, reason="非本人证书", today=TODAY)
    with db.read() as connection:
        assert queries.person_skills(connection).empty


def test_wishes_hardships_limits_and_consent_have_their_days(db: Database, someone: int) -> None:
    with doing(db, Action.EDIT_PORTRAIT) as change:
        record.save_wishes(change, someone, {"reserve_pay": 2600.0}, version=None, today=TODAY)
        record.save_hardship(
            change, someone, HardshipKind.OLDER, since=START, until=TODAY, proof="认定表", version=None
        )
        record.save_limits(change, someone, frozenset({AccommodationKind.SEATED}), seen=frozenset())
        record.save_consent(change, someone, given=True, on=START, version=1)
    with db.read() as connection:
        assert queries.hardships(connection)["proof"].tolist() == ["认定表"]
        assert queries.editable(connection, someone)["consent_on"] == START

    with pytest.raises(RecordRefused), doing(db, Action.EDIT_PORTRAIT) as change:
        record.save_consent(change, someone, given=False, on=START - timedelta(days=1), version=2)
    with pytest.raises(Conflict), doing(db, Action.EDIT_PORTRAIT) as change:
        record.save_limits(change, someone, frozenset(), seen=frozenset())
    with pytest.raises(Conflict), doing(db, Action.EDIT_PORTRAIT) as change:
        record.save_wishes(change, someone, {"reserve_pay": 2700.0}, version=None, today=TODAY)


def test_a_state_of_the_past_is_corrected_or_removed_but_one_stays(db: Database, someone: int) -> None:
    first = TODAY - timedelta(days=60)
    with doing(db, Action.CHANGE_STATE) as change:
        record.correct_state(
            change, 1, state=PersonState.UNREACHABLE, since=first, version=1, reason="当时失联", today=TODAY
        )
    assert states(db) == [(first, "unreachable")]
    with pytest.raises(RecordRefused), doing(db, Action.CHANGE_STATE) as change:
        record.remove_state(change, 1, version=2, reason="误录", today=TODAY)


def test_no_state_follows_an_equal_one_after_a_correction(db: Database, someone: int) -> None:
    since = [TODAY - timedelta(days=days) for days in (60, 40, 20)]
    with db.write() as session:
        first = session.get_one(PersonStateSpell, 1)
        first.since = since[0]
        for day, state in ((since[1], PersonState.EMPLOYED), (since[2], PersonState.SEEKING)):
            session.add(PersonStateSpell(person_id=someone, since=day, state=state))
    before = states(db)
    assert [state for _, state in before] == ["seeking", "employed", "seeking"]

    def correct(spell: int, state: PersonState, day: date) -> None:
        with doing(db, Action.CHANGE_STATE) as change:
            record.correct_state(change, spell, state=state, since=day, version=1, reason="误录", today=TODAY)

    for spell, state, day in (
        (2, PersonState.SEEKING, since[1]),  # equal to both beside it
        (1, PersonState.EMPLOYED, since[0]),
        (2, PersonState.EMPLOYED, TODAY),  # what it parted would meet
    ):
        with pytest.raises(RecordRefused) as refused:
            correct(spell, state, day)
        assert refused.value.problem is RecordProblem.REPEATED
    assert states(db) == before

    correct(2, PersonState.UNREACHABLE, since[1] + timedelta(days=1))
    with doing(db, Action.CHANGE_STATE) as change:
        record.remove_state(change, 2, version=2, reason="误录", today=TODAY)
    assert states(db) == before[:1]


def test_a_visit_that_never_was_is_removed_with_a_reason_and_stays_in_the_log(db: Database, someone: int) -> None:
    day = {"mode": VisitMode.DOOR, "needs": "想学钩织", "next_on": TODAY, "actor": caseworker("李明"), "at": NOW}
    for days in (20, 1):
        record_visit(db, someone, visited_on=TODAY - timedelta(days=days), **day)  # type: ignore[arg-type]

    def remove(reason: str, access: Access) -> None:
        with command(db, actor=access, action=Action.REMOVE_VISIT, at=NOW) as change:
            record.remove_visit(change, 2, reason=reason, today=TODAY)

    with pytest.raises(RecordRefused) as refused:
        remove(" ", caseworker())
    assert refused.value.problem is RecordProblem.NO_REASON
    with pytest.raises(NotFound):
        remove("误录", caseworker(communities=[2]))
    with pytest.raises(Refused):
        remove("误录", acting(AccountRole.LEADER))
    remove("录到他人名下", caseworker())
    with pytest.raises(NotFound):
        remove("录到他人名下", caseworker())

    with db.read() as connection:
        assert queries.visits(connection)["visited_on"].dt.date.tolist() == [TODAY - timedelta(days=20)]
        t = AuditEvent
        [event] = connection.execute(select(t.before, t.after).where(t.action == "remove_visit", t.entity == "visit"))
    assert event.after is None
    assert (event.before["visited_on"], event.before["needs"]) == ("2025-12-27", "想学钩织")
    assert corrections(db) == [("visit", "录到他人名下")]


def test_a_post_lasts_three_years_or_to_a_retirement_that_is_near() -> None:
    young = PostFacts(birth=date(1985, 6, 15), sex=Sex.FEMALE)
    near = PostFacts(birth=date(1967, 6, 15), sex=Sex.MALE)

    assert latest_end(young, LIMITS, START) == date(2028, 3, 1)
    assert latest_end(near, LIMITS, date(2024, 1, 1)) == retirement_day(date(1967, 6, 15), MEN) == date(2028, 2, 15)
    assert latest_end(near, LIMITS, START) == date(2028, 3, 1)  # three years are longer
    assert breaches(young, LIMITS, START, date(2028, 3, 2), is_new=True) == [PostBreach.TOO_LONG]
    assert breaches(PostFacts(None, None), LIMITS, START, date(2028, 3, 2), is_new=True) == [PostBreach.UNKNOWN_AGE]


@pytest.mark.parametrize(
    ("facts", "broken"),
    [
        ({}, []),
        ({"spells": 1}, [PostBreach.NOT_AGAIN]),
        ({"spells": 1, "hardships": [HardshipKind.LOW_INCOME]}, [PostBreach.NOT_AGAIN]),
        ({"spells": 1, "hardships": [HardshipKind.ZERO_EMPLOYMENT]}, []),
        ({"spells": 1, "disability": "肢体二级"}, []),
        ({"spells": 2, "hardships": [HardshipKind.OLDER]}, [PostBreach.TOO_OFTEN]),
        ({"is_on_post": True}, [PostBreach.RUNNING]),
    ],
)
def test_who_may_hold_a_post_again(facts: dict[str, Any], broken: list[PostBreach]) -> None:
    someone = PostFacts(birth=date(1985, 6, 15), sex=Sex.FEMALE, **facts)

    assert breaches(someone, LIMITS, START, START + timedelta(days=365), is_new=True) == broken


def test_a_post_begins_is_extended_and_ends_with_the_state_of_the_person(db: Database, someone: int) -> None:
    with doing(db, Action.MANAGE_POST) as change:
        post = start_post(
            change,
            someone,
            kind=Registration.URBAN,
            started_on=START,
            ends_on=date(2026, 3, 1),
            limits=LIMITS,
            title="保洁",
        )
    with pytest.raises(PostRefused) as refused, doing(db, Action.MANAGE_POST) as change:
        extend_post(change, post, ends_on=date(2029, 1, 1), limits=LIMITS, version=1)
    assert refused.value.breaches == (PostBreach.TOO_LONG,)
    with doing(db, Action.MANAGE_POST) as change:
        extend_post(change, post, ends_on=date(2028, 3, 1), limits=LIMITS, version=1)
    with pytest.raises(Conflict), doing(db, Action.MANAGE_POST) as change:
        end_post(change, post, exited_on=TODAY, reason=ExitReason.RESIGNED, version=1)
    with doing(db, Action.MANAGE_POST) as change:
        end_post(change, post, exited_on=TODAY, reason=ExitReason.RESIGNED, version=2)

    assert states(db)[-2:] == [(TODAY - timedelta(days=60), "seeking"), (TODAY, "seeking")]
    assert states(db)[0] == (START, "on_post")
    with pytest.raises(PostRefused) as refused, doing(db, Action.MANAGE_POST) as change:
        start_post(change, someone, kind=Registration.URBAN, started_on=TODAY, ends_on=date(2026, 12, 1), limits=LIMITS)
    assert refused.value.breaches == (PostBreach.NOT_AGAIN,)
    with pytest.raises(Refused), command(db, actor=caseworker(), action=Action.MANAGE_POST, at=NOW):
        pass


def test_work_that_somebody_found_is_recorded_paid_and_ended(db: Database, someone: int) -> None:
    begun = TODAY - timedelta(days=10)

    def start(day: date, **values: Any) -> int:
        with doing(db, Action.RECORD_PLACEMENT) as change:
            return start_placement(change, someone, started_on=day, today=TODAY, **{"channel": Channel.OTHER} | values)

    with pytest.raises(ValueError, match="employer"):
        start(begun)
    with pytest.raises(StartsTooLate):
        start(TODAY + timedelta(days=1), employer_id=1)
    work = start(begun, employer_id=1, monthly_pay=2600.0)
    with pytest.raises(PlacementExists):
        start(begun, channel=Channel.SELF_EMPLOYED)
    assert states(db)[-1] == (begun, "employed")

    with doing(db, Action.RECORD_PLACEMENT) as change:
        change_pay(change, work, monthly_pay=2900.0, weekly_hours=40.0, version=1)
    with pytest.raises(Conflict), doing(db, Action.RECORD_PLACEMENT) as change:
        end_placement(change, work, ended_on=TODAY, reason=ExitReason.RESIGNED, version=1)
    second = start(begun + timedelta(days=1), channel=Channel.SELF_EMPLOYED)
    with doing(db, Action.RECORD_PLACEMENT) as change:
        end_placement(change, work, ended_on=TODAY, reason=ExitReason.RESIGNED, version=2)
    assert states(db)[-1] == (begun + timedelta(days=1), "employed")  # the other work goes on
    with doing(db, Action.RECORD_PLACEMENT) as change:
        end_placement(change, second, ended_on=TODAY, reason=ExitReason.RETIRED, version=1)
    assert states(db)[-1] == (TODAY, "retired")


def test_a_plan_is_opened_edited_closed_with_a_reason_and_opened_again(db: Database, someone: int) -> None:
    with doing(db, Action.EDIT_PLAN) as change:
        plan = open_plan(change, someone, goal="就业", owner=None, review_on=TODAY + timedelta(days=30), today=TODAY)
        step = int(change.add(PlanMeasure(plan_id=plan, step=1, kind=MeasureKind.TRAINING)))
        edit_plan(change, plan, {"goal": "到微工厂就业", "owner": "李明"}, version=1)
        edit_step(change, step, {"owner": "李明", "due_on": TODAY}, version=1)

    def refused(problem: PlanProblem, **values: Any) -> None:
        with pytest.raises(PlanRefused) as caught, doing(db, Action.EDIT_PLAN) as change:
            close_plan(change, plan, **{"status": PlanStatus.DONE, "reason": "", "on": TODAY, "version": 2} | values)
        assert caught.value.problem is problem

    refused(PlanProblem.NO_REASON)
    refused(PlanProblem.EARLY, reason="已就业", on=TODAY - timedelta(days=1))
    with pytest.raises(Conflict), doing(db, Action.EDIT_PLAN) as change:
        close_plan(change, plan, status=PlanStatus.DONE, reason="已就业", on=TODAY, version=1)
    with doing(db, Action.EDIT_PLAN) as change:
        close_plan(change, plan, status=PlanStatus.DONE, reason="已就业", on=TODAY, version=2)
    refused(PlanProblem.NOT_LIVE, reason="已就业")
    with pytest.raises(PlanRefused), doing(db, Action.EDIT_PLAN) as change:
        open_plan(change, someone, goal="", owner=None, review_on=None, today=TODAY)  # one of this day is on record
    with doing(db, Action.EDIT_PLAN) as change:
        reopen_plan(change, plan, version=3)
    with pytest.raises(PlanRefused), doing(db, Action.EDIT_PLAN) as change:
        open_plan(change, someone, goal="", owner=None, review_on=None, today=TODAY + timedelta(days=1))

    with db.read() as connection:
        [row] = queries.plans(connection).to_dict("records")
    assert (row["status"], row["goal"]) == ("live", "到微工厂就业")
    assert row["closing_reason"] is None or row["closing_reason"] != row["closing_reason"]  # no text


def test_a_step_is_due_and_done_no_earlier_than_its_plan_was_made(db: Database, someone: int) -> None:
    early = TODAY - timedelta(days=1)
    doer: dict[str, Any] = {"actor": caseworker(), "at": NOW}

    def add(due_on: date) -> None:
        add_plan_step(db, someone, kind=MeasureKind.TRAINING, text="", due_on=due_on, today=TODAY, **doer)

    def edit(**values: Any) -> None:
        with doing(db, Action.EDIT_PLAN) as change:
            edit_step(change, 1, values, version=1)

    def refused(problem: PlanProblem, work: Callable[[], object]) -> None:
        with pytest.raises(PlanRefused) as caught:
            work()
        assert caught.value.problem is problem

    refused(PlanProblem.DUE_EARLY, lambda: add(early))  # the plan would be of today
    add(TODAY)
    refused(PlanProblem.DUE_EARLY, lambda: add(early))
    refused(PlanProblem.DUE_EARLY, lambda: edit(due_on=early))
    refused(PlanProblem.DUE_EARLY, lambda: reschedule_steps(db, [1], due_on=early, **doer))
    refused(PlanProblem.DONE_EARLY, lambda: edit(done_on=early))
    refused(PlanProblem.DONE_EARLY, lambda: finish_step(db, 1, version=1, done_on=early, **doer))
    edit(due_on=TODAY, done_on=TODAY)


def test_a_state_that_somebody_is_in_already_is_not_recorded_again(db: Database, someone: int) -> None:
    doer: dict[str, Any] = {"actor": caseworker(), "at": NOW}
    first = TODAY - timedelta(days=60)

    for since in (first, TODAY):
        with pytest.raises(SameState) as refused:
            change_state(db, someone, PersonState.SEEKING, since=since, **doer)
        assert refused.value.since == first
        assert "2025年10月29日" in refused.value.sentence(translator())
    assert states(db) == [(first, "seeking")]

    change_state(db, someone, PersonState.EMPLOYED, since=TODAY, **doer)
    change_state(db, someone, PersonState.SEEKING, since=first - timedelta(days=5), **doer)
    assert len(states(db)) == 3


def test_a_plan_needs_a_goal_until_it_has_a_step(db: Database, someone: int) -> None:
    with pytest.raises(PlanRefused) as refused, doing(db, Action.EDIT_PLAN) as change:
        open_plan(change, someone, goal=" ", owner=None, review_on=None, today=TODAY)
    assert refused.value.problem is PlanProblem.EMPTY

    with doing(db, Action.EDIT_PLAN) as change:
        plan = open_plan(change, someone, goal="家附近就业", owner=None, review_on=None, today=TODAY)
    with pytest.raises(PlanRefused), doing(db, Action.EDIT_PLAN) as change:
        edit_plan(change, plan, {"goal": None}, version=1)
    with doing(db, Action.EDIT_PLAN) as change:
        change.add(PlanMeasure(plan_id=plan, step=1, kind=MeasureKind.TRAINING))
        edit_plan(change, plan, {"goal": None}, version=1)


def test_nobody_records_about_people_of_other_communities(db: Database, someone: int) -> None:
    stranger = caseworker(communities=[2])
    steps: list[tuple[Action, Any]] = [
        (Action.EDIT_PORTRAIT, lambda change: record.withdraw_skill(change, 1, version=1, reason="x", today=TODAY)),
        (Action.EDIT_PORTRAIT, lambda change: record.save_consent(change, someone, given=True, on=TODAY, version=1)),
        (Action.EDIT_PLAN, lambda change: open_plan(change, someone, goal="", owner=None, review_on=None, today=TODAY)),
        (
            Action.RECORD_PLACEMENT,
            lambda change: start_placement(
                change, someone, channel=Channel.SELF_EMPLOYED, started_on=TODAY, today=TODAY
            ),
        ),
    ]
    for action, step in steps:
        with pytest.raises(NotFound), command(db, actor=stranger, action=action, at=NOW) as change:
            step(change)
    for role in (AccountRole.LEADER, AccountRole.ENTERPRISE_OFFICER, AccountRole.ADMINISTRATOR):
        for action, _ in steps:
            with pytest.raises(Refused), command(db, actor=acting(role), action=action, at=NOW):
                pass
    with db.read() as connection:
        assert connection.scalars(select(WelfarePost.id)).all() == []
