"""The pool and the page of one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qsl

import pandas as pd
import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from core.jobs.queries import placements as load_placements
from core.jobs.queries import referrals as load_referrals
from core.people import queries
from core.store.database import Database
from core.store.schema import AuditEvent, CourseSession
from core.terms import AccountRole, PersonState
from pages.common import drilldown
from tests.accesses import acting, caseworker

Open = Callable[..., AppTest]
LEADER = acting(AccountRole.LEADER)


def button(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def test_opening_the_form_of_a_record_shows_it_in_full_and_is_recorded(writable: Open, sample_copy: Database) -> None:
    at = button(writable("people", person="900"), "更正资料")

    boxes = {box.label: box.value for box in at.text_input}
    assert "*" not in boxes["姓名"] + boxes["联系电话"]
    with sample_copy.read() as connection:
        event = connection.execute(select(AuditEvent).order_by(AuditEvent.id.desc())).mappings().first()
    assert event is not None
    assert (event["entity_id"], event["after"]["purpose"]) == ("900", "correct")
    assert "\\*" in at.title[0].value


def test_a_watch_is_a_filter_that_title_boxes_and_order_follow_and_that_can_be_removed(sample: Open) -> None:
    at = sample("people", watch="overdue_visits")
    listed = at.dataframe[0].value

    assert at.title[0].value == f"{len(listed)} 人：约定走访超期"
    assert at.selectbox(key="filter_state").value is None
    assert listed["起始日期"].is_monotonic_increasing

    at.button(key="filter_watch").click()
    at = at.run()

    assert "watch" not in at.query_params
    assert at.selectbox(key="filter_state").value is PersonState.SEEKING
    assert at.title[0].value == f"{len(at.dataframe[0].value)} 人：求职中"
    assert len(at.dataframe[0].value) > len(listed)


def test_a_filter_left_open_stays_open_in_the_address(sample: Open) -> None:
    at = sample("people")
    at.selectbox(key="filter_state").set_value(None)
    at = at.run()

    assert at.query_params["state"] == "all"
    assert sample("people", state="all").selectbox(key="filter_state").value is None


def test_an_unknown_watch_is_no_filter(sample: Open) -> None:
    at = sample("people", watch="nothing_of_the_kind")

    assert at.selectbox(key="filter_state").value is PersonState.SEEKING
    assert "watch" not in at.query_params


def test_the_form_of_a_visit_is_filled_with_what_is_known(writable: Open, sample_copy: Database) -> None:
    with sample_copy.read() as connection:
        wishes = queries.intentions(connection)
    known = wishes[wishes["reserve_pay"].notna() & wishes["available_days"].notna()].iloc[0]

    at = button(writable("people", person=str(known["person_id"])), "登记走访")

    assert not at.exception
    pay = next(box for box in at.number_input if box.label == "最低薪酬（元/月）")
    days = next(pills for pills in at.button_group if pills.label == "可工作日")
    assert pay.value == known["reserve_pay"]
    assert sorted(days.value) == [n for n, mark in enumerate(known["available_days"]) if mark == "1"]


FORMS = {  # key of what opens a form → a label that stands in it
    "person_skill_edit": "佐证",
    "person_form_wishes": "期望薪酬（元/月）",
    "person_form_hardship": "证明材料",
    "person_form_limits": "工作限制",
    "person_form_consent": "同意登记并使用上述信息",
    "person_form_post": "约定终止日期",
    "person_form_placement": "每周工时",
}


@pytest.mark.parametrize("name", FORMS)
def test_every_fact_of_a_person_has_a_form(sample: Open, name: str) -> None:
    at = sample("people", person="900")
    if name == "person_skill_edit":
        box = at.selectbox(key="person_skill_900")
        at = box.select_index(0).run()

    next(button for button in at.button if button.key == name).click()
    at = at.run()

    assert not at.exception
    kinds = (at.text_input, at.number_input, at.date_input, at.selectbox, at.button_group, at.toggle)
    assert FORMS[name] in {element.label for kind in kinds for element in kind}


def test_the_form_of_documents_asks_for_a_reason_and_is_recorded(writable: Open, sample_copy: Database) -> None:
    at = button(writable("people", person="900"), "更正证件")

    assert not at.exception
    assert {"出生日期", "性别"} <= {element.label for kind in (at.date_input, at.selectbox) for element in kind}
    assert next(b for b in at.button if b.key == "person_form_documents:900").disabled
    with sample_copy.read() as connection:
        event = connection.execute(select(AuditEvent).order_by(AuditEvent.id.desc())).mappings().first()
    assert event is not None
    assert event["after"]["purpose"] == "correct"


def test_the_timeline_lists_the_kinds_that_are_chosen_and_no_blank_cell(sample: Open) -> None:
    at = sample("people", person="900", kinds="visit.plan")

    rows = at.dataframe[0].value
    assert set(rows["类别"]) <= {"走访", "计划"}
    assert not rows.isin(["", "None", "NaT"]).any().any()
    assert not rows.isna().any().any()


def test_a_caseworker_does_not_decide_on_posts_or_documents(sample: Open) -> None:
    at = sample("people", person="900", who=caseworker())

    offered = {button.key or button.label for button in at.button}
    assert {"person_form_placement", "person_form_wishes"} <= offered
    assert offered.isdisjoint({"person_form_post", "更正证件"})


def test_a_long_list_has_pages_each_with_ticks_of_its_own(sample: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drilldown, "SHOWN", 100)
    whole = sample("people")
    count = int(whole.title[0].value.split(" ")[0])
    pages = -(-count // 100)

    parts, tables = [whole.dataframe[0].value], {whole.dataframe[0].proto.id}
    for number in range(2, pages + 1):
        whole.pagination[0].set_value(number).run()
        parts.append(whole.dataframe[0].value)
        tables.add(whole.dataframe[0].proto.id)

    assert [len(part) for part in parts] == [100] * (pages - 1) + [count - 100 * (pages - 1)]
    assert f"第 {100 * (pages - 1) + 1}–{count} 行，共 {count} 行" in "".join(c.value for c in whole.caption)
    assert pd.concat(parts)["等待天数"].is_monotonic_decreasing
    assert len(tables) == pages


@pytest.mark.parametrize("what", ["visit", "work"])
def test_what_was_entered_by_mistake_is_removed_with_a_reason(sample: Open, sample_db: Database, what: str) -> None:
    with sample_db.read() as connection:
        work = load_placements(connection).iloc[0]
    who = int(work["person_id"])
    opens, key = (
        ("remove_visit", f"remove_visit:{who}")
        if what == "visit"
        else (f"remove_work_{work['id']}", f"remove_work:{work['id']}:{who}")
    )
    assert not any(b.key == f"person_form_{opens}" for b in sample("people", person=str(who), who=LEADER).button)
    at = sample("people", person=str(who), who=caseworker())
    at.button(key=f"person_form_{opens}").click()
    at = at.run()

    assert not at.exception
    assert at.button(key=f"person_form_{key}").disabled
    assert "理由" in {box.label for box in at.text_input}


def test_the_form_of_a_new_step_is_empty(sample: Open) -> None:
    at = sample("people", person="900", who=caseworker())
    at.button(key="person_form_new_step").click()
    at = at.run()

    assert not at.exception
    assert next(box for box in at.text_input if box.label == "具体内容").value == ""
    assert not at.button(key="person_form_new_step:900").disabled


def test_the_header_says_for_when_a_visit_is_agreed_and_how_late_it_is(sample: Open, sample_db: Database) -> None:
    today = date(2025, 12, 28)
    with sample_db.read() as connection:
        visits = queries.visits(connection)
    agreed = visits.drop_duplicates("person_id", keep="last").dropna(subset=["next_on"])
    late = (pd.Timestamp(today) - agreed["next_on"]).dt.days
    for days in (late[late > 0].iloc[0], late[late <= 0].iloc[0]):
        row = agreed.loc[late[late == days].index[0]]
        at = sample("people", person=str(row["person_id"]))
        day = f"约定{row['next_on']:%Y年}{row['next_on'].month}月{row['next_on'].day}日走访"
        assert day + (f"，已逾期{days}天" if days > 0 else "") in "".join(c.value for c in at.caption)
        assert ("已逾期" in "".join(c.value for c in at.caption)) == bool(days > 0)


def test_where_no_session_has_a_seat_only_who_may_plan_one_is_led_there(writable: Open, sample_copy: Database) -> None:
    with sample_copy.write() as session:
        session.execute(update(CourseSession).values(cancelled_on=date(2025, 12, 1)))

    planner = writable("people", person="900")
    other = writable("people", person="900", who=caseworker())

    assert "安排班次" in {link.proto.label for link in planner.get("page_link")}
    assert "安排班次" not in {link.proto.label for link in other.get("page_link")}
    assert any("调度" in caption.value for caption in other.caption if caption.value.startswith("班次由"))


def pair_links(at: AppTest) -> list[dict[str, str]]:
    return [dict(parse_qsl(link.proto.query_string)) for link in at.get("page_link") if link.label == "查看匹配详情"]


def test_each_fitting_opening_and_each_recommendation_leads_to_the_pair_in_matching(
    sample: Open, sample_db: Database
) -> None:
    with sample_db.read() as connection:
        referrals, seeking = load_referrals(connection), set(queries.people(connection, date(2025, 12, 28))["id"])
    waiting = referrals[referrals["state"].isin(["recommended", "interview", "offered"])]
    assert not waiting.empty
    for person, own in waiting[waiting["person_id"].isin(seeking)].head(40).groupby("person_id"):
        page = sample("people", person=str(person))
        links = pair_links(page)
        if len(links) > len(own):
            break

    assert all(set(link) == {"person", "opening"} for link in links)
    assert all(link["person"] == str(person) for link in links)
    assert {link["opening"] for link in links} >= set(own["job_id"].astype(str))
    for link in links:
        pair = sample("matching", **link)
        assert not pair.exception
        assert next(box for box in pair.selectbox if box.key == f"match_row_jobs_{person}").value == int(
            link["opening"]
        )
        assert pair.query_params["opening"] in (link["opening"], [link["opening"]])


def test_an_opening_that_a_link_names_is_shown_where_the_list_has_it_not_and_is_forgotten_with_the_person(
    sample: Open, sample_db: Database
) -> None:
    page = sample("matching", person="900")
    rows = page.selectbox(key="match_row_jobs_900")
    unlisted = next(n for n in range(1, 200) if f"（编号 {n}）" not in " ".join(rows.options) and is_open(sample, n))

    page = sample("matching", person="900", opening=str(unlisted))
    assert page.selectbox(key="match_row_jobs_900").value == unlisted
    assert any("未列入名单" in info.value for info in page.info)
    assert "推荐" in {button.label for button in page.button}

    with sample_db.read() as connection:
        people = queries.people(connection, date(2025, 12, 28))
    other = int(people.loc[(people["state"] == PersonState.SEEKING) & (people["id"] != 900), "id"].iloc[0])
    page = page.selectbox(key="match_person").set_value(other).run()
    assert "opening" not in page.query_params
    assert not page.exception


def is_open(sample: Open, opening: int) -> bool:
    return any(
        link.label == "匹配人员与放宽条件测算" for link in sample("openings", opening=str(opening)).get("page_link")
    )
