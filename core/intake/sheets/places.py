"""Sheets about the district itself: communities, staff, premises, workshops, products, planned posts."""

from __future__ import annotations

from core.intake.parsing.base import Each, Lookup, OneOf, Text, YesNo
from core.intake.parsing.dates import Day, Week
from core.intake.parsing.numbers import (
    AREA,
    DEGREES,
    HOURS,
    KILOWATTS,
    MINUTES,
    PEOPLE,
    RATE,
    SHIFTS,
    STATIONS,
    YUAN,
    Number,
)
from core.intake.parsing.numbers import PIECES as PIECE_UNITS
from core.intake.parsing.people import Phone
from core.intake.sheets.model import DERIVED, Entity, Position, SheetSpec, col, ignored_columns
from core.locale import N_
from core.store.schema import (
    Community,
    CommunityPost,
    Employer,
    Order,
    Premises,
    Product,
    ProductSkill,
    StaffGrid,
    StaffMember,
    TeamMeeting,
    WeeklyOutput,
    Workshop,
    WorkshopWeek,
)
from core.terms import CommunityKind, EmployerKind, PostField, PremisesKind, PremisesUse, StaffRole

__all__ = [
    "COMMUNITIES",
    "COMMUNITY_POSTS",
    "ORDERS",
    "PREMISES",
    "PRODUCTS",
    "STAFF",
    "TEAM_MEETINGS",
    "WORKSHOPS",
    "WORKSHOP_WEEKS",
]

LON, LAT = Number(-180, 180, units=DEGREES), Number(-180, 180, units=DEGREES)

COMMUNITIES = SheetSpec(
    code="communities",
    title=N_("List of communities"),
    columns=(
        col("code", "社区代码", Text(code=True), "community.code", required=True, example="370899001001"),
        col("name", "社区", Text(), "community.name", required=True, also="社区名称", example="荷风社区"),
        col("town", "镇街", Text(), "community.town", example="示例街道"),
        col("kind", "社区类型", OneOf(CommunityKind), "community.kind", required=True, example="城市社区"),
        col("lon", "标注经度", LON, "community.lon", required=True, also="经度", example="116.6012"),
        col("lat", "标注纬度", LAT, "community.lat", required=True, also="纬度", example="35.3375"),
    ),
    entities=(Entity("community", Community, ("code",), primary=True),),
    position=Position(known=("community", "code")),
)

STAFF = SheetSpec(
    code="staff",
    title=N_("Staff"),
    columns=(
        col("name", "姓名", Text(), "staff.name", required=True, example="李明"),
        col("role", "角色", OneOf(StaffRole), "staff.role", required=True, example="网格员"),
        col("community", "社区", Lookup("community"), "staff.community_id", example="荷风社区"),
        col("phone", "联系电话", Phone(second=False), "staff.*", example="19900000002"),
        col("grids", "负责网格", Each(Text()), example="第三网格", also="网格", further=True),
        col("organisation", "所属机构", Text(), "staff.organisation", example="", further=True),
    ),
    entities=(
        Entity("staff", StaffMember, ("name",), primary=True),
        Entity("staff_grid", StaffGrid, ("staff_id", "grid"), {"staff_id": "staff"}, each="grids", item="grid"),
    ),
)

TEAM_MEETINGS = SheetSpec(
    code="team_meetings",
    title=N_("Weekly meetings of the service teams"),
    columns=(
        col("community", "社区", Lookup("community"), "meeting.community_id", required=True, example="荷风社区"),
        col("held_on", "调度日期", Day(), "meeting.held_on", required=True, example="2025-03-07"),
        col("led_by", "主持人", Text(), "meeting.led_by", example="李明"),
        col("attended", "到会人数", Number(1, 500, whole=True, units=PEOPLE), "meeting.attended", example="8"),
    ),
    entities=(Entity("meeting", TeamMeeting, ("community_id", "held_on"), primary=True),),
)

PREMISES = SheetSpec(
    code="premises",
    title=N_("Premises"),
    columns=(
        col("code", "场所编号", Text(code=True), "premises.code", required=True, example="XZ01"),
        col("name", "场所名称", Text(), "premises.name", required=True, example="荷风社区原幼儿园"),
        col("kind", "场所类型", OneOf(PremisesKind), "premises.kind", required=True, example="闲置用房"),
        col("community", "社区", Lookup("community"), "premises.community_id", required=True, example="荷风社区"),
        col("lon", "经度", LON, "premises.lon", required=True, example="116.6012"),
        col("lat", "纬度", LAT, "premises.lat", required=True, example="35.3375"),
        col("area", "面积(平方米)", Number(0, 1_000_000, units=AREA), "premises.area_m2", example="180"),
        col(
            "stations",
            "可设工位数",
            Number(0, 10_000, whole=True, units=STATIONS),
            "premises.possible_stations",
            example="20",
        ),
        col("use", "使用状态", OneOf(PremisesUse), "premises.use", example="闲置"),
        col("power", "用电负荷(千瓦)", Number(0, 10_000, units=KILOWATTS), "premises.power_kw", example="15"),
        col("step_free", "无障碍出入", YesNo(), "premises.step_free", example="是"),
        col("open_to", "可使用对象", Text(), "premises.open_to", example="微工厂、手工作坊"),
    ),
    entities=(Entity("premises", Premises, ("code",), primary=True),),
    position=Position(known=("premises", "code")),
)

WORKSHOPS = SheetSpec(
    code="workshops",
    title=N_("List of micro-workshops"),
    columns=(
        col("name", "微工厂名称", Text(), "workshop.name", required=True, example="荷风微工厂"),
        col("community", "社区", Lookup("community"), "workshop.community_id", required=True, example="荷风社区"),
        col("premises", "场所编号", Lookup("premises"), "workshop.premises_id", example="XZ01"),
        col("operator", "运营单位", Text(), "employer.name", example="荷风巧手工坊"),
        col("opened_on", "启用日期", Day(), "workshop.opened_on", required=True, example="2024-03-18"),
        col(
            "stations",
            "工位数",
            Number(1, 10_000, whole=True, units=STATIONS),
            "workshop.stations",
            required=True,
            example="26",
        ),
        col("shifts", "每周班次数", Number(1, 42, whole=True, units=SHIFTS), "workshop.shifts_per_week", example="10"),
        col("hours", "每班净工时", Number(0.5, 12, units=HOURS), "workshop.net_shift_hours", example="3.5"),
        col("supervisors", "带班人数", Number(0, 1000, whole=True, units=PEOPLE), "workshop.supervisors", example="2"),
    ),
    entities=(
        Entity("employer", Employer, ("name",), defaults={"kind": EmployerKind.COMPANY}, update=False),
        Entity("workshop", Workshop, ("name",), {"employer_id": "employer"}, primary=True),
    ),
)

PRODUCTS = SheetSpec(
    code="products",
    title=N_("Products"),
    columns=(
        col("code", "产品编号", Text(code=True), "product.code", required=True, example="G01"),
        col("name", "产品名称", Text(), "product.name", required=True, example="毛绒小熊"),
        col("name_en", "英文名称", Text(), "product.name_en", example="Plush bear"),
        col("family", "产品大类", Text(), "product.family", example="毛绒玩具"),
        col("maker", "生产企业", Text(), "employer.name", example="济宁壮志天上商贸公司"),
        col("skills", "所需技能", Each(Lookup("skill")), example="毛绒玩偶充棉整形、手缝锁边"),
        col(
            "minutes",
            "标准工时(分钟)",
            Number(0.01, 100_000, units=MINUTES),
            "product.standard_minutes",
            required=True,
            example="25",
        ),
        col("rate", "计件单价(元)", Number(0, 100_000, units=RATE), "product.piece_rate", required=True, example="9.5"),
        col("home_work", "可居家完成", YesNo(), "product.home_work", example="是"),
    ),
    entities=(
        Entity(
            "employer",
            Employer,
            ("name",),
            defaults={"kind": EmployerKind.CRAFT_ECOMMERCE},
            update=False,
        ),
        Entity("product", Product, ("code",), {"employer_id": "employer"}, primary=True),
        Entity("skill", ProductSkill, ("product_id", "skill"), {"product_id": "product"}, each="skills", item="skill"),
    ),
)

COMMUNITY_POSTS = SheetSpec(
    code="community_posts",
    title=N_("Plan of community posts"),
    columns=(
        col("code", "批次编号", Text(code=True), "post.code", required=True, example="SG2024-001"),
        col("field", "岗位领域", OneOf(PostField), "post.field", required=True, example="养老助老"),
        col("title", "岗位名称", Text(), "post.title", required=True, example="助餐配送员"),
        col("community", "社区", Lookup("community"), "post.community_id", required=True, example="荷风社区"),
        col(
            "heads", "人数", Number(1, 10_000, whole=True, units=PEOPLE), "post.head_count", required=True, example="4"
        ),
        col("planned_on", "规划日期", Day(), "post.planned_on", required=True, example="2024-03-01"),
        col("developed_on", "开发日期", Day(), "post.developed_on", example="2024-05-20"),
    ),
    entities=(Entity("post", CommunityPost, ("code",), primary=True),),
)

PIECES = Number(0, 100_000_000, whole=True, units=PIECE_UNITS)

ORDERS = SheetSpec(
    code="orders",
    title=N_("Orders of the micro-workshops"),
    columns=(
        col("code", "订单编号", Text(code=True), "order.code", required=True, example="DD2025-0001"),
        col("workshop", "微工厂名称", Lookup("workshop"), "order.workshop_id", required=True, example="荷风微工厂"),
        col("product", "产品编号", Lookup("product"), "order.product_id", required=True, example="G01"),
        col("customer", "客户", Text(), "order.customer", example="线上店铺"),
        col(
            "pieces",
            "订货数量",
            Number(1, 100_000_000, whole=True, units=PIECE_UNITS),
            "order.pieces",
            required=True,
            example="1200",
        ),
        col("done", "已交数量", PIECES, "order.done_pieces", example="300"),
        col("received_on", "接单日期", Day(), "order.received_on", required=True, example="2025-03-01"),
        col("due_on", "交货日期", Day(), "order.due_on", required=True, example="2025-04-15"),
        col("closed_on", "完结日期", Day(), "order.closed_on", example=""),
    ),
    entities=(Entity("order", Order, ("code",), primary=True),),
)

HEADS = Number(0, 100_000, whole=True, units=PEOPLE)

WORKSHOP_WEEKS = SheetSpec(
    code="workshop_weeks",
    title=N_("Weekly reports of the micro-workshops"),
    columns=(
        col("workshop", "微工厂名称", Lookup("workshop"), "week.workshop_id", required=True, example="荷风微工厂"),
        *ignored_columns(DERIVED, "所在社区"),
        col("week", "周次", Week(), "week.week", required=True, example="2025-W12"),
        col(
            "stations",
            "工位数",
            Number(0, 100_000, whole=True, units=STATIONS),
            "week.stations",
            required=True,
            example="26",
        ),
        col("on_roll", "在册人数", HEADS, "week.on_roll", required=True, example="24"),
        col("attendances", "本周出勤人次", PIECES, "week.attendances", required=True, example="210"),
        col("hours", "实际工时", Number(0, 1_000_000, units=HOURS), "week.hours", required=True, example="730"),
        col("product", "产品名称", Lookup("product"), "output.product_id", example="毛绒小熊"),
        col("planned", "计划产量", PIECES, "output.planned", example="600"),
        col("made", "完成产量", PIECES, "output.made", example="560"),
        col("good", "合格数", PIECES, "output.good", example="548"),
        col("reworked", "返工数", PIECES, "output.reworked", example="12"),
        col("due_on", "交货期", Day(), "output.due_on", example="2025-04-15"),
        col("rate", "计件单价(元)", Number(0, 100_000, units=RATE), "output.piece_rate", example="9.5"),
        col("labour_cost", "本周劳务支出(元)", Number(0, 100_000_000, units=YUAN), "week.labour_cost", example="5320"),
        col("shortage", "用工缺口", HEADS, "week.shortage", example="2"),
        col("problem", "存在问题", Text(), "week.problem", example="熟练工不足"),
    ),
    entities=(
        Entity("week", WorkshopWeek, ("workshop_id", "week")),
        Entity(
            "output",
            WeeklyOutput,
            ("workshop_week_id", "product_id"),
            {"workshop_week_id": "week"},
            primary=True,
        ),
    ),
)
