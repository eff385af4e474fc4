"""A small store with every case at the edge: each page says what it knows and what it does not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.store.database import Database
from tests.edge_store import ALONE, CLOSED, NEVER, NEW, NO_ORDERS, NO_PEOPLE, NO_THIRD, ONE_WEEK
from tests.edge_store import enter as enter_edge_cases
from tests.hand_example import NAME, enter

Open = Callable[..., AppTest]


@pytest.fixture
def edge(opener: Callable[[Database], Open], db: Database) -> Open:
    """Open a page of a store with an ordinary workshop and, beside it, workshops and enterprises at the edge."""
    enter_edge_cases(db)
    return opener(db)


def said(at: AppTest) -> str:
    kinds = (at.title, at.markdown, at.caption, at.info, at.warning, at.error, at.header, at.subheader)
    return "\n".join(str(e.value) for kind in kinds for e in kind).replace("\\", "")  # what escapes Markdown


def test_the_worked_example_is_that_of_the_hand_calculation_and_three_more_people_meet_the_date(
    opener: Callable[[Database], Open], db: Database
) -> None:
    enter(db)
    open_page = opener(db)
    now = open_page("workshops", workshop=NAME)
    assert not now.exception
    for words in ("瓶颈是人手", "负荷率117.7%", "占420.0工位小时的45%"):
        assert words in said(now)
    orders = next(d.value for d in now.dataframe if "预计完成" in d.value.columns)
    assert list(orders["预计完成"]) == [pd.Timestamp("2025-12-16")]  # 2.355 weeks, of which Tuesday is the second day
    trained = open_page("workshops", workshop=NAME, workshop_tab="假如", wi_people="3")
    table = next(d.value for d in trained.dataframe if "假如" in d.value.columns).set_index("指标")
    assert list(table.loc["最紧交期负荷率"]) == ["117.7%", "99.7%"]
    assert list(table.loc["延期订单"]) == ["1", "0"]
    calculated = next(d.value for d in open_page("workshops", workshop=NAME, workshop_tab="测算口径").dataframe)
    lines = calculated.set_index("数据项")
    assert list(lines.loc["完成所需周数"])[1:] == ["347.2 ÷ 147.4", "2.355"]
    assert list(lines.loc["延期周数"])[1:] == ["2.355 − 2.000", "0.355"]


def test_workshops_and_enterprises_at_the_edge_read_sensibly(edge: Open) -> None:
    for page, query, words in (
        ("workshops", {"workshop": NO_ORDERS}, "3人无单可做"),
        ("workshops", {"workshop": NO_ORDERS, "workshop_tab": "订单"}, "能否接单"),
        ("workshops", {"workshop": NO_ORDERS, "workshop_tab": "排班"}, "无在手订单，不排班"),
        ("workshops", {"workshop": NO_PEOPLE}, "在册"),
        ("workshops", {"workshop": NO_PEOPLE, "workshop_tab": "订单"}, "能否接单"),
        ("workshops", {"workshop": NO_PEOPLE, "workshop_tab": "假如"}, "5个名额中5个无人可推荐：求职中仅0人。"),
        ("workshops", {"workshop": NO_PEOPLE, "workshop_tab": "排班"}, "尚无人员在此就业"),
        ("workshops", {"workshop": NAME, "workshop_tab": "排班"}, "周报填报在册12人；姓名由上岗记录产生"),
        ("workshops", {"workshop": ONE_WEEK, "workshop_tab": "预测"}, "数据不足"),
        ("workshops", {"workshop": CLOSED}, "关停"),
        ("workshops", {"workshop": NEVER}, "周报"),
        ("workshops", {"workshop": NEVER, "workshop_tab": "填报"}, "本周尚未填报"),
        ("enterprises", {"enterprise": ALONE}, "储备"),
        ("enterprises", {"enterprise": ALONE, "enterprise_tab": "评分与稳健性"}, "至少两家已评级企业才能比较位次"),
        ("enterprises", {"enterprise": NO_THIRD}, "第三方"),
        ("enterprises", {"enterprise": NEW}, "未评审"),
        ("overview", {}, ""),
        ("meeting", {}, ""),
    ):
        at = edge(page, **query)
        assert not at.exception, (page, query)
        text = said(at)
        assert words in text, (query, text)
        assert not re.search(r"\bnan\b|NaT|None|出了点问题", text), (query, text)
        tables = [d.value for d in at.dataframe]
        assert not any((t == "9,999").to_numpy().any() for t in tables), query
    worst = next(d.value for d in edge("workshops", workshop=NO_PEOPLE, workshop_tab="假如").dataframe).set_index(
        "指标"
    )
    assert list(worst.loc["最长延期（天）"]) == ["无法完成", "无法完成"]
    assert list(worst.loc["瓶颈"]) == ["人手", "人手"]
