from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from core.batch.engine import Engine, PartFailed, opened
from core.batch.files import (
    Manifest,
    is_intact,
    read_manifest,
    read_table,
    write_bytes,
    write_manifest,
    write_table,
)
from core.batch.matching import MatchPart, match_partition, merge_partition
from core.batch.region import read_region, write_region
from core.batch.run import Round, begin, newest, remove_older, run
from tests.core.batch.factories import some_openings, some_people, some_refused, some_rules
from tests.core.batch.parts import Number, write_number

AT = datetime(2025, 12, 28, 2, 0, tzinfo=UTC)
HERE = Engine()


def silent(done: int, parts: int, rows: int) -> None:
    """No progress."""


def numbers(folder: Path, count: int = 6, **of_three: object) -> dict[str, Number]:
    """Parts 0 … count − 1; the third has ``of_three``."""
    parts = {f"part-{n}": Number(n, folder) for n in range(count)}
    parts["part-3"] = replace(parts["part-3"], **of_three)  # type: ignore[arg-type]
    return parts


def whole_run(folder: Path, parts: dict[str, Number], engine: Engine = HERE) -> Manifest:
    manifest = begin(folder, "match", {"revision": 1}, AT)
    with opened(engine) as computed:
        return run(folder, manifest, [Round(parts, write_number)], computed, lambda: AT, silent)


def log(folder: Path) -> list[int]:
    """Numbers of the parts in the order of their computation."""
    return [int(line) for line in (folder / "log").read_text().split()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "2025-W52-r1" / "match"
    path.mkdir(parents=True)
    return path


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a", b"old")

    with pytest.raises(TypeError):
        write_bytes(tmp_path / "a", "no bytes")  # type: ignore[arg-type]

    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").stat().st_mode & 0o077 == 0


def test_the_same_table_gives_the_same_file(tmp_path: Path) -> None:
    table = pa.table({"person_id": [1, 2], "score": [5, 4]})

    one, two = write_table(tmp_path / "one", table), write_table(tmp_path / "two", table, delta=[])

    assert one.sha256 == two.sha256
    assert is_intact(tmp_path, one)
    assert read_table(tmp_path / "one").equals(table)


def test_a_manifest_that_was_edited_is_none(folder: Path) -> None:
    whole_run(folder, numbers(folder))
    content = json.loads((folder / "manifest.json").read_text())

    (folder / "manifest.json").write_text(json.dumps(content | {"inputs": {"revision": 2}}))

    assert read_manifest(folder) is None


def test_a_finished_run_computes_nothing_again(folder: Path) -> None:
    first = whole_run(folder, numbers(folder))

    second = whole_run(folder, numbers(folder))

    assert log(folder) == [0, 1, 2, 3, 4, 5]
    assert second.digest == first.digest
    assert second.finished_at


def test_only_missing_and_damaged_parts_are_computed_again(folder: Path) -> None:
    digest = whole_run(folder, numbers(folder)).digest
    (folder / "n-1.parquet").unlink()
    damaged = bytearray((folder / "n-4.parquet").read_bytes())
    damaged[10] ^= 1
    (folder / "n-4.parquet").write_bytes(damaged)

    again = whole_run(folder, numbers(folder))

    assert log(folder)[6:] == [1, 4]
    assert again.digest == digest


def test_a_run_that_fails_keeps_what_is_finished_and_goes_on(folder: Path) -> None:
    with pytest.raises(PartFailed, match="part-3: ValueError: cannot be computed"):
        whole_run(folder, numbers(folder, fails=True))

    known = read_manifest(folder)
    assert known is not None
    assert (list(known.parts), known.finished_at) == (["part-0", "part-1", "part-2"], "")
    assert newest(folder.parents[1], "match") is None
    whole_run(folder, numbers(folder))
    assert log(folder) == [0, 1, 2, 3, 3, 4, 5]


def test_a_run_that_is_stopped_leaves_nothing_half_written(folder: Path) -> None:
    def stop(done: int, parts: int, rows: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    (folder / ".n-9.parquet.0123.tmp").touch()  # of a process that was killed
    manifest = begin(folder, "match", {"revision": 1}, AT)
    with pytest.raises(KeyboardInterrupt), opened(HERE) as computed:
        run(folder, manifest, [Round(numbers(folder), write_number)], computed, lambda: AT, stop)

    assert sorted(path.name for path in folder.iterdir()) == ["log", "manifest.json", "n-0.parquet", "n-1.parquet"]
    whole_run(folder, numbers(folder))
    assert log(folder) == [0, 1, 2, 3, 4, 5]


def test_other_inputs_start_anew(folder: Path) -> None:
    whole_run(folder, numbers(folder))

    manifest = begin(folder, "match", {"revision": 1, "reach": 60}, AT)

    assert manifest.parts == {}


def test_a_later_round_is_computed_again_when_an_earlier_one_was(folder: Path) -> None:
    rounds = [Round({"a": Number(1, folder)}, write_number), Round({"b": Number(2, folder)}, write_number)]
    with opened(HERE) as computed:
        run(folder, begin(folder, "match", {"revision": 1}, AT), rounds, computed, lambda: AT, silent)
        (folder / "n-1.parquet").unlink()

        run(folder, begin(folder, "match", {"revision": 1}, AT), rounds, computed, lambda: AT, silent)

    assert log(folder) == [1, 2, 1, 2]


def test_the_newest_state_counts_and_older_runs_are_removed(tmp_path: Path) -> None:
    for revision in (9, 10):
        run_folder = tmp_path / f"2025-W52-r{revision}"
        (run_folder / "inputs").mkdir(parents=True)
        (run_folder / "match").mkdir()
        manifest = Manifest("match", {"revision": revision}, finished_at=AT.isoformat())
        write_manifest(run_folder / "match", manifest)
    (tmp_path / "2025-W52-r9" / "access").mkdir()

    run = newest(tmp_path, "match")
    remove_older(tmp_path, tmp_path / "2025-W52-r10", "match")

    assert run is not None
    assert run[1].inputs["revision"] == 10
    left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.glob("*/*"))
    assert left == ["2025-W52-r10/inputs", "2025-W52-r10/match", "2025-W52-r9/access"]


def test_a_killed_process_is_replaced_and_one_that_grows_too_large_is_named(folder: Path) -> None:
    expected = whole_run(folder, numbers(folder)).digest
    for path in folder.glob("n-*"):
        path.unlink()

    survived = whole_run(folder, numbers(folder, deadly=True), Engine(workers=2))

    assert (folder / "killed").exists()
    assert survived.digest == expected
    (folder / "n-3.parquet").unlink()
    with pytest.raises(PartFailed, match="part-3: MemoryError"):
        whole_run(folder, numbers(folder, megabytes=1000), Engine(workers=2, memory_mb=400))


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a scheduler with two worker processes on this machine; no dashboard, no port to the outside."""
    distributed = pytest.importorskip("distributed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, memory_limit="400MB", host="127.0.0.1", dashboard_address=None
        ) as local:
            yield local.scheduler_address


def test_a_cluster_gives_the_same_bytes_also_when_a_worker_is_killed(folder: Path, cluster: str) -> None:
    rng = np.random.default_rng(8)
    inputs = folder.parent / "inputs"
    inputs.mkdir()
    seekers, openings = some_people(rng, 300), some_openings(rng, 60)
    write_region(inputs, seekers, openings, some_refused(rng, seekers, openings), tile=100)
    tiles = range(len(read_region(inputs).tiles))
    digests = []
    for engine in (HERE, Engine(scheduler=cluster)):
        parts = {n: MatchPart(n, inputs, folder, some_rules(), 10) for n in tiles}
        rounds = [
            Round({f"match-{n}": part for n, part in parts.items()}, match_partition),
            Round({f"merge-{n}": part for n, part in parts.items()}, merge_partition),
        ]
        manifest = Manifest("match", {"revision": 1})
        with opened(engine) as computed:
            digests.append(run(folder, manifest, rounds, computed, lambda: AT, silent).digest)

    with opened(Engine(scheduler=cluster)) as on_workers, opened(HERE) as here:
        survived = dict(on_workers(numbers(folder, deadly=True), write_number))
        expected = dict(here(numbers(folder), write_number))

    assert digests[0] == digests[1]
    assert survived == expected
    assert (folder / "killed").exists()
