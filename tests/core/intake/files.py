"""Files that a bureau might upload, made in the test: no binary stands in the repository."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from openpyxl import Workbook
from sqlalchemy import Table, func, select
from stdnum.cn.ric import calc_check_digit

from core.intake.commit import commit_import
from core.intake.findings import Refusal
from core.intake.planning.plan import ImportPlan, ImportRequest, Options, Progress, plan_import
from core.intake.reading.detection import ColumnMapping, Detection, detect
from core.intake.reading.headers import HeaderedTable
from core.intake.reading.tables import Upload
from core.intake.reading.upload import read_upload
from core.intake.wording import field_name, value_as_text
from core.locale import translator
from core.store.database import Database
from core.store.schema import Base, Community
from core.terms import CommunityKind
from tests.accesses import administrator

NOW = datetime(2025, 3, 5, 9, 0, tzinfo=UTC)
Rows = Sequence[Sequence[Any]]

SEEKER = ("姓名", "公民身份号码", "联系电话", "户口性质", "文化程度", "登记日期")


def id_number(serial: int, born: date = date(1985, 6, 1), *, woman: bool = True) -> str:
    """A synthetic ID number of a region that was never issued."""
    order = 2 * serial + (0 if woman else 1)
    stem = f"370899{born:%Y%m%d}{order % 1000:03d}"
    return stem + calc_check_digit(stem + "?")


def seeker(serial: int, **changes: Any) -> list[Any]:
    """One row under SEEKER, nobody twice."""
    row: dict[str, Any] = {
        "姓名": f"求职者{serial}",
        "公民身份号码": id_number(serial % 500, date(1970 + serial // 500, 6, 1)),
        "联系电话": str(19900000000 + serial),
        "户口性质": "城镇",
        "文化程度": "初中",
        "登记日期": "2025-03-01",
    }
    return list((row | changes).values())


def csv_bytes(rows: Rows, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(rows: Rows, shape: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook; ``shape(book, sheet)`` may do to it what people do."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    if shape is not None:
        shape(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one more (or another) part inside."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def upload(data: bytes, name: str = "file") -> Upload:
    upload_read = read_upload(data, name)
    assert isinstance(upload_read, Upload), upload_read
    return upload_read


def refusal(data: bytes) -> str:
    upload_read = read_upload(data, "file.xlsx")
    assert isinstance(upload_read, Refusal), upload_read
    return upload_read.code


def proposal(data: bytes) -> Detection:
    return detect(upload(data))


def planned(db: Database, data: bytes, options: Options | None = None, sheet: str | None = None) -> ImportPlan:
    """The dry run of a file under the proposed mapping."""
    file = upload(data)
    detected = detect(file)
    code = sheet or (detected.sheet.code if detected.sheet else "")
    return plan_upload(db, file, code, detected.table, detected.mapping, options)


def plan_upload(
    db: Database,
    file: Upload,
    sheet: str,
    table: HeaderedTable,
    mapping: ColumnMapping,
    options: Options | None = None,
    progress: Progress | None = None,
) -> ImportPlan:
    """The dry run of one table of a file."""
    request = ImportRequest(file.name, file.sha256, sheet, table, mapping, options or Options())
    with db.read() as connection:
        return plan_import(connection, request, db.key, progress)


def shown(plan: ImportPlan) -> dict[str, tuple[str, str]]:
    """Field → (old, new) of every changed field, in Chinese."""
    tr = translator()
    return {
        field_name(plan.request.sheet, c.table, c.field, tr): (
            value_as_text(c.table, c.field, c.old, plan.words, tr),
            value_as_text(c.table, c.field, c.new, plan.words, tr),
        )
        for c in plan.changes
        if c.verb == "update"
    }


def codes(plan: ImportPlan) -> list[tuple[str, int | None, str | None]]:
    """(code, row, header) of every error and warning."""
    return [(f.code, f.row, f.column) for f in plan.findings if f.level.value != "note"]


def make_communities(db: Database) -> None:
    """Two communities, which people's sheets may name."""
    with db.write() as session:
        for code, name, lon in (("370899001001", "荷风社区", 116.575), ("370899001002", "莲塘社区", 116.5975)):
            session.add(Community(code=code, name=name, town="荷岸街道", kind=CommunityKind.URBAN, lon=lon, lat=35.43))


# -- importing them ---------------------------------------------------------------------------------

ACCOUNTING = {"import_batch", "header_mapping", "audit_event", "revision"}


def contents(db: Database) -> dict[str, list[str]]:
    """Every row of every table with data, without versions, as the engine holds it: no value is converted."""
    with db.read() as connection:
        return {
            table.name: sorted(map(repr, map(tuple, connection.exec_driver_sql(_all_rows(table)))))
            for table in Base.metadata.sorted_tables
            if table.name not in ACCOUNTING
        }


def _all_rows(table: Table) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns if column.key != "version")
    return f'SELECT {names} FROM "{table.name}"'


def count(db: Database, table: type[Base]) -> int:
    with db.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def done(db: Database, data: bytes, options: Options | None = None) -> int:
    return commit_import(db, planned(db, data, options), administrator(), NOW)


def moved(plan: ImportPlan) -> tuple[int, int]:
    return plan.counts["new"], plan.counts["changed"]


VISIT = ("姓名", "身份证号(后四位)", "联系电话", "走访方式", "走访日期", "诉求与困难")


def visit(serial: int, **changes: Any) -> list[Any]:
    row = seeker(serial)
    cells = {"姓名": row[0], "身份证号(后四位)": row[1][-4:], "联系电话": row[2], "走访方式": "上门"}
    return list((cells | {"走访日期": "2025-03-03", "诉求与困难": "离家近"} | changes).values())
