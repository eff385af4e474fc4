from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from core.matching.inputs.factors import CODES, factors
from core.matching.inputs.limits import FAIL, LIMITS, PASS, UNKNOWN, removal_counts, screen
from core.matching.inputs.loading import load
from core.matching.inputs.matching_pool import MatchingPool
from core.matching.ranking.scoring import Profile, as_weights, scores
from core.store.database import Database
from core.store.schema import Accommodation, Job, Person, Referral
from core.terms import AccommodationKind, ReferralState, Registration, Sex
from tests.core.factories import TODAY, fill, job, person

EQUAL = as_weights(dict.fromkeys(CODES, 1.0))


@pytest.fixture
def district(db: Database) -> Database:
    fill(db)
    return db


def read(db: Database) -> MatchingPool:
    with db.read() as connection:
        return load(connection, TODAY)


def codes(pool: MatchingPool, state: int, who: int, which: int) -> set[str]:
    states = screen(pool.pair_matrix([who], [which])).states[:, 0, 0]
    return {limit.code for limit, s in zip(LIMITS, states, strict=True) if s == state}


def test_an_empty_store_gives_an_empty_pool(db: Database) -> None:
    pool = read(db)
    matrix = pool.pair_matrix()
    assert matrix.shape == (0, 0)
    assert factors(matrix).shape == (7, 0, 0)
    assert screen(matrix).verdict.shape == (0, 0)


def test_every_factor_stays_within_zero_and_one_and_none_is_constant(district: Database) -> None:
    x = factors(read(district).pair_matrix())
    assert x.shape == (7, 30, 8)
    assert x.dtype == np.float32
    known = x[~np.isnan(x)]
    assert known.min() >= 0
    assert known.max() <= 1
    for j in range(7):
        assert len(np.unique(x[j][~np.isnan(x[j])])) > 1


def test_no_two_personas_are_alike_and_none_scores_the_same_everywhere(district: Database) -> None:
    x = np.nan_to_num(factors(read(district).pair_matrix()), nan=-1)
    assert len(np.unique(x.transpose(1, 0, 2).reshape(30, -1), axis=0)) == 30
    for i in range(30):
        points = scores(Profile.of(np.where(x[:, i] < 0, np.nan, x[:, i]), [5000] * 7), EQUAL).points
        assert np.ptp(points) > 1


def test_every_job_is_reckoned_alone_as_in_the_whole(district: Database) -> None:
    pool = read(district)
    whole, states = factors(pool.pair_matrix()), screen(pool.pair_matrix()).states
    for m in range(8):
        matrix = pool.pair_matrix(jobs=[m])
        np.testing.assert_array_equal(factors(matrix)[:, :, 0], whole[:, :, m])
        np.testing.assert_array_equal(screen(matrix).states[:, :, 0], states[:, :, m])
    np.testing.assert_array_equal(factors(pool.pair_matrix(people=[3, 7]))[:, 1], whole[:, 7])


def test_protected_attributes_change_no_factor_and_no_limit(district: Database) -> None:
    before = read(district)
    with district.write() as session:
        for row in session.query(Person).all():
            row.sex = Sex.MALE if row.sex is Sex.FEMALE else Sex.FEMALE
            row.registration = Registration.RURAL if row.registration is Registration.URBAN else Registration.URBAN
            row.birth_date = row.birth_date.replace(year=1990) if row.birth_date else None
            row.disability = None if row.disability else "视力二级"
    after = read(district)
    np.testing.assert_array_equal(factors(before.pair_matrix()), factors(after.pair_matrix()))
    np.testing.assert_array_equal(screen(before.pair_matrix()).states, screen(after.pair_matrix()).states)


def test_someone_who_joins_the_pool_changes_nobodys_factors(district: Database) -> None:
    before = factors(read(district).pair_matrix())
    with district.write() as session:
        person(session, "新来的", lon=116.9, lat=35.9)
    np.testing.assert_array_equal(before, factors(read(district).pair_matrix())[:, :30])


def test_a_job_below_the_legal_minimum_is_ruled_out_for_everyone(district: Database) -> None:
    pool = read(district)
    assert pool.jobs["title"][6] == "清洁工"
    assert all("pay_floor" in codes(pool, FAIL, i, 6) for i in range(30))
    piece = pool.jobs.iloc[1]
    assert piece["pay_legal"] == 1
    assert piece["pay_compared"] == pytest.approx(15 * 60 / 38)


def test_a_stale_opening_without_seats_says_so(district: Database) -> None:
    assert {"seats", "fresh"} <= codes(read(district), FAIL, 0, 7)


def test_a_refused_pair_is_not_offered_again_but_the_person_stays(district: Database) -> None:
    with district.write() as session:
        session.add(Referral(person_id=1, job_id=1, state=ReferralState.DECLINED, recommended_on=TODAY))
    pool = read(district)
    assert codes(pool, FAIL, 0, 0) >= {"refused"}
    assert "refused" not in codes(pool, FAIL, 0, 1)


def test_a_limit_stated_by_the_person_meets_an_unknown_fact_of_the_job(db: Database) -> None:
    fill(db)
    with db.write() as session:
        who = person(session, "需坐姿", community_id=1)
        for kind in AccommodationKind:
            session.add(Accommodation(person_id=who, kind=kind))
        job(session, 1, "未说明的岗位", shift=None, pay_min=None, pay_max=None)
    pool = read(db)
    unknown = codes(pool, UNKNOWN, pool.person(who), 8)
    assert {"seated", "lifting", "step_free", "nights", "home_only", "pay_floor"} <= unknown
    assert {"hours", "reserve_pay", "commute"} <= codes(pool, PASS, pool.person(who), 8)


def test_counts_of_a_limit_alone_never_exceed_what_it_removes(district: Database) -> None:
    states = screen(read(district).pair_matrix()).states
    table = removal_counts(states.reshape(len(LIMITS), -1))
    assert (table["only"] <= table["removes"]).all()
    assert table["removes"].sum() > 0
    excluded = int((states == FAIL).any(axis=0).sum())
    assert table["only"].sum() <= excluded <= table["removes"].sum()


def test_jobs_not_posted_yet_and_people_with_work_are_left_out(district: Database) -> None:
    with district.write() as session:
        session.get(Job, 1).posted_on = TODAY + timedelta(days=3)  # type: ignore[union-attr]
    assert len(read(district).openings) == 7
    with pytest.raises(KeyError, match="job 1"):
        read(district).job(1)
