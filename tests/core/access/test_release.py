"""What leaves the bureau: no small count behind any share, and a certificate of what could be proved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.access.accessibility import compute_accessibility
from core.access.measures import MEASURES, make_measures, measure_context
from core.access.model import AccessModel
from core.access.release import release_measures
from core.access.what_if import Scenario, play
from core.geography.plane import TravelMode
from core.locale import translator
from tests.core.access.factories import WALK, a_model, a_snapshot, some_rates

SHARES = [code for code, measure in MEASURES.items() if measure.share]


@pytest.fixture(scope="module")
def model() -> AccessModel:
    """A district in which most seekers of most communities have an opening, and a few have none."""
    snapshot = a_snapshot(communities=10, people=300, jobs=20, metres=3000)
    accessibility = compute_accessibility(snapshot, TravelMode.WALK, WALK)
    measures = make_measures(snapshot, accessibility, some_rates(snapshot), 3)
    return a_model(snapshot, accessibility, measures)


def test_no_share_is_released_behind_which_is_a_small_count(model: AccessModel) -> None:
    released = release_measures(model, 5)

    context = measure_context(model.snapshot, model.accessibility, model.rates)
    for code in SHARES:
        count, per = MEASURES[code].count(context), MEASURES[code].per(context)  # type: ignore[misc]
        shown = released.measures.values[code].notna().to_numpy()
        for part in (count, per - count):
            assert not ((part > 0) & (part < 5) & shown).any()
    assert released.measures.values["covered"].isna().sum() > model.measures.values["covered"].isna().sum()
    assert released.measures.values["covered"].notna().any()
    assert released.narrowest >= 5


def test_a_hidden_base_hides_everything_that_rests_on_it(model: AccessModel) -> None:
    released = release_measures(model, int(np.sort(model.snapshot.seekers)[2]))

    hidden = released.measures.bases["seekers"].isna()
    assert 1 < hidden.sum() < len(hidden)
    assert released.measures.values.loc[hidden, ["density", "covered", "unmet"]].isna().all(axis=None)


def test_the_outcome_of_a_what_if_is_released_alike(model: AccessModel) -> None:
    room = int(model.snapshot.idle["id"].iloc[0])
    outcome = play(model.snapshot, model.accessibility, model.effects, Scenario({room: 20}))
    released = release_measures(model, 5, outcome)

    assert released.narrowest >= 5
    assert released.measures.values["visited"].equals(release_measures(model, 5).measures.values["visited"])


def test_the_certificate_says_how_much_is_left_open(model: AccessModel) -> None:
    released = release_measures(model, 5)
    assert f"fewer than {int(released.narrowest) + 1} values" in released.certificate(translator("en"))
    assert "1～4" in released.certificate(translator())
    assert "nothing had to be hidden" in replace(released, narrowest=np.inf).certificate(translator("en"))
