"""Rules of the architecture that no linter knows: where SELECTs, caches and the clock may be used, and what files name."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE = sorted((ROOT / "core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))


def names(path: Path) -> set[str]:
    """Dotted names that a module uses: `datetime.now`, `st.cache_data` …"""
    return {
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


WITH_STREAMLIT_CACHES = {
    "pages/cache/store.py",  # ``cached``, which keeps the districts of a city apart
    "pages/cache/meeting.py",  # presentations, by keys of their own
}


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_caches_are_made_in_one_place(path: Path) -> None:
    cached = {name for name in names(path) if name.startswith("st.cache_")}

    assert not cached or relative(path) in WITH_STREAMLIT_CACHES


PERSON_CACHES = frozenset(
    f"cache.{name}"
    for name in [
        "people.people",
        "people.pool",
        "people.editable",
        "people.history",
        "people.hardships",
        "people.accommodations",
        "people.wants",
        "people.homes",
        "people.person_index",
        "people.post_facts",
        "people.corrections",
        "people.duplicate_pairs",
        "people.pair_scores",
        "people.distinct_pairs",
        "people.merges",
        "people.merge_plan",
        "people.records",
        "tasks.due",
        "tasks.radar",
        "tasks.radar_facts",
        "tasks.changes",
        "tasks.landing_plan",
        "tasks.live_plans",
        "tasks.task_facts",
        "visiting.stops",
        "businesses.businesses",
        "policies.judgements",
        "policies.records",
        "policies.applications",
        "policies.payment_lines",
        "batch.nightly_assignment",
        "batch.nightly_lists",
        "matching.pool",
        "matching.person_labels",
        "matching.people_for_job",
        "matching.jobs_for_person",
        "matching.district",
        "workshops.seat_offers",
        "workshops.roster",
    ]
)
"""Caches that hold rows about people of the whole district."""

OF_ONE_PERSON = {
    "pages/people/person.py",  # opened only for a person of the scope, in pages/people/page.py
    "pages/people/person_jobs.py",
    "pages/people/visit_form.py",
    "pages/people/plan_card.py",
    "pages/people/portrait_form.py",
    "pages/people/facts_card.py",
    "pages/people/timeline_card.py",
    "pages/people/work_card.py",
    "pages/common/plan_steps.py",
    "pages/people/policies_panel.py",
    "pages/people/policy_questions.py",
}
WITHOUT_PEOPLE = {
    "pages/startup.py",  # fills caches
    "pages/policies/page.py",  # counts of the district
    "pages/policies/payments.py",  # lists leave through ``drilldown.table``
    "pages/policies/rules.py",
    "pages/enterprises/policies_panel.py",  # enterprises only
    "pages/matching/page.py",  # asks whether there is anybody at all
    "pages/matching/weights.py",  # goalposts of the factors
    "pages/workshops/roster.py",  # whole workshops, for those who may read the roster
    "pages/matching/training.py",  # lists the people of ``RankingContext.own_people``
}


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_rows_about_people_leave_the_caches_through_one_door(path: Path) -> None:
    used = names(path) & PERSON_CACHES
    is_door = relative(path).startswith("pages/cache/") or path.name == "scope.py"
    asks = any(name.startswith("scope.") for name in names(path))

    assert not used or is_door or asks or relative(path) in OF_ONE_PERSON | WITHOUT_PEOPLE


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_keys_of_widgets_and_of_the_session_come_from_the_registry(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    given = [
        keyword.value
        for node in nodes
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "key"
    ]
    session = [
        node for node in nodes if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("session_state")
    ]
    literal = [
        value
        for value in [*given, *(node.slice for node in session)]
        if isinstance(value, ast.Constant | ast.JoinedStr)
    ]

    assert [ast.unparse(value) for value in literal] == []


def test_what_leaves_the_system_is_registered_in_one_place() -> None:
    assert [relative(path) for path in PAGES if "st.download_button" in names(path)] == ["pages/common/downloads.py"]


def test_who_acts_comes_from_the_accounts_or_is_the_system_itself() -> None:
    texts = {relative(path): path.read_text(encoding="utf-8") for path in (*CORE, *PAGES)}
    made = {path for path, text in texts.items() if "core.policy" in text and re.search(r"(?<!\w)Access\(", text)}

    assert made == {"core/accounts/queries.py"}


@pytest.mark.parametrize("path", CORE, ids=relative)
def test_core_has_no_clock_and_no_hidden_seed(path: Path) -> None:
    clock = {"datetime.now", "date.today", "time.time", "np.random.seed", "random.seed", "np.random.rand"}
    allowed = {"core/store/database.py", "core/store/migrate.py", "core/staff.py"}  # a revision's time, commands

    assert not clock & names(path) or relative(path) in allowed or path.name == "__main__.py"


@pytest.mark.parametrize("path", CORE, ids=relative)
def test_selects_are_in_queries_and_commands(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    imports_select = re.search(r"^from sqlalchemy import .*\bselect\b", text, re.M) is not None
    allowed = path.name in ("queries.py", "commands.py") or relative(path).startswith(("core/store/", "core/intake/"))

    assert allowed or not imports_select


@pytest.mark.parametrize("path", [p for p in PAGES if p.name == "page.py" or p.parent == ROOT / "pages"], ids=relative)
def test_page_modules_do_nothing_when_imported(path: Path) -> None:
    if path.name in ("shell.py", "__init__.py"):
        pytest.skip("the script itself")
    body = ast.parse(path.read_text(encoding="utf-8")).body
    calls = [node for node in body if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)]

    assert calls == []


def test_the_repository_names_no_path_of_a_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    words = re.compile(r"(?<!\w)/(work|root|home)/\w|pypi\.org|files\.pythonhosted")
    texts = [p for p in tracked if not p.endswith((".png", ".csv", ".geojson")) and p != "tests/test_architecture.py"]

    offending = [
        p
        for p in texts
        if (ROOT / p).exists() and words.search((ROOT / p).read_text(encoding="utf-8", errors="ignore"))
    ]

    assert offending == []


def test_the_settings_that_make_the_app_fast_and_quiet_are_in_force() -> None:
    import tomllib

    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    assert config["runner"]["postScriptGC"] is False
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["client"]["disableDataExport"] is True
    assert "gc.freeze()" in (ROOT / "app.py").read_text(encoding="utf-8")


def test_every_file_that_the_readme_shows_or_links_is_there() -> None:
    named = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
