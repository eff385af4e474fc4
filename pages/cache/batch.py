"""Caches of nightly runs, keyed by the manifest of the newest one."""

from __future__ import annotations

from pathlib import Path

from core.batch import results
from core.batch.results import NightlyLists
from pages.cache.store import cached, database


def has_nightly_lists() -> bool:
    """Whether a nightly run has left anything, finished or not."""
    return _manifests() != ()


def nightly_lists() -> NightlyLists | None:
    """The newest finished lists that are undamaged; None without any."""
    return _nightly_lists(str(_folder()), _manifests())


@cached(max_entries=1)
def _nightly_lists(folder: str, manifests: tuple[tuple[str, int], ...]) -> NightlyLists | None:
    return results.nightly_lists(Path(folder))


def _folder() -> Path:
    return database().batch_folder


def _manifests() -> tuple[tuple[str, int], ...]:
    """Every manifest of ranked lists with the time of its last change."""
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in _folder().glob("*-r*/match/manifest.json")))
