"""The import page: what a person chose there stays chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.geography.datum import wgs84_to_gcj02
from core.intake.undo import undo_import
from core.store.database import Database
from core.terms import AccountRole, Datum
from pages.data.page import SECTIONS
from tests.accesses import acting, administrator, dispatcher
from tests.core.intake.books import several
from tests.core.intake.files import SEEKER, seeker, xlsx_bytes

Open = Callable[..., AppTest]


def positioned(*serials: int) -> bytes:
    """Job-seekers with GCJ-02 positions."""
    lon, lat = (float(value) for value in wgs84_to_gcj02(116.62, 35.40))
    return xlsx_bytes([[*SEEKER, "经度", "纬度"], *([*seeker(n), lon, lat] for n in serials)])


def upload(at: AppTest, name: str, data: bytes) -> AppTest:
    """A second file in the box replaces the first; the browser then runs the page once without any."""
    at.file_uploader(key="import_file").clear()
    at.run()
    at.file_uploader(key="import_file").set_value((name, data, "application/octet-stream"))
    return at.run()


def datum_box(at: AppTest) -> Any:
    """The box of the coordinate system of the file in hand."""
    return at.selectbox(key=f"import_datum_{at.session_state['import_state'].file_id}")


def test_the_coordinate_system_stays_as_chosen_when_another_file_is_uploaded(sample: Open) -> None:
    at = upload(sample("data"), "一.xlsx", positioned(1))
    datum_box(at).select(Datum.GCJ02).run()

    at = upload(at, "二.xlsx", positioned(1, 2))

    assert datum_box(at).value is Datum.GCJ02
    assert at.session_state["import_state"].plan.request.options.datum is Datum.GCJ02


def test_sheets_of_one_kind_are_imported_together_or_one_by_one(sample: Open) -> None:
    rows = [SEEKER, seeker(1), ["合计", None, 1]]
    book = several(("荷风社区", rows), ("莲塘社区", [SEEKER, seeker(2)]), ("说明", [["写法"], ["照身份证"]]))

    at = upload(sample("data"), "两村.xlsx", book)

    state = at.session_state["import_state"]
    sheets = at.button_group(key=f"import_sheets_{state.file_id}")
    assert sheets.value == ["荷风社区", "莲塘社区"]
    assert state.plan.counts["new"] == 2
    assert [str(row.number) for row in state.plan.rows] == ["荷风社区!2", "莲塘社区!2"]
    assert [str(entry.row.number) for entry in state.rows.skipped] == ["荷风社区!3"]
    assert any("跳过的行：1 行" in text.value for text in at.markdown)
    assert "以工作表名作为社区" in at.info[0].value

    at = sheets.set_value(["莲塘社区"]).run()

    assert [str(row.number) for row in state.plan.rows] == ["2"]

    at = at.button_group(key=sheets.key).set_value(["莲塘社区", "说明"]).run()

    assert "不能一起导入" in at.error[0].value


def test_a_header_without_rows_is_said_where_the_file_is_read(sample: Open) -> None:
    at = upload(sample("data"), "空表.xlsx", xlsx_bytes([SEEKER]))

    assert [box.value for box in at.error] == ["“Sheet”没有数据行：表头下面没有内容。"]
    assert not at.metric


STRANGE = (*SEEKER, "干过的活", "星座", "民族")


def strange(*serials: int, header: Sequence[str] = STRANGE) -> bytes:
    """Job-seekers with two columns that no template has and one that is not stored."""
    return xlsx_bytes([header, *([*seeker(n), "缝纫三年", "双鱼", "汉族"][: len(header)] for n in serials)])


def column_box(at: AppTest, header: str) -> Any:
    """The box that asks what a column means."""
    return next(box for box in at.selectbox if box.label.startswith(header))


def matched(at: AppTest) -> str:
    """The sentence that counts the columns."""
    return next(text.value for text in at.markdown if "列中" in text.value)


def test_columns_that_are_not_taken_over_are_named_and_matched_by_hand_in_the_open(sample: Open) -> None:
    at = upload(sample("data"), "一.xlsx", strange(1))
    assert "9 列中已对应 7 列" in matched(at)
    assert "有 2 列没有识别，不会导入：干过的活、星座" in at.warning[0].value
    assert any("民族：不入库" in caption.value for caption in at.caption)

    at = column_box(at, "干过的活").select("career").run()

    assert "9 列中已对应 8 列" in matched(at)
    assert "有 1 列没有识别，不会导入：星座" in at.warning[0].value
    assert at.session_state["import_state"].plan.request.mapping["干过的活"] == "career"
    assert "工作经历" not in column_box(at, "星座").options  # another column fills it


def test_a_file_that_is_mended_and_uploaded_again_keeps_what_was_matched_by_hand(sample: Open) -> None:
    at = upload(sample("data"), "一.xlsx", strange(1))
    column_box(at, "干过的活").select("career").run()

    at = upload(at, "二.xlsx", strange(1, 2, header=STRANGE[:-1]))

    assert column_box(at, "干过的活").value == "career"
    assert "8 列中已对应 7 列" in matched(at)


def test_a_column_matched_by_hand_is_remembered_visibly_and_can_be_taken_back(writable: Open) -> None:
    at = upload(writable("data"), "一.xlsx", strange(1))
    column_box(at, "干过的活").select("career").run()
    at.checkbox(key="import_ends_demo").check().run()
    at.button(key="import_commit").click().run()

    at = upload(writable("data"), "二.xlsx", strange(2, header=STRANGE[:-1]))
    assert column_box(at, "干过的活").value == "career"
    assert "按以前的选择记住" in [caption.value for caption in at.caption]
    at = column_box(at, "干过的活").set_value(None).run()
    assert "干过的活、星座" in at.warning[0].value
    at.button(key="import_commit").click().run()

    at = upload(writable("data"), "三.xlsx", strange(3))
    assert column_box(at, "干过的活").value is None
    assert "9 列中已对应 7 列" in matched(at)


def history(at: AppTest, batch: int) -> pd.Series:
    """A line of the list of imports."""
    table = at.dataframe[0].value
    return table[table["批次"] == batch].iloc[0]


def test_an_undo_says_what_is_removed_and_asks_why(writable: Open, sample_copy: Database) -> None:
    at = upload(writable("data"), "一.xlsx", strange(1, 2))
    at.checkbox(key="import_ends_demo").check().run()
    at.button(key="import_commit").click().run()
    batch = at.session_state["import_state"].batch_id

    at = writable("data", part="batches")
    at.selectbox(key="undo_batch").select(batch).run()
    at = at.button(key="undo_import").click().run()
    assert any("将删除" in text.value and "人员 **2**" in text.value for text in at.markdown)
    assert at.button(key="undo_confirmed").disabled
    assert history(at, batch)["状态"] == "已入库"

    undo_import(sample_copy, batch, administrator(), datetime(2026, 1, 5, 9, tzinfo=UTC), reason="误传旧表")

    assert history(writable("data", part="batches"), batch)["状态"] == "已撤销 · 误传旧表"


def test_an_undo_that_would_lose_later_work_names_it_and_offers_no_button(writable: Open) -> None:
    at = writable("data", part="batches")
    at.selectbox(key="undo_batch").select(1).run()

    at = at.button(key="undo_import").click().run()

    assert "不能撤销" in at.error[0].value
    assert any("被引用：" in text for text in at.dataframe[-1].value["之后的情况"])
    assert not [button for button in at.button if button.key == "undo_confirmed"]


def test_every_number_of_the_quality_report_opens_its_rows(sample: Open) -> None:
    at = sample("data", part="quality", who=dispatcher())
    button = at.button(key="quality_closed_plan")

    button.click()
    at = at.run()

    assert button.label == "**12**"
    assert len(at.dataframe[-1].value) == 12


@pytest.mark.parametrize(
    ("role", "title"),
    [
        (AccountRole.ADMINISTRATOR, "导入导出"),
        (AccountRole.DISPATCHER, "数据质量与模板"),
        (AccountRole.CASEWORKER, "数据质量与模板"),
        (AccountRole.AUDITOR, "导出登记与权限"),
    ],
)
def test_the_menu_names_the_page_by_what_it_offers_the_role(sample: Open, role: AccountRole, title: str) -> None:
    at = sample("data", who=acting(role))

    assert at.session_state["pages"]["data"].title == title


def test_every_section_has_a_title_of_its_own(sample: Open) -> None:
    titles = {
        part: sample("data", part=part, who=dispatcher() if part == "quality" else None).title[0].value
        for part in SECTIONS
    }

    assert titles["words"] == "已学0个词语，导入时自动对应"
    assert titles.pop("import") == titles["batches"]  # both say what was imported last
    assert len(set(titles.values())) == len(titles)
