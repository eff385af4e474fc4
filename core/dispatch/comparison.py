"""Why a figure changed between two frozen weeks: the rows that entered and left, exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

__all__ = ["row_changes"]

COLUMNS = ("indicator", "side", "change", "key", "head_count")


def row_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> pd.DataFrame:
    """Rows counted in one of two frozen contents only: indicator, side (numerator, denominator), change (entered,
    left), key (as frozen) and head_count.

    For every indicator and side, head counts entered minus left equal the change of the frozen figure. A row whose head
    count was corrected leaves with the old one and enters with the new one.
    """
    rows = []
    for indicator, sides in after["rows"].items():
        earlier = before["rows"].get(indicator, {})
        for side, keys in sides.items():
            now, then = Counter(keys), Counter(earlier.get(side, []))
            for change, difference in (("entered", now - then), ("left", then - now)):
                rows += [(indicator, side, change, key, _head_count(key)) for key in sorted(difference.elements())]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"head_count": "int64"})


def _head_count(key: str) -> int:
    _, separator, count = key.rpartition("×")
    return int(count) if separator else 1
