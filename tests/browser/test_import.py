"""A caseworker's spreadsheet: twelve bad rows, mended, stored, ranked, imported again, taken back."""

from __future__ import annotations

import re

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from core.geography.datum import wgs84_to_gcj02
from core.terms import AccountRole
from tests.browser.conftest import work_as
from tests.core.intake.files import id_number

pytestmark = pytest.mark.browser

HEADERS = [
    "姓名",
    "公民身份号码",
    "联系电话",
    "文化程度",
    "求职意向1(职业/工种)",
    "期望月薪(元)",
    "登记日期",
    "常住地址",
    "经度",
    "纬度",
]
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
# row (0-based among the people) → column → what is wrong with it
BAD = {
    3: ("联系电话", "12345"),
    20: ("公民身份号码", "370899198506011111"),
    41: ("登记日期", "2025-13-40"),
    60: ("登记日期", "25.3.1"),
    82: ("期望月薪(元)", "面议吧"),
    100: ("文化程度", "博学"),
    121: ("姓名", ""),
    140: ("经度", "35.3"),
    163: ("公民身份号码", "37089919850601"),
    190: ("联系电话", "一三八零零"),
    222: ("求职意向1(职业/工种)", "宇航员"),
    299: ("公民身份号码", 370899198506011234),
}


def book(path, *, bad: bool) -> None:  # type: ignore[no-untyped-def]
    """300 job-seekers under a title and a merged two-row header, GCJ-02 positions, full-width digits."""
    lon, lat = (float(v) for v in wgs84_to_gcj02(116.62, 35.40))
    sheet = (workbook := Workbook()).active
    sheet.append(["太白湖新区求职登记表"])
    sheet.append(["基本信息", None, None, None, "求职", None, None, "住址", None, None])
    sheet.append(HEADERS)
    for cells in ("A1:J1", "A2:D2", "E2:G2", "H2:J2"):
        sheet.merge_cells(cells)
    for n in range(300):
        row = {
            "姓名": f"新来者{n:03d}",
            "公民身份号码": id_number(n),
            "联系电话": f"1980000{n:04d}".translate(FULL_WIDTH),
            "文化程度": "初中",
            "求职意向1(职业/工种)": "缝纫工",
            "期望月薪(元)": "２５００-３５００",
            "登记日期": "2025年12月20日",
            "常住地址": "荷风社区1号楼",
            "经度": round(lon + n * 1e-5, 6),
            "纬度": round(lat, 6),
        }
        if bad and n in BAD:
            column, value = BAD[n]
            row[column] = value
        sheet.append([row[h] for h in HEADERS])
    sheet.append(["填表人：王芳"])
    workbook.save(path)


def upload(page: Page, path) -> None:  # type: ignore[no-untyped-def]
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("三、将会改变什么")).to_be_visible(timeout=30_000)


def end_demonstration(page: Page) -> None:
    """Agree to what an import of people does to the demonstration."""
    page.get_by_text("确认永久结束演示").click(timeout=30_000)


def count(page: Page, status: str) -> str:
    metric = page.get_by_test_id("stMetric").filter(has_text=status)
    return metric.get_by_test_id("stMetricValue").inner_text()


def choose_gcj02(page: Page) -> None:
    box = page.locator("[class*=st-key-import_datum_] input")
    box.click()
    box.fill("GCJ-02")
    box.press("Enter")
    expect(box).to_have_value(re.compile("GCJ-02"))


def test_from_the_village_spreadsheet_to_a_rank_and_back(own_server, window, tmp_path) -> None:  # type: ignore[no-untyped-def]
    book(tmp_path / "坏.xlsx", bad=True)
    book(tmp_path / "好.xlsx", bad=False)
    page = window().open(f"{own_server.url}/data")
    work_as(page, "李主任", AccountRole.ADMINISTRATOR)

    upload(page, tmp_path / "坏.xlsx")
    choose_gcj02(page)
    expect(page.get_by_text("请先改正 12 处问题")).to_be_visible(timeout=30_000)
    assert count(page, "错误") == "12"
    assert page.get_by_role("button", name="导入：").is_disabled()

    upload(page, tmp_path / "好.xlsx")
    end_demonstration(page)
    expect(page.get_by_role("button", name="导入：新增 300 行")).to_be_enabled(timeout=30_000)
    expect(page.locator("[class*=st-key-import_datum_] input")).to_have_value(re.compile("GCJ-02"))  # as chosen before
    page.get_by_role("button", name="导入：新增 300 行").click()
    expect(page.get_by_text("已导入，批次")).to_be_visible(timeout=60_000)

    page.goto(f"{own_server.url}/data")
    work_as(page, "李主任", AccountRole.ADMINISTRATOR)
    upload(page, tmp_path / "好.xlsx")
    choose_gcj02(page)
    expect(page.get_by_text("无需导入")).to_be_visible(timeout=30_000)
    assert (count(page, "新增"), count(page, "变更"), count(page, "无变化")) == ("0", "0", "300")

    work_as(page, "王芳")
    page.goto(f"{own_server.url}/people")
    page.get_by_label("姓名、电话或编号", exact=True).fill("新来者000")
    page.get_by_label("姓名、电话或编号", exact=True).press("Enter")
    # a search tells no more than the list: those who are masked alike, 新****0
    expect(page.get_by_text("30 人：求职中")).to_be_visible(timeout=20_000)

    work_as(page, "李主任", AccountRole.ADMINISTRATOR)
    page.goto(f"{own_server.url}/data?part=batches")
    page.locator(".st-key-undo_batch input").click()
    page.get_by_role("option").first.click()
    header = page.locator(".st-key-header")
    revision = re.search(r"数据版本 (\d+)", header.inner_text())
    assert revision is not None
    page.get_by_role("button", name="撤销这次导入").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile("将删除.*人员 300"))).to_be_visible(timeout=30_000)
    confirm = dialog.get_by_role("button", name="撤销这次导入")
    expect(confirm).to_be_disabled()
    dialog.get_by_label("理由").fill("误传旧表")
    dialog.get_by_label("理由").press("Tab")
    confirm.click()
    expect(header).to_contain_text(
        f"数据版本 {int(revision[1]) + 1}", timeout=30_000
    )  # taken back before the page is left
    work_as(page, "王芳")
    page.goto(f"{own_server.url}/people")
    page.get_by_label("姓名、电话或编号", exact=True).fill("新来者000")
    page.get_by_label("姓名、电话或编号", exact=True).press("Enter")
    expect(page.get_by_text(re.compile("^0 人：求职中"))).to_be_visible(timeout=20_000)


def village_book(path) -> None:  # type: ignore[no-untyped-def]
    """Three villages, a sheet each: merged communities, a subtotal, 同上, lists over several lines, two people of one name."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    header = ["序号", "姓名", "身份证", "联系方式", "学历层次", "技能特长", "登记时间"]
    for number, village in enumerate(("荷风社区", "莲塘社区", "麦垄社区")):
        sheet = workbook.create_sheet(village)
        with_community = number == 0
        sheet.append([f"{village}求职登记表"])
        sheet.append([*header, "所属社区"] if with_community else header)
        for n in range(3):
            serial = 100 + 10 * number + n
            row = [n + 1, f"村民{serial}", id_number(serial), f"1970000{serial:04d}", "初中" if n == 0 else "同上"]
            row += ["家庭保洁\n家常菜烹饪（熟练）", "2025年12月20日"]
            sheet.append([*row, village if n == 0 else None] if with_community else row)
        if with_community:
            sheet.merge_cells("H3:H5")
        sheet.append(["小计", None, None, None, None, None, 3])
    twins = workbook["莲塘社区"]
    twins.append([4, "王伟伟", "", "19700009001", "初中", "家庭保洁", "2025年12月20日"])
    twins.append([5, "王伟伟", "", "19700009002", "大学本科", "家庭保洁", "2025年12月20日"])
    workbook.save(path)


def test_a_book_of_three_villages_goes_in_with_every_question_asked_once(own_server, window, tmp_path) -> None:  # type: ignore[no-untyped-def]
    village_book(tmp_path / "三村.xlsx")
    page = window().open(f"{own_server.url}/data")
    work_as(page, "李主任", AccountRole.ADMINISTRATOR)
    upload(page, tmp_path / "三村.xlsx")

    assert (count(page, "新增"), count(page, "待确认")) == ("10", "1")  # the second of the two, and only that
    page.get_by_role("button", name="是新人员").click()
    expect(page.get_by_role("button", name="是新人员")).to_be_hidden()
    expect(page.get_by_role("button", name="导入：新增 11 行")).to_be_disabled()
    end_demonstration(page)
    page.get_by_role("button", name="导入：新增 11 行").click()
    expect(page.get_by_text("已导入，批次")).to_be_visible(timeout=60_000)

    page.goto(f"{own_server.url}/data")
    work_as(page, "李主任", AccountRole.ADMINISTRATOR)
    upload(page, tmp_path / "三村.xlsx")
    expect(page.get_by_text("无需导入")).to_be_visible(timeout=30_000)
    assert count(page, "无变化") == "11"


def test_a_value_that_is_taught_is_read_at_once_and_listed(own_server, window, tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "新词.csv").write_text(
        f"姓名,公民身份号码,联系电话,文化程度,登记日期\n新词人,{id_number(77)},19700000077,念过书,2025-12-20\n",
        "utf-8-sig",
    )
    page = window().open(f"{own_server.url}/data")
    work_as(page, "李主任", AccountRole.ADMINISTRATOR)
    upload(page, tmp_path / "新词.csv")
    assert count(page, "错误") == "1"

    meaning = page.locator("[class*=st-key-import_learn_Education] input")
    meaning.click()
    meaning.fill("小学")
    meaning.press("Enter")
    expect(meaning).to_have_value("小学及以下")
    page.get_by_role("button", name="记住").click()
    end_demonstration(page)
    expect(page.get_by_role("button", name="导入：新增 1 行")).to_be_enabled(timeout=30_000)

    page.goto(f"{own_server.url}/data?part=words")
    expect(page.get_by_role("heading", name="已学词语").or_(page.get_by_test_id("stDataFrame")).first).to_be_visible()
