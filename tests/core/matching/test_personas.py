"""Every model on the sample with names as unfriendly as they come: each gives an answer, each sentence is whole."""

from __future__ import annotations

import numpy as np
import pytest

from core.geography.plane import TravelMode
from core.locale import Translator, translator
from core.matching import explanation, fairness, tables
from core.matching import reasons as pair_reasons
from core.matching.assignment.district import District, course_plan, district, propose, unplaced
from core.matching.inputs import limits
from core.matching.inputs.factors import FACTORS
from core.matching.inputs.limits import FAIL, LIMITS, UNKNOWN
from core.matching.inputs.loading import load
from core.matching.inputs.matching_pool import MatchingPool
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.quota import with_quota
from core.matching.ranking.scoring import as_weights, reciprocal, scores
from core.matching.ranking.shortlist import (
    Bucket,
    Kind,
    build_shortlist,
    candidates_for_job,
    candidates_for_person,
    passing_people,
)
from core.matching.ranking.stability import Band, Swap
from core.matching.ranking.weight_fitting import Mark, suggest
from core.matching.reasons import reasons
from core.store.database import Database
from core.store.schema import Job, Person
from core.store.settings import district as settings_of
from tests.core.factories import TODAY

ODD = (
    "NA",
    "nan",
    "None",
    'Q"uote',
    "O'Neil",
    "换\n行",
    "{name}",
    "%s",
    "<b>粗</b>",
    "*星*_号_",
    "=1+1",
    "，、",
    "张 三",
)
BALANCED = as_weights(BUILT_IN[0].weights)
LANGUAGES = ("zh_CN", "en")


@pytest.fixture(scope="module")
def pool(sample_file, tmp_path_factory) -> MatchingPool:
    """The sample with the first 26 people who seek work renamed, and one opening without seats."""
    import shutil

    from tests.conftest import KEY

    path = tmp_path_factory.mktemp("odd") / "district.db"
    shutil.copy(sample_file, path)
    db = Database(f"sqlite:///{path}", key=KEY)
    with db.read() as connection:
        today = settings_of(connection).as_of or TODAY
        plain = load(connection, today)
    with db.write() as session:
        for n, person in enumerate(plain.seekers.ids[:26].tolist()):
            session.get_one(Person, person).name = ODD[n % len(ODD)]
        session.get_one(Job, int(plain.openings.ids[0])).openings = 0
    with db.read() as connection:
        loaded = load(connection, today)
    db.dispose()
    return loaded


def most_wanted(pool: MatchingPool) -> int:
    """Position of the opening that most people pass."""
    return int(np.argmax([len(people) for people in passing_people(pool)]))


@pytest.fixture(scope="module")
def whole(pool: MatchingPool) -> District:
    return district(pool, TravelMode.WALK)


def without_markup(text: str) -> str:
    """A sentence without the odd names in it."""
    for name in sorted(ODD, key=len, reverse=True):
        text = text.replace(name, "")
    return text


def complete(text: str) -> bool:
    return bool(text) and not any(sign in without_markup(text) for sign in ("{", "}", "nan", "None", "NaN"))


def test_names_come_back_as_they_were_written(pool: MatchingPool) -> None:
    assert pool.people["name"].iloc[:26].tolist() == [ODD[n % len(ODD)] for n in range(26)]
    assert pool.people["name"].notna().all()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_list_of_people_and_of_openings_explains_itself(pool: MatchingPool, lang: str) -> None:
    tr = translator(lang)
    anchors = [(Kind.PEOPLE, int(j)) for j in pool.openings.ids[::12]] + [
        (Kind.JOBS, int(p)) for p in pool.seekers.ids[:26]
    ]
    for kind, subject in anchors:
        candidates = candidates_for_job(pool, subject) if kind is Kind.PEOPLE else candidates_for_person(pool, subject)
        column = "name" if kind is Kind.PEOPLE else "title"
        frame = pool.people if kind is Kind.PEOPLE else pool.jobs

        def name(row: int, values=frame[column]) -> str:  # type: ignore[no-untyped-def]
            return str(values.iloc[row])

        shortlist = build_shortlist(candidates, BALANCED, 12, preset=as_weights(BUILT_IN[1].weights))
        assert all(complete(text) for text in sentences(shortlist, name, tr))
        table = tables.shortlist_rows(shortlist, name, tr)
        sheet = tables.export_rows(shortlist, table, tr)
        assert len(table) == len(sheet) == len(shortlist.rows)
        a, b, both = reciprocal(candidates.profile.take(shortlist.rows), BALANCED)
        assert (np.minimum(a, b) - 1e-9 <= both).all()
        assert (both <= np.maximum(a, b) + 1e-9).all()
        if len(shortlist.rows) >= 3:
            marks = (Mark.NO, Mark.SO_SO, Mark.GOOD)
            assert complete(
                suggest(candidates.profile.take(shortlist.rows[:3]), BALANCED, marks).sentence(BALANCED, tr)
            )


def sentences(shortlist, name, tr: Translator) -> list[str]:  # type: ignore[no-untyped-def]
    """What is said of a list: each candidate, each against the first, what is unknown, what would change it."""
    candidates, weights = shortlist.candidates, shortlist.weights
    texts = [
        explanation.stability_sentence(shortlist.leader_bands, name, tr),
        explanation.stability_sentence(shortlist.set_bands(5), name, tr),
    ]
    texts += [explanation.band_sentence(band, name, tr) for band in (*shortlist.leader_bands, *shortlist.set_bands(5))]
    for n, row in enumerate(shortlist.rows.tolist()):
        texts.append(explanation.score_sentence(shortlist, n, name, tr))
        texts.append(explanation.compare_sentence(shortlist, n, 0, name, tr))
        texts += explanation.unknown_factors(candidates.profile, row, weights, tr)
    return texts


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("state", [FAIL, UNKNOWN])
def test_every_reason_of_every_limit_is_filled(
    pool: MatchingPool, lang: str, state: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tr = translator(lang)
    monkeypatch.setattr(
        pair_reasons, "check", lambda matrix: np.full((len(LIMITS), *matrix.shape), state, dtype=np.int8)
    )
    for person, job in [(n, (7 * n) % len(pool.openings)) for n in range(26)]:
        sentences = reasons(pool, person, job, pool.pair_matrix([person], [job]), tr)
        assert [reason.code for reason in sentences] == [limit.code for limit in limits.LIMITS]
        assert all(reason.sentence and "{" not in reason.sentence for reason in sentences)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_change_has_its_sentence(lang: str) -> None:
    tr, texts = translator(lang), set()
    for j, _ in enumerate(FACTORS):
        for leaves, enters in ((0, 1), (None, 1), (0, None)):
            swap = Swap(0.25, leaves, enters)
            for band in (Band(j, 0.5, 0.25, 1, swap, None), Band(j, 0.1, 0, 0.25, None, swap)):
                text = explanation.swap_sentence(band, swap, ODD.__getitem__, tr)
                assert complete(text.replace(ODD[0], "").replace(ODD[1], ""))
                assert (ODD[0] in text, ODD[1] in text) == (leaves is not None, enters is not None)
                texts.add(text)
        assert complete(explanation.band_sentence(Band(j, 0.5, 0, 1, None, None), str, tr))
    assert len(texts) == 6 * len(FACTORS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_verdict_of_the_audit_has_its_sentence(lang: str) -> None:
    tr = translator(lang)
    counts = {
        "clear": ((48, 80), (12, 40)),
        "chance": ((12, 20), (5, 12)),
        "fragile": ((6, 10), (4, 10)),
        "fine": ((5, 10), (5, 10)),
    }
    texts = set()
    for first, second in counts.values():
        groups = ["female"] * first[1] + ["male"] * second[1]
        chosen = np.array([n < first[0] for n in range(first[1])] + [n < second[0] for n in range(second[1])])
        texts.add(fairness.sentence(fairness.audit(groups, chosen), "sex", tr(fairness.AUDITS["listed"]), tr))
    texts.add(fairness.sentence(fairness.audit(["male"] * 9, np.ones(9, dtype=bool)), "sex", "x", tr))
    assert len(texts) == 5
    assert all(complete(text) for text in texts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_proposal_and_the_courses_speak_of_everyone(pool: MatchingPool, whole: District, lang: str) -> None:
    tr = translator(lang)
    plan = propose(whole, BALANCED)
    rows = tables.proposal_rows(pool, plan, lambda n: str(pool.people["name"].iloc[n]), tr)
    assert len(rows) == plan.optimum.placed
    assert rows.notna().all(axis=None)
    assert plan.optimum.certificate is not None
    assert plan.optimum.certificate.holds()
    assert len(unplaced(whole, plan)) + plan.optimum.placed == len(pool.seekers)
    best = whole.courses[0]
    detail = course_plan(whole, BALANCED, best.skills)
    assert (len(detail.attend), detail.gained) == (best.people, best.placements)


def test_an_opening_without_seats_lists_and_receives_nobody(pool: MatchingPool, whole: District) -> None:
    assert pool.openings.seats[0] == 0
    shortlist = build_shortlist(candidates_for_job(pool, int(pool.openings.ids[0])), BALANCED)
    assert len(shortlist.rows) == shortlist.ranked == 0
    assert shortlist.buckets.sizes[Bucket.EXCLUDED] == len(pool.seekers)
    assert len(passing_people(pool)[0]) == 0
    assert [(band.low, band.high) for band in shortlist.leader_bands] == [(0.0, 1.0)] * 7
    for plan in (propose(whole, BALANCED), propose(whole, BALANCED, maximise_placements=False)):
        for way in (plan.optimum, plan.best_pair, plan.by_job):
            assert all(job != 0 for _, job in way.pairs)


def test_nobody_with_a_portrait_scores_the_same_everywhere_and_no_factor_is_constant(
    pool: MatchingPool, whole: District
) -> None:
    x = whole.profile.x.reshape(7, *whole.shape)
    for values in x:
        assert np.ptp(values[np.isfinite(values)]) > 0.5
    for preset in BUILT_IN:
        weights = as_weights(preset.weights)
        point = scores(whole.profile, weights).total.reshape(whole.shape)
        for person in range(len(pool.seekers)):
            assert np.ptp(point[person]) > weights.sum() * 100


def test_a_quota_for_people_in_hardship_leaves_scores_and_order_alone(pool: MatchingPool) -> None:
    group = pool.people["hardship"].to_numpy(dtype=bool)
    candidates = candidates_for_job(pool, int(pool.openings.ids[most_wanted(pool)]))
    shortlist = build_shortlist(candidates, BALANCED, 20)
    ranked = shortlist.buckets[Bucket.RANKED]
    assert with_quota(ranked, group, 20, 0).rows.tolist() == shortlist.rows.tolist()
    for share in (0.3, 0.5, 1.0):
        changed = with_quota(ranked, group, 20, share)
        points = shortlist.scores.total[changed.rows]
        assert (np.diff(points) <= 0).all()
        assert changed.reached == group[changed.rows].sum() >= min(changed.required, group[ranked].sum())


def test_profiles_of_one_person_alone_work_in_every_model(pool: MatchingPool) -> None:
    candidates = candidates_for_job(pool, int(pool.openings.ids[most_wanted(pool)]))
    only = np.arange(len(pool.seekers)) == int(np.flatnonzero(candidates.verdict > 0)[0])
    shortlist = build_shortlist(candidates, BALANCED, mask=only)
    assert shortlist.ranked <= 1
    assert candidates.profile.take(only).values.shape == (7, 1)
    for lang in LANGUAGES:
        assert complete(explanation.stability_sentence(shortlist.leader_bands, str, translator(lang)))
