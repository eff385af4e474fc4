"""Who computes the parts: this process, some processes of this machine, or the workers of a Dask cluster.

A part is a pure function of its argument that writes its files whole and returns their entries, so that it may be
computed anywhere, twice, or again after a worker was killed: the files are the same to the byte.

    with opened(Engine(workers=2, memory_mb=400)) as computed:
        for name, entries in computed(parts, match_partition): ...
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.batch.files import FileEntry

__all__ = ["Compute", "Engine", "PartFailed", "opened"]

Work = Callable[[Any], list[FileEntry]]
Finished = Iterator[tuple[str, list[FileEntry]]]
Compute = Callable[[Mapping[str, Any], Work], Finished]
ATTEMPTS = 3  # of a part whose worker is lost
WAITING = 2  # parts handed to each worker at a time: what a cancelled run still finishes


class PartFailed(RuntimeError):
    """A part that could not be computed, with its name; the cause is the worker's own error."""


@dataclass(frozen=True)
class Engine:
    """``scheduler`` is the address of a Dask scheduler; without one, ``workers`` processes, or this one for 1.

    ``memory_mb`` is how large a process of several may grow (on Linux); a Dask worker has its own limit.
    """

    workers: int = 1
    memory_mb: int | None = None
    scheduler: str | None = None


@contextmanager
def opened(engine: Engine) -> Iterator[Compute]:
    """A function of (parts by name, work) that gives (name, entries) of each part as it is finished, in no order.

    It raises PartFailed with the name of a part that could not be computed. A caller that stops iterating cancels what
    has not begun. Workers are kept until the end of the ``with``.
    """
    if engine.scheduler:
        import distributed  # noqa: PLC0415  (an extra)

        with distributed.Client(engine.scheduler, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            yield lambda parts, work: _on_dask(client, parts, work)
    elif engine.workers > 1:
        pool = _Pool(engine)
        try:
            yield pool.computed
        finally:
            pool.close()
    else:
        yield _here


def _here(parts: Mapping[str, Any], work: Work) -> Finished:
    for name, part in parts.items():
        yield name, _checked(name, lambda part=part: work(part))  # type: ignore[misc]


def _checked(name: str, result: Callable[[], list[FileEntry]]) -> list[FileEntry]:
    try:
        return result()
    except Exception as error:
        raise PartFailed(f"part {name}: {type(error).__name__}: {error}") from error


class _Pool:
    """Processes of this machine. When one is killed all are replaced, and what they were computing is computed again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._executor: ProcessPoolExecutor | None = None

    def close(self) -> None:
        """Wait for what is being computed; nothing else begins."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def computed(self, parts: Mapping[str, Any], work: Work) -> Finished:
        """See ``opened``."""
        left, losses = dict(parts), dict.fromkeys(parts, 0)
        while left:
            running: dict[Future[list[FileEntry]], str] = {}
            try:
                for name, entries in self._rest(left, work, running):
                    del left[name]
                    yield name, entries
            except BrokenProcessPool as error:
                self.close()
                for name in running.values():
                    losses[name] += 1
                    if losses[name] == ATTEMPTS:
                        raise PartFailed(f"part {name}: its worker was lost {ATTEMPTS} times") from error
            finally:
                for future in running:
                    future.cancel()

    def _rest(self, left: Mapping[str, Any], work: Work, running: dict[Future[list[FileEntry]], str]) -> Finished:
        """Once through the parts that are left; ``running`` holds those handed out. BrokenProcessPool."""
        waiting = iter(list(left.items()))
        executor = self._started()
        while True:
            while len(running) < WAITING * self._engine.workers and (following := next(waiting, None)) is not None:
                name, part = following
                running[executor.submit(_within_limit, work, part, self._engine.memory_mb)] = name
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                if isinstance(future.exception(), BrokenProcessPool):
                    future.result()
                name = running.pop(future)
                yield name, _checked(name, future.result)

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(self._engine.workers, context, initializer=_ignore_interrupts)
        return self._executor


def _ignore_interrupts() -> None:
    """Ctrl-C reaches every process of a terminal; only the one that hands out the parts acts on it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _within_limit(work: Work, part: Any, memory_mb: int | None) -> list[FileEntry]:
    """``work(part)`` in a process that may not grow beyond ``memory_mb``: MemoryError instead."""
    if memory_mb is not None:
        _limit_memory(memory_mb)
    return work(part)


@cache
def _limit_memory(memory_mb: int) -> None:
    """Let this process grow to ``memory_mb`` resident megabytes, what is loaded by now included.

    The system limits what is allocated, not what is resident: it is allowed as much more as is missing from the limit.
    """
    if not sys.platform.startswith("linux"):
        return
    import resource  # noqa: PLC0415  (not on Windows)

    resident, data = (int(Path("/proc/self/statm").read_text().split()[column]) for column in (1, 5))
    page = resource.getpagesize()
    limit = data * page + max((memory_mb << 20) - resident * page, 0)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _on_dask(client: Any, parts: Mapping[str, Any], work: Work) -> Finished:
    """On the workers of a cluster, which read and write the same folder; its scheduler replaces lost ones."""
    import distributed  # noqa: PLC0415

    futures: dict[Any, str] = {
        client.submit(work, part, pure=False, retries=ATTEMPTS - 1): name for name, part in parts.items()
    }
    try:
        for future in distributed.as_completed(list(futures), loop=client.loop):  # type: ignore[no-untyped-call]
            name = futures.pop(future)
            yield name, _checked(name, future.result)
    finally:
        client.cancel(list(futures))
