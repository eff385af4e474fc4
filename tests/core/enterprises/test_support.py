"""Profiles of enterprises, support measures and visits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.enterprises import queries, support_commands
from core.enterprises.loading import load
from core.enterprises.profile import Profile, load_rows, profile_lines, profile_of
from core.enterprises.support_commands import Refused
from core.locale import translator
from core.policy import Action
from core.store.commands import Conflict, command
from core.store.database import Database
from core.store.schema import Course, CourseSession, Enrolment, Job, Person, Placement, Referral
from core.terms import Channel, EnrolmentResult, JobForm, ReferralState, SupportState, Tier, TrainingKind
from tests.accesses import enterprise_officer
from tests.core.workshops.factories import TODAY, fill


def act(db: Database, step: Any, *arguments: Any) -> Any:
    at = datetime(2025, 12, 28, tzinfo=UTC)
    with command(db, actor=enterprise_officer("李明"), action=Action.SUPPORT_ENTERPRISE, at=at) as change:
        return step(change, *arguments)


def enterprise_with_courses(db: Database) -> int:
    """The first enterprise commissions a course: six pass, five of them start, four of those half a year ago, three stay."""
    fill(db)
    with db.read() as c:
        key = int(queries.enterprises(c)["id"].iloc[0])
    with db.write() as s:
        course = Course(name="钩织")
        job = Job(employer_id=key, title="钩织工", posted_on=date(2025, 1, 2), openings=3)
        s.add_all([course, job])
        s.flush()
        session = CourseSession(
            code="S1", course_id=course.id, kind=TrainingKind.COMMISSIONED, employer_id=key,
            starts_on=date(2025, 1, 6), ends_on=date(2025, 1, 10),
        )  # fmt: skip
        people = [Person(name=f"学员{n}", entered_pool_on=date(2024, 1, 2)) for n in range(6)]
        s.add_all([session, *people])
        s.flush()
        for n, person in enumerate(people):
            s.add(Enrolment(session_id=session.id, person_id=person.id, result=EnrolmentResult.PASSED))
            answered = n < 4
            s.add(Referral(
                person_id=person.id, job_id=job.id, recommended_on=date(2025, 12, 1),
                state=ReferralState.STARTED if answered else ReferralState.RECOMMENDED,
                state_since=date(2025, 12, 3 + n) if answered else None,
            ))  # fmt: skip
            if n < 5:
                s.add(Placement(
                    person_id=person.id, employer_id=key, channel=Channel.ENTERPRISE, form=JobForm.FULL_TIME,
                    started_on=date(2025, 2, 1) if n < 4 else date(2025, 12, 1),
                    ended_on=date(2025, 3, 1) if n == 0 else None, monthly_pay=3000,
                ))  # fmt: skip
    return key


def test_the_funnel_and_the_clock_are_those_counted_by_hand(db: Database) -> None:
    key = enterprise_with_courses(db)
    with db.read() as c:
        profile = profile_of(load(c, TODAY), load_rows(c), key, TODAY)
    assert (profile.trained, profile.joined, profile.settled, profile.retained) == (6, 5, 4, 3)
    assert (profile.referred, profile.answered, profile.waiting, profile.answer_days) == (6, 4, 2, 3.5)
    assert (profile.open_posts, profile.placed, profile.there) == (3, 4 + 5, 4 + 4)
    assert profile.target == 2  # two of the four had a welfare post


@pytest.mark.parametrize("trained", [6, 40])
def test_small_steps_of_the_funnel_do_not_leave_the_bureau(trained: int) -> None:
    """Of 40 trained 39 joined: neither is small, but their difference is."""
    profile = Profile(
        placed=50, there=40, target=4, trained=trained, joined=trained - 1, settled=30, retained=20, referred=0, answered=0,
        waiting=0, answer_days=None, open_posts=0, products=(), families=(), workshops=(),
    )  # fmt: skip
    lines = dict(profile_lines(profile, translator("en"), 5))
    assert lines["Commissioned training: passed → joined"] == "hidden: small counts"
    assert lines["of them of the target group"] == "fewer than 5 persons"
    assert lines["People there now"] == "40"
    inside = dict(profile_lines(profile, translator("en")))
    assert inside["Commissioned training: passed → joined"] == f"{trained} → {trained - 1}"


def test_a_measure_is_planned_by_tier_moved_with_its_version_and_ended_with_its_effect(db: Database) -> None:
    fill(db)
    with db.read() as c:
        key = int(queries.enterprises(c)["id"].iloc[0])
    measure = act(db, support_commands.offer_measure, "场地补贴", Tier.BACKBONE, 20_000.0, "区人社〔2025〕8号")
    for tier in (Tier.GROWTH, None):
        with pytest.raises(Refused, match="tier"):
            act(db, support_commands.plan_grant, measure, key, tier, None, TODAY)
    grant = act(db, support_commands.plan_grant, measure, key, Tier.LEADER, None, TODAY)
    act(db, support_commands.move_grant, grant, SupportState.APPROVED, "", TODAY, 1)
    with pytest.raises(Conflict):
        act(db, support_commands.move_grant, grant, SupportState.PAID, "", TODAY, 1)
    with pytest.raises(Refused, match="effect"):
        act(db, support_commands.move_grant, grant, SupportState.ENDED, " ", TODAY, 2)
    act(db, support_commands.move_grant, grant, SupportState.ENDED, "新增岗位6个", TODAY, 2)
    with db.read() as c:
        stored = queries.support_grants(c).iloc[0]
    assert (stored["measure"], stored["state"], stored["amount"], stored["effect"]) == (
        "场地补贴", SupportState.ENDED, 20_000, "新增岗位6个",
    )  # fmt: skip


def test_a_visit_needs_its_note_and_lies_in_the_past(db: Database) -> None:
    fill(db)
    with db.read() as c:
        key = int(queries.enterprises(c)["id"].iloc[0])
    for note, day in ((" ", TODAY), ("看订单", date(2026, 1, 1))):
        with pytest.raises(Refused):
            act(db, support_commands.record_visit, key, day, note, TODAY)
    act(db, support_commands.record_visit, key, TODAY, "看订单", TODAY)
    with db.read() as c:
        assert list(queries.visits(c)["visitor"]) == ["李明"]
