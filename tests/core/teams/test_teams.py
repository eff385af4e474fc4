"""Service teams: who joins, moves and leaves, and the rhythm of weeks and visits counted from rows made for it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.indicators import facts as indicator_facts
from core.indicators.current import in_state
from core.people.commands import add_plan_step, hand_over, record_visit
from core.policy import Action, Refused
from core.store import settings
from core.store.commands import Change, command
from core.store.database import Database
from core.store.schema import AuditEvent, Grid, StaffGrid, StaffMember, TeamMeeting
from core.tasks import facts as task_facts
from core.tasks.due import compute_due
from core.teams import queries
from core.teams.commands import (
    MemberFacts,
    TeamProblem,
    TeamRefused,
    end_member,
    record_meeting,
    save_member,
)
from core.teams.grid_names import in_order, ordinal
from core.teams.rhythm import WEEKS, TeamFrames, Teams, compute_teams
from core.terms import MeasureKind, PersonState, StaffRole, VisitMode
from tests.accesses import caseworker, dispatcher
from tests.core.factories import NOW, TODAY, communities, person

WORKER = MemberFacts("赵荷露", StaffRole.GRID_WORKER, 1, grids=("第一网格", "第二网格"))


@pytest.fixture
def places(db: Database) -> list[int]:
    with db.write() as session:
        return communities(session)


def edit(db: Database) -> Change:
    return command(db, actor=dispatcher(), action=Action.EDIT_TEAM, at=NOW)  # type: ignore[return-value]


def teams_of(db: Database, today: date = TODAY) -> Teams:
    with db.read() as connection:
        facts = task_facts.load(connection, indicator_facts.load(connection))
        parameters = settings.parameters(connection)
        frames = TeamFrames(
            staff=queries.staff(connection),
            staff_grids=queries.staff_grids(connection),
            grids=queries.grids(connection),
            meetings=queries.meetings(connection),
            homes=queries.homes_by_grid(connection),
        )
    return compute_teams(facts, frames, compute_due(facts, parameters, today), parameters, today)


def grids_of(db: Database) -> set[str]:
    with db.read() as connection:
        return set(connection.scalars(select(StaffGrid.grid)))


def test_somebody_joins_moves_and_leaves(db: Database, places: list[int]) -> None:
    with edit(db) as change:
        member = save_member(change, WORKER)
    assert grids_of(db) == {"第一网格", "第二网格"}
    with edit(db) as change:
        moved = MemberFacts("赵荷露", StaffRole.STEWARD, places[1], grids=("第二网格",))
        save_member(change, moved, member_id=member, version=1)
    assert grids_of(db) == {"第二网格"}
    with edit(db) as change:
        end_member(change, member, left_on=TODAY, today=TODAY)

    with db.read() as connection:
        row = connection.execute(select(StaffMember.role, StaffMember.community_id, StaffMember.active)).one()
        actions = set(connection.scalars(select(AuditEvent.action)))
    assert tuple(row) == (StaffRole.STEWARD, places[1], False)
    assert grids_of(db) == set()
    assert actions == {"edit_team"}


def test_what_would_leave_a_team_wrong_is_refused(db: Database, places: list[int]) -> None:
    with db.write() as session:
        who = person(session, community_id=places[0])
    with edit(db) as change:
        member = save_member(change, WORKER)
    add_plan_step(db, who, kind=MeasureKind.TRAINING, text="课", due_on=None, today=TODAY, actor=dispatcher(), at=NOW)
    hand_over(db, [who], to=WORKER.name, actor=dispatcher(), at=NOW)

    def problem(what: object) -> TeamProblem:
        assert callable(what)
        with pytest.raises(TeamRefused) as refused, edit(db) as change:
            what(change)
        return refused.value.problem

    assert problem(lambda c: save_member(c, WORKER)) is TeamProblem.NAME_TAKEN
    assert problem(lambda c: save_member(c, MemberFacts(" ", StaffRole.AGENCY, None))) is TeamProblem.NO_NAME
    assert problem(lambda c: end_member(c, member, left_on=TODAY, today=TODAY)) is TeamProblem.STILL_OWNS
    tomorrow = TODAY + timedelta(days=1)
    assert problem(lambda c: end_member(c, member, left_on=tomorrow, today=TODAY)) is TeamProblem.NOT_YET
    with pytest.raises(Refused), command(db, actor=caseworker(), action=Action.EDIT_TEAM, at=NOW):
        pass


def test_weeks_and_visits_are_kept_or_missed(db: Database, places: list[int]) -> None:
    """TODAY is a Sunday, so its week is complete; on the Saturday before it is not."""
    with db.write() as session:
        session.add(Grid(community_id=places[0], name="第一网格"))
        session.flush()
        seekers = [person(session, f"人{n}", community_id=places[0], grid_id=1) for n in range(4)]
    with edit(db) as change:
        save_member(change, WORKER)
        save_member(change, MemberFacts("何微澜", StaffRole.SECRETARY, places[0]))
        for weeks in (0, 0, 1, 3, WEEKS):
            record_meeting(
                change,
                community_id=places[0],
                held_on=TODAY - timedelta(weeks=weeks),
                led_by="何微澜",
                attended=6,
                today=TODAY,
            )
    for who, days in ((seekers[0], 3), (seekers[1], 31), (seekers[2], 32)):
        record_visit(
            db,
            who,
            visited_on=TODAY - timedelta(days=days),
            mode=VisitMode.DOOR,
            needs="",
            next_on=None,
            actor=dispatcher(WORKER.name),
            at=NOW,
        )

    teams = teams_of(db)
    row = teams.communities.set_index("community_id").loc[places[0]]

    assert (row["lead"], row["met"], row["grids"], row["grids_covered"]) == ("何微澜", 3, 1, 1)
    assert (row["seekers"], row["listed"], row["visited"]) == (4, 4, 2)
    assert teams_of(db, TODAY - timedelta(days=1)).communities.set_index("community_id").loc[places[0], "met"] == 3
    worker = teams.members.set_index("name").loc[WORKER.name]
    assert (worker["grids"], worker["visits"], worker["people"]) == ("第一网格、第二网格", 2, 0)
    assert list(teams.grids["members"]) == [WORKER.name]
    with db.read() as connection:
        assert len(connection.execute(select(TeamMeeting.id)).all()) == 4  # two entries of a day are one


def test_the_sample_counts_each_task_of_a_community_once(sample_db: Database) -> None:
    with sample_db.read() as connection:
        facts = task_facts.load(connection, indicator_facts.load(connection))
        due = compute_due(facts, settings.parameters(connection), TODAY)
    teams = teams_of(sample_db)

    assert teams.communities["due"].sum() == due["community_id"].notna().sum()
    assert (teams.communities["overdue"] <= teams.communities["due"]).all()
    with sample_db.read() as connection:
        homes = queries.homes_by_grid(connection).set_index("person_id")["grid"]
    seekers = in_state(facts.facts, TODAY, PersonState.SEEKING)["person_id"]
    assert teams.communities["seekers"].sum() == len(seekers)
    assert teams.grids["seekers"].sum() == homes.loc[seekers].notna().sum()
    assert (teams.communities[[role.value for role in (StaffRole.SECRETARY,)]] == 1).all().all()


def test_grids_are_counted_and_not_spelt() -> None:
    names = ["第十二网格", "第三网格", "南区", "第二网格", "第十网格", "第二十一网格", "1号网格"]

    assert in_order(names) == ["1号网格", "第二网格", "第三网格", "第十网格", "第十二网格", "第二十一网格", "南区"]
    assert [ordinal(name) for name in ("第二十网格", "网格", "第十一网格")] == [20, None, 11]
