from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.batch.__main__ import main
from core.batch.files import read_manifest
from core.batch.results import NightlyLists, nightly_assignment, nightly_lists
from core.districts import moving
from core.geography.plane import TravelMode
from core.matching.inputs.loading import load
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import as_weights
from core.matching.ranking.shortlist import build_shortlist, candidates_for_job, candidates_for_person
from core.policy import Action, system_access
from core.store.commands import command
from core.store.database import Database
from core.store.emptying import empty
from core.store.schema import PersonStateSpell
from core.terms import PersonState
from tests.accesses import administrator
from tests.conftest import new_postgres
from tests.core import factories

AT = datetime(2025, 12, 28, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
WEIGHTS = as_weights(BUILT_IN[0].weights)


@pytest.fixture
def store(db: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    factories.fill(db)
    monkeypatch.setenv("DATABASE_URL", str(db.url))
    return db


def folder_of(store: Database) -> Path:
    return store.batch_folder / f"2025-W52-r{store.revision()}"


def test_the_nightly_lists_are_those_of_the_page_and_say_what_they_rest_on(
    store: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["match"], now=AT) == 0

    nightly = nightly_lists(store.batch_folder)
    assert nightly is not None
    assert (nightly.day, nightly.revision, nightly.finished_at) == (factories.TODAY, store.revision(), AT)
    assert (nightly.sliders, nightly.mode, nightly.reach) == (BUILT_IN[0].weights, TravelMode.WALK, None)
    with store.read() as connection:
        pool = load(connection, factories.TODAY)
    for job_id in pool.openings.ids.tolist():
        page = build_shortlist(candidates_for_job(pool, job_id), WEIGHTS, 50)
        people, score = nightly.of_opening(job_id)
        assert people.tolist() == pool.seekers.ids[page.rows].tolist()
        assert score * nightly.points_per_unit == pytest.approx(page.scores.points[page.rows])
    for person_id in pool.seekers.ids.tolist():
        page = build_shortlist(candidates_for_person(pool, person_id), WEIGHTS, 50)
        assert nightly.of_person(person_id)[0].tolist() == pool.openings.ids[page.rows].tolist()
    manifest = read_manifest(folder_of(store) / "match")
    assert manifest is not None
    expected = dict(pool.goalposts.expected)
    assert manifest.inputs["goalposts"]["expected"] == expected
    assert manifest.digest[:16] in capsys.readouterr().out


def test_a_damaged_list_is_not_shown(store: Database) -> None:
    main(["match"], now=AT)
    (folder_of(store) / "match" / "people-00000.parquet").write_bytes(b"PAR1")

    assert nightly_lists(store.batch_folder) is None


def test_an_emptied_store_keeps_no_lists_of_its_former_people(store: Database) -> None:
    main(["match"], now=AT)

    empty(store, actor=administrator(), at=AT, allow_real=True)

    assert nightly_lists(store.batch_folder) is None
    assert not store.batch_folder.exists()


def test_access_and_assignment_run_from_the_store(store: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["access", "--minutes", "20"], now=AT) == 0
    assert main(["assign"], now=AT) == 0

    access = read_manifest(folder_of(store) / "access")
    assert access is not None
    assert np.isclose(access.inputs["bands"]["minutes"][-1], 20)
    assert "no assignment places more than" in capsys.readouterr().out
    nightly = nightly_assignment(store.batch_folder)
    assert nightly is not None
    assert nightly.jobs.index.is_unique
    assert 0 < len(nightly.jobs) == nightly.bound.placed <= nightly.bound.at_most
    for job_id in set(nightly.jobs):
        assert [nightly.of_person(person).tolist() for person in nightly.of_opening(job_id)] == [[job_id]] * len(
            nightly.of_opening(job_id)
        )
    next(folder_of(store).glob("assign/pairs-0*.parquet")).write_bytes(b"PAR1")
    assert nightly_assignment(store.batch_folder) is None


@pytest.mark.parametrize(
    ("arguments", "reason"), [(["--week", "2026-W03"], "has not begun"), (["--week", "2025"], "is not a week")]
)
def test_a_week_that_cannot_be_computed_is_refused(
    store: Database, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    assert main(["match", *arguments], now=AT) == 2

    assert reason in capsys.readouterr().err
    assert not (store.batch_folder).exists()


@pytest.fixture
def city(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Three districts with the same few people, of whom the third lacks one."""
    city = new_postgres(postgres_url)
    for key in ("east", "west", "north"):
        moving.add(city, key, f"{key}区", key, actor=system_access("test"), at=AT)
        factories.fill(city.of(key))
    with command(city.of("north"), actor=system_access("test"), action=Action.IMPORT, at=AT) as change:
        change.add(PersonStateSpell(person_id=1, since=factories.TODAY, state=PersonState.RETIRED))
    monkeypatch.setattr("core.batch.__main__.from_environment", lambda: city)
    yield city
    city.dispose()


def test_one_run_takes_every_district_of_a_city_and_keeps_their_lists_apart(
    city: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    def lists(key: str) -> NightlyLists:
        lists_of_night = nightly_lists(city.of(key).batch_folder)
        assert lists_of_night is not None
        return lists_of_night

    assert main(["match", "--reach", "60"], now=AT) == 0
    assert capsys.readouterr().out.count("digest") == 3
    assert not city.batch_folder.exists()
    for key in ("east", "west", "north"):
        assert (lists(key).revision, lists(key).reach) == (city.of(key).revision(), 60)
    of_first = {key: lists(key).of_person(1)[0].tolist() for key in ("east", "west", "north")}
    assert of_first["east"] == of_first["west"] != []
    assert of_first["north"] == []

    with command(city.of("west"), actor=system_access("test"), action=Action.IMPORT, at=AT) as change:
        change.add(PersonStateSpell(person_id=1, since=factories.TODAY, state=PersonState.RETIRED))
    assert main(["match", "--district", "west"], now=LATER) == 0
    assert lists("west").of_person(1)[0].tolist() == []
    assert [lists(key).finished_at for key in ("east", "west", "north")] == [AT, LATER, AT]


def test_a_district_that_the_city_has_not_is_refused(city: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", "--district", "south"], now=AT) == 2

    assert "east, west, north" in capsys.readouterr().err
    assert not city.folder.joinpath("districts", "south").exists()
