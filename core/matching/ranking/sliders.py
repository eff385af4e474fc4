"""Whole sliders 0–100: how the others give way when one is moved while some are locked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from core.matching.inputs.factors import CODES

__all__ = ["evened", "hundred", "rescaled"]

TOTAL = 100


def hundred(weights: npt.NDArray[Any]) -> dict[str, int]:
    """Weights in any unit as whole sliders that sum to 100 (largest remainders)."""
    return _apportion(dict(zip(CODES, weights.tolist(), strict=True)), TOTAL)


def evened(sliders: Mapping[str, int], locked: Collection[str]) -> dict[str, int]:
    """The same for every slider that is not locked: what the locked ones leave of 100, or 50 without locks."""
    free = [code for code in CODES if code not in locked]
    if not free:
        return dict(sliders)
    if not locked:
        return dict.fromkeys(CODES, 50)
    remainder = max(TOTAL - sum(sliders[code] for code in locked), 0)
    return {**sliders, **_apportion(dict.fromkeys(free, 1), remainder)}


def rescaled(sliders: Mapping[str, int], moved: str, locked: Collection[str]) -> dict[str, int]:
    """Sliders that sum to 100 after ``moved`` was set: locked ones stay, the others share the rest as before.

    ``moved`` takes at most what the locked ones leave of 100, and exactly that when every other slider is locked.
    """
    fixed = {code: sliders[code] for code in locked if code != moved}
    free = {code: sliders[code] for code in CODES if code not in fixed and code != moved}
    available = max(TOTAL - sum(fixed.values()), 0)
    value = min(sliders[moved], available) if free else available
    return {**sliders, moved: value, **_apportion(free, available - value)}


def _apportion(parts: Mapping[str, float], total: int) -> dict[str, int]:
    """``total`` divided in the proportion of ``parts`` (evenly if all are zero), in whole numbers: largest remainders."""
    if not parts:
        return {}
    values = np.array(list(parts.values()), dtype=float)
    shares = values / values.sum() if values.sum() > 0 else np.full(len(values), 1 / len(values))
    exact = shares * total
    whole = np.floor(exact + 1e-9).astype(int)
    whole[np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]] += 1
    return dict(zip(parts, whole.tolist(), strict=True))
