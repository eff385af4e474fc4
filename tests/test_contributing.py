"""CONTRIBUTING.md does what it says: its steps work as written, its picture, glossary and walks fit the code."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.terms import Term
from tests import documents
from tests.core.locale.test_locale import catalogue_entries, source_strings
from tests.documents import CONTRIBUTING, ROOT

BLOCK = re.compile(
    r'^(?P<indent> *)```\w+ file="(?P<file>[^"]+)" (?P<how>append|create|replace|after="[^"]+"|before="[^"]+")\n'
    r"(?P<lines>.*?)^(?P=indent)```$",
    re.M | re.S,
)
ARROW = " → "


@dataclass(frozen=True)
class Block:
    """Lines of CONTRIBUTING.md that go into a file, and how."""

    file: str
    how: str
    lines: str

    def apply(self, tree: Path) -> None:
        """Change the file in ``tree``; AssertionError where the place that the block names is not there once."""
        path = tree / self.file
        if self.how == "create":
            assert not path.exists(), path
            path.parent.mkdir(exist_ok=True)
            path.write_text(self.lines, encoding="utf-8")
            return
        text = path.read_text(encoding="utf-8")
        if self.how == "append":
            text = text.rstrip("\n") + "\n" + ("" if path.suffix == ".csv" else "\n") + self.lines
        elif self.how == "replace":
            for old, new in self.replacements():
                assert text.count(old) == 1, (self.file, old)
                text = text.replace(old, new)
        else:
            where, _, anchor = self.how.partition("=")
            anchor = anchor.strip('"').replace("\\n", "\n")
            assert text.count(anchor) == 1, (self.file, anchor)
            start = text.index(anchor)
            if where == "after":
                start = text.index("\n", start) + 1
            text = text[:start] + self.lines + text[start:]
        path.write_text(text, encoding="utf-8")

    def replacements(self) -> Iterator[tuple[str, str]]:
        """(old, new) of each line with an arrow; lines without one belong to the new text above them."""
        parts: list[list[str]] = []
        for line in self.lines.splitlines():
            if ARROW in line:
                parts.append([*line.split(ARROW, 1)])
            else:
                parts[-1][1] += "\n" + line
        return ((old, new) for old, new in parts)


def section(title: str) -> str:
    """What stands under a heading, down to the next of the same or a higher level."""
    text = CONTRIBUTING.read_text(encoding="utf-8")
    match = re.search(rf"^(#+) {re.escape(title)}\n", text, re.M)
    assert match is not None, title
    following = re.search(rf"^#{{1,{len(match[1])}}} ", text[match.end() :], re.M)
    return text[match.end() : match.end() + following.start()] if following else text[match.end() :]


def blocks(title: str) -> list[Block]:
    """The blocks of a section, in order."""
    return [
        Block(m["file"], m["how"], re.sub(rf"^{m['indent']}", "", m["lines"], flags=re.M))
        for m in BLOCK.finditer(section(title))
    ]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the project to change."""
    ignored = shutil.ignore_patterns("pictures", "benchmarks", "browser")
    for folder in ("core", "pages", "tests", "sample_data", ".streamlit"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    for file in ("app.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def run(tree: Path, store: Path, script: str) -> str:
    """What ``script`` prints when it runs in ``tree``, on a copy of ``store``; AssertionError if it fails."""
    database = shutil.copy(store, tree / "district.db")
    environment = {**os.environ, "PYTHONPATH": str(tree), "DATABASE_URL": f"sqlite:///{database}", "SAMPLE": "0"}
    done = subprocess.run(
        [
            sys.executable,
            "-u",  # in order: a solver writes past Python's own buffer
            "-W",
            "error",
            "-c",
            PREAMBLE + textwrap.dedent(script),
        ],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


PREAMBLE = """
from datetime import date
from core.store.database import Database
from tests.core.locale.test_locale import catalogue_entries, source_strings
today = date(2025, 12, 28)
print(sorted(set(source_strings()) ^ {english for _, english, chinese in catalogue_entries() if chinese}))

def open_page(page):
    from streamlit.testing.v1 import AppTest
    from streamlit.watcher.util import calc_hash
    from pages.common import signed_in
    from tests.accesses import dispatcher
    signed_in.access = dispatcher
    at = AppTest.from_file("pages/shell.py", default_timeout=120)
    at._page_hash = calc_hash(page)
    at.run()
    assert not at.exception, at.exception
    assert not at.error, at.error
    return at
"""

CHECKS = {
    "An indicator": """
        from core.indicators import facts, registry
        with Database().read() as connection:
            measured = registry.measure(facts.load(connection), "seekers_with_skill", today)
        assert 0 < measured.numerator <= measured.denominator, measured
        assert measured.by_community(facts.load(Database().engine.connect()).communities)["numerator"].sum() > 0
        at = open_page("")
        assert "社区 · 求职人员技能登记率" in at.selectbox(key="rank_by").options
    """,
    "A sheet": """
        import io
        from pathlib import Path
        from openpyxl import load_workbook
        from core.intake import queries, templates
        from core.intake.findings import Decision
        from core.intake.planning.plan import ImportRequest, Options, plan_import
        from core.intake.reading.detection import detect
        from core.intake.reading.upload import read_upload
        from core.intake.sheets import SHEETS
        from core.locale import translator
        assert {path.stem.partition("_")[2] for path in Path("sample_data").glob("*.csv")} == set(SHEETS)
        db = Database()
        with db.read() as connection:
            words = queries.vocabulary(connection)
            name, phone = connection.exec_driver_sql(
                "SELECT name, phone FROM person WHERE phone IS NOT NULL"
                " AND id NOT IN (SELECT person_id FROM hardship) ORDER BY id LIMIT 1"
            ).one()
        book = load_workbook(io.BytesIO(templates.template(SHEETS["hardships"], translator(), words)))
        assert "困难类别" in [cell.value for cell in book.active[1]]
        rows = f"姓名,身份证号,联系电话,困难类别,认定日期,认定材料\\n{name},,{phone},零就业家庭,2025-03-05,户口簿\\n"
        upload = read_upload(rows.encode(), "认定表.csv")
        detected = detect(upload)
        assert detected.sheet is SHEETS["hardships"], detected
        same = Options(otherwise=Decision.SAME_PERSON)
        request = ImportRequest("认定表.csv", upload.sha256, "hardships", detected.table, detected.mapping, same)
        with db.read() as connection:
            plan = plan_import(connection, request, db.key)
        assert plan.counts["error"] == 0, plan.findings
        assert plan.counts["new"] == 1, plan
    """,
    "A page": """
        import subprocess, sys
        at = open_page("courses")
        assert at.title[0].value.endswith("门课程对应技能"), at.title
        assert len(at.dataframe[0].value) > 5
        subprocess.run([sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"], check=True)
    """,
    "A factor of the match": """
        from core.matching.inputs.factors import CODES
        assert CODES[-1] == "freshness" and len(CODES) == 8
        at = open_page("matching")
        sliders = [s for s in at.slider if s.key and s.key.startswith("w_")]
        assert [s.key for s in sliders][-1] == "w_freshness"
        assert sum(s.value for s in sliders) == 100
    """,
    "A translation": """
        at = open_page("figures")
        assert at.title[0].value == "公开数字，逐条由 26 张台账重新计算", at.title[0].value
    """,
    "A parameter": """
        from core.store.migrate import migrate
        from core.store.settings import parameter, parameters
        db = Database()
        migrate(db)
        with db.read() as connection:
            assert parameter(parameters(connection), "course_reminder_days", today) == 14
    """,
}


def test_every_recipe_has_a_check() -> None:
    titles = re.findall(r"^### (.*)$", section("How to add something"), re.M)

    assert titles == list(CHECKS)
    assert all(blocks(title) for title in titles)


@pytest.mark.slow
def test_the_steps_work_as_written(tree: Path, sample_file: Path) -> None:
    """All recipes in one copy of the project, one after the other, and one process that checks each."""
    for title in CHECKS:
        for block in blocks(title):
            block.apply(tree)

    scripts = [f"print({title!r})\n{textwrap.dedent(script)}" for title, script in CHECKS.items()]
    printed = run(tree, sample_file, "\n".join(scripts)).splitlines()

    untranslated = sorted(set(source_strings()) ^ {english for _, english, chinese in catalogue_entries() if chinese})
    assert printed[0] == str(untranslated)  # as many as before: none
    assert [line for line in printed if line in CHECKS] == list(CHECKS)


def test_the_picture_and_the_glossary_are_what_the_code_makes() -> None:
    """Once this fails: ``.venv/bin/python -m tests.documents``."""
    assert documents.PICTURE.read_text(encoding="utf-8") == documents.picture()
    assert documents.contributing() == CONTRIBUTING.read_text(encoding="utf-8")


def test_the_readme_says_what_an_import_reads() -> None:
    assert documents.readme() == documents.README.read_text(encoding="utf-8")


@pytest.mark.parametrize("row", documents.glossary(), ids=lambda row: row["term"])
def test_a_term_of_the_glossary_is_in_the_code_and_its_chinese_agrees(row: dict[str, str]) -> None:
    thing = resolve(row["code"])

    assert row["meaning"]
    assert re.search(r"[\u4e00-\u9fff]", row["zh"])
    if isinstance(thing, Term):
        names = (thing.zh, *thing.also)
        assert any(name in row["zh"] or row["zh"] in name for name in names) or row["zh"] in DIFFERENT_LEVEL


# Terms that the code holds under something wider or named differently there.
DIFFERENT_LEVEL = {"一次性创业补贴", "创业担保贷款", "敲门行动"}


def test_no_term_stands_twice_in_the_glossary() -> None:
    rows = documents.glossary()

    assert len({row["term"] for row in rows}) == len({row["zh"] for row in rows}) == len(rows)


def test_every_name_of_the_walks_is_in_the_code() -> None:
    names = re.findall(r"`((?:core|pages|app)\.[\w.]+)`", section("Four walks through the code"))

    for name in names:
        resolve(name)


def resolve(name: str) -> object:
    """The object behind a dotted name; AttributeError or ModuleNotFoundError if there is none."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[length:]:
            thing = getattr(thing, attribute)
        return thing
    raise ModuleNotFoundError(name)


def test_every_file_that_the_page_names_exists() -> None:
    created = {block.file for title in CHECKS for block in blocks(title) if block.how == "create"}
    text = CONTRIBUTING.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:core|pages|tests|sample_data|docs)/[\w./]+)`", text)) | set(
        re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    )

    missing = {name for name in named if not (ROOT / name).exists()} - created

    assert {name for name in missing if not name.endswith("/") or (ROOT / name.rstrip("/")).exists()} == set()
