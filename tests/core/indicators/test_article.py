"""Each published figure, recomputed from the rows of the sample district, and what stands behind its number."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from core.indicators import article, populations
from core.indicators.article import FIGURES
from core.indicators.dated_counts import count, rows_on
from core.indicators.facts import Facts, load
from core.indicators.registry import INDICATORS, measure
from core.store.database import Database
from core.terms import Channel, PersonState, PostField

TODAY = date(2025, 12, 28)

# figure → its parts as they stand on the page (Chinese)
EXPECTED = {
    "F13–F15": ["215", "135", "80"],
    "F16": ["33.0%", "71", "47", "24"],
    "F01": ["100.0%", "840", "840"],
    "F02": ["3.20", "2,688"],
    "F03, F04": ["312", "208"],
    "F05, F06": ["6", "132", "126", "108"],
    "F09–F11": ["12", "24", "214", "188"],
    "F12": ["4,126", "3,946", "48%"],
    "F07, F08": ["108", "34"],
    "F17": ["2024"],
}


@pytest.fixture(scope="module")
def facts(sample_db: Database) -> Facts:
    with sample_db.read() as connection:
        return load(connection)


def test_every_figure_of_the_article_is_on_the_page() -> None:
    assert {f.code for f in FIGURES} == set(EXPECTED)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f.code)
def test_a_published_figure_is_reproduced_by_its_rows(facts: Facts, figure: article.Figure) -> None:
    from core.locale import translator

    shown = []
    for part in figure.parts:
        rows = part.rows(facts, TODAY)
        shown.append(part.text(translator(), part.value(rows, facts, TODAY)))
        assert rows["n"].sum() > 0

    assert shown == EXPECTED[figure.code]


def test_a_count_and_its_list_have_the_same_length(facts: Facts) -> None:
    for code in INDICATORS:
        measured = measure(facts, code, TODAY)
        assert measured.numerator == rows_on(measured.numerator_rows, TODAY)["n"].sum()
        assert measured.denominator == rows_on(measured.denominator_rows, TODAY)["n"].sum()


def test_people_add_up(facts: Facts, sample_db: Database) -> None:
    assert len(facts.people) == 1600
    assert facts.posts["person_id"].nunique() == 840
    left = set(facts.posts.loc[facts.posts["exited_on"].notna(), "person_id"])
    back = set(populations.re_employed(facts)["person_id"])
    last = facts.states.drop_duplicates("person_id", keep="last").set_index("person_id")["state"]

    states = last.reindex(sorted(left - back)).value_counts().to_dict()

    assert states == {
        PersonState.SEEKING: 118,
        PersonState.RETIRED: 14,
        PersonState.NOT_SEEKING: 7,
        PersonState.UNREACHABLE: 5,
    }


def test_placements_by_channel(facts: Facts) -> None:
    assert facts.placements["channel"].value_counts().to_dict() == {
        Channel.WORKSHOP: 126,
        Channel.ENTERPRISE: 214,
        Channel.COMMUNITY_POST: 156,
        Channel.OTHER: 14,
        Channel.SELF_EMPLOYED: 11,
    }
    assert count(populations.active_placements(facts), TODAY) == 459


def test_posts_by_field(facts: Facts) -> None:
    from core.indicators.tables import posts_by_field

    table = posts_by_field(facts, TODAY).set_index("field")

    assert [tuple(table.loc[f.value, ["planned", "developed"]]) for f in PostField] == [
        (44, 30), (30, 18), (58, 42), (50, 34), (42, 28), (38, 24), (26, 18), (24, 14),
    ]  # fmt: skip
    assert table["filled"].sum() == 141


def test_the_cumulative_rate_falls_whenever_a_cohort_leaves(facts: Facts) -> None:
    history = measure(facts, "re_employment", TODAY).history(104).dropna()

    assert (history.diff() < -0.005).sum() >= 2
    assert history.iloc[-1] == pytest.approx(71 / 215)


def test_retention_is_plausible(facts: Facts) -> None:
    value = measure(facts, "retention_90", TODAY).value

    assert value is not None
    assert 0.85 <= value <= 0.90


def test_visits_are_about_113_a_week(facts: Facts) -> None:
    assert 105 <= len(facts.visits) / 104 <= 121


def test_nothing_is_dated_after_the_last_week(facts: Facts) -> None:
    last = pd.Timestamp(TODAY)
    assert facts.visits["visited_on"].max() <= last
    assert facts.placements["started_on"].max() <= last
    assert facts.referrals["recommended_on"].max() <= last
    assert facts.states["since"].max() <= last
