"""Run tests again whenever a file changes.

python -m tests.watch tests/core/people     # or: make watch FILE=tests/core/people
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WATCHED = ("core/**/*.py", "core/**/*.po", "pages/**/*.py", "tests/**/*.py")


def newest() -> tuple[int, float]:
    """How many files are watched, and when the last of them changed."""
    times = [path.stat().st_mtime for pattern in WATCHED for path in ROOT.glob(pattern) if path.exists()]
    return len(times), max(times)


def main(arguments: list[str]) -> None:
    """Run pytest with ``arguments``, wait for a change, and again; Ctrl-C ends it."""
    while True:
        before = newest()
        subprocess.run([sys.executable, "-m", "pytest", "-x", *arguments], cwd=ROOT, check=False)
        while newest() == before:
            time.sleep(0.5)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(0)
