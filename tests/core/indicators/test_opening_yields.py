"""What a source of openings yielded: counted by hand on a few rows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access.measures import wilson
from core.indicators.facts import load
from core.indicators.opening_yields import OpeningYields, opening_yields
from core.jobs.openings import queries
from core.store.database import Database
from core.store.schema import JobSource, Placement, Referral
from core.terms import Channel, OpeningSource, ReferralState
from tests.core.factories import TODAY, communities, employer, job, person

S = ReferralState


def yields(db: Database) -> OpeningYields:
    with db.read() as connection:
        return opening_yields(load(connection), queries.sources(connection), TODAY)


@pytest.fixture
def store(db: Database) -> Database:
    """Opening 1 of an event, 2 of a platform and later of a visit, 3 merged into 1, 4 of no source."""
    with db.write() as session:
        communities(session)
        boss = employer(session)
        for number in range(4):
            job(session, boss, f"岗位{number}", openings=2, merged_into_id=1 if number == 2 else None)
        old = TODAY - timedelta(days=60)
        for number, source, platform in (
            (1, OpeningSource.EVENT, None),
            (2, OpeningSource.PLATFORM, "邻聘网"),
            (2, OpeningSource.EMPLOYER_VISIT, None),
        ):
            session.add(JobSource(job_id=number, source=source, platform=platform, seen_on=old))
            session.flush()
        people = [person(session, f"人{n}") for n in range(6)]
        for who, number, state, ago in (
            (0, 1, S.STARTED, 60),
            (1, 1, S.NOT_HIRED, 60),
            (2, 1, S.STARTED, 60),  # after 31 days
            (3, 1, S.INTERVIEW, 10),  # too young to count
            (0, 3, S.RECOMMENDED, 50),  # the same person and opening, by its former number
            (4, 2, S.OFFERED, 30),
        ):
            day = TODAY - timedelta(days=ago)
            session.add(Referral(person_id=people[who], job_id=number, state=state, recommended_on=day))
        for who, ago in ((0, 30), (2, 29)):
            start = TODAY - timedelta(days=ago)
            session.add(Placement(person_id=people[who], started_on=start, channel=Channel.OTHER, job_id=1))
    return db


def test_an_opening_counts_for_its_first_source_and_a_start_within_thirty_days(store: Database) -> None:
    table = yields(store).table

    columns = ["openings", "seats", "referrals", "interviews", "starts", "mature", "starts_30"]
    rows = {
        (None if source is None or source != source else source): tuple(values)
        for source, *values in table[["source", *columns]].itertuples(index=False)
    }
    assert rows == {
        OpeningSource.EVENT: (1, 2, 4, 3, 2, 3, 1),
        OpeningSource.PLATFORM: (1, 2, 1, 1, 0, 1, 0),
        None: (1, 2, 0, 0, 0, 0, 0),
    }
    first = table.iloc[0]
    assert (first["low"], first["high"]) == wilson(1, 3)
    assert table["rank_low"].isna().tolist() == [False, False, True]


def test_few_recommendations_tell_no_source_apart(store: Database) -> None:
    assert yields(store).leaders == ()


def test_an_empty_store_has_no_sources(db: Database) -> None:
    assert yields(db).table.empty
