from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.locale import translator
from core.matching.fairness import (
    ATTRIBUTES,
    Verdict,
    attributes,
    audit,
    flagged_limits,
    label,
    selections_to_decide,
    sentence,
)
from core.matching.inputs.limits import LIMITS


def of(**counts: tuple[int, int]) -> tuple[list[str], np.ndarray]:
    """group=(selected, eligible) → groups and selections of the single people."""
    groups, selected = [], []
    for name, (s, n) in counts.items():
        groups += [name] * n
        selected += [True] * s + [False] * (n - s)
    return groups, np.array(selected, dtype=bool)


def by_group(rates):
    return {rate.group: rate for rate in rates}


def test_half_the_rate_is_flagged_and_is_no_chance() -> None:
    rates = by_group(audit(*of(men=(48, 80), women=(12, 40))))
    assert rates["women"].ratio == pytest.approx(0.5)
    assert rates["women"].below
    assert rates["women"].p == pytest.approx(0.0034, abs=5e-5)
    assert not rates["women"].flips
    assert rates["men"].reference
    assert rates["men"].p is None


def test_small_numbers_may_be_chance() -> None:
    rates = by_group(audit(*of(a=(6, 10), b=(4, 10))))
    assert rates["b"].ratio == pytest.approx(2 / 3)
    assert rates["b"].p == pytest.approx(0.66, abs=5e-3)
    assert rates["b"].below
    assert rates["b"].flips  # 5 of 10 against 5 of 10


def test_of_the_four_rates_of_1979_only_three_quarters_is_flagged() -> None:
    rates = by_group(audit(*of(white=(60, 100), black=(45, 100), hispanic=(48, 100), asian=(51, 100))))
    assert {name for name, rate in rates.items() if rate.below} == {"black"}
    assert rates["hispanic"].ratio == pytest.approx(0.8)


def test_groups_too_small_are_suppressed_and_can_not_be_recovered_by_subtraction() -> None:
    rates = by_group(audit(*of(a=(30, 60), b=(10, 30), c=(1, 3))))
    assert rates["c"].suppressed
    assert rates["b"].suppressed  # else 93 − 60 − 30 would tell
    assert rates["c"].eligible is None
    assert not rates["a"].suppressed
    several = by_group(audit(*of(a=(30, 60), b=(10, 30), c=(1, 3), d=(0, 2))))
    assert not several["b"].suppressed
    tiny_share = by_group(audit(*of(a=(300, 600), b=(2, 9), c=(1, 9))))
    assert tiny_share["b"].suppressed


def test_nobody_selected_flags_nobody() -> None:
    rates = audit(*of(a=(0, 20), b=(0, 30)))
    assert not any(rate.below for rate in rates)
    assert all(rate.ratio is None for rate in rates)
    assert audit([], np.array([], dtype=bool)) == []


def test_every_group_and_every_sentence_has_words() -> None:
    people = pd.DataFrame(
        {
            "id": np.arange(40),
            "sex": pd.array((["female", "male", "female", None] * 10), dtype="str"),
            "birth_date": pd.to_datetime([f"{1950 + n}-06-01" for n in range(40)]).astype("datetime64[s]"),
            "registration": pd.array(["urban", "rural"] * 20, dtype="str"),
            "disability": pd.array(["肢体三级"] * 10 + [None] * 30, dtype="str"),
            "community": pd.array(["甲", "乙", None, "丁"] * 10, dtype="str"),
        }
    )
    table = attributes(people, date(2025, 12, 28))
    chosen = np.arange(40) % 3 == 0
    for lang in ("zh_CN", "en"):
        tr = translator(lang)
        for name in ATTRIBUTES:
            rates = audit(table[name], chosen)
            text = sentence(rates, name, tr("being on the list shown"), tr)
            assert "{" not in text
            assert all(label(name, rate.group, tr) for rate in rates)
    assert set(table["age"]) <= {"0-30", "30-40", "40-50", "50-60", "60-200"}


def test_a_limit_that_falls_on_one_group_is_named() -> None:
    table = pd.DataFrame({name: ["x"] * 20 + ["y"] * 20 for name in ATTRIBUTES})
    states = np.ones((len(LIMITS), 40), dtype=np.int8)
    states[0, :18] = -1
    flagged = flagged_limits(table, states)
    assert {(code, name, rate.group) for code, name, rate in flagged} == {
        (LIMITS[0].code, name, "x") for name in ATTRIBUTES
    }


def test_below_four_fifths_is_a_look_only_where_it_is_unlikely_to_be_chance() -> None:
    clear, chance, even = (
        by_group(audit(*of(a=a, b=b)))["b"] for a, b in (((48, 80), (12, 40)), ((6, 10), (4, 10)), ((5, 10), (5, 11)))
    )
    assert (clear.verdict, chance.verdict, even.verdict) == (Verdict.LOOK, Verdict.TOO_FEW, Verdict.EVEN)


def test_how_many_more_selections_would_decide_is_the_first_that_does() -> None:
    rates = by_group(audit(*of(a=(8, 100), b=(4, 100))))
    more = selections_to_decide(rates["b"], rates["a"])
    assert more is not None
    for extra in (more - 1, more):
        s = round((12 + extra) / 3)
        decided = by_group(audit(*of(a=(12 + extra - s, 100), b=(s, 100))))["b"].verdict
        assert (decided is Verdict.LOOK) == (extra == more)
    tiny = by_group(audit(*of(a=(6, 10), b=(4, 10))))
    assert selections_to_decide(tiny["b"], tiny["a"]) is None


def test_ten_selected_of_215_do_not_light_up_the_communities() -> None:
    """Fourteen communities of about fifteen people, ten selections: eleven were flagged by the ratio alone."""
    sizes = [15] * 13 + [20]
    chosen = [1] * 8 + [2] + [0] * 5
    rates = audit(*of(**{f"c{n:02}": (s, size) for n, (s, size) in enumerate(zip(chosen, sizes, strict=True))}))
    assert sum(rate.below for rate in rates) >= 11
    assert not [rate for rate in rates if rate.verdict is Verdict.LOOK]
    assert "too few to judge" in sentence(rates, "community", "x", translator("en"))
