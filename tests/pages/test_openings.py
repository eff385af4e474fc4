"""Openings on the screen: what is free, the form that checks the law as one types, confirming, twins, what goes out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.jobs import queries
from core.store.database import Database
from core.store.schema import Job, JobSource
from core.terms import AccountRole, JobStatus, OpeningSource
from tests.accesses import acting, caseworker

Open = Callable[..., AppTest]


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def widget(group: object, label: str):  # type: ignore[no-untyped-def]
    return next(one for one in group if one.label == label)  # type: ignore[attr-defined]


def an_open_job(db: Database) -> int:
    with db.read() as connection:
        jobs = queries.jobs(connection)
    return int(jobs.loc[jobs["status"] == JobStatus.OPEN, "id"].iloc[0])


def test_the_first_sentence_and_the_list_count_the_same_openings(sample: Open) -> None:
    at = sample("openings")

    assert not at.exception
    shown = at.dataframe[0].value
    assert at.title[0].value.startswith(f"{len(shown)} 个岗位在招，空缺 {shown['空缺人数'].sum()} 人")
    stale = (shown["岗位状态"] == "待确认").sum()
    assert at.title[0].value.endswith(f"其中 {stale} 个待确认")
    match = widget(at.text_input, "岗位、单位或编号").set_value(str(shown["编号"].iloc[3])).run()
    assert list(match.dataframe[0].value["编号"]) == [shown["编号"].iloc[3]]


def test_the_due_list_of_stale_openings_counts_as_the_page_does(sample: Open) -> None:
    stale = sample("openings", state="stale").dataframe[0].value

    due = sample("tasks", kind="stale_openings").dataframe[0].value

    assert len(due) == len(stale)


def test_the_form_answers_as_one_types_and_saves_what_is_lawful(writable: Open, sample_copy: Database) -> None:
    at = writable("openings", opening="new")
    widget(at.selectbox, "单位").select_index(0)
    widget(at.text_input, "岗位名称").set_value("楼道保洁员")
    widget(at.number_input, "月薪下限（元）").set_value(2600.0)
    at = widget(at.text_area, "工作内容与要求").set_value("只招女工，形象好").run()
    assert any("只招女工" in error.value for error in at.error)
    assert any("形象" in warning.value for warning in at.warning)
    assert widget(at.button, "保存岗位").disabled

    at = widget(at.text_area, "工作内容与要求").set_value("打扫楼道").run()
    assert not at.error
    at = press(at, "保存岗位")

    assert not at.exception
    assert at.title[0].value == "楼道保洁员 · 招聘中"
    with sample_copy.write() as session:
        job = session.get_one(Job, int(at.query_params["opening"]))
        assert (job.title, job.duties, job.pay_min) == ("楼道保洁员", "打扫楼道", 2600)


def test_an_opening_is_confirmed_paused_and_opened_again(writable: Open, sample_copy: Database) -> None:
    number = an_open_job(sample_copy)
    at = writable("openings", opening=str(number))
    widget(at.number_input, "用人单位答复的空缺人数").set_value(7)
    at = press(at, "按今日确认")
    assert "空缺 **7** 人" in " ".join(one.value for one in at.markdown)
    at = press(at, "暂停招聘")
    assert at.title[0].value.endswith("暂停招聘")
    assert not at.exception
    at = press(at, "按今日确认")
    assert at.title[0].value.endswith("招聘中")
    assert any("暂停招聘" in one.value for one in at.caption)  # its history


@pytest.mark.parametrize(
    ("who", "buttons"),
    [
        (acting(AccountRole.LEADER), set()),
        (caseworker(), {"按今日确认"}),
        (acting(AccountRole.ENTERPRISE_OFFICER), {"按今日确认", "修改", "暂停招聘", "关闭岗位"}),
    ],
)
def test_each_role_is_offered_what_it_may_do(sample: Open, sample_db: Database, who: object, buttons: set[str]) -> None:
    at = sample("openings", opening=str(an_open_job(sample_db)), who=who)

    assert not at.exception
    offered = {button.label for button in at.button} & {"按今日确认", "修改", "暂停招聘", "关闭岗位"}
    assert offered == buttons


def test_twins_are_merged_by_a_click_and_undone(writable: Open, sample_copy: Database) -> None:
    number = an_open_job(sample_copy)
    with sample_copy.write() as session:  # the sample has a pair of its own
        first = session.get_one(Job, number)
        values = {c.key: getattr(first, c.key) for c in Job.__table__.columns if c.key not in ("id", "version")}
        twin = Job(**{**values, "title": f"急招{first.title}（2名）"})
        session.add(twin)
        session.flush()
        session.add(JobSource(job_id=twin.id, source=OpeningSource.PLATFORM, platform="邻聘网", number="1"))
        other = twin.id
    at = writable("openings", part="twins")
    assert any("2 对岗位疑似重复" in one.value for one in at.title)
    at = press(at, "是同一岗位，合并")
    assert not at.exception
    assert any("1 对岗位疑似重复" in one.value for one in at.title)
    moved = writable("openings", opening=str(other))
    assert any("已并入本岗位" in one.value for one in moved.info)
    assert any("邻聘网" in one.value for one in moved.markdown)

    at = press(writable("openings", part="twins"), "撤销")
    assert any("2 对岗位疑似重复" in one.value for one in at.title)


def test_what_goes_out_is_lawful_and_registered(writable: Open, sample_copy: Database) -> None:
    at = writable("openings", part="publish")
    assert not at.exception
    assert any("可发布" in one.value for one in at.markdown)
    assert len(at.get("download_button")) == 3
    held = " ".join(one.value for one in at.caption)
    assert "限女性" in held  # a posting of the sample that may not go out

    sources = writable("openings", part="sources")
    assert any("无法区分" in one.value for one in (*sources.markdown, *sources.caption))


def test_an_empty_store_says_what_the_page_will_show(empty: Open) -> None:
    assert not empty("openings").exception
