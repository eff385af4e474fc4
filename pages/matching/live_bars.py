"""The ranked list in the browser: the rows that the server ranked, and the contenders that it ranks by itself while a
slider moves.

Contenders are eligible candidates by masked name, with factors and no other fact about them. Where a tie-break or a quota
asks who is in hardship the browser is not given them, nor where they are more than ``LARGEST``: the bars then follow when
the slider is released.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core.matching import tables
from core.matching.inputs.factors import CODES, FACTORS
from core.matching.inputs.limits import UNKNOWN
from core.matching.ranking.contenders import contenders, known_bits
from core.matching.ranking.presets import Preset
from core.matching.ranking.scoring import as_weights, coverage_bound
from core.matching.ranking.shortlist import Candidates
from pages.common.session_keys import Key
from pages.common.view import View
from pages.matching import weights
from pages.matching.context import RankingContext, candidate_name, read_candidates
from pages.matching.selection import Selection

__all__ = ["packed", "show_contenders", "show_list"]

FOLDER = Path(__file__).parents[1] / "common" / "bars"
LARGEST = 2_000_000  # bytes
PICK = "pick"  # the trigger that a click on a line sets, to the id of the candidate

_bars = st.components.v2.component(
    "ranked_bars",
    js=(FOLDER / "bars.js").read_text(encoding="utf-8"),
    css=(FOLDER / "bars.css").read_text(encoding="utf-8"),
)


def show_list(context: RankingContext) -> None:
    """The listed candidates as stacked bars; a click on one shows it in detail."""
    key = Key.MATCH_LIST.of(context.selection.kind.value, context.selection.subject_id)
    _bars(key=key, data=_list(context), on_pick_change=lambda: _picked(key, context))


def show_contenders(view: View, selection: Selection) -> None:
    """What the bars follow the sliders by; nothing is seen of it."""
    if selection.hardship_first or selection.quota:
        return
    candidates = read_candidates(view, selection)
    eligible = np.flatnonzero(selection.mask & (candidates.verdict > UNKNOWN))
    some = contenders(candidates.profile.take(eligible), candidates.ids[eligible], selection.top_n)
    data = {
        **packed(candidates, eligible[some], preset=selection.preset, top_n=selection.top_n),
        "pool": _pool(view, selection),
        "names": [candidate_name(candidates, row, view.tr) for row in eligible[some].tolist()],
        "states": tables.state_texts(candidates, eligible[some], view.tr),
    }
    if _size(data) <= LARGEST:
        _bars(key=Key.MATCH_CONTENDERS, data=data, height=1)


def packed(candidates: Candidates, rows: np.ndarray, *, preset: Preset, top_n: int) -> dict[str, Any]:
    """Whole-number factors of some candidates for ``bars.js``: ids, values by factor and known bits, little-endian."""
    profile, bound = candidates.profile.take(rows), coverage_bound(candidates.min_coverage)
    return {
        "ids": _base64(candidates.ids[rows], "<i4"),
        "values": _base64(profile.values, "<u2"),
        "known": _base64(known_bits(profile), "u1"),
        "coverage": [bound.numerator, bound.denominator],
        "preset": as_weights(preset.weights).tolist(),
        "top": top_n,
    }


def _list(context: RankingContext) -> dict[str, Any]:
    """What ``bars.js`` calls a List."""
    tr, candidates, rows = context.view.tr, context.candidates, context.shortlist.rows
    profile, locks = candidates.profile.take(rows), weights.current_locks()
    return {
        "factors": [
            {
                "key": Key.WEIGHT.of(factor.code),
                "label": tr(factor.label),
                "colour": factor.colour,
                "weight": context.sliders[factor.code],
                "locked": factor.code in locks,
            }
            for factor in FACTORS
        ],
        "rows": [
            {
                "id": id_,
                "name": name,
                "mark": mark,
                "state": state,
                "values": values,
                "known": known,
                "raw": [tables.raw_text(candidates, row, j, tr) for j in range(len(CODES))],
            }
            for id_, row, name, mark, state, values, known in zip(
                candidates.ids[rows].tolist(),
                rows.tolist(),
                *(context.rows[column].tolist() for column in ("name", "mark", "state")),
                profile.values.T.tolist(),
                known_bits(profile).tolist(),
                strict=True,
            )
        ],
        "top": context.selection.top_n,
        "pool": _pool(context.view, context.selection),
        "lang": tr.lang.replace("_", "-"),
        "texts": {
            "name": tr("Ranked list with points by factor; the same as a table below"),
            "axis": tr("points out of 100"),
            "new": tr("new"),
            "comma": tr(", "),
            "total": tr("{points} points", points="{points}"),
            "range": tr("{low} to {high}", low="{low}", high="{high}"),
            "part": tr("{factor}: {points} points", factor="{factor}", points="{points}"),
            "measured": tr(
                "{factor}: {points} points, measured: {raw}", factor="{factor}", points="{points}", raw="{raw}"
            ),
        },
    }


def _pool(view: View, selection: Selection) -> str:
    """Names the contenders of a list: a list follows the sliders by its own alone."""
    who = zlib.crc32(selection.mask.tobytes())
    what = (view.revision, selection.kind.value, selection.subject_id, selection.mode.value, selection.top_n, who)
    return "/".join(map(str, (*what, *selection.preset.weights.values())))


def _base64(array: np.ndarray, kind: str) -> str:
    return b64encode(np.ascontiguousarray(array, dtype=kind).tobytes()).decode()


def _size(data: dict[str, Any]) -> int:
    """Bytes of what is sent, about."""
    texts = (data["ids"], data["values"], data["known"], *data["names"], *data["states"])
    return sum(len(text.encode()) + 4 for text in texts)


def _picked(key: str, context: RankingContext) -> None:
    """Show the clicked candidate; only the pair is redrawn."""
    picked = st.session_state[key].get(PICK)
    if picked is not None:
        st.session_state[context.row_key] = int(picked)
        st.rerun(Key.MATCH_PAIR)
