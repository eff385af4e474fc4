"""CPU of a warm run of the overview: everything computed is cached by revision, so only drawing is left.

PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_overview.py [path of a loaded store]
"""

from __future__ import annotations

import cProfile
import os
import pstats
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.watcher.util import calc_hash

from core.intake.seed import seed_sample
from core.policy import system_access
from core.store.database import ROOT, Database
from core.store.migrate import migrate
from pages.common.view import View
from pages.overview import page

ROUNDS = 15
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
        url = f"sqlite:///{paths[0] if paths else Path(folder) / 'district.db'}"
        if not paths:
            db = Database(url)
            migrate(db)
            seed_sample(db, ROOT / "sample_data", actor=system_access("benchmark"), at=datetime.now(UTC))
            db.dispose()
        os.environ |= {"DATABASE_URL": url, "SAMPLE": "0"}
        at = AppTest.from_file(str(Path(ROOT) / "pages" / "shell.py"), default_timeout=120)
        at.query_params.update({"lang": "zh"})
        at._page_hash = calc_hash("")
        whole = []
        for _ in range(ROUNDS + 2):  # the first two warm the caches
            start = time.process_time()
            at.run()
            whole.append(time.process_time() - start)
    print(f"warm overview: page {1000 * statistics.median(took[2:]):.1f} ms CPU (goal {1000 * GOAL:.0f}),", end=" ")
    print(f"with the test harness {1000 * statistics.median(whole[2:]):.1f} ms; cold {1000 * took[0]:.0f} ms")
    if profile is not None:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(40)


if __name__ == "__main__":
    main()
