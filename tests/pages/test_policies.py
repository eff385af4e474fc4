"""Policies, micro-businesses and premises on the screen: counts are lists, a trace for each row, lists by role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.businesses import queries as businesses_queries
from core.policies import queries
from core.policies.conditions import Truth
from core.policies.eligibility import unclaimed_people
from core.store.database import Database
from core.terms import AccountRole, ApplicationState
from pages import cache
from tests.accesses import acting, caseworker

Open = Callable[..., AppTest]
TODAY = date(2025, 12, 28)


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def test_the_first_sentence_counts_who_may_claim_and_has_not_and_each_count_is_its_list(sample: Open) -> None:
    at = sample("policies", policy="insurance_flexible", group="unknown")
    revision = cache.store.revision()
    judgements = cache.policies.judgements(revision, TODAY)
    waiting = unclaimed_people(judgements, cache.policies.applications(revision))
    own = next(judgement for judgement in judgements if judgement.rule.code == "insurance_flexible")

    assert not at.exception
    assert at.title[0].value.startswith(f"{len(waiting)} 人")
    assert len(at.dataframe[1].value) == len(own.ids(Truth.UNKNOWN))
    assert at.dataframe[1].value["待核实"].str.contains("社会保险由谁缴纳").all()
    assert at.dataframe[1].value["姓名"].str.contains("*", regex=False).all()


def test_lists_of_people_are_for_those_who_may_open_them_and_of_their_communities(sample: Open) -> None:
    leader = sample("policies", who=acting(AccountRole.LEADER))
    own = sample("policies", policy="post_placement", who=caseworker(communities=[1]))

    assert len(leader.dataframe) == 1
    assert set(own.dataframe[1].value["社区"]) == {"荷风社区"}


@pytest.mark.parametrize("part", ["applications", "payments", "rules"])
def test_every_part_opens(sample: Open, part: str) -> None:
    at = sample("policies", part=part)

    assert not at.exception
    assert len(at.dataframe) >= 1


def test_a_person_shows_what_they_may_claim_with_its_trace_and_an_application_begins_there(
    writable: Open, sample_copy: Database
) -> None:
    writable("overview")
    revision = cache.store.revision()
    own = next(j for j in cache.policies.judgements(revision, TODAY) if j.rule.code == "start_up_loan")
    person = int(own.ids(Truth.YES)[0])
    at = writable("people", person=str(person))
    box = next(box for box in at.expander if "创业担保贷款" in box.label)

    assert "**✓**" in box.markdown[0].value
    at = next(button for button in box.button if button.label == "拟申报").click().run()

    assert not at.exception
    with sample_copy.read() as connection:
        rows = queries.applications(connection)
    last = rows[rows["person_id"] == person].iloc[-1]
    assert (last["policy"], last["state"]) == ("start_up_loan", ApplicationState.DRAFTED)


def test_a_month_is_frozen_by_a_button(writable: Open, sample_copy: Database) -> None:
    at = writable("policies", part="payments")
    before = at.dataframe[0].value
    at = press(at, "确定2025年12月发放名单")

    assert not at.exception
    assert len(at.dataframe[0].value) == len(before)
    assert any("唐" in text.value or "许小满" in text.value for text in at.caption if "确定" in text.value)
    with sample_copy.read() as connection:
        assert len(queries.payment_lines(connection)) == len(before)


def test_a_micro_business_is_entered_by_form(writable: Open, sample_copy: Database) -> None:
    at = writable("businesses")
    n = len(at.dataframe[0].value)
    next(box for box in at.text_input if box.label == "名称").set_value("门口小铺")
    at = press(at, "保存")

    assert not at.exception
    assert len(at.dataframe[0].value) == n + 1
    assert f"{n + 1} 家" in at.title[0].value
    with sample_copy.read() as connection:
        assert "门口小铺" in set(businesses_queries.businesses(connection)["name"])


def test_premises_are_listed_with_the_idle_ones_first(sample: Open) -> None:
    at = sample("businesses", part="premises")

    assert not at.exception
    assert at.dataframe[0].value["使用状态"].tolist()[:8] == ["闲置"] * 8
