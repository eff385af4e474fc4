"""The effect page: each count opens as many rows, and a choice in the address is the one shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.common.session_keys import Key

Open = Callable[..., AppTest]


@pytest.mark.parametrize("heap", ["helped", "others", "early", "young"])
def test_a_count_opens_its_rows(sample: Open, heap: str) -> None:
    at = sample("effect")
    button = at.button(key=Key.EFFECT_PEOPLE.of(heap))
    count = button.label.split("**")[1]
    at = button.click().run()

    assert not at.exception
    assert f"### {count} 人" in [text.value for text in at.markdown]


def test_a_group_of_few_people_is_not_judged(sample: Open) -> None:
    at = sample("effect", lang="en", help="recommendation", until="360")

    assert not at.exception
    assert at.title[0].value == "Recommendation: too few people to judge"
