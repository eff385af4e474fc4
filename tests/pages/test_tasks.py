"""The page of due work: its counts are its lists, and what is done on it is seen at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.accounts.queries import demonstration_accounts
from core.matching.opportunities.requirement_price import requirement_prices
from core.store.database import Database
from core.store.schema import AccountCommunity
from core.tasks.kinds import KINDS
from core.terms import AccountRole, PersonState
from pages import cache
from pages.tasks import due_list
from tests.accesses import caseworker, dispatcher

Open = Callable[..., AppTest]
TODAY = date(2025, 12, 28)


def listed(at: AppTest) -> pd.DataFrame:
    return at.dataframe[0].value


def test_every_count_is_the_number_of_rows_of_its_list_and_of_its_export(
    sample: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported: list[int] = []
    monkeypatch.setattr(due_list, "download_table", lambda _view, rows, *_args, **_facts: exported.append(len(rows)))
    at = sample("tasks")
    due = cache.tasks.due(cache.store.revision(), TODAY)
    title = at.title[0].value
    assert str(len(due)) in title.replace(",", "")

    for kind in KINDS:
        rows = due[due["kind"] == kind.code]
        if len(rows):
            at = sample("tasks", kind=kind.code)
            assert not at.exception
            assert len(listed(at)) == min(len(rows), 500)
            radio = at.radio(key="tasks_kind")
            assert any(f"{len(rows)}" in option for option in radio.options)
            assert exported[-1] == len(rows)


def test_the_same_visits_are_overdue_here_on_the_overview_and_in_the_pool(sample: Open) -> None:
    here = listed(sample("tasks", kind="agreed_visits"))
    pool = listed(sample("people", watch="overdue_visits"))
    overview = next(button for button in sample("overview").button if button.key == "attention_overdue_visits")

    assert len(here) == len(pool)
    assert overview.label == f"**{len(here)}**"


def test_what_is_mine_is_what_i_own(sample: Open) -> None:
    at = sample("tasks", whose="mine", who=dispatcher("刘守拙"))
    due = cache.tasks.due(cache.store.revision(), TODAY)
    mine = due[due["owner"] == "刘守拙"]

    assert 0 < len(mine) < len(due)
    assert at.title[0].value.startswith(f"{len(mine)}项待办")


def test_the_caseworker_of_the_demonstration_has_people_of_their_own(sample: Open, sample_db: Database) -> None:
    with sample_db.read() as connection:
        account = next(row for row in demonstration_accounts(connection) if row.role == AccountRole.CASEWORKER)
        communities = connection.scalars(
            select(AccountCommunity.community_id).where(AccountCommunity.account_id == account.id)
        ).all()
    at = sample("tasks", whose="mine", who=caseworker(account.name, communities))

    due = cache.tasks.due(cache.store.revision(), TODAY)
    mine = due[(due["owner"] == account.name) & due["community_id"].isin(communities)]
    assert mine["person_id"].nunique() > 2
    assert at.title[0].value.startswith(f"{len(mine)}项待办")


def test_who_owns_nothing_reads_why_and_is_led_to_the_tasks_of_their_communities(sample: Open) -> None:
    at = sample("tasks", whose="mine", who=caseworker("李明", [3]))
    assert any("您名下没有待办" in text.value for text in at.markdown)

    at = at.button(key="tasks_whose_all").click().run()

    assert "whose" not in at.query_params
    assert not at.title[0].value.startswith("0")


def test_people_whom_nothing_but_one_change_keeps_back_are_listed_with_it(sample: Open) -> None:
    at = sample("tasks", part="blocked")
    table = listed(at)
    changes = cache.tasks.changes(cache.store.revision(), TODAY)

    assert len(table) == len(changes.table)
    assert str(len(table)) in at.title[0].value
    assert table["代价最小的改变"].str.len().gt(0).all()
    assert table["姓名"].str.contains("*", regex=False).all()


def test_the_landing_plan_lists_everybody_whose_post_ends(sample: Open) -> None:
    at = sample("tasks", part="landing")
    table = listed(at)
    pool = cache.matching.pool(cache.store.revision(), TODAY)

    assert len(table) == int((pool.people["state"] == PersonState.ON_POST).sum())
    assert table["到期日"].is_monotonic_increasing
    late = table["状态"].str.startswith("■ 培训").sum()
    assert f"{late}人的培训应已开始" in at.title[0].value


def test_the_price_of_requirements_stands_below_the_list(sample: Open) -> None:
    sample("tasks")
    pool = cache.matching.pool(cache.store.revision(), TODAY)
    people = np.flatnonzero(pool.people_mask()).tolist()
    prices = {job: requirement_prices(pool.pair_matrix(people, [job])) for job in range(len(pool.openings))}
    job, (eligible, best) = max(prices.items(), key=lambda entry: entry[1][1][0].gained if entry[1][1] else 0)

    at = sample("matching", test="requirements", job=str(pool.openings.ids[job]))

    assert any(f"现有{eligible}人符合" in text.value and f"{best[0].gained}人" in text.value for text in at.markdown)
    assert list(listed(at)["增加人数"]) == [price.gained for price in best[:12]]


def test_visits_are_scheduled_for_many_and_leave_the_list(writable: Open, sample_copy: Database) -> None:
    at = writable("tasks", kind="agreed_visits")
    before = len(listed(at))
    at.session_state["tasks_list_agreed_visits"] = {"selection": {"rows": [0, 1, 2], "columns": [], "cells": []}}
    at = at.run()
    at.button(key="tasks_bulk_visit").click()
    at = at.run()

    assert not at.exception
    assert len(listed(at)) == before - 3


def test_a_round_is_planned_made_printed_and_entered_by_its_numbers(writable: Open, sample_copy: Database) -> None:
    at = writable("tasks", part="round")
    planned = listed(at)
    at.button(key="round_plan_make").click()
    at = at.run()
    stops = cache.visiting.stops(cache.store.revision())
    assert not at.exception
    assert len(stops) == len(planned)
    assert str(len(stops)) not in at.title[0].value.partition("：")[0]

    at.text_input(key="round_entry_number_0").set_value(stops["number"].iloc[0]).run()
    at.button(key="FormSubmitter:round_entry_form_0-保存，录入下一户").click()
    at = at.run()
    entered = cache.visiting.stops(cache.store.revision())

    assert not at.exception
    assert entered["called_on"].notna().sum() == 1
    at.text_input(key="round_entry_number_1").set_value(stops["number"].iloc[0]).run()
    assert "此前已登记" in at.warning[0].value


def test_numbers_of_other_communities_stand_for_nobody(writable: Open, sample_copy: Database) -> None:
    at = writable("tasks", part="round")
    at.button(key="round_plan_make").click()
    at.run()
    stop = cache.visiting.stops(cache.store.revision()).iloc[0]
    home = cache.people.homes(cache.store.revision())[stop["person_id"]]
    elsewhere = caseworker("李明", communities={home % 14 + 1})

    at = writable("tasks", part="round", who=elsewhere)
    at.text_input(key="round_entry_number_0").set_value(stop["number"]).run()

    assert at.error[0].value == "您的走访路线中没有这个编号。"
