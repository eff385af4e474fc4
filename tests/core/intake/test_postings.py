"""Openings are read for forbidden wording as they come in."""

from __future__ import annotations

from core.intake.findings import Level
from core.intake.parsing.base import Posting
from core.intake.parsing.vocabulary import EMPTY
from core.intake.sheets import SHEETS
from core.locale import translator
from core.store.database import Database
from tests.core.intake.files import codes, csv_bytes, planned


def test_forbidden_wording_is_read_but_told_with_the_rule() -> None:
    value, problems = Posting().read("保洁员，限女，35岁以下", EMPTY)

    assert value == "保洁员，限女，35岁以下"
    assert [problem.level for problem in problems] == [Level.WARNING] * 2
    assert [problem.values["words"] for problem in problems] == ["限女", "35岁以下"]


def test_wording_that_is_allowed_is_not_told() -> None:
    assert Posting().read("保洁员，男女不限", EMPTY).problems == ()


def test_titles_and_duties_of_openings_are_watched() -> None:
    columns = SHEETS["openings"].by_code

    assert isinstance(columns["title"].parser, Posting)
    assert isinstance(columns["duties"].parser, Posting)


def test_an_import_says_it_at_the_row_and_goes_on(db: Database) -> None:
    header = ("单位名称", "岗位名称", "招聘人数", "工作内容", "发布日期")
    rows = [header, ("上善钩织", "钩织工（限女）", "3", "按图解钩织", "2025-03-01")]

    plan = planned(db, csv_bytes(rows), sheet="openings")

    assert ("posting", 2, "岗位名称") in codes(plan)
    assert not [finding for finding in plan.findings if finding.level is Level.ERROR]
    told = next(finding for finding in plan.findings if finding.code == "posting")
    assert "限女" in told.message(translator("zh_CN"))
    assert "Employment Promotion Law" in told.message(translator("en"))
