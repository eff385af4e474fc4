"""Parts that misbehave on request; little is imported here, because every worker process of a test imports it."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from core.batch.files import FileEntry, write_table


@dataclass(frozen=True)
class Number:
    """A part that writes its number, and first kills its worker, fails or takes memory if it is asked to."""

    n: int
    folder: Path
    deadly: bool = False  # kills its worker once
    fails: bool = False
    megabytes: int = 0


def write_number(part: Number) -> list[FileEntry]:
    """Write a file with the number; notes every computation in ``log``."""
    with (part.folder / "log").open("a") as log:
        log.write(f"{part.n}\n")
    killed = part.folder / "killed"
    if part.deadly and not killed.exists():
        killed.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if part.fails:
        raise ValueError("cannot be computed")
    size = len(np.ones(part.megabytes << 20, dtype=np.uint8))
    return [write_table(part.folder / f"n-{part.n}.parquet", pa.table({"n": [part.n], "size": [size]}))]
