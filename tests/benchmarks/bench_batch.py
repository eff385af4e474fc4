"""Ranked lists of a province, against the memory's own speed; what a killed worker costs; cost by district; one by one.

    python -m tests.benchmarks.bench_batch                        # 1,000,000 people × 100,000 openings, two processes
    python -m tests.benchmarks.bench_batch --districts 5          # the same of 5 districts instead of 100
    python -m tests.benchmarks.bench_batch --engine dask          # two workers of a local Dask cluster

Districts like the sample's side by side, 10,000 people and 1,000 openings each; within 60 minutes on foot. Times begin
once the inputs lie in their files and the workers are there. Processor time is that of the workers: what else runs on
the machine lengthens the clock much more. NumPy's sort is five times slower with AVX-512 than with AVX2 on processors of
AMD's fourth Zen generation: there set ``NPY_DISABLE_CPU_FEATURES="X86_V4 AVX512_ICL"``. "Stream" reads the bytes of all inputs and results once (``numpy.max``) in one
process: the floor.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy, also in the workers

import argparse
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from core.batch.engine import Compute, Engine, opened
from core.batch.files import Manifest, read_table
from core.batch.matching import MatchPart, match_partition, merge_partition
from core.batch.pairs import Rules
from core.batch.region import Region, write_region
from core.batch.run import Round, run
from core.geography.plane import Plane, TravelMode
from core.matching.inputs.matching_pool import MatchingPool, distance
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import as_weights

REACH, PEOPLE, JOBS, TILE, WORKERS, MEMORY_MB = 60.0, 10_000, 1_000, 8192, 2, 400
WEIGHTS = as_weights(BUILT_IN[0].weights)


@dataclass(frozen=True)
class Measured:
    """One run: seconds on the clock, seconds of the workers' processors, megabytes of the largest worker, digest, rows."""

    clock: float
    processor: float
    largest_mb: float
    digest: str
    rows: int


class Timer:
    """Processor time and memory of the processes below this one, sampled when a part is finished."""

    def __init__(self, kill_at: int | None = None) -> None:
        self.kill_at, self.largest, self.spent = kill_at, 0.0, {}  # type: ignore[var-annotated]

    def sample(self) -> list[psutil.Process]:
        """Note what the workers have spent; returns them."""
        workers = []
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess), process.oneshot():  # one that was killed is a zombie for a moment
                if "resource_tracker" in " ".join(process.cmdline()):
                    continue
                used = process.cpu_times()
                self.spent[process.pid] = used.user + used.system
                self.largest = max(self.largest, process.memory_info().rss / 1e6)
                workers.append(process)
        return workers

    def __call__(self, done: int, parts: int, rows: int) -> None:
        workers = self.sample()
        if self.kill_at is not None and done >= self.kill_at:
            self.kill_at = None
            os.kill(max(workers, key=lambda p: p.memory_info().rss).pid, signal.SIGKILL)


def measured(region: Region, rules: Rules, computed: Compute, kill_at: int | None = None) -> Measured:
    """Both rounds over every tile, from nothing."""
    folder = region.folder / "match"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    parts = {n: MatchPart(n, region.folder, folder, rules) for n in range(len(region.tiles))}
    rounds = [
        Round({f"match-{n:05}": part for n, part in parts.items()}, match_partition),
        Round({f"merge-{n:05}": part for n, part in parts.items()}, merge_partition),
    ]
    timer = Timer(kill_at)
    timer.sample()
    before, start = sum(timer.spent.values()), time.perf_counter()
    own = time.process_time()
    manifest = run(folder, Manifest("match", {}), rounds, computed, lambda: datetime.now(UTC), timer)
    clock = time.perf_counter() - start
    timer.sample()
    spent = sum(timer.spent.values()) - before + (time.process_time() - own)
    return Measured(clock, spent, timer.largest, manifest.digest, manifest.rows)


def stream(region: Region) -> tuple[float, float]:
    """Seconds to read every byte of inputs and results once in one process, and how many megabytes they are."""
    start, size = time.process_time(), 0
    for path in (*region.folder.glob("*.parquet"), *(region.folder / "match").glob("*.parquet")):
        content = np.frombuffer(path.read_bytes(), dtype=np.uint8)
        content.max()
        size += len(content)
    return time.process_time() - start, size / 1e6


def differences_from_the_page(region: Region, rules: Rules, count: int) -> tuple[int, int]:
    """(openings compared, openings whose list differs) between the files and ``build_shortlist``, the page's own function.

    The page gets everyone in the tiles around an opening, and those within reach as its filter.
    """
    from core.matching.ranking.shortlist import build_shortlist, candidates_for_job

    rng = np.random.default_rng(3)
    tiles = rng.permutation(len(region.tiles))
    compared = different = 0
    nothing = pd.DataFrame()
    for tile in tiles.tolist():
        if compared >= count:
            break
        openings = region.openings(tile)
        near = [region.people(n) for n in region.people_near(tile, rules.radius)]
        seekers = type(near[0])(
            **{name: np.concatenate([getattr(each, name) for each in near]) for name in near[0].__dataclass_fields__}
        )
        seekers = seekers.take(np.argsort(seekers.ids))
        files = read_table(region.folder / "match" / f"openings-{tile:05}.parquet")
        job_id, person_id, score = (np.asarray(files[c].to_numpy()) for c in ("job_id", "person_id", "score"))
        for column in range(min(len(openings), count - compared)):
            site = openings.position[column]
            rows = np.flatnonzero((np.abs(seekers.position - site) <= rules.radius * 1.001).all(axis=1))
            pool = MatchingPool(
                today=datetime.now(UTC).date(),
                seekers=seekers.take(rows),
                openings=openings.take(slice(column, column + 1)),
                people=nothing,
                jobs=nothing,
                refused=np.zeros((len(rows), 1), dtype=bool),
                referrals=nothing,
                skills=nothing,
                plane=Plane(0, 0),
                goalposts=rules.goalposts,
            )
            way = rules.goalposts.travel[rules.mode]
            mask = way.minutes(distance(pool.seekers.position, pool.openings.position))[:, 0] <= rules.reach
            page = build_shortlist(candidates_for_job(pool, int(openings.ids[column])), rules.weights, 50, mask=mask)
            own = job_id == openings.ids[column]
            same = np.array_equal(person_id[own], pool.seekers.ids[page.rows]) and np.array_equal(
                score[own], page.scores.total[page.rows]
            )
            different += not same
            compared += 1
    return compared, different


@contextmanager
def two_workers(kind: str) -> Iterator[Compute]:
    """Two local workers, started before anything is timed."""
    if kind == "dask":
        import distributed

        with (
            distributed.LocalCluster(
                n_workers=WORKERS,
                threads_per_worker=1,
                memory_limit=f"{MEMORY_MB}MB",
                host="127.0.0.1",
                dashboard_address=None,
            ) as cluster,
            opened(Engine(scheduler=cluster.scheduler_address)) as computed,
        ):
            yield computed
    else:
        with opened(Engine(WORKERS, MEMORY_MB)) as computed:
            yield computed


def main() -> None:
    """Print every figure."""
    # Worker processes import this module again: what the parent alone needs would be counted as theirs.
    from core.matching.inputs.loading import load
    from tests.benchmarks.province import districts
    from tests.stores import copy_of, sample_store

    parser = argparse.ArgumentParser()
    parser.add_argument("--districts", type=int, default=100)
    parser.add_argument("--engine", choices=["processes", "dask"], default="processes")
    parser.add_argument("--compare", type=int, default=2000, help="openings compared with the page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        db = copy_of(sample_store(), Path(place))
        with db.read() as connection:
            pool = load(connection, datetime(2025, 12, 28, tzinfo=UTC).date())
        rules = Rules(WEIGHTS, pool.goalposts, TravelMode.WALK, REACH)
        by_size: list[tuple[int, Measured]] = []
        with two_workers(options.engine) as computed:
            for count in sorted({1, 10, options.districts} if options.districts > 10 else {1, options.districts}):
                folder = Path(place) / f"region-{count}"
                folder.mkdir()
                start = time.perf_counter()
                seekers, openings = districts(pool, count, PEOPLE, JOBS)
                region = write_region(folder, seekers, openings, tile=TILE)
                print(
                    f"{len(seekers):,} people × {len(openings):,} openings: {len(region.tiles)} tiles, loaded in {time.perf_counter() - start:.1f} s"
                )
                del seekers, openings
                if not by_size:
                    measured(region, rules, computed)  # the workers start and import
                by_size.append((count, measured(region, rules, computed)))
                print(f"    {by_size[-1][1]}")
            whole = by_size[-1][1]
            floor, size = stream(region)
            killed = measured(region, rules, computed, kill_at=max(len(region.tiles) // 2, 1))
        print(
            f"\n{options.engine}, {WORKERS} workers, lists of 50: {whole.rows:,} rows in {size:,.0f} MB with the inputs"
        )
        print(f"{'':28}{'clock s':>9}{'processor s':>13}{'/ workers':>11}{'× stream':>10}{'MB a worker':>13}")
        for name, each in (("whole", whole), ("a worker killed", killed)):
            print(
                f"{name:28}{each.clock:>9.1f}{each.processor:>13.1f}{each.processor / WORKERS:>11.1f}"
                f"{each.processor / floor:>10.1f}{each.largest_mb:>13.0f}"
            )
        print(f"stream of the same bytes    {'':>9}{floor:>13.2f}")
        print(f"identical after the kill: {killed.digest == whole.digest}")
        print("\ndistricts  processor s a district")
        for count, each in by_size:
            print(f"{count:>9}  {each.processor / count:.3f}")
        compared, different = differences_from_the_page(region, rules, options.compare)
        print(f"\n{compared:,} openings against the page's own function: {different} lists differ")


if __name__ == "__main__":
    main()
