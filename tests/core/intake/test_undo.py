"""Confirming and taking back: plans that went stale, rows in the way, cancelling, remembered mappings."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from sqlalchemy import select

from core.intake import queries
from core.intake.commit import PlanChanged, commit_import
from core.intake.findings import Decision
from core.intake.learning import forget_word
from core.intake.planning.plan import Cancelled, Options
from core.intake.reading.detection import Detection, detect, taught_headers
from core.intake.sheets import SHEETS
from core.intake.undo import UndoRefused, obstacles, preview_undo, undo_import
from core.intake.wording import changes_table
from core.locale import translator
from core.policy import Action
from core.store.commands import NotFound, command
from core.store.database import Database
from core.store.row_check import verify_rows
from core.store.schema import (
    AuditEvent,
    HeaderMapping,
    ImportBatch,
    Person,
)
from core.store.settings import district, save_setting, was_emptied
from core.terms import Registration
from tests.accesses import administrator, dispatcher
from tests.core.intake.files import (
    NOW,
    SEEKER,
    VISIT,
    contents,
    count,
    csv_bytes,
    done,
    id_number,
    make_communities,
    moved,
    plan_upload,
    planned,
    seeker,
    upload,
    visit,
)


def test_a_plan_that_would_now_do_something_else_is_not_carried_out(any_db: Database) -> None:
    done(any_db, csv_bytes([SEEKER, seeker(1)]))
    plan = planned(any_db, csv_bytes([SEEKER, seeker(1, 文化程度="大专"), seeker(2)]))
    with command(any_db, actor=dispatcher("王芳"), action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(Person, 1, {"registration": Registration.RURAL})
    before = contents(any_db)

    with pytest.raises(PlanChanged) as raised:
        commit_import(any_db, plan, administrator(), NOW)

    assert contents(any_db) == before
    assert moved(raised.value.plan) == (1, 1)
    commit_import(any_db, raised.value.plan, administrator(), NOW)


def test_undo_is_refused_with_the_rows_that_stand_in_the_way(any_db: Database) -> None:
    first = done(any_db, csv_bytes([SEEKER, seeker(1), seeker(2)]))
    second = done(any_db, csv_bytes([VISIT, visit(1)]), Options(otherwise=Decision.SAME_PERSON))
    with command(any_db, actor=dispatcher("王芳"), action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(Person, 2, {"note": "已电话联系"})
    before = contents(any_db)

    with pytest.raises(UndoRefused) as raised:
        undo_import(any_db, first, administrator(), NOW, reason="误传")

    assert {(b.entity, b.entity_id, b.reason, b.actor) for b in raised.value.blockers} >= {
        ("person", "2", "changed", "王芳"),
        ("person", "1", "visit", None),
    }
    assert contents(any_db) == before
    undo_import(any_db, second, administrator(), NOW, reason="误传")
    with command(any_db, actor=dispatcher("王芳"), action=Action.EDIT_PERSON, at=NOW) as change:
        change.edit(Person, 2, {"note": None})
    with pytest.raises(UndoRefused):  # the edit and its reversal stand in the log
        undo_import(any_db, first, administrator(), NOW, reason="误传")


def test_an_undo_tells_beforehand_what_it_removes_and_sets_back_and_who_is_in_its_way(any_db: Database) -> None:
    done(any_db, csv_bytes([SEEKER, seeker(1)]))
    changes = csv_bytes([SEEKER, seeker(1, 户口性质="乡村", 登记日期="2025-04-01"), seeker(2), seeker(3)])
    batch = done(any_db, changes)
    with any_db.read() as connection:
        free = preview_undo(connection, batch)
    later = done(any_db, csv_bytes([SEEKER, seeker(2, 户口性质="乡村", 登记日期="2025-05-01")]))
    with any_db.read() as connection:
        blocked = preview_undo(connection, batch)

    assert (free.removed["person"], free.restored["person"], free.returned, free.blockers) == (2, 1, {}, ())
    causes = {(o.cause.entity, o.cause.batch_id): o.rows for o in obstacles(blocked.blockers)}
    assert causes[("person", later)] == ("2",)
    with any_db.read() as connection, pytest.raises(NotFound):
        preview_undo(connection, later + 1)


def test_an_undo_needs_a_reason_which_the_log_keeps(any_db: Database) -> None:
    batch = done(any_db, csv_bytes([SEEKER, seeker(1)]))
    with pytest.raises(UndoRefused) as raised:
        undo_import(any_db, batch, administrator(), NOW, reason=" ")
    assert "理由" in raised.value.sentence(translator())

    undo_import(any_db, batch, administrator(), NOW, reason="误传旧表")

    with any_db.read() as connection:
        assert queries.undo_reasons(connection) == {batch: "误传旧表"}
        assert list(verify_rows(connection)) == []


def test_undoing_restores_changed_values(any_db: Database) -> None:
    done(any_db, csv_bytes([SEEKER, seeker(1)]))
    before = contents(any_db)
    batch = done(any_db, csv_bytes([SEEKER, seeker(1, 联系电话="19911112222", 户口性质="乡村", 登记日期="2025-04-01")]))
    assert contents(any_db) != before

    undo_import(any_db, batch, administrator(), NOW, reason="误传")

    assert contents(any_db) == before


def test_a_row_that_the_batch_itself_linked_does_not_stand_in_its_way(any_db: Database) -> None:
    make_communities(any_db)
    done(any_db, csv_bytes([SEEKER, seeker(1)]))
    before = contents(any_db)
    data = csv_bytes([(*VISIT, "社区", "网格"), [*visit(1), "荷风社区", "第一网格"]])
    batch = done(any_db, data, Options(otherwise=Decision.SAME_PERSON))
    assert len(contents(any_db)["grid"]) == 1

    undo_import(any_db, batch, administrator(), NOW, reason="误传")

    assert contents(any_db) == before


def test_cancelling_leaves_nothing(db: Database) -> None:
    data = csv_bytes([SEEKER, *(seeker(n) for n in range(600))])
    file = upload(data)
    detected = detect(file)
    with pytest.raises(Cancelled):
        plan_upload(db, file, "job_seekers", detected.table, detected.mapping, progress=lambda done, total: done < 500)
    calls: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> bool:
        calls.append((done, total))
        return False

    with pytest.raises(Cancelled):
        commit_import(db, planned(db, data), administrator(), NOW, stop)

    assert len(calls) == 1
    assert (count(db, Person), count(db, ImportBatch), count(db, AuditEvent)) == (0, 0, 0)


def test_a_confirmed_mapping_is_remembered_by_its_headers(db: Database) -> None:
    header = ("姓名", "公民身份号码", "小灵通", "登记日期")
    data = csv_bytes([header, ["王芳", id_number(1), "19900000001", "2025-03-01"]])
    file = upload(data)
    proposed = detect(file)
    assert proposed.mapping["小灵通"] is None
    mapping = proposed.mapping | {"小灵通": "phone"}
    plan = plan_upload(db, file, "job_seekers", proposed.table, mapping)
    commit_import(db, plan, administrator(), NOW)

    with db.read() as connection:
        again = detect(file, queries.remembered_mappings(connection))

    assert again.is_remembered
    assert again.mapping == mapping
    assert count(db, HeaderMapping) == 1
    commit_import(db, plan_upload(db, file, "job_seekers", again.table, again.mapping), administrator(), NOW)
    assert count(db, HeaderMapping) == 1
    with db.read() as connection:
        learnt = select(AuditEvent.before).where(AuditEvent.entity == "learnt_word")
        assert connection.scalars(learnt).all() == [None]  # learnt once, not again with every file


WORKED = (*SEEKER, "干过的活")


def proposed(db: Database, header: Sequence[str], *changes: str) -> Detection:
    """What is proposed for a file with ``header`` after the imports so far."""
    data = csv_bytes([header, [*seeker(1), *changes]])
    with db.read() as connection:
        remembered, learnt = queries.remembered_mappings(connection), queries.learnt_headers(connection)
    return detect(upload(data), remembered, learnt=learnt)


def import_as(db: Database, header: Sequence[str], row: Sequence[str], by_hand: Mapping[str, str | None]) -> None:
    """Import a row under the proposed mapping, less what a person chose otherwise."""
    file = upload(csv_bytes([header, row]))
    with db.read() as connection:
        remembered, learnt = queries.remembered_mappings(connection), queries.learnt_headers(connection)
    found = detect(file, remembered, learnt=learnt)
    plan = plan_upload(db, file, "job_seekers", found.table, found.mapping | by_hand)
    commit_import(db, plan, administrator(), NOW)


def test_a_header_matched_by_hand_is_proposed_for_other_files_of_its_kind(db: Database) -> None:
    plain = [*seeker(1), "双鱼", "缝纫"]
    import_as(db, (*SEEKER, "星座", "干过的活"), plain, {})  # nobody looked: the file itself is remembered without
    import_as(db, WORKED, [*seeker(2), "保洁"], {"干过的活": "career"})

    assert proposed(db, ("干过的活", *SEEKER)).mapping["干过的活"] == "career"
    assert proposed(db, (*SEEKER, "星座", "干过的活")).mapping["干过的活"] == "career"
    assert taught_headers(proposed(db, WORKED).mapping, SHEETS["job_seekers"]) == {"干过的活": "career"}


def test_a_header_whose_own_column_another_fills_or_that_is_not_kept_can_be_taught(db: Database) -> None:
    header = (*SEEKER, "手机", "健康状况")
    import_as(db, header, [*seeker(1), "缝纫", "良好"], {"手机": "career", "健康状况": "address"})

    found = proposed(db, ("健康状况", "手机", *SEEKER))
    alone = proposed(db, ("手机", *(name for name in SEEKER if name != "联系电话")))

    assert (found.mapping["手机"], found.mapping["健康状况"], found.mapping["联系电话"]) == (
        "career",
        "address",
        "phone",
    )
    assert alone.mapping["手机"] == "phone"  # what the sheet knows goes first


def test_a_header_that_is_taken_back_is_proposed_no_more(db: Database) -> None:
    other = (*SEEKER, "星座", "干过的活")
    import_as(db, other, [*seeker(1), "双鱼", "缝纫"], {"干过的活": "career"})
    import_as(db, WORKED, [*seeker(2), "保洁"], {"干过的活": None})
    assert (proposed(db, WORKED).mapping["干过的活"], proposed(db, other).mapping["干过的活"]) == (None, None)

    import_as(db, WORKED, [*seeker(3), "月嫂"], {"干过的活": "career"})
    with db.read() as connection:
        words = queries.learnt_words(connection)
    forget_word(db, int(words.loc[0, "id"]), administrator(), NOW)
    assert (proposed(db, WORKED).mapping["干过的活"], proposed(db, other).mapping["干过的活"]) == (None, None)


def test_batches_tell_what_was_imported_by_whom(db: Database) -> None:
    done(db, csv_bytes([SEEKER, seeker(1)]))

    with db.read() as connection:
        batches = queries.batches(connection)

    assert batches.loc[0, ["sheet", "actor", "state"]].tolist() == ["job_seekers", "李明", "committed"]
    assert batches.loc[0, "counts"]["new"] == 1


JUNK = ("清空", "", "无", "NA", "=1+1", "#N/A", "24.5.1", "45000", "3.7E+17", "２０２５-03-01", "-5", "1e400", "x" * 3000,
        "99999999999999999999", "2025-W60", "周一-周九 9点", "2500-", "nan", "王秀兰", "荷风社区")  # fmt: skip


@pytest.fixture(scope="module")
def sample_contents(sample_db: Database) -> dict[str, list[str]]:
    """What every copy of the sample district holds."""
    return contents(sample_db)


@pytest.mark.parametrize("code", SHEETS)
def test_whatever_stands_in_the_cells_is_told_or_imported_and_can_be_taken_back(
    code: str, sample_copy: Database, sample_contents: dict[str, list[str]]
) -> None:
    columns = SHEETS[code].columns
    dice = random.Random(code)
    for _ in range(4):
        rows_ = [[dice.choice(JUNK) if dice.random() < 0.15 else c.example for c in columns] for _ in range(3)]
        plan = planned(
            sample_copy,
            csv_bytes([[c.header for c in columns], *rows_]),
            Options(otherwise=dice.choice(list(Decision)), day=date(2025, 3, 1)),
            code,
        )
        for finding in plan.findings:
            assert finding.message(translator())
        for row in plan.rows:
            assert row.status
        if plan.ready:
            undo_import(
                sample_copy, commit_import(sample_copy, plan, administrator(), NOW), administrator(), NOW, reason="误传"
            )

    assert contents(sample_copy) == sample_contents


def test_people_who_are_imported_end_the_demonstration_for_good(any_db: Database) -> None:
    def is_demonstration() -> bool:
        with any_db.read() as connection:
            return district(connection).demo

    make_communities(any_db)
    with command(any_db, actor=administrator(), action=Action.IMPORT, at=NOW) as change:
        save_setting(change, "demo", "1")
    batch = done(any_db, csv_bytes([SEEKER, seeker(1)]))
    assert not is_demonstration()

    undo_import(any_db, batch, administrator(), NOW, reason="误传")
    assert not is_demonstration()
    with any_db.read() as connection:
        assert was_emptied(connection)  # and the sample does not come back at the next start


def test_the_preview_shows_no_address_disability_or_note(db: Database) -> None:
    make_communities(db)
    plan = planned(db, csv_bytes([(*SEEKER, "常住地址", "备注"), [*seeker(1), "荷风路 9 号 3 单元", "病愈不久"]]))
    shown = changes_table(plan, plan.changes, translator("zh_CN")).to_csv()

    assert "常住地址" in shown
    assert not [secret for secret in ("荷风路", "病愈", "求职者1", "19900000001") if secret in shown]
