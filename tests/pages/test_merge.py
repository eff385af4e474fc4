"""Records of one person on the screen: compared, made one, found by either number, and taken apart again."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from core.store.database import Database
from core.store.schema import AuditEvent, DistinctPair, Person
from core.terms import AccountRole
from tests.accesses import acting, caseworker

Open = Callable[..., AppTest]


def recorded_twice(db: Database, keep: int = 900, other: int = 17) -> tuple[str, str]:
    """Person ``other`` has the name, birth, phone and community of ``keep``; returns the names as they were."""
    columns = (Person.name, Person.phone, Person.birth_date, Person.community_id, Person.grid_id)
    with db.engine.begin() as connection:
        name = connection.scalar(select(Person.name).where(Person.id == other))
        row = connection.execute(select(*columns).where(Person.id == keep)).mappings().one()
        connection.execute(update(Person).where(Person.id == other).values(**row, id_hash=None))
        connection.execute(update(Person).where(Person.id.in_([keep, other])).values(version=Person.version + 1))
    return str(name), str(row["name"])


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click()
    return at.run()


def test_a_likely_pair_is_listed_compared_merged_and_undone(writable: Open, sample_copy: Database) -> None:
    recorded_twice(sample_copy)
    at = writable("people", part="duplicates")
    assert at.title[0].value == "1 组档案可能为同一人"
    pair = at.dataframe[0].value.iloc[0]
    assert [pair[column] for column in ("姓名", "联系电话", "出生日期")] == ["=", "=", "="]
    assert pair["概率"] > 0.99

    at = writable("people", merge="17.900")
    assert at.title[0].value == "这 2 份档案是同一人吗？"
    at = press(at, "merge_preview")
    assert not at.exception
    assert any("公开数字" in str(element.value) for kind in (at.success, at.markdown) for element in kind)
    at = press(at, "merge_merge")

    assert at.query_params["person"] == "17"
    assert at.toast[0].value.replace("\\", "") == "900号已并入17号。"
    assert any("原编号900" in caption.value for caption in at.caption)
    at = writable("people", person="900")  # a link to the number of before
    assert at.query_params["person"] == "17"
    at = writable("people", state="all")
    at.text_input(key="search").set_value("900")
    assert at.run().dataframe[0].value.shape[0] == 1

    at = press(writable("people", part="duplicates"), "merge_undo_1")
    assert at.toast
    assert at.title[0].value == "1 组档案可能为同一人"
    with sample_copy.read() as connection:
        assert sorted(connection.scalars(select(Person.id).where(Person.id.in_([17, 900])))) == [17, 900]
        actions = set(connection.scalars(select(AuditEvent.action).where(AuditEvent.entity == "person_merge")))
    assert actions == {"merge_people", "unmerge_people"}


def test_two_people_are_not_proposed_again_until_asked(writable: Open, sample_copy: Database) -> None:
    recorded_twice(sample_copy)

    at = press(writable("people", merge="17.900"), "merge_apart")

    assert at.title[0].value == "0 组档案可能为同一人"
    with sample_copy.read() as connection:
        assert connection.execute(select(DistinctPair.person_id, DistinctPair.other_id)).all() == [(17, 900)]
    at = press(at, "duplicates_forget_1")
    assert at.title[0].value == "1 组档案可能为同一人"


def test_names_are_masked_until_shown_in_full_which_is_recorded_for_each(writable: Open, sample_copy: Database) -> None:
    names = recorded_twice(sample_copy)
    at = writable("people", merge="17.900")
    assert names[1] not in at.dataframe[0].value.to_string()

    at = press(at, "merge_reveal")

    assert names[1] in at.dataframe[0].value.to_string()
    with sample_copy.read() as connection:
        seen = connection.execute(
            select(AuditEvent.entity_id).where(AuditEvent.action == "reveal").order_by(AuditEvent.id.desc()).limit(2)
        ).all()
    assert {key for (key,) in seen} == {"17", "900"}


def test_records_of_other_communities_and_roles_without_people_are_not_compared(sample: Open) -> None:
    for who in (caseworker(communities=(3,)), acting(AccountRole.LEADER)):
        at = sample("people", merge="1.2.3.4.5.6.7.8.9", who=who)
        assert at.title[0].value.endswith("求职中")


def test_records_are_compared_by_number_and_nobody_is_answered(sample: Open) -> None:
    at = sample("people", part="duplicates")
    at.text_input(key="duplicates_numbers").set_value("17, 999999")
    at = press(at.run(), "duplicates_compare")
    assert at.error

    at.text_input(key="duplicates_numbers").set_value("17, 900")
    at = press(at.run(), "duplicates_compare")
    assert at.query_params["merge"] == "17.900"
