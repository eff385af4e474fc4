"""The import page: what a person chose there stays chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from core.geography.datum import wgs84_to_gcj02
from core.terms import Datum
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


def test_every_number_of_the_quality_report_opens_its_rows(sample: Open) -> None:
    at = sample("data", part="quality")
    button = at.button(key="quality_closed_plan")

    button.click()
    at = at.run()

    assert button.label == "**12**"
    assert len(at.dataframe[-1].value) == 12
