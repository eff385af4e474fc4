"""Sheets about people that the bureau's standard templates give: visits, registrations, welfare posts."""

from __future__ import annotations

from dataclasses import replace

from core.intake.parsing.base import Consent, Each, Lookup, OneOf, Text, YesNo
from core.intake.parsing.dates import Day
from core.intake.parsing.numbers import DEGREES, MINUTES, YUAN_A_MONTH, Number, Pay
from core.intake.parsing.people import Address, Hours, IdCard, LastFour, OfferedForm, Phone, VisitNumber, Wishes
from core.intake.parsing.skills import Skills
from core.intake.sheets.model import (
    DERIVED,
    ELSEWHERE,
    MINIMAL,
    NO_USE,
    Column,
    Entity,
    InOrder,
    Merge,
    Position,
    SheetSpec,
    col,
    ignored_columns,
)
from core.locale import N_
from core.store.schema import (
    Accommodation,
    Grid,
    Hardship,
    Intention,
    Person,
    PersonSkill,
    PersonStateSpell,
    Visit,
    VisitingStop,
    WelfarePost,
)
from core.terms import (
    AccommodationKind,
    Education,
    ExitReason,
    HardshipKind,
    PersonState,
    Registration,
    Sex,
    VisitMode,
    VisitResult,
)

__all__ = ["JOB_SEEKERS", "PERSON_FURTHER", "ROUND_VISITS", "UNEMPLOYMENT", "VISITS", "WELFARE_POSTS", "id_card"]

NAME_HINT = N_("The person's name as on the ID card.")


def id_card(header: str, *, required: bool = False, further: bool = False) -> Column:
    """The column with the full ID number."""
    return col(
        "id_number",
        header,
        IdCard(),
        "person.*",
        required=required,
        further=further,
        also="身份证号|身份证号码|公民身份号码|证件号码|公民身份证号码",
        example="370899198506011221",
    )


PERSON_FURTHER = (
    col("entered_pool_on", "入库日期", Day(), "person.entered_pool_on", further=True, example="2024-03-01"),
    col("lon", "经度", Number(-180, 180, units=DEGREES), "person.lon", further=True, example="116.6012"),
    col("lat", "纬度", Number(-180, 180, units=DEGREES), "person.lat", further=True, example="35.3375"),
)
LAST_FOUR = col("id_last4", "身份证号(后四位)", LastFour(), "person.id_last4?", example="1221", also="身份证后四位")
HARDSHIP = Entity("hardship", Hardship, ("person_id", "kind"), {"person_id": "person"}, each="hardships", item="kind")
LIMITS = Entity(
    "accommodation", Accommodation, ("person_id", "kind"), {"person_id": "person"}, each="accommodations", item="kind"
)
SKILLS = Entity("skill", PersonSkill, ("person_id", "skill"), {"person_id": "person"}, each="skills", merge=Merge.RAISE)
INTENTION = Entity(
    "intention",
    Intention,
    ("person_id",),
    {"person_id": "person"},
    merge=Merge.NEWEST,
    dated="stated_on",
    content=True,
)


STATE = Entity("state", PersonStateSpell, ("person_id", "since"), {"person_id": "person"}, merge=Merge.SPELL)
SEEKING = replace(STATE, fixed={"state": PersonState.SEEKING}, yields="ever_known")
ON_POST = replace(STATE, fixed={"state": PersonState.ON_POST}, yields="known_by_day")


VISITS = SheetSpec(
    code="visits",
    title=N_("Visits (door-knocking campaign)"),
    columns=(
        *ignored_columns(DERIVED, "序号", "镇街"),
        col("community", "社区", Lookup("community"), "person.community_id", "grid.community_id", example="荷风社区"),
        col("grid", "网格", Text(), "grid.name", example="第3网格"),
        col("address", "楼栋单元", Address(), "person.*", example="6号楼2单元"),
        col("name", "姓名", Text(), "person.name", required=True, example="王秀兰", help=NAME_HINT),
        col("sex", "性别", OneOf(Sex), "person.sex?", example="女"),
        col("birth", "出生年月", Day(month_too=True), "person.birth_date?", example="1985-06"),
        LAST_FOUR,
        col("phone", "联系电话", Phone(), "person.*", example="19900000001", also="电话|手机号|手机号码"),
        col("registration", "户籍类型", OneOf(Registration), "person.registration", example="城镇", also="户口性质"),
        *ignored_columns(DERIVED, "人员类别", "是否就业困难人员"),
        col("hardships", "困难类型", Each(OneOf(HardshipKind)), example="大龄、低保"),
        col("education", "文化程度", OneOf(Education), "person.education", example="初中", also="学历"),
        col("state", "当前状态", OneOf(PersonState), "state.state", example="求职中"),
        *ignored_columns(ELSEWHERE, "原岗位/到期日", "技能证书"),
        col("skills", "技能特长", Skills(), example="家庭保洁、家常菜烹饪"),
        *ignored_columns(DERIVED, "就业意愿"),
        col(
            "wishes",
            "意向工种",
            Wishes(),
            "intention.*",
            example="家政服务员、玩具制作工",
            help=N_("Up to three, the first wish first."),
        ),
        col("pay", "期望月薪(元)", Pay(), "intention.*", example="2500-3500"),
        col("hours", "可工作时段", Hours(), "intention.*", example="周一至周五 09:00-16:00"),
        col("home_work", "是否接受居家/计件", YesNo(), "intention.home_work_ok", example="是"),
        col(
            "commute",
            "最远通勤(分钟)",
            Number(0, 240, whole=True, units=MINUTES),
            "intention.max_commute_min",
            example="30",
        ),
        col("accommodations", "岗位适应需求", Each(OneOf(AccommodationKind)), example="不能负重"),
        col("training", "培训意愿", YesNo(), "intention.wants_training", example="是"),
        *ignored_columns(NO_USE, "意向培训工种"),
        col("start_up", "创业意愿", YesNo(), "intention.wants_start_up", example="否"),
        col("needs", "诉求与困难", Text(), "visit.needs", example="希望离家近、能接送孩子"),
        col("measures", "一人一策措施", Text(), example="推荐妈妈班"),
        *ignored_columns(ELSEWHERE, "推荐岗位1", "推荐岗位2", "推荐岗位3"),
        col("mode", "走访方式", OneOf(VisitMode), "visit.mode", required=True, example="上门"),
        col(
            "visited_on",
            "走访日期",
            Day(),
            "visit.visited_on",
            "intention.stated_on",
            "state.since",
            "person.entered_pool_on?",
            required=True,
            example="2025-03-05",
        ),
        col("visitor", "走访人", Text(), "visit.visitor", example="李明"),
        col("next_on", "下次走访日期", Day(), "visit.next_on", example="2025-04-08"),
        col("consent", "本人同意采集(是/否)", Consent(), example="是", help=N_("Consent to the collection of data.")),
        col("note", "备注", Text(), "person.note", example=""),
        id_card("身份证号", further=True),
        *PERSON_FURTHER,
    ),
    entities=(
        Entity("grid", Grid, ("community_id", "name")),
        Entity("person", Person, ("id_hash",), {"grid_id": "grid"}, derived={"consent_on": "consent_day?"}),
        Entity(
            "visit",
            Visit,
            ("person_id", "visited_on"),
            {"person_id": "person"},
            primary=True,
            derived={"visitor_role": "role_of_visitor", "needs": "needs_and_measures!"},
        ),
        STATE,
        INTENTION,
        HARDSHIP,
        LIMITS,
        SKILLS,
    ),
    position=Position(),
    order_by="visited_on",
    stated_on="visited_on",
)

ROUND_VISITS = SheetSpec(
    code="round_visits",
    title=N_("Visiting round, as it comes back"),
    columns=(
        *ignored_columns(DERIVED, "顺序"),
        col(
            "number",
            "走访编号",
            VisitNumber(),
            "stop.number",
            required=True,
            also="编号",
            example="2345-67BV",
            help=N_("As on the paper; it stands for the household."),
        ),
        *ignored_columns(DERIVED, "姓名(打码)", "预计到达"),
        col("mode", "走访方式", OneOf(VisitMode), "visit.mode", example="上门"),
        col("result", "走访结果", OneOf(VisitResult), "stop.result", example="见到本人"),
        col("called_on", "走访日期", Day(), "stop.called_on", "visit.visited_on", example="2025-03-05"),
        col("needs", "诉求与困难", Text(), "visit.needs", example="希望离家近"),
        col("next_on", "下次走访日期", Day(), "visit.next_on", example="2025-04-08"),
    ),
    entities=(
        Entity(
            "stop",
            VisitingStop,
            ("number",),
            create=False,
            once=("called_on", "result"),
            missing="unknown_visit_number",
        ),
        Entity(
            "visit",
            Visit,
            ("person_id", "visited_on"),
            derived={
                "person_id": "person_of_number",
                "visitor": "visitor_of_number",
                "visitor_role": "role_of_number",
            },
            only_if=("result", VisitResult.MET),
            primary=True,
        ),
    ),
)

JOB_SEEKERS = SheetSpec(
    code="job_seekers",
    title=N_("Registration of job seekers"),
    columns=(
        *ignored_columns(DERIVED, "求职编号"),
        col("name", "姓名", Text(), "person.name", required=True, example="王秀兰", help=NAME_HINT),
        col("sex", "性别", OneOf(Sex), "person.sex?", example="女"),
        col("birth", "出生年月", Day(month_too=True), "person.birth_date?", example="1985-06"),
        id_card("公民身份号码"),
        *ignored_columns(MINIMAL, "民族", "政治面貌"),
        col("registration", "户口性质", OneOf(Registration), "person.registration", example="城镇"),
        *ignored_columns(MINIMAL, "户籍地址"),
        col("address", "常住地址", Address(), "person.*", example="荷风社区6号楼2单元"),
        col("phone", "联系电话", Phone(), "person.*", example="19900000001", also="电话|手机号|手机号码"),
        col("education", "文化程度", OneOf(Education), "person.education", example="初中", also="学历"),
        *ignored_columns(MINIMAL, "毕业院校及专业", "专业技术职称", "健康状况"),
        *ignored_columns(ELSEWHERE, "职业技能等级"),
        col("disabled", "是否持残疾人证", YesNo(), example="否"),
        col("disability", "残疾类别等级", Text(), "person.disability", example=""),
        col("career", "工作经历", Text(), "person.career", example="2015—2019年 服装厂 缝纫"),
        col("wish_1", "求职意向1(职业/工种)", Lookup("occupation"), "intention.wish_1", example="缝纫工"),
        col("wish_2", "求职意向2", Lookup("occupation"), "intention.wish_2", example="家政服务员"),
        col("pay", "期望月薪(元)", Pay(), "intention.*", example="2500-3500"),
        *ignored_columns(NO_USE, "期望工作地区", "是否需要住宿", "求职有效期"),
        col("form", "用工形式", OfferedForm(), "intention.*?", example="全日制"),
        *ignored_columns(MINIMAL, "登记机构", "经办人"),
        col(
            "registered_on",
            "登记日期",
            Day(),
            "intention.stated_on",
            "state.since",
            "person.entered_pool_on?",
            required=True,
            example="2024-03-01",
        ),
        col("community", "社区", Lookup("community"), "person.community_id", further=True, also="所在社区"),
        col("hardships", "困难类型", Each(OneOf(HardshipKind)), further=True, example="大龄、低保"),
        col("skills", "技能特长", Skills(), further=True, example="平缝机操作"),
        *PERSON_FURTHER,
    ),
    entities=(
        Entity("person", Person, ("id_hash",), primary=True),
        INTENTION,
        SEEKING,
        Entity(
            "disability",
            Hardship,
            ("person_id", "kind"),
            {"person_id": "person"},
            fixed={"kind": HardshipKind.DISABLED},
            only_if=("disabled", True),
        ),
        HARDSHIP,
        SKILLS,
    ),
    position=Position(),
    order_by="registered_on",
    stated_on="registered_on",
)

UNEMPLOYMENT = SheetSpec(
    code="unemployment",
    title=N_("Registration of the unemployed"),
    columns=(
        col("name", "*姓名", Text(), "person.name", required=True, example="王秀兰", help=NAME_HINT),
        *ignored_columns(DERIVED, "*证件类型"),
        id_card("*证件号码", required=True),
        col("sex", "*性别", OneOf(Sex), "person.sex?", example="女"),
        col("birth", "*出生日期", Day(month_too=True), "person.birth_date?", example="1985-06-01"),
        *ignored_columns(MINIMAL, "*民族", "*户籍所在地"),
        col("address", "*常住地址", Address(), "person.*", example="荷风社区6号楼2单元"),
        col("phone", "*联系电话", Phone(), "person.*", example="19900000001", also="电话|手机号|手机号码"),
        col("education", "*文化程度", OneOf(Education), "person.education", example="初中", also="学历"),
        *ignored_columns(MINIMAL, "政治面貌", "健康状况"),
        col("disability", "残疾等级", Text(), "person.disability", example=""),
        col("unemployed_on", "*失业时间", Day(), "state.since", required=True, example="2024-02-20"),
        *ignored_columns(NO_USE, "*失业原因", "失业前单位", "失业前岗位", "职业技能等级"),
        *ignored_columns(ELSEWHERE, "求职意向", "培训意向", "创业意向"),
        col("registered_on", "*登记日期", Day(), "person.entered_pool_on?", required=True, example="2024-03-01"),
        *ignored_columns(MINIMAL, "登记机构"),
        *ignored_columns(ELSEWHERE, "注销日期", "注销原因"),
        col("community", "社区", Lookup("community"), "person.community_id", further=True, also="所在社区"),
        *PERSON_FURTHER,
    ),
    entities=(
        Entity("person", Person, ("id_hash",), primary=True),
        SEEKING,
    ),
    rules=(InOrder("unemployed_on", "registered_on"),),
    position=Position(),
    order_by="registered_on",
    stated_on="registered_on",
)

WELFARE_POSTS = SheetSpec(
    code="welfare_posts",
    title=N_("People on public-welfare posts"),
    columns=(
        *ignored_columns(DERIVED, "序号", "县区", "镇街"),
        col(
            "community",
            "社区/村",
            Lookup("community"),
            "person.community_id",
            "post.community_id",
            also="社区",
            example="荷风社区",
        ),
        col(
            "kind",
            "岗位类别(城镇/乡村)",
            OneOf(Registration),
            "post.kind",
            "person.registration?",
            required=True,
            example="城镇",
        ),
        col("title", "岗位名称", Text(), "post.title", example="社区保洁员"),
        col("host", "用人单位", Text(), "post.host", example="荷风社区居委会"),
        col("name", "姓名", Text(), "person.name", required=True, example="王秀兰", help=NAME_HINT),
        col("sex", "性别", OneOf(Sex), "person.sex?", example="女"),
        *ignored_columns(DERIVED, "年龄"),
        id_card("身份证号"),
        col("group", "安置对象类别", Text(), "post.target_group", example="大龄失业人员"),
        col(
            "started_on",
            "协议/合同起始日",
            Day(),
            "post.started_on",
            "state.since",
            required=True,
            example="2022-06-01",
        ),
        col("ends_on", "协议/合同终止日", Day(), "post.ends_on", required=True, example="2025-05-31"),
        col("spell", "安置次数", Number(1, 9, whole=True), "post.spell_number", example="1"),
        col(
            "post_subsidy",
            "岗位补贴(元/月)",
            Number(0, 100_000, units=YUAN_A_MONTH),
            "post.post_subsidy",
            example="2010",
        ),
        col(
            "insurance_subsidy",
            "社保补贴(元/月)",
            Number(0, 100_000, units=YUAN_A_MONTH),
            "post.insurance_subsidy",
            example="900",
        ),
        *ignored_columns(NO_USE, "意外险"),
        *ignored_columns(ELSEWHERE, "培训项目", "培训完成日", "离岗去向", "二次就业日期", "二次就业单位"),
        *ignored_columns(DERIVED, "掌握技能项数"),
        col("exited_on", "退出日期", Day(), "post.exited_on", example="2025-05-31"),
        col("exit_reason", "退出原因", OneOf(ExitReason), "post.exit_reason", example="到期退出"),
        col("note", "备注", Text(), "person.note", example=""),
        col("phone", "联系电话", Phone(), "person.*", further=True, also="电话|手机号|手机号码", example="19900000001"),
        *PERSON_FURTHER,
    ),
    entities=(
        Entity("person", Person, ("id_hash",)),
        Entity("post", WelfarePost, ("person_id", "started_on"), {"person_id": "person"}, primary=True),
        ON_POST,
    ),
    position=Position(),
    order_by="started_on",
)
