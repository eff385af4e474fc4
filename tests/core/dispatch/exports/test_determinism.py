"""The same input gives the same bytes, whenever it is built."""

from __future__ import annotations

import hashlib
import time
import zipfile
from collections.abc import Callable
from io import BytesIO

from core.dispatch.exports.deck import make_deck
from core.dispatch.exports.minutes import make_minutes
from core.dispatch.exports.print_pages import make_print_html
from core.dispatch.exports.workbook import make_workbook
from core.locale import translator
from tests.core.dispatch.exports.factories import STAMP, content, minutes, slides

TR = translator()
MAKERS: dict[str, Callable[[], bytes]] = {
    "pptx": lambda: make_deck(slides(), STAMP, TR),
    "docx": lambda: make_minutes(minutes(), TR),
    "xlsx": lambda: make_workbook(content(), STAMP, TR, slides()),
    "html": lambda: make_print_html(slides(), STAMP, TR),
}
RESOLUTION = 2.1  # seconds: times inside a zip file are exact to two


def digests() -> dict[str, str]:
    return {name: hashlib.sha256(make()).hexdigest() for name, make in MAKERS.items()}


def test_builds_are_byte_identical() -> None:
    first = digests()
    time.sleep(RESOLUTION)

    assert digests() == first


def test_no_time_of_building_is_left_in_the_files() -> None:
    for name in ("pptx", "docx", "xlsx"):
        with zipfile.ZipFile(BytesIO(MAKERS[name]())) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert archive.namelist()[0] == "[Content_Types].xml"
            about = archive.read("docProps/core.xml").decode()
            assert about.count(STAMP.as_of.isoformat()) == 2
