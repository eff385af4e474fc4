"""One plan per person by hand: opened, edited, closed with a reason, opened again; its steps edited.

with command(db, actor=access, action=Action.EDIT_PLAN, at=now) as change:
    close_plan(change, 5, status=PlanStatus.DONE, reason="已到微工厂就业", on=today, version=2)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from core.store.commands import Change, NotFound, ProblemRefused
from core.store.schema import Plan, PlanMeasure
from core.terms import PlanStatus, Term

__all__ = [
    "PlanProblem",
    "PlanRefused",
    "check_step_days",
    "close_plan",
    "edit_plan",
    "edit_step",
    "open_plan",
    "reopen_plan",
]

PLAN_FIELDS = frozenset({"goal", "owner", "review_on"})
STEP_FIELDS = frozenset({"kind", "text", "owner", "due_on", "done_on"})


class PlanProblem(Term):
    """Why a plan is left as it is."""

    EMPTY = "empty", "请填写目标，或直接增加第一个步骤", "give a goal, or begin with a first step"
    HAS_LIVE_PLAN = "has_live_plan", "该人员已有执行中的计划", "the person has a live plan already"
    SAME_DAY = "same_day", "当日已制定过计划，请改为重新启用", "a plan was made on this day: open that one again"
    NOT_LIVE = "not_live", "计划已结束", "the plan is closed"
    IS_LIVE = "is_live", "计划正在执行", "the plan is under way"
    NO_REASON = "no_reason", "请填写结束原因", "closing needs a reason"
    DUE_EARLY = "due_early", "步骤期限早于计划制定日期", "the step would be due before the plan was made"
    DONE_EARLY = "done_early", "步骤完成日期早于计划制定日期", "the step would be done before the plan was made"
    EARLY = "early", "结束日期早于制定日期", "the plan would end before it was made"


class PlanRefused(ProblemRefused):
    """A rule of plans is broken; nothing is changed."""

    problem: PlanProblem


def open_plan(
    change: Change, person_id: int, *, goal: str, owner: str | None, review_on: date | None, today: date
) -> int:
    """A new plan of somebody who has none under way; returns its id. PlanRefused, also without a goal, NotFound."""
    change.check_person(person_id)
    own = list(change.session.scalars(select(Plan).where(Plan.person_id == person_id)))
    if any(plan.status is PlanStatus.LIVE for plan in own):
        raise PlanRefused(PlanProblem.HAS_LIVE_PLAN)
    if any(plan.made_on == today for plan in own):
        raise PlanRefused(PlanProblem.SAME_DAY)
    if not goal.strip():
        raise PlanRefused(PlanProblem.EMPTY)
    values = {"goal": goal.strip() or None, "owner": owner or change.actor, "review_on": review_on}
    return int(change.add(Plan(person_id=person_id, made_on=today, status=PlanStatus.LIVE, **values)))


def edit_plan(change: Change, plan_id: int, values: Mapping[str, Any], *, version: int) -> None:
    """Goal, owner or day of review of a plan. PlanRefused for no goal without a step, Conflict, NotFound; ValueError for
    another field."""
    _check_fields(values, PLAN_FIELDS)
    plan = _plan(change, plan_id)
    if plan.goal and not values.get("goal", plan.goal):
        steps = select(PlanMeasure.id).where(PlanMeasure.plan_id == plan_id)
        if change.session.scalar(steps.limit(1)) is None:
            raise PlanRefused(PlanProblem.EMPTY)
    change.edit(Plan, plan_id, values, version=version)


def close_plan(change: Change, plan_id: int, *, status: PlanStatus, reason: str, on: date, version: int) -> None:
    """A plan is done or given up, with the reason. PlanRefused, Conflict, NotFound; ValueError for LIVE."""
    plan = _plan(change, plan_id)
    if status is PlanStatus.LIVE:
        raise ValueError("a closed plan is done or given up")
    if plan.status is not PlanStatus.LIVE:
        raise PlanRefused(PlanProblem.NOT_LIVE)
    if not reason.strip():
        raise PlanRefused(PlanProblem.NO_REASON)
    if on < plan.made_on:
        raise PlanRefused(PlanProblem.EARLY)
    values = {"status": status, "closed_on": on, "closing_reason": reason.strip()}
    change.edit(Plan, plan_id, values, version=version)


def reopen_plan(change: Change, plan_id: int, *, version: int) -> None:
    """A closed plan is under way again, unless another one is. PlanRefused, Conflict, NotFound."""
    plan = _plan(change, plan_id)
    if plan.status is PlanStatus.LIVE:
        raise PlanRefused(PlanProblem.IS_LIVE)
    live = select(Plan.id).where(Plan.person_id == plan.person_id, Plan.status == PlanStatus.LIVE)
    if change.session.scalar(live.limit(1)) is not None:
        raise PlanRefused(PlanProblem.HAS_LIVE_PLAN)
    values = {"status": PlanStatus.LIVE, "closed_on": None, "closing_reason": None}
    change.edit(Plan, plan_id, values, version=version)


def edit_step(change: Change, measure_id: int, values: Mapping[str, Any], *, version: int) -> None:
    """Kind, text, owner, date or completion of a step. PlanRefused, Conflict, NotFound; ValueError for another field."""
    _check_fields(values, STEP_FIELDS)
    check_step_days(change, measure_id, values)
    change.edit(PlanMeasure, measure_id, values, version=version)


def check_step_days(change: Change, measure_id: int, values: Mapping[str, Any]) -> None:
    """PlanRefused where a new ``due_on`` or ``done_on`` among ``values`` lies before the day of the plan. NotFound."""
    step = change.session.get(PlanMeasure, measure_id)
    if step is None:
        raise NotFound(f"{PlanMeasure.__tablename__} {measure_id}")
    made_on = change.session.get_one(Plan, step.plan_id).made_on
    for name, problem in (("due_on", PlanProblem.DUE_EARLY), ("done_on", PlanProblem.DONE_EARLY)):
        day = values.get(name)
        if day is not None and day < made_on and day != getattr(step, name):
            raise PlanRefused(problem)


def _plan(change: Change, plan_id: int) -> Plan:
    plan = change.session.get(Plan, plan_id)
    if plan is None:
        raise NotFound(f"{Plan.__tablename__} {plan_id}")
    change.check_person(plan.person_id)
    return plan


def _check_fields(values: Mapping[str, Any], allowed: frozenset[str]) -> None:
    foreign = values.keys() - allowed
    if foreign:
        raise ValueError(f"not edited here: {sorted(foreign)}")
