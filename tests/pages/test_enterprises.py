"""Review rounds and rules through the shell: four judges, one of them excluded; a change of rules that is asked twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from math import prod
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.enterprises import queries
from core.enterprises.rounds import commands as round_commands
from core.enterprises.rounds.commands import ThirdParty
from core.policy import Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import WeeklySnapshot
from core.terms import Pillar, RoundState
from pages import cache
from pages.common.session_keys import Key
from pages.enterprises import downloads
from tests.accesses import dispatcher, enterprise_officer

Open = Callable[..., AppTest]
PANEL = ("许小满", "余牧野")


def press(at: AppTest, label: str) -> AppTest:
    next(b for b in at.button if b.label == label).click()
    return at.run()


def text_of(at: AppTest) -> str:
    return "\n".join(str(e.value) for kind in (at.markdown, at.caption, at.warning, at.error) for e in kind)


def act(db: Database, actor: str, step: Callable[..., Any], *args: Any, **options: Any) -> None:
    at = datetime(2025, 12, 28, 4, tzinfo=UTC)
    with command(db, actor=enterprise_officer(actor), action=Action.RUN_REVIEW, at=at) as change:
        step(change, *args, **options)


def round_of(db: Database) -> tuple[int, str, int]:
    with db.read() as c:
        row = queries.rounds(c).sort_values("id").iloc[-1]
    return int(row["id"]), str(row["state"]), int(row["version"])


def test_a_round_with_four_judges_one_excluded_from_opening_to_frozen(writable: Open, sample_copy: Database) -> None:
    at = writable("enterprises", who=enterprise_officer(PANEL[0]), enterprise_tab="评审")
    names = at.multiselect[0].options
    panel = [*PANEL, *[n for n in names if n not in PANEL][:2]]
    at.multiselect[0].set_value(panel)
    next(t for t in at.text_input if t.label == "评审期名称").set_value("2026试评")
    at = press(at, "启动")
    key, state, _ = round_of(sample_copy)
    assert state == RoundState.OPEN
    with sample_copy.read() as c:
        every = queries.cases(c)
    cases = [int(k) for k in every.loc[every["round_id"] == key, "id"]]

    at.number_input[0].set_value(91)  # one pillar of the first enterprise
    at = press(at, "保存打分")
    assert "评委" in text_of(at)
    at = writable("enterprises", who=enterprise_officer(PANEL[1]), enterprise_tab="评审")
    assert [n.value for n in at.number_input[:6]] == [None] * 6  # a judge does not see another's marks

    act(sample_copy, panel[0], round_commands.exclude_judge, cases[0], panel[3], "亲属在该企业任职")
    for n, case in enumerate(cases):
        for judge in panel[: 3 if n == 0 else 4]:
            act(sample_copy, judge, round_commands.mark, case, dict.fromkeys(Pillar, 0.8))
        if n != 1:
            third = ThirdParty("评估公司", date(2025, 12, 20), date(2026, 12, 20), "", dict.fromkeys(Pillar, 0.8))
            act(sample_copy, panel[0], round_commands.record_third_party, case, third, 1)

    at = writable("enterprises", who=enterprise_officer(PANEL[0]), enterprise_tab="评审")
    assert "亲属在该企业任职" in text_of(at)
    for button in ("截止打分", "生成梯队建议", "结束议定", "归档"):
        at = press(at, button)
        assert not at.exception
        assert not at.error
    assert round_of(sample_copy)[:2] == (key, RoundState.FROZEN)
    assert "结果一致" in text_of(at)
    table = next(d.value for d in at.dataframe if "建议梯队" in d.value.columns)
    assert (table["建议梯队"] == table["议定梯队"]).all()
    assert table["依据"].str.contains("无有效第三方评估").any()


def test_a_hand_calculation_is_the_badge_the_workbook_and_the_score_of_the_slide(
    sample: Open, sample_db: Database
) -> None:
    at = sample("enterprises", enterprise="桃枝手作社")
    assert not at.exception
    product = next(str(m.value) for m in at.markdown if str(m.value).startswith("100 × "))
    factors, result = product.replace("*", "").split(" = ")
    by_hand = prod(float(factor) for factor in factors.split(" × "))
    assert f"{by_hand:.1f}" == result
    card = next(str(c.value) for c in at.caption if str(c.value).startswith(f"**{result}**"))
    assert "距上一档" in card or "已达上一档" in card
    view = at.session_state["view"]
    assessments = cache.enterprises.board(view.revision, view.today)
    table = downloads.board_table(view, assessments, cache.enterprises.ranks(view.revision, view.today), 5)
    assert str(table.set_index("企业").loc["桃枝手作社", "得分"]) == result
    key = next(a.key for a in assessments if a.name == "桃枝手作社")
    with sample_db.read() as connection:
        week = (
            connection.execute(select(WeeklySnapshot.payload).order_by(WeeklySnapshot.iso_week.desc()))
            .scalars()
            .first()
        )
    assert f"{next(e['index'] for e in week['meeting']['enterprises'] if e['id'] == key):.1f}" == result


def test_rules_that_move_the_highest_tier_are_asked_twice(writable: Open, sample_copy: Database) -> None:
    at = writable("enterprises", who=enterprise_officer(PANEL[0]), enterprise_tab="规则")
    at.number_input(key="tier_rules_threshold_leader").set_value(99.0)
    at = at.run()
    assert "最高档（领军）中" in text_of(at)
    next(t for t in at.text_input if t.label == "理由").set_value("年度调整")
    at = press(at, "保存版本")
    assert "请再次点击保存" in text_of(at)
    next(t for t in at.text_input if t.label == "理由").set_value("年度调整")
    at = press(at, "确认变动并保存")
    assert not at.error
    with sample_copy.read() as c:
        versions = queries.rules(c)
    assert list(versions["author"]) == [PANEL[0]]
    assert "2025-1" in text_of(at)


def test_who_may_not_run_a_review_reads_and_changes_nothing(sample: Open) -> None:
    for tab in ("评审", "规则", "遴选", "权重", "评分与稳健性"):
        at = sample("enterprises", who=dispatcher(), enterprise_tab=tab)
        assert not at.exception
        assert not at.error
        assert not {"启动", "保存版本", "安排"} & {b.label for b in at.button}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_aspect_of_an_enterprise_is_made_once_it_is_opened(sample: Open, lang: str) -> None:
    at = sample("enterprises", lang=lang, who=enterprise_officer())
    container = next(node for node in at._tree if node.type == "tab_container" and "aspect" in node.proto.id)
    labels = [tab.label for tab in container.children.values()]
    assert len(labels) == 6
    for label in labels:
        at.session_state[Key.ENTERPRISE_ASPECT] = label
        at.run()
        assert not at.exception
        tabs = {tab.label: tab for tab in at.tabs}
        assert [other for other in labels if tabs[other].children] == [label]


def test_who_may_not_decide_on_a_tier_has_no_tab_for_it(sample: Open) -> None:
    container = next(
        node
        for node in sample("enterprises", who=dispatcher())._tree
        if "aspect" in getattr(getattr(node, "proto", None), "id", "")
    )
    assert "调整梯队" not in [tab.label for tab in container.children.values()]
