"""The import page: what a person chose there stays chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from core.geography.datum import wgs84_to_gcj02
from core.terms import Datum
from pages.data.page import SECTIONS
from tests.accesses import dispatcher
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


def test_every_number_of_the_quality_report_opens_its_rows(sample: Open) -> None:
    at = sample("data", part="quality", who=dispatcher())
    button = at.button(key="quality_closed_plan")

    button.click()
    at = at.run()

    assert button.label == "**12**"
    assert len(at.dataframe[-1].value) == 12


def test_every_section_has_a_title_of_its_own(sample: Open) -> None:
    titles = {
        part: sample("data", part=part, who=dispatcher() if part == "quality" else None).title[0].value
        for part in SECTIONS
    }

    assert titles["words"] == "已学0个词语，导入时自动对应"
    assert titles.pop("import") == titles["batches"]  # both say what was imported last
    assert len(set(titles.values())) == len(titles)
