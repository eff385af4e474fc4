"""The exact roster, searched in a process of its own while the greedy one is already on screen.

    search = ExactSearch(places, workers, seconds=20)
    search.progress, search.is_done      # as it goes on
    search.cancel()                      # ends it; the best roster so far stays
    search.result()                      # waits; the better of both

``propose`` waits for it; ``replan`` keeps a roster as it is except for what must change.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path

import numpy as np

from core.workshops.staffing import FREE, SHIFTS, Cell, Place, Roster, Worker, balanced, cost, greedy, violations

__all__ = ["ExactSearch", "Progress", "propose", "replan"]

ROOT = Path(__file__).resolve().parents[2]
GRACE = 10.0  # seconds beyond the time allowed, for starting the process and reading the problem


@dataclass(frozen=True)
class Progress:
    """Where the search stands."""

    seconds: float
    cost: float  # of the best roster so far; inf while there is none
    gap: float  # proven relative distance from the best possible; inf while nothing is proven


class ExactSearch:
    """A running search; ``fixed`` cells stay as they are, ``base`` makes it a re-plan with fewest changes."""

    def __init__(
        self,
        places: Sequence[Place],
        workers: Sequence[Worker],
        *,
        seconds: float,
        fixed: Mapping[Cell, int] | None = None,
        base: np.ndarray | None = None,
    ) -> None:
        """Start the process. The search begins at the greedy roster where that keeps the fixed cells."""
        self._places, self._workers, self._fixed, self._base = places, workers, dict(fixed or {}), base
        self.quick = greedy(places, workers)
        start = None if violations(self.quick, places, workers, self._fixed) else self.quick.tolist()
        self.seconds = seconds
        self.progress: list[Progress] = []
        self.is_cancelled = False
        self._answer: dict[str, object] | None = None
        self._process = subprocess.Popen(
            [sys.executable, "-m", "core.workshops.exact_child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, args=(self._problem(seconds, start),), daemon=True)
        self._reader.start()

    @property
    def is_done(self) -> bool:
        """Whether the result is there, or the search was cancelled."""
        return not self._reader.is_alive()

    @property
    def has_failed(self) -> bool:
        """Whether the process ended by itself without a result."""
        return self.is_done and not self.is_cancelled and self._answer is None

    def cancel(self) -> None:
        """End the process; the result is the best roster that it has found by then."""
        self.is_cancelled = True
        self._process.kill()

    def result(self) -> Roster | None:
        """Wait for the better of the greedy and the exact roster; None where no roster keeps the fixed cells."""
        self._reader.join(self.seconds + GRACE)
        if self._reader.is_alive():
            self.cancel()
            self._reader.join()
        is_valid = not violations(self.quick, self._places, self._workers, self._fixed)
        first = cost(self.quick, self._places, self._workers)
        quick = Roster(self.quick, "greedy", first, None) if is_valid and self._base is None else None
        if self._answer is None or self._answer["table"] is None:
            return quick
        table = np.array(self._answer["table"], dtype=int).reshape(len(self._workers), SHIFTS)
        if violations(table, self._places, self._workers, self._fixed):  # every solution is checked against the rules
            return quick
        if self._base is None and not self._fixed and len(self._places) == 1:  # elsewhere it takes longer than it gains
            table = min((table, balanced(table.copy(), self._workers)), key=self._cost)
        value, gap = self._cost(table), float(str(self._answer["gap"]))
        is_proven = isfinite(gap)  # not where the search was ended
        if quick is not None and value > quick.cost + (1e-9 if is_proven else -1e-9):
            return quick
        method = "exact" if self._base is None else "replan"
        return Roster(table, method, value, gap if is_proven else None)

    def _cost(self, table: np.ndarray) -> float:
        return cost(table, self._places, self._workers)

    def _problem(self, seconds: float, start: list[list[int]] | None) -> str:
        return json.dumps(
            {
                "places": [asdict(place) for place in self._places],
                "workers": [asdict(worker) for worker in self._workers],
                "fixed": [[i, s, p] for (i, s), p in self._fixed.items()],
                "base": None if self._base is None else self._base.tolist(),
                "start": start,
                "seconds": seconds,
            },
            default=float,
        )

    def _read(self, problem: str) -> None:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(problem + "\n")
            process.stdin.close()
            for line in process.stdout:
                content = json.loads(line)
                if "table" in content:
                    self._answer = content
                else:
                    self.progress.append(Progress(**content))
        except (BrokenPipeError, ValueError):  # ended while it read the problem or wrote a line
            if not self.is_cancelled:
                raise
        finally:
            process.stdout.close()
            process.wait()


def propose(
    places: Sequence[Place],
    workers: Sequence[Worker],
    seconds: float = 10.0,
    *,
    fixed: Mapping[Cell, int] | None = None,
) -> Roster | None:
    """The better of the greedy and the exact roster; None where no roster keeps the ``fixed`` cells."""
    if not workers or not places:
        table = np.full((len(workers), SHIFTS), FREE)
        return Roster(table, "greedy", cost(table, places, workers), None)
    return ExactSearch(places, workers, seconds=seconds, fixed=fixed).result()


def replan(
    places: Sequence[Place],
    workers: Sequence[Worker],
    base: np.ndarray,
    *,
    fixed: Mapping[Cell, int] | None = None,
    seconds: float = 10.0,
) -> Roster | None:
    """``base`` with the fewest cells changed that keep the rules and as much of the demand as can be met.

    ``workers`` hold the new availability: somebody absent on a day is not available then. None where nothing is possible.
    """
    return ExactSearch(places, workers, seconds=seconds, fixed=fixed, base=base).result()
