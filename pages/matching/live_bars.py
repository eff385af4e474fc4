"""What the bars of the ranked list get: the rows that the server ranked, and the contenders that the browser ranks by
itself while a slider moves.

Contenders are eligible candidates by masked name, with factors and no other fact about them. Where a tie-break or a quota
asks who is in hardship the browser is not given them, nor where they are more than ``LARGEST``: the bars then follow when
the slider is released.
"""

from __future__ import annotations

import zlib
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
from pages.common.bars import mount
from pages.common.session_keys import Key
from pages.common.view import View
from pages.matching import weights
from pages.matching.context import RankingContext, candidate_name, read_candidates
from pages.matching.selection import Selection

__all__ = ["packed", "show_contenders", "show_list"]

LARGEST = 2_000_000  # bytes
TICKS = (0, 20, 40, 60, 80, 100)  # points


def show_list(context: RankingContext) -> None:
    """The listed candidates as stacked bars; a click on one shows it in detail."""
    key = Key.MATCH_LIST.of(context.selection.kind.value, context.selection.subject_id)
    mount.mount(key, _list(context), lambda number: _picked(number, context))


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
        mount.mount(Key.MATCH_CONTENDERS, data)


def packed(candidates: Candidates, rows: np.ndarray, *, preset: Preset, top_n: int) -> dict[str, Any]:
    """Whole-number factors of some candidates for ``bars.js``."""
    return mount.packed(
        candidates.ids[rows],
        candidates.profile.take(rows),
        weights=as_weights(preset.weights).tolist(),
        top_n=top_n,
        coverage=coverage_bound(candidates.min_coverage),
    )


def _list(context: RankingContext) -> dict[str, Any]:
    """What ``bars.js`` calls a List."""
    tr, candidates, rows = context.view.tr, context.candidates, context.shortlist.rows
    profile, locks = candidates.profile.take(rows), weights.current_locks()
    return mount.bar_list(
        tr,
        factors=[
            {
                "key": Key.WEIGHT.of(factor.code),
                "label": tr(factor.label),
                "colour": factor.colour,
                "weight": context.sliders[factor.code],
                "locked": factor.code in locks,
            }
            for factor in FACTORS
        ],
        rows=[
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
        top_n=context.selection.top_n,
        pool=_pool(context.view, context.selection),
        ticks=TICKS,
        texts={
            "name": tr("Ranked list with points by factor; the same as a table below"),
            "axis": tr("points out of 100"),
            "word": "{factor} {points}",
            "range": tr("{low} to {high}", low="{low}", high="{high}"),
            "part": tr("{factor}: {points} points", factor="{factor}", points="{points}"),
            "measured": tr(
                "{factor}: {points} points, measured: {raw}", factor="{factor}", points="{points}", raw="{raw}"
            ),
        },
    )


def _pool(view: View, selection: Selection) -> str:
    """Names the contenders of a list: a list follows the sliders by its own alone."""
    who = zlib.crc32(selection.mask.tobytes())
    what = (view.revision, selection.kind.value, selection.subject_id, selection.mode.value, selection.top_n, who)
    return "/".join(map(str, (*what, *selection.preset.weights.values())))


def _size(data: dict[str, Any]) -> int:
    """Bytes of what is sent, about."""
    texts = (data["ids"], data["values"], data["known"], *data["names"], *data["states"])
    return sum(len(text.encode()) + 4 for text in texts)


def _picked(number: int, context: RankingContext) -> None:
    """Show the clicked candidate; only the pair is redrawn."""
    st.session_state[context.row_key] = number
    st.rerun(Key.MATCH_PAIR)
