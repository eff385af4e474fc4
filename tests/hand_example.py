"""The worked example of a workshop as the sheets of a bureau: ten stations, twelve people, 800 pieces in two weeks.

By hand: 54 shifts of 3.5 h a week are 189 h, of which 172.9 h are attended and bring 147.455 standard hours at a yield of 96%;
800 pieces of 25 minutes ask for 347.2 standard hours, in two weeks there are 294.9: 117.7%, done after 2.355 weeks. Weekly
reports hold whole shifts and pieces, so eight of them come as near as that allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from core.intake.commit import commit_import
from core.intake.planning.plan import ImportRequest, Options, plan_import
from core.intake.reading.detection import detect, propose_mapping
from core.intake.reading.upload import read_upload
from core.intake.sheets import SHEETS
from core.policy import Action
from core.store.commands import command
from core.store.database import Database
from core.store.settings import save_setting
from tests.accesses import administrator

__all__ = ["NAME", "TODAY", "enter", "import_sheet"]

Row = Mapping[str, object]

TODAY = date(2025, 11, 30)  # a Sunday: the two weeks begin on the next day
NAME = "示例微工厂"
ATTENDED = (54, 54, 48, 48, 48, 48, 48, 47)  # 395 of 432 rostered shifts: 91.4% for 91.5% by hand
MADE = (354,) * 7 + (353,)
GOOD = (340,) * 7 + (338,)


def import_sheet(db: Database, code: str, rows: Sequence[Row]) -> None:
    """Commit ``rows`` as a CSV file of the sheet ``code``, by header."""
    lines = [",".join(rows[0]), *(",".join(str(v) for v in row.values()) for row in rows)]
    name = f"{SHEETS[code].code}.csv"
    upload = read_upload("\n".join(lines).encode(), name)
    assert not hasattr(upload, "code"), upload
    table = detect(upload).table
    mapping = propose_mapping(table.headers, SHEETS[code])
    request = ImportRequest(
        file_name=name, sha256=upload.sha256, sheet=code, table=table, mapping=mapping, options=Options()
    )
    with db.read() as connection:
        plan = plan_import(connection, request, db.key)
    assert plan.ready, plan.errors
    commit_import(db, plan, administrator(), datetime.combine(TODAY, datetime.min.time(), UTC))


def enter(db: Database, *, with_order: bool = True) -> None:
    """Import the example into an empty store, as of ``TODAY``; its order too, unless that is entered by hand."""
    import_sheet(
        db,
        "communities",
        [
            {"社区代码": "370899001001", "社区": "示例社区", "镇街": "示例街道", "社区类型": "城市社区"}
            | {"标注经度": 116.6, "标注纬度": 35.4}
        ],
    )
    import_sheet(
        db,
        "workshops",
        [
            {"微工厂名称": NAME, "社区": "示例社区", "启用日期": "2025-03-03", "工位数": 10, "每周班次数": 12}
            | {"每班净工时": 3.5, "带班人数": 2}
        ],
    )
    import_sheet(
        db, "products", [{"产品编号": "G01", "产品名称": "布艺挂件", "标准工时(分钟)": 25, "计件单价(元)": 12}]
    )
    if with_order:
        import_sheet(
            db,
            "orders",
            [
                {"订单编号": "DD2025-0001", "微工厂名称": NAME, "产品编号": "G01", "订货数量": 800}
                | {"接单日期": TODAY, "交货日期": TODAY + timedelta(weeks=2)}
            ],
        )
    import_sheet(
        db,
        "workshop_weeks",
        [
            {"微工厂名称": NAME, "周次": _week(TODAY - timedelta(weeks=7 - k)), "工位数": 10, "在册人数": 12}
            | {
                "本周出勤人次": shifts,
                "实际工时": shifts * 3.5,
                "产品名称": "布艺挂件",
                "计划产量": made,
                "完成产量": made,
            }
            | {"合格数": good, "返工数": made - good, "计件单价(元)": 12, "本周劳务支出(元)": good * 12}
            for k, (shifts, made, good) in enumerate(zip(ATTENDED, MADE, GOOD, strict=True))
        ],
    )
    at = datetime.combine(TODAY, datetime.min.time(), UTC)
    with command(db, actor=administrator(), action=Action.IMPORT, at=at) as change:
        save_setting(change, "as_of", TODAY.isoformat())


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
