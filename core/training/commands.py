"""Changes to courses: the catalogue, sessions with their people, and the sheet that records a session and confirms skills.

with command(db, actor=access, action=Action.PLAN_SESSION, at=now) as change:
    session = plan_session(change, course_id=3, community_id=1, starts_on=monday, ends_on=friday, people=[17, 18])
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from core.locale import Translator
from core.store.commands import Change, CommandRefused, NotFound, ProblemRefused
from core.store.schema import Course, CourseSession, Enrolment, PersonSkill
from core.terms import EnrolmentResult, Evidence, SkillLevel, Term, TrainingKind

__all__ = [
    "LEVEL_TAUGHT",
    "CourseExists",
    "CourseTaught",
    "SessionProblem",
    "SessionRefused",
    "SheetRow",
    "add_course",
    "cancel_session",
    "course_teaching",
    "edit_course",
    "enrol",
    "plan_session",
    "record_results",
    "repeat_session",
]

LEVEL_TAUGHT = SkillLevel.CAN_DO  # what somebody can who has passed a course


class SessionProblem(Term):
    """Why a session is left as it is."""

    ENDS_EARLY = "ends_early", "结业日期早于开班日期", "the session would end before it starts"
    FULL = "full", "名额不足", "there are not enough seats"
    CANCELLED = "cancelled", "该班次已取消", "the session is cancelled"
    RECORDED = "recorded", "已有考核结果，不能取消", "results are recorded, so it cannot be cancelled"
    NOT_BEGUN = "not_begun", "尚未开班，不能登记结果", "the session has not begun"
    NOT_OVER = "not_over", "尚未结业，不能登记考核结果", "the session is not over, so nobody has passed or failed yet"
    TOO_MANY_HOURS = "too_many_hours", "出勤课时超过总课时", "more hours attended than the session has"
    NOT_PASSED = "not_passed", "未合格者不能登记证书", "only who passed can have a certificate"


class SessionRefused(ProblemRefused):
    """A rule of sessions is broken; nothing is changed. ``seats_left`` of a session that is full."""

    problem: SessionProblem

    def __init__(self, problem: SessionProblem, seats_left: int | None = None) -> None:
        super().__init__(problem)
        self.seats_left = seats_left

    def sentence(self, tr: Translator) -> str:
        """The problem, with the seats that are left."""
        if self.seats_left is None:
            return super().sentence(tr)
        left = tr.plural("{n} seat is left.", "{n} seats are left.", self.seats_left)
        return f"{super().sentence(tr)} {left}"


class CourseExists(CommandRefused):
    """The catalogue has another course of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is another course {name}")
        self.name = name

    def sentence(self, tr: Translator) -> str:
        """The clash."""
        return tr("There is another course of this name.")


class CourseTaught(CommandRefused):
    """People have passed the course, so what it teaches stays as their skills were recorded."""

    def sentence(self, tr: Translator) -> str:
        """What to do instead."""
        return tr(
            "People have passed this course, so the skill that it teaches stays. Add another course for another skill."
        )


@dataclass(frozen=True)
class SheetRow:
    """What the sheet of a session says of one person; ``version`` of the enrolment as the sheet showed it."""

    enrolment_id: int
    version: int
    result: EnrolmentResult
    attended_hours: float | None = None
    certificate: Evidence | None = None
    certificate_number: str | None = None


def add_course(
    change: Change,
    *,
    name: str,
    skill: str | None,
    kind: TrainingKind | None = None,
    hours: int | None = None,
    practice_hours: int | None = None,
    certificate: Evidence | None = None,
) -> int:
    """A course of the catalogue; returns its id. The same course again is the same row; CourseExists for another skill.

    ValueError for a blank name and for more hours of practice than hours in all.
    """
    name = _checked_name(name, hours, practice_hours)
    known = change.session.scalar(select(Course).where(Course.name == name))
    if known is not None and known.skill != skill:
        raise CourseExists(name)
    facts = {"kind": kind, "hours": hours, "practice_hours": practice_hours, "certificate": certificate}
    if known is not None:
        change.edit(Course, known.id, {field: value for field, value in facts.items() if value is not None})
        return known.id
    return int(change.add(Course(name=name, skill=skill, **facts)))


def edit_course(
    change: Change,
    course_id: int,
    *,
    name: str,
    skill: str | None,
    kind: TrainingKind | None,
    hours: int | None,
    practice_hours: int | None,
    certificate: Evidence | None,
    version: int,
) -> None:
    """New facts of a course; sessions that are planned keep their own hours.

    CourseExists where another has the name, CourseTaught for another skill once somebody has passed, ValueError as in
    ``add_course``, Conflict, NotFound.
    """
    name = _checked_name(name, hours, practice_hours)
    known = change.session.get(Course, course_id)
    if known is None:
        raise NotFound(f"{Course.__tablename__} {course_id}")
    if change.session.scalar(select(Course.id).where(Course.name == name, Course.id != course_id)) is not None:
        raise CourseExists(name)
    passed = (
        select(Enrolment.id)
        .join(CourseSession, CourseSession.id == Enrolment.session_id)
        .where(CourseSession.course_id == course_id, Enrolment.result == EnrolmentResult.PASSED)
    )
    if skill != known.skill and change.session.scalar(passed.limit(1)) is not None:
        raise CourseTaught(f"course {course_id} has been passed")
    facts = {"kind": kind, "hours": hours, "practice_hours": practice_hours, "certificate": certificate}
    change.edit(Course, course_id, {"name": name, "skill": skill, **facts}, version=version)


def _checked_name(name: str, hours: int | None, practice_hours: int | None) -> str:
    if not name.strip():
        raise ValueError("a course needs a name")
    if hours is not None and practice_hours is not None and practice_hours > hours:
        raise ValueError("more practice than hours in all")
    return name.strip()


def course_teaching(change: Change, *, skill: str, name: str) -> int:
    """The first course that teaches ``skill``, made under ``name`` if there is none; returns its id."""
    known = change.session.scalar(select(Course.id).where(Course.skill == skill).order_by(Course.id).limit(1))
    return int(change.add(Course(name=name, skill=skill))) if known is None else known


def plan_session(
    change: Change,
    *,
    course_id: int,
    community_id: int | None,
    starts_on: date,
    ends_on: date,
    people: Sequence[int] = (),
    **facts: Any,
) -> int:
    """A session of a course with ``people`` enrolled; returns its id.

    ``facts``: kind, place, provider, teacher, employer_id, hours, practice_hours, capacity; what is not given comes from
    the course. A session of the course that begins on the same day in the same community and place is that session: its
    seats are filled further, and no second one is made. SessionRefused when it ends before it starts or has too few seats.
    """
    if ends_on < starts_on:
        raise SessionRefused(SessionProblem.ENDS_EARLY)
    course = change.session.get(Course, course_id)
    if course is None:
        raise NotFound(f"{Course.__tablename__} {course_id}")
    t = CourseSession
    twin = change.session.scalar(
        select(t.id).where(
            t.course_id == course_id,
            t.community_id.is_not_distinct_from(community_id),
            t.place.is_not_distinct_from(facts.get("place")),
            t.starts_on == starts_on,
            t.cancelled_on.is_(None),
        )
    )
    if twin is None:
        given = {field: value for field, value in facts.items() if value is not None}
        own = {"hours": course.hours, "practice_hours": course.practice_hours}
        twin = int(
            change.add(
                CourseSession(
                    code=_free_code(change, starts_on),
                    course_id=course_id,
                    community_id=community_id,
                    starts_on=starts_on,
                    ends_on=ends_on,
                    **{"kind": course.kind or TrainingKind.DOORSTEP, **own, **given},
                )
            )
        )
    enrol(change, twin, people)
    return twin


def repeat_session(change: Change, session_id: int, *, starts_on: date, people: Sequence[int] = ()) -> int:
    """The same session once more from ``starts_on``, as long as before, with ``people``; returns its id."""
    former = _session(change, session_id)
    return plan_session(
        change,
        course_id=former.course_id,
        community_id=former.community_id,
        starts_on=starts_on,
        ends_on=starts_on + (former.ends_on - former.starts_on),
        people=people,
        kind=former.kind,
        place=former.place,
        provider=former.provider,
        teacher=former.teacher,
        employer_id=former.employer_id,
        hours=former.hours,
        practice_hours=former.practice_hours,
        capacity=former.capacity,
    )


def cancel_session(change: Change, session_id: int, *, version: int, reason: str, today: date) -> None:
    """Cancel a session of which nothing is recorded yet; its list of people stays for a repetition.

    SessionRefused where it has results or is cancelled already, Conflict where somebody changed it meanwhile.
    """
    session = _open_session(change, session_id)
    t = Enrolment
    recorded = select(func.count()).where(
        t.session_id == session.id, t.result.in_((EnrolmentResult.PASSED, EnrolmentResult.FAILED))
    )
    if change.session.scalar(recorded):
        raise SessionRefused(SessionProblem.RECORDED)
    change.edit(CourseSession, session_id, {"cancelled_on": today, "cancel_reason": reason.strip()}, version=version)


def enrol(change: Change, session_id: int, people: Collection[int]) -> int:
    """Enrol ``people``, each once; the number who were not on the list before. Who withdrew is enrolled again.

    SessionRefused where the session is cancelled or has fewer seats left than people come.
    """
    session = _open_session(change, session_id)
    rows = {
        row.person_id: row
        for row in change.session.scalars(select(Enrolment).where(Enrolment.session_id == session_id))
    }
    listed = {key for key, row in rows.items() if row.result is not EnrolmentResult.WITHDRAWN}
    new = [person for person in dict.fromkeys(map(int, people)) if person not in listed]
    if session.capacity is not None and new and len(listed) + len(new) > session.capacity:
        raise SessionRefused(SessionProblem.FULL, max(session.capacity - len(listed), 0))
    for person in new:
        if person in rows:
            change.edit(Enrolment, rows[person].id, {"result": EnrolmentResult.ENROLLED})
    change.add_all(
        Enrolment,
        [
            {"session_id": session_id, "person_id": person, "result": EnrolmentResult.ENROLLED}
            for person in new
            if person not in rows
        ],
    )
    return len(new)


def record_results(change: Change, session_id: int, rows: Sequence[SheetRow], *, today: date) -> int:
    """Store the sheet of a session; the number of skills that it confirmed or raised.

    Who passed a course that teaches a skill can do it from the session's last day on, by the certificate or, without one,
    by the practical test. Level and evidence of a skill on record rise to that and never fall; a correction of a result
    takes no skill away. Conflict where somebody changed a row meanwhile; SessionRefused where the session is cancelled or
    not that far, more hours were attended than held, or somebody who did not pass has a certificate.
    """
    session = _open_session(change, session_id)
    skill = change.session.scalar(select(Course.skill).where(Course.id == session.course_id))
    confirmed = 0
    for row in rows:
        _check_row(session, row, today)
        stored = change.session.get(Enrolment, row.enrolment_id)
        if stored is None or stored.session_id != session_id:
            raise NotFound(f"{Enrolment.__tablename__} {row.enrolment_id}")
        values = {
            "attended_hours": row.attended_hours,
            "result": row.result,
            "certificate": row.certificate,
            "certificate_number": row.certificate_number,
        }
        change.edit(Enrolment, row.enrolment_id, values, version=row.version)
        if row.result is EnrolmentResult.PASSED and skill is not None:
            evidence = row.certificate or Evidence.PRACTICAL_TEST
            confirmed += _confirm_skill(change, stored.person_id, skill, evidence, session.ends_on)
    return confirmed


def _check_row(session: CourseSession, row: SheetRow, today: date) -> None:
    if row.result is not EnrolmentResult.ENROLLED and today < session.starts_on:
        raise SessionRefused(SessionProblem.NOT_BEGUN)
    if row.result in (EnrolmentResult.PASSED, EnrolmentResult.FAILED) and today < session.ends_on:
        raise SessionRefused(SessionProblem.NOT_OVER)
    if row.attended_hours is not None and session.hours is not None and row.attended_hours > session.hours:
        raise SessionRefused(SessionProblem.TOO_MANY_HOURS)
    if row.certificate is not None and row.result is not EnrolmentResult.PASSED:
        raise SessionRefused(SessionProblem.NOT_PASSED)


def _confirm_skill(change: Change, person_id: int, skill: str, evidence: Evidence, on: date) -> bool:
    """Whether the course adds to what is on record of the skill."""
    t = PersonSkill
    known = change.session.scalar(select(t).where(t.person_id == person_id, t.skill == skill))
    if known is None:
        level = LEVEL_TAUGHT.grade
        change.add(t(person_id=person_id, skill=skill, level=level, evidence=evidence, acquired_on=on))
        return True
    risen: dict[str, Any] = {}
    if known.level < LEVEL_TAUGHT.grade:
        risen["level"] = LEVEL_TAUGHT.grade
    if known.evidence.order < evidence.order:
        risen["evidence"] = evidence
    if not risen:
        return False
    acquired = on if known.acquired_on is None else max(known.acquired_on, on)
    change.edit(t, known.id, {**risen, "acquired_on": acquired})
    return True


def _free_code(change: Change, starts_on: date) -> str:
    """The next code of the sessions planned by hand for a day."""
    stem = f"PLAN-{starts_on:%Y%m%d}-"
    t = CourseSession
    known = change.session.scalars(select(t.code).where(t.code.startswith(stem, autoescape=True)))
    used = [int(code.removeprefix(stem)) for code in known if code.removeprefix(stem).isdecimal()]
    return f"{stem}{max(used, default=0) + 1}"


def _session(change: Change, session_id: int) -> CourseSession:
    session = change.session.get(CourseSession, session_id)
    if session is None:
        raise NotFound(f"{CourseSession.__tablename__} {session_id}")
    return session


def _open_session(change: Change, session_id: int) -> CourseSession:
    session = _session(change, session_id)
    if session.cancelled_on is not None:
        raise SessionRefused(SessionProblem.CANCELLED)
    return session
