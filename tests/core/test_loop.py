"""A stranger at the door until the follow-up after 90 days: every step moves the figures that it should, and no other; the
same loop from spreadsheets leaves the same rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, select

from core.indicators import facts as indicator_facts
from core.indicators.funnel import STAGES, reached
from core.indicators.registry import measure_all
from core.jobs.commands import advance, hire, recommend, record_follow_up
from core.people.commands import Findings, LearntSkill, add_person, add_plan_step, finish_step, record_visit
from core.people.identity import read_id_number
from core.people.plans.commands import open_plan
from core.policy import Action
from core.store import settings
from core.store.commands import Change, command
from core.store.database import Database
from core.store.schema import AuditEvent, Base, Placement, PlanMeasure, Referral
from core.tasks import facts as task_facts
from core.tasks.due import compute_due
from core.tasks.facts import TaskFacts
from core.terms import (
    AccommodationKind,
    Difficulty,
    EnrolmentResult,
    Evidence,
    FollowUpResult,
    MeasureKind,
    ReferralState,
    VisitMode,
)
from core.training.commands import SheetRow, add_course, plan_session, record_results
from core.training.queries import roster
from tests.accesses import dispatcher
from tests.core.factories import NOW, TODAY, fill
from tests.core.intake.files import csv_bytes, done, id_number
from tests.stores import copy_of

ME = dispatcher("李明")
ID_NUMBER = id_number(7)
NAME, PHONE = "季秋白", "19900009999"
COURSE = "照护入门"
START = TODAY + timedelta(days=30)  # of the work
# Tables that record how rows came in, and columns that only one of the two ways fills.
BESIDE = {"import_batch", "header_mapping", "audit_event", "revision", "draft"}
UNCOMPARED = {
    "id",
    "version",
    "visitor_role",  # the sheet looks the visitor's role up among the staff
}


def day(days: int) -> date:
    """The day so many days after the registration."""
    return TODAY + timedelta(days=days)


@dataclass
class Walk:
    """A store in which one person goes through the loop."""

    db: Database
    person: int = 0
    read_at: dict[int, tuple[TaskFacts, pd.DataFrame]] = field(default_factory=dict)  # by lines of the log

    def do(self, action: Action, work: Callable[[Change], Any]) -> Any:
        with command(self.db, actor=ME, action=action, at=NOW) as change:
            return work(change)

    def one(self, table: type[Base], **where: Any) -> Any:
        with self.db.read() as connection:
            return connection.execute(select(table.__table__).filter_by(**where)).one()

    def due(self, today: date) -> set[str]:
        """The kinds of work that are due on ``today`` about the person."""
        rows = self._due(today)
        return set(rows.loc[rows["person_id"] == self.person, "kind"])

    def sessions_to_record(self, today: date) -> int:
        """How many course sessions are over and without results on ``today``."""
        return int((self._due(today)["kind"] == "unrecorded_sessions").sum())

    def _due(self, today: date) -> pd.DataFrame:
        facts, parameters = self.read()
        return compute_due(facts, parameters, today)

    def figures(self, today: date) -> tuple[dict[str, bool], dict[str, tuple[int, int]]]:
        """The stages of the funnel that the person has reached, and both counts of every indicator."""
        facts = self.read()[0].facts
        stages = reached(facts, today)
        own = dict(stages.loc[self.person]) if self.person in stages.index else dict.fromkeys(STAGES, False)
        return own, {code: (m.numerator, m.denominator) for code, m in measure_all(facts, today).items()}

    def read(self) -> tuple[TaskFacts, pd.DataFrame]:
        """The facts and the parameters of the store as it is, read once after each change."""
        lines = self.logged()
        if lines not in self.read_at:
            with self.db.read() as connection:
                facts = task_facts.load(connection, indicator_facts.load(connection))
                self.read_at = {lines: (facts, settings.parameters(connection))}
        return self.read_at[lines]

    def logged(self) -> int:
        with self.db.read() as connection:
            return connection.scalar(select(func.count()).select_from(AuditEvent)) or 0

    def moves(self, today: date, work: Callable[[], Any]) -> tuple[set[str], dict[str, tuple[int, int]]]:
        """What a step on ``today`` moves: stages newly reached, and the change of both counts of the indicators.

        Every step leaves at least one line in the log.
        """
        stages, indicators, lines = *self.figures(today), self.logged()
        work()
        new_stages, new_indicators = self.figures(today)
        assert self.logged() > lines
        assert not {code for code in STAGES if stages[code] and not new_stages[code]}
        changes = {
            code: (after[0] - indicators[code][0], after[1] - indicators[code][1])
            for code, after in new_indicators.items()
            if after != indicators[code]
        }
        return {code for code in STAGES if new_stages[code] and not stages[code]}, changes


# -- the steps by hand


def register(walk: Walk) -> None:
    walk.person = add_person(
        walk.db,
        name=NAME,
        community_id=1,
        id_number=read_id_number(ID_NUMBER),
        phone=PHONE,
        has_consented=False,
        today=TODAY,
        actor=ME,
        at=NOW,
    )


def visit(walk: Walk) -> None:
    findings = Findings(
        intention={
            "wish_1": "4-10-01-05",
            "reserve_pay": 2500.0,
            "target_pay": 3500.0,
            "available_days": "1111100",
            "available_from": "09:00",
            "available_to": "16:00",
            "max_commute_min": 30,
            "home_work_ok": True,
            "wants_training": True,
        },
        limits=frozenset({AccommodationKind.NO_NIGHTS}),
        skills=[LearntSkill("K12", 2, Evidence.PRACTICAL_TEST)],
        consent=True,
    )
    record_visit(
        walk.db,
        walk.person,
        visited_on=TODAY,
        mode=VisitMode.DOOR,
        needs="希望离家近",
        next_on=day(5),
        findings=findings,
        actor=ME,
        at=NOW,
    )


def visit_again(walk: Walk) -> None:
    record_visit(
        walk.db, walk.person, visited_on=day(6), mode=VisitMode.PHONE, needs="", next_on=day(60), actor=ME, at=NOW
    )


def make_plan(walk: Walk) -> None:
    walk.do(
        Action.EDIT_PLAN,
        lambda change: open_plan(change, walk.person, goal="家附近就业", owner=None, review_on=None, today=day(1)),
    )


def add_step(walk: Walk) -> None:
    add_plan_step(
        walk.db,
        walk.person,
        kind=MeasureKind.TRAINING,
        text=COURSE,
        due_on=day(14),
        today=day(1),
        actor=ME,
        at=NOW,
    )


def enrol_in_course(walk: Walk) -> None:
    def work(change: Change) -> None:
        course = add_course(change, name=COURSE, skill="K10")
        plan_session(
            change, course_id=course, community_id=1, starts_on=day(8), ends_on=day(9), people=[walk.person], hours=16
        )

    walk.do(Action.PLAN_SESSION, work)


def record_course(walk: Walk) -> None:
    with walk.db.read() as connection:
        row = roster(connection, 1).iloc[0]
    sheet = SheetRow(
        int(row["enrolment_id"]),
        int(row["version"]),
        EnrolmentResult.PASSED,
        16.0,
        Evidence.TRAINING_CERTIFICATE,
        "HG-1",
    )
    walk.do(Action.RECORD_SESSION, lambda change: record_results(change, 1, [sheet], today=day(18)))


def finish(walk: Walk) -> None:
    step = walk.one(PlanMeasure, text=COURSE)
    finish_step(walk.db, step.id, version=step.version, done_on=day(18), actor=ME, at=NOW)


def recommend_job(walk: Walk) -> None:
    walk.do(Action.RECOMMEND, lambda change: recommend(change, person_id=walk.person, job_id=4, today=day(19)))


def interview_and_offer(walk: Walk) -> None:
    referral = walk.one(Referral, person_id=walk.person).id
    for state, on in ((ReferralState.INTERVIEW, day(27)), (ReferralState.OFFERED, day(28))):
        walk.do(
            Action.ADVANCE_REFERRAL,
            lambda change, state=state, on=on: advance(change, referral, state, today=on),  # type: ignore[misc]
        )


def start_work(walk: Walk) -> None:
    referral = walk.one(Referral, person_id=walk.person).id
    walk.do(
        Action.ADVANCE_REFERRAL,
        lambda change: hire(change, referral, started_on=START, today=START, monthly_pay=2600.0),
    )


def follow_up(walk: Walk, days: int) -> None:
    placement = walk.one(Placement, person_id=walk.person).id
    walk.do(
        Action.RECORD_FOLLOW_UP,
        lambda change: record_follow_up(
            change,
            placement,
            FollowUpResult.IN_WORK,
            followed_on=START + timedelta(days=days),
            monthly_pay=2600.0,
            difficulties={Difficulty.DISTANCE} if days == 30 else (),
        ),
    )


def by_hand(walk: Walk) -> None:
    steps = (register, visit, make_plan, add_step, visit_again, enrol_in_course, record_course, finish, recommend_job)
    for step in (*steps, interview_and_offer, start_work):
        step(walk)
    for days in (30, 90):
        follow_up(walk, days)


# -- the tests


@pytest.fixture
def walk(db: Database) -> Walk:
    fill(db)
    return Walk(db)


def test_every_step_moves_its_figures_and_no_other(walk: Walk) -> None:
    def step(today: date, work: Callable[..., None], *args: Any) -> tuple[set[str], dict[str, tuple[int, int]]]:
        return walk.moves(today, lambda: work(walk, *args))

    month, quarter = START + timedelta(days=30), START + timedelta(days=90)

    assert step(TODAY, register) == (set(), {"plan_rate": (0, 1)})
    assert walk.due(TODAY) == {"missing_consents"}
    assert walk.due(day(32)) == {"missing_consents", "missing_plans", "never_visited"}

    assert step(TODAY, visit) == ({"visited", "portrait"}, {})
    assert (walk.due(TODAY), walk.due(day(6))) == (set(), {"agreed_visits"})

    assert step(day(1), make_plan) == ({"plan"}, {"plan_rate": (1, 0)})
    assert walk.due(day(1)) == {"idle_plans"}
    assert step(day(1), add_step) == (set(), {})
    assert (walk.due(day(1)), walk.due(day(15))) == (set(), {"agreed_visits", "overdue_steps"})

    assert step(day(6), visit_again) == (set(), {"visit_coverage": (1, 0)})  # in the pool since the month began
    assert walk.due(day(6)) == set()

    assert step(day(8), enrol_in_course) == (set(), {})
    assert walk.sessions_to_record(day(17)) == 1
    assert step(day(18), record_course) == ({"trained"}, {})
    assert walk.sessions_to_record(day(18)) == 0
    assert walk.due(day(18)) == {"overdue_steps"}
    assert step(day(18), finish) == (set(), {})
    assert walk.due(day(18)) == {"idle_plans"}

    assert step(day(19), recommend_job) == ({"recommended"}, {})
    assert walk.due(day(27)) == {"idle_plans", "unanswered_referrals"}
    assert step(day(28), interview_and_offer) == (set(), {})
    assert walk.due(day(28)) == {"idle_plans"}

    assert step(START, start_work) == ({"placed"}, {"plan_rate": (-1, -1)})  # out of the pool
    assert (walk.due(START), walk.due(month - timedelta(days=1)), walk.due(month)) == (set(), set(), {"follow_ups"})
    assert step(month, follow_up, 30) == (set(), {})
    assert (walk.due(month), walk.due(quarter)) == (set(), {"follow_ups"})

    before, after = walk.figures(quarter - timedelta(days=1)), walk.figures(quarter)
    assert not before[0]["retained"]
    assert all(after[0].values())
    assert (before[1]["retention_90"], after[1]["retention_90"]) == ((0, 0), (1, 1))
    assert step(quarter, follow_up, 90) == (set(), {})
    assert (walk.due(quarter), walk.due(START + timedelta(days=180))) == (set(), {"follow_ups"})


def digest(db: Database) -> dict[str, list[tuple[str, ...]]]:
    """The rows of every table, sorted, without what ``UNCOMPARED`` and ``BESIDE`` name."""
    rows_of = {}
    with db.read() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in BESIDE:
                continue
            columns = [c for c in table.columns if not {c.name, f"{c.name} of {table.name}"} & UNCOMPARED]
            rows_of[table.name] = sorted(tuple(map(repr, row)) for row in connection.execute(select(*columns)))
    return rows_of


def sheets() -> list[bytes]:
    """The same loop as the sheets of a bureau, each sent once it is complete."""
    who = {"姓名": NAME, "身份证号": ID_NUMBER, "联系电话": PHONE}
    session = {
        "班次编号": f"PLAN-{day(8):%Y%m%d}-1",
        "培训项目": COURSE,
        "职业(工种)": "助餐助浴助行",
        "培训类型(家门口/用工委培/高校联合)": "家门口",
    }
    start, opening = (
        {"入职日期": START},
        {"单位名称": "康颐养老服务中心", "岗位名称": "助餐助浴员", "发布日期": day(-20)},
    )
    tables: list[list[dict[str, Any]]] = [
        [{"姓名": NAME, "公民身份号码": ID_NUMBER, "联系电话": PHONE, "登记日期": TODAY, "社区": "运河湾社区"}],
        [
            {
                **who,
                "走访方式": "上门",
                "走访日期": TODAY,
                "走访人": "李明",
                "当前状态": "求职中",
                "意向工种": "养老护理员",
                "期望月薪(元)": "2500-3500",
                "可工作时段": "周一至周五 09:00-16:00",
                "最远通勤(分钟)": 30,
                "是否接受居家/计件": "是",
                "岗位适应需求": "不上夜班",
                "培训意愿": "是",
                "诉求与困难": "希望离家近",
                "下次走访日期": day(5),
                "本人同意采集(是/否)": "是",
            },
        ],
        [
            {
                **who,
                "走访方式": "电话",
                "走访日期": day(6),
                "走访人": "李明",
                "当前状态": "求职中",
                "下次走访日期": day(60),
            }
        ],
        [
            {**who, "技能": "K12", "等级": 2, "佐证": "实操测评", "取得日期": TODAY},
            {**who, "技能": "K10", "等级": 2, "佐证": "培训合格证", "取得日期": day(9)},
        ],
        [
            {
                **who,
                "制定日期": day(1),
                "目标": "家附近就业",
                "责任人": "李明",
                "计划状态": "执行中",
                "步骤序号": 1,
                "措施类别": "技能培训",
                "措施内容": COURSE,
                "计划完成日期": day(14),
                "实际完成日期": day(18),
            }
        ],
        [
            {
                **session,
                **who,
                "所在社区": "运河湾社区",
                "开班日期": day(8),
                "结业日期": day(9),
                "总课时": 16,
                "出勤课时": 16,
                "考核结果": "合格",
                "证书类型": "培训合格证",
                "证书编号": "HG-1",
            }
        ],
        [{**who, **opening, "推荐日期": day(19), "推荐人": "李明", "状态": "已入职", "状态日期": START}],
        [
            {
                **who,
                **start,
                "就业渠道": "其他",
                "用人单位": "康颐养老服务中心",
                "岗位编号": "GW00004",
                "用工形式": "非全日制",
                "月收入(元)": 2600,
            }
        ],
        [{**who, "状态": "已就业", "起始日期": START}],
        [
            {
                **who,
                **start,
                "回访日期": START + timedelta(days=30),
                "回访结果": "在岗",
                "回访月收入(元)": 2600,
                "困难": "路途远",
            },
            {
                **who,
                **start,
                "回访日期": START + timedelta(days=90),
                "回访结果": "在岗",
                "回访月收入(元)": 2600,
                "困难": "",
            },
        ],
    ]
    return [csv_bytes([list(rows[0]), *(list(row.values()) for row in rows)]) for rows in tables]


def test_sheets_alone_leave_the_same_rows(empty_file: Path, tmp_path: Path) -> None:
    stores = []
    for way in ("hand", "sheets"):
        (tmp_path / way).mkdir()
        stores.append(copy_of(empty_file, tmp_path / way))
        fill(stores[-1])
    hand, sheet = stores
    by_hand(Walk(hand))
    for data in sheets():
        done(sheet, data)

    typed, imported = digest(hand), digest(sheet)
    assert {name: rows for name, rows in imported.items() if rows != typed[name]} == {
        name: rows for name, rows in typed.items() if rows != imported[name]
    }
