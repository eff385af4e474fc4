"""What was entered by mistake is taken back on a person's page: by click, with a reason, and it is seen that it is gone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from core.jobs.commands import start_placement
from core.jobs.queries import placements
from core.people import queries
from core.policy import Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Placement, Visit, WelfarePost
from core.terms import Channel, PersonState, Registration
from tests.accesses import dispatcher
from tests.stores import KEY

pytestmark = pytest.mark.browser

TODAY = date(2025, 12, 28)
NOW = datetime(2025, 12, 28, 2, 0, tzinfo=UTC)


@pytest.fixture
def db(district):  # type: ignore[no-untyped-def]
    store = Database(f"sqlite:///{district.database}", key=KEY)
    yield store
    store.dispose()


def seeker(db: Database, nth: int) -> int:
    """Somebody who seeks work, was visited and never worked; another one for each test."""
    with db.read() as connection:
        people, visits, work = queries.people(connection, TODAY), queries.visits(connection), placements(connection)
    seeking = people.loc[people["state"] == PersonState.SEEKING, "id"]
    return int(seeking[seeking.isin(visits["person_id"]) & ~seeking.isin(work["person_id"])].iloc[nth])


def begin_work(db: Database, person: int) -> int:
    with command(db, actor=dispatcher(), action=Action.RECORD_PLACEMENT, at=NOW) as change:
        return int(
            start_placement(change, person, channel=Channel.SELF_EMPLOYED, started_on=date(2025, 12, 8), today=TODAY)
        )


def ask(page: Page, opens: Locator, reason: str) -> Locator:
    """Open the dialog, give the reason and confirm."""
    opens.click()
    dialog = page.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name="删除", exact=True)
    expect(confirm).to_be_disabled()
    dialog.get_by_label("理由").fill(reason)
    dialog.get_by_label("理由").blur()
    expect(confirm).to_be_enabled()
    confirm.click()
    return dialog


def test_a_visit_that_never_was_is_gone_from_the_timeline(district, db, window) -> None:  # type: ignore[no-untyped-def]
    person = seeker(db, 0)
    with db.read() as connection:
        days = connection.scalars(select(Visit.visited_on).where(Visit.person_id == person)).all()
    page = window().open(f"{district.url}/people?person={person}")
    lane = page.get_by_role("button", name=re.compile(r"^走访 \d+$"))
    expect(lane).to_have_text(f"走访 {len(days)}")
    page.get_by_text("列表查看", exact=True).click()

    dialog = ask(page, page.get_by_role("button", name="删除走访"), "录到他人名下")

    expect(dialog).to_have_count(0)
    expect(page.get_by_text("已保存。")).to_be_visible()
    if len(days) > 1:
        expect(lane).to_have_text(f"走访 {len(days) - 1}")
    else:
        expect(lane).to_have_count(0)
    expect(page.get_by_role("button", name="更正 1")).to_be_visible()
    with db.read() as connection:
        left = connection.scalars(select(Visit.visited_on).where(Visit.person_id == person)).all()
    assert sorted(left) == sorted(days)[:-1]


def test_work_that_never_was_is_gone_and_the_person_seeks_work_again(district, db, window) -> None:  # type: ignore[no-untyped-def]
    person = seeker(db, 1)
    work = begin_work(db, person)
    page = window().open(f"{district.url}/people?person={person}")
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text("已就业")

    dialog = ask(page, page.locator(f".st-key-person_form_remove_work_{work} button"), "录到他人名下")

    expect(dialog).to_have_count(0)
    expect(title).to_contain_text("求职中")
    expect(page.locator(f".st-key-person_form_remove_work_{work}")).to_have_count(0)
    with db.read() as connection:
        assert connection.scalars(select(Placement.id).where(Placement.person_id == person)).all() == []


def test_work_that_stays_on_record_says_why_and_keeps_the_reason(district, db, window) -> None:  # type: ignore[no-untyped-def]
    person = seeker(db, 2)
    work = begin_work(db, person)
    with db.write() as session:
        post = {"kind": Registration.URBAN, "started_on": TODAY, "ends_on": date(2026, 12, 28)}
        session.add(WelfarePost(person_id=person, **post))
    page = window().open(f"{district.url}/people?person={person}")

    dialog = ask(page, page.locator(f".st-key-person_form_remove_work_{work} button"), "录到他人名下")

    expect(dialog.get_by_role("alert")).to_contain_text("该就业开始后又安置了公益性岗位，请改为登记离职")
    expect(dialog.get_by_label("理由")).to_have_value("录到他人名下")
    with db.read() as connection:
        assert connection.scalars(select(Placement.id).where(Placement.person_id == person)).all() == [work]
