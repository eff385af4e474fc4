"""A city of invented districts: folders of sheets as ``sample_data/generate.py --city`` writes them, each made a district."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from core.accounts import queries as account_queries
from core.dispatch.commands import freeze_history
from core.districts.commands import forbid
from core.districts.moving import adopt
from core.intake.seed import SAMPLE_AS_OF, seed_sample
from core.policy import Access, Action
from core.store.commands import command
from core.store.database import Database
from core.store.migrate import migrate
from core.store.settings import save_setting
from core.terms import AccountRole

__all__ = ["NAMES", "load_city"]

NAMES = "district.json"
"""In each folder: ``name``, ``name_en`` and ``place`` (in the order of the city) of the district."""
WEEKS = 3  # frozen in each district
CITY = ("示例市", "Sample City", "市人社局就业服务中心", "City Employment Service")


def load_city(city: Database, folder: Path, *, actor: Access, at: datetime, say: Callable[[str], object]) -> int:
    """Load each folder below ``folder`` as a district whose key is its name, less what is there; returns the rows loaded.

    Sheets are imported into a SQLite store, which takes a tenth of the time, and adopted from there. The roles of the
    demonstration may open every district, but the caseworker only the first. ``say`` gets a line a district.
    """
    migrate(city)
    with command(city, actor=actor, action=Action.OPEN_DISTRICT, at=at) as change:
        for key, value in zip(("name_zh", "name_en", "office_zh", "office_en"), CITY, strict=True):
            save_setting(change, key, value)
        save_setting(change, "demo", "1")
    with city.read() as connection:
        there = account_queries.district_ids(connection)
    total = 0
    named = {path.parent: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob(f"*/{NAMES}")}
    for own, names in sorted(named.items(), key=lambda item: item[1]["place"]):
        if own.name in there:
            continue
        with tempfile.TemporaryDirectory() as place:
            one = Database(f"sqlite:///{place}/district.db", key=city.key)
            migrate(one)
            seed_sample(one, own, actor, at)
            with command(one, actor=actor, action=Action.IMPORT, at=at) as change:
                save_setting(change, "name_zh", names["name"])
                save_setting(change, "name_en", names["name_en"])
            freeze_history(one, SAMPLE_AS_OF, count=WEEKS, actor=actor, at=at)
            moved = adopt(city, one, own.name, actor=actor, at=at)
            one.dispose()
        if names["place"]:
            _only_in_the_first(city, own.name, actor, at)
        total += moved.content.total
        say(f"{own.name}\t{names['name']}\t{moved.content.total:,} rows")
    return total


def _only_in_the_first(city: Database, key: str, actor: Access, at: datetime) -> None:
    with command(city, actor=actor, action=Action.ALLOW_DISTRICT, at=at) as change:
        for row in account_queries.accounts(change.session.connection()):
            if row.is_demonstration and row.role is AccountRole.CASEWORKER:
                forbid(change, row.id, key)
