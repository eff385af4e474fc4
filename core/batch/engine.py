"""Who computes the parts: this process, some processes of this machine, or the workers of a Dask cluster.

A part is a pure function of its argument that writes its files whole and returns their entries, so that it may be
computed anywhere, twice, or again after a worker was killed: the files are the same to the byte.

    for name, entries in computed(parts, match_partition, Engine(workers=2, memory_mb=400)): ...
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, TypeVar

from core.batch.files import FileEntry

__all__ = ["Engine", "PartFailed", "computed"]

Part = TypeVar("Part")
Work = Callable[[Part], list[FileEntry]]
ATTEMPTS = 3  # of a part whose worker is lost
WAITING = 2  # parts handed to each worker at a time: what a cancelled run still finishes


class PartFailed(RuntimeError):
    """A part that could not be computed, with its name; the cause is the worker's own error."""


@dataclass(frozen=True)
class Engine:
    """``scheduler`` is the address of a Dask scheduler; without one, ``workers`` processes, or this one for 1.

    ``memory_mb`` limits what a local worker may allocate (not on Windows); a Dask worker has its own limit.
    """

    workers: int = 1
    memory_mb: int | None = None
    scheduler: str | None = None


def computed(parts: Mapping[str, Part], work: Work[Part], engine: Engine) -> Iterator[tuple[str, list[FileEntry]]]:
    """(name, entries) of every part as it is finished, in no order. PartFailed names one that could not be computed.

    A caller that stops iterating cancels what has not begun.
    """
    if engine.scheduler:
        yield from _on_dask(parts, work, engine.scheduler)
    elif engine.workers > 1:
        yield from _in_processes(parts, work, engine)
    else:
        for name, part in parts.items():
            yield name, _checked(name, lambda part=part: work(part))  # type: ignore[misc]


def _checked(name: str, result: Callable[[], list[FileEntry]]) -> list[FileEntry]:
    try:
        return result()
    except Exception as error:
        raise PartFailed(f"part {name}: {type(error).__name__}: {error}") from error


def _in_processes(parts: Mapping[str, Part], work: Work[Part], engine: Engine) -> Iterator[tuple[str, list[FileEntry]]]:
    """On worker processes; a killed one is replaced and its parts are computed again."""
    left, attempts = dict(parts), dict.fromkeys(parts, 0)
    while left:
        pool = ProcessPoolExecutor(
            engine.workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_prepare_worker,
            initargs=(engine.memory_mb,),
        )
        running: dict[Future[list[FileEntry]], str] = {}
        try:
            waiting = list(left)
            while waiting or running:
                while waiting and len(running) < WAITING * engine.workers:
                    name = waiting.pop(0)
                    running[pool.submit(work, left[name])] = name
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    name = running.pop(future)
                    try:
                        entries = _checked(name, future.result)
                    except PartFailed as failure:
                        if isinstance(failure.__cause__, BrokenProcessPool):
                            running[future] = name  # lost with its worker, like every other that is running
                            raise failure.__cause__ from None
                        raise
                    del left[name]
                    yield name, entries
        except BrokenProcessPool as error:
            for name in running.values():
                attempts[name] += 1
                if attempts[name] == ATTEMPTS:
                    raise PartFailed(f"part {name}: its worker was lost {ATTEMPTS} times (out of memory?)") from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _prepare_worker(memory_mb: int | None) -> None:
    """One thread for linear algebra, no reaction to Ctrl-C (the parent cancels), and a limit on what is allocated."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if memory_mb is not None and os.name != "nt":
        import resource  # noqa: PLC0415  (not on Windows)

        resource.setrlimit(resource.RLIMIT_DATA, (memory_mb << 20, memory_mb << 20))


def _on_dask(parts: Mapping[str, Part], work: Work[Part], scheduler: str) -> Iterator[tuple[str, list[FileEntry]]]:
    """On the workers of a cluster, which read and write the same folder; its scheduler replaces lost ones."""
    import distributed  # noqa: PLC0415  (an extra)

    with distributed.Client(scheduler, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        futures: dict[Any, str] = {
            client.submit(work, part, pure=False, retries=ATTEMPTS - 1): name for name, part in parts.items()
        }
        try:
            for future in distributed.as_completed(list(futures), loop=client.loop):  # type: ignore[no-untyped-call]
                name = futures.pop(future)
                yield name, _checked(name, future.result)
        finally:
            client.cancel(list(futures))
