"""Pairs who may be one person: reasons, score, and that nobody likely is left out by the blocking."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.locale.romanized import sound
from core.people.duplicates import scoring
from core.people.duplicates.scoring import Chances, Likeness, duplicate_pairs, groups
from core.store.migrate import REFERENCE

VALUES = pd.read_csv(REFERENCE / "parameters.csv").drop_duplicates("key", keep="last")
CHANCES = Chances.of(dict(zip(VALUES["key"], VALUES["value"], strict=True)))
NAMES = ("张晓明", "李桂兰", "王秀英", "赵海燕", "陈志强", "刘玉芳", "孙丽华", "周建国")


def people(*changes: dict[str, Any], n: int = 200) -> pd.DataFrame:
    """``n`` people who share nothing much, and for each of ``changes`` person 1 once more with these values."""
    rows = [
        {
            "id": k + 1,
            "name": NAMES[k % 8] + "甲乙丙丁戊己庚辛壬癸"[k % 10],
            "phone": str(13_800_000_000 + k),
            "phone_2": None,
            "id_hash": None,
            "id_last4": f"{(k * 37 + 1200) % 10_000:04d}",
            "birth_date": date(1965 + k % 30, 1 + k % 12, 2 + k % 27),
            "community_id": 1 + k % 10,
            "grid_id": 10 * (1 + k % 10) + k % 3,
        }
        for k in range(n)
    ]
    rows += [{**rows[0], "id": n + 1 + k, **change} for k, change in enumerate(changes)]
    table = pd.DataFrame(rows)
    return table.assign(birth_date=pd.to_datetime(table["birth_date"]).astype("datetime64[s]"))


def likely_others(*changes: dict[str, Any], chances: Chances = CHANCES) -> set[int]:
    pairs = duplicate_pairs(people(*changes), chances)
    return set(pairs.loc[pairs["person_id"] == 1, "other_id"])


@pytest.mark.parametrize(
    ("change", "is_likely"),
    [
        ({"phone": "13911112222"}, True),
        ({"name": "章小鸣甲", "phone": "13911112222"}, True),  # sounds alike
        ({"name": "李雷", "phone": "13911112222"}, True),  # day of birth and last four
        ({"birth_date": None, "id_last4": None}, True),  # name and phone
        ({"phone": None, "id_last4": None}, True),  # name, day of birth and grid
        ({"phone": None, "phone_2": "13800000000", "name": "张晓明", "birth_date": None}, True),
        ({"phone": None, "id_last4": "9999", "birth_date": date(1990, 5, 5)}, False),  # a namesake next door
        ({"name": "李雷", "birth_date": date(1990, 5, 5), "id_last4": "9999"}, False),  # the phone of a family
        ({"id_hash": "a", "phone": "1", "birth_date": date(1990, 5, 5), "id_last4": "9999"}, False),
    ],
)
def test_what_makes_a_pair_likely(change: dict[str, Any], is_likely: bool) -> None:
    assert (likely_others(change) == {201}) == is_likely


def test_a_pair_says_what_agrees_and_its_bits_add_up() -> None:
    [pair] = duplicate_pairs(people({"name": "章小鸣甲", "phone": None, "grid_id": 99}), CHANCES).to_dict("records")

    likeness = {fact: pair[fact] for fact in scoring.FACTS}
    assert likeness == {
        "name": Likeness.CLOSE,
        "phone": Likeness.UNKNOWN,
        "last4": Likeness.SAME,
        "birth": Likeness.SAME,
        "place": Likeness.CLOSE,
    }
    assert pair["score"] == pytest.approx(sum(pair[f"{fact}_bits"] for fact in scoring.FACTS))
    assert pair["phone_bits"] == 0
    prior = CHANCES.share / 200
    assert pair["probability"] == pytest.approx(1 / (1 + 2 ** -pair["score"] / prior))


def test_a_weight_is_the_logarithm_of_m_over_u() -> None:
    [pair] = duplicate_pairs(people({"phone": "13911112222"}), CHANCES).to_dict("records")
    table = people({"phone": "13911112222"})
    pairs_in_all = 201 * 200 / 2
    same_last4 = sum(a == b for a, b in combinations(table["id_last4"], 2))

    assert pair["last4_bits"] == pytest.approx(np.log2(0.97 / ((same_last4 + 1) / (pairs_in_all + 1))))
    borne = (table["name"] == table["name"][0]).sum() / 201
    assert pair["name_bits"] == pytest.approx(np.log2(0.92 / borne))


def test_pairs_decided_to_be_two_people_are_left_out() -> None:
    table = people({"phone": "13911112222"})

    assert len(duplicate_pairs(table, CHANCES)) == 1
    assert duplicate_pairs(table, CHANCES, [(201, 1)]).empty


def test_blocking_finds_what_comparing_everyone_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    table = people(n=60)
    again = table.sample(30, random_state=3)
    for column in ("phone", "id_last4", "birth_date", "grid_id"):
        again[column] = again[column].where(rng.random(30) < 0.6)
    again["name"] = [name if rng.random() < 0.7 else name[:-1] + "佳" for name in again["name"]]
    table = pd.concat([table, again]).assign(id=range(1, 91))

    blocked = duplicate_pairs(table, CHANCES)
    everyone = np.array(list(combinations(range(90), 2)))
    monkeypatch.setattr(scoring, "_candidates", lambda facts: everyone)
    compared = duplicate_pairs(table, CHANCES)

    pd.testing.assert_frame_equal(blocked, compared)
    assert len(blocked) > 15


def test_a_number_that_a_crowd_shares_says_nothing() -> None:
    table = people(n=300).assign(phone="05370000000")

    assert duplicate_pairs(table, replace(CHANCES, limit=0.9)).empty


def test_nobody_and_one_person_make_no_pair() -> None:
    assert duplicate_pairs(people(n=1), CHANCES).empty
    assert duplicate_pairs(people(n=1).iloc[:0], CHANCES).empty


def test_pairs_hang_together_as_groups() -> None:
    pairs = pd.DataFrame({"person_id": [3, 1, 4], "other_id": [9, 2, 9]})

    assert groups(pairs) == [[3, 4, 9], [1, 2]]
    assert sound("张晓明") == sound("章小鸣") != sound("张大明")
