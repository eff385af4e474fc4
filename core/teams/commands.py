"""Changes to a service team: somebody joins, takes other work, leaves; a weekly meeting was held.

with command(db, actor=access, action=Action.EDIT_TEAM, at=now) as change:
    save_member(change, MemberFacts("赵荷露", StaffRole.GRID_WORKER, community_id=3, grids=("第三网格",)))
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.store.commands import Change, NotFound, ProblemRefused
from core.store.schema import StaffGrid, StaffMember, TeamMeeting
from core.teams.queries import live_plan_count
from core.terms import StaffRole, Term

__all__ = ["MemberFacts", "TeamProblem", "TeamRefused", "end_member", "record_meeting", "save_member"]


class TeamProblem(Term):
    """Why a change to a team is not made."""

    NO_NAME = "no_name", "请填写姓名", "a name is needed"
    NAME_TAKEN = "name_taken", "已有同名人员", "somebody has this name already"
    STILL_OWNS = "still_owns", "名下还有执行中的计划，请先移交", "still owns live plans: hand them over first"
    NOT_YET = "not_yet", "日期还未到", "the day is still to come"


class TeamRefused(ProblemRefused):
    """A rule of service teams is broken; nothing is changed."""

    problem: TeamProblem


@dataclass(frozen=True)
class MemberFacts:
    """Who is in a team as what. ``grids``: names of the grids of the community that the member looks after."""

    name: str
    role: StaffRole
    community_id: int | None
    grids: Collection[str] = ()
    organisation: str | None = None


def save_member(change: Change, facts: MemberFacts, *, member_id: int | None = None, version: int | None = None) -> int:
    """Add a member, or change the one with ``member_id``: role, community (a move), grids; returns the id.

    TeamRefused without a name or for a name that somebody else has; Conflict where the row is newer than ``version``.
    """
    name = facts.name.strip()
    if not name:
        raise TeamRefused(TeamProblem.NO_NAME)
    known = change.session.scalar(select(StaffMember).where(StaffMember.name == name))
    if known is not None and known.id != member_id:
        raise TeamRefused(TeamProblem.NAME_TAKEN)
    values = {
        "name": name,
        "role": facts.role,
        "community_id": facts.community_id,
        "organisation": (facts.organisation or "").strip() or None,
    }
    if member_id is None:
        member_id = int(change.add(StaffMember(**values)))
    else:
        change.edit(StaffMember, member_id, values, version=version)
    _save_grids(change, member_id, set(facts.grids))
    return member_id


def end_member(change: Change, member_id: int, *, left_on: date, today: date, version: int | None = None) -> None:
    """Somebody leaves the team on ``left_on``; their grids are free again.

    TeamRefused for a day to come and while they own live plans: nobody's plan is left without an owner.
    """
    member = change.session.get(StaffMember, member_id)
    if member is None:
        raise NotFound(f"{StaffMember.__tablename__} {member_id}")
    if left_on > today:
        raise TeamRefused(TeamProblem.NOT_YET)
    if live_plan_count(change.session.connection(), member.name):
        raise TeamRefused(TeamProblem.STILL_OWNS)
    change.edit(StaffMember, member_id, {"active": False, "left_on": left_on}, version=version)
    _save_grids(change, member_id, set())


def record_meeting(
    change: Change, *, community_id: int, held_on: date, led_by: str | None, attended: int | None, today: date
) -> int:
    """A weekly meeting of a team; a second entry for the day completes the first. Returns its id; TeamRefused: to come."""
    if held_on > today:
        raise TeamRefused(TeamProblem.NOT_YET)
    t = TeamMeeting
    values = {"led_by": led_by, "attended": attended}
    known = change.session.scalar(select(t.id).where(t.community_id == community_id, t.held_on == held_on))
    if known is None:
        return int(change.add(t(community_id=community_id, held_on=held_on, **values)))
    change.edit(t, known, values)
    return known


def _save_grids(change: Change, member_id: int, grids: set[str]) -> None:
    stored = change.session.scalars(select(StaffGrid).where(StaffGrid.staff_id == member_id)).all()
    gone = [row for row in stored if row.grid not in grids]
    change.remove_all(StaffGrid, [(row.id, {"staff_id": member_id, "grid": row.grid}) for row in gone])
    for grid in sorted(grids - {row.grid for row in stored}):
        change.add(StaffGrid(staff_id=member_id, grid=grid))
