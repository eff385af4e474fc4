"""Slows down guessing: too many failures from one address, or for one name, and nothing is tried for a while."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

__all__ = ["Throttle"]


@dataclass
class Throttle:
    """``limit`` failures within ``window`` block a key for a further ``window``; in the memory of this process."""

    limit: int
    window: timedelta
    failures: dict[str, deque[datetime]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock, repr=False)

    def failed(self, key: str, now: datetime) -> None:
        """Count a failure."""
        with self.lock:
            for old in [name for name, times in self.failures.items() if times[-1] <= now - self.window]:
                del self.failures[old]
            self.failures.setdefault(key, deque(maxlen=self.limit)).append(now)

    def blocked_until(self, key: str, now: datetime) -> datetime | None:
        """When the next try is allowed; None: now."""
        with self.lock:
            times = self.failures.get(key)
            if times is None or len(times) < self.limit or times[0] <= times[-1] - self.window:
                return None
            until = times[-1] + self.window
            return until if until > now else None
