"""Opening a store whose server may need a moment, as after a power cut when both machines start at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from core.store.database import Database
from core.store.failures import Failure, diagnose

__all__ = ["PAUSES", "migrate_patiently"]

PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds between attempts


def migrate_patiently(
    db: Database,
    migrate: Callable[[Database], None],
    *,
    pauses: Sequence[float] = PAUSES,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """``migrate(db)``, again after each pause while the server does not answer; then its error goes on."""
    for pause in pauses:
        try:
            return migrate(db)
        except Exception as error:
            if diagnose(error) is not Failure.UNREACHABLE:
                raise
            sleep(pause)
    return migrate(db)
