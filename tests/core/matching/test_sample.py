"""The whole sample district: nobody is scored by who they are, nobody unproven comes first, audits count by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.geography.plane import TravelMode
from core.jobs import queries as jobs_queries
from core.locale import translator
from core.matching.assignment.district import district, propose, unplaced
from core.matching.explanation import score_sentence, stability_sentence
from core.matching.fairness import ATTRIBUTES, AUDITS, Verdict, attributes, audit, audit_population, presets_audit
from core.matching.inputs.factors import factors
from core.matching.inputs.limits import FAIL, LIMITS, screen
from core.matching.inputs.loading import load
from core.matching.inputs.matching_pool import MatchingPool
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import as_weights
from core.matching.ranking.shortlist import (
    Bucket,
    build_shortlist,
    candidates_for_job,
    candidates_for_person,
    passing_people,
)
from core.matching.reasons import CHANGES, effort, needed_change, reasons
from core.matching.tables import job_labels
from core.people import queries as people_queries
from core.store.database import Database
from core.store.schema import Hardship, Person
from core.store.settings import district as settings_of
from core.terms import PersonState, Registration, Sex

BALANCED = as_weights(BUILT_IN[0].weights)


def read(db: Database) -> MatchingPool:
    with db.read() as connection:
        today = settings_of(connection).as_of
        assert today is not None
        return load(connection, today)


def most_wanted(pool: MatchingPool) -> int:
    """Position of the opening that most people pass."""
    return int(np.argmax([len(people) for people in passing_people(pool)]))


@pytest.fixture(scope="module")
def pool(sample_db: Database) -> MatchingPool:
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
    np.testing.assert_array_equal(factors(before.pair_matrix()), factors(after.pair_matrix()))
    np.testing.assert_array_equal(screen(before.pair_matrix()).states, screen(after.pair_matrix()).states)


def test_nobody_whose_essential_skills_are_unknown_is_ranked_for_a_job_that_does_not_train(pool: MatchingPool) -> None:
    asked = (pool.openings.essential & (pool.openings.level > 0)).any(axis=1) & ~pool.openings.trains
    assert asked.any()
    seen = 0
    for job in np.flatnonzero(asked):
        shortlist = build_shortlist(candidates_for_job(pool, int(pool.openings.ids[job])), BALANCED, 50)
        for bucket in (Bucket.RANKED, Bucket.VISIT_FIRST):
            rows = shortlist.buckets[bucket]
            essential = pool.openings.essential[job]
            proved = (pool.seekers.level[rows] >= pool.openings.level[job])[:, essential].all(axis=1)
            assert (pool.seekers.portrait[rows] | proved).all()
        seen += int((~pool.seekers.portrait[shortlist.buckets[Bucket.TO_VERIFY]]).sum())
    assert seen > 0


def test_openings_are_counted_one_by_one_as_in_the_whole(pool: MatchingPool) -> None:
    whole = screen(pool.pair_matrix(mode=TravelMode.EBIKE)).passed.sum(axis=0)
    assert [len(people) for people in passing_people(pool, TravelMode.EBIKE)] == whole.tolist()


def test_every_persona_of_the_sample_differs_and_every_factor_varies(pool: MatchingPool) -> None:
    x = factors(pool.pair_matrix())
    for values in x:
        known = values[~np.isnan(values)]
        assert np.ptp(known) > 0.1
    first = np.nan_to_num(x[:, :40], nan=-1).transpose(1, 0, 2).reshape(40, -1)
    assert len(np.unique(first, axis=0)) == 40


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_sentence_of_twenty_five_personas_is_filled(pool: MatchingPool, lang: str) -> None:
    tr = translator(lang)
    odd = ["NA", 'Q"uote', "换\n行", "O'Neil", "{name}"]

    def name(row: int) -> str:
        return odd[row % len(odd)]

    for job in pool.openings.ids[::9].tolist():
        candidates = candidates_for_job(pool, job)
        shortlist = build_shortlist(candidates, BALANCED, 25)
        sentences = [stability_sentence(shortlist.leader_bands, name, tr)]
        for n, row in enumerate(shortlist.rows.tolist()):
            sentence = score_sentence(shortlist, n, name, tr)
            assert name(row) in sentence
            sentences.append(sentence.replace(name(row), ""))
        assert all(text and "{points}" not in text and "{factor}" not in text for text in sentences)
    for person in range(25):
        for reason in reasons(pool, person, 0, pool.pair_matrix([person], [0]), tr):
            assert "{" not in reason.sentence


def by_hand(people: pd.DataFrame, attribute: str, eligible: set[int], chosen: set[int], today: date) -> pd.DataFrame:
    """(n, s) by group, counted with plain pandas from the people table."""
    years = (pd.Timestamp(today) - people["birth_date"]).dt.days / 365.2425
    group = {
        "sex": people["sex"],
        "registration": people["registration"],
        "community": people["community"],
        "disability": people["disability"].notna().map({True: "yes", False: "no"}),
        "age": pd.cut(years, [0, 30, 40, 50, 60, 200], right=False).map(
            lambda band: f"{band.left:.0f}-{band.right:.0f}", na_action="ignore"
        ),
    }[attribute].astype(object)
    table = pd.DataFrame({"group": group.fillna("unknown"), "id": people["id"].astype(int)})
    table = table[table["id"].isin(eligible)]
    return table.assign(s=table["id"].isin(chosen)).groupby("group")["s"].agg(["size", "sum"])


@pytest.mark.parametrize("kind", list(AUDITS))
def test_the_numbers_of_the_panel_equal_a_count_by_hand(pool: MatchingPool, sample_db: Database, kind: str) -> None:
    with sample_db.read() as connection:
        people = people_queries.people(connection, pool.today)
        referrals = jobs_queries.referrals(connection)
    candidates = candidates_for_job(pool, int(pool.openings.ids[most_wanted(pool)]))
    keep = (pool.people["state"] == PersonState.SEEKING).to_numpy(dtype=bool)
    shortlist = build_shortlist(candidates, BALANCED, 20, mask=keep)
    seeking = set(pool.people.loc[keep, "id"].astype(int))
    point = pd.Series(shortlist.scores.total, index=pool.people["id"].astype(int))
    passed = {int(i) for i, v in zip(candidates.ids, candidates.states.min(axis=0), strict=True) if v == 1}
    known = {int(i) for i, c in zip(candidates.ids, shortlist.scores.coverage, strict=True) if c >= 0.6 - 1e-12}
    ranked = seeking & passed & known
    started = referrals.loc[referrals["state"] == "started", "person_id"]
    eligible, chosen = {
        "listed": (ranked, set(point[sorted(ranked)].sort_values(ascending=False, kind="stable").index[:20])),
        "limits": (seeking, passed),
        "referred": (set(pool.people["id"].astype(int)), set(referrals["person_id"].astype(int))),
        "placed": (set(referrals["person_id"].astype(int)), set(started.astype(int))),
    }[kind]
    ids, selected = audit_population(kind, shortlist, referrals)
    assert (set(ids.tolist()), set(ids[selected].tolist())) == (eligible, chosen & eligible)
    table = attributes(people, pool.today).reindex(ids)
    shown = 0
    for name in ATTRIBUTES:
        rates, counted = audit(table[name], selected), by_hand(people, name, eligible, chosen, pool.today)
        assert {rate.group for rate in rates} == set(counted.index)
        best = max((rate.rate for rate in rates if rate.rate is not None), default=None)
        for rate in rates:
            n, s = (int(v) for v in counted.loc[rate.group])
            if rate.suppressed:
                smaller = [int(v) for v in counted["size"] if int(v) < 5 or v < 0.02 * len(eligible)]
                assert n in smaller or len(smaller) == 1
                continue
            shown += 1
            assert (rate.eligible, rate.selected, rate.rate) == (n, s, pytest.approx(s / n))
            if best:
                assert rate.ratio == pytest.approx(s / n / best)
                assert rate.below == (s / n / best < 0.8 - 1e-12)
    assert shown >= 2


def test_another_kind_of_audit_is_refused(pool: MatchingPool) -> None:
    shortlist = build_shortlist(candidates_for_job(pool, int(pool.openings.ids[0])), BALANCED)
    with pytest.raises(KeyError):
        audit_population("hired", shortlist, pool.referrals)


def test_each_preset_is_audited_as_if_it_were_the_one_shown(pool: MatchingPool, sample_db: Database) -> None:
    with sample_db.read() as connection:
        table = attributes(people_queries.people(connection, pool.today), pool.today)
    candidates = candidates_for_job(pool, int(pool.openings.ids[most_wanted(pool)]))
    keep = np.arange(len(pool.seekers)) % 5 > 0
    first = pool.people["hardship"].to_numpy(dtype=bool)
    audited = presets_audit(candidates, BUILT_IN, table, 20, mask=keep, priority_mask=first)
    assert [one.preset for one in audited] == list(BUILT_IN)
    for one in audited:
        shortlist = build_shortlist(candidates, as_weights(one.preset.weights), 20, mask=keep, priority_mask=first)
        ids, selected = audit_population("listed", shortlist, pool.referrals)
        expected = [
            (name, rate.group)
            for name in ATTRIBUTES
            for rate in audit(table[name].reindex(ids), selected)
            if rate.verdict is Verdict.LOOK
        ]
        assert [(name, rate.group) for name, rate in one.flagged] == expected
        assert (one.ranked, one.shortlist) == (shortlist.ranked, len(shortlist.rows))


def test_a_lower_ratio_flags_no_more(pool: MatchingPool, sample_db: Database) -> None:
    with sample_db.read() as connection:
        table = attributes(people_queries.people(connection, pool.today), pool.today)
    candidates = candidates_for_job(pool, int(pool.openings.ids[most_wanted(pool)]))
    for strict, mild in zip(
        *(presets_audit(candidates, BUILT_IN, table, 20, ratio=r) for r in (0.8, 0.4)), strict=True
    ):
        assert {(name, rate.group) for name, rate in mild.flagged} <= {(n, r.group) for n, r in strict.flagged}


def test_home_work_is_placed_apart_and_everyone_left_out_has_a_reason(pool: MatchingPool) -> None:
    whole = district(pool, TravelMode.WALK)
    at_home = pool.openings.home_based
    site = propose(whole, BALANCED, jobs_mask=~at_home)
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


@pytest.mark.parametrize("ending_too", [False, True])
def test_selector_list_person_page_and_assignment_count_the_same_people(pool: MatchingPool, ending_too: bool) -> None:
    """The number behind an opening is ranked + visit first of its list; every bucket is counted, nobody twice."""
    passing, mask = passing_people(pool), pool.people_mask(ending_too=ending_too)
    labels, tr = job_labels(pool, passing, mask, translator("en")), translator("en")
    whole = district(pool, TravelMode.WALK)
    plan = propose(whole, BALANCED, people_mask=mask)
    for job, job_id in enumerate(pool.openings.ids.tolist()):
        shortlist = build_shortlist(candidates_for_job(pool, job_id), BALANCED, mask=mask)
        sizes = shortlist.buckets.sizes
        assert f", {shortlist.passing} pass)" in labels[job_id]
        assert shortlist.passing == mask[passing[job]].sum() == sizes[Bucket.RANKED] + sizes[Bucket.VISIT_FIRST]
        assert sum(sizes.values()) == mask.sum()
        if plan.seats[job]:
            assert plan.allowed[:, job].sum() == sizes[Bucket.RANKED]
            assert plan.passed[:, job].sum() == shortlist.passing
        assert tr.number(shortlist.passing)
    assert len(unplaced(whole, plan)) + plan.optimum.placed == mask.sum()
    for person in pool.seekers.ids[::25].tolist():
        shortlist = build_shortlist(candidates_for_person(pool, person), BALANCED, 5)
        assert sum(shortlist.buckets.sizes.values()) == len(pool.openings)


def test_ties_at_the_top_and_at_the_end_of_the_list_are_counted(pool: MatchingPool) -> None:
    seen = 0
    for person in pool.seekers.ids[::10].tolist():
        shortlist = build_shortlist(candidates_for_person(pool, person), BALANCED, 3)
        ranked = shortlist.scores.total[shortlist.buckets[Bucket.RANKED]]
        if len(ranked):
            assert shortlist.tied_leaders == (ranked == ranked[0]).sum()
            assert shortlist.tied_beyond == (ranked[3:] == ranked[:3].min()).sum()
            seen += shortlist.tied_leaders > 1
    assert seen


def test_the_cheapest_change_of_an_opening_comes_first(pool: MatchingPool) -> None:
    tr, person = translator("en"), 0
    shortlist = build_shortlist(candidates_for_person(pool, int(pool.seekers.ids[person])), BALANCED)
    failed = [
        [r for r in reasons(pool, person, job, pool.pair_matrix([person], [job]), tr) if r.state == FAIL]
        for job in shortlist.buckets[Bucket.EXCLUDED].tolist()
    ]
    ordered = sorted(failed, key=effort)
    assert len(ordered[0]) == min(len(one) for one in failed if needed_change(one, tr))
    assert all(bool(needed_change(one, tr)) == (not {"seats", "refused"} & {r.code for r in one}) for one in failed)
    assert set(CHANGES) == {limit.code for limit in LIMITS}
