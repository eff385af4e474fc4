"""The whole sample district: nobody is scored by who they are, nobody unproven comes first, audits count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core.geography.plane import TravelMode
from core.locale import words
from core.matching.district import district, propose, unplaced
from core.matching.explain import because, robustness
from core.matching.factors import factors
from core.matching.fairness import attributes, audit
from core.matching.limits import LIMITS, screen
from core.matching.load import load
from core.matching.pool import Pool
from core.matching.presets import BUILT_IN
from core.matching.ranking import normalise
from core.matching.reasons import reasons
from core.matching.shortlist import Bucket, candidates_for_job, passing, shortlist
from core.people import rows as people_rows
from core.store.database import Database
from core.store.schema import Hardship, Person
from core.store.settings import district as settings_of
from core.terms import Registration, Sex

BALANCED = normalise(BUILT_IN[0].weights)


def read(db: Database) -> Pool:
    with db.read() as connection:
        today = settings_of(connection).as_of
        assert today is not None
        return load(connection, today)


@pytest.fixture(scope="module")
def pool(sample_db: Database) -> Pool:
    return read(sample_db)


def test_sex_age_registration_disability_and_hardship_of_anyone_change_no_score(sample_copy: Database) -> None:
    before = read(sample_copy)
    with sample_copy.write() as session:
        for row in session.query(Person).all():
            row.sex = Sex.MALE if row.sex is Sex.FEMALE else Sex.FEMALE
            row.registration = Registration.RURAL if row.registration is Registration.URBAN else Registration.URBAN
            row.birth_date = row.birth_date.replace(year=1962, day=1) if row.birth_date else None
            row.disability = None if row.disability else "听力二级"
        session.query(Hardship).delete()
    after = read(sample_copy)
    np.testing.assert_array_equal(before.seekers.ids, after.seekers.ids)
    np.testing.assert_array_equal(factors(before.block()), factors(after.block()))
    np.testing.assert_array_equal(screen(before.block()).states, screen(after.block()).states)


def test_nobody_whose_essential_skills_are_unknown_is_ranked_for_a_job_that_does_not_train(pool: Pool) -> None:
    asked = (pool.openings.essential & (pool.openings.level > 0)).any(axis=1) & ~pool.openings.trains
    assert asked.any()
    seen = 0
    for job in np.flatnonzero(asked):
        listed = shortlist(candidates_for_job(pool, int(pool.openings.ids[job])), BALANCED, 50)
        for bucket in (Bucket.RANKED, Bucket.VISIT_FIRST):
            assert pool.seekers.portrait[listed.buckets[bucket]].all()
        seen += int((~pool.seekers.portrait[listed.buckets[Bucket.TO_VERIFY]]).sum())
    assert seen > 0


def test_openings_are_counted_one_by_one_as_in_the_whole(pool: Pool) -> None:
    whole = screen(pool.block(mode=TravelMode.EBIKE)).passed.sum(axis=0)
    assert passing(pool, TravelMode.EBIKE).tolist() == whole.tolist()


def test_every_persona_of_the_sample_differs_and_every_factor_varies(pool: Pool) -> None:
    x = factors(pool.block())
    for values in x:
        known = values[~np.isnan(values)]
        assert np.ptp(known) > 0.1
    first = np.nan_to_num(x[:, :40], nan=-1).transpose(1, 0, 2).reshape(40, -1)
    assert len(np.unique(first, axis=0)) == 40


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_sentence_of_twenty_five_personas_is_filled(pool: Pool, lang: str) -> None:
    tr = words(lang)
    odd = ["NA", 'Q"uote', "换\n行", "O'Neil", "{name}"]

    def name(row: int) -> str:
        return odd[row % len(odd)]

    for job in pool.openings.ids[::9].tolist():
        found = candidates_for_job(pool, job)
        listed = shortlist(found, BALANCED, 25)
        told = [robustness(listed.first, name, tr)]
        for n, row in enumerate(listed.rows.tolist()):
            sentence = because(name(row), listed.parts[:, n], found.profile.x[:, row], BALANCED, tr)
            assert name(row) in sentence
            told.append(sentence.replace(name(row), ""))
        assert all(text and "{points}" not in text and "{factor}" not in text for text in told)
    for person in range(25):
        for reason in reasons(pool, person, 0, pool.block([person], [0]), tr):
            assert "{" not in reason.sentence


def test_the_audit_of_a_list_equals_a_count_by_hand(pool: Pool, sample_db: Database) -> None:
    with sample_db.read() as connection:
        people = people_rows.people(connection, pool.today)
    table = attributes(people, pool.today)
    found = candidates_for_job(pool, int(pool.openings.ids[passing(pool).argmax()]))
    listed = shortlist(found, BALANCED, 20)
    ranked, shown = found.ids[listed.buckets[Bucket.RANKED]], set(found.ids[listed.rows].tolist())
    sex = dict(zip(people["id"], people["sex"], strict=True))
    for group in ("female", "male"):
        of_group = [int(p) for p in ranked if sex[int(p)] == group]
        rate = next(r for r in audit(table["sex"].reindex(ranked), np.isin(ranked, list(shown))) if r.group == group)
        assert (rate.eligible, rate.selected) == (len(of_group), sum(p in shown for p in of_group))


def test_home_work_is_placed_apart_and_everyone_left_out_has_a_reason(pool: Pool) -> None:
    whole = district(pool, TravelMode.WALK)
    at_home = pool.openings.home_based
    site = propose(whole, BALANCED, jobs=~at_home)
    assert site.optimum.pairs
    assert not any(at_home[job] for _, job in site.optimum.pairs)
    assert site.optimum.certificate is not None
    assert site.optimum.certificate.holds()
    assert site.blocking(site.best_pair) == 0
    left = unplaced(whole, site)
    assert len(left) + site.optimum.placed == len(pool.seekers)
    assert {why for _, why, _ in left} <= {"taken", "visit", "verify"} | {limit.code for limit in LIMITS}
    best = int(np.lexsort((-site.optimum.price, -site.optimum.extra))[0])
    assert len(site.one_more(best)) >= int(site.optimum.extra[best])
