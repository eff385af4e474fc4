"""The weekly sheet on the screen: weeks, units, the rows behind a figure, and targets changed from a day on."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.dispatch.targets import REFUSALS
from core.indicators import queries
from core.indicators.targets import target_on
from core.locale import translator
from core.store import settings
from core.store.database import Database
from core.terms import AccountRole
from pages.common.session_keys import Key
from tests.accesses import acting, dispatcher

TR = translator("zh_CN")
PERSON = "沈鹤汀"


def sheet(at: AppTest) -> pd.DataFrame:
    return next(frame.value for frame in at.dataframe if "亮灯" in frame.value.columns)


def target(db: Database, name: str, day: date) -> float | None:
    with db.read() as connection:
        return target_on(queries.targets(connection), name, day)


def test_the_present_week_has_every_unit(sample) -> None:  # type: ignore[no-untyped-def]
    at = sample("weekly_sheet")

    assert at.title[0].value == "42 项目标任务中，10 项滞后、18 项关注"
    table = sheet(at)
    assert len(table) == 46
    assert table.columns[:4].tolist() == ["序号", "责任单位", "指标名称", "亮灯"]
    assert set(table["亮灯"].explode().dropna()) == {"● 正常", "▲ 关注", "■ 滞后"}


def test_a_link_opens_a_former_week_of_one_community(sample) -> None:  # type: ignore[no-untyped-def]
    at = sample("weekly_sheet", week="2025-W43", unit="3", lang="en")

    assert not at.exception
    assert any("Oct 26, 2025" in caption.value for caption in at.caption)
    table = next(frame.value for frame in at.dataframe if "Progress light" in frame.value.columns)
    assert table["Line"].tolist() == ["Placements started", "Visits"]
    assert table["This week"].tolist() == ["0", "5"]


@pytest.mark.parametrize("wrong", [{"week": "1999-W01"}, {"unit": "nowhere"}, {"part": "x"}])
def test_a_link_that_names_nothing_opens_the_present_sheet(sample, wrong: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    at = sample("weekly_sheet", **wrong)

    assert not at.exception
    assert len(sheet(at)) == 46


def test_a_role_that_sets_no_targets_is_shown_them_without_a_form(sample) -> None:  # type: ignore[no-untyped-def]
    at = sample("weekly_sheet", part="targets", who=acting(AccountRole.LEADER))

    assert at.dataframe
    assert not [button for button in at.button if button.label == "保存"]


def save(at: AppTest, value: float, day: date, reason: str) -> AppTest:
    """Fill in the form of the yearly target and send it."""
    of = f"{at.selectbox(key=Key.TARGET_LINE).value}_{at.selectbox(key=Key.TARGET_UNIT).value}"
    at.number_input(key=Key.TARGET_VALUE.of(of)).set_value(value)
    at.date_input(key=Key.TARGET_FROM.of(of)).set_value(day)
    at.text_input(key=Key.TARGET_REASON.of(of)).set_value(reason)
    next(button for button in at.button if button.label == "保存").click()
    return at.run()


def test_a_changed_target_shows_from_its_day_on_and_in_the_history(writable, sample_copy: Database) -> None:  # type: ignore[no-untyped-def]
    at = writable("weekly_sheet", part="targets", who=dispatcher(PERSON))

    at = save(at, 300.0, date(2025, 12, 1), "区政府批复")

    assert not at.exception
    assert "2025年12月1日" in at.toast[0].value
    assert [target(sample_copy, "新增就业", date(2025, m, 30)) for m in (11, 12)] == [250, 300]
    history = at.dataframe[0].value
    assert history["年度目标"].tolist() == [300, 250]
    assert history["理由"].tolist() == ["区政府批复", "随报表导入"]
    assert history["调整人"].tolist() == [PERSON, ""]


@pytest.mark.parametrize(
    ("value", "reason", "refusal"), [(-1.0, "x", "negative"), (300.0, " ", "no_reason"), (250.0, "x", "unchanged")]
)
def test_a_refused_target_is_explained_and_not_stored(  # type: ignore[no-untyped-def]
    writable, sample_copy: Database, value: float, reason: str, refusal: str
) -> None:
    at = writable("weekly_sheet", part="targets", who=dispatcher(PERSON))

    at = save(at, value, date(2025, 12, 1), reason)

    assert at.error[0].value == TR(REFUSALS[refusal])
    assert target(sample_copy, "新增就业", date(2025, 12, 30)) == 250


def test_a_limit_of_the_lights_is_changed_from_a_day_on(writable, sample_copy: Database) -> None:  # type: ignore[no-untyped-def]
    at = writable("weekly_sheet", part="targets", who=dispatcher(PERSON))
    key = "light_red_points"
    at.selectbox(key=Key.LIMIT).select(key).run()
    at.number_input(key=Key.TARGET_VALUE.of(key)).set_value(-5.0)
    at.text_input(key=Key.TARGET_REASON.of(key)).set_value("年末从严")
    [_, button] = [button for button in at.button if button.label == "保存"]
    at = button.click().run()

    assert not at.exception
    with sample_copy.read() as connection:
        assert settings.parameter(settings.parameters(connection), key, date(2025, 12, 28)) == -5
    assert any("−5" in caption.value for caption in writable("weekly_sheet").caption)
