"""Every parameter that a person can change is read somewhere: what nothing reads would only look adjustable."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from core.store import settings
from core.store.database import ROOT
from core.store.settings import in_force

REFERENCE = ROOT / "core" / "store" / "reference" / "parameters.csv"
POLICIES = REFERENCE.with_name("policies.json")
FIXED = 8  # letters of an f-string that must be given, or it would match anything


def keys() -> list[str]:
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        return sorted({row["key"] for row in csv.DictReader(file)})


def patterns(source: Path) -> Iterator[str]:
    """Strings of a file as regular expressions; what an f-string fills in may be anything."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            if sum(len(part) for part in parts if part) >= FIXED:
                yield "".join(r"\w+" if part is None else re.escape(part) for part in parts)


@pytest.fixture(scope="module")
def readers() -> list[re.Pattern[str]]:
    files = [path for folder in ("core", "pages") for path in (ROOT / folder).rglob("*.py")]
    here = ROOT / "core" / "store" / "settings.py"  # names the parameters and reads none
    named = re.findall(r'"parameter": "(\w+)"', POLICIES.read_text(encoding="utf-8"))  # a condition reads it by name
    written = {pattern for path in files if path != here for pattern in patterns(path)}
    return [re.compile(pattern) for pattern in {*written, *named}]


@pytest.mark.parametrize("key", keys())
def test_a_parameter_has_a_reader(key: str, readers: list[re.Pattern[str]]) -> None:
    assert any(reader.fullmatch(key) for reader in readers)


def test_every_parameter_has_a_name_and_no_other_has() -> None:
    assert sorted(settings.PARAMETER_NAMES) == keys()


def test_a_value_of_a_future_day_is_not_in_force_yet() -> None:
    days = pd.to_datetime(["2024-01-01", "2026-01-01"])
    table = pd.DataFrame({"key": ["import_weekly_hours"] * 2, "since": days, "value": [84.0, 60.0]})

    assert in_force(table, date(2025, 6, 1)) == {"import_weekly_hours": 84.0}
    assert in_force(table, None) == {"import_weekly_hours": 60.0}
