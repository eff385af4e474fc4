"""The sample district comes in through the same door as everything else: clean, whole, once."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import shutil
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.intake.findings import Decision
from core.intake.planning.plan import Cancelled, Options
from core.intake.reading.detection import detect
from core.intake.seed import SAMPLE_AS_OF, NotEmpty, SeedError, seed_sample
from core.intake.sheets import SHEETS
from core.intake.undo import undo_import
from core.store.commands import verify_audit
from core.store.database import ROOT, Database
from core.store.schema import AuditEvent, Community, ImportBatch, Person, PersonStateSpell, Visit
from core.store.settings import district
from tests.accesses import administrator
from tests.core.intake.files import NOW, make_communities, plan_upload, upload

SAMPLE = ROOT / "sample_data"
FILES = {path.stem.partition("_")[2]: path for path in SAMPLE.glob("*.csv")}
SMALL = ("communities", "staff", "premises", "workshops", "products", "community_posts")


def test_the_sample_is_marked_dated_and_bounded(sample_db: Database) -> None:
    with sample_db.read() as connection:
        settings = district(connection)
        people, visits, batches = (
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (Person, Visit, ImportBatch)
        )
        outlines = connection.execute(select(Community.boundary, Community.boundary_source)).all()

    assert (settings.demo, settings.as_of) == (True, SAMPLE_AS_OF)
    assert people == 1600
    assert visits > 11_000
    assert batches == len(SHEETS)
    assert {source for _, source in outlines} == {"voronoi"}
    assert all(shape["type"] == "Polygon" for shape, _ in outlines)


@pytest.mark.parametrize("code", SHEETS)
def test_every_sheet_of_the_sample_changes_nothing_when_it_is_imported_again(sample_db: Database, code: str) -> None:
    file = upload(FILES[code].read_bytes())
    detected = detect(file)

    assert detected.sheet is SHEETS[code]
    options = Options(otherwise=Decision.SAME_PERSON)
    plan = plan_upload(sample_db, file, code, detected.table, detected.mapping, options)

    assert (plan.counts["new"], plan.counts["changed"], plan.counts["error"]) == (0, 0, 0)
    assert plan.operations == ()


def test_a_state_of_a_person_always_differs_from_the_one_before(sample_db: Database) -> None:
    with sample_db.read() as connection:
        t = PersonStateSpell
        spells = connection.execute(select(t.person_id, t.state).order_by(t.person_id, t.since)).all()

    assert all(a != b for a, b in itertools.pairwise(spells))


def test_the_audit_chain_of_the_sample_holds(sample_db: Database) -> None:
    with sample_db.read() as connection:
        events = connection.execute(select(AuditEvent.__table__).order_by(AuditEvent.id)).mappings()

        assert verify_audit(events, sample_db.key) is None


def test_a_second_seed_finds_the_work_done(sample_copy: Database) -> None:
    assert not seed_sample(sample_copy, SAMPLE, administrator(), NOW)


def test_real_data_is_left_alone(db: Database) -> None:
    make_communities(db)

    with pytest.raises(NotEmpty):
        seed_sample(db, SAMPLE, administrator(), NOW)


def test_the_last_batch_of_the_sample_can_be_undone(sample_copy: Database) -> None:
    with sample_copy.read() as connection:
        last = connection.execute(select(func.max(ImportBatch.id))).scalar_one()

    undo_import(sample_copy, last, administrator(), NOW, reason="误传")


def test_a_broken_or_missing_sheet_leaves_the_store_empty(db: Database, tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("district", "*.py", "__pycache__"))
    path = folder / FILES["premises"].name
    path.write_text(path.read_text("utf-8-sig").replace("闲置用房", "空房子"), "utf-8")
    with pytest.raises(SeedError, match="premises"):
        seed_sample(db, folder, administrator(), NOW)
    path.unlink()
    with pytest.raises(SeedError, match="missing"):
        seed_sample(db, folder, administrator(), NOW)

    assert_untouched(db)


def test_cancelling_the_seed_leaves_the_store_empty(db: Database) -> None:
    with pytest.raises(Cancelled):
        seed_sample(db, SAMPLE, administrator(), NOW, lambda done, total: done < 6)

    assert_untouched(db)


def assert_untouched(db: Database) -> None:
    with db.read() as connection:
        assert not district(connection).demo
        assert connection.execute(select(func.count()).select_from(Community)).scalar_one() == 0


LONG_SHEETS = ("visits", "training", "skills", "experience", "follow_ups")  # that no other sheet refers to


def _shortened_sample(folder: Path) -> Path:
    """The sample with a fifth of the rows of its longest sheets, which are most of the work."""
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("district", "pictures", "*.py", "__pycache__"))
    for code in LONG_SHEETS:
        path = folder / FILES[code].name
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[: len(lines) // 5]), "utf-8")
    return folder


def _seed(url: str, key: bytes, sample: Path) -> None:
    seed_sample(Database(url, key=key), sample, administrator(), NOW)


@pytest.mark.slow
def test_a_seed_that_is_killed_leaves_nothing_and_two_at_once_make_one(db: Database, tmp_path: Path) -> None:
    sample = _shortened_sample(tmp_path / "sample")
    context = multiprocessing.get_context("spawn")
    url = db.url.render_as_string()
    victim = context.Process(target=_seed, args=(url, db.key, sample))
    victim.start()
    wal = Path(str(db.url.database) + "-wal")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (wal.exists() and wal.stat().st_size > 2_000_000):
        time.sleep(0.05)
    assert victim.pid is not None
    os.kill(victim.pid, signal.SIGKILL)
    victim.join()
    assert_untouched(db)

    both = [context.Process(target=_seed, args=(url, db.key, sample)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join()

    assert [process.exitcode for process in both] == [0, 0]
    with db.read() as connection:
        assert district(connection).demo
        assert connection.execute(select(func.count()).select_from(ImportBatch)).scalar_one() == len(SHEETS)
