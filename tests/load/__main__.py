"""Many open windows on one process: how long a run of each page takes, and how soon all are fresh after a write.

.venv/bin/python -m tests.load --windows 50 --seconds 20                 # every page in turn, a run every 5 s a window
.venv/bin/python -m tests.load --windows 200 --pages matching --move 技能                       # a slider instead of a run
.venv/bin/python -m tests.load --windows 200 --pages matching --processes 2
.venv/bin/python -m tests.load --windows 50 --pages overview --writes 3  # seconds until every window shows a write
.venv/bin/python -m tests.load --windows 5 --reruns 1000                 # memory over reruns
.venv/bin/python -m tests.load --beats 14400 --pages overview            # a wall screen over eight hours, back to back

Figures stand beside those of a trivial page ("floor") of the same process. The CPU of a run is that of the server with
everything it does meanwhile; it says more than the time where others use the machine as well.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from core.people.commands import record_visit
from core.store.database import Database
from core.store.schema import Person
from core.store.settings import district
from core.terms import VisitMode
from pages.sign_in.cookie import COOKIE
from tests.accesses import caseworker
from tests.benchmarks.bench_pages import TOKEN, RunningApp, running_processes
from tests.load.client import Run, Window, open_window

PAGES = (
    *("floor", "overview", "tasks", "job_map", "workshops", "matching", "enterprises"),
    *("people", "training", "events", "meeting", "weekly_sheet"),
)
PAUSE = 5.0  # seconds between two runs of a window


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of ``values`` lies (inclusive method)."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def memory(apps: Sequence[RunningApp]) -> int:
    """Resident memory of the processes, megabytes."""
    pages = sum(int(Path(f"/proc/{app.pid}/statm").read_text().split()[1]) for app in apps)
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def cpu(apps: Sequence[RunningApp]) -> float:
    """CPU time of the processes so far, seconds."""
    fields = [Path(f"/proc/{app.pid}/stat").read_text().rpartition(")")[2].split() for app in apps]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def visit(db: Database, number: int) -> None:
    """The write that a district makes most often: a caseworker records the visit to somebody in the pool."""
    with db.read() as connection:
        people = connection.scalars(select(Person.id).order_by(Person.id)).all()
        today = district(connection).as_of
    assert today is not None
    record_visit(
        db,
        people[number % len(people)],
        visited_on=today,
        mode=VisitMode.PHONE,
        needs="",
        next_on=None,
        actor=caseworker(),
        at=datetime.now(UTC),
    )


async def open_all(stack: AsyncExitStack, apps: Sequence[RunningApp], page: str, count: int) -> list[Window]:
    """``count`` windows on a page, opened one after the other, by turns in each process."""
    windows = []
    for number in range(count):
        address = apps[number % len(apps)].address
        window = await stack.enter_async_context(open_window(address, cookie=f"{COOKIE}={TOKEN}"))
        await window.go_to("" if page == "overview" else page)
        windows.append(window)
    return windows


async def clicking(windows: Sequence[Window], seconds: float, slider: str) -> list[Run]:
    """Every window runs its page or moves a slider every five seconds, each at a time of its own."""
    end = time.perf_counter() + seconds
    chance = random.Random(7)

    async def click(window: Window, wait: float) -> list[Run]:
        runs = []
        await asyncio.sleep(wait)
        while time.perf_counter() < end:
            run = await (window.move(slider, chance.randrange(101)) if slider else window.run())
            runs.append(run)
            await asyncio.sleep(max(0.0, PAUSE - run.seconds))
        return runs

    results = await asyncio.gather(*(click(window, chance.uniform(0, PAUSE)) for window in windows))
    return [run for runs in results for run in runs]


async def pages_under_load(apps: Sequence[RunningApp], options: argparse.Namespace) -> None:
    """A table: page, runs, p50 and p95 of a run, its CPU, ratio to the trivial page, bytes, errors."""
    floor = None
    for page in options.pages:
        async with AsyncExitStack() as stack:
            windows = await open_all(stack, apps, page, options.windows)
            before = cpu(apps)
            runs = await clicking(windows, options.seconds, options.move)
            spent = (cpu(apps) - before) / len(runs)
        times = [run.seconds for run in runs]
        p50, p95 = quantile(times, 0.5), quantile(times, 0.95)
        floor = floor or p95
        errors = sum(run.errors for run in runs)
        size = statistics.median(run.bytes_received for run in runs) / 1000
        print(
            f"{page:<14} {len(runs):5} runs  p50 {p50 * 1000:6.0f} ms  p95 {p95 * 1000:6.0f} ms  CPU {spent * 1000:5.0f} ms"
            f"  {p95 / floor:5.1f} × floor  {size:7.1f} kB  {errors} errors  {memory(apps)} MB"
        )


async def writes_reach_everyone(apps: Sequence[RunningApp], options: argparse.Namespace) -> None:
    """Seconds from a write until the last of the open windows has run anew, heartbeats included."""
    page = options.pages[0]
    async with AsyncExitStack() as stack:
        windows = await open_all(stack, apps, page, options.windows)
        for number in range(options.writes):
            visit(apps[0].db, number)
            before, start = cpu(apps), time.perf_counter()
            runs = await asyncio.gather(*(_until_fresh(window, start) for window in windows))
            took = [seconds for seconds, _ in runs]
            used = cpu(apps) - before
            print(
                f"{page}: {len(windows)} windows fresh after {max(took):.2f} s (median {quantile(took, 0.5):.2f} s),"
                f" CPU {used:.2f} s"
            )


async def _until_fresh(window: Window, start: float) -> tuple[float, Run]:
    """The window's own heartbeat, due at a moment of its own, then the run that it asks for."""
    fragment, interval = next(iter(window.heartbeats.items()))
    await asyncio.sleep(random.Random(id(window)).uniform(0, interval))
    run = await window.run(fragment=fragment)
    return time.perf_counter() - start, run


async def memory_over_reruns(apps: Sequence[RunningApp], options: argparse.Namespace) -> None:
    """Memory before, during and after many runs of each page, and after the windows are closed."""
    for page in options.pages:
        before = memory(apps)
        async with AsyncExitStack() as stack:
            windows = await open_all(stack, apps, page, options.windows)
            opened = memory(apps)
            for _ in range(options.reruns // len(windows)):
                await asyncio.gather(*(window.run() for window in windows))
            after = memory(apps)
        await asyncio.sleep(1)
        print(f"{page:<14} {before} MB, opened {opened}, after {options.reruns} runs {after}, closed {memory(apps)}")


async def wall_screen(apps: Sequence[RunningApp], options: argparse.Namespace) -> None:
    """Memory while an open page only asks for news, without the pauses between; a write comes every 500 times."""
    page = options.pages[0]
    async with AsyncExitStack() as stack:
        [window] = await open_all(stack, apps, page, 1)
        start, before, errors = memory(apps), cpu(apps), 0
        for beat in range(1, options.beats + 1):
            if beat % 500 == 0:
                visit(apps[0].db, beat // 500)
            errors += (await window.run(fragment=next(iter(window.heartbeats)))).errors
            if beat % (options.beats // 8) == 0:
                print(f"{page}: {beat} heartbeats, {start} → {memory(apps)} MB, {errors} errors", flush=True)
        print(f"{page}: CPU {(cpu(apps) - before) / options.beats * 1000:.1f} ms a heartbeat with its runs")


def main() -> None:
    """Start the app on the sample district and measure what the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--windows", type=int, default=50)
    parser.add_argument("--pages", nargs="+", default=PAGES, choices=PAGES)
    parser.add_argument("--processes", type=int, default=1, help="on one store; windows go to each by turns")
    parser.add_argument("--move", default="", help="the label of a slider, or how it begins")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--writes", type=int, default=0)
    parser.add_argument("--reruns", type=int, default=0)
    parser.add_argument("--beats", type=int, default=0)
    options = parser.parse_args()
    measure: Callable[[Sequence[RunningApp], argparse.Namespace], Awaitable[None]] = pages_under_load
    if options.writes:
        measure = writes_reach_everyone
    elif options.beats:
        measure = wall_screen
    elif options.reruns:
        measure = memory_over_reruns
    with tempfile.TemporaryDirectory() as folder, running_processes(Path(folder), options.processes) as apps:
        asyncio.run(measure(apps, options))


if __name__ == "__main__":
    main()
