"""Changes to openings: opened, edited, confirmed, paused, closed.

with command(db, actor=access, action=Action.SAVE_OPENING, at=now) as change:
    job = open_opening(change, values, employer="上善钩织", source=Source(OpeningSource.EMPLOYER_VISIT), today=today)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from core.jobs import queries
from core.jobs.openings.checks import Remark, check_opening
from core.locale import Translator
from core.store import settings
from core.store.commands import Change, NotFound, ProblemRefused
from core.store.schema import Employer, Job, JobSkill, JobSource, Referral
from core.terms import ClosingReason, EmployerKind, JobStatus, OpeningSource, ReferralState, Term

__all__ = [
    "EDITABLE",
    "Need",
    "OpeningProblem",
    "OpeningRefused",
    "Source",
    "close_opening",
    "confirm_opening",
    "edit_opening",
    "open_opening",
    "pause_opening",
]

# Fields of an opening that a form states.
EDITABLE = (
    *("title", "occupation", "field", "community_id", "workshop_id", "openings", "form", "shift", "weekly_hours"),
    *("pay_kind", "pay_min", "pay_max", "rate", "seated", "home_work", "lifting", "step_free", "nights", "trains"),
    *("over_age_ok", "duties", "closes_on"),
)
DEFAULT_LEVEL = 2


class OpeningProblem(Term):
    """Why an opening is left as it is."""

    UNLAWFUL = "unlawful", "内容不合规", "its content is against the law"
    TWICE = "twice", "该单位同日已有同名岗位", "the employer has an opening of this title and day already"
    POSTED_TWICE = "posted_twice", "该平台编号已属于另一个岗位", "the platform's number belongs to another opening"
    NOT_OPEN = "not_open", "岗位不在招聘中", "the opening is not open"
    IS_CLOSED = "is_closed", "岗位已关闭", "the opening is closed already"
    MERGED = "merged", "岗位已并入另一个岗位", "the opening was merged into another"


class OpeningRefused(ProblemRefused):
    """A rule of openings is broken; nothing is changed. ``remarks``: what the law has against it."""

    problem: OpeningProblem

    def __init__(self, problem: OpeningProblem, remarks: Sequence[Remark] = ()) -> None:
        super().__init__(problem)
        self.remarks = tuple(remarks)

    def sentence(self, tr: Translator) -> str:
        """The problem, and what the law forbids."""
        return " ".join([super().sentence(tr), *(r.sentence(tr) for r in self.remarks if r.blocks)])


@dataclass(frozen=True)
class Source:
    """Where an opening was seen; ``platform`` and its ``number`` for a posting on a platform only."""

    kind: OpeningSource
    platform: str | None = None
    number: str | None = None


@dataclass(frozen=True)
class Need:
    """A skill that an opening asks for; ``certificate``: one that the law requires."""

    skill: str
    essential: bool = False
    certificate: bool = False


def open_opening(
    change: Change,
    values: Mapping[str, Any],
    *,
    employer: int | str,
    source: Source,
    today: date,
    needs: Sequence[Need] = (),
) -> int:
    """A new opening, posted and confirmed today; returns its id.

    ``values``: fields of ``EDITABLE``. ``employer``: an id, or the name of one that may not be on record yet.
    OpeningRefused where the law forbids it, or it is on record already.
    """
    employer_id = employer if isinstance(employer, int) else _employer(change, employer)
    row = {name: values.get(name) for name in EDITABLE} | {"employer_id": employer_id, "posted_on": today}
    row["title"] = (row["title"] or "").strip()
    _check(change, row, today)
    same = (Job.employer_id == employer_id, Job.title == row["title"], Job.posted_on == today)
    if change.session.scalar(select(Job.id).where(*same)) is not None:
        raise OpeningRefused(OpeningProblem.TWICE)
    if source.number is not None and _posting(change, source) is not None:
        raise OpeningRefused(OpeningProblem.POSTED_TWICE)
    job_id = int(change.add(Job(**row, confirmed_on=today, status=JobStatus.OPEN, status_since=today)))
    change.add(
        JobSource(
            job_id=job_id, source=source.kind, platform=source.platform, number=source.number, seen_on=today, leads=True
        )
    )
    _set_needs(change, job_id, needs)
    return job_id


def edit_opening(
    change: Change,
    job_id: int,
    values: Mapping[str, Any],
    *,
    version: int,
    today: date,
    needs: Sequence[Need] | None = None,
) -> None:
    """New values of fields of ``EDITABLE``, and of the skills unless ``needs`` is None; Conflict, OpeningRefused."""
    job = _job(change, job_id)
    edited = {name: values[name] for name in EDITABLE if name in values}
    row = {name: getattr(job, name) for name in (*EDITABLE, "employer_id", "posted_on")}
    _check(change, row | edited, today)
    change.edit(Job, job_id, edited, version=version)
    if needs is not None:
        _set_needs(change, job_id, needs)


def confirm_opening(change: Change, job_id: int, free: int, *, version: int, today: date) -> None:
    """The employer says that ``free`` seats are still free: the opening is open and confirmed today, or filled with none.

    A paused or closed opening is open again; a deadline that has passed no longer holds.
    """
    if free < 0:
        raise ValueError("a number of free seats is not negative")
    job = _job(change, job_id)
    taken = job.openings - queries.seats_left(change.session.connection(), job_id)
    status = JobStatus.OPEN if free else JobStatus.FILLED
    values: dict[str, Any] = {"openings": taken + free, "confirmed_on": today, "status": status}
    if status is not job.status:
        values["status_since"] = today
    if job.closes_on is not None and job.closes_on < today:
        values["closes_on"] = None
    change.edit(Job, job_id, values, version=version)


def pause_opening(change: Change, job_id: int, *, version: int, today: date) -> None:
    """Nobody is recommended for it until it is confirmed again; OpeningRefused where it is not open."""
    if _job(change, job_id).status is not JobStatus.OPEN:
        raise OpeningRefused(OpeningProblem.NOT_OPEN)
    change.edit(Job, job_id, {"status": JobStatus.PAUSED, "status_since": today}, version=version)


def close_opening(change: Change, job_id: int, *, version: int, today: date) -> None:
    """The employer no longer looks for anybody: recommendations under way end, and say why."""
    if _job(change, job_id).status is JobStatus.CLOSED:
        raise OpeningRefused(OpeningProblem.IS_CLOSED)
    change.edit(Job, job_id, {"status": JobStatus.CLOSED, "status_since": today}, version=version)
    ended = {
        "state": ReferralState.CLOSED,
        "state_since": today,
        "closing_reason": ClosingReason.OPENING_CLOSED,
    }
    for referral in queries.referrals_under_way(change.session.connection(), job_id):
        change.edit(Referral, referral, ended)


def _check(change: Change, row: Mapping[str, Any], today: date) -> None:
    connection = change.session.connection()
    remarks = check_opening(row, queries.piece_times(connection), settings.parameters(connection), today)
    if any(remark.blocks for remark in remarks):
        raise OpeningRefused(OpeningProblem.UNLAWFUL, remarks)


def _job(change: Change, job_id: int) -> Job:
    job = change.session.get(Job, job_id)
    if job is None:
        raise NotFound(f"job {job_id}")
    if job.merged_into_id is not None:
        raise OpeningRefused(OpeningProblem.MERGED)
    return job


def _employer(change: Change, name: str) -> int:
    """The id of the employer of this name, put on record if it is not."""
    name = name.strip()
    if not name:
        raise ValueError("an opening needs an employer")
    known = change.session.scalar(select(Employer.id).where(Employer.name == name))
    return known if known is not None else int(change.add(Employer(name=name, kind=EmployerKind.COMPANY)))


def _posting(change: Change, source: Source) -> int | None:
    t = JobSource
    return change.session.scalar(select(t.id).where(t.platform == source.platform, t.number == source.number))


def _set_needs(change: Change, job_id: int, needs: Sequence[Need]) -> None:
    """The skills of an opening; a level that is on record for one stays."""
    t = JobSkill
    known = {row.skill: row for row in change.session.scalars(select(t).where(t.job_id == job_id))}
    wanted = {need.skill: need for need in needs}
    gone = [row for skill, row in known.items() if skill not in wanted]
    content = [(row.id, {c.key: getattr(row, c.key) for c in t.__table__.columns}) for row in gone]
    change.remove_all(t, content)
    for skill, need in wanted.items():
        flags = {"essential": need.essential, "certificate": need.certificate}
        if skill in known:
            change.edit(t, known[skill].id, flags)
        else:
            change.add(t(job_id=job_id, skill=skill, level=DEFAULT_LEVEL, **flags))
