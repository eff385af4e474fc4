"""What stands in for an unknown factor: the mean over the feasible pairs of which it is known, by command."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from core.matching.__main__ import main
from core.matching.inputs.expected_values import expected_values, quarter_start
from core.matching.inputs.factors import CODES, factors
from core.matching.inputs.goalposts import EXPECTED_KEYS, goalposts
from core.matching.inputs.limits import screen
from core.matching.inputs.loading import load
from core.store import settings
from core.store.database import Database

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def test_the_mean_of_each_factor_is_taken_over_all_feasible_pairs_at_once(sample_db: Database) -> None:
    with sample_db.read() as connection:
        pool = load(connection, date(2025, 12, 28))
    matrix = pool.pair_matrix()
    x = factors(matrix)[:, screen(matrix).passed].astype(float)

    values = expected_values(pool)

    means = {code: 10_000 * float(np.nanmean(own)) for code, own in zip(CODES, x, strict=True)}
    assert values == {code: round(means[code]) for code in EXPECTED_KEYS}
    assert all(0 < value < 10_000 for value in values.values())


def test_the_command_stores_the_values_of_the_quarter_after_a_yes_and_once(
    sample_copy: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", sample_copy.url.render_as_string(hide_password=False))
    revision, first = sample_copy.revision(), quarter_start(date(2025, 12, 28))
    monkeypatch.setattr("builtins.input", lambda _: "n")
    assert main(["--actor", "王芳"], now=NOW) == 1
    assert sample_copy.revision() == revision

    assert main(["--actor", "王芳", "--yes"], now=NOW) == 0

    with sample_copy.read() as connection:
        pool = load(connection, first - timedelta(days=1))
        stored = goalposts(settings.parameters(connection), first).expected
    values = expected_values(pool)
    assert {code: stored[code] for code in values} == values
    assert sample_copy.revision() == revision + 1
    assert "->" in capsys.readouterr().out
