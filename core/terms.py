"""The words of the domain: every coded value of the store, with its Chinese and English label.

Codes are stable and stored; labels are what people read and what the bureau's sheets contain, so
``parse`` accepts either. Nothing in the project compares with a literal string: compare members.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A coded value: ``code, Chinese label, English label, *synonyms found in sheets``.

    >>> Sex.parse("女")           # <Sex.FEMALE: 'female'>
    >>> Sex.FEMALE.label("en")    # 'female'
    """

    zh: str
    en: str
    also: tuple[str, ...]

    def __new__(cls, code: str, zh: str, en: str, *also: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh, member.en, member.also = zh, en, also
        return member

    def label(self, lang: str) -> str:
        """Label in ``lang`` ("zh_CN" or "en")."""
        return self.en if lang.startswith("en") else self.zh

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The member whose code, label or synonym is ``text`` (case and blanks ignored), else None."""
        wanted = text.strip().lower()
        for member in cls:
            if wanted in (member.value, member.zh.lower(), member.en.lower(), *(a.lower() for a in member.also)):
                return member
        return None

    @classmethod
    def of(cls, code: str) -> Self:
        """The member whose code is ``code``; ValueError if there is none."""
        return cls(code)  # type: ignore[call-arg]

    @property
    def order(self) -> int:
        """Position in the declaration: the order of a scale or of a list on a screen."""
        return list(type(self)).index(self)


# -- people ---------------------------------------------------------------------------------------


class Sex(Term):
    FEMALE = "female", "女", "female"
    MALE = "male", "男", "male"


class Registration(Term):
    """Kind of household registration, and of public-welfare post."""

    URBAN = "urban", "城镇", "urban", "非农", "非农业", "城镇户口", "城镇公益性岗位", "居民户"
    RURAL = "rural", "乡村", "rural", "农业", "农村", "农村户口", "乡村公益性岗位"


class PersonState(Term):
    ON_POST = "on_post", "在公益岗", "on a public-welfare post", "在岗"
    SEEKING = "seeking", "求职中", "seeking work", "待就业", "失业", "有就业意愿"
    EMPLOYED = "employed", "已就业", "employed", "就业"
    NOT_SEEKING = "not_seeking", "暂不求职", "not seeking for now", "健康或家庭原因", "无就业意愿"
    RETIRED = "retired", "退休超龄", "retired or over age", "退休", "超龄"
    UNREACHABLE = "unreachable", "失联", "unreachable", "联系不上"


class Education(Term):
    PRIMARY = "primary", "小学及以下", "primary or less", "小学", "文盲", "不识字"
    JUNIOR = "junior", "初中", "junior secondary"
    SENIOR = "senior", "高中/中专", "senior secondary", "高中", "中专", "技校", "职高", "中技"
    COLLEGE = "college", "大专", "college", "专科", "高职"
    BACHELOR = "bachelor", "本科及以上", "bachelor or above", "本科", "大学", "硕士", "研究生"


class HardshipKind(Term):
    OLDER = "older", "大龄", "older", "大龄失业人员", "大龄人员"
    DISABLED = "disabled", "残疾", "disabled", "残疾人"
    LOW_INCOME = "low_income", "低保", "minimum living allowance", "低保家庭", "最低生活保障"
    LONG_UNEMPLOYED = "long_unemployed", "连续失业一年以上", "unemployed for over a year", "长期失业"
    LANDLESS = "landless", "失地", "land-expropriated", "失地农民"
    ZERO_EMPLOYMENT = "zero_employment", "零就业家庭", "zero-employment household", "零就业"
    TWO_LOWS_TWO_HIGHS = "two_lows_two_highs", "两低两高", "low pay, low skill, high age, high difficulty"


class AccommodationKind(Term):
    """A person's own limits at work; they act as hard limits on the job, never as a score."""

    SEATED = "seated", "需坐姿作业", "seated work only", "坐姿", "可坐姿"
    NO_LIFTING = "no_lifting", "不能负重", "no lifting", "不搬重物"
    STEP_FREE = "step_free", "需无障碍", "step-free access", "无障碍"
    NO_NIGHTS = "no_nights", "不上夜班", "no night work"
    HOME_ONLY = "home_only", "只能居家", "home work only", "居家"


class Evidence(Term):
    """Evidence of a skill, weakest first (``order`` is the strength)."""

    SELF_REPORT = "self_report", "自报", "self-report"
    PRACTICAL_TEST = "practical_test", "实操测评", "practical test", "实操"
    TRAINING_CERTIFICATE = "training_certificate", "培训合格证", "training certificate", "合格证", "结业证"
    SPECIAL_ABILITY = "special_ability", "专项职业能力", "special ability certificate", "专项职业能力证书"
    VOCATIONAL_LEVEL = "vocational_level", "职业技能等级", "vocational skill level", "职业技能等级证书"


class SkillLevel(Term):
    """How well a person masters a skill; ``grade`` is the number 1..4 that is stored."""

    AWARE = "1", "了解", "aware"
    CAN_DO = "2", "会做", "can do", "会"
    SKILLED = "3", "熟练", "skilled"
    CAN_TEACH = "4", "能带人", "can teach others"

    @property
    def grade(self) -> int:
        return int(self.value)


class SkillDomain(Term):
    CARE = "care", "照护家政", "care and domestic work"
    PROPERTY = "property", "物业", "property"
    GREENING = "greening", "园林绿化", "greening"
    RETAIL = "retail", "商超零售", "retail"
    DELIVERY = "delivery", "快递配送", "delivery"
    ECOMMERCE = "ecommerce", "电子商务", "e-commerce"
    CRAFT = "craft", "手工制作", "craft"


class VisitMode(Term):
    DOOR = "door", "上门", "at the door", "入户", "敲门"
    PHONE = "phone", "电话", "by phone"
    ONLINE = "online", "线上", "online", "微信"


class VisitResult(Term):
    """What a call at a household of a visiting round led to; only the first is a visit."""

    MET = "met", "见到本人", "met the person", "见到", "已见到"
    ABSENT = "absent", "家中无人", "nobody at home", "不在家", "无人"
    MOVED = "moved", "已搬离", "moved away", "搬走"
    DECLINED = "declined", "拒绝走访", "declined the visit", "拒访"


class PlanStatus(Term):
    LIVE = "live", "执行中", "under way"
    DONE = "done", "已完成", "completed"
    DROPPED = "dropped", "已终止", "ended early"


class MeasureKind(Term):
    POLICY = "policy", "政策咨询", "policy advice"
    TRAINING = "training", "技能培训", "skills training"
    RECOMMENDATION = "recommendation", "岗位推荐", "job recommendation"
    START_UP = "start_up", "创业扶持", "start-up support"
    CARE_SUPPORT = "care_support", "家庭照护支持", "family care support"
    FOLLOW_UP = "follow_up", "就业跟踪", "follow-up in work"


# -- work -----------------------------------------------------------------------------------------


class JobForm(Term):
    FULL_TIME = "full_time", "全日制", "full time"
    PART_TIME = "part_time", "非全日制", "part time"
    HOME_PIECE = "home_piece", "居家计件", "home piece work", "计件", "居家"
    FLEXIBLE = "flexible", "灵活就业", "flexible"
    SELF_EMPLOYED = "self_employed", "自主创业", "self-employed"
    OVER_AGE = "over_age", "超龄用工协议", "over-age work agreement"


class Shift(Term):
    """Working pattern; hours and days stand in ``core.jobs.shifts``."""

    DAY = "day", "常日班", "day shift", "白班"
    MORNING = "morning", "上午班", "morning shift"
    AFTERNOON = "afternoon", "下午班", "afternoon shift"
    SCHOOL_HOURS = "school_hours", "妈妈班", "school-hours shift (09:00–16:00)", "妈妈班 09:00–16:00"
    TWO_SHIFT = "two_shift", "两班倒", "two rotating shifts"
    WEEKEND = "weekend", "周末班", "weekend shift"
    FLEXIBLE_PIECE = "flexible_piece", "弹性计件", "flexible piece work"


class PayKind(Term):
    MONTH = "month", "月薪", "monthly"
    HOUR = "hour", "小时", "hourly", "时薪"
    PIECE = "piece", "计件", "piece rate"


class JobStatus(Term):
    OPEN = "open", "招聘中", "open"
    PAUSED = "paused", "暂停招聘", "paused", "暂停"
    FILLED = "filled", "已招满", "filled"
    CLOSED = "closed", "已关闭", "closed"


class OpeningSource(Term):
    """How the bureau came to know of an opening."""

    REGISTERED = "registered", "窗口登记", "registered at the bureau", "单位登记", "自主登记"
    EMPLOYER_VISIT = "employer_visit", "走访企业", "visit to the employer", "企业走访"
    EVENT = "event", "招聘活动", "recruitment event"
    PLATFORM = "platform", "招聘平台", "recruitment platform", "平台"


class PostField(Term):
    """Fields in which community posts are planned and developed."""

    ELDER_CARE = "elder_care", "养老助老", "elder care"
    CHILDCARE = "childcare", "托育托幼", "childcare"
    DOMESTIC = "domestic", "家政", "domestic services", "家政服务"
    RETAIL = "retail", "商超", "supermarkets and shops", "商超运营"
    GREENING = "greening", "绿化", "greening", "园林绿化"
    PROPERTY = "property", "物业保洁", "property and cleaning"
    CONVENIENCE = "convenience", "便利店快递", "convenience shops and parcels"
    PUBLIC_SERVICE = "public_service", "公共服务", "public services"


class Channel(Term):
    """Where a placement leads."""

    WORKSHOP = "workshop", "社区微工厂", "micro-workshop", "微工厂"
    ENTERPRISE = "enterprise", "手工电商企业", "craft e-commerce enterprise", "电商企业"
    COMMUNITY_POST = "community_post", "社区岗位", "community post"
    OTHER = "other", "其他单位", "other employer", "其他"
    SELF_EMPLOYED = "self_employed", "自主创业", "self-employed", "个体经营"


class ExitReason(Term):
    EXPIRED = "expired", "到期退出", "exit on expiry", "到期"
    RETIRED = "retired", "退休", "retired"
    RESIGNED = "resigned", "本人辞职", "resigned", "辞职"
    DISMISSED = "dismissed", "单位解除", "dismissed"
    FAMILY_HEALTH = "family_health", "健康或家庭原因", "health or family"
    MOVED_ON = "moved_on", "转其他岗位", "moved to another job", "转岗"


class EmployerKind(Term):
    CRAFT_ECOMMERCE = "craft_ecommerce", "手工玩具电商企业", "craft e-commerce enterprise"
    COMPANY = "company", "企业", "company"
    SOLE_TRADER = "sole_trader", "个体工商户", "sole trader"
    COMMUNITY = "community", "社区居委会", "community committee", "社区"
    WORKSHOP = "workshop", "社区微工厂", "micro-workshop", "微工厂"
    PUBLIC_BODY = "public_body", "机关事业单位", "public body", "事业单位"
    NON_PROFIT = "non_profit", "民办非企业", "non-profit", "社会组织"


class ReferralState(Term):
    RECOMMENDED = "recommended", "已推荐", "recommended", "推荐"
    INTERVIEW = "interview", "面试中", "in interview", "面试"
    OFFERED = "offered", "已录用", "offered", "录用"
    STARTED = "started", "已入职", "started", "入职"
    NOT_HIRED = "not_hired", "未录用", "not hired"
    DECLINED = "declined", "本人拒绝", "declined by candidate"
    CLOSED = "closed", "已关闭", "closed"


class RefusalReason(Term):
    PAY = "pay", "待遇不合适", "pay"
    DISTANCE = "distance", "距离太远", "distance"
    HOURS = "hours", "时间不合适", "hours"
    CONTENT = "content", "工作内容不合适", "kind of work"
    HEALTH = "health", "身体原因", "health"
    FAMILY = "family", "家庭原因", "family"
    OTHER = "other", "其他", "other"


class ClosingReason(Term):
    OPENING_CLOSED = "opening_closed", "岗位已关闭", "the opening was closed"
    WORKS_ELSEWHERE = "works_elsewhere", "已在其他岗位入职", "started work elsewhere"
    ONE_OPENING = "one_opening", "两个岗位实为一个，并入另一条推荐", "one of two for what turned out to be one opening"


class FollowUpResult(Term):
    IN_WORK = "in_work", "在岗", "still in work"
    LEFT = "left", "已离岗", "left"
    UNREACHABLE = "unreachable", "联系不上", "unreachable"


# -- places, training, events ------------------------------------------------------------------------


class Difficulty(Term):
    """What somebody in work finds hard, as reported at a follow-up."""

    PAY = "pay", "收入偏低", "low pay", "工资低", "收入低"
    PAID_LATE = "paid_late", "工资拖欠", "wages paid late", "欠薪", "拖欠工资"
    HOURS = "hours", "工时不合适", "hours do not fit", "时间不合适"
    LITTLE_WORK = "little_work", "订单少活不足", "too little work", "订单少", "活少"
    DISTANCE = "distance", "路途远", "long way", "距离远"
    SKILL = "skill", "技能跟不上", "work is too hard to do", "技能不足"
    HEALTH = "health", "身体吃不消", "health", "身体原因"
    FAMILY = "family", "家庭照护", "family care", "家庭原因"
    RELATIONS = "relations", "与单位或同事有矛盾", "conflict at work", "人际关系"


class CommunityKind(Term):
    URBAN = "urban", "城市社区", "urban community", "城镇"
    RURAL = "rural", "农村社区", "rural community", "乡村", "村"


class PremisesKind(Term):
    IDLE = "idle", "闲置用房", "idle premises", "闲置"
    WORKSHOP = "workshop", "微工厂用房", "workshop premises"
    SERVICE_CENTRE = "service_centre", "党群服务中心", "community service centre"
    TRAINING_SITE = "training_site", "培训微阵地", "doorstep training site", "培训点"


class StaffRole(Term):
    BUREAU_LEADER = "bureau_leader", "区级领导", "bureau leader"
    COMMISSIONER = "commissioner", "就业服务专员", "employment service commissioner"
    SECRETARY = "secretary", "社区书记", "community secretary", "社区主任"
    STEWARD = "steward", "人社管家", "HR-and-social-security steward"
    GRID_WORKER = "grid_worker", "网格员", "grid worker"
    BUILDING_LEADER = "building_leader", "楼长", "building leader"
    AGENCY = "agency", "第三方机构", "third-party agency", "第三方服务机构", "人力资源机构"


class RevealPurpose(Term):
    """What somebody needs a person's data in full for; kept in the audit log."""

    CONTACT = "contact", "联系本人", "to contact the person"
    VISIT = "visit", "上门走访", "to visit the person at home"
    IDENTIFY = "identify", "核对身份", "to check who the person is"
    CORRECT = "correct", "更正资料", "to correct the record"
    REFER = "refer", "推荐上岗", "to refer the person to an employer"


class AccountRole(Term):
    LEADER = "leader", "领导", "leader"
    CASEWORKER = "caseworker", "就业服务专员", "caseworker"
    DISPATCHER = "dispatcher", "调度员", "dispatcher"
    ENTERPRISE_OFFICER = "enterprise_officer", "企业专员", "enterprise officer"
    ADMINISTRATOR = "administrator", "系统管理员", "administrator"
    AUDITOR = "auditor", "审计员", "auditor"


class TrainingKind(Term):
    DOORSTEP = "doorstep", "家门口", "doorstep training", "家门口培训"
    COMMISSIONED = "commissioned", "用工委培", "employer-commissioned training"
    UNIVERSITY = "university", "高校联合", "joint with a university"


class EnrolmentResult(Term):
    ENROLLED = "enrolled", "在训", "in training"
    PASSED = "passed", "合格", "passed", "通过"
    FAILED = "failed", "不合格", "failed"
    WITHDRAWN = "withdrawn", "退训", "withdrawn"


class EventTheme(Term):
    SKILLED = "skilled", "技能人才", "skilled people", "技能人才专场"
    SILVER = "silver", "银发顾问", "silver advisers", "银发顾问专场"
    PARENTS = "parents", "宝妈灵活", "flexible work for parents", "宝妈灵活专场"
    DISABLED = "disabled", "残疾人", "disabled people", "残疾人专场"
    GENERAL = "general", "综合", "general", "综合专场"


class EventScene(Term):
    SQUARE = "square", "社区广场", "community square"
    NEIGHBOURHOOD_CENTRE = "neighbourhood_centre", "邻里中心", "neighbourhood centre"
    SUPERMARKET = "supermarket", "大型商超", "large supermarket"
    MARKET = "market", "镇街特色集市", "town market"
    OPEN_DAY = "open_day", "企业开放日", "company open day"


# -- policies, own businesses, premises ----------------------------------------------------------------


class YesNo(Term):
    """An answer as a code."""

    YES = "yes", "是", "yes", "有"
    NO = "no", "否", "no", "没有", "无"


class InsurancePayer(Term):
    """Who pays somebody's social insurance."""

    EMPLOYER = "employer", "单位缴纳", "the employer", "单位"
    OWN = "own", "个人缴纳", "the person", "个人", "灵活就业参保"
    NOBODY = "nobody", "未缴纳", "nobody", "未参保"


class RetirementGroup(Term):
    """Which statutory age of retirement a woman's post has; men have one."""

    WORKER = "worker", "工人岗位（原50周岁）", "worker (50 before 2025)", "工人", "工人岗位"
    STAFF = "staff", "管理技术岗位（原55周岁）", "manager or specialist (55 before 2025)", "干部", "管理技术岗位"


class PolicyFact(Term):
    """What a condition of a policy may ask of a person or an enterprise; there is no other."""

    AGE = "age", "年龄", "age"
    SEX = "sex", "性别", "sex"
    YEARS_TO_RETIREMENT = "years_to_retirement", "距法定退休年限", "years to statutory retirement"
    STATE = "state", "人员状态", "state"
    REGISTRATION = "registration", "户口性质", "household registration"
    HARDSHIP = "hardship", "当日有效的困难类别", "hardship categories valid on the day"
    SEVERE_DISABILITY = "severe_disability", "重度残疾（一、二级）", "severe disability (grade 1 or 2)"
    UNEMPLOYED_MONTHS = "unemployed_months", "连续求职月数", "months seeking work without a break"
    POST_YEARS = "post_years", "公益岗累计年限", "years on public-welfare posts"
    POST_PLACEMENTS = "post_placements", "公益岗安置次数", "placements on public-welfare posts"
    ON_POST = "on_post", "当前在公益岗", "on a public-welfare post now"
    WORK_FORM = "work_form", "当前用工形式", "form of the present work"
    WORK_EMPLOYER = "work_employer", "当前用人单位类型", "kind of the present employer"
    WORK_MONTHS = "work_months", "当前工作已满月数", "months in the present work"
    MONTHLY_PAY = "monthly_pay", "当前月收入", "present pay a month"
    OWNS_BUSINESS = "owns_business", "有登记在册的自办经营实体", "has a registered business of their own"
    BUSINESS_MONTHS = "business_months", "自办经营实体已开业月数", "months since the own business opened"
    WANTS_START_UP = "wants_start_up", "有创业意愿", "wants to start a business"
    INSURANCE = "insurance", "社会保险缴纳方式", "who pays social insurance"
    YEAR_CONTRACT = "year_contract", "签有一年以上劳动合同", "has a labour contract of a year or more"
    EMPLOYER_KIND = "employer_kind", "单位类型", "kind of employer"
    OPEN_MONTHS = "open_months", "开业已满月数", "months since opening"
    EMPLOYEES = "employees", "最近一月在职人数", "employees in the last reported month"
    INSURED = "insured", "最近一月参保人数", "insured employees in the last reported month"
    HARDSHIP_HIRES = "hardship_hires", "在职就业困难人员数", "people in hardship who work there"


class Comparison(Term):
    """How a condition compares a fact with its value."""

    AT_LEAST = "ge", "不低于", "is at least", "≥", ">="
    ABOVE = "gt", "高于", "is above", ">"
    AT_MOST = "le", "不高于", "is at most", "≤", "<="
    BELOW = "lt", "低于", "is below", "<"
    ONE_OF = "in", "属于", "is one of"
    NONE_OF = "not_in", "不属于", "is none of"


class PolicyAudience(Term):
    PERSON = "person", "个人", "people"
    EMPLOYER = "employer", "用人单位", "enterprises"


class AmountKind(Term):
    """How often a policy pays."""

    NONE = "none", "不发放资金", "no money"
    ONCE = "once", "一次性", "once"
    MONTHLY = "monthly", "按月", "each month"


class ApplicationState(Term):
    """How far an application for a policy has come."""

    DRAFTED = "drafted", "拟申报", "drafted"
    SUBMITTED = "submitted", "已提交", "submitted"
    APPROVED = "approved", "已核准", "approved"
    REFUSED = "refused", "未核准", "refused"
    PAYING = "paying", "发放中", "paying"
    ENDED = "ended", "已结束", "ended"


class BusinessKind(Term):
    """Kinds of community micro-businesses."""

    CRAFT_SHOP = "craft_shop", "小型手工作坊", "handicraft shop", "手工作坊"
    CONVENIENCE_STORE = "convenience_store", "社区便利店", "convenience store", "便利店"
    PARCEL_POINT = "parcel_point", "社区快递代收点", "parcel point", "快递代收点", "快递驿站"
    OTHER = "other", "其他", "other"


class BusinessSupportKind(Term):
    """What a micro-business was helped with."""

    PREMISES = "premises", "场地支持", "premises", "场地"
    TRAINING = "training", "创业培训", "training", "培训"
    START_UP_HELP = "start_up_help", "开办帮扶", "start-up help", "创业帮扶"


class PremisesUse(Term):
    """Whether premises are free."""

    IDLE = "idle", "闲置", "idle", "空置"
    IN_USE = "in_use", "使用中", "in use", "在用"
    RESERVED = "reserved", "已预留", "reserved", "预留"


# -- enterprises, dispatch, system ---------------------------------------------------------------------


class Tier(Term):
    """Potential-enterprise tiers, lowest first."""

    WATCH = "watch", "观察", "watch"
    RESERVE = "reserve", "储备", "reserve"
    GROWTH = "growth", "成长", "growth"
    BACKBONE = "backbone", "骨干", "backbone"
    LEADER = "leader", "领军", "leader"


class TierCause(Term):
    SCORE = "score", "评分", "score"
    GATE = "gate", "一票否决", "veto"
    MANUAL = "manual", "人工调整", "manual decision"


class Pillar(Term):
    JOBS = "jobs", "吸纳就业", "jobs"
    RETENTION = "retention", "稳定就业", "retention"
    INCOME = "income", "劳动收入", "income"
    TRAINING = "training", "技能培训", "training"
    ORDERS = "orders", "订单经营", "orders"
    RESPONSIBILITY = "responsibility", "社会担当", "responsibility"


class EvidenceSource(Term):
    MONITORING = "monitoring", "大数据监测", "data monitoring"
    PANEL = "panel", "专家评审", "expert panel"
    THIRD_PARTY = "third_party", "第三方评估", "third-party assessment"


class RoundState(Term):
    """How far a review round has come, in order."""

    OPEN = "open", "评委打分中", "panel scores"
    SCORED = "scored", "打分已截止", "scoring closed"
    PROPOSED = "proposed", "建议已生成", "tiers proposed"
    DECIDED = "decided", "已议定", "tiers decided"
    FROZEN = "frozen", "已归档", "frozen"


class SupportState(Term):
    """How far a support measure for an enterprise has come."""

    PLANNED = "planned", "拟安排", "planned"
    APPROVED = "approved", "已批准", "approved"
    PAID = "paid", "已兑现", "delivered"
    ENDED = "ended", "已结束", "ended"
    REFUSED = "refused", "未批准", "refused"


class ActionStatus(Term):
    TODO = "todo", "待办", "to do"
    DOING = "doing", "办理中", "under way"
    CLOSED = "closed", "销号", "closed out"


class ActionEventKind(Term):
    """What happened to an action of the dispatch meeting."""

    RAISED = "raised", "提出", "raised"
    ASSIGNED = "assigned", "交办", "assigned"
    EXTENDED = "extended", "延期", "extended"
    COMMENTED = "commented", "进展", "progress"
    CLOSED = "closed", "销号", "closed out"
    REOPENED = "reopened", "重新办理", "reopened"


class ExportKind(Term):
    """A document made from a frozen week."""

    DECK = "pptx", "演示文稿", "slide deck"
    MINUTES = "docx", "会议纪要", "minutes"
    WORKBOOK = "xlsx", "数据工作簿", "workbook"
    PAGES = "html", "打印页", "print pages"


class Light(Term):
    """Signal of progress; ``shape`` makes it readable without colour."""

    GREEN = "green", "正常", "on track"
    YELLOW = "yellow", "关注", "watch"
    RED = "red", "滞后", "behind"

    @property
    def shape(self) -> str:
        return {"green": "●", "yellow": "▲", "red": "■"}[self.value]


class Datum(Term):
    """Coordinate system of imported positions; the store keeps WGS-84 (equal to CGCS2000 here)."""

    WGS84 = "wgs84", "WGS-84/CGCS2000（GPS、天地图）", "WGS-84/CGCS2000 (GPS, Tianditu)"
    GCJ02 = "gcj02", "GCJ-02（高德、腾讯）", "GCJ-02 (Amap, Tencent)"
    BD09 = "bd09", "BD-09（百度）", "BD-09 (Baidu)"


class Agreement(Term):
    """How a fact of one record compares with the same fact of another that may be about the same."""

    AGREES = "agrees", "一致", "agrees"
    DIFFERS = "differs", "不一致", "differs"
    UNKNOWN = "unknown", "不详", "unknown"


class BatchState(Term):
    COMMITTED = "committed", "已入库", "committed"
    UNDONE = "undone", "已撤销", "undone"


class ScenarioKind(Term):
    """What a saved what-if is about."""

    MAP = "map", "岗位地图", "job map"
    WORKSHOP = "workshop", "微工厂", "micro-workshop"


class PromiseKind(Term):
    """A decision that is compared with the fact later."""

    ORDER = "order", "接单", "order accepted"
    REFUSAL = "refusal", "不接单", "order refused"
    ROSTER = "roster", "排班", "roster approved"


__all__ = [name for name, value in list(globals().items()) if isinstance(value, type) and issubclass(value, Term)]
