"""What-ifs under a filter: new stations count as the openings they would be; the access of a filter is that of its jobs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.access.accessibility import Accessibility, compute_accessibility
from core.access.job_filter import ALL_JOBS, JobFilter, Need, filtered
from core.access.scenario_privacy import reach_changes
from core.access.snapshot import DistrictSnapshot, sites_of
from core.access.what_if import Scenario, Work, marginal_effects, play
from core.geography.plane import TravelMode
from core.terms import JobForm, PostField, Shift
from tests.core.access.factories import WALK, a_snapshot

CARE = Work(PostField.ELDER_CARE, JobForm.PART_TIME, Shift.SCHOOL_HOURS, "S01", seated=False)
HOME = Work(None, JobForm.HOME_PIECE, Shift.FLEXIBLE_PIECE)


@pytest.fixture(scope="module")
def snapshot() -> DistrictSnapshot:
    """A district half of whose openings are in elder care."""
    whole = a_snapshot(jobs=40)
    fields = ["elder_care" if n % 2 else "retail" for n in range(len(whole.jobs))]
    return replace(whole, jobs=whole.jobs.assign(field=fields))


def accessibility_of(snapshot: DistrictSnapshot) -> Accessibility:
    return compute_accessibility(snapshot, TravelMode.WALK, WALK)


@pytest.mark.parametrize(
    ("job_filter", "fits"),
    [
        (ALL_JOBS, {"plain", "care", "home"}),
        (JobFilter(field=PostField.ELDER_CARE), {"care"}),
        (JobFilter(form=JobForm.FULL_TIME), {"plain"}),
        (JobFilter(shift=Shift.SCHOOL_HOURS), {"care"}),
        (JobFilter(skill="S01"), {"care"}),
        (JobFilter(needs=frozenset([Need.SEATED])), {"plain", "home"}),
        (JobFilter(needs=frozenset([Need.HOME])), {"home"}),
        (JobFilter(needs=frozenset([Need.SCHOOL])), {"care", "home"}),
        (JobFilter(needs=frozenset([Need.SCHOOL, Need.SEATED])), {"home"}),
    ],
)
def test_a_filter_counts_new_stations_as_it_counts_openings(job_filter: JobFilter, fits: set[str]) -> None:
    works = {"plain": Work(), "care": CARE, "home": HOME}

    assert {name for name, work in works.items() if work.fits(job_filter)} == fits


def test_stations_that_the_filter_leaves_out_change_nothing(snapshot: DistrictSnapshot) -> None:
    room = int(snapshot.idle["id"].iloc[0])
    job_filter = JobFilter(field=PostField.ELDER_CARE)
    matching = filtered(snapshot, job_filter)
    accessibility = accessibility_of(matching)
    effects = marginal_effects(matching, accessibility)

    plain = play(matching, accessibility, effects, Scenario({room: 30}), job_filter)
    care = play(matching, accessibility, effects, Scenario({room: 30}, works={room: CARE}), job_filter)

    assert plain.after == plain.before
    assert reach_changes(accessibility, care)[0].any()
    assert np.array_equal(care.value, play(matching, accessibility, effects, Scenario({room: 30})).value)


def test_newly_reached_by_fitting_work_are_those_without_any_before(snapshot: DistrictSnapshot) -> None:
    room = int(snapshot.idle["id"].iloc[0])
    job_filter = JobFilter(field=PostField.ELDER_CARE)
    matching = filtered(snapshot, job_filter)
    accessibility = accessibility_of(matching)
    outcome = play(
        matching,
        accessibility,
        marginal_effects(matching, accessibility),
        Scenario({room: 9}, works={room: CARE}),
        job_filter,
    )

    metres = np.sqrt(((matching.homes - matching.idle_xy[0]) ** 2).sum(axis=1))
    care = snapshot.sites[
        snapshot.sites["job_ids"].map(
            lambda ids: snapshot.jobs.set_index("id")["field"][list(ids)].eq("elder_care").any()
        )
    ]
    care_xy = snapshot.plane.xy(care["lon"], care["lat"])
    had_one = (np.sqrt(((matching.homes[:, None] - care_xy) ** 2).sum(axis=2)) <= WALK.metres(15)).any(axis=1)
    assert reach_changes(accessibility, outcome)[0].sum() == int(((metres <= WALK.metres(15)) & ~had_one).sum())


def test_the_filter_by_field_acts_on_the_supply_of_accessibility(snapshot: DistrictSnapshot) -> None:
    """E2SFCA of the whole is the sum over the fields, since demand is the same; each keeps Σ D·A = Σ S."""
    whole = accessibility_of(snapshot)
    parts = [
        accessibility_of(filtered(snapshot, JobFilter(field=field)))
        for field in (PostField.ELDER_CARE, PostField.RETAIL)
    ]

    assert parts[0].access.value + parts[1].access.value == pytest.approx(whole.access.value, abs=1e-12)
    for field, part in zip((PostField.ELDER_CARE, PostField.RETAIL), parts, strict=True):
        matching = filtered(snapshot, JobFilter(field=field))
        assert matching.supply.sum() == snapshot.jobs.loc[snapshot.jobs["field"] == field.value, "left"].sum()
        assert part.access.value.sum() == pytest.approx(matching.supply[part.access.reached > 0].sum())


def test_sites_keep_their_keys_under_a_filter() -> None:
    snapshot = a_snapshot(jobs=6)
    jobs = snapshot.jobs.assign(employer_id=500, employer="同一家", field=["retail", "greening"] * 3)
    one = replace(snapshot, jobs=jobs)
    sites = sites_of(jobs)
    one = replace(one, sites=sites, site_xy=one.plane.xy(sites["lon"], sites["lat"]))

    left = filtered(one, JobFilter(field=PostField.GREENING))

    by_key = one.sites.set_index("key")
    assert len(left.sites) == 3
    for site in left.sites.itertuples():
        assert (site.lon, site.lat) == (by_key.loc[site.key, "lon"], by_key.loc[site.key, "lat"])
    assert filtered(one, JobFilter(field=PostField.CHILDCARE)).sites.empty


def test_sites_that_the_filter_leaves_out_neither_grow_nor_close(snapshot: DistrictSnapshot) -> None:
    job_filter = JobFilter(field=PostField.ELDER_CARE)
    matching = filtered(snapshot, job_filter)
    gone = next(key for key in snapshot.sites["key"] if key not in set(matching.sites["key"]))
    accessibility = accessibility_of(matching)

    outcome = play(
        matching,
        accessibility,
        marginal_effects(matching, accessibility),
        Scenario(added={gone: 9}, closed=frozenset([gone])),
        job_filter,
    )

    assert outcome.after == outcome.before


def test_a_scenario_comes_back_with_the_work_of_its_stations(snapshot: DistrictSnapshot) -> None:
    first, second = (int(n) for n in snapshot.idle["id"][:2])
    scenario = Scenario({first: 20, second: 8}, works={first: CARE})

    assert Scenario.from_json(scenario.as_json(), snapshot) == scenario
    assert scenario.as_json()["works"][str(first)]["field"] == "elder_care"
    assert Scenario.from_json({"opened": {str(first): 20}}, snapshot).works == {}


@pytest.mark.parametrize(
    "job_filter",
    [
        ALL_JOBS,
        JobFilter(PostField.RETAIL, JobForm.PART_TIME, Shift.MORNING, "S02", frozenset([Need.SEATED])),
        JobFilter(needs=frozenset(Need)),
    ],
)
def test_stations_opened_for_a_filter_count_under_it(job_filter: JobFilter) -> None:
    assert Work.fitting(job_filter).fits(job_filter)
