"""A province of any size as arrays: districts like the sample's, side by side, with people and openings drawn from it.

Positions stay inside their district; pay, commute, time since a wish and weekly hours vary around the drawn row, so
that rows repeat each other no more than real ones do.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TypeVar

import numpy as np

from core.matching.inputs.matching_pool import MatchingPool, Openings, Seekers

__all__ = ["PITCH", "districts"]

Table = TypeVar("Table", Seekers, Openings)
PITCH = 16_000.0  # metres from one district's middle to the next; the sample's is 14 km wide


def districts(pool: MatchingPool, count: int, people: int, jobs: int, seed: int = 7) -> tuple[Seekers, Openings]:
    """``count`` districts with ``people`` and ``jobs`` each, ids from 1 on in no order of place."""
    rng = np.random.default_rng(seed)
    columns = int(np.ceil(np.sqrt(count)))
    seekers = _drawn(pool.seekers, rng, count * people)
    openings = _drawn(pool.openings, rng, count * jobs)
    for table in (seekers, openings):
        district = rng.integers(0, count, len(table)) if count > 1 else np.zeros(len(table), dtype=int)
        origin = np.stack([district % columns, district // columns], axis=1) * PITCH
        table.position[:] = table.position + rng.normal(0, 250, table.position.shape) + origin
    seekers.reserve[:] = np.rint(seekers.reserve * rng.uniform(0.9, 1.1, len(seekers)) / 50) * 50
    seekers.target[:] = np.rint(seekers.target * rng.uniform(0.9, 1.1, len(seekers)) / 50) * 50
    seekers.wish_age[:] = np.rint(seekers.wish_age * rng.uniform(0.5, 1.5, len(seekers)))
    pay = rng.uniform(0.9, 1.1, len(openings))
    openings.pay_low[:] = np.rint(openings.pay_low * pay / 10) * 10
    openings.pay_high[:] = np.rint(openings.pay_high * pay / 10) * 10
    openings.seats[:] = rng.integers(1, 6, len(openings))
    return seekers, openings


def _drawn(table: Table, rng: np.random.Generator, n: int) -> Table:
    drawn = table.take(rng.integers(0, len(table), n))
    return type(table)(
        **{f.name: getattr(drawn, f.name) for f in fields(table) if f.name != "ids"}, ids=np.arange(1, n + 1)
    )
