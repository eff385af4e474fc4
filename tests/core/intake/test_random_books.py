"""Random village books: the people imported are those that a person would count; nothing is written unseen, twice or for good."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.intake.commit import commit_import
from core.intake.findings import Decision
from core.intake.planning.plan import ImportPlan, Options
from core.intake.undo import undo_import
from core.store.database import Database
from core.store.schema import AuditEvent, Person, PersonSkill
from tests.accesses import administrator
from tests.core.intake.files import (
    NOW,
    contents,
    count,
    csv_bytes,
    id_number,
    make_communities,
    planned,
    xlsx_bytes,
)
from tests.stores import copy_of

HEADERS = ("序号", "姓名", "身份证", "联系方式", "所属社区", "学历层次", "期望工资", "技能特长", "登记时间")
COMMUNITIES = ("荷风社区", "荷风居委会", "莲塘", "同上", "莲塘社区")
EDUCATION = ("初中", "大学本科", "同上", "", "/")
PAY = ("3000", "3千", "100元/天", "2500-3500元", "面议", "")
SKILLS = ("家庭保洁、家常菜烹饪", "家庭保洁和家常菜烹饪", "家庭保洁\n家常菜烹饪", "家庭保洁（熟练）", "家庭保洁等", "")
DAYS = ("2025-03-01", "2025年3月1日", "2025.03.01.", "2025 年3 月1 日")
NAMES = ("王伟", "王芳", "买买提·艾力", "李 明")

people = st.tuples(
    st.integers(0, 30),  # whose ID number; the same twice is the same person
    st.booleans(),  # with the ID number, or without
    *(st.sampled_from(values) for values in (COMMUNITIES, EDUCATION, PAY, SKILLS, DAYS)),
)
lines = st.one_of(people, st.sampled_from(["小计", "合计", "number", "header", "signature"]))


def book(plan: list[Any], *, as_csv: bool) -> tuple[bytes, int]:
    """The file, and how many different people a person counts in it."""
    rows: list[list[Any]] = [list(HEADERS)]
    counted: set[int] = set()
    for line in plan:
        if isinstance(line, tuple):
            serial, has_number, community, education, pay, skills, day = line
            if serial in counted:
                continue
            is_first = not counted
            counted.add(serial)
            above = {"同上": "荷风社区"} if is_first else {}
            row = [
                len(rows),
                f"{NAMES[serial % len(NAMES)]}{serial}",
                id_number(serial) if has_number else "",
                str(19900000000 + serial),
                above.get(community, community),
                "" if is_first and education == "同上" else education,
                pay,
                skills,
                day,
            ]
            if education == "同上" and not is_first and not rows[-1][5]:
                row[5] = ""
            rows.append(row)
        elif line == "number":
            rows.append([len(rows), *[""] * 8])
        elif line == "header":
            rows.append(list(HEADERS))
        elif line == "signature":
            rows.append(["填表人：", *[""] * 8])
        else:
            rows.append([line, *[""] * 7, len(counted)])
    data = csv_bytes(rows) if as_csv else xlsx_bytes([[cell or None for cell in row] for row in rows])
    return data, len(counted)


def logged(db: Database, batch: int) -> Counter[tuple[str, str]]:
    """(table, field) → how often a batch wrote or deleted it, without its own records."""
    own = ("import_batch", "header_mapping", "learnt_word")
    with db.read() as connection:
        events = connection.execute(
            select(AuditEvent.entity, AuditEvent.before, AuditEvent.after).where(
                AuditEvent.batch_id == batch, AuditEvent.entity.not_in(own)
            )
        ).all()
    return Counter(
        (entity, name)
        for entity, before, after in events
        for name in (before if after is None else after)
        if name != "id" and not (before is None and after[name] is None)  # an empty field of a new row says nothing
    )


def shown(plan: ImportPlan) -> Counter[tuple[str, str]]:
    return Counter((change.table.__tablename__, change.field) for change in plan.changes)


def defaults(counter: Counter[tuple[str, str]]) -> set[str]:
    """Fields that the schema fills by itself in a new row."""
    tables = {mapper.class_.__tablename__: mapper.class_.__table__ for mapper in Person.registry.mappers}
    return {f"{table}.{name}" for table, name in counter if tables[table].c[name].default is None}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(lines, min_size=1, max_size=9).filter(lambda plan: any(isinstance(line, tuple) for line in plan)),
    st.booleans(),
)
def test_a_random_book_goes_in_once_as_shown_and_comes_out_again(
    empty_file: Path, plan: list[Any], as_csv: bool
) -> None:
    data, expected = book(plan, as_csv=as_csv)
    with tempfile.TemporaryDirectory() as folder:
        db = copy_of(empty_file, Path(folder))
        make_communities(db)
        before = contents(db)
        options = Options(otherwise=Decision.NEW_PERSON)

        first = planned(db, data, options, "job_seekers")
        assert first.ready, [(finding.code, finding.row, finding.raw) for finding in first.errors]
        batch = commit_import(db, first, administrator(), NOW)

        assert count(db, Person) == expected
        assert not shown(first) - logged(db, batch)
        assert defaults(logged(db, batch) - shown(first)) == set()
        again = planned(db, data, Options(), "job_seekers")
        assert again.operations == ()
        assert again.ready
        with db.read() as connection:
            skills = set(connection.scalars(select(PersonSkill.skill)))
        assert len(skills) <= 2
        undo_import(db, batch, administrator(), NOW, reason="误传")
        after = contents(db)
        after.pop("learnt_word"), before.pop("learnt_word")
        assert after == before
        db.dispose()
