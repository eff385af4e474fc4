"""The order under other weights as bars that follow the sliders: the score, what each pillar loses of 100, the tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core import palette
from core.enterprises.weights import Ranking, whole_weights
from core.matching.ranking.contenders import contenders, known_bits
from core.terms import Pillar, Tier
from pages.common.bars import mount
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["LISTED", "contender_data", "show"]

LISTED = 50  # enterprises that are drawn; the table has them all
TICKS = (0.0, 20.0, 40.0)  # points, below the lowest tier
ROOM = 9  # points between two of them


def show(
    view: View,
    ranking: Ranking,
    sliders: Mapping[Pillar, int],
    published: Mapping[Pillar, int],
    names: Mapping[int, str],
    thresholds: Sequence[float],
) -> None:
    """The first enterprises; a click on one challenges its place."""
    tr = view.tr
    pool = "/".join(map(str, (view.revision, *published.values())))
    mount.mount(Key.PILLAR_CONTENDERS, contender_data(ranking, published, names) | {"pool": pool})
    mount.mount(
        Key.PILLAR_BARS,
        mount.bar_list(
            tr,
            factors=[
                {
                    "key": Key.PILLAR_WEIGHT.of(pillar.value),
                    "label": tr.term(pillar),
                    "colour": colour,
                    "weight": sliders[pillar],
                    "locked": False,
                }
                for pillar, colour in zip(Pillar, palette.FACTORS, strict=False)
            ],
            rows=_rows(view, ranking, sliders, published, names),
            top_n=LISTED,
            pool=pool,
            ticks=[tick for tick in TICKS if tick < thresholds[0] - ROOM] + [*thresholds, 100],
            levels=_levels(view, thresholds),
            texts={
                "name": tr("Order under these weights with points lost by pillar; the same as a table below"),
                "axis": tr("points out of 100, with lines where the tiers begin"),
                "word": tr("{factor} −{points}", factor="{factor}", points="{points}"),
                "range": tr("{points} points", points="{points}"),
                "part": tr("{factor}: {points} points lost", factor="{factor}", points="{points}"),
                "measured": "",
            },
        ),
        _challenge,
    )
    st.caption(
        tr(
            "A bar is the score, in the colour of the tier that it alone would give; the parts behind it are what each pillar "
            "loses of 100 points."
        )
    )


def contender_data(ranking: Ranking, published: Mapping[Pillar, int], names: Mapping[int, str]) -> dict[str, Any]:
    """What the browser ranks by: whoever can come among the first ``LISTED`` under some weights."""
    some = contenders(ranking.profile, ranking.keys, LISTED)
    packed = mount.packed(
        ranking.keys[some],
        ranking.profile.take(some),
        weights=whole_weights(published).tolist(),
        top_n=LISTED,
        logs=ranking.logs[some].T,
    )
    return packed | {"names": [names[key] for key in ranking.keys[some].tolist()], "states": [""] * len(some)}


def _rows(
    view: View,
    ranking: Ranking,
    sliders: Mapping[Pillar, int],
    published: Mapping[Pillar, int],
    names: Mapping[int, str],
) -> list[dict[str, Any]]:
    profile, logs = ranking.profile, dict(zip(ranking.keys.tolist(), ranking.logs.tolist(), strict=True))
    known = int(known_bits(profile)[0])
    before = {key: n for n, key in enumerate(ranking.order(whole_weights(published))[:LISTED])}
    return [
        {
            "id": key,
            "name": names[key],
            "mark": _mark(view, before.get(key), place),
            "state": "",
            "values": [],
            "known": known,
            "logs": logs[key],
        }
        for place, key in enumerate(ranking.order(whole_weights(sliders))[:LISTED])
    ]


def _mark(view: View, before: int | None, place: int) -> str:
    if before is None:
        return view.tr("new")
    return f"{'▲' if before > place else '▼'}{abs(before - place)}" if before != place else ""


def _levels(view: View, thresholds: Sequence[float]) -> list[dict[str, Any]]:
    colours = palette.TIERS_ON_DARK if view.is_dark else palette.TIERS
    return [
        {"at": at, "name": view.tr.term(tier), "colour": colours[tier]}
        for tier, at in zip(Tier, (0.0, *thresholds), strict=True)
    ]


def _challenge(key: int) -> None:
    st.session_state[Key.CHALLENGE_ENTERPRISE] = key
