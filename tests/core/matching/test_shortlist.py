from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.geography.plane import TravelMode
from core.locale import translator
from core.matching import figures, tables
from core.matching.assignment.district import course_plan, district, propose
from core.matching.evidence import evidence, proposal_evidence
from core.matching.explanation import (
    band_sentence,
    compare_sentence,
    difference_sentence,
    place_change_mark,
    score_sentence,
    stability_sentence,
    unknown_factors,
)
from core.matching.inputs.factors import CODES, FACTORS
from core.matching.inputs.limits import FAIL, LIMITS, UNKNOWN
from core.matching.inputs.loading import load
from core.matching.inputs.matching_pool import MatchingPool
from core.matching.inputs.queries import presets as saved_presets
from core.matching.ranking.presets import BUILT_IN, presets, save_preset
from core.matching.ranking.scoring import NoWeights, Profile, as_weights
from core.matching.ranking.shortlist import (
    NEW,
    Bucket,
    Kind,
    build_shortlist,
    candidates_for_job,
    candidates_for_person,
)
from core.matching.reasons import hours_grid, reasons, skill_comparison
from core.policy import Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Referral
from core.terms import ReferralState
from tests.accesses import dispatcher
from tests.core.factories import NOW, TODAY, fill, job, person

BALANCED = as_weights(BUILT_IN[0].weights)
NEAR = as_weights(BUILT_IN[1].weights)
LANGUAGES = ("zh_CN", "en")
HOME_JOB = 2  # toys at home: most of the 30 pass


@pytest.fixture
def pool(db: Database) -> MatchingPool:
    fill(db)
    with db.write() as session:
        person(session, "引'号\"换\n行", lon=116.561, lat=35.371)
        session.add(Referral(person_id=1, job_id=HOME_JOB, state=ReferralState.RECOMMENDED, recommended_on=TODAY))
    with db.read() as connection:
        return load(connection, TODAY)


def test_everyone_lands_in_exactly_one_bucket(pool: MatchingPool) -> None:
    for job_id in pool.openings.ids.tolist():
        shortlist = build_shortlist(candidates_for_job(pool, job_id), BALANCED)
        rows = np.concatenate(list(shortlist.buckets.values()))
        assert sorted(rows.tolist()) == list(range(31))
        assert shortlist.ranked == len(shortlist.buckets[Bucket.RANKED])
        assert set(shortlist.rows) <= set(shortlist.buckets[Bucket.RANKED])


def test_a_blank_profile_is_sent_to_a_visit_not_to_the_top(pool: MatchingPool) -> None:
    shortlist = build_shortlist(
        candidates_for_job(pool, HOME_JOB), as_weights({"travel": 100, "skills": 60, "hours": 60})
    )
    blank = 30
    assert blank not in shortlist.rows
    assert blank in np.concatenate([shortlist.buckets[b] for b in (Bucket.VISIT_FIRST, Bucket.TO_VERIFY)])


def test_both_directions_agree_on_a_pair(pool: MatchingPool) -> None:
    for_job = build_shortlist(candidates_for_job(pool, HOME_JOB), BALANCED).scores.total
    column = pool.job(HOME_JOB)
    for i, person_id in enumerate(pool.seekers.ids.tolist()):
        for_person = build_shortlist(candidates_for_person(pool, person_id), BALANCED).scores.total
        assert for_person[column] == for_job[i]


def test_places_are_compared_with_the_preset(pool: MatchingPool) -> None:
    candidates = candidates_for_job(pool, HOME_JOB)
    same = build_shortlist(candidates, BALANCED, 5, preset=BALANCED)
    assert same.place_changes is not None
    assert same.place_changes.tolist() == [0] * 5
    other = build_shortlist(candidates, BALANCED, 5, preset=NEAR)
    before = build_shortlist(candidates, NEAR, 5).rows.tolist()
    assert other.place_changes is not None
    for n, (row, gained) in enumerate(zip(other.rows.tolist(), other.place_changes.tolist(), strict=True)):
        assert gained == (before.index(row) - n if row in before else NEW)
    tr = translator("en")
    assert [place_change_mark(g, NEW, tr) for g in (3, -2, 0, NEW)] == ["▲3", "▼2", "", "new"]


def test_a_tie_break_chosen_in_the_open_decides_only_what_reads_the_same(pool: MatchingPool) -> None:
    candidates = candidates_for_job(pool, HOME_JOB)
    plain = build_shortlist(candidates, BALANCED, 31)
    first = np.zeros(31, dtype=bool)
    first[plain.rows[-1]] = True
    changed = build_shortlist(candidates, BALANCED, 31, priority_mask=first)
    tenth = (10 * plain.scores.points).round()
    assert tenth[changed.rows].tolist() == sorted(tenth[changed.rows].tolist(), reverse=True)
    only_intent = as_weights({"readiness": 1})
    many = build_shortlist(candidates, only_intent, 31)
    level = np.flatnonzero(many.scores.points[many.rows] == many.scores.points[many.rows[0]])
    assert len(level) > 1
    last = many.rows[level[-1]]
    assert build_shortlist(candidates, only_intent, 31, priority_mask=np.arange(31) == last).rows[0] == last


def test_a_filter_keeps_others_out_of_every_bucket(pool: MatchingPool) -> None:
    keep = np.arange(31) % 2 == 0
    shortlist = build_shortlist(candidates_for_job(pool, HOME_JOB), BALANCED, mask=keep)
    assert all(keep[rows].all() for rows in shortlist.buckets.values())


def test_bands_speak_of_candidates_of_the_list(pool: MatchingPool) -> None:
    candidates = candidates_for_job(pool, HOME_JOB)
    shortlist = build_shortlist(candidates, BALANCED, 5)
    for band in shortlist.leader_bands:
        for swap in (band.below, band.above):
            if swap is not None and swap.leaves is not None:
                assert swap.leaves == shortlist.rows[0]
    for band in build_shortlist(candidates, BALANCED).set_bands(5):
        for swap in (band.below, band.above):
            if swap is not None and swap.leaves is not None:
                assert swap.leaves in shortlist.rows
                assert swap.enters is None or swap.enters not in shortlist.rows


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_is_filled(pool: MatchingPool, lang: str) -> None:
    tr = translator(lang)
    name = str
    texts = []
    for job_id in pool.openings.ids.tolist():
        candidates = candidates_for_job(pool, job_id)
        shortlist = build_shortlist(candidates, BALANCED, 10)
        texts.append(stability_sentence(shortlist.leader_bands, name, tr))
        texts += [
            band_sentence(band, name, tr)
            for band in (*shortlist.leader_bands, *build_shortlist(candidates, BALANCED).set_bands(5))
        ]
        for n, row in enumerate(shortlist.rows):
            texts.append(score_sentence(shortlist, n, name, tr))
            texts.append(compare_sentence(shortlist, n, 0, name, tr))
            texts += unknown_factors(candidates.profile, int(row), BALANCED, tr)
    assert all(text and "{" not in text for text in texts)


def test_who_beats_whom_by_what() -> None:
    difference, en = np.array([18.0, -14.0, 0, 0, 0, 0, 0]), translator("en")
    assert difference_sentence("甲", "乙", difference, en) == "甲 beats 乙 by 4.0 = +18.0 Skills −14.0 Travel"
    assert difference_sentence("乙", "甲", -difference, en).startswith("乙 trails 甲 by 4.0")
    assert difference_sentence("甲", "甲", np.zeros(7), translator("zh_CN")) == "甲 与 甲 不相上下。"
    assert "+18.0 Skills (unknown) −14.0 Travel" in difference_sentence("甲", "乙", difference, en, unknown={0})


def test_what_is_unknown_is_named_and_no_advantage_is_invented(pool: MatchingPool) -> None:
    """Two people who differ in nothing but that the skills of one are unknown: only that factor tells them apart."""
    candidates = candidates_for_job(pool, HOME_JOB)
    profile = candidates.profile.take(np.array([0, 0]))
    known = profile.known.copy()
    known[0, 1] = False
    values = profile.values.copy()
    values[0, 1] = pool.goalposts.expected["skills"]
    twins = replace(candidates, profile=Profile(values, known), ids=np.array([1, 2]), verdict=np.ones(2, dtype=np.int8))
    shortlist = build_shortlist(twins, BALANCED, 2)
    text = compare_sentence(shortlist, 0, 1, str, translator("en"))
    assert [factor for factor in FACTORS if factor.label in text] == [FACTORS[0]]
    assert "Skills (unknown)" in text
    place = shortlist.rows.tolist().index(1)
    assert "Unknown, counted at the expected value: Skills" in score_sentence(shortlist, place, str, translator("en"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_limit_that_does_not_pass_gives_its_reason(pool: MatchingPool, lang: str) -> None:
    tr, seen = translator(lang), set()
    for i in range(31):
        for m in range(8):
            for reason in reasons(pool, i, m, pool.pair_matrix([i], [m]), tr):
                assert "{" not in reason.sentence
                assert bool(reason.sentence) == (reason.state in (FAIL, UNKNOWN))
                if reason.sentence:
                    seen.add(reason.code)
    assert len(seen) >= 8
    assert seen <= {limit.code for limit in LIMITS}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_chart_builds_and_every_table_has_its_rows(pool: MatchingPool, lang: str) -> None:
    tr = translator(lang)
    days = [str(n) for n in range(7)]
    for candidates in (candidates_for_job(pool, HOME_JOB), candidates_for_person(pool, 1, TravelMode.EBIKE)):
        shortlist = build_shortlist(candidates, BALANCED, 10, preset=NEAR)
        table = tables.shortlist_rows(shortlist, str, tr)
        assert shortlist.parts.sum(axis=0) == pytest.approx(table["total"].to_numpy(), abs=0.01)
        charts = [
            figures.band_chart(tables.band_rows(shortlist.leader_bands, str, tr), "t", tr),
            figures.difference(tables.difference_rows(shortlist, 0, 1, tr), "t", tr),
            figures.place_slopes(tables.slope_rows(shortlist, str, tr), "a'b", "now", "t", tr),
            figures.removal_bars(tables.removal_rows(candidates, None, tr), "t", tr),
        ]
        assert all(chart["title"]["text"] == "t" and chart["datasets"] for chart in charts)
        sheet = tables.export_rows(shortlist, table, tr)
        assert len(sheet) == len(shortlist.rows)
        assert not sheet.columns.duplicated().any()
    grid = tables.week_rows(pool, 0, 0, days, tr)
    assert grid is not None
    figures.hours_heat(grid, days, "t", tr)
    assert hours_grid(pool, 30, 0) is None
    assert list(skill_comparison(pool, 0, 0, tr)["skill"])
    assert skill_comparison(pool, 30, 0, tr)["has"].isna().all()


def test_the_state_of_a_recommended_pair_is_on_the_line(pool: MatchingPool) -> None:
    tr, candidates = translator("en"), candidates_for_job(pool, HOME_JOB)
    shortlist = build_shortlist(candidates, BALANCED, 31)
    table = tables.shortlist_rows(shortlist, str, tr)
    if 0 in shortlist.rows:
        assert table.loc[table["row"] == 0, "state"].item() == "recommended"
    assert tables.referral_of(candidates, 0) is not None
    assert tables.referral_of(candidates, 1) is None


def test_what_is_kept_with_a_recommendation_is_plain_data(pool: MatchingPool) -> None:
    candidates = candidates_for_job(pool, HOME_JOB)
    shortlist = build_shortlist(candidates, BALANCED, 5)
    kept = evidence(shortlist, int(shortlist.rows[0]), BUILT_IN[0], BUILT_IN[0].weights, 7)
    assert kept["place"] == 1
    assert set(kept["factors"]) == set(CODES) == set(kept["sliders"])
    assert kept["points"] == pytest.approx(shortlist.scores.points[shortlist.rows[0]], abs=1e-3)
    whole = district(pool, TravelMode.WALK)
    plan = propose(whole, BALANCED)
    pair = plan.optimum.pairs[0]
    again = proposal_evidence(whole, plan, pair, BUILT_IN[0], BUILT_IN[0].weights, 7)
    x = candidates_for_job(pool, int(pool.openings.ids[pair[1]])).profile.x[:, pair[0]]
    assert list(again["factors"].values()) == [None if np.isnan(v) else pytest.approx(v, abs=1e-6) for v in x]


def test_the_whole_district_is_solved_with_proof_and_practice_does_no_better(pool: MatchingPool) -> None:
    whole = district(pool, TravelMode.WALK)
    for most in (True, False):
        plan = propose(whole, BALANCED, maximise_placements=most)
        assert plan.optimum.certificate is not None
        assert plan.optimum.certificate.holds()
        used = np.bincount([j for _, j in plan.optimum.pairs], minlength=8)
        assert (used <= pool.openings.seats).all()
        assert all(plan.allowed[pair] for pair in plan.optimum.pairs)
        if most:
            assert plan.optimum.placed >= max(plan.by_job.placed, plan.best_pair.placed)
        else:
            assert plan.optimum.total >= max(plan.by_job.total, plan.best_pair.total) - 1e-9
    tr = translator("en")
    figures.strategy_bars(tables.strategy_rows(plan, tr), "t", tr)
    assert len(tables.proposal_rows(pool, plan, str, tr)) == plan.optimum.placed


def test_the_plan_of_a_course_gains_what_was_counted(db: Database) -> None:
    fill(db)
    with db.write() as session:
        for n in range(3):
            job(
                session, 1, f"剪纸工{n}", (("K39", 2, 5, True),), lon=116.561, lat=35.37, pay_min=4000.0, pay_max=4500.0
            )
    with db.read() as connection:
        pool = load(connection, TODAY)
    whole = district(pool, TravelMode.EBIKE)
    best = whole.courses[0]
    assert best.placements > 0
    plan = course_plan(whole, BALANCED, best.skills)
    assert plan.gained == best.placements
    assert len(plan.attend) == best.people
    assert plan.communities["people"].sum() == best.people
    for lang in LANGUAGES:
        figures.gain_bars(tables.gain_rows(pool, whole.courses, translator(lang)), "t", translator(lang))
    assert all(pair.placements >= 0 for pair in whole.course_pairs)


def test_a_saved_preset_is_never_overwritten(db: Database) -> None:
    for value in (40, 60):
        with command(db, actor=dispatcher("李敏"), action=Action.SAVE_PRESET, at=NOW) as change:
            save_preset(change, " 托育 ", {"skills": value, "travel": 20}, "托育岗位")
    with db.read() as connection:
        shipped = presets(saved_presets(connection))
    mine = shipped[-1]
    assert (mine.name, mine.author, mine.weights["skills"], mine.weights["pay"]) == ("托育", "李敏", 60, 0)
    assert len(shipped) == len(BUILT_IN) + 1
    with pytest.raises(NoWeights), command(db, actor=dispatcher("李敏"), action=Action.SAVE_PRESET, at=NOW) as change:
        save_preset(change, "空", {}, "")
    with (
        pytest.raises(ValueError, match="name"),
        command(db, actor=dispatcher("李敏"), action=Action.SAVE_PRESET, at=NOW) as change,
    ):
        save_preset(change, " ", {"skills": 1}, "")


def test_built_in_presets_speak_all_factors_and_both_languages() -> None:
    for preset in BUILT_IN:
        assert sum(preset.sliders) == 100
        assert set(preset.weights) == set(CODES)
        assert preset.title(translator("zh_CN")) != preset.title(translator("en"))
    assert len({factor.colour for factor in FACTORS}) == 7
    assert Kind.PEOPLE is not Kind.JOBS
