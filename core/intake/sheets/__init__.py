"""Every spreadsheet that the district keeps, declared as data; the order is the order of loading."""

from core.intake.sheets.ledgers import EXPERIENCE, FOLLOW_UPS, PLACEMENTS, PLANS, REFERRALS, SKILLS, STATES
from core.intake.sheets.model import Column, Entity, SheetSpec, Target
from core.intake.sheets.people import JOB_SEEKERS, ROUND_VISITS, UNEMPLOYMENT, VISITS, WELFARE_POSTS
from core.intake.sheets.places import (
    COMMUNITIES,
    COMMUNITY_POSTS,
    ORDERS,
    PREMISES,
    PRODUCTS,
    STAFF,
    TEAM_MEETINGS,
    WORKSHOP_WEEKS,
    WORKSHOPS,
)
from core.intake.sheets.policies import (
    BUSINESS_SUPPORT,
    ELIGIBILITY_ANSWERS,
    MICRO_BUSINESSES,
    POLICY_APPLICATIONS,
)
from core.intake.sheets.work import DISPATCH, EMPLOYER_MONTHS, EVENTS, OPENINGS, TIER_SCORES, TIERS, TRAINING

__all__ = ["SHEETS", "Column", "Entity", "SheetSpec", "Target"]

_IN_ORDER = (
    COMMUNITIES,
    STAFF,
    PREMISES,
    WORKSHOPS,
    PRODUCTS,
    COMMUNITY_POSTS,
    WELFARE_POSTS,
    JOB_SEEKERS,
    STATES,
    SKILLS,
    EXPERIENCE,
    VISITS,
    PLANS,
    TRAINING,
    OPENINGS,
    PLACEMENTS,
    FOLLOW_UPS,
    REFERRALS,
    ORDERS,
    WORKSHOP_WEEKS,
    EMPLOYER_MONTHS,
    TIERS,
    TIER_SCORES,
    EVENTS,
    DISPATCH,
    UNEMPLOYMENT,
    ROUND_VISITS,
    TEAM_MEETINGS,
    ELIGIBILITY_ANSWERS,
    POLICY_APPLICATIONS,
    MICRO_BUSINESSES,
    BUSINESS_SUPPORT,
)

SHEETS: dict[str, SheetSpec] = {sheet.code: sheet for sheet in _IN_ORDER}
"""Code → sheet, in the order in which a whole district is loaded."""
