"""A run: what is missing or damaged is computed, the manifest grows with it, older results go.

Layout, under the folder of the store:

    batch/2025-W52-r318/inputs/     people and openings in tiles
    batch/2025-W52-r318/match/      lists, and the manifest that names them
    batch/2025-W52-r318/access/     … and assign/
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from core.batch.engine import Compute
from core.batch.files import FileEntry, Manifest, is_intact, read_manifest, remove_temporary_files, write_manifest
from core.store.database import make_private_folder

__all__ = ["Progress", "Round", "begin", "newest", "remove_older", "run", "run_folder"]

Progress = Callable[[int, int, int], None]  # parts there, parts in all, rows written
SAVES = 50  # times that the manifest is written in a round: what a killed run lists is at most a fiftieth behind


@dataclass(frozen=True)
class Round:
    """Parts by name that may be computed in any order, and the function of a part that computes one."""

    parts: Mapping[str, Any]
    work: Callable[[Any], list[FileEntry]]


def run_folder(batch: Path, week: str, revision: int) -> Path:
    """Where the runs for a week are kept that read one revision of the store."""
    return batch / f"{week}-r{revision}"


def begin(folder: Path, command: str, inputs: dict[str, Any], at: datetime) -> Manifest:
    """The manifest to go on with: the folder's own, less what is damaged, or a new one if it rests on other inputs."""
    make_private_folder(folder)
    remove_temporary_files(folder)
    fresh = Manifest(command, inputs, started_at=at.isoformat(timespec="seconds"))
    known = read_manifest(folder)
    if known is None or known.command != command or known.inputs_digest != fresh.inputs_digest:
        return fresh
    intact = {part: files for part, files in known.parts.items() if all(is_intact(folder, entry) for entry in files)}
    return known if len(intact) == len(known.parts) else replace(fresh, parts=intact)


def run(
    folder: Path,
    manifest: Manifest,
    rounds: Sequence[Round],
    computed: Compute,
    clock: Callable[[], datetime],
    progress: Progress,
) -> Manifest:
    """Compute what the manifest lacks, round after round, and finish it with the time by ``clock``.

    A part of a later round is computed again if any of an earlier one was: it may have read its files. However the run
    ends, the manifest lists what is finished.
    """
    names = [name for round_ in rounds for name in round_.parts]
    if manifest.finished_at and set(manifest.parts) == set(names):
        progress(len(names), len(names), manifest.rows)
        return manifest
    manifest.finished_at = ""
    try:
        is_stale = False
        for round_ in rounds:
            missing = {name: part for name, part in round_.parts.items() if is_stale or name not in manifest.parts}
            is_stale = bool(missing)
            for name in missing:
                manifest.parts.pop(name, None)
            every = max(len(missing) // SAVES, 1)
            for done, (name, entries) in enumerate(computed(missing, round_.work), start=1):
                manifest.parts[name] = entries
                progress(len(manifest.parts), len(names), manifest.rows)
                if done % every == 0:
                    write_manifest(folder, manifest)
        manifest.parts = {name: manifest.parts[name] for name in names}
        manifest.finished_at = clock().isoformat(timespec="seconds")
    finally:
        write_manifest(folder, manifest)
    return manifest


def newest(batch: Path, command: str) -> tuple[Path, Manifest] | None:
    """The folder and manifest of the finished run of ``command`` that read the newest revision of the store."""
    finished = []
    for folder in batch.glob(f"*-r*/{command}"):
        manifest = read_manifest(folder)
        if manifest is not None and manifest.command == command and manifest.finished_at:
            finished.append((int(manifest.inputs["revision"]), manifest.finished_at, folder, manifest))
    return max(finished, key=lambda each: each[:3])[2:] if finished else None


def remove_older(batch: Path, folder: Path, command: str) -> None:
    """Remove the results of ``command`` and the inputs of every other run folder than ``folder``.

    They hold where people live and what they can do: no longer than needed, and an erased person goes with the next run.
    """
    for other in batch.glob("*-r*"):
        if other != folder:
            shutil.rmtree(other / command, ignore_errors=True)
            shutil.rmtree(other / "inputs", ignore_errors=True)
            if not any(other.iterdir()):
                other.rmdir()
