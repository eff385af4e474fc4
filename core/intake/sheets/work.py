"""Sheets about work: openings, enterprises and their reviews, training, events, the weekly dispatch."""

from __future__ import annotations

from core.intake.parsing.base import Lookup, OneOf, Posting, Text, YesNo
from core.intake.parsing.dates import Day, Month, Week
from core.intake.parsing.numbers import (
    ANY_COUNT,
    COMPANIES,
    DEGREES,
    HOURS,
    PEOPLE,
    PIECES,
    RATE,
    WEEKLY_HOURS,
    YUAN,
    YUAN_A_MONTH,
    Number,
    OfferedPay,
    Share,
)
from core.intake.parsing.numbers import POINTS as POINT_UNITS
from core.intake.parsing.people import CreditCode, IdCard, Phone, Record
from core.intake.parsing.skills import JobSkills
from core.intake.sheets.model import (
    DERIVED,
    ELSEWHERE,
    NO_USE,
    Entity,
    Merge,
    Position,
    SheetSpec,
    col,
    ignored_columns,
)
from core.locale import N_
from core.store.schema import (
    ActionItem,
    Assessment,
    AssessmentScore,
    Course,
    CourseSession,
    Employer,
    EmployerMonth,
    Enrolment,
    Event,
    Job,
    JobSkill,
    JobSource,
    Person,
    Target,
)
from core.terms import (
    ActionStatus,
    EmployerKind,
    EnrolmentResult,
    EventScene,
    EventTheme,
    Evidence,
    EvidenceSource,
    JobForm,
    JobStatus,
    OpeningSource,
    PayKind,
    Pillar,
    PostField,
    Shift,
    Tier,
    TrainingKind,
)

__all__ = ["DISPATCH", "EMPLOYER_MONTHS", "EVENTS", "OPENINGS", "TIERS", "TIER_SCORES", "TRAINING"]

HEADS = Number(0, 1_000_000, whole=True, units=PEOPLE)
COUNT = Number(0, 1_000_000, whole=True, units=PIECES)
MONTHLY_PAY = Number(0, 1_000_000, units=YUAN_A_MONTH)
POINTS = Number(0, 100, units=POINT_UNITS)
ENTERPRISE = Entity("employer", Employer, ("name",), defaults={"kind": EmployerKind.CRAFT_ECOMMERCE})
ENTERPRISE_NAME = col(
    "employer",
    "企业名称",
    Text(),
    "employer.name",
    required=True,
    also="单位名称",
    example="济宁壮志天上商贸公司",
)
OF_EMPLOYER = {"employer_id": "employer"}

OPENINGS = SheetSpec(
    code="openings",
    title=N_("Openings of employers"),
    columns=(
        col("employer", "单位名称", Text(), "employer.name", required=True, also="企业名称", example="上善钩织"),
        col("credit_code", "统一社会信用代码", CreditCode(), "employer.credit_code", example="91370899MA0DEM0004"),
        col("kind", "单位类型", OneOf(EmployerKind), "employer.kind", example="手工玩具电商企业"),
        col("industry", "所属行业", Text(), "employer.industry", example="手工制作"),
        col("address", "单位地址", Text(), "employer.address", example="清漪社区12号"),
        col("contact", "联系人", Text(), "employer.contact", example="周工"),
        col("phone", "联系电话", Phone(second=False), "employer.*", example="19900000003"),
        col("title", "岗位名称", Posting(), "job.title", required=True, example="钩针编织工"),
        col("occupation", "职业(工种)代码", Lookup("occupation"), "job.occupation", example="6-05-01-06"),
        col("openings", "招聘人数", HEADS, "job.openings", required=True, example="5"),
        col("duties", "工作内容", Posting(), "job.duties", example="按图解钩织玩偶部件"),
        *ignored_columns(DERIVED, "工作地点"),
        col("community", "所在社区", Lookup("community"), "job.community_id", also="社区", example="清漪社区"),
        col("form", "用工形式", OneOf(JobForm), "job.form", example="居家计件"),
        col("shift", "班次", OneOf(Shift), "job.shift", example="妈妈班"),
        col("weekly_hours", "每周工时", Number(0, 100, units=WEEKLY_HOURS), "job.weekly_hours", example="30"),
        col("pay_kind", "薪酬方式", OneOf(PayKind), "job.pay_kind", example="计件"),
        col("pay_min", "月薪下限(元)", MONTHLY_PAY, "job.pay_min", example="2200"),
        col("pay_max", "月薪上限(元)", MONTHLY_PAY, "job.pay_max", example="3800"),
        col("rate", "小时/计件单价", Number(0, 1_000_000, units=RATE), "job.rate", example="8.5"),
        *ignored_columns(NO_USE, "社会保险", "食宿", "学历要求"),
        col("skills", "技能要求", JobSkills(), example="钩针钩织(勾线):2:必备、手缝锁边:1"),
        col(
            "certificates", "证书要求", JobSkills(certificate=True), example="", help=N_("Only what the law requires.")
        ),
        *ignored_columns(NO_USE, "经验要求", "适合残疾类别"),
        col("seated", "可坐姿作业", YesNo(), "job.seated", example="是"),
        col("home_work", "可居家完成", YesNo(), "job.home_work", example="是"),
        col("over_age_ok", "是否接受超龄人员", YesNo(), "job.over_age_ok", example="是"),
        col("trains", "有无培训", YesNo(), "job.trains", example="有"),
        *ignored_columns(NO_USE, "到岗期限", "填报人"),
        col("posted_on", "发布日期", Day(), "job.posted_on", "source.seen_on", required=True, example="2025-03-01"),
        col("closes_on", "截止日期", Day(), "job.closes_on", example="2025-04-30"),
        col("field", "岗位领域", OneOf(PostField), "job.field", further=True, example="养老助老"),
        col("lon", "经度", Number(-180, 180, units=DEGREES), "job.lon", further=True, example="116.6012"),
        col("lat", "纬度", Number(-180, 180, units=DEGREES), "job.lat", further=True, example="35.3375"),
        col("workshop", "微工厂名称", Lookup("workshop"), "job.workshop_id", further=True, example="荷风微工厂"),
        col("lifting", "需搬重物", YesNo(), "job.lifting", further=True, example="否"),
        col("step_free", "无障碍", YesNo(), "job.step_free", further=True, example="是"),
        col("nights", "夜班", YesNo(), "job.nights", further=True, example="否"),
        col("confirmed_on", "最近确认日期", Day(), "job.confirmed_on", further=True, example="2025-03-20"),
        col("status", "岗位状态", OneOf(JobStatus), "job.status", further=True, example="招聘中"),
        col("offered_pay", "薪资范围", OfferedPay(), "job.*", further=True, example="3000-4500元/月"),
        col("source", "岗位来源", OneOf(OpeningSource), "source.source", further=True, example="走访企业"),
        col("platform", "招聘平台", Text(), "source.platform", further=True, example="邻聘网"),
        col("number", "平台岗位编号", Text(code=True), "source.number", further=True, example="LP-20250301-07"),
    ),
    entities=(
        Entity(
            "employer",
            Employer,
            ("name",),
            defaults={"kind": EmployerKind.COMPANY},
            yields_to={"kind": (EmployerKind.CRAFT_ECOMMERCE, EmployerKind.WORKSHOP)},
        ),
        Entity(
            "job",
            Job,
            ("employer_id", "title", "posted_on"),
            OF_EMPLOYER,
            derived={"pay_kind": "paid_by_the_month?"},
            primary=True,
            known_as="openings_known_before",
        ),
        Entity(
            "source",
            JobSource,
            ("job_id", "source", "platform", "number"),
            {"job_id": "job"},
            derived={"source": "source_of_opening", "platform": "platform_of_import"},
        ),
        Entity(
            "skill",
            JobSkill,
            ("job_id", "skill"),
            {"job_id": "job"},
            each="skills",
            defaults={"level": 2, "essential": False, "certificate": False},
        ),
        Entity(
            "certificate",
            JobSkill,
            ("job_id", "skill"),
            {"job_id": "job"},
            each="certificates",
            defaults={"level": 2, "essential": True},
        ),
    ),
    position=Position(),
    order_by="posted_on",
    stated_on="posted_on",
    of_platforms=True,
)

TIERS = SheetSpec(
    code="tiers",
    title=N_("Tiers of potential enterprises"),
    columns=(
        ENTERPRISE_NAME,
        col("credit_code", "统一社会信用代码", CreditCode(), "employer.credit_code", example="91370899MA0DEM0004"),
        col("opened_on", "成立日期", Day(), "employer.opened_on", example="2024-02-19"),
        *ignored_columns(DERIVED, "产品种类数", "吸纳就业人数", "其中公益岗退出/困难人员", "人均月收入"),
        *ignored_columns(DERIVED, "近12月销售额(万元)", "同比增长", "线上/跨境占比", "社保参保率"),
        col("penalty", "欠薪/处罚记录", Record(), "review.wage_arrears", example="无"),
        col("monitoring", "大数据监测分", POINTS, "review.monitoring", example="82"),
        col("panel", "专家评审分", POINTS, "review.panel", example="78"),
        col("third_party", "第三方评估分", POINTS, "review.third_party", example="80"),
        col("score", "综合得分", POINTS, "review.score", example="80.2"),
        col("tier", "梯队", OneOf(Tier), "review.tier", example="骨干"),
        col("reviewed_on", "评审日期", Day(), "review.reviewed_on", required=True, example="2025-01-15"),
        col("next_review_on", "复评日期", Day(), "review.next_review_on", example="2026-01-15"),
    ),
    entities=(ENTERPRISE, Entity("review", Assessment, ("employer_id", "reviewed_on"), OF_EMPLOYER, primary=True)),
    order_by="reviewed_on",
)

TIER_SCORES = SheetSpec(
    code="tier_scores",
    title=N_("Scores behind the tiers"),
    columns=(
        ENTERPRISE_NAME,
        col("reviewed_on", "评审日期", Day(), "review.reviewed_on", required=True, example="2025-01-15"),
        col("pillar", "评分维度", OneOf(Pillar), "score.pillar", required=True, example="吸纳就业"),
        col("source", "来源", OneOf(EvidenceSource), "score.source", required=True, example="专家评审"),
        col("judge", "评委", Text(), "score.judge", example="评委1"),
        col("value", "评分(0-1)", Share(), "score.value", required=True, example="0.82"),
        col("evidence", "依据", Text(), "score.evidence", example="现场核查在岗花名册"),
    ),
    entities=(
        Entity("employer", Employer, ("name",), create=False, update=False),
        Entity("review", Assessment, ("employer_id", "reviewed_on"), OF_EMPLOYER, create=False, update=False),
        Entity(
            "score",
            AssessmentScore,
            ("assessment_id", "pillar", "source", "judge"),
            {"assessment_id": "review"},
            derived={"judge": "no_judge"},
            primary=True,
        ),
    ),
)

EMPLOYER_MONTHS = SheetSpec(
    code="employer_months",
    title=N_("Monthly monitoring of enterprises"),
    columns=(
        ENTERPRISE_NAME,
        col("month", "月份(YYYY-MM)", Month(), "month.month", required=True, example="2025-03"),
        col("sales", "销售额(元)", Number(0, units=YUAN), "month.sales", required=True, example="186000"),
        col("orders", "订单数", COUNT, "month.orders", required=True, example="1250"),
        col("online", "线上占比", Share(), "month.online_share", example="85%"),
        col("employees", "在职人数", HEADS, "month.employees", example="42"),
        col("insured", "参保人数", HEADS, "month.insured", example="30"),
    ),
    entities=(ENTERPRISE, Entity("month", EmployerMonth, ("employer_id", "month"), OF_EMPLOYER, primary=True)),
)

TRAINING = SheetSpec(
    code="training",
    title=N_("Roster of training courses"),
    columns=(
        col("code", "班次编号", Text(code=True), "session.code", required=True, example="PX2025-001"),
        col("course", "培训项目", Text(), "course.name", required=True, example="平缝机操作"),
        col("skill", "职业(工种)", Lookup("skill", soft=True), "course.skill?", example="缝纫工"),
        col(
            "kind",
            "培训类型(家门口/用工委培/高校联合)",
            OneOf(TrainingKind),
            "session.kind",
            required=True,
            example="家门口",
        ),
        col("provider", "培训机构", Text(), "session.provider", example="区公共实训基地"),
        col("teacher", "授课人", Text(), "session.teacher", example="周老师"),
        col("place", "培训地点", Text(), "session.place", example="荷风社区党群服务中心"),
        col("community", "所在社区", Lookup("community"), "session.community_id", example="荷风社区"),
        col("starts_on", "开班日期", Day(), "session.starts_on", required=True, example="2025-02-10"),
        col("ends_on", "结业日期", Day(), "session.ends_on", required=True, example="2025-02-21"),
        col("hours", "总课时", Number(0, 2000, whole=True, units=HOURS), "session.hours", example="56"),
        col("practice", "实操课时", Number(0, 2000, whole=True, units=HOURS), "session.practice_hours", example="40"),
        col("name", "姓名", Text(), "person.name", required=True, example="王秀兰"),
        *ignored_columns(DERIVED, "人员类别"),
        col("attended", "出勤课时", Number(0, 2000, units=HOURS), "enrolment.attended_hours", example="54"),
        col("result", "考核结果", OneOf(EnrolmentResult), "enrolment.result", required=True, example="合格"),
        col("certificate", "证书类型", OneOf(Evidence), "enrolment.certificate", example="培训合格证"),
        col("number", "证书编号", Text(code=True), "enrolment.certificate_number", example="HG2025-00012"),
        *ignored_columns(ELSEWHERE, "培训后就业去向"),
        col("capacity", "班额", Number(1, 10_000, whole=True, units=PEOPLE), "session.capacity", further=True, example="30"),
        col("id_number", "身份证号", IdCard(), "person.*", further=True, example="370899198506011221"),
        col("phone", "联系电话", Phone(), "person.*", further=True, example="19900000001"),
    ),
    entities=(
        Entity("person", Person, ("id_hash",), create=False, update=False),
        Entity("course", Course, ("name",), derived={"skill": "skill_of_course?"}),
        Entity(
            "session",
            CourseSession,
            ("code",),
            {"course_id": "course"},
            derived={"employer_id": "commissioner"},
        ),
        Entity("enrolment", Enrolment, ("session_id", "person_id"), {"session_id": "session", "person_id": "person"},
               primary=True),
    ),
)  # fmt: skip

EVENTS = SheetSpec(
    code="events",
    title=N_("Ledger of recruitment events"),
    columns=(
        col("name", "活动名称", Text(), "event.name", required=True, example="春风行动荷风专场"),
        col("theme", "专场类型", OneOf(EventTheme), "event.theme", required=True, example="宝妈灵活"),
        col("scene", "活动场景", OneOf(EventScene), "event.scene", example="社区广场"),
        col("place", "地点", Text(), "event.place", example="荷风社区中心广场"),
        col("community", "社区", Lookup("community"), "event.community_id", example="荷风社区"),
        col("held_on", "举办日期", Day(), "event.held_on", required=True, example="2025-03-08"),
        col(
            "employers",
            "参加企业数",
            Number(0, 1_000_000, whole=True, units=COMPANIES),
            "event.employers",
            example="12",
        ),
        col("jobs", "提供岗位数", COUNT, "event.jobs_offered", example="86"),
        col("visitors", "进场人数", HEADS, "event.visitors", example="210"),
        col("welfare_visitors", "公益岗人员数", HEADS, "event.welfare_post_visitors", example="32"),
        col("intents", "达成意向数", HEADS, "event.intents", example="28"),
        col("signed", "现场签约数", HEADS, "event.signed", example="6"),
        col("started", "跟踪入职数(30日)", HEADS, "event.started_30_days", example="9"),
        col("host", "主办单位", Text(), "event.host", example="区社保就业服务部"),
    ),
    entities=(Entity("event", Event, ("name", "held_on"), primary=True),),
)

DISPATCH = SheetSpec(
    code="dispatch",
    title=N_("Weekly dispatch sheet"),
    columns=(
        col("number", "序号", Number(1, 9999, whole=True), required=True, example="1"),
        col("office", "责任单位", Text(), "action.office", example="荷风社区"),
        col(
            "indicator", "指标名称", Text(), "action.indicator", "target.indicator", required=True, example="走访覆盖率"
        ),
        *ignored_columns(DERIVED, "计量单位"),
        col("target", "年度目标", Number(units=ANY_COUNT), "target.value", example="95"),
        *ignored_columns(
            DERIVED, "本周新增", "上周", "环比", "本月累计", "本年累计", "完成率", "序时进度", "进度差(百分点)"
        ),
        *ignored_columns(DERIVED, "去年同期", "同比", "排名", "亮灯"),
        col("problem", "存在问题", Text(), "action.problem", example="走访力量不足"),
        col("measure", "下步措施", Text(), "action.measure", example="每周增派两名人社管家"),
        col("owner", "责任人", Text(), "action.owner", example="李明"),
        col("due_on", "完成时限", Day(), "action.due_on", example="2025-03-31"),
        col("status", "督办状态", OneOf(ActionStatus), "action.status", example="办理中"),
        col("week", "周次", Week(), further=True, example="2025-W12"),
        col("closed_on", "销号日期", Day(), "action.closed_on", further=True, example=""),
        col(
            "action",
            "督办编号",
            Text(code=True),
            "action.code",
            further=True,
            example="2025-W12-01",
            help=N_("Of an action raised earlier; a new problem gets its number by itself."),
        ),
    ),
    entities=(
        Entity(
            "target",
            Target,
            ("indicator", "year", "community_id", "valid_from"),
            derived={
                "year": "year_of_week",
                "community_id": "community_of_office",
                "valid_from": "week_in_year",
            },
            content=True,
            merge=Merge.IN_FORCE,
            at_first="first_of_year",
        ),
        Entity(
            "action",
            ActionItem,
            ("code",),
            defaults={"status": ActionStatus.TODO},
            derived={"code": "action_code", "raised_on": "reporting_day?", "community_id": "community_of_office"},
            primary=True,
        ),
    ),
    day=True,
    order_by="week",
)
