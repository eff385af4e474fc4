"""The page of the audit log: filters, paging, verification, rights of persons; emptying says what it needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.locale import translator
from core.people import queries
from core.store.audit_chain import Anchor
from core.store.database import Database
from core.store.schema import AuditEvent
from pages import startup

Open = Callable[..., AppTest]
NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)


def shown(at: AppTest) -> str:
    return "\n".join(at.dataframe[0].value.astype(str).agg(" ".join, axis=1))


def test_the_log_is_filtered_and_turned_over_without_clear_names(sample: Open, sample_db: Database) -> None:
    at = sample("audit", lang="en")
    first = at.dataframe[0].value
    assert len(first) == 50
    at.button(key="audit_older").click()
    second = at.run().dataframe[0].value
    assert second["No."].max() == first["No."].min() - 1

    at.number_input(key="audit_person").set_value(17)
    of_person = at.run().dataframe[0].value
    at.selectbox(key="audit_entity").set_value("person")
    own = at.run().dataframe[0].value

    assert {"Visits", "People"} <= set(of_person["Records"])
    assert set(own["Row"]) == {"17"}
    with sample_db.read() as connection:
        person = queries.editable(connection, 17)
    assert person["name"] not in shown(at)
    assert str(person["phone"]) not in shown(at)
    assert str(person["address"]) not in shown(at)


def finished(at: AppTest) -> AppTest:
    check = at.session_state["audit_check"]
    deadline = time.monotonic() + 60
    while check.is_running and time.monotonic() < deadline:
        time.sleep(0.05)
    return at.run()


def test_verifying_shows_events_anchors_and_rows(sample: Open) -> None:
    at = sample("audit", part="verify")
    at.button(key="audit_verify_rows").click()
    at = finished(at.run())

    assert not at.exception
    assert [box.value for box in at.error] == []
    assert ["逐条衔接完整" in box.value or "均与日志一致" in box.value for box in at.success] == [True, True]
    assert set(at.dataframe[0].value.iloc[:, 3]) == {"● 成立"}


def test_a_cut_tail_is_named_on_the_page(writable: Open, sample_copy: Database) -> None:
    from core.store.anchors import anchor_file, note_anchors

    note_anchors(anchor_file(sample_copy), [Anchor(10**9, "0" * 64, "2025-W52 · 9")], NOW)
    at = writable("audit", part="verify")
    at.button(key="audit_verify").click()
    at = finished(at.run())

    assert "1 个锚点不成立" in at.error[0].value


def test_real_data_is_not_emptied_without_the_switch(empty: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALLOW_EMPTY", raising=False)

    assert "ALLOW_EMPTY=1" in empty("data", part="start").info[0].value


def test_the_demonstration_is_emptied_after_a_backup_and_the_log_says_by_whom(
    writable: Open, sample_copy: Database
) -> None:
    at = writable("data", part="start")
    tr = translator("zh_CN")
    at.text_input(key="confirm_empty").set_value(tr("EMPTY")).run()
    next(button for button in at.button if button.label == tr("Empty the database")).click()
    at.run()

    with sample_copy.read() as connection:
        emptying = select(AuditEvent).where(AuditEvent.entity == "store")
        last = connection.execute(emptying).mappings().one()
        assert queries.count(connection) == 0
    assert (last["action"], last["actor"]) == ("empty", "许小满")
    assert last["after"]["rows"]["person"] == 1600
    assert (sample_copy.folder / "backups" / last["after"]["backup"]).exists()


def test_a_store_that_cannot_be_opened_is_explained_instead_of_the_page(
    empty: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(startup, "_open", lambda _pauses: (_ for _ in ()).throw(OSError(28, "No space left on device")))

    at = empty("people", lang="en")

    assert not at.exception
    assert "The disk is full" in at.error[0].value
    assert not at.title
    assert "磁盘空间已满" in capsys.readouterr().err
