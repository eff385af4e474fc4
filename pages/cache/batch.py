"""Caches of nightly runs, keyed by the manifests of the runs of a command; the newest finished and undamaged one counts."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from core.access import queries as access_queries
from core.access.e2sfca import BANDS
from core.access.job_filter import ALL_JOBS
from core.access.measures import Base, MeasureTable
from core.batch import results
from core.batch.results import NightlyAccess, NightlyAssignment, NightlyLists, NightlyRun
from core.geography.plane import TravelMode
from core.terms import PersonState
from pages.cache import job_map
from pages.cache.store import cached, database

Manifests = tuple[tuple[str, int], ...]


def has_nightly_lists() -> bool:
    """Whether a nightly run has left lists, finished or not."""
    return _manifests("match") != ()


def has_nightly_assignment() -> bool:
    """Whether a nightly run has left an assignment, finished or not."""
    return _manifests("assign") != ()


def runs(revision: int) -> dict[str, tuple[NightlyRun | None, bool]]:
    """By command: what its newest run says of itself, and whether one has left anything, finished or not."""
    known = {
        "access": nightly_access(revision),
        "match": nightly_lists(revision),
        "assign": nightly_assignment(revision),
    }
    return {command: (run and run.about(), _manifests(command) != ()) for command, run in known.items()}


def nightly_lists(revision: int) -> NightlyLists | None:
    """The newest lists; None without any, or if they are of a store that was restored since."""
    lists = _nightly_lists(str(_folder()), _manifests("match"))
    return lists if lists is not None and lists.revision <= revision else None


def nightly_assignment(revision: int) -> NightlyAssignment | None:
    """The newest assignment; None as for the lists."""
    assignment = _nightly_assignment(str(_folder()), _manifests("assign"))
    return assignment if assignment is not None and assignment.revision <= revision else None


def nightly_access(revision: int) -> NightlyAccess | None:
    """The newest access to work; None as for the lists."""
    access = _nightly_access(str(_folder()), _manifests("access"))
    return access if access is not None and access.revision <= revision else None


def access_shown(revision: int, day: date) -> pd.DataFrame | None:
    """The figures of ``nightly_access`` by community, as they may be shown; None without any."""
    access = nightly_access(revision)
    return None if access is None else results.access_shown(access, _measures(revision, day).min_count)


def people_listed(revision: int, day: date) -> pd.DataFrame | None:
    """How many people ``nightly_lists`` connect with each community, as may be shown; None without any."""
    lists = nightly_lists(revision)
    return None if lists is None else _people_listed(revision, day, lists.revision, lists.finished_at)


def people_assigned(revision: int, day: date) -> pd.DataFrame | None:
    """How many people ``nightly_assignment`` connects with each community, as may be shown; None without any."""
    assignment = nightly_assignment(revision)
    return None if assignment is None else _people_assigned(revision, day, assignment.revision, assignment.finished_at)


def jobs_without_candidates(revision: int, day: date) -> frozenset[int]:
    """Jobs on the map of ``day`` with nobody on their nightly list; none without lists."""
    lists = nightly_lists(revision)
    if lists is None:
        return frozenset()
    jobs = job_map.unfiltered_snapshot(revision, day, day).jobs
    return frozenset(jobs["id"].tolist()) - frozenset(lists.openings["job_id"].tolist())


@cached(max_entries=2)
def _people_listed(revision: int, day: date, _run: int, _finished_at: datetime) -> pd.DataFrame:
    lists = nightly_lists(revision)
    assert lists is not None
    links = pd.DataFrame({name: lists.openings[name] for name in ("person_id", "job_id")})
    return _people_shown(revision, day, lists.people["person_id"], links)


@cached(max_entries=2)
def _people_assigned(revision: int, day: date, _run: int, _finished_at: datetime) -> pd.DataFrame:
    assignment = nightly_assignment(revision)
    assert assignment is not None
    return _people_shown(revision, day, assignment.jobs.index.to_numpy(), assignment.jobs.reset_index())


def _people_shown(revision: int, day: date, people: np.ndarray, links: pd.DataFrame) -> pd.DataFrame:
    with database().read() as connection:
        everyone = access_queries.people(connection, day)
    seeking = everyone[everyone["state"] == PersonState.SEEKING].set_index("person_id")["community_id"]
    jobs, measures = job_map.unfiltered_snapshot(revision, day, day).jobs, _measures(revision, day)
    return results.people_shown(people, links, seeking, jobs, measures.bases[Base.SEEKERS], measures.min_count)


def _measures(revision: int, day: date) -> MeasureTable:
    """Those of the map as it opens: how many seek work does not depend on its setting."""
    return job_map.measures(revision, day, day, ALL_JOBS, TravelMode.WALK, round(BANDS.limit))


@cached(max_entries=1)
def _nightly_lists(folder: str, manifests: Manifests) -> NightlyLists | None:
    return results.nightly_lists(Path(folder))


@cached(max_entries=1)
def _nightly_assignment(folder: str, manifests: Manifests) -> NightlyAssignment | None:
    return results.nightly_assignment(Path(folder))


@cached(max_entries=1)
def _nightly_access(folder: str, manifests: Manifests) -> NightlyAccess | None:
    return results.nightly_access(Path(folder))


def _folder() -> Path:
    return database().batch_folder


def _manifests(command: str) -> Manifests:
    """Every manifest of a command with the time of its last change."""
    manifests = _folder().glob(f"*-r*/{command}/manifest.json")
    return tuple(sorted((str(path), path.stat().st_mtime_ns) for path in manifests))
