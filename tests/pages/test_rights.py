"""Every role on every page: what is refused, what is not offered, and that nobody is shown a row or a name beyond it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.policy import Action, may
from core.store.database import Database
from core.store.schema import AuditEvent, Community, Person, StaffMember
from core.terms import AccountRole, RevealPurpose
from pages import frame
from pages.data import page as data
from tests.accesses import acting, administrator, caseworker, dispatcher

Open = Callable[..., AppTest]
OWN = (3, 7)  # communities of the caseworker


@dataclass(frozen=True)
class Known:
    """What no page may show: full names of three and more characters, phones, addresses; and where people live."""

    names: frozenset[str]
    phones: frozenset[str]
    addresses: frozenset[str]
    own: frozenset[str]  # names of the communities of the caseworker
    strangers: tuple[int, ...]  # ids of people of other communities
    acquaintance: int  # id of somebody of the own communities

    def shown_in(self, text: str) -> set[str]:
        """Which of it stands in ``text``."""
        pieces = {text[n : n + length] for length in (3, 4, 11) for n in range(len(text) - length + 1)}
        return (self.names | self.phones) & pieces | {address for address in self.addresses if address in text}


@pytest.fixture(scope="module")
def known(sample_db: Database) -> Known:
    with sample_db.read() as connection:
        people = connection.execute(
            select(Person.id, Person.name, Person.phone, Person.address, Person.community_id)
        ).all()
        staff = set(connection.scalars(select(StaffMember.name)))
        own = connection.scalars(select(Community.name).where(Community.id.in_(OWN)))
        return Known(
            names=frozenset(p.name for p in people if len(p.name) > 2) - staff,
            phones=frozenset(p.phone for p in people if p.phone),
            addresses=frozenset(p.address for p in people if p.address),
            own=frozenset(own),
            strangers=tuple(p.id for p in people if p.community_id not in OWN),
            acquaintance=next(p.id for p in people if p.community_id in OWN and p.phone),
        )


def sent(at: AppTest) -> str:
    """All that the page sent to the browser: texts, options, and the rows of tables and charts."""
    return b"\n".join(element.proto.SerializeToString() for element in elements(at)).decode("utf-8", "ignore")


def elements(at: AppTest) -> Iterator[object]:
    for block in (at.main, at.sidebar, at._tree):
        for element in block:
            if getattr(element, "proto", None) is not None:
                yield element


def titles(at: AppTest) -> list[str]:
    return [title.value for title in at.title]


PAGES = {entry[0]: entry for entries in frame.PAGES.values() for entry in entries}


@pytest.mark.parametrize("role", AccountRole)
def test_every_page_answers_every_role_with_what_it_may_see(sample: Open, known: Known, role: AccountRole) -> None:
    who = acting(role, communities=OWN)
    allowed = {address for address, entry in PAGES.items() if may(who, entry[3])}

    for address in PAGES:
        at = sample(address or "overview", who=who)

        assert not at.exception, address
        assert known.shown_in(sent(at)) == set(), address
        is_refused = titles(at) == ["此页面不在您的职责范围内"]
        assert is_refused == (address not in allowed and address != ""), address
    assert set(at.session_state["pages"]) == {address or "overview" for address in allowed - frame.OF_A_CITY}


@pytest.mark.parametrize(
    "role", [AccountRole.CASEWORKER, AccountRole.DISPATCHER, AccountRole.ADMINISTRATOR, AccountRole.AUDITOR]
)
def test_the_data_page_offers_the_sections_of_a_role(sample: Open, role: AccountRole) -> None:
    who = acting(role)
    at = sample("data", who=who)

    offered = [code for code, (_, _, action) in data.SECTIONS.items() if may(who, action)]
    assert len(at.segmented_control(key="data_part").options) == len(offered)
    if "start" not in offered:
        at = sample("data", part="start", who=who)
        assert "confirm_empty" not in {box.key for box in at.text_input}


def test_a_person_of_another_community_is_answered_like_one_who_does_not_exist(sample: Open, known: Known) -> None:
    who = caseworker(communities=OWN)
    stranger, nobody = (
        sample("people", person=str(known.strangers[0]), who=who),
        sample("people", person="999999", who=who),
    )

    assert titles(stranger) == titles(nobody)
    assert not any(button.label == "更正资料" for button in stranger.button)
    leader = sample("people", person=str(known.acquaintance), who=acting(AccountRole.LEADER))
    assert not any(button.label == "更正资料" for button in leader.button)


def test_lists_hold_people_of_the_own_communities_only(sample: Open, known: Known) -> None:
    who = caseworker(communities=OWN)

    pool = sample("people", state="all", who=who)
    assert set(pool.dataframe[0].value["社区"]) == known.own
    assert all(name in sent(pool) for name in known.own)  # rows of tables are part of what is looked through
    people = sample("matching", person="1", who=who)
    people.segmented_control(key="match_kind").set_value("jobs")
    options = people.run().selectbox(key="match_person").options
    assert options
    assert all(any(name in option for name in known.own) for option in options)
    tile = sample("overview", who=who)
    next(button for button in tile.button if button.key.startswith("open_")).click()
    rows = tile.run().dataframe[-1].value
    assert set(rows["社区"]) <= known.own
    assert any("仅列出这些" in caption.value for caption in tile.caption)


def test_proposals_for_the_whole_district_name_people_of_the_own_communities_only(sample: Open, known: Known) -> None:
    at = sample("matching", test="district", who=caseworker(communities=OWN))

    pairs, unplaced = (table.value for table in at.dataframe if "社区" in table.value.columns)
    assert set(pairs["社区"]) <= known.own
    assert set(unplaced["社区"]) <= known.own
    assert known.shown_in(sent(at)) == set()


def test_a_caseworker_without_communities_sees_nobody(sample: Open) -> None:
    at = sample("people", state="all", who=caseworker(communities=()))

    assert at.title[0].value.startswith("0 人")
    assert not sample("matching", who=caseworker(communities=())).exception


def test_a_revealed_person_is_recorded_and_masked_again_after_the_visit(writable: Open, sample_copy: Database) -> None:
    with sample_copy.read() as connection:
        person = connection.execute(
            select(Person.id, Person.name, Person.phone).where(Person.phone.is_not(None))
        ).first()
    assert person is not None
    at = writable("people", person=str(person.id), who=dispatcher("王芳"))
    assert person.phone not in sent(at)
    revision = sample_copy.revision()

    at.selectbox(key=f"reveal_purpose_{person.id}").set_value(RevealPurpose.CONTACT)
    at = at.run()
    at.button(key=f"reveal_{person.id}").click()
    at = at.run()

    assert person.name in at.title[0].value
    assert person.phone in sent(at)
    assert sample_copy.revision() == revision
    at.button(key="reveal_mask").click()
    assert person.phone not in sent(at.run())
    with sample_copy.read() as connection:
        event = connection.execute(select(AuditEvent).order_by(AuditEvent.id.desc())).mappings().first()
    assert event is not None
    assert (event["actor"], event["action"], event["entity_id"]) == ("王芳", "reveal", str(person.id))


def test_a_download_is_registered_before_it_is_handed_over(
    writable: Open, sample_copy: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    import streamlit

    taken: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(streamlit, "download_button", lambda _label, data, key, **_: taken.update({key: data}))
    at = writable("people", who=dispatcher("王芳"))

    book = load_workbook(io.BytesIO(taken["download_pool"]()), read_only=True)

    at = writable("data", part="exports", who=administrator("许小满"))
    (line,) = at.dataframe[0].value.to_dict("records")
    assert (line["操作人员"], line["行数"]) == ("王芳", len(list(book.active.rows)) - 1)
    assert line["导出编号"] in (book.properties.identifier or "")
    assert line["角色"] == "调度员"


def test_a_leader_is_offered_no_list_of_people_to_take(sample: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit

    taken: list[str] = []
    monkeypatch.setattr(streamlit, "download_button", lambda _label, key, **_: taken.append(key))

    sample("people", who=acting(AccountRole.LEADER))

    assert taken == []
    assert not may(acting(AccountRole.LEADER), Action.EXPORT_PEOPLE)
