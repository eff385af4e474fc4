"""Saved weights: versions, archive, and which preset would flag whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core.locale import translator
from core.matching.inputs.queries import preset_revisions
from core.matching.inputs.queries import presets as saved_presets
from core.matching.ranking.presets import BUILT_IN, Preset, archive_preset, presets, save_preset
from core.policy import Access, Action
from core.store.commands import NotFound, command
from core.store.database import Database
from core.store.schema import WeightPreset
from tests.accesses import dispatcher
from tests.core.factories import NOW

AUTHOR = dispatcher("李敏")


def save(db: Database, name: str, skills: int, actor: Access = AUTHOR, reason: str = "托育岗位", days: int = 0) -> int:
    with command(db, actor=actor, action=Action.SAVE_PRESET, at=NOW + timedelta(days=days)) as change:
        return save_preset(change, name, {"skills": skills, "travel": 20}, reason)


def archive(db: Database, preset_id: int) -> None:
    with command(db, actor=dispatcher("王主任"), action=Action.ARCHIVE_PRESET, at=NOW + timedelta(days=9)) as change:
        archive_preset(change, preset_id)


def in_force(db: Database) -> list[Preset]:
    with db.read() as connection:
        return presets(saved_presets(connection))[len(BUILT_IN) :]


def test_a_preset_carries_its_weights_author_date_and_reason(db: Database) -> None:
    key = save(db, "托育", 40)
    (mine,) = in_force(db)
    assert (mine.key, mine.id, mine.revision) == (str(key), key, 1)
    assert (mine.author, mine.made_on, mine.reason) == ("李敏", NOW.date(), "托育岗位")
    assert mine.weights == {"skills": 40, "travel": 20} | dict.fromkeys(list(mine.weights)[2:], 0)
    for lang in ("zh_CN", "en"):
        origin = mine.origin(translator(lang))
        assert "李敏" in origin
        assert "托育岗位" in origin
        assert "{" not in origin


def test_saving_again_makes_a_version_and_keeps_the_old_one_on_record(db: Database) -> None:
    first, second = save(db, "托育", 40), save(db, " 托育 ", 60, actor=dispatcher("张华"), days=3)
    (mine,) = in_force(db)
    assert (mine.id, mine.revision, mine.weights["skills"], mine.author) == (second, 2, 60, "张华")
    with db.read() as connection:
        history = preset_revisions(connection, "托育")
    assert [(row.id, row.revision, row.archived_at is None) for row in history] == [
        (first, 1, False),
        (second, 2, True),
    ]
    with Session(db.engine) as session:
        old = session.get(WeightPreset, first)
        assert old is not None
        assert (old.weights["skills"], old.author, old.reason) == (40, "李敏", "托育岗位")


def test_an_archived_preset_is_out_of_use_and_its_name_starts_the_next_version(db: Database) -> None:
    first, other = save(db, "托育", 40), save(db, "就近", 10)
    archive(db, first)
    assert [mine.id for mine in in_force(db)] == [other]
    again = save(db, "托育", 50, days=20)
    assert [(mine.id, mine.revision) for mine in in_force(db)] == [(other, 1), (again, 2)]
    with db.read() as connection:
        assert [row.archived_at is None for row in preset_revisions(connection, "托育")] == [False, True]


def test_archiving_what_is_not_there_is_told(db: Database) -> None:
    with pytest.raises(NotFound):
        archive(db, 999)
    assert in_force(db) == []


def test_odd_names_and_no_reason_stand_as_they_were_given(db: Database) -> None:
    for name in ("NA", 'Q"uote', "O'Neil", "{name}", "null"):
        save(db, name, 30, reason="  ")
    presets = in_force(db)
    assert sorted(mine.name for mine in presets) == sorted(["NA", 'Q"uote', "O'Neil", "{name}", "null"])
    for lang in ("zh_CN", "en"):
        assert all(mine.title(translator(lang)) == mine.name for mine in presets)
        assert all("None" not in mine.origin(translator(lang)) for mine in presets)
