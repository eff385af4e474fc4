"""Micro-businesses: how many last, and that a business and the work of its owner begin and end together."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from core.businesses import queries
from core.businesses.commands import Refused, add_support, close_business, open_business, save_premises
from core.businesses.survival import survival, unmatched
from core.jobs import queries as jobs_queries
from core.policy import Action
from core.store.commands import Change, command
from core.store.database import Database
from core.store.schema import Community, PersonStateSpell, Premises
from core.terms import (
    BusinessKind,
    BusinessSupportKind,
    CommunityKind,
    ExitReason,
    PersonState,
    PremisesKind,
    PremisesUse,
)
from tests.accesses import dispatcher
from tests.core.factories import person

TODAY = date(2025, 12, 28)
NOW = datetime(2025, 12, 28, 9, 0, tzinfo=UTC)
SHOP = {"kind": BusinessKind.CRAFT_SHOP, "community_id": 1, "opened_on": date(2025, 3, 1), "today": TODAY}


def register(*lives: tuple[str, str | None]) -> pd.DataFrame:
    opened, closed = zip(*lives, strict=True) if lives else ((), ())
    return pd.DataFrame(
        {"opened_on": pd.to_datetime(pd.Series(opened)), "closed_on": pd.to_datetime(pd.Series(closed))}
    ).astype("datetime64[s]")


def test_the_share_that_lasts_is_that_of_kaplan_and_meier() -> None:
    lives = register(
        ("2024-01-01", None),
        ("2024-01-01", "2024-03-31"),  # 90 days
        ("2024-06-01", "2025-03-28"),  # 300 days
        ("2025-09-19", None),  # seen for 100 days
    )

    half, whole = survival(lives, TODAY).itertuples()

    assert (half.n, half.observed, whole.observed) == (4, 3, 3)
    assert half.share == pytest.approx(3 / 4)
    assert whole.share == pytest.approx(3 / 4 * (1 - 1 / 2))  # two were at risk on day 300
    assert 0 < half.low < half.share < half.high < 1


def test_where_none_has_closed_the_interval_says_how_little_was_seen() -> None:
    few = survival(register(*[("2024-06-01", None)] * 4), TODAY).iloc[0]
    many = survival(register(*[("2024-06-01", None)] * 40), TODAY).iloc[0]

    assert (few["share"], few["high"]) == (1.0, 1.0)
    assert few["low"] == pytest.approx(0.51, abs=0.01)  # Wilson, 4 of 4
    assert many["low"] > 0.9
    assert np.isnan(survival(register(), TODAY)["share"]).all()
    assert np.isnan(survival(register(("2025-12-01", None)), TODAY)["share"]).all()


def doing(db: Database) -> Change:
    return command(db, actor=dispatcher(), action=Action.RECORD_BUSINESS, at=NOW)  # type: ignore[return-value]


@pytest.fixture
def owner(db: Database) -> int:
    with db.write() as session:
        session.add(Community(id=1, code="1", name="荷风社区", kind=CommunityKind.URBAN, lon=116.6, lat=35.4))
        session.flush()
        session.add(
            Premises(id=1, code="XZ01", name="旧校舍", kind=PremisesKind.IDLE, community_id=1, lon=116.6, lat=35.4)
        )
        return person(session, community_id=1)


def state_of(db: Database, key: int) -> str:
    with db.read() as connection:
        t = PersonStateSpell
        rows = select(t.state).where(t.person_id == key).order_by(t.since.desc()).limit(1)
        return connection.execute(rows).scalar_one()


def test_a_business_and_the_work_of_its_owner_begin_and_end_together(db: Database, owner: int) -> None:
    with doing(db) as change:
        key = open_business(change, name="小荷手作", person_id=owner, premises_id=1, **SHOP)
        add_support(change, key, kind=BusinessSupportKind.TRAINING, given_on=date(2025, 3, 5), amount=None, today=TODAY)
    assert state_of(db, owner) == PersonState.SEEKING  # what is on record since is newer than the opening
    with db.read() as connection:
        shops, work = queries.businesses(connection), jobs_queries.placements(connection)
        assert queries.premises(connection)["use"].tolist() == [PremisesUse.IN_USE]
        assert unmatched(shops, work, TODAY).empty
        assert unmatched(shops.iloc[:0], work, TODAY)["what"].tolist() == ["business"]
        assert unmatched(shops, work.iloc[:0], TODAY)["what"].tolist() == ["placement"]

    with doing(db) as change:
        close_business(change, key, closed_on=TODAY, reason=ExitReason.FAMILY_HEALTH, version=1, today=TODAY)
    with db.read() as connection:
        assert jobs_queries.placements(connection)["ended_on"].tolist() == [pd.Timestamp(TODAY)]
        assert queries.premises(connection)["use"].tolist() == [PremisesUse.IDLE]
    assert state_of(db, owner) == PersonState.SEEKING


def test_entries_that_do_not_fit_are_refused_and_change_nothing(db: Database, owner: int) -> None:
    with doing(db) as change:
        key = open_business(change, name="小荷手作", premises_id=1, **SHOP)
    for code, step in {
        "taken": lambda change: open_business(change, name="小荷手作", **SHOP),
        "name": lambda change: open_business(change, name=" ", **SHOP),
        "premises": lambda change: open_business(change, name="二号铺", premises_id=1, **SHOP),
        "future": lambda change: open_business(change, name="三号铺", **SHOP | {"opened_on": date(2026, 1, 1)}),
        "order": lambda change: close_business(
            change, key, closed_on=date(2025, 2, 1), reason=None, version=1, today=TODAY
        ),
        "code": lambda change: save_premises(change, {"code": "XZ01", "name": "另一处"}),
        "size": lambda change: save_premises(change, {"code": "XZ02", "name": "另一处", "power_kw": -1.0}),
    }.items():
        with pytest.raises(Refused) as refused, doing(db) as change:
            step(change)
        assert refused.value.code == code


def test_premises_without_a_position_are_put_at_their_community(db: Database, owner: int) -> None:
    with command(db, actor=dispatcher(), action=Action.SAVE_PREMISES, at=NOW) as change:
        save_premises(
            change,
            {"code": "XZ02", "name": "门面房", "kind": PremisesKind.IDLE, "community_id": 1, "lon": None, "lat": None},
        )
    with db.read() as connection:
        assert queries.premises(connection)[["lon", "lat"]].iloc[1].tolist() == [116.6, 35.4]


def test_the_eleven_self_employed_of_the_sample_are_in_its_register(sample_db: Database) -> None:
    with sample_db.read() as connection:
        shops, work = queries.businesses(connection), jobs_queries.placements(connection)
    own = work[work["channel"] == "self_employed"]

    assert len(own) == 11
    assert unmatched(shops, work, TODAY).empty
    owned = shops[shops["person_id"].notna()]
    assert set(zip(owned["person_id"], owned["opened_on"], owned["closed_on"].astype("str"), strict=True)) == set(
        zip(own["person_id"], own["started_on"], own["ended_on"].astype("str"), strict=True)
    )
