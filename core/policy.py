"""Who may do what, whose rows they work with, and which facts about a person they see: three tables, read by everything.

Pages ask before they offer something, commands ask again inside their transaction, and lists, exports and downloads ask
which rows and which facts they may hold. What no table allows is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.terms import AccountRole, Term

__all__ = [
    "FIELDS",
    "NO_DISTRICT",
    "RULES",
    "SCOPES",
    "WHOLE_SHEETS",
    "Access",
    "Action",
    "Field",
    "Refused",
    "Scope",
    "Sight",
    "communities_of",
    "may",
    "require",
    "sees",
    "system_access",
]


@dataclass(frozen=True)
class Access:
    """Someone who acts. Everything that a page shows or a command changes is decided by these facts."""

    account_id: int | None  # None: a command line or the first load, which stand outside the accounts
    name: str
    role: AccountRole | None  # None: a command line or the first load
    communities: frozenset[int] | None  # ids of the communities whose people they work with; None: all of them
    district: str | None = None  # key of the district of a city that they act in; None: a store of one district


NO_DISTRICT = ""
"""``Access.district`` of an account that may open no district of its city."""


def system_access(name: str) -> Access:
    """A command line or the first load, under the ``name`` that its changes carry."""
    return Access(account_id=None, name=name, role=None, communities=None)


class Action(Term):
    """Everything that somebody can do. The code is what the audit log holds."""

    SIGN_IN = "sign_in", "登录", "sign in"
    SIGN_IN_FAILED = "sign_in_failed", "登录失败", "fail to sign in"
    SIGN_OUT = "sign_out", "退出登录", "sign out"
    SET_PASSWORD = "set_password", "修改密码", "change the own password"
    USE_LINK = "use_link", "使用一次性链接", "use a one-time link"

    READ_OVERVIEW = "read_overview", "查看总览", "read the overview"
    READ_DISTRICTS = "read_districts", "查看区县总览", "compare the districts of the city"
    READ_JOB_MAP = "read_job_map", "查看岗位地图", "read the job map"
    READ_WORKSHOPS = "read_workshops", "查看微工厂", "read the micro-workshops"
    READ_ROSTER = "read_roster", "查看排班建议", "read the proposed roster"
    READ_OPENINGS = "read_openings", "查看岗位与招聘平台", "read the openings"
    READ_MATCHING = "read_matching", "查看人岗匹配", "read matching"
    READ_BUSINESSES = "read_businesses", "查看微创业与场所", "read the micro-businesses and premises"
    READ_ENTERPRISES = "read_enterprises", "查看企业梯队", "read the enterprise tiers"
    READ_POOL = "read_pool", "查看待就业人员名单", "read the list of job seekers"
    READ_PERSON = "read_person", "查看个人页", "read a person's page"
    READ_TASKS = "read_tasks", "查看待办", "read the list of due work"
    READ_TRAINING = "read_training", "查看培训", "read the training"
    READ_POLICIES = "read_policies", "查看政策与补贴", "read the policies and subsidies"
    READ_EVENTS = "read_events", "查看招聘活动", "read the recruitment events"
    READ_TEAMS = "read_teams", "查看服务队伍", "read the service teams"
    READ_MEETING = "read_meeting", "查看周调度会", "read the weekly meeting"
    READ_WEEKLY_SHEET = "read_weekly_sheet", "查看周调度表", "read the weekly sheet"
    READ_EFFECT = "read_effect", "查看成效分析", "read what helps"
    READ_FIGURES = "read_figures", "查看公开数字", "read the published figures"
    READ_DATA = "read_data", "打开数据页", "open the data page"
    READ_QUALITY = "read_quality", "查看数据质量", "read the data quality"
    READ_LOG = "read_log", "查看审计日志", "read the audit log"
    READ_ACCOUNTS = "read_accounts", "查看账号", "see the accounts"
    READ_EXPORTS = "read_exports", "查看导出登记", "read the register of exports"
    READ_RULES = "read_rules", "查看权限表", "read the table of rights"

    REVEAL = "reveal", "查看完整个人信息", "see a person's data in full"
    ADD_PERSON = "add_person", "登记新求职者", "register a person"
    EDIT_PERSON = "edit_person", "更正个人资料", "correct a person's record"
    CORRECT_DOCUMENTS = "correct_documents", "更正证件信息", "correct what documents say of a person"
    EDIT_PORTRAIT = "edit_portrait", "维护技能画像与意愿", "edit a person's portrait and wishes"
    CHANGE_STATE = "change_state", "变更人员状态", "change a person's state"
    MANAGE_POST = "manage_post", "办理公益性岗位", "start, extend or end a welfare post"
    RECORD_PLACEMENT = "record_placement", "登记就业与离职", "record a placement and its end"
    REMOVE_PLACEMENT = "remove_placement", "删除误录就业", "remove a placement entered by mistake"
    EDIT_PLAN = "edit_plan", "修改帮扶计划", "edit a plan"
    MERGE_PEOPLE = "merge_people", "合并重复人员", "make records of one person one"
    UNMERGE_PEOPLE = "unmerge_people", "撤销人员合并", "undo a merge of people"
    TELL_APART = "tell_apart", "判定非同一人", "decide that two records are two people"
    RECORD_VISIT = "record_visit", "登记走访", "record a visit"
    REMOVE_VISIT = "remove_visit", "删除误录走访", "remove a visit recorded by mistake"
    MAKE_ROUND = "make_round", "编排走访路线", "make a visiting round"
    ASK_VISIT = "ask_visit", "安排走访", "schedule a visit"
    ADD_PLAN_STEP = "add_plan_step", "增加计划步骤", "add a step to a plan"
    FINISH_STEP = "finish_step", "完成计划步骤", "finish a step of a plan"
    HAND_OVER = "hand_over", "移交计划", "hand plans over to a colleague"
    RECORD_FOLLOW_UP = "record_follow_up", "登记回访", "record a follow-up"

    EDIT_TEAM = "edit_team", "维护服务队伍", "change a service team"
    RECORD_TEAM_MEETING = "record_team_meeting", "登记队伍周调度", "record a weekly meeting of a team"
    UNDO_HAND_OVER = "undo_hand_over", "撤销移交", "take back plans handed over"
    RESCHEDULE_STEPS = "reschedule_steps", "调整计划步骤期限", "set new dates for steps of plans"

    RECOMMEND = "recommend", "推荐岗位", "recommend a job"
    REFUSE = "refuse", "登记拒绝", "record a refusal"
    ADVANCE_REFERRAL = "advance_referral", "推进推荐", "move a recommendation on"
    ADD_COURSE = "add_course", "新增培训课程", "add a course"
    EDIT_COURSE = "edit_course", "修改培训课程", "change a course"
    PLAN_SESSION = "plan_session", "安排培训班", "plan a course session"
    CANCEL_SESSION = "cancel_session", "取消培训班", "cancel a course session"
    ENROL = "enrol", "培训报名", "enrol people in a course session"
    RECORD_SESSION = "record_session", "登记培训结果", "record attendance and results of a course session"
    RECORD_EVENT = "record_event", "登记招聘活动", "record a recruitment event"
    RECORD_INTENT = "record_intent", "登记就业意向", "record who is interested in a job of an event"
    SAVE_PRESET = "save_preset", "保存权重方案", "save weights"
    ARCHIVE_PRESET = "archive_preset", "停用权重方案", "put weights away"
    STORE_EXPECTED_VALUES = "store_expected_values", "更新匹配期望值", "store expected values of matching"

    SAVE_OPENING = "save_opening", "登记和修改岗位", "open, edit, pause and close openings"
    CONFIRM_OPENING = "confirm_opening", "确认岗位仍有空缺", "confirm that an opening is still free"
    DECIDE_TWINS = "decide_twins", "判定重复岗位", "decide whether two openings are one"
    EXPORT_OPENINGS = "export_openings", "导出岗位", "download openings for publication"

    SAVE_POLICY = "save_policy", "修改政策条件", "change a policy"
    APPLY_FOR_PERSON = "apply_for_person", "为个人申报政策", "apply for a policy for a person"
    APPLY_FOR_EMPLOYER = "apply_for_employer", "为单位申报政策", "apply for a policy for an enterprise"
    DECIDE_APPLICATION = "decide_application", "核准政策申报", "decide an application for a policy"
    FREEZE_PAYMENTS = "freeze_payments", "确定发放名单", "freeze the payment list of a month"

    RECORD_BUSINESS = "record_business", "登记微创业实体", "record a micro-business"
    SAVE_PREMISES = "save_premises", "修改场所台账", "change the register of premises"
    DECIDE_TIER = "decide_tier", "调整企业梯队", "decide an enterprise's tier"
    RUN_REVIEW = "run_review", "组织企业评审", "run a review of enterprises"
    GIVE_MARKS = "give_marks", "评审打分", "give marks in a review"
    DECLARE_CONFLICT = "declare_conflict", "申报回避", "declare a conflict of interest"
    RECORD_EVIDENCE = "record_evidence", "录入评审佐证", "record the evidence of a review"
    SAVE_TIER_RULES = "save_tier_rules", "修改梯队规则", "change the rules of tiers"
    SUPPORT_ENTERPRISE = "support_enterprise", "安排企业扶持", "plan support for an enterprise"
    VISIT_ENTERPRISE = "visit_enterprise", "登记企业走访", "record a visit to an enterprise"
    EXPORT_ENTERPRISE = "export_enterprise", "导出企业材料", "download a document about enterprises"
    TAKE_ORDER = "take_order", "接单", "take an order"
    REFUSE_ORDER = "refuse_order", "不接单", "refuse an order"
    DELIVER_ORDER = "deliver_order", "登记交付", "record a delivery"
    SPLIT_ORDER = "split_order", "拆分或调转订单", "split or move an order"
    CLOSE_ORDER = "close_order", "结单", "close an order"
    SAVE_WEEK = "save_week", "填报产能周报", "report a week of a workshop"
    EDIT_WORKSHOP = "edit_workshop", "修改微工厂资料", "change a workshop's record"
    EDIT_WORKER = "edit_worker", "修改在册人员约定", "change a worker's contract"
    APPROVE_ROSTER = "approve_roster", "审定排班", "approve a roster"
    SAVE_SCENARIO = "save_scenario", "保存推演", "save a what-if"
    ARCHIVE_SCENARIO = "archive_scenario", "停用推演", "put a what-if away"

    PIN_NOTE = "pin_note", "在曲线上加注", "pin a note to a series"
    FREEZE_WEEK = "freeze_week", "冻结周数据", "freeze a week"
    SAVE_AGENDA = "save_agenda", "保存议程", "save an agenda"
    DECIDE = "decide", "记录决定", "write down a decision"
    WITHDRAW_DECISION = "withdraw_decision", "撤回决定", "withdraw a decision"
    CLOSE_MEETING = "close_meeting", "会议纪要定稿", "close the minutes"
    RAISE_AT_MEETING = "raise_at_meeting", "提交周调度会", "raise a what-if at the meeting"
    RAISE_ACTION = "raise_action", "提出督办事项", "raise an action"
    ASSIGN_ACTION = "assign_action", "交办督办事项", "hand an action over"
    EXTEND_ACTION = "extend_action", "督办事项延期", "extend an action"
    COMMENT_ACTION = "comment_action", "填报督办进展", "report progress on an action"
    CLOSE_ACTION = "close_action", "督办事项销号", "close an action out"
    REOPEN_ACTION = "reopen_action", "重新办理督办事项", "reopen an action"
    SET_TARGET = "set_target", "设定年度目标", "set a yearly target"
    SET_LIGHT_LIMIT = "set_light_limit", "设定亮灯界限", "set a limit of the lights"

    EXPORT_PEOPLE = "export_people", "导出人员名单", "download a list of people"
    EXPORT_TABLE = "export_table", "导出汇总表", "download a table of figures"
    EXPORT_WEEK = "export_week", "导出会议材料", "download a document of a week"
    TAKE_TEMPLATE = "take_template", "下载空白模板", "download a blank template"
    EXPORT_CHECK = "export_check", "导出导入核对表", "download the check of an import"

    IMPORT = "import", "导入数据", "import data"
    UNDO_IMPORT = "undo_import", "撤销导入", "undo an import"
    LEARN_WORD = "learn_word", "记住词语", "learn a word"
    FORGET_WORD = "forget_word", "忘记词语", "forget a word"
    SAVE_PARAMETER = "save_parameter", "修改参数", "change a parameter"
    EMPTY = "empty", "清空数据库", "empty the database"
    ANONYMISE = "anonymise", "个人信息匿名化", "anonymise people"
    EXTRACT_PERSON = "extract_person", "导出本人全部信息", "extract everything about a person"
    ADD_ACCOUNT = "add_account", "新增账号", "add an account"
    DEACTIVATE_ACCOUNT = "deactivate_account", "停用账号", "deactivate an account"
    ACTIVATE_ACCOUNT = "activate_account", "启用账号", "activate an account"
    SET_ROLE = "set_role", "变更账号角色", "change an account's role"
    RESET_LINK = "reset_link", "签发重置链接", "issue a link to reset a password"
    FIRST_LINK = "first_link", "签发首个管理员链接", "issue the link for the first administrator"
    OPEN_DISTRICT = "open_district", "设立区县数据库", "open a district of the city"
    ALLOW_DISTRICT = "allow_district", "设定账号可进入的区县", "set which districts an account may open"


def _row(marks: str) -> frozenset[AccountRole | None]:
    """The columns that hold ●; one for each role and one for command lines."""
    columns = (*AccountRole, None)
    return frozenset(column for column, mark in zip(columns, marks.split(), strict=True) if mark == "●")


RULES: Mapping[Action, frozenset[AccountRole | None]] = MappingProxyType(
    {
        # leader, caseworker, dispatcher, enterprise officer, administrator, auditor; command lines
        # Whoever signs in, or proves an account by password or link, is nobody yet: the system writes it down.
        Action.SIGN_IN: _row("· · · · · · ●"),
        Action.SIGN_IN_FAILED: _row("· · · · · · ●"),
        Action.SIGN_OUT: _row("● ● ● ● ● ● ·"),
        Action.SET_PASSWORD: _row("· · · · · · ●"),
        Action.USE_LINK: _row("· · · · · · ●"),
        Action.READ_OVERVIEW: _row("● ● ● ● · · ·"),
        Action.READ_DISTRICTS: _row("● · ● · · · ·"),
        Action.READ_JOB_MAP: _row("● ● ● ● · · ·"),
        Action.READ_WORKSHOPS: _row("● ● ● ● · · ·"),
        Action.READ_ROSTER: _row("· · ● ● · · ·"),
        Action.READ_OPENINGS: _row("● ● ● ● · · ·"),
        Action.READ_MATCHING: _row("· ● ● · · · ·"),
        Action.READ_BUSINESSES: _row("● ● ● ● · · ·"),
        Action.READ_ENTERPRISES: _row("● ● ● ● · · ·"),
        Action.READ_POOL: _row("● ● ● · · · ·"),
        Action.READ_PERSON: _row("· ● ● · · · ·"),
        Action.READ_TASKS: _row("● ● ● · · · ·"),
        Action.READ_TRAINING: _row("● ● ● ● · · ·"),
        Action.READ_POLICIES: _row("● ● ● · · · ·"),
        Action.READ_EVENTS: _row("● ● ● ● · · ·"),
        Action.READ_TEAMS: _row("● ● ● · · · ·"),
        Action.READ_MEETING: _row("● ● ● ● · · ·"),
        Action.READ_WEEKLY_SHEET: _row("● ● ● ● · · ·"),
        Action.READ_EFFECT: _row("● ● ● ● · · ·"),
        Action.READ_FIGURES: _row("● ● ● ● · · ·"),
        Action.READ_DATA: _row("· ● ● · ● ● ·"),
        Action.READ_QUALITY: _row("· ● ● · · · ·"),
        Action.READ_LOG: _row("· · · · ● ● ·"),
        Action.READ_ACCOUNTS: _row("· · · · ● · ·"),
        Action.READ_EXPORTS: _row("· · · · ● ● ·"),
        Action.READ_RULES: _row("· ● ● · ● ● ·"),
        # one person
        Action.REVEAL: _row("· ● ● · · · ·"),
        Action.ADD_PERSON: _row("· ● ● · · · ·"),
        Action.EDIT_PERSON: _row("· ● ● · · · ·"),
        Action.CORRECT_DOCUMENTS: _row("· · ● · · · ·"),
        Action.EDIT_PORTRAIT: _row("· ● ● · · · ·"),
        Action.CHANGE_STATE: _row("· ● ● · · · ·"),
        Action.MANAGE_POST: _row("· · ● · · · ·"),
        Action.RECORD_PLACEMENT: _row("· ● ● · · · ·"),
        Action.REMOVE_PLACEMENT: _row("· ● ● · · · ·"),
        Action.EDIT_PLAN: _row("· ● ● · · · ·"),
        Action.MERGE_PEOPLE: _row("· ● ● · · · ·"),
        Action.UNMERGE_PEOPLE: _row("· ● ● · · · ·"),
        Action.TELL_APART: _row("· ● ● · · · ·"),
        Action.RECORD_VISIT: _row("· ● ● · · · ·"),
        Action.REMOVE_VISIT: _row("· ● ● · · · ·"),
        Action.MAKE_ROUND: _row("· ● ● · · · ·"),
        Action.ASK_VISIT: _row("· ● ● · · · ·"),
        Action.ADD_PLAN_STEP: _row("· ● ● · · · ·"),
        Action.FINISH_STEP: _row("· ● ● · · · ·"),
        Action.HAND_OVER: _row("· ● ● · · · ·"),
        Action.RECORD_FOLLOW_UP: _row("· ● ● · · · ·"),
        Action.EDIT_TEAM: _row("· · ● · · · ·"),
        Action.RECORD_TEAM_MEETING: _row("· ● ● · · · ·"),
        Action.UNDO_HAND_OVER: _row("· ● ● · · · ·"),
        Action.RESCHEDULE_STEPS: _row("· ● ● · · · ·"),
        # matching
        Action.RECOMMEND: _row("· ● ● · · · ·"),
        Action.REFUSE: _row("· ● ● · · · ·"),
        Action.ADVANCE_REFERRAL: _row("· ● ● · · · ·"),
        Action.SAVE_PRESET: _row("· ● ● · · · ·"),
        Action.ARCHIVE_PRESET: _row("· ● ● · · · ·"),
        Action.STORE_EXPECTED_VALUES: _row("· · · · · · ●"),
        # training and events
        Action.ADD_COURSE: _row("· · ● · · · ·"),
        Action.EDIT_COURSE: _row("· · ● · · · ·"),
        Action.PLAN_SESSION: _row("· · ● · · · ·"),
        Action.CANCEL_SESSION: _row("· · ● · · · ·"),
        Action.ENROL: _row("· ● ● · · · ·"),
        Action.RECORD_SESSION: _row("· ● ● · · · ·"),
        Action.RECORD_EVENT: _row("· · ● · · · ·"),
        Action.RECORD_INTENT: _row("· ● ● · · · ·"),
        # openings: a caseworker on the telephone learns whether one is still free; what is published has an owner
        Action.SAVE_OPENING: _row("· · ● ● · · ·"),
        Action.CONFIRM_OPENING: _row("· ● ● ● · · ·"),
        Action.DECIDE_TWINS: _row("· · ● · · · ·"),
        Action.EXPORT_OPENINGS: _row("● ● ● ● · · ·"),
        # policies and subsidies
        Action.SAVE_POLICY: _row("· · ● · · · ·"),
        Action.APPLY_FOR_PERSON: _row("· ● ● · · · ·"),
        Action.APPLY_FOR_EMPLOYER: _row("· · ● ● · · ·"),
        Action.DECIDE_APPLICATION: _row("· · ● · · · ·"),
        Action.FREEZE_PAYMENTS: _row("· · ● · · · ·"),
        # enterprises and workshops
        Action.RECORD_BUSINESS: _row("· ● ● · · · ·"),
        Action.SAVE_PREMISES: _row("· · ● ● · · ·"),
        Action.DECIDE_TIER: _row("· · · ● · · ·"),
        Action.RUN_REVIEW: _row("· · · ● · · ·"),
        Action.GIVE_MARKS: _row("● ● ● ● · · ·"),
        Action.DECLARE_CONFLICT: _row("● ● ● ● · · ·"),
        Action.RECORD_EVIDENCE: _row("· · · ● · · ·"),
        Action.SAVE_TIER_RULES: _row("· · · ● · · ·"),
        Action.SUPPORT_ENTERPRISE: _row("· · · ● · · ·"),
        Action.VISIT_ENTERPRISE: _row("· ● ● ● · · ·"),
        Action.EXPORT_ENTERPRISE: _row("● · ● ● · · ·"),
        Action.TAKE_ORDER: _row("· · ● ● · · ·"),
        Action.REFUSE_ORDER: _row("· · ● ● · · ·"),
        Action.DELIVER_ORDER: _row("· · ● ● · · ·"),
        Action.SPLIT_ORDER: _row("· · ● ● · · ·"),
        Action.CLOSE_ORDER: _row("· · ● ● · · ·"),
        Action.SAVE_WEEK: _row("· · ● ● · · ·"),
        Action.EDIT_WORKSHOP: _row("· · ● ● · · ·"),
        Action.EDIT_WORKER: _row("· · ● ● · · ·"),
        Action.APPROVE_ROSTER: _row("· · ● ● · · ·"),
        Action.SAVE_SCENARIO: _row("· ● ● ● · · ·"),
        Action.ARCHIVE_SCENARIO: _row("· ● ● ● · · ·"),
        # dispatch
        Action.PIN_NOTE: _row("· · ● · · · ·"),
        Action.FREEZE_WEEK: _row("· · ● · · · ●"),
        Action.SAVE_AGENDA: _row("· · ● · · · ·"),
        Action.DECIDE: _row("· · ● · · · ·"),
        Action.WITHDRAW_DECISION: _row("· · ● · · · ·"),
        Action.CLOSE_MEETING: _row("· · ● · · · ·"),
        Action.RAISE_AT_MEETING: _row("· · ● ● · · ·"),
        Action.RAISE_ACTION: _row("· · ● · · · ·"),
        Action.ASSIGN_ACTION: _row("· · ● · · · ·"),
        Action.EXTEND_ACTION: _row("· · ● · · · ·"),
        Action.COMMENT_ACTION: _row("· ● ● ● · · ·"),
        Action.CLOSE_ACTION: _row("· · ● · · · ·"),
        Action.REOPEN_ACTION: _row("· · ● · · · ·"),
        Action.SET_TARGET: _row("· · ● · · · ·"),
        Action.SET_LIGHT_LIMIT: _row("· · ● · · · ·"),
        # what leaves the system
        Action.EXPORT_PEOPLE: _row("· ● ● · · · ·"),
        Action.EXPORT_TABLE: _row("● ● ● ● · · ·"),
        Action.EXPORT_WEEK: _row("● · ● · · · ●"),
        Action.EXPORT_CHECK: _row("· · · · ● · ·"),
        Action.TAKE_TEMPLATE: _row("· ● ● · ● · ·"),
        # the system itself
        Action.IMPORT: _row("· · · · ● · ●"),
        Action.UNDO_IMPORT: _row("· · · · ● · ·"),
        Action.LEARN_WORD: _row("· · · · ● · ·"),
        Action.FORGET_WORD: _row("· · · · ● · ·"),
        Action.SAVE_PARAMETER: _row("· · · · ● · ·"),
        Action.EMPTY: _row("· · · · ● · ·"),
        Action.ANONYMISE: _row("· · · · ● · ●"),
        Action.EXTRACT_PERSON: _row("· · · · ● · ●"),
        Action.ADD_ACCOUNT: _row("· · · · ● · ●"),
        Action.DEACTIVATE_ACCOUNT: _row("· · · · ● · ●"),
        Action.ACTIVATE_ACCOUNT: _row("· · · · ● · ●"),
        Action.SET_ROLE: _row("· · · · ● · ●"),
        Action.RESET_LINK: _row("· · · · ● · ●"),
        Action.FIRST_LINK: _row("· · · · · · ●"),
        Action.OPEN_DISTRICT: _row("· · · · · · ●"),
        Action.ALLOW_DISTRICT: _row("· · · · ● · ●"),
    }
)
"""Action → the roles that may do it; None stands for command lines and the first load."""

WHOLE_SHEETS = frozenset({Action.IMPORT, Action.UNDO_IMPORT, Action.EMPTY, Action.ANONYMISE, Action.EXTRACT_PERSON})
"""Actions about anybody, whomever the role works with: a sheet holds the people that it holds, a right belongs to everyone."""


class Scope(Term):
    """Whose rows a role sees at all."""

    ALL = "all", "全区人员", "everyone in the district"
    OWN = "own", "所辖社区人员", "people of their communities"
    NOBODY = "nobody", "不涉及人员", "nobody"


SCOPES: Mapping[AccountRole, Scope] = MappingProxyType(
    {
        AccountRole.LEADER: Scope.ALL,
        AccountRole.CASEWORKER: Scope.OWN,
        AccountRole.DISPATCHER: Scope.ALL,
        AccountRole.ENTERPRISE_OFFICER: Scope.ALL,
        AccountRole.ADMINISTRATOR: Scope.NOBODY,
        AccountRole.AUDITOR: Scope.NOBODY,
    }
)


class Field(Term):
    """Classes of facts about a person."""

    NAME = "name", "姓名", "name"
    PHONE = "phone", "电话", "phone"
    ADDRESS = "address", "住址", "address"
    DISABILITY = "disability", "残疾信息", "disability"
    HEALTH = "health", "健康与工作限制", "health and limits at work"
    NOTE = "note", "备注与走访记录", "notes"


class Sight(Term):
    """How a role sees a fact, from not at all to always."""

    HIDDEN = "hidden", "不可见", "not shown"
    MASKED = "masked", "打码", "masked"
    ON_PURPOSE = "on_purpose", "说明用途后可见", "masked; in full with a purpose, which is recorded"
    CLEAR = "clear", "可见", "shown"


_SIGHTS: Mapping[str, Sight] = {"·": Sight.HIDDEN, "*": Sight.MASKED, "?": Sight.ON_PURPOSE, "●": Sight.CLEAR}


def _sights(marks: str) -> Mapping[AccountRole, Sight]:
    return MappingProxyType(
        {role: _SIGHTS[mark] for role, mark in zip(AccountRole, marks.split(), strict=True)},
    )


FIELDS: Mapping[Field, Mapping[AccountRole, Sight]] = MappingProxyType(
    {
        # leader, caseworker, dispatcher, enterprise officer, administrator, auditor
        # · not shown, * masked, ? masked and in full with a purpose, ● shown
        Field.NAME: _sights("* ? ? * · ·"),
        Field.PHONE: _sights("· ? ? · · ·"),
        Field.ADDRESS: _sights("· ? ? · · ·"),
        Field.DISABILITY: _sights("· ● ● · · ·"),
        Field.HEALTH: _sights("· ● ● · · ·"),
        Field.NOTE: _sights("· ? ? · · ·"),
    }
)
"""Field class → role → how it sees a fact of that class about the people in its scope."""


class Refused(PermissionError):
    """The tables do not allow it: ``action`` and ``role`` say what to whom. Nothing was read or changed."""

    def __init__(self, action: Action, role: AccountRole | None) -> None:
        super().__init__(f"{role.value if role else 'a command line'} may not {action.en}")
        self.action, self.role = action, role


def may(access: Access, action: Action) -> bool:
    """Whether the role of ``access`` may do ``action``."""
    return access.role in RULES.get(action, frozenset())


def require(access: Access, action: Action) -> None:
    """Raise Refused unless the role of ``access`` may do ``action``."""
    if not may(access, action):
        raise Refused(action, access.role)


def communities_of(access: Access, action: Action | None = None) -> frozenset[int] | None:
    """Ids of the communities whose people ``access`` sees, or may write about by ``action``.

    None: everyone, also those of no known community.
    """
    if access.role is None or action in WHOLE_SHEETS:
        return None
    scope = SCOPES[access.role]
    if scope is Scope.NOBODY:
        return frozenset()
    return access.communities if scope is Scope.OWN else None


def sees(access: Access, field: Field) -> Sight:
    """How ``access`` sees a fact of the class ``field``; a command line shows nobody anything."""
    return Sight.HIDDEN if access.role is None else FIELDS[field][access.role]
