"""Columns of tables: which a phone shows, and how missing values read."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from core.locale import translator
from pages.common.columns import ROOM, fitting, readable

CELLS = st.text("工a 1", max_size=40) | st.integers(0, 10**6) | st.none()


@given(
    rows=st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=3),
    first=st.lists(st.sampled_from("abcde"), unique=True),
)
def test_columns_of_a_phone_fit_into_its_width_in_the_order_of_the_table(
    rows: list[list[object]], first: list[str]
) -> None:
    table = pd.DataFrame(rows, columns=list("abcde"))

    widths = fitting(table, first)

    assert list(widths) == [name for name in table.columns if name in widths]
    assert sum(widths.values()) <= ROOM or len(widths) == 1
    assert (first or ["a"])[0] in widths  # what matters most is never left out


def test_a_column_that_matters_pushes_out_those_before_it() -> None:
    table = pd.DataFrame(
        {"Person": ["崔*舟"], "Community": ["苇泊社区党群服务中心 · 网格"], "Place": ["x" * 80], "Days": [53]}
    )

    assert list(fitting(table)) == ["Person", "Community", "Days"]
    chosen = fitting(table, ["Place", "Person"])
    assert list(chosen) == ["Person", "Place"]
    assert sum(chosen.values()) == ROOM  # the rest of the room is for the text that is cut


def test_a_missing_text_or_day_is_empty_and_a_missing_number_stays_missing() -> None:
    rows = pd.DataFrame(
        {
            "community": ["苇泊社区", None],
            "owner": ["何采薇", np.nan],
            "since": [pd.Timestamp("2025-11-25"), pd.NaT],
            "days": pd.array([33, None], "Int64"),
        }
    )

    shown = readable(translator(), rows)

    assert shown.iloc[1, :3].tolist() == ["", "", ""]
    assert shown.iloc[1, 3] is pd.NA
