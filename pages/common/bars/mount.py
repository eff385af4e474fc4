"""A ranked list in the browser: the rows that the server ranked, and the contenders that ``bars.js`` ranks by itself while
a slider moves.

A screen says in ``data`` what the module calls a List (``bar_list``) and a Pool (``packed``, with ``pool``, ``names`` and
``states``); the list follows the sliders by the pool of the same name alone.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core.locale import Translator
from core.matching.ranking.contenders import known_bits
from core.matching.ranking.scoring import Profile

__all__ = ["FOLDER", "bar_list", "mount", "packed"]

FOLDER = Path(__file__).parent
PICK = "pick"  # the trigger that a click on a line sets, to the number of the row
EVERYBODY = Fraction(0)  # share of the weight that must be known

_bars = st.components.v2.component(
    "ranked_bars",
    js=(FOLDER / "bars.js").read_text(encoding="utf-8"),
    css=(FOLDER / "bars.css").read_text(encoding="utf-8"),
)


def mount(key: str, data: dict[str, Any], on_pick: Callable[[int], None] | None = None) -> None:
    """A list whose lines can be picked, or without ``on_pick`` contenders, of which nothing is seen."""
    if on_pick is None:
        _bars(key=key, data=data, height=1)
        return

    def picked() -> None:
        number = st.session_state[key].get(PICK)
        if number is not None:
            on_pick(int(number))

    _bars(key=key, data=data, on_pick_change=picked)


def packed(
    ids: np.ndarray,
    profile: Profile,
    *,
    weights: Sequence[int],
    top_n: int,
    coverage: Fraction = EVERYBODY,
    logs: np.ndarray | None = None,
) -> dict[str, Any]:
    """Some rows as numbers for ``bars.js``, little-endian: ids, values by factor and known bits.

    ``weights`` are those that places are compared with. With ``logs`` (factors, n) the scores shown are geometric means;
    the order is that of ``profile``.
    """
    return {
        "ids": _base64(ids, "<i4"),
        "values": _base64(profile.values, "<u2"),
        "known": _base64(known_bits(profile), "u1"),
        "coverage": [coverage.numerator, coverage.denominator],
        "preset": [int(weight) for weight in weights],
        "top": top_n,
        **({} if logs is None else {"logs": _base64(logs, "<f8")}),
    }


def bar_list(
    tr: Translator,
    *,
    factors: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
    top_n: int,
    pool: str,
    ticks: Sequence[float],
    texts: Mapping[str, str],
    levels: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """A list: ``factors`` with the key of each slider, ``rows`` the first place first.

    ``texts`` are name, axis, word, range, part and measured; ``levels`` name ranges of scores, lowest first.
    """
    common = {"new": tr("new"), "comma": tr(", "), "total": tr("{points} points", points="{points}")}
    return {
        "factors": list(factors),
        "rows": list(rows),
        "top": top_n,
        "pool": pool,
        "ticks": list(ticks),
        "levels": list(levels),
        "lang": tr.lang.replace("_", "-"),
        "texts": common | dict(texts),
    }


def _base64(array: np.ndarray, kind: str) -> str:
    return b64encode(np.ascontiguousarray(array, dtype=kind).tobytes()).decode()
