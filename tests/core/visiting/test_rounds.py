"""Rounds: the walking order against all orders, opening hours, numbers, and the way back from the paper by both doors."""

from __future__ import annotations

import itertools
import random
from datetime import date, time, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.geography.plane import Travel
from core.intake.commit import commit_import
from core.locale import translator
from core.people.visit_numbers import ALPHABET, new_number, read_number, shown
from core.policy import Refused
from core.store.database import Database
from core.store.schema import AuditEvent, StaffMember, Visit, VisitingStop
from core.terms import RevealPurpose, StaffRole, VisitMode, VisitResult
from core.visiting.commands import NumberUsed, UnknownNumber, make_round, record_call, reveal_round
from core.visiting.paper_sheet import PaperStop, RoundHead, round_sheet
from core.visiting.round_plan import PAGE, DayPlan, PlannedStop, RoundRules, plan_round
from core.visiting.walking_order import path_length, walking_order
from tests.accesses import administrator, caseworker, dispatcher, enterprise_officer
from tests.core.factories import NOW, TODAY, communities, person
from tests.core.intake.files import codes, csv_bytes, planned

HEADERS = ("走访编号", "走访方式", "走访结果", "走访日期", "诉求与困难", "下次走访日期")
RULES = RoundRules(opens=540, closes=1050, visit_minutes=20, walk=Travel(75, 1.3))
START = (116.56, 35.37)


# -- the order ----------------------------------------------------------------------------------------------------


def shortest(start: np.ndarray, stops: np.ndarray) -> float:
    """The shortest open path, by trying every order."""
    return min(path_length(start, stops, list(order)) for order in itertools.permutations(range(len(stops))))


def test_the_order_is_close_to_the_best_of_all_orders() -> None:
    dice = np.random.default_rng(15)
    ratios = []
    for n in (2, 3, 5, 6, 7, 7, 7, 8):
        for _ in range(2):
            start, stops = np.zeros(2), dice.uniform(-800, 800, (n, 2))
            order = walking_order(start, stops)
            assert sorted(order) == list(range(n))
            ratios.append(path_length(start, stops, order) / shortest(start, stops))

    assert min(ratios) >= 1 - 1e-9
    assert max(ratios) < 1.2
    assert np.mean(ratios) < 1.03


@given(st.lists(st.tuples(st.integers(-900, 900), st.integers(-900, 900)), max_size=12))
def test_no_stretch_turned_round_makes_the_way_shorter(points: list[tuple[int, int]]) -> None:
    start, stops = np.zeros(2), np.array(points, dtype=float).reshape(-1, 2)
    order = walking_order(start, stops)
    length = path_length(start, stops, order)

    for i, j in itertools.combinations(range(len(order)), 2):
        turned = [*order[:i], *reversed(order[i : j + 1]), *order[j + 1 :]]
        assert path_length(start, stops, turned) >= length - 1e-6


def households(n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {"person_id": range(1, n + 1), "lon": [START[0] + 0.001 * k for k in range(n)], "lat": START[1]}
    )


def test_a_round_ends_within_the_hours_and_leaves_the_least_urgent() -> None:
    whole = plan_round(households(30), START, RULES, begins=time(9))
    late = plan_round(households(30), START, RULES, begins=time(16))

    assert len(whole.stops) == PAGE
    assert whole.left_out == 30 - PAGE
    assert whole.ends <= time(17, 30)
    assert [stop.person_id for stop in late.stops] == [1, 2, 3, 4]  # the fifth would end after half past five
    assert late.stops[0].arrives == time(16)
    assert late.ends <= time(17, 30)
    assert plan_round(households(3), START, RULES, begins=time(17, 29)).stops == ()
    assert plan_round(households(0), START, RULES, begins=time(9)) == DayPlan((), 0, 0.0, time(9))


def test_who_is_not_located_comes_last_without_a_time() -> None:
    rows = households(3)
    rows.loc[0, ["lon", "lat"]] = np.nan

    plan = plan_round(rows, START, RULES, begins=time(7))

    assert [(stop.person_id, stop.arrives is None) for stop in plan.stops] == [(2, False), (3, False), (1, True)]
    assert plan.stops[0].arrives is not None
    assert plan.stops[0].arrives >= time(9)  # nobody is called on before the hours begin


# -- numbers ------------------------------------------------------------------------------------------------------


@given(st.randoms(use_true_random=False), st.integers(0, 7), st.sampled_from(ALPHABET), st.integers(0, 7))
def test_one_wrong_character_or_two_swapped_are_noticed(
    dice: random.Random, place: int, character: str, other: int
) -> None:
    number = new_number(dice.choice)
    wrong = number[:place] + character + number[place + 1 :]
    swapped = list(number)
    swapped[place], swapped[other] = swapped[other], swapped[place]

    assert read_number(f" {shown(number).lower()} ") == number
    assert read_number(wrong) == (number if wrong == number else None)
    assert read_number("".join(swapped)) == (number if "".join(swapped) == number else None)


# -- made, printed, come back -------------------------------------------------------------------------------------


@pytest.fixture
def people(db: Database) -> list[int]:
    with db.write() as session:
        places = communities(session)
        session.add(StaffMember(name="赵荷露", role=StaffRole.GRID_WORKER, community_id=places[0]))
        return [
            person(session, name, community_id=places[0], phone="19900000001", address="6号楼")
            for name in ("甲一", "乙二", "丙三")
        ]


def made(db: Database, people: list[int]) -> list[str]:
    """A round for these people; their numbers."""
    stops = tuple(PlannedStop(person_id, 5.0, time(9, 20)) for person_id in people)
    make_round(
        db,
        DayPlan(stops, 0, 900.0, time(11)),
        community_id=1,
        visitor="赵荷露",
        walk_on=TODAY,
        begins=time(9),
        actor=dispatcher(),
        at=NOW,
    )
    with db.read() as connection:
        return list(connection.scalars(select(VisitingStop.number).order_by(VisitingStop.position)))


def visits(db: Database) -> list[tuple[object, ...]]:
    t = Visit
    with db.read() as connection:
        rows = connection.execute(
            select(t.person_id, t.visited_on, t.mode, t.visitor, t.needs, t.next_on).order_by(t.id)
        )
        return [tuple(row) for row in rows]


def test_a_number_is_entered_once_and_only_a_meeting_is_a_visit(db: Database, people: list[int]) -> None:
    first, second, _ = made(db, people)
    soon = TODAY + timedelta(days=20)

    who = record_call(
        db,
        shown(first),
        called_on=TODAY,
        result=VisitResult.MET,
        needs=" 近 ",
        next_on=soon,
        actor=caseworker(),
        at=NOW,
    )
    record_call(db, second, called_on=TODAY, result=VisitResult.ABSENT, actor=caseworker(), at=NOW)

    assert who == people[0]
    assert visits(db) == [(people[0], TODAY, VisitMode.DOOR, "赵荷露", "近", soon)]
    with pytest.raises(NumberUsed) as used:
        record_call(db, first, called_on=TODAY, result=VisitResult.MET, actor=caseworker(), at=NOW)
    assert used.value.called_on == TODAY
    for number in ("2345-67BV", first[:-1], "", "甲"):
        with pytest.raises(UnknownNumber):
            record_call(db, number, called_on=TODAY, result=VisitResult.MET, actor=caseworker(), at=NOW)
    with pytest.raises(UnknownNumber):  # of another community: answered as if it did not exist
        record_call(db, second, called_on=TODAY, result=VisitResult.MET, actor=caseworker(communities={2}), at=NOW)
    with pytest.raises(Refused):
        record_call(db, second, called_on=TODAY, result=VisitResult.MET, actor=enterprise_officer(), at=NOW)


def test_the_sheet_brings_visits_back_once(db: Database, people: list[int]) -> None:
    first, second, third = made(db, people)
    sheet = csv_bytes(
        [
            HEADERS,
            (shown(first), "上门", "见到本人", "2025-12-27", "希望离家近", "2026-01-20"),
            (second.lower(), "", "家中无人", "2025-12-27", "", ""),
            (shown(third), "", "", "", "", ""),
        ]
    )

    plan = planned(db, sheet)
    assert (plan.request.sheet, codes(plan), plan.ready) == ("round_visits", [], True)
    commit_import(db, plan, administrator(), NOW)
    again = planned(db, sheet)

    assert visits(db) == [(people[0], date(2025, 12, 27), VisitMode.DOOR, "赵荷露", "希望离家近", date(2026, 1, 20))]
    assert (again.counts["same"], again.operations) == (3, ())
    with pytest.raises(NumberUsed):
        record_call(db, second, called_on=TODAY, result=VisitResult.MET, actor=caseworker(), at=NOW)


def test_what_is_wrong_with_a_number_is_said_in_its_cell(db: Database, people: list[int]) -> None:
    first, second, third = made(db, people)
    record_call(db, first, called_on=TODAY, result=VisitResult.ABSENT, actor=caseworker(), at=NOW)
    other = "3" if second[0] != "3" else "4"
    plan = planned(
        db,
        csv_bytes(
            [
                HEADERS,
                (first, "上门", "见到本人", "2025-12-27", "", ""),
                (other + second[1:], "上门", "见到本人", "2025-12-27", "", ""),
                ("2345-67BV", "上门", "见到本人", "2025-12-27", "", ""),
                (second, "上门", "见到本人", "", "", ""),
                (third, "", "见到本人", "2025-12-27", "", ""),
            ]
        ),
    )

    assert {(row, code, header) for code, row, header in codes(plan)} == {
        (2, "filled_before", "走访日期"),
        (3, "visit_number", "走访编号"),
        (4, "unknown_visit_number", "走访编号"),
        (5, "needs", "走访结果"),
        (6, "needed_for_new", "走访方式"),
    }
    for finding in plan.findings:
        assert finding.message(translator()) != finding.message(translator("en"))
    assert not plan.ready


def test_names_leave_on_paper_with_a_purpose_that_is_kept_for_each_person(db: Database, people: list[int]) -> None:
    made(db, people)

    rows = reveal_round(db, 1, purpose=RevealPurpose.VISIT, actor=caseworker(communities={1}), at=NOW)

    assert list(rows["name"]) == ["甲一", "乙二", "丙三"]
    assert set(rows["address"]) == {"6号楼"}
    with db.read() as connection:
        t = AuditEvent
        kept = connection.execute(select(t.entity_id, t.after).where(t.entity == "reveal").order_by(t.id)).all()
        assert [int(row.entity_id) for row in kept] == people
        assert {row.after["purpose"] for row in kept} == {"visit"}
    with pytest.raises(LookupError):
        reveal_round(db, 1, purpose=RevealPurpose.VISIT, actor=caseworker(communities={2}), at=NOW)
    with pytest.raises(Refused):
        reveal_round(db, 1, purpose=RevealPurpose.VISIT, actor=enterprise_officer(), at=NOW)
    with db.read() as connection:
        counted = select(func.count()).where(AuditEvent.entity == "reveal")
        assert connection.scalar(counted) == len(people)


def test_the_paper_loads_nothing_and_its_codes_hold_the_numbers_alone() -> None:
    head = RoundHead(
        district="区",
        community="荷风社区",
        visitor="<b>赵</b>",
        walk_on=TODAY,
        begins_at="09:00",
        start_place="中心",
        purpose=None,
        printed_by="李明",
        printed_on=TODAY,
        export_number="20251228-1",
        is_demo=True,
    )
    stops = [
        PaperStop(
            position=n,
            arrives_at="09:20",
            name="王*兰",
            phone="199****0001",
            address="",
            due="逾期",
            number=new_number(),
        )
        for n in range(1, PAGE + 1)
    ]

    html = round_sheet(head, stops, translator()).decode()

    assert "<b>赵</b>" not in html
    assert "http" not in html.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    assert html.count("<svg") == PAGE
    assert all(html.count(shown(stop.number)) == 1 for stop in stops)  # beside the code, as text


def test_a_round_is_made_by_those_who_visit(db: Database, people: list[int]) -> None:
    with pytest.raises(Refused):
        make_round(
            db,
            DayPlan((PlannedStop(people[0], None, None),), 0, 0.0, time(9)),
            community_id=1,
            visitor="赵荷露",
            walk_on=TODAY,
            begins=time(9),
            actor=enterprise_officer(),
            at=NOW,
        )
