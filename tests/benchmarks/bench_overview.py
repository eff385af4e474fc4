"""CPU of the overview: of a warm run, where everything computed is cached by revision and only drawing is left, and of the
first run after a write, where all of it is computed again.

PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_overview.py [path of a loaded store, which is copied] [--profile]
"""

from __future__ import annotations

import cProfile
import os
import pstats
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.watcher.util import calc_hash

from core.intake.seed import seed_sample
from core.policy import Access, Action, system_access
from core.store.commands import command
from core.store.database import ROOT, Database
from core.store.migrate import migrate
from core.store.schema import Visit
from core.terms import AccountRole, VisitMode
from pages.common import signed_in
from pages.common.view import View
from pages.overview import page

ROUNDS = 15
WRITES = 5
GOAL = 0.060  # seconds of CPU


def main() -> None:
    """Print the median CPU of the page function alone and of the whole run; ``--profile`` shows where it goes."""
    profile = cProfile.Profile() if "--profile" in sys.argv else None
    took: list[float] = []
    render = page.render

    def timed(view: View) -> None:
        start = time.thread_time()
        if profile is not None and len(took) > 1:
            profile.enable()
        render(view)
        if profile is not None:
            profile.disable()
        took.append(time.thread_time() - start)

    timed.__module__ = render.__module__
    page.render = timed
    with tempfile.TemporaryDirectory() as folder:
        paths = [a for a in sys.argv[1:] if not a.startswith("-")]
        url = f"sqlite:///{Path(folder) / 'district.db'}"
        if paths:
            shutil.copy(paths[0], Path(folder) / "district.db")
        db = Database(url)
        migrate(db)
        seed_sample(db, ROOT / "sample_data", actor=system_access("benchmark"), at=datetime.now(UTC))
        someone = Access(None, "许小满", AccountRole.DISPATCHER, None)
        signed_in.access = lambda: someone
        os.environ |= {"DATABASE_URL": url, "SAMPLE": "0"}
        at = AppTest.from_file(str(Path(ROOT) / "pages" / "shell.py"), default_timeout=120)
        at.query_params.update({"lang": "zh"})
        at._page_hash = calc_hash("")
        whole = [_cpu_of(at.run) for _ in range(ROUNDS + 2)]  # the first two warm the caches
        warm = took[2:]
        writes = []
        for n in range(WRITES):
            writes.append(_cpu_of(lambda n=n: _visit(db, someone, n)))
            took.clear()
            at.run()
            writes.append(took[0])
    print(f"warm overview: page {1000 * statistics.median(warm):.1f} ms CPU (goal {1000 * GOAL:.0f}),", end=" ")
    print(f"with the test harness {1000 * statistics.median(whole[2:]):.1f} ms; cold {1000 * whole[0]:.0f} ms")
    print(f"a write {1000 * statistics.median(writes[::2]):.1f} ms,", end=" ")
    print(f"the first overview after it {1000 * statistics.median(writes[1::2]):.0f} ms CPU")
    if profile is not None:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(40)


def _cpu_of(do: Callable[[], object]) -> float:
    start = time.process_time()
    do()
    return time.process_time() - start


def _visit(db: Database, who: Access, n: int) -> None:
    """One more visit, to one person."""
    row = {"person_id": 7 + n, "visited_on": date(2025, 12, 28), "mode": VisitMode.PHONE}
    with command(db, actor=who, action=Action.RECORD_VISIT, at=datetime.now(UTC)) as change:
        change.add_all(Visit, [row])


if __name__ == "__main__":
    main()
