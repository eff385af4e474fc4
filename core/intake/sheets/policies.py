"""Sheets about policies and micro-businesses: answers about eligibility, applications, the register of businesses, help."""

from __future__ import annotations

from core.intake.parsing.base import Lookup, OneOf, Text, YesNo
from core.intake.parsing.dates import Day
from core.intake.parsing.numbers import YUAN, Number
from core.intake.parsing.people import Phone
from core.intake.sheets.ledgers import KNOWN_PERSON, OF_PERSON, who
from core.intake.sheets.model import Entity, InOrder, SheetSpec, col
from core.intake.sheets.people import id_card
from core.locale import N_
from core.store.schema import BusinessSupport, EligibilityAnswer, MicroBusiness, Person, PolicyApplication
from core.terms import ApplicationState, BusinessKind, BusinessSupportKind, InsurancePayer, RetirementGroup

__all__ = ["BUSINESS_SUPPORT", "ELIGIBILITY_ANSWERS", "MICRO_BUSINESSES", "POLICY_APPLICATIONS"]

MONEY = Number(0, 100_000_000, units=YUAN)

ELIGIBILITY_ANSWERS = SheetSpec(
    code="eligibility_answers",
    title=N_("Answers about eligibility"),
    columns=(
        *who(),
        col("stated_on", "核实日期", Day(), "answer.stated_on", required=True, example="2025-03-05"),
        col("insurance", "社会保险缴纳方式", OneOf(InsurancePayer), "answer.insurance", example="个人缴纳"),
        col("year_contract", "一年以上劳动合同", YesNo(), "answer.year_contract", example="否"),
        col("retirement_group", "退休身份", OneOf(RetirementGroup), "answer.retirement_group", example="工人岗位"),
    ),
    entities=(
        KNOWN_PERSON,
        Entity("answer", EligibilityAnswer, ("person_id", "stated_on"), OF_PERSON, primary=True),
    ),
    order_by="stated_on",
)

POLICY_APPLICATIONS = SheetSpec(
    code="policy_applications",
    title=N_("Ledger of policy applications"),
    columns=(
        *who(),
        col("policy", "政策名称", Lookup("policy"), "application.policy", required=True, example="一次性创业补贴"),
        col("drafted_on", "申报日期", Day(), "application.drafted_on", required=True, example="2025-03-12"),
        col("state", "办理状态", OneOf(ApplicationState), "application.state", required=True, example="发放中"),
        col("state_since", "状态日期", Day(), "application.state_since", required=True, example="2025-04-01"),
        col("amount", "核准金额(元)", MONEY, "application.amount", example="500"),
        col("starts_on", "发放起始月", Day(month_too=True), "application.starts_on", example="2025-04"),
        col("ends_on", "发放终止日期", Day(), "application.ends_on", example="2026-03-31"),
        col("owner", "经办人", Text(), "application.owner", example="李明"),
    ),
    entities=(
        KNOWN_PERSON,
        Entity("application", PolicyApplication, ("policy", "person_id", "drafted_on"), OF_PERSON, primary=True),
    ),
    rules=(InOrder("drafted_on", "state_since"),),
    order_by="drafted_on",
)

MICRO_BUSINESSES = SheetSpec(
    code="micro_businesses",
    title=N_("Register of micro-businesses"),
    columns=(
        col("business", "经营实体名称", Text(), "business.name", required=True, example="荷风手作小铺"),
        col("kind", "经营类型", OneOf(BusinessKind), "business.kind", required=True, example="小型手工作坊"),
        col(
            "name",
            "业主姓名",
            Text(),
            "person.name",
            example="王秀兰",
            help=N_("Blank where the owner is not in the job-seeker pool."),
        ),
        id_card("业主身份证号"),
        col("phone", "业主联系电话", Phone(), "person.*", example="19900000001"),
        col("community", "社区", Lookup("community"), "business.community_id", required=True, example="荷风社区"),
        col("premises", "场所编号", Lookup("premises"), "business.premises_id", example="XZ01"),
        col("opened_on", "开业日期", Day(), "business.opened_on", required=True, example="2025-03-01"),
        col("closed_on", "停业日期", Day(), "business.closed_on", example=""),
    ),
    entities=(
        Entity("person", Person, key=("id_hash",), create=False, update=False, optional=True),
        Entity("business", MicroBusiness, ("name",), OF_PERSON, primary=True),
    ),
)

BUSINESS_SUPPORT = SheetSpec(
    code="business_support",
    title=N_("Support for micro-businesses"),
    columns=(
        col("business", "经营实体名称", Text(), "business.name", required=True, example="荷风手作小铺"),
        col("kind", "扶持类别", OneOf(BusinessSupportKind), "support.kind", required=True, example="场地支持"),
        col("given_on", "扶持日期", Day(), "support.given_on", required=True, example="2025-03-01"),
        col("amount", "扶持金额(元)", MONEY, "support.amount", example="3000"),
    ),
    entities=(
        Entity("business", MicroBusiness, ("name",), create=False, update=False),
        Entity(
            "support", BusinessSupport, ("business_id", "kind", "given_on"), {"business_id": "business"}, primary=True
        ),
    ),
)
