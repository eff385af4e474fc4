"""District-wide settings and dated parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from core.locale import N_
from core.store.commands import Change
from core.store.frames import frame
from core.store.schema import Account, AccountDistrict, CityDistrict, Parameter, Setting, StaffMember

__all__ = [
    "PARAMETER_NAMES",
    "PARAMETER_UNITS",
    "District",
    "district",
    "end_demonstration",
    "in_force",
    "parameter",
    "parameters",
    "save_parameter",
    "save_setting",
    "staff_names",
    "was_emptied",
]


# What each parameter is called on a screen; the units as well.
PARAMETER_NAMES = {
    "minimum_wage_month": N_("Minimum wage a month"),
    "minimum_wage_hour": N_("Minimum wage an hour"),
    "stale_opening_days": N_("An opening is stale after"),
    "visit_interval_days": N_("A visit is due every"),
    "post_ending_days": N_("Warning before a welfare post ends"),
    "light_yellow_points": N_("Light: yellow below a gap of"),
    "light_red_points": N_("Light: red below a gap of"),
    "walk_metres_per_minute": N_("Walking speed"),
    "ebike_metres_per_minute": N_("E-bike speed"),
    "detour_factor": N_("Detour on the road network"),
    "small_count_inside": N_("Smallest count shown inside the bureau"),
    "small_count_outside": N_("Smallest count that leaves the bureau"),
    "import_roll_per_place": N_("Import: people on the roll per place before asking"),
    "import_weekly_hours": N_("Import: hours a week per person before asking"),
    "import_order_years": N_("Import: years of a workshop's output in one order before asking"),
    "import_pay_medians": N_("Import: times the median pay before asking"),
    "import_youngest": N_("Import: youngest age without asking"),
    "import_oldest": N_("Import: oldest age without asking"),
    "import_far_km": N_("Import: distance from the district before asking"),
    "match_course_level": N_("Matching: level that a course brings"),
    "match_expected_skills": N_("Matching: score of unknown skills"),
    "match_expected_travel": N_("Matching: score of unknown travel"),
    "match_expected_hours": N_("Matching: score of unknown working hours"),
    "match_expected_pay": N_("Matching: score of unknown pay"),
    "match_expected_intent": N_("Matching: score of unknown intent"),
    "match_expected_experience": N_("Matching: score of unknown experience"),
    "match_experience_years": N_("Matching: experience counts in full after"),
    "match_fairness_ratio": N_("Matching: selection-rate ratio that is looked at below"),
    "match_intent_half_life_days": N_("Matching: a stated wish counts half after"),
    "match_min_coverage": N_("Matching: visit first when less is known than"),
    "match_min_hours_share": N_("Matching: smallest overlap of hours"),
    "match_readiness_days": N_("Matching: finished plan steps count for"),
    "match_readiness_steps": N_("Matching: fully ready after"),
    "match_travel_minutes": N_("Matching: longest journey that scores"),
    "portrait_days": N_("A portrait is out of date after"),
    "referral_answer_days": N_("An employer's answer is due after"),
    "hardship_warning_days": N_("Warning before a proof of hardship ends"),
    "course_weekly_hours": N_("Hours of a course in a week"),
    "visit_minutes": N_("Visiting round: time for a household"),
    "round_from_hour": N_("Visiting round: from (hour of the day)"),
    "round_until_hour": N_("Visiting round: until (hour of the day)"),
    "follow_up_retry_days": N_("Follow-up: nobody reached, again after"),
    "follow_up_attempts": N_("Follow-up: calls without reaching anybody at most"),
    "radar_conditions": N_("Exit radar: conditions that must hold at least"),
    "radar_hours_cut": N_("Exit radar: weekly hours cut by"),
    "radar_pay_fall": N_("Exit radar: pay fallen by"),
    "radar_attendance_fall": N_("Exit radar: hours a head in the workshop fallen by"),
    "radar_call_days": N_("Exit radar: a call counts for"),
    "welfare_post_years": N_("Welfare post: longest time in all"),
    "welfare_post_placements": N_("Welfare post: placements at most"),
    "near_retirement_years": N_("Welfare post: goes on to retirement when that is nearer than"),
    "older_age_women": N_("Hardship: a woman is older from the age of"),
    "older_age_men": N_("Hardship: a man is older from the age of"),
    "long_unemployed_months": N_("Hardship: unemployed for long after"),
    "retirement_age_men": N_("Retirement: men at first"),
    "retirement_age_worker": N_("Retirement: women workers at first"),
    "retirement_age_staff": N_("Retirement: women managers and specialists at first"),
    "retirement_step_men": N_("Retirement: men a month later for every"),
    "retirement_step_worker": N_("Retirement: women workers a month later for every"),
    "retirement_step_staff": N_("Retirement: women managers and specialists a month later for every"),
    "retirement_limit_men": N_("Retirement: men at last"),
    "retirement_limit_worker": N_("Retirement: women workers at last"),
    "retirement_limit_staff": N_("Retirement: women managers and specialists at last"),
    "subsidy_ending_days": N_("Warning before a subsidy ends"),
    "retention_years": N_("Personal data: kept after the last entry for"),
    "duplicate_m_name": N_("Duplicates: one person has the same name"),
    "duplicate_m_sound": N_("Duplicates: one person has a name that sounds alike"),
    "duplicate_m_phone": N_("Duplicates: one person has the same phone"),
    "duplicate_m_last4": N_("Duplicates: one person has the same last four"),
    "duplicate_m_birth": N_("Duplicates: one person has the same day of birth"),
    "duplicate_m_month": N_("Duplicates: one person has the same month of birth, a day is missing"),
    "duplicate_m_grid": N_("Duplicates: one person has the same grid"),
    "duplicate_m_community": N_("Duplicates: one person has the same community, another grid"),
    "duplicate_share": N_("Duplicates: share of people recorded twice"),
    "duplicate_limit": N_("Duplicates: a pair is shown from a probability of"),
    "caseload_plans": N_("Live plans of one colleague before asking"),
    "tier_monitoring_gap": N_("Tiers: filed monitoring is flagged beyond a difference of"),
}
PARAMETER_UNITS = {
    "yuan a month": N_("yuan a month"),
    "yuan an hour": N_("yuan an hour"),
    "days": N_("days"),
    "years": N_("years"),
    "months": N_("months"),
    "occasions": N_("occasions"),
    "minutes": N_("minutes"),
    "hours": N_("hours"),
    "kilometres": N_("kilometres"),
    "level": N_("level"),
    "share": N_("share"),
    "ratio": N_("ratio"),
    "percentage points": N_("percentage points"),
    "metres a minute": N_("metres a minute"),
    "persons": N_("persons"),
    "plans": N_("plans"),
    "probability": N_("probability"),
    "times": N_("times"),
    "steps": N_("steps"),
    "calls": N_("calls"),
    "conditions": N_("conditions"),
}


@dataclass(frozen=True)
class District:
    """Who runs this store. ``as_of`` is set for the demonstration district only, whose history has an end.

    ``is_mixed``: the demonstration has ended with an import of real people, but its invented ones are still there.
    """

    name_zh: str
    name_en: str
    office_zh: str
    office_en: str
    demo: bool
    as_of: date | None
    map_licence: str | None
    is_mixed: bool = False

    @property
    def holds_sample(self) -> bool:
        """Whether figures and documents speak of invented people."""
        return self.demo or self.is_mixed

    @property
    def mark(self) -> str:
        """English of what marks invented data; empty where there is none."""
        if self.is_mixed:
            return N_("Includes demonstration data")
        return N_("Demonstration data") if self.demo else ""

    def name(self, lang: str) -> str:
        return self.name_en if lang == "en" else self.name_zh

    def office(self, lang: str) -> str:
        return self.office_en if lang == "en" else self.office_zh


def district(connection: Connection) -> District:
    """The settings, with the bureau's own name where nothing else was set."""
    values = {row.key: row.value for row in connection.execute(select(Setting.key, Setting.value))}
    has_ended = values.get("demo") == "0"
    return District(
        name_zh=values.get("name_zh", "济宁市太白湖新区"),
        name_en=values.get("name_en", "Taibai Lake New District, Jining"),
        office_zh=values.get("office_zh", "区社保就业服务部"),
        office_en=values.get("office_en", "District Social Insurance and Employment Service"),
        demo=values.get("demo") == "1",
        as_of=date.fromisoformat(values["as_of"]) if "as_of" in values and not has_ended else None,
        map_licence=values.get("map_licence"),
        is_mixed=has_ended and "as_of" in values,  # emptying takes the day with everything else
    )


def was_emptied(connection: Connection) -> bool:
    """Whether the store was emptied to start for real: the demonstration never comes back by itself."""
    return connection.scalar(select(Setting.value).where(Setting.key == "demo")) == "0"


def save_setting(change: Change, key: str, value: str) -> None:
    """Set one setting inside a command."""
    if change.session.get(Setting, key) is None:
        change.add(Setting(key=key, value=value))
    else:
        change.edit(Setting, key, {"value": value})


def end_demonstration(change: Change) -> None:
    """For good: no account that anybody opens by a click counts here any longer; in a city, none opens this district."""
    save_setting(change, "demo", "0")
    right = AccountDistrict
    rights = select(right.id, right.account_id, right.district_id).join(Account).join(CityDistrict)
    of_demonstration = rights.where(Account.is_demonstration, CityDistrict.key == change.district)
    gone = change.session.execute(of_demonstration).all() if change.district is not None else []
    change.remove_all(right, [(row.id, {"account_id": row.account_id, "district_id": row.district_id}) for row in gone])


def save_parameter(change: Change, key: str, since: date, value: float, source: str) -> None:
    """A value of a known parameter from ``since`` on; replaces the one entered for the same day. LookupError if unknown."""
    same_key = change.session.scalars(select(Parameter).where(Parameter.key == key)).all()
    if not same_key:
        raise LookupError(key)
    values = {"value": value, "source": source.strip() or None}
    same_day = next((row for row in same_key if row.since == since), None)
    if same_day is None:
        change.add(Parameter(key=key, since=since, unit=same_key[0].unit, **values))
    else:
        change.edit(Parameter, same_day.id, values)


def parameters(connection: Connection) -> pd.DataFrame:
    """Every dated parameter: key, since, value, unit, source."""
    t = Parameter
    return frame(connection, select(t.id, t.key, t.since, t.value, t.unit, t.source).order_by(t.key, t.since))


def parameter(table: pd.DataFrame, key: str, today: date) -> float:
    """The value of ``key`` in force on ``today``; KeyError if none is."""
    # On plain arrays: a page asks hundreds of times, and pandas takes ten times as long to select the rows.
    in_force = (table["key"].to_numpy() == key) & (table["since"].to_numpy() <= np.datetime64(today))
    values = table["value"].to_numpy()[in_force]
    if not values.size:
        raise KeyError(f"no value of {key} in force on {today}")
    return float(values[-1])


def in_force(table: pd.DataFrame, today: date | None) -> dict[str, float]:
    """Every parameter with its value in force on ``today``; with its newest value for None."""
    known = table if today is None else table[table["since"] <= pd.Timestamp(today)]
    newest = known.sort_values("since", kind="stable").drop_duplicates("key", keep="last")
    return {key: float(value) for key, value in zip(newest["key"], newest["value"], strict=True)}


def staff_names(connection: Connection) -> list[str]:
    """Names of the active staff, in the order of their entry."""
    return list(connection.scalars(select(StaffMember.name).where(StaffMember.active).order_by(StaffMember.id)))
