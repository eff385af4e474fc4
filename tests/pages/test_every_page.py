"""Every page, in both languages, on an empty store and on the sample district, through the shell."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from pages import frame

PAGES = tuple(entry[0] or "overview" for entries in frame.PAGES.values() for entry in entries)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts(at: AppTest) -> str:
    return "\n".join(str(e.value) for kind in (at.title, at.subheader, at.markdown, at.caption, at.error) for e in kind)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_sample_district_runs(sample, page: str, lang: str) -> None:  # type: ignore[no-untyped-def]
    at = sample(page, lang=lang)

    assert not at.exception
    assert not at.error
    assert len(at.title) == 1
    assert bool(CHINESE.search(at.title[0].value)) == (lang == "zh") or page in (
        "enterprises",
        "workshops",
        "matching",
        "job_map",
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_an_empty_store_says_what_it_will_show(empty, page: str, lang: str) -> None:  # type: ignore[no-untyped-def]
    at = empty(page, lang=lang)

    assert not at.exception
    assert not at.error
    assert len(at.title) == 1
    assert len(texts(at)) > 40
