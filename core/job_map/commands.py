"""Put a what-if on the agenda of the weekly meeting."""

from __future__ import annotations

from datetime import date, datetime

from core.job_map import queries
from core.job_map.agenda import Proposal
from core.policy import Access, Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import ActionItem
from core.terms import ActionStatus

__all__ = ["AlreadyRaised", "raise_at_meeting"]


class AlreadyRaised(Exception):
    """The what-if is on the agenda of this week already."""


def raise_at_meeting(
    db: Database,
    proposal: Proposal,
    scenario: int,
    owner: str,
    due_on: date,
    *,
    today: date,
    actor: Access,
    at: datetime,
) -> str:
    """Make ``proposal`` an item of this week's meeting; returns its code, which ends in the number of the scenario.

    ValueError without an owner or with a date before ``today``; AlreadyRaised a second time in the same week.
    """
    if not owner.strip() or not proposal.problem.strip() or due_on < today:
        raise ValueError("an item for the meeting needs a problem, an owner and a date ahead")
    year, week, _ = today.isocalendar()
    code = f"{year}-W{week:02d}-M{scenario}"
    with command(db, actor=actor, action=Action.RAISE_AT_MEETING, at=at) as change:
        if code in set(queries.agenda_items(change.session.connection())["code"]):
            raise AlreadyRaised(code)
        change.add(
            ActionItem(
                code=code,
                problem=proposal.problem,
                measure=proposal.measure,
                indicator=proposal.indicator,
                community_id=proposal.community_id,
                office=proposal.office,
                owner=owner.strip(),
                raised_on=today,
                due_on=due_on,
                status=ActionStatus.TODO,
            )
        )
    return code
