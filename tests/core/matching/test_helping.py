"""What a caseworker records to help a person never lowers a score of theirs: on the whole sample, for every opening."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import func, select

from core.matching.inputs.factors import CODES
from core.matching.inputs.loading import load
from core.matching.inputs.matching_pool import MatchingPool
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import Profile, as_weights, scores
from core.people import commands as people
from core.policy import Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import PersonSkill, Plan, PlanMeasure, Skill
from core.store.settings import district as settings_of
from core.terms import Evidence, MeasureKind, PlanStatus, VisitMode
from core.training.commands import course_teaching, plan_session
from tests.accesses import dispatcher
from tests.core.factories import NOW


def read(db: Database, today: date) -> MatchingPool:
    with db.read() as connection:
        return load(connection, today)


@pytest.fixture(scope="module")
def today(sample_db: Database) -> date:
    """The last day of the sample district."""
    with sample_db.read() as connection:
        day = settings_of(connection).as_of
    assert day is not None
    return day


@pytest.fixture(scope="module")
def before(sample_db: Database, today: date) -> MatchingPool:
    """The pool of every copy of the sample district."""
    return read(sample_db, today)


@pytest.fixture(scope="module")
def profile_before(before: MatchingPool) -> Profile:
    return Profile.of_pairs(before.pair_matrix())


def add_plan_steps(db: Database, people_ids: list[int], today: date) -> None:
    """An open step for everyone; who has no plan gets one."""
    for person in people_ids:
        people.add_plan_step(
            db, person, kind=MeasureKind.TRAINING, text="", due_on=today, today=today, actor=dispatcher("王芳"), at=NOW
        )


def add_new_plans(db: Database, people_ids: list[int], today: date) -> None:
    """A new live plan without any step done beside the old one."""
    with db.write() as session:
        for person in people_ids:
            if not session.scalar(select(func.count()).where(Plan.person_id == person, Plan.made_on == today)):
                session.add(Plan(person_id=person, made_on=today, status=PlanStatus.LIVE))


def finish_steps(db: Database, people_ids: list[int], today: date) -> None:
    with db.read() as connection:
        open_steps = connection.execute(
            select(PlanMeasure.id, PlanMeasure.version)
            .join(Plan, Plan.id == PlanMeasure.plan_id)
            .where(PlanMeasure.done_on.is_(None), Plan.person_id.in_(people_ids))
        ).all()
    assert open_steps
    for step in open_steps:
        people.finish_step(db, step.id, version=step.version, done_on=today, actor=dispatcher("王芳"), at=NOW)


def record_visits(db: Database, people_ids: list[int], today: date) -> None:
    for person in people_ids:
        people.record_visit(
            db,
            person,
            visited_on=today + timedelta(days=1),
            mode=VisitMode.DOOR,
            needs="",
            next_on=None,
            actor=dispatcher("王芳"),
            at=NOW,
        )


def ask_visits(db: Database, people_ids: list[int], today: date) -> None:
    reasons = dict.fromkeys(people_ids, "")
    people.ask_visits(db, reasons, on=today + timedelta(days=7), today=today, actor=dispatcher("王芳"), at=NOW)


def plan_course(db: Database, people_ids: list[int], today: date) -> None:
    with db.read() as connection:
        skill = connection.execute(select(Skill.code).limit(1)).scalar_one()
    with command(db, actor=dispatcher("王芳"), action=Action.PLAN_SESSION, at=NOW) as change:
        plan_session(
            change,
            course_id=course_teaching(change, skill=skill, name="课"),
            community_id=None,
            starts_on=today,
            ends_on=today,
            people=people_ids,
        )


def add_certificates(db: Database, people_ids: list[int], today: date) -> None:
    """A certificate in a skill that is not on record, also for those of whom no skill is known."""
    with db.write() as session:
        codes = session.scalars(select(Skill.code).order_by(Skill.code)).all()
        known = {
            (row.person_id, row.skill) for row in session.execute(select(PersonSkill.person_id, PersonSkill.skill))
        }
        for n, person in enumerate(people_ids):
            code = next(c for c in (*codes[n % 40 :], *codes) if (person, c) not in known)
            session.add(PersonSkill(person_id=person, skill=code, level=2, evidence=Evidence.TRAINING_CERTIFICATE))


HELP = (add_plan_steps, add_new_plans, finish_steps, record_visits, ask_visits, plan_course, add_certificates)


@pytest.mark.parametrize("help_people", HELP, ids=lambda f: f.__name__)
def test_helping_lowers_no_factor_and_no_score(  # type: ignore[no-untyped-def]
    sample_copy: Database, today: date, before: MatchingPool, profile_before: Profile, help_people
) -> None:
    ids = before.seekers.ids.tolist()

    help_people(sample_copy, ids if help_people in (plan_course, add_new_plans, add_certificates) else ids[::12], today)

    after = read(sample_copy, today)
    profile_after = Profile.of_pairs(after.pair_matrix())
    np.testing.assert_array_equal(before.seekers.ids, after.seekers.ids)
    old_values, new_values = (profile.values.astype(int) for profile in (profile_before, profile_after))
    lower = (new_values < old_values).any(axis=1)
    assert [code for code, is_lower in zip(CODES, lower, strict=True) if is_lower] == []
    for preset in BUILT_IN:
        old, new = (scores(profile, as_weights(preset.weights)) for profile in (profile_before, profile_after))
        assert (new.total >= old.total).all()
        assert (new.known_weight >= old.known_weight).all()
    if help_people in (finish_steps, add_certificates):
        assert (new_values > old_values).any()
