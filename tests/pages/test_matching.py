"""What the matching page gives the browser to rank by."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.matching import live_bars

CROCHET = "148"  # an opening for which many rank


def mounts(at: AppTest) -> list[dict[str, Any]]:
    """What the mounts of the bars were given."""
    assert not at.exception
    return [json.loads(element.proto.json or element.proto.mixed.json) for element in at.get("bidi_component")]


def test_contenders_are_masked_and_carry_factors_alone(sample) -> None:  # type: ignore[no-untyped-def]
    shown, contenders = mounts(sample("matching", job=CROCHET))

    assert shown["pool"] == contenders["pool"]
    assert set(contenders) == {"ids", "values", "known", "coverage", "preset", "top", "pool", "names", "states"}
    assert len(contenders["names"]) > len(shown["rows"])
    assert all("*" in name for name in contenders["names"])
    assert {row["name"] for row in shown["rows"]} <= set(contenders["names"])


@pytest.mark.parametrize("chosen", [{"quota": "30"}, {"hardship": "1"}])
def test_who_is_in_hardship_is_not_given_away_by_contenders(sample, chosen) -> None:  # type: ignore[no-untyped-def]
    (shown,) = mounts(sample("matching", job=CROCHET, **chosen))
    assert len(shown["rows"]) == 10


def test_too_many_contenders_are_not_sent(sample, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(live_bars, "LARGEST", 1000)
    (shown,) = mounts(sample("matching", job=CROCHET))
    assert len(shown["rows"]) == 10
