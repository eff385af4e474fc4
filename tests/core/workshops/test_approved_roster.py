"""A roster that is stored, printed and explained."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import numpy as np
import pytest
from openpyxl import load_workbook

from core.locale import translator
from core.people import queries as people_queries
from core.policy import Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Promise
from core.terms import PromiseKind
from core.workshops import commands, queries
from core.workshops.ledger import Fact, with_facts
from core.workshops.roster import WeekRoster, week_roster
from core.workshops.roster_sheet import PublishedRoster, PublishedRow, roster_workbook
from core.workshops.staffing import FREE, Roster
from core.workshops.states import workshop_states
from core.workshops.why_not import person_reasons, shift_reasons
from tests.accesses import dispatcher
from tests.core.workshops.factories import TODAY, fill
from tests.core.workshops.test_states import workshop_rows

AT = datetime(2025, 12, 28, 9, tzinfo=UTC)


@pytest.fixture
def plan(db: Database) -> WeekRoster:
    fill(db)
    state = workshop_states(workshop_rows(db), TODAY)[0]
    with db.read() as c:
        return week_roster(state, people_queries.intentions(c), people_queries.person_skills(c))


def approve(db: Database, plan: WeekRoster, rev: int, reason: str = "") -> int:
    with command(db, actor=dispatcher("李明"), action=Action.APPROVE_ROSTER, at=AT) as change:
        return commands.approve_roster(change, 3, plan, rev=rev, today=TODAY, reason=reason)


def test_an_approved_roster_is_stored_cell_by_cell_with_what_it_is_expected_to_make(
    db: Database, plan: WeekRoster
) -> None:
    roster = approve(db, plan, 0)
    with db.read() as c:
        stored, [row] = queries.approved_cells(c), queries.approved_rosters(c).to_dict("records")
    assert {(p, s) for p, s in zip(stored["person_id"], stored["slot"], strict=True)} == {
        (plan.persons[i], s) for i, s in zip(*np.nonzero(plan.roster.table != FREE), strict=True)
    }
    assert (row["id"], row["rev"], row["approved_by"]) == (roster, 1, "李明")
    assert row["expected_hours"] == pytest.approx(plan.covered)
    with db.write() as session:
        promise = session.query(Promise).one()
        assert (promise.kind, promise.due_on) == (PromiseKind.ROSTER, date(2026, 1, 4))
        assert promise.number == pytest.approx(plan.covered + plan.home.made)


def test_a_change_is_a_further_version_with_a_reason(db: Database, plan: WeekRoster) -> None:
    approve(db, plan, 0)
    with pytest.raises(commands.NotAllowed, match="meanwhile"):
        approve(db, plan, 0, "again")
    with pytest.raises(commands.NotAllowed, match="reason"):
        approve(db, plan, 1)
    approve(db, plan, 1, "缺勤")
    with db.read() as c:
        assert queries.approved_rosters(c)["rev"].tolist() == [2]
    nobody = plan.with_roster(Roster(np.full_like(plan.roster.table, FREE), "greedy", 0.0, None))
    with pytest.raises(commands.NotAllowed, match="nothing"):
        approve(db, nobody, 2, "x")


def test_the_hours_of_the_week_are_the_fact_of_a_roster(db: Database, plan: WeekRoster) -> None:
    approve(db, plan, 0)
    later = date(2026, 1, 6)
    made = round(plan.covered * 60 / 38)
    with command(db, actor=dispatcher("李明"), action=Action.SAVE_WEEK, at=AT) as change:
        report = {"stations": 12, "on_roll": 12, "attendances": 40, "hours": 136.0, "labour_cost": 3000.0,
                  "shortage": 0, "problem": None}  # fmt: skip
        line = {"planned": made, "made": made, "good": made, "reworked": 0}
        commands.save_week(change, 3, plan.week, report, {1: line}, today=later, version=None)
    with db.read() as c:
        table = with_facts(queries.promises(c, later), queries.outputs(c, later), later)
    assert table["fact"].tolist() == [Fact.KEPT]
    assert table["fact_number"].iloc[0] == pytest.approx(plan.covered, rel=0.02)


def test_the_sheet_is_one_page_wide_a4_landscape_with_a_slip_for_everybody_who_works() -> None:
    rows = (PublishedRow("王芳", (0, 1, 4), True), PublishedRow("=李雷", (0,), False), PublishedRow("赵六", (), False))
    roster = PublishedRoster("微工厂", date(2026, 1, 5), 2, 3.5, "李明", AT, rows)
    for lang in ("zh_CN", "en"):
        book = load_workbook(io.BytesIO(roster_workbook(roster, translator(lang), "n-1")))
        wall, slips = book.worksheets
        assert (wall.page_setup.orientation, wall.page_setup.paperSize, wall.page_setup.fitToWidth) == (
            "landscape",
            9,
            1,
        )
        assert [wall.cell(3, c).value for c in range(2, 7)] == ["●", "●", "●", 3, 10.5]
        assert wall.cell(4, 1).data_type == "s"
        assert [wall.cell(6, c).value for c in range(2, 5)] == [2, 1, 1]
        names = [c.value for c in slips["A"] if c.value in ("王芳", "=李雷", "赵六")]
        assert names == ["王芳", "=李雷"]


def test_every_half_day_that_is_not_full_and_every_week_that_is_not_usual_has_its_reason(plan: WeekRoster) -> None:
    for lang in ("zh_CN", "en"):
        tr = translator(lang)
        shifts, people = shift_reasons(plan, tr), person_reasons(plan, tr)
        assert [r.slot for r in shifts] == [0, 1, 2, 3, 4, 5]  # from 1 January on it is closed
        assert all(bool(r.text) == (r.crew < plan.place.stations) for r in shifts)
        assert len(people) == len(plan.workers)
        assert all(bool(r.text) == (r.given != plan.workers[r.worker].usual) for r in people)
        assert "{" not in "".join(r.text for r in [*shifts, *people])


def test_without_a_leader_or_enough_people_the_reason_says_so(plan: WeekRoster) -> None:
    tr = translator("en")
    empty = plan.with_roster(Roster(np.full_like(plan.roster.table, FREE), "greedy", 0.0, None))
    leader = next(i for i, w in enumerate(plan.workers) if w.is_leader)
    led = empty.with_absence(leader, [0])
    assert "none of them may lead" in shift_reasons(led, tr)[0].text
    few = empty
    for i in range(len(plan.workers) - 2):
        few = few.with_absence(i, [1])
    assert "2 people can come, a shift takes 3" in shift_reasons(few, tr)[1].text
    away = empty.with_absence(0, range(14))
    assert "cover no half day" in person_reasons(away, tr)[0].text
