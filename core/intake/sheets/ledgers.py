"""The district's own sheets about known people: skills, states, experience, plans, work and its follow-up."""

from __future__ import annotations

from core.intake.parsing.base import Each, Lookup, OneOf, Text
from core.intake.parsing.dates import Day
from core.intake.parsing.numbers import WEEKLY_HOURS, YEARS, YUAN_A_MONTH, Number
from core.intake.parsing.people import LastFour, Phone
from core.intake.parsing.skills import Grade
from core.intake.sheets.model import Column, Entity, InOrder, Merge, OfEmployer, SheetSpec, col
from core.intake.sheets.people import id_card
from core.locale import N_
from core.store.schema import (
    Employer,
    Experience,
    FollowUp,
    FollowUpDifficulty,
    Job,
    Person,
    PersonSkill,
    PersonStateSpell,
    Placement,
    Plan,
    PlanMeasure,
    Referral,
)
from core.terms import (
    Channel,
    Difficulty,
    Evidence,
    ExitReason,
    FollowUpResult,
    JobForm,
    MeasureKind,
    PersonState,
    PlanStatus,
    ReferralState,
    RefusalReason,
    SkillDomain,
)

__all__ = ["EXPERIENCE", "FOLLOW_UPS", "PLACEMENTS", "PLANS", "REFERRALS", "SKILLS", "STATES", "who"]

KNOWN_PERSON = Entity("person", Person, key=("id_hash",), create=False, update=False)
OF_PERSON = {"person_id": "person"}


def who() -> tuple[Column, ...]:
    """The columns that say whom a row is about."""
    return (
        col("name", "姓名", Text(), "person.name", required=True, example="王秀兰"),
        id_card("身份证号"),
        col("phone", "联系电话", Phone(), "person.*", example="19900000001", also="电话|手机号|手机号码"),
        col("id_last4", "身份证号(后四位)", LastFour(), "person.id_last4", further=True, example="1221"),
    )


STATES = SheetSpec(
    code="states",
    title=N_("Changes of state"),
    columns=(
        *who(),
        col("state", "状态", OneOf(PersonState), "state.state", required=True, example="求职中"),
        col("since", "起始日期", Day(), "state.since", required=True, example="2025-03-05"),
    ),
    entities=(
        KNOWN_PERSON,
        Entity("state", PersonStateSpell, ("person_id", "since"), OF_PERSON, merge=Merge.SPELL, primary=True),
    ),
    order_by="since",
)

SKILLS = SheetSpec(
    code="skills",
    title=N_("Skill portraits"),
    columns=(
        *who(),
        col("skill", "技能", Lookup("skill"), "skill.skill", required=True, example="平缝机操作"),
        col("level", "等级", Grade(), "skill.level", required=True, example="2"),
        col("evidence", "佐证", OneOf(Evidence), "skill.evidence", required=True, example="培训合格证"),
        col("acquired_on", "取得日期", Day(), "skill.acquired_on", example="2025-02-28"),
    ),
    entities=(
        KNOWN_PERSON,
        Entity("skill", PersonSkill, ("person_id", "skill"), OF_PERSON, merge=Merge.RAISE, primary=True),
    ),
    order_by="acquired_on",
)

EXPERIENCE = SheetSpec(
    code="experience",
    title=N_("Work experience"),
    columns=(
        *who(),
        col("domain", "从业领域", OneOf(SkillDomain), "experience.domain", required=True, example="照护家政"),
        col("years", "年限", Number(0, 60, units=YEARS), "experience.years", required=True, example="3"),
    ),
    entities=(KNOWN_PERSON, Entity("experience", Experience, ("person_id", "domain"), OF_PERSON, primary=True)),
)

PLANS = SheetSpec(
    code="plans",
    title=N_("One plan per person"),
    columns=(
        *who(),
        col("made_on", "制定日期", Day(), "plan.made_on", required=True, example="2025-03-10"),
        col("goal", "目标", Text(), "plan.goal", example="三个月内到社区微工厂就业"),
        col("owner", "责任人", Text(), "plan.owner", example="李明"),
        col("status", "计划状态", OneOf(PlanStatus), "plan.status", required=True, example="执行中"),
        col("step", "步骤序号", Number(1, 99, whole=True), "measure.step", required=True, example="1"),
        col("kind", "措施类别", OneOf(MeasureKind), "measure.kind", required=True, example="技能培训"),
        col("text", "措施内容", Text(), "measure.text", example="参加平缝机操作家门口培训"),
        col("due_on", "计划完成日期", Day(), "measure.due_on", example="2025-04-10"),
        col("done_on", "实际完成日期", Day(), "measure.done_on", example=""),
    ),
    entities=(
        KNOWN_PERSON,
        Entity("plan", Plan, ("person_id", "made_on"), OF_PERSON, derived={"closed_on": "plan_closed"}),
        Entity("measure", PlanMeasure, ("plan_id", "step"), {"plan_id": "plan"}, primary=True),
    ),
)

PLACEMENTS = SheetSpec(
    code="placements",
    title=N_("Placements"),
    columns=(
        *who(),
        col("channel", "就业渠道", OneOf(Channel), "placement.channel", required=True, example="社区微工厂"),
        col("employer", "用人单位", Text(), "employer.name", example="济宁壮志天上商贸公司"),
        col("workshop", "微工厂名称", Lookup("workshop"), "placement.workshop_id", example="荷风微工厂"),
        col("batch", "社区岗位批次编号", Lookup("community_post"), "placement.community_post_id", example=""),
        col("opening", "岗位编号", Lookup("opening"), "placement.job_id", example=""),
        col("started_on", "入职日期", Day(), "placement.started_on", required=True, example="2025-04-15"),
        col("form", "用工形式", OneOf(JobForm), "placement.form", example="全日制"),
        col("pay", "月收入(元)", Number(0, 1_000_000, units=YUAN_A_MONTH), "placement.monthly_pay", example="3200"),
        col("ended_on", "离职日期", Day(), "placement.ended_on", example=""),
        col("end_reason", "离职原因", OneOf(ExitReason), "placement.end_reason", example=""),
    ),
    entities=(
        KNOWN_PERSON,
        Entity(
            "employer",
            Employer,
            ("name",),
            derived={"kind": "employer_kind", "name": "employer_of_opening"},
            update=False,
        ),
        Entity(
            "placement", Placement, ("person_id", "started_on"), OF_PERSON | {"employer_id": "employer"}, primary=True
        ),
    ),
    rules=(OfEmployer("opening", "employer"),),
)

FOLLOW_UPS = SheetSpec(
    code="follow_ups",
    title=N_("Follow-up in work"),
    columns=(
        *who(),
        col("started_on", "入职日期", Day(), "placement.started_on", required=True, example="2025-04-15"),
        col("followed_on", "回访日期", Day(), "follow_up.followed_on", required=True, example="2025-05-15"),
        col("result", "回访结果", OneOf(FollowUpResult), "follow_up.result", required=True, example="在岗"),
        col(
            "reported_pay",
            "回访月收入(元)",
            Number(0, 1_000_000, units=YUAN_A_MONTH),
            "follow_up.monthly_pay",
            example="3200",
        ),
        col(
            "reported_hours",
            "每周工时",
            Number(0, 168, units=WEEKLY_HOURS),
            "follow_up.weekly_hours",
            example="40",
        ),
        col("difficulties", "困难", Each(OneOf(Difficulty)), example="路途远、收入偏低"),
        col("note", "备注", Text(), "follow_up.note", further=True),
    ),
    entities=(
        KNOWN_PERSON,
        Entity("placement", Placement, ("person_id", "started_on"), OF_PERSON, create=False, update=False),
        Entity("follow_up", FollowUp, ("placement_id", "followed_on"), {"placement_id": "placement"}, primary=True),
        Entity(
            "difficulty",
            FollowUpDifficulty,
            ("follow_up_id", "kind"),
            {"follow_up_id": "follow_up"},
            each="difficulties",
            item="kind",
        ),
    ),
    rules=(InOrder("started_on", "followed_on"),),
)

REFERRALS = SheetSpec(
    code="referrals",
    title=N_("Recommendations of jobs"),
    columns=(
        *who(),
        col("employer", "单位名称", Text(), "employer.name", required=True, example="济宁壮志天上商贸公司"),
        col("title", "岗位名称", Text(), "job.title", required=True, example="毛绒玩偶充棉工"),
        col("posted_on", "发布日期", Day(), "job.posted_on", required=True, example="2025-03-01"),
        col("recommended_on", "推荐日期", Day(), "referral.recommended_on", required=True, example="2025-03-12"),
        col("staff", "推荐人", Text(), "referral.staff", example="李明"),
        col("state", "状态", OneOf(ReferralState), "referral.state", required=True, example="已推荐"),
        col("state_since", "状态日期", Day(), "referral.state_since", example="2025-03-12"),
        col("refusal", "拒绝原因", OneOf(RefusalReason), "referral.refusal_reason", example=""),
    ),
    entities=(
        KNOWN_PERSON,
        Entity("employer", Employer, ("name",), create=False, update=False),
        Entity(
            "job", Job, ("employer_id", "title", "posted_on"), {"employer_id": "employer"}, create=False, update=False
        ),
        Entity("referral", Referral, ("person_id", "job_id"), OF_PERSON | {"job_id": "job"}, primary=True),
    ),
    order_by="recommended_on",
)
