"""The meeting page through the shell: what it shows, what it refuses, what it writes down."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from core.dispatch import queries
from core.store.database import Database
from core.terms import ActionStatus
from tests.accesses import dispatcher

Open = Callable[..., AppTest]
COLLEAGUE = "许小满"


def html_of(at: AppTest) -> str:
    return "".join(str(block.proto.body) for block in at.get("html"))


def test_the_newest_frozen_week_is_prepared_first(sample: Open) -> None:
    at = sample("meeting")

    assert "2025年第52周" in at.title[0].value
    assert at.selectbox(key="meeting_week").options[0].startswith("2025年第52周")
    assert not any(button.key == "meeting_freeze" for button in at.button)  # it is frozen
    assert "分钟" in "".join(text.value for text in at.markdown)


def test_a_link_to_a_week_that_is_not_frozen_says_so_and_shows_the_nearest(sample: Open) -> None:
    for query in ({"week": "2025-W10"}, {"week": "nonsense"}, {"week": "2025-W52", "rev": "7"}):
        at = sample("meeting", **query)
        assert [warning for warning in at.warning if "尚未冻结" in warning.value], query
        assert "调度会" in at.title[0].value


def test_every_slide_is_presented_without_the_frame(sample: Open) -> None:
    for lang, word in (("zh", "校验码"), ("en", "seal")):
        at = sample("meeting", present="1", slide="1", lang=lang)
        last = int(html_of(at).split("1 / ")[1].split("<")[0])
        assert last >= 10
        assert not any(box.key == "language" for box in at.get("segmented_control"))
        for number in range(1, last + 1):
            page = html_of(at)
            assert f"{number} / {last}" in page
            assert word in page
            assert not at.exception
            if number < last:
                at.button(key="meeting_turn_right").click()
                at = at.run()
        assert at.query_params["slide"] == str(last)
        assert at.button(key="meeting_turn_right").disabled


def test_a_link_to_a_slide_that_does_not_exist_shows_the_nearest(sample: Open) -> None:
    at = sample("meeting", present="1", slide="99")

    last = html_of(at).split(" / ")[1].split("<")[0]
    assert f"{last} / {last}" in html_of(at)
    assert any("没有第99页" in toast.value for toast in at.toast)


def test_an_action_is_raised_on_a_slide_and_closed_with_evidence(writable: Open, sample_copy: Database) -> None:
    at = writable("meeting", tab="follow_up")
    before = _open_actions(sample_copy)
    at = writable("meeting", present="1", slide="8")
    owner = next(box for box in at.selectbox if box.label == "责任人")
    submit = next(b for b in at.button if b.label == "提出督办事项")

    submit.click()
    at = at.run()
    assert "请选择责任人。" in [error.value for error in at.error]
    assert _open_actions(sample_copy) == before

    owner = next(box for box in at.selectbox if box.label == "责任人")
    owner.set_value(COLLEAGUE)
    next(b for b in at.button if b.label == "提出督办事项").click()
    at = at.run()
    [code] = set(_open_actions(sample_copy)) - set(before)
    with sample_copy.read() as connection:
        assert list(queries.decisions(connection)["text"].str.contains(code)) == [True]

    at = writable("meeting", tab="follow_up", action=code)
    key = _open_actions(sample_copy)[code]
    control = next(c for c in at.segmented_control if c.key == f"follow_up_{key}_False")
    control.set_value("close")
    at = at.run()
    box = next(b for b in at.text_input if b.label == "办结佐证" and str(key) in str(b.form_id))
    box.set_value("走访台账")
    next(b for b in at.button if b.label == "凭佐证销号" and str(key) in str(b.form_id)).click()
    at.run()

    assert code not in _open_actions(sample_copy)


def test_a_colleague_finds_the_own_actions_from_the_overview(sample: Open) -> None:
    who = dispatcher("余牧野")
    at = sample("overview", who=who)
    assert any("我的督办事项" in link.proto.label for link in at.get("page_link"))

    at = sample("meeting", tab="follow_up", mine="1", who=who)
    assert at.selectbox(key="follow_owner").value == "余牧野"
    assert "余牧野" not in str(dict(at.query_params))


def test_an_agenda_is_saved_and_printed_in_its_order(writable: Open, sample_copy: Database) -> None:
    at = writable("meeting")
    at.button(key="agenda_save").click()
    at.run()

    with sample_copy.read() as connection:
        stored = queries.meeting(connection, "2025-W52")
    assert stored is not None
    assert [item["code"] for item in stored["agenda"]][:2] == ["actions", "headlines"]


def test_minutes_are_closed_once_and_are_read_only_then(writable: Open, sample_copy: Database) -> None:
    at = writable("meeting", tab="minutes")
    at.button(key="minutes_close").click()
    at = at.run()

    assert "会议纪要（已定稿）" in [heading.value for heading in at.subheader]
    assert not any(button.key == "minutes_close" for button in at.button)
    with sample_copy.read() as connection:
        stored = queries.meeting(connection, "2025-W52")
    assert stored is not None
    assert stored["closed_by"] == COLLEAGUE


def test_an_empty_store_says_what_the_page_is_for(empty: Open) -> None:
    at = empty("meeting")
    assert at.title[0].value == "周调度会"
    assert not at.exception


def test_a_corrected_revision_needs_a_reason_and_the_former_one_stays(writable: Open, sample_copy: Database) -> None:
    at = writable("meeting", tab="weeks")
    next(b for b in at.button if b.label == "重新冻结").click()
    at = at.run()
    assert "更正须写明原因。" in [error.value for error in at.error]

    next(box for box in at.text_input if box.label == "理由").set_value("补录走访")
    next(b for b in at.button if b.label == "重新冻结").click()
    at = at.run(timeout=60)

    with sample_copy.read() as connection:
        headers = queries.headers(connection)
    assert list(headers["rev"]) == [1, 1, 1, 2]
    assert headers["reason"].iloc[-1] == "补录走访"
    old = writable("meeting", week="2025-W52", rev="1")
    assert "第1版" in "".join(caption.value for caption in old.caption)


def _open_actions(db: Database) -> dict[str, int]:
    from core.indicators.facts import load

    with db.read() as connection:
        actions = load(connection).actions
    is_open = actions[actions["status"] != ActionStatus.CLOSED]
    return dict(zip(is_open["code"], is_open["id"].astype(int), strict=True))
