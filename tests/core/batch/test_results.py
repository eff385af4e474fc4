"""What a run says of a community gives nobody away."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd

from core.batch.results import NightlyAccess, access_shown, people_shown
from core.geography.plane import TravelMode

SAID: dict[str, Any] = {
    "day": date(2025, 12, 28),
    "revision": 3,
    "finished_at": datetime(2025, 12, 29, 3, tzinfo=UTC),
    "mode": TravelMode.WALK,
    "reach": 15,
}


def test_who_is_on_a_list_is_hidden_where_few_are_or_few_are_not() -> None:
    seekers = pd.Series(np.repeat([1, 2, 3, 4], 10), index=np.arange(40))
    on_lists = [*range(8), *range(10, 12), *range(20, 25), *range(30, 35)]
    jobs = pd.DataFrame({"id": [100, 101, 102], "community_id": [1, 1, 2]})
    pairs = [(person, 100) for person in on_lists] + [(0, 101), (0, 102), (1, 102)]
    links = pd.DataFrame(pairs, columns=["person_id", "job_id"])
    how_many = pd.Series([10.0, 10.0, 10.0, np.nan], index=[1, 2, 3, 4])

    shown = people_shown(links["person_id"].to_numpy(), links, seekers, jobs, how_many, 3)

    assert shown["living"].tolist()[2] == 5
    assert shown["living"].isna().tolist() == [True, True, False, True]  # two are not, two are, –, seekers are hidden
    assert shown["linked"].dropna().to_dict() == {
        1: 20,
        3: 0,
        4: 0,
    }  # a person on two lists counts once; 2 in the second


def test_access_of_few_seekers_is_hidden_with_another_that_would_tell_it() -> None:
    rows = pd.DataFrame({"seekers": [2, 10, 30], "access": [0.5, 0.25, 1.0], "covered": [1, 5, 30]}, index=[1, 2, 3])

    shown = access_shown(NightlyAccess(**SAID, communities=rows), 3)

    assert shown.isna().any(axis=1).tolist() == [True, True, False]
    assert shown.loc[3].tolist() == [1000, 1.0]
