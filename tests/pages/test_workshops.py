"""Workshops: an order is taken and appears in the ledger, records are corrected; in the name of who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from streamlit.testing.v1 import AppTest

from core.dispatch.agenda import AgendaItem
from core.dispatch.meetings import save_agenda
from core.store.database import Database
from core.store.schema import (
    ApprovedRoster,
    Order,
    Placement,
    Promise,
    RosterCell,
    SavedScenario,
    Workshop,
    WorkshopWeek,
)
from core.terms import JobForm, PromiseKind, ScenarioKind
from tests.accesses import dispatcher
from tests.stores import NOW

Open = Callable[..., AppTest]


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def shown(at: AppTest) -> str:
    return "\n".join(str(e.value) for kind in (at.markdown, at.caption, at.success, at.toast, at.error) for e in kind)


def test_an_order_is_taken_where_it_is_best_and_stands_in_the_ledger(writable: Open, sample_copy: Database) -> None:
    at = writable("workshops", workshop="望湖微工厂", workshop_tab="订单")
    assert not at.exception
    answers = at.dataframe[0].value
    assert answers["微工厂"].iloc[0] == "望湖微工厂"

    at = press(at, "由望湖微工厂接单")

    assert not at.exception
    assert "已列入望湖微工厂在手订单" in shown(at)
    with sample_copy.write() as session:
        order = session.query(Order).order_by(Order.id.desc()).first()
        promise = session.query(Promise).order_by(Promise.id.desc()).first()
        assert order is not None
        assert promise is not None
        assert (promise.order_id, promise.kind, promise.made_by) == (order.id, PromiseKind.ORDER, "许小满")
        assert promise.probability == 1.0
        assert order.due_on == date(2026, 1, 25)


def test_a_refusal_without_a_reason_is_not_written(writable: Open, sample_copy: Database) -> None:
    at = writable("workshops", workshop="望湖微工厂", workshop_tab="订单")
    with sample_copy.write() as session:
        before = session.query(Promise).count()
    at = press(at, "不接单")
    assert "须填写原因" in shown(at)
    with sample_copy.write() as session:
        assert session.query(Promise).count() == before


def test_the_weekly_report_and_the_workshop_are_corrected_by_hand(writable: Open, sample_copy: Database) -> None:
    at = writable("workshops", workshop="望湖微工厂", workshop_tab="填报")
    assert not at.exception
    at.number_input[0].set_value(17)
    at = press(at, "保存")
    assert "周报已保存" in shown(at)
    with sample_copy.write() as session:
        stored = session.query(WorkshopWeek).filter_by(workshop_id=4, week=date(2025, 12, 22)).one()
        assert stored.on_roll == 17

    at.segmented_control(key="record_part").set_value("workshop")
    at = at.run()
    at.date_input[0].set_value(date(2025, 12, 1))
    at = press(at, "保存")
    assert not at.exception
    with sample_copy.write() as session:
        assert session.get_one(Workshop, 4).closed_on == date(2025, 12, 1)
    assert "关停" in "\n".join(i.value for i in at.info)


def test_a_roster_is_approved_and_changed_by_one_absence(writable: Open, sample_copy: Database) -> None:
    at = writable("workshops", workshop="兰汀微工厂", workshop_tab="排班")
    assert not at.exception
    at = press(at, "由许小满审定")
    assert not at.exception
    assert "第1版：许小满" in shown(at)

    cells = rostered(sample_copy)
    person, slot = next(iter(sorted(cells)))
    at.selectbox[[box.label for box in at.selectbox].index("人员")].set_value(order_of(sample_copy, person))
    at.multiselect[0].set_value([slot // 2])
    at = press(at, "以最少调整重排")
    assert not at.exception
    at = press(at, "由许小满审定")
    assert not at.exception

    assert "第2版：许小满" in shown(at)
    after = rostered(sample_copy)
    lost = {(p, s) for p, s in cells if p == person and s // 2 == slot // 2}
    assert lost
    assert not lost & after
    assert len((cells - lost) ^ after) <= 2


def rostered(db: Database) -> set[tuple[int, int]]:
    """Person and half day of the newest approved roster."""
    with db.write() as session:
        newest = session.query(ApprovedRoster).order_by(ApprovedRoster.id.desc()).first()
        assert newest is not None
        return {(c.person_id, c.slot) for c in session.query(RosterCell).filter_by(roster_id=newest.id)}


def order_of(db: Database, person: int) -> int:
    """The place of somebody among the people who come to a station of their workshop."""
    with db.write() as session:
        own = session.query(Placement).filter_by(person_id=person, ended_on=None).one()
        roll = (
            session.query(Placement)
            .filter(Placement.workshop_id == own.workshop_id, Placement.ended_on.is_(None))
            .filter(Placement.form != JobForm.HOME_PIECE)
            .order_by(Placement.started_on, Placement.id)
        )
        return [p.person_id for p in roll].index(person)


def test_a_what_if_is_saved_raised_and_played_at_the_meeting(
    opener: Callable[[Database], Open], meeting_copy: Database
) -> None:
    open_page = opener(meeting_copy)
    at = open_page("workshops", workshop="渔歌微工厂", workshop_tab="假如", wi_people="9")
    assert not at.exception
    at.text_input(key="workshop_scenario_name").set_value("增九人")
    at = at.run()
    at.button(key="workshop_scenario_save").click()
    at = at.run()
    assert not at.exception
    assert "增九人" in shown(at)
    with meeting_copy.write() as session:
        saved = session.query(SavedScenario).filter_by(kind=ScenarioKind.WORKSHOP).one()
        assert saved.content == {"workshop": 3, "people": 9}
        items = [AgendaItem(f"what-if-workshop-{saved.id}", 5)]
    save_agenda(meeting_copy, "2025-W52", items, version=None, actor=dispatcher("许小满"), at=NOW)

    at = open_page("meeting", present="1", slide="1", week="2025-W52")

    assert not at.exception
    assert "增九人" in shown(at) + "".join(str(m.value) for m in at.get("html")) + "".join(t.value for t in at.title)
